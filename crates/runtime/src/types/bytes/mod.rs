//! `bytes`: the layout, construction, operators, subscripts and comparison.
//!
//! Counterpart: `Objects/bytesobject.c`.

mod construct;
mod iter;
mod methods;
mod percent;
mod text;

pub(crate) use construct::{Source, from_iterable, from_object, hex_text};
pub use iter::BytesIterator;
pub(crate) use methods::{Bounds, locate};
pub(crate) use percent::format_bytes;

use crate::buffer::{BufferExports, BytesLike, Exported, Exporter};
use crate::native::Args;
use crate::object::{Class, CompareOp, Str};
use crate::types::{MemoryView, Slice, shapes};
use crate::{Py, Raised, Result, raise};
use bredli_heap::{Gc, Header, HeapVec, MemoryError, Value};
use bredli_macros::{Trace, pyclass, pymethods};
use std::cell::Cell;

/// bytes(iterable_of_ints) -> bytes
/// bytes(string, encoding[, errors]) -> bytes
/// bytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer
/// bytes(int) -> bytes object of size given by the parameter initialized with null bytes
/// bytes() -> empty bytes object
///
/// Construct an immutable array of bytes from:
///   - an iterable yielding integers in range(256)
///   - a text string encoded using the specified encoding
///   - any object implementing the buffer API.
///   - an integer
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "bytes", core, flags(BASETYPE, BYTES, INDEXABLE, MATCH_SELF), parts(methods, text))]
pub struct Bytes {
    pub(crate) header: Header,
    pub(crate) data: HeapVec<u8>,
    #[trace(skip)]
    pub(crate) hash: Cell<i64>,
}

impl Bytes {
    /// The bytes.
    #[inline(always)]
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

#[pymethods]
impl Bytes {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        construct::new(py, cls, args)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        let text = literal(this.get(py).data(), Escape::Quote);
        py.new_str_wtf8(&text)
    }

