//! `typing.Generic`, `typing.NoDefault` and the evaluators of values that need no evaluation.

use crate::native::Args;
use crate::object::{Class, Instance, Tuple};
use crate::types::List;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Abstract base class for generic types.
///
/// Generic classes inherit from Generic implicitly when they declare a
/// parameter list after the class's name, `class Mapping[KT, VT]: ...`.
#[pyclass(name = "Generic", module = "typing", layout = Instance, flags(BASETYPE))]
pub struct Generic;

#[pymethods]
impl Generic {
    /// Parameterizes a generic class.
    #[classmethod]
    #[no_text_signature]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        with_class(py, "_generic_class_getitem", cls, args)
    }

    /// Function to initialize subclasses.
    #[classmethod]
    #[no_text_signature]
    fn __init_subclass__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        with_class(py, "_generic_init_subclass", cls, args)
    }
}

fn with_class(py: &mut Py, function: &str, cls: Gc<Class>, args: Args) -> Result {
    let typing = py.import_module("typing")?;
    let function = py.get_attr_named(typing, function)?;
    py.call_prepended(function, cls.into(), args)
}

/// The type of the NoDefault singleton.
#[pyclass(name = "NoDefaultType", layout = Instance)]
pub struct NoDefaultType;

#[pymethods]
impl NoDefaultType {
    #[no_text_signature]
    fn __new__(_cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        if !args.is_empty() {
            raise!(py, TypeError, "NoDefaultType takes no arguments");
        }
        Ok(py.no_default())
    }

    fn __repr__(_this: Value) -> &'static str {
        "typing.NoDefault"
    }

    fn __reduce__(_this: Value) -> &'static str {
        "NoDefault"
    }
}

/// Gives a value in every annotation format.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_ConstEvaluator", module = "_typing", flags(DISALLOW_INSTANTIATION))]
pub struct ConstEvaluator {
    pub(crate) header: Header,
    pub(crate) value: Value,
}

/// `annotationlib.Format.STRING`
const STRING: isize = 4;

#[pymethods]
impl ConstEvaluator {
    #[signature(self, /, *args, **kwargs)]
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        if args.has_keywords() {
            raise!(py, TypeError, "constevaluator.__call__() takes no keyword arguments");
        }
        let &[format] = args.positional() else {
            raise!(py, TypeError, "constevaluator.__call__() takes exactly 1 argument ({} given)", args.len());
        };
        let format = py.to_isize(format)?;
        let value = this.get(py).value;
        if format != STRING {
            return Ok(value);
        }
        let (items, open, close) = if let Some(tuple) = Gc::<Tuple>::cast(py, value) {
            (py.collect_iterable(tuple.into())?, "(", ")")
        } else if let Some(list) = Gc::<List>::cast(py, value) {
            (py.collect_iterable(list.into())?, "[", "]")
        } else {
            let text = py.type_repr(value)?;
            return Ok(py.new_str(&text).into());
        };
        let mut parts = Vec::new();
        for item in &items {
            parts.push(py.type_repr(*item)?);
        }
        Ok(py.new_str(&format!("{open}{}{close}", parts.join(", "))).into())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let value = this.get(py).value;
        Ok(format!("<constevaluator {}>", py.repr_text(value)?))
    }
}
