//! `format(value, spec)` for ints, floats, complex numbers and strings, as WTF-8.

use super::spec::{Align, FormatError, FormatSpec, Grouping, Sign, invalid};
use crate::float::{FloatCode, FloatStyle, float_text};
use crate::{Complex, Int, Interrupt, ShortDecimal, wtf8};
use std::borrow::Cow;

/// How type `n` writes numbers: what C's `localeconv` tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locale<'a> {
    /// The decimal point.
    pub decimal_point: &'a str,
    /// The separator between groups of integer digits.
    pub thousands_separator: &'a str,
    /// The sizes of the groups from the right; the last one repeats, 127 (`CHAR_MAX`) ends grouping.
    pub grouping: &'a [u8],
}

impl Locale<'static> {
    /// The "C" locale: a point, and no grouping.
    pub const C: Locale<'static> = Locale { decimal_point: ".", thousands_separator: "", grouping: &[] };
}

/// The fraction digits' separator, or none.
fn separator(grouping: Option<Grouping>) -> &'static str {
    match grouping {
        Some(Grouping::Comma) => ",",
        Some(Grouping::Underscore) => "_",
        None => "",
    }
}

/// The parts of a number's text, to be grouped, padded and joined.
#[derive(Default)]
struct Parts<'a> {
    negative: bool,
    prefix: &'a str,
    digits: &'a str,
    point: bool,
    fraction: &'a str,
    rest: &'a [u8],
}

impl<'a> Parts<'a> {
    /// Splits the text of a float: sign, digits, fraction, and the rest (exponent, `inf`, `%`).
    fn of_float(text: &'a str) -> Parts<'a> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let digits_len = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = text.split_at(digits_len(text));
        let (point, fraction, rest) = match rest.strip_prefix('.') {
            Some(after) => {
                let (fraction, rest) = after.split_at(digits_len(after));
                (true, fraction, rest)
            }
            None => (false, "", rest),
        };
        Parts { negative, prefix: "", digits, point, fraction, rest: rest.as_bytes() }
    }

    fn layout(&self, spec: &FormatSpec, locale: &Locale<'_>) -> Vec<u8> {
        if spec.is_plain() && spec.align != Align::AfterSign && spec.fill == u32::from(' ') {
            return self.padded(spec);
        }
        let sign = match (self.negative, spec.sign) {
            (true, _) => "-",
            (false, Sign::Plus) => "+",
            (false, Sign::Space) => " ",
            (false, Sign::Unspecified | Sign::Minus) => "",
        };
        let fraction = group_from_left(self.fraction, separator(spec.fraction_grouping));
        let point = if self.point { locale.decimal_point } else { "" };
        // The other parts are ASCII.
        let fixed = sign.len() + self.prefix.len() + wtf8::count(point.as_bytes()) + fraction.len() + wtf8::count(self.rest);
        // Zeros that fill the field are grouped like other digits.
        let least = if spec.fill == u32::from('0') && spec.align == Align::AfterSign { spec.width.saturating_sub(fixed) } else { 0 };
        let digits = if self.digits.is_empty() { Cow::Borrowed("") } else { group(self.digits, least, locale) };
        let (left, right) = spec.padding(fixed + wtf8::count(digits.as_bytes()));
        let mut text = Vec::with_capacity(left + right + fixed + digits.len() + 4);
        if spec.align == Align::AfterSign {
            text.extend_from_slice(sign.as_bytes());
            text.extend_from_slice(self.prefix.as_bytes());
            push_fill(&mut text, spec.fill, left);
        } else {
            push_fill(&mut text, spec.fill, left);
            text.extend_from_slice(sign.as_bytes());
            text.extend_from_slice(self.prefix.as_bytes());
        }
        for part in [digits.as_bytes(), point.as_bytes(), fraction.as_bytes(), self.rest] {
            text.extend_from_slice(part);
        }
        push_fill(&mut text, spec.fill, right);
        text
    }

    /// [`layout`](Self::layout) where there is nothing to group and spaces stand around the number.
    fn padded(&self, spec: &FormatSpec) -> Vec<u8> {
        let (sign, point) = (if self.negative { "-" } else { "" }, if self.point { "." } else { "" });
        let parts = [sign, self.prefix, self.digits, point, self.fraction].map(str::as_bytes);
        let len = parts.iter().map(|part| part.len()).sum::<usize>();
        let (left, right) = spec.padding(len + wtf8::count(self.rest));
        let mut text = Vec::with_capacity(left + len + self.rest.len() + right);
        push_fill(&mut text, spec.fill, left);
        for part in parts {
            text.extend_from_slice(part);
        }
        text.extend_from_slice(self.rest);
        push_fill(&mut text, spec.fill, right);
        text
    }
}

