//! `atexit`: functions to call when the interpreter ends.
//!
//! The registered calls are a list in the module's own namespace. Counterpart: `Modules/atexitmodule.c`.

use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

const CALLS: &str = "_calls";

fn calls(py: &mut Py) -> Result<Gc<List>> {
    let module = py.import_module("atexit")?;
    let calls = py.get_attr_named(module, CALLS)?;
    match Gc::<List>::cast(py, calls) {
        Some(calls) => Ok(calls),
        None => raise!(py, TypeError, "atexit._calls must be a list"),
    }
}

/// Run what is registered, last first. Exceptions go to `sys.unraisablehook`.
pub fn run(py: &mut Py) -> Result<()> {
    let calls = calls(py)?;
    while !calls.get(py).items().is_empty() {
        let call = py.call_method_named(calls.into(), "pop", &[])?;
        let Some(call) = Gc::<Tuple>::cast(py, call) else { continue };
        let &[function, args, names] = call.get(py).items() else { continue };
        let (values, names) = (py.collect_iterable(args)?, Gc::<Tuple>::cast(py, names));
        let called = match names {
            Some(names) => py.call_kw(function, &values, names),
            None => py.call(function, &values),
        };
        if called.is_err() {
            let exception = py.take_exception();
            let shown = py.repr_text(function)?;
            let _ = py.restore_exception(exception);
            py.report_unraisable(&format!("Exception ignored in atexit callback {shown}"), None);
        }
    }
    Ok(())
}

/// allow programmer to define multiple exit functions to be executed
/// upon normal program termination.
///
/// Two public functions, register and unregister, are defined.
#[pymodule(name = "atexit")]
pub mod atexit {
    use super::*;

    /// Register a function to be executed upon normal program termination
    ///
    ///     func - function to be called at exit
    ///     args - optional arguments to pass to func
    ///     kwargs - optional keyword arguments to pass to func
    ///
    ///     func is returned to facilitate usage as a decorator.
    #[pyfunction]
    #[signature(func, /, *args, **kwargs)]
    fn register(py: &mut Py, args: Args) -> Result {
        let Some(func) = args.get(0) else {
            raise!(py, TypeError, "register() takes at least 1 argument (0 given)");
        };
        if !py.is_callable(func) {
            raise!(py, TypeError, "the first argument must be callable");
        }
        let calls = calls(py)?;
        let values = py.new_tuple(&args.values()[1..]);
        let names = args.kwnames().map_or(Value::NONE, |names| names.into());
        let call = py.new_tuple(&[func, values.into(), names]);
        py.call_method_named(calls.into(), "append", &[call.into()])?;
        Ok(func)
    }

    /// Unregister an exit function which was previously registered using
    /// atexit.register
    ///
    ///     func - function to be unregistered
    #[pyfunction]
    #[signature(func, /)]
    fn unregister(py: &mut Py, func: Value) -> Result<()> {
        let calls = calls(py)?;
        let mut index = calls.get(py).items().len();
        while index > 0 {
            index -= 1;
            let Some(call) = calls.get(py).items().get(index).copied() else { continue };
            let Some(call) = Gc::<Tuple>::cast(py, call) else { continue };
            let Some(registered) = call.get(py).items().first().copied() else { continue };
            if py.eq(registered, func)? {
                let position = py.new_int(index as i64);
                py.del_item(calls.into(), position)?;
            }
        }
        Ok(())
    }

    /// Run all registered exit functions.
    ///
    /// If a callback raises an exception, it is logged with sys.unraisablehook.
    #[pyfunction]
    #[signature()]
    fn _run_exitfuncs(py: &mut Py) -> Result<()> {
        run(py)
    }

    /// Clear the list of previously registered exit functions.
    #[pyfunction]
    #[signature()]
    fn _clear(py: &mut Py) -> Result<()> {
        let calls = calls(py)?;
        py.call_method_named(calls.into(), "clear", &[])?;
        Ok(())
    }

    /// Return the number of registered exit functions.
    #[pyfunction]
    #[signature()]
    fn _ncallbacks(py: &mut Py) -> Result<usize> {
        let calls = calls(py)?;
        Ok(calls.get(py).items().len())
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let calls = py.new_list(&[])?;
        py.module_set(module, CALLS, calls.into())
    }
}
