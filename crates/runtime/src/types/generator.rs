//! Generators: the object that generators, coroutines and async generators share, and its protocol.
//!
//! The machine's half is `exec/generator.rs`. Counterpart: `Objects/genobject.c`.

use crate::exec::{Outcome, Outer, SavedFrame};
use crate::object::{Class, Str};
use crate::types::{BaseException, Code, Frame, Function};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Where a generator stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeneratorState {
    /// Not started.
    Created,
    /// At a yield.
    Suspended,
    /// Executing.
    Running,
    /// Returned, raised or closed.
    Finished,
}

/// A generator.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "generator", core, flags(HAS_WEAKREF), parts(attributes))]
pub struct Generator {
    pub(crate) header: Header,
    pub(crate) function: Option<Gc<Function>>,
    /// The exec instruction to continue with.
    #[trace(skip)]
    pub(crate) pc: *const u64,
    /// Words of its frames.
    pub(crate) frame_size: u32,
    /// The slot that receives the sent value.
    pub(crate) resume_slot: u16,
    #[trace(skip)]
    pub(crate) state: GeneratorState,
    /// While it runs: how the frame looks that resumed it.
    #[trace(skip)]
    pub(crate) outer: std::cell::Cell<Outer>,
    /// Async generators: the hooks have been called.
    pub(crate) hooks_called: bool,
    /// Async generators: an operation is under way.
    pub(crate) running_async: bool,
    /// Async generators: closed or exhausted.
    pub(crate) closed: bool,
    /// The exception that is being handled inside while suspended.
    pub(crate) handled: Option<Value>,
    pub(crate) name: Gc<Str>,
    pub(crate) qualname: Gc<Str>,
    pub(crate) frame_object: Option<Value>,
    /// While it is suspended: the generator that its `yield from` or `await` sends to, once that is known to be one.
    pub(crate) delegate: Option<Gc<Generator>>,
    /// Coroutines: who called, if that is tracked. Async generators: the hook that is to see them before they are collected.
    pub(crate) origin_or_finalizer: Option<Value>,
    pub(crate) frame: SavedFrame,
}

/// What GeneratorExit that is thrown into a delegating generator does to the delegate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It is closed.
    Closes,
    /// It gets the exception, as any other one.
    Enters,
}

#[pymethods]
impl Generator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        py.generator_next(this.into())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        Ok(py.generator_repr(this.into()))
    }

    fn __del__(this: Gc<Self>, py: &mut Py) -> Result<()> {
        py.generator_close(this.into()).map(|_| ())
    }

    /// See PEP 585
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }

    /// send(value) -> send 'value' into generator,
    /// return next yielded value or raise StopIteration.
    #[no_text_signature]
    fn send(this: Gc<Self>, py: &mut Py, value: Value) -> Result {
        let outcome = py.generator_send(this.into(), value)?;
        py.outcome_value(outcome)
    }

    /// throw(value)
    /// throw(type[,value[,tb]])
    ///
    /// Raise exception in generator, return next yielded value or raise
    /// StopIteration.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[no_text_signature]
    #[signature(self, typ, val=None, tb=None, /)]
    fn throw(this: Gc<Self>, py: &mut Py, typ: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        py.warn_about_throw(val)?;
        let outcome = py.generator_throw(this.into(), Exit::Closes, typ, val, tb)?;
        py.outcome_value(outcome)
    }

    /// close() -> raise GeneratorExit inside generator.
    #[no_text_signature]
    fn close(this: Gc<Self>, py: &mut Py) -> Result {
        py.generator_close(this.into())
    }
}

