//! `Future`: a result that is to come, and who waits for it.

use super::state::{State, call_soon, invalid_state};
use super::{FutureIter, plain, running};
use crate::contextvars::Context;
use bredli_runtime::prelude::*;
use bredli_runtime::types::{BaseException, Set};

/// How far a future has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It has no outcome.
    Pending,
    /// It was cancelled.
    Cancelled,
    /// It has a result or an exception.
    Finished,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Stage::Pending => "PENDING",
            Stage::Cancelled => "CANCELLED",
            Stage::Finished => "FINISHED",
        }
    }
}

/// A callback and the context that it runs in.
#[derive(Clone, Copy, Trace)]
pub struct Callback {
    function: Value,
    context: Value,
}

/// This class is *almost* compatible with concurrent.futures.Future.
///
/// Differences:
///
/// - result() and exception() do not take a timeout argument and
///   raise an exception when the future isn't done yet.
///
/// - Callbacks registered with add_done_callback() are always called
///   via the event loop's call_soon_threadsafe().
///
/// - This class is not compatible with the wait() and as_completed()
///   methods in the concurrent.futures package.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Future", module = "_asyncio", flags(BASETYPE, HAS_WEAKREF), dict = dict, parts(methods, attributes))]
pub struct Future {
    header: Header,
    pub(super) dict: Option<Gc<Dict>>,
    /// The event loop, once `__init__` has run.
    pub running: Option<Value>,
    /// How far it has come.
    #[trace(skip)]
    pub stage: Stage,
    /// An await has handed the future to its task, which has not seen it yet.
    pub blocking: bool,
    /// Nobody has looked at the exception.
    pub log_traceback: bool,
    /// Tasks: an exception is to be raised at the next step.
    pub must_cancel: bool,
    /// Tasks: being collected while pending is worth a message.
    pub log_destroy_pending: bool,
    /// The first callback, and the others: most futures have one.
    callback: Option<Callback>,
    callbacks: HeapVec<Callback>,
    result: Option<Value>,
    exception: Option<Value>,
    exception_traceback: Option<Value>,
    source_traceback: Option<Value>,
    /// What `cancel` was given.
    pub cancel_message: Option<Value>,
    /// The error that a cancelled task's coroutine has raised, until it is raised again.
    pub cancelled_error: Option<Value>,
    /// The task that waits for this future, or the set of them.
    awaited_by: Option<Value>,
    /// Only used by tasks.
    pub task: TaskPart,
}

/// What a task has beyond a future; it has the same layout.
#[derive(Clone, Copy, Trace)]
pub struct TaskPart {
    pub coroutine: Option<Value>,
    pub context: Option<Value>,
    /// A string, or the number of a name that nobody has asked for yet.
    pub name: Option<Value>,
    /// What the coroutine waits for.
    pub waiter: Option<Value>,
    pub cancel_requests: i64,
}

impl Future {
    /// Before `__init__`.
    pub fn uninitialized() -> Future {
        Future {
            header: Header::EMPTY,
            dict: None,
            running: None,
            stage: Stage::Pending,
            blocking: false,
            log_traceback: false,
            must_cancel: false,
            log_destroy_pending: false,
            callback: None,
            callbacks: HeapVec::EMPTY,
            result: None,
            exception: None,
            exception_traceback: None,
            source_traceback: None,
            cancel_message: None,
            cancelled_error: None,
            awaited_by: None,
            task: TaskPart { coroutine: None, context: None, name: None, waiter: None, cancel_requests: 0 },
        }
    }

    /// `Future.__init__`.
    pub fn initialize(this: Gc<Self>, py: &mut Py, given: Value) -> Result<()> {
        let running = if given.is_none() { running::event_loop(py)? } else { given };
        let future = this.get_mut(py);
        (future.running, future.stage, future.blocking, future.log_traceback) = (Some(running), Stage::Pending, false, false);
        (future.callback, future.callbacks) = (None, HeapVec::EMPTY);
        (future.result, future.exception, future.exception_traceback) = (None, None, None);
        (future.source_traceback, future.cancel_message, future.cancelled_error) = (None, None, None);
        future.awaited_by = None;
        let name = py.names.get_debug;
        let debug = py.call_method(running, name, &[])?;
        if py.truth(debug)? && !py.finalizing {
            let extract = State::of(py)?.get(py).extract_stack;
            let stack = py.call(extract, &[])?;
            this.get_mut(py).source_traceback = Some(stack);
        }
        Ok(())
    }

