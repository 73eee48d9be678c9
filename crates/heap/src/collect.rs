//! Collections: the roots, the order of the phases, what becomes of the blocks, and when the next one is due.
//!
//! Generations are marks that stick: a minor collection keeps the mark bits, so that only what was allocated since the
//! last collection, and what old objects were made to refer to since, is looked at.

use crate::block::{LONGEST_STEP, State};
use crate::chunk::{ALL_BLOCKS, ChunkRef};
use crate::mark::Tracer;
use crate::size::{BLOCK, CHUNK, GRANULE};
use crate::stack::{StackBase, spilled};
use crate::{Gc, Header, Heap, Object, Value};

/// What the embedding runtime refers to.
///
/// The methods run inside a collection: they must not touch the heap that calls them.
pub trait Roots {
    /// Report every reference from outside the heap, except to what was given to [`Heap::keep`].
    fn trace(&mut self, tracer: &mut Tracer);

    /// Report what every object of a shape needs, such as its class: called once for each shape of which an object was found alive.
    fn trace_shape(&mut self, shape: u32, tracer: &mut Tracer) {
        let _ = (shape, tracer);
    }

    /// Forget entries of weak tables whose objects are about to be freed.
    fn sweep(&mut self, alive: &Liveness);
}

/// Tells during [`Roots::sweep`] which objects survive.
pub struct Liveness {
    map: usize,
    major: bool,
}

impl Liveness {
    /// Whether old objects may die, too: all that were alive at the last collection.
    pub fn is_major(&self) -> bool {
        self.major
    }

    /// Whether an object survives.
    #[inline]
    pub fn is_alive<T: Object>(&self, object: Gc<T>) -> bool {
        ChunkRef::of(object.header()).is_marked(object.address(), self.map)
    }

    /// Whether a value is immediate or refers to a surviving object.
    #[inline]
    pub fn is_alive_value(&self, value: Value) -> bool {
        !value.is_heap() || ChunkRef::of(value.as_header()).is_marked(value.bits() as usize, self.map)
    }
}

/// Up to where a nursery grows: always, and at most.
type Growth = std::ops::RangeInclusive<usize>;
/// When much survives, which costs in any case; up to an eighth of the heap.
const FOR_SURVIVORS: Growth = 1 << 20..=8 << 20;
/// When old objects that are written to take long to look through; up to half of the heap.
const FOR_OLD: Growth = 2 << 20..=32 << 20;
/// No major collection before the heap is this large.
const SMALLEST_MAJOR: usize = 2 << 20;
/// Bytes of free cells that are a long run.
const LONG_RUN: usize = 512;
/// What dead cells are filled with under stress.
const POISON: u8 = 0xDB;

/// Which partly used blocks are worth allocating from: one of `2^sparse` cells is free, and free cells come in runs of `run` on average.
///
/// Finding a run costs more than making an object in it. After a minor collection single free cells between survivors, most of
/// which die soon, are better left alone until a major one has freed their neighbours.
#[derive(Clone, Copy)]
struct Reuse {
    sparse: u32,
    run: usize,
}

impl Heap {
    /// Whether enough was allocated for a collection.
    #[inline]
    pub(crate) fn should_collect(&self) -> bool {
        self.space.allocated >= self.nursery && self.can_collect()
    }

    fn can_collect(&self) -> bool {
        self.collect_allowed && !self.collecting && (cfg!(miri) || self.stack_base != StackBase::NONE)
    }

    /// Collect what the triggers say.
    pub(crate) fn collect_young_or_all(&mut self) {
        let live = self.live_bytes.saturating_add(self.external_bytes);
        self.collect(live > SMALLEST_MAJOR.max(self.live_after_major / 2 * 3));
    }

    /// Collect if enough was allocated since the last collection: for safepoints of code that allocates little.
    pub fn poll(&mut self) {
        if self.should_collect() {
            self.collect_young_or_all();
        }
    }

    /// Collect everything because memory is short; false if that cannot be done now.
    pub(crate) fn collect_for_room(&mut self) -> bool {
        let can = self.can_collect();
        self.short_of_room = true;
        self.collect(true);
        self.short_of_room = false;
        can
    }

