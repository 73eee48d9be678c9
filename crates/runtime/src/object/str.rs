//! The layout of `str`: WTF-8 bytes with a cached ASCII flag, character count and hash.
//!
//! Short text follows the header in the same cell. Text that grows by concatenation lives in a shared buffer with spare
//! room at its end, so that `s += t` in a loop is linear: a string owns a prefix of the buffer's used part. Text that is not ASCII
//! gets a table of byte offsets on demand, which makes indexing O(1). Counterpart: `Objects/unicodeobject.c`.

use crate::Py;
use bredli_heap::{Gc, Header, Heap, Kind, Layout, MemoryError, Object, Tracer, Value};
use bredli_macros::pyclass;
use bredli_num::HashKey;
use std::borrow::Cow;
use std::cell::Cell;

/// str(object='') -> str
/// str(bytes_or_buffer[, encoding[, errors]]) -> str
///
/// Create a new string object from the given object. If encoding or
/// errors is specified, then the object must expose a data buffer
/// that will be decoded using the given encoding and error handler.
/// Otherwise, returns the result of object.__str__() (if defined)
/// or repr(object).
/// encoding defaults to 'utf-8'.
/// errors defaults to 'strict'.
#[repr(C)]
#[pyclass(name = "str", core, flags(BASETYPE, STR, INDEXABLE, MATCH_SELF), parts(search, split, case, layout, replace, encode, formatting))]
pub struct Str {
    /// The object's own `flags` bits hold [`ASCII`] and [`INTERNED`].
    pub header: Header,
    data: *const u8,
    len: u32,
    chars: u32,
    hash: Cell<i64>,
    offsets: Cell<Option<Value>>,
}

const ASCII: u8 = 0x40;
const INTERNED: u8 = 0x80;
const INLINE: usize = std::mem::size_of::<Str>();
/// Results of concatenation from this size on get a shared buffer.
const SHARED_FROM: usize = 256;
/// Text up to this size is copied in two pieces.
const SHORT: usize = 32;
/// Characters between two entries of the offset table.
const STRIDE: usize = 64;

/// The growable bytes behind long concatenated strings.
#[repr(C)]
struct Buffer {
    header: Header,
    used: Cell<usize>,
    capacity: usize,
}

static BUFFER: Layout = Layout::leaf("str buffer", std::mem::size_of::<Buffer>());
static LAYOUT: Layout = Layout::custom("str", INLINE, trace);

/// SAFETY contract of `Layout::custom`: called with a live `Str`.
unsafe fn trace(header: *const Header, tracer: &mut Tracer) {
    // SAFETY: the collector calls this for cells whose shape has this layout.
    let s = unsafe { &*header.cast::<Str>() };
    tracer.interior(s.data);
    if let Some(offsets) = s.offsets.get() {
        tracer.value(offsets);
    }
}

// SAFETY: `Str` is repr(C), starts with a header, needs no drop, and `trace` visits its references.
unsafe impl Object for Str {
    const LAYOUT: &'static Layout = &LAYOUT;
    const SHAPE: Option<u32> = Some(crate::types::shapes::STR);
}

impl Str {
    /// The empty string, before there is an interpreter.
    pub(crate) fn placeholder(heap: &mut Heap) -> Gc<Str> {
        let cell = heap.alloc_raw(crate::types::shapes::STR, Kind::Leaf, 0, INLINE).cast::<Str>();
        // SAFETY: a zeroed cell with the data pointer set is an empty string.
        unsafe {
            (*cell).data = cell.cast::<u8>().add(INLINE);
            (*cell).header.set_flags(ASCII);
            Gc::from_ptr(cell)
        }
    }

