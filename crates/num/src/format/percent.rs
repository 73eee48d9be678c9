//! `%` formatting: parsing of `%(name)#0- +*.*d` and rendering of the values, for `str` and `bytes` alike.
//!
//! Works on bytes so that any encoding that keeps ASCII as it is can be parsed. Fetching the arguments, and the errors about
//! their number and types, are the caller's.

use super::spec::MAX_WIDTH;
use crate::float::{FloatCode, FloatStyle, float_text};
use crate::{Int, IntError, Interrupt, wtf8};
use std::fmt;

/// The flags between `%` and the width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct PercentFlags {
    /// `-`
    pub left: bool,
    /// `+`
    pub plus: bool,
    /// ` `
    pub space: bool,
    /// `#`
    pub alternate: bool,
    /// `0`
    pub zero: bool,
}

/// A width or a precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentAmount {
    /// Written in the format.
    Given(usize),
    /// `*`: the next argument.
    Argument,
}

/// A conversion: `%` and what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PercentSpec<'a> {
    /// The name in parentheses.
    pub key: Option<&'a [u8]>,
    /// The flags.
    pub flags: PercentFlags,
    /// The width, if any.
    pub width: Option<PercentAmount>,
    /// The precision, if any.
    pub precision: Option<PercentAmount>,
    /// What is wrong with the rest; it comes to light when the arguments for what comes before it have been taken.
    pub error: Option<PercentError>,
    /// The letter that selects the conversion; letters that CPython does not know come here too (see [`PercentPieces::unsupported`]).
    pub conversion: u8,
    /// The letter's position in bytes.
    pub position: usize,
}

/// Width and precision of a conversion once the arguments for `*` are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct PercentWidths {
    /// The flags; a negative width argument means `-`.
    pub flags: PercentFlags,
    /// The width, 0 for none.
    pub width: usize,
    /// The precision.
    pub precision: Option<usize>,
}

impl PercentSpec<'_> {
    /// Width and precision, given the arguments for `*` in the order width, precision (ignored where there is none).
    /// Absurd ones are [`IntError::TooLarge`].
    pub fn widths(&self, width: i64, precision: i64) -> Result<PercentWidths, PercentError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let mut flags = self.flags;
        let width = match self.width {
            None => 0,
            Some(PercentAmount::Given(width)) => width,
            Some(PercentAmount::Argument) => {
                flags.left |= width < 0;
                width.unsigned_abs() as usize
            }
        };
        let precision = match self.precision {
            None => None,
            Some(PercentAmount::Given(precision)) => Some(precision),
            Some(PercentAmount::Argument) => Some(precision.max(0) as usize),
        };
        if width.max(precision.unwrap_or(0)) > MAX_WIDTH {
            return Err(PercentError::Int(IntError::TooLarge));
        }
        Ok(PercentWidths { flags, width, precision })
    }
}

/// A piece of a `%` format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentPiece<'a> {
    /// Text as it is, `%%` already single.
    Literal(&'a [u8]),
    /// A conversion.
    Conversion(PercentSpec<'a>),
}

/// Why a `%` format is wrong, or a value has no text. `Display` gives CPython's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentError {
    /// ValueError: the format ends within a conversion.
    Incomplete,
    /// ValueError: the format ends within a name.
    IncompleteKey,
    /// ValueError.
    WidthTooBig,
    /// ValueError.
    PrecisionTooBig,
    /// ValueError: the same in a bytes format.
    PrecTooBig,
    /// OverflowError: of an int.
    PrecisionTooLarge,
    /// ValueError: the code of the letter and its index in characters.
    Unsupported(u32, usize),
    /// ValueError: the same in a bytes format.
    UnsupportedByte(u8, usize),
    /// The int has no text: the digit limit, or an interrupt.
    Int(IntError),
}

impl From<IntError> for PercentError {
    fn from(error: IntError) -> PercentError {
        PercentError::Int(error)
    }
}

