//! The methods and attributes of `int`.

use super::Int;
use crate::object::{Class, Str};
use crate::types::Bytes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;
use bredli_num::{ByteOrder, FormatError, FormatSpec, FormatTarget, Int as Number, IntError, Integer, Locale, Small, format_int};

/// What CPython's int object takes without its digits, and a digit of 30 bits.
const SIZE: u64 = 24;
const DIGIT_SIZE: u64 = 4;
const DIGIT_BITS: u64 = 30;

#[pymethods(part = "methods")]
impl Int {
    /// Returns self, the complex conjugate of any int.
    #[signature(self, /)]
    fn conjugate(this: Value, py: &mut Py) -> Value {
        py.int_payload(this)
    }

    /// Truncating an Integral returns itself.
    #[signature(self, /)]
    fn __trunc__(this: Value, py: &mut Py) -> Value {
        py.int_payload(this)
    }

    /// Flooring an Integral returns itself.
    #[signature(self, /)]
    fn __floor__(this: Value, py: &mut Py) -> Value {
        py.int_payload(this)
    }

    /// Ceiling of an Integral returns itself.
    #[signature(self, /)]
    fn __ceil__(this: Value, py: &mut Py) -> Value {
        py.int_payload(this)
    }

    /// Rounding an Integral returns itself.
    ///
    /// Rounding with an ndigits argument also returns an integer.
    #[signature(self, ndigits=None, /)]
    fn __round__(this: Value, py: &mut Py, ndigits: Option<Value>) -> Result {
        let this = py.int_payload(this);
        let Some(digits) = ndigits else { return Ok(this) };
        let digits = py.to_isize_clipped(digits)?;
        if digits >= 0 {
            return Ok(this);
        }
        let places = digits.unsigned_abs() as u64;
        let rounded = py.long_operation(|py, interrupt| {
            py.with_int(this, |int| {
                // Ten to the power of more places than the number has digits is more than twice the number.
                if places > int.bit_length() / 3 + 2 {
                    return Ok(Integer::default());
                }
                let (ten, places) = (Small::from(10i64), Small::from(places));
                let unit = ten.as_int().pow(places.as_int(), interrupt)?;
                round_to_multiple(int, unit.as_int(), interrupt)
            })
            .unwrap_or(Ok(Integer::default()))
        })?;
        Ok(py.new_integer(&rounded))
    }

    #[signature(self, /)]
    fn __getnewargs__(this: Value, py: &mut Py) -> (Value,) {
        (py.int_payload(this),)
    }

    /// Convert to a string according to format_spec.
    #[signature(self, format_spec, /)]
    fn __format__(this: Value, py: &mut Py, format_spec: Gc<Str>) -> Result<Value> {
        if format_spec.get(py).byte_len() == 0 {
            return py.str(this).map(Value::from);
        }
        let name = py.class_name(this);
        let (spec, limit) = (py.format_spec(format_spec, FormatTarget::Int, &name)?, py.int_digit_limit);
        let text = py.long_operation(|py, interrupt| {
            let text = py.with_int(this, |int| format_int(int, &spec, &name, &Locale::C, limit, interrupt));
            match text.unwrap_or(Ok(Vec::new())) {
                Err(FormatError::Int(error)) => Err(error),
                result => Ok(result),
            }
        })?;
        match text {
            Ok(text) => Ok(py.new_str_wtf8(&text).into()),
            Err(error) => Err(py.format_error(error)),
        }
    }

    /// Returns size in memory, in bytes.
    #[signature(self, /)]
    fn __sizeof__(this: Value, py: &mut Py) -> u64 {
        let bits = py.with_int(this, |int| int.bit_length()).unwrap_or(0);
        SIZE + DIGIT_SIZE * bits.div_ceil(DIGIT_BITS).max(1)
    }

    /// Number of bits necessary to represent self in binary.
    ///
    /// >>> (255).bit_length()
    /// 8
    #[signature(self, /)]
    fn bit_length(this: Value, py: &mut Py) -> u64 {
        py.with_int(this, |int| int.bit_length()).unwrap_or(0)
    }

    /// Number of ones in the binary representation of the absolute value of self.
    ///
    /// >>> (-255).bit_count()
    /// 8
    #[signature(self, /)]
    fn bit_count(this: Value, py: &mut Py) -> u64 {
        py.with_int(this, |int| int.bit_count()).unwrap_or(0)
    }

    /// Return a pair of integers, whose ratio is equal to the original int.
    ///
    /// >>> (7).as_integer_ratio()
    /// (7, 1)
    #[signature(self, /)]
    fn as_integer_ratio(this: Value, py: &mut Py) -> (Value, i64) {
        (py.int_payload(this), 1)
    }

    /// Returns True. Exists for duck type compatibility with float.is_integer.
    #[signature(self, /)]
    fn is_integer(this: Value) -> bool {
        let _ = this;
        true
    }