    /// The text as WTF-8 bytes.
    #[inline(always)]
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: `data` points at `len` initialised bytes which live as long as this string (inline, or in a buffer it keeps alive).
        unsafe { std::slice::from_raw_parts(self.data, self.len as usize) }
    }

    /// Whether another string has the same text.
    #[inline(always)]
    pub fn same_text(&self, other: &Str) -> bool {
        let (a, b) = (self.bytes(), other.bytes());
        // Most strings that differ do so in the first byte, which is cheaper to compare than to call for.
        a.len() == b.len() && a.first() == b.first() && a == b
    }

    /// The code points, surrogates among them.
    pub fn code_points(&self) -> CodePoints<'_> {
        CodePoints { bytes: self.bytes() }
    }

    /// The text as UTF-8, unless it contains a surrogate.
    #[inline]
    pub fn to_str(&self) -> Option<&str> {
        if self.is_ascii() {
            // SAFETY: the flag says that all bytes are ASCII.
            return Some(unsafe { std::str::from_utf8_unchecked(self.bytes()) });
        }
        std::str::from_utf8(self.bytes()).ok()
    }

    /// The text with surrogates replaced, for messages.
    pub fn lossy(&self) -> String {
        self.lossy_text().into_owned()
    }

    /// The text with surrogates as escapes, as the `backslashreplace` error handler writes them.
    pub fn escaped(&self) -> String {
        let escaped = |c: u32| char::from_u32(c).map_or_else(|| format!("\\u{c:04x}"), String::from);
        self.code_points().map(escaped).collect()
    }

    /// The text with surrogates replaced, borrowed where there are none.
    pub fn lossy_text(&self) -> Cow<'_, str> {
        match self.to_str() {
            Some(text) => Cow::Borrowed(text),
            None => self.code_points().map(|c| char::from_u32(c).unwrap_or('\u{FFFD}')).collect(),
        }
    }

    /// Number of bytes.
    #[inline(always)]
    pub fn byte_len(&self) -> usize {
        self.len as usize
    }

    /// Number of code points: `len()`.
    #[inline(always)]
    pub fn char_len(&self) -> usize {
        self.chars as usize
    }

    /// Whether every code point is below 128.
    #[inline(always)]
    pub fn is_ascii(&self) -> bool {
        self.header.flags() & ASCII != 0
    }

    /// Whether the string is in the interpreter's table of interned strings.
    #[inline(always)]
    pub fn is_interned(&self) -> bool {
        self.header.flags() & INTERNED != 0
    }

    pub(crate) fn set_interned(&self) {
        self.header.set_flags(self.header.flags() | INTERNED);
    }

    /// The cached hash, if it has been computed.
    #[inline(always)]
    pub fn cached_hash(&self) -> Option<i64> {
        Some(self.hash.get()).filter(|hash| *hash != 0)
    }

    /// The hash, computed with the interpreter's keys on first use.
    #[inline(always)]
    pub fn hash(&self, keys: HashKey) -> i64 {
        let hash = self.hash.get();
        if hash != 0 { hash } else { self.compute_hash(keys) }
    }

    #[cold]
    #[inline(never)]
    fn compute_hash(&self, keys: HashKey) -> i64 {
        let hash = match keys.hash_bytes(self.bytes()) {
            0 if !self.bytes().is_empty() => 1,
            hash => hash,
        };
        self.hash.set(hash);
        hash
    }
}

/// Iterates over the code points of WTF-8 bytes.
#[derive(Clone)]
pub struct CodePoints<'a> {
    bytes: &'a [u8],
}

impl<'a> CodePoints<'a> {
    /// The code points of WTF-8 bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// The bytes of those that are still to come.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes
    }
}

impl Iterator for CodePoints<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        let lead = *self.bytes.first()?;
        let width = char_width(lead);
        let (char, rest) = self.bytes.split_at(width);
        self.bytes = rest;
        let initial = if width == 1 { lead as u32 } else { lead as u32 & (0x7F >> width) };
        Some(char[1..].iter().fold(initial, |code, byte| (code << 6) | (*byte as u32 & 0x3F)))
    }
}

impl DoubleEndedIterator for CodePoints<'_> {
    fn next_back(&mut self) -> Option<u32> {
        let start = self.bytes.iter().rposition(|byte| (*byte as i8) >= -0x40)?;
        let code = CodePoints { bytes: &self.bytes[start..] }.next();
        self.bytes = &self.bytes[..start];
        code
    }
}

