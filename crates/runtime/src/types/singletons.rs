//! `None`, `...` and `NotImplemented`.

use crate::native::Args;
use crate::object::{Class, Instance};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::{pyclass, pymethods};

/// What a call of the class of a singleton gives.
fn sole(py: &mut Py, value: Value, name: &str, args: Args) -> Result {
    if !args.is_empty() {
        raise!(py, TypeError, "{name} takes no arguments");
    }
    Ok(value)
}

/// The type of the None singleton.
#[pyclass(name = "NoneType", layout = Instance, core)]
pub struct NoneType;

#[pymethods]
impl NoneType {
    #[no_text_signature]
    fn __new__(_cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        sole(py, Value::NONE, "NoneType", args)
    }

    fn __repr__(this: Value) -> &'static str {
        let _ = this;
        "None"
    }

    fn __bool__(this: Value) -> bool {
        let _ = this;
        false
    }
}

/// The type of the Ellipsis singleton.
#[pyclass(name = "ellipsis", layout = Instance, core)]
pub struct Ellipsis;

#[pymethods]
impl Ellipsis {
    #[no_text_signature]
    fn __new__(_cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        sole(py, Value::ELLIPSIS, "EllipsisType", args)
    }

    fn __repr__(this: Value) -> &'static str {
        let _ = this;
        "Ellipsis"
    }

    #[no_text_signature]
    fn __reduce__(this: Value) -> &'static str {
        Ellipsis::__repr__(this)
    }
}

/// The type of the NotImplemented singleton.
#[pyclass(name = "NotImplementedType", layout = Instance, core)]
pub struct NotImplementedType;

#[pymethods]
impl NotImplementedType {
    #[no_text_signature]
    fn __new__(_cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        sole(py, Value::NOT_IMPLEMENTED, "NotImplementedType", args)
    }

    fn __repr__(this: Value) -> &'static str {
        let _ = this;
        "NotImplemented"
    }

    #[no_text_signature]
    fn __reduce__(this: Value) -> &'static str {
        NotImplementedType::__repr__(this)
    }

    fn __bool__(this: Value, py: &mut Py) -> Result<bool> {
        let _ = this;
        raise!(py, TypeError, "NotImplemented should not be used in a boolean context")
    }
}
