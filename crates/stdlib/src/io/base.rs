//! `_IOBase` and `_RawIOBase`: what all streams have in common.
//!
//! The methods work through Python's protocol, since subclasses override any of them. Counterpart: `Modules/_io/iobase.c`.

use super::{DEFAULT_BUFFER_SIZE, call, closed_attribute, unsupported};
use bredli_runtime::prelude::*;
use bredli_runtime::types::{ByteArray, Bytes};

/// The abstract base class for all I/O classes.
///
/// This class provides dummy implementations for many methods that
/// derived classes can override selectively; the default implementations
/// represent a file that cannot be read, written or seeked.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_IOBase", module = "_io", flags(BASETYPE, HAS_WEAKREF), dict = dict)]
pub struct IoBase {
    header: Header,
    dict: Option<Gc<Dict>>,
}

/// The attribute that remembers that `close` has run.
const CLOSED: &str = "__IOBase_closed";

impl IoBase {
    /// Whether `close` of the base class has run.
    fn has_closed(py: &mut Py, this: Value) -> Result<bool> {
        let name = py.intern(CLOSED);
        Ok(py.lookup_attr(this, name)?.is_some())
    }

    /// A ValueError if the stream says that it is closed.
    pub fn check_closed(py: &mut Py, this: Value) -> Result<()> {
        if closed_attribute(py, this)? {
            raise!(py, ValueError, "I/O operation on closed file.");
        }
        Ok(())
    }

    /// An error unless the stream's method of that name returns True.
    pub fn check_ability(py: &mut Py, this: Value, method: &str) -> Result {
        let answer = call(py, this, method, &[])?;
        if answer == Value::TRUE {
            return Ok(answer);
        }
        Err(unsupported(py, &format!("File or stream is not {method}.")))
    }

    /// Flush, and remember that the stream is closed.
    pub fn close_base(py: &mut Py, this: Value) -> Result<()> {
        if IoBase::has_closed(py, this)? {
            return Ok(());
        }
        let flushed = call(py, this, "flush", &[]);
        let exception = flushed.is_err().then(|| py.take_exception());
        let name = py.intern(CLOSED);
        let marked = py.set_attr(this, name, Some(Value::TRUE));
        super::finish_with(py, marked, exception)
    }

    /// Close a stream that nobody can reach any more.
    pub fn finalize(py: &mut Py, this: Value) -> Result<()> {
        let closed = match closed_attribute(py, this) {
            Ok(closed) => closed,
            Err(_) => {
                py.clear_exception();
                false
            }
        };
        if closed {
            return Ok(());
        }
        let name = py.intern("_finalizing");
        if py.set_attr(this, name, Some(Value::TRUE)).is_err() {
            py.clear_exception();
        }
        call(py, this, "close", &[]).map(|_| ())
    }

    /// How many bytes to ask for next while looking for the end of a line.
    fn bytes_ahead(py: &mut Py, this: Value, peek: Option<Value>, limit: isize) -> Result<isize> {
        let Some(peek) = peek else { return Ok(1) };
        let found = py.call(peek, &[Value::small(1)])?;
        let Some(bytes) = Gc::<Bytes>::cast(py, found) else {
            let given = py.class_name(found);
            let _ = this;
            raise!(py, OSError, "peek() should have returned a bytes object, not '{given}'");
        };
        let data = bytes.get(py).data();
        let considered = &data[..if limit >= 0 { data.len().min(limit as usize) } else { data.len() }];
        Ok(match considered.iter().position(|byte| *byte == b'\n') {
            Some(at) => at as isize + 1,
            None => considered.len().max(1) as isize,
        })
    }
}

#[pymethods]
impl IoBase {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Self> {
        let _ = args;
        py.alloc_as(cls, IoBase { header: Header::EMPTY, dict: None })
    }

    fn __del__(this: Value, py: &mut Py) -> Result<()> {
        IoBase::finalize(py, this)
    }

    /// Change the stream position to the given byte offset.
    ///
    ///   offset
    ///     The stream position, relative to 'whence'.
    ///   whence
    ///     The relative position to seek from.
    ///
    /// The offset is interpreted relative to the position indicated by whence.
    /// Values for whence are:
    ///
    /// * os.SEEK_SET or 0 -- start of stream (the default); offset should be zero or positive
    /// * os.SEEK_CUR or 1 -- current stream position; offset may be negative
    /// * os.SEEK_END or 2 -- end of stream; offset is usually negative
    ///
    /// Return the new absolute position.
    #[signature(self, offset, whence=os.SEEK_SET, /)]
    fn seek(this: Value, py: &mut Py, offset: Value, whence: Option<Value>) -> Result {
        let _ = (this, offset, whence);
        Err(unsupported(py, "seek"))
    }

