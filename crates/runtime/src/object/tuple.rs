//! The layout of `tuple`: a length, the hash and the items in the same cell.
//!
//! Instances of subclasses have their slots after the items. Counterpart: `Objects/tupleobject.c`.

use crate::Py;
use bredli_heap::{Gc, Header, Heap, Kind, Layout, MemoryError, Object, Value};
use bredli_macros::pyclass;
use std::cell::Cell;

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
    /// The hash, once it was computed; 0 before.
    hash: Cell<i64>,
    items: [Value; 0],
}

static LAYOUT: Layout = Layout::values("tuple", std::mem::size_of::<Tuple>());

// SAFETY: repr(C), starts with a header; the `Values` kind traces `len` values after the length and the hash.
unsafe impl Object for Tuple {
    const LAYOUT: &'static Layout = &LAYOUT;
    const SHAPE: Option<u32> = Some(crate::types::shapes::TUPLE);
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

    /// Set an item of a tuple that is still being made, to which its items can already refer.
    pub fn set_item(&mut self, index: usize, value: Value) {
        assert!(index < self.len, "only an item that is there is set");
        // SAFETY: the item is one of the `len` items.
        unsafe { self.items.as_mut_ptr().add(index).write(value) };
        self.hash = Cell::new(0);
    }

    /// The hash, if it has been asked for before.
    #[inline(always)]
    pub fn known_hash(&self) -> Option<i64> {
        Some(self.hash.get()).filter(|hash| *hash != 0)
    }

    /// Keep the hash.
    pub fn set_hash(&self, hash: i64) {
        self.hash.set(hash);
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

    /// A tuple of the items from `start` up to `end` of one tuple and all those of another.
    pub(crate) fn tuple_of_parts(&mut self, left: Gc<Tuple>, range: std::ops::Range<usize>, right: Gc<Tuple>) -> Gc<Tuple> {
        // SAFETY: the items are kept alive by the two tuples, which are on this frame's stack; cells do not move.
        let (first, second) = unsafe {
            let (first, second) = (&left.get(self).items()[range], right.get(self).items());
            let detached = |items: &[Value]| std::slice::from_raw_parts(items.as_ptr(), items.len());
            (detached(first), detached(second))
        };
        if first.is_empty() && second.is_empty() {
            return self.constants.empty_tuple;
        }
        self.alloc_tuple_of(crate::types::shapes::TUPLE, 0, [first, second]).unwrap_or_else(|MemoryError| {
            self.heap.set_memory_pending();
            self.constants.empty_tuple
        })
    }

    /// A tuple with a given shape and `extra` trailing slots, for subclasses.
    #[inline]
    pub(crate) fn alloc_tuple(&mut self, shape: u32, extra: u8, items: &[Value]) -> Result<Gc<Tuple>, MemoryError> {
        self.alloc_tuple_of(shape, extra, [items])
    }

    #[inline]
    fn alloc_tuple_of<const N: usize>(&mut self, shape: u32, extra: u8, parts: [&[Value]; N]) -> Result<Gc<Tuple>, MemoryError> {
        let mut len = 0;
        for part in parts {
            len += part.len();
        }
        let size = Tuple::ITEMS + 8 * (len + extra as usize);
        let cell = match self.heap.alloc_unclean_at_hand(shape, Kind::Values, extra, size) {
            Some(cell) => cell.cast::<Tuple>(),
            None => self.heap.try_alloc_unclean(shape, Kind::Values, extra, size)?.cast::<Tuple>(),
        };
        // SAFETY: the fresh cell has room for the items; the caller's slices are not heap memory that could have moved (cells never move).
        unsafe {
            let mut target = (&raw mut (*cell).items).cast::<Value>();
            for part in parts {
                copy_values(part, target);
                target = target.add(part.len());
            }
            if extra != 0 {
                target.write_bytes(0, extra as usize);
            }
            (*cell).len = len;
            (*cell).hash = Cell::new(0);
            Ok(Gc::from_ptr(cell))
        }
    }
}

/// Copy values, of which there are mostly few, one by one: they were mostly written just now, and reading two at once waits until both have
/// left the processor's store buffer.
///
/// # Safety
/// There is room for them at `target`, which does not overlap them.
#[inline(always)]
unsafe fn copy_values(values: &[Value], target: *mut Value) {
    let from = values.as_ptr();
    // SAFETY: the caller's promise. Volatile reads are not merged into wider ones.
    unsafe {
        match values.len() {
            0 => {}
            1 => target.write(from.read()),
            2 => {
                target.write(from.read_volatile());
                target.add(1).write(from.add(1).read_volatile());
            }
            3 => {
                target.write(from.read_volatile());
                target.add(1).write(from.add(1).read_volatile());
                target.add(2).write(from.add(2).read_volatile());
            }
            len => std::ptr::copy_nonoverlapping(from, target, len),
        }
    }
}
