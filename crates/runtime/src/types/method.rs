//! Bound methods.
//!
//! Counterpart: `Objects/classobject.c`.

use crate::native::Args;
use crate::object::{Class, CompareOp, Str, object_getattribute};
use crate::types::object::identity_hash;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Create a bound instance method object.
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
    #[signature(function, instance, /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, function: Value, instance: Value) -> Result {
        if !py.is_callable(function) {
            raise!(py, TypeError, "first argument must be callable");
        }
        if instance.is_none() {
            raise!(py, TypeError, "instance must not be None");
        }
        Ok(py.alloc_as(cls, Method { header: Header::EMPTY, function, receiver: instance }).into())
    }

    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let (function, receiver) = (this.get(py).function, this.get(py).receiver);
        py.call_prepended(function, receiver, args)
    }

    fn __get__(this: Gc<Self>, _py: &mut Py, _object: Option<Value>, _class: Option<Value>) -> Result {
        Ok(this.into())
    }

    fn __getattribute__(this: Gc<Self>, py: &mut Py, name: Gc<Str>) -> Result {
        let class = py.types.method;
        if py.type_lookup(class, name).is_some() {
            return object_getattribute(py, this.into(), name);
        }
        let function = this.get(py).function;
        py.get_attr(function, name)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let (function, receiver) = (this.get(py).function, this.get(py).receiver);
        let mut name = None;
        for attribute in [py.names.__qualname__, py.names.__name__] {
            if name.is_none() {
                name = py.lookup_attr(function, attribute)?;
            }
        }
        let name = name.and_then(|name| Gc::<Str>::cast(py, name)).map_or("?".to_string(), |name| name.get(py).lossy());
        let receiver = py.repr_text(receiver)?;
        Ok(format!("<bound method {name} of {receiver}>"))
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Self>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let (functions, receivers) = ((this.get(py).function, other.get(py).function), (this.get(py).receiver, other.get(py).receiver));
        let equal = receivers.0 == receivers.1 && py.eq(functions.0, functions.1)?;
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        let (function, receiver) = (this.get(py).function, this.get(py).receiver);
        Ok(py.hash(function)? ^ identity_hash(receiver))
    }

    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let (function, receiver) = (this.get(py).function, this.get(py).receiver);
        let name = py.names.__name__;
        let name = py.get_attr(function, name)?;
        let name = py.expect_str(name, "__name__")?;
        py.getattr_reduction(receiver, name)
    }

    /// the function (or other callable) implementing a method
    #[getter("__func__")]
    fn function(this: Gc<Self>, py: &mut Py) -> Value {
        this.get(py).function
    }

    /// the instance to which a method is bound
    #[getter("__self__")]
    fn receiver(this: Gc<Self>, py: &mut Py) -> Value {
        this.get(py).receiver
    }

    #[getter("__doc__")]
    fn doc(this: Gc<Self>, py: &mut Py) -> Result {
        let (function, name) = (this.get(py).function, py.names.__doc__);
        py.get_attr(function, name)
    }
}

impl Py {
    /// A bound method.
    pub fn new_method(&mut self, function: Value, receiver: Value) -> Value {
        self.alloc(Method { header: Header::EMPTY, function, receiver }).into()
    }
}
