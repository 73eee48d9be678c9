//! Methods of arrays.

use super::item;
use super::{Array, ArrayIterator};
use bredli_runtime::buffer::flags;
use bredli_runtime::native::StrictSliceIndex;
use bredli_runtime::prelude::*;
use bredli_runtime::types::{ByteArray, Bytes, BytesLike};

/// The items as a list.
pub fn list(py: &mut Py, this: Gc<Array>) -> Result<Gc<List>> {
    let mut items = RootVec::new(&mut py.heap);
    let mut index = 0;
    while index < this.get(py).len() {
        let value = Array::item(py, this, index)?;
        items.push(value);
        index += 1;
    }
    py.new_list(&items)
}

/// The characters as text.
pub fn text(py: &mut Py, this: Gc<Array>) -> Result<Gc<Str>> {
    let bytes = this.get(py).data.to_vec();
    if this.get(py).code.char() == 'u' {
        return item::decode(py, &bytes);
    }
    let bytes = py.new_bytes(&bytes);
    py.decode_bytes(bytes, "utf-32", "strict")
}

/// The first items of a new array.
pub fn fill(py: &mut Py, this: Gc<Array>, initial: Value) -> Result<()> {
    let code = this.get(py).code;
    if let Some(other) = Gc::<Array>::cast(py, initial)
        && (other.get(py).code == code || code.is_text() && other.get(py).code.is_text())
    {
        let bytes = other.get(py).data.to_vec();
        return Array::extend_bytes(py, this, &bytes);
    }
    if Gc::<Bytes>::cast(py, initial).is_some() || Gc::<ByteArray>::cast(py, initial).is_some() {
        let bytes = BytesLike::new(py, initial)?;
        return append_bytes(py, this, bytes);
    }
    if let Some(text) = Gc::<Str>::cast(py, initial) {
        return append_text(py, this, text);
    }
    Array::extend_from(py, this, initial)
}

fn append_bytes(py: &mut Py, this: Gc<Array>, bytes: BytesLike) -> Result<()> {
    if !bytes.get(py).len().is_multiple_of(this.get(py).code.size()) {
        raise!(py, ValueError, "bytes length not a multiple of item size");
    }
    let bytes = bytes.get(py).to_vec();
    Array::extend_bytes(py, this, &bytes)
}

fn append_text(py: &mut Py, this: Gc<Array>, text: Gc<Str>) -> Result<()> {
    let bytes: Vec<u8> = text.get(py).code_points().flat_map(u32::to_le_bytes).collect();
    Array::extend_bytes(py, this, &bytes)
}

/// The first position from `from` to `to` with an equal item.
fn find(py: &mut Py, this: Gc<Array>, value: Value, from: usize, to: usize) -> Result<Option<usize>> {
    let mut index = from;
    while index < to && index < this.get(py).len() {
        let item = Array::item(py, this, index)?;
        let equal = py.compare(CompareOp::Eq, item, value)?;
        if py.truth(equal)? {
            return Ok(Some(index));
        }
        index += 1;
    }
    Ok(None)
}

/// Remove an item, which exists.
fn remove_at(py: &mut Py, this: Gc<Array>, index: usize) -> Result<()> {
    let size = this.get(py).code.size();
    Array::splice(py, this, index * size..(index + 1) * size, &[])
}

#[pymethods(part = "methods")]
impl Array {
    fn __iter__(this: Gc<Self>, py: &mut Py) -> Gc<ArrayIterator> {
        ArrayIterator::start(py, this)
    }

    fn __contains__(this: Gc<Self>, py: &mut Py, value: Value) -> Result<bool> {
        Ok(find(py, this, value, 0, usize::MAX)?.is_some())
    }

    /// Append new value v to the end of the array.
    #[signature(self, v, /)]
    fn append(this: Gc<Self>, py: &mut Py, v: Value) -> Result<()> {
        Array::push(py, this, v)
    }

    /// Return a tuple (address, length) giving the current memory address and the length in items of the buffer used to hold array's contents.
    ///
    /// The length should be multiplied by the itemsize attribute to
    /// calculate the buffer length in bytes.
    #[signature(self, /)]
    fn buffer_info(this: Gc<Self>, py: &Py) -> (usize, usize) {
        (this.get(py).data.as_ptr() as usize, this.get(py).len())
    }

    /// Byteswap all items of the array.
    ///
    /// If the items in the array are not 1, 2, 4, or 8 bytes in size,
    /// RuntimeError is raised.
    #[signature(self, /)]
    fn byteswap(this: Gc<Self>, py: &mut Py) {
        let size = this.get(py).code.size();
        this.get_mut(py).data.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }

    /// Remove all items from the array.
    #[signature(self, /)]
    fn clear(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let end = this.get(py).data.len();
        Array::splice(py, this, 0..end, &[])
    }

    /// Return number of occurrences of v in the array.
    #[signature(self, v, /)]
    fn count(this: Gc<Self>, py: &mut Py, v: Value) -> Result<usize> {
        let (mut count, mut from) = (0, 0);
        while let Some(index) = find(py, this, v, from, usize::MAX)? {
            count += 1;
            from = index + 1;
        }
        Ok(count)
    }

    /// Append items to the end of the array.
    #[signature(self, bb, /)]
    fn extend(this: Gc<Self>, py: &mut Py, bb: Value) -> Result<()> {
        let Some(other) = Gc::<Array>::cast(py, bb) else { return Array::extend_from(py, this, bb) };
        if other.get(py).code != this.get(py).code {
            raise!(py, TypeError, "can only extend with array of same kind");
        }
        let bytes = other.get(py).data.to_vec();
        Array::extend_bytes(py, this, &bytes)
    }

