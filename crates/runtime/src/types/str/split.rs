//! Methods of `str` that take it apart: `split`, `partition`, `splitlines`, `strip`, `removeprefix` and their kin.

use crate::object::Str;
use crate::search::{self, Sides, Units, most};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

/// A separator or set of characters, None for white space.
fn text_or_none(py: &mut Py, value: Value, complaint: &str) -> Result<Option<Gc<Str>>> {
    if value.is_none() {
        return Ok(None);
    }
    match Gc::<Str>::cast(py, value) {
        Some(text) => Ok(Some(text)),
        None => {
            let given = py.class_name(value);
            let given = if complaint == "must be str or None" { format!(", not {given}") } else { String::new() };
            raise!(py, TypeError, "{complaint}{given}")
        }
    }
}

fn strip(py: &mut Py, s: Gc<Str>, chars: Value, (name, sides): (&str, Sides)) -> Result<Gc<Str>> {
    if !chars.is_none() && !py.is_str(chars) {
        raise!(py, TypeError, "{name} arg must be None or str");
    }
    let text = s.get(py);
    let (units, bytes) = (text.units(), text.bytes());
    let range = match Gc::<Str>::cast(py, chars) {
        None => units.trim(bytes, sides, |code| units.is_space(code)),
        Some(chars) => {
            let chars = chars.get(py);
            match (chars.is_ascii(), chars.bytes()) {
                (true, &[byte]) => units.trim(bytes, sides, |code| code == byte as u32),
                (true, set) => units.trim(bytes, sides, |code| code < 0x80 && set.contains(&(code as u8))),
                (false, _) => units.trim(bytes, sides, |code| chars.code_points().any(|char| char == code)),
            }
        }
    };
    Ok(py.substr(s, range.start, range.end))
}

/// The separator of a partition.
fn partition_separator(py: &mut Py, sep: Value) -> Result<Gc<Str>> {
    match Gc::<Str>::cast(py, sep) {
        Some(sep) => Ok(sep),
        None => {
            let given = py.class_name(sep);
            raise!(py, TypeError, "must be str, not {given}")
        }
    }
}

fn empty_separator<T>(py: &mut Py) -> Result<T> {
    raise!(py, ValueError, "empty separator")
}

#[pymethods(part = "split")]
impl Str {
    /// Return a list of the substrings in the string, using sep as the separator string.
    ///
    /// None splits on any white space and leaves empty strings out; maxsplit -1 means no limit.
    #[signature(self, /, sep=None, maxsplit=-1)]
    fn split(this: Gc<Self>, py: &mut Py, sep: Value, maxsplit: isize) -> Result {
        let separator = text_or_none(py, sep, "must be str or None")?;
        let (text, most) = (this.get(py), most(maxsplit));
        let ranges = match separator.map(|separator| separator.get(py).bytes()) {
            None => text.units().split_space(text.bytes(), most),
            Some([]) => return empty_separator(py),
            Some(separator) => search::split(text.bytes(), separator, most),
        };
        py.substr_list(this, &ranges)
    }

    /// Return a list of the substrings in the string, split from the right.
    #[signature(self, /, sep=None, maxsplit=-1)]
    fn rsplit(this: Gc<Self>, py: &mut Py, sep: Value, maxsplit: isize) -> Result {
        let separator = text_or_none(py, sep, "must be str or None")?;
        let (text, most) = (this.get(py), most(maxsplit));
        let ranges = match separator.map(|separator| separator.get(py).bytes()) {
            None => text.units().rsplit_space(text.bytes(), most),
            Some([]) => return empty_separator(py),
            Some(separator) => search::rsplit(text.bytes(), separator, most),
        };
        py.substr_list(this, &ranges)
    }

    /// Return a list of the lines in the string, breaking at line boundaries.
    #[signature(self, /, keepends=False)]
    fn splitlines(this: Gc<Self>, py: &mut Py, keepends: bool) -> Result {
        let text = this.get(py);
        let ranges = text.units().split_lines(text.bytes(), keepends);
        py.substr_list(this, &ranges)
    }

