//! `StringIO`: a text stream in memory.
//!
//! The text is WTF-8; positions count characters, and the byte that belongs to the position is kept with it. Counterpart:
//! `Modules/_io/stringio.c`.

use super::newline::Newlines;
use super::{TextIoBase, call};
use bredli_runtime::object::{char_width, count_chars};
use bredli_runtime::prelude::*;

/// Text I/O implementation using an in-memory buffer.
///
/// The initial_value argument sets the value of object.  The newline
/// argument is like the one of TextIOWrapper's constructor.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "StringIO", module = "_io", base = TextIoBase, flags(BASETYPE), dict = dict)]
pub struct StringIo {
    header: Header,
    dict: Option<Gc<Dict>>,
    ready: bool,
    closed: bool,
    data: HeapVec<u8>,
    /// Number of characters.
    chars: usize,
    /// The position in characters, and in bytes unless it is past the end.
    pos: usize,
    byte: usize,
    /// The argument `newline`.
    newline: Option<Gc<Str>>,
    #[trace(skip)]
    newlines: Option<Newlines>,
}

/// The vector, for growing it.
fn data(object: &mut StringIo) -> &mut HeapVec<u8> {
    &mut object.data
}

impl StringIo {
    fn check_open(this: Gc<Self>, py: &mut Py) -> Result<()> {
        if !this.get(py).ready {
            raise!(py, ValueError, "I/O operation on uninitialized object");
        }
        if this.get(py).closed {
            raise!(py, ValueError, "I/O operation on closed file");
        }
        Ok(())
    }

    fn is_ascii(&self) -> bool {
        self.chars == self.data.len()
    }

    /// Text from the position on.
    fn rest(&self) -> &[u8] {
        if self.pos > self.chars { &[] } else { &self.data[self.byte..] }
    }

    /// Bytes and characters of at most `chars` characters of text.
    fn measure(text: &[u8], ascii: bool, chars: Option<usize>) -> (usize, usize) {
        match chars {
            None if ascii => (text.len(), text.len()),
            None => (text.len(), count_chars(text)),
            Some(chars) if ascii => (chars.min(text.len()), chars.min(text.len())),
            Some(chars) => {
                let (mut at, mut count) = (0, 0);
                while count < chars && at < text.len() {
                    at += char_width(text[at]);
                    count += 1;
                }
                (at, count)
            }
        }
    }

    /// Put the position at a character.
    fn move_to(&mut self, pos: usize) {
        let ascii = self.is_ascii();
        self.byte = if pos >= self.chars { self.data.len() } else { StringIo::measure(&self.data, ascii, Some(pos)).0 };
        self.pos = pos;
    }

    /// Use up text at the position as a string.
    fn take(this: Gc<Self>, py: &mut Py, len: usize, chars: usize) -> Result<Gc<Str>> {
        let start = this.get(py).byte;
        let object = this.get_mut(py);
        object.pos += chars;
        object.byte += len;
        if chars < 2 {
            let bytes = this.get(py).data[start..start + len].to_vec();
            return Ok(py.new_str_wtf8(&bytes));
        }
        py.fill_str(len, chars, len == chars, |py, out| out.copy_from_slice(&this.get(py).data[start..start + len]))
    }

    /// How long the next line is in bytes within a text.
    fn line(&self, text: &[u8], py: &Py) -> Option<usize> {
        match self.newline.map(|newline| newline.get(py).bytes()) {
            None | Some(b"\n") => memchr::memchr(b'\n', text).map(|at| at + 1),
            Some(b"") => {
                let at = memchr::memchr2(b'\n', b'\r', text)?;
                Some(if text[at] == b'\r' && text.get(at + 1) == Some(&b'\n') { at + 2 } else { at + 1 })
            }
            Some(end) => memchr::memmem::find(text, end).map(|at| at + end.len()),
        }
    }

