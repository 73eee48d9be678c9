//! `Task`: a future whose outcome is that of a coroutine.

use super::future::Stage;
use super::state::State;
use super::step::{advance, cancel_future, step_soon};
use super::{Future, running};
use crate::contextvars::Context;
use bredli_runtime::prelude::*;

/// A coroutine wrapped in a Future.
#[pyclass(name = "Task", module = "_asyncio", base = Future, layout = Future, flags(BASETYPE), dict = dict, parts(methods, attributes))]
pub struct Task;

impl Task {
    /// `cancel` of a native future or task.
    pub fn cancel_any(this: Gc<Future>, py: &mut Py, message: Option<Value>) -> Result<bool> {
        if py.class_of(this.into()) == Task::class(py) {
            return Task::request_cancel(this, py, message);
        }
        Future::event_loop(this, py)?;
        Future::cancel_now(this, py, message)
    }

    fn request_cancel(this: Gc<Future>, py: &mut Py, message: Option<Value>) -> Result<bool> {
        let task = this.get_mut(py);
        task.log_traceback = false;
        if task.stage != Stage::Pending {
            return Ok(false);
        }
        task.task.cancel_requests += 1;
        if let Some(waiter) = task.task.waiter
            && cancel_future(py, waiter, message)?
        {
            return Ok(true);
        }
        let task = this.get_mut(py);
        (task.must_cancel, task.cancel_message) = (true, message);
        Ok(true)
    }

    fn start_eagerly(this: Gc<Future>, py: &mut Py) -> Result<()> {
        let running = Future::event_loop(this, py)?;
        let previous = running::swap_task(py, running, this.into())?;
        running::register_eager(py, this.into())?;
        let given = this.get(py).task.context.unwrap_or(Value::NONE);
        let stepped = match Gc::<Context>::cast(py, given) {
            Some(context) => Context::within(context, py, |py| advance(py, this, None)),
            None => Err(error!(py, TypeError, "a Context object was expected")),
        };
        let raised = py.current_exception().filter(|_| stepped.is_err());
        let forgotten = running::unregister_eager(py, this.into());
        let swapped = running::swap_task(py, running, previous);
        if this.get(py).stage == Stage::Pending {
            running::register(py, this.into())?;
        } else {
            this.get_mut(py).task.coroutine = None;
        }
        if let Some(raised) = raised {
            return Err(py.restore_exception(raised));
        }
        forgotten?;
        swapped.map(|_| ())
    }
}

fn is_coroutine(py: &mut Py, value: Value) -> Result<bool> {
    if py.class_of(value) == py.types.coroutine {
        return Ok(true);
    }
    let check = State::of(py)?.get(py).is_coroutine;
    let answer = py.call(check, &[value])?;
    py.truth(answer)
}

#[pymethods(part = "methods")]
impl Task {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Future> {
        let _ = args;
        py.alloc_as(cls, Future::uninitialized())
    }