    /// The event loop, which an initialized future has.
    #[inline]
    pub fn event_loop(this: Gc<Self>, py: &mut Py) -> Result {
        match this.get(py).running {
            Some(running) => Ok(running),
            None => raise!(py, RuntimeError, "Future object is not initialized."),
        }
    }

    /// Have the callbacks called soon.
    fn schedule_callbacks(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let running = Future::event_loop(this, py)?;
        let future = this.get_mut(py);
        let (first, rest) = (future.callback.take(), future.callbacks.take());
        if let Some(Callback { function, context }) = first {
            call_soon(py, running, function, Some(this.into()), Some(context))?;
        }
        // What is left is out of the future's reach, and must not be lost by a collection.
        let mut pending = RootVec::new(&mut py.heap);
        for Callback { function, context } in rest.iter() {
            pending.push(*function);
            pending.push(*context);
        }
        for pair in pending.chunks_exact(2) {
            call_soon(py, running, pair[0], Some(this.into()), Some(pair[1]))?;
        }
        Ok(())
    }

    /// Add a callback, or have it called soon when there is an outcome already.
    pub fn add_callback(this: Gc<Self>, py: &mut Py, function: Value, context: Value) -> Result<()> {
        let running = Future::event_loop(this, py)?;
        let callback = Callback { function, context };
        let future = this.get_mut(py);
        if future.stage != Stage::Pending {
            return call_soon(py, running, function, Some(this.into()), Some(context));
        }
        if future.callback.is_none() && future.callbacks.is_empty() {
            future.callback = Some(callback);
            return Ok(());
        }
        match py.heap.vec_push(this, |future| &mut future.callbacks, callback) {
            Ok(()) => Ok(()),
            Err(_) => Err(py.no_memory()),
        }
    }

    /// Give the future its result.
    pub fn finish(this: Gc<Self>, py: &mut Py, result: Value) -> Result<()> {
        Future::event_loop(this, py)?;
        if this.get(py).stage != Stage::Pending {
            return Err(invalid_state(py, "invalid state"));
        }
        let future = this.get_mut(py);
        (future.result, future.stage) = (Some(result), Stage::Finished);
        Future::schedule_callbacks(this, py)
    }

    /// Give the future its exception.
    pub fn fail(this: Gc<Self>, py: &mut Py, given: Value) -> Result<()> {
        Future::event_loop(this, py)?;
        if this.get(py).stage != Stage::Pending {
            return Err(invalid_state(py, "invalid state"));
        }
        let exception = if py.exception_class(given).is_some() { py.call(given, &[])? } else { given };
        let Some(mut payload) = Gc::<BaseException>::cast(py, exception) else {
            raise!(py, TypeError, "invalid exception object");
        };
        if py.is_instance_of(exception, py.exceptions.StopIteration) {
            let class = py.exceptions.RuntimeError;
            let text = py.new_str("StopIteration interacts badly with generators and cannot be raised into a Future");
            payload = py.new_exception(class, &[text.into()]);
            payload.get_mut(py).set_cause(exception);
        }
        let traceback = payload.get(py).traceback();
        let future = this.get_mut(py);
        (future.exception, future.exception_traceback, future.stage) = (Some(payload.into()), traceback, Stage::Finished);
        Future::schedule_callbacks(this, py)?;
        this.get_mut(py).log_traceback = true;
        Ok(())
    }

    /// `Future.cancel`.
    pub fn cancel_now(this: Gc<Self>, py: &mut Py, message: Option<Value>) -> Result<bool> {
        let future = this.get_mut(py);
        future.log_traceback = false;
        if future.stage != Stage::Pending {
            return Ok(false);
        }
        (future.stage, future.cancel_message) = (Stage::Cancelled, message);
        Future::schedule_callbacks(this, py)?;
        Ok(true)
    }

    /// The CancelledError to raise; a task's own one is only given once.
    pub fn cancellation(this: Gc<Self>, py: &mut Py) -> Result {
        if let Some(error) = this.get_mut(py).cancelled_error.take() {
            return Ok(error);
        }
        let class = State::of(py)?.get(py).cancelled_error;
        match this.get(py).cancel_message.filter(|message| !message.is_none()) {
            Some(message) => py.call(class.into(), &[message]),
            None => py.call(class.into(), &[]),
        }
    }

