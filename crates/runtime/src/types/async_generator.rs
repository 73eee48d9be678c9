//! Async generators: their methods and the awaitables these give.
//!
//! Counterpart: the second half of `Objects/genobject.c`.

use crate::exec::Outcome;
use crate::object::{Class, Str};
use crate::types::generator::{Exit, generator_attributes};
use crate::types::{Code, Frame, Generator, GeneratorState};
use crate::{Py, Raised, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// An async generator.
#[pyclass(name = "async_generator", layout = Generator, core, flags(HAS_WEAKREF), parts(attributes))]
pub struct AsyncGenerator;

#[pymethods]
impl AsyncGenerator {
    fn __repr__(this: Value, py: &mut Py) -> String {
        py.generator_repr(this)
    }

    fn __aiter__(this: Value) -> Value {
        this
    }

    fn __anext__(this: Value, py: &mut Py) -> Result {
        py.async_send(this, Value::NONE)
    }

    fn __del__(this: Value, py: &mut Py) -> Result<()> {
        let payload = Gc::<Generator>::known(py, this).get(py);
        if payload.state == GeneratorState::Finished {
            return Ok(());
        }
        match payload.origin_or_finalizer {
            Some(finalizer) if !payload.closed => py.call(finalizer, &[this]).map(|_| ()),
            _ => py.generator_close(this).map(|_| ()),
        }
    }

    /// See PEP 585
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }

    /// asend(v) -> send 'v' in generator.
    #[no_text_signature]
    fn asend(this: Value, py: &mut Py, value: Value) -> Result {
        py.async_send(this, value)
    }

    /// athrow(value)
    /// athrow(type[,value[,tb]])
    ///
    /// raise exception in generator.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[no_text_signature]
    #[signature(self, typ, val=None, tb=None, /)]
    fn athrow(this: Value, py: &mut Py, typ: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        if val.is_some() {
            let class = py.exceptions.DeprecationWarning;
            py.warn(class, "the (type, exc, tb) signature of athrow() is deprecated, use the single-arg signature instead.")?;
        }
        py.async_throw(this, Thrown { class: Some(typ), value: val, traceback: tb })
    }

    /// aclose() -> raise GeneratorExit inside generator.
    #[no_text_signature]
    fn aclose(this: Value, py: &mut Py) -> Result {
        py.async_throw(this, Thrown { class: None, value: None, traceback: None })
    }
}

generator_attributes!(AsyncGenerator "ag_running" "ag_suspended" "ag_code" "ag_frame" "ag_await");

/// A value that an async generator yields to its user, among those it passes on from what it awaits.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "async_generator_wrapped_value")]
pub struct WrappedValue {
    header: Header,
    value: Value,
}

#[pymethods]
impl WrappedValue {}

/// Where an awaitable stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Fresh,
    Iterating,
    Closed,
}

/// The awaitable of `__anext__` and `asend`.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "async_generator_asend")]
pub struct AsyncSend {
    header: Header,
    generator: Value,
    value: Value,
    #[trace(skip)]
    progress: Progress,
}

#[pymethods]
impl AsyncSend {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __await__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        AsyncSend::resume(this, py, Value::NONE).map(Some)
    }

    fn __del__(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let (generator, progress) = (this.get(py).generator, this.get(py).progress);
        if progress == Progress::Fresh { py.warn_method_never_awaited(generator, "asend") } else { Ok(()) }
    }

    #[no_text_signature]
    fn send(this: Gc<Self>, py: &mut Py, value: Value) -> Result {
        AsyncSend::resume(this, py, value)
    }

    #[no_text_signature]
    #[signature(self, typ, val=None, tb=None, /)]
    fn throw(this: Gc<Self>, py: &mut Py, typ: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        py.warn_about_throw(val)?;
        AsyncSend::raise(this, py, typ, val, tb)
    }

    #[no_text_signature]
    fn close(this: Gc<Self>, py: &mut Py) -> Result {
        if this.get(py).progress == Progress::Closed {
            return Ok(Value::NONE);
        }
        let exit: Value = py.exceptions.GeneratorExit.into();
        let result = AsyncSend::raise(this, py, exit, None, None);
        py.async_closed(result)
    }
}

impl AsyncSend {
    fn start(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let (generator, progress) = (this.get(py).generator, this.get(py).progress);
        match progress {
            Progress::Closed => raise!(py, RuntimeError, "cannot reuse already awaited __anext__()/asend()"),
            Progress::Fresh if Gc::<Generator>::known(py, generator).get(py).running_async => {
                this.get_mut(py).progress = Progress::Closed;
                raise!(py, RuntimeError, "anext(): asynchronous generator is already running")
            }
            _ => {}
        }
        this.get_mut(py).progress = Progress::Iterating;
        Gc::<Generator>::known(py, generator).get_mut(py).running_async = true;
        Ok(())
    }

