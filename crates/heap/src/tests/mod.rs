//! Tests of the collector, with a few kinds of objects to try it on.
//!
//! Objects that must have died may still be referred to by stale words of the test's own stack, so such tests make many and
//! expect nearly all of them to be dead.

mod exact;
#[cfg(not(miri))]
mod finalize;
#[cfg(not(miri))]
mod limits;
#[cfg(not(miri))]
mod objects;
#[cfg(not(miri))]
mod permanent;
#[cfg(not(miri))]
mod roots;
#[cfg(not(miri))]
mod stress;
#[cfg(not(miri))]
mod vectors;
#[cfg(not(miri))]
mod weak;

use crate::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Values behind the header.
#[repr(C)]
pub struct Node {
    pub header: Header,
    pub fields: [Cell<Option<Value>>; 2],
}

static NODE: Layout = Layout::slots("node", 8);

// SAFETY: repr(C) with the header first; allocated with two slots.
unsafe impl Object for Node {
    const LAYOUT: &'static Layout = &NODE;
}

/// A list of values and a map-like list of pairs.
#[repr(C)]
pub struct List {
    pub header: Header,
    pub items: HeapVec<Value>,
    pub pairs: HeapVec<(u64, Option<Value>)>,
    pub bytes: HeapVec<u8>,
}

static LIST: Layout = Layout::custom("list", size_of::<List>(), trace_list);

// SAFETY: called with a live `List`.
unsafe fn trace_list(header: *const Header, tracer: &mut Tracer) {
    // SAFETY: the shape is only used for lists.
    let list = unsafe { &*header.cast::<List>() };
    list.items.trace(tracer);
    list.pairs.trace(tracer);
    list.bytes.trace(tracer);
}

// SAFETY: repr(C) with the header first; all fields are traced.
unsafe impl Object for List {
    const LAYOUT: &'static Layout = &LIST;
}

/// Refers weakly to something.
#[repr(C)]
pub struct Reference {
    pub header: Header,
    pub target: Weak,
}

static REFERENCE: Layout = Layout::leaf("reference", size_of::<Reference>());

// SAFETY: repr(C) with the header first; no strong references.
unsafe impl Object for Reference {
    const LAYOUT: &'static Layout = &REFERENCE;
}

/// Owns memory outside the heap, and says when it is dropped.
#[repr(C)]
pub struct Owner {
    pub header: Header,
    pub log: Rc<RefCell<Vec<u32>>>,
    pub number: u32,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.log.borrow_mut().push(self.number);
    }
}

// SAFETY: called once with a dead `Owner`.
unsafe fn drop_owner(header: *mut Header) {
    // SAFETY: the shape is only used for owners.
    unsafe { std::ptr::drop_in_place(header.cast::<Owner>()) }
}

static OWNER: Layout = Layout::leaf("owner", size_of::<Owner>()).with_drop(drop_owner);

// SAFETY: repr(C) with the header first; no references.
unsafe impl Object for Owner {
    const LAYOUT: &'static Layout = &OWNER;
}

pub const NODES: u32 = 0;
pub const LISTS: u32 = 1;
pub const REFERENCES: u32 = 2;
pub const OWNERS: u32 = 3;

/// Run a test in a heap that knows the layouts above.
pub fn with_heap<R>(config: Config, test: impl FnOnce(&mut Heap) -> R) -> R {
    let mut heap = Heap::with_config(config);
    for (shape, layout) in [(NODES, &NODE), (LISTS, &LIST), (REFERENCES, &REFERENCE), (OWNERS, &OWNER)] {
        heap.set_shape_layout(shape, layout);
    }
    heap.enter_thread(test)
}

pub fn node(heap: &mut Heap, first: Value, second: Option<Value>) -> Gc<Node> {
    let cell = heap.alloc_slots(NODES, 2).cast::<Node>();
    // SAFETY: a fresh cell with two slots.
    unsafe {
        (*cell).fields[0].set(Some(first));
        (*cell).fields[1].set(second);
        Gc::from_ptr(cell)
    }
}

pub fn list(heap: &mut Heap) -> Gc<List> {
    let empty = List { header: Header::EMPTY, items: HeapVec::EMPTY, pairs: HeapVec::EMPTY, bytes: HeapVec::EMPTY };
    heap.alloc_object(LISTS, 0, empty)
}

pub fn push(heap: &mut Heap, list: Gc<List>, value: Value) {
    heap.vec_push(list, |list: &mut List| &mut list.items, value).expect("memory");
}

/// The items, in a root.
pub fn rooted(heap: &mut Heap, list: Gc<List>) -> RootVec {
    let mut items = RootVec::new(heap);
    items.extend_from_slice(&list.get(heap).items);
    items
}

pub fn as_node(value: Value) -> Gc<Node> {
    assert!(value.is_heap() && value.header().shape() == NODES && value.header().kind() == Kind::Slots);
    // SAFETY: checked above.
    unsafe { Gc::from_value(value) }
}

pub fn as_list(value: Value) -> Gc<List> {
    assert!(value.is_heap() && value.header().shape() == LISTS);
    // SAFETY: checked above.
    unsafe { Gc::from_value(value) }
}

/// The number in the first field of a node.
pub fn number(heap: &Heap, value: Value) -> i64 {
    as_node(value).get(heap).fields[0].get().and_then(Value::as_int).expect("a node with a number")
}

/// Call `f` with its frame well below the caller's, where [`clear_stack`] reaches.
#[inline(never)]
pub fn away<R>(f: impl FnOnce() -> R) -> R {
    let mut words = [0usize; 128];
    std::hint::black_box(&mut words);
    let result = f();
    std::hint::black_box(&mut words);
    result
}

/// Overwrite dead stack frames.
#[inline(never)]
pub fn clear_stack() {
    let mut words = [0usize; 4096];
    std::hint::black_box(&mut words);
}

#[derive(Clone, Copy)]
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }
}
