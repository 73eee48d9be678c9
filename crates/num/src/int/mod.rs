//! Python's `int` arithmetic over borrowed limbs.
//!
//! [`Int`] is a view of an integer whose limbs live elsewhere (a heap cell, a [`Small`] on the stack); results are
//! [`Integer`]s, which hold up to four limbs inline. One- and two-limb operands take paths that allocate nothing; very long
//! operands go to `dashu-int` in pieces, between which the caller's `interrupt` function is asked whether to give up.
//! Mirrors `Objects/longobject.c`.

mod add;
mod bits;
mod bytes;
mod combinatorics;
mod div;
mod float;
mod gcd;
mod huge;
mod mul;
mod power;
mod text;

pub use bytes::ByteOrder;
pub use float::compare_int_float;
pub(crate) use float::scaled;
pub(crate) use text::parse_digits;
pub use text::{DEFAULT_DIGIT_LIMIT, ParseIntError, ShortDecimal, decimal_len, digits_in_word, parse_int, write_decimal};

use crate::BigInt;
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::fmt;

/// Asked now and then by long operations; `true` makes them stop with [`IntError::Interrupted`].
pub type Interrupt<'a> = &'a mut dyn FnMut() -> bool;

/// The longest result any operation produces: 2 GiB of limbs.
pub const MAX_LIMBS: usize = 1 << 28;

type Limbs = SmallVec<[u64; 4]>;

/// Why an integer operation has no result. `Display` gives CPython's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntError {
    /// ZeroDivisionError.
    DivisionByZero,
    /// ValueError: the third argument of `pow` is zero.
    ZeroModulus,
    /// ValueError: a negative exponent, and the base shares a factor with the modulus.
    NotInvertible,
    /// ValueError: shift by a negative count.
    NegativeShift,
    /// ValueError: square root of a negative number.
    NegativeRoot,
    /// OverflowError: the shift count is beyond anything that could be represented.
    TooManyDigits,
    /// OverflowError: an int outside the range of a double.
    TooLargeForFloat,
    /// OverflowError: a quotient outside the range of a double.
    QuotientTooLargeForFloat,
    /// OverflowError: the number does not fit the given number of bytes.
    TooLargeForBytes,
    /// OverflowError: a negative number for unsigned bytes.
    NegativeUnsigned,
    /// ValueError: more decimal digits than the limit set by `sys.set_int_max_str_digits`.
    DigitLimit(usize),
    /// MemoryError: the result would pass [`MAX_LIMBS`].
    TooLarge,
    /// The caller's interrupt function returned true.
    Interrupted,
}

impl fmt::Display for IntError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            IntError::DivisionByZero => "division by zero",
            IntError::ZeroModulus => "pow() 3rd argument cannot be 0",
            IntError::NotInvertible => "base is not invertible for the given modulus",
            IntError::NegativeShift => "negative shift count",
            IntError::NegativeRoot => "isqrt() argument must be nonnegative",
            IntError::TooManyDigits => "too many digits in integer",
            IntError::TooLargeForFloat => "int too large to convert to float",
            IntError::QuotientTooLargeForFloat => "integer division result too large for a float",
            IntError::TooLargeForBytes => "int too big to convert",
            IntError::NegativeUnsigned => "can't convert negative int to unsigned",
            IntError::DigitLimit(limit) => {
                return write!(
                    f,
                    "Exceeds the limit ({limit} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit"
                );
            }
            IntError::TooLarge => "",
            IntError::Interrupted => "interrupted",
        })
    }
}

/// A borrowed integer: a sign and little-endian limbs. Equality, order and arithmetic are those of the value.
#[derive(Clone, Copy)]
pub struct Int<'a> {
    negative: bool,
    limbs: &'a [u64],
}

impl<'a> Int<'a> {
    /// Zero.
    pub const ZERO: Int<'static> = Int { negative: false, limbs: &[] };
    /// One.
    pub const ONE: Int<'static> = Int { negative: false, limbs: &[1] };

