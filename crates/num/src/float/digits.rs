//! Doubles as decimal text: the shortest digits that read back as the same number, or as many exact ones as asked for.
//!
//! The shortest digits come from `ryu` (the standard library rounds ties up, CPython to even), exact ones from the standard
//! library, which rounds halves to even; their arrangement is CPython's.

use crate::ShortDecimal;
use std::fmt::Write;

/// A double's exact value needs no more decimal digits than this, neither significant ones nor after the point.
const MOST_DIGITS: usize = 1100;

/// How digits are arranged: the letter of a format specification, in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatCode {
    /// `e`: one digit before the point, and an exponent.
    Exponent,
    /// `f`: a fixed number of digits after the point.
    Fixed,
    /// `g`: a number of significant digits, in either arrangement.
    General,
    /// `repr`: the shortest digits, in either arrangement; the precision is ignored.
    Repr,
}

/// Variations of the arrangement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct FloatStyle {
    /// `#`: the point stays though nothing follows it, and `g` keeps its trailing zeros.
    pub alternate: bool,
    /// A result that looks like an int gets `.0`.
    pub add_dot_zero: bool,
    /// `z`: what rounds to negative zero loses the sign.
    pub no_negative_zero: bool,
    /// Capital letters: `E`, `INF`, `NAN`.
    pub upper: bool,
}

/// Significant digits and the position of the decimal point: the value is `0.DIGITS * 10^point`.
struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    /// From the text of the standard library's `e` format.
    fn from_exponent_text(text: &str) -> Decimal {
        let (mantissa, exponent) = text.split_once('e').expect("the e format has an exponent");
        let digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
        Decimal { digits, point: exponent.parse::<i64>().expect("a number") + 1 }
    }

    /// The shortest digits that read back as the same number; of those the nearest to it, ties to even.
    fn shortest(magnitude: f64) -> Decimal {
        let mut buffer = ryu::Buffer::new();
        let text = buffer.format_finite(magnitude);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = Vec::with_capacity(24);
        digits.extend_from_slice(whole.as_bytes());
        digits.extend_from_slice(fraction.as_bytes());
        let zeros = digits.iter().position(|&digit| digit != b'0').unwrap_or(digits.len() - 1);
        digits.drain(..zeros);
        let point = whole.len() as i64 - zeros as i64 + exponent.parse::<i64>().expect("a number");
        Decimal { digits, point }.without_trailing_zeros().normal(magnitude)
    }

    /// `count` significant digits.
    fn significant(magnitude: f64, count: usize) -> Decimal {
        let given = count.clamp(1, MOST_DIGITS);
        let mut decimal = Decimal::from_exponent_text(&format!("{magnitude:.*e}", given - 1)).normal(magnitude);
        decimal.digits.resize(count.max(1), b'0');
        decimal
    }

    fn normal(mut self, magnitude: f64) -> Decimal {
        if magnitude == 0.0 {
            self.point = 1;
        }
        self
    }

    fn without_trailing_zeros(mut self) -> Decimal {
        while self.digits.len() > 1 && self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
        self
    }
}

/// `repr(value)`.
pub fn float_repr(value: f64) -> String {
    float_text(value, FloatCode::Repr, 0, FloatStyle { add_dot_zero: true, ..FloatStyle::default() })
}

