//! Shifts, the bitwise operators in two's complement, and counts of bits.

use super::add::{add_to, increment};
use super::{Int, IntError, Integer, Limbs, MAX_LIMBS, check_size};
use std::ops::{BitAnd, BitOr, BitXor, Not};

impl Int<'_> {
    /// The number of bits of the absolute value, without leading zeros.
    #[inline]
    pub fn bit_length(self) -> u64 {
        match self.limbs.last() {
            Some(top) => self.limbs.len() as u64 * 64 - u64::from(top.leading_zeros()),
            None => 0,
        }
    }

    /// The number of ones in the absolute value.
    pub fn bit_count(self) -> u64 {
        self.limbs.iter().map(|limb| u64::from(limb.count_ones())).sum()
    }

    /// The number of zero bits below the lowest one; 0 for zero.
    pub fn trailing_zeros(self) -> u64 {
        match self.limbs.iter().position(|&limb| limb != 0) {
            Some(index) => index as u64 * 64 + u64::from(self.limbs[index].trailing_zeros()),
            None => 0,
        }
    }

    /// `self << count`.
    #[inline]
    pub fn shl_bits(self, count: u64) -> Result<Integer, IntError> {
        if let [limb] = *self.limbs
            && count < 64
        {
            return Ok(Integer::from_magnitude(self.negative, u128::from(limb) << count));
        }
        if let Some(magnitude) = self.narrow_magnitude()
            && count <= u64::from(magnitude.leading_zeros()).min(127)
        {
            return Ok(Integer::from_magnitude(self.negative, magnitude << count));
        }
        self.shl_long(count)
    }

    fn shl_long(self, count: u64) -> Result<Integer, IntError> {
        if self.is_zero() {
            return Ok(Integer::default());
        }
        let whole = usize::try_from(count / 64).ok().filter(|&whole| whole <= MAX_LIMBS).ok_or(IntError::TooLarge)?;
        check_size(self.limbs.len() + whole + 1)?;
        let bits = (count % 64) as u32;
        let mut limbs = Limbs::with_capacity(self.limbs.len() + whole + 1);
        limbs.resize(whole, 0);
        if bits == 0 {
            limbs.extend_from_slice(self.limbs);
        } else {
            let mut carry = 0;
            limbs.extend(self.limbs.iter().map(|&limb| {
                let shifted = limb << bits | carry;
                carry = limb >> (64 - bits);
                shifted
            }));
            if carry != 0 {
                limbs.push(carry);
            }
        }
        Ok(Integer { negative: self.negative, limbs })
    }

    /// `self >> count`, rounding to minus infinity.
    #[inline]
    pub fn shr_bits(self, count: u64) -> Integer {
        if let Some(magnitude) = self.narrow_magnitude()
            && !self.negative
        {
            return Integer::from_magnitude(false, if count < 128 { magnitude >> count } else { 0 });
        }
        match self.narrow() {
            Some(value) => Integer::from(value >> count.min(127)),
            None => self.shr_long(count),
        }
    }

    fn shr_long(self, count: u64) -> Integer {
        let whole = usize::try_from(count / 64).unwrap_or(usize::MAX);
        if whole >= self.limbs.len() {
            return Integer::from(if self.negative { -1i64 } else { 0 });
        }
        let bits = (count % 64) as u32;
        let (dropped, kept) = self.limbs.split_at(whole);
        let mut limbs = Limbs::from_slice(kept);
        let mut lost = dropped.iter().any(|&limb| limb != 0);
        if bits != 0 {
            let mut carry = 0;
            for limb in limbs.iter_mut().rev() {
                let shifted = *limb >> bits | carry;
                carry = *limb << (64 - bits);
                *limb = shifted;
            }
            lost |= carry != 0;
        }
        if self.negative && lost && increment(&mut limbs) {
            limbs.push(1);
        }
        Integer::normal(self.negative, limbs)
    }

    /// `self << count` for any int as count.
    pub fn shift_left(self, count: Int<'_>) -> Result<Integer, IntError> {
        if count.negative {
            return Err(IntError::NegativeShift);
        }
        if self.is_zero() {
            return Ok(Integer::default());
        }
        let count = count.to_i64().ok_or(IntError::TooManyDigits)?;
        self.shl_bits(count.unsigned_abs())
    }

    /// `self >> count` for any int as count.
    pub fn shift_right(self, count: Int<'_>) -> Result<Integer, IntError> {
        if count.negative {
            return Err(IntError::NegativeShift);
        }
        Ok(self.shr_bits(count.to_u64().unwrap_or(u64::MAX)))
    }

    /// The limbs of the two's complement form, without end: the sign goes on for ever.
    fn twos_complement(self) -> impl Iterator<Item = u64> {
        let mut carry = self.negative;
        self.limbs.iter().copied().chain(std::iter::repeat(0)).map(move |limb| {
            if !self.negative {
                return limb;
            }
            let (complement, overflow) = (!limb).overflowing_add(u64::from(carry));
            carry = overflow;
            complement
        })
    }

    fn bitwise(self, other: Int<'_>, operator: impl Fn(u64, u64) -> u64) -> Integer {
        if !self.negative && !other.negative {
            let (long, short) = if self.limbs.len() >= other.limbs.len() { (self, other) } else { (other, self) };
            let mut limbs = Limbs::from_slice(long.limbs);
            let (low, high) = limbs.split_at_mut(short.limbs.len());
            low.iter_mut().zip(short.limbs).for_each(|(limb, &other)| *limb = operator(*limb, other));
            high.iter_mut().for_each(|limb| *limb = operator(*limb, 0));
            return Integer::normal(false, limbs);
        }
        let len = self.limbs.len().max(other.limbs.len()) + 1;
        let mut limbs = Limbs::with_capacity(len);
        limbs.extend(self.twos_complement().zip(other.twos_complement()).take(len).map(|(a, b)| operator(a, b)));
        let negative = limbs[len - 1] >> 63 != 0;
        if negative {
            limbs.iter_mut().for_each(|limb| *limb = !*limb);
            increment(&mut limbs);
        }
        Integer::normal(negative, limbs)
    }
}