    fn end(this: Gc<Self>, py: &mut Py, outcome: Result<Outcome>) -> Result {
        let generator = this.get(py).generator;
        let result = py.async_unwrap(generator, outcome);
        if result.is_err() {
            this.get_mut(py).progress = Progress::Closed;
        }
        result
    }

    fn resume(this: Gc<Self>, py: &mut Py, value: Value) -> Result {
        let fresh = this.get(py).progress == Progress::Fresh;
        AsyncSend::start(this, py)?;
        let (generator, own) = (this.get(py).generator, this.get(py).value);
        let outcome = py.generator_send(generator, if fresh && value.is_none() { own } else { value });
        AsyncSend::end(this, py, outcome)
    }

    fn raise(this: Gc<Self>, py: &mut Py, class: Value, value: Option<Value>, tb: Option<Value>) -> Result {
        AsyncSend::start(this, py)?;
        let generator = this.get(py).generator;
        let outcome = py.generator_throw(generator, Exit::Enters, class, value, tb);
        AsyncSend::end(this, py, outcome)
    }
}

/// The operands of `athrow`; without a class: `aclose`.
#[derive(Clone, Copy)]
struct Thrown {
    class: Option<Value>,
    value: Option<Value>,
    traceback: Option<Value>,
}

/// The awaitable of `athrow` and `aclose`.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "async_generator_athrow")]
pub struct AsyncThrow {
    header: Header,
    generator: Value,
    class: Option<Value>,
    value: Option<Value>,
    traceback: Option<Value>,
    #[trace(skip)]
    progress: Progress,
}

#[pymethods]
impl AsyncThrow {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __await__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        AsyncThrow::resume(this, py, Value::NONE).map(Some)
    }

    fn __del__(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let (generator, progress, closes) = (this.get(py).generator, this.get(py).progress, this.get(py).class.is_none());
        let method = if closes { "aclose" } else { "athrow" };
        if progress == Progress::Fresh { py.warn_method_never_awaited(generator, method) } else { Ok(()) }
    }

    #[no_text_signature]
    fn send(this: Gc<Self>, py: &mut Py, value: Value) -> Result {
        AsyncThrow::resume(this, py, value)
    }

    #[no_text_signature]
    #[signature(self, typ, val=None, tb=None, /)]
    fn throw(this: Gc<Self>, py: &mut Py, typ: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        py.warn_about_throw(val)?;
        AsyncThrow::raise(this, py, typ, val, tb)
    }

    #[no_text_signature]
    fn close(this: Gc<Self>, py: &mut Py) -> Result {
        if this.get(py).progress == Progress::Closed {
            return Ok(Value::NONE);
        }
        let exit: Value = py.exceptions.GeneratorExit.into();
        let result = AsyncThrow::raise(this, py, exit, None, None);
        py.async_closed(result)
    }
}

impl AsyncThrow {
    fn close_with(this: Gc<Self>, py: &mut Py, error: Raised) -> Result {
        this.get_mut(py).progress = Progress::Closed;
        Err(error)
    }

    fn already_running(this: Gc<Self>, py: &mut Py) -> Result {
        let method = if this.get(py).class.is_none() { "aclose" } else { "athrow" };
        let error = crate::error!(py, RuntimeError, "{method}(): asynchronous generator is already running");
        AsyncThrow::close_with(this, py, error)
    }

    fn resume(this: Gc<Self>, py: &mut Py, value: Value) -> Result {
        let generator = this.get(py).generator;
        let payload = Gc::<Generator>::known(py, generator);
        if this.get(py).progress == Progress::Closed {
            raise!(py, RuntimeError, "cannot reuse already awaited aclose()/athrow()");
        }
        if payload.get(py).state == GeneratorState::Finished {
            let error = py.stop_iteration(None);
            return AsyncThrow::close_with(this, py, error);
        }
        let thrown = Thrown { class: this.get(py).class, value: this.get(py).value, traceback: this.get(py).traceback };
        if this.get(py).progress == Progress::Fresh {
            if payload.get(py).running_async {
                return AsyncThrow::already_running(this, py);
            }
            if payload.get(py).closed {
                let error = py.stop_async_iteration();
                return AsyncThrow::close_with(this, py, error);
            }
            if !value.is_none() {
                raise!(py, RuntimeError, "can't send non-None value to a just-started coroutine");
            }
            this.get_mut(py).progress = Progress::Iterating;
            payload.get_mut(py).running_async = true;
            let (class, exit) = match thrown.class {
                Some(class) => (class, Exit::Enters),
                None => {
                    payload.get_mut(py).closed = true;
                    (py.exceptions.GeneratorExit.into(), Exit::Enters)
                }
            };
            let outcome = py.generator_throw(generator, exit, class, thrown.value, thrown.traceback);
            return AsyncThrow::end(this, py, outcome);
        }
        let outcome = py.generator_send(generator, value);
        AsyncThrow::end(this, py, outcome)
    }

