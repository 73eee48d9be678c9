//! `float`.
//!
//! Exact floats are immediate values; operations on them take ints as other operands. Counterpart: `Objects/floatobject.c`.

mod construct;
mod methods;

use crate::object::{Class, CompareOp};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};
use bredli_num::{Complex, FloatPower, compare_int_float, float_div_floor, float_divmod, float_mod_floor, float_pow, float_repr};

/// The payload of instances of `float` subclasses; exact floats are immediate values.
#[repr(C)]
#[derive(Trace)]
pub struct FloatObject {
    pub(crate) header: Header,
    pub(crate) value: f64,
}

/// Convert a string or number to a floating-point number, if possible.
#[pyclass(name = "float", layout = FloatObject, core, flags(BASETYPE, MATCH_SELF), parts(methods))]
pub struct Float;

/// Both operands as floats, or NotImplemented returned.
macro_rules! operands {
    ($py:ident, $left:ident, $right:ident) => {{
        let Some(left) = $py.float_operand($left)? else { return Ok(Value::NOT_IMPLEMENTED) };
        let Some(right) = $py.float_operand($right)? else { return Ok(Value::NOT_IMPLEMENTED) };
        (left, right)
    }};
}

#[pymethods]
impl Float {
    #[signature(x=0, /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, x: Value) -> Result {
        construct::new_float(py, cls, x)
    }

    fn __repr__(this: Value, py: &mut Py) -> String {
        float_repr(py.float_of(this))
    }

    fn __hash__(this: Value, py: &mut Py) -> i64 {
        py.hash_float(this)
    }

    fn __bool__(this: Value, py: &mut Py) -> bool {
        py.float_of(this) != 0.0
    }

    fn __int__(this: Value, py: &mut Py) -> Result {
        let value = py.float_of(this);
        py.int_from_f64(value)
    }

    fn __float__(this: Value, py: &mut Py) -> f64 {
        py.float_of(this)
    }

    fn __richcompare__(this: Value, py: &mut Py, other: Value, op: CompareOp) -> Value {
        let value = py.float_of(this);
        let ordering = match py.float_payload(other) {
            Some(other) => value.partial_cmp(&other),
            None => match py.with_int(other, |int| compare_int_float(int, value).map(|ordering| ordering.reverse())) {
                Some(ordering) => ordering,
                None => return Value::NOT_IMPLEMENTED,
            },
        };
        Value::bool(match ordering {
            Some(ordering) => op.holds(ordering),
            None => op == CompareOp::Ne,
        })
    }

    fn __add__(py: &mut Py, left: Value, right: Value) -> Result {
        let (a, b) = operands!(py, left, right);
        Ok(Value::float(a + b))
    }

    fn __sub__(py: &mut Py, left: Value, right: Value) -> Result {
        let (a, b) = operands!(py, left, right);
        Ok(Value::float(a - b))
    }

    fn __mul__(py: &mut Py, left: Value, right: Value) -> Result {
        let (a, b) = operands!(py, left, right);
        Ok(Value::float(a * b))
    }

    fn __truediv__(py: &mut Py, left: Value, right: Value) -> Result {
        let (a, b) = operands!(py, left, right);
        if b == 0.0 {
            raise!(py, ZeroDivisionError, "division by zero");
        }
        Ok(Value::float(a / b))
    }

    fn __floordiv__(py: &mut Py, left: Value, right: Value) -> Result {
        let (a, b) = operands!(py, left, right);
        match float_div_floor(a, b) {
            Some(quotient) => Ok(Value::float(quotient)),
            None => raise!(py, ZeroDivisionError, "division by zero"),
        }
    }

    fn __mod__(py: &mut Py, left: Value, right: Value) -> Result {
        let (a, b) = operands!(py, left, right);
        match float_mod_floor(a, b) {
            Some(remainder) => Ok(Value::float(remainder)),
            None => raise!(py, ZeroDivisionError, "division by zero"),
        }
    }

    fn __divmod__(py: &mut Py, left: Value, right: Value) -> Result {
        let (a, b) = operands!(py, left, right);
        match float_divmod(a, b) {
            Some((quotient, remainder)) => Ok(py.new_tuple(&[Value::float(quotient), Value::float(remainder)]).into()),
            None => raise!(py, ZeroDivisionError, "division by zero"),
        }
    }

    fn __pow__(py: &mut Py, base: Value, exponent: Value, modulus: Value) -> Result {
        if !modulus.is_none() {
            raise!(py, TypeError, "pow() 3rd argument not allowed unless all arguments are integers");
        }
        let (a, b) = operands!(py, base, exponent);
        py.float_power(a, b)
    }

    fn __neg__(this: Value, py: &mut Py) -> f64 {
        -py.float_of(this)
    }

    fn __pos__(this: Value, py: &mut Py) -> f64 {
        py.float_of(this)
    }

    fn __abs__(this: Value, py: &mut Py) -> f64 {
        py.float_of(this).abs()
    }
}

impl Py {
    /// The number of a float or an instance of a subclass.
    #[inline]
    pub fn float_payload(&self, value: Value) -> Option<f64> {
        if let Some(float) = value.as_float() {
            return Some(float);
        }
        Gc::<FloatObject>::cast(self, value).map(|object| object.get(self).value)
    }

    /// The number of what is known to be a float.
    #[inline]
    pub(in crate::types) fn float_of(&self, value: Value) -> f64 {
        self.float_payload(value).unwrap_or(f64::NAN)
    }

    /// The number of a float or an int; nothing for other values.
    #[inline]
    pub(in crate::types) fn float_operand(&mut self, value: Value) -> Result<Option<f64>> {
        match self.float_payload(value) {
            Some(float) => Ok(Some(float)),
            None if self.is_int(value) => self.int_to_f64(value).map(Some),
            None => Ok(None),
        }
    }

    /// `hash(float)`; that of a NaN comes from its identity.
    pub fn hash_float(&self, value: Value) -> i64 {
        let hash = bredli_num::hash_f64(self.float_of(value));
        hash.unwrap_or_else(|| bredli_num::hash_pointer(value.bits() as usize))
    }

    /// `base ** exponent`
    pub(in crate::types) fn float_power(&mut self, base: f64, exponent: f64) -> Result {
        match float_pow(base, exponent) {
            FloatPower::Value(power) => Ok(Value::float(power)),
            FloatPower::Complex => self.complex_power(Complex::new(base, 0.0), Complex::new(exponent, 0.0)),
            FloatPower::ZeroDivision => raise!(self, ZeroDivisionError, "zero to a negative power"),
            FloatPower::Overflow => {
                let (number, text) = (Value::small(34), self.new_str("Numerical result out of range"));
                let exception = self.call(self.exceptions.OverflowError.into(), &[number, text.into()])?;
                Err(self.raise(exception))
            }
        }
    }
}