/// The WTF-8 bytes of a code point, which may be a surrogate.
pub fn encode_code_point(code: u32, buffer: &mut [u8; 4]) -> &[u8] {
    let tail = |shift: u32| 0x80 | (code >> shift & 0x3F) as u8;
    match code {
        0..0x80 => {
            buffer[0] = code as u8;
            &buffer[..1]
        }
        0x80..0x800 => {
            *buffer = [0xC0 | (code >> 6) as u8, tail(0), 0, 0];
            &buffer[..2]
        }
        0x800..0x10000 => {
            *buffer = [0xE0 | (code >> 12) as u8, tail(6), tail(0), 0];
            &buffer[..3]
        }
        _ => {
            *buffer = [0xF0 | (code >> 18) as u8, tail(12), tail(6), tail(0)];
            &buffer[..4]
        }
    }
}

/// Number of code points of WTF-8 bytes.
pub fn count_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| (**b as i8) >= -0x40).count()
}

/// Operations on string handles which need the interpreter.
pub trait StrExt {
    /// Byte offset of a code point index (which may equal the length).
    fn byte_offset(self, py: &mut Py, index: usize) -> usize;
}

impl StrExt for Gc<Str> {
    fn byte_offset(self, py: &mut Py, index: usize) -> usize {
        let s = self.get(py);
        if s.is_ascii() {
            return index;
        }
        let bytes = s.bytes();
        if index >= s.char_len() {
            return bytes.len();
        }
        if s.char_len() <= STRIDE {
            return advance(bytes, 0, index);
        }
        let table = match s.offsets.get() {
            Some(table) => table,
            None => build_offsets(self, py),
        };
        let entry = index / STRIDE;
        let start = if entry == 0 { 0 } else { read_offset(table, entry - 1) };
        advance(self.get(py).bytes(), start, index % STRIDE)
    }
}

fn advance(bytes: &[u8], mut at: usize, chars: usize) -> usize {
    for _ in 0..chars {
        at += char_width(bytes[at]);
    }
    at
}

