//! `str`: the operators, subscripts, comparison and representation; the layout is in `object::str`.
//!
//! The other methods are in the files of this folder. Counterpart: `Objects/unicodeobject.c`.

mod case;
mod encode;
mod fields;
mod formatting;
mod iter;
mod layout;
mod percent;
mod replace;
mod search;
mod split;
#[cfg(test)]
mod tests;

pub(crate) use case::{capitalize_ascii, swap_ascii, title_ascii};
pub(crate) use formatting::FormatSpecs;
pub use iter::{AsciiIterator, StrIterator};
pub(crate) use percent::{Values, push_padded};
pub(crate) use replace::replace;
pub(crate) use split::expand_tabs;

use crate::native::Args;
use crate::object::{Class, CompareOp, Str, StrExt, encode_code_point};
use crate::search::Units;
use crate::types::{Slice, shapes};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;
use bredli_text::unicode;

#[pymethods]
impl Str {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let text = match *args.values() {
            [object] if !args.has_keywords() => py.str(object)?,
            [] => py.constants.empty_str,
            _ => Str::new_with_keywords(py, args)?,
        };
        if cls == py.types.str {
            return Ok(text.into());
        }
        Ok(py.alloc_str_as(cls, text).into())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<Gc<Str>> {
        let s = this.get(py);
        let bytes = s.bytes();
        if s.is_ascii() && bytes.iter().all(|b| (b' '..0x7F).contains(b) && !matches!(b, b'\'' | b'\\')) {
            let len = bytes.len();
            return py.fill_str(len + 2, len + 2, true, |py, out| {
                out[0] = b'\'';
                out[1..=len].copy_from_slice(this.get(py).bytes());
                out[len + 1] = b'\'';
            });
        }
        let text = escaped(s);
        Ok(py.new_str_wtf8(&text))
    }

