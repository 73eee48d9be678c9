//! `list`: the layout, the operators, and how Rust code makes lists.
//!
//! Counterpart: `Objects/listobject.c`.

mod iter;
mod methods;
mod sort;

pub use iter::{ListIterator, ListReverseIterator};

use super::sequence::Subscript;
use crate::native::Args;
use crate::object::{Class, CompareOp, Tuple};
use crate::types::shapes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, HeapVec, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Built-in mutable sequence.
///
/// If no argument is given, the constructor creates a new empty list.
/// The argument must be an iterable if specified.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "list", core, flags(BASETYPE, SEQUENCE, LIST, INDEXABLE, MATCH_SELF), parts(methods, sort))]
pub struct List {
    pub(crate) header: Header,
    pub(crate) items: HeapVec<Value>,
}

impl List {
    /// The items.
    #[inline(always)]
    pub fn items(&self) -> &[Value] {
        &self.items
    }

    /// The items, for replacing and moving them.
    #[inline(always)]
    pub fn items_mut(&mut self) -> &mut [Value] {
        &mut self.items
    }

    /// Remove and return the last item.
    pub fn pop_item(&mut self) -> Option<Value> {
        self.items.pop()
    }

    /// Number of items.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are no items.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

#[pymethods]
impl List {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<List> {
        let _ = args;
        py.alloc_as(cls, List { header: Header::EMPTY, items: HeapVec::EMPTY })
    }

