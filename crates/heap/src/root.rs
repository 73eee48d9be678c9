//! Roots held by native code: temporaries that grow, and values that outlive a call.

use crate::{Heap, MemoryError, Value};
use std::ops::{Deref, DerefMut};

/// A growing temporary of values that the collector knows. It must be dropped before its heap.
pub struct RootVec {
    values: Vec<Value>,
}

impl RootVec {
    /// An empty temporary.
    pub fn new(heap: &mut Heap) -> RootVec {
        let _ = heap;
        RootVec { values: Vec::new() }
    }

    /// Append a value.
    #[inline(always)]
    pub fn push(&mut self, value: Value) {
        self.values.push(value);
    }

    /// Append a value, or say that memory cannot be had.
    #[inline(always)]
    pub fn try_push(&mut self, value: Value) -> Result<(), MemoryError> {
        if self.values.len() == self.values.capacity() {
            self.values.try_reserve(1).map_err(|_| MemoryError)?;
        }
        self.values.push(value);
        Ok(())
    }

    /// Append values.
    pub fn extend_from_slice(&mut self, values: &[Value]) {
        self.values.extend_from_slice(values);
    }

    /// Remove and return the last value.
    pub fn pop(&mut self) -> Option<Value> {
        self.values.pop()
    }

    /// Insert a value before `index`.
    pub fn insert(&mut self, index: usize, value: Value) {
        self.values.insert(index, value);
    }

    /// Remove and return the value at `index`.
    pub fn remove(&mut self, index: usize) -> Value {
        self.values.remove(index)
    }

    /// Keep the first `len` values.
    pub fn truncate(&mut self, len: usize) {
        self.values.truncate(len);
    }

    /// Remove everything.
    pub fn clear(&mut self) {
        self.values.clear();
    }
}

impl Deref for RootVec {
    type Target = [Value];

    #[inline(always)]
    fn deref(&self) -> &[Value] {
        &self.values
    }
}

impl DerefMut for RootVec {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [Value] {
        &mut self.values
    }
}

/// One value that outlives a call.
pub struct Root {
    value: Value,
}

impl Root {
    /// Keep a value alive until the root is dropped.
    pub fn new(heap: &mut Heap, value: Value) -> Root {
        let _ = heap;
        Root { value }
    }

    /// The value.
    pub fn value(&self) -> Value {
        self.value
    }
}
