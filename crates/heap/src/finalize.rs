//! What is to run after a collection: weak reference callbacks and finalisers. And what runs in it: the dropping of payloads.

use crate::chunk::ChunkRef;
use crate::mark::Tracer;
use crate::{Header, Heap, Value, flags};
use std::collections::VecDeque;

/// Work a collection leaves for a safepoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// The target of a weak field of this live object died.
    Callback(Value),
    /// This unreachable object has a finaliser; it is alive again until the next collection that finds it unreachable.
    Finalizer(Value),
}

/// A list of objects in order of registration. Those before `old` survived a collection.
#[derive(Default)]
pub(crate) struct Registry {
    objects: Vec<*const Header>,
    old: usize,
}

impl Registry {
    fn add(&mut self, object: *const Header) {
        self.objects.push(object);
    }

    /// Drop the unmarked objects that a collection looks at, and hand them to `dead`.
    fn sweep(&mut self, major: bool, map: usize, mut dead: impl FnMut(*const Header)) {
        let from = if major { 0 } else { self.old };
        let mut kept = from;
        for index in from..self.objects.len() {
            let object = self.objects[index];
            if ChunkRef::of(object).is_marked(object as usize, map) {
                self.objects[kept] = object;
                kept += 1;
            } else {
                dead(object);
            }
        }
        self.objects.truncate(kept);
        self.old = kept;
    }
}

/// Objects with finalisers or payloads to drop, and the queue.
#[derive(Default)]
pub(crate) struct Finalizers {
    finalizable: Registry,
    destructible: Registry,
    pub(crate) queue: VecDeque<Pending>,
    /// How many deaths somebody wanted to know of.
    pub(crate) watched: u64,
}

impl Heap {
    /// Queue the object as [`Pending::Finalizer`] before it dies; at most once (PEP 442).
    pub fn register_finalizer(&mut self, object: Value) {
        let header = object.header();
        if !header.has_flags(flags::FINALIZE) {
            header.add_flags(flags::FINALIZE);
            self.finalizers.finalizable.add(header);
            self.watch_death();
        }
    }

    /// The object's finaliser has nothing to do any more.
    #[inline]
    pub fn cancel_finalizer(&mut self, object: Value) {
        object.header().clear_flags(flags::FINALIZE);
    }

    /// Somebody wants to be told of a death.
    pub fn watch_death(&mut self) {
        self.finalizers.watched += 1;
    }

    /// How many finalisers there have been so far, and other deaths that somebody wanted to be told of. Nobody notices a collection that
    /// comes before the first.
    pub fn deaths_watched(&self) -> u64 {
        self.finalizers.watched
    }

    /// Whether the finaliser of an object was queued.
    pub fn is_finalized(&self, object: Value) -> bool {
        object.is_heap() && object.header().has_flags(flags::FINALIZED)
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

    /// The objects whose finaliser has not run yet.
    pub fn unfinalized(&self) -> impl Iterator<Item = Value> + '_ {
        let objects = self.finalizers.finalizable.objects.iter().map(|header| Value::from_header(*header));
        objects.filter(|object| object.header().has_flags(flags::FINALIZE))
    }

    /// For interpreter exit: queue every object whose finaliser has not run yet, in order of registration; those of which `is_last`
    /// holds after the others, the youngest first.
    pub fn queue_all_finalizers(&mut self, mut is_last: impl FnMut(Value) -> bool) {
        let objects = std::mem::take(&mut self.finalizers.finalizable).objects;
        let objects = objects.into_iter().map(Value::from_header).filter(|object| object.header().has_flags(flags::FINALIZE));
        let (last, first): (Vec<Value>, Vec<Value>) = objects.partition(|object| is_last(*object));
        for object in first.into_iter().chain(last.into_iter().rev()) {
            object.header().add_flags(flags::FINALIZED);
            self.finalizers.queue.push_back(Pending::Finalizer(object));
        }
    }

    /// The payload of this object is to be dropped when it dies.
    #[inline(never)]
    pub(crate) fn register_destructible(&mut self, object: &Header) {
        object.add_flags(flags::DESTRUCTIBLE);
        self.finalizers.destructible.add(object);
    }

    pub(crate) fn trace_pending(&self, tracer: &mut Tracer) {
        for pending in &self.finalizers.queue {
            match pending {
                Pending::Callback(value) | Pending::Finalizer(value) => tracer.value(*value),
            }
        }
    }

    /// After marking: queue the unmarked objects with finalisers and report them as reachable.
    pub(crate) fn queue_finalizers(&mut self, tracer: &mut Tracer, major: bool, map: usize) {
        let queue = &mut self.finalizers.queue;
        self.finalizers.finalizable.sweep(major, map, |header| {
            let object = Value::from_header(header);
            if !object.header().has_flags(flags::FINALIZE) {
                return;
            }
            object.header().add_flags(flags::FINALIZED);
            queue.push_back(Pending::Finalizer(object));
            tracer.value(object);
        });
    }

    /// Drop the payloads of unmarked objects.
    pub(crate) fn drop_dead(&mut self, major: bool) {
        let (layouts, map) = (&self.layouts, self.space.map);
        self.finalizers.destructible.sweep(major, map, |header| {
            // SAFETY: the object is dead and leaves the registry, so this happens once; its cell is still untouched.
            unsafe { drop_payload(header, layouts) }
        });
    }
}

/// # Safety
/// The object is dead, untouched, and its payload has not been dropped.
unsafe fn drop_payload(header: *const Header, layouts: &[&'static crate::Layout]) {
    // SAFETY: the caller's promise.
    unsafe {
        if let Some(drop) = layouts.get((*header).shape() as usize).and_then(|layout| layout.drop) {
            drop(header.cast_mut());
        }
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        for header in std::mem::take(&mut self.finalizers.destructible).objects {
            // SAFETY: nobody uses the heap any more; registered objects have not been dropped.
            unsafe { drop_payload(header, &self.layouts) };
        }
    }
}
