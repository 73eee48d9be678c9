//! The steps of a task: its coroutine runs up to what it waits for next.

use super::future::{Stage, add_to_awaited_by, discard_from_awaited_by, outcome_of};
use super::state::{State, call_soon, invalid_state, loop_of};
use super::{Future, Task, plain, running};
use bredli_runtime::exec::Outcome;
use bredli_runtime::prelude::*;

/// What the event loop calls for a step.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "TaskStepMethWrapper", module = "builtins", flags(DISALLOW_INSTANTIATION))]
pub struct TaskStep {
    header: Header,
    task: Gc<Future>,
    /// To be raised in the coroutine.
    exception: Option<Value>,
}

#[pymethods]
impl TaskStep {
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
        if args.keyword_count() != 0 {
            raise!(py, TypeError, "function takes no keyword arguments");
        }
        if !args.is_empty() {
            raise!(py, TypeError, "function takes no positional arguments");
        }
        let TaskStep { task, exception, .. } = *this.get(py);
        step(py, task, exception)
    }

    #[getter]
    fn __self__(this: Gc<Self>, py: &mut Py) -> Gc<Future> {
        this.get(py).task
    }

    #[getter]
    fn __qualname__(this: Gc<Self>, py: &mut Py) -> Result {
        let coroutine = this.get(py).task.get(py).task.coroutine.unwrap_or(Value::NONE);
        let name = py.names.__qualname__;
        py.get_attr(coroutine, name)
    }
}

/// What the future that a task waits for calls when it has an outcome.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "TaskWakeup", module = "_asyncio", flags(DISALLOW_INSTANTIATION))]
pub struct TaskWakeup {
    header: Header,
    task: Gc<Future>,
}

#[pymethods]
impl TaskWakeup {
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
        let (&[future], 0) = (args.positional(), args.keyword_count()) else {
            let count = args.len();
            raise!(py, TypeError, "Task.task_wakeup() takes exactly one argument ({count} given)");
        };
        let task = this.get(py).task;
        wake(py, task, future)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        let task = this.get(py).task;
        format!("<built-in method task_wakeup of {} object at {:#x}>", py.class_name(task.into()), Value::from(task).bits())
    }

    #[getter]
    fn __self__(this: Gc<Self>, py: &mut Py) -> Gc<Future> {
        this.get(py).task
    }

    #[getter]
    fn __name__(_this: Gc<Self>) -> &'static str {
        "task_wakeup"
    }

    #[getter]
    fn __qualname__(this: Gc<Self>, py: &mut Py) -> String {
        let task = this.get(py).task;
        format!("{}.task_wakeup", py.class_of(task.into()).get(py).name.get(py).lossy())
    }
}

/// Have a step made soon.
pub fn step_soon(py: &mut Py, task: Gc<Future>, exception: Option<Value>) -> Result<()> {
    let step = py.alloc(TaskStep { header: Header::EMPTY, task, exception });
    let running = Future::event_loop(task, py)?;
    let context = task.get(py).task.context;
    call_soon(py, running, step.into(), None, context)
}

fn wake(py: &mut Py, task: Gc<Future>, future: Value) -> Result<()> {
    discard_from_awaited_by(py, future, task.into())?;
    match outcome_of(py, future) {
        Ok(_) => step(py, task, None),
        Err(_) => {
            let exception = py.take_exception();
            step(py, task, Some(exception))
        }
    }
}

/// Make a step, as the current task of the loop.
fn step(py: &mut Py, task: Gc<Future>, exception: Option<Value>) -> Result<()> {
    let running = Future::event_loop(task, py)?;
    running::enter_task(py, running, task.into())?;
    let result = advance(py, task, exception);
    let raised = py.current_exception();
    let left = running::leave_task(py, running, task.into());
    match (result, raised) {
        (Err(_), Some(raised)) => Err(py.restore_exception(raised)),
        _ => left,
    }
}

/// Resume the coroutine, and see to what it gives.
pub fn advance(py: &mut Py, task: Gc<Future>, mut exception: Option<Value>) -> Result<()> {
    if task.get(py).stage != Stage::Pending {
        let (shown, exception) = (py.repr_text(task.into())?, py.repr_text(exception.unwrap_or(Value::NONE))?);
        return Err(invalid_state(py, &format!("__step(): already done: {shown} {exception}")));
    }
    if task.get(py).must_cancel {
        let class = State::of(py)?.get(py).cancelled_error;
        if !exception.is_some_and(|exception| py.is_instance_of(exception, class)) {
            exception = Some(Future::cancellation(task, py)?);
        }
        task.get_mut(py).must_cancel = false;
    }
    task.get_mut(py).task.waiter = None;
    let Some(coroutine) = task.get(py).task.coroutine else { raise!(py, RuntimeError, "uninitialized Task object") };
    let outcome = match exception {
        None => py.send(coroutine, Value::NONE),
        Some(exception) => py.throw(coroutine, exception),
    };
    match outcome {
        Ok(Outcome::Yielded(value)) => wait_for(py, task, value),
        Ok(Outcome::Returned(value)) => {
            if !task.get(py).must_cancel {
                return Future::finish(task, py, value);
            }
            // Cancelled right before the coroutine ended.
            task.get_mut(py).must_cancel = false;
            let message = task.get(py).cancel_message;
            Future::cancel_now(task, py, message).map(|_| ())
        }
        Err(_) => fail(py, task),
    }
}

