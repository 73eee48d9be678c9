//! `BufferedRWPair`: a reader and a writer as one stream.

use super::base::IoBase;
use super::buffered::{BufferedReader, BufferedWriter};
use super::{BufferedIoBase, finish_with};
use bredli_runtime::prelude::*;

/// A buffered reader and writer object together.
///
/// A buffered reader object and buffered writer object put together to
/// form a sequential IO object that can read and write. This is typically
/// used with a socket or two-way pipe.
///
/// reader and writer are RawIOBase objects that are readable and
/// writeable respectively. If the buffer_size is omitted it defaults to
/// DEFAULT_BUFFER_SIZE.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "BufferedRWPair", module = "_io", base = BufferedIoBase, flags(BASETYPE), dict = dict)]
pub struct BufferedPair {
    header: Header,
    dict: Option<Gc<Dict>>,
    reader: Option<Value>,
    writer: Option<Value>,
}

impl BufferedPair {
    fn forward(py: &mut Py, stream: Option<Value>, name: &str, args: Args) -> Result {
        let Some(stream) = stream else { raise!(py, ValueError, "I/O operation on uninitialized object") };
        let method = py.get_attr_named(stream, name)?;
        py.call_args(method, args)
    }
}

#[pymethods]
impl BufferedPair {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Self> {
        let _ = args;
        py.alloc_as(cls, BufferedPair { header: Header::EMPTY, dict: None, reader: None, writer: None })
    }

    #[signature(reader, writer, buffer_size = DEFAULT_BUFFER_SIZE, /)]
    fn __init__(this: Gc<Self>, py: &mut Py, reader: Value, writer: Value, buffer_size: Option<isize>) -> Result<()> {
        let size = py.new_int(buffer_size.unwrap_or(super::DEFAULT_BUFFER_SIZE as isize) as i64);
        IoBase::check_ability(py, reader, "readable")?;
        IoBase::check_ability(py, writer, "writable")?;
        let (reader_class, writer_class) = (py.class::<BufferedReader>(), py.class::<BufferedWriter>());
        let reader = py.call(reader_class.into(), &[reader, size])?;
        this.get_mut(py).reader = Some(reader);
        let writer = py.call(writer_class.into(), &[writer, size])?;
        this.get_mut(py).writer = Some(writer);
        Ok(())
    }

    #[no_text_signature]
    fn read(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        BufferedPair::forward(py, this.get(py).reader, "read", args)
    }

    #[no_text_signature]
    fn peek(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        BufferedPair::forward(py, this.get(py).reader, "peek", args)
    }

    #[no_text_signature]
    fn read1(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        BufferedPair::forward(py, this.get(py).reader, "read1", args)
    }

    #[no_text_signature]
    fn readinto(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        BufferedPair::forward(py, this.get(py).reader, "readinto", args)
    }

    #[no_text_signature]
    fn readinto1(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        BufferedPair::forward(py, this.get(py).reader, "readinto1", args)
    }

    #[no_text_signature]
    fn write(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        BufferedPair::forward(py, this.get(py).writer, "write", args)
    }

    #[signature(self, /)]
    fn flush(this: Gc<Self>, py: &mut Py) -> Result {
        BufferedPair::forward(py, this.get(py).writer, "flush", Args::EMPTY)
    }

    #[signature(self, /)]
    fn readable(this: Gc<Self>, py: &mut Py) -> Result {
        BufferedPair::forward(py, this.get(py).reader, "readable", Args::EMPTY)
    }

    #[signature(self, /)]
    fn writable(this: Gc<Self>, py: &mut Py) -> Result {
        BufferedPair::forward(py, this.get(py).writer, "writable", Args::EMPTY)
    }

    #[signature(self, /)]
    fn close(this: Gc<Self>, py: &mut Py) -> Result {
        let written = BufferedPair::forward(py, this.get(py).writer, "close", Args::EMPTY);
        let exception = written.is_err().then(|| py.take_exception());
        let read = BufferedPair::forward(py, this.get(py).reader, "close", Args::EMPTY);
        finish_with(py, read, exception)
    }

    #[signature(self, /)]
    fn isatty(this: Gc<Self>, py: &mut Py) -> Result {
        let answer = BufferedPair::forward(py, this.get(py).writer, "isatty", Args::EMPTY)?;
        if answer != Value::FALSE {
            return Ok(answer);
        }
        BufferedPair::forward(py, this.get(py).reader, "isatty", Args::EMPTY)
    }

    #[getter]
    fn closed(this: Gc<Self>, py: &mut Py) -> Result {
        match this.get(py).writer {
            Some(writer) => py.get_attr_named(writer, "closed"),
            None => raise!(py, RuntimeError, "the BufferedRWPair object is being garbage-collected"),
        }
    }
}