impl fmt::Display for PercentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            PercentError::Incomplete => f.write_str("incomplete format"),
            PercentError::IncompleteKey => f.write_str("incomplete format key"),
            PercentError::WidthTooBig => f.write_str("width too big"),
            PercentError::PrecisionTooBig => f.write_str("precision too big"),
            PercentError::PrecTooBig => f.write_str("prec too big"),
            PercentError::PrecisionTooLarge => f.write_str("precision too large"),
            PercentError::Unsupported(code, index) => {
                let letter = char::from_u32(code).filter(|letter| (' '..'\u{7f}').contains(letter)).unwrap_or('?');
                write!(f, "unsupported format character '{letter}' (0x{code:x}) at index {index}")
            }
            PercentError::UnsupportedByte(byte, index) => {
                write!(f, "unsupported format character '{}' (0x{byte:x}) at index {index}", char::from(byte))
            }
            PercentError::Int(error) => error.fmt(f),
        }
    }
}

/// The pieces of a `%` format. After one with an error the iterator ends.
#[derive(Clone, Debug)]
pub struct PercentPieces<'a> {
    format: &'a [u8],
    at: usize,
    text: bool,
}

impl<'a> PercentPieces<'a> {
    /// The pieces of a text, which is UTF-8 or WTF-8.
    pub fn new(format: &'a [u8]) -> PercentPieces<'a> {
        PercentPieces { format, at: 0, text: true }
    }

    /// The pieces of bytes.
    pub fn of_bytes(format: &'a [u8]) -> PercentPieces<'a> {
        PercentPieces { format, at: 0, text: false }
    }

    /// The error for a conversion letter that is not known.
    pub fn unsupported(&self, spec: &PercentSpec<'_>) -> PercentError {
        let (before, letter) = self.format.split_at(spec.position);
        match wtf8::first(letter) {
            Some((code, _)) if self.text => PercentError::Unsupported(code, wtf8::count(before)),
            _ => PercentError::UnsupportedByte(spec.conversion, spec.position),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    fn spec(&mut self) -> PercentSpec<'a> {
        let flags = PercentFlags::default();
        let mut spec = PercentSpec { key: None, flags, width: None, precision: None, error: None, conversion: 0, position: 0 };
        spec.error = self.fill(&mut spec).err();
        spec
    }

    fn fill(&mut self, spec: &mut PercentSpec<'a>) -> Result<(), PercentError> {
        if self.peek() == Some(b'(') {
            spec.key = Some(b"");
            spec.key = Some(self.key()?);
        }
        loop {
            match self.peek() {
                Some(b'-') => spec.flags.left = true,
                Some(b'+') => spec.flags.plus = true,
                Some(b' ') => spec.flags.space = true,
                Some(b'#') => spec.flags.alternate = true,
                Some(b'0') => spec.flags.zero = true,
                _ => break,
            }
            self.at += 1;
        }
        spec.width = self.amount(isize::MAX as usize).ok_or(PercentError::WidthTooBig)?;
        if self.peek() == Some(b'.') {
            self.at += 1;
            let too_big = if self.text { PercentError::PrecisionTooBig } else { PercentError::PrecTooBig };
            let given = self.amount(i32::MAX as usize).ok_or(too_big)?;
            spec.precision = Some(given.unwrap_or(PercentAmount::Given(0)));
        }
        if matches!(self.peek(), Some(b'h' | b'l' | b'L')) {
            self.at += 1;
        }
        spec.position = self.at;
        spec.conversion = self.peek().ok_or(PercentError::Incomplete)?;
        self.at += 1;
        Ok(())
    }

    fn key(&mut self) -> Result<&'a [u8], PercentError> {
        let start = self.at + 1;
        let mut depth = 0;
        for (at, byte) in self.format.iter().enumerate().skip(self.at) {
            match byte {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.at = at + 1;
                return Ok(&self.format[start..at]);
            }
        }
        Err(PercentError::IncompleteKey)
    }

    /// A number or `*`; the outer `None` says that the number is greater than allowed.
    fn amount(&mut self, most: usize) -> Option<Option<PercentAmount>> {
        if self.peek() == Some(b'*') {
            self.at += 1;
            return Some(Some(PercentAmount::Argument));
        }
        let mut amount = None;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            let value = amount.unwrap_or(0usize).checked_mul(10)?.checked_add(usize::from(digit - b'0'))?;
            if value > most {
                return None;
            }
            amount = Some(value);
            self.at += 1;
        }
        Some(amount.map(PercentAmount::Given))
    }
}

impl<'a> Iterator for PercentPieces<'a> {
    type Item = PercentPiece<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.format[self.at..];
        if rest.is_empty() {
            return None;
        }
        let len = rest.iter().position(|&byte| byte == b'%').unwrap_or(rest.len());
        if len > 0 {
            self.at += len;
            return Some(PercentPiece::Literal(&rest[..len]));
        }
        if rest.get(1) == Some(&b'%') {
            self.at += 2;
            return Some(PercentPiece::Literal(&rest[..1]));
        }
        self.at += 1;
        let spec = self.spec();
        if spec.error.is_some() {
            self.at = self.format.len();
        }
        Some(PercentPiece::Conversion(spec))
    }
}

