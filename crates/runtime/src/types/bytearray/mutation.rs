//! Methods of `bytearray` that change it.

use super::ByteArray;
use crate::types::bytes::{from_iterable, from_object};
use crate::types::{BytesLike, Slice};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

/// The position that an index means.
pub(super) fn position(py: &mut Py, this: Gc<ByteArray>, key: Value, complaint: &str) -> Result<usize> {
    let index = subscript(py, key)?;
    within(py, this, index, complaint)
}

fn subscript(py: &mut Py, key: Value) -> Result<isize> {
    if !py.has_index(key) {
        let given = py.class_name(key);
        raise!(py, TypeError, "bytearray indices must be integers or slices, not {given}");
    }
    py.to_subscript(key)
}

fn within(py: &mut Py, this: Gc<ByteArray>, index: isize, complaint: &str) -> Result<usize> {
    let len = this.get(py).data().len();
    let at = if index < 0 { index.wrapping_add(len as isize) } else { index };
    if at < 0 || at as usize >= len {
        raise!(py, IndexError, "{complaint}");
    }
    Ok(at as usize)
}

fn byte(py: &mut Py, value: Value) -> Result<u8> {
    let int = py.index(value)?;
    match py.int_to_i64(int).and_then(|int| u8::try_from(int).ok()) {
        Some(byte) => Ok(byte),
        None => raise!(py, ValueError, "byte must be in range(0, 256)"),
    }
}

/// The bytes `count` times.
pub(super) fn repeated(py: &mut Py, this: Gc<ByteArray>, count: isize) -> Result<Vec<u8>> {
    let (count, data) = (count.max(0) as usize, this.get(py).data());
    match data.len().checked_mul(count) {
        Some(total) if total <= u32::MAX as usize => Ok(data.repeat(count)),
        _ => Err(py.no_memory()),
    }
}

fn splice(py: &mut Py, this: Gc<ByteArray>, range: std::ops::Range<usize>, bytes: &[u8]) -> Result<()> {
    if range.len() != bytes.len() {
        py.check_unexported(this)?;
    }
    match py.heap.vec_splice(this, |array: &mut ByteArray| &mut array.data, range, bytes) {
        Ok(()) => Ok(()),
        Err(_) => Err(py.no_memory()),
    }
}

fn items(py: &mut Py, iterable: Value) -> Result<Vec<u8>> {
    if let Some(bytes) = BytesLike::try_new(py, iterable)? {
        return Ok(bytes.get(py).to_vec());
    }
    if py.is_str(iterable) {
        raise!(py, TypeError, "expected iterable of integers; got: 'str'");
    }
    if !py.is_iterable(iterable) {
        let given = py.class_name(iterable);
        raise!(py, TypeError, "can't extend bytearray with {given}");
    }
    py.length_hint(iterable, 0)?;
    from_iterable(py, iterable, "bytearray")
}

#[pymethods(part = "mutation")]
impl ByteArray {
    fn __setitem__(this: Gc<Self>, py: &mut Py, key: Value, value: Option<Value>) -> Result<()> {
        let Some(slice) = Gc::<Slice>::cast(py, key) else {
            let index = subscript(py, key)?;
            // The value comes first: its `__index__` may change the size.
            let byte = value.map(|value| byte(py, value)).transpose()?;
            let at = within(py, this, index, "bytearray index out of range")?;
            match byte {
                Some(byte) => this.get_mut(py).data[at] = byte,
                None => {
                    py.check_unexported(this)?;
                    this.get_mut(py).data.remove(at);
                }
            }
            return Ok(());
        };
        let new = match value {
            None => Vec::new(),
            Some(value) if py.is_str(value) || py.is_number(value) => {
                raise!(py, TypeError, "can assign only bytes, buffers, or iterables of ints in range(0, 256)")
            }
            Some(value) => match BytesLike::try_new(py, value)? {
                Some(bytes) => bytes.get(py).to_vec(),
                None => from_object(py, value, "bytearray")?.get(py).data().to_vec(),
            },
        };
        let bounds = py.slice_bounds(slice, |py| this.get(py).data().len())?;
        if bounds.step == 1 {
            return splice(py, this, bounds.start..bounds.start + bounds.count, &new);
        }
        if new.is_empty() {
            if bounds.count == 0 {
                return Ok(());
            }
            let gone: Vec<usize> = (0..bounds.count).map(|number| bounds.index(number)).collect();
            let data = this.get(py).data();
            let kept: Vec<u8> = (0..data.len()).filter(|index| !gone.contains(index)).map(|index| data[index]).collect();
            let len = data.len();
            return splice(py, this, 0..len, &kept);
        }
        if new.len() != bounds.count {
            raise!(py, ValueError, "attempt to assign bytes of size {} to extended slice of size {}", new.len(), bounds.count);
        }
        let data = &mut this.get_mut(py).data;
        for (number, byte) in new.iter().enumerate() {
            data[bounds.index(number)] = *byte;
        }
        Ok(())
    }