    fn __str__(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        py.exact_str(this)
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> i64 {
        let keys = py.hash_keys;
        this.get(py).hash(keys)
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Value {
        let Some(other) = Gc::<Str>::cast(py, other) else { return Value::NOT_IMPLEMENTED };
        let (a, b) = (this.get(py), other.get(py));
        Value::bool(match op {
            CompareOp::Eq => this == other || a.bytes() == b.bytes(),
            CompareOp::Ne => this != other && a.bytes() != b.bytes(),
            // WTF-8 sorts like its code points.
            _ => op.holds(a.bytes().cmp(b.bytes())),
        })
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Value {
        iter::iterate(py, this)
    }

    fn __len__(this: Gc<Self>, py: &Py) -> usize {
        this.get(py).char_len()
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result<Gc<Str>> {
        if let Some(index) = key.as_int() {
            return py.str_item(this, index as isize);
        }
        if py.has_index(key) {
            let index = py.to_subscript(key)?;
            return py.str_item(this, index);
        }
        match Gc::<Slice>::cast(py, key) {
            Some(slice) => py.str_slice(this, slice),
            None => {
                let given = py.class_name(key);
                raise!(py, TypeError, "string indices must be integers, not '{given}'")
            }
        }
    }

    fn __add__(this: Gc<Self>, py: &mut Py, other: Value) -> Result {
        let Some(right) = Gc::<Str>::cast(py, other) else {
            let given = py.class_name(other);
            raise!(py, TypeError, "can only concatenate str (not \"{given}\") to str");
        };
        match py.concat_str(this, right) {
            Ok(text) => Ok(text.into()),
            Err(_) => Err(py.no_memory()),
        }
    }

    fn __mul__(this: Gc<Self>, py: &mut Py, count: isize) -> Result<Gc<Str>> {
        py.repeat_str(this, count)
    }

    fn __contains__(this: Gc<Self>, py: &mut Py, item: Value) -> Result<bool> {
        let Some(part) = Gc::<Str>::cast(py, item) else {
            let given = py.class_name(item);
            raise!(py, TypeError, "'in <string>' requires string as left operand, not {given}");
        };
        Ok(crate::search::find(this.get(py).bytes(), part.get(py).bytes()).is_some())
    }

    fn __mod__(py: &mut Py, left: Value, right: Value) -> Result {
        match Gc::<Str>::cast(py, left) {
            Some(format) => py.percent_format(format, right).map(Into::into),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    /// Return the size of the string in memory, in bytes.
    fn __sizeof__(this: Gc<Self>, py: &Py) -> usize {
        std::mem::size_of::<Str>() + this.get(py).byte_len()
    }

    fn __getnewargs__(this: Gc<Self>, py: &mut Py) -> Value {
        let text = this.get(py).bytes().to_vec();
        let text = py.new_str_wtf8(&text);
        py.new_tuple(&[text.into()]).into()
    }

    /// The arguments `object`, `encoding` and `errors` of the constructor.
    #[rust]
    #[inline(never)]
    fn new_with_keywords(py: &mut Py, args: Args) -> Result<Gc<Str>> {
        const NAMES: [&str; 3] = ["object", "encoding", "errors"];
        if args.len() > 3 {
            match args.has_keywords() {
                true => raise!(py, TypeError, "str() takes at most 3 arguments ({} given)", args.len()),
                false => raise!(py, TypeError, "str expected at most 3 arguments, got {}", args.len()),
            }
        }
        let [object, encoding, errors] = args.named(py, "str", &NAMES)?;
        let mut option = |value: Option<Value>, name: &str| match value {
            None => Ok(None),
            Some(value) => match Gc::<Str>::cast(py, value) {
                Some(text) => Ok(Some(text)),
                None => {
                    let given = if value.is_none() { "None".to_string() } else { py.class_name(value) };
                    raise!(py, TypeError, "str() argument '{name}' must be str, not {given}")
                }
            },
        };
        let (encoding, errors) = (option(encoding, "encoding")?, option(errors, "errors")?);
        match object {
            None => Ok(py.constants.empty_str),
            Some(object) if encoding.is_none() && errors.is_none() => py.str(object),
            Some(object) => py.decode_object(object, encoding, errors),
        }
    }
}

impl Str {
    /// How the string is taken apart into characters.
    #[inline]
    pub(crate) fn units(&self) -> Units {
        if self.is_ascii() { Units::Ascii } else { Units::Text }
    }
}

/// The text that `repr` shows, quotes included.
fn escaped(s: &Str) -> Vec<u8> {
    let bytes = s.bytes();
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' };
    let mut out = Vec::with_capacity(bytes.len() + 8);
    out.push(quote);
    for code in s.code_points() {
        match code {
            0x09 => out.extend_from_slice(b"\\t"),
            0x0A => out.extend_from_slice(b"\\n"),
            0x0D => out.extend_from_slice(b"\\r"),
            0x5C => out.extend_from_slice(b"\\\\"),
            0x20..0x7F => {
                if code == quote as u32 {
                    out.push(b'\\');
                }
                out.push(code as u8);
            }
            _ if code > 0x7F && unicode::is_printable(code) => {
                out.extend_from_slice(encode_code_point(code, &mut [0; 4]));
            }
            0..0x100 => out.extend_from_slice(format!("\\x{code:02x}").as_bytes()),
            0x100..0x10000 => out.extend_from_slice(format!("\\u{code:04x}").as_bytes()),
            _ => out.extend_from_slice(format!("\\U{code:08x}").as_bytes()),
        }
    }
    out.push(quote);
    out
}

impl Py {
    /// `s[index]`.
    #[inline]
    pub fn str_item(&mut self, s: Gc<Str>, index: isize) -> Result<Gc<Str>> {
        let text = s.get(self);
        let len = text.char_len();
        let at = if index < 0 { index.wrapping_add(len as isize) } else { index };
        if at < 0 || at as usize >= len {
            raise!(self, IndexError, "string index out of range");
        }
        if text.is_ascii() {
            let byte = text.bytes()[at as usize];
            return Ok(self.constants.chars[byte as usize]);
        }
        let start = s.byte_offset(self, at as usize);
        Ok(self.char_at(s, start))
    }

    /// The character that starts at a byte offset.
    #[inline]
    pub(crate) fn char_at(&mut self, s: Gc<Str>, start: usize) -> Gc<Str> {
        let (code, _) = Units::Text.at(s.get(self).bytes(), start);
        self.char_str(code)
    }

    /// `s[slice]`.
    pub fn str_slice(&mut self, s: Gc<Str>, slice: Gc<Slice>) -> Result<Gc<Str>> {
        let bounds = self.slice_bounds(slice, |py| s.get(py).char_len())?;
        if bounds.count == 0 {
            return Ok(self.constants.empty_str);
        }
        if bounds.step == 1 {
            return Ok(self.str_between(s, bounds.start, bounds.start + bounds.count));
        }
        if s.get(self).is_ascii() {
            return self.fill_str(bounds.count, bounds.count, true, |py, out| {
                let bytes = s.get(py).bytes();
                for (number, byte) in out.iter_mut().enumerate() {
                    *byte = bytes[bounds.index(number)];
                }
            });
        }
        let codes: Vec<u32> = s.get(self).code_points().collect();
        let mut out = Vec::new();
        for number in 0..bounds.count {
            out.extend_from_slice(encode_code_point(codes[bounds.index(number)], &mut [0; 4]));
        }
        Ok(self.new_str_wtf8(&out))
    }

    /// The characters from `start` up to `end`, which must not be past the end.
    #[inline]
    pub fn str_between(&mut self, s: Gc<Str>, start: usize, end: usize) -> Gc<Str> {
        let (start, end) = (s.byte_offset(self, start), s.byte_offset(self, end));
        self.substr(s, start, end)
    }

    /// `s * count`.
    pub fn repeat_str(&mut self, s: Gc<Str>, count: isize) -> Result<Gc<Str>> {
        let text = s.get(self);
        let (len, chars, ascii) = (text.byte_len(), text.char_len(), text.is_ascii());
        let count = count.max(0) as usize;
        if count == 1 && crate::object::is_exact(s.into(), shapes::STR) {
            return Ok(s);
        }
        let Some(total) = len.checked_mul(count).filter(|total| *total <= isize::MAX as usize) else {
            raise!(self, OverflowError, "repeated string is too long");
        };
        self.fill_str(total, chars * count, ascii, |py, out| fill_repeated(out, s.get(py).bytes()))
    }

    /// Several parts of a string as a list.
    pub(crate) fn substr_list(&mut self, s: Gc<Str>, ranges: &[std::ops::Range<usize>]) -> Result {
        let parts = self.new_list_with_capacity(ranges.len())?;
        for range in ranges {
            let part = self.substr(s, range.start, range.end);
            self.list_push(parts, part.into())?;
        }
        Ok(parts.into())
    }
}

/// Fill a slice with copies of a pattern, of which it holds a whole number.
pub(crate) fn fill_repeated(out: &mut [u8], pattern: &[u8]) {
    match *pattern {
        [] => {}
        [byte] => out.fill(byte),
        _ if out.is_empty() => {}
        _ => {
            out[..pattern.len()].copy_from_slice(pattern);
            let mut done = pattern.len();
            while done < out.len() {
                let more = done.min(out.len() - done);
                out.copy_within(..more, done);
                done += more;
            }
        }
    }
}