    fn raise(this: Gc<Self>, py: &mut Py, class: Value, value: Option<Value>, tb: Option<Value>) -> Result {
        let generator = this.get(py).generator;
        let payload = Gc::<Generator>::known(py, generator);
        match this.get(py).progress {
            Progress::Closed => raise!(py, RuntimeError, "cannot reuse already awaited aclose()/athrow()"),
            Progress::Fresh => {
                if payload.get(py).running_async {
                    return AsyncThrow::already_running(this, py);
                }
                this.get_mut(py).progress = Progress::Iterating;
                payload.get_mut(py).running_async = true;
            }
            Progress::Iterating => {}
        }
        let outcome = py.generator_throw(generator, Exit::Enters, class, value, tb);
        AsyncThrow::end(this, py, outcome)
    }

    /// What the generator did is what the awaitable does: `aclose` ends where the generator has ended.
    fn end(this: Gc<Self>, py: &mut Py, outcome: Result<Outcome>) -> Result {
        let generator = this.get(py).generator;
        let payload = Gc::<Generator>::known(py, generator);
        if this.get(py).class.is_some() {
            let result = py.async_unwrap(generator, outcome);
            return match result {
                Ok(value) => Ok(value),
                Err(error) => AsyncThrow::close_with(this, py, error),
            };
        }
        match outcome {
            Ok(Outcome::Yielded(value)) if Gc::<WrappedValue>::cast(py, value).is_none() => return Ok(value),
            Ok(Outcome::Yielded(_)) => {
                payload.get_mut(py).running_async = false;
                let error = crate::error!(py, RuntimeError, "async generator ignored GeneratorExit");
                return AsyncThrow::close_with(this, py, error);
            }
            _ => {}
        }
        payload.get_mut(py).running_async = false;
        let error = match outcome {
            Err(error) if !py.exception_matches(py.exceptions.StopAsyncIteration) && !py.exception_matches(py.exceptions.GeneratorExit) => {
                error
            }
            _ => {
                py.clear_exception();
                py.stop_iteration(None)
            }
        };
        AsyncThrow::close_with(this, py, error)
    }
}

/// What `anext(iterator, default)` gives.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "anext_awaitable")]
pub struct AnextAwaitable {
    header: Header,
    wrapped: Value,
    default: Value,
}

#[pymethods]
impl AnextAwaitable {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __await__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let iterator = AnextAwaitable::iterator(this, py)?;
        let result = match py.advance(iterator) {
            Ok(None) => Err(py.stop_iteration(None)),
            Ok(Some(value)) => Ok(value),
            Err(error) => Err(error),
        };
        AnextAwaitable::end(this, py, result).map(Some)
    }

    #[no_text_signature]
    fn send(this: Gc<Self>, py: &mut Py, value: Value) -> Result {
        let (iterator, name) = (AnextAwaitable::iterator(this, py)?, py.names.send);
        let result = py.call_method(iterator, name, &[value]);
        AnextAwaitable::end(this, py, result)
    }

    #[no_text_signature]
    #[signature(self, typ, val=None, tb=None, /)]
    fn throw(this: Gc<Self>, py: &mut Py, typ: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        let (iterator, name) = (AnextAwaitable::iterator(this, py)?, py.names.throw);
        let args = [typ, val.unwrap_or(Value::NONE), tb.unwrap_or(Value::NONE)];
        let count = if tb.is_some() { 3 } else { 1 + usize::from(val.is_some()) };
        let result = py.call_method(iterator, name, &args[..count]);
        AnextAwaitable::end(this, py, result)
    }

    #[no_text_signature]
    fn close(this: Gc<Self>, py: &mut Py) -> Result {
        let (iterator, name) = (AnextAwaitable::iterator(this, py)?, py.names.close);
        py.call_method(iterator, name, &[])
    }
}

