//! What `sys` tells of the implementation's insides, and switches that Bredli has no use for.

use bredli_runtime::prelude::*;

#[pymodule(name = "sys", part)]
pub mod internals {
    use super::*;

    /// Private function for getting PyConfig.cpu_count
    #[pyfunction]
    #[signature()]
    fn _get_cpu_count_config(py: &Py) -> i64 {
        py.config.cpu_count.map_or(-1, i64::from)
    }

    /// Private function for getting the base REPL
    #[pyfunction]
    #[signature()]
    fn _baserepl(py: &mut Py) -> Result<()> {
        py.frontend()?.run_shell(py)
    }

    /// Return True if the GIL is currently enabled.
    #[pyfunction]
    #[signature()]
    fn _is_gil_enabled() -> bool {
        true
    }

    /// Return True if the given string is "interned".
    #[pyfunction]
    #[signature(string, /)]
    fn _is_interned(py: &Py, string: Gc<Str>) -> bool {
        string.get(py).is_interned()
    }

    /// Return True if the given object is "immortal" per PEP 683.
    #[pyfunction]
    #[signature(op, /)]
    fn _is_immortal(op: Value) -> bool {
        !op.is_heap()
    }

    /// Clear the internal type lookup cache.
    #[pyfunction]
    #[pyname("_clear_type_cache", "_clear_internal_caches")]
    #[signature()]
    fn _clear_type_cache() {}

    /// Private function for clearing certain descriptors from a type's dictionary.
    #[pyfunction]
    #[signature(r#type, /)]
    fn _clear_type_descriptors(py: &mut Py, r#type: Gc<Class>) -> Result<()> {
        if r#type.get(py).flags.contains(ClassFlags::IMMUTABLE) {
            raise!(py, TypeError, "argument is immutable");
        }
        for name in ["__dict__", "__weakref__"] {
            let name = py.intern(name);
            py.class_set_attr(r#type, name, None)?;
        }
        Ok(())
    }

    /// Return the number of memory blocks currently allocated.
    #[pyfunction]
    #[signature()]
    fn getallocatedblocks(py: &Py) -> usize {
        py.heap.live_bytes() / 16
    }

    /// Returns True if a stack profiler trampoline is active, False otherwise.
    #[pyfunction]
    #[signature()]
    fn is_stack_trampoline_active() -> bool {
        false
    }

    /// Activate stack profiler trampoline *backend*.
    #[pyfunction]
    #[signature(backend, /)]
    fn activate_stack_trampoline(py: &mut Py, backend: Value) -> Result<()> {
        let _ = backend;
        raise!(py, ValueError, "perf trampoline not available")
    }

    /// Deactivate the current stack profiler trampoline backend.
    #[pyfunction]
    #[signature()]
    fn deactivate_stack_trampoline() {}

    /// Return True if remote debugging is enabled, False otherwise.
    #[pyfunction]
    #[signature()]
    fn is_remote_debug_enabled() -> bool {
        false
    }

    /// Executes a file containing Python code in a given remote Python process.
    #[pyfunction]
    #[signature(pid, script)]
    fn remote_exec(py: &mut Py, pid: i32, script: Value) -> Result<()> {
        let _ = (pid, script);
        raise!(py, RuntimeError, "Remote debugging is not enabled")
    }

    /// This hook function is called by built-in breakpoint().
    #[pyfunction]
    #[pyname("breakpointhook", "__breakpointhook__")]
    #[signature(*args, **kws)]
    fn breakpointhook(py: &mut Py, args: Args) -> Result {
        let variable = match py.config.use_environment {
            true => py.host.getenv(b"PYTHONBREAKPOINT").ok().flatten().unwrap_or_default(),
            false => Vec::new(),
        };
        let path = String::from_utf8_lossy(&variable).into_owned();
        if path == "0" {
            return Ok(Value::NONE);
        }
        let path = if path.is_empty() { "pdb.set_trace" } else { path.as_str() };
        let (module, attribute) = path.rsplit_once('.').unwrap_or(("builtins", path));
        let hook = match py.import_module(module) {
            Ok(module) => py.get_attr_named(module, attribute),
            Err(raised) => Err(raised),
        };
        let unimportable = py.exceptions.Exception;
        match py.ignore(hook, unimportable)? {
            Some(hook) => py.call_args(hook, args),
            None => {
                let warnings = py.import_module("warnings")?;
                let text = py.new_str(&format!("Ignoring unimportable $PYTHONBREAKPOINT: \"{path}\""));
                let category = py.exceptions.RuntimeWarning;
                py.call_method_named(warnings, "warn", &[text.into(), category.into()])
            }
        }
    }
}