    /// Collect now, unless collections are switched off: the young objects, or everything. Returns the number of objects found dead.
    pub fn collect(&mut self, major: bool) -> usize {
        if !self.can_collect() {
            return 0;
        }
        spilled(|pointer| self.collect_at(major, pointer))
    }

    #[inline(never)]
    fn collect_at(&mut self, major: bool, stack_pointer: usize) -> usize {
        self.collecting = true;
        let major = major || self.start_is_unsettled();
        let mut tracer = std::mem::replace(&mut self.tracer, Tracer::new());
        self.flush_caches();
        let record = self.begin_record(major);
        let map = if major { 1 - self.space.map } else { self.space.map };
        self.thaw_written();
        if major {
            self.clear_marks(map);
        }
        // SAFETY: the table lives in the heap, which is borrowed; nothing is freed before marking ends.
        unsafe { tracer.begin(&self.space.table, self.space.map, map, self.layouts.len()) };
        self.trace_roots(&mut tracer, major, stack_pointer);
        self.mark(&mut tracer, map);
        self.queue_finalizers(&mut tracer, major, map);
        self.mark(&mut tracer, map);
        // What is alive again for its finaliser keeps its weak references, as objects do in CPython until `__del__` has run.
        self.clear_weaks(major, map);
        self.purge_weaks(map);
        self.settle_kept(map);
        if self.config.verify {
            self.verify(map);
        }
        if let Some(roots) = self.roots {
            // SAFETY: see `set_roots`.
            unsafe { (*roots).sweep(&Liveness { map, major }) };
        }
        self.space.map = map;
        self.drop_dead(major);
        let dead = self.sweep(major, tracer.visited);
        self.stats.marked += tracer.marked();
        self.stats.stack_words += tracer.scanned;
        self.tracer = tracer;
        self.collecting = false;
        *(if major { &mut self.stats.majors } else { &mut self.stats.minors }) += 1;
        self.stats.dead += dead;
        if self.has_pending() {
            self.set_breaker();
        }
        if let Some(begun) = record {
            self.end_record(begun, dead);
        }
        dead
    }

