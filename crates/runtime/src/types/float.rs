//! `float`.
//!
//! Counterpart: `Objects/floatobject.c`.

use crate::Py;
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass};

/// The payload of instances of `float` subclasses; exact floats are immediate values.
#[repr(C)]
#[derive(Trace)]
pub struct FloatObject {
    pub(crate) header: Header,
    pub(crate) value: f64,
}

/// `float`
#[pyclass(name = "float", layout = FloatObject, core, flags(BASETYPE, MATCH_SELF))]
pub struct Float;

impl Py {
    /// The number of a float or an instance of a subclass.
    #[inline]
    pub fn float_payload(&self, value: Value) -> Option<f64> {
        if let Some(float) = value.as_float() {
            return Some(float);
        }
        Gc::<FloatObject>::cast(self, value).map(|object| object.get(self).value)
    }
}
