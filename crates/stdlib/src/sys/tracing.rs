//! `sys.settrace`, `sys.setprofile` and their like.
//!
//! Counterpart: `Python/sysmodule.c`.

use bredli_runtime::exec::Watcher;
use bredli_runtime::prelude::*;

fn given(function: Value) -> Option<Value> {
    Some(function).filter(|function| !function.is_none())
}

#[pymodule(name = "sys", part)]
pub mod tracing {
    use super::*;

    /// Set the global debug tracing function.
    ///
    /// It will be called on each function call.  See the debugger chapter
    /// in the library manual.
    #[pyfunction]
    #[signature(function, /)]
    fn settrace(py: &mut Py, function: Value) -> Result<()> {
        py.audit("sys.settrace", &[])?;
        py.set_trace_function(given(function))
    }

    /// Return the global debug tracing function set with sys.settrace.
    ///
    /// See the debugger chapter in the library manual.
    #[pyfunction]
    #[signature()]
    fn gettrace(py: &mut Py) -> Option<Value> {
        py.trace_function()
    }

    /// Set the profiling function.
    ///
    /// It will be called on each function call and return.  See the profiler
    /// chapter in the library manual.
    #[pyfunction]
    #[signature(function, /)]
    fn setprofile(py: &mut Py, function: Value) -> Result<()> {
        py.audit("sys.setprofile", &[])?;
        py.set_profile_function(given(function))
    }

    /// Return the profiling function set with sys.setprofile.
    ///
    /// See the profiler chapter in the library manual.
    #[pyfunction]
    #[signature()]
    fn getprofile(py: &mut Py) -> Option<Value> {
        py.profile_function()
    }

    /// Set the global debug tracing function in all running threads belonging to the current interpreter.
    ///
    /// It will be called on each function call. See the debugger chapter
    /// in the library manual.
    #[pyfunction]
    #[signature(function, /)]
    fn _settraceallthreads(py: &mut Py, function: Value) -> Result<()> {
        py.set_tracing_of_others(given(function), Watcher::Trace);
        py.set_trace_function(given(function))
    }

    /// Set the profiling function in all running threads belonging to the current interpreter.
    ///
    /// It will be called on each function call and return.  See the profiler
    /// chapter in the library manual.
    #[pyfunction]
    #[signature(function, /)]
    fn _setprofileallthreads(py: &mut Py, function: Value) -> Result<()> {
        py.set_tracing_of_others(given(function), Watcher::Profile);
        py.set_profile_function(given(function))
    }

    /// Call func(*args), while tracing is enabled.
    ///
    /// The tracing state is saved, and restored afterwards.  This is intended
    /// to be called from a debugger from a checkpoint, to recursively debug
    /// some other code.
    #[pyfunction]
    #[signature(func, args, /)]
    fn call_tracing(py: &mut Py, func: Value, args: Gc<Tuple>) -> Result {
        let args = py.collect_iterable(args.into())?;
        py.call_traced(func, &args)
    }
}