    /// Return current stream position.
    #[signature(self, /)]
    fn tell(this: Value, py: &mut Py) -> Result {
        call(py, this, "seek", &[Value::small(0), Value::small(1)])
    }

    /// Truncate file to size bytes.
    ///
    /// File pointer is left unchanged. Size defaults to the current IO position
    /// as reported by tell(). Return the new size.
    #[signature(self, size=None, /)]
    fn truncate(this: Value, py: &mut Py, size: Value) -> Result {
        let _ = (this, size);
        Err(unsupported(py, "truncate"))
    }

    /// Flush write buffers, if applicable.
    ///
    /// This is not implemented for read-only and non-blocking streams.
    #[signature(self, /)]
    fn flush(this: Value, py: &mut Py) -> Result<()> {
        if IoBase::has_closed(py, this)? {
            raise!(py, ValueError, "I/O operation on closed file.");
        }
        Ok(())
    }

    /// Flush and close the IO object.
    ///
    /// This method has no effect if the file is already closed.
    #[signature(self, /)]
    fn close(this: Value, py: &mut Py) -> Result<()> {
        IoBase::close_base(py, this)
    }

    #[getter]
    fn closed(this: Value, py: &mut Py) -> Result<bool> {
        IoBase::has_closed(py, this)
    }

    /// Return whether object supports random access.
    ///
    /// If False, seek(), tell() and truncate() will raise OSError.
    /// This method may need to do a test seek().
    #[signature(self, /)]
    fn seekable(_this: Value) -> bool {
        false
    }

    /// Return whether object was opened for reading.
    ///
    /// If False, read() will raise OSError.
    #[signature(self, /)]
    fn readable(_this: Value) -> bool {
        false
    }

    /// Return whether object was opened for writing.
    ///
    /// If False, write() will raise OSError.
    #[signature(self, /)]
    fn writable(_this: Value) -> bool {
        false
    }

    #[signature(self, /)]
    fn _checkClosed(this: Value, py: &mut Py) -> Result<()> {
        IoBase::check_closed(py, this)
    }

    #[signature(self, /)]
    fn _checkSeekable(this: Value, py: &mut Py) -> Result {
        IoBase::check_ability(py, this, "seekable")
    }

    #[signature(self, /)]
    fn _checkReadable(this: Value, py: &mut Py) -> Result {
        IoBase::check_ability(py, this, "readable")
    }

    #[signature(self, /)]
    fn _checkWritable(this: Value, py: &mut Py) -> Result {
        IoBase::check_ability(py, this, "writable")
    }

    /// Return underlying file descriptor if one exists.
    ///
    /// Raise OSError if the IO object does not use a file descriptor.
    #[signature(self, /)]
    fn fileno(this: Value, py: &mut Py) -> Result {
        let _ = this;
        Err(unsupported(py, "fileno"))
    }

    /// Return whether this is an 'interactive' stream.
    ///
    /// Return False if it can't be determined.
    #[signature(self, /)]
    fn isatty(this: Value, py: &mut Py) -> Result<bool> {
        IoBase::check_closed(py, this)?;
        Ok(false)
    }

    #[signature(self, /)]
    fn __enter__(this: Value, py: &mut Py) -> Result {
        IoBase::check_closed(py, this)?;
        Ok(this)
    }

    #[no_text_signature]
    fn __exit__(this: Value, py: &mut Py, args: Args) -> Result {
        let _ = args;
        call(py, this, "close", &[])
    }

    /// Read and return a line from the stream.
    ///
    /// If size is specified, at most size bytes will be read.
    ///
    /// The line terminator is always b'\n' for binary files; for text
    /// files, the newlines argument to open can be used to select the line
    /// terminator(s) recognized.
    #[signature(self, size=-1, /)]
    fn readline(this: Value, py: &mut Py, size: Option<isize>) -> Result<Gc<Bytes>> {
        let limit = size.unwrap_or(-1);
        let name = py.intern("peek");
        let peek = py.lookup_attr(this, name)?;
        let mut line: Vec<u8> = Vec::new();
        while limit < 0 || (line.len() as isize) < limit {
            let ahead = IoBase::bytes_ahead(py, this, peek, limit - line.len() as isize)?;
            let count = py.new_int(ahead as i64);
            let found = call(py, this, "read", &[count])?;
            let Some(bytes) = Gc::<Bytes>::cast(py, found) else {
                let given = py.class_name(found);
                raise!(py, OSError, "read() should have returned a bytes object, not '{given}'");
            };
            let data = bytes.get(py).data();
            line.extend_from_slice(data);
            if data.is_empty() || line.last() == Some(&b'\n') {
                break;
            }
        }
        Ok(py.new_bytes(&line))
    }

