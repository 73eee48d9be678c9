//! The methods of coroutines; async generators have none of their own yet.
//!
//! Counterpart: `Objects/genobject.c`.

use crate::exec::Outcome;
use crate::types::{AsyncGenerator, Coroutine, Generator, GeneratorState};
use crate::{Py, Result};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

#[pymethods]
impl Coroutine {
    fn __repr__(this: Value, py: &mut Py) -> String {
        py.generator_repr(this)
    }

    fn __await__(this: Value, py: &mut Py) -> Value {
        py.alloc(CoroutineWrapper { header: Header::EMPTY, coroutine: this }).into()
    }

    fn __del__(this: Value, py: &mut Py) -> Result<()> {
        py.generator_close(this).map(|_| ())
    }

    /// send(arg) -> send 'arg' into coroutine,
    /// return next yielded value or raise StopIteration.
    #[no_text_signature]
    fn send(this: Value, py: &mut Py, value: Value) -> Result {
        let outcome = py.generator_send(this, value)?;
        py.outcome_value(outcome)
    }

    /// throw(value)
    /// throw(type[,value[,traceback]])
    ///
    /// Raise exception in coroutine, return next yielded value or raise
    /// StopIteration.
    #[no_text_signature]
    #[signature(self, typ, val=None, tb=None, /)]
    fn throw(this: Value, py: &mut Py, typ: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        let outcome = py.generator_throw(this, typ, val, tb)?;
        py.outcome_value(outcome)
    }

    /// close() -> raise GeneratorExit inside coroutine.
    #[no_text_signature]
    fn close(this: Value, py: &mut Py) -> Result {
        py.generator_close(this)
    }

    #[getter]
    fn cr_running(this: Value, py: &mut Py) -> bool {
        Gc::<Generator>::known(py, this).get(py).state == GeneratorState::Running
    }

    #[getter]
    fn cr_suspended(this: Value, py: &mut Py) -> bool {
        Gc::<Generator>::known(py, this).get(py).state == GeneratorState::Suspended
    }

    #[getter]
    fn cr_await(this: Value, py: &mut Py) -> Option<Value> {
        py.yield_from_target(this)
    }
}

#[pymethods]
impl AsyncGenerator {
    fn __repr__(this: Value, py: &mut Py) -> String {
        py.generator_repr(this)
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

    /// Send a value into the coroutine.
    #[no_text_signature]
    fn send(this: Gc<Self>, py: &mut Py, value: Value) -> Result {
        let coroutine = this.get(py).coroutine;
        let outcome = py.generator_send(coroutine, value)?;
        py.outcome_value(outcome)
    }

    /// Raise GeneratorExit inside the coroutine.
    #[no_text_signature]
    fn close(this: Gc<Self>, py: &mut Py) -> Result {
        let coroutine = this.get(py).coroutine;
        py.generator_close(coroutine)
    }
}
