//! Arrays as sequences: operators, subscripts, comparison.

use super::Array;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Slice;

/// The position that an index means.
#[inline]
fn position(py: &mut Py, this: Gc<Array>, key: Value, complaint: &str) -> Result<usize> {
    let index = py.to_subscript(key)?;
    let len = this.get(py).len() as isize;
    let at = if index < 0 { index.wrapping_add(len) } else { index };
    if at < 0 || at >= len {
        raise!(py, IndexError, "{complaint}");
    }
    Ok(at as usize)
}

fn slice_of(py: &mut Py, key: Value) -> Result<Gc<Slice>> {
    match Gc::<Slice>::cast(py, key) {
        Some(slice) => Ok(slice),
        None => raise!(py, TypeError, "array indices must be integers"),
    }
}

/// The items `count` times.
fn repeated(py: &mut Py, this: Gc<Array>, count: isize) -> Result<Vec<u8>> {
    let (count, data) = (count.max(0) as usize, &this.get(py).data);
    let Some(total) = data.len().checked_mul(count).filter(|total| *total <= isize::MAX as usize / 2) else {
        return Err(py.no_memory());
    };
    let mut out = Vec::new();
    if out.try_reserve_exact(total).is_err() {
        return Err(py.no_memory());
    }
    while out.len() < total {
        out.extend_from_slice(data);
    }
    Ok(out)
}

/// The bytes that are assigned to a slice.
fn assigned(py: &mut Py, this: Gc<Array>, value: Value) -> Result<Vec<u8>> {
    let Some(other) = Gc::<Array>::cast(py, value) else {
        let given = py.class_name(value);
        raise!(py, TypeError, "can only assign array (not \"{given}\") to array slice");
    };
    if other.get(py).code != this.get(py).code {
        raise!(py, TypeError, "bad argument type for built-in operation");
    }
    Ok(other.get(py).data.to_vec())
}

fn set_slice(py: &mut Py, this: Gc<Array>, slice: Gc<Slice>, value: Option<Value>) -> Result<()> {
    let new = match value {
        Some(value) => assigned(py, this, value)?,
        None => Vec::new(),
    };
    let bounds = py.slice_bounds(slice, |py| this.get(py).len())?;
    let size = this.get(py).code.size();
    if bounds.step == 1 {
        return Array::splice(py, this, bounds.start * size..(bounds.start + bounds.count) * size, &new);
    }
    if value.is_none() {
        if bounds.count == 0 {
            return Ok(());
        }
        let mut gone = vec![false; this.get(py).len()];
        (0..bounds.count).for_each(|number| gone[bounds.index(number)] = true);
        let data = &this.get(py).data;
        let kept: Vec<u8> = data.chunks_exact(size).zip(gone).filter(|(_, gone)| !gone).flat_map(|(item, _)| item).copied().collect();
        let end = data.len();
        return Array::splice(py, this, 0..end, &kept);
    }
    if new.len() != bounds.count * size {
        raise!(py, ValueError, "attempt to assign array of size {} to extended slice of size {}", new.len() / size, bounds.count);
    }
    let data = &mut this.get_mut(py).data;
    for (number, item) in new.chunks_exact(size).enumerate() {
        let at = bounds.index(number) * size;
        data[at..at + size].copy_from_slice(item);
    }
    Ok(())
}

#[pymethods(part = "sequence")]
impl Array {
    fn __len__(this: Gc<Self>, py: &Py) -> usize {
        this.get(py).len()
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        if let (Some(index), Some(items)) = (key.as_int(), this.get(py).doubles())
            && let Some(item) = items.get(index as usize)
        {
            return Ok(Value::float(f64::from_le_bytes(*item)));
        }
        if py.has_index(key) {
            let index = position(py, this, key, "array index out of range")?;
            return Array::item(py, this, index);
        }
        let slice = slice_of(py, key)?;
        let bounds = py.slice_bounds(slice, |py| this.get(py).len())?;
        let (data, size) = (&this.get(py).data, this.get(py).code.size());
        let mut bytes = Vec::with_capacity(bounds.count * size);
        for number in 0..bounds.count {
            let at = bounds.index(number) * size;
            bytes.extend_from_slice(&data[at..at + size]);
        }
        Array::similar(py, this, &bytes).map(Into::into)
    }