/// The text of a double by a format code, with `-` before negative numbers. Mirrors `PyOS_double_to_string`.
pub fn float_text(value: f64, code: FloatCode, precision: usize, style: FloatStyle) -> String {
    if !value.is_finite() {
        let text = match (value.is_nan(), value < 0.0) {
            (true, _) => "nan",
            (false, true) => "-inf",
            (false, false) => "inf",
        };
        return if style.upper { text.to_ascii_uppercase() } else { text.to_string() };
    }
    let magnitude = value.abs();
    if code == FloatCode::Fixed {
        return fixed(value, precision, style);
    }
    let decimal = match code {
        FloatCode::Repr => Decimal::shortest(magnitude),
        FloatCode::Exponent | FloatCode::Fixed => Decimal::significant(magnitude, precision.saturating_add(1)),
        FloatCode::General if style.alternate => Decimal::significant(magnitude, precision),
        FloatCode::General => Decimal::significant(magnitude, precision.min(MOST_DIGITS)).without_trailing_zeros(),
    };
    let exponent = match code {
        FloatCode::Exponent | FloatCode::Fixed => true,
        FloatCode::Repr => decimal.point <= -4 || decimal.point > 16,
        FloatCode::General => {
            let limit = precision.max(1) as i64;
            decimal.point <= -4 || decimal.point > limit || decimal.point == limit && style.add_dot_zero
        }
    };
    let mut text = String::with_capacity(decimal.digits.len() + 8);
    let zero = decimal.digits.iter().all(|&digit| digit == b'0');
    if value.is_sign_negative() && !(style.no_negative_zero && zero) {
        text.push('-');
    }
    let digits = std::str::from_utf8(&decimal.digits).expect("ASCII digits");
    if exponent {
        text.push_str(&digits[..1]);
        if digits.len() > 1 || style.alternate {
            text.push('.');
        }
        text.push_str(&digits[1..]);
        let power = decimal.point - 1;
        let (letter, sign) = (if style.upper { 'E' } else { 'e' }, if power < 0 { '-' } else { '+' });
        write!(text, "{letter}{sign}{:02}", power.abs()).expect("a String takes everything");
        return text;
    }
    let fraction = if decimal.point <= 0 {
        text.push_str("0.");
        text.extend(std::iter::repeat_n('0', -decimal.point as usize));
        text.push_str(digits);
        return text;
    } else if decimal.point as usize >= digits.len() {
        text.push_str(digits);
        text.extend(std::iter::repeat_n('0', decimal.point as usize - digits.len()));
        ""
    } else {
        text.push_str(&digits[..decimal.point as usize]);
        &digits[decimal.point as usize..]
    };
    if !fraction.is_empty() || style.alternate || style.add_dot_zero {
        text.push('.');
    }
    text.push_str(if fraction.is_empty() && style.add_dot_zero { "0" } else { fraction });
    text
}

/// A fixed number of digits after the point, where the number with its point moved behind them fits a machine integer.
fn short_fixed(value: f64, precision: usize) -> Option<String> {
    /// 53 bits times ten to this power are below 2^107.
    const MOST: usize = 16;
    if precision > MOST {
        return None;
    }
    let (bits, scale) = (value.to_bits(), 10u64.pow(precision as u32));
    let field = (bits >> 52 & 0x7FF) as i32;
    let fraction = bits & ((1 << 52) - 1);
    let (mantissa, exponent) = if field == 0 { (fraction, -1074) } else { (fraction | 1 << 52, field - 1075) };
    let scaled = u128::from(mantissa) * u128::from(scale);
    let number = match exponent {
        0..=10 => scaled << exponent,
        -120..0 => {
            let (number, rest, half) = (scaled >> -exponent, scaled & ((1 << -exponent) - 1), 1u128 << (-exponent - 1));
            number + u128::from(rest > half || rest == half && number & 1 == 1)
        }
        _ => return None,
    };
    let number = u64::try_from(number).ok()?;
    let mut text = String::with_capacity(24 + precision);
    if value.is_sign_negative() {
        text.push('-');
    }
    let digits = ShortDecimal::unsigned(number);
    let (whole, fraction) = digits.as_str().split_at(digits.as_bytes().len().saturating_sub(precision));
    text.push_str(if whole.is_empty() { "0" } else { whole });
    if precision > 0 {
        text.push('.');
        push_zeros(&mut text, precision - fraction.len());
        text.push_str(fraction);
    }
    Some(text)
}

/// A fixed number of digits after the point.
fn fixed(value: f64, precision: usize, style: FloatStyle) -> String {
    let given = precision.min(MOST_DIGITS);
    // The standard library arranges them in the same way.
    let mut text = short_fixed(value, precision).unwrap_or_else(|| format!("{value:.given$}"));
    if style.no_negative_zero && text.starts_with('-') && text.bytes().all(|byte| matches!(byte, b'-' | b'.' | b'0')) {
        text.remove(0);
    }
    if precision == 0 && style.alternate {
        text.push('.');
    }
    push_zeros(&mut text, precision - given);
    text
}

fn push_zeros(text: &mut String, count: usize) {
    if count > 0 {
        text.extend(std::iter::repeat_n('0', count));
    }
}