    /// Return an array of bytes representing an integer.
    ///
    ///   length
    ///     The number of bytes; OverflowError when they are not enough.
    ///   byteorder
    ///     'big' for the most significant byte first, 'little' for it last.
    ///   signed
    ///     Whether two's complement is used; else negative numbers are
    ///     refused with OverflowError.
    #[signature(self, /, length=1, byteorder="big", *, signed=False)]
    fn to_bytes(this: Value, py: &mut Py, length: isize, byteorder: Gc<Str>, signed: bool) -> Result<Gc<Bytes>> {
        let order = byte_order(py, byteorder)?;
        let Ok(length) = usize::try_from(length) else { raise!(py, ValueError, "length argument must be non-negative") };
        match py.with_int(this, |int| int.to_bytes(length, order, signed)) {
            Some(Err(error)) => Err(py.int_error(error)),
            Some(Ok(bytes)) => Ok(py.new_bytes(&bytes)),
            None => Ok(py.new_bytes(&[])),
        }
    }

    /// Return the integer represented by the given array of bytes.
    ///
    ///   bytes
    ///     An object with a buffer, or an iterable of bytes.
    ///   byteorder
    ///     'big' for the most significant byte first, 'little' for it last.
    ///   signed
    ///     Whether two's complement is used.
    #[signature(type, /, bytes, byteorder="big", *, signed=False)]
    fn from_bytes(cls: Gc<Class>, py: &mut Py, bytes: Value, byteorder: Gc<Str>, signed: bool) -> Result {
        let order = byte_order(py, byteorder)?;
        let bytes = bytes_of(py, bytes)?;
        let number = Integer::from_bytes(bytes.get(py).data(), order, signed);
        let value = py.new_integer(&number);
        if cls == py.types.int { Ok(value) } else { py.call(cls.into(), &[value]) }
    }

    /// the real part of a complex number
    #[getter]
    fn real(this: Value, py: &mut Py) -> Value {
        py.int_payload(this)
    }

    /// the imaginary part of a complex number
    #[getter]
    fn imag(this: Value) -> i64 {
        let _ = this;
        0
    }

    /// the numerator of a rational number in lowest terms
    #[getter]
    fn numerator(this: Value, py: &mut Py) -> Value {
        py.int_payload(this)
    }

    /// the denominator of a rational number in lowest terms
    #[getter]
    fn denominator(this: Value) -> i64 {
        let _ = this;
        1
    }
}

/// The multiple of `unit` nearest to a number, the even one of two.
fn round_to_multiple(int: Number<'_>, unit: Number<'_>, interrupt: bredli_num::Interrupt<'_>) -> std::result::Result<Integer, IntError> {
    let (quotient, remainder) = int.div_mod_floor(unit, interrupt)?;
    let twice = remainder.as_int() + remainder.as_int();
    let up = match twice.as_int().cmp(&unit) {
        std::cmp::Ordering::Equal => quotient.as_int().is_odd(),
        ordering => ordering.is_gt(),
    };
    let below = int - remainder.as_int();
    Ok(if up { below.as_int() + unit } else { below })
}

fn byte_order(py: &mut Py, name: Gc<Str>) -> Result<ByteOrder> {
    match name.get(py).bytes() {
        b"little" => Ok(ByteOrder::Little),
        b"big" => Ok(ByteOrder::Big),
        _ => raise!(py, ValueError, "byteorder must be either 'little' or 'big'"),
    }
}

/// `PyObject_Bytes`: through `__bytes__`, the buffer, or the items of an iterable.
fn bytes_of(py: &mut Py, value: Value) -> Result<Gc<Bytes>> {
    if let Some(bytes) = Gc::<Bytes>::cast(py, value) {
        return Ok(bytes);
    }
    let name = py.names.__bytes__;
    if let Some(result) = py.call_special(value, name, &[])? {
        return match Gc::<Bytes>::cast(py, result) {
            Some(bytes) => Ok(bytes),
            None => {
                let class = py.class_name(result);
                raise!(py, TypeError, "__bytes__ returned non-bytes (type {class})")
            }
        };
    }
    let slots = &py.class_of(value).get(py).slots;
    if py.is_str(value) || (slots.buffer.is_none() && slots.iter.is_none() && slots.getitem.is_none()) {
        let class = py.class_name(value);
        raise!(py, TypeError, "cannot convert '{class}' object to bytes");
    }
    let bytes = py.call(py.types.bytes.into(), &[value])?;
    Ok(Gc::known(py, bytes))
}

impl Py {
    /// A format specification for values of a class.
    pub fn format_spec(&mut self, text: Gc<Str>, target: FormatTarget, class: &str) -> Result<FormatSpec> {
        match self.parse_spec(text, target, class) {
            Ok(spec) => Ok(spec),
            Err(error) => Err(self.format_error(error)),
        }
    }
}