    fn __str__(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        let text = literal(this.get(py).data(), Escape::Quote);
        py.new_str_wtf8(&text)
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> i64 {
        let (keys, bytes) = (py.hash_keys, this.get(py));
        if bytes.hash.get() == 0 {
            bytes.hash.set(keys.hash_bytes(bytes.data()));
        }
        bytes.hash.get()
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Value {
        let Some(other) = Gc::<Bytes>::cast(py, other) else { return Value::NOT_IMPLEMENTED };
        Value::bool(op.holds(this.get(py).data().cmp(other.get(py).data())))
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Gc<BytesIterator> {
        py.alloc(BytesIterator { header: Header::EMPTY, bytes: Some(this), index: 0 })
    }

    fn __len__(this: Gc<Self>, py: &Py) -> usize {
        this.get(py).data().len()
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        let index = match key.as_int() {
            Some(index) => index as isize,
            None if py.has_index(key) => py.to_subscript(key)?,
            None => match Gc::<Slice>::cast(py, key) {
                Some(slice) => return py.bytes_slice(this, slice).map(Into::into),
                None => {
                    let given = py.class_name(key);
                    raise!(py, TypeError, "byte indices must be integers or slices, not {given}")
                }
            },
        };
        let data = this.get(py).data();
        let at = if index < 0 { index.wrapping_add(data.len() as isize) } else { index };
        match usize::try_from(at).ok().and_then(|at| data.get(at)) {
            Some(byte) => Ok(Value::small(*byte as i32)),
            None => raise!(py, IndexError, "index out of range"),
        }
    }

    fn __add__(this: Gc<Self>, py: &mut Py, other: Value) -> Result<Gc<Bytes>> {
        if crate::object::is_exact(other, shapes::BYTES) {
            let right = Gc::<Bytes>::known(py, other);
            return py.concat_bytes(this, right).map_err(|_| py.no_memory());
        }
        let Some(right) = BytesLike::try_new(py, other)? else {
            let (own, given) = (py.class_name(this.into()), py.class_name(other));
            raise!(py, TypeError, "can't concat {given} to {own}");
        };
        let (n, m) = (this.get(py).data().len(), right.get(py).len());
        if m == 0 && crate::object::is_exact(this.into(), shapes::BYTES) {
            return Ok(this);
        }
        py.fill_bytes(n + m, |py, out| {
            out[..n].copy_from_slice(this.get(py).data());
            out[n..].copy_from_slice(right.get(py));
        })
    }

    fn __mul__(this: Gc<Self>, py: &mut Py, count: isize) -> Result<Gc<Bytes>> {
        let (count, len) = (count.max(0) as usize, this.get(py).data().len());
        if count == 1 && crate::object::is_exact(this.into(), shapes::BYTES) {
            return Ok(this);
        }
        let Some(total) = len.checked_mul(count).filter(|total| *total <= isize::MAX as usize) else {
            raise!(py, OverflowError, "repeated bytes are too long");
        };
        py.fill_bytes(total, |py, out| crate::types::str::fill_repeated(out, this.get(py).data()))
    }

    fn __contains__(this: Gc<Self>, py: &mut Py, item: Value) -> Result<bool> {
        if !py.has_index(item) && BytesLike::try_new(py, item)?.is_none() {
            let given = py.class_name(item);
            raise!(py, TypeError, "a bytes-like object is required, not '{given}'");
        }
        let needle = needle(py, item)?;
        Ok(crate::search::find(this.get(py).data(), needle.get(py)).is_some())
    }

    fn __mod__(py: &mut Py, left: Value, right: Value) -> Result {
        match Gc::<Bytes>::cast(py, left) {
            Some(format) => percent::format(py, format, right).map(Into::into),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    fn __getnewargs__(this: Gc<Self>, py: &mut Py) -> Result {
        let bytes = py.exact_bytes(this)?;
        Ok(py.new_tuple(&[bytes.into()]).into())
    }

    fn __buffer__(this: Gc<Self>, py: &mut Py, flags: u32) -> Result<Gc<MemoryView>> {
        py.export_bytes(this, true, flags)
    }

    /// Convert this value to exact type bytes.
    #[signature(self, /)]
    fn __bytes__(this: Gc<Self>, py: &mut Py) -> Result<Gc<Bytes>> {
        py.exact_bytes(this)
    }
}

impl Exported for Bytes {
    fn exports(&mut self) -> Option<&mut BufferExports> {
        None
    }
}

impl Exporter for Bytes {
    fn memory(&self) -> &[u8] {
        &self.data
    }

    fn memory_mut(&mut self) -> &mut [u8] {
        &mut []
    }
}

/// What `find`, `count` and `in` look for: bytes, or one byte as an int.
fn needle(py: &mut Py, value: Value) -> Result<BytesLike> {
    if let Some(bytes) = BytesLike::try_new(py, value)? {
        return Ok(bytes);
    }
    if !py.has_index(value) {
        let given = py.class_name(value);
        raise!(py, TypeError, "argument should be integer or bytes-like object, not '{given}'");
    }
    let int = py.index(value)?;
    match py.int_to_i64(int).and_then(|int| u8::try_from(int).ok()) {
        Some(byte) => Ok(BytesLike::byte(py, byte)),
        None => raise!(py, ValueError, "byte must be in range(0, 256)"),
    }
}

/// Which quotes get a backslash in a literal.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Escape {
    /// Those that would end it.
    Quote,
    /// Every `'`.
    Apostrophe,
}

/// The bytes as a literal, `b` and quotes included.
pub(crate) fn literal(bytes: &[u8], escape: Escape) -> Vec<u8> {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' };
    let escaped = if escape == Escape::Apostrophe { b'\'' } else { quote };
    let mut out = Vec::with_capacity(bytes.len() + 3);
    out.extend_from_slice(&[b'b', quote]);
    for byte in bytes {
        match byte {
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b' '..0x7F => {
                if *byte == escaped {
                    out.push(b'\\');
                }
                out.push(*byte);
            }
            _ => out.extend_from_slice(format!("\\x{byte:02x}").as_bytes()),
        }
    }
    out.push(quote);
    out
}

impl Py {
    /// A new bytes object with a copy of the bytes, which must not be borrowed from the heap.
    pub fn new_bytes(&mut self, bytes: &[u8]) -> Gc<Bytes> {
        let data = match HeapVec::from_slice(&mut self.heap, bytes) {
            Ok(data) => data,
            Err(_) => {
                self.heap.set_memory_pending();
                HeapVec::EMPTY
            }
        };
        self.alloc(Bytes { header: Header::EMPTY, data, hash: Cell::new(0) })
    }

    /// A bytes object of what `append` appends to a vector with room for `len` bytes.
    #[inline]
    pub fn build_bytes(&mut self, len: usize, append: impl FnOnce(&Py, &mut HeapVec<u8>)) -> std::result::Result<Gc<Bytes>, MemoryError> {
        let mut data = HeapVec::with_capacity(&mut self.heap, len)?;
        append(self, &mut data);
        Ok(self.alloc(Bytes { header: Header::EMPTY, data, hash: Cell::new(0) }))
    }

    /// `left + right`.
    pub(crate) fn concat_bytes(&mut self, left: Gc<Bytes>, right: Gc<Bytes>) -> std::result::Result<Gc<Bytes>, MemoryError> {
        let (n, m) = (left.get(self).data().len(), right.get(self).data().len());
        if m == 0 && crate::object::is_exact(left.into(), shapes::BYTES) {
            return Ok(left);
        }
        if n == 0 && crate::object::is_exact(right.into(), shapes::BYTES) {
            return Ok(right);
        }
        self.build_bytes(n + m, |py, data| {
            data.extend_within_capacity(left.get(py).data());
            data.extend_within_capacity(right.get(py).data());
        })
    }

    /// A bytes object of `len` bytes which `fill` writes.
    pub fn fill_bytes(&mut self, len: usize, fill: impl FnOnce(&Py, &mut [u8])) -> Result<Gc<Bytes>> {
        let Ok(mut data) = HeapVec::filled(&mut self.heap, len, 0u8) else { return Err(self.no_memory()) };
        fill(self, &mut data);
        Ok(self.alloc(Bytes { header: Header::EMPTY, data, hash: Cell::new(0) }))
    }

    /// The same bytes as no instance of a subclass.
    pub fn exact_bytes(&mut self, bytes: Gc<Bytes>) -> Result<Gc<Bytes>> {
        if crate::object::is_exact(bytes.into(), shapes::BYTES) {
            return Ok(bytes);
        }
        let len = bytes.get(self).data().len();
        self.build_bytes(len, |py, data| data.extend_within_capacity(bytes.get(py).data())).map_err(|_| self.no_memory())
    }

    /// `bytes[start:end]`.
    pub fn sub_bytes(&mut self, bytes: Gc<Bytes>, start: usize, end: usize) -> Result<Gc<Bytes>> {
        if start == 0 && end == bytes.get(self).data().len() {
            return self.exact_bytes(bytes);
        }
        self.build_bytes(end - start, |py, data| data.extend_within_capacity(&bytes.get(py).data()[start..end]))
            .map_err(|_| self.no_memory())
    }

    fn bytes_slice(&mut self, bytes: Gc<Bytes>, slice: Gc<Slice>) -> Result<Gc<Bytes>> {
        let bounds = self.slice_bounds(slice, |py| bytes.get(py).data().len())?;
        if bounds.step == 1 {
            return self.sub_bytes(bytes, bounds.start, bounds.start + bounds.count);
        }
        self.fill_bytes(bounds.count, |py, out| {
            let data = bytes.get(py).data();
            for (number, byte) in out.iter_mut().enumerate() {
                *byte = data[bounds.index(number)];
            }
        })
    }

    /// The UnicodeEncodeError for text with a surrogate that is to become UTF-8.
    pub fn surrogates_not_allowed(&mut self, text: Gc<Str>) -> Raised {
        crate::native::surrogates_not_allowed(self, text)
    }
}
