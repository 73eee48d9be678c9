//! The methods of `list` except `sort`, and slice assignment.

use super::{List, ListReverseIterator};
use crate::native::StrictSliceIndex;
use crate::object::Class;
use crate::types::slice::Slice;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, HeapVec, Value};
use bredli_macros::pymethods;

#[pymethods(part = "methods")]
impl List {
    /// Append object to the end of the list.
    #[signature(self, object, /)]
    fn append(this: Gc<Self>, py: &mut Py, object: Value) -> Result<()> {
        py.list_push(this, object)
    }

    /// Remove all items from list.
    #[signature(self, /)]
    fn clear(this: Gc<Self>, py: &mut Py) {
        this.get_mut(py).items = HeapVec::EMPTY;
    }

    /// Return a shallow copy of the list.
    #[signature(self, /)]
    fn copy(this: Gc<Self>, py: &mut Py) -> Result {
        let mut items = py.list_storage(this.get(py).len())?;
        items.extend_within_capacity(this.get(py).items());
        Ok(py.alloc(List { header: Header::EMPTY, items }).into())
    }

    /// Return number of occurrences of value.
    #[signature(self, value, /)]
    fn count(this: Gc<Self>, py: &mut Py, value: Value) -> Result<usize> {
        let (mut count, mut index) = (0, 0);
        while let Some(item) = this.get(py).items.get(index).copied() {
            count += py.eq(item, value)? as usize;
            index += 1;
        }
        Ok(count)
    }

    /// Extend list by appending elements from the iterable.
    #[signature(self, iterable, /)]
    fn extend(this: Gc<Self>, py: &mut Py, iterable: Value) -> Result<()> {
        py.list_extend(this, iterable)
    }

    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[signature(self, value, start=0, stop=sys.maxsize, /)]
    fn index(this: Gc<Self>, py: &mut Py, value: Value, start: StrictSliceIndex, stop: StrictSliceIndex) -> Result<usize> {
        let len = this.get(py).len();
        let (start, stop) = (Py::clamp_position(start.0, len), Py::clamp_position(stop.0, len));
        match py.list_find(this, value, start, stop)? {
            Some(index) => Ok(index),
            None => raise!(py, ValueError, "list.index(x): x not in list"),
        }
    }

    /// Insert object before index.
    #[signature(self, index, object, /)]
    fn insert(this: Gc<Self>, py: &mut Py, index: isize, object: Value) -> Result<()> {
        let len = this.get(py).len();
        py.list_insert(this, Py::clamp_position(index, len), object)
    }

    /// Remove and return item at index (default last).
    ///
    /// Raises IndexError if list is empty or index is out of range.
    #[signature(self, index=-1, /)]
    fn pop(this: Gc<Self>, py: &mut Py, index: isize) -> Result {
        let list = this.get_mut(py);
        let len = list.items.len();
        if len == 0 {
            raise!(py, IndexError, "pop from empty list");
        }
        let index = if index < 0 { index.wrapping_add(len as isize) } else { index } as usize;
        if index >= len {
            raise!(py, IndexError, "pop index out of range");
        }
        let item = if index == len - 1 { list.items.pop().expect("not empty") } else { list.items.remove(index) };
        Ok(item)
    }

    /// Remove first occurrence of value.
    ///
    /// Raises ValueError if the value is not present.
    #[signature(self, value, /)]
    fn remove(this: Gc<Self>, py: &mut Py, value: Value) -> Result<()> {
        match py.list_find(this, value, 0, usize::MAX)? {
            Some(index) => {
                let list = this.get_mut(py);
                if index < list.items.len() {
                    list.items.remove(index);
                }
                Ok(())
            }
            None => raise!(py, ValueError, "list.remove(x): x not in list"),
        }
    }

    /// Reverse *IN PLACE*.
    #[signature(self, /)]
    fn reverse(this: Gc<Self>, py: &mut Py) {
        this.get_mut(py).items.reverse();
    }

    /// Return a reverse iterator over the list.
    #[signature(self, /)]
    fn __reversed__(this: Gc<Self>, py: &mut Py) -> Gc<ListReverseIterator> {
        let left = this.get(py).len();
        py.alloc(ListReverseIterator { header: Header::EMPTY, list: Some(this), left })
    }

    /// Return the size of the list in memory, in bytes.
    #[signature(self, /)]
    fn __sizeof__(this: Gc<Self>, py: &Py) -> usize {
        40 + 8 * this.get(py).items.capacity()
    }

    /// See PEP 585
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }
}

impl List {
    /// `list[slice] = value`, or its deletion.
    pub(super) fn assign_slice(this: Gc<Self>, py: &mut Py, slice: Gc<Slice>, value: Option<Value>) -> Result<()> {
        let numbers = py.slice_numbers(slice)?;
        let Some(value) = value else {
            let bounds = numbers.fit(this.get(py).len()).ascending();
            let list = this.get_mut(py);
            if bounds.step == 1 {
                list.items.remove_range(bounds.start..bounds.start + bounds.count);
            } else if bounds.count > 0 {
                let (mut kept, mut next) = (bounds.start, 0);
                for index in bounds.start..list.items.len() {
                    if next < bounds.count && index == bounds.index(next) {
                        next += 1;
                    } else {
                        list.items[kept] = list.items[index];
                        kept += 1;
                    }
                }
                list.items.truncate(kept);
            }
            return Ok(());
        };
        let values = py.collect_or(value, "must assign iterable to extended slice")?;
        let bounds = numbers.fit(this.get(py).len());
        if numbers.step() == 1 {
            let range = bounds.start..bounds.start + bounds.count;
            return match py.heap.vec_splice(this, |list: &mut List| &mut list.items, range, &values) {
                Ok(()) => Ok(()),
                Err(_) => Err(py.no_memory()),
            };
        }
        if values.len() != bounds.count {
            let (given, wanted) = (values.len(), bounds.count);
            raise!(py, ValueError, "attempt to assign sequence of size {given} to extended slice of size {wanted}");
        }
        let list = this.get_mut(py);
        for (number, value) in values.iter().enumerate() {
            list.items[bounds.index(number)] = *value;
        }
        Ok(())
    }
}
