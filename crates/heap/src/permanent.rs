//! What lives as long as the heap: roots that stay, and what there is when an interpreter has started.
//!
//! Objects of the start count as old and alive as soon as the start is over. The first major collection tells which of them are garbage. The
//! others are permanent from then on: never freed, and not looked at by major collections, since they refer to each other only. One that is
//! written to, after the start, is an ordinary old object again, and a root that stays.

use crate::block::State;
use crate::chunk::{ALL_BLOCKS, ChunkRef};
use crate::mark::Tracer;
use crate::{Header, Heap, Value};

#[derive(Default)]
pub(crate) struct Kept {
    /// Roots that stay; those before `old` survived a collection.
    roots: Vec<*const Header>,
    old: usize,
    stage: Stage,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    /// The start is not over: nothing is permanent.
    #[default]
    Start,
    /// Everything that the start made is noted as permanent.
    Noted,
    /// What of that was garbage is no longer noted.
    Settled,
}

impl Heap {
    /// An object that lives as long as the heap.
    #[inline]
    pub fn keep(&mut self, value: Value) {
        if value.is_heap() {
            self.kept.roots.push(value.as_header());
        }
    }

    /// Objects that live as long as the heap: those that are reported.
    pub fn keep_all(&mut self, report: impl FnOnce(&mut Tracer)) {
        let mut tracer = Tracer::new();
        report(&mut tracer);
        self.kept.roots.append(&mut tracer.reported());
    }

    /// The interpreter has started. What that made is old now, and the first collection is not due because of it.
    pub fn start_is_over(&mut self) {
        self.nursery = self.space.allocated.saturating_add(self.config.nursery);
        self.flush_caches();
        let map = self.space.map;
        for chunk in &self.space.chunks {
            let mut blocks = !chunk.free.get() & ALL_BLOCKS;
            while blocks != 0 {
                let index = blocks.trailing_zeros() as usize;
                blocks &= blocks - 1;
                let block = &chunk.blocks[index];
                let end = match block.state.get() {
                    State::Current => block.top.get(),
                    State::Full => block.end.get(),
                    _ => continue,
                };
                chunk.mark_before(index, end as usize, map);
                for start in (block.first.get()..end).step_by(block.cell.get() as usize) {
                    // SAFETY: cells up to here have been handed out.
                    unsafe { (*chunk.at(start as usize).cast::<Header>()).set_log(1) };
                }
            }
        }
        for cell in &self.space.large_young {
            ChunkRef::of(*cell).mark(*cell as usize, map);
            // SAFETY: as above.
            unsafe { (**cell).set_log(1) };
        }
        for chunk in self.all_chunks() {
            chunk.note_permanent(map);
        }
        self.kept.stage = Stage::Noted;
    }

    /// Whether the next collection has to be a major one, which tells what is permanent.
    pub(crate) fn start_is_unsettled(&self) -> bool {
        self.kept.stage == Stage::Noted
    }

    /// Before a collection: objects that have been written to are not permanent.
    pub(crate) fn thaw_written(&mut self) {
        if self.kept.stage == Stage::Start {
            return;
        }
        let appended = self.appended.iter().map(|appended| appended.owner());
        let written = self.remembered.iter().copied().chain(appended);
        self.kept.roots.extend(written.filter(|cell| ChunkRef::of(*cell).take_permanent(*cell as usize)));
    }

    /// Before a major collection: only what is permanent is marked.
    pub(crate) fn clear_marks(&self, map: usize) {
        let settled = self.kept.stage == Stage::Settled;
        for chunk in self.all_chunks() {
            chunk.clear_marks(map, settled);
        }
    }

    /// Report the roots that stay.
    pub(crate) fn trace_kept(&self, tracer: &mut Tracer, major: bool) {
        tracer.cells(&self.kept.roots[if major { 0 } else { self.kept.old }..]);
    }

    /// After marking: the first collection after the start tells what is permanent.
    pub(crate) fn settle_kept(&mut self, map: usize) {
        if self.start_is_unsettled() {
            self.kept.stage = Stage::Settled;
            self.nursery = self.config.nursery;
            for chunk in self.all_chunks() {
                chunk.retain_permanent(map);
            }
            self.kept.roots.retain(|cell| !ChunkRef::of(*cell).is_permanent(*cell as usize));
        }
        self.kept.old = self.kept.roots.len();
    }
}
