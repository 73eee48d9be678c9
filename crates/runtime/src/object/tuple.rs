//! The layout of `tuple`: a length and the items in the same cell.
//!
//! Instances of subclasses have their slots after the items. Counterpart: `Objects/tupleobject.c`.

use crate::Py;
use bredli_heap::{Gc, Header, Heap, Kind, Layout, MemoryError, Object, Value};
use bredli_macros::pyclass;

/// Built-in immutable sequence.
///
/// If no argument is given, the constructor returns an empty tuple.
/// If iterable is specified the tuple is initialized from iterable's items.
///
/// If the argument is a tuple, the return value is the same object.
#[repr(C)]
#[pyclass(name = "tuple", core, flags(BASETYPE, SEQUENCE, TUPLE, INDEXABLE, MATCH_SELF))]
pub struct Tuple {
    /// The object header; its kind is `Values`.
    pub header: Header,
    len: usize,
    items: [Value; 0],
}

static LAYOUT: Layout = Layout::values("tuple", std::mem::size_of::<Tuple>());

// SAFETY: repr(C), starts with a header; the `Values` kind traces `len` values after the length.
unsafe impl Object for Tuple {
    const LAYOUT: &'static Layout = &LAYOUT;
}

impl Tuple {
    /// The empty tuple, before there is an interpreter.
    pub(crate) fn placeholder(heap: &mut Heap) -> Gc<Tuple> {
        let cell = heap.alloc_raw(crate::types::shapes::TUPLE, Kind::Values, 0, Tuple::ITEMS);
        // SAFETY: a zeroed cell is an empty tuple.
        unsafe { Gc::from_ptr(cell.cast()) }
    }

    /// Byte offset of the first item.
    pub const ITEMS: usize = std::mem::offset_of!(Tuple, items);

    /// The items.
    #[inline(always)]
    pub fn items(&self) -> &[Value] {
        // SAFETY: a tuple is only reachable once all its `len` items are set.
        unsafe { std::slice::from_raw_parts(self.items.as_ptr(), self.len) }
    }

    /// Number of items.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no items.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl Py {
    /// A new tuple of the given items.
    #[inline]
    pub fn new_tuple(&mut self, items: &[Value]) -> Gc<Tuple> {
        if items.is_empty() {
            return self.constants.empty_tuple;
        }
        self.alloc_tuple(crate::types::shapes::TUPLE, 0, items).unwrap_or_else(|MemoryError| {
            self.heap.set_memory_pending();
            self.constants.empty_tuple
        })
    }

    /// A tuple with a given shape and `extra` trailing slots, for subclasses.
    pub(crate) fn alloc_tuple(&mut self, shape: u32, extra: u8, items: &[Value]) -> Result<Gc<Tuple>, MemoryError> {
        let size = Tuple::ITEMS + 8 * (items.len() + extra as usize);
        let cell = self.heap.try_alloc_raw(shape, Kind::Values, extra, size)?.cast::<Tuple>();
        // SAFETY: the fresh cell has room for the items; the caller's slice is not heap memory that could have moved (cells never move).
        unsafe {
            let target = (&raw mut (*cell).items).cast::<Value>();
            std::ptr::copy_nonoverlapping(items.as_ptr(), target, items.len());
            (*cell).len = items.len();
            Ok(Gc::from_ptr(cell))
        }
    }
}
