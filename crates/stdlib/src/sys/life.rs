//! What `sys` has to do with the life of objects and threads.

use crate::{report, structseq};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

const UNRAISABLE_DOC: &str = "UnraisableHookArgs\n\nType used to pass arguments to sys.unraisablehook.";
const UNRAISABLE: &[&str] = &["exc_type", "exc_value", "exc_traceback", "err_msg", "object"];
/// Bytes that CPython's collector keeps in front of an object it tracks.
pub const COLLECTOR_HEADER: usize = 16;

/// Add the class of what `unraisablehook` is called with.
pub fn add_class(py: &mut Py, module: Gc<Module>) -> Result<()> {
    let class = structseq::new_class(py, "builtins", "UnraisableHookArgs", UNRAISABLE_DOC, UNRAISABLE, UNRAISABLE.len())?;
    py.module_set(module, "UnraisableHookArgs", class.into())
}

/// Write an exception that cannot be raised to `sys.stderr`.
fn show(py: &mut Py, [_, exception, _, message, object]: [Value; 5]) -> Result<()> {
    let name = py.intern("stderr");
    let file = py.sys_attribute(name)?;
    if file.is_none() {
        return Ok(());
    }
    let message = if message.is_none() { "Exception ignored in".to_string() } else { py.str_text(message)? };
    let object = if object.is_none() {
        String::new()
    } else {
        let shown = py.repr_text(object);
        py.clear_exception();
        format!(": {}", shown.unwrap_or_else(|_| "<object repr() failed>".to_string()))
    };
    let colon = if object.is_empty() { ":" } else { "" };
    let text = py.new_str(&format!("{message}{object}{colon}\n"));
    py.call_method_named(file, "write", &[text.into()])?;
    report::show(py, exception);
    py.call_method_named(file, "flush", &[])?;
    Ok(())
}

#[pymodule(name = "sys", part)]
pub mod life {
    use super::*;

    /// Handle an unraisable exception.
    ///
    /// The unraisable argument has the following attributes:
    ///
    /// * exc_type: Exception type.
    /// * exc_value: Exception value, can be None.
    /// * exc_traceback: Exception traceback, can be None.
    /// * err_msg: Error message, can be None.
    /// * object: Object causing the exception, can be None.
    #[pyfunction]
    #[pyname("unraisablehook", "__unraisablehook__")]
    #[signature(unraisable, /)]
    fn unraisablehook(py: &mut Py, unraisable: Value) -> Result<()> {
        let name = py.intern("UnraisableHookArgs");
        let class = py.sys_attribute(name)?;
        if !py.is_instance(unraisable, class)? {
            raise!(py, TypeError, "sys.unraisablehook argument type must be UnraisableHookArgs");
        }
        let mut fields = [Value::NONE; 5];
        for (field, name) in fields.iter_mut().zip(UNRAISABLE) {
            *field = py.get_attr_named(unraisable, name)?;
        }
        show(py, fields)
    }

    /// Set the ideal thread switching delay inside the Python interpreter.
    ///
    /// The actual frequency of switching threads can be lower if the
    /// interpreter executes long sequences of uninterruptible code
    /// (this is implementation-specific and workload-dependent).
    ///
    /// The parameter must represent the desired switching delay in seconds
    /// A typical value is 0.005 (5 milliseconds).
    #[pyfunction]
    #[signature(interval, /)]
    fn setswitchinterval(py: &mut Py, interval: f64) -> Result<()> {
        if interval.is_nan() || interval <= 0.0 {
            raise!(py, ValueError, "switch interval must be strictly positive");
        }
        py.set_switch_interval_ns((interval * 1e9) as u64);
        Ok(())
    }

    /// Return the current thread switch interval; see sys.setswitchinterval().
    #[pyfunction]
    #[signature()]
    fn getswitchinterval(py: &Py) -> f64 {
        (py.switch_interval_ns() / 1000) as f64 * 1e-6
    }

    /// Return the reference count of object.
    ///
    /// The count returned is generally one higher than you might expect,
    /// because it includes the (temporary) reference as an argument to
    /// getrefcount().
    #[pyfunction]
    #[signature(object, /)]
    fn getrefcount(object: Value) -> u32 {
        // Nothing counts references: what a fresh local variable would have, or an immortal object.
        if object.is_heap() { 2 } else { u32::MAX >> 1 }
    }

    /// getsizeof(object [, default]) -> int
    ///
    /// Return the size of object in bytes.
    #[pyfunction]
    #[no_text_signature]
    #[signature(object, default=<unrepresentable>)]
    fn getsizeof(py: &mut Py, object: Value, default: Option<Value>) -> Result {
        match size_of(py, object) {
            Ok(size) => Ok(size),
            Err(raised) => match default {
                Some(default) if py.exception_matches(py.exceptions.TypeError) => {
                    py.clear_exception();
                    Ok(default)
                }
                _ => Err(raised),
            },
        }
    }

    fn size_of(py: &mut Py, object: Value) -> Result {
        let name = py.intern("__sizeof__");
        let Some(size) = py.call_special(object, name, &[])? else {
            let class = py.class_name(object);
            raise!(py, TypeError, "Type {class} doesn't define __sizeof__");
        };
        let size = py.to_isize(size)?;
        let Ok(size) = usize::try_from(size) else { raise!(py, ValueError, "__sizeof__() should return >= 0") };
        let header = if crate::gc::tracked(py, object) { COLLECTOR_HEADER } else { 0 };
        Ok(py.new_int((size + header) as i64))
    }
}
