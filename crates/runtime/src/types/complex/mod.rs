//! `complex`.
//!
//! Operations with a real operand leave the other part alone, as C's mixed arithmetic does. Counterpart:
//! `Objects/complexobject.c`.

mod construct;

use crate::native::Args;
use crate::object::{Class, CompareOp, Str};
use crate::{Py, Result, error, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};
use bredli_num::{Complex as Number, ComplexError, FormatTarget, Locale, compare_int_float, format_complex, hash_complex};
use std::cmp::Ordering;

/// Create a complex number from a string or numbers.
///
/// If a string is given, parse it as a complex number.
/// If a single number is given, convert it to a complex number.
/// If the 'real' or 'imag' arguments are given, create a complex number
/// with the specified real and imaginary components.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "complex", core, flags(BASETYPE))]
pub struct Complex {
    pub(crate) header: Header,
    pub(crate) real: f64,
    pub(crate) imag: f64,
}

impl Complex {
    /// The number.
    #[inline]
    pub fn number(&self) -> Number {
        Number::new(self.real, self.imag)
    }
}

/// An operand of complex arithmetic.
#[derive(Clone, Copy)]
enum Operand {
    Real(f64),
    Complex(Number),
}

impl Operand {
    fn number(self) -> Number {
        match self {
            Operand::Real(real) => Number::new(real, 0.0),
            Operand::Complex(number) => number,
        }
    }
}

/// Both operands, or NotImplemented returned.
macro_rules! operands {
    ($py:ident, $left:ident, $right:ident) => {{
        let Some(left) = $py.complex_operand($left)? else { return Ok(Value::NOT_IMPLEMENTED) };
        let Some(right) = $py.complex_operand($right)? else { return Ok(Value::NOT_IMPLEMENTED) };
        (left, right)
    }};
}

#[pymethods]
impl Complex {
    #[signature(real = 0, imag = 0)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        construct::new_complex(py, cls, args)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        this.get(py).number().repr()
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> i64 {
        let identity = bredli_num::hash_pointer(Value::from(this).bits() as usize);
        let Number { real, imag } = this.get(py).number();
        hash_complex(bredli_num::hash_f64(real).unwrap_or(identity), bredli_num::hash_f64(imag).unwrap_or(identity))
    }

    fn __bool__(this: Gc<Self>, py: &mut Py) -> bool {
        let Number { real, imag } = this.get(py).number();
        real != 0.0 || imag != 0.0
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Value {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Value::NOT_IMPLEMENTED;
        }
        let number = this.get(py).number();
        let equal = if let Some(other) = py.complex_payload(other) {
            number.real == other.real && number.imag == other.imag
        } else if let Some(other) = py.float_payload(other) {
            number.real == other && number.imag == 0.0
        } else if let Some(ordering) = py.with_int(other, |int| compare_int_float(int, number.real)) {
            ordering == Some(Ordering::Equal) && number.imag == 0.0
        } else {
            return Value::NOT_IMPLEMENTED;
        };
        Value::bool(equal == (op == CompareOp::Eq))
    }

    fn __add__(py: &mut Py, left: Value, right: Value) -> Result {
        let sum = match operands!(py, left, right) {
            (a, Operand::Real(b)) => a.number().add_real(b),
            (Operand::Real(a), b) => b.number().add_real(a),
            (Operand::Complex(a), Operand::Complex(b)) => a + b,
        };
        Ok(py.new_complex(sum.real, sum.imag))
    }

    fn __sub__(py: &mut Py, left: Value, right: Value) -> Result {
        let difference = match operands!(py, left, right) {
            (a, Operand::Real(b)) => a.number().sub_real(b),
            (Operand::Real(a), b) => Number::real_sub(a, b.number()),
            (Operand::Complex(a), Operand::Complex(b)) => a - b,
        };
        Ok(py.new_complex(difference.real, difference.imag))
    }

    fn __mul__(py: &mut Py, left: Value, right: Value) -> Result {
        let product = match operands!(py, left, right) {
            (a, Operand::Real(b)) => a.number().mul_real(b),
            (Operand::Real(a), b) => b.number().mul_real(a),
            (Operand::Complex(a), Operand::Complex(b)) => a * b,
        };
        Ok(py.new_complex(product.real, product.imag))
    }

    fn __truediv__(py: &mut Py, left: Value, right: Value) -> Result {
        let quotient = match operands!(py, left, right) {
            (a, Operand::Real(b)) => a.number().div_real(b),
            (Operand::Real(a), b) => Number::real_div(a, b.number()),
            (Operand::Complex(a), Operand::Complex(b)) => a.checked_div(b),
        };
        py.complex_result(quotient)
    }

    fn __pow__(py: &mut Py, base: Value, exponent: Value, modulus: Value) -> Result {
        let (a, b) = operands!(py, base, exponent);
        if !modulus.is_none() {
            raise!(py, ValueError, "complex modulo");
        }
        py.complex_power(a.number(), b.number())
    }

    fn __neg__(this: Gc<Self>, py: &mut Py) -> Value {
        let number = -this.get(py).number();
        py.new_complex(number.real, number.imag)
    }

