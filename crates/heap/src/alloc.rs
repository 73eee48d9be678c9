//! Allocation: bump caches per size class in front of free runs, blocks and chunks.
//!
//! The last mark bitmap is the free map: there is no sweep pass and there are no free lists of cells.

use crate::block::State;
use crate::chunk::{ChunkRef, HUGE_START, Table};
use crate::size::{BLOCK, CELL, CHUNK, CLASSES, GRANULE, MAX_LARGE, MAX_SMALL, STEPPED, size_class};
use crate::{Header, Heap, MemoryError};

/// Memory up to `limit` is free; cells are cut off at `cursor`. It is zero in the classes of cells up to [`STEPPED`] bytes.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Cache {
    pub cursor: *mut u8,
    pub limit: *mut u8,
}

impl Cache {
    pub const EMPTY: Cache = Cache { cursor: std::ptr::null_mut(), limit: std::ptr::null_mut() };
}

/// A block of the heap.
pub(crate) type Place = (ChunkRef, u8);

/// The memory of a heap.
pub(crate) struct Space {
    pub table: Table,
    /// Chunks of blocks.
    pub chunks: Vec<ChunkRef>,
    /// No chunk before this index has a free block, or one that has been used.
    pub first_free: usize,
    pub first_used: usize,
    /// The block each class allocates from.
    pub current: [Option<Place>; CLASSES],
    /// Blocks of each class with free cells: those with long runs of them, and the others.
    pub partial: [Vec<Place>; CLASSES],
    pub broken: [Vec<Place>; CLASSES],
    /// Blocks allocated from since the last collection.
    pub dirty: Vec<Place>,
    /// Large and huge cells: those that survived a collection, and the others.
    pub large: Vec<*const Header>,
    pub large_young: Vec<*const Header>,
    /// The bitmap in which live cells are marked.
    pub map: usize,
    /// Bytes in chunks and huge cells.
    pub mapped: usize,
    /// Bytes handed out since the last collection; of small cells by class, as far as the caches know.
    pub allocated: usize,
    pub by_class: [usize; CLASSES],
    /// Large cells handed out since the last collection.
    pub large_cells: usize,
    /// A chunk for when the system has no memory left.
    pub reserve: Option<ChunkRef>,
}

impl Space {
    pub fn new() -> Space {
        Space {
            table: Table::new(),
            chunks: Vec::new(),
            first_free: 0,
            first_used: 0,
            current: [None; CLASSES],
            partial: [const { Vec::new() }; CLASSES],
            broken: [const { Vec::new() }; CLASSES],
            dirty: Vec::new(),
            large: Vec::new(),
            large_young: Vec::new(),
            map: 0,
            mapped: 0,
            allocated: 0,
            by_class: [0; CLASSES],
            large_cells: 0,
            reserve: None,
        }
    }

    /// The next free run of a class in its current block.
    fn next_run(&mut self, class: usize) -> Option<(ChunkRef, usize, usize, bool)> {
        let (chunk, index) = self.current[class]?;
        let block = &chunk.blocks[index as usize];
        match block.next_run(&chunk, self.map) {
            Some((start, end)) => Some((chunk, start, end, block.fresh.get())),
            None => {
                block.state.set(State::Full);
                self.current[class] = None;
                None
            }
        }
    }

    /// Make a block with free cells the current one of a class; false if a new chunk is needed.
    ///
    /// Each run of free cells costs as much as making several objects, so classes in demand rather get a free block than one with short runs,
    /// as long as there are some that have been used. The others fill up the blocks they have, or they would leave an object or two in
    /// many blocks.
    fn take_block(&mut self, class: usize) -> bool {
        let in_demand = self.by_class[class] >= BLOCK;
        let mut partial = self.partial[class].pop();
        let used = if partial.is_none() && in_demand { self.take_used() } else { None };
        if partial.is_none() && used.is_none() {
            partial = self.broken[class].pop();
        }
        let place = if let Some((chunk, index)) = partial {
            let block = &chunk.blocks[index as usize];
            block.position.set(block.first.get());
            block.top.set(block.first.get());
            block.state.set(State::Current);
            (chunk, index)
        } else {
            let Some((chunk, index)) = used.or_else(|| self.take_free(1)) else { return false };
            let fresh = chunk.take_fresh(index, 1);
            chunk.blocks[index].set_class(index, class, fresh);
            (chunk, index as u8)
        };
        self.dirty.push(place);
        self.current[class] = Some(place);
        true
    }

