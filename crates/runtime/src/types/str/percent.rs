//! `format % values` for `str`, and what it shares with `bytes`.
//!
//! Parsing and the text of numbers are `bredli_num`'s. Counterpart: `PyUnicode_Format`.

use super::formatting::push_code;
use crate::object::{Str, Tuple};
use crate::{Py, Raised, Result, error, raise};
use bredli_heap::{Gc, Value};
use bredli_num::{
    PercentAmount, PercentError, PercentPiece, PercentPieces, PercentSpec, PercentWidths, percent_float, percent_int, percent_text,
};

/// Formats up to this size are copied without allocating.
const SHORT_FORMAT: usize = 128;

/// Up to this size, the buffer for the text is kept for the next time.
const KEPT_BUFFER: usize = 4096;

/// The values of a `%` operation, taken one after the other or by name.
pub(crate) struct Values {
    all: Value,
    tuple: Option<Gc<Tuple>>,
    taken: usize,
    mapping: bool,
}

impl Values {
    /// The right operand; `text` says whether it is text itself, which is no mapping here.
    pub(crate) fn new(py: &Py, all: Value, text: bool) -> Self {
        let tuple = Gc::<Tuple>::cast(py, all);
        let mapping = tuple.is_none() && !text && py.is_mapping(all);
        Self { all, tuple, taken: 0, mapping }
    }

    fn next(&mut self, py: &mut Py) -> Result {
        let value = match self.tuple {
            Some(tuple) => tuple.get(py).items().get(self.taken).copied(),
            None if self.taken == 0 => Some(self.all),
            None => None,
        };
        self.taken += 1;
        match value {
            Some(value) => Ok(value),
            None => raise!(py, TypeError, "not enough arguments for format string"),
        }
    }

    /// The argument for a `*`.
    fn amount(&mut self, py: &mut Py, amount: Option<PercentAmount>, what: &str) -> Result<i64> {
        if amount != Some(PercentAmount::Argument) {
            return Ok(0);
        }
        let value = self.next(py)?;
        if !py.is_int(value) {
            raise!(py, TypeError, "* wants int");
        }
        match py.int_to_i64(value) {
            Some(i64::MIN) if what == "width" => raise!(py, OverflowError, "width too big"),
            Some(number) if what == "width" || i32::try_from(number).is_ok() => Ok(number),
            _ if what == "width" => raise!(py, OverflowError, "Python int too large to convert to C ssize_t"),
            _ => raise!(py, OverflowError, "Python int too large to convert to C int"),
        }
    }

    /// Width, precision and value of a conversion; `key` makes the name of a value.
    pub(crate) fn take(&mut self, py: &mut Py, spec: &PercentSpec, key: fn(&mut Py, &[u8]) -> Value) -> Result<(PercentWidths, Value)> {
        let Some(name) = spec.key else { return self.take_widths(py, spec) };
        if !self.mapping {
            raise!(py, TypeError, "format requires a mapping");
        }
        if spec.error == Some(PercentError::IncompleteKey) {
            return Err(py.percent_error(PercentError::IncompleteKey));
        }
        let name = key(py, name);
        let all = py.get_item(self.all, name)?;
        // A conversion without a name after one with a name finds nothing.
        self.taken = 1;
        Values { all, tuple: None, taken: 0, mapping: false }.take_widths(py, spec)
    }

    fn take_widths(&mut self, py: &mut Py, spec: &PercentSpec) -> Result<(PercentWidths, Value)> {
        let width = self.amount(py, spec.width, "width")?;
        let precision = self.amount(py, spec.precision, "precision")?;
        let widths = match spec.widths(width, precision) {
            Ok(widths) => widths,
            Err(error) => return Err(py.percent_error(error)),
        };
        Ok((widths, self.next(py)?))
    }

    /// All arguments must have been used.
    pub(crate) fn finish(&self, py: &mut Py, complaint: &str) -> Result<()> {
        let left = match self.tuple {
            Some(tuple) => self.taken < tuple.get(py).len(),
            None => self.taken == 0 && !self.mapping,
        };
        if left {
            raise!(py, TypeError, "{complaint}");
        }
        Ok(())
    }
}

fn str_key(py: &mut Py, name: &[u8]) -> Value {
    py.new_str_wtf8(name).into()
}

/// Append text, cut and padded; `width_of` gives the bytes of a number of characters.
pub(crate) fn push_padded(out: &mut Vec<u8>, text: &[u8], chars: usize, widths: &PercentWidths, text_units: bool) {
    let padding = percent_text(chars, widths);
    out.resize(out.len() + padding.left, b' ');
    let end = if padding.keep == chars || !text_units {
        if text_units { text.len() } else { padding.keep }
    } else {
        text.iter().enumerate().filter(|(_, byte)| (**byte as i8) >= -0x40).nth(padding.keep).map_or(text.len(), |(at, _)| at)
    };
    out.extend_from_slice(&text[..end]);
    out.resize(out.len() + padding.right, b' ');
}

impl Py {
    /// `format % values`.
    pub fn percent_format(&mut self, format: Gc<Str>, values: Value) -> Result<Gc<Str>> {
        let bytes = format.get(self).bytes();
        let (mut short, long);
        let bytes = if bytes.len() <= SHORT_FORMAT {
            short = [0; SHORT_FORMAT];
            short[..bytes.len()].copy_from_slice(bytes);
            &short[..bytes.len()]
        } else {
            long = bytes.to_vec();
            &long
        };
        let mut out = std::mem::take(&mut self.text_buffer);
        let done = self.percent_into(&mut out, bytes, values).map(|()| self.new_str_wtf8(&out));
        if out.capacity() <= KEPT_BUFFER {
            out.clear();
            self.text_buffer = out;
        }
        done
    }

