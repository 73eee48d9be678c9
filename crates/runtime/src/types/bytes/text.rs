//! Methods of `bytes` that treat them as ASCII text, or pad and translate them.

use super::Bytes;
use crate::buffer::BytesLike;
use crate::types::ByteArray;
use crate::types::str::{capitalize_ascii, expand_tabs, swap_ascii, title_ascii};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

fn map(py: &mut Py, this: Gc<Bytes>, change: impl FnOnce(&mut [u8])) -> Result<Gc<Bytes>> {
    let len = this.get(py).data().len();
    py.fill_bytes(len, |py, out| {
        out.copy_from_slice(this.get(py).data());
        change(out);
    })
}

/// The byte that fills, an argument of the padding methods.
pub struct FillByte(u8);

impl crate::native::FromValue for FillByte {
    fn from_value(py: &mut Py, value: Value, argument: crate::native::Argument) -> Result<Self> {
        let bytes = match Gc::<Bytes>::cast(py, value) {
            Some(bytes) => Some((bytes.get(py).data(), "bytes")),
            None => Gc::<ByteArray>::cast(py, value).map(|array| (array.get(py).data(), "bytearray")),
        };
        match bytes {
            Some(([byte], _)) => Ok(FillByte(*byte)),
            Some((bytes, class)) => {
                let (name, len) = (argument.function(), bytes.len());
                raise!(py, TypeError, "{name}(): argument 2 must be a byte string of length 1, not a {class} object of length {len}")
            }
            None => Err(argument.wrong_type(py, "a byte string of length 1", value)),
        }
    }
}

fn pad(py: &mut Py, this: Gc<Bytes>, left: usize, right: usize, fill: u8) -> Result<Gc<Bytes>> {
    if left + right == 0 {
        return py.exact_bytes(this);
    }
    let len = this.get(py).data().len();
    py.fill_bytes(len + left + right, |py, out| {
        out.fill(fill);
        out[left..left + len].copy_from_slice(this.get(py).data());
    })
}

fn missing(py: &Py, this: Gc<Bytes>, width: isize) -> usize {
    (width.max(0) as usize).saturating_sub(this.get(py).data().len())
}

fn all(py: &Py, this: Gc<Bytes>, test: impl Fn(&u8) -> bool) -> bool {
    let data = this.get(py).data();
    !data.is_empty() && data.iter().all(test)
}

#[pymethods(part = "text")]
impl Bytes {
    /// Return a copy of B with all ASCII characters converted to lowercase.
    fn lower(this: Gc<Self>, py: &mut Py) -> Result<Gc<Bytes>> {
        map(py, this, <[u8]>::make_ascii_lowercase)
    }

    /// Return a copy of B with all ASCII characters converted to uppercase.
    fn upper(this: Gc<Self>, py: &mut Py) -> Result<Gc<Bytes>> {
        map(py, this, <[u8]>::make_ascii_uppercase)
    }

    /// Return a copy of B with ASCII words title-cased.
    fn title(this: Gc<Self>, py: &mut Py) -> Result<Gc<Bytes>> {
        map(py, this, title_ascii)
    }

    /// Return a copy of B with its first character capitalized and the rest lowercased.
    fn capitalize(this: Gc<Self>, py: &mut Py) -> Result<Gc<Bytes>> {
        map(py, this, capitalize_ascii)
    }

    /// Return a copy of B with uppercase ASCII characters converted to lowercase and vice versa.
    fn swapcase(this: Gc<Self>, py: &mut Py) -> Result<Gc<Bytes>> {
        map(py, this, swap_ascii)
    }

    /// Return True if all characters in B are alphabetic and there is at least one, False otherwise.
    fn isalpha(this: Gc<Self>, py: &Py) -> bool {
        all(py, this, u8::is_ascii_alphabetic)
    }

    /// Return True if all characters in B are alphanumeric and there is at least one, False otherwise.
    fn isalnum(this: Gc<Self>, py: &Py) -> bool {
        all(py, this, u8::is_ascii_alphanumeric)
    }

    /// Return True if all characters in B are digits and there is at least one, False otherwise.
    fn isdigit(this: Gc<Self>, py: &Py) -> bool {
        all(py, this, u8::is_ascii_digit)
    }

    /// Return True if all characters in B are white space and there is at least one, False otherwise.
    fn isspace(this: Gc<Self>, py: &Py) -> bool {
        all(py, this, |byte| matches!(byte, b' ' | 0x09..=0x0D))
    }

    /// Return True if there are cased characters in B and all are lower case, False otherwise.
    fn islower(this: Gc<Self>, py: &Py) -> bool {
        let data = this.get(py).data();
        data.iter().any(u8::is_ascii_lowercase) && !data.iter().any(u8::is_ascii_uppercase)
    }

