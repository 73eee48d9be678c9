//! Conversions between ints and doubles.

use super::{Int, IntError, Integer};
use std::cmp::Ordering;

impl Int<'_> {
    /// The nearest double, halves to even; an error when it is out of range.
    pub fn to_f64(self) -> Result<f64, IntError> {
        let (bits, exponent) = self.leading_bits();
        let value = scaled(bits, exponent).ok_or(IntError::TooLargeForFloat)?;
        Ok(if self.negative { -value } else { value })
    }

    /// `(m, e)` with `self ≈ m * 2^e` and `0.5 <= |m| < 1`, for logarithms of ints beyond the range of doubles.
    pub fn to_f64_exp(self) -> (f64, i64) {
        let (bits, exponent) = self.leading_bits();
        let length = 128 - i64::from(bits.leading_zeros());
        let mut value = bits as f64 / (length as f64).exp2();
        let mut exponent = exponent + length;
        if value == 1.0 {
            value = 0.5;
            exponent += 1;
        }
        (if self.negative { -value } else { value }, exponent)
    }

    /// The top 128 bits at most, with the lowest one set when lower bits were lost, and their exponent.
    fn leading_bits(self) -> (u128, i64) {
        if let Some(magnitude) = self.narrow_magnitude() {
            return (magnitude, 0);
        }
        let (lower, top) = self.limbs.split_at(self.limbs.len() - 2);
        let bits = u128::from(top[1]) << 64 | u128::from(top[0]);
        let shift = bits.leading_zeros();
        let (below, rest) = lower.split_last().expect("more than two limbs");
        let mut filled = bits << shift;
        if shift != 0 {
            filled |= u128::from(*below >> (64 - shift));
        }
        let lost = below.checked_shl(shift).unwrap_or(0) != 0 || rest.iter().any(|&limb| limb != 0);
        (filled | u128::from(lost), lower.len() as i64 * 64 - i64::from(shift))
    }
}

/// The double nearest to `bits * 2^exponent`, halves to even. `None` when it is out of range. The lowest bit may stand for
/// any lower ones that were lost, as long as `bits` has 55 bits or more, or nothing was lost.
pub(crate) fn scaled(bits: u128, exponent: i64) -> Option<f64> {
    if bits == 0 {
        return Some(0.0);
    }
    let length = 128 - i64::from(bits.leading_zeros());
    // The exponent of the lowest bit kept: 53 bits, fewer when the result is subnormal.
    let unit = (exponent + length - 53).max(-1074);
    if unit > 971 {
        return None;
    }
    let dropped = unit - exponent;
    let mantissa = if dropped <= 0 {
        (bits as u64) << -dropped
    } else if dropped > 127 {
        0
    } else {
        let kept = (bits >> dropped) as u64;
        let rest = bits & ((1 << dropped) - 1);
        let half = 1 << (dropped - 1);
        kept + u64::from(rest > half || rest == half && kept & 1 != 0)
    };
    // A normal number has its top bit at 1 << 52, which adds one to the exponent field.
    let encoded = if mantissa >> 52 == 0 { mantissa } else { mantissa + (((unit + 1074) as u64) << 52) };
    let value = f64::from_bits(encoded);
    value.is_finite().then_some(value)
}

impl Integer {
    /// The integer part of a finite double, exactly; `None` for infinities and NaN.
    pub fn from_f64(value: f64) -> Option<Integer> {
        if !value.is_finite() {
            return None;
        }
        let bits = value.to_bits();
        let exponent = (bits >> 52 & 0x7ff) as i64 - 1075;
        let mantissa = bits & ((1 << 52) - 1) | 1 << 52;
        let negative = value < 0.0;
        if exponent >= 0 {
            let integer = Integer::from(mantissa).as_int().shl_bits(exponent as u64).expect("at most 1024 bits");
            return Some(if negative { integer.negated() } else { integer });
        }
        // A subnormal's missing implicit bit does not matter: it is shifted out.
        Some(Integer::from_magnitude(negative, u128::from(mantissa.checked_shr(-exponent as u32).unwrap_or(0))))
    }
}

/// Compares an int with a double exactly; `None` for NaN.
pub fn compare_int_float(int: Int<'_>, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    let sign = |negative: bool, zero: bool| {
        if zero {
            0
        } else if negative {
            -1
        } else {
            1
        }
    };
    let order = sign(int.negative, int.is_zero()).cmp(&sign(float < 0.0, float == 0.0));
    if order.is_ne() {
        return Some(order);
    }
    match Integer::from_f64(float) {
        None => Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater }),
        // Equal integer parts leave the fraction to decide.
        Some(whole) => Some(int.cmp(&whole.as_int()).then(float.trunc().partial_cmp(&float)?)),
    }
}
