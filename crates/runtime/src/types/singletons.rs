//! `None`, `...` and `NotImplemented`.

use crate::object::Instance;
use crate::{Py, Result};
use bredli_heap::Value;
use bredli_macros::{pyclass, pymethods};

/// The type of the None singleton.
#[pyclass(name = "NoneType", layout = Instance, core)]
pub struct NoneType;

#[pymethods]
impl NoneType {
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
        crate::raise!(py, TypeError, "NotImplemented should not be used in a boolean context")
    }
}
