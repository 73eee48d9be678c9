//! Methods of `bytes` that search, split and join.

use super::{Bytes, construct, needle};
use crate::buffer::{BytesLike, Exporter};
use crate::codecs::CodecName;
use crate::native::SliceIndex;
use crate::object::{Class, Str, Tuple};
use crate::search::{self, Sides, Units, most, window};
use crate::types::List;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, RootVec, Value};
use bredli_macros::pymethods;

/// `start` and `end` of a search.
pub(crate) type Bounds = (Option<SliceIndex>, Option<SliceIndex>);

/// Where the memory of an object holds what is looked for, within bounds.
pub(crate) fn locate<T: Exporter>(
    py: &mut Py,
    this: Gc<T>,
    sub: Value,
    (start, end): Bounds,
    find: fn(&[u8], &[u8]) -> Option<usize>,
) -> Result<Option<usize>> {
    let sub = needle(py, sub)?;
    let data = this.get(py).memory();
    let Some((start, end)) = window(data.len(), start.map(|i| i.0), end.map(|i| i.0)) else { return Ok(None) };
    Ok(find(&data[start..end], sub.get(py)).map(|at| start + at))
}

fn has_affix(
    py: &mut Py,
    this: Gc<Bytes>,
    affix: Value,
    (start, end): Bounds,
    (name, matches): (&str, fn(&[u8], &[u8]) -> bool),
) -> Result<bool> {
    let range = window(this.get(py).data().len(), start.map(|i| i.0), end.map(|i| i.0));
    if let Some(affixes) = Gc::<Tuple>::cast(py, affix) {
        for index in 0..affixes.get(py).len() {
            let affix = affixes.get(py).items()[index];
            let affix = BytesLike::new(py, affix)?;
            if range.is_some_and(|(start, end)| matches(&this.get(py).data()[start..end], affix.get(py))) {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let Some(affix) = BytesLike::try_new(py, affix)? else {
        let given = py.class_name(affix);
        raise!(py, TypeError, "{name} first arg must be bytes or a tuple of bytes, not {given}");
    };
    Ok(range.is_some_and(|(start, end)| matches(&this.get(py).data()[start..end], affix.get(py))))
}

fn parts(py: &mut Py, this: Gc<Bytes>, ranges: &[std::ops::Range<usize>]) -> Result {
    let mut parts = RootVec::new(&mut py.heap);
    for range in ranges {
        let part = py.sub_bytes(this, range.start, range.end)?;
        parts.push(part.into());
    }
    Ok(py.new_list(&parts)?.into())
}

fn separator(py: &mut Py, sep: Value) -> Result<Option<BytesLike>> {
    if sep.is_none() {
        return Ok(None);
    }
    let separator = BytesLike::new(py, sep)?;
    if separator.get(py).is_empty() {
        raise!(py, ValueError, "empty separator");
    }
    Ok(Some(separator))
}

fn strip(py: &mut Py, this: Gc<Bytes>, bytes: Value, sides: Sides) -> Result<Gc<Bytes>> {
    let set = if bytes.is_none() { None } else { Some(BytesLike::new(py, bytes)?) };
    let data = this.get(py).data();
    let range = match set {
        None => Units::Bytes.trim(data, sides, |byte| Units::Bytes.is_space(byte)),
        Some(set) => Units::Bytes.trim(data, sides, |byte| set.get(py).contains(&(byte as u8))),
    };
    py.sub_bytes(this, range.start, range.end)
}

#[pymethods(part = "methods")]
impl Bytes {
    /// Return the lowest index where the subsection starts within [start, end), or -1.
    #[signature(self, sub, start=None, end=None, /)]
    fn find(this: Gc<Self>, py: &mut Py, sub: Value, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Result<i64> {
        Ok(locate(py, this, sub, (start, end), search::find)?.map_or(-1, |at| at as i64))
    }

    /// Return the highest index where the subsection starts within [start, end), or -1.
    #[signature(self, sub, start=None, end=None, /)]
    fn rfind(this: Gc<Self>, py: &mut Py, sub: Value, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Result<i64> {
        Ok(locate(py, this, sub, (start, end), search::rfind)?.map_or(-1, |at| at as i64))
    }

    /// Return the lowest index where the subsection starts within [start, end); ValueError if there is none.
    #[signature(self, sub, start=None, end=None, /)]
    fn index(this: Gc<Self>, py: &mut Py, sub: Value, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Result<usize> {
        match locate(py, this, sub, (start, end), search::find)? {
            Some(at) => Ok(at),
            None => raise!(py, ValueError, "subsection not found"),
        }
    }

    /// Return the highest index where the subsection starts within [start, end); ValueError if there is none.
    #[signature(self, sub, start=None, end=None, /)]
    fn rindex(this: Gc<Self>, py: &mut Py, sub: Value, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Result<usize> {
        match locate(py, this, sub, (start, end), search::rfind)? {
            Some(at) => Ok(at),
            None => raise!(py, ValueError, "subsection not found"),
        }
    }

    /// Return the number of occurrences of the subsection within [start, end) that do not overlap.
    #[signature(self, sub, start=None, end=None, /)]
    fn count(this: Gc<Self>, py: &mut Py, sub: Value, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Result<usize> {
        let sub = needle(py, sub)?;
        let data = this.get(py).data();
        let Some((start, end)) = window(data.len(), start.map(|i| i.0), end.map(|i| i.0)) else { return Ok(0) };
        let sub = sub.get(py);
        Ok(if sub.is_empty() { end - start + 1 } else { search::count(&data[start..end], sub) })
    }

    /// Return True if the bytes starts with the prefix, or with one of a tuple of them.
    #[signature(self, prefix, start=None, end=None, /)]
    fn startswith(this: Gc<Self>, py: &mut Py, prefix: Value, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Result<bool> {
        has_affix(py, this, prefix, (start, end), ("startswith", |bytes, affix| bytes.starts_with(affix)))
    }

    /// Return True if the bytes ends with the suffix, or with one of a tuple of them.
    #[signature(self, suffix, start=None, end=None, /)]
    fn endswith(this: Gc<Self>, py: &mut Py, suffix: Value, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Result<bool> {
        has_affix(py, this, suffix, (start, end), ("endswith", |bytes, affix| bytes.ends_with(affix)))
    }

    /// Return a list of the sections in the bytes, using sep as the delimiter, split from the left.
    #[signature(self, /, sep=None, maxsplit=-1)]
    fn split(this: Gc<Self>, py: &mut Py, sep: Value, maxsplit: isize) -> Result {
        let separator = separator(py, sep)?;
        let (data, most) = (this.get(py).data(), most(maxsplit));
        let ranges = match separator {
            None => Units::Bytes.split_space(data, most),
            Some(separator) => search::split(data, separator.get(py), most),
        };
        parts(py, this, &ranges)
    }

    /// Return a list of the sections in the bytes, using sep as the delimiter, split from the right.
    #[signature(self, /, sep=None, maxsplit=-1)]
    fn rsplit(this: Gc<Self>, py: &mut Py, sep: Value, maxsplit: isize) -> Result {
        let separator = separator(py, sep)?;
        let (data, most) = (this.get(py).data(), most(maxsplit));
        let ranges = match separator {
            None => Units::Bytes.rsplit_space(data, most),
            Some(separator) => search::rsplit(data, separator.get(py), most),
        };
        parts(py, this, &ranges)
    }

    /// Return a list of the lines in the bytes, breaking at line boundaries.
    #[signature(self, /, keepends=False)]
    fn splitlines(this: Gc<Self>, py: &mut Py, keepends: bool) -> Result {
        let ranges = Units::Bytes.split_lines(this.get(py).data(), keepends);
        parts(py, this, &ranges)
    }

    /// Partition the bytes at the first occurrence of the separator.
    #[signature(self, sep, /)]
    fn partition(this: Gc<Self>, py: &mut Py, sep: Value) -> Result {
        let separator = BytesLike::new(py, sep)?;
        let (len, width) = (this.get(py).data().len(), separator.get(py).len());
        if width == 0 {
            raise!(py, ValueError, "empty separator");
        }
        let parts: [Value; 3] = match search::find(this.get(py).data(), separator.get(py)) {
            Some(at) => [py.sub_bytes(this, 0, at)?.into(), sep, py.sub_bytes(this, at + width, len)?.into()],
            None => [py.exact_bytes(this)?.into(), py.new_bytes(&[]).into(), py.new_bytes(&[]).into()],
        };
        Ok(py.new_tuple(&parts).into())
    }

    /// Partition the bytes at the last occurrence of the separator.
    #[signature(self, sep, /)]
    fn rpartition(this: Gc<Self>, py: &mut Py, sep: Value) -> Result {
        let separator = BytesLike::new(py, sep)?;
        let (len, width) = (this.get(py).data().len(), separator.get(py).len());
        if width == 0 {
            raise!(py, ValueError, "empty separator");
        }
        let parts: [Value; 3] = match search::rfind(this.get(py).data(), separator.get(py)) {
            Some(at) => [py.sub_bytes(this, 0, at)?.into(), sep, py.sub_bytes(this, at + width, len)?.into()],
            None => [py.new_bytes(&[]).into(), py.new_bytes(&[]).into(), py.exact_bytes(this)?.into()],
        };
        Ok(py.new_tuple(&parts).into())
    }

    /// Strip leading and trailing bytes contained in the argument, or ASCII white space.
    #[signature(self, bytes=None, /)]
    fn strip(this: Gc<Self>, py: &mut Py, bytes: Value) -> Result<Gc<Bytes>> {
        strip(py, this, bytes, Sides::Both)
    }

    /// Strip leading bytes contained in the argument, or ASCII white space.
    #[signature(self, bytes=None, /)]
    fn lstrip(this: Gc<Self>, py: &mut Py, bytes: Value) -> Result<Gc<Bytes>> {
        strip(py, this, bytes, Sides::Left)
    }

    /// Strip trailing bytes contained in the argument, or ASCII white space.
    #[signature(self, bytes=None, /)]
    fn rstrip(this: Gc<Self>, py: &mut Py, bytes: Value) -> Result<Gc<Bytes>> {
        strip(py, this, bytes, Sides::Right)
    }

    /// Return the bytes without the prefix, if they start with it.
    #[signature(self, prefix, /)]
    fn removeprefix(this: Gc<Self>, py: &mut Py, prefix: BytesLike) -> Result<Gc<Bytes>> {
        let (data, prefix) = (this.get(py).data(), prefix.get(py));
        let (start, len) = (if data.starts_with(prefix) { prefix.len() } else { 0 }, data.len());
        py.sub_bytes(this, start, len)
    }

    /// Return the bytes without the suffix, if they end with it.
    #[signature(self, suffix, /)]
    fn removesuffix(this: Gc<Self>, py: &mut Py, suffix: BytesLike) -> Result<Gc<Bytes>> {
        let (data, suffix) = (this.get(py).data(), suffix.get(py));
        let end = data.len() - if data.ends_with(suffix) { suffix.len() } else { 0 };
        py.sub_bytes(this, 0, end)
    }

    /// Return a copy with occurrences of old replaced by new, the first count ones or, for -1, all.
    #[signature(self, old, new, count=-1, /)]
    fn replace(this: Gc<Self>, py: &mut Py, old: BytesLike, new: BytesLike, count: isize) -> Result<Gc<Bytes>> {
        let pair = (old.get(py), new.get(py));
        match crate::types::str::replace(this.get(py).data(), pair, most(count), |_| true) {
            Ok(Some(bytes)) => Ok(py.new_bytes(&bytes)),
            Ok(None) => py.exact_bytes(this),
            Err(_) => Err(py.no_memory()),
        }
    }

    /// Concatenate any number of bytes objects, with the bytes whose method is called in between.
    #[signature(self, iterable_of_bytes, /)]
    fn join(this: Gc<Self>, py: &mut Py, iterable_of_bytes: Value) -> Result<Gc<Bytes>> {
        let values = py.collect_or(iterable_of_bytes, "can only join an iterable")?;
        if let [only] = values[..]
            && crate::object::is_exact(only, crate::types::shapes::BYTES)
        {
            return Ok(Gc::known(py, only));
        }
        let list = Gc::<List>::cast(py, iterable_of_bytes);
        let mut out = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let Ok(Some(bytes)) = BytesLike::try_new(py, *value) else {
                let given = py.class_name(*value);
                raise!(py, TypeError, "sequence item {index}: expected a bytes-like object, {given} found");
            };
            if list.is_some_and(|list| list.get(py).len() != values.len()) {
                raise!(py, RuntimeError, "sequence changed size during iteration");
            }
            let separator = if index > 0 { this.get(py).data() } else { &[] };
            let bytes = bytes.get(py);
            if out.try_reserve(separator.len() + bytes.len()).is_err() {
                return Err(py.no_memory());
            }
            out.extend_from_slice(separator);
            out.extend_from_slice(bytes);
        }
        Ok(py.new_bytes(&out))
    }

    /// Decode the bytes using the codec registered for encoding.
    #[signature(self, /, encoding="utf-8", errors="strict")]
    fn decode(this: Gc<Self>, py: &mut Py, encoding: CodecName, errors: CodecName) -> Result<Gc<Str>> {
        if this.get(py).data().is_ascii() && encoding.keeps_ascii(py) {
            return py.str_of_ascii(this);
        }
        let (encoding, errors) = (encoding.text(py)?, errors.text(py)?);
        py.decode_bytes(this, &encoding, &errors)
    }

    /// Create a string of hexadecimal numbers from the bytes, optionally separated.
    ///
    /// >>> b'\x0a\xff'.hex('-')
    /// '0a-ff'
    #[signature(self, /, sep=<unrepresentable>, bytes_per_sep=1)]
    fn hex(this: Gc<Self>, py: &mut Py, sep: Option<Value>, bytes_per_sep: isize) -> Result<Gc<Str>> {
        let bytes = this.get(py).data().to_vec();
        construct::hex_text(py, &bytes, sep, bytes_per_sep)
    }

    /// Create a bytes object from a string of hexadecimal numbers, with optional spaces between bytes.
    #[signature(type, string, /)]
    fn fromhex(cls: Gc<Class>, py: &mut Py, string: Value) -> Result {
        let bytes = construct::from_hex(py, string)?;
        let bytes = py.new_bytes(&bytes);
        if cls == py.types.bytes { Ok(bytes.into()) } else { py.call(cls.into(), &[bytes.into()]) }
    }
}