    /// A free block that has been used.
    fn take_used(&mut self) -> Option<(ChunkRef, usize)> {
        let chunks = self.chunks[self.first_used..].iter();
        let found = chunks.enumerate().find_map(|(number, chunk)| Some((number, *chunk, chunk.take_used()?)));
        self.first_used = found.map_or(self.chunks.len(), |(number, ..)| self.first_used + number);
        found.map(|(_, chunk, index)| (chunk, index))
    }

    /// Adjacent free blocks.
    fn take_free(&mut self, count: usize) -> Option<(ChunkRef, usize)> {
        let mut first_free = self.first_free;
        let mut found = None;
        for (number, chunk) in self.chunks.iter().enumerate().skip(first_free) {
            if let Some(index) = chunk.take_blocks(count) {
                found = Some((*chunk, index));
                break;
            }
            if chunk.free.get() == 0 && number == first_free {
                first_free += 1;
            }
        }
        self.first_free = first_free;
        found
    }

    fn add_chunk(&mut self, chunk: ChunkRef) {
        chunk.set_blocks();
        self.table.insert(chunk);
        self.first_free = self.first_free.min(self.chunks.len());
        self.chunks.push(chunk);
        self.mapped += CHUNK;
    }

    fn keep_in_reserve(&mut self, chunk: ChunkRef) {
        if let Some(chunk) = self.reserve.replace(chunk) {
            // SAFETY: nobody else knew the former reserve.
            unsafe { chunk.unmap() };
        }
    }

    /// Give a chunk or a huge cell back to the system. Its owner has dropped all references to it.
    pub fn unmap(&mut self, chunk: ChunkRef) {
        self.mapped -= if chunk.huge.get() == 0 { CHUNK } else { chunk.huge.get() };
        self.table.remove(chunk);
        // SAFETY: the table and the caller's lists forgot the chunk.
        unsafe { chunk.unmap() };
    }

    /// Cells handed out since the last collection, as far as the caches know.
    pub fn handed_out(&self) -> usize {
        self.large_cells + self.by_class.iter().zip(CELL).map(|(bytes, cell)| bytes / cell).sum::<usize>()
    }

    /// Start counting what is handed out.
    pub fn count_anew(&mut self) {
        (self.allocated, self.large_cells) = (0, 0);
        self.by_class = [0; CLASSES];
        (self.first_free, self.first_used) = (0, 0);
    }

    /// Whether a live cell is marked.
    pub fn is_marked(&self, cell: *const Header) -> bool {
        ChunkRef::of(cell).is_marked(cell as usize, self.map)
    }

    /// Bytes of a live cell.
    pub fn cell_size(&self, cell: *const Header) -> usize {
        let chunk = ChunkRef::of(cell);
        match chunk.huge.get() {
            0 => chunk.blocks[(cell as usize - chunk.base()) / BLOCK].cell.get() as usize,
            end => end - HUGE_START,
        }
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        let huge = self.large.iter().chain(&self.large_young).map(|cell| ChunkRef::of(*cell)).filter(|chunk| chunk.huge.get() != 0);
        for chunk in huge.chain(self.chunks.iter().copied()).chain(self.reserve) {
            // SAFETY: the heap and all its handles are going away.
            unsafe { chunk.unmap() };
        }
    }
}

impl Heap {
    /// A zeroed cell of at least `bytes` bytes.
    #[inline(always)]
    pub(crate) fn cell(&mut self, bytes: usize) -> *mut Header {
        if bytes <= STEPPED {
            return self.small(size_class(bytes)).cast();
        }
        self.zeroed_cell(bytes)
    }

    #[inline(never)]
    fn zeroed_cell(&mut self, bytes: usize) -> *mut Header {
        let (cell, used) = if bytes <= MAX_SMALL {
            let class = size_class(bytes);
            (self.small(class), CELL[class])
        } else {
            self.large_or_abort(bytes)
        };
        // SAFETY: these bytes are part of the cell.
        unsafe { cell.write_bytes(0, used.min(bytes)) };
        cell.cast()
    }

    /// A small cell of at least `bytes` bytes with anything in it, if that takes no more than cutting it off.
    #[inline(always)]
    pub(crate) fn cell_at_hand(&mut self, bytes: usize) -> Option<*mut Header> {
        if bytes > STEPPED {
            return None;
        }
        let class = size_class(bytes);
        let cache = &mut self.caches[class];
        let cell = cache.cursor;
        let next = cell.wrapping_add((class + 1) * GRANULE);
        (next <= cache.limit).then(|| {
            cache.cursor = next;
            cell.cast()
        })
    }

