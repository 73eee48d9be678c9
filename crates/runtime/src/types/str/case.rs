//! Methods of `str` that change case.
//!
//! ASCII text is mapped byte by byte into the new string; other text goes through the Unicode database.

use crate::object::{Str, encode_code_point};
use crate::{Py, Result};
use bredli_heap::Gc;
use bredli_macros::pymethods;
use bredli_text::unicode::{self, Mapping};

/// A copy whose bytes `change` has changed in place; for ASCII text.
fn map_ascii(py: &mut Py, s: Gc<Str>, change: impl FnOnce(&mut [u8])) -> Result<Gc<Str>> {
    let len = s.get(py).byte_len();
    py.fill_str(len, len, true, |py, out| {
        out.copy_from_slice(s.get(py).bytes());
        change(out);
    })
}

/// The text with every character replaced by its mapping, which may depend on its index.
fn map_text(s: &Str, map: impl Fn(&[u32], usize) -> Mapping) -> Vec<u8> {
    let codes: Vec<u32> = s.code_points().collect();
    let mut out = Vec::with_capacity(s.byte_len());
    for index in 0..codes.len() {
        for code in map(&codes, index).as_slice() {
            out.extend_from_slice(encode_code_point(*code, &mut [0; 4]));
        }
    }
    out
}

/// The lower-case form of the character at an index, in view of its neighbours.
fn lower(codes: &[u32], index: usize) -> Mapping {
    let code = codes[index];
    if code == unicode::CAPITAL_SIGMA {
        let before = codes[..index].iter().rev().copied();
        if unicode::is_final_sigma(before, codes[index + 1..].iter().copied()) {
            return unicode::lower(unicode::FINAL_SIGMA);
        }
    }
    unicode::lower(code)
}

/// Title case for ASCII bytes.
pub(crate) fn title_ascii(bytes: &mut [u8]) {
    let mut inside = false;
    for byte in bytes {
        if inside {
            byte.make_ascii_lowercase()
        } else {
            byte.make_ascii_uppercase()
        }
        inside = byte.is_ascii_alphabetic();
    }
}

/// Swapped case for ASCII bytes.
pub(crate) fn swap_ascii(bytes: &mut [u8]) {
    for byte in bytes {
        if byte.is_ascii_alphabetic() {
            *byte ^= 0x20;
        }
    }
}

/// First letter upper case, the others lower case, for ASCII bytes.
pub(crate) fn capitalize_ascii(bytes: &mut [u8]) {
    bytes.make_ascii_lowercase();
    if let Some(first) = bytes.first_mut() {
        first.make_ascii_uppercase();
    }
}

#[pymethods(part = "case")]
impl Str {
    /// Return a copy of the string converted to lowercase.
    fn lower(this: Gc<Self>, py: &mut Py) -> Result<Gc<Str>> {
        if this.get(py).is_ascii() {
            return map_ascii(py, this, <[u8]>::make_ascii_lowercase);
        }
        let text = map_text(this.get(py), lower);
        Ok(py.new_str_wtf8(&text))
    }

    /// Return a copy of the string converted to uppercase.
    fn upper(this: Gc<Self>, py: &mut Py) -> Result<Gc<Str>> {
        if this.get(py).is_ascii() {
            return map_ascii(py, this, <[u8]>::make_ascii_uppercase);
        }
        let text = map_text(this.get(py), |codes, index| unicode::upper(codes[index]));
        Ok(py.new_str_wtf8(&text))
    }

    /// Return a version of the string suitable for caseless comparisons.
    fn casefold(this: Gc<Self>, py: &mut Py) -> Result<Gc<Str>> {
        if this.get(py).is_ascii() {
            return map_ascii(py, this, <[u8]>::make_ascii_lowercase);
        }
        let text = map_text(this.get(py), |codes, index| unicode::casefold(codes[index]));
        Ok(py.new_str_wtf8(&text))
    }

    /// Return a capitalized version of the string: the first character upper case, the rest lower case.
    fn capitalize(this: Gc<Self>, py: &mut Py) -> Result<Gc<Str>> {
        if this.get(py).is_ascii() {
            return map_ascii(py, this, capitalize_ascii);
        }
        let text = map_text(this.get(py), |codes, index| if index == 0 { unicode::title(codes[0]) } else { lower(codes, index) });
        Ok(py.new_str_wtf8(&text))
    }

    /// Return a version of the string where each word is titlecased.
    fn title(this: Gc<Self>, py: &mut Py) -> Result<Gc<Str>> {
        if this.get(py).is_ascii() {
            return map_ascii(py, this, title_ascii);
        }
        let text = map_text(this.get(py), |codes, index| {
            let inside = index > 0 && unicode::is_cased(codes[index - 1]);
            if inside { lower(codes, index) } else { unicode::title(codes[index]) }
        });
        Ok(py.new_str_wtf8(&text))
    }

    /// Convert uppercase characters to lowercase and lowercase characters to uppercase.
    fn swapcase(this: Gc<Self>, py: &mut Py) -> Result<Gc<Str>> {
        if this.get(py).is_ascii() {
            return map_ascii(py, this, swap_ascii);
        }
        let text = map_text(this.get(py), |codes, index| match codes[index] {
            code if unicode::is_upper(code) => lower(codes, index),
            code if unicode::is_lower(code) => unicode::upper(code),
            _ => same(codes[index]),
        });
        Ok(py.new_str_wtf8(&text))
    }
}

/// The mapping of a character without case to itself.
fn same(code: u32) -> Mapping {
    // Title-case letters are neither upper nor lower, and `swapcase` leaves them alone.
    Mapping::from(code)
}
