//! Methods of `str` that look for text and ask about it: `find`, `count`, `startswith`, `isalpha` and their kin.

use crate::native::SliceIndex;
use crate::object::{Str, StrExt, Tuple, count_chars};
use crate::search::{self, window};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;
use bredli_text::unicode;

/// The byte range of the characters `start..end` and the number of characters before it.
fn byte_window(py: &mut Py, s: Gc<Str>, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Option<(usize, usize, usize)> {
    let text = s.get(py);
    if start.is_none() && end.is_none() {
        return Some((0, text.byte_len(), 0));
    }
    let (start, end) = window(text.char_len(), start.map(|i| i.0), end.map(|i| i.0))?;
    Some((s.byte_offset(py, start), s.byte_offset(py, end), start))
}

/// Index of the first or last occurrence.
fn locate(
    py: &mut Py,
    s: Gc<Str>,
    sub: Gc<Str>,
    (start, end): (Option<SliceIndex>, Option<SliceIndex>),
    find: fn(&[u8], &[u8]) -> Option<usize>,
) -> Option<usize> {
    let (start, end, before) = byte_window(py, s, start, end)?;
    let text = s.get(py);
    let bytes = &text.bytes()[start..end];
    let at = find(bytes, sub.get(py).bytes())?;
    Some(before + if text.is_ascii() { at } else { count_chars(&bytes[..at]) })
}

/// `startswith` and `endswith`.
fn has_affix(
    py: &mut Py,
    s: Gc<Str>,
    affix: Value,
    (start, end): (Option<SliceIndex>, Option<SliceIndex>),
    (name, matches): (&str, fn(&[u8], &[u8]) -> bool),
) -> Result<bool> {
    let range = byte_window(py, s, start, end);
    if let Some(affix) = Gc::<Str>::cast(py, affix) {
        let Some((start, end, _)) = range else { return Ok(false) };
        return Ok(matches(&s.get(py).bytes()[start..end], affix.get(py).bytes()));
    }
    let Some(affixes) = Gc::<Tuple>::cast(py, affix) else {
        let given = py.class_name(affix);
        raise!(py, TypeError, "{name} first arg must be str or a tuple of str, not {given}");
    };
    for index in 0..affixes.get(py).len() {
        let item = affixes.get(py).items()[index];
        let Some(affix) = Gc::<Str>::cast(py, item) else {
            let given = py.class_name(item);
            raise!(py, TypeError, "tuple for {name} must only contain str, not {given}");
        };
        let Some((start, end, _)) = range else { continue };
        if matches(&s.get(py).bytes()[start..end], affix.get(py).bytes()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether there are characters and all pass.
fn all(s: &Str, ascii: impl Fn(&u8) -> bool, any: impl Fn(u32) -> bool) -> bool {
    if s.is_ascii() {
        return s.byte_len() > 0 && s.bytes().iter().all(ascii);
    }
    s.code_points().all(any)
}

/// Whether there are cased characters and none is of the `wrong` case.
fn all_cased(s: &Str, right: fn(u32) -> bool, wrong: fn(u32) -> bool) -> bool {
    let mut seen = false;
    for code in s.code_points() {
        if wrong(code) || unicode::is_title(code) {
            return false;
        }
        seen |= right(code);
    }
    seen
}

#[pymethods(part = "search")]
impl Str {
    /// Return the lowest index where the substring starts within [start, end), or -1.
    #[signature(self, sub, start=None, end=None, /)]
    fn find(this: Gc<Self>, py: &mut Py, sub: Gc<Str>, start: Option<SliceIndex>, end: Option<SliceIndex>) -> i64 {
        locate(py, this, sub, (start, end), search::find).map_or(-1, |at| at as i64)
    }

    /// Return the highest index where the substring starts within [start, end), or -1.
    #[signature(self, sub, start=None, end=None, /)]
    fn rfind(this: Gc<Self>, py: &mut Py, sub: Gc<Str>, start: Option<SliceIndex>, end: Option<SliceIndex>) -> i64 {
        locate(py, this, sub, (start, end), search::rfind).map_or(-1, |at| at as i64)
    }

    /// Return the lowest index where the substring starts within [start, end).
    ///
    /// Raises ValueError when the substring is not found.
    #[signature(self, sub, start=None, end=None, /)]
    fn index(this: Gc<Self>, py: &mut Py, sub: Gc<Str>, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Result<usize> {
        match locate(py, this, sub, (start, end), search::find) {
            Some(at) => Ok(at),
            None => raise!(py, ValueError, "substring not found"),
        }
    }

    /// Return the highest index where the substring starts within [start, end).
    ///
    /// Raises ValueError when the substring is not found.
    #[signature(self, sub, start=None, end=None, /)]
    fn rindex(this: Gc<Self>, py: &mut Py, sub: Gc<Str>, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Result<usize> {
        match locate(py, this, sub, (start, end), search::rfind) {
            Some(at) => Ok(at),
            None => raise!(py, ValueError, "substring not found"),
        }
    }

    /// Return the number of occurrences of a substring within [start, end) that do not overlap.
    #[signature(self, sub, start=None, end=None, /)]
    fn count(this: Gc<Self>, py: &mut Py, sub: Gc<Str>, start: Option<SliceIndex>, end: Option<SliceIndex>) -> usize {
        let Some((start, end, _)) = byte_window(py, this, start, end) else { return 0 };
        let bytes = &this.get(py).bytes()[start..end];
        let sub = sub.get(py).bytes();
        if sub.is_empty() { count_chars(bytes) + 1 } else { search::count(bytes, sub) }
    }

    /// Return True if the string starts with the prefix, or with one of a tuple of prefixes.
    #[signature(self, prefix, start=None, end=None, /)]
    fn startswith(this: Gc<Self>, py: &mut Py, prefix: Value, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Result<bool> {
        has_affix(py, this, prefix, (start, end), ("startswith", |bytes, prefix| bytes.starts_with(prefix)))
    }

    /// Return True if the string ends with the suffix, or with one of a tuple of suffixes.
    #[signature(self, suffix, start=None, end=None, /)]
    fn endswith(this: Gc<Self>, py: &mut Py, suffix: Value, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Result<bool> {
        has_affix(py, this, suffix, (start, end), ("endswith", |bytes, suffix| bytes.ends_with(suffix)))
    }

    /// Return True if all characters in the string are ASCII, False otherwise.
    fn isascii(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).is_ascii()
    }

    /// Return True if the string is alphabetic and not empty.
    fn isalpha(this: Gc<Self>, py: &Py) -> bool {
        all(this.get(py), u8::is_ascii_alphabetic, unicode::is_alpha)
    }

    /// Return True if the string is alpha-numeric and not empty.
    fn isalnum(this: Gc<Self>, py: &Py) -> bool {
        all(this.get(py), u8::is_ascii_alphanumeric, unicode::is_alnum)
    }

    /// Return True if the string consists of decimal characters and is not empty.
    fn isdecimal(this: Gc<Self>, py: &Py) -> bool {
        all(this.get(py), u8::is_ascii_digit, unicode::is_decimal)
    }

    /// Return True if the string consists of digits and is not empty.
    fn isdigit(this: Gc<Self>, py: &Py) -> bool {
        all(this.get(py), u8::is_ascii_digit, unicode::is_digit)
    }

    /// Return True if the string consists of numeric characters and is not empty.
    fn isnumeric(this: Gc<Self>, py: &Py) -> bool {
        all(this.get(py), u8::is_ascii_digit, unicode::is_numeric)
    }

    /// Return True if the string consists of white space and is not empty.
    fn isspace(this: Gc<Self>, py: &Py) -> bool {
        all(this.get(py), |byte| matches!(byte, 0x09..=0x0D | 0x1C..=0x20), unicode::is_space)
    }

    /// Return True if all characters in the string can be shown by repr() as they are.
    fn isprintable(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).code_points().all(unicode::is_printable)
    }

    /// Return True if the string has cased characters and all of them are lower case.
    fn islower(this: Gc<Self>, py: &Py) -> bool {
        all_cased(this.get(py), unicode::is_lower, unicode::is_upper)
    }

    /// Return True if the string has cased characters and all of them are upper case.
    fn isupper(this: Gc<Self>, py: &Py) -> bool {
        all_cased(this.get(py), unicode::is_upper, unicode::is_lower)
    }

    /// Return True if the string is title-cased: upper case follows uncased characters only, lower case cased ones.
    fn istitle(this: Gc<Self>, py: &Py) -> bool {
        let (mut cased, mut after_cased) = (false, false);
        for code in this.get(py).code_points() {
            if unicode::is_upper(code) || unicode::is_title(code) {
                if after_cased {
                    return false;
                }
                (cased, after_cased) = (true, true);
            } else if unicode::is_lower(code) {
                if !after_cased {
                    return false;
                }
                (cased, after_cased) = (true, true);
            } else {
                after_cased = false;
            }
        }
        cased
    }

    /// Return True if the string is a valid Python identifier, which may be a keyword.
    fn isidentifier(this: Gc<Self>, py: &Py) -> bool {
        let mut codes = this.get(py).code_points();
        codes.next().is_some_and(unicode::is_identifier_start) && codes.all(unicode::is_identifier_continue)
    }
}