    #[signature(coro, *, r#loop=None, name=None, context=None, eager_start=False)]
    fn __init__(this: Gc<Future>, py: &mut Py, coro: Value, r#loop: Value, name: Value, context: Value, eager_start: bool) -> Result<()> {
        Future::initialize(this, py, r#loop)?;
        if !is_coroutine(py, coro)? {
            this.get_mut(py).log_destroy_pending = false;
            let text = py.repr_text(coro)?;
            raise!(py, TypeError, "a coroutine was expected, got {text}");
        }
        let context = if context.is_none() { Context::copy_of_current(py).into() } else { context };
        let name = if name.is_none() {
            let state = State::of(py)?.get_mut(py);
            state.names_given += 1;
            let number = state.names_given;
            py.new_int(number as i64)
        } else if py.is_exact_str(name) {
            name
        } else {
            py.str(name)?.into()
        };
        let task = this.get_mut(py);
        (task.must_cancel, task.log_destroy_pending) = (false, true);
        task.task =
            super::future::TaskPart { coroutine: Some(coro), context: Some(context), name: Some(name), waiter: None, cancel_requests: 0 };
        if eager_start {
            let running = Future::event_loop(this, py)?;
            let is_running = py.call_method_named(running, "is_running", &[])?;
            if py.truth(is_running)? {
                return Task::start_eagerly(this, py);
            }
        }
        step_soon(py, this, None)?;
        running::register(py, this.into())
    }

    fn __del__(this: Gc<Future>, py: &mut Py) -> Result<()> {
        if this.get(py).stage == Stage::Pending && this.get(py).log_destroy_pending {
            Future::report(this, py, "Task was destroyed but it is pending!", &[("task", this.into())])?;
        }
        Future::report_unseen(this, py)
    }

    fn __repr__(this: Gc<Future>, py: &mut Py) -> Result {
        let show = State::of(py)?.get(py).task_repr;
        py.call(show, &[this.into()])
    }

    /// Request that this task cancel itself.
    ///
    /// This arranges for a CancelledError to be thrown into the
    /// wrapped coroutine on the next cycle through the event loop.
    /// The coroutine then has a chance to clean up or even deny
    /// the request using try/except/finally.
    ///
    /// Unlike Future.cancel, this does not guarantee that the
    /// task will be cancelled: the exception might be caught and
    /// acted upon, delaying cancellation of the task or preventing
    /// cancellation completely.  The task may also return a value or
    /// raise a different exception.
    ///
    /// Immediately after this method is called, Task.cancelled() will
    /// not return True (unless the task was already cancelled).  A
    /// task will be marked as cancelled when the wrapped coroutine
    /// terminates with a CancelledError exception (even if cancel()
    /// was not called).
    ///
    /// This also increases the task's count of cancellation requests.
    #[signature(self, /, msg=None)]
    fn cancel(this: Gc<Future>, py: &mut Py, msg: Value) -> Result<bool> {
        Task::request_cancel(this, py, Some(msg))
    }

    /// Return the count of the task's cancellation requests.
    ///
    /// This count is incremented when .cancel() is called
    /// and may be decremented using .uncancel().
    #[signature(self, /)]
    fn cancelling(this: Gc<Future>, py: &mut Py) -> i64 {
        this.get(py).task.cancel_requests
    }

    /// Decrement the task's count of cancellation requests.
    ///
    /// This should be used by tasks that catch CancelledError
    /// and wish to continue indefinitely until they are cancelled again.
    ///
    /// Returns the remaining number of cancellation requests.
    #[signature(self, /)]
    fn uncancel(this: Gc<Future>, py: &mut Py) -> i64 {
        let task = this.get_mut(py);
        if task.task.cancel_requests > 0 {
            task.task.cancel_requests -= 1;
            if task.task.cancel_requests == 0 {
                task.must_cancel = false;
            }
        }
        task.task.cancel_requests
    }

    /// Return the list of stack frames for this task's coroutine.
    ///
    /// If the coroutine is not done, this returns the stack where it is
    /// suspended.  If the coroutine has completed successfully or was
    /// cancelled, this returns an empty list.  If the coroutine was
    /// terminated by an exception, this returns the list of traceback
    /// frames.
    ///
    /// The frames are always ordered from oldest to newest.
    ///
    /// The optional limit gives the maximum number of frames to
    /// return; by default all available frames are returned.  Its
    /// meaning differs depending on whether a stack or a traceback is
    /// returned: the newest frames of a stack are returned, but the
    /// oldest frames of a traceback are returned.  (This matches the
    /// behavior of the traceback module.)
    ///
    /// For reasons beyond our control, only one stack frame is
    /// returned for a suspended coroutine.
    #[signature(self, /, *, limit=None)]
    fn get_stack(this: Gc<Future>, py: &mut Py, limit: Value) -> Result {
        let function = State::of(py)?.get(py).task_get_stack;
        py.call(function, &[this.into(), limit])
    }

    /// Print the stack or traceback for this task's coroutine.
    ///
    /// This produces output similar to that of the traceback module,
    /// for the frames retrieved by get_stack().  The limit argument
    /// is passed to get_stack().  The file argument is an I/O stream
    /// to which the output is written; by default output is written
    /// to sys.stderr.
    #[signature(self, /, *, limit=None, file=None)]
    fn print_stack(this: Gc<Future>, py: &mut Py, limit: Value, file: Value) -> Result {
        let function = State::of(py)?.get(py).task_print_stack;
        py.call(function, &[this.into(), limit, file])
    }

    #[signature(self, result, /)]
    fn set_result(_this: Gc<Future>, py: &mut Py, result: Value) -> Result<()> {
        let _ = result;
        raise!(py, RuntimeError, "Task does not support set_result operation")
    }

    #[signature(self, exception, /)]
    fn set_exception(_this: Gc<Future>, py: &mut Py, exception: Value) -> Result<()> {
        let _ = exception;
        raise!(py, RuntimeError, "Task does not support set_exception operation")
    }

    #[signature(self, /)]
    fn get_coro(this: Gc<Future>, py: &mut Py) -> Option<Value> {
        this.get(py).task.coroutine
    }

    #[signature(self, /)]
    fn get_context(this: Gc<Future>, py: &mut Py) -> Option<Value> {
        this.get(py).task.context
    }

    #[signature(self, /)]
    fn get_name(this: Gc<Future>, py: &mut Py) -> Result<Option<Value>> {
        let Some(number) = this.get(py).task.name.filter(|name| py.is_int(*name)) else {
            return Ok(this.get(py).task.name);
        };
        let text = format!("Task-{}", py.str_text(number)?);
        let name: Value = py.new_str(&text).into();
        this.get_mut(py).task.name = Some(name);
        Ok(Some(name))
    }

    #[signature(self, value, /)]
    fn set_name(this: Gc<Future>, py: &mut Py, value: Value) -> Result<()> {
        let name = if py.is_exact_str(value) { value } else { py.str(value)?.into() };
        this.get_mut(py).task.name = Some(name);
        Ok(())
    }

    /// See PEP 585
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }
}

#[pymethods(part = "attributes")]
impl Task {
    #[getter]
    fn _log_destroy_pending(this: Gc<Future>, py: &mut Py) -> bool {
        this.get(py).log_destroy_pending
    }

    #[setter]
    fn set__log_destroy_pending(this: Gc<Future>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { raise!(py, AttributeError, "cannot delete attribute") };
        let logs = py.truth(value)?;
        this.get_mut(py).log_destroy_pending = logs;
        Ok(())
    }

    #[getter]
    fn _must_cancel(this: Gc<Future>, py: &mut Py) -> bool {
        this.get(py).must_cancel
    }

    #[getter]
    fn _coro(this: Gc<Future>, py: &mut Py) -> Option<Value> {
        this.get(py).task.coroutine
    }

    #[getter]
    fn _fut_waiter(this: Gc<Future>, py: &mut Py) -> Option<Value> {
        this.get(py).task.waiter
    }
}