    /// Write text as it is to be stored.
    fn put(this: Gc<Self>, py: &mut Py, text: Gc<Str>) -> Result<()> {
        let object = this.get(py);
        let returns = object.newline.is_some_and(|newline| newline.get(py).bytes().first() == Some(&b'\r'));
        let bytes = text.get(py).bytes();
        let plain = object.newlines.is_none_or(|newlines| newlines.is_plain(bytes));
        if plain && !(returns && memchr::memchr(b'\n', bytes).is_some()) {
            if let Some(newlines) = &mut this.get_mut(py).newlines {
                let seen = text;
                let mut copy = *newlines;
                copy.note_plain(seen.get(py).bytes());
                this.get_mut(py).newlines = Some(copy);
            }
            return StringIo::store(this, py, text);
        }
        let mut stored = bytes.to_vec();
        if let Some(newlines) = &mut this.get_mut(py).newlines {
            stored = newlines.feed(&stored, true);
        }
        if returns {
            let end = this.get(py).newline.map(|newline| newline.get(py).bytes().to_vec()).unwrap_or_default();
            let pieces: Vec<&[u8]> = stored.split(|byte| *byte == b'\n').collect();
            stored = pieces.join(&end[..]);
        }
        let stored = py.new_str_wtf8(&stored);
        StringIo::store(this, py, stored)
    }

    /// Overwrite what is at the position, and append what goes past the end.
    fn store(this: Gc<Self>, py: &mut Py, text: Gc<Str>) -> Result<()> {
        let (len, chars) = (text.get(py).byte_len(), text.get(py).char_len());
        if len == 0 {
            return Ok(());
        }
        let missing = this.get(py).pos.saturating_sub(this.get(py).chars);
        if missing > 0 {
            let size = this.get(py).data.len() + missing;
            if py.heap.vec_resize(this, data, size, 0).is_err() {
                return Err(py.no_memory());
            }
            let object = this.get_mut(py);
            object.chars += missing;
            object.byte = object.data.len();
        }
        let object = this.get(py);
        if object.pos == object.chars {
            if py.heap.vec_extend_from(this, data, text, |text: &Str| text.bytes()).is_err() {
                return Err(py.no_memory());
            }
            let object = this.get_mut(py);
            object.chars += chars;
        } else {
            let (old, count) = StringIo::measure(object.rest(), object.is_ascii(), Some(chars));
            let start = object.byte;
            let bytes = text.get(py).bytes().to_vec();
            if py.heap.vec_splice(this, data, start..start + old, &bytes).is_err() {
                return Err(py.no_memory());
            }
            let object = this.get_mut(py);
            object.chars += chars - count;
        }
        let object = this.get_mut(py);
        object.pos += chars;
        object.byte += len;
        Ok(())
    }

    /// Start anew with a value.
    fn start(this: Gc<Self>, py: &mut Py, newline: Value) -> Result<()> {
        this.get_mut(py).ready = false;
        let newline = match Gc::<Str>::cast(py, newline) {
            Some(newline) => Some(newline),
            None if newline.is_none() => None,
            None => {
                let given = py.class_name(newline);
                raise!(py, TypeError, "newline must be str or None, not {given}");
            }
        };
        let newlines = match newline.map(|newline| newline.get(py).bytes()) {
            None => Some(Newlines::new(true)),
            Some(b"") => Some(Newlines::new(false)),
            Some(b"\n" | b"\r" | b"\r\n") => None,
            Some(_) => {
                let shown = py.repr_text(newline.map_or(Value::NONE, Into::into))?;
                raise!(py, ValueError, "illegal newline value: {shown}");
            }
        };
        let object = this.get_mut(py);
        (object.newline, object.newlines) = (newline, newlines);
        object.data.clear();
        (object.chars, object.pos, object.byte) = (0, 0, 0);
        (object.ready, object.closed) = (true, false);
        Ok(())
    }

    fn value(this: Gc<Self>, py: &mut Py) -> Result<Gc<Str>> {
        let object = this.get(py);
        let (len, chars, ascii) = (object.data.len(), object.chars, object.is_ascii());
        if chars < 2 {
            let bytes = object.data.to_vec();
            return Ok(py.new_str_wtf8(&bytes));
        }
        py.fill_str(len, chars, ascii, |py, out| out.copy_from_slice(&this.get(py).data))
    }

    fn next_line(this: Gc<Self>, py: &mut Py, limit: Option<usize>) -> Result<Gc<Str>> {
        let object = this.get(py);
        let ascii = object.is_ascii();
        let text = object.rest();
        let considered = match limit {
            Some(limit) => &text[..StringIo::measure(text, ascii, Some(limit)).0],
            None => text,
        };
        let len = object.line(considered, py).unwrap_or(considered.len());
        let chars = if ascii { len } else { count_chars(&considered[..len]) };
        StringIo::take(this, py, len, chars)
    }
}

#[pymethods]
impl StringIo {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Self> {
        let _ = args;
        let object = StringIo {
            header: Header::EMPTY,
            dict: None,
            ready: false,
            closed: false,
            data: HeapVec::EMPTY,
            chars: 0,
            pos: 0,
            byte: 0,
            newline: None,
            newlines: None,
        };
        py.alloc_as(cls, object)
    }

