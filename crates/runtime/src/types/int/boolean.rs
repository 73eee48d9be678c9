//! What `bool` does differently from `int`.

use super::{Bool, Int};
use crate::object::Class;
use crate::{Py, Result};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

#[pymethods]
impl Bool {
    #[signature(object=False, /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result<bool> {
        let _ = cls;
        py.truth(object)
    }

    fn __repr__(this: Value) -> &'static str {
        if this == Value::TRUE { "True" } else { "False" }
    }

    fn __and__(py: &mut Py, left: Value, right: Value) -> Result {
        if left.is_bool() && right.is_bool() {
            return Ok(Value::bool(left == Value::TRUE && right == Value::TRUE));
        }
        Int::__and__(py, left, right)
    }

    fn __or__(py: &mut Py, left: Value, right: Value) -> Result {
        if left.is_bool() && right.is_bool() {
            return Ok(Value::bool(left == Value::TRUE || right == Value::TRUE));
        }
        Int::__or__(py, left, right)
    }

    fn __xor__(py: &mut Py, left: Value, right: Value) -> Result {
        if left.is_bool() && right.is_bool() {
            return Ok(Value::bool(left != right));
        }
        Int::__xor__(py, left, right)
    }

    fn __invert__(this: Value, py: &mut Py) -> Result {
        let class = py.exceptions.DeprecationWarning;
        py.warn(
            class,
            "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise \
             inversion of the underlying int object and is usually not what you expect from the negation of a bool object. \
             Use the 'not' operator for boolean negation or ~int(x) for the bitwise inversion of the underlying int.",
        )?;
        Ok(Value::small(if this == Value::TRUE { -2 } else { -1 }))
    }
}
