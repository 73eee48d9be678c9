//! `view[key]` and `view[key] = value`.

use super::MemoryView;
use crate::buffer::{Dimension, flags, geometry::Offsets};
use crate::object::Tuple;
use crate::types::Slice;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

/// What a key selects.
enum Key {
    /// The only item of a view without dimensions.
    Whole,
    /// The view itself, for `...` of one without dimensions.
    Same,
    /// One item, which starts at this place.
    Item(usize),
    /// A part of the first dimension.
    Part(Gc<Slice>),
    /// A slice of each dimension.
    Parts,
}

/// The place of item `index` of a dimension, when its first item is at `start`.
fn place(py: &mut Py, dimension: Dimension, number: usize, start: usize, index: isize) -> Result<usize> {
    let at = if index < 0 { index.wrapping_add(dimension.len as isize) } else { index };
    if at < 0 || at as usize >= dimension.len {
        raise!(py, IndexError, "index out of bounds on dimension {}", number + 1);
    }
    Ok((start as isize + at * dimension.stride) as usize)
}

/// What a key means; `sub_views` is the complaint about one index in a view of several dimensions.
fn select(py: &mut Py, this: Gc<MemoryView>, key: Value, sub_views: &str) -> Result<Key> {
    let count = this.get(py).dimensions.len();
    let tuple = Gc::<Tuple>::cast(py, key);
    if count == 0 {
        if tuple.is_some_and(|tuple| tuple.get(py).is_empty()) {
            return Ok(Key::Whole);
        }
        if key == Value::ELLIPSIS {
            return Ok(Key::Same);
        }
        raise!(py, TypeError, "invalid indexing of 0-dim memory");
    }
    if py.has_index(key) {
        let index = py.to_subscript(key)?;
        if count > 1 {
            raise!(py, NotImplementedError, "{sub_views}");
        }
        let view = this.get(py);
        let (dimension, start) = (view.dimensions[0], view.start);
        return place(py, dimension, 0, start, index).map(Key::Item);
    }
    if let Some(slice) = Gc::<Slice>::cast(py, key) {
        return Ok(Key::Part(slice));
    }
    if let Some(tuple) = tuple {
        let items = tuple.get(py).items();
        if items.iter().all(|item| py.has_index(*item)) {
            return indices(py, this, tuple).map(Key::Item);
        }
        if items.iter().all(|item| Gc::<Slice>::cast(py, *item).is_some()) {
            return Ok(Key::Parts);
        }
    }
    raise!(py, TypeError, "memoryview: invalid slice key")
}

fn indices(py: &mut Py, this: Gc<MemoryView>, key: Gc<Tuple>) -> Result<usize> {
    let (given, count) = (key.get(py).len(), this.get(py).dimensions.len());
    if given > count {
        raise!(py, TypeError, "cannot index {count}-dimension view with {given}-element tuple");
    }
    if given < count {
        raise!(py, NotImplementedError, "sub-views are not implemented");
    }
    let mut start = this.get(py).start;
    for number in 0..count {
        let index = key.get(py).items()[number];
        let index = py.to_subscript(index)?;
        MemoryView::managed(py, this)?;
        let dimension = this.get(py).dimensions[number];
        start = place(py, dimension, number, start, index)?;
    }
    Ok(start)
}

/// The part of a view that a slice of its first dimension selects.
fn part(py: &mut Py, this: Gc<MemoryView>, slice: Gc<Slice>) -> Result<Gc<MemoryView>> {
    // Finding the bounds can release the view.
    let geometry = this.get(py).geometry();
    let part = MemoryView::derive(py, this, geometry)?;
    let bounds = py.slice_bounds(slice, |py| this.get(py).dimensions[0].len)?;
    let view = part.get_mut(py);
    let Dimension { stride, .. } = view.dimensions[0];
    view.start = (view.start as isize + bounds.start as isize * stride) as usize;
    view.dimensions[0] = Dimension { len: bounds.count, stride: stride.wrapping_mul(bounds.step) };
    Ok(part)
}