    /// Chunks of blocks, and those of huge cells.
    pub(crate) fn all_chunks(&self) -> impl Iterator<Item = ChunkRef> + '_ {
        let cells = self.space.large.iter().chain(&self.space.large_young);
        let huge = cells.map(|cell| ChunkRef::of(*cell)).filter(|chunk| chunk.huge.get() != 0);
        self.space.chunks.iter().copied().chain(huge)
    }

    fn trace_roots(&mut self, tracer: &mut Tracer, major: bool, stack_pointer: usize) {
        for (low, high) in self.stack_ranges(stack_pointer) {
            // SAFETY: the stack of this thread, or of a parked one that waits for this one.
            unsafe { tracer.scan(low, high) };
        }
        self.ring.trace(tracer);
        self.trace_pending(tracer);
        self.trace_kept(tracer, major);
        if let Some(roots) = self.roots {
            // SAFETY: see `set_roots`.
            unsafe { (*roots).trace(tracer) };
        }
        for items in self.appended.drain(..) {
            // SAFETY: as for remembered objects below, whose marks of being remembered are looked at here.
            unsafe { items.trace((!major).then_some(&mut *tracer)) };
        }
        let mut remembered = std::mem::take(&mut self.remembered);
        self.stats.remembered += remembered.len();
        for cell in remembered.drain(..) {
            // SAFETY: remembered objects were alive at the last collection, so they are not freed before this one ends.
            unsafe { (*cell).set_log(1) };
            if !major {
                // SAFETY: as above.
                tracer.shape(unsafe { (*cell).shape() });
                tracer.children(cell, &self.layouts);
            }
        }
        self.remembered = remembered;
    }

    /// Mark everything reachable from what was reported.
    fn mark(&mut self, tracer: &mut Tracer, map: usize) {
        loop {
            tracer.drain(&self.layouts);
            let shapes = std::mem::take(&mut tracer.new_shapes);
            if let Some(roots) = self.roots.filter(|_| !shapes.is_empty()) {
                for shape in shapes {
                    // SAFETY: see `set_roots`.
                    unsafe { (*roots).trace_shape(shape, tracer) };
                }
            } else if tracer.orphans.is_empty() {
                break;
            } else {
                self.trace_orphans(tracer, map);
            }
        }
    }

    /// Storage of vectors that the stack refers to. Mostly the owner is alive, and has it traced. If not, say because the vector has been
    /// moved out of the object, whatever looks like a reference in it is one.
    fn trace_orphans(&mut self, tracer: &mut Tracer, map: usize) {
        let mut done: Vec<*const Header> = Vec::new();
        while let Some(cell) = tracer.orphans.pop() {
            if done.contains(&cell) {
                continue;
            }
            done.push(cell);
            tracer.mark_only(cell);
            // SAFETY: orphans are live cells of kind `Buffer`.
            let buffer = unsafe { &*cell.cast::<crate::vec::Buffer>() };
            if buffer.is_leaf() {
                continue;
            }
            let owner = buffer.owner.get();
            if let Some(owner) = self.space.table.cell_at(owner, self.space.map).filter(|cell| *cell as usize == owner)
                && ChunkRef::of(owner).is_marked(owner as usize, map)
                && tracer.holds(owner, cell, &self.layouts)
            {
                continue;
            }
            let start = cell as usize;
            // SAFETY: the cell is that long.
            unsafe { tracer.scan(start + size_of::<crate::vec::Buffer>(), start + self.space.cell_size(cell)) };
            tracer.drain(&self.layouts);
        }
    }

    /// Decide what becomes of blocks and large cells; the number of dead objects.
    fn sweep(&mut self, major: bool, visited: usize) -> usize {
        self.empty_caches();
        let before = self.live_cells + self.space.handed_out();
        self.since_major = if major { 0 } else { self.since_major + self.space.allocated };
        self.stats.allocated += self.space.allocated;
        if major {
            self.sweep_all();
        } else {
            let survived = self.sweep_young();
            self.adapt_nursery(survived, visited);
        }
        if major {
            self.nursery = self.nursery.min(self.largest_nursery(2, FOR_OLD));
            self.release_chunks();
            self.live_after_major = self.live_bytes.saturating_add(self.external_bytes);
        }
        self.space.count_anew();
        self.settle_overdraft();
        before.saturating_sub(self.live_cells)
    }

    fn sweep_all(&mut self) {
        for places in self.space.partial.iter_mut().chain(&mut self.space.broken) {
            places.clear();
        }
        self.space.dirty.clear();
        (self.live_bytes, self.live_cells) = (0, 0);
        for number in (0..self.space.chunks.len()).rev() {
            let chunk = self.space.chunks[number];
            let mut blocks = !chunk.free.get() & ALL_BLOCKS;
            while blocks != 0 {
                let index = 63 - blocks.leading_zeros() as usize;
                blocks &= !(1 << index);
                let (bytes, cells) = self.settle(chunk, index, Reuse { sparse: 5, run: 1 });
                self.live_bytes += bytes;
                self.live_cells += cells;
            }
        }
        let mut cells = std::mem::take(&mut self.space.large);
        cells.append(&mut self.space.large_young);
        self.sweep_large(cells);
    }

    /// Sweep what was allocated from since the last collection; how many bytes survived.
    fn sweep_young(&mut self) -> usize {
        let before = self.live_bytes;
        let mut dirty = std::mem::take(&mut self.space.dirty);
        for (chunk, index) in dirty.drain(..).rev() {
            let block = &chunk.blocks[index as usize];
            let old = block.live.get() as usize;
            let old_bytes = old * block.cell.get() as usize;
            let (bytes, cells) = self.settle(chunk, index as usize, Reuse { sparse: 3, run: 2 });
            self.live_bytes += bytes - old_bytes;
            self.live_cells += cells - old;
        }
        self.space.dirty = dirty;
        let young = std::mem::take(&mut self.space.large_young);
        self.sweep_large(young);
        self.live_bytes - before
    }

    fn largest_nursery(&self, share: usize, growth: Growth) -> usize {
        self.config.nursery.max((self.live_bytes / share).clamp(*growth.start(), *growth.end()))
    }

    /// Collect less often if a minor collection has much to do: many survivors, or large old objects that are written to. `visited` counts words.
    fn adapt_nursery(&mut self, survived: usize, visited: usize) {
        let smallest = self.config.nursery;
        if self.stats.minors + self.stats.majors == 0 {
            self.nursery = smallest;
            return;
        }
        let of_old = (visited * size_of::<Value>()).saturating_sub(survived);
        let largest = if of_old > self.nursery / 4 {
            self.largest_nursery(2, FOR_OLD)
        } else if survived > self.nursery / 5 {
            self.largest_nursery(8, FOR_SURVIVORS)
        } else {
            if survived < self.nursery / 16 && of_old < self.nursery / 16 {
                self.nursery = (self.nursery / 2).max(smallest);
            }
            return;
        };
        self.nursery = self.nursery.max(self.nursery.saturating_mul(2).min(largest));
    }

    /// Classify a block by its marks: free, worth allocating from, or not. Its live bytes and cells.
    fn settle(&mut self, chunk: ChunkRef, index: usize, reuse: Reuse) -> (usize, usize) {
        let block = &chunk.blocks[index];
        if matches!(block.state.get(), State::Free | State::Large | State::Tail) {
            return (0, 0);
        }
        let (map, cell) = (self.space.map, block.cell.get() as usize);
        if self.config.stress != 0 {
            for start in (block.first.get() as usize..block.end.get() as usize).step_by(cell) {
                if !chunk.is_marked(start, map) {
                    // SAFETY: unmarked cells of the block are free.
                    unsafe { chunk.at(start).write_bytes(POISON, cell) };
                }
            }
        }
        let live = chunk.count_marks(index, map);
        block.live.set(live as u16);
        block.fresh.set(false);
        if live == 0 {
            block.state.set(State::Free);
            chunk.free.set(chunk.free.get() | 1 << index);
            return (0, 0);
        }
        block.state.set(State::Partial);
        let capacity = BLOCK / cell;
        let free = capacity - live;
        if free > capacity >> reuse.sparse {
            let place = (chunk, index as u8);
            let runs = if cell > LONGEST_STEP { 1 } else { block.count_runs(&chunk, map) };
            if free * cell >= LONG_RUN * runs {
                self.space.partial[block.class.get() as usize].push(place);
            } else if free >= reuse.run * runs {
                self.space.broken[block.class.get() as usize].push(place);
            }
        }
        (live * cell, live)
    }

    /// Keep the marked ones of these large cells and free the others.
    fn sweep_large(&mut self, cells: Vec<*const Header>) {
        for cell in cells {
            let chunk = ChunkRef::of(cell);
            if self.space.is_marked(cell) {
                self.live_bytes += self.space.cell_size(cell);
                self.live_cells += 1;
                self.space.large.push(cell);
            } else if chunk.huge.get() != 0 {
                self.space.unmap(chunk);
            } else {
                chunk.release_large((cell as usize - chunk.base()) / BLOCK);
            }
        }
    }

    /// Give empty chunks back to the system: half of what the next nursery does not need, since mapping again is expensive.
    fn release_chunks(&mut self) {
        let empty = self.space.chunks.iter().filter(|chunk| chunk.is_empty()).count();
        let wanted = self.nursery.saturating_add(self.live_bytes / 8) / CHUNK;
        let mut keep = if self.short_of_room { 0 } else { wanted.saturating_add(empty.saturating_sub(wanted) / 2) };
        let mut released = Vec::new();
        self.space.chunks.retain(|chunk| {
            let empty = chunk.is_empty();
            if !empty || keep > 0 {
                keep -= empty as usize;
                return true;
            }
            released.push(*chunk);
            false
        });
        for chunk in released {
            self.space.unmap(chunk);
        }
    }
}

const _: () = assert!(BLOCK / GRANULE <= u16::MAX as usize && ALL_BLOCKS != 0);
