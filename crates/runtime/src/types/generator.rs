//! Generators and coroutines: their objects and methods.
//!
//! One payload serves generators, coroutines and async generators. The machine's half is `exec/generator.rs`.
//! Counterpart: `Objects/genobject.c`.

use crate::exec::{Outcome, SavedFrame};
use crate::object::Str;
use crate::types::{BaseException, Function};
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
#[pyclass(name = "generator", core, flags(HAS_WEAKREF))]
pub struct Generator {
    pub(crate) header: Header,
    pub(crate) function: Option<Gc<Function>>,
    pub(crate) frame: SavedFrame,
    /// The exec instruction to continue with.
    #[trace(skip)]
    pub(crate) pc: *const u64,
    /// The slot that receives the sent value.
    pub(crate) resume_slot: u16,
    #[trace(skip)]
    pub(crate) state: GeneratorState,
    /// The exception that is being handled inside while suspended.
    pub(crate) handled: Option<Value>,
    pub(crate) name: Gc<Str>,
    pub(crate) qualname: Gc<Str>,
    pub(crate) frame_object: Option<Value>,
    pub(crate) origin: Option<Value>,
    /// Async generators: the hooks have been called.
    pub(crate) hooks_called: bool,
    /// Async generators: an operation is under way.
    pub(crate) running_async: bool,
}

/// A coroutine.
#[pyclass(name = "coroutine", layout = Generator, core, flags(HAS_WEAKREF))]
pub struct Coroutine;

/// An async generator.
#[pyclass(name = "async_generator", layout = Generator, core, flags(HAS_WEAKREF))]
pub struct AsyncGenerator;

#[pymethods]
impl Generator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        match py.generator_send(this.into(), Value::NONE)? {
            Outcome::Yielded(value) => Ok(Some(value)),
            Outcome::Returned(value) => py.finished(value),
        }
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        Ok(py.generator_repr(this.into()))
    }

    fn __del__(this: Gc<Self>, py: &mut Py) -> Result<()> {
        py.generator_close(this.into()).map(|_| ())
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
    #[no_text_signature]
    #[signature(self, typ, val=None, tb=None, /)]
    fn throw(this: Gc<Self>, py: &mut Py, typ: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        let outcome = py.generator_throw(this.into(), typ, val, tb)?;
        py.outcome_value(outcome)
    }

    /// close() -> raise GeneratorExit inside generator.
    #[no_text_signature]
    fn close(this: Gc<Self>, py: &mut Py) -> Result {
        py.generator_close(this.into())
    }

    #[getter("__name__")]
    fn name(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        this.get(py).name
    }

    #[getter("__qualname__")]
    fn qualname(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        this.get(py).qualname
    }

    #[getter]
    fn gi_running(this: Gc<Self>, py: &mut Py) -> bool {
        this.get(py).state == GeneratorState::Running
    }

    #[getter]
    fn gi_suspended(this: Gc<Self>, py: &mut Py) -> bool {
        this.get(py).state == GeneratorState::Suspended
    }

    #[getter]
    fn gi_code(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).function.map(|function| function.get(py).code.into())
    }
}

impl Py {
    /// How `send` and `throw` give an outcome to Python.
    pub(crate) fn outcome_value(&mut self, outcome: Outcome) -> Result {
        match outcome {
            Outcome::Yielded(value) => Ok(value),
            Outcome::Returned(value) => Err(self.stop_iteration(if value.is_none() { None } else { Some(value) })),
        }
    }