/// Width in bytes of the code point that starts with `lead`.
#[inline]
pub fn char_width(lead: u8) -> usize {
    match lead {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

fn build_offsets(s: Gc<Str>, py: &mut Py) -> Value {
    let count = s.get(py).char_len() / STRIDE;
    let cell = py.alloc_bytes_cell(count * 4);
    let bytes = s.get(py).bytes();
    let (mut at, mut written) = (0, 0);
    for (index, byte) in bytes.iter().enumerate() {
        if (*byte as i8) >= -0x40 {
            if at > 0 && at % STRIDE == 0 && written < count {
                write_offset(cell, written, index);
                written += 1;
            }
            at += 1;
        }
    }
    s.get(py).offsets.set(Some(cell));
    py.barrier(s.header());
    cell
}

const CELL_DATA: usize = std::mem::size_of::<Header>();

fn read_offset(table: Value, entry: usize) -> usize {
    // SAFETY: the table was allocated by `build_offsets` with room for every entry below `chars / STRIDE`.
    unsafe { (table.as_header() as *const u8).add(CELL_DATA + entry * 4).cast::<u32>().read() as usize }
}

fn write_offset(table: Value, entry: usize, offset: usize) {
    // SAFETY: as for `read_offset`.
    unsafe { (table.as_header() as *mut u8).add(CELL_DATA + entry * 4).cast::<u32>().write(offset as u32) }
}

impl Py {
    /// A leaf cell with `bytes` zeroed bytes after its header.
    fn alloc_bytes_cell(&mut self, bytes: usize) -> Value {
        let shape = crate::types::shapes::BUFFER;
        Value::from_header(self.heap.alloc_raw(shape, Kind::Leaf, 0, CELL_DATA + bytes))
    }

    /// A new string with the given text.
    pub fn new_str(&mut self, text: &str) -> Gc<Str> {
        self.new_str_wtf8(text.as_bytes())
    }

    /// A new string from WTF-8 bytes.
    pub fn new_str_wtf8(&mut self, bytes: &[u8]) -> Gc<Str> {
        match bytes {
            [] => return self.constants.empty_str,
            [byte] if *byte < 128 => return self.constants.chars[*byte as usize],
            _ => {}
        }
        let ascii = bytes.is_ascii();
        let chars = if ascii { bytes.len() } else { count_chars(bytes) };
        if chars == 1
            && let &[lead, next] = bytes
            && lead <= 0xC3
        {
            return self.constants.chars[((lead as usize & 3) << 6) | (next as usize & 0x3F)];
        }
        self.alloc_str(bytes, ascii, chars)
    }

    /// A new string from ASCII text.
    #[inline]
    pub(crate) fn new_ascii(&mut self, text: &[u8]) -> Gc<Str> {
        debug_assert!(text.is_ascii());
        match text {
            [] => self.constants.empty_str,
            [byte] => self.constants.chars[*byte as usize & 0x7F],
            _ => self.alloc_str(text, true, text.len()),
        }
    }

    /// A one-character string.
    pub fn char_str(&mut self, code_point: u32) -> Gc<Str> {
        if code_point < 256 {
            return self.constants.chars[code_point as usize];
        }
        let mut buffer = [0; 4];
        let bytes = encode_code_point(code_point, &mut buffer);
        self.new_str_wtf8(bytes)
    }

    /// A string in a new cell, from text whose properties are known.
    #[inline]
    pub(crate) fn alloc_str(&mut self, text: &[u8], ascii: bool, chars: usize) -> Gc<Str> {
        if text.len() <= SHORT
            && let Some(cell) = self.str_cell_at_hand(text.len(), ascii, chars)
        {
            // SAFETY: the cell has room for the text and is not yet shared.
            unsafe {
                copy_short(text, (*cell).data.cast_mut());
                return Gc::from_ptr(cell);
            }
        }
        self.alloc_long_str(text, ascii, chars)
    }

    #[inline(never)]
    fn alloc_long_str(&mut self, text: &[u8], ascii: bool, chars: usize) -> Gc<Str> {
        let Ok(cell) = self.str_cell(text.len(), ascii, chars) else {
            self.heap.set_memory_pending();
            return self.constants.empty_str;
        };
        // SAFETY: the cell has room for the text and is not yet shared.
        unsafe {
            copy_text(text, (*cell).data.cast_mut());
            Gc::from_ptr(cell)
        }
    }

    /// A new cell for a string, whose text is to be written before it is used.
    #[inline(always)]
    fn str_cell(&mut self, len: usize, ascii: bool, chars: usize) -> std::result::Result<*mut Str, MemoryError> {
        let cell = self.heap.try_alloc_unclean(crate::types::shapes::STR, kind_of(ascii), 0, INLINE + len)?.cast::<Str>();
        // SAFETY: the fresh cell has room for a `Str` and `len` bytes.
        unsafe { begin_str(cell, len, ascii, chars) };
        Ok(cell)
    }

    /// The same for a short string, if that takes no call.
    #[inline(always)]
    fn str_cell_at_hand(&mut self, len: usize, ascii: bool, chars: usize) -> Option<*mut Str> {
        let cell = self.heap.alloc_unclean_at_hand(crate::types::shapes::STR, kind_of(ascii), 0, INLINE + len)?.cast::<Str>();
        // SAFETY: the fresh cell has room for a `Str` and `len` bytes.
        unsafe { begin_str(cell, len, ascii, chars) };
        Some(cell)
    }

    /// `a + b`, growing a shared buffer in place where `a` ends at its used end.
    #[inline]
    pub fn concat_str(&mut self, a: Gc<Str>, b: Gc<Str>) -> std::result::Result<Gc<Str>, MemoryError> {
        let (left, right) = (a.get(self), b.get(self));
        let (n, m) = (left.byte_len(), right.byte_len());
        if n != 0 && m != 0 && n.max(m) <= SHORT {
            let (ascii, chars) = (left.is_ascii() && right.is_ascii(), left.char_len() + right.char_len());
            if let Some(cell) = self.str_cell_at_hand(n + m, ascii, chars) {
                // SAFETY: the cell has room for both texts and is not yet shared.
                unsafe {
                    let data = (*cell).data.cast_mut();
                    copy_short(a.get(self).bytes(), data);
                    copy_short(b.get(self).bytes(), data.add(n));
                    return Ok(Gc::from_ptr(cell));
                }
            }
        }
        self.concat_long_str(a, b)
    }

    #[inline(never)]
    fn concat_long_str(&mut self, a: Gc<Str>, b: Gc<Str>) -> std::result::Result<Gc<Str>, MemoryError> {
        let (left, right) = (a.get(self), b.get(self));
        let (n, m) = (left.byte_len(), right.byte_len());
        if n == 0 && crate::object::is_exact(b.into(), crate::types::shapes::STR) {
            return Ok(b);
        }
        if m == 0 && crate::object::is_exact(a.into(), crate::types::shapes::STR) {
            return Ok(a);
        }
        let ascii = left.is_ascii() && right.is_ascii();
        let chars = left.char_len() + right.char_len();
        // A lone high surrogate followed by a low one stays two code points in Python, so bytes are simply joined.
        if n + m < SHARED_FROM {
            let cell = self.str_cell(n + m, ascii, chars)?;
            // SAFETY: the cell has room for both texts and is not yet shared.
            unsafe {
                let data = (*cell).data.cast_mut();
                copy_text(a.get(self).bytes(), data);
                copy_text(b.get(self).bytes(), data.add(n));
                return Ok(Gc::from_ptr(cell));
            }
        }
        if n + m > u32::MAX as usize {
            return Err(MemoryError);
        }
        let data = self.grow_text(a, b)?;
        let shape = crate::types::shapes::STR;
        let cell = self.heap.alloc_raw(shape, Kind::Custom, 0, INLINE).cast::<Str>();
        // SAFETY: fresh zeroed cell; `data` points into a buffer with `n + m` used bytes, kept alive by the trace of `data`.
        unsafe {
            (*cell).data = data;
            (*cell).len = (n + m) as u32;
            (*cell).chars = chars as u32;
            if ascii {
                (*cell).header.set_flags(ASCII);
            }
            Ok(Gc::from_ptr(cell))
        }
    }

    /// The text in the lowest `len` bytes of a word, ASCII and at least two.
    #[inline(always)]
    pub(crate) fn ascii_word(&mut self, word: u64, len: usize) -> Gc<Str> {
        debug_assert!((2..=8).contains(&len) && word.to_le_bytes().is_ascii());
        // Written in one piece: reading text soon after it was written in several waits for those to arrive.
        const { assert!(INLINE % 16 == 8) };
        let Some(cell) = self.str_cell_at_hand(len, true, len) else { return self.new_ascii(&word.to_le_bytes()[..len]) };
        // SAFETY: cells are multiples of 16 bytes long, so a word follows the `Str`.
        unsafe {
            (*cell).data.cast_mut().cast::<u64>().write(word.to_le());
            Gc::from_ptr(cell)
        }
    }

    /// The text that `fill` writes, `len` ASCII bytes, at least two and at most [`SHORT`].
    #[inline(always)]
    pub(crate) fn short_ascii(&mut self, len: usize, fill: impl FnOnce(&mut [u8])) -> Gc<Str> {
        debug_assert!((2..=SHORT).contains(&len));
        let Some(cell) = self.str_cell_at_hand(len, true, len) else { return self.filled_ascii(len, fill) };
        // SAFETY: `len` bytes of the heap's memory, initialised once, follow the `Str`; they are not yet shared, so that `fill` alone sees them.
        unsafe {
            fill(std::slice::from_raw_parts_mut((*cell).data.cast_mut(), len));
            Gc::from_ptr(cell)
        }
    }

    #[cold]
    #[inline(never)]
    fn filled_ascii(&mut self, len: usize, fill: impl FnOnce(&mut [u8])) -> Gc<Str> {
        let mut text = [0; SHORT];
        fill(&mut text[..len]);
        self.new_ascii(&text[..len])
    }

    /// The address of the joined bytes in a buffer.
    fn grow_text(&mut self, a: Gc<Str>, b: Gc<Str>) -> std::result::Result<*const u8, MemoryError> {
        let (n, m) = (a.get(self).byte_len(), b.get(self).byte_len());
        let start = a.get(self).data;
        let exact = crate::object::is_exact(a.into(), crate::types::shapes::STR);
        if exact && start as usize != a.header() as *const Header as usize + INLINE {
            // SAFETY: text of an exact string outside its own cell starts right after a `Buffer` (buffers are only made below, and only whole ones are shared).
            unsafe {
                let buffer = start.sub(std::mem::size_of::<Buffer>()).cast::<Buffer>();
                if (*buffer).used.get() == n && n + m <= (*buffer).capacity {
                    copy_text(b.get(self).bytes(), start.add(n).cast_mut());
                    (*buffer).used.set(n + m);
                    return Ok(start);
                }
            }
        }
        let capacity = (n + m) + (n + m) / 2;
        let shape = crate::types::shapes::BUFFER;
        let size = std::mem::size_of::<Buffer>() + capacity;
        let buffer = self.heap.try_alloc_unclean(shape, Kind::Leaf, 0, size)?.cast::<Buffer>();
        // SAFETY: the fresh buffer has room for `capacity` bytes after its header; both texts are alive through `a` and `b`.
        unsafe {
            (*buffer).used.set(n + m);
            (*buffer).capacity = capacity;
            let data = buffer.cast::<u8>().add(std::mem::size_of::<Buffer>());
            std::ptr::copy_nonoverlapping(a.get(self).bytes().as_ptr(), data, n);
            std::ptr::copy_nonoverlapping(b.get(self).bytes().as_ptr(), data.add(n), m);
            Ok(data)
        }
    }

    /// The part of a string between two byte offsets, which lie between characters.
    #[inline]
    pub fn substr(&mut self, s: Gc<Str>, start: usize, end: usize) -> Gc<Str> {
        let source = s.get(self);
        if start == 0 && end == source.byte_len() && crate::object::is_exact(s.into(), crate::types::shapes::STR) {
            return s;
        }
        let ascii = source.is_ascii();
        // SAFETY: the text is kept alive by `s`, which is on this frame's stack; cells do not move.
        let piece = unsafe { detached(&source.bytes()[start..end]) };
        match piece {
            [] => self.constants.empty_str,
            [byte] => self.constants.chars[*byte as usize & 0x7F],
            _ if ascii => self.alloc_str(piece, true, piece.len()),
            _ => self.new_str_wtf8(piece),
        }
    }

    /// A string of `len` bytes and `chars` characters, all of which `fill` writes; it must write WTF-8 that is ASCII when `ascii` says so.
    /// MemoryError when that is too much.
    #[inline]
    pub fn fill_str(&mut self, len: usize, chars: usize, ascii: bool, fill: impl FnOnce(&Py, &mut [u8])) -> crate::Result<Gc<Str>> {
        if len > u32::MAX as usize {
            return Err(self.no_memory());
        }
        let Ok(cell) = self.str_cell(len, ascii, chars) else { return Err(self.no_memory()) };
        // SAFETY: `len` bytes of the heap's memory, initialised once, follow the `Str`; they are not yet shared, so that `fill` alone sees them.
        let made = unsafe {
            fill(self, std::slice::from_raw_parts_mut((*cell).data.cast_mut(), len));
            Gc::from_ptr(cell)
        };
        if chars > 1 { Ok(made) } else { Ok(self.one_char_or_none(made)) }
    }

    /// The shared string equal to one with at most one character, where there is one.
    fn one_char_or_none(&mut self, made: Gc<Str>) -> Gc<Str> {
        match made.get(self).code_points().next() {
            None => self.constants.empty_str,
            Some(code) if code < 256 => self.constants.chars[code as usize],
            Some(_) => made,
        }
    }

    /// A string with the same text that is no instance of a subclass.
    #[inline]
    pub fn exact_str(&mut self, s: Gc<Str>) -> Gc<Str> {
        if crate::object::is_exact(s.into(), crate::types::shapes::STR) {
            return s;
        }
        let (ascii, chars) = (s.get(self).is_ascii(), s.get(self).char_len());
        // SAFETY: the text is kept alive by `s`, which is on this frame's stack; cells do not move.
        let text = unsafe { detached(s.get(self).bytes()) };
        if chars > 1 { self.alloc_str(text, ascii, chars) } else { self.new_str_wtf8(text) }
    }

    /// A string of a subclass of `str` with the text of another.
    #[inline(never)]
    pub(crate) fn alloc_str_as(&mut self, class: Gc<crate::object::Class>, text: Gc<Str>) -> Gc<Str> {
        let source = text.get(self);
        let shared = Str {
            header: Header::EMPTY,
            data: source.data,
            len: source.len,
            chars: source.chars,
            hash: source.hash.clone(),
            offsets: Cell::new(None),
        };
        let ascii = source.is_ascii();
        let made = self.alloc_as(class, shared);
        if ascii {
            made.get(self).header.set_flags(made.get(self).header.flags() | ASCII);
        }
        made
    }

    pub(crate) const STR_BUFFER_LAYOUT: &'static Layout = &BUFFER;
}

/// The layout of a string whose text is in its own cell. Only ASCII strings are leaves: others may get an offset table.
#[inline(always)]
fn kind_of(ascii: bool) -> Kind {
    if ascii { Kind::Leaf } else { Kind::Custom }
}

/// Write a string without its text, which is to follow.
///
/// # Safety
/// The cell, which is not yet shared, has room for a `Str` and `len` bytes.
#[inline(always)]
unsafe fn begin_str(cell: *mut Str, len: usize, ascii: bool, chars: usize) {
    let header = Header::new(crate::types::shapes::STR, kind_of(ascii), 0);
    header.set_flags(if ascii { ASCII } else { 0 });
    // SAFETY: the caller's promise.
    unsafe {
        let data = cell.cast::<u8>().add(INLINE);
        cell.write(Str { header, data, len: len as u32, chars: chars as u32, hash: Cell::new(0), offsets: Cell::new(None) });
    }
}

/// Copy text, most of which is short, without a call for the short ones.
///
/// # Safety
/// There is room for the text at `target`, which does not overlap it.
#[inline(always)]
unsafe fn copy_text(text: &[u8], target: *mut u8) {
    // SAFETY: the caller's promise.
    unsafe {
        match text.len() {
            0..=SHORT => copy_short(text, target),
            len => std::ptr::copy_nonoverlapping(text.as_ptr(), target, len),
        }
    }
}

/// Copy text of at most [`SHORT`] bytes.
///
/// # Safety
/// As for [`copy_text`].
#[inline(always)]
unsafe fn copy_short(text: &[u8], target: *mut u8) {
    let (from, len) = (text.as_ptr(), text.len());
    // SAFETY: the two words read and written in each case lie in the text and cover it; the rest is the caller's promise.
    unsafe {
        match len {
            0 => {}
            1..4 => {
                let (middle, last) = (*from.add(len / 2), *from.add(len - 1));
                *target = *from;
                *target.add(len / 2) = middle;
                *target.add(len - 1) = last;
            }
            4..8 => {
                let last = from.add(len - 4).cast::<u32>().read_unaligned();
                target.cast::<u32>().write_unaligned(from.cast::<u32>().read_unaligned());
                target.add(len - 4).cast::<u32>().write_unaligned(last);
            }
            8..=16 => {
                let last = from.add(len - 8).cast::<u64>().read_unaligned();
                target.cast::<u64>().write_unaligned(from.cast::<u64>().read_unaligned());
                target.add(len - 8).cast::<u64>().write_unaligned(last);
            }
            _ => {
                debug_assert!(len <= SHORT);
                let last = from.add(len - 16).cast::<u128>().read_unaligned();
                target.cast::<u128>().write_unaligned(from.cast::<u128>().read_unaligned());
                target.add(len - 16).cast::<u128>().write_unaligned(last);
            }
        }
    }
}

/// Put text into a longer one; where the next one goes.
#[inline(always)]
pub(crate) fn put_text(out: &mut [u8], at: usize, text: &[u8]) -> usize {
    let end = at + text.len();
    let room = &mut out[at..end];
    // SAFETY: the part of `out` is as long as the text, and an exclusive borrow overlaps nothing.
    unsafe { copy_text(text, room.as_mut_ptr()) };
    end
}

/// A slice whose borrow of the heap is given up.
///
/// # Safety
/// The owner must stay reachable for as long as the result is used, and its bytes must not change.
unsafe fn detached<'a>(bytes: &[u8]) -> &'a [u8] {
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(bytes.as_ptr(), bytes.len()) }
}
