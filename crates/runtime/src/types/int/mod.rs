//! `int` and `bool`.
//!
//! Arithmetic on machine integers happens here, everything larger in `bredli_num` on borrowed limbs. Long operations are
//! interrupted by signals and begun again when the handler lets them go on. Counterparts: `Objects/longobject.c`,
//! `Objects/boolobject.c`.

mod boolean;
mod construct;
mod methods;
mod operators;

use crate::native::Args;
use crate::object::{Class, CompareOp, IntObject, Str};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::{pyclass, pymethods};
use bredli_num::{Int as Number, IntError, Integer, Interrupt, decimal_len, digits_in_word, write_decimal};

/// int([x]) -> integer
/// int(x, base=10) -> integer
///
/// A number without its fraction, or the integer that a string, bytes or
/// bytearray spells in the given base; 0 when called without arguments.
/// Base 0 means that a prefix in the string tells the base.
/// >>> int('0x1f', base=0)
/// 31
#[pyclass(name = "int", layout = IntObject, core, flags(BASETYPE, INT, MATCH_SELF), parts(operators, methods))]
pub struct Int;

/// Returns True when the argument is true, False otherwise.
#[pyclass(name = "bool", layout = IntObject, base = Int, core, flags(INT))]
pub struct Bool;

/// How often a long operation is begun again after a signal before it runs to its end.
const ATTEMPTS: u32 = 8;

/// An immediate int or a bool as a machine integer.
#[inline(always)]
pub(super) fn small(value: Value) -> Option<i64> {
    match value.as_int() {
        Some(int) => Some(int),
        None if value.is_bool() => Some((value == Value::TRUE) as i64),
        None => None,
    }
}

#[pymethods]
impl Int {
    #[no_text_signature]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        construct::new_int(py, cls, args)
    }

    fn __repr__(this: Value, py: &mut Py) -> Result<Gc<Str>> {
        py.int_str(this)
    }

    fn __hash__(this: Value, py: &mut Py) -> i64 {
        py.hash_int(this)
    }

    fn __bool__(this: Value, py: &mut Py) -> bool {
        py.with_int(this, |int| !int.is_zero()).unwrap_or(false)
    }

    fn __int__(this: Value, py: &mut Py) -> Value {
        py.int_payload(this)
    }

    fn __index__(this: Value, py: &mut Py) -> Value {
        py.int_payload(this)
    }

    fn __float__(this: Value, py: &mut Py) -> Result<f64> {
        py.int_to_f64(this)
    }

    fn __richcompare__(this: Value, py: &mut Py, other: Value, op: CompareOp) -> Value {
        if let (Some(a), Some(b)) = (small(this), small(other)) {
            return Value::bool(op.holds(a.cmp(&b)));
        }
        match py.with_ints(this, other, |a, b| a.cmp(&b)) {
            Some(ordering) => Value::bool(op.holds(ordering)),
            None => Value::NOT_IMPLEMENTED,
        }
    }
}

impl Py {
    /// The nearest float; OverflowError when it is too large.
    pub fn int_to_f64(&mut self, value: Value) -> Result<f64> {
        if let Some(int) = value.as_int() {
            return Ok(int as f64);
        }
        match self.with_int(value, |int| int.to_f64().ok()).flatten() {
            Some(float) => Ok(float),
            None => raise!(self, OverflowError, "int too large to convert to float"),
        }
    }

    /// The hash of an int or an instance of a subclass.
    pub fn hash_int(&self, value: Value) -> i64 {
        match small(value) {
            Some(int) => bredli_num::hash_i64(int),
            None => self.with_int(value, bredli_num::hash_int).unwrap_or(0),
        }
    }

    /// The decimal digits of an int; ValueError when there are more than the interpreter's limit.
    #[inline]
    pub fn int_str(&mut self, value: Value) -> Result<Gc<Str>> {
        match small(value) {
            Some(int) => Ok(self.small_int_str(int)),
            None => self.long_int_str(value),
        }
    }

    #[inline(never)]
    fn long_int_str(&mut self, value: Value) -> Result<Gc<Str>> {
        let limit = self.int_digit_limit;
        let text = self.long_operation(|py, interrupt| match py.with_int(value, |int| int.to_decimal(limit, interrupt)) {
            Some(text) => text,
            None => Ok(String::new()),
        })?;
        Ok(self.new_ascii(text.as_bytes()))
    }

    #[inline(never)]
    fn small_int_str(&mut self, int: i64) -> Gc<Str> {
        if let digit @ 0..10 = int {
            return self.constants.chars[b'0' as usize + digit as usize];
        }
        let (sign, magnitude) = ((int < 0) as usize, int.unsigned_abs());
        if let number @ 10..100_000_000 = int {
            let (word, len) = digits_in_word(number as u32);
            return self.ascii_word(word >> (8 * (8 - len)), len);
        }
        self.short_ascii(sign + decimal_len(magnitude), |text| {
            text[0] = b'-';
            write_decimal(magnitude, &mut text[sign..]);
        })
    }

    /// Run `f` on the numbers of two ints. None when one of the values is no int.
    #[inline]
    pub fn with_ints<R>(&self, left: Value, right: Value, f: impl FnOnce(Number<'_>, Number<'_>) -> R) -> Option<R> {
        self.with_int(left, |left| self.with_int(right, |right| f(left, right)))?
    }

    /// Run an operation that asks now and then whether to stop for a signal, until it is done or the signal's handler raises.
    pub fn long_operation<R>(&mut self, mut run: impl FnMut(&Py, Interrupt<'_>) -> std::result::Result<R, IntError>) -> Result<R> {
        let mut attempt = 0;
        loop {
            let py = &*self;
            match run(py, &mut || attempt < ATTEMPTS && py.machine.breaker_set()) {
                Ok(result) => return Ok(result),
                Err(IntError::Interrupted) => self.poll()?,
                Err(error) => return Err(self.int_error(error)),
            }
            attempt += 1;
        }
    }

    /// An operation on two ints; NotImplemented when one of the values is no int.
    pub(super) fn int_binary(
        &mut self,
        left: Value,
        right: Value,
        operation: impl Fn(Number<'_>, Number<'_>, Interrupt<'_>) -> std::result::Result<Integer, IntError>,
    ) -> Result {
        let result = self.long_operation(|py, interrupt| py.with_ints(left, right, |a, b| operation(a, b, interrupt)).transpose())?;
        Ok(match result {
            Some(integer) => self.new_integer(&integer),
            None => Value::NOT_IMPLEMENTED,
        })
    }

    /// The whole part of a float; the errors of `int()` for NaN and infinities.
    pub fn int_from_f64(&mut self, value: f64) -> Result {
        if value.abs() < 1e14 {
            return Ok(self.new_int(value as i64));
        }
        match Integer::from_f64(value) {
            Some(integer) => Ok(self.new_integer(&integer)),
            None if value.is_nan() => raise!(self, ValueError, "cannot convert float NaN to integer"),
            None => raise!(self, OverflowError, "cannot convert float infinity to integer"),
        }
    }

    /// Make an int from an owned number.
    #[inline]
    pub fn new_integer(&mut self, integer: &Integer) -> Value {
        self.new_int_from(integer.as_int())
    }
}
