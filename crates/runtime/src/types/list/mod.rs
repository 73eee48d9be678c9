//! `list`.
//!
//! Counterpart: `Objects/listobject.c`.

mod iter;

pub use iter::{ListIterator, ListReverseIterator};

use crate::{Py, Result};
use bredli_heap::{Gc, Header, HeapVec, Value};
use bredli_macros::{Trace, pyclass};

/// A Python list.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "list", core, flags(BASETYPE, SEQUENCE, LIST, INDEXABLE, MATCH_SELF))]
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

impl Py {
    /// A new list of the items, which must not be borrowed from the heap.
    pub fn new_list(&mut self, items: &[Value]) -> Result<Gc<List>> {
        match HeapVec::from_slice(&mut self.heap, items) {
            Ok(items) => Ok(self.alloc(List { header: Header::EMPTY, items })),
            Err(_) => Err(self.no_memory()),
        }
    }

    /// `list.append(item)`.
    #[inline]
    pub fn list_push(&mut self, list: Gc<List>, item: Value) -> Result<()> {
        match self.heap.vec_push(list, |list: &mut List| &mut list.items, item) {
            Ok(()) => Ok(()),
            Err(_) => Err(self.no_memory()),
        }
    }
}
