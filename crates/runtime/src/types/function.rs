//! Functions defined in Python.
//!
//! Counterpart: `Objects/funcobject.c`.

use crate::native::Args;
use crate::object::{Dict, Str, Tuple};
use crate::types::{Code, Method};
use crate::{Py, Result};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// A function.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "function", core, flags(METHOD_DESCRIPTOR, HAS_WEAKREF), dict = dict)]
pub struct Function {
    pub(crate) header: Header,
    /// The first exec instruction; a stub that translates the code until it has been called.
    #[trace(skip)]
    pub(crate) entry: *const u64,
    /// Arguments that enter without binding: the number of parameters, or `u32::MAX` where binding is never plain.
    pub(crate) plain_args: u32,
    /// Changes when defaults, code or closure are replaced; 0 means caches must not rely on it.
    pub(crate) version: u32,
    pub(crate) code: Gc<Code>,
    pub(crate) globals: Gc<Dict>,
    pub(crate) builtins: Gc<Dict>,
    pub(crate) closure: Option<Gc<Tuple>>,
    pub(crate) defaults: Option<Gc<Tuple>>,
    pub(crate) kwdefaults: Option<Gc<Dict>>,
    pub(crate) name: Gc<Str>,
    pub(crate) qualname: Gc<Str>,
    pub(crate) module: Option<Value>,
    pub(crate) doc: Option<Value>,
    pub(crate) annotations: Option<Value>,
    pub(crate) annotate: Option<Value>,
    pub(crate) type_params: Option<Value>,
    pub(crate) dict: Option<Gc<Dict>>,
}

#[pymethods]
impl Function {
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        py.call_function(this, args)
    }

    fn __get__(this: Gc<Self>, py: &mut Py, object: Option<Value>, _class: Option<Value>) -> Result {
        match object {
            Some(object) => Ok(py.alloc(Method { header: Header::EMPTY, function: this.into(), receiver: object }).into()),
            None => Ok(this.into()),
        }
    }
}

impl Py {
    /// Whether a value is a function defined in Python.
    pub fn is_python_function(&self, value: Value) -> bool {
        Gc::<Function>::cast(self, value).is_some()
    }
}