    fn __iadd__(this: Gc<Self>, py: &mut Py, other: Value) -> Result<Gc<Self>> {
        let Some(bytes) = BytesLike::try_new(py, other)? else {
            let (own, given) = (py.class_name(this.into()), py.class_name(other));
            raise!(py, TypeError, "can't concat {given} to {own}");
        };
        let bytes = bytes.get(py).to_vec();
        py.extend_bytearray(this, &bytes)?;
        Ok(this)
    }

    fn __imul__(this: Gc<Self>, py: &mut Py, count: isize) -> Result<Gc<Self>> {
        let (bytes, len) = (repeated(py, this, count)?, this.get(py).data().len());
        splice(py, this, 0..len, &bytes)?;
        Ok(this)
    }

    /// Append a single item to the end of the bytearray.
    #[signature(self, item, /)]
    fn append(this: Gc<Self>, py: &mut Py, item: Value) -> Result<()> {
        let byte = byte(py, item)?;
        py.extend_bytearray(this, &[byte])
    }

    /// Append all the items from the iterator or sequence to the end of the bytearray.
    #[signature(self, iterable_of_ints, /)]
    fn extend(this: Gc<Self>, py: &mut Py, iterable_of_ints: Value) -> Result<()> {
        let end = this.get(py).data().len();
        let bytes = items(py, iterable_of_ints)?;
        let end = end.min(this.get(py).data().len());
        splice(py, this, end..end, &bytes)
    }

    /// Insert a single item into the bytearray before the given index.
    #[signature(self, index, item, /)]
    fn insert(this: Gc<Self>, py: &mut Py, index: isize, item: Value) -> Result<()> {
        let byte = byte(py, item)?;
        let len = this.get(py).data().len();
        let at = if index < 0 { index.saturating_add(len as isize).max(0) as usize } else { (index as usize).min(len) };
        splice(py, this, at..at, &[byte])
    }

    /// Remove and return a single item from B, the last one by default.
    #[signature(self, index=-1, /)]
    fn pop(this: Gc<Self>, py: &mut Py, index: isize) -> Result<u8> {
        if this.get(py).data().is_empty() {
            raise!(py, IndexError, "pop from empty bytearray");
        }
        let key = py.new_int(index as i64);
        let at = position(py, this, key, "pop index out of range")?;
        py.check_unexported(this)?;
        Ok(this.get_mut(py).data.remove(at))
    }

    /// Remove the first occurrence of a value in the bytearray.
    #[signature(self, value, /)]
    fn remove(this: Gc<Self>, py: &mut Py, value: Value) -> Result<()> {
        let byte = byte(py, value)?;
        match memchr::memchr(byte, this.get(py).data()) {
            Some(at) => {
                py.check_unexported(this)?;
                this.get_mut(py).data.remove(at);
                Ok(())
            }
            None => raise!(py, ValueError, "value not found in bytearray"),
        }
    }

    /// Reverse the order of the values in B in place.
    fn reverse(this: Gc<Self>, py: &mut Py) {
        this.get_mut(py).data.reverse();
    }

    /// Remove all items from the bytearray.
    fn clear(this: Gc<Self>, py: &mut Py) -> Result<()> {
        py.check_unexported(this)?;
        this.get_mut(py).data.clear();
        Ok(())
    }

    /// B.__alloc__() -> int
    ///
    /// Return the number of bytes actually allocated.
    #[no_text_signature]
    fn __alloc__(this: Gc<Self>, py: &Py) -> usize {
        let data = &this.get(py).data;
        data.capacity().max(data.len() + 1)
    }

    /// Resize the internal buffer of bytearray to len.
    #[signature(self, size, /)]
    fn resize(this: Gc<Self>, py: &mut Py, size: isize) -> Result<()> {
        if size < 0 {
            raise!(py, ValueError, "Can only resize to positive sizes, got {size}");
        }
        if size as usize != this.get(py).data().len() {
            py.check_unexported(this)?;
        }
        match py.heap.vec_resize(this, |array: &mut ByteArray| &mut array.data, size as usize, 0) {
            Ok(()) => Ok(()),
            Err(_) => Err(py.no_memory()),
        }
    }
}
