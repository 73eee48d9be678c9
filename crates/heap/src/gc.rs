//! Typed handles to heap objects.

use crate::{Header, Heap, Object, Value};
use std::marker::PhantomData;
use std::ptr::NonNull;

/// A reference to an object with payload `T`. Copying it is free; it keeps the object alive while it is on a native stack or in
/// another object.
#[repr(transparent)]
pub struct Gc<T>(NonNull<T>, PhantomData<*const ()>);

impl<T> Clone for Gc<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Gc<T> {}

impl<T> PartialEq for Gc<T> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Gc<T> {}

impl<T> std::hash::Hash for Gc<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> std::fmt::Debug for Gc<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gc({:p})", self.0)
    }
}

impl<T: Object> Gc<T> {
    /// A handle to a cell that holds a `T`.
    ///
    /// # Safety
    /// The pointer is to a live cell of this layout.
    #[inline(always)]
    pub unsafe fn from_ptr(pointer: *mut T) -> Self {
        // SAFETY: the caller's promise.
        Gc(unsafe { NonNull::new_unchecked(pointer) }, PhantomData)
    }

    /// A handle to the object of a heap value.
    ///
    /// # Safety
    /// The value refers to an object with payload `T`.
    #[inline(always)]
    pub unsafe fn from_value(value: Value) -> Self {
        // SAFETY: the caller's promise.
        unsafe { Self::from_ptr(value.as_header() as *mut T) }
    }

    /// The object's payload.
    #[inline(always)]
    pub fn get(self, heap: &Heap) -> &T {
        let _ = heap;
        // SAFETY: the handle keeps the cell alive; while the heap is borrowed shared nobody can write to or free the object.
        unsafe { self.0.as_ref() }
    }

    /// The object's payload, for writing. This is the write barrier.
    #[inline(always)]
    pub fn get_mut(self, heap: &mut Heap) -> &mut T {
        heap.barrier(self.header());
        // SAFETY: as for `get`; the exclusive borrow of the heap makes this the only view.
        unsafe { &mut *self.0.as_ptr() }
    }

    /// The object's payload, for writing what refers to nothing on the heap: there is no write barrier.
    ///
    /// # Safety
    /// No reference is written.
    #[inline(always)]
    pub unsafe fn get_mut_plain(self, heap: &mut Heap) -> &mut T {
        let _ = heap;
        // SAFETY: as for `get_mut`.
        unsafe { &mut *self.0.as_ptr() }
    }

    /// The object's header.
    #[inline(always)]
    pub fn header<'a>(self) -> &'a Header {
        // SAFETY: every object starts with a header, which is interior-mutable and never unmapped while the handle is used.
        unsafe { &*self.0.as_ptr().cast::<Header>() }
    }

    /// The object's address.
    #[inline(always)]
    pub fn address(self) -> usize {
        self.0.as_ptr() as usize
    }

    /// The payload's address.
    #[inline(always)]
    pub fn as_ptr(self) -> *mut T {
        self.0.as_ptr()
    }
}

impl<T: Object> From<Gc<T>> for Value {
    #[inline(always)]
    fn from(object: Gc<T>) -> Value {
        Value::from_header(object.header())
    }
}

impl<T: Object> Gc<T> {
    /// The value as an object with payload `T`, if it is one (of the class itself or a subclass).
    #[inline(always)]
    pub fn cast(heap: &Heap, value: Value) -> Option<Self> {
        if !value.is_heap() {
            return None;
        }
        let shape = value.header().shape();
        // What a caller has found out about the shape makes this nothing at all.
        let is_payload = T::SHAPE == Some(shape) || std::ptr::eq(heap.layout_of(shape), T::LAYOUT);
        // SAFETY: the shape, or its layout, says that the payload is a `T`.
        is_payload.then(|| unsafe { Self::from_value(value) })
    }

    /// The value as an object with payload `T`, which the caller knows it to be.
    ///
    /// # Panics
    /// If it is not.
    #[inline(always)]
    pub fn known(heap: &Heap, value: Value) -> Self {
        match Self::cast(heap, value) {
            Some(object) => object,
            None => wrong_payload(T::LAYOUT.name),
        }
    }
}

#[cold]
#[inline(never)]
fn wrong_payload(expected: &str) -> ! {
    panic!("a value is not laid out as {expected}")
}