/// The coroutine has raised the current exception.
fn fail(py: &mut Py, task: Gc<Future>) -> Result<()> {
    let exception = py.take_exception();
    let class = State::of(py)?.get(py).cancelled_error;
    if py.is_instance_of(exception, class) {
        task.get_mut(py).cancelled_error = Some(exception);
        return Future::cancel_now(task, py, None).map(|_| ());
    }
    Future::fail(task, py, exception)?;
    let exits = [py.exceptions.KeyboardInterrupt, py.exceptions.SystemExit];
    if exits.into_iter().any(|class| py.is_instance_of(exception, class)) {
        return Err(py.restore_exception(exception));
    }
    Ok(())
}

/// The coroutine waits for something.
fn wait_for(py: &mut Py, task: Gc<Future>, value: Value) -> Result<()> {
    if value == Value::from(task) {
        let text = format!("Task cannot await on itself: {}", py.repr_text(task.into())?);
        return fail_soon(py, task, &text);
    }
    if let Some(future) = plain(py, value) {
        if future.get(py).running != task.get(py).running {
            return another_loop(py, task, value);
        }
        if !future.get(py).blocking {
            return not_awaited(py, task, value);
        }
        Future::add_waiter(future, py, task.into())?;
        future.get_mut(py).blocking = false;
        let wakeup = py.alloc(TaskWakeup { header: Header::EMPTY, task });
        let context = task.get(py).task.context.unwrap_or(Value::NONE);
        Future::add_callback(future, py, wakeup.into(), context)?;
        task.get_mut(py).task.waiter = Some(value);
        if task.get(py).must_cancel {
            let message = task.get(py).cancel_message;
            if Task::cancel_any(future, py, message)? {
                task.get_mut(py).must_cancel = false;
            }
        }
        return Ok(());
    }
    if value.is_none() {
        return step_soon(py, task, None);
    }
    let name = py.names._asyncio_future_blocking;
    match py.lookup_attr(value, name)?.filter(|blocking| !blocking.is_none()) {
        Some(blocking) => {
            let blocking = py.truth(blocking)?;
            wait_for_other(py, task, value, blocking)
        }
        None => {
            let (shown, given) = (py.repr_text(task.into())?, py.repr_text(value)?);
            let text = if py.is_instance_of(value, py.types.generator) {
                format!("yield was used instead of yield from for generator in task {shown} with {given}")
            } else {
                format!("Task got bad yield: {given}")
            };
            fail_soon(py, task, &text)
        }
    }
}

/// The coroutine waits for an object that says it is a future.
fn wait_for_other(py: &mut Py, task: Gc<Future>, value: Value, blocking: bool) -> Result<()> {
    if Some(loop_of(py, value)?) != task.get(py).running {
        return another_loop(py, task, value);
    }
    if !blocking {
        return not_awaited(py, task, value);
    }
    add_to_awaited_by(py, value, task.into())?;
    let name = py.names._asyncio_future_blocking;
    py.set_attr(value, name, Some(Value::FALSE))?;
    let wakeup = py.alloc(TaskWakeup { header: Header::EMPTY, task });
    let context = task.get(py).task.context.unwrap_or(Value::NONE);
    let (name, keyword) = (py.names.add_done_callback, State::of(py)?.get(py).context_keyword);
    let add = py.get_attr(value, name)?;
    py.call_kw(add, &[wakeup.into(), context], keyword)?;
    task.get_mut(py).task.waiter = Some(value);
    if task.get(py).must_cancel && cancel_future(py, value, task.get(py).cancel_message)? {
        task.get_mut(py).must_cancel = false;
    }
    Ok(())
}

/// `future.cancel(msg=message)` of a future-like object.
pub fn cancel_future(py: &mut Py, future: Value, message: Option<Value>) -> Result<bool> {
    if let Some(future) = plain(py, future) {
        return Task::cancel_any(future, py, message);
    }
    let (name, keyword) = (py.names.cancel, State::of(py)?.get(py).msg_keyword);
    let cancel = py.get_attr(future, name)?;
    let cancelled = py.call_kw(cancel, &[message.unwrap_or(Value::NONE)], keyword)?;
    py.truth(cancelled)
}

#[cold]
fn another_loop(py: &mut Py, task: Gc<Future>, value: Value) -> Result<()> {
    let (task_text, future) = (py.repr_text(task.into())?, py.repr_text(value)?);
    fail_soon(py, task, &format!("Task {task_text} got Future {future} attached to a different loop"))
}

#[cold]
fn not_awaited(py: &mut Py, task: Gc<Future>, value: Value) -> Result<()> {
    let (task_text, future) = (py.repr_text(task.into())?, py.repr_text(value)?);
    fail_soon(py, task, &format!("yield was used instead of yield from in task {task_text} with {future}"))
}

/// Have RuntimeError raised in the coroutine at a next step.
#[cold]
fn fail_soon(py: &mut Py, task: Gc<Future>, text: &str) -> Result<()> {
    let (class, text) = (py.exceptions.RuntimeError, py.new_str(text));
    let exception = py.new_exception(class, &[text.into()]);
    step_soon(py, task, Some(exception.into()))
}
