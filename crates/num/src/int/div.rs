//! Division: floor quotient and modulo with Python's signs, and correctly rounded true division.

use super::float::scaled;
use super::huge::{self, from_big, poll, to_big};
use super::{Int, IntError, Integer, Interrupt, Limbs};

/// Up to this many limbs in the divisor or the quotient, the schoolbook method here is faster than going to the crate.
const SCHOOLBOOK: usize = 24;
/// Steps with longer divisors ask whether to stop.
const LONG_STEP: usize = 1 << 15;

impl Int<'_> {
    /// `divmod(self, divisor)`: the quotient is rounded to minus infinity, the remainder has the divisor's sign.
    #[inline]
    pub fn div_mod_floor(self, divisor: Int<'_>, interrupt: Interrupt<'_>) -> Result<(Integer, Integer), IntError> {
        if let ([a], [b]) = (self.limbs, divisor.limbs) {
            let (quotient, remainder) = (a / b, a % b);
            if self.negative == divisor.negative {
                return Ok((Integer::from(quotient), Integer::from_word(self.negative, remainder)));
            }
            if remainder == 0 {
                return Ok((Integer::from_word(true, quotient), Integer::default()));
            }
            let quotient = Integer::from_magnitude(true, u128::from(quotient) + 1);
            return Ok((quotient, Integer::from_word(divisor.negative, b - remainder)));
        }
        let (quotient, remainder) = self.div_rem(divisor, interrupt)?;
        if remainder.is_zero() || self.negative == divisor.negative {
            return Ok((quotient, remainder));
        }
        Ok((quotient.as_int() - Int::ONE, remainder.as_int() + divisor))
    }

    /// `self // divisor`.
    #[inline]
    pub fn div_floor(self, divisor: Int<'_>, interrupt: Interrupt<'_>) -> Result<Integer, IntError> {
        Ok(self.div_mod_floor(divisor, interrupt)?.0)
    }

    /// `self % divisor`.
    #[inline]
    pub fn mod_floor(self, divisor: Int<'_>, interrupt: Interrupt<'_>) -> Result<Integer, IntError> {
        Ok(self.div_mod_floor(divisor, interrupt)?.1)
    }

    /// Quotient rounded to zero, and the remainder, which has the sign of `self`.
    pub fn div_rem(self, divisor: Int<'_>, interrupt: Interrupt<'_>) -> Result<(Integer, Integer), IntError> {
        let negative = self.negative != divisor.negative;
        let (quotient, remainder) = match (self.limbs, divisor.limbs) {
            (_, []) => return Err(IntError::DivisionByZero),
            ([low, high], [b]) => {
                let (upper, rest) = (high / b, u128::from(high % b) << 64 | u128::from(*low));
                let lower = (rest / u128::from(*b)) as u64;
                let remainder = low.wrapping_sub(lower.wrapping_mul(*b));
                (Integer::from_magnitude(negative, u128::from(upper) << 64 | u128::from(lower)), Integer::from(remainder))
            }
            (a, [b]) => {
                let mut quotient = Limbs::from_slice(a);
                let remainder = div_word_in_place(&mut quotient, *b);
                (Integer::normal(negative, quotient), Integer::from(remainder))
            }
            (a, b) if a.len() < b.len() => return Ok((Integer::default(), self.to_integer())),
            ([a, a_high], [b, b_high]) => {
                let (a, b) = (u128::from(*a_high) << 64 | u128::from(*a), u128::from(*b_high) << 64 | u128::from(*b));
                let quotient = a / b;
                (Integer::from_magnitude(negative, quotient), Integer::from(a - quotient * b))
            }
            (a, b) if b.len().min(a.len() - b.len() + 1) <= SCHOOLBOOK => {
                let (quotient, remainder) = div_schoolbook(a, b, interrupt)?;
                (Integer::normal(negative, quotient), Integer::normal(false, remainder))
            }
            (a, b) => {
                let (quotient, remainder) = huge::div_rem(&to_big(a), &to_big(b), interrupt)?;
                (from_big(negative, &quotient), from_big(false, &remainder))
            }
        };
        Ok((quotient, if self.negative { remainder.negated() } else { remainder }))
    }

    /// `self / divisor`: the double nearest to the exact quotient.
    pub fn true_div(self, divisor: Int<'_>, interrupt: Interrupt<'_>) -> Result<f64, IntError> {
        if divisor.is_zero() {
            return Err(IntError::DivisionByZero);
        }
        let negative = self.negative != divisor.negative;
        let sign = if negative { -1.0 } else { 1.0 };
        let (a_bits, b_bits) = (self.bit_length() as i64, divisor.bit_length() as i64);
        if a_bits <= 53 && b_bits <= 53 {
            let exact = |int: Int<'_>| int.limbs.first().copied().unwrap_or(0) as f64;
            return Ok(exact(self) / exact(divisor) * sign);
        }
        let difference = a_bits - b_bits;
        if difference > 1024 {
            return Err(IntError::QuotientTooLargeForFloat);
        }
        if self.is_zero() || difference < -1076 {
            return Ok(0.0 * sign);
        }
        poll(interrupt)?;
        // A quotient of 64 or 65 bits and whether anything remains decide the rounding.
        let shift = 65 - difference;
        let (quotient, exact) = if shift >= 0 {
            let (quotient, remainder) = self.abs().shl_bits(shift as u64)?.as_int().div_rem(divisor.abs(), interrupt)?;
            (quotient, remainder.is_zero())
        } else {
            let shift = shift.unsigned_abs();
            let exact = self.trailing_zeros() >= shift;
            let (quotient, remainder) = self.abs().shr_bits(shift).as_int().div_rem(divisor.abs(), interrupt)?;
            (quotient, exact && remainder.is_zero())
        };
        let bits = quotient.as_int().narrow_magnitude().expect("at most 66 bits") | u128::from(!exact);
        scaled(bits, -shift).map(|value| value * sign).ok_or(IntError::QuotientTooLargeForFloat)
    }
}

