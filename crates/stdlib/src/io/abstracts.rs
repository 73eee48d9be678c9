//! `_BufferedIOBase` and `_TextIOBase`: what buffered binary streams and text streams have in common.
//!
//! Counterparts: the first halves of `Modules/_io/bufferedio.c` and `textio.c`.

use super::base::IoBase;
use super::{call, fill_front, unsupported};
use bredli_runtime::buffer::BufferMut;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

/// Base class for buffered IO objects.
///
/// The main difference with RawIOBase is that the read() method
/// supports omitting the size argument, and does not have a default
/// implementation that defers to readinto().
///
/// In addition, read(), readinto() and write() may raise
/// BlockingIOError if the underlying raw stream is in non-blocking
/// mode and not ready; unlike their raw counterparts, they will never
/// return None.
///
/// A typical implementation should not inherit from a RawIOBase
/// implementation, but wrap one.
#[pyclass(name = "_BufferedIOBase", module = "_io", base = IoBase, layout = IoBase, flags(BASETYPE))]
pub struct BufferedIoBase;

impl BufferedIoBase {
    /// `readinto` by way of a method that returns bytes.
    fn read_into(py: &mut Py, this: Value, buffer: BufferMut, method: &str) -> Result<usize> {
        let count = buffer.get(py).len();
        let size = py.new_int(count as i64);
        let data = call(py, this, method, &[size])?;
        let Some(bytes) = Gc::<Bytes>::cast(py, data) else { raise!(py, TypeError, "read() should return bytes") };
        let given = bytes.get(py).data().len();
        if given > count {
            raise!(py, ValueError, "read() returned too much data: {count} bytes requested, {given} returned");
        }
        let data = bytes.get(py).data().to_vec();
        fill_front(py, buffer, &data);
        Ok(given)
    }
}

#[pymethods]
impl BufferedIoBase {
    /// Disconnect this buffer from its underlying raw stream and return it.
    ///
    /// After the raw stream has been detached, the buffer is in an unusable
    /// state.
    #[signature(self, /)]
    fn detach(this: Value, py: &mut Py) -> Result {
        let _ = this;
        Err(unsupported(py, "detach"))
    }

    /// Read and return up to n bytes.
    ///
    /// If the size argument is omitted, None, or negative, read and
    /// return all data until EOF.
    ///
    /// If the size argument is positive, and the underlying raw stream is
    /// not 'interactive', multiple raw reads may be issued to satisfy
    /// the byte count (unless EOF is reached first).
    /// However, for interactive raw streams (as well as sockets and pipes),
    /// at most one raw read will be issued, and a short result does not
    /// imply that EOF is imminent.
    ///
    /// Return an empty bytes object on EOF.
    ///
    /// Return None if the underlying raw stream was open in non-blocking
    /// mode and no data is available at the moment.
    #[signature(self, size=-1, /)]
    fn read(this: Value, py: &mut Py, size: Value) -> Result {
        let _ = (this, size);
        Err(unsupported(py, "read"))
    }

    /// Read and return up to size bytes, with at most one read() call to the underlying raw stream.
    ///
    /// Return an empty bytes object on EOF.
    /// A short result does not imply that EOF is imminent.
    #[signature(self, size=-1, /)]
    fn read1(this: Value, py: &mut Py, size: Value) -> Result {
        let _ = (this, size);
        Err(unsupported(py, "read1"))
    }

    #[signature(self, buffer, /)]
    fn readinto(this: Value, py: &mut Py, buffer: BufferMut) -> Result<usize> {
        BufferedIoBase::read_into(py, this, buffer, "read")
    }

    #[signature(self, buffer, /)]
    fn readinto1(this: Value, py: &mut Py, buffer: BufferMut) -> Result<usize> {
        BufferedIoBase::read_into(py, this, buffer, "read1")
    }

    /// Write buffer b to the IO stream.
    ///
    /// Return the number of bytes written, which is always
    /// the length of b in bytes.
    ///
    /// Raise BlockingIOError if the buffer is full and the
    /// underlying raw stream cannot accept more data at the moment.
    #[signature(self, b, /)]
    fn write(this: Value, py: &mut Py, b: Value) -> Result {
        let _ = (this, b);
        Err(unsupported(py, "write"))
    }
}

/// Base class for text I/O.
///
/// This class provides a character and line based interface to stream
/// I/O. There is no readinto method because Python's character strings
/// are immutable.
#[pyclass(name = "_TextIOBase", module = "_io", base = IoBase, layout = IoBase, flags(BASETYPE))]
pub struct TextIoBase;

#[pymethods]
impl TextIoBase {
    /// Separate the underlying buffer from the TextIOBase and return it.
    ///
    /// After the underlying buffer has been detached, the TextIO is in an unusable state.
    #[signature(self, /)]
    fn detach(this: Value, py: &mut Py) -> Result {
        let _ = this;
        Err(unsupported(py, "detach"))
    }

    /// Read at most size characters from stream.
    ///
    /// Read from underlying buffer until we have size characters or we hit EOF.
    /// If size is negative or omitted, read until EOF.
    #[signature(self, size=-1, /)]
    fn read(this: Value, py: &mut Py, size: Value) -> Result {
        let _ = (this, size);
        Err(unsupported(py, "read"))
    }

    /// Read until newline or EOF.
    ///
    /// Return an empty string if EOF is hit immediately.
    /// If size is specified, at most size characters will be read.
    #[signature(self, size=-1, /)]
    fn readline(this: Value, py: &mut Py, size: Value) -> Result {
        let _ = (this, size);
        Err(unsupported(py, "readline"))
    }

    /// Write string s to stream.
    ///
    /// Return the number of characters written
    /// (which is always equal to the length of the string).
    #[signature(self, s, /)]
    fn write(this: Value, py: &mut Py, s: Value) -> Result {
        let _ = (this, s);
        Err(unsupported(py, "write"))
    }

    /// Encoding of the text stream.
    ///
    /// Subclasses should override.
    #[getter]
    fn encoding(_this: Value) {}

    /// Line endings translated so far.
    ///
    /// Only line endings translated during reading are considered.
    ///
    /// Subclasses should override.
    #[getter]
    fn newlines(_this: Value) {}

    /// The error setting of the decoder or encoder.
    ///
    /// Subclasses should override.
    #[getter]
    fn errors(_this: Value) {}
}
