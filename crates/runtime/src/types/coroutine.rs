//! The methods of coroutines.
//!
//! Counterpart: `Objects/genobject.c`.

use crate::exec::Outcome;
use crate::object::{Class, Str};
use crate::types::generator::{Exit, generator_attributes};
use crate::types::{Code, Frame, Generator, GeneratorState};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// A coroutine.
#[pyclass(name = "coroutine", layout = Generator, core, flags(HAS_WEAKREF), parts(attributes, origin))]
pub struct Coroutine;

#[pymethods]
impl Coroutine {
    fn __repr__(this: Value, py: &mut Py) -> String {
        py.generator_repr(this)
    }

    fn __await__(this: Value, py: &mut Py) -> Value {
        py.alloc(CoroutineWrapper { header: Header::EMPTY, coroutine: this }).into()
    }

    fn __del__(this: Value, py: &mut Py) -> Result<()> {
        if Gc::<Generator>::known(py, this).get(py).state == GeneratorState::Created {
            return py.warn_never_awaited(this);
        }
        py.generator_close(this).map(|_| ())
    }

    /// See PEP 585
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }

    /// send(arg) -> send 'arg' into coroutine,
    /// return next iterated value or raise StopIteration.
    #[no_text_signature]
    fn send(this: Value, py: &mut Py, value: Value) -> Result {
        let outcome = py.generator_send(this, value)?;
        py.outcome_value(outcome)
    }

    /// throw(value)
    /// throw(type[,value[,traceback]])
    ///
    /// Raise exception in coroutine, return next iterated value or raise
    /// StopIteration.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[no_text_signature]
    #[signature(self, typ, val=None, tb=None, /)]
    fn throw(this: Value, py: &mut Py, typ: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        py.warn_about_throw(val)?;
        let outcome = py.generator_throw(this, Exit::Closes, typ, val, tb)?;
        py.outcome_value(outcome)
    }

    /// close() -> raise GeneratorExit inside coroutine.
    #[no_text_signature]
    fn close(this: Value, py: &mut Py) -> Result {
        py.generator_close(this)
    }
}

generator_attributes!(Coroutine "cr_running" "cr_suspended" "cr_code" "cr_frame" "cr_await");

#[pymethods(part = "origin")]
impl Coroutine {
    #[getter]
    fn cr_origin(this: Value, py: &mut Py) -> Option<Value> {
        Gc::<Generator>::known(py, this).get(py).origin_or_finalizer
    }
}

/// What `__await__` of a coroutine gives.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "coroutine_wrapper", core)]
pub struct CoroutineWrapper {
    header: Header,
    coroutine: Value,
}

#[pymethods]
impl CoroutineWrapper {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let coroutine = this.get(py).coroutine;
        match py.generator_send(coroutine, Value::NONE)? {
            Outcome::Yielded(value) => Ok(Some(value)),
            Outcome::Returned(value) => py.finished(value),
        }
    }

    /// send(arg) -> send 'arg' into coroutine,
    /// return next iterated value or raise StopIteration.
    #[no_text_signature]
    fn send(this: Gc<Self>, py: &mut Py, value: Value) -> Result {
        let coroutine = this.get(py).coroutine;
        let outcome = py.generator_send(coroutine, value)?;
        py.outcome_value(outcome)
    }

    /// throw(value)
    /// throw(type[,value[,traceback]])
    ///
    /// Raise exception in coroutine, return next iterated value or raise
    /// StopIteration.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[no_text_signature]
    #[signature(self, typ, val=None, tb=None, /)]
    fn throw(this: Gc<Self>, py: &mut Py, typ: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        let coroutine = this.get(py).coroutine;
        py.warn_about_throw(val)?;
        let outcome = py.generator_throw(coroutine, Exit::Closes, typ, val, tb)?;
        py.outcome_value(outcome)
    }

    /// close() -> raise GeneratorExit inside coroutine.
    #[no_text_signature]
    fn close(this: Gc<Self>, py: &mut Py) -> Result {
        let coroutine = this.get(py).coroutine;
        py.generator_close(coroutine)
    }
}

impl Py {
    /// RuntimeWarning for a coroutine that is collected without having been started.
    fn warn_never_awaited(&mut self, coroutine: Value) -> Result<()> {
        let warnings = self.import_module("warnings")?;
        let name = self.names._warn_unawaited_coroutine;
        if let Some(warn) = self.lookup_attr(warnings, name)? {
            return self.call(warn, &[coroutine]).map(|_| ());
        }
        let qualname = Gc::<Generator>::known(self, coroutine).get(self).qualname.get(self).lossy();
        let class = self.exceptions.RuntimeWarning;
        self.warn(class, &format!("coroutine '{qualname}' was never awaited"))
    }
}
