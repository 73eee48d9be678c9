//! `float.hex` and `float.fromhex`.

use crate::int::scaled;
use std::fmt;

/// Why text is not a hexadecimal float. `Display` gives CPython's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexError {
    /// ValueError.
    Invalid,
    /// OverflowError.
    TooLarge,
}

impl fmt::Display for HexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            HexError::Invalid => "invalid hexadecimal floating-point string",
            HexError::TooLarge => "hexadecimal value too large to represent as a float",
        })
    }
}

/// `value.hex()`.
pub fn float_hex(value: f64) -> String {
    if !value.is_finite() {
        return super::float_repr(value);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = value.to_bits();
    let (field, fraction) = ((bits >> 52 & 0x7ff) as i64, bits & ((1 << 52) - 1));
    let (lead, exponent) = if field == 0 { (0, -1022) } else { (1, field - 1023) };
    format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")
}

/// `float.fromhex(text)`.
pub fn float_from_hex(text: &str) -> Result<f64, HexError> {
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let (negative, body) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    };
    let magnitude = match body.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        body => magnitude(body.strip_prefix("0x").unwrap_or(body))?,
    };
    Ok(if negative { -magnitude } else { magnitude })
}

fn magnitude(body: &str) -> Result<f64, HexError> {
    let (mantissa, exponent) = match body.split_once('p') {
        Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
        None => (body, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Err(HexError::Invalid);
    }
    let mut bits = 0u128;
    let mut dropped = 0i64;
    for digit in whole.chars().chain(fraction.chars()) {
        let digit = u128::from(digit.to_digit(16).ok_or(HexError::Invalid)?);
        if bits >> 120 == 0 {
            bits = bits << 4 | digit;
        } else {
            bits |= u128::from(digit != 0);
            dropped += 1;
        }
    }
    scaled(bits, exponent.saturating_add(4 * (dropped - fraction.len() as i64))).ok_or(HexError::TooLarge)
}

/// Exponents far out of range are brought to one that still is out of range however many digits there are.
fn parse_exponent(text: &str) -> Result<i64, HexError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(HexError::Invalid);
    }
    const FAR: i64 = 1 << 60;
    let magnitude = digits.parse::<i64>().map_or(FAR, |value| value.min(FAR));
    Ok(if text.starts_with('-') { -magnitude } else { magnitude })
}
