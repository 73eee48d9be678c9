//! The three classes and their methods.

use super::super::{BufferedIoBase, call, cannot_pickle};
use super::Buffered;
use bredli_runtime::buffer::{BufferMut, BytesLike};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

/// Create a new buffered reader using the given readable raw IO object.
#[pyclass(name = "BufferedReader", module = "_io", base = BufferedIoBase, layout = Buffered, dict = dict, flags(BASETYPE), parts(shared, reading))]
pub struct BufferedReader;

/// A buffer for a writeable sequential RawIO object.
///
/// The constructor creates a BufferedWriter for the given writeable raw
/// stream. If the buffer_size is not given, it defaults to
/// DEFAULT_BUFFER_SIZE.
#[pyclass(name = "BufferedWriter", module = "_io", base = BufferedIoBase, layout = Buffered, dict = dict, flags(BASETYPE), parts(shared, writing))]
pub struct BufferedWriter;

/// A buffered interface to random access streams.
///
/// The constructor creates a reader and writer for a seekable stream,
/// raw, given in the first argument. If the buffer_size is omitted it
/// defaults to DEFAULT_BUFFER_SIZE.
#[pyclass(name = "BufferedRandom", module = "_io", base = BufferedIoBase, layout = Buffered, dict = dict, flags(BASETYPE), parts(shared, reading, writing))]
pub struct BufferedRandom;

/// What all three have.
macro_rules! shared {
    ($class:ident, $readable:literal, $writable:literal) => {
        #[pymethods(part = "shared")]
        impl $class {
            fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Buffered> {
                let _ = args;
                py.alloc_as(cls, Buffered::uninitialized($readable, $writable))
            }

            #[signature(raw, buffer_size = DEFAULT_BUFFER_SIZE)]
            fn __init__(this: Gc<Buffered>, py: &mut Py, raw: Value, buffer_size: Option<isize>) -> Result<()> {
                let size = buffer_size.unwrap_or(super::super::DEFAULT_BUFFER_SIZE as isize);
                Buffered::connect(py, this, raw, size)
            }

            fn __del__(this: Gc<Buffered>, py: &mut Py) -> Result<()> {
                Buffered::finalize(this, py)
            }

            fn __repr__(this: Gc<Buffered>, py: &mut Py) -> Result<String> {
                Buffered::show(this, py)
            }

            #[signature(self, /)]
            fn close(this: Gc<Buffered>, py: &mut Py) -> Result {
                Buffered::close_all(this, py)
            }

            #[signature(self, /)]
            fn detach(this: Gc<Buffered>, py: &mut Py) -> Result {
                Buffered::detach_raw(this, py)
            }

            #[signature(self, /)]
            fn seekable(this: Gc<Buffered>, py: &mut Py) -> Result {
                let raw = Buffered::raw(this, py)?;
                call(py, raw, "seekable", &[])
            }

            #[signature(self, /)]
            fn fileno(this: Gc<Buffered>, py: &mut Py) -> Result {
                let raw = Buffered::raw(this, py)?;
                call(py, raw, "fileno", &[])
            }

            #[signature(self, /)]
            fn isatty(this: Gc<Buffered>, py: &mut Py) -> Result {
                let raw = Buffered::raw(this, py)?;
                call(py, raw, "isatty", &[])
            }

            #[signature(self, source, /)]
            fn _dealloc_warn(this: Gc<Buffered>, py: &mut Py, source: Value) -> Result<()> {
                Buffered::warn_unclosed(this, py, source);
                Ok(())
            }

            #[signature(self, target, whence=0, /)]
            fn seek(this: Gc<Buffered>, py: &mut Py, target: Value, whence: i32) -> Result<i64> {
                Buffered::seek_to(this, py, target, whence)
            }

            #[signature(self, /)]
            fn tell(this: Gc<Buffered>, py: &mut Py) -> Result<i64> {
                Buffered::position(this, py)
            }

            #[signature(self, pos=None, /)]
            fn truncate(this: Gc<Buffered>, py: &mut Py, pos: Value) -> Result {
                Buffered::truncate_to(this, py, pos)
            }

            #[signature(self, /)]
            fn __sizeof__(this: Gc<Buffered>, py: &Py) -> usize {
                size_of::<Buffered>() + this.get(py).size
            }

            #[signature(self, /)]
            fn __getstate__(this: Gc<Buffered>, py: &mut Py) -> Result {
                Err(cannot_pickle(py, this.into()))
            }

            #[getter]
            fn raw(this: Gc<Buffered>, py: &mut Py) -> Option<Value> {
                this.get(py).raw
            }

            #[getter]
            fn _finalizing(this: Gc<Buffered>, py: &Py) -> bool {
                this.get(py).finalizing
            }

            #[setter]
            fn set__finalizing(this: Gc<Buffered>, py: &mut Py, value: bool) {
                this.get_mut(py).finalizing = value;
            }

            #[getter]
            fn closed(this: Gc<Buffered>, py: &mut Py) -> Result {
                let raw = Buffered::raw(this, py)?;
                py.get_attr_named(raw, "closed")
            }

            #[getter]
            fn name(this: Gc<Buffered>, py: &mut Py) -> Result {
                let raw = Buffered::raw(this, py)?;
                py.get_attr_named(raw, "name")
            }

            #[getter]
            fn mode(this: Gc<Buffered>, py: &mut Py) -> Result {
                let raw = Buffered::raw(this, py)?;
                py.get_attr_named(raw, "mode")
            }
        }
    };
}