/// The attributes of a kind of generator, which differ in their prefix.
macro_rules! generator_attributes {
    ($class:ident $running:tt $suspended:tt $code:tt $frame:tt $delegate:tt) => {
        #[bredli_macros::pymethods(part = "attributes")]
        impl $class {
            /// name of the generator
            #[getter("__name__")]
            fn name(this: Value, py: &mut Py) -> Gc<Str> {
                Gc::<Generator>::known(py, this).get(py).name
            }

            #[setter("__name__")]
            fn set_name(this: Value, py: &mut Py, value: Option<Value>) -> Result<()> {
                let Some(name) = value.and_then(|value| Gc::<Str>::cast(py, value)) else {
                    raise!(py, TypeError, "__name__ must be set to a string object");
                };
                Gc::<Generator>::known(py, this).get_mut(py).name = name;
                Ok(())
            }

            /// qualified name of the generator
            #[getter("__qualname__")]
            fn qualname(this: Value, py: &mut Py) -> Gc<Str> {
                Gc::<Generator>::known(py, this).get(py).qualname
            }

            #[setter("__qualname__")]
            fn set_qualname(this: Value, py: &mut Py, value: Option<Value>) -> Result<()> {
                let Some(name) = value.and_then(|value| Gc::<Str>::cast(py, value)) else {
                    raise!(py, TypeError, "__qualname__ must be set to a string object");
                };
                Gc::<Generator>::known(py, this).get_mut(py).qualname = name;
                Ok(())
            }

            #[getter($running)]
            fn running(this: Value, py: &mut Py) -> bool {
                py.is_generator_running(this)
            }

            #[getter($suspended)]
            fn suspended(this: Value, py: &mut Py) -> bool {
                Gc::<Generator>::known(py, this).get(py).state == GeneratorState::Suspended
            }

            #[getter($code)]
            fn code(this: Value, py: &mut Py) -> Option<Gc<Code>> {
                Gc::<Generator>::known(py, this).get(py).function.map(|function| function.get(py).code)
            }

            #[getter($frame)]
            fn frame(this: Value, py: &mut Py) -> Option<Gc<Frame>> {
                py.generator_frame(this)
            }

            /// object being iterated by yield from, or None
            #[getter($delegate)]
            fn delegate(this: Value, py: &mut Py) -> Option<Value> {
                py.yield_from_target(this)
            }
        }
    };
}
pub(super) use generator_attributes;

generator_attributes!(Generator "gi_running" "gi_suspended" "gi_code" "gi_frame" "gi_yieldfrom");

impl Py {
    /// How `send` and `throw` give an outcome to Python.
    pub(crate) fn outcome_value(&mut self, outcome: Outcome) -> Result {
        match outcome {
            Outcome::Yielded(value) => Ok(value),
            Outcome::Returned(value) => Err(self.stop_iteration(if value.is_none() { None } else { Some(value) })),
        }
    }

    /// How `__next__` gives a return value: the end, with StopIteration only where it carries something.
    pub fn finished(&mut self, value: Value) -> Result<Option<Value>> {
        if value.is_none() { Ok(None) } else { Err(self.stop_iteration(Some(value))) }
    }

