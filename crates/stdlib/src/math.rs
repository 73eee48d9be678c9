//! `math`: functions on floats and ints.
//!
//! Counterpart: `Modules/mathmodule.c`; the arithmetic is `bredli_num`'s.

use bredli_num::math as num;
use bredli_num::math::MathError;
use bredli_num::{IntError, Integer};
use bredli_runtime::prelude::*;

/// The exception for a function without a result.
#[cold]
pub(crate) fn math_error(py: &mut Py, error: MathError) -> Raised {
    match error {
        MathError::Expected(..) | MathError::Value(_) => error!(py, ValueError, "{error}"),
        MathError::Overflow(_) => error!(py, OverflowError, "{error}"),
        MathError::DivisionByZero => error!(py, ZeroDivisionError, "{error}"),
    }
}

fn checked(py: &mut Py, result: std::result::Result<f64, MathError>) -> Result<f64> {
    result.map_err(|error| math_error(py, error))
}

/// A logarithm of a float, or of an int of any size.
fn logarithm(
    py: &mut Py,
    x: Value,
    of_float: fn(f64) -> std::result::Result<f64, MathError>,
    of_int: fn(bredli_num::Int<'_>) -> std::result::Result<f64, MathError>,
) -> Result<f64> {
    let result = match py.with_int(x, of_int) {
        Some(result) => result,
        None => of_float(py.to_f64(x)?),
    };
    checked(py, result)
}

/// Calls `__floor__` or `__ceil__`, or rounds the float the value can be made.
fn rounded(py: &mut Py, x: Value, name: &str, round: fn(f64) -> f64) -> Result {
    if let Some(float) = x.as_float() {
        return py.int_from_f64(round(float));
    }
    let name = py.intern(name);
    if let Some(result) = py.call_special(x, name, &[])? {
        return Ok(result);
    }
    let float = py.to_f64(x)?;
    py.int_from_f64(round(float))
}

/// The greatest common divisor of the magnitudes of two small ints.
fn small_gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// An operation on two ints.
fn on_ints(
    py: &mut Py,
    a: Value,
    b: Value,
    operation: fn(bredli_num::Int<'_>, bredli_num::Int<'_>, bredli_num::Interrupt<'_>) -> std::result::Result<Integer, IntError>,
) -> Result {
    let result =
        py.long_operation(|py, interrupt| py.with_ints(a, b, |a, b| operation(a, b, interrupt)).unwrap_or(Ok(Integer::default())))?;
    Ok(py.new_integer(&result))
}

/// The floats of an iterable.
fn floats(py: &mut Py, iterable: Value) -> Result<Vec<f64>> {
    let iterator = py.iter(iterable)?;
    let mut numbers = Vec::new();
    while let Some(item) = py.next(iterator)? {
        numbers.push(py.to_f64(item)?);
    }
    Ok(numbers)
}

/// `comb` or `perm`.
fn choose(py: &mut Py, n: Value, k: Value, combinations: bool) -> Result {
    let (n, k) = (py.index(n)?, py.index(k)?);
    for (name, value) in [("n", n), ("k", k)] {
        if py.int_is_negative(value) {
            raise!(py, ValueError, "{name} must be a non-negative integer");
        }
    }
    if py.with_ints(n, k, |n, k| k > n) == Some(true) {
        return Ok(Value::small(0));
    }
    let name = if combinations { "min(n - k, k)" } else { "k" };
    let count = if combinations {
        let others = py.binary(BinaryOp::Subtract, n, k)?;
        if py.with_ints(others, k, |others, k| others < k) == Some(true) { others } else { k }
    } else {
        k
    };
    let Some(count) = py.int_to_i64(count) else { raise!(py, OverflowError, "{name} must not exceed {}", i64::MAX) };
    let result = py.long_operation(|py, interrupt| {
        let result = py.with_int(n, |n| match combinations {
            true => Integer::comb(n, count as u64, interrupt),
            false => Integer::perm(n, count as u64, interrupt),
        });
        result.unwrap_or(Ok(Integer::default()))
    })?;
    Ok(py.new_integer(&result))
}

/// `sumprod`: exactly rounded when all values are floats or ints with one of them a float.
fn sum_of_products(py: &mut Py, p: Value, q: Value) -> Result {
    let (p, q) = (py.collect_iterable(p)?, py.collect_iterable(q)?);
    if p.len() != q.len() {
        raise!(py, ValueError, "Inputs are not the same length");
    }
    let pairs = || (0..p.len()).map(|index| (p[index], q[index]));
    if !p.is_empty() && pairs().all(|(a, b)| a.is_float() && (b.is_float() || b.is_int()) || a.is_int() && b.is_float()) {
        let number = |value: Value| value.as_float().unwrap_or_else(|| value.as_int().unwrap_or(0) as f64);
        let (left, right): (Vec<f64>, Vec<f64>) = pairs().map(|(a, b)| (number(a), number(b))).unzip();
        return checked(py, num::sumprod(&left, &right)).map(Value::float);
    }
    let mut sum = Value::small(0);
    for index in 0..p.len() {
        let product = py.binary(BinaryOp::Multiply, p[index], q[index])?;
        sum = py.binary(BinaryOp::Add, sum, product)?;
    }
    Ok(sum)
}

/// This module provides access to the mathematical functions
/// defined by the C standard.
#[pymodule(name = "math")]
pub mod math {
    use super::*;

    pub const pi: f64 = std::f64::consts::PI;
    pub const e: f64 = std::f64::consts::E;
    pub const tau: f64 = std::f64::consts::TAU;
    pub const inf: f64 = f64::INFINITY;
    pub const nan: f64 = f64::NAN;

    /// Return the arc cosine (measured in radians) of x.
    ///
    /// The result is between 0 and pi.
    #[pyfunction]
    #[signature(x, /)]
    fn acos(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::acos(x))
    }

    /// Return the inverse hyperbolic cosine of x.
    #[pyfunction]
    #[signature(x, /)]
    fn acosh(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::acosh(x))
    }

    /// Return the arc sine (measured in radians) of x.
    ///
    /// The result is between -pi/2 and pi/2.
    #[pyfunction]
    #[signature(x, /)]
    fn asin(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::asin(x))
    }

    /// Return the inverse hyperbolic sine of x.
    #[pyfunction]
    #[signature(x, /)]
    fn asinh(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::asinh(x))
    }

    /// Return the arc tangent (measured in radians) of x.
    ///
    /// The result is between -pi/2 and pi/2.
    #[pyfunction]
    #[signature(x, /)]
    fn atan(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::atan(x))
    }

    /// Return the inverse hyperbolic tangent of x.
    #[pyfunction]
    #[signature(x, /)]
    fn atanh(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::atanh(x))
    }

    /// Return the cube root of x.
    #[pyfunction]
    #[signature(x, /)]
    fn cbrt(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::cbrt(x))
    }

    /// Return the cosine of x (measured in radians).
    #[pyfunction]
    #[signature(x, /)]
    fn cos(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::cos(x))
    }

    /// Return the hyperbolic cosine of x.
    #[pyfunction]
    #[signature(x, /)]
    fn cosh(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::cosh(x))
    }

    /// Error function at x.
    #[pyfunction]
    #[signature(x, /)]
    fn erf(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::erf(x))
    }

    /// Complementary error function at x.
    #[pyfunction]
    #[signature(x, /)]
    fn erfc(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::erfc(x))
    }

    /// Return e raised to the power of x.
    #[pyfunction]
    #[signature(x, /)]
    fn exp(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::exp(x))
    }

    /// Return 2 raised to the power of x.
    #[pyfunction]
    #[signature(x, /)]
    fn exp2(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::exp2(x))
    }

    /// Return exp(x)-1 without losing precision for small x.
    #[pyfunction]
    #[signature(x, /)]
    fn expm1(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::expm1(x))
    }

    /// Gamma function at x.
    #[pyfunction]
    #[signature(x, /)]
    fn gamma(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::gamma(x))
    }

    /// Natural logarithm of absolute value of Gamma function at x.
    #[pyfunction]
    #[signature(x, /)]
    fn lgamma(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::lgamma(x))
    }

    /// Return the sine of x (measured in radians).
    #[pyfunction]
    #[signature(x, /)]
    fn sin(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::sin(x))
    }

    /// Return the hyperbolic sine of x.
    #[pyfunction]
    #[signature(x, /)]
    fn sinh(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::sinh(x))
    }

    /// Return the square root of x.
    #[pyfunction]
    #[signature(x, /)]
    fn sqrt(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::sqrt(x))
    }

    /// Return the tangent of x (measured in radians).
    #[pyfunction]
    #[signature(x, /)]
    fn tan(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::tan(x))
    }

    /// Return the hyperbolic tangent of x.
    #[pyfunction]
    #[signature(x, /)]
    fn tanh(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::tanh(x))
    }

    /// Return the natural logarithm of 1+x (base e).
    #[pyfunction]
    #[signature(x, /)]
    fn log1p(py: &mut Py, x: f64) -> Result<f64> {
        checked(py, num::log1p(x))
    }

    /// Convert angle x from radians to degrees.
    #[pyfunction]
    #[signature(x, /)]
    fn degrees(x: f64) -> f64 {
        num::degrees(x)
    }

    /// Convert angle x from degrees to radians.
    #[pyfunction]
    #[signature(x, /)]
    fn radians(x: f64) -> f64 {
        num::radians(x)
    }

    /// Return the absolute value of the float x.
    #[pyfunction]
    #[signature(x, /)]
    fn fabs(x: f64) -> f64 {
        x.abs()
    }

    /// Return the value of the least significant bit of the float x.
    #[pyfunction]
    #[signature(x, /)]
    fn ulp(x: f64) -> f64 {
        num::ulp(x)
    }

    /// Return True if x is neither an infinity nor a NaN, and False otherwise.
    #[pyfunction]
    #[signature(x, /)]
    fn isfinite(x: f64) -> bool {
        x.is_finite()
    }

    /// Return True if x is a positive or negative infinity, and False otherwise.
    #[pyfunction]
    #[signature(x, /)]
    fn isinf(x: f64) -> bool {
        x.is_infinite()
    }

    /// Return True if x is a NaN (not a number), and False otherwise.
    #[pyfunction]
    #[signature(x, /)]
    fn isnan(x: f64) -> bool {
        x.is_nan()
    }

    /// Return x**y (x to the power of y).
    #[pyfunction]
    #[signature(x, y, /)]
    fn pow(py: &mut Py, x: f64, y: f64) -> Result<f64> {
        checked(py, num::pow(x, y))
    }

    /// Return fmod(x, y), according to platform C.
    ///
    /// x % y may differ.
    #[pyfunction]
    #[signature(x, y, /)]
    fn fmod(py: &mut Py, x: f64, y: f64) -> Result<f64> {
        checked(py, num::fmod(x, y))
    }

    /// Difference between x and the closest integer multiple of y.
    #[pyfunction]
    #[signature(x, y, /)]
    fn remainder(py: &mut Py, x: f64, y: f64) -> Result<f64> {
        checked(py, num::remainder(x, y))
    }

    /// Return the arc tangent (measured in radians) of y/x.
    ///
    /// Unlike atan(y/x), the signs of both x and y are considered.
    #[pyfunction]
    #[signature(y, x, /)]
    fn atan2(y: f64, x: f64) -> f64 {
        num::atan2(y, x)
    }

    /// Return a float with the magnitude (absolute value) of x but the sign of y.
    #[pyfunction]
    #[signature(x, y, /)]
    fn copysign(x: f64, y: f64) -> f64 {
        x.copysign(y)
    }

    /// Fused multiply-add operation.
    ///
    /// Compute (x * y) + z with a single round.
    #[pyfunction]
    #[signature(x, y, z, /)]
    fn fma(py: &mut Py, x: f64, y: f64, z: f64) -> Result<f64> {
        checked(py, num::fma(x, y, z))
    }

    /// Return the mantissa and exponent of x, as pair (m, e).
    #[pyfunction]
    #[signature(x, /)]
    fn frexp(x: f64) -> (f64, i32) {
        num::frexp(x)
    }

    /// Return the fractional and integer parts of x.
    ///
    /// Both results carry the sign of x and are floats.
    #[pyfunction]
    #[signature(x, /)]
    fn modf(x: f64) -> (f64, f64) {
        num::modf(x)
    }

    /// Return x * (2**i).
    ///
    /// This is essentially the inverse of frexp().
    #[pyfunction]
    #[signature(x, i, /)]
    fn ldexp(py: &mut Py, x: f64, i: Value) -> Result<f64> {
        if !py.is_int(i) {
            raise!(py, TypeError, "Expected an int as second argument to ldexp.");
        }
        let exponent = py.to_isize_clipped(i)? as i64;
        checked(py, num::ldexp(x, exponent))
    }

    /// Return the ceiling of x as an Integral.
    ///
    /// This is the smallest integer >= x.
    #[pyfunction]
    #[signature(x, /)]
    fn ceil(py: &mut Py, x: Value) -> Result {
        rounded(py, x, "__ceil__", f64::ceil)
    }

    /// Return the floor of x as an Integral.
    ///
    /// This is the largest integer <= x.
    #[pyfunction]
    #[signature(x, /)]
    fn floor(py: &mut Py, x: Value) -> Result {
        rounded(py, x, "__floor__", f64::floor)
    }

    /// Truncates the Real x to the nearest Integral toward 0.
    ///
    /// Uses the __trunc__ magic method.
    #[pyfunction]
    #[signature(x, /)]
    fn trunc(py: &mut Py, x: Value) -> Result {
        if let Some(float) = x.as_float() {
            return py.int_from_f64(float);
        }
        let name = py.names.__trunc__;
        match py.call_special(x, name, &[])? {
            Some(result) => Ok(result),
            None => {
                let class = py.class_name(x);
                raise!(py, TypeError, "type {class} doesn't define __trunc__ method")
            }
        }
    }

    /// Return the base 2 logarithm of x.
    #[pyfunction]
    #[signature(x, /)]
    fn log2(py: &mut Py, x: Value) -> Result<f64> {
        logarithm(py, x, num::log2, num::log2_int)
    }

    /// Return the base 10 logarithm of x.
    #[pyfunction]
    #[signature(x, /)]
    fn log10(py: &mut Py, x: Value) -> Result<f64> {
        logarithm(py, x, num::log10, num::log10_int)
    }

    /// log(x, [base=math.e])
    /// Return the logarithm of x to the given base.
    ///
    /// If the base is not specified, returns the natural logarithm (base e) of x.
    #[pyfunction]
    fn log(py: &mut Py, x: Value, base: Option<Value>) -> Result<f64> {
        let natural = logarithm(py, x, num::log, num::log_int)?;
        let Some(base) = base else { return Ok(natural) };
        let base = logarithm(py, base, num::log, num::log_int)?;
        checked(py, num::log_base(natural, base))
    }

    /// Greatest Common Divisor.
    #[pyfunction]
    #[signature(*integers)]
    fn gcd(py: &mut Py, integers: &[Value]) -> Result {
        let mut result = Value::small(0);
        for integer in integers {
            let integer = py.index(*integer)?;
            result = match (result.as_int(), integer.as_int()) {
                (Some(a), Some(b)) => py.new_int(small_gcd(a.unsigned_abs(), b.unsigned_abs()) as i64),
                _ => on_ints(py, result, integer, |a, b, interrupt| a.gcd(b, interrupt))?,
            };
        }
        Ok(result)
    }

    /// Least Common Multiple.
    #[pyfunction]
    #[signature(*integers)]
    fn lcm(py: &mut Py, integers: &[Value]) -> Result {
        let mut result = Value::small(1);
        for integer in integers {
            let integer = py.index(*integer)?;
            result = on_ints(py, result, integer, |a, b, interrupt| a.lcm(b, interrupt))?;
        }
        Ok(result)
    }

    /// Return the integer part of the square root of the input.
    #[pyfunction]
    #[signature(n, /)]
    fn isqrt(py: &mut Py, n: Value) -> Result {
        let n = py.index(n)?;
        on_ints(py, n, n, |n, _, interrupt| n.isqrt(interrupt))
    }

    /// Find n!.
    #[pyfunction]
    #[signature(n, /)]
    fn factorial(py: &mut Py, n: Value) -> Result {
        let n = py.index(n)?;
        if py.int_is_negative(n) {
            raise!(py, ValueError, "factorial() not defined for negative values");
        }
        let Some(n) = py.int_to_i64(n) else {
            raise!(py, OverflowError, "factorial() argument should not exceed {}", i64::MAX);
        };
        let result = py.long_operation(|_, interrupt| Integer::factorial(n as u64, interrupt))?;
        Ok(py.new_integer(&result))
    }

    /// Number of ways to choose k items from n items without repetition and without order.
    #[pyfunction]
    #[signature(n, k, /)]
    fn comb(py: &mut Py, n: Value, k: Value) -> Result {
        super::choose(py, n, k, true)
    }

    /// Number of ways to choose k items from n items without repetition and with order.
    #[pyfunction]
    #[signature(n, k=None, /)]
    fn perm(py: &mut Py, n: Value, k: Option<Value>) -> Result {
        match k {
            Some(k) => super::choose(py, n, k, false),
            None => factorial(py, n),
        }
    }

    /// Return an accurate floating-point sum of values in the iterable seq.
    #[pyfunction]
    #[signature(seq, /)]
    fn fsum(py: &mut Py, seq: Value) -> Result<f64> {
        let numbers = floats(py, seq)?;
        checked(py, num::fsum(numbers))
    }

    /// Multidimensional Euclidean distance from the origin to a point.
    #[pyfunction]
    #[signature(*coordinates)]
    fn hypot(py: &mut Py, coordinates: &[Value]) -> Result<f64> {
        let mut numbers = Vec::with_capacity(coordinates.len());
        for coordinate in coordinates {
            numbers.push(py.to_f64(*coordinate)?);
        }
        Ok(num::hypot(&numbers))
    }

    /// Return the Euclidean distance between two points p and q.
    #[pyfunction]
    #[signature(p, q, /)]
    fn dist(py: &mut Py, p: Value, q: Value) -> Result<f64> {
        let (p, q) = (floats(py, p)?, floats(py, q)?);
        checked(py, num::dist(&p, &q))
    }

    /// Determine whether two floating-point numbers are close in value.
    #[pyfunction]
    #[signature(a, b, *, rel_tol=1e-09, abs_tol=0.0)]
    fn isclose(py: &mut Py, a: f64, b: f64, rel_tol: f64, abs_tol: f64) -> Result<bool> {
        num::isclose(a, b, rel_tol, abs_tol).map_err(|error| math_error(py, error))
    }

    /// Return the floating-point value the given number of steps after x towards y.
    #[pyfunction]
    #[signature(x, y, /, *, steps=None)]
    fn nextafter(py: &mut Py, x: f64, y: f64, steps: Option<Value>) -> Result<f64> {
        let Some(steps) = steps else { return Ok(num::nextafter(x, y, None)) };
        let steps = py.index(steps)?;
        if py.int_is_negative(steps) {
            raise!(py, ValueError, "steps must be a non-negative integer");
        }
        let steps = py.int_to_u64(steps).unwrap_or(u64::MAX);
        Ok(num::nextafter(x, y, Some(steps)))
    }

    /// Calculate the product of all the elements in the input iterable.
    ///
    /// The default start value for the product is 1.
    #[pyfunction]
    #[signature(iterable, /, *, start=1)]
    fn prod(py: &mut Py, iterable: Value, start: Value) -> Result {
        let iterator = py.iter(iterable)?;
        let mut product = start;
        while let Some(item) = py.next(iterator)? {
            product = py.binary(BinaryOp::Multiply, product, item)?;
        }
        Ok(product)
    }

    /// Return the sum of products of values from two iterables p and q.
    #[pyfunction]
    #[signature(p, q, /)]
    fn sumprod(py: &mut Py, p: Value, q: Value) -> Result {
        super::sum_of_products(py, p, q)
    }
}
