//! The functions of the `math` module on doubles, with its error messages: `pymath`'s results, which follow CPython bit for bit.
//! Those on ints (`isqrt`, `gcd`, `lcm`, `factorial`, `comb`, `perm`) belong to [`Int`](crate::Int) and [`Integer`](crate::Integer);
//! `ceil`, `floor` and `trunc` are `f64`'s own followed by [`Integer::from_f64`](crate::Integer::from_f64). Mirrors `Modules/mathmodule.c`.

mod aggregate;
pub mod cmath;
mod log;

pub use aggregate::{dist, fsum, hypot, sumprod};
pub use log::{log, log_base, log_int, log1p, log2, log2_int, log10, log10_int};

use crate::float::float_repr;
use std::fmt;

/// Why a function has no result. `Display` gives CPython's message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MathError {
    /// ValueError: what was expected, and what was given.
    Expected(&'static str, f64),
    /// ValueError with this message.
    Value(&'static str),
    /// OverflowError with this message.
    Overflow(&'static str),
    /// ZeroDivisionError.
    DivisionByZero,
}

impl MathError {
    const DOMAIN: MathError = MathError::Value("math domain error");
    const RANGE: MathError = MathError::Overflow("math range error");
}

impl fmt::Display for MathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            MathError::Expected(what, got) => write!(f, "expected {what}, got {}", float_repr(got)),
            MathError::Value(message) | MathError::Overflow(message) => f.write_str(message),
            MathError::DivisionByZero => f.write_str("division by zero"),
        }
    }
}

impl From<pymath::Error> for MathError {
    fn from(error: pymath::Error) -> MathError {
        match error {
            pymath::Error::EDOM => MathError::DOMAIN,
            pymath::Error::ERANGE => MathError::RANGE,
        }
    }
}

/// Declares functions of one argument; the text says what is expected where the function is not defined.
macro_rules! functions {
    ($($name:ident: $expected:literal,)*) => {
        $(
            #[doc = concat!("`math.", stringify!($name), "(x)`.")]
            #[inline]
            pub fn $name(x: f64) -> Result<f64, MathError> {
                match pymath::math::$name(x) {
                    Ok(value) => Ok(value),
                    Err(pymath::Error::EDOM) => Err(MathError::Expected($expected, x)),
                    Err(pymath::Error::ERANGE) => Err(MathError::RANGE),
                }
            }
        )*
    };
}

functions! {
    acos: "a number in range from -1 up to 1",
    acosh: "argument value not less than 1",
    asin: "a number in range from -1 up to 1",
    asinh: "a number",
    atan: "a number",
    atanh: "a number between -1 and 1",
    cbrt: "a number",
    cos: "a finite input",
    cosh: "a number",
    erf: "a number",
    erfc: "a number",
    exp: "a number",
    exp2: "a number",
    expm1: "a number",
    gamma: "a noninteger or positive integer",
    lgamma: "a noninteger or positive integer",
    sin: "a finite input",
    sinh: "a number",
    sqrt: "a nonnegative input",
    tan: "a finite input",
    tanh: "a number",
}

/// `math.degrees(x)`.
pub fn degrees(x: f64) -> f64 {
    x * (180.0 / std::f64::consts::PI)
}

/// `math.radians(x)`.
pub fn radians(x: f64) -> f64 {
    x * (std::f64::consts::PI / 180.0)
}

/// `math.atan2(y, x)`.
pub fn atan2(y: f64, x: f64) -> f64 {
    y.atan2(x)
}

/// `math.pow(x, y)`.
pub fn pow(x: f64, y: f64) -> Result<f64, MathError> {
    Ok(pymath::math::pow(x, y)?)
}

/// `math.fmod(x, y)`.
pub fn fmod(x: f64, y: f64) -> Result<f64, MathError> {
    Ok(pymath::math::fmod(x, y)?)
}

/// `math.remainder(x, y)`.
pub fn remainder(x: f64, y: f64) -> Result<f64, MathError> {
    Ok(pymath::math::remainder(x, y)?)
}

/// `math.fma(x, y, z)`.
pub fn fma(x: f64, y: f64, z: f64) -> Result<f64, MathError> {
    let result = x.mul_add(y, z);
    if result.is_nan() && !(x.is_nan() || y.is_nan() || z.is_nan()) {
        return Err(MathError::Value("invalid operation in fma"));
    }
    if result.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
        return Err(MathError::Overflow("overflow in fma"));
    }
    Ok(result)
}

/// `math.frexp(x)`.
pub fn frexp(x: f64) -> (f64, i32) {
    pymath::math::frexp(x)
}

/// `math.ldexp(x, exponent)`; exponents beyond `i64` are the caller's to bring to its limits.
pub fn ldexp(x: f64, exponent: i64) -> Result<f64, MathError> {
    if x == 0.0 || !x.is_finite() {
        return Ok(x);
    }
    match i32::try_from(exponent) {
        Ok(exponent) => Ok(pymath::math::ldexp(x, exponent)?),
        Err(_) if exponent > 0 => Err(MathError::RANGE),
        Err(_) => Ok(0.0f64.copysign(x)),
    }
}

/// `math.modf(x)`: fractional and integer part.
pub fn modf(x: f64) -> (f64, f64) {
    pymath::math::modf(x)
}

/// `math.nextafter(x, y, steps=steps)`; `None` is the single step of a call without `steps`.
pub fn nextafter(x: f64, y: f64, steps: Option<u64>) -> f64 {
    pymath::math::nextafter(x, y, steps)
}

/// `math.ulp(x)`.
pub fn ulp(x: f64) -> f64 {
    pymath::math::ulp(x)
}

/// `math.isclose(a, b, rel_tol=relative, abs_tol=absolute)`.
pub fn isclose(a: f64, b: f64, relative: f64, absolute: f64) -> Result<bool, MathError> {
    if relative < 0.0 || absolute < 0.0 {
        return Err(MathError::Value("tolerances must be non-negative"));
    }
    if a == b {
        return Ok(true);
    }
    if a.is_infinite() || b.is_infinite() {
        return Ok(false);
    }
    let difference = (b - a).abs();
    Ok(difference <= (relative * b).abs() || difference <= (relative * a).abs() || difference <= absolute)
}
