//! `int()`: from numbers, text and bytes.

use crate::native::Args;
use crate::object::{Class, IntObject, Str};
use crate::types::{ByteArray, Bytes};
use crate::{Py, Raised, Result, error, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_num::{IntError, ParseIntError, parse_int};

/// The characters of a wrong literal that its message shows.
const SHOWN: usize = 200;

pub(super) fn new_int(py: &mut Py, cls: Gc<Class>, args: Args) -> Result {
    let count = args.len();
    if args.positional().len() > 2 || count > 2 {
        if args.has_keywords() || cls != py.types.int {
            let kind = if args.positional().is_empty() { "keyword " } else { "" };
            raise!(py, TypeError, "int() takes at most 2 {kind}arguments ({count} given)");
        }
        raise!(py, TypeError, "int expected at most 2 arguments, got {count}");
    }
    let mut base = args.get(1);
    for index in 0..args.keyword_count() {
        let (name, value) = args.keyword(py, index);
        if name.get(py).bytes() != b"base" {
            let name = name.get(py).lossy();
            return Err(py.unexpected_keyword("int", &name, &["base"]));
        }
        if base.is_some() {
            raise!(py, TypeError, "argument for int() given by name ('base') and position (2)");
        }
        base = Some(value);
    }
    let value = match (args.get(0), base) {
        (None, None) => Value::small(0),
        (None, Some(_)) => raise!(py, TypeError, "int() missing string argument"),
        (Some(value), None) => py.int_from(value)?,
        (Some(value), Some(base)) => {
            let base = py.to_isize_clipped(base)?;
            if base != 0 && !(2..=36).contains(&base) {
                raise!(py, ValueError, "int() base must be >= 2 and <= 36, or 0");
            }
            let text = py.is_str(value) || Gc::<Bytes>::cast(py, value).is_some() || Gc::<ByteArray>::cast(py, value).is_some();
            match if text { literal(py, value)? } else { None } {
                Some(text) => parse(py, value, &text, base as u32)?,
                None => raise!(py, TypeError, "int() can't convert non-string with explicit base"),
            }
        }
    };
    if cls == py.types.int { Ok(value) } else { Ok(py.alloc_as(cls, IntObject { header: Header::EMPTY, value }).into()) }
}

/// The text of a str or bytes-like value as ASCII, where foreign digits and spaces are translated.
fn literal(py: &mut Py, value: Value) -> Result<Option<Vec<u8>>> {
    if let Some(text) = Gc::<Str>::cast(py, value) {
        return Ok(Some(py.ascii_number(text)));
    }
    if let Some(bytes) = Gc::<Bytes>::cast(py, value) {
        return Ok(Some(bytes.get(py).data().to_vec()));
    }
    if py.class_of(value).get(py).slots.buffer.is_none() {
        return Ok(None);
    }
    let bytes = py.call(py.types.bytes.into(), &[value])?;
    Ok(Gc::<Bytes>::cast(py, bytes).map(|bytes| bytes.get(py).data().to_vec()))
}

fn parse(py: &mut Py, given: Value, text: &[u8], base: u32) -> Result {
    let limit = py.int_digit_limit;
    let parsed = py.long_operation(|_, interrupt| match parse_int(text, base, limit, interrupt) {
        Err(ParseIntError::Interrupted) => Err(IntError::Interrupted),
        result => Ok(result),
    })?;
    match parsed {
        Ok(integer) => Ok(py.new_integer(&integer)),
        Err(ParseIntError::TooManyDigits(digits)) => {
            let message = ParseIntError::digits_message(digits, limit);
            raise!(py, ValueError, "{message}")
        }
        Err(_) => {
            let shown = if py.is_str(given) { given } else { py.new_bytes(text).into() };
            let shown: String = py.repr_text(shown)?.chars().take(SHOWN).collect();
            raise!(py, ValueError, "invalid literal for int() with base {base}: {shown}")
        }
    }
}

impl Py {
    /// `int(value)`: an exact int.
    pub fn int_from(&mut self, value: Value) -> Result {
        if value.is_int() {
            return Ok(value);
        }
        if let Some(float) = value.as_float() {
            return self.int_from_f64(float);
        }
        let slots = &self.class_of(value).get(self).slots;
        if let Some(int) = slots.int {
            let result = int(self, value)?;
            if self.is_int(result) {
                if !result.is_int() && self.class_of(result) != self.types.int {
                    self.warn_strict_subclass("__int__", "int", result)?;
                }
                return Ok(self.int_payload(result));
            }
            let class = self.class_name(result);
            raise!(self, TypeError, "__int__ returned non-int (type {class})");
        }
        if slots.index.is_some() {
            let index = self.index(value)?;
            return Ok(self.int_payload(index));
        }
        match literal(self, value)? {
            Some(text) => parse(self, value, &text, 10),
            None => Err(self.not_a_number("int", "a string, a bytes-like object or a real number", value)),
        }
    }

    /// The error for an argument that a number cannot be made from.
    #[cold]
    pub(in crate::types) fn not_a_number(&mut self, function: &str, expected: &str, value: Value) -> Raised {
        let class = self.class_name(value);
        error!(self, TypeError, "{function}() argument must be {expected}, not '{class}'")
    }

    /// The text with Unicode's decimal digits as ASCII ones, its spaces as spaces, and `?` for other characters that are not ASCII.
    pub fn ascii_number(&self, text: Gc<Str>) -> Vec<u8> {
        let text = text.get(self);
        if text.is_ascii() {
            return text.bytes().to_vec();
        }
        let ascii = |c: u32| match c {
            0..0x80 => c as u8,
            _ if bredli_text::unicode::is_space(c) => b' ',
            _ => bredli_text::unicode::decimal(c).map_or(b'?', |digit| b'0' + digit),
        };
        text.code_points().map(ascii).collect()
    }
}
