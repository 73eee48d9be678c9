//! `BytesIO`: a binary stream in memory.
//!
//! Counterpart: `Modules/_io/bytesio.c`.

use super::{BufferedIoBase, call, fill_front};
use bredli_runtime::buffer::{BufferExports, BufferMut, BytesLike, Exported, Exporter};
use bredli_runtime::prelude::*;
use bredli_runtime::types::{Bytes, MemoryView};

/// Buffered I/O implementation using an in-memory bytes buffer.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "BytesIO", module = "_io", base = BufferedIoBase, flags(BASETYPE), dict = dict)]
pub struct BytesIo {
    header: Header,
    dict: Option<Gc<Dict>>,
    data: HeapVec<u8>,
    pos: usize,
    closed: bool,
    exports: BufferExports,
}

impl Exported for BytesIo {
    fn exports(&mut self) -> Option<&mut BufferExports> {
        Some(&mut self.exports)
    }
}

impl Exporter for BytesIo {
    fn memory(&self) -> &[u8] {
        &self.data
    }

    fn memory_mut(&mut self) -> &mut [u8] {
        &mut self.data
    }
}

/// What a view of a `BytesIO` refers to.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_BytesIOBuffer", module = "_io", flags(DISALLOW_INSTANTIATION))]
pub struct BytesIoBuffer {
    header: Header,
    source: Gc<BytesIo>,
}

#[pymethods]
impl BytesIoBuffer {
    fn __buffer__(this: Gc<Self>, py: &mut Py, flags: u32) -> Result<Gc<MemoryView>> {
        let source = this.get(py).source;
        py.export_bytes(source, false, flags)
    }
}

/// The vector, for growing it.
fn data(object: &mut BytesIo) -> &mut HeapVec<u8> {
    &mut object.data
}

impl BytesIo {
    #[inline]
    fn check_open(this: Gc<Self>, py: &mut Py) -> Result<()> {
        if this.get(py).closed {
            raise!(py, ValueError, "I/O operation on closed file.");
        }
        Ok(())
    }

    /// Bytes from the position on.
    fn rest(&self) -> usize {
        self.data.len().saturating_sub(self.pos)
    }

    /// The next `count` bytes, which are there.
    fn take(this: Gc<Self>, py: &mut Py, count: usize) -> Result<Gc<Bytes>> {
        let pos = this.get(py).pos;
        if count == 0 {
            return Ok(py.new_bytes(&[]));
        }
        let bytes = py.fill_bytes(count, |py, out| out.copy_from_slice(&this.get(py).data[pos..pos + count]))?;
        this.get_mut(py).pos += count;
        Ok(bytes)
    }

    /// How long the next line is, at most `limit` bytes.
    fn line(&self, limit: Option<usize>) -> usize {
        let rest = self.rest();
        if rest == 0 {
            return 0;
        }
        let considered = limit.map_or(rest, |limit| limit.min(rest));
        let bytes = &self.data[self.pos..self.pos + considered];
        memchr::memchr(b'\n', bytes).map_or(considered, |at| at + 1)
    }

    /// Overwrite what is at the position and append what goes past the end.
    fn put(this: Gc<Self>, py: &mut Py, bytes: Gc<Bytes>) -> Result<usize> {
        let count = bytes.get(py).data().len();
        if count == 0 {
            return Ok(0);
        }
        py.check_unexported(this)?;
        let (pos, len) = (this.get(py).pos, this.get(py).data.len());
        let Some(end) = pos.checked_add(count) else { raise!(py, OverflowError, "new buffer size too large") };
        if pos > len && py.heap.vec_resize(this, data, pos, 0).is_err() {
            return Err(py.no_memory());
        }
        let overlap = this.get(py).data.len().saturating_sub(pos).min(count);
        if py.heap.vec_extend_from(this, data, bytes, |bytes: &Bytes| &bytes.data()[overlap..]).is_err() {
            return Err(py.no_memory());
        }
        if overlap > 0 {
            let part = bytes.get(py).data()[..overlap].to_vec();
            this.get_mut(py).data[pos..pos + overlap].copy_from_slice(&part);
        }
        this.get_mut(py).pos = end;
        Ok(count)
    }
}

