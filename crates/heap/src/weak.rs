//! Weak references: a field type, and the table that clears it.

use crate::{Header, Heap, Trace, Tracer, Value, flags};
use std::cell::Cell;
use std::collections::HashMap;

/// A field of a heap object that refers to another object without keeping it alive.
/// It only works once [`Heap::set_weak`] knows it.
pub struct Weak(Cell<Option<Value>>);

impl Weak {
    /// No target.
    #[allow(clippy::declare_interior_mutable_const)] // Copied into each new field.
    pub const EMPTY: Weak = Weak(Cell::new(None));

    /// The target, while it is alive.
    #[inline(always)]
    pub fn get(&self) -> Option<Value> {
        self.0.get()
    }

    /// Forget the target; a callback is no longer due.
    #[inline(always)]
    pub fn clear(&self) {
        self.0.set(None);
    }
}

impl Trace for Weak {
    const REFERENCES: bool = false;

    fn trace(&self, _: &mut Tracer) {}
}

pub(crate) struct Entry {
    pub(crate) holder: *const Header,
    pub(crate) field: *const Weak,
}

/// Who refers weakly to what, by the target's address.
#[derive(Default)]
pub(crate) struct Weaks {
    pub(crate) by_target: HashMap<usize, Vec<Entry>>,
}

impl Heap {
    /// Point a weak field of `holder` at `target`. When the target dies the field is cleared, and the holder, if it is alive, is queued
    /// as [`Pending::Callback`](crate::Pending::Callback).
    ///
    /// # Panics
    /// If the field is not inside the holder.
    pub fn set_weak(&mut self, holder: Value, field: impl FnOnce(&Heap) -> &Weak, target: Value) {
        let field = field(self);
        let offset = (field as *const Weak as usize).wrapping_sub(holder.bits() as usize);
        assert!(offset < u16::MAX as usize, "a weak field is part of its holder");
        field.0.set(Some(target));
        let field: *const Weak = field;
        if !target.is_heap() {
            return;
        }
        target.header().add_flags(flags::WEAKLY_REFERENCED);
        let entry = Entry { holder: holder.as_header(), field };
        self.weaks.by_target.entry(target.bits() as usize).or_default().push(entry);
    }

    /// The holders of weak fields that refer to `target`, oldest first.
    pub fn weak_holders(&self, target: Value) -> impl Iterator<Item = Value> + '_ {
        let known = target.is_heap() && target.header().has_flags(flags::WEAKLY_REFERENCED);
        let entries = if known { self.weaks.by_target.get(&(target.bits() as usize)).map(Vec::as_slice) } else { None };
        // SAFETY: entries of dead holders are removed at each collection, so the field is readable.
        let alive = |entry: &&Entry| unsafe { (*entry.field).get().is_some() };
        entries.unwrap_or_default().iter().filter(alive).map(|entry| Value::from_header(entry.holder))
    }
}