    /// A cell of at least `bytes` bytes with anything in it.
    #[inline(always)]
    pub(crate) fn unclean_cell(&mut self, bytes: usize) -> *mut Header {
        if bytes <= MAX_SMALL {
            return self.small(size_class(bytes)).cast();
        }
        self.large_or_abort(bytes).0.cast()
    }

    /// A cell of at least `bytes` bytes, at most `MAX_SMALL`, with anything in it, and its size.
    #[inline(always)]
    pub(crate) fn unclean_small(&mut self, bytes: usize) -> (*mut Header, usize) {
        let class = size_class(bytes);
        (self.small(class).cast(), CELL[class])
    }

    /// A cell of a class, zeroed where the class is.
    #[inline(always)]
    fn small(&mut self, class: usize) -> *mut u8 {
        let cache = &mut self.caches[class];
        let cell = cache.cursor;
        let next = cell.wrapping_add(CELL[class]);
        if next <= cache.limit {
            cache.cursor = next;
            return cell;
        }
        self.refill(class)
    }

    #[cold]
    #[inline(never)]
    fn refill(&mut self, class: usize) -> *mut u8 {
        let stress = self.stress_step();
        loop {
            if let Some((chunk, start, end, fresh)) = self.space.next_run(class) {
                let cell = CELL[class];
                // Under stress each allocation comes here, so only one cell is cut off.
                let end = if stress { start + cell } else { end };
                if stress {
                    chunk.blocks[start / BLOCK].position.set(end as u32);
                }
                self.space.allocated += end - start;
                self.space.by_class[class] += end - start;
                let run = chunk.at(start);
                if !fresh && cell <= STEPPED {
                    // SAFETY: the run is free memory of the block.
                    unsafe { run.write_bytes(0, end - start) };
                }
                self.caches[class] = Cache { cursor: run.wrapping_add(cell), limit: chunk.at(end) };
                return run;
            }
            if !stress && self.should_collect() {
                self.collect_young_or_all();
                continue;
            }
            if !self.space.take_block(class) {
                self.grow();
            }
        }
    }

    /// Count an allocation under stress and collect if it is time; whether stress is on.
    #[inline]
    fn stress_step(&mut self) -> bool {
        if self.config.stress == 0 {
            return false;
        }
        self.stressed += 1;
        if self.stressed.is_multiple_of(self.config.stress) {
            let major = (self.stressed / self.config.stress).is_multiple_of(8);
            self.collect(major);
        }
        true
    }

    /// Add a chunk of blocks. Goes past the limit rather than fail.
    fn grow(&mut self) {
        if self.exceeds_limit(CHUNK) {
            // Collecting again after a little more was allocated would take all the time, so rather raise MemoryError.
            let enough = self.space.allocated + self.since_major > self.config.limit / 64;
            if enough && self.collect_for_room() {
                return;
            }
            self.overdraw(CHUNK);
        }
        if self.space.chunks.is_empty()
            && !self.exceeds_limit(2 * CHUNK)
            && let Some([first, second, reserve]) = ChunkRef::map_first()
        {
            self.space.add_chunk(first);
            self.space.add_chunk(second);
            self.space.keep_in_reserve(reserve);
            return;
        }
        if let Some(chunk) = ChunkRef::map(CHUNK) {
            self.space.add_chunk(chunk);
            if self.space.reserve.is_none() {
                self.space.reserve = ChunkRef::map(CHUNK);
            }
            return;
        }
        match self.space.reserve.take() {
            Some(chunk) => {
                self.space.add_chunk(chunk);
                self.set_memory_pending();
                self.collect_for_room();
            }
            None => std::alloc::handle_alloc_error(std::alloc::Layout::new::<crate::chunk::Chunk>()),
        }
    }

    /// A large cell for a caller that cannot fail, and how many of its bytes are not zero.
    #[cold]
    #[inline(never)]
    fn large_or_abort(&mut self, bytes: usize) -> (*mut u8, usize) {
        if let Ok(cell) = self.large(bytes, bytes) {
            return cell;
        }
        self.set_memory_pending();
        let limit = std::mem::replace(&mut self.config.limit, usize::MAX);
        let cell = self.large(bytes, bytes);
        self.config.limit = limit;
        match cell {
            Ok(cell) => cell,
            Err(MemoryError) => std::alloc::handle_alloc_error(std::alloc::Layout::new::<crate::chunk::Chunk>()),
        }
    }

