//! What is to run after a collection: weak reference callbacks and finalisers.

use crate::{Header, Heap, Value, flags};
use std::collections::VecDeque;

/// Work a collection leaves for a safepoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// The target of this live holder of a weak field died.
    Callback(Value),
    /// This unreachable object has a finaliser; it is alive again until the next collection that finds it unreachable.
    Finalizer(Value),
}

/// Objects with finalisers, and the queue.
#[derive(Default)]
pub(crate) struct Finalizers {
    pub(crate) registered: Vec<*const Header>,
    pub(crate) queue: VecDeque<Pending>,
}

impl Heap {
    /// Queue the object as [`Pending::Finalizer`] before it dies; at most once (PEP 442).
    pub fn register_finalizer(&mut self, object: Value) {
        let header = object.header();
        if !header.has_flags(flags::FINALIZE) {
            header.add_flags(flags::FINALIZE);
            self.finalizers.registered.push(header);
        }
    }

    /// The oldest piece of work left by collections.
    pub fn next_pending(&mut self) -> Option<Pending> {
        self.finalizers.queue.pop_front()
    }

    /// Whether collections left work.
    #[inline]
    pub fn has_pending(&self) -> bool {
        !self.finalizers.queue.is_empty()
    }

    /// Queue every object whose finaliser has not run yet, in order of registration: for interpreter exit.
    pub fn queue_all_finalizers(&mut self) {
        for header in std::mem::take(&mut self.finalizers.registered) {
            let object = Value::from_header(header);
            if !object.header().has_flags(flags::FINALIZED) {
                object.header().add_flags(flags::FINALIZED);
                self.finalizers.queue.push_back(Pending::Finalizer(object));
            }
        }
    }
}