impl AnextAwaitable {
    fn iterator(this: Gc<Self>, py: &mut Py) -> Result {
        let wrapped = this.get(py).wrapped;
        let iterator = py.awaitable_iterator(wrapped)?;
        if py.is_iterator(iterator) {
            return Ok(iterator);
        }
        // A coroutine is resumed through its wrapper.
        let Some(method) = py.class_of(iterator).get(py).slots.am_await else {
            let class = py.class_name(iterator);
            raise!(py, TypeError, "'{class}' object can't be awaited");
        };
        method(py, iterator)
    }

    fn end(this: Gc<Self>, py: &mut Py, result: Result) -> Result {
        match result {
            Err(_) if py.exception_matches(py.exceptions.StopAsyncIteration) => {
                py.clear_exception();
                let default = this.get(py).default;
                Err(py.stop_iteration(Some(default)))
            }
            other => other,
        }
    }
}

impl Py {
    /// The value that an async generator's `yield` hands to its awaitable.
    pub(crate) fn wrap_async_value(&mut self, value: Value) -> Value {
        self.alloc(WrappedValue { header: Header::EMPTY, value }).into()
    }

    /// `anext(iterator, default)`.
    pub fn anext_with_default(&mut self, wrapped: Value, default: Value) -> Value {
        self.alloc(AnextAwaitable { header: Header::EMPTY, wrapped, default }).into()
    }

    /// The first use of an async generator calls the hooks of `sys.set_asyncgen_hooks`.
    fn init_async_hooks(&mut self, generator: Value) -> Result<()> {
        let payload = Gc::<Generator>::known(self, generator);
        if payload.get(self).hooks_called {
            return Ok(());
        }
        let hooks = self.machine.async_hooks;
        let this = payload.get_mut(self);
        this.hooks_called = true;
        this.origin_or_finalizer = hooks.finalizer;
        match hooks.firstiter {
            Some(firstiter) => self.call(firstiter, &[generator]).map(|_| ()),
            None => Ok(()),
        }
    }

    fn async_send(&mut self, generator: Value, value: Value) -> Result {
        self.init_async_hooks(generator)?;
        let class = self.class::<AsyncSend>();
        let send = self.alloc_as(class, AsyncSend { header: Header::EMPTY, generator, value, progress: Progress::Fresh });
        Ok(send.into())
    }

    fn async_throw(&mut self, generator: Value, thrown: Thrown) -> Result {
        self.init_async_hooks(generator)?;
        let Thrown { class, value, traceback } = thrown;
        let own = self.class::<AsyncThrow>();
        let payload = AsyncThrow { header: Header::EMPTY, generator, class, value, traceback, progress: Progress::Fresh };
        let throw = self.alloc_as(own, payload);
        Ok(throw.into())
    }

    fn stop_async_iteration(&mut self) -> Raised {
        let class = self.exceptions.StopAsyncIteration;
        let exception = self.new_exception(class, &[]);
        self.raise(exception.into())
    }

    /// What a step of an async generator means for the awaitable: yielded values are its result, others are passed on.
    fn async_unwrap(&mut self, generator: Value, outcome: Result<Outcome>) -> Result {
        let payload = Gc::<Generator>::known(self, generator);
        let error = match outcome {
            Ok(Outcome::Yielded(value)) => match Gc::<WrappedValue>::cast(self, value) {
                None => return Ok(value),
                Some(wrapped) => {
                    payload.get_mut(self).running_async = false;
                    let value = wrapped.get(self).value;
                    return Err(self.stop_iteration(Some(value)));
                }
            },
            Ok(Outcome::Returned(_)) => self.stop_async_iteration(),
            Err(error) => error,
        };
        let ends = self.exception_matches(self.exceptions.StopAsyncIteration) || self.exception_matches(self.exceptions.GeneratorExit);
        let this = payload.get_mut(self);
        this.closed |= ends;
        this.running_async = false;
        Err(error)
    }

    /// The end of `close()` of an awaitable.
    fn async_closed(&mut self, result: Result) -> Result {
        match result {
            Ok(_) => raise!(self, RuntimeError, "coroutine ignored GeneratorExit"),
            Err(error) => {
                let classes = [self.exceptions.StopIteration, self.exceptions.StopAsyncIteration, self.exceptions.GeneratorExit];
                if !classes.into_iter().any(|class| self.exception_matches(class)) {
                    return Err(error);
                }
                self.clear_exception();
                Ok(Value::NONE)
            }
        }
    }

    fn warn_method_never_awaited(&mut self, generator: Value, method: &str) -> Result<()> {
        let qualname = Gc::<Generator>::known(self, generator).get(self).qualname;
        let qualname = self.repr_text(qualname.into())?;
        let class = self.exceptions.RuntimeWarning;
        self.warn(class, &format!("coroutine method '{method}' of {qualname} was never awaited"))
    }
}
