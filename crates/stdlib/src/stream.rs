//! The standard output streams, until `_io` has its text layer: UTF-8 text to a descriptor, with a buffer.

use bredli_runtime::prelude::*;

/// Bytes kept back before they are written.
const BUFFER: usize = 8192;

/// A text stream that writes to a descriptor.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "StandardStream", module = "_io", flags(HAS_WEAKREF))]
pub struct StandardStream {
    header: Header,
    fd: i32,
    unbuffered: bool,
    pending: HeapVec<u8>,
}

impl StandardStream {
    /// A stream for a descriptor; an unbuffered one writes at once.
    pub fn create(py: &mut Py, fd: i32, unbuffered: bool) -> Value {
        py.alloc(StandardStream { header: Header::EMPTY, fd, unbuffered, pending: HeapVec::EMPTY }).into()
    }
}

#[pymethods]
impl StandardStream {
    /// Write string s to stream.
    ///
    /// Return the number of characters written (which is always equal to the length of the string).
    #[signature(self, s, /)]
    fn write(this: Gc<Self>, py: &mut Py, s: Gc<Str>) -> Result<usize> {
        let count = s.get(py).char_len();
        let text = s.get(py).lossy();
        let unbuffered = this.get(py).unbuffered;
        if py.heap.vec_extend(this, |stream: &mut StandardStream| &mut stream.pending, text.as_bytes()).is_err() {
            return Err(py.no_memory());
        }
        if unbuffered || this.get(py).pending.len() >= BUFFER {
            StandardStream::flush(this, py)?;
        }
        Ok(count)
    }

    /// Write what has been kept back.
    fn flush(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let (fd, pending) = (this.get(py).fd, this.get(py).pending.to_vec());
        this.get_mut(py).pending.clear();
        let host = py.host.clone();
        let mut rest = pending.as_slice();
        while !rest.is_empty() {
            match host.write(fd, rest) {
                Ok(written) => rest = &rest[written.min(rest.len())..],
                Err(error) => {
                    let (errno, text): (Value, Value) = (Value::small(error.errno), py.new_str(&error.message()).into());
                    let class: Value = py.exceptions.OSError.into();
                    let exception = py.call(class, &[errno, text])?;
                    return Err(py.raise(exception));
                }
            }
        }
        Ok(())
    }

    /// Return the underlying file descriptor.
    fn fileno(this: Gc<Self>, py: &mut Py) -> i32 {
        this.get(py).fd
    }

    /// Return whether this is an interactive stream.
    fn isatty(this: Gc<Self>, py: &mut Py) -> bool {
        let fd = this.get(py).fd;
        py.host.clone().isatty(fd).unwrap_or(false)
    }

    /// Return whether the stream can be written.
    fn writable(this: Gc<Self>) -> bool {
        let _ = this;
        true
    }

    #[getter]
    fn encoding(this: Gc<Self>) -> &'static str {
        let _ = this;
        "utf-8"
    }

    #[getter]
    fn errors(this: Gc<Self>) -> &'static str {
        let _ = this;
        "strict"
    }

    #[getter]
    fn closed(this: Gc<Self>) -> bool {
        let _ = this;
        false
    }
}
