//! Multiplication.

use super::huge::{self, from_big, to_big};
use super::{Int, IntError, Integer, Interrupt, Limbs, check_size};

/// Up to this many limbs in the shorter factor, the schoolbook method here is faster than going to the crate.
const SCHOOLBOOK: usize = 12;

impl Int<'_> {
    /// `self * other`.
    #[inline]
    pub fn mul(self, other: Int<'_>, interrupt: Interrupt<'_>) -> Result<Integer, IntError> {
        let negative = self.negative != other.negative;
        match (self.limbs, other.limbs) {
            ([a], [b]) => Ok(Integer::from_magnitude(negative, u128::from(*a) * u128::from(*b))),
            ([], _) | (_, []) => Ok(Integer::default()),
            (a, b) => mul_magnitudes(negative, a, b, interrupt),
        }
    }

    /// `self * factor` for a machine word.
    pub fn mul_word(self, factor: u64) -> Integer {
        let mut limbs = Limbs::with_capacity(self.limbs.len() + 1);
        limbs.extend_from_slice(self.limbs);
        let carry = mul_word_in_place(&mut limbs, factor, 0);
        limbs.push(carry);
        Integer::normal(self.negative, limbs)
    }
}

fn mul_magnitudes(negative: bool, a: &[u64], b: &[u64], interrupt: Interrupt<'_>) -> Result<Integer, IntError> {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    check_size(long.len() + short.len())?;
    if short.len() > SCHOOLBOOK {
        let product = huge::mul(&to_big(long), &to_big(short), interrupt)?;
        return Ok(from_big(negative, &product));
    }
    let mut product = Limbs::with_capacity(long.len() + short.len());
    product.extend_from_slice(long);
    let carry = mul_word_in_place(&mut product, short[0], 0);
    product.push(carry);
    for (index, &factor) in short.iter().enumerate().skip(1) {
        let carry = mul_add(&mut product[index..], long, factor);
        product.push(carry);
    }
    Ok(Integer::normal(negative, product))
}

/// `sum += factor * limbs`, both of one length; returns the limb carried out.
fn mul_add(sum: &mut [u64], limbs: &[u64], factor: u64) -> u64 {
    let mut carry = 0;
    for (target, &limb) in sum.iter_mut().zip(limbs) {
        let wide = u128::from(limb) * u128::from(factor) + u128::from(*target) + u128::from(carry);
        *target = wide as u64;
        carry = (wide >> 64) as u64;
    }
    carry
}

/// `limbs = limbs * factor + addend`; returns the limb carried out.
pub(super) fn mul_word_in_place(limbs: &mut [u64], factor: u64, addend: u64) -> u64 {
    let mut carry = addend;
    for limb in limbs {
        let wide = u128::from(*limb) * u128::from(factor) + u128::from(carry);
        *limb = wide as u64;
        carry = (wide >> 64) as u64;
    }
    carry
}
