//! The methods and attributes of `float`.

use super::Float;
use crate::codecs::OnError;
use crate::object::{Class, Str};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;
use bredli_num::{
    FormatTarget, HexError, Locale, float_as_integer_ratio, float_from_hex, float_hex, float_is_integer, float_round, format_float,
};

#[pymethods(part = "methods")]
impl Float {
    /// Return self, the complex conjugate of any float.
    #[signature(self, /)]
    fn conjugate(this: Value, py: &mut Py) -> f64 {
        py.float_of(this)
    }

    /// Return the Integral closest to x between 0 and x.
    #[signature(self, /)]
    fn __trunc__(this: Value, py: &mut Py) -> Result {
        let value = py.float_of(this);
        py.int_from_f64(value)
    }

    /// Return the floor as an Integral.
    #[signature(self, /)]
    fn __floor__(this: Value, py: &mut Py) -> Result {
        let value = py.float_of(this);
        py.int_from_f64(value.floor())
    }

    /// Return the ceiling as an Integral.
    #[signature(self, /)]
    fn __ceil__(this: Value, py: &mut Py) -> Result {
        let value = py.float_of(this);
        py.int_from_f64(value.ceil())
    }

    /// Return the Integral closest to x, rounding half toward even.
    ///
    /// When an argument is passed, work like built-in round(x, ndigits).
    #[signature(self, ndigits=None, /)]
    fn __round__(this: Value, py: &mut Py, ndigits: Option<Value>) -> Result {
        let value = py.float_of(this);
        let Some(digits) = ndigits else { return py.int_from_f64(value.round_ties_even()) };
        let digits = py.to_isize_clipped(digits)?;
        match float_round(value, digits as i64) {
            Some(rounded) => Ok(Value::float(rounded)),
            None => raise!(py, OverflowError, "rounded value too large to represent"),
        }
    }

    #[signature(self, /)]
    fn __getnewargs__(this: Value, py: &mut Py) -> (f64,) {
        (py.float_of(this),)
    }

    /// Formats the float according to format_spec.
    #[signature(self, format_spec, /)]
    fn __format__(this: Value, py: &mut Py, format_spec: Gc<Str>) -> Result<Value> {
        if format_spec.get(py).byte_len() == 0 {
            return py.str(this).map(Value::from);
        }
        let (name, value) = (py.class_name(this), py.float_of(this));
        let spec = py.format_spec(format_spec, FormatTarget::Float, &name)?;
        match format_float(value, &spec, &name, &Locale::C) {
            Ok(text) => Ok(py.new_str_wtf8(&text).into()),
            Err(error) => Err(py.format_error(error)),
        }
    }

    /// Return a pair of integers, whose ratio is exactly equal to the original float.
    ///
    /// The ratio is in lowest terms and has a positive denominator.  Raise
    /// OverflowError on infinities and a ValueError on NaNs.
    ///
    /// >>> (0.75).as_integer_ratio()
    /// (3, 4)
    #[signature(self, /)]
    fn as_integer_ratio(this: Value, py: &mut Py) -> Result<(Value, Value)> {
        let value = py.float_of(this);
        match float_as_integer_ratio(value) {
            Some((numerator, denominator)) => Ok((py.new_integer(&numerator), py.new_integer(&denominator))),
            None if value.is_nan() => raise!(py, ValueError, "cannot convert NaN to integer ratio"),
            None => raise!(py, OverflowError, "cannot convert Infinity to integer ratio"),
        }
    }

    /// Return True if the float is an integer.
    #[signature(self, /)]
    fn is_integer(this: Value, py: &mut Py) -> bool {
        float_is_integer(py.float_of(this))
    }

    /// Return a hexadecimal representation of a floating-point number.
    ///
    /// >>> (2.5).hex()
    /// '0x1.4000000000000p+1'
    #[signature(self, /)]
    fn hex(this: Value, py: &mut Py) -> String {
        float_hex(py.float_of(this))
    }

    /// Create a floating-point number from a hexadecimal string.
    ///
    /// >>> float.fromhex('0x1.4p+1')
    /// 2.5
    #[signature(type, string, /)]
    fn fromhex(cls: Gc<Class>, py: &mut Py, string: Value) -> Result {
        let Some(text) = Gc::<Str>::cast(py, string) else { raise!(py, TypeError, "bad argument type for built-in operation") };
        let utf8 = py.utf8_encode(text, &OnError::Strict)?;
        match float_from_hex(&String::from_utf8_lossy(utf8.get(py).data())) {
            Ok(value) => make(py, cls, value),
            Err(error @ HexError::Invalid) => raise!(py, ValueError, "{error}"),
            Err(error @ HexError::TooLarge) => raise!(py, OverflowError, "{error}"),
        }
    }

    /// Convert real number to a floating-point number.
    #[signature(type, number, /)]
    fn from_number(cls: Gc<Class>, py: &mut Py, number: Value) -> Result {
        let value = py.to_f64(number)?;
        make(py, cls, value)
    }

    /// You probably don't want to use this function.
    ///
    ///   typestr
    ///     Must be 'double' or 'float'.
    ///
    /// Tells the byte order of the machine's floating-point numbers.
    #[signature(type, typestr, /)]
    fn __getformat__(cls: Gc<Class>, py: &mut Py, typestr: Gc<Str>) -> Result<&'static str> {
        let _ = cls;
        match typestr.get(py).bytes() {
            b"double" | b"float" if cfg!(target_endian = "big") => Ok("IEEE, big-endian"),
            b"double" | b"float" => Ok("IEEE, little-endian"),
            _ => raise!(py, ValueError, "__getformat__() argument 1 must be 'double' or 'float'"),
        }
    }

    /// the real part of a complex number
    #[getter]
    fn real(this: Value, py: &mut Py) -> f64 {
        py.float_of(this)
    }

    /// the imaginary part of a complex number
    #[getter]
    fn imag(this: Value) -> f64 {
        let _ = this;
        0.0
    }
}

/// A float of the class; subclasses are called.
fn make(py: &mut Py, cls: Gc<Class>, value: f64) -> Result {
    if cls == py.types.float { Ok(Value::float(value)) } else { py.call(cls.into(), &[Value::float(value)]) }
}