    fn __setitem__(this: Gc<Self>, py: &mut Py, key: Value, value: Option<Value>) -> Result<()> {
        if let (Some(index), Some(number)) = (key.as_int(), value.and_then(Value::as_float))
            && let Some(items) = this.get_mut(py).doubles_mut()
            && let Some(item) = items.get_mut(index as usize)
        {
            *item = number.to_le_bytes();
            return Ok(());
        }
        if !py.has_index(key) {
            let slice = slice_of(py, key)?;
            return set_slice(py, this, slice, value);
        }
        let index = position(py, this, key, "array assignment index out of range")?;
        let code = this.get(py).code;
        let range = index * code.size()..(index + 1) * code.size();
        let Some(value) = value else { return Array::splice(py, this, range, &[]) };
        let packed = code.pack(py, value)?;
        let Some(place) = this.get_mut(py).data.get_mut(range) else {
            raise!(py, IndexError, "array assignment index out of range");
        };
        match place.as_mut_array::<8>() {
            Some(place) => *place = packed,
            None => place.copy_from_slice(&packed[..code.size()]),
        }
        Ok(())
    }

    fn __add__(this: Gc<Self>, py: &mut Py, other: Value) -> Result<Gc<Self>> {
        let Some(right) = Gc::<Array>::cast(py, other) else {
            let given = py.class_name(other);
            raise!(py, TypeError, "can only append array (not \"{given}\") to array");
        };
        if right.get(py).code != this.get(py).code {
            raise!(py, TypeError, "bad argument type for built-in operation");
        }
        let joined = [&this.get(py).data[..], &right.get(py).data[..]].concat();
        Array::similar(py, this, &joined)
    }

    fn __iadd__(this: Gc<Self>, py: &mut Py, other: Value) -> Result<Gc<Self>> {
        let Some(right) = Gc::<Array>::cast(py, other) else {
            let given = py.class_name(other);
            raise!(py, TypeError, "can only extend array with array (not \"{given}\")");
        };
        if right.get(py).code != this.get(py).code {
            raise!(py, TypeError, "can only extend with array of same kind");
        }
        let bytes = right.get(py).data.to_vec();
        Array::extend_bytes(py, this, &bytes)?;
        Ok(this)
    }

    fn __mul__(this: Gc<Self>, py: &mut Py, count: isize) -> Result<Gc<Self>> {
        let bytes = repeated(py, this, count)?;
        Array::similar(py, this, &bytes)
    }

    fn __imul__(this: Gc<Self>, py: &mut Py, count: isize) -> Result<Gc<Self>> {
        let bytes = repeated(py, this, count)?;
        let end = this.get(py).data.len();
        Array::splice(py, this, 0..end, &bytes)?;
        Ok(this)
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Array>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        let (a, b) = (this.get(py), other.get(py));
        if matches!(op, CompareOp::Eq | CompareOp::Ne) {
            if a.len() != b.len() {
                return Ok(Value::bool(op == CompareOp::Ne));
            }
            if a.code == b.code && a.code.compares_by_bytes() {
                return Ok(Value::bool((a.data[..] == b.data[..]) == (op == CompareOp::Eq)));
            }
        }
        let mut index = 0;
        while index < this.get(py).len() && index < other.get(py).len() {
            let left = Array::item(py, this, index)?;
            let right = Array::item(py, other, index)?;
            let equal = py.compare(CompareOp::Eq, left, right)?;
            if !py.truth(equal)? {
                return match op {
                    CompareOp::Eq => Ok(Value::FALSE),
                    CompareOp::Ne => Ok(Value::TRUE),
                    _ => py.compare(op, left, right),
                };
            }
            index += 1;
        }
        Ok(Value::bool(op.holds(this.get(py).len().cmp(&other.get(py).len()))))
    }
}
