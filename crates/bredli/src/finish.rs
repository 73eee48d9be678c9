//! The end of an interpreter, in CPython's order: threads, `atexit`, streams, then the finalisers of what is still alive.
//!
//! Counterpart: `Py_FinalizeEx`. Modules are not taken apart: finalisers find all globals as they were.

use bredli_runtime::prelude::*;

/// What the end found wrong.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Nothing.
    Clean,
    /// Standard output could not be written.
    Unwritten,
}

/// Run what is to run at the end.
pub fn finish(py: &mut Py) -> Ending {
    if wait_for_threads(py).is_err() {
        py.report_unraisable("Exception ignored on threading shutdown", None);
    }
    if run_exit_functions(py).is_err() {
        py.report_unraisable("Exception ignored in atexit", None);
    }
    let mut ending = flush(py);
    show_exec(py);
    py.finalizing = true;
    py.close_threads();
    if py.heap.deaths_watched() != py.deaths_watched_at_start {
        py.collect_garbage(2);
    }
    py.run_all_finalizers();
    if flush(py) == Ending::Unwritten {
        ending = Ending::Unwritten;
    }
    ending
}

/// Write what `-X showexec` asks for.
fn show_exec(py: &mut Py) {
    let text = py.show_exec();
    let mut rest = text.as_bytes();
    while let (false, Ok(written @ 1..)) = (rest.is_empty(), py.host.write(2, rest)) {
        rest = &rest[written..];
    }
}

/// A module, if the program has imported it.
fn imported(py: &mut Py, name: &str) -> Result<Option<Value>> {
    let (modules, name) = (py.sys_modules()?, py.intern(name));
    py.dict_get(modules, name.into())
}

/// Wait for the threads that are no daemons.
fn wait_for_threads(py: &mut Py) -> Result<()> {
    if let Some(threading) = imported(py, "threading")? {
        py.call_method_named(threading, "_shutdown", &[])?;
    }
    Ok(())
}

fn run_exit_functions(py: &mut Py) -> Result<()> {
    if imported(py, "atexit")?.is_some() {
        bredli_stdlib::atexit::run(py)?;
    }
    Ok(())
}

/// Write out what the standard streams still hold.
fn flush(py: &mut Py) -> Ending {
    let mut ending = Ending::Clean;
    for name in ["stdout", "stderr"] {
        if flush_stream(py, name).is_err() {
            if name == "stdout" {
                py.report_unraisable("Exception ignored while flushing sys.stdout", None);
                ending = Ending::Unwritten;
            }
            py.clear_exception();
        }
    }
    ending
}

/// Flush a standard stream that is there and open.
pub(crate) fn flush_stream(py: &mut Py, name: &str) -> Result<()> {
    let name = py.intern(name);
    let stream = py.sys_attribute(name)?;
    if stream.is_none() {
        return Ok(());
    }
    let closed = py.intern("closed");
    if let Some(closed) = py.lookup_attr(stream, closed)?
        && py.truth(closed)?
    {
        return Ok(());
    }
    py.call_method_named(stream, "flush", &[])?;
    Ok(())
}
