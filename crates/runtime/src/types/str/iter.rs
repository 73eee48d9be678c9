//! `str_ascii_iterator` and `str_iterator`.
//!
//! The position is a byte offset; characters are counted only when Python asks. Counterpart: `Objects/unicodeobject.c`.

use crate::object::{Str, StrExt, count_chars};
use crate::search::Units;
use crate::{Py, Result};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Goes through the characters of an ASCII string.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "str_ascii_iterator", core)]
pub struct AsciiIterator {
    pub(crate) header: Header,
    /// Empty once the end was reached.
    pub(crate) string: Option<Gc<Str>>,
    pub(crate) at: usize,
}

/// Goes through the characters of any string.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "str_iterator", core)]
pub struct StrIterator {
    pub(crate) header: Header,
    /// Empty once the end was reached.
    pub(crate) string: Option<Gc<Str>>,
    pub(crate) at: usize,
}

/// `iter(string)`.
pub(super) fn iterate(py: &mut Py, string: Gc<Str>) -> Value {
    let (header, at) = (Header::EMPTY, 0);
    if string.get(py).is_ascii() {
        return py.alloc(AsciiIterator { header, string: Some(string), at }).into();
    }
    py.alloc(StrIterator { header, string: Some(string), at }).into()
}

/// The state of an iterator: its string and the number of characters that have been given.
fn reduce(py: &mut Py, state: Option<(Gc<Str>, usize)>) -> Result {
    let state = match state {
        Some((string, at)) => (string.into(), count_chars(&string.get(py).bytes()[..at]) as i64),
        None => {
            let iter = py.builtin("iter")?;
            let args = py.new_tuple(&[py.constants.empty_str.into()]);
            return Ok(py.new_tuple(&[iter, args.into()]).into());
        }
    };
    py.reduce_iterator("iter", Some(state))
}

#[pymethods]
impl AsciiIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let (string, at) = (this.get(py).string?, this.get(py).at);
        match string.get(py).bytes().get(at).copied() {
            Some(byte) => {
                this.get_mut(py).at = at + 1;
                Some(py.constants.chars[byte as usize].into())
            }
            None => {
                this.get_mut(py).string = None;
                None
            }
        }
    }

    /// Private method returning an estimate of len(list(it)).
    #[signature(self, /)]
    fn __length_hint__(this: Gc<Self>, py: &Py) -> usize {
        let this = this.get(py);
        this.string.map_or(0, |string| string.get(py).byte_len().saturating_sub(this.at))
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let state = this.get(py).string.map(|string| (string, this.get(py).at));
        reduce(py, state)
    }

    /// Set state information for unpickling.
    #[signature(self, object, /)]
    fn __setstate__(this: Gc<Self>, py: &mut Py, object: isize) {
        let Some(string) = this.get(py).string else { return };
        let len = string.get(py).byte_len();
        this.get_mut(py).at = object.clamp(0, len as isize) as usize;
    }
}

#[pymethods]
impl StrIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Gc<Str>> {
        let (string, at) = (this.get(py).string?, this.get(py).at);
        let bytes = string.get(py).bytes();
        if at >= bytes.len() {
            this.get_mut(py).string = None;
            return None;
        }
        let (code, next) = Units::Text.at(bytes, at);
        this.get_mut(py).at = next;
        Some(py.char_str(code))
    }

    /// Private method returning an estimate of len(list(it)).
    #[signature(self, /)]
    fn __length_hint__(this: Gc<Self>, py: &Py) -> usize {
        let this = this.get(py);
        this.string.map_or(0, |string| count_chars(&string.get(py).bytes()[this.at..]))
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let state = this.get(py).string.map(|string| (string, this.get(py).at));
        reduce(py, state)
    }

    /// Set state information for unpickling.
    #[signature(self, object, /)]
    fn __setstate__(this: Gc<Self>, py: &mut Py, object: isize) {
        let Some(string) = this.get(py).string else { return };
        let len = string.get(py).char_len();
        let at = string.byte_offset(py, object.clamp(0, len as isize) as usize);
        this.get_mut(py).at = at;
    }
}