/// What those have that read.
macro_rules! reading {
    ($class:ident) => {
        #[pymethods(part = "reading")]
        impl $class {
            #[signature(self, /)]
            fn readable(this: Gc<Buffered>, py: &mut Py) -> Result {
                let raw = Buffered::raw(this, py)?;
                call(py, raw, "readable", &[])
            }

            #[signature(self, size=-1, /)]
            fn read(this: Gc<Buffered>, py: &mut Py, size: Option<isize>) -> Result {
                Buffered::read_some(this, py, size.unwrap_or(-1))
            }

            #[signature(self, size=0, /)]
            fn peek(this: Gc<Buffered>, py: &mut Py, size: isize) -> Result<Gc<Bytes>> {
                let _ = size;
                Buffered::look_ahead(this, py)
            }

            #[signature(self, size=-1, /)]
            fn read1(this: Gc<Buffered>, py: &mut Py, size: isize) -> Result<Gc<Bytes>> {
                Buffered::read_once(this, py, size)
            }

            #[signature(self, buffer, /)]
            fn readinto(this: Gc<Buffered>, py: &mut Py, buffer: BufferMut) -> Result<Option<usize>> {
                Buffered::read_into(this, py, buffer, false)
            }

            #[signature(self, buffer, /)]
            fn readinto1(this: Gc<Buffered>, py: &mut Py, buffer: BufferMut) -> Result<Option<usize>> {
                Buffered::read_into(this, py, buffer, true)
            }

            #[signature(self, size=-1, /)]
            fn readline(this: Gc<Buffered>, py: &mut Py, size: Option<isize>) -> Result<Gc<Bytes>> {
                Buffered::read_line(this, py, size.unwrap_or(-1))
            }

            fn __next__(this: Gc<Buffered>, py: &mut Py) -> Result<Option<Value>> {
                Buffered::next_line(this, py)
            }
        }
    };
}

/// What those have that write.
macro_rules! writing {
    ($class:ident) => {
        #[pymethods(part = "writing")]
        impl $class {
            #[signature(self, /)]
            fn writable(this: Gc<Buffered>, py: &mut Py) -> Result {
                let raw = Buffered::raw(this, py)?;
                call(py, raw, "writable", &[])
            }

            #[signature(self, buffer, /)]
            fn write(this: Gc<Buffered>, py: &mut Py, buffer: BytesLike) -> Result<usize> {
                Buffered::write_bytes(this, py, buffer)
            }

            #[signature(self, /)]
            fn flush(this: Gc<Buffered>, py: &mut Py) -> Result<()> {
                Buffered::flush(this, py)
            }
        }
    };
}

shared!(BufferedReader, true, false);
reading!(BufferedReader);
shared!(BufferedWriter, false, true);
writing!(BufferedWriter);
shared!(BufferedRandom, true, true);
reading!(BufferedRandom);
writing!(BufferedRandom);

#[pymethods]
impl BufferedReader {
    #[signature(self, /)]
    fn flush(this: Gc<Buffered>, py: &mut Py) -> Result {
        let raw = Buffered::raw(this, py)?;
        call(py, raw, "flush", &[])
    }
}
