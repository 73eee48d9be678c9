//! Numeric values: `unicodedata.decimal`, `digit` and `numeric`, and what `int` and `float` make of digits.

use super::properties::{is_decimal, is_digit};
use super::tables::{NUMBERS, VALUES};

/// The numeric value of a character.
pub fn numeric(c: u32) -> Option<f64> {
    if c < 0x80 {
        return (b'0' as u32..=b'9' as u32).contains(&c).then(|| (c - b'0' as u32) as f64);
    }
    let index = NUMBERS.binary_search_by_key(&c, |entry| entry >> 8).ok()?;
    Some(VALUES[(NUMBERS[index] & 0xFF) as usize])
}

/// The value of a decimal digit.
pub fn decimal(c: u32) -> Option<u8> {
    if is_decimal(c) { numeric(c).map(|value| value as u8) } else { None }
}

/// The value of a digit, decimal or not (superscripts, circled digits).
pub fn digit(c: u32) -> Option<u8> {
    if is_digit(c) { numeric(c).map(|value| value as u8) } else { None }
}