/// The text of an int for `d`, `i`, `u`, `o`, `x` or `X`. `digit_limit` as in [`Int::to_decimal`].
pub fn percent_int(
    value: Int<'_>,
    conversion: u8,
    widths: &PercentWidths,
    digit_limit: usize,
    interrupt: Interrupt<'_>,
) -> Result<String, PercentError> {
    if widths.precision.is_some_and(|precision| precision > i32::MAX as usize - 3) {
        return Err(PercentError::PrecisionTooLarge);
    }
    let (digits, prefix) = match conversion {
        b'o' => (value.abs().to_radix_bits(3), "0o"),
        b'x' => (value.abs().to_radix_bits(4), "0x"),
        b'X' => (value.abs().to_radix_bits(4).to_ascii_uppercase(), "0X"),
        _ => (value.abs().to_decimal(digit_limit, interrupt)?, ""),
    };
    let zeros = widths.precision.unwrap_or(0).saturating_sub(digits.len());
    let digits = "0".repeat(zeros) + &digits;
    let prefix = if widths.flags.alternate { prefix } else { "" };
    Ok(number(value.is_negative(), prefix, &digits, widths))
}

/// The text of a float for `e`, `E`, `f`, `F`, `g` or `G`.
pub fn percent_float(value: f64, conversion: u8, widths: &PercentWidths) -> Result<String, PercentError> {
    let code = match conversion.to_ascii_lowercase() {
        b'e' => FloatCode::Exponent,
        b'f' => FloatCode::Fixed,
        _ => FloatCode::General,
    };
    let style = FloatStyle { alternate: widths.flags.alternate, upper: conversion.is_ascii_uppercase(), ..FloatStyle::default() };
    let text = float_text(value, code, widths.precision.unwrap_or(6), style);
    let digits = text.strip_prefix('-').unwrap_or(&text);
    Ok(number(digits.len() < text.len(), "", digits, widths))
}

fn number(negative: bool, prefix: &str, digits: &str, widths: &PercentWidths) -> String {
    let flags = widths.flags;
    let sign = match negative {
        true => "-",
        false if flags.plus => "+",
        false if flags.space => " ",
        false => "",
    };
    let padding = widths.width.saturating_sub(sign.len() + prefix.len() + digits.len());
    match (flags.left, flags.zero) {
        (true, _) => format!("{sign}{prefix}{digits}{}", " ".repeat(padding)),
        (false, true) => format!("{sign}{prefix}{}{digits}", "0".repeat(padding)),
        (false, false) => format!("{}{sign}{prefix}{digits}", " ".repeat(padding)),
    }
}

/// How text (`s`, `r`, `a`, `c`, `b`) of this many characters is cut and padded: characters kept, spaces before, spaces after.
/// `c` passes no precision.
pub fn percent_text(chars: usize, widths: &PercentWidths) -> super::Padding {
    let keep = widths.precision.map_or(chars, |precision| precision.min(chars));
    let padding = widths.width.saturating_sub(keep);
    let (left, right) = if widths.flags.left { (0, padding) } else { (padding, 0) };
    super::Padding { keep, left, right }
}
