//! Roots for native temporaries that the stack scan cannot find.
//!
//! A growing list of values lives in malloc memory; `RootVec` links it to its heap for as long as it exists. The links are
//! a doubly linked ring of nodes, so that a root may be moved and dropped in any order and needs no heap to be dropped.

use crate::{MemoryError, Tracer, Value};
use std::cell::{Cell, UnsafeCell};
use std::ops::{Deref, DerefMut};
use std::ptr::{self, NonNull};

/// A node of the ring. Nodes that are not in use are chained through `next`.
struct Node {
    previous: Cell<*const Node>,
    next: Cell<*const Node>,
    home: Cell<*const Ring>,
    items: UnsafeCell<Vec<Value>>,
}

/// All rooted vectors of one heap. Boxed, since the nodes point to it.
pub(crate) struct Ring {
    head: Cell<*const Node>,
    unused: Cell<*const Node>,
}

/// Capacity up to which the storage of a dropped vector is kept for the next one.
const KEPT_CAPACITY: usize = 256;

impl Ring {
    pub(crate) fn new() -> Box<Ring> {
        Box::new(Ring { head: Cell::new(ptr::null()), unused: Cell::new(ptr::null()) })
    }

    fn take_node(&self) -> NonNull<Node> {
        let node = self.unused.get();
        let node = if node.is_null() {
            Box::into_raw(Box::new(Node {
                previous: Cell::new(ptr::null()),
                next: Cell::new(ptr::null()),
                home: Cell::new(self),
                items: UnsafeCell::new(Vec::new()),
            }))
        } else {
            // SAFETY: nodes in the chain are valid and owned by the ring.
            self.unused.set(unsafe { (*node).next.get() });
            node.cast_mut()
        };
        let head = self.head.get();
        // SAFETY: `node` is valid and ours; `head` is a linked node or null.
        unsafe {
            (*node).previous.set(ptr::null());
            (*node).next.set(head);
            if !head.is_null() {
                (*head).previous.set(node);
            }
            self.head.set(node);
            NonNull::new_unchecked(node)
        }
    }

    pub(crate) fn trace(&self, tracer: &mut Tracer) {
        let mut at = self.head.get();
        while !at.is_null() {
            // SAFETY: linked nodes are valid; nobody mutates the items while the collector runs.
            unsafe {
                for value in &*(*at).items.get() {
                    tracer.value(*value);
                }
                at = (*at).next.get();
            }
        }
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        let mut at = self.head.get();
        while !at.is_null() {
            // SAFETY: linked nodes are valid; from now on they belong to their `RootVec` alone.
            unsafe {
                (*at).home.set(ptr::null());
                at = (*at).next.get();
            }
        }
        let mut at = self.unused.get();
        while !at.is_null() {
            // SAFETY: chained nodes came from `Box::into_raw` and nobody else knows them.
            at = unsafe { Box::from_raw(at.cast_mut()) }.next.get();
        }
    }
}

/// A vector of values that the collector knows. It may be moved, also into malloc memory.
pub struct RootVec(NonNull<Node>);

impl RootVec {
    /// An empty vector.
    #[inline]
    pub fn new(heap: &mut crate::Heap) -> RootVec {
        RootVec(heap.ring.take_node())
    }

    /// A vector of the given values.
    pub fn from_slice(heap: &mut crate::Heap, values: &[Value]) -> RootVec {
        let mut vector = RootVec::new(heap);
        vector.extend_from_slice(values);
        vector
    }

    /// Append a value, or say that memory cannot be had.
    #[inline(always)]
    pub fn try_push(&mut self, value: Value) -> Result<(), MemoryError> {
        if self.len() == self.capacity() {
            self.try_reserve(1).map_err(|_| MemoryError)?;
        }
        self.push(value);
        Ok(())
    }
}

impl Deref for RootVec {
    type Target = Vec<Value>;

    #[inline(always)]
    fn deref(&self) -> &Vec<Value> {
        // SAFETY: the node is valid while the vector exists; only the collector reads it besides, on this thread.
        unsafe { &*self.0.as_ref().items.get() }
    }
}

impl DerefMut for RootVec {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Vec<Value> {
        // SAFETY: as for `deref`; the collector runs only inside calls that hold the heap, never during this borrow's writes.
        unsafe { &mut *self.0.as_ref().items.get() }
    }
}

impl Drop for RootVec {
    fn drop(&mut self) {
        // SAFETY: the node is valid; its neighbours are linked nodes; after this nobody uses it through the ring.
        unsafe {
            let node = self.0.as_ref();
            let home = node.home.get();
            if home.is_null() {
                drop(Box::from_raw(self.0.as_ptr()));
                return;
            }
            let (previous, next) = (node.previous.get(), node.next.get());
            if previous.is_null() {
                (*home).head.set(next);
            } else {
                (*previous).next.set(next);
            }
            if !next.is_null() {
                (*next).previous.set(previous);
            }
            let items = &mut *node.items.get();
            if items.capacity() > KEPT_CAPACITY {
                *items = Vec::new();
            } else {
                items.clear();
            }
            node.next.set((*home).unused.get());
            (*home).unused.set(node);
        }
    }
}

impl<'a> IntoIterator for &'a RootVec {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// One rooted value.
pub struct Root(RootVec);

impl Root {
    /// Keep a value alive.
    pub fn new(heap: &mut crate::Heap, value: Value) -> Root {
        Root(RootVec::from_slice(heap, &[value]))
    }

    /// The value.
    #[inline]
    pub fn value(&self) -> Value {
        self.0[0]
    }

    /// Keep another value alive instead.
    pub fn set(&mut self, value: Value) {
        self.0[0] = value;
    }
}
