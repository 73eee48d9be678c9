//! `str.__format__`, and `format(value, spec)` for values whose formatting runs no Python code.
//!
//! The mini-language itself is `bredli_num`'s.

use crate::object::{Str, StrExt, encode_code_point};
use crate::types::shapes;
use crate::{Py, Raised, Result, error};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;
use bredli_num::{FormatError, FormatSpec, FormatTarget, IntError, Locale, format_float, format_int};

#[pymethods(part = "formatting")]
impl Str {
    /// Return a formatted version of the string, using substitutions from args and kwargs, identified by braces.
    #[signature(self, /, *args, **kwargs)]
    fn format(this: Gc<Self>, py: &mut Py, args: crate::native::Args) -> Result<Gc<Str>> {
        super::fields::format(py, this, super::fields::Source::Arguments(args))
    }

    /// Return a formatted version of the string, using substitutions from mapping, identified by braces.
    #[signature(self, mapping, /)]
    fn format_map(this: Gc<Self>, py: &mut Py, mapping: Value) -> Result<Gc<Str>> {
        super::fields::format(py, this, super::fields::Source::Mapping(mapping))
    }

    /// Return a formatted version of the string as described by format_spec.
    #[signature(self, format_spec, /)]
    fn __format__(this: Gc<Self>, py: &mut Py, format_spec: Gc<Str>) -> Result<Gc<Str>> {
        if format_spec.get(py).byte_len() == 0 {
            return py.str(this.into());
        }
        let name = py.class_name(this.into());
        py.format_text(this, format_spec, &name)
    }
}

/// Specifications parsed lately, with their text, its length and what they are for.
#[derive(Default)]
pub(crate) struct FormatSpecs([Option<(u64, usize, FormatTarget, FormatSpec)>; 8]);

/// The most digits an int may have when it becomes decimal text.
const NO_INTERRUPT: fn() -> bool = || false;

impl Py {
    /// Parse a specification for a value whose class is called `class`.
    pub(crate) fn parse_spec(&mut self, spec: Gc<Str>, target: FormatTarget, class: &str) -> std::result::Result<FormatSpec, FormatError> {
        let text = spec.get(self).bytes();
        let len = text.len();
        if len > size_of::<u64>() {
            return FormatSpec::parse(spec.get(self).bytes(), target, class);
        }
        let word = text.iter().fold(0, |word, byte| word << 8 | *byte as u64);
        let place = (word.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 61) as usize;
        if let Some((other, its_len, its_target, parsed)) = &self.format_specs.0[place]
            && (*other, *its_len, *its_target) == (word, len, target)
        {
            return Ok(*parsed);
        }
        let parsed = FormatSpec::parse(spec.get(self).bytes(), target, class)?;
        self.format_specs.0[place] = Some((word, len, target, parsed));
        Ok(parsed)
    }

    /// `format(value, spec)` of an exact int, float or str, which is done without calling a method; none for others.
    #[inline]
    pub(crate) fn format_exact(&mut self, value: Value, spec: Gc<Str>) -> Result<Option<Gc<Str>>> {
        if value.is_int() || crate::object::is_exact(value, shapes::INT) {
            return self.format_int_value(value, spec, "int").map(Some);
        }
        if let Some(float) = value.as_float() {
            return self.format_float_value(float, spec, "float").map(Some);
        }
        if self.is_exact_str(value) {
            let text = Gc::known(self, value);
            return self.format_text(text, spec, "str").map(Some);
        }
        Ok(None)
    }

    /// `int.__format__` for an int or an instance of a subclass, whose class is called `class`.
    pub fn format_int_value(&mut self, value: Value, spec: Gc<Str>, class: &str) -> Result<Gc<Str>> {
        let limit = self.int_digit_limit;
        let text = self.parse_spec(spec, FormatTarget::Int, class).and_then(|spec| {
            let format = |int: bredli_num::Int<'_>| format_int(int, &spec, class, &Locale::C, limit, &mut NO_INTERRUPT.clone());
            self.with_int(value, format).expect("the value is an int")
        });
        match text {
            Ok(text) => Ok(self.new_str_wtf8(&text)),
            Err(error) => Err(self.format_error(error)),
        }
    }

    /// `float.__format__`.
    pub fn format_float_value(&mut self, value: f64, spec: Gc<Str>, class: &str) -> Result<Gc<Str>> {
        let spec = self.parse_spec(spec, FormatTarget::Float, class);
        match spec.and_then(|spec| format_float(value, &spec, class, &Locale::C)) {
            Ok(text) => Ok(self.new_str_wtf8(&text)),
            Err(error) => Err(self.format_error(error)),
        }
    }

    /// `str.__format__`.
    pub fn format_text(&mut self, text: Gc<Str>, spec: Gc<Str>, class: &str) -> Result<Gc<Str>> {
        let chars = text.get(self).char_len();
        let parsed = self.parse_spec(spec, FormatTarget::Str, class);
        let (spec, padding) = match parsed.and_then(|spec| spec.text_padding(chars, class).map(|padding| (spec, padding))) {
            Ok(both) => both,
            Err(error) => return Err(self.format_error(error)),
        };
        let text = if padding.keep < chars {
            let end = text.byte_offset(self, padding.keep);
            self.substr(text, 0, end)
        } else {
            text
        };
        self.pad_str(text, padding.left, padding.right, spec.fill)
    }

    /// The exception for a failed format.
    #[cold]
    pub fn format_error(&mut self, error: FormatError) -> Raised {
        match error {
            FormatError::Value(message) => error!(self, ValueError, "{message}"),
            FormatError::Overflow(message) => error!(self, OverflowError, "{message}"),
            FormatError::Int(error) => self.int_error(error),
        }
    }

    /// The exception for a failed operation on ints.
    #[cold]
    pub fn int_error(&mut self, error: IntError) -> Raised {
        match error {
            IntError::DivisionByZero => error!(self, ZeroDivisionError, "{error}"),
            IntError::TooLarge => self.no_memory(),
            IntError::TooManyDigits
            | IntError::TooLargeForFloat
            | IntError::QuotientTooLargeForFloat
            | IntError::TooLargeForBytes
            | IntError::NegativeUnsigned => error!(self, OverflowError, "{error}"),
            IntError::Interrupted => match self.poll() {
                Err(raised) => raised,
                Ok(()) => error!(self, KeyboardInterrupt, "interrupted"),
            },
            _ => error!(self, ValueError, "{error}"),
        }
    }
}

/// Append a code point as WTF-8.
#[inline]
pub(crate) fn push_code(out: &mut Vec<u8>, code: u32) {
    if code < 0x80 { out.push(code as u8) } else { out.extend_from_slice(encode_code_point(code, &mut [0; 4])) }
}
