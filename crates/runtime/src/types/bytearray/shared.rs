//! Methods of `bytearray` that do not change it: those of `bytes`, whose results become bytearrays.

use super::ByteArray;
use crate::native::{Args, SliceIndex};
use crate::object::{Class, Tuple};
use crate::search;
use crate::types::bytes::{Bounds, locate};
use crate::types::{Bytes, List};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, RootVec, Value};
use bredli_macros::pymethods;

/// Bytes as a bytearray; other values as they are.
fn own(py: &mut Py, value: Value) -> Result {
    let Some(bytes) = Gc::<Bytes>::cast(py, value) else { return Ok(value) };
    let bytes = bytes.get(py).data().to_vec();
    py.new_bytearray(&bytes).map(Into::into)
}

/// Call the method of `bytes` on a copy.
fn delegate(py: &mut Py, this: Gc<ByteArray>, name: &str, args: Args) -> Result {
    let bytes = py.bytes_of_bytearray(this);
    let method = py.get_attr_named(bytes.into(), name)?;
    let result = py.while_exported(this, |py| py.call_args(method, args))?;
    if Gc::<List>::cast(py, result).is_none() && Gc::<Tuple>::cast(py, result).is_none() {
        return own(py, result);
    }
    let items = py.collect_iterable(result)?;
    let mut parts = RootVec::new(&mut py.heap);
    for item in &items {
        parts.push(own(py, *item)?);
    }
    match Gc::<Tuple>::cast(py, result) {
        Some(_) => Ok(py.new_tuple(&parts).into()),
        None => Ok(py.new_list(&parts)?.into()),
    }
}

/// Where something is, without a copy of the bytes.
fn search_in(
    py: &mut Py,
    this: Gc<ByteArray>,
    sub: Value,
    bounds: Bounds,
    find: fn(&[u8], &[u8]) -> Option<usize>,
) -> Result<Option<usize>> {
    py.while_exported(this, |py| locate(py, this, sub, bounds, find))
}

#[pymethods(part = "shared")]
impl ByteArray {
    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /)]
    fn capitalize(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "capitalize", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, width, fillchar=b" ", /)]
    fn center(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "center", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, sub, start=None, end=None, /)]
    fn count(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "count", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /, encoding="utf-8", errors="strict")]
    fn decode(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "decode", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, suffix, start=None, end=None, /)]
    fn endswith(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "endswith", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /, tabsize=8)]
    fn expandtabs(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "expandtabs", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, sub, start=None, end=None, /)]
    fn find(this: Gc<Self>, py: &mut Py, sub: Value, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Result<i64> {
        Ok(search_in(py, this, sub, (start, end), search::find)?.map_or(-1, |at| at as i64))
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /, sep=<unrepresentable>, bytes_per_sep=1)]
    fn hex(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "hex", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, sub, start=None, end=None, /)]
    fn index(this: Gc<Self>, py: &mut Py, sub: Value, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Result<usize> {
        match search_in(py, this, sub, (start, end), search::find)? {
            Some(at) => Ok(at),
            None => raise!(py, ValueError, "subsection not found"),
        }
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /)]
    fn isalnum(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "isalnum", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /)]
    fn isalpha(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "isalpha", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /)]
    fn isascii(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "isascii", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /)]
    fn isdigit(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "isdigit", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /)]
    fn islower(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "islower", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /)]
    fn isspace(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "isspace", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /)]
    fn istitle(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "istitle", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /)]
    fn isupper(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "isupper", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, iterable_of_bytes, /)]
    fn join(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "join", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, width, fillchar=b" ", /)]
    fn ljust(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "ljust", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /)]
    fn lower(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "lower", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, bytes=None, /)]
    fn lstrip(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "lstrip", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, sep, /)]
    fn partition(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "partition", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, prefix, /)]
    fn removeprefix(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "removeprefix", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, suffix, /)]
    fn removesuffix(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "removesuffix", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, old, new, count=-1, /)]
    fn replace(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "replace", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, sub, start=None, end=None, /)]
    fn rfind(this: Gc<Self>, py: &mut Py, sub: Value, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Result<i64> {
        Ok(search_in(py, this, sub, (start, end), search::rfind)?.map_or(-1, |at| at as i64))
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, sub, start=None, end=None, /)]
    fn rindex(this: Gc<Self>, py: &mut Py, sub: Value, start: Option<SliceIndex>, end: Option<SliceIndex>) -> Result<usize> {
        match search_in(py, this, sub, (start, end), search::rfind)? {
            Some(at) => Ok(at),
            None => raise!(py, ValueError, "subsection not found"),
        }
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, width, fillchar=b" ", /)]
    fn rjust(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "rjust", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, sep, /)]
    fn rpartition(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "rpartition", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /, sep=None, maxsplit=-1)]
    fn rsplit(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "rsplit", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, bytes=None, /)]
    fn rstrip(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "rstrip", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /, sep=None, maxsplit=-1)]
    fn split(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "split", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /, keepends=False)]
    fn splitlines(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "splitlines", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, prefix, start=None, end=None, /)]
    fn startswith(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "startswith", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, bytes=None, /)]
    fn strip(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "strip", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /)]
    fn swapcase(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "swapcase", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /)]
    fn title(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "title", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, table, /, delete=b"")]
    fn translate(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "translate", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, /)]
    fn upper(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "upper", args)
    }

    /// The method of `bytes`, with bytearrays as results.
    #[signature(self, width, /)]
    fn zfill(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        delegate(py, this, "zfill", args)
    }

    /// Return a copy of B.
    fn copy(this: Gc<Self>, py: &mut Py) -> Result<Gc<ByteArray>> {
        let bytes = this.get(py).data().to_vec();
        py.new_bytearray(&bytes)
    }

    /// Create a bytearray object from a string of hexadecimal numbers.
    #[signature(type, string, /)]
    fn fromhex(cls: Gc<Class>, py: &mut Py, string: Value) -> Result {
        let class = py.types.bytes;
        let bytes = py.call_method_named(class.into(), "fromhex", &[string])?;
        py.call(cls.into(), &[bytes])
    }

    /// Return a translation table usable for the bytes or bytearray translate method.
    #[staticmethod]
    #[signature(frm, to, /)]
    fn maketrans(py: &mut Py, frm: Value, to: Value) -> Result {
        let class = py.types.bytes;
        py.call_method_named(class.into(), "maketrans", &[frm, to])
    }
}
