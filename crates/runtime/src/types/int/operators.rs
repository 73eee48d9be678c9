//! The operators of `int`.

use super::{Int, small};
use crate::{Py, Result};
use bredli_heap::Value;
use bredli_macros::pymethods;
use bredli_num::{IntError, Integer};

/// Floor division and modulo of machine integers whose divisor is not zero.
#[inline]
fn floor_divmod(a: i64, b: i64) -> (i64, i64) {
    let (quotient, remainder) = (a / b, a % b);
    if remainder != 0 && (remainder < 0) != (b < 0) { (quotient - 1, remainder + b) } else { (quotient, remainder) }
}

#[pymethods(part = "operators")]
impl Int {
    fn __add__(py: &mut Py, left: Value, right: Value) -> Result {
        if let (Some(a), Some(b)) = (small(left), small(right)) {
            return Ok(py.new_int(a + b));
        }
        py.int_binary(left, right, |a, b, _| Ok(a + b))
    }

    fn __sub__(py: &mut Py, left: Value, right: Value) -> Result {
        if let (Some(a), Some(b)) = (small(left), small(right)) {
            return Ok(py.new_int(a - b));
        }
        py.int_binary(left, right, |a, b, _| Ok(a - b))
    }

    fn __mul__(py: &mut Py, left: Value, right: Value) -> Result {
        if let (Some(a), Some(b)) = (small(left), small(right)) {
            return Ok(match a.checked_mul(b) {
                Some(product) => py.new_int(product),
                None => py.new_integer(&Integer::from(a as i128 * b as i128)),
            });
        }
        py.int_binary(left, right, |a, b, interrupt| a.mul(b, interrupt))
    }

    fn __floordiv__(py: &mut Py, left: Value, right: Value) -> Result {
        if let (Some(a), Some(b)) = (small(left), small(right))
            && b != 0
        {
            return Ok(py.new_int(floor_divmod(a, b).0));
        }
        py.int_binary(left, right, |a, b, interrupt| a.div_floor(b, interrupt))
    }

    fn __mod__(py: &mut Py, left: Value, right: Value) -> Result {
        if let (Some(a), Some(b)) = (small(left), small(right))
            && b != 0
        {
            return Ok(py.new_int(floor_divmod(a, b).1));
        }
        py.int_binary(left, right, |a, b, interrupt| a.mod_floor(b, interrupt))
    }

    fn __divmod__(py: &mut Py, left: Value, right: Value) -> Result {
        let result = py.long_operation(|py, interrupt| py.with_ints(left, right, |a, b| a.div_mod_floor(b, interrupt)).transpose())?;
        let Some((quotient, remainder)) = result else { return Ok(Value::NOT_IMPLEMENTED) };
        let (quotient, remainder) = (py.new_integer(&quotient), py.new_integer(&remainder));
        Ok(py.new_tuple(&[quotient, remainder]).into())
    }

    fn __truediv__(py: &mut Py, left: Value, right: Value) -> Result {
        let result = py.long_operation(|py, interrupt| py.with_ints(left, right, |a, b| a.true_div(b, interrupt)).transpose())?;
        Ok(result.map_or(Value::NOT_IMPLEMENTED, Value::float))
    }

    fn __pow__(py: &mut Py, base: Value, exponent: Value, modulus: Value) -> Result {
        if !py.is_int(base) || !py.is_int(exponent) || !(modulus.is_none() || py.is_int(modulus)) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        if !modulus.is_none() {
            let result = py.long_operation(|py, interrupt| {
                let power = py.with_ints(base, exponent, |b, e| py.with_int(modulus, |m| b.mod_pow(e, m, interrupt)));
                power.flatten().unwrap_or(Err(IntError::ZeroModulus))
            })?;
            return Ok(py.new_integer(&result));
        }
        if py.int_is_negative(exponent) {
            let (base, exponent) = (py.int_to_f64(base)?, py.int_to_f64(exponent)?);
            return py.float_power(base, exponent);
        }
        py.int_binary(base, exponent, |b, e, interrupt| b.pow(e, interrupt))
    }

    fn __lshift__(py: &mut Py, left: Value, right: Value) -> Result {
        if let (Some(a), Some(count @ 0..64)) = (small(left), small(right)) {
            return Ok(py.new_integer(&Integer::from((a as i128) << count)));
        }
        py.int_binary(left, right, |a, b, _| a.shift_left(b))
    }

    fn __rshift__(py: &mut Py, left: Value, right: Value) -> Result {
        if let (Some(a), Some(count @ 0..64)) = (small(left), small(right)) {
            return Ok(py.new_int(a >> count));
        }
        py.int_binary(left, right, |a, b, _| a.shift_right(b))
    }

    pub(super) fn __and__(py: &mut Py, left: Value, right: Value) -> Result {
        if let (Some(a), Some(b)) = (small(left), small(right)) {
            return Ok(py.new_int(a & b));
        }
        py.int_binary(left, right, |a, b, _| Ok(a & b))
    }

    pub(super) fn __or__(py: &mut Py, left: Value, right: Value) -> Result {
        if let (Some(a), Some(b)) = (small(left), small(right)) {
            return Ok(py.new_int(a | b));
        }
        py.int_binary(left, right, |a, b, _| Ok(a | b))
    }

    pub(super) fn __xor__(py: &mut Py, left: Value, right: Value) -> Result {
        if let (Some(a), Some(b)) = (small(left), small(right)) {
            return Ok(py.new_int(a ^ b));
        }
        py.int_binary(left, right, |a, b, _| Ok(a ^ b))
    }

    fn __neg__(this: Value, py: &mut Py) -> Value {
        if let Some(int) = small(this) {
            return py.new_int(-int);
        }
        let negated = py.with_int(this, |int| -int).unwrap_or_default();
        py.new_integer(&negated)
    }

    fn __pos__(this: Value, py: &mut Py) -> Value {
        py.int_payload(this)
    }

    fn __abs__(this: Value, py: &mut Py) -> Value {
        if py.int_is_negative(this) { Self::__neg__(this, py) } else { py.int_payload(this) }
    }

    fn __invert__(this: Value, py: &mut Py) -> Value {
        if let Some(int) = small(this) {
            return py.new_int(!int);
        }
        let inverted = py.with_int(this, |int| !int).unwrap_or_default();
        py.new_integer(&inverted)
    }
}