    /// A large cell of `bytes` bytes that can grow in place up to `reserved` bytes if it is huge, and how many bytes from its start are not
    /// zero.
    pub(crate) fn large(&mut self, bytes: usize, reserved: usize) -> Result<(*mut u8, usize), MemoryError> {
        self.space.allocated = self.space.allocated.saturating_add(bytes);
        if !self.stress_step() && self.should_collect() {
            self.collect_young_or_all();
        }
        let (cell, used) = if bytes <= MAX_LARGE { self.run_of_blocks(bytes)? } else { (self.mapping(bytes, reserved)?, 0) };
        self.space.large_cells += 1;
        self.space.large_young.push(cell.cast());
        Ok((cell, used))
    }

    fn run_of_blocks(&mut self, bytes: usize) -> Result<(*mut u8, usize), MemoryError> {
        let count = bytes.div_ceil(BLOCK);
        let mut collected = false;
        let (chunk, first) = loop {
            if let Some(found) = self.space.take_free(count) {
                break found;
            }
            let chunk = if self.exceeds_limit(CHUNK) { None } else { ChunkRef::map(CHUNK) };
            match chunk {
                Some(chunk) => self.space.add_chunk(chunk),
                None if !collected && self.collect_for_room() => collected = true,
                None => return Err(MemoryError),
            }
        };
        let bytes = count * BLOCK;
        for index in first..first + count {
            let state = if index == first { State::Large } else { State::Tail };
            chunk.blocks[index].set_large(first, bytes, state);
        }
        Ok((chunk.at(first * BLOCK), if chunk.take_fresh(first, count) { 0 } else { bytes }))
    }

    fn mapping(&mut self, bytes: usize, reserved: usize) -> Result<*mut u8, MemoryError> {
        let used = bytes.checked_add(HUGE_START).ok_or(MemoryError)?;
        if self.exceeds_limit(used) && (!self.collect_for_room() || self.exceeds_limit(used)) {
            return Err(MemoryError);
        }
        let reserved = reserved.max(bytes).checked_add(HUGE_START).ok_or(MemoryError)?;
        let chunk = ChunkRef::map(reserved).or_else(|| ChunkRef::map(used)).ok_or(MemoryError)?;
        chunk.huge.set(used);
        self.space.table.insert(chunk);
        self.space.mapped += used;
        Ok(chunk.at(HUGE_START))
    }

    /// Make a huge cell at least `bytes` bytes long where it is; false if there is no room.
    pub(crate) fn grow_in_place(&mut self, cell: *const Header, bytes: usize) -> bool {
        let chunk = ChunkRef::of(cell);
        let (used, Some(needed)) = (chunk.huge.get(), bytes.checked_add(HUGE_START)) else { return false };
        if used == 0 || needed > chunk.mapped.get() || self.exceeds_limit(needed - used) {
            return false;
        }
        chunk.huge.set(needed);
        self.space.mapped += needed - used;
        self.space.allocated += needed - used;
        true
    }

    /// Bytes of the cell that a request for `bytes` bytes gets.
    #[inline]
    pub(crate) fn cell_size_for(bytes: usize) -> usize {
        if bytes <= MAX_SMALL {
            CELL[size_class(bytes)]
        } else if bytes <= MAX_LARGE {
            bytes.next_multiple_of(BLOCK)
        } else {
            bytes
        }
    }

    /// Tell the blocks how far the caches got, so that [`Table::cell_at`] knows which cells exist.
    pub(crate) fn flush_caches(&mut self) {
        for (class, place) in self.space.current.iter().enumerate() {
            let Some((chunk, index)) = place else { continue };
            let cache = &self.caches[class];
            if !cache.cursor.is_null() {
                chunk.blocks[*index as usize].top.set((cache.cursor as usize - chunk.base()) as u32);
            }
        }
    }

    /// Take the unused rest of the caches back into the counts, and empty them.
    pub(crate) fn empty_caches(&mut self) {
        for (class, cache) in self.caches.iter_mut().enumerate() {
            let rest = cache.limit as usize - cache.cursor as usize;
            self.space.allocated = self.space.allocated.saturating_sub(rest);
            self.space.by_class[class] -= rest;
            *cache = Cache::EMPTY;
            self.space.current[class] = None;
        }
    }
}
