//! Bound methods.
//!
//! Counterpart: `Objects/classobject.c`.

use crate::native::Args;
use crate::{Py, Result};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// A callable with its first argument.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "method", core, flags(HAS_WEAKREF))]
pub struct Method {
    pub(crate) header: Header,
    pub(crate) function: Value,
    pub(crate) receiver: Value,
}

#[pymethods]
impl Method {
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let (function, receiver) = (this.get(py).function, this.get(py).receiver);
        py.call_prepended(function, receiver, args)
    }

    fn __get__(this: Gc<Self>, _py: &mut Py, _object: Option<Value>, _class: Option<Value>) -> Result {
        Ok(this.into())
    }
}

impl Py {
    /// A bound method.
    pub fn new_method(&mut self, function: Value, receiver: Value) -> Value {
        self.alloc(Method { header: Header::EMPTY, function, receiver }).into()
    }
}
