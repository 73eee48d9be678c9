//! `_asyncio`: futures and tasks, and which of them run.
//!
//! The event loops themselves are Python code. Counterpart: `Modules/_asynciomodule.c`.

mod future;
mod future_iter;
mod running;
mod state;
mod step;
mod task;

use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;
pub use future::Future;
pub use future_iter::FutureIter;
use state::State;
pub use task::Task;

/// A future or task of exactly the native classes, whose methods nothing overrides.
#[inline]
fn plain(py: &Py, value: Value) -> Option<Gc<Future>> {
    Gc::<Future>::cast(py, value).filter(|_| !py.class_of(value).get(py).is_heap_class())
}

/// Accelerator module for asyncio
#[pymodule(name = "_asyncio", classes(Future, Task))]
pub mod asyncio {
    use super::*;

    /// Return the running event loop or None.
    ///
    /// This is a low-level function intended to be used by event loops.
    /// This function is thread-specific.
    #[pyfunction]
    #[signature()]
    fn _get_running_loop(py: &mut Py) -> Option<Value> {
        py.thread().running_loop
    }

    /// Set the running event loop.
    ///
    /// This is a low-level function intended to be used by event loops.
    /// This function is thread-specific.
    #[pyfunction]
    #[signature(r#loop, /)]
    fn _set_running_loop(py: &mut Py, r#loop: Value) {
        py.thread().running_loop = Some(r#loop).filter(|running| !running.is_none());
    }

    /// Return the running event loop.  Raise a RuntimeError if there is none.
    ///
    /// This function is thread-specific.
    #[pyfunction]
    #[signature()]
    fn get_running_loop(py: &mut Py) -> Result {
        running::running_loop(py)
    }

    /// Return an asyncio event loop.
    ///
    /// When called from a coroutine or a callback (e.g. scheduled with
    /// call_soon or similar API), this function will always return the
    /// running event loop.
    ///
    /// If there is no running event loop set, the function will return
    /// the result of `get_event_loop_policy().get_event_loop()` call.
    #[pyfunction]
    #[signature()]
    fn get_event_loop(py: &mut Py) -> Result {
        running::event_loop(py)
    }

    /// Register a new task in asyncio as executed by loop.
    ///
    /// Returns None.
    #[pyfunction]
    #[signature(task)]
    fn _register_task(py: &mut Py, task: Value) -> Result<()> {
        running::register(py, task)
    }

    /// Unregister a task.
    ///
    /// Returns None.
    #[pyfunction]
    #[signature(task)]
    fn _unregister_task(py: &mut Py, task: Value) -> Result<()> {
        running::unregister(py, task)
    }

    /// Register a new task in asyncio as executed by loop.
    ///
    /// Returns None.
    #[pyfunction]
    #[signature(task)]
    fn _register_eager_task(py: &mut Py, task: Value) -> Result<()> {
        running::register_eager(py, task)
    }

    /// Unregister a task.
    ///
    /// Returns None.
    #[pyfunction]
    #[signature(task)]
    fn _unregister_eager_task(py: &mut Py, task: Value) -> Result<()> {
        running::unregister_eager(py, task)
    }

    /// Enter into task execution or resume suspended task.
    ///
    /// Task belongs to loop.
    ///
    /// Returns None.
    #[pyfunction]
    #[signature(r#loop, task)]
    fn _enter_task(py: &mut Py, r#loop: Value, task: Value) -> Result<()> {
        running::enter_task(py, r#loop, task)
    }

    /// Leave task execution or suspend a task.
    ///
    /// Task belongs to loop.
    ///
    /// Returns None.
    #[pyfunction]
    #[signature(r#loop, task)]
    fn _leave_task(py: &mut Py, r#loop: Value, task: Value) -> Result<()> {
        running::leave_task(py, r#loop, task)
    }

    /// Temporarily swap in the supplied task and return the original one (or None).
    ///
    /// This is intended for use during eager coroutine execution.
    #[pyfunction]
    #[signature(r#loop, task)]
    fn _swap_current_task(py: &mut Py, r#loop: Value, task: Value) -> Result {
        running::swap_task(py, r#loop, task)
    }

    /// Return a currently executed task.
    #[pyfunction]
    #[signature(r#loop=None)]
    fn current_task(py: &mut Py, r#loop: Value) -> Result<Option<Value>> {
        running::current_task(py, r#loop)
    }

    /// Return a set of all tasks for the loop.
    #[pyfunction]
    #[signature(r#loop=None)]
    fn all_tasks(py: &mut Py, r#loop: Value) -> Result {
        running::all_tasks(py, r#loop)
    }

    /// Record that `fut` is awaited on by `waiter`.
    #[pyfunction]
    #[signature(fut, waiter, /)]
    fn future_add_to_awaited_by(py: &mut Py, fut: Value, waiter: Value) -> Result<()> {
        future::add_to_awaited_by(py, fut, waiter)
    }

    #[pyfunction]
    #[signature(fut, waiter, /)]
    fn future_discard_from_awaited_by(py: &mut Py, fut: Value, waiter: Value) -> Result<()> {
        future::discard_from_awaited_by(py, fut, waiter)
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let _ = module;
        State::of(py).map(|_| ())
    }
}