    fn __iter__(this: Value, py: &mut Py) -> Result {
        IoBase::check_closed(py, this)?;
        Ok(this)
    }

    fn __next__(this: Value, py: &mut Py) -> Result<Option<Value>> {
        let line = call(py, this, "readline", &[])?;
        Ok((py.len(line)? > 0).then_some(line))
    }

    /// Return a list of lines from the stream.
    ///
    /// hint can be specified to control the number of lines read: no more
    /// lines will be read if the total size (in bytes/characters) of all
    /// lines so far exceeds hint.
    #[signature(self, hint=-1, /)]
    fn readlines(this: Value, py: &mut Py, hint: Option<isize>) -> Result<Gc<List>> {
        let hint = hint.unwrap_or(-1);
        if hint <= 0 {
            return py.list_from_iterable(this);
        }
        let lines = py.new_list(&[])?;
        let iterator = py.iter(this)?;
        let mut total = 0;
        while let Some(line) = py.next(iterator)? {
            py.list_push(lines, line)?;
            total += py.len(line)? as isize;
            if total > hint {
                break;
            }
        }
        Ok(lines)
    }

    /// Write a list of lines to stream.
    ///
    /// Line separators are not added, so it is usual for each of the
    /// lines provided to have a line separator at the end.
    #[signature(self, lines, /)]
    fn writelines(this: Value, py: &mut Py, lines: Value) -> Result<()> {
        IoBase::check_closed(py, this)?;
        let iterator = py.iter(lines)?;
        while let Some(line) = py.next(iterator)? {
            call(py, this, "write", &[line])?;
        }
        Ok(())
    }
}

/// Base class for raw binary I/O.
#[pyclass(name = "_RawIOBase", module = "_io", base = IoBase, layout = IoBase, flags(BASETYPE))]
pub struct RawIoBase;

#[pymethods]
impl RawIoBase {
    #[signature(self, size=-1, /)]
    fn read(this: Value, py: &mut Py, size: Option<isize>) -> Result {
        let size = size.unwrap_or(-1);
        let Ok(count) = usize::try_from(size) else { return call(py, this, "readall", &[]) };
        if count > isize::MAX as usize / 4 {
            return Err(py.no_memory());
        }
        let zeros = py.fill_bytes(count, |_, _| {})?;
        let class: Value = py.types.bytearray.into();
        let target = py.call(class, &[zeros.into()])?;
        let filled = call(py, this, "readinto", &[target])?;
        if filled.is_none() {
            return Ok(filled);
        }
        let filled = py.to_isize(filled)?;
        let array = Gc::<ByteArray>::known(py, target);
        if filled < 0 || filled as usize > array.get(py).data().len() {
            raise!(py, ValueError, "readinto returned {filled} outside buffer size {count}");
        }
        let bytes = py.fill_bytes(filled as usize, |py, out| out.copy_from_slice(&array.get(py).data()[..filled as usize]))?;
        Ok(bytes.into())
    }

    /// Read until EOF, using multiple read() call.
    #[signature(self, /)]
    fn readall(this: Value, py: &mut Py) -> Result {
        let mut all: Option<Vec<u8>> = None;
        loop {
            let piece = call(py, this, "read", &[Value::small(DEFAULT_BUFFER_SIZE as i32)])?;
            if piece.is_none() && all.is_none() {
                return Ok(piece);
            }
            if piece.is_none() {
                break;
            }
            let Some(bytes) = Gc::<Bytes>::cast(py, piece) else { raise!(py, TypeError, "read() should return bytes") };
            if bytes.get(py).data().is_empty() {
                break;
            }
            all.get_or_insert_default().extend_from_slice(bytes.get(py).data());
        }
        Ok(py.new_bytes(&all.unwrap_or_default()).into())
    }

    #[no_text_signature]
    fn readinto(this: Value, py: &mut Py, buffer: Value) -> Result {
        let _ = (this, buffer);
        raise!(py, NotImplementedError, "")
    }

    #[no_text_signature]
    fn write(this: Value, py: &mut Py, buffer: Value) -> Result {
        let _ = (this, buffer);
        raise!(py, NotImplementedError, "")
    }
}
