//! The functions of the `cmath` module. Mirrors `Modules/cmathmodule.c`.

use super::MathError;
use crate::Complex;
use num_complex::Complex64;

fn to_pair(z: Complex) -> Complex64 {
    Complex64::new(z.real, z.imag)
}

fn from_pair(z: Complex64) -> Complex {
    Complex::new(z.re, z.im)
}

macro_rules! functions {
    ($($name:ident)*) => {
        $(
            #[doc = concat!("`cmath.", stringify!($name), "(z)`.")]
            pub fn $name(z: Complex) -> Result<Complex, MathError> {
                Ok(from_pair(pymath::cmath::$name(to_pair(z))?))
            }
        )*
    };
}

functions! { acos acosh asin asinh atan atanh cos cosh exp log10 sin sinh sqrt tan tanh }

/// `cmath.log(z)` or `cmath.log(z, base)`.
pub fn log(z: Complex, base: Option<Complex>) -> Result<Complex, MathError> {
    Ok(from_pair(pymath::cmath::log(to_pair(z), base.map(to_pair))?))
}

/// `cmath.phase(z)`.
pub fn phase(z: Complex) -> Result<f64, MathError> {
    Ok(pymath::cmath::phase(to_pair(z))?)
}

/// `cmath.polar(z)`: modulus and phase.
pub fn polar(z: Complex) -> Result<(f64, f64), MathError> {
    Ok(pymath::cmath::polar(to_pair(z))?)
}

/// `cmath.rect(r, phi)`.
pub fn rect(r: f64, phi: f64) -> Result<Complex, MathError> {
    Ok(from_pair(pymath::cmath::rect(r, phi)?))
}

/// `cmath.isclose(a, b, rel_tol=relative, abs_tol=absolute)`.
pub fn isclose(a: Complex, b: Complex, relative: f64, absolute: f64) -> Result<bool, MathError> {
    if relative < 0.0 || absolute < 0.0 {
        return Err(MathError::Value("tolerances must be non-negative"));
    }
    if a == b {
        return Ok(true);
    }
    let infinite = |z: Complex| z.real.is_infinite() || z.imag.is_infinite();
    if infinite(a) || infinite(b) {
        return Ok(false);
    }
    let modulus = |z: Complex| z.real.hypot(z.imag);
    let difference = modulus(a - b);
    Ok(difference <= relative * modulus(b) || difference <= relative * modulus(a) || difference <= absolute)
}
