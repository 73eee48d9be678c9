//! Logarithms, of doubles and of ints of any size.

use super::MathError;
use crate::Int;

/// Declares a logarithm for doubles and its counterpart for ints, and names `f64`'s method for it.
macro_rules! logarithms {
    ($($name:ident, $of_int:ident, $method:ident;)*) => {
        $(
            #[doc = concat!("`math.", stringify!($name), "(x)` of a float.")]
            #[inline]
            pub fn $name(x: f64) -> Result<f64, MathError> {
                if x > 0.0 || x.is_nan() { Ok(x.$method()) } else { Err(MathError::Expected("a positive input", x)) }
            }

            #[doc = concat!("`math.", stringify!($name), "(x)` of an int.")]
            pub fn $of_int(x: Int<'_>) -> Result<f64, MathError> {
                of_int(x, f64::$method)
            }
        )*
    };
}

logarithms! {
    log, log_int, ln;
    log2, log2_int, log2;
    log10, log10_int, log10;
}

/// `math.log(x, base)` from both logarithms.
pub fn log_base(logarithm: f64, base_logarithm: f64) -> Result<f64, MathError> {
    if base_logarithm == 0.0 { Err(MathError::DivisionByZero) } else { Ok(logarithm / base_logarithm) }
}

/// `math.log1p(x)`.
pub fn log1p(x: f64) -> Result<f64, MathError> {
    if x > -1.0 || x.is_nan() { Ok(x.ln_1p()) } else { Err(MathError::Expected("argument value > -1", x)) }
}

/// The logarithm of an int: of its leading bits when it is beyond the range of doubles.
fn of_int(x: Int<'_>, logarithm: fn(f64) -> f64) -> Result<f64, MathError> {
    if x.is_negative() || x.is_zero() {
        return Err(MathError::Value("expected a positive input"));
    }
    Ok(match x.to_f64() {
        Ok(value) => logarithm(value),
        Err(_) => {
            let (mantissa, exponent) = x.to_f64_exp();
            logarithm(mantissa) + logarithm(2.0) * exponent as f64
        }
    })
}