    /// Partition the string at the first occurrence of the separator: what is before it, itself, what is after it.
    #[signature(self, sep, /)]
    fn partition(this: Gc<Self>, py: &mut Py, sep: Value) -> Result {
        let sep = partition_separator(py, sep)?;
        let (bytes, separator) = (this.get(py).bytes(), sep.get(py).bytes());
        let (len, width) = (bytes.len(), separator.len());
        if width == 0 {
            return empty_separator(py);
        }
        let parts = match search::find(bytes, separator) {
            Some(at) => [py.substr(this, 0, at), sep, py.substr(this, at + width, len)],
            None => [py.substr(this, 0, len), py.constants.empty_str, py.constants.empty_str],
        };
        Ok(py.new_tuple(&parts.map(Into::into)).into())
    }

    /// Partition the string at the last occurrence of the separator.
    #[signature(self, sep, /)]
    fn rpartition(this: Gc<Self>, py: &mut Py, sep: Value) -> Result {
        let sep = partition_separator(py, sep)?;
        let (bytes, separator) = (this.get(py).bytes(), sep.get(py).bytes());
        let (len, width) = (bytes.len(), separator.len());
        if width == 0 {
            return empty_separator(py);
        }
        let parts = match search::rfind(bytes, separator) {
            Some(at) => [py.substr(this, 0, at), sep, py.substr(this, at + width, len)],
            None => [py.constants.empty_str, py.constants.empty_str, py.substr(this, 0, len)],
        };
        Ok(py.new_tuple(&parts.map(Into::into)).into())
    }

    /// Return a copy of the string with leading and trailing white space, or other characters, removed.
    #[signature(self, chars=None, /)]
    fn strip(this: Gc<Self>, py: &mut Py, chars: Value) -> Result<Gc<Str>> {
        strip(py, this, chars, ("strip", Sides::Both))
    }

    /// Return a copy of the string with leading white space, or other characters, removed.
    #[signature(self, chars=None, /)]
    fn lstrip(this: Gc<Self>, py: &mut Py, chars: Value) -> Result<Gc<Str>> {
        strip(py, this, chars, ("lstrip", Sides::Left))
    }

    /// Return a copy of the string with trailing white space, or other characters, removed.
    #[signature(self, chars=None, /)]
    fn rstrip(this: Gc<Self>, py: &mut Py, chars: Value) -> Result<Gc<Str>> {
        strip(py, this, chars, ("rstrip", Sides::Right))
    }

    /// Return the string without the prefix, if it starts with it.
    #[signature(self, prefix, /)]
    fn removeprefix(this: Gc<Self>, py: &mut Py, prefix: Gc<Str>) -> Gc<Str> {
        let (bytes, prefix) = (this.get(py).bytes(), prefix.get(py).bytes());
        let (start, len) = (if bytes.starts_with(prefix) { prefix.len() } else { 0 }, bytes.len());
        py.substr(this, start, len)
    }

    /// Return the string without the suffix, if it ends with it.
    #[signature(self, suffix, /)]
    fn removesuffix(this: Gc<Self>, py: &mut Py, suffix: Gc<Str>) -> Gc<Str> {
        let (bytes, suffix) = (this.get(py).bytes(), suffix.get(py).bytes());
        let end = bytes.len() - if bytes.ends_with(suffix) { suffix.len() } else { 0 };
        py.substr(this, 0, end)
    }

    /// Return a copy where tabs are expanded to columns of tabsize spaces.
    #[signature(self, /, tabsize=8)]
    fn expandtabs(this: Gc<Self>, py: &mut Py, tabsize: i32) -> Result<Gc<Str>> {
        let text = this.get(py);
        if !text.bytes().contains(&b'\t') {
            return Ok(py.exact_str(this));
        }
        match expand_tabs(text.bytes(), tabsize, text.units()) {
            Some(bytes) => Ok(py.new_str_wtf8(&bytes)),
            None => raise!(py, OverflowError, "new string is too long"),
        }
    }
}

/// The bytes with tabs replaced by spaces; none when they would be too many.
pub(crate) fn expand_tabs(bytes: &[u8], tab_size: i32, units: Units) -> Option<Vec<u8>> {
    let size = tab_size.max(0) as usize;
    let mut out = Vec::with_capacity(bytes.len());
    let mut column = 0;
    for byte in bytes {
        match byte {
            b'\t' => {
                let spaces = if size == 0 { 0 } else { size - column % size };
                if out.len() + spaces > u32::MAX as usize {
                    return None;
                }
                out.resize(out.len() + spaces, b' ');
                column += spaces;
                continue;
            }
            b'\n' | b'\r' => column = 0,
            _ if units == Units::Text && (*byte as i8) < -0x40 => {}
            _ => column += 1,
        }
        out.push(*byte);
    }
    Some(out)
}
