//! Accurate sums and norms of many numbers.

use super::MathError;

/// `math.fsum(values)`.
pub fn fsum(values: impl IntoIterator<Item = f64>) -> Result<f64, MathError> {
    pymath::math::fsum(values).map_err(|error| match error {
        pymath::Error::EDOM => MathError::Value("-inf + inf in fsum"),
        pymath::Error::ERANGE => MathError::Overflow("intermediate overflow in fsum"),
    })
}

/// `math.sumprod(p, q)` of floats.
pub fn sumprod(p: &[f64], q: &[f64]) -> Result<f64, MathError> {
    pymath::math::sumprod(p, q).map_err(|_| MathError::Value("Inputs are not the same length"))
}

/// `math.hypot(*coordinates)`.
pub fn hypot(coordinates: &[f64]) -> f64 {
    pymath::math::hypot(coordinates)
}

/// `math.dist(p, q)`.
pub fn dist(p: &[f64], q: &[f64]) -> Result<f64, MathError> {
    if p.len() != q.len() {
        return Err(MathError::Value("both points must have the same number of dimensions"));
    }
    Ok(pymath::math::dist(p, q))
}