    /// How `__next__` gives a return value: the end, with StopIteration only where it carries something.
    pub(crate) fn finished(&mut self, value: Value) -> Result<Option<Value>> {
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

    pub(crate) fn generator_repr(&self, generator: Value) -> String {
        let kind = self.class_name(generator);
        let name = Gc::<Generator>::known(self, generator).get(self).qualname.get(self).lossy();
        format!("<{kind} object {name} at {:#x}>", generator.bits())
    }

    /// Resume with a value.
    pub(crate) fn generator_send(&mut self, generator: Value, value: Value) -> Result<Outcome> {
        let kind = self.kind_of_generator(generator);
        match Gc::<Generator>::known(self, generator).get(self).state {
            GeneratorState::Created if !value.is_none() => {
                raise!(self, TypeError, "can't send non-None value to a just-started {kind}")
            }
            GeneratorState::Running => raise!(self, ValueError, "{kind} already executing"),
            GeneratorState::Finished if kind == "coroutine" => {
                raise!(self, RuntimeError, "cannot reuse already awaited coroutine")
            }
            GeneratorState::Finished => Ok(Outcome::Returned(Value::NONE)),
            _ => self.resume_generator(generator, Some(value)),
        }
    }

    /// Resume by raising the current exception inside.
    pub(crate) fn generator_raise(&mut self, generator: Value) -> Result<Outcome> {
        let kind = self.kind_of_generator(generator);
        let payload = Gc::<Generator>::known(self, generator);
        match payload.get(self).state {
            GeneratorState::Running => {
                self.clear_exception();
                raise!(self, ValueError, "{kind} already executing")
            }
            GeneratorState::Finished if kind == "coroutine" => {
                self.clear_exception();
                raise!(self, RuntimeError, "cannot reuse already awaited coroutine")
            }
            GeneratorState::Finished => Err(crate::Raised),
            GeneratorState::Created => {
                payload.get_mut(self).state = GeneratorState::Finished;
                payload.get_mut(self).frame = SavedFrame::EMPTY;
                Err(crate::Raised)
            }
            GeneratorState::Suspended => self.resume_generator(generator, None),
        }
    }

    /// `throw(type, value, traceback)`, delegated to the iterator of a running `yield from`.
    pub(crate) fn generator_throw(&mut self, generator: Value, class: Value, value: Option<Value>, tb: Option<Value>) -> Result<Outcome> {
        if let Some(inner) = self.yield_from_target(generator) {
            return self.throw_into_delegate(generator, inner, class, value, tb);
        }
        self.set_thrown(class, value, tb)?;
        self.generator_raise(generator)
    }

    fn throw_into_delegate(
        &mut self,
        generator: Value,
        inner: Value,
        class: Value,
        value: Option<Value>,
        tb: Option<Value>,
    ) -> Result<Outcome> {
        let exit = self.exceptions.GeneratorExit;
        let closes = self.exception_class(class).is_some_and(|class| self.is_subtype(class, exit)) || self.is_instance_of(class, exit);
        if closes {
            let closed = self.with_running(generator, |py| py.close_iterator(inner));
            return match closed {
                Ok(()) => {
                    self.set_thrown(class, value, tb)?;
                    self.generator_raise(generator)
                }
                Err(_) => self.generator_raise(generator),
            };
        }
        let result = if self.is_generator_like(inner) && self.class_of(inner) != self.types.async_generator {
            self.with_running(generator, |py| py.generator_throw(inner, class, value, tb))
        } else {
            let name = self.names.throw;
            match self.lookup_attr(inner, name)? {
                None => {
                    self.set_thrown(class, value, tb)?;
                    return self.generator_raise(generator);
                }
                Some(method) => self.with_running(generator, |py| {
                    let args = [class, value.unwrap_or(Value::NONE), tb.unwrap_or(Value::NONE)];
                    let count = if tb.is_some() { 3 } else { 1 + value.is_some() as usize };
                    match py.call(method, &args[..count]) {
                        Ok(value) => Ok(Outcome::Yielded(value)),
                        Err(raised) if !py.exception_matches(py.exceptions.StopIteration) => Err(raised),
                        Err(_) => Ok(Outcome::Returned(py.take_stop_value().unwrap_or(Value::NONE))),
                    }
                }),
            }
        };
        match result {
            Ok(Outcome::Yielded(value)) => Ok(Outcome::Yielded(value)),
            // The delegate is done: the generator continues behind its `yield from`.
            Ok(Outcome::Returned(value)) => self.resume_after_delegate(generator, value),
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
        if let Some(method) = self.lookup_attr(iterator, name)? {
            self.call(method, &[])?;
        }
        Ok(())
    }

    /// The return value in the current StopIteration, which is cleared.
    pub(crate) fn take_stop_value(&mut self) -> Option<Value> {
        let exception = self.machine.exception.take()?;
        let exception = Gc::<BaseException>::cast(self, exception)?;
        self.exception_field(exception, 0)
    }

    /// Make the operands of `throw` the current exception.
    fn set_thrown(&mut self, class: Value, value: Option<Value>, tb: Option<Value>) -> Result<()> {
        let tb = tb.filter(|tb| !tb.is_none());
        if let Some(tb) = tb
            && self.class_name(tb) != "traceback"
        {
            raise!(self, TypeError, "throw() third argument must be a traceback object");
        }
        let exception = if self.exception_class(class).is_some() {
            match value.filter(|value| !value.is_none()) {
                Some(value) if self.is_instance(value, class)? => value,
                Some(value) => match Gc::<crate::object::Tuple>::cast(self, value) {
                    Some(args) => {
                        let args = self.collect_iterable(args.into())?;
                        self.call(class, &args)?
                    }
                    None => self.call(class, &[value])?,
                },
                None => self.call(class, &[])?,
            }
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

    /// `close()`: raise GeneratorExit inside; the return value.
    pub(crate) fn generator_close(&mut self, generator: Value) -> Result {
        let kind = self.kind_of_generator(generator);
        let payload = Gc::<Generator>::known(self, generator);
        match payload.get(self).state {
            GeneratorState::Finished => return Ok(Value::NONE),
            GeneratorState::Created => {
                payload.get_mut(self).state = GeneratorState::Finished;
                payload.get_mut(self).frame = SavedFrame::EMPTY;
                return Ok(Value::NONE);
            }
            _ => {}
        }
        let exit = self.exceptions.GeneratorExit;
        let outcome = self.generator_throw(generator, exit.into(), None, None);
        match outcome {
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
}
