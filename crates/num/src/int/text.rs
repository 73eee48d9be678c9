//! Ints as text: `int(text, base)`, and digits in bases 2, 8, 10, 16.
//!
//! Decimal conversions of very long numbers halve the number of digits until pieces are short enough for `dashu-int`.

use super::div::div_word_in_place;
use super::huge::{self, from_big, poll, to_big};
use super::mul::mul_word_in_place;
use super::{Int, IntError, Integer, Interrupt, Limbs};
use crate::ascii::trim;
use dashu_int::UBig;
use std::fmt::Write;

/// The digit limit Python starts with.
pub const DEFAULT_DIGIT_LIMIT: usize = 4300;

/// Decimal digits that fit a limb.
const CHUNK_DIGITS: usize = 19;
const CHUNK: u64 = 10_000_000_000_000_000_000;
/// Numbers up to this many limbs are converted here, by repeated division.
const SHORT: usize = 12;
/// Numbers up to this many limbs are converted in one piece by the crate.
const PIECE: usize = 1 << 13;

/// The decimal text of a machine integer, made without allocating.
pub struct ShortDecimal {
    bytes: [u8; 20],
    start: u8,
}

/// The digits of 0 to 99.
static PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

/// How many digits a number has.
#[inline]
pub fn decimal_len(number: u64) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

/// The eight digits of a number from 1 up to 99,999,999 as bytes of a word, the first one lowest, and how many there are without leading zeros.
#[inline]
pub fn digits_in_word(number: u32) -> (u64, usize) {
    debug_assert!((1..100_000_000).contains(&number));
    // Halves of four digits, then of two, then digits: each step divides all parts at once, by multiplying.
    let fours = (number / 10_000) as u64 | (((number % 10_000) as u64) << 32);
    let hundreds = ((fours * 10_486) >> 20) & 0x7F_0000_007F;
    let twos = hundreds | ((fours - hundreds * 100) << 16);
    let tens = ((twos * 103) >> 10) & 0x000F_000F_000F_000F;
    let digits = tens | ((twos - tens * 10) << 8);
    (digits | 0x3030_3030_3030_3030, 8 - (digits.trailing_zeros() / 8) as usize)
}

/// Write the digits of a number, as many as there is room for.
#[inline]
pub fn write_decimal(number: u64, digits: &mut [u8]) {
    let (mut end, mut rest) = (digits.len(), number);
    while end >= 2 {
        end -= 2;
        digits[end..end + 2].copy_from_slice(&PAIRS[(rest % 100) as usize]);
        rest /= 100;
    }
    if end == 1 {
        digits[0] = b'0' + (rest % 10) as u8;
    }
}

impl ShortDecimal {
    /// The digits of a number.
    #[inline]
    pub fn unsigned(number: u64) -> ShortDecimal {
        let mut text = ShortDecimal { bytes: [0; 20], start: 0 };
        if let 1..100_000_000 = number {
            let (word, len) = digits_in_word(number as u32);
            text.bytes[12..].copy_from_slice(&word.to_le_bytes());
            text.start = (20 - len) as u8;
            return text;
        }
        let len = decimal_len(number);
        write_decimal(number, &mut text.bytes[20 - len..]);
        text.start = (20 - len) as u8;
        text
    }

    /// The text.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[self.start as usize..]
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).expect("digits are ASCII")
    }
}

/// Why text is not an int.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseIntError {
    /// ValueError: `invalid literal for int() with base {base}: {repr}`.
    Invalid,
    /// ValueError: this many digits are more than the limit; see [`ParseIntError::digits_message`].
    TooManyDigits(usize),
    /// The caller's interrupt function returned true.
    Interrupted,
}

impl ParseIntError {
    /// CPython's message for [`ParseIntError::TooManyDigits`].
    pub fn digits_message(digits: usize, limit: usize) -> String {
        format!(
            "Exceeds the limit ({limit} digits) for integer string conversion: value has {digits} digits; \
             use sys.set_int_max_str_digits() to increase the limit"
        )
    }
}