#[pymethods]
impl BytesIo {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Self> {
        let _ = args;
        py.alloc_as(
            cls,
            BytesIo { header: Header::EMPTY, dict: None, data: HeapVec::EMPTY, pos: 0, closed: false, exports: BufferExports::NONE },
        )
    }

    #[signature(initial_bytes = b"")]
    fn __init__(this: Gc<Self>, py: &mut Py, initial_bytes: Option<Value>) -> Result<()> {
        py.check_unexported(this)?;
        let object = this.get_mut(py);
        object.data.clear();
        (object.pos, object.closed) = (0, false);
        if let Some(initial) = initial_bytes {
            let bytes = BytesLike::new(py, initial)?;
            let bytes = bytes.object(py);
            BytesIo::put(this, py, bytes)?;
            this.get_mut(py).pos = 0;
        }
        Ok(())
    }

    /// Returns True if the IO object can be read.
    #[signature(self, /)]
    fn readable(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        BytesIo::check_open(this, py)?;
        Ok(true)
    }

    /// Returns True if the IO object can be written.
    #[signature(self, /)]
    fn writable(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        BytesIo::check_open(this, py)?;
        Ok(true)
    }

    /// Returns True if the IO object can be seeked.
    #[signature(self, /)]
    fn seekable(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        BytesIo::check_open(this, py)?;
        Ok(true)
    }

    /// Does nothing.
    #[signature(self, /)]
    fn flush(this: Gc<Self>, py: &mut Py) -> Result<()> {
        BytesIo::check_open(this, py)
    }

    /// Always returns False.
    ///
    /// BytesIO objects are not connected to a TTY-like device.
    #[signature(self, /)]
    fn isatty(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        BytesIo::check_open(this, py)?;
        Ok(false)
    }

    /// Current file position, an integer.
    #[signature(self, /)]
    fn tell(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        BytesIo::check_open(this, py)?;
        Ok(this.get(py).pos)
    }

    /// Disable all I/O operations.
    #[signature(self, /)]
    fn close(this: Gc<Self>, py: &mut Py) -> Result<()> {
        py.check_unexported(this)?;
        let object = this.get_mut(py);
        object.closed = true;
        object.data = HeapVec::EMPTY;
        Ok(())
    }

    /// Read at most size bytes, returned as a bytes object.
    ///
    /// If the size argument is negative, read until EOF is reached.
    /// Return an empty bytes object at EOF.
    #[signature(self, size=-1, /)]
    fn read(this: Gc<Self>, py: &mut Py, size: Option<isize>) -> Result<Gc<Bytes>> {
        BytesIo::check_open(this, py)?;
        let rest = this.get(py).rest();
        let count = usize::try_from(size.unwrap_or(-1)).map_or(rest, |size| size.min(rest));
        BytesIo::take(this, py, count)
    }

    /// Read at most size bytes, returned as a bytes object.
    ///
    /// If the size argument is negative or omitted, read until EOF is reached.
    /// Return an empty bytes object at EOF.
    #[signature(self, size=-1, /)]
    fn read1(this: Gc<Self>, py: &mut Py, size: Option<isize>) -> Result<Gc<Bytes>> {
        BytesIo::read(this, py, size)
    }

    /// Next line from the file, as a bytes object.
    ///
    /// Retain newline.  A non-negative size argument limits the maximum
    /// number of bytes to return (an incomplete line may be returned then).
    /// Return an empty bytes object at EOF.
    #[signature(self, size=-1, /)]
    fn readline(this: Gc<Self>, py: &mut Py, size: Option<isize>) -> Result<Gc<Bytes>> {
        BytesIo::check_open(this, py)?;
        let count = this.get(py).line(usize::try_from(size.unwrap_or(-1)).ok());
        BytesIo::take(this, py, count)
    }

