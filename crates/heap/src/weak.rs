//! Weak references: a field type, and the table that clears it.

use crate::chunk::ChunkRef;
use crate::{Header, Heap, Pending, Trace, Tracer, Value, flags};
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

struct Entry {
    holder: *const Header,
    field: *const Weak,
}

impl Entry {
    /// The field, if it still refers to `target`.
    fn field_of(&self, target: usize) -> Option<&Weak> {
        // SAFETY: entries of dead holders are removed at each collection, so the field is readable.
        let field = unsafe { &*self.field };
        field.get().is_some_and(|value| value.bits() as usize == target).then_some(field)
    }
}

/// Who refers weakly to what, by the target's address.
#[derive(Default)]
pub(crate) struct Weaks {
    by_target: HashMap<usize, Vec<Entry>>,
    /// Targets with entries made since the last collection.
    young: Vec<usize>,
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
        self.weaks.young.push(target.bits() as usize);
        self.weaks.by_target.entry(target.bits() as usize).or_default().push(entry);
    }

    /// The holders of weak fields that refer to `target`, oldest first.
    pub fn weak_holders(&self, target: Value) -> impl Iterator<Item = Value> + '_ {
        let known = target.is_heap() && target.header().has_flags(flags::WEAKLY_REFERENCED);
        let address = target.bits() as usize;
        let entries = if known { self.weaks.by_target.get(&address).map(Vec::as_slice) } else { None };
        let current = move |entry: &&Entry| entry.field_of(address).is_some();
        entries.unwrap_or_default().iter().filter(current).map(|entry| Value::from_header(entry.holder))
    }

    /// After marking: clear the fields whose targets are not marked, and queue their marked holders.
    pub(crate) fn clear_weaks(&mut self, major: bool, map: usize) {
        let marked = |cell: usize| ChunkRef::of(cell as *const Header).is_marked(cell, map);
        if major {
            self.weaks.young = self.weaks.by_target.keys().copied().collect();
        }
        for target in self.weaks.young.iter().copied().filter(|target| !marked(*target)) {
            // The holder that came last is told first, as in CPython.
            for entry in self.weaks.by_target.remove(&target).unwrap_or_default().into_iter().rev() {
                let Some(field) = entry.field_of(target) else { continue };
                field.clear();
                if marked(entry.holder as usize) {
                    self.finalizers.queue.push_back(Pending::Callback(Value::from_header(entry.holder)));
                }
            }
            Value::from_header(target as *const Header).header().clear_flags(flags::WEAKLY_REFERENCED);
        }
    }

    /// After finalisers had their objects marked: forget the holders that are not marked, and fields that were cleared.
    pub(crate) fn purge_weaks(&mut self, map: usize) {
        for target in self.weaks.young.drain(..) {
            let Some(entries) = self.weaks.by_target.get_mut(&target) else { continue };
            entries.retain(|entry| ChunkRef::of(entry.holder).is_marked(entry.holder as usize, map) && entry.field_of(target).is_some());
            if entries.is_empty() {
                self.weaks.by_target.remove(&target);
                Value::from_header(target as *const Header).header().clear_flags(flags::WEAKLY_REFERENCED);
            }
        }
    }
}