    /// Appends items from the string, interpreting it as an array of machine values, as if it had been read from a file using the fromfile() method.
    #[signature(self, buffer, /)]
    fn frombytes(this: Gc<Self>, py: &mut Py, buffer: Value) -> Result<()> {
        let bytes = BytesLike::new(py, buffer)?;
        let view = py.memoryview(buffer, flags::FULL_RO)?;
        let itemsize = py.get_attr_named(view.into(), "itemsize")?;
        if itemsize != Value::small(1) {
            raise!(py, TypeError, "a bytes-like object is required");
        }
        append_bytes(py, this, bytes)
    }

    /// Append items to array from list.
    #[signature(self, list, /)]
    fn fromlist(this: Gc<Self>, py: &mut Py, list: Value) -> Result<()> {
        let Some(list) = Gc::<List>::cast(py, list) else { raise!(py, TypeError, "arg must be list") };
        let (code, count) = (this.get(py).code, list.get(py).len());
        let mut bytes = Vec::new();
        for index in 0..count {
            let Some(value) = list.get(py).items().get(index).copied() else { break };
            let packed = code.pack(py, value)?;
            bytes.extend_from_slice(&packed[..code.size()]);
            if list.get(py).len() != count {
                raise!(py, RuntimeError, "list changed size during iteration");
            }
        }
        Array::extend_bytes(py, this, &bytes)
    }

    /// Extends this array with data from the unicode string ustr.
    ///
    /// The array must be a unicode type array; otherwise a ValueError is
    /// raised.  Use array.frombytes(ustr.encode(...)) to append Unicode
    /// data to an array of some other type.
    #[signature(self, ustr, /)]
    fn fromunicode(this: Gc<Self>, py: &mut Py, ustr: Gc<Str>) -> Result<()> {
        if !this.get(py).code.is_text() {
            raise!(py, ValueError, "fromunicode() may only be called on unicode type arrays ('u' or 'w')");
        }
        append_text(py, this, ustr)
    }

    /// Return index of first occurrence of v in the array.
    ///
    /// Raise ValueError if the value is not present.
    #[signature(self, v, start=0, stop=sys.maxsize, /)]
    fn index(this: Gc<Self>, py: &mut Py, v: Value, start: StrictSliceIndex, stop: StrictSliceIndex) -> Result<usize> {
        let len = this.get(py).len() as isize;
        let clamp = |index: isize| if index < 0 { index.saturating_add(len).max(0) as usize } else { index as usize };
        match find(py, this, v, clamp(start.0), clamp(stop.0))? {
            Some(index) => Ok(index),
            None => raise!(py, ValueError, "array.index(x): x not in array"),
        }
    }

    /// Insert a new item v into the array before position i.
    #[signature(self, i, v, /)]
    fn insert(this: Gc<Self>, py: &mut Py, i: isize, v: Value) -> Result<()> {
        let code = this.get(py).code;
        let packed = code.pack(py, v)?;
        let len = this.get(py).len() as isize;
        let at = if i < 0 { i.saturating_add(len).max(0) } else { i.min(len) } as usize * code.size();
        Array::splice(py, this, at..at, &packed[..code.size()])
    }

    /// Return the i-th element and delete it from the array.
    ///
    /// i defaults to -1.
    #[signature(self, i=-1, /)]
    fn pop(this: Gc<Self>, py: &mut Py, i: isize) -> Result {
        let len = this.get(py).len() as isize;
        if len == 0 {
            raise!(py, IndexError, "pop from empty array");
        }
        let at = if i < 0 { i.wrapping_add(len) } else { i };
        if at < 0 || at >= len {
            raise!(py, IndexError, "pop index out of range");
        }
        let item = Array::item(py, this, at as usize)?;
        remove_at(py, this, at as usize)?;
        Ok(item)
    }

    /// Remove the first occurrence of v in the array.
    #[signature(self, v, /)]
    fn remove(this: Gc<Self>, py: &mut Py, v: Value) -> Result<()> {
        match find(py, this, v, 0, usize::MAX)? {
            Some(index) if index < this.get(py).len() => remove_at(py, this, index),
            _ => raise!(py, ValueError, "array.remove(x): x not in array"),
        }
    }

    /// Reverse the order of the items in the array.
    #[signature(self, /)]
    fn reverse(this: Gc<Self>, py: &mut Py) {
        let size = this.get(py).code.size();
        let data = &mut this.get_mut(py).data;
        data.reverse();
        data.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }

    /// Convert the array to an array of machine values and return the bytes representation.
    #[signature(self, /)]
    fn tobytes(this: Gc<Self>, py: &mut Py) -> Gc<Bytes> {
        let bytes = this.get(py).data.to_vec();
        py.new_bytes(&bytes)
    }

    /// Convert array to an ordinary list with the same items.
    #[signature(self, /)]
    fn tolist(this: Gc<Self>, py: &mut Py) -> Result<Gc<List>> {
        list(py, this)
    }

    /// Extends this array with data from the unicode string ustr.
    ///
    /// Convert the array to a unicode string.  The array must be a unicode
    /// type array; otherwise a ValueError is raised.  Use
    /// array.tobytes().decode() to obtain a unicode string from an array of
    /// some other type.
    #[signature(self, /)]
    fn tounicode(this: Gc<Self>, py: &mut Py) -> Result<Gc<Str>> {
        if !this.get(py).code.is_text() {
            raise!(py, ValueError, "tounicode() may only be called on unicode type arrays ('u' or 'w')");
        }
        text(py, this)
    }

    /// Arrays are generic over the type of their elements
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }
}