    /// The result, or the exception raised.
    pub fn outcome(this: Gc<Self>, py: &mut Py) -> Result {
        match this.get(py).stage {
            Stage::Pending => Err(invalid_state(py, "Result is not set.")),
            Stage::Cancelled => {
                let error = Future::cancellation(this, py)?;
                Err(py.raise(error))
            }
            Stage::Finished => {
                let future = this.get_mut(py);
                future.log_traceback = false;
                let Some(exception) = future.exception else { return Ok(future.result.unwrap_or(Value::NONE)) };
                let traceback = future.exception_traceback;
                if let Some(payload) = Gc::<BaseException>::cast(py, exception) {
                    payload.get_mut(py).set_traceback(traceback);
                }
                Err(py.raise(exception))
            }
        }
    }

    /// Note that a task waits for this future.
    pub fn add_waiter(this: Gc<Self>, py: &mut Py, waiter: Value) -> Result<()> {
        let Some(known) = this.get(py).awaited_by else {
            this.get_mut(py).awaited_by = Some(waiter);
            return Ok(());
        };
        let set = match Gc::<Set>::cast(py, known) {
            Some(set) => set,
            None => {
                let set = py.new_set();
                py.set_add(set, known)?;
                this.get_mut(py).awaited_by = Some(set.into());
                set
            }
        };
        py.set_add(set, waiter).map(|_| ())
    }

    /// Note that a task no longer waits for this future.
    pub fn discard_waiter(this: Gc<Self>, py: &mut Py, waiter: Value) -> Result<()> {
        let Some(known) = this.get(py).awaited_by else { return Ok(()) };
        if known == waiter {
            this.get_mut(py).awaited_by = None;
        } else if let Some(set) = Gc::<Set>::cast(py, known) {
            let hash = py.hash(waiter)?;
            py.set_discard_hashed(set, hash, waiter)?;
        }
        Ok(())
    }

    /// Tell the event loop's exception handler of something.
    pub fn report(this: Gc<Self>, py: &mut Py, message: &str, details: &[(&str, Value)]) -> Result<()> {
        let Some(running) = this.get(py).running else { return Ok(()) };
        let context = py.new_dict();
        let message = py.new_str(message);
        let set = |py: &mut Py, name: &str, value: Value| {
            let name = py.intern(name);
            py.dict_set_str(context, name, value)
        };
        set(py, "message", message.into())?;
        for (name, value) in details {
            set(py, name, *value)?;
        }
        if let Some(traceback) = this.get(py).source_traceback {
            set(py, "source_traceback", traceback)?;
        }
        let name = py.names.call_exception_handler;
        if py.call_method(running, name, &[context.into()]).is_err() {
            let text = "Exception ignored while calling asyncio loop's exception handler";
            py.report_unraisable(text, Some(running));
        }
        Ok(())
    }

    /// What the finaliser says about an exception that nobody has looked at.
    pub fn report_unseen(this: Gc<Self>, py: &mut Py) -> Result<()> {
        if !this.get(py).log_traceback {
            return Ok(());
        }
        this.get_mut(py).log_traceback = false;
        let exception = this.get(py).exception.unwrap_or(Value::NONE);
        let text = format!("{} exception was never retrieved", py.class_of(this.into()).get(py).name.get(py).lossy());
        Future::report(this, py, &text, &[("exception", exception), ("future", this.into())])
    }
}

#[pymethods(part = "methods")]
impl Future {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Future> {
        let _ = args;
        py.alloc_as(cls, Future::uninitialized())
    }

