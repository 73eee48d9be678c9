//! `BigInt`: an owned integer of any size, the form in which the compiler and `marshal` keep int constants.
//!
//! It carries no arithmetic of its own: that works on borrowed limbs (see [`Int`]).

use crate::Int;
use crate::int::parse_digits;
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::fmt;

/// The limbs of an integer. Those of most constants need no memory of their own.
pub type Magnitude = SmallVec<[u64; 2]>;

/// An integer of any size: a sign and little-endian 64-bit limbs without leading zero limbs. Zero has no limbs and is not negative.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct BigInt {
    negative: bool,
    magnitude: Magnitude,
}

impl BigInt {
    /// The integer with this sign and these limbs (little-endian); brought to normal form.
    pub fn from_parts(negative: bool, magnitude: impl Into<Magnitude>) -> BigInt {
        let mut magnitude = magnitude.into();
        while magnitude.last() == Some(&0) {
            magnitude.pop();
        }
        BigInt { negative: negative && !magnitude.is_empty(), magnitude }
    }

    /// Whether the integer is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether the integer is zero.
    pub fn is_zero(&self) -> bool {
        self.magnitude.is_empty()
    }

    /// The absolute value: little-endian limbs, the last one not zero.
    pub fn magnitude(&self) -> &[u64] {
        &self.magnitude
    }

    /// Sign and limbs, given up.
    pub fn into_parts(self) -> (bool, Magnitude) {
        (self.negative, self.magnitude)
    }

    /// The integer as an `i64`, when it fits.
    pub fn to_i64(&self) -> Option<i64> {
        Int::from(self).to_i64()
    }

    /// The integer written with `digits` in a base from 2 to 36 after an optional sign. `None` when there is no digit or
    /// anything else but digits; single underscores between digits are accepted.
    pub fn parse(digits: &str, radix: u32) -> Option<BigInt> {
        let (negative, digits) = match digits.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let (_, magnitude) = BigInt::from(parse_digits(digits, radix)?).into_parts();
        Some(BigInt::from_parts(negative, magnitude))
    }
}

impl From<u64> for BigInt {
    fn from(value: u64) -> BigInt {
        BigInt::from_parts(false, Magnitude::from_slice(&[value]))
    }
}

impl From<i64> for BigInt {
    fn from(value: i64) -> BigInt {
        BigInt::from_parts(value < 0, Magnitude::from_slice(&[value.unsigned_abs()]))
    }
}

impl From<i128> for BigInt {
    fn from(value: i128) -> BigInt {
        let magnitude = value.unsigned_abs();
        BigInt::from_parts(value < 0, [magnitude as u64, (magnitude >> 64) as u64])
    }
}

impl Ord for BigInt {
    fn cmp(&self, other: &BigInt) -> Ordering {
        Int::from(self).cmp(&Int::from(other))
    }
}

impl PartialOrd for BigInt {
    fn partial_cmp(&self, other: &BigInt) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = Int::from(self).abs().to_decimal(0, &mut || false).map_err(|_| fmt::Error)?;
        f.pad_integral(!self.negative, "", &digits)
    }
}

impl fmt::Debug for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::BigInt;

    #[test]
    fn text_round_trips() {
        for text in ["0", "1", "-1", "18446744073709551616", "-340282366920938463463374607431768211456", "10000000000000000000"] {
            assert_eq!(BigInt::parse(text, 10).expect("digits").to_string(), text);
        }
        assert_eq!(BigInt::parse("-f_f", 16), Some(BigInt::from(-255i64)));
        assert_eq!(BigInt::parse("1__0", 10), None);
        assert_eq!(BigInt::parse("1_", 10), None);
        assert_eq!(BigInt::parse("", 10), None);
    }

    #[test]
    fn order_follows_value() {
        let sorted = [i64::MIN.into(), (-1i64).into(), 0i64.into(), u64::MAX.into(), BigInt::from(i128::MAX)];
        assert!(sorted.is_sorted());
        assert_eq!(sorted[0].to_i64(), Some(i64::MIN));
        assert_eq!(sorted[4].to_i64(), None);
    }
}
