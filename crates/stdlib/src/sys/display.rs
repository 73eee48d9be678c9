//! How results and exceptions are shown: `sys.displayhook`, `sys.excepthook`.
//!
//! Counterpart: `Python/sysmodule.c`.

use crate::report;
use bredli_runtime::prelude::*;

#[pymodule(name = "sys", part)]
pub mod display {
    use super::*;

    /// Print an object to sys.stdout and also save it in builtins._
    #[pyfunction]
    #[pyname("displayhook", "__displayhook__")]
    #[signature(object, /)]
    fn displayhook(py: &mut Py, object: Value) -> Result<()> {
        if object.is_none() {
            return Ok(());
        }
        let (builtins, last) = (py.import_module("builtins")?, py.intern("_"));
        // While the text is made, `_` does not hold the previous result.
        py.set_attr(builtins, last, Some(Value::NONE))?;
        let stdout = py.names.stdout;
        let stdout = py.sys_attribute(stdout)?;
        if stdout.is_none() {
            raise!(py, RuntimeError, "lost sys.stdout");
        }
        let text = py.repr(object)?;
        let write = py.names.write;
        let written = py.call_method(stdout, write, &[text.into()]);
        let unencodable = py.exceptions.UnicodeEncodeError;
        if py.ignore(written, unencodable)?.is_none() {
            write_escaped(py, stdout, text)?;
        }
        let end = py.char_str('\n' as u32);
        py.call_method(stdout, write, &[end.into()])?;
        py.set_attr(builtins, last, Some(object))
    }

    /// Handle an exception by displaying it with a traceback on sys.stderr.
    #[pyfunction]
    #[pyname("excepthook", "__excepthook__")]
    #[signature(exctype, value, traceback, /)]
    fn excepthook(py: &mut Py, exctype: Value, value: Value, traceback: Value) -> Result<()> {
        let _ = exctype;
        let name = py.intern("__traceback__");
        if py.is_exception(value) && py.class_of(traceback) == py.types.traceback && py.get_attr(value, name)?.is_none() {
            py.set_attr(value, name, Some(traceback))?;
        }
        report::show(py, value);
        Ok(())
    }
}

/// Write a text whose characters the stream's encoding does not all have.
fn write_escaped(py: &mut Py, stream: Value, text: Gc<Str>) -> Result<()> {
    let encoding = py.get_attr_named(stream, "encoding")?;
    let encoding = py.str_text(encoding)?;
    let bytes: Value = py.encode_str(text, &encoding, "backslashreplace")?.into();
    let name = py.intern("buffer");
    match py.lookup_attr(stream, name)? {
        Some(buffer) => py.call_method_named(buffer, "write", &[bytes])?,
        None => {
            let encoding = py.new_str(&encoding);
            let errors = py.new_str("strict");
            let text = py.call_method_named(bytes, "decode", &[encoding.into(), errors.into()])?;
            py.call_method_named(stream, "write", &[text])?
        }
    };
    Ok(())
}