    #[signature(iterable=(), /)]
    fn __init__(this: Gc<Self>, py: &mut Py, iterable: Value) -> Result<()> {
        if !this.get(py).is_empty() {
            this.get_mut(py).items = HeapVec::EMPTY;
        }
        py.list_extend(this, iterable)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result {
        if this.get(py).is_empty() {
            return Ok(py.new_str("[]").into());
        }
        py.repr_of_container(this.into(), "[...]", |py, text| {
            text.push(b'[');
            py.repr_items(text, |py, index| this.get(py).items.get(index).copied())?;
            text.push(b']');
            Ok(())
        })
    }

    fn __len__(this: Gc<Self>, py: &mut Py) -> usize {
        this.get(py).len()
    }

    fn __contains__(this: Gc<Self>, py: &mut Py, item: Value) -> Result<bool> {
        Ok(py.list_find(this, item, 0, usize::MAX)?.is_some())
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Gc<ListIterator> {
        py.alloc(ListIterator { header: Header::EMPTY, list: Some(this), index: 0 })
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        match py.subscript("list", key)? {
            Subscript::Index(index) => {
                let items = this.get(py).items();
                let index = if index < 0 { index.wrapping_add(items.len() as isize) } else { index };
                match items.get(index as usize) {
                    Some(item) => Ok(*item),
                    None => raise!(py, IndexError, "list index out of range"),
                }
            }
            Subscript::Slice(slice) => {
                let bounds = py.slice_bounds(slice, |py| this.get(py).len())?;
                let mut items = py.list_storage(bounds.count)?;
                let source = this.get(py).items();
                match bounds.step {
                    1 => items.extend_within_capacity(&source[bounds.start..bounds.start + bounds.count]),
                    _ => (0..bounds.count).for_each(|number| items.push_within_capacity(source[bounds.index(number)])),
                }
                Ok(py.alloc(List { header: Header::EMPTY, items }).into())
            }
        }
    }

    fn __setitem__(this: Gc<Self>, py: &mut Py, key: Value, value: Option<Value>) -> Result<()> {
        match py.subscript("list", key)? {
            Subscript::Index(index) => {
                let list = this.get_mut(py);
                let index = if index < 0 { index.wrapping_add(list.items.len() as isize) } else { index } as usize;
                if index >= list.items.len() {
                    raise!(py, IndexError, "list assignment index out of range");
                }
                match value {
                    Some(value) => list.items[index] = value,
                    None => {
                        list.items.remove(index);
                    }
                }
                Ok(())
            }
            Subscript::Slice(slice) => List::assign_slice(this, py, slice, value),
        }
    }

    fn __add__(this: Gc<Self>, py: &mut Py, other: Value) -> Result {
        let Some(other) = Gc::<List>::cast(py, other) else {
            let class = py.class_name(other);
            raise!(py, TypeError, "can only concatenate list (not \"{class}\") to list");
        };
        let mut items = py.list_storage(this.get(py).len() + other.get(py).len())?;
        items.extend_within_capacity(this.get(py).items());
        items.extend_within_capacity(other.get(py).items());
        Ok(py.alloc(List { header: Header::EMPTY, items }).into())
    }

    fn __iadd__(this: Gc<Self>, py: &mut Py, other: Value) -> Result {
        py.list_extend(this, other)?;
        Ok(this.into())
    }

    fn __mul__(this: Gc<Self>, py: &mut Py, count: isize) -> Result {
        let items = List::repeated(this, py, count)?;
        Ok(py.alloc(List { header: Header::EMPTY, items }).into())
    }

    fn __imul__(this: Gc<Self>, py: &mut Py, count: isize) -> Result {
        if count != 1 {
            let items = List::repeated(this, py, count)?;
            this.get_mut(py).items = items;
        }
        Ok(this.into())
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<List>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        if matches!(op, CompareOp::Eq | CompareOp::Ne) && this.get(py).len() != other.get(py).len() {
            return Ok(Value::bool(op == CompareOp::Ne));
        }
        py.compare_items(op, |py, i| this.get(py).items.get(i).copied(), |py, i| other.get(py).items.get(i).copied())
    }
}

impl List {
    #[inline(always)]
    pub(crate) fn storage(&mut self) -> &mut HeapVec<Value> {
        &mut self.items
    }

    /// The items `count` times over.
    fn repeated(this: Gc<Self>, py: &mut Py, count: isize) -> Result<HeapVec<Value>> {
        let (len, count) = (this.get(py).len(), count.max(0) as usize);
        let Some(total) = len.checked_mul(count) else { return Err(py.no_memory()) };
        if len == 1 && count > 0 {
            let item = this.get(py).items[0];
            return HeapVec::filled(&mut py.heap, total, item).map_err(|_| py.no_memory());
        }
        let mut items = py.list_storage(total)?;
        if len > 0 {
            (0..count).for_each(|_| items.extend_within_capacity(this.get(py).items()));
        }
        Ok(items)
    }
}

impl Py {
    /// A new list of the items, which must not be borrowed from the heap.
    pub fn new_list(&mut self, items: &[Value]) -> Result<Gc<List>> {
        match HeapVec::from_slice(&mut self.heap, items) {
            Ok(items) => Ok(self.alloc(List { header: Header::EMPTY, items })),
            Err(_) => Err(self.no_memory()),
        }
    }

    /// A new list with room for `capacity` items.
    pub fn new_list_with_capacity(&mut self, capacity: usize) -> Result<Gc<List>> {
        let items = self.list_storage(capacity)?;
        Ok(self.alloc(List { header: Header::EMPTY, items }))
    }

    pub(crate) fn list_storage(&mut self, capacity: usize) -> Result<HeapVec<Value>> {
        HeapVec::with_capacity(&mut self.heap, capacity).map_err(|_| self.no_memory())
    }

    /// `list.append(item)`.
    #[inline]
    pub fn list_push(&mut self, list: Gc<List>, item: Value) -> Result<()> {
        match self.heap.vec_push(list, |list: &mut List| &mut list.items, item) {
            Ok(()) => Ok(()),
            Err(_) => Err(self.no_memory()),
        }
    }

    /// Insert before the item at `index`, or at the end.
    pub fn list_insert(&mut self, list: Gc<List>, index: usize, item: Value) -> Result<()> {
        let index = index.min(list.get(self).len());
        match self.heap.vec_insert(list, |list: &mut List| &mut list.items, index, item) {
            Ok(()) => Ok(()),
            Err(_) => Err(self.no_memory()),
        }
    }

    /// `list.extend(iterable)`.
    pub fn list_extend(&mut self, list: Gc<List>, iterable: Value) -> Result<()> {
        if iterable.is_heap() {
            let shape = iterable.header().shape();
            let done = match shape {
                shapes::LIST => {
                    let source = Gc::<List>::known(self, iterable);
                    Some(self.heap.vec_extend_from(list, List::storage, source, |source: &List| &source.items))
                }
                shapes::TUPLE => {
                    let source = Gc::<Tuple>::known(self, iterable);
                    Some(self.heap.vec_extend_from(list, List::storage, source, |source: &Tuple| source.items()))
                }
                _ => None,
            };
            if let Some(done) = done {
                return done.map_err(|_| self.no_memory());
            }
        }
        let iterator = self.iter(iterable)?;
        let hint = self.length_hint(iterable, 8)?;
        if list.get(self).len().checked_add(hint).is_some_and(|total| total <= isize::MAX as usize)
            && self.heap.vec_reserve(list, List::storage, hint).is_err()
        {
            return Err(self.no_memory());
        }
        while let Some(value) = self.next_untaken(iterator, &mut |py, value| py.heap.vec_push(list, List::storage, value).is_ok())? {
            self.list_push(list, value)?;
        }
        Ok(())
    }

    /// The index of the first item equal to `item`, from `start` up to `stop`.
    pub fn list_find(&mut self, list: Gc<List>, item: Value, start: usize, stop: usize) -> Result<Option<usize>> {
        let mut index = start;
        while index < stop {
            let items = list.get(self).items();
            let Some(rest) = items.get(index..stop.min(items.len())) else { break };
            // Runs of items that can be compared without calling anything are searched with one view of the list.
            let found = rest.iter().position(|candidate| self.quick_eq(*candidate, item) != Some(false));
            let Some(offset) = found else { break };
            let candidate = rest[offset];
            index += offset;
            if self.eq(candidate, item)? {
                return Ok(Some(index));
            }
            index += 1;
        }
        Ok(None)
    }
}