    #[signature(*, r#loop=None)]
    fn __init__(this: Gc<Self>, py: &mut Py, r#loop: Value) -> Result<()> {
        Future::initialize(this, py, r#loop)
    }

    fn __del__(this: Gc<Self>, py: &mut Py) -> Result<()> {
        Future::report_unseen(this, py)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result {
        let show = State::of(py)?.get(py).future_repr;
        py.call(show, &[this.into()])
    }

    fn __await__(this: Gc<Self>, py: &mut Py) -> Result<Gc<FutureIter>> {
        FutureIter::over(this, py)
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Result<Gc<FutureIter>> {
        FutureIter::over(this, py)
    }

    /// Return the result this future represents.
    ///
    /// If the future has been cancelled, raises CancelledError.  If the
    /// future's result isn't yet available, raises InvalidStateError.  If
    /// the future is done and has an exception set, this exception is raised.
    #[signature(self, /)]
    fn result(this: Gc<Self>, py: &mut Py) -> Result {
        if this.get(py).running.is_none() {
            return Err(invalid_state(py, "Future object is not initialized."));
        }
        Future::outcome(this, py)
    }

    /// Return the exception that was set on this future.
    ///
    /// The exception (or None if no exception was set) is returned only if
    /// the future is done.  If the future has been cancelled, raises
    /// CancelledError.  If the future isn't done yet, raises
    /// InvalidStateError.
    #[signature(self, /)]
    fn exception(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        if this.get(py).running.is_none() {
            return Err(invalid_state(py, "Future object is not initialized."));
        }
        match this.get(py).stage {
            Stage::Pending => Err(invalid_state(py, "Exception is not set.")),
            Stage::Cancelled => {
                let error = Future::cancellation(this, py)?;
                Err(py.raise(error))
            }
            Stage::Finished => {
                this.get_mut(py).log_traceback = false;
                Ok(this.get(py).exception)
            }
        }
    }

    /// Mark the future done and set its result.
    ///
    /// If the future is already done when this method is called, raises
    /// InvalidStateError.
    #[signature(self, result, /)]
    fn set_result(this: Gc<Self>, py: &mut Py, result: Value) -> Result<()> {
        Future::finish(this, py, result)
    }

    /// Mark the future done and set an exception.
    ///
    /// If the future is already done when this method is called, raises
    /// InvalidStateError.
    #[signature(self, exception, /)]
    fn set_exception(this: Gc<Self>, py: &mut Py, exception: Value) -> Result<()> {
        Future::fail(this, py, exception)
    }

    /// Add a callback to be run when the future becomes done.
    ///
    /// The callback is called with a single argument - the future object. If
    /// the future is already done when this is called, the callback is
    /// scheduled with call_soon.
    #[signature(self, fn, /, *, context=<unrepresentable>)]
    fn add_done_callback(this: Gc<Self>, py: &mut Py, r#fn: Value, context: Option<Value>) -> Result<()> {
        let context = match context {
            Some(context) => context,
            None => Context::copy_of_current(py).into(),
        };
        Future::add_callback(this, py, r#fn, context)
    }

    /// Remove all instances of a callback from the "call when done" list.
    ///
    /// Returns the number of callbacks removed.
    #[signature(self, fn, /)]
    fn remove_done_callback(this: Gc<Self>, py: &mut Py, r#fn: Value) -> Result<usize> {
        Future::event_loop(this, py)?;
        let mut removed = 0;
        if let Some(first) = this.get(py).callback
            && py.eq(first.function, r#fn)?
        {
            this.get_mut(py).callback = None;
            removed = 1;
        }
        let mut index = 0;
        // Comparing may run code that changes the list.
        while let Some(Callback { function, .. }) = this.get(py).callbacks.get(index).copied() {
            if !py.eq(function, r#fn)? {
                index += 1;
            } else if index < this.get(py).callbacks.len() {
                this.get_mut(py).callbacks.remove(index);
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Cancel the future and schedule callbacks.
    ///
    /// If the future is already done or cancelled, return False.  Otherwise,
    /// change the future's state to cancelled, schedule the callbacks and
    /// return True.
    #[signature(self, /, msg=None)]
    fn cancel(this: Gc<Self>, py: &mut Py, msg: Value) -> Result<bool> {
        Future::event_loop(this, py)?;
        Future::cancel_now(this, py, Some(msg))
    }

    /// Return True if the future was cancelled.
    #[signature(self, /)]
    fn cancelled(this: Gc<Self>, py: &mut Py) -> bool {
        this.get(py).stage == Stage::Cancelled
    }

    /// Return True if the future is done.
    ///
    /// Done means either that a result / exception are available, or that the
    /// future was cancelled.
    #[signature(self, /)]
    fn done(this: Gc<Self>, py: &mut Py) -> bool {
        this.get(py).running.is_some() && this.get(py).stage != Stage::Pending
    }

    /// Return the event loop the Future is bound to.
    #[signature(self, /)]
    fn get_loop(this: Gc<Self>, py: &mut Py) -> Result {
        Future::event_loop(this, py)
    }

    /// Create the CancelledError to raise if the Future is cancelled.
    ///
    /// This should only be called once when handling a cancellation since
    /// it erases the context exception value.
    #[signature(self, /)]
    fn _make_cancelled_error(this: Gc<Self>, py: &mut Py) -> Result {
        Future::cancellation(this, py)
    }

    /// See PEP 585
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }
}

#[pymethods(part = "attributes")]
impl Future {
    #[getter]
    fn _state(this: Gc<Self>, py: &mut Py) -> Result<&'static str> {
        Future::event_loop(this, py)?;
        Ok(this.get(py).stage.name())
    }

    #[getter]
    fn _asyncio_future_blocking(this: Gc<Self>, py: &mut Py) -> bool {
        this.get(py).running.is_some() && this.get(py).blocking
    }

    #[setter]
    fn set__asyncio_future_blocking(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        Future::event_loop(this, py)?;
        let Some(value) = value else { raise!(py, AttributeError, "cannot delete attribute") };
        let blocking = py.truth(value)?;
        this.get_mut(py).blocking = blocking;
        Ok(())
    }

    #[getter]
    fn _loop(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).running
    }

    #[getter]
    fn _callbacks(this: Gc<Self>, py: &mut Py) -> Result {
        Future::event_loop(this, py)?;
        let mut pairs = RootVec::new(&mut py.heap);
        let mut next = this.get(py).callback;
        let mut index = 0;
        loop {
            if let Some(Callback { function, context }) = next {
                let pair = py.new_tuple(&[function, context]);
                pairs.push(pair.into());
            }
            next = this.get(py).callbacks.get(index).copied();
            if next.is_none() {
                break;
            }
            index += 1;
        }
        if pairs.is_empty() { Ok(Value::NONE) } else { Ok(py.new_list(&pairs)?.into()) }
    }

    #[getter]
    fn _result(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        Future::event_loop(this, py)?;
        Ok(this.get(py).result)
    }

    #[getter]
    fn _exception(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        Future::event_loop(this, py)?;
        Ok(this.get(py).exception)
    }

    #[getter]
    fn _log_traceback(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        Future::event_loop(this, py)?;
        Ok(this.get(py).log_traceback)
    }

    #[setter]
    fn set__log_traceback(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { raise!(py, AttributeError, "cannot delete attribute") };
        if py.truth(value)? {
            raise!(py, ValueError, "_log_traceback can only be set to False");
        }
        this.get_mut(py).log_traceback = false;
        Ok(())
    }

    #[getter]
    fn _source_traceback(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).source_traceback
    }

    #[getter]
    fn _cancel_message(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).cancel_message
    }

    #[setter]
    fn set__cancel_message(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { raise!(py, AttributeError, "cannot delete attribute") };
        this.get_mut(py).cancel_message = Some(value);
        Ok(())
    }

    #[getter]
    fn _asyncio_awaited_by(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let Some(known) = this.get(py).awaited_by else { return Ok(None) };
        let waiters = match Gc::<Set>::cast(py, known) {
            Some(set) => py.collect_iterable(set.into())?,
            None => RootVec::from_slice(&mut py.heap, &[known]),
        };
        Ok(Some(py.new_frozenset(&waiters)?.into()))
    }
}

/// `future_add_to_awaited_by`: only between native futures.
pub fn add_to_awaited_by(py: &mut Py, future: Value, waiter: Value) -> Result<()> {
    match (Gc::<Future>::cast(py, future), Gc::<Future>::cast(py, waiter)) {
        (Some(future), Some(_)) => Future::add_waiter(future, py, waiter),
        _ => Ok(()),
    }
}

/// `future_discard_from_awaited_by`.
pub fn discard_from_awaited_by(py: &mut Py, future: Value, waiter: Value) -> Result<()> {
    match (Gc::<Future>::cast(py, future), Gc::<Future>::cast(py, waiter)) {
        (Some(future), Some(_)) => Future::discard_waiter(future, py, waiter),
        _ => Ok(()),
    }
}

/// The result of a future-like object, or its exception raised.
pub fn outcome_of(py: &mut Py, future: Value) -> Result {
    match plain(py, future) {
        Some(future) => Future::outcome(future, py),
        None => {
            let name = py.names.result;
            py.call_method(future, name, &[])
        }
    }
}