    fn __pos__(this: Gc<Self>, py: &mut Py) -> Value {
        exact(py, this)
    }

    fn __abs__(this: Gc<Self>, py: &mut Py) -> Result<f64> {
        match this.get(py).number().abs() {
            Ok(modulus) => Ok(modulus),
            Err(error) => raise!(py, OverflowError, "{error}"),
        }
    }

    /// Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j.
    #[signature(self, /)]
    fn conjugate(this: Gc<Self>, py: &mut Py) -> Value {
        let Number { real, imag } = this.get(py).number();
        py.new_complex(real, -imag)
    }

    /// Convert this value to exact type complex.
    #[signature(self, /)]
    fn __complex__(this: Gc<Self>, py: &mut Py) -> Value {
        exact(py, this)
    }

    #[signature(self, /)]
    fn __getnewargs__(this: Gc<Self>, py: &mut Py) -> (f64, f64) {
        let Number { real, imag } = this.get(py).number();
        (real, imag)
    }

    /// Convert to a string according to format_spec.
    #[signature(self, format_spec, /)]
    fn __format__(this: Gc<Self>, py: &mut Py, format_spec: Gc<Str>) -> Result<Value> {
        if format_spec.get(py).byte_len() == 0 {
            return py.str(this.into()).map(Value::from);
        }
        let (name, number) = (py.class_name(this.into()), this.get(py).number());
        let spec = py.format_spec(format_spec, FormatTarget::Complex, &name)?;
        match format_complex(number, &spec, &name, &Locale::C) {
            Ok(text) => Ok(py.new_str_wtf8(&text).into()),
            Err(error) => Err(py.format_error(error)),
        }
    }

    /// Convert number to a complex floating-point number.
    #[signature(type, number, /)]
    fn from_number(cls: Gc<Class>, py: &mut Py, number: Value) -> Result {
        let number = py.to_complex(number)?;
        let value = py.new_complex(number.real, number.imag);
        if cls == py.types.complex { Ok(value) } else { py.call(cls.into(), &[value]) }
    }

    /// the real part of a complex number
    #[getter]
    fn real(this: Gc<Self>, py: &mut Py) -> f64 {
        this.get(py).real
    }

    /// the imaginary part of a complex number
    #[getter]
    fn imag(this: Gc<Self>, py: &mut Py) -> f64 {
        this.get(py).imag
    }
}

/// The number as an instance of `complex` itself.
fn exact(py: &mut Py, this: Gc<Complex>) -> Value {
    if py.class_of(this.into()) == py.types.complex {
        return this.into();
    }
    let Number { real, imag } = this.get(py).number();
    py.new_complex(real, imag)
}

impl Py {
    /// A complex number.
    pub fn new_complex(&mut self, real: f64, imag: f64) -> Value {
        self.alloc(Complex { header: Header::EMPTY, real, imag }).into()
    }

    /// The number of a complex or an instance of a subclass.
    pub fn complex_payload(&self, value: Value) -> Option<Number> {
        Gc::<Complex>::cast(self, value).map(|object| object.get(self).number())
    }

    /// `complex(value)` for an argument that must be a number: through `__complex__`, `__float__` or `__index__`.
    pub fn to_complex(&mut self, value: Value) -> Result<Number> {
        if let Some(number) = self.complex_payload(value) {
            return Ok(number);
        }
        match self.complex_special(value)? {
            Some(number) => Ok(number),
            None => Ok(Number::new(self.to_f64(value)?, 0.0)),
        }
    }

    /// What `value.__complex__()` gives, if there is such a method.
    fn complex_special(&mut self, value: Value) -> Result<Option<Number>> {
        if value.is_int() || value.is_float() {
            return Ok(None);
        }
        let name = self.names.__complex__;
        let Some(result) = self.call_special(value, name, &[])? else { return Ok(None) };
        match self.complex_payload(result) {
            Some(number) => {
                if self.class_of(result) != self.types.complex {
                    self.warn_strict_subclass("__complex__", "complex", result)?;
                }
                Ok(Some(number))
            }
            None => {
                let class = self.class_name(result);
                raise!(self, TypeError, "__complex__ returned non-complex (type {class})")
            }
        }
    }

    fn complex_operand(&mut self, value: Value) -> Result<Option<Operand>> {
        match self.complex_payload(value) {
            Some(number) => Ok(Some(Operand::Complex(number))),
            None => Ok(self.float_operand(value)?.map(Operand::Real)),
        }
    }

    fn complex_result(&mut self, result: std::result::Result<Number, ComplexError>) -> Result {
        match result {
            Ok(number) => Ok(self.new_complex(number.real, number.imag)),
            Err(error @ (ComplexError::DivisionByZero | ComplexError::ZeroPower)) => Err(error!(self, ZeroDivisionError, "{error}")),
            Err(error) => Err(error!(self, OverflowError, "{error}")),
        }
    }

    /// `base ** exponent`
    pub(in crate::types) fn complex_power(&mut self, base: Number, exponent: Number) -> Result {
        self.complex_result(base.pow(exponent))
    }
}
