//! Rounding and exact conversions of doubles.

use crate::Integer;

/// `round(value, digits)`: the double nearest to the exact decimal rounding, halves to even. `None` is OverflowError
/// `rounded value too large to represent`.
pub fn float_round(value: f64, digits: i64) -> Option<f64> {
    if !value.is_finite() || value == 0.0 || digits > 323 {
        return Some(value);
    }
    if digits < -309 {
        return Some(0.0f64.copysign(value));
    }
    let magnitude = value.abs();
    if let Some(rounded) = round_by_scaling(magnitude, digits) {
        return Some(rounded.copysign(value));
    }
    let rounded = match usize::try_from(digits) {
        Ok(digits) => format!("{magnitude:.digits$}").parse().expect("a decimal number"),
        Err(_) => round_before_point(magnitude, digits.unsigned_abs() as usize),
    };
    rounded.is_finite().then(|| f64::copysign(rounded, value))
}

/// The usual case, few digits: when the scaled number is clearly not half-way its rounding is certain, and the quotient of two
/// exact doubles is correctly rounded.
fn round_by_scaling(magnitude: f64, digits: i64) -> Option<f64> {
    const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let power = POWERS.get(usize::try_from(digits).ok()?)?;
    let scaled = magnitude * power;
    let floor = scaled.floor();
    let fraction = scaled - floor;
    let certain = scaled < (1u64 << 50) as f64 && (fraction - 0.5).abs() > scaled * f64::EPSILON;
    certain.then(|| if fraction > 0.5 { floor + 1.0 } else { floor } / power)
}

/// Rounds to a multiple of `10^zeros`.
fn round_before_point(magnitude: f64, zeros: usize) -> f64 {
    let whole = magnitude.trunc();
    let padded = format!("{whole:0>width$.0}", width = zeros + 1);
    let (kept, tail) = padded.split_at(padded.len() - zeros);
    let mut kept = crate::BigInt::parse(kept, 10).expect("digits");
    let odd = kept.magnitude().first().is_some_and(|limb| limb & 1 != 0);
    let half = format!("5{:0>width$}", "", width = zeros - 1);
    let up = match tail.cmp(&half) {
        std::cmp::Ordering::Equal => magnitude != whole || odd,
        order => order.is_gt(),
    };
    if up {
        kept = (crate::Int::from(&kept) + crate::Int::ONE).into();
    }
    format!("{kept}e{zeros}").parse().expect("a decimal number")
}

/// `value.is_integer()`.
pub fn float_is_integer(value: f64) -> bool {
    value.is_finite() && value.trunc() == value
}

/// `value.as_integer_ratio()`; `None` for infinities and NaN.
pub fn float_as_integer_ratio(value: f64) -> Option<(Integer, Integer)> {
    if let Some(integer) = Integer::from_f64(value).filter(|_| value.trunc() == value) {
        return Some((integer, Integer::from(1u64)));
    }
    if !value.is_finite() {
        return None;
    }
    let bits = value.to_bits();
    let (field, fraction) = ((bits >> 52 & 0x7ff) as i64, bits & ((1 << 52) - 1));
    let (mantissa, exponent) = if field == 0 { (fraction, -1074) } else { (fraction | 1 << 52, field - 1075) };
    // Not an integer: the exponent stays negative after taking out the factors of two.
    let zeros = mantissa.trailing_zeros();
    let numerator = Integer::from(mantissa >> zeros);
    let denominator = crate::Int::ONE.shl_bits((-exponent) as u64 - u64::from(zeros)).expect("at most 1075 bits");
    Some((if value < 0.0 { numerator.negated() } else { numerator }, denominator))
}
