//! Addition, subtraction and negation.

use super::{Int, Integer, Limbs, compare_magnitudes};
use std::cmp::Ordering;
use std::ops::{Add, Neg, Sub};

impl Add for Int<'_> {
    type Output = Integer;

    #[inline]
    fn add(self, other: Self) -> Integer {
        add_any(self, other.negative, other)
    }
}

impl Sub for Int<'_> {
    type Output = Integer;

    #[inline]
    fn sub(self, other: Self) -> Integer {
        add_any(self, !other.negative, other)
    }
}

impl Neg for Int<'_> {
    type Output = Integer;

    #[inline]
    fn neg(self) -> Integer {
        self.to_integer().negated()
    }
}

/// `a` plus the magnitude of `b` with the sign given for it.
#[inline(always)]
fn add_any(a: Int<'_>, b_negative: bool, b: Int<'_>) -> Integer {
    if let ([x], [y]) = (a.limbs, b.limbs) {
        return if a.negative == b_negative {
            Integer::from_magnitude(b_negative, u128::from(*x) + u128::from(*y))
        } else {
            Integer::from_word(if x > y { a.negative } else { b_negative }, x.abs_diff(*y))
        };
    }
    if let (Some(x), Some(y)) = (a.narrow_magnitude(), b.narrow_magnitude()) {
        if a.negative != b_negative {
            return Integer::from_magnitude(if x > y { a.negative } else { b_negative }, x.abs_diff(y));
        }
        if let Some(sum) = x.checked_add(y) {
            return Integer::from_magnitude(b_negative, sum);
        }
    }
    add_signed(a, Int { negative: b_negative, limbs: b.limbs })
}

fn add_signed(a: Int<'_>, b: Int<'_>) -> Integer {
    if a.negative == b.negative {
        return Integer { negative: a.negative, limbs: add_magnitudes(a.limbs, b.limbs) };
    }
    match compare_magnitudes(a.limbs, b.limbs) {
        Ordering::Equal => Integer::default(),
        Ordering::Greater => Integer::normal(a.negative, subtract_magnitudes(a.limbs, b.limbs)),
        Ordering::Less => Integer::normal(b.negative, subtract_magnitudes(b.limbs, a.limbs)),
    }
}

fn add_magnitudes(a: &[u64], b: &[u64]) -> Limbs {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let mut sum = Limbs::with_capacity(long.len() + 1);
    sum.extend_from_slice(long);
    if add_to(&mut sum, short) {
        sum.push(1);
    }
    sum
}

fn subtract_magnitudes(large: &[u64], small: &[u64]) -> Limbs {
    let mut difference = Limbs::from_slice(large);
    subtract_from(&mut difference, small);
    difference
}

/// Adds `addend`, which is no longer than `sum`; returns the carry out of it.
pub(super) fn add_to(sum: &mut [u64], addend: &[u64]) -> bool {
    let (low, high) = sum.split_at_mut(addend.len());
    let mut carry = false;
    for (limb, &other) in low.iter_mut().zip(addend) {
        (*limb, carry) = limb.carrying_add(other, carry);
    }
    carry && increment(high)
}

/// Adds one; returns the carry out.
pub(super) fn increment(limbs: &mut [u64]) -> bool {
    for limb in limbs {
        *limb = limb.wrapping_add(1);
        if *limb != 0 {
            return false;
        }
    }
    true
}

/// Subtracts a number that is not larger.
pub(super) fn subtract_from(difference: &mut [u64], subtrahend: &[u64]) {
    let (low, high) = difference.split_at_mut(subtrahend.len());
    let mut borrow = false;
    for (limb, &other) in low.iter_mut().zip(subtrahend) {
        (*limb, borrow) = limb.borrowing_sub(other, borrow);
    }
    for limb in high {
        if !borrow {
            break;
        }
        (*limb, borrow) = limb.overflowing_sub(1);
    }
}