fn store(py: &mut Py, this: Gc<MemoryView>, at: usize, value: Value) -> Result<()> {
    let code = MemoryView::code(py, this)?;
    let format = this.get(py).format.get(py).lossy();
    let packed = code.pack(py, value, format.trim_start_matches('@'))?;
    let memory = MemoryView::managed(py, this)?.get(py).memory();
    if let Some(place) = memory.get_mut(py).get_mut(at..at + code.size()) {
        place.copy_from_slice(&packed[..code.size()]);
    }
    Ok(())
}

/// Copy the items of one view over those of another with the same structure.
fn copy(py: &mut Py, target: Gc<MemoryView>, source: Gc<MemoryView>) -> Result<()> {
    let plain = |view: Gc<MemoryView>| {
        let text = view.get(py).format.get(py).bytes();
        text.strip_prefix(b"@").unwrap_or(text)
    };
    let (to, from) = (target.get(py), source.get(py));
    let lens = |view: &MemoryView| -> Vec<usize> { view.dimensions.iter().map(|dimension| dimension.len).collect() };
    if plain(target) != plain(source) || to.itemsize != from.itemsize || lens(to) != lens(from) {
        raise!(py, ValueError, "memoryview assignment: lvalue and rvalue have different structures");
    }
    let bytes = MemoryView::bytes(py, source)?;
    let geometry = target.get(py).geometry();
    let memory = MemoryView::managed(py, target)?.get(py).memory();
    let memory = memory.get_mut(py);
    if geometry.is_c_contiguous() {
        if let Some(place) = memory.get_mut(geometry.start..geometry.start + bytes.len()) {
            place.copy_from_slice(&bytes);
        }
        return Ok(());
    }
    let places = Offsets::new(geometry.start, &geometry.dimensions);
    for (at, item) in places.zip(bytes.chunks_exact(geometry.itemsize.max(1))) {
        if let Some(place) = memory.get_mut(at..at + item.len()) {
            place.copy_from_slice(item);
        }
    }
    Ok(())
}

#[pymethods(part = "subscript")]
impl MemoryView {
    fn __len__(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        MemoryView::managed(py, this)?;
        match this.get(py).dimensions.first() {
            Some(dimension) => Ok(dimension.len),
            None => raise!(py, TypeError, "0-dim memory has no length"),
        }
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        MemoryView::managed(py, this)?;
        match select(py, this, key, "multi-dimensional sub-views are not implemented")? {
            Key::Same => Ok(this.into()),
            Key::Whole => {
                let (code, start) = (MemoryView::code(py, this)?, this.get(py).start);
                MemoryView::item(py, this, code, start)
            }
            Key::Item(at) => {
                let code = MemoryView::code(py, this)?;
                MemoryView::item(py, this, code, at)
            }
            Key::Part(slice) => part(py, this, slice).map(Into::into),
            Key::Parts => raise!(py, NotImplementedError, "multi-dimensional slicing is not implemented"),
        }
    }

    fn __setitem__(this: Gc<Self>, py: &mut Py, key: Value, value: Option<Value>) -> Result<()> {
        MemoryView::managed(py, this)?;
        MemoryView::code(py, this)?;
        if this.get(py).readonly {
            raise!(py, TypeError, "cannot modify read-only memory");
        }
        let Some(value) = value else { raise!(py, TypeError, "cannot delete memory") };
        match select(py, this, key, "sub-views are not implemented")? {
            Key::Whole | Key::Same => {
                let start = this.get(py).start;
                store(py, this, start, value)
            }
            Key::Item(at) => store(py, this, at, value),
            Key::Part(slice) if this.get(py).dimensions.len() == 1 => {
                if py.class_of(value).get(py).slots.buffer.is_none() {
                    let given = py.class_name(value);
                    raise!(py, TypeError, "a bytes-like object is required, not '{given}'");
                }
                let source = py.memoryview(value, flags::FULL_RO)?;
                let target = part(py, this, slice)?;
                MemoryView::managed(py, this)?;
                let copied = copy(py, target, source);
                MemoryView::release_now(py, target)?;
                MemoryView::release_now(py, source)?;
                copied
            }
            Key::Part(_) | Key::Parts => {
                raise!(py, NotImplementedError, "memoryview slice assignments are currently restricted to ndim = 1")
            }
        }
    }
}