    #[signature(initial_value = "", newline = "\n")]
    fn __init__(this: Gc<Self>, py: &mut Py, initial_value: Value, newline: Value) -> Result<()> {
        let initial = Gc::<Str>::cast(py, initial_value);
        if initial.is_none() && !initial_value.is_none() {
            let given = py.class_name(initial_value);
            raise!(py, TypeError, "initial_value must be str or None, not {given}");
        }
        StringIo::start(this, py, newline)?;
        if let Some(initial) = initial {
            StringIo::put(this, py, initial)?;
            this.get_mut(py).move_to(0);
        }
        Ok(())
    }

    /// Retrieve the entire contents of the object.
    #[signature(self, /)]
    fn getvalue(this: Gc<Self>, py: &mut Py) -> Result<Gc<Str>> {
        StringIo::check_open(this, py)?;
        StringIo::value(this, py)
    }

    /// Tell the current file position.
    #[signature(self, /)]
    fn tell(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        StringIo::check_open(this, py)?;
        Ok(this.get(py).pos)
    }

    /// Read at most size characters, returned as a string.
    ///
    /// If the argument is negative or omitted, read until EOF
    /// is reached. Return an empty string at EOF.
    #[signature(self, size=-1, /)]
    fn read(this: Gc<Self>, py: &mut Py, size: Option<isize>) -> Result<Gc<Str>> {
        StringIo::check_open(this, py)?;
        let object = this.get(py);
        let (len, chars) = StringIo::measure(object.rest(), object.is_ascii(), usize::try_from(size.unwrap_or(-1)).ok());
        StringIo::take(this, py, len, chars)
    }

    /// Read until newline or EOF.
    ///
    /// Returns an empty string if EOF is hit immediately.
    #[signature(self, size=-1, /)]
    fn readline(this: Gc<Self>, py: &mut Py, size: Option<isize>) -> Result<Gc<Str>> {
        StringIo::check_open(this, py)?;
        StringIo::next_line(this, py, usize::try_from(size.unwrap_or(-1)).ok())
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        StringIo::check_open(this, py)?;
        let class = py.class_of(this.into());
        let line = if class.get(py).is_heap_class() {
            let line = call(py, this.into(), "readline", &[])?;
            match Gc::<Str>::cast(py, line) {
                Some(line) => line,
                None => {
                    let given = py.class_name(line);
                    raise!(py, OSError, "readline() should have returned a str object, not '{given}'")
                }
            }
        } else {
            StringIo::next_line(this, py, None)?
        };
        Ok((line.get(py).byte_len() > 0).then_some(line.into()))
    }

    /// Truncate size to pos.
    ///
    /// The pos argument defaults to the current file position, as
    /// returned by tell().  The current file position is unchanged.
    /// Returns the new absolute position.
    #[signature(self, pos=None, /)]
    fn truncate(this: Gc<Self>, py: &mut Py, pos: Option<isize>) -> Result<usize> {
        StringIo::check_open(this, py)?;
        let size = match pos {
            Some(pos) => match usize::try_from(pos) {
                Ok(pos) => pos,
                Err(_) => raise!(py, ValueError, "Negative size value {pos}"),
            },
            None => this.get(py).pos,
        };
        let object = this.get_mut(py);
        if size < object.chars {
            let len = StringIo::measure(&object.data, object.is_ascii(), Some(size)).0;
            object.data.truncate(len);
            object.chars = size;
            let pos = object.pos;
            object.move_to(pos);
        }
        Ok(size)
    }

    /// Change stream position.
    ///
    /// Seek to character offset pos relative to position indicated by whence:
    ///     0  Start of stream (the default).  pos should be >= 0;
    ///     1  Current position - pos must be 0;
    ///     2  End of stream - pos must be 0.
    /// Returns the new absolute position.
    #[signature(self, pos, whence=0, /)]
    fn seek(this: Gc<Self>, py: &mut Py, pos: isize, whence: i32) -> Result<usize> {
        StringIo::check_open(this, py)?;
        if !(0..=2).contains(&whence) {
            raise!(py, ValueError, "Invalid whence ({whence}, should be 0, 1 or 2)");
        }
        if pos < 0 && whence == 0 {
            raise!(py, ValueError, "Negative seek position {pos}");
        }
        if whence != 0 && pos != 0 {
            raise!(py, OSError, "Can't do nonzero cur-relative seeks");
        }
        let target = match whence {
            0 => pos as usize,
            1 => this.get(py).pos,
            _ => this.get(py).chars,
        };
        this.get_mut(py).move_to(target);
        Ok(target)
    }

