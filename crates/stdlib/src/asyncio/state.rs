//! What the module keeps for the interpreter: functions and classes of the Python half of asyncio.

use super::Future;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Set;

/// What the module keeps, as an object that the class of futures holds.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_asyncio_state", flags(DISALLOW_INSTANTIATION))]
pub struct State {
    header: Header,
    /// The names of `loop.call_soon(…, context=…)` and of `future.cancel(msg=…)`.
    pub context_keyword: Gc<Tuple>,
    pub msg_keyword: Gc<Tuple>,
    pub cancelled_error: Gc<Class>,
    pub invalid_state: Value,
    pub future_repr: Value,
    pub task_repr: Value,
    pub task_get_stack: Value,
    pub task_print_stack: Value,
    pub is_coroutine: Value,
    pub extract_stack: Value,
    pub get_policy: Value,
    /// Tasks of other classes than `Task`, weakly, and tasks during their eager step.
    pub other_tasks: Value,
    pub eager_tasks: Gc<Set>,
    /// Counts tasks without a name.
    pub names_given: u64,
}

#[pymethods]
impl State {}

impl State {
    /// The state, made on first use.
    #[inline]
    pub fn of(py: &mut Py) -> Result<Gc<State>> {
        let class = Future::class(py);
        match class.get(py).extra.and_then(|state| Gc::<State>::cast(py, state)) {
            Some(state) => Ok(state),
            None => State::make(py, class),
        }
    }

    #[cold]
    fn make(py: &mut Py, class: Gc<Class>) -> Result<Gc<State>> {
        let cancelled = attribute(py, "asyncio.exceptions", "CancelledError")?;
        let Some(cancelled_error) = py.exception_class(cancelled) else {
            raise!(py, TypeError, "asyncio.exceptions.CancelledError is not an exception class");
        };
        let invalid_state = attribute(py, "asyncio.exceptions", "InvalidStateError")?;
        let future_repr = attribute(py, "asyncio.base_futures", "_future_repr")?;
        let task_repr = attribute(py, "asyncio.base_tasks", "_task_repr")?;
        let task_get_stack = attribute(py, "asyncio.base_tasks", "_task_get_stack")?;
        let task_print_stack = attribute(py, "asyncio.base_tasks", "_task_print_stack")?;
        let is_coroutine = attribute(py, "asyncio.coroutines", "iscoroutine")?;
        let get_policy = attribute(py, "asyncio.events", "_get_event_loop_policy")?;
        let extract_stack = attribute(py, "traceback", "extract_stack")?;
        let weak_set = attribute(py, "weakref", "WeakSet")?;
        let other_tasks = py.call(weak_set, &[])?;
        let eager_tasks = py.new_set();
        let (context, msg) = (py.names.context, py.names.msg);
        let context_keyword = py.new_tuple(&[context.into()]);
        let msg_keyword = py.new_tuple(&[msg.into()]);
        let state = py.alloc(State {
            header: Header::EMPTY,
            context_keyword,
            msg_keyword,
            cancelled_error,
            invalid_state,
            future_repr,
            task_repr,
            task_get_stack,
            task_print_stack,
            is_coroutine,
            extract_stack,
            get_policy,
            other_tasks,
            eager_tasks,
            names_given: 0,
        });
        class.get_mut(py).extra = Some(state.into());
        Ok(state)
    }
}

fn attribute(py: &mut Py, module: &str, name: &str) -> Result {
    let module = py.import_module(module)?;
    py.get_attr_named(module, name)
}

/// asyncio's InvalidStateError.
#[cold]
pub fn invalid_state(py: &mut Py, text: &str) -> Raised {
    let made = State::of(py).and_then(|state| {
        let class = state.get(py).invalid_state;
        let text = py.new_str(text);
        py.call(class, &[text.into()])
    });
    match made {
        Ok(exception) => py.raise(exception),
        Err(raised) => raised,
    }
}

/// `loop.call_soon(function[, argument][, context=context])`.
pub fn call_soon(py: &mut Py, running: Value, function: Value, argument: Option<Value>, context: Option<Value>) -> Result<()> {
    let name = py.names.call_soon;
    let (method, unbound) = py.get_method(running, name)?;
    let mut values = [running; 4];
    let mut count = usize::from(unbound);
    for value in [Some(function), argument, context].into_iter().flatten() {
        values[count] = value;
        count += 1;
    }
    let names = match context {
        Some(_) => Some(State::of(py)?.get(py).context_keyword),
        None => None,
    };
    let args = Args::with_keywords(py, &values[..count], names);
    py.call_args(method, args).map(|_| ())
}

/// The event loop that a future-like object belongs to.
pub fn loop_of(py: &mut Py, future: Value) -> Result {
    if let Some(native) = super::plain(py, future)
        && let Some(running) = native.get(py).running
    {
        return Ok(running);
    }
    let name = py.names.get_loop;
    if let Some(method) = py.lookup_attr(future, name)? {
        return py.call(method, &[]);
    }
    let name = py.names._loop;
    py.get_attr(future, name)
}