    /// Return True if there are cased characters in B and all are upper case, False otherwise.
    fn isupper(this: Gc<Self>, py: &Py) -> bool {
        let data = this.get(py).data();
        data.iter().any(u8::is_ascii_uppercase) && !data.iter().any(u8::is_ascii_lowercase)
    }

    /// Return True if B is empty or all characters in B are ASCII, False otherwise.
    fn isascii(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).data().is_ascii()
    }

    /// Return True if B is title-cased and has cased characters, False otherwise.
    fn istitle(this: Gc<Self>, py: &Py) -> bool {
        let (mut cased, mut inside) = (false, false);
        for byte in this.get(py).data() {
            if byte.is_ascii_alphabetic() {
                if byte.is_ascii_uppercase() == inside {
                    return false;
                }
                cased = true;
            }
            inside = byte.is_ascii_alphabetic();
        }
        cased
    }

    /// Return a centered copy of length width, padded with the fill byte.
    #[signature(self, width, fillchar=b" ", /)]
    fn center(this: Gc<Self>, py: &mut Py, width: isize, fillchar: FillByte) -> Result<Gc<Bytes>> {
        let missing = missing(py, this, width);
        let left = missing / 2 + (missing & width as usize & 1);
        pad(py, this, left, missing - left, fillchar.0)
    }

    /// Return a left-justified copy of length width, padded with the fill byte.
    #[signature(self, width, fillchar=b" ", /)]
    fn ljust(this: Gc<Self>, py: &mut Py, width: isize, fillchar: FillByte) -> Result<Gc<Bytes>> {
        let missing = missing(py, this, width);
        pad(py, this, 0, missing, fillchar.0)
    }

    /// Return a right-justified copy of length width, padded with the fill byte.
    #[signature(self, width, fillchar=b" ", /)]
    fn rjust(this: Gc<Self>, py: &mut Py, width: isize, fillchar: FillByte) -> Result<Gc<Bytes>> {
        let missing = missing(py, this, width);
        pad(py, this, missing, 0, fillchar.0)
    }

    /// Pad a numeric string with zeros on the left, behind its sign, to fill a field of the given width.
    #[signature(self, width, /)]
    fn zfill(this: Gc<Self>, py: &mut Py, width: isize) -> Result<Gc<Bytes>> {
        let missing = missing(py, this, width);
        let padded = pad(py, this, missing, 0, b'0')?;
        let sign = this.get(py).data().first().copied();
        if let (Some(sign @ (b'+' | b'-')), 1..) = (sign, missing) {
            let data = &mut padded.get_mut(py).data;
            data[missing] = b'0';
            data[0] = sign;
        }
        Ok(padded)
    }

    /// Return a copy where tabs are expanded to columns of tabsize spaces.
    #[signature(self, /, tabsize=8)]
    fn expandtabs(this: Gc<Self>, py: &mut Py, tabsize: i32) -> Result<Gc<Bytes>> {
        match expand_tabs(this.get(py).data(), tabsize, crate::search::Units::Bytes) {
            Some(bytes) => Ok(py.new_bytes(&bytes)),
            None => raise!(py, OverflowError, "result too long"),
        }
    }

    /// Return a copy with each byte mapped by the table of length 256, without the bytes to delete.
    #[signature(self, table, /, delete=b"")]
    fn translate(this: Gc<Self>, py: &mut Py, table: Value, delete: Option<Value>) -> Result<Gc<Bytes>> {
        let table = if table.is_none() { None } else { Some(BytesLike::new(py, table)?) };
        if table.is_some_and(|table| table.get(py).len() != 256) {
            raise!(py, ValueError, "translation table must be 256 characters long");
        }
        let delete = match delete {
            Some(delete) => BytesLike::new(py, delete)?.get(py).to_vec(),
            None => Vec::new(),
        };
        let kept = this.get(py).data().iter().filter(|byte| !delete.contains(byte));
        let out: Vec<u8> = match table {
            Some(table) => kept.map(|byte| table.get(py)[*byte as usize]).collect(),
            None => kept.copied().collect(),
        };
        Ok(py.new_bytes(&out))
    }

    /// Return a translation table usable for the bytes or bytearray translate method.
    #[staticmethod]
    #[signature(frm, to, /)]
    fn maketrans(py: &mut Py, frm: BytesLike, to: BytesLike) -> Result<Gc<Bytes>> {
        let (from, to) = (frm.get(py), to.get(py));
        if from.len() != to.len() {
            raise!(py, ValueError, "maketrans arguments must have same length");
        }
        let mut table: Vec<u8> = (0..=255).collect();
        for (from, to) in from.iter().zip(to) {
            table[*from as usize] = *to;
        }
        Ok(py.new_bytes(&table))
    }
}
