//! Methods of `str` that pad: `center`, `ljust`, `rjust`, `zfill`.

use super::fill_repeated;
use crate::object::{Str, encode_code_point};
use crate::{Py, Raised, Result};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

/// The character that fills, an argument of the padding methods.
pub struct FillChar(u32);

impl crate::native::FromValue for FillChar {
    fn from_value(py: &mut Py, value: Value, _: crate::native::Argument) -> Result<Self> {
        let Some(text) = Gc::<Str>::cast(py, value) else {
            let given = py.class_name(value);
            crate::raise!(py, TypeError, "The fill character must be a unicode character, not {given}");
        };
        let mut codes = text.get(py).code_points();
        match (codes.next(), codes.next()) {
            (Some(code), None) => Ok(FillChar(code)),
            _ => Err(wrong_length(py)),
        }
    }
}

#[cold]
fn wrong_length(py: &mut Py) -> Raised {
    crate::error!(py, TypeError, "The fill character must be exactly one character long")
}

impl Py {
    /// A string with `left` and `right` times a character at its sides.
    pub fn pad_str(&mut self, s: Gc<Str>, left: usize, right: usize, fill: u32) -> Result<Gc<Str>> {
        if left + right == 0 {
            return Ok(self.exact_str(s));
        }
        let text = s.get(self);
        let mut buffer = [0; 4];
        let fill = encode_code_point(fill, &mut buffer);
        let (width, len) = (fill.len(), text.byte_len());
        let total = (left + right).saturating_mul(width).saturating_add(len);
        let (chars, ascii) = (text.char_len() + left + right, text.is_ascii() && width == 1);
        self.fill_str(total, chars, ascii, |py, out| {
            let (head, rest) = out.split_at_mut(left * width);
            let (middle, tail) = rest.split_at_mut(len);
            fill_repeated(head, fill);
            middle.copy_from_slice(s.get(py).bytes());
            fill_repeated(tail, fill);
        })
    }
}

/// How many characters are missing to a width.
fn missing(py: &Py, s: Gc<Str>, width: isize) -> usize {
    (width.max(0) as usize).saturating_sub(s.get(py).char_len())
}

#[pymethods(part = "layout")]
impl Str {
    /// Return a centered string of length width, padded with the fill character.
    #[signature(self, width, fillchar=" ", /)]
    fn center(this: Gc<Self>, py: &mut Py, width: isize, fillchar: FillChar) -> Result<Gc<Str>> {
        let missing = missing(py, this, width);
        let left = missing / 2 + (missing & width as usize & 1);
        py.pad_str(this, left, missing - left, fillchar.0)
    }

    /// Return a left-justified string of length width, padded with the fill character.
    #[signature(self, width, fillchar=" ", /)]
    fn ljust(this: Gc<Self>, py: &mut Py, width: isize, fillchar: FillChar) -> Result<Gc<Str>> {
        let missing = missing(py, this, width);
        py.pad_str(this, 0, missing, fillchar.0)
    }

    /// Return a right-justified string of length width, padded with the fill character.
    #[signature(self, width, fillchar=" ", /)]
    fn rjust(this: Gc<Self>, py: &mut Py, width: isize, fillchar: FillChar) -> Result<Gc<Str>> {
        let missing = missing(py, this, width);
        py.pad_str(this, missing, 0, fillchar.0)
    }

    /// Pad a numeric string with zeros on the left, behind its sign, to fill a field of the given width.
    #[signature(self, width, /)]
    fn zfill(this: Gc<Self>, py: &mut Py, width: isize) -> Result<Gc<Str>> {
        let missing = missing(py, this, width);
        let signed = matches!(this.get(py).bytes().first(), Some(b'+' | b'-'));
        if missing == 0 || !signed {
            return py.pad_str(this, missing, 0, b'0' as u32);
        }
        let text = this.get(py);
        let (len, chars, ascii) = (text.byte_len(), text.char_len(), text.is_ascii());
        py.fill_str(len + missing, chars + missing, ascii, |py, out| {
            let text = this.get(py).bytes();
            out[0] = text[0];
            out[1..=missing].fill(b'0');
            out[missing + 1..].copy_from_slice(&text[1..]);
        })
    }
}
