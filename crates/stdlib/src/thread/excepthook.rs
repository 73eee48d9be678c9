//! `_thread._excepthook`: what `threading` does about an exception that a thread did not handle.

use crate::structseq;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

const FIELDS: &[&str] = &["exc_type", "exc_value", "exc_traceback", "thread"];

/// Add `_ExceptHookArgs`.
pub fn add_class(py: &mut Py, module: Gc<Module>) -> Result<()> {
    let doc = "ExceptHookArgs\n\nType used to pass arguments to threading.excepthook.";
    let class = structseq::new_class(py, "_thread", "_ExceptHookArgs", doc, FIELDS, FIELDS.len())?;
    py.module_set(module, "_ExceptHookArgs", class.into())
}

/// Write the exception with the name of its thread to `sys.stderr`.
pub fn show(py: &mut Py, args: Value) -> Result<()> {
    let module = py.import_module("_thread")?;
    let class = py.get_attr_named(module, "_ExceptHookArgs")?;
    if !py.is_instance(args, class)? {
        raise!(py, TypeError, "_thread.excepthook argument type must be ExceptHookArgs");
    }
    let [class, exception, traceback, thread] = {
        let mut fields = [Value::NONE; 4];
        for (field, name) in fields.iter_mut().zip(FIELDS) {
            *field = py.get_attr_named(args, name)?;
        }
        fields
    };
    if class == Value::from(py.exceptions.SystemExit) {
        return Ok(());
    }
    let name = py.intern("stderr");
    let mut file = py.sys_attribute(name).unwrap_or(Value::NONE);
    py.clear_exception();
    if file.is_none() {
        if thread.is_none() {
            return Ok(());
        }
        file = py.get_attr_named(thread, "_stderr")?;
        if file.is_none() {
            return Ok(());
        }
    }
    let name = if thread.is_none() {
        py.thread_ident().to_string()
    } else {
        let name = py.get_attr_named(thread, "name")?;
        py.str_text(name)?
    };
    let text = py.new_str(&format!("Exception in thread {name}:\n"));
    py.call_method_named(file, "write", &[text.into()])?;
    let module = py.import_module("traceback")?;
    let print = py.get_attr_named(module, "print_exception")?;
    let (key, limit) = (py.intern("file"), py.intern("limit"));
    let names = py.new_tuple(&[limit.into(), key.into()]);
    py.call_kw(print, &[class, exception, traceback, Value::NONE, file], names)?;
    py.call_method_named(file, "flush", &[])?;
    Ok(())
}