    /// Write string to file.
    ///
    /// Returns the number of characters written, which is always equal to
    /// the length of the string.
    #[signature(self, s, /)]
    fn write(this: Gc<Self>, py: &mut Py, s: Value) -> Result<usize> {
        if !this.get(py).ready {
            raise!(py, ValueError, "I/O operation on uninitialized object");
        }
        let Some(text) = Gc::<Str>::cast(py, s) else {
            let given = py.class_name(s);
            raise!(py, TypeError, "string argument expected, got '{given}'");
        };
        StringIo::check_open(this, py)?;
        StringIo::put(this, py, text)?;
        Ok(text.get(py).char_len())
    }

    /// Close the IO object.
    ///
    /// Attempting any further operation after the object is closed
    /// will raise a ValueError.
    ///
    /// This method has no effect if the file is already closed.
    #[signature(self, /)]
    fn close(this: Gc<Self>, py: &mut Py) {
        let object = this.get_mut(py);
        object.closed = true;
        object.data = HeapVec::EMPTY;
        (object.chars, object.pos, object.byte) = (0, 0, 0);
    }

    /// Returns True if the IO object can be read.
    #[signature(self, /)]
    fn readable(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        StringIo::check_open(this, py)?;
        Ok(true)
    }

    /// Returns True if the IO object can be written.
    #[signature(self, /)]
    fn writable(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        StringIo::check_open(this, py)?;
        Ok(true)
    }

    /// Returns True if the IO object can be seeked.
    #[signature(self, /)]
    fn seekable(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        StringIo::check_open(this, py)?;
        Ok(true)
    }

    #[signature(self, /)]
    fn __getstate__(this: Gc<Self>, py: &mut Py) -> Result {
        let value = call(py, this.into(), "getvalue", &[])?;
        let newline = this.get(py).newline.map_or(Value::NONE, Into::into);
        let pos = py.new_int(this.get(py).pos as i64);
        let dict = match this.get(py).dict {
            Some(dict) => py.dict_copy(dict)?.into(),
            None => Value::NONE,
        };
        Ok(py.new_tuple(&[value, newline, pos, dict]).into())
    }

    #[signature(self, state, /)]
    fn __setstate__(this: Gc<Self>, py: &mut Py, state: Value) -> Result<()> {
        if this.get(py).closed {
            raise!(py, ValueError, "I/O operation on closed file");
        }
        let Some(parts) = Gc::<Tuple>::cast(py, state).filter(|tuple| tuple.get(py).len() >= 4) else {
            let (class, given) = (py.class_name(this.into()), py.class_name(state));
            raise!(py, TypeError, "{class}.__setstate__ argument should be 4-tuple, got {given}");
        };
        let [value, newline, pos, dict] = [0, 1, 2, 3].map(|index| parts.get(py).items()[index]);
        let text = Gc::<Str>::cast(py, value);
        if text.is_none() && !value.is_none() {
            let given = py.class_name(value);
            raise!(py, TypeError, "initial_value must be str or None, not {given}");
        }
        StringIo::start(this, py, newline)?;
        if let Some(text) = text {
            // The value was translated when it was written first.
            StringIo::store(this, py, text)?;
        }
        if !py.is_int(pos) {
            let given = py.class_name(pos);
            raise!(py, TypeError, "third item of state must be an integer, got {given}");
        }
        let pos = py.to_isize(pos)?;
        let Ok(pos) = usize::try_from(pos) else { raise!(py, ValueError, "position value cannot be negative") };
        this.get_mut(py).move_to(pos);
        super::restore_dict(py, this.into(), dict, "fourth")
    }

    #[getter]
    fn closed(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        if !this.get(py).ready {
            raise!(py, ValueError, "I/O operation on uninitialized object");
        }
        Ok(this.get(py).closed)
    }

    #[getter]
    fn newlines(this: Gc<Self>, py: &mut Py) -> Result {
        StringIo::check_open(this, py)?;
        match this.get(py).newlines {
            Some(newlines) => Ok(newlines.shown(py)),
            None => Ok(Value::NONE),
        }
    }

    #[getter]
    fn line_buffering(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        StringIo::check_open(this, py)?;
        Ok(false)
    }
}