/// `int(text, base)`: base 0 or 2 to 36, surrounding ASCII white space, sign, base prefix and underscores as Python has them.
/// Other decimal digits and white space of Unicode are the caller's to translate. `limit` is the most digits allowed in bases
/// that are no power of two; 0 is no limit.
pub fn parse_int(text: &[u8], base: u32, limit: usize, interrupt: Interrupt<'_>) -> Result<Integer, ParseIntError> {
    let text = trim(text);
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let prefix = match text {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    let only_zero = base == 0 && prefix == 0 && text.first() == Some(&b'0');
    let base = match base {
        0 if prefix != 0 => prefix,
        0 => 10,
        given => given,
    };
    let digits = match text {
        [_, _, b'_', rest @ ..] if prefix == base => rest,
        [_, _, rest @ ..] if prefix == base => rest,
        rest => rest,
    };
    let digits = digit_values(digits, base).ok_or(ParseIntError::Invalid)?;
    if only_zero && digits.iter().any(|&digit| digit != 0) {
        return Err(ParseIntError::Invalid);
    }
    if base.is_power_of_two() {
        return Ok(Integer::normal(negative, join_bits(&digits, base.trailing_zeros())));
    }
    if limit > 0 && digits.len() > limit {
        return Err(ParseIntError::TooManyDigits(digits.len()));
    }
    let magnitude = from_digits(&digits, base, interrupt).map_err(|_| ParseIntError::Interrupted)?;
    Ok(Integer { negative: negative && !magnitude.is_zero(), ..magnitude })
}

/// Digits in a base from 2 to 36, with single underscores between them; nothing else.
pub(crate) fn parse_digits(text: &[u8], base: u32) -> Option<Integer> {
    let digits = digit_values(text, base)?;
    if base.is_power_of_two() {
        return Some(Integer::normal(false, join_bits(&digits, base.trailing_zeros())));
    }
    from_digits(&digits, base, &mut || false).ok()
}

/// The digits' values; `None` unless there are digits, with single underscores only between them.
fn digit_values(text: &[u8], base: u32) -> Option<Vec<u8>> {
    let mut values = Vec::with_capacity(text.len());
    let mut after_digit = false;
    for &byte in text {
        if byte == b'_' {
            if !after_digit {
                return None;
            }
            after_digit = false;
        } else {
            values.push(char::from(byte).to_digit(base)? as u8);
            after_digit = true;
        }
    }
    after_digit.then_some(values)
}

fn join_bits(digits: &[u8], bits: u32) -> Limbs {
    let mut limbs = Limbs::with_capacity(digits.len() * bits as usize / 64 + 1);
    let (mut word, mut filled) = (0u64, 0u32);
    for &digit in digits.iter().rev() {
        word |= u64::from(digit) << filled;
        filled += bits;
        if filled >= 64 {
            limbs.push(word);
            filled -= 64;
            word = u64::from(digit).checked_shr(bits - filled).unwrap_or(0);
        }
    }
    limbs.push(word);
    limbs
}

fn from_digits(digits: &[u8], base: u32, interrupt: Interrupt<'_>) -> Result<Integer, IntError> {
    let base_word = u64::from(base);
    let chunk_digits = u64::MAX.ilog(base_word) as usize;
    let chunk_value = |chunk: &[u8]| chunk.iter().fold(0, |value, &digit| value * base_word + u64::from(digit));
    if digits.len() <= chunk_digits {
        return Ok(Integer::from(chunk_value(digits)));
    }
    // The powers base^(chunk_digits * 2^i) by which neighbouring parts are joined.
    let mut parts: Vec<UBig> = digits
        .rchunks(chunk_digits * 32)
        .map(|piece| {
            let mut limbs = Limbs::new();
            for chunk in piece.rchunks(chunk_digits).rev() {
                let carry = mul_word_in_place(&mut limbs, base_word.pow(chunk.len() as u32), chunk_value(chunk));
                if carry != 0 {
                    limbs.push(carry);
                }
            }
            to_big(&limbs)
        })
        .collect();
    let mut power = UBig::from(base).pow(chunk_digits * 32);
    while parts.len() > 1 {
        let mut joined = Vec::with_capacity(parts.len().div_ceil(2));
        for pair in parts.chunks(2) {
            joined.push(match pair {
                [low, high] => huge::mul(high, &power, interrupt)? + low,
                single => single[0].clone(),
            });
        }
        parts = joined;
        if parts.len() > 1 {
            power = huge::mul(&power, &power, interrupt)?;
        }
    }
    Ok(from_big(false, &parts[0]))
}

impl Int<'_> {
    /// `str(self)`. `limit` is the most digits allowed; 0 is no limit.
    pub fn to_decimal(self, limit: usize, interrupt: Interrupt<'_>) -> Result<String, IntError> {
        if let [limb] = *self.limbs
            && (limit == 0 || limit >= 20)
        {
            let digits = ShortDecimal::unsigned(limb);
            let mut text = String::with_capacity(21);
            if self.negative {
                text.push('-');
            }
            text.push_str(digits.as_str());
            return Ok(text);
        }
        // A number of n bits has at least (n - 1) * log10(2) digits.
        if limit > 0 && self.bit_length() > 1 && (self.bit_length() - 1) as f64 * std::f64::consts::LOG10_2 > limit as f64 + 1.0 {
            return Err(IntError::DigitLimit(limit));
        }
        let mut text = String::new();
        if self.negative {
            text.push('-');
        }
        if self.limbs.len() <= SHORT {
            push_short(&mut text, self.limbs);
        } else {
            push_long(&mut text, &to_big(self.limbs), interrupt)?;
        }
        if limit > 0 && text.len() - usize::from(self.negative) > limit {
            return Err(IntError::DigitLimit(limit));
        }
        Ok(text)
    }

    /// The digits in a base that is a power of two up to 32, with a sign but no prefix, in lower case.
    pub fn to_radix_bits(self, bits: u32) -> String {
        let length = self.bit_length().div_ceil(u64::from(bits)).max(1);
        let mut text = String::with_capacity(length as usize + 1);
        if self.negative {
            text.push('-');
        }
        for index in (0..length).rev() {
            let at = index * u64::from(bits);
            let (limb, offset) = ((at / 64) as usize, (at % 64) as u32);
            let mut digit = self.limbs.get(limb).copied().unwrap_or(0) >> offset;
            if offset + bits > 64 {
                digit |= self.limbs.get(limb + 1).copied().unwrap_or(0) << (64 - offset);
            }
            let digit = digit as u32 & ((1 << bits) - 1);
            text.push(char::from_digit(digit, 32).expect("below the base"));
        }
        text
    }
}

