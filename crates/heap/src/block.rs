//! Blocks: the tables of a chunk about its 16 KiB pieces, and the search for free runs of cells in their mark bits.

use crate::chunk::Chunk;
use crate::size::{BLOCK, BLOCK_WORDS, CELL, GRANULE, STARTS};
use std::cell::Cell;

/// Cells up to this size are at most 32 bits of the bitmap apart.
pub(crate) const LONGEST_STEP: usize = 32 * GRANULE;

/// What a block is used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum State {
    /// Nothing.
    Free,
    /// Cells; exactly the marked ones are live.
    Partial,
    /// Cells; being allocated from. Those below `top` and the marked ones are live.
    Current,
    /// Cells; all of them have been handed out since the last collection or are marked.
    Full,
    /// The first block of a large cell.
    Large,
    /// A further block of a large cell.
    Tail,
}

/// One entry of a chunk's block table. Offsets are relative to the chunk.
#[repr(C)]
pub(crate) struct Block {
    /// Cell size; of a large cell its bytes.
    pub cell: Cell<u32>,
    /// `2^32 / cell`, rounded up: turns an offset into a cell number.
    reciprocal: Cell<u32>,
    /// Offset of the first cell.
    pub first: Cell<u32>,
    /// Offset behind the last cell.
    pub end: Cell<u32>,
    /// Where the search for the next free run starts.
    pub position: Cell<u32>,
    /// Where the free part of the run in use starts, as of the last flush of the allocation caches.
    pub top: Cell<u32>,
    /// Number of marked cells.
    pub live: Cell<u16>,
    pub class: Cell<u8>,
    pub state: Cell<State>,
    /// Whether the memory has never been used and therefore is zero.
    pub fresh: Cell<bool>,
}

impl Block {
    /// Make this the block number `index` of cells of a class.
    pub fn set_class(&self, index: usize, class: usize, fresh: bool) {
        let (cell, start) = (CELL[class], index * BLOCK);
        self.cell.set(cell as u32);
        self.reciprocal.set((1u64 << 32).div_ceil(cell as u64) as u32);
        self.first.set(start as u32);
        self.end.set((start + BLOCK / cell * cell) as u32);
        self.position.set(start as u32);
        self.top.set(start as u32);
        self.live.set(0);
        self.class.set(class as u8);
        self.state.set(State::Current);
        self.fresh.set(fresh);
    }

    /// Make this a block of a large cell that starts in block number `head` and has `bytes` bytes.
    pub fn set_large(&self, head: usize, bytes: usize, state: State) {
        self.cell.set(bytes as u32);
        self.first.set((head * BLOCK) as u32);
        self.end.set((head * BLOCK + bytes) as u32);
        self.live.set(0);
        self.state.set(state);
        self.fresh.set(false);
    }

    /// The start of the cell that contains an offset; `None` when the offset is behind the last cell.
    #[inline(always)]
    pub fn cell_start(&self, offset: usize) -> Option<usize> {
        let (first, end) = (self.first.get() as usize, self.end.get() as usize);
        if offset < first || offset >= end {
            return None;
        }
        let number = ((offset - first) as u64 * self.reciprocal.get() as u64) >> 32;
        Some(first + number as usize * self.cell.get() as usize)
    }

    /// The next run of unmarked cells, as offsets; the search goes on behind it.
    pub fn next_run(&self, chunk: &Chunk, map: usize) -> Option<(usize, usize)> {
        let (start, end) = self.find_run(chunk, map)?;
        self.position.set(end as u32);
        Some((start, end))
    }

    /// The number of runs of unmarked cells in a block whose cells have at most [`LONGEST_STEP`] bytes.
    pub fn count_runs(&self, chunk: &Chunk, map: usize) -> usize {
        let step = self.cell.get() as usize / GRANULE;
        let base = self.first.get() as usize / GRANULE / 64;
        let starts = &STARTS[self.class.get() as usize];
        let mut runs = 0;
        // The first cell has no neighbour: as if a marked one were before it.
        let mut previous = 1 << (64 - step);
        for (marks, starts) in chunk.maps[map][base..base + BLOCK_WORDS].iter().zip(starts) {
            let marks = marks.get();
            let behind_marked = marks << step | previous >> (64 - step);
            runs += (!marks & starts & behind_marked).count_ones() as usize;
            previous = marks;
        }
        runs
    }

    fn find_run(&self, chunk: &Chunk, map: usize) -> Option<(usize, usize)> {
        let (position, end) = (self.position.get() as usize, self.end.get() as usize);
        if position >= end {
            return None;
        }
        if self.live.get() == 0 {
            return Some((position, end));
        }
        let base = self.first.get() as usize / GRANULE / 64;
        let starts = &STARTS[self.class.get() as usize];
        let marks = &chunk.maps[map];
        let bit = position / GRANULE;
        let mut word = bit / 64;
        let mut free = !marks[word].get() & starts[word - base] & (!0 << (bit % 64));
        while free == 0 {
            word += 1;
            if word - base >= BLOCK_WORDS {
                return None;
            }
            free = !marks[word].get() & starts[word - base];
        }
        let bit = word * 64 + free.trailing_zeros() as usize;
        let start = bit * GRANULE;
        let mut used = marks[word].get() & (!0 << (bit % 64));
        while used == 0 {
            word += 1;
            if word - base >= BLOCK_WORDS {
                return Some((start, end));
            }
            used = marks[word].get();
        }
        Some((start, end.min((word * 64 + used.trailing_zeros() as usize) * GRANULE)))
    }
}