fn push_fill(text: &mut Vec<u8>, fill: u32, count: usize) {
    match u8::try_from(fill) {
        Ok(byte @ 0..0x80) => text.resize(text.len() + count, byte),
        _ => (0..count).for_each(|_| wtf8::push(text, fill)),
    }
}

/// Digits with separators between groups counted from the right; zeros are added in front to reach `least` characters.
fn group<'a>(digits: &'a str, least: usize, locale: &Locale<'_>) -> Cow<'a, str> {
    if locale.grouping.is_empty() && least <= digits.len() {
        return Cow::Borrowed(digits);
    }
    let separator_len = locale.thousands_separator.chars().count();
    let mut groups: Vec<(usize, &str)> = Vec::new();
    let (mut rest, mut least) = (digits, least);
    let mut sizes = locale.grouping.iter().copied().chain(std::iter::repeat(locale.grouping.last().copied().unwrap_or(127)));
    loop {
        let wanted = rest.len().max(least).max(1);
        let size = match sizes.next() {
            Some(size @ 1..127) => wanted.min(usize::from(size)),
            _ => wanted,
        };
        let (head, tail) = rest.split_at(rest.len().saturating_sub(size));
        groups.push((size - tail.len(), tail));
        (rest, least) = (head, least.saturating_sub(size));
        if rest.is_empty() && least == 0 {
            break;
        }
        least = least.saturating_sub(separator_len);
    }
    let mut text = String::with_capacity(digits.len() * 2);
    for (index, (zeros, tail)) in groups.iter().rev().enumerate() {
        if index > 0 {
            text.push_str(locale.thousands_separator);
        }
        text.extend(std::iter::repeat_n('0', *zeros));
        text.push_str(tail);
    }
    Cow::Owned(text)
}

fn group_from_left<'a>(digits: &'a str, separator: &str) -> Cow<'a, str> {
    if separator.is_empty() {
        return Cow::Borrowed(digits);
    }
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (index, digit) in digits.char_indices() {
        if index > 0 && index % 3 == 0 {
            text.push_str(separator);
        }
        text.push(digit);
    }
    Cow::Owned(text)
}

fn locale_of<'a>(spec: &FormatSpec, locale: &Locale<'a>) -> Locale<'a> {
    if spec.kind == Some('n') {
        return *locale;
    }
    let grouping: &[u8] = match spec.grouping {
        None => &[],
        Some(_) if matches!(spec.kind, Some('b' | 'o' | 'x' | 'X')) => &[4],
        Some(_) => &[3],
    };
    Locale { decimal_point: ".", thousands_separator: separator(spec.grouping), grouping }
}

/// `format(int, spec)`. `type_name` is the class's name; `digit_limit` as in [`Int::to_decimal`].
pub fn format_int(
    value: Int<'_>,
    spec: &FormatSpec,
    type_name: &str,
    locale: &Locale<'_>,
    digit_limit: usize,
    interrupt: Interrupt<'_>,
) -> Result<Vec<u8>, FormatError> {
    let kind = spec.kind.unwrap_or('d');
    match kind {
        'b' | 'c' | 'd' | 'o' | 'x' | 'X' | 'n' => {}
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' => return format_float(value.to_f64()?, spec, type_name, locale),
        _ => return spec.unknown_code(type_name),
    }
    if spec.precision.is_some() {
        return invalid("Precision not allowed in integer format specifier");
    }
    if spec.no_negative_zero {
        return invalid("Negative zero coercion (z) not allowed in integer format specifier");
    }
    if kind == 'c' {
        return format_char(value, spec);
    }
    let (short, long);
    let text: &str = match (kind, value.limbs()) {
        ('d' | 'n', limbs @ ([] | [_])) => {
            short = ShortDecimal::unsigned(limbs.first().copied().unwrap_or(0));
            short.as_str()
        }
        _ => {
            long = match kind {
                'b' => value.to_radix_bits(1),
                'o' => value.to_radix_bits(3),
                'x' => value.to_radix_bits(4),
                'X' => value.to_radix_bits(4).to_ascii_uppercase(),
                _ => value.to_decimal(digit_limit, interrupt)?,
            };
            &long
        }
    };
    let prefix = match kind {
        'b' => "0b",
        'o' => "0o",
        'x' => "0x",
        'X' => "0X",
        _ => "",
    };
    let parts = Parts {
        negative: value.is_negative(),
        prefix: if spec.alternate { prefix } else { "" },
        digits: text.strip_prefix('-').unwrap_or(text),
        ..Parts::default()
    };
    Ok(parts.layout(spec, &locale_of(spec, locale)))
}