fn push_short(text: &mut String, limbs: &[u64]) {
    let mut rest = Limbs::from_slice(limbs);
    let mut chunks: smallvec::SmallVec<[u64; 16]> = smallvec::SmallVec::new();
    while !rest.is_empty() {
        chunks.push(div_word_in_place(&mut rest, CHUNK));
        if rest.last() == Some(&0) {
            rest.pop();
        }
    }
    let top = chunks.pop().unwrap_or(0);
    write!(text, "{top}").expect("a String takes everything");
    for chunk in chunks.iter().rev() {
        write!(text, "{chunk:019}").expect("a String takes everything");
    }
}

fn push_long(text: &mut String, number: &UBig, interrupt: Interrupt<'_>) -> Result<(), IntError> {
    if number.as_words().len() <= PIECE {
        return push_part(text, number, &[], &[], 0, interrupt);
    }
    let mut powers = vec![UBig::from(CHUNK).pow(PIECE / 2)];
    let mut digits = vec![CHUNK_DIGITS * (PIECE / 2)];
    // The last power is at least the square root of the number.
    while powers.last().expect("starts with one").as_words().len() * 2 <= number.as_words().len() {
        let last = powers.last().expect("starts with one");
        let square = huge::mul(last, last, interrupt)?;
        powers.push(square);
        digits.push(digits[digits.len() - 1] * 2);
    }
    push_part(text, number, &powers, &digits, 0, interrupt)
}

/// Appends a number padded with zeros to `width` digits; the number is below the square of the last power.
fn push_part(
    text: &mut String,
    number: &UBig,
    powers: &[UBig],
    digits: &[usize],
    width: usize,
    interrupt: Interrupt<'_>,
) -> Result<(), IntError> {
    let (Some(power), true) = (powers.last(), number.as_words().len() > PIECE) else {
        poll(interrupt)?;
        let digits = number.to_string();
        text.extend(std::iter::repeat_n('0', width.saturating_sub(digits.len())));
        text.push_str(&digits);
        return Ok(());
    };
    let (powers, low_digits, digits) = (&powers[..powers.len() - 1], digits[digits.len() - 1], &digits[..digits.len() - 1]);
    let (high, low) = huge::div_rem(number, power, interrupt)?;
    if high.is_zero() && width == 0 {
        return push_part(text, &low, powers, digits, 0, interrupt);
    }
    push_part(text, &high, powers, digits, width.saturating_sub(low_digits), interrupt)?;
    push_part(text, &low, powers, digits, low_digits, interrupt)
}
