//! What `await future` resumes.

use super::Future;
use super::future::Stage;
use bredli_runtime::prelude::*;

/// Yields its future until that has an outcome, which it returns.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "FutureIter", module = "_asyncio", flags(DISALLOW_INSTANTIATION))]
pub struct FutureIter {
    header: Header,
    /// None once the iterator is at its end.
    future: Option<Gc<Future>>,
}

impl FutureIter {
    pub(super) fn over(future: Gc<Future>, py: &mut Py) -> Result<Gc<FutureIter>> {
        Future::event_loop(future, py)?;
        Ok(py.alloc(FutureIter { header: Header::EMPTY, future: Some(future) }))
    }
}

#[pymethods]
impl FutureIter {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let Some(future) = this.get(py).future else { return Ok(None) };
        if future.get(py).stage == Stage::Pending {
            if future.get(py).blocking {
                raise!(py, RuntimeError, "await wasn't used with future");
            }
            future.get_mut(py).blocking = true;
            return Ok(Some(future.into()));
        }
        this.get_mut(py).future = None;
        let result = Future::outcome(future, py)?;
        py.finished(result)
    }

    #[no_text_signature]
    fn send(this: Gc<Self>, py: &mut Py, value: Value) -> Result {
        let _ = value;
        match FutureIter::__next__(this, py)? {
            Some(future) => Ok(future),
            None => Err(py.stop_iteration(None)),
        }
    }

    #[no_text_signature]
    #[signature(self, r#type, val=None, tb=None, /)]
    fn throw(this: Gc<Self>, py: &mut Py, r#type: Value, val: Option<Value>, tb: Option<Value>) -> Result {
        py.warn_about_throw(val)?;
        py.set_thrown(r#type, val, tb)?;
        this.get_mut(py).future = None;
        Err(Raised)
    }

    #[no_text_signature]
    fn close(this: Gc<Self>, py: &mut Py) {
        this.get_mut(py).future = None;
    }
}
