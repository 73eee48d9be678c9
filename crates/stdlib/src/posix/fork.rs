//! `fork` and what runs around it.
//!
//! Counterpart: `os_fork_impl` and `PyOS_AfterFork_Child` in `Modules/posixmodule.c`.

use crate::os_error::os_error;
use crate::thread::ThreadHandle;
use bredli_runtime::prelude::*;

/// The functions of `register_at_fork`: a list each for before, after in the parent, after in the child.
pub const AT_FORK: &str = "_at_fork";

fn registered(py: &mut Py, moment: usize) -> Result<Gc<List>> {
    let module = py.import_module("posix")?;
    let lists = py.get_attr_named(module, AT_FORK)?;
    let list = Gc::<Tuple>::cast(py, lists).and_then(|lists| lists.get(py).items().get(moment).copied());
    match list.and_then(|list| Gc::<List>::cast(py, list)) {
        Some(list) => Ok(list),
        None => raise!(py, TypeError, "posix.{AT_FORK} must be three lists"),
    }
}

/// Call the functions of one moment, those for before in reverse. Exceptions go to `sys.unraisablehook`.
fn call_registered(py: &mut Py, moment: usize) -> Result<()> {
    let functions = registered(py, moment)?;
    let mut functions = py.collect_iterable(functions.into())?;
    if moment == 0 {
        functions.reverse();
    }
    for function in functions.iter().copied() {
        if py.call(function, &[]).is_err() {
            py.report_unraisable("Exception ignored in", Some(function));
        }
    }
    Ok(())
}

/// Fork, with what is registered for before and for after in the parent.
pub(crate) fn fork_process(py: &mut Py) -> Result<i32> {
    call_registered(py, 0)?;
    crate::io::flush_files(py);
    let host = py.host.clone();
    // The baton is kept: in the child, the calling thread is the one that uses the interpreter.
    let forked = host.fork();
    if !matches!(forked, Ok(0)) {
        call_registered(py, 1)?;
    }
    forked.map_err(|error| os_error(py, error, None, None))
}

/// What a forked child does before it runs Python code.
pub(crate) fn after_in_child(py: &mut Py) -> Result<()> {
    py.after_fork_in_child();
    ThreadHandle::after_fork(py);
    call_registered(py, 2)
}

#[pymodule(name = "posix", part)]
pub mod fork {
    use super::*;

    /// Fork a child process.
    ///
    /// Return 0 to child process and PID of child to parent process.
    #[pyfunction]
    #[signature()]
    fn fork(py: &mut Py) -> Result<i32> {
        py.audit("os.fork", &[])?;
        let child = fork_process(py)?;
        if child == 0 {
            after_in_child(py)?;
            return Ok(0);
        }
        if py.has_other_threads() {
            let process = py.host.getpid().unwrap_or(0);
            let text = format!("This process (pid={process}) is multi-threaded, use of fork() may lead to deadlocks in the child.");
            let class = py.exceptions.DeprecationWarning;
            py.warn(class, &text)?;
        }
        Ok(child)
    }

    /// Register callables to be called when forking a new process.
    ///
    ///   before
    ///     A callable to be called in the parent before the fork() syscall.
    ///   after_in_child
    ///     A callable to be called in the child after fork().
    ///   after_in_parent
    ///     A callable to be called in the parent after fork().
    ///
    /// 'before' callbacks are called in reverse order.
    /// 'after_in_child' and 'after_in_parent' callbacks are called in order.
    #[pyfunction]
    #[signature(*, before=<unrepresentable>, after_in_child=<unrepresentable>, after_in_parent=<unrepresentable>)]
    fn register_at_fork(py: &mut Py, before: Option<Value>, after_in_child: Option<Value>, after_in_parent: Option<Value>) -> Result<()> {
        if before.is_none() && after_in_child.is_none() && after_in_parent.is_none() {
            raise!(py, TypeError, "At least one argument is required.");
        }
        let functions = [before, after_in_parent, after_in_child];
        for (name, function) in ["before", "after_in_parent", "after_in_child"].iter().zip(functions) {
            if let Some(function) = function
                && !py.is_callable(function)
            {
                let given = py.class_name(function);
                raise!(py, TypeError, "'{name}' must be callable, not {given}");
            }
        }
        for (moment, function) in functions.into_iter().enumerate() {
            if let Some(function) = function {
                let list = registered(py, moment)?;
                py.call_method_named(list.into(), "append", &[function])?;
            }
        }
        Ok(())
    }
}