/// The values of two operands of at most two limbs that are not negative.
#[inline(always)]
fn plain(a: Int<'_>, b: Int<'_>) -> Option<(u128, u128)> {
    if a.negative || b.negative { None } else { Some((a.narrow_magnitude()?, b.narrow_magnitude()?)) }
}

/// The words of two one-limb operands that are not negative.
#[inline(always)]
fn plain_words(a: Int<'_>, b: Int<'_>) -> Option<(u64, u64)> {
    match (a.limbs, b.limbs) {
        ([x], [y]) if !a.negative && !b.negative => Some((*x, *y)),
        _ => None,
    }
}

impl BitAnd for Int<'_> {
    type Output = Integer;

    #[inline]
    fn bitand(self, other: Self) -> Integer {
        // Masking to a word is what 64-bit arithmetic in Python does all the time.
        if let ([a, ..], [b]) | ([a], [b, ..]) = (self.limbs, other.limbs)
            && !self.negative
            && !other.negative
        {
            return Integer::from_word(false, a & b);
        }
        if let Some((a, b)) = plain(self, other) {
            return Integer::from_magnitude(false, a & b);
        }
        if let (Some(a), Some(b)) = (self.narrow(), other.narrow()) {
            return Integer::from(a & b);
        }
        if !self.negative && !other.negative {
            return Integer::normal(false, self.limbs.iter().zip(other.limbs).map(|(a, b)| a & b).collect());
        }
        self.bitwise(other, |a, b| a & b)
    }
}

impl BitOr for Int<'_> {
    type Output = Integer;

    #[inline]
    fn bitor(self, other: Self) -> Integer {
        if let Some((a, b)) = plain_words(self, other) {
            return Integer::from_word(false, a | b);
        }
        if let Some((a, b)) = plain(self, other) {
            return Integer::from_magnitude(false, a | b);
        }
        match (self.narrow(), other.narrow()) {
            (Some(a), Some(b)) => Integer::from(a | b),
            _ => self.bitwise(other, |a, b| a | b),
        }
    }
}

impl BitXor for Int<'_> {
    type Output = Integer;

    #[inline]
    fn bitxor(self, other: Self) -> Integer {
        if let Some((a, b)) = plain_words(self, other) {
            return Integer::from_word(false, a ^ b);
        }
        if let Some((a, b)) = plain(self, other) {
            return Integer::from_magnitude(false, a ^ b);
        }
        match (self.narrow(), other.narrow()) {
            (Some(a), Some(b)) => Integer::from(a ^ b),
            _ => self.bitwise(other, |a, b| a ^ b),
        }
    }
}

impl Not for Int<'_> {
    type Output = Integer;

    #[inline]
    fn not(self) -> Integer {
        match self.narrow() {
            Some(value) => Integer::from(!value),
            None => -(self + Int::ONE).as_int(),
        }
    }
}

/// Adds `part << (64 * offset)` into `sum`, which must be long enough.
pub(super) fn add_at(sum: &mut [u64], part: &[u64], offset: usize) {
    let carry = add_to(&mut sum[offset..], part);
    debug_assert!(!carry, "the sum is long enough");
}