/// Quotient and remainder, both perhaps with leading zeros; the divisor has at least two limbs and no more than the dividend.
fn div_schoolbook(dividend: &[u64], divisor: &[u64], interrupt: Interrupt<'_>) -> Result<(Limbs, Limbs), IntError> {
    let (len, steps) = (divisor.len(), dividend.len() - divisor.len() + 1);
    let mut rest = Limbs::with_capacity(dividend.len() + 1);
    rest.extend_from_slice(dividend);
    rest.push(0);
    let mut quotient: Limbs = smallvec::smallvec![0; steps];
    // Each digit is estimated from the leading bits, as if both numbers were shifted until the divisor's highest bit is set.
    let shift = divisor[len - 1].leading_zeros();
    let leading = |limbs: &[u64]| {
        let below = if limbs.len() < 2 || shift == 0 { 0 } else { limbs[limbs.len() - 2] >> (64 - shift) };
        limbs.last().map_or(0, |limb| limb << shift | below)
    };
    let (d1, d0) = (leading(divisor), leading(&divisor[..len - 1]));
    for index in (0..steps).rev() {
        if len >= LONG_STEP {
            poll(interrupt)?;
        }
        let window = &mut rest[index..=index + len];
        let top = [leading(window), leading(&window[..len]), leading(&window[..len - 1])];
        let mut digit = estimate(top, d1, d0);
        if subtract_multiple(window, divisor, digit) {
            digit -= 1;
            let carry = super::add::add_to(&mut window[..len], divisor);
            window[len] = window[len].wrapping_add(u64::from(carry));
        }
        quotient[index] = digit;
    }
    rest.truncate(len);
    Ok((quotient, rest))
}

/// The quotient of three limbs, highest first, and two limbs, of which the first has its highest bit set; at most `u64::MAX`.
fn estimate([high, middle, low]: [u64; 3], d1: u64, d0: u64) -> u64 {
    let two = u128::from(high) << 64 | u128::from(middle);
    let mut digit = if high >= d1 { u64::MAX } else { (two / u128::from(d1)) as u64 };
    let mut rest = two - u128::from(digit) * u128::from(d1);
    while rest >> 64 == 0 && u128::from(digit) * u128::from(d0) > (rest << 64 | u128::from(low)) {
        digit -= 1;
        rest += u128::from(d1);
    }
    digit
}

/// `window -= divisor * factor`, modulo the window's length; whether that went below zero. The window is one limb longer.
fn subtract_multiple(window: &mut [u64], divisor: &[u64], factor: u64) -> bool {
    let mut carry = 0;
    for (limb, &other) in window.iter_mut().zip(divisor) {
        let wide = u128::from(other) * u128::from(factor) + u128::from(carry);
        let (difference, borrow) = limb.overflowing_sub(wide as u64);
        *limb = difference;
        carry = (wide >> 64) as u64 + u64::from(borrow);
    }
    let Some(last) = window.last_mut() else { return false };
    let below = *last < carry;
    *last = last.wrapping_sub(carry);
    below
}

/// Divides by a machine word that is not zero; returns the remainder.
pub(super) fn div_word_in_place(limbs: &mut [u64], divisor: u64) -> u64 {
    // Division by a fixed word is multiplication by its reciprocal (Möller and Granlund, 2011).
    let shift = divisor.leading_zeros();
    let divisor = divisor << shift;
    let reciprocal = (u128::MAX / u128::from(divisor)) as u64;
    let step = |high: u64, low: u64| {
        let estimate = u128::from(reciprocal) * u128::from(high) + (u128::from(high) << 64 | u128::from(low));
        let mut quotient = ((estimate >> 64) as u64).wrapping_add(1);
        let mut remainder = low.wrapping_sub(quotient.wrapping_mul(divisor));
        if remainder > estimate as u64 {
            quotient = quotient.wrapping_sub(1);
            remainder = remainder.wrapping_add(divisor);
        }
        if remainder >= divisor {
            quotient = quotient.wrapping_add(1);
            remainder -= divisor;
        }
        (quotient, remainder)
    };
    if shift == 0 {
        let mut remainder = 0;
        for limb in limbs.iter_mut().rev() {
            (*limb, remainder) = step(remainder, *limb);
        }
        return remainder;
    }
    let mut remainder = limbs.last().map_or(0, |top| top >> (64 - shift));
    for index in (0..limbs.len()).rev() {
        let below = if index == 0 { 0 } else { limbs[index - 1] >> (64 - shift) };
        (limbs[index], remainder) = step(remainder, limbs[index] << shift | below);
    }
    remainder >> shift
}
