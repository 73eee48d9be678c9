//! Which event loop and task run in a thread, and which tasks there are.

use super::state::{State, loop_of};
use super::{Future, plain};
use crate::asyncio::future::Stage;
use bredli_runtime::prelude::*;

/// `get_event_loop`: the running loop, else the policy's one.
pub fn event_loop(py: &mut Py) -> Result {
    if let Some(running) = py.thread().running_loop {
        return Ok(running);
    }
    let get_policy = State::of(py)?.get(py).get_policy;
    let policy = py.call(get_policy, &[])?;
    py.call_method_named(policy, "get_event_loop", &[])
}

/// `get_running_loop`.
pub fn running_loop(py: &mut Py) -> Result {
    match py.thread().running_loop {
        Some(running) => Ok(running),
        None => raise!(py, RuntimeError, "no running event loop"),
    }
}

fn check_loop(py: &mut Py, given: Value) -> Result<()> {
    if py.thread().running_loop == Some(given) {
        return Ok(());
    }
    let text = py.repr_text(given)?;
    raise!(py, RuntimeError, "loop {text} is not the running loop")
}

/// A task begins a step.
pub fn enter_task(py: &mut Py, running: Value, task: Value) -> Result<()> {
    check_loop(py, running)?;
    if let Some(other) = py.thread().running_task {
        let (task, other) = (py.repr_text(task)?, py.repr_text(other)?);
        raise!(py, RuntimeError, "Cannot enter into task {task} while another task {other} is being executed.");
    }
    py.thread().running_task = Some(task);
    Ok(())
}

/// A task ends a step.
pub fn leave_task(py: &mut Py, running: Value, task: Value) -> Result<()> {
    check_loop(py, running)?;
    let current = py.thread().running_task;
    if current != Some(task) {
        let (task, current) = (py.repr_text(task)?, py.repr_text(current.unwrap_or(Value::NONE))?);
        raise!(py, RuntimeError, "Invalid attempt to leave task {task} while task {current} is entered.");
    }
    py.thread().running_task = None;
    Ok(())
}

/// Make a task, or none, the current one; the one that was.
pub fn swap_task(py: &mut Py, running: Value, task: Value) -> Result {
    check_loop(py, running)?;
    let task = Some(task).filter(|task| !task.is_none());
    let previous = std::mem::replace(&mut py.thread().running_task, task);
    Ok(previous.unwrap_or(Value::NONE))
}

/// `current_task`.
pub fn current_task(py: &mut Py, given: Value) -> Result<Option<Value>> {
    let running = if given.is_none() { running_loop(py)? } else { given };
    Ok(py.task_of_loop(running))
}

/// Note that a task is scheduled.
pub fn register(py: &mut Py, task: Value) -> Result<()> {
    if Gc::<Future>::cast(py, task).is_some() {
        py.tasks.push(task);
        return Ok(());
    }
    let others = State::of(py)?.get(py).other_tasks;
    py.call_method_named(others, "add", &[task]).map(|_| ())
}

/// Forget a scheduled task.
pub fn unregister(py: &mut Py, task: Value) -> Result<()> {
    if Gc::<Future>::cast(py, task).is_some() {
        py.tasks.retain(|known| *known != task);
        return Ok(());
    }
    let others = State::of(py)?.get(py).other_tasks;
    py.call_method_named(others, "discard", &[task]).map(|_| ())
}

/// Note that a task makes its eager step.
pub fn register_eager(py: &mut Py, task: Value) -> Result<()> {
    let tasks = State::of(py)?.get(py).eager_tasks;
    py.set_add(tasks, task).map(|_| ())
}

/// A task has made its eager step.
pub fn unregister_eager(py: &mut Py, task: Value) -> Result<()> {
    let tasks = State::of(py)?.get(py).eager_tasks;
    let hash = py.hash(task)?;
    py.set_discard_hashed(tasks, hash, task).map(|_| ())
}

/// `all_tasks`: the set of a loop's tasks that are not done.
pub fn all_tasks(py: &mut Py, given: Value) -> Result {
    let running = if given.is_none() { running_loop(py)? } else { given };
    let (eager, others) = {
        let state = State::of(py)?.get(py);
        (state.eager_tasks, state.other_tasks)
    };
    let mut candidates = RootVec::new(&mut py.heap);
    py.extend_from_iterable(&mut candidates, eager.into())?;
    py.extend_from_iterable(&mut candidates, others)?;
    candidates.extend_from_slice(&py.tasks);
    let tasks = py.new_set();
    for task in candidates.iter().copied() {
        if loop_of(py, task)? == running && !is_done(py, task)? {
            py.set_add(tasks, task)?;
        }
    }
    Ok(tasks.into())
}

fn is_done(py: &mut Py, task: Value) -> Result<bool> {
    if let Some(task) = plain(py, task) {
        return Ok(task.get(py).stage != Stage::Pending);
    }
    let name = py.names.done;
    let done = py.call_method(task, name, &[])?;
    py.truth(done)
}
