//! `cmath`: functions of complex numbers.
//!
//! Counterpart: `Modules/cmathmodule.c`; the arithmetic is `bredli_num`'s.

use crate::math::math_error;
use bredli_num::Complex;
use bredli_num::math::{MathError, cmath as num};
use bredli_runtime::prelude::*;

type Outcome<T> = std::result::Result<T, MathError>;

fn apply(py: &mut Py, z: Value, function: fn(Complex) -> Outcome<Complex>) -> Result {
    let z = py.to_complex(z)?;
    answer(py, function(z))
}

fn answer(py: &mut Py, outcome: Outcome<Complex>) -> Result {
    match outcome {
        Ok(z) => Ok(py.new_complex(z.real, z.imag)),
        Err(error) => Err(math_error(py, error)),
    }
}

/// This module provides access to mathematical functions for complex
/// numbers.
#[pymodule(name = "cmath")]
pub mod cmath {
    use super::*;

    pub const pi: f64 = std::f64::consts::PI;
    pub const e: f64 = std::f64::consts::E;
    pub const tau: f64 = std::f64::consts::TAU;
    pub const inf: f64 = f64::INFINITY;
    pub const nan: f64 = f64::NAN;

    #[constant]
    fn infj(py: &mut Py) -> Value {
        py.new_complex(0.0, f64::INFINITY)
    }

    #[constant]
    fn nanj(py: &mut Py) -> Value {
        py.new_complex(0.0, f64::NAN)
    }

    /// Return the arc cosine of z.
    #[pyfunction]
    #[signature(z, /)]
    fn acos(py: &mut Py, z: Value) -> Result {
        apply(py, z, num::acos)
    }

    /// Return the inverse hyperbolic cosine of z.
    #[pyfunction]
    #[signature(z, /)]
    fn acosh(py: &mut Py, z: Value) -> Result {
        apply(py, z, num::acosh)
    }

    /// Return the arc sine of z.
    #[pyfunction]
    #[signature(z, /)]
    fn asin(py: &mut Py, z: Value) -> Result {
        apply(py, z, num::asin)
    }

    /// Return the inverse hyperbolic sine of z.
    #[pyfunction]
    #[signature(z, /)]
    fn asinh(py: &mut Py, z: Value) -> Result {
        apply(py, z, num::asinh)
    }

    /// Return the arc tangent of z.
    #[pyfunction]
    #[signature(z, /)]
    fn atan(py: &mut Py, z: Value) -> Result {
        apply(py, z, num::atan)
    }

    /// Return the inverse hyperbolic tangent of z.
    #[pyfunction]
    #[signature(z, /)]
    fn atanh(py: &mut Py, z: Value) -> Result {
        apply(py, z, num::atanh)
    }

    /// Return the cosine of z.
    #[pyfunction]
    #[signature(z, /)]
    fn cos(py: &mut Py, z: Value) -> Result {
        apply(py, z, num::cos)
    }

    /// Return the hyperbolic cosine of z.
    #[pyfunction]
    #[signature(z, /)]
    fn cosh(py: &mut Py, z: Value) -> Result {
        apply(py, z, num::cosh)
    }

    /// Return the exponential value e**z.
    #[pyfunction]
    #[signature(z, /)]
    fn exp(py: &mut Py, z: Value) -> Result {
        apply(py, z, num::exp)
    }

    /// Return the base-10 logarithm of z.
    #[pyfunction]
    #[signature(z, /)]
    fn log10(py: &mut Py, z: Value) -> Result {
        apply(py, z, num::log10)
    }

    /// Return the sine of z.
    #[pyfunction]
    #[signature(z, /)]
    fn sin(py: &mut Py, z: Value) -> Result {
        apply(py, z, num::sin)
    }

    /// Return the hyperbolic sine of z.
    #[pyfunction]
    #[signature(z, /)]
    fn sinh(py: &mut Py, z: Value) -> Result {
        apply(py, z, num::sinh)
    }

    /// Return the square root of z.
    #[pyfunction]
    #[signature(z, /)]
    fn sqrt(py: &mut Py, z: Value) -> Result {
        apply(py, z, num::sqrt)
    }

    /// Return the tangent of z.
    #[pyfunction]
    #[signature(z, /)]
    fn tan(py: &mut Py, z: Value) -> Result {
        apply(py, z, num::tan)
    }

    /// Return the hyperbolic tangent of z.
    #[pyfunction]
    #[signature(z, /)]
    fn tanh(py: &mut Py, z: Value) -> Result {
        apply(py, z, num::tanh)
    }

    /// log(z[, base]) -> the logarithm of z to the given base.
    ///
    /// If the base is not specified, returns the natural logarithm (base e) of z.
    #[pyfunction]
    #[signature(z, base=<unrepresentable>, /)]
    fn log(py: &mut Py, z: Value, base: Option<Value>) -> Result {
        let z = py.to_complex(z)?;
        let base = match base {
            Some(base) => Some(py.to_complex(base)?),
            None => None,
        };
        answer(py, num::log(z, base))
    }

    /// Return argument, also known as the phase angle, of a complex.
    #[pyfunction]
    #[signature(z, /)]
    fn phase(py: &mut Py, z: Value) -> Result<f64> {
        let z = py.to_complex(z)?;
        num::phase(z).map_err(|error| math_error(py, error))
    }

    /// Convert a complex from rectangular coordinates to polar coordinates.
    ///
    /// r is the distance from 0 and phi the phase angle.
    #[pyfunction]
    #[signature(z, /)]
    fn polar(py: &mut Py, z: Value) -> Result<(f64, f64)> {
        let z = py.to_complex(z)?;
        num::polar(z).map_err(|error| math_error(py, error))
    }

    /// Convert from polar coordinates to rectangular coordinates.
    #[pyfunction]
    #[signature(r, phi, /)]
    fn rect(py: &mut Py, r: f64, phi: f64) -> Result {
        answer(py, num::rect(r, phi))
    }

    /// Return True if both the real and imaginary parts of z are finite, else False.
    #[pyfunction]
    #[signature(z, /)]
    fn isfinite(py: &mut Py, z: Value) -> Result<bool> {
        let z = py.to_complex(z)?;
        Ok(z.real.is_finite() && z.imag.is_finite())
    }

    /// Checks if the real or imaginary part of z is infinite.
    #[pyfunction]
    #[signature(z, /)]
    fn isinf(py: &mut Py, z: Value) -> Result<bool> {
        let z = py.to_complex(z)?;
        Ok(z.real.is_infinite() || z.imag.is_infinite())
    }

    /// Checks if the real or imaginary part of z not a number (NaN).
    #[pyfunction]
    #[signature(z, /)]
    fn isnan(py: &mut Py, z: Value) -> Result<bool> {
        let z = py.to_complex(z)?;
        Ok(z.real.is_nan() || z.imag.is_nan())
    }

    /// Determine whether two complex numbers are close in value.
    ///
    ///   rel_tol
    ///     maximum difference for being considered "close", relative to the
    ///     magnitude of the input values
    ///   abs_tol
    ///     maximum difference for being considered "close", regardless of the
    ///     magnitude of the input values
    ///
    /// Return True if a is close in value to b, and False otherwise.
    #[pyfunction]
    #[signature(a, b, *, rel_tol=1e-09, abs_tol=0.0)]
    fn isclose(py: &mut Py, a: Value, b: Value, rel_tol: f64, abs_tol: f64) -> Result<bool> {
        let (a, b) = (py.to_complex(a)?, py.to_complex(b)?);
        num::isclose(a, b, rel_tol, abs_tol).map_err(|error| math_error(py, error))
    }
}
