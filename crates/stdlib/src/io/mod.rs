//! `_io`: streams. Raw files, buffers around them, text on top, and streams in memory.
//!
//! Counterpart: `Modules/_io/`.

mod abstracts;
mod base;
mod buffered;
mod bytes_io;
mod file_io;
mod newline;
mod open;
mod pair;
mod standard;
mod string_io;
mod text;
mod unflushed;

pub use standard::start as start_standard_streams;
pub use text::{TextIo, print_to};
pub use unflushed::flush_files;

use abstracts::{BufferedIoBase, TextIoBase};
use base::{IoBase, RawIoBase};
use bredli_runtime::buffer::BufferMut;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;
use buffered::{Buffered, BufferedRandom, BufferedReader, BufferedWriter};
use bytes_io::{BytesIo, BytesIoBuffer};
use file_io::FileIo;
use newline::NewlineDecoder;
use pair::BufferedPair;
use string_io::StringIo;

/// Bytes that buffered streams keep unless told otherwise.
pub const DEFAULT_BUFFER_SIZE: usize = 128 * 1024;

/// `object.name(*args)`
fn call(py: &mut Py, object: Value, name: &str, args: &[Value]) -> Result {
    let name = py.intern(name);
    py.call_method(object, name, args)
}

/// `object.closed` as a bool; False when there is no such attribute.
fn closed_attribute(py: &mut Py, object: Value) -> Result<bool> {
    let name = py.intern("closed");
    match py.lookup_attr(object, name)? {
        Some(closed) => py.truth(closed),
        None => Ok(false),
    }
}

/// `io.UnsupportedOperation`, which the base class keeps.
fn unsupported_class(py: &mut Py) -> Result {
    let owner = py.class::<IoBase>();
    if let Some(class) = owner.get(py).extra {
        return Ok(class);
    }
    let (os_error, value_error) = (py.exceptions.OSError, py.exceptions.ValueError);
    let (name, module) = (py.new_str("UnsupportedOperation"), py.new_str("io"));
    let bases = py.new_tuple(&[os_error.into(), value_error.into()]);
    let namespace = py.new_dict();
    let key = py.names.__module__;
    py.dict_set_str(namespace, key, module.into())?;
    let metaclass: Value = py.types.r#type.into();
    let class = py.call(metaclass, &[name.into(), bases.into(), namespace.into()])?;
    owner.get_mut(py).extra = Some(class);
    Ok(class)
}

/// Raise `io.UnsupportedOperation`.
#[cold]
fn unsupported(py: &mut Py, text: &str) -> Raised {
    let text = py.new_str(text);
    match unsupported_class(py).and_then(|class| py.call(class, &[text.into()])) {
        Ok(exception) => py.raise(exception),
        Err(raised) => raised,
    }
}

/// The outcome of a second step after a first one may have raised `exception`, which then becomes the context of what the second raises.
fn finish_with<T>(py: &mut Py, second: Result<T>, exception: Option<Value>) -> Result<T> {
    let Some(exception) = exception else { return second };
    if second.is_err() {
        let raised = py.take_exception();
        if raised != exception {
            let name = py.intern("__context__");
            py.set_attr(raised, name, Some(exception))?;
        }
        return Err(py.restore_exception(raised));
    }
    Err(py.restore_exception(exception))
}

/// Say of a stream whether another one will close it when it dies.
fn set_wrapped(py: &mut Py, stream: Value, wrapped: bool) {
    if let Some(file) = Gc::<FileIo>::cast(py, stream) {
        file.get_mut(py).set_wrapped(wrapped);
    } else if let Some(buffered) = Gc::<Buffered>::cast(py, stream) {
        buffered.get_mut(py).set_wrapped(wrapped);
    }
}

/// Go on after an interruption that a stream written in Python reported, unless a signal handler raises.
fn trap_interruption(py: &mut Py, raised: Raised) -> Result<()> {
    if !py.exception_matches(py.exceptions.InterruptedError) {
        return Err(raised);
    }
    py.clear_exception();
    py.run_signal_handlers()
}

/// `repr(name)` of a stream, which may refer back to the stream.
fn guarded_repr(py: &mut Py, stream: Value, name: Value) -> Result<String> {
    if !py.repr_enter(stream) {
        let class = py.class_name(stream);
        raise!(py, RuntimeError, "reentrant call inside {class}.__repr__");
    }
    let shown = py.repr_text(name);
    py.repr_leave();
    shown
}

/// Bring back the attributes of a stream from its pickled state.
fn restore_dict(py: &mut Py, stream: Value, saved: Value, place: &str) -> Result<()> {
    if saved.is_none() {
        return Ok(());
    }
    let Some(saved_dict) = Gc::<Dict>::cast(py, saved) else {
        let given = py.class_name(saved);
        raise!(py, TypeError, "{place} item of state should be a dict, got a {given}");
    };
    match py.instance_dict(stream) {
        Some(dict) => py.dict_copy_into(dict, saved_dict),
        None => Ok(()),
    }
}

/// Copy bytes to the front of writable memory.
fn fill_front(py: &mut Py, buffer: BufferMut, bytes: &[u8]) {
    let memory = buffer.get_mut(py);
    let count = memory.len().min(bytes.len());
    memory[..count].copy_from_slice(&bytes[..count]);
}

/// An offset in a file: an int that fits into 64 bits.
fn to_offset(py: &mut Py, value: Value) -> Result<i64> {
    let int = py.index(value)?;
    match py.int_to_i64(int) {
        Some(offset) => Ok(offset),
        None => raise!(py, OverflowError, "Python int too large to convert to C long"),
    }
}

/// Refuse to pickle.
fn cannot_pickle(py: &mut Py, object: Value) -> Raised {
    let class = py.class_name(object);
    error!(py, TypeError, "cannot pickle '{class}' instances")
}

/// Issue a warning of a class.
pub(crate) fn warn(py: &mut Py, class: Gc<Class>, text: &str, level: i32, source: Option<Value>) -> Result<()> {
    let warnings = py.import_module("warnings")?;
    let text = py.new_str(text);
    let function = py.get_attr_named(warnings, "warn")?;
    match source {
        None => py.call(function, &[text.into(), class.into(), Value::small(level)])?,
        Some(source) => py.call(function, &[text.into(), class.into(), Value::small(level), source])?,
    };
    Ok(())
}

/// The io module provides the Python interfaces to stream handling. The
/// builtin open function is defined in this module.
#[pymodule(
    name = "_io",
    classes(
        IoBase,
        RawIoBase,
        BufferedIoBase,
        TextIoBase,
        FileIo,
        BytesIo,
        BytesIoBuffer,
        StringIo,
        BufferedReader,
        BufferedWriter,
        BufferedRandom,
        BufferedPair,
        TextIo,
        NewlineDecoder
    ),
    parts(open::opening::PART)
)]
pub mod io {
    use super::*;

    #[constant]
    #[pyname("DEFAULT_BUFFER_SIZE")]
    fn default_buffer_size() -> usize {
        super::DEFAULT_BUFFER_SIZE
    }

    #[constant]
    fn BlockingIOError(py: &mut Py) -> Gc<Class> {
        py.exceptions.BlockingIOError
    }

    #[constant]
    fn UnsupportedOperation(py: &mut Py) -> Result {
        unsupported_class(py)
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let _ = (py, module);
        Ok(())
    }
}