    /// The integer with this sign and these little-endian limbs; leading zero limbs are ignored, and zero has no sign.
    #[inline]
    pub fn new(negative: bool, limbs: &'a [u64]) -> Int<'a> {
        let mut limbs = limbs;
        while let [rest @ .., 0] = limbs {
            limbs = rest;
        }
        Int { negative: negative && !limbs.is_empty(), limbs }
    }

    /// Whether the integer is below zero.
    #[inline]
    pub fn is_negative(self) -> bool {
        self.negative
    }

    /// Whether the integer is zero.
    #[inline]
    pub fn is_zero(self) -> bool {
        self.limbs.is_empty()
    }

    /// Whether the integer is odd.
    #[inline]
    pub fn is_odd(self) -> bool {
        self.limbs.first().is_some_and(|limb| limb & 1 != 0)
    }

    /// The absolute value: little-endian limbs, the last one not zero.
    #[inline]
    pub fn limbs(self) -> &'a [u64] {
        self.limbs
    }

    /// The absolute value.
    #[inline]
    pub fn abs(self) -> Int<'a> {
        Int { negative: false, limbs: self.limbs }
    }

    /// The integer as an `i64`, when it fits.
    #[inline]
    pub fn to_i64(self) -> Option<i64> {
        match (self.limbs, self.negative) {
            ([], _) => Some(0),
            ([limb], false) => i64::try_from(*limb).ok(),
            ([limb], true) => 0i64.checked_sub_unsigned(*limb),
            _ => None,
        }
    }

    /// The integer as a `u64`, when it fits.
    #[inline]
    pub fn to_u64(self) -> Option<u64> {
        match (self.limbs, self.negative) {
            ([], _) => Some(0),
            ([limb], false) => Some(*limb),
            _ => None,
        }
    }

    /// The low 64 bits in two's complement, as C's conversions with a mask give.
    #[inline]
    pub fn to_u64_wrapping(self) -> u64 {
        let low = self.limbs.first().copied().unwrap_or(0);
        if self.negative { low.wrapping_neg() } else { low }
    }

    /// An owned copy.
    pub fn to_integer(self) -> Integer {
        Integer { negative: self.negative, limbs: Limbs::from_slice(self.limbs) }
    }

    /// An owned copy in the form the compiler uses.
    pub fn to_bigint(self) -> BigInt {
        BigInt::from_parts(self.negative, self.limbs)
    }

    /// The value when its magnitude is below 2^126, so that sums and bitwise operations on two of them fit an `i128`.
    #[inline(always)]
    fn narrow(self) -> Option<i128> {
        let magnitude = match *self.limbs {
            [] => 0,
            [low] => i128::from(low),
            [low, high] if high >> 62 == 0 => i128::from(high) << 64 | i128::from(low),
            _ => return None,
        };
        Some(if self.negative { -magnitude } else { magnitude })
    }

    /// The magnitude when it has at most two limbs.
    #[inline(always)]
    fn narrow_magnitude(self) -> Option<u128> {
        match *self.limbs {
            [] => Some(0),
            [low] => Some(u128::from(low)),
            [low, high] => Some(u128::from(high) << 64 | u128::from(low)),
            _ => None,
        }
    }
}

impl PartialEq for Int<'_> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.negative == other.negative && self.limbs == other.limbs
    }
}

impl Eq for Int<'_> {}

impl Ord for Int<'_> {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => compare_magnitudes(self.limbs, other.limbs),
            (true, true) => compare_magnitudes(other.limbs, self.limbs),
        }
    }
}

impl PartialOrd for Int<'_> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Int<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_bigint(), f)
    }
}

impl<'a> From<&'a BigInt> for Int<'a> {
    fn from(value: &'a BigInt) -> Int<'a> {
        Int { negative: value.is_negative(), limbs: value.magnitude() }
    }
}

/// A machine integer that can be viewed as an [`Int`]: how a tagged small int becomes an operand.
#[derive(Clone, Copy, Debug)]
pub struct Small {
    negative: bool,
    limb: u64,
}