    /// List of bytes objects, each a line from the file.
    ///
    /// Call readline() repeatedly and return a list of the lines so read.
    /// The optional size argument, if given, is an approximate bound on the
    /// total number of bytes in the lines returned.
    #[signature(self, size=None, /)]
    fn readlines(this: Gc<Self>, py: &mut Py, size: Value) -> Result<Gc<List>> {
        BytesIo::check_open(this, py)?;
        let limit = match size {
            Value::NONE => 0,
            size if !py.has_index(size) => {
                let given = py.class_name(size);
                raise!(py, TypeError, "integer argument expected, got '{given}'")
            }
            size => py.to_isize(size)?,
        };
        let lines = py.new_list(&[])?;
        let mut total = 0;
        loop {
            let count = this.get(py).line(None);
            if count == 0 {
                return Ok(lines);
            }
            let line = BytesIo::take(this, py, count)?;
            py.list_push(lines, line.into())?;
            total += count as isize;
            if limit > 0 && total >= limit {
                return Ok(lines);
            }
        }
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Result<Gc<Self>> {
        BytesIo::check_open(this, py)?;
        Ok(this)
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        BytesIo::check_open(this, py)?;
        match this.get(py).line(None) {
            0 => Ok(None),
            count => BytesIo::take(this, py, count).map(|line| Some(line.into())),
        }
    }

    /// Read bytes into buffer.
    ///
    /// Returns number of bytes read (0 for EOF), or None if the object
    /// is set not to block and has no data to read.
    #[signature(self, buffer, /)]
    fn readinto(this: Gc<Self>, py: &mut Py, buffer: BufferMut) -> Result<usize> {
        BytesIo::check_open(this, py)?;
        let object = this.get(py);
        let count = buffer.get(py).len().min(object.rest());
        let bytes = if count > 0 { object.data[object.pos..object.pos + count].to_vec() } else { Vec::new() };
        fill_front(py, buffer, &bytes);
        this.get_mut(py).pos += count;
        Ok(count)
    }

    /// Write bytes to file.
    ///
    /// Return the number of bytes written.
    #[signature(self, b, /)]
    fn write(this: Gc<Self>, py: &mut Py, b: Value) -> Result<usize> {
        BytesIo::check_open(this, py)?;
        if py.class_of(b) == py.types.bytes {
            let bytes = Gc::<Bytes>::known(py, b);
            return BytesIo::put(this, py, bytes);
        }
        let bytes = BytesLike::new(py, b)?;
        BytesIo::check_open(this, py)?;
        let bytes = bytes.object(py);
        BytesIo::put(this, py, bytes)
    }

    /// Write lines to the file.
    ///
    /// Note that newlines are not added.  lines can be any iterable object
    /// producing bytes-like objects. This is equivalent to calling write() for
    /// each element.
    #[signature(self, lines, /)]
    fn writelines(this: Gc<Self>, py: &mut Py, lines: Value) -> Result<()> {
        BytesIo::check_open(this, py)?;
        let iterator = py.iter(lines)?;
        while let Some(line) = py.next(iterator)? {
            BytesIo::write(this, py, line)?;
        }
        Ok(())
    }

    /// Change stream position.
    ///
    /// Seek to byte offset pos relative to position indicated by whence:
    ///      0  Start of stream (the default).  pos should be >= 0;
    ///      1  Current position - pos may be negative;
    ///      2  End of stream - pos usually negative.
    /// Returns the new absolute position.
    #[signature(self, pos, whence=0, /)]
    fn seek(this: Gc<Self>, py: &mut Py, pos: isize, whence: i32) -> Result<usize> {
        BytesIo::check_open(this, py)?;
        let base = match whence {
            0 if pos < 0 => raise!(py, ValueError, "negative seek value {pos}"),
            0 => 0,
            1 => this.get(py).pos as isize,
            2 => this.get(py).data.len() as isize,
            _ => raise!(py, ValueError, "invalid whence ({whence}, should be 0, 1 or 2)"),
        };
        let Some(target) = base.checked_add(pos) else { raise!(py, OverflowError, "new position too large") };
        let target = target.max(0) as usize;
        this.get_mut(py).pos = target;
        Ok(target)
    }

    /// Truncate the file to at most size bytes.
    ///
    /// Size defaults to the current file position, as returned by tell().
    /// The current file position is unchanged.  Returns the new size.
    #[signature(self, size=None, /)]
    fn truncate(this: Gc<Self>, py: &mut Py, size: Option<isize>) -> Result<usize> {
        BytesIo::check_open(this, py)?;
        let size = match size {
            Some(size) => match usize::try_from(size) {
                Ok(size) => size,
                Err(_) => raise!(py, ValueError, "negative size value {size}"),
            },
            None => this.get(py).pos,
        };
        if size < this.get(py).data.len() {
            py.check_unexported(this)?;
        }
        this.get_mut(py).data.truncate(size);
        Ok(size)
    }

    /// Get a read-write view over the contents of the BytesIO object.
    #[signature(self, /)]
    fn getbuffer(this: Gc<Self>, py: &mut Py) -> Result<Gc<MemoryView>> {
        BytesIo::check_open(this, py)?;
        let exporter = py.alloc(BytesIoBuffer { header: Header::EMPTY, source: this });
        py.memoryview(exporter.into(), bredli_runtime::buffer::flags::WRITABLE | bredli_runtime::buffer::flags::STRIDES)
    }

    /// Retrieve the entire contents of the BytesIO object.
    #[signature(self, /)]
    fn getvalue(this: Gc<Self>, py: &mut Py) -> Result<Gc<Bytes>> {
        BytesIo::check_open(this, py)?;
        let len = this.get(py).data.len();
        py.fill_bytes(len, |py, out| out.copy_from_slice(&this.get(py).data))
    }

    #[signature(self, /)]
    fn __getstate__(this: Gc<Self>, py: &mut Py) -> Result {
        let value = call(py, this.into(), "getvalue", &[])?;
        let pos = py.new_int(this.get(py).pos as i64);
        let dict = match this.get(py).dict {
            Some(dict) => py.dict_copy(dict)?.into(),
            None => Value::NONE,
        };
        Ok(py.new_tuple(&[value, pos, dict]).into())
    }

    #[signature(self, object, /)]
    fn __setstate__(this: Gc<Self>, py: &mut Py, object: Value) -> Result<()> {
        let class = py.class_name(this.into());
        let parts = Gc::<Tuple>::cast(py, object).filter(|tuple| tuple.get(py).len() >= 3);
        let Some(parts) = parts else {
            let given = py.class_name(object);
            raise!(py, TypeError, "{class}.__setstate__ argument should be 3-tuple, got {given}");
        };
        let [value, pos, dict] = [0, 1, 2].map(|index| parts.get(py).items()[index]);
        py.check_unexported(this)?;
        let stream = this.get_mut(py);
        stream.data.clear();
        stream.pos = 0;
        BytesIo::write(this, py, value)?;
        if !py.is_int(pos) {
            let given = py.class_name(pos);
            raise!(py, TypeError, "second item of state must be an integer, not {given}");
        }
        let pos = py.to_isize(pos)?;
        let Ok(pos) = usize::try_from(pos) else { raise!(py, ValueError, "position value cannot be negative") };
        this.get_mut(py).pos = pos;
        super::restore_dict(py, this.into(), dict, "third")
    }

    #[signature(self, /)]
    fn __sizeof__(this: Gc<Self>, py: &Py) -> usize {
        size_of::<BytesIo>() + this.get(py).data.capacity()
    }

    /// True if the file is closed.
    #[getter]
    fn closed(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).closed
    }
}