fn format_char(value: Int<'_>, spec: &FormatSpec) -> Result<Vec<u8>, FormatError> {
    if spec.sign != Sign::Unspecified {
        return invalid("Sign not allowed with integer format specifier 'c'");
    }
    if spec.alternate {
        return invalid("Alternate form (#) not allowed with integer format specifier 'c'");
    }
    let overflow = |message: &str| Err(FormatError::Overflow(message.to_string()));
    let Some(code) = value.to_i64() else { return overflow("Python int too large to convert to C long") };
    let Ok(code @ 0..=0x10_ffff) = u32::try_from(code) else { return overflow("%c arg not in range(0x110000)") };
    let mut char = Vec::with_capacity(4);
    wtf8::push(&mut char, code);
    Ok(Parts { rest: &char, ..Parts::default() }.layout(spec, &Locale::C))
}

/// The text of a float by the specification's letter, precision and flags, without sign, grouping or padding applied.
fn float_digits(value: f64, spec: &FormatSpec, plain: FloatCode, style: FloatStyle) -> Result<String, FormatError> {
    if spec.precision.is_some_and(|precision| precision > i32::MAX as usize) {
        return invalid("precision too big");
    }
    let code = match spec.kind {
        Some('e' | 'E') => FloatCode::Exponent,
        Some('f' | 'F' | '%') => FloatCode::Fixed,
        None if spec.precision.is_none() => plain,
        _ => FloatCode::General,
    };
    let style = FloatStyle {
        alternate: spec.alternate,
        no_negative_zero: spec.no_negative_zero,
        upper: matches!(spec.kind, Some('E' | 'F' | 'G')),
        ..style
    };
    let value = if spec.kind == Some('%') { value * 100.0 } else { value };
    let mut text = float_text(value, code, spec.precision.unwrap_or(6), style);
    if spec.kind == Some('%') {
        text.push('%');
    }
    Ok(text)
}

/// `format(float, spec)`.
pub fn format_float(value: f64, spec: &FormatSpec, type_name: &str, locale: &Locale<'_>) -> Result<Vec<u8>, FormatError> {
    if !matches!(spec.kind, None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%')) {
        return spec.unknown_code(type_name);
    }
    let style = FloatStyle { add_dot_zero: spec.kind.is_none(), ..FloatStyle::default() };
    let text = float_digits(value, spec, FloatCode::Repr, style)?;
    if spec.is_plain() && text.len() >= spec.width {
        return Ok(text.into_bytes());
    }
    Ok(Parts::of_float(&text).layout(spec, &locale_of(spec, locale)))
}

/// `format(complex, spec)`.
pub fn format_complex(value: Complex, spec: &FormatSpec, type_name: &str, locale: &Locale<'_>) -> Result<Vec<u8>, FormatError> {
    if !matches!(spec.kind, None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n')) {
        return spec.unknown_code(type_name);
    }
    if spec.fill == u32::from('0') {
        return invalid("Zero padding is not allowed in complex format specifier");
    }
    if spec.align == Align::AfterSign {
        return invalid("'=' alignment flag is not allowed in complex format specifier");
    }
    let only_imaginary = spec.kind.is_none() && value.real == 0.0 && value.real.is_sign_positive();
    let parentheses = spec.kind.is_none() && !only_imaginary;
    let locale = locale_of(spec, locale);
    let part = |value: f64, sign: Sign| -> Result<Vec<u8>, FormatError> {
        let text = float_digits(value, spec, FloatCode::Repr, FloatStyle::default())?;
        let unpadded = FormatSpec { fill: u32::from(' '), align: Align::Left, width: 0, sign, ..*spec };
        Ok(Parts::of_float(&text).layout(&unpadded, &locale))
    };
    let imaginary = part(value.imag, if only_imaginary { spec.sign } else { Sign::Plus })?;
    let real = if only_imaginary { Vec::new() } else { part(value.real, spec.sign)? };
    let (opening, closing): (&[u8], &[u8]) = if parentheses { (b"(", b"j)") } else { (b"", b"j") };
    let text = [opening, &real, &imaginary, closing].concat();
    Ok(pad(&text, spec.fill, spec.padding(wtf8::count(&text))))
}

/// `format(str, spec)`.
pub fn format_str(value: &str, spec: &FormatSpec, type_name: &str) -> Result<Vec<u8>, FormatError> {
    let padding = spec.text_padding(value.chars().count(), type_name)?;
    let end = value.char_indices().nth(padding.keep).map_or(value.len(), |(at, _)| at);
    Ok(pad(&value.as_bytes()[..end], spec.fill, (padding.left, padding.right)))
}

fn pad(text: &[u8], fill: u32, (left, right): (usize, usize)) -> Vec<u8> {
    let mut padded = Vec::with_capacity(left + text.len() + right);
    push_fill(&mut padded, fill, left);
    padded.extend_from_slice(text);
    push_fill(&mut padded, fill, right);
    padded
}