impl Small {
    /// The view.
    #[inline]
    pub fn as_int(&self) -> Int<'_> {
        let limbs = if self.limb == 0 { &[] } else { std::slice::from_ref(&self.limb) };
        Int { negative: self.negative, limbs }
    }
}

impl From<i64> for Small {
    #[inline]
    fn from(value: i64) -> Small {
        Small { negative: value < 0, limb: value.unsigned_abs() }
    }
}

impl From<u64> for Small {
    #[inline]
    fn from(value: u64) -> Small {
        Small { negative: false, limb: value }
    }
}

/// An owned integer, the result of every operation; up to four limbs are stored inline. Always in normal form.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Integer {
    negative: bool,
    limbs: Limbs,
}

impl Integer {
    /// The integer with this sign and these little-endian limbs.
    pub fn from_limbs(negative: bool, limbs: &[u64]) -> Integer {
        Int::new(negative, limbs).to_integer()
    }

    /// The view that operations take.
    #[inline]
    pub fn as_int(&self) -> Int<'_> {
        Int { negative: self.negative, limbs: &self.limbs }
    }

    /// Whether the integer is below zero.
    #[inline]
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether the integer is zero.
    #[inline]
    pub fn is_zero(&self) -> bool {
        self.limbs.is_empty()
    }

    /// The absolute value: little-endian limbs, the last one not zero.
    #[inline]
    pub fn limbs(&self) -> &[u64] {
        &self.limbs
    }

    /// The integer as an `i64`, when it fits.
    #[inline]
    pub fn to_i64(&self) -> Option<i64> {
        self.as_int().to_i64()
    }

    /// The integer with its sign turned.
    #[inline]
    pub fn negated(mut self) -> Integer {
        self.negative = !self.negative && !self.limbs.is_empty();
        self
    }

    #[inline]
    fn normal(negative: bool, mut limbs: Limbs) -> Integer {
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        Integer { negative: negative && !limbs.is_empty(), limbs }
    }

    #[inline(always)]
    fn from_word(negative: bool, word: u64) -> Integer {
        let len = usize::from(word != 0);
        Integer { negative: negative && len != 0, limbs: Limbs::from_buf_and_len([word, 0, 0, 0], len) }
    }

    #[inline(always)]
    fn from_magnitude(negative: bool, magnitude: u128) -> Integer {
        let (low, high) = (magnitude as u64, (magnitude >> 64) as u64);
        let len = if high != 0 { 2 } else { usize::from(low != 0) };
        Integer { negative: negative && len != 0, limbs: Limbs::from_buf_and_len([low, high, 0, 0], len) }
    }
}

impl From<i128> for Integer {
    #[inline(always)]
    fn from(value: i128) -> Integer {
        Integer::from_magnitude(value < 0, value.unsigned_abs())
    }
}

impl From<u128> for Integer {
    #[inline]
    fn from(value: u128) -> Integer {
        Integer::from_magnitude(false, value)
    }
}

impl From<i64> for Integer {
    #[inline]
    fn from(value: i64) -> Integer {
        Integer::from_word(value < 0, value.unsigned_abs())
    }
}

impl From<u64> for Integer {
    #[inline]
    fn from(value: u64) -> Integer {
        Integer::from_word(false, value)
    }
}

impl From<BigInt> for Integer {
    fn from(value: BigInt) -> Integer {
        Int::from(&value).to_integer()
    }
}

impl From<Integer> for BigInt {
    fn from(value: Integer) -> BigInt {
        value.as_int().to_bigint()
    }
}

impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_int().cmp(&other.as_int())
    }
}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.as_int(), f)
    }
}

#[inline]
fn compare_magnitudes(a: &[u64], b: &[u64]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

fn check_size(limbs: usize) -> Result<(), IntError> {
    if limbs > MAX_LIMBS { Err(IntError::TooLarge) } else { Ok(()) }
}