    fn percent_into(&mut self, out: &mut Vec<u8>, format: &[u8], values: Value) -> Result<()> {
        let text = self.is_str(values);
        let mut values = Values::new(self, values, text);
        let mut pieces = PercentPieces::new(format);
        while let Some(piece) = pieces.next() {
            match piece {
                PercentPiece::Literal(literal) => out.extend_from_slice(literal),
                PercentPiece::Conversion(spec) => {
                    let (widths, value) = values.take(self, &spec, str_key)?;
                    if !self.percent_value(out, &spec, &widths, value)? {
                        return Err(self.percent_error(pieces.unsupported(&spec)));
                    }
                }
            }
        }
        values.finish(self, "not all arguments converted during string formatting")
    }

    /// Append one value. False: the conversion is not known.
    fn percent_value(&mut self, out: &mut Vec<u8>, spec: &PercentSpec, widths: &PercentWidths, value: Value) -> Result<bool> {
        let plain = widths.width == 0 && widths.precision.is_none();
        let text = match spec.conversion {
            b's' => match plain.then(|| value.as_int()).flatten() {
                Some(int) => {
                    push_int(out, int);
                    return Ok(true);
                }
                None => self.str(value)?,
            },
            b'r' => self.repr(value)?,
            b'a' => self.ascii(value)?,
            b'd' if plain && value.is_int() && *widths == PercentWidths::default() => {
                push_int(out, value.as_int().expect("a small int"));
                return Ok(true);
            }
            b'c' => {
                let code = self.percent_char(value)?;
                let mut text = Vec::with_capacity(4);
                push_code(&mut text, code);
                push_padded(out, &text, 1, &PercentWidths { precision: None, ..*widths }, true);
                return Ok(true);
            }
            conversion => {
                let Some(text) = self.percent_number(conversion, widths, value)? else { return Ok(false) };
                out.extend_from_slice(text.as_bytes());
                return Ok(true);
            }
        };
        let text = text.get(self);
        if plain {
            out.extend_from_slice(text.bytes());
        } else {
            push_padded(out, text.bytes(), text.char_len(), widths, true);
        }
        Ok(true)
    }

    fn percent_char(&mut self, value: Value) -> Result<u32> {
        if let Some(text) = Gc::<Str>::cast(self, value) {
            if text.get(self).char_len() != 1 {
                let len = text.get(self).char_len();
                raise!(self, TypeError, "%c requires an int or a unicode character, not a string of length {len}");
            }
            return Ok(text.get(self).code_points().next().unwrap_or(0));
        }
        if !self.has_index(value) {
            let class = self.class_of(value);
            let given = self.class_full_name(class);
            raise!(self, TypeError, "%c requires an int or a unicode character, not {given}");
        }
        let int = self.index(value)?;
        match self.int_to_i64(int) {
            Some(code @ 0..0x110000) => Ok(code as u32),
            _ => raise!(self, OverflowError, "%c arg not in range(0x110000)"),
        }
    }

    /// The text of a value for the conversions that make numbers; none for other conversions.
    pub(crate) fn percent_number(&mut self, conversion: u8, widths: &PercentWidths, value: Value) -> Result<Option<String>> {
        let text = match conversion {
            b'd' | b'i' | b'u' | b'o' | b'x' | b'X' => {
                let int = self.percent_int_value(conversion, value)?;
                let limit = self.int_digit_limit;
                let convert = |int: bredli_num::Int<'_>| percent_int(int, conversion, widths, limit, &mut || false);
                self.with_int(int, convert).expect("the value is an int")
            }
            b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => {
                let float = self.to_f64(value)?;
                percent_float(float, conversion, widths)
            }
            _ => return Ok(None),
        };
        match text {
            Ok(text) => Ok(Some(text)),
            Err(error) => Err(self.percent_error(error)),
        }
    }

    fn percent_int_value(&mut self, conversion: u8, value: Value) -> Result {
        if self.is_int(value) {
            return Ok(value);
        }
        let hexadecimal = matches!(conversion, b'o' | b'x' | b'X');
        let slots = &self.class_of(value).get(self).slots;
        let number = slots.index.is_some() || (!hexadecimal && (slots.int.is_some() || slots.float.is_some()));
        if number {
            let converted = if hexadecimal { self.index(value) } else { self.to_int(value) };
            match converted {
                Ok(int) => return Ok(int),
                Err(raised) => {
                    if !self.exception_matches(self.exceptions.TypeError) {
                        return Err(raised);
                    }
                    self.clear_exception();
                }
            }
        }
        let (letter, given) = (conversion as char, self.class_name(value));
        let kind = if hexadecimal { "an integer" } else { "a real number" };
        raise!(self, TypeError, "%{letter} format: {kind} is required, not {given}")
    }

    /// The exception for a failed `%`.
    #[cold]
    pub(crate) fn percent_error(&mut self, error: PercentError) -> Raised {
        match error {
            PercentError::Int(error) => self.int_error(error),
            PercentError::PrecisionTooLarge => error!(self, OverflowError, "{error}"),
            _ => error!(self, ValueError, "{error}"),
        }
    }

    /// `int(value)` of a number.
    fn to_int(&mut self, value: Value) -> Result {
        if let Some(float) = value.as_float()
            && let Some(int) = bredli_num::Integer::from_f64(float)
        {
            return Ok(self.new_int_from(int.as_int()));
        }
        let class = self.types.int;
        self.call(class.into(), &[value])
    }
}

/// Append the decimal digits of a small int.
pub(crate) fn push_int(out: &mut Vec<u8>, int: i64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut rest = int.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if int < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}
