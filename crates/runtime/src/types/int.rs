//! `int` and `bool`.
//!
//! Counterparts: `Objects/longobject.c`, `Objects/boolobject.c`.

use crate::object::IntObject;
use crate::{Py, Result, raise};
use bredli_heap::Value;
use bredli_macros::pyclass;

/// `int`: see [`crate::object::BigInt`] for how its values are laid out.
#[pyclass(name = "int", layout = IntObject, core, flags(BASETYPE, INT, MATCH_SELF))]
pub struct Int;

/// `bool`
#[pyclass(name = "bool", layout = IntObject, base = Int, core, flags(INT))]
pub struct Bool;

impl Py {
    /// The nearest float; OverflowError when it is too large.
    pub fn int_to_f64(&mut self, value: Value) -> Result<f64> {
        match self.with_int(value, |int| int.to_f64().ok()).flatten() {
            Some(float) => Ok(float),
            None => raise!(self, OverflowError, "int too large to convert to float"),
        }
    }

    /// The hash of an int or an instance of a subclass.
    pub fn hash_int(&self, value: Value) -> i64 {
        self.with_int(value, bredli_num::hash_int).unwrap_or(0)
    }
}