    fn kind_of_generator(&self, generator: Value) -> &'static str {
        let class = self.class_of(generator);
        if class == self.types.coroutine {
            "coroutine"
        } else if class == self.types.async_generator {
            "async generator"
        } else {
            "generator"
        }
    }

    pub(super) fn is_generator_running(&self, generator: Value) -> bool {
        let payload = Gc::<Generator>::known(self, generator).get(self);
        if self.class_of(generator) == self.types.async_generator {
            return payload.running_async;
        }
        payload.state == GeneratorState::Running
    }

    pub(crate) fn generator_repr(&self, generator: Value) -> String {
        let kind = self.class_name(generator);
        let name = Gc::<Generator>::known(self, generator).get(self).qualname.get(self).lossy();
        format!("<{kind} object {name} at {:#x}>", generator.bits())
    }

    /// `__next__()`
    #[inline]
    pub(crate) fn generator_next(&mut self, generator: Value) -> Result<Option<Value>> {
        match self.generator_send(generator, Value::NONE)? {
            Outcome::Yielded(value) => Ok(Some(value)),
            Outcome::Returned(value) => self.finished(value),
        }
    }

    /// Resume with a value.
    pub(crate) fn generator_send(&mut self, generator: Value, value: Value) -> Result<Outcome> {
        let state = Gc::<Generator>::known(self, generator).get(self).state;
        if state == GeneratorState::Suspended || (state == GeneratorState::Created && value.is_none()) {
            return self.resume_generator(generator, Some(value));
        }
        let kind = self.kind_of_generator(generator);
        match state {
            GeneratorState::Created => {
                raise!(self, TypeError, "can't send non-None value to a just-started {kind}")
            }
            GeneratorState::Running => raise!(self, ValueError, "{kind} already executing"),
            GeneratorState::Finished if kind == "coroutine" => {
                raise!(self, RuntimeError, "cannot reuse already awaited coroutine")
            }
            GeneratorState::Finished | GeneratorState::Suspended => Ok(Outcome::Returned(Value::NONE)),
        }
    }

    /// Resume by raising the current exception inside.
    pub(crate) fn generator_raise(&mut self, generator: Value) -> Result<Outcome> {
        let kind = self.kind_of_generator(generator);
        match Gc::<Generator>::known(self, generator).get(self).state {
            GeneratorState::Running => {
                self.clear_exception();
                raise!(self, ValueError, "{kind} already executing")
            }
            GeneratorState::Finished if kind == "coroutine" => {
                self.clear_exception();
                raise!(self, RuntimeError, "cannot reuse already awaited coroutine")
            }
            GeneratorState::Finished => Err(crate::Raised),
            GeneratorState::Created | GeneratorState::Suspended => self.resume_generator(generator, None),
        }
    }

    /// DeprecationWarning for `throw` with more than one argument.
    pub fn warn_about_throw(&mut self, second: Option<Value>) -> Result<()> {
        if second.is_none() {
            return Ok(());
        }
        let class = self.exceptions.DeprecationWarning;
        self.warn(class, "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.")
    }

    /// `throw(type, value, traceback)`, delegated to the iterator of a running `yield from`.
    pub(crate) fn generator_throw(
        &mut self,
        generator: Value,
        exit: Exit,
        class: Value,
        value: Option<Value>,
        tb: Option<Value>,
    ) -> Result<Outcome> {
        let Some(inner) = self.yield_from_target(generator) else {
            self.set_thrown(class, value, tb)?;
            return self.generator_raise(generator);
        };
        let generator_exit = self.exceptions.GeneratorExit;
        let exits = match self.exception_class(class) {
            Some(class) => self.is_subtype(class, generator_exit),
            None => self.is_instance_of(class, generator_exit),
        };
        if exits && exit == Exit::Closes {
            if self.with_running(generator, |py| py.close_iterator(inner)).is_ok() {
                self.set_thrown(class, value, tb)?;
            }
            return self.generator_raise(generator);
        }
        let result = if self.is_generator_like(inner) && self.class_of(inner) != self.types.async_generator {
            self.with_running(generator, |py| {
                let outcome = py.generator_throw(inner, exit, class, value, tb)?;
                py.outcome_value(outcome)
            })
        } else {
            let name = self.names.throw;
            let Some(method) = self.lookup_attr(inner, name)? else {
                self.set_thrown(class, value, tb)?;
                return self.generator_raise(generator);
            };
            self.with_running(generator, |py| {
                let args = [class, value.unwrap_or(Value::NONE), tb.unwrap_or(Value::NONE)];
                let count = if tb.is_some() { 3 } else { 1 + usize::from(value.is_some()) };
                py.call(method, &args[..count])
            })
        };
        match result {
            Ok(value) => Ok(Outcome::Yielded(value)),
            // StopIteration is what the generator's own code makes the value of its `yield from`.
            Err(_) => self.generator_raise(generator),
        }
    }

    /// While a delegate runs, its generator counts as running.
    fn with_running<T>(&mut self, generator: Value, f: impl FnOnce(&mut Py) -> Result<T>) -> Result<T> {
        let payload = Gc::<Generator>::known(self, generator);
        payload.get_mut(self).state = GeneratorState::Running;
        let result = f(self);
        payload.get_mut(self).state = GeneratorState::Suspended;
        result
    }

    fn close_iterator(&mut self, iterator: Value) -> Result<()> {
        if self.is_generator_like(iterator) && self.class_of(iterator) != self.types.async_generator {
            return self.generator_close(iterator).map(|_| ());
        }
        let name = self.names.close;
        match self.lookup_attr(iterator, name) {
            Ok(Some(method)) => self.call(method, &[]).map(|_| ()),
            Ok(None) => Ok(()),
            Err(_) => {
                self.report_unraisable("Exception ignored while closing generator", Some(iterator));
                Ok(())
            }
        }
    }

    /// The return value in the current StopIteration, which is cleared.
    pub(crate) fn take_stop_value(&mut self) -> Option<Value> {
        let exception = self.machine.exception.take()?;
        let exception = Gc::<BaseException>::cast(self, exception)?;
        self.exception_field(exception, 0)
    }

    /// Make the operands of `throw` the current exception.
    pub fn set_thrown(&mut self, class: Value, value: Option<Value>, tb: Option<Value>) -> Result<()> {
        let tb = tb.filter(|tb| !tb.is_none());
        if let Some(tb) = tb
            && self.class_of(tb) != self.types.traceback
        {
            raise!(self, TypeError, "throw() third argument must be a traceback object");
        }
        let exception = if self.exception_class(class).is_some() {
            // What making the instance raises is thrown in its stead.
            let Ok(exception) = self.normalized(class, value) else { return Ok(()) };
            exception
        } else if self.is_exception(class) {
            if value.is_some_and(|value| !value.is_none()) {
                raise!(self, TypeError, "instance exception may not have a separate value");
            }
            class
        } else {
            let given = self.class_name(class);
            raise!(self, TypeError, "exceptions must be classes or instances deriving from BaseException, not {given}");
        };
        if let (Some(tb), Some(payload)) = (tb, Gc::<BaseException>::cast(self, exception)) {
            payload.get_mut(self).traceback = Some(tb);
        }
        let _ = self.restore_exception(exception);
        Ok(())
    }

    /// The instance for an exception class and what was given as its value: an instance, its arguments, or its argument.
    fn normalized(&mut self, class: Value, value: Option<Value>) -> Result {
        let made = match value.filter(|value| !value.is_none()) {
            Some(value) if self.is_instance(value, class)? => value,
            Some(value) => match Gc::<crate::object::Tuple>::cast(self, value) {
                Some(args) => {
                    let args = self.collect_iterable(args.into())?;
                    self.call(class, &args)?
                }
                None => self.call(class, &[value])?,
            },
            None => self.call(class, &[])?,
        };
        if !self.is_exception(made) {
            let (class, given) = (self.repr_text(class)?, self.class_name(made));
            raise!(self, TypeError, "calling {class} should have returned an instance of BaseException, not {given}");
        }
        Ok(made)
    }

    /// `close()`: raise GeneratorExit inside; the return value.
    pub(crate) fn generator_close(&mut self, generator: Value) -> Result {
        let kind = self.kind_of_generator(generator);
        let payload = Gc::<Generator>::known(self, generator);
        match payload.get(self).state {
            GeneratorState::Finished => return Ok(Value::NONE),
            GeneratorState::Created => {
                self.forget_generator(generator);
                return Ok(Value::NONE);
            }
            _ => {}
        }
        let exit = self.exceptions.GeneratorExit;
        match self.generator_throw(generator, Exit::Closes, exit.into(), None, None) {
            Ok(Outcome::Yielded(_)) => raise!(self, RuntimeError, "{kind} ignored GeneratorExit"),
            Ok(Outcome::Returned(value)) => Ok(value),
            Err(raised) => {
                if self.exception_matches(exit) {
                    self.clear_exception();
                    return Ok(Value::NONE);
                }
                if self.exception_matches(self.exceptions.StopIteration) {
                    return Ok(self.take_stop_value().unwrap_or(Value::NONE));
                }
                Err(raised)
            }
        }
    }

    /// A generator that was never started is finished; its frame object keeps nothing.
    pub(crate) fn forget_generator(&mut self, generator: Value) {
        self.finish_generator(generator);
        Gc::<Generator>::known(self, generator).get_mut(self).frame_object = None;
    }

    /// A generator has come to its end.
    #[inline(always)]
    pub(crate) fn finish_generator(&mut self, generator: Value) {
        let payload = Gc::<Generator>::known(self, generator).get_mut(self);
        payload.state = GeneratorState::Finished;
        payload.delegate = None;
        payload.frame.clear();
        self.heap.cancel_finalizer(generator);
    }

    /// The frame object of a generator that is not finished.
    pub(crate) fn generator_frame(&mut self, generator: Value) -> Option<Gc<Frame>> {
        let payload = Gc::<Generator>::known(self, generator);
        let (state, known, function) = {
            let payload = payload.get(self);
            (payload.state, payload.frame_object, payload.function?)
        };
        if state == GeneratorState::Finished {
            return None;
        }
        if state == GeneratorState::Running
            && let Some(view) = self.running_frame_of(generator)
        {
            return Some(self.frame_object(view));
        }
        if let Some(known) = known {
            return Gc::<Frame>::cast(self, known);
        }
        let frame = self.new_frame(function, 0, Some(generator), None);
        payload.get_mut(self).frame_object = Some(frame.into());
        Some(frame)
    }
}
