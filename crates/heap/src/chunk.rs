//! Chunks: mappings aligned to 1 MiB that start with mark bitmaps and a block table, and the table that finds them.
//!
//! There is no giant reservation: the chunk of an address is looked up in a hash table, so address space limits and many
//! heaps in one process work.

use crate::Header;
use crate::block::{Block, State};
use crate::size::{BLOCK, BLOCK_SHIFT, BLOCK_WORDS, BLOCKS, CHUNK, CHUNK_MASK, CHUNK_SHIFT, GRANULE, MAP_WORDS, STARTS};
use std::cell::Cell;
use std::ops::Deref;
use std::ptr::NonNull;

/// The start of a chunk. The memory behind it belongs to its blocks or to one huge cell.
#[repr(C)]
pub(crate) struct Chunk {
    /// Mark bits by granule: those of the last collection, and those of a major collection that is going on.
    pub maps: [[Cell<u64>; MAP_WORDS]; 2],
    /// Bits of permanent cells, if there are any.
    permanent: [Cell<u64>; MAP_WORDS],
    has_permanent: Cell<bool>,
    pub blocks: [Block; BLOCKS],
    /// Which blocks are free.
    pub free: Cell<u64>,
    /// Which blocks have never been used.
    pub fresh: Cell<u64>,
    /// Bytes of the mapping: more than a chunk for huge cells.
    pub mapped: Cell<usize>,
    /// Bytes of the huge cell, the chunk's start included; 0 in a chunk of blocks.
    pub huge: Cell<usize>,
}

/// The first block behind the tables.
pub(crate) const FIRST_BLOCK: usize = size_of::<Chunk>().div_ceil(BLOCK);
/// The blocks behind the tables, as a mask.
pub(crate) const ALL_BLOCKS: u64 = !0 << FIRST_BLOCK;
/// Offset of a huge cell.
pub(crate) const HUGE_START: usize = FIRST_BLOCK * BLOCK;

/// A chunk that is mapped: the space drops every reference before it unmaps one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChunkRef(NonNull<Chunk>);

impl Deref for ChunkRef {
    type Target = Chunk;

    #[inline(always)]
    fn deref(&self) -> &Chunk {
        // SAFETY: the chunk is mapped; everything in it is a `Cell` and used by one thread at a time.
        unsafe { self.0.as_ref() }
    }
}

impl ChunkRef {
    /// The chunk of the first MiB of a live cell.
    #[inline(always)]
    pub fn of(cell: *const Header) -> ChunkRef {
        debug_assert!(!cell.is_null());
        // SAFETY: cells are behind their chunk's start, in the first MiB of its mapping.
        ChunkRef(unsafe { NonNull::new_unchecked((cell as usize & !CHUNK_MASK) as *mut Chunk) })
    }

    /// Map memory for a chunk of blocks or a huge cell; `None` when the system has none.
    pub fn map(bytes: usize) -> Option<ChunkRef> {
        let bytes = bytes.checked_next_multiple_of(CHUNK)?;
        ChunkRef::at_start(map_aligned(bytes, CHUNK)?, bytes)
    }

    /// Map memory for adjacent chunks of blocks, the first two of which are one large page where the system has such pages: start-up fills
    /// them, and a tenth of its time went into page faults there.
    #[cfg(not(miri))]
    pub fn map_first() -> Option<[ChunkRef; FIRST_CHUNKS]> {
        let start = map_aligned(FIRST_CHUNKS * CHUNK, LARGE_PAGE)?;
        #[cfg(target_os = "linux")]
        // SAFETY: the range was just mapped; the advice changes nothing that can be seen in it.
        unsafe {
            libc::madvise(start.cast(), LARGE_PAGE, libc::MADV_HUGEPAGE);
        }
        let mut chunks = [ChunkRef::at_start(start, CHUNK)?; FIRST_CHUNKS];
        for (number, chunk) in chunks.iter_mut().enumerate().skip(1) {
            *chunk = ChunkRef::at_start(start.wrapping_add(number * CHUNK), CHUNK)?;
        }
        Some(chunks)
    }

    #[cfg(miri)]
    pub fn map_first() -> Option<[ChunkRef; FIRST_CHUNKS]> {
        Some([ChunkRef::map(CHUNK)?, ChunkRef::map(CHUNK)?, ChunkRef::map(CHUNK)?])
    }

    /// A chunk in fresh memory.
    fn at_start(start: *mut u8, bytes: usize) -> Option<ChunkRef> {
        let chunk = ChunkRef(NonNull::new(start.cast())?);
        chunk.mapped.set(bytes);
        Some(chunk)
    }

    /// Make this a chunk of free blocks.
    pub fn set_blocks(self) {
        self.free.set(ALL_BLOCKS);
        self.fresh.set(ALL_BLOCKS);
    }

    /// The address of the chunk.
    #[inline(always)]
    pub fn base(self) -> usize {
        self.0.as_ptr() as usize
    }

    /// The address of an offset.
    #[inline(always)]
    pub fn at(self, offset: usize) -> *mut u8 {
        self.0.as_ptr().cast::<u8>().wrapping_add(offset)
    }

    /// Give the memory back.
    ///
    /// # Safety
    /// Nothing refers to the chunk any more.
    pub unsafe fn unmap(self) {
        let bytes = self.mapped.get();
        // SAFETY: the mapping is ours and the caller promises that it is unused.
        unsafe { unmap_aligned(self.0.as_ptr().cast(), bytes) }
    }

    /// Whether all blocks are free.
    pub fn is_empty(self) -> bool {
        self.free.get() == ALL_BLOCKS
    }

    /// Take `count` adjacent free blocks; the first one's number.
    pub fn take_blocks(self, count: usize) -> Option<usize> {
        let mut runs = self.free.get();
        let mut have = 1;
        while have < count && runs != 0 {
            let step = have.min(count - have);
            runs &= runs >> step;
            have += step;
        }
        if runs == 0 {
            return None;
        }
        let first = runs.trailing_zeros() as usize;
        self.free.set(self.free.get() & !(mask(count) << first));
        Some(first)
    }

    /// Take a free block that has been used; its number.
    pub fn take_used(&self) -> Option<usize> {
        let used = self.free.get() & !self.fresh.get();
        let index = (used != 0).then_some(used.trailing_zeros() as usize)?;
        self.free.set(self.free.get() & !(1 << index));
        Some(index)
    }

    /// Whether these blocks have never been used; from now on they have.
    pub fn take_fresh(self, first: usize, count: usize) -> bool {
        let mask = mask(count) << first;
        let fresh = self.fresh.get();
        self.fresh.set(fresh & !mask);
        fresh & mask == mask
    }

    /// Make the blocks of a large cell free.
    pub fn release_large(self, first: usize) {
        let count = (self.blocks[first].cell.get() as usize).div_ceil(BLOCK);
        for block in &self.blocks[first..first + count] {
            block.state.set(State::Free);
        }
        self.free.set(self.free.get() | mask(count) << first);
    }

    /// Whether a cell is marked.
    #[inline(always)]
    pub fn is_marked(self, cell: usize, map: usize) -> bool {
        let (word, bit) = bit(&self.maps[map], cell);
        word.get() & bit != 0
    }

    /// Mark a cell; false if it was marked.
    #[inline(always)]
    pub fn mark(self, cell: usize, map: usize) -> bool {
        let (word, bit) = bit(&self.maps[map], cell);
        let old = word.get();
        word.set(old | bit);
        old & bit == 0
    }

    /// Mark the cells of a block of a class that start before an offset.
    pub fn mark_before(self, block: usize, end: usize, map: usize) {
        let starts = &STARTS[self.blocks[block].class.get() as usize];
        let granules = (end - block * BLOCK) / GRANULE;
        for (index, (word, starts)) in self.maps[map][block * BLOCK_WORDS..].iter().zip(starts).enumerate() {
            let bits = granules.saturating_sub(index * 64).min(64) as u32;
            word.set(word.get() | starts & !u64::MAX.unbounded_shl(bits));
        }
    }

    /// Clear all mark bits, or all but those of permanent cells.
    pub fn clear_marks(self, map: usize, keep_permanent: bool) {
        let kept = if keep_permanent && self.has_permanent.get() { Some(&self.permanent) } else { None };
        let count = self.map_words();
        for (index, word) in self.maps[map][..count].iter().enumerate() {
            word.set(kept.map_or(0, |permanent| permanent[index].get()));
        }
    }

    /// Marked cells are permanent.
    pub fn note_permanent(self, map: usize) {
        self.has_permanent.set(true);
        for (permanent, marks) in self.permanent.iter().zip(&self.maps[map]).take(self.map_words()) {
            permanent.set(marks.get());
        }
    }

    /// Cells that are not marked are not permanent.
    pub fn retain_permanent(self, map: usize) {
        if self.has_permanent.get() {
            for (permanent, marks) in self.permanent.iter().zip(&self.maps[map]).take(self.map_words()) {
                permanent.set(permanent.get() & marks.get());
            }
        }
    }

    /// Whether a cell is permanent.
    pub fn is_permanent(self, cell: usize) -> bool {
        let (word, bit) = bit(&self.permanent, cell);
        self.has_permanent.get() && word.get() & bit != 0
    }

    /// Make a cell an ordinary one; whether it was permanent.
    pub fn take_permanent(self, cell: usize) -> bool {
        let (word, bit) = bit(&self.permanent, cell);
        let was = self.is_permanent(cell);
        if was {
            word.set(word.get() & !bit);
        }
        was
    }

    /// Words of bitmaps that are in use.
    fn map_words(&self) -> usize {
        if self.huge.get() != 0 { HUGE_START / GRANULE / 64 + 1 } else { MAP_WORDS }
    }

    /// Number of marked cells in a block.
    pub fn count_marks(self, block: usize, map: usize) -> usize {
        self.maps[map][block * BLOCK_WORDS..(block + 1) * BLOCK_WORDS].iter().map(|word| word.get().count_ones() as usize).sum()
    }

    /// The live cell that contains an address of this chunk.
    #[inline(always)]
    fn cell_at(self, address: usize, map: usize) -> Option<*const Header> {
        let offset = address - self.base();
        let huge = self.huge.get();
        if huge != 0 {
            return (offset >= HUGE_START && offset < huge).then(|| self.at(HUGE_START) as *const Header);
        }
        let block = &self.blocks[offset >> BLOCK_SHIFT];
        let start = match block.state.get() {
            State::Free => return None,
            State::Large | State::Tail => block.first.get() as usize,
            state => {
                let start = block.cell_start(offset)?;
                let live = match state {
                    State::Full => true,
                    State::Current => start < block.top.get() as usize || self.is_marked(start, map),
                    _ => self.is_marked(start, map),
                };
                if !live {
                    return None;
                }
                start
            }
        };
        Some(self.at(start) as *const Header)
    }
}

/// The word and bit of a cell in a bitmap.
#[inline(always)]
fn bit(map: &[Cell<u64>; MAP_WORDS], cell: usize) -> (&Cell<u64>, u64) {
    let granule = (cell & CHUNK_MASK) / GRANULE;
    (&map[granule / 64], 1 << (granule % 64))
}

fn mask(count: usize) -> u64 {
    !0 >> (64 - count)
}

/// Finds the chunk of an address. Huge cells have an entry for each MiB.
pub(crate) struct Table {
    /// Pairs of an address and its chunk, open addressing; address 0 is a free entry.
    entries: Box<[(usize, Option<ChunkRef>)]>,
    used: usize,
    lowest: usize,
    highest: usize,
}

impl Table {
    pub fn new() -> Table {
        Table { entries: vec![(0, None); 64].into(), used: 0, lowest: usize::MAX, highest: 0 }
    }

    #[inline(always)]
    fn slot(&self, base: usize) -> usize {
        (base >> CHUNK_SHIFT).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32 & (self.entries.len() - 1)
    }

    /// Enter every MiB of a chunk.
    pub fn insert(&mut self, chunk: ChunkRef) {
        let count = chunk.mapped.get() / CHUNK;
        if (self.used + count) * 2 > self.entries.len() {
            let size = ((self.used + count) * 4).next_power_of_two();
            let old = std::mem::replace(&mut self.entries, vec![(0, None); size].into());
            for (base, chunk) in old {
                if let Some(chunk) = chunk {
                    self.put(base, chunk);
                }
            }
        }
        for index in 0..count {
            self.put(chunk.base() + index * CHUNK, chunk);
        }
        self.used += count;
        self.lowest = self.lowest.min(chunk.base());
        self.highest = self.highest.max(chunk.base() + chunk.mapped.get());
    }

    fn put(&mut self, base: usize, chunk: ChunkRef) {
        let mut at = self.slot(base);
        while self.entries[at].0 != 0 {
            at = (at + 1) & (self.entries.len() - 1);
        }
        self.entries[at] = (base, Some(chunk));
    }

    /// Remove every MiB of a chunk.
    pub fn remove(&mut self, chunk: ChunkRef) {
        let count = chunk.mapped.get() / CHUNK;
        for index in 0..count {
            self.take(chunk.base() + index * CHUNK);
        }
        self.used -= count;
    }

    fn take(&mut self, base: usize) {
        let last = self.entries.len() - 1;
        let mut hole = self.slot(base);
        while self.entries[hole].0 != base {
            hole = (hole + 1) & last;
        }
        let mut at = hole;
        loop {
            at = (at + 1) & last;
            let entry = self.entries[at];
            if entry.0 == 0 {
                break;
            }
            // The entry may fill the hole if the hole lies between its home and its place.
            if (at.wrapping_sub(self.slot(entry.0)) & last) >= (at.wrapping_sub(hole) & last) {
                self.entries[hole] = entry;
                hole = at;
            }
        }
        self.entries[hole] = (0, None);
    }

    /// The live cell that contains an address, if there is one.
    #[inline(always)]
    pub fn cell_at(&self, address: usize, map: usize) -> Option<*const Header> {
        if address < self.lowest || address >= self.highest {
            return None;
        }
        let base = address & !CHUNK_MASK;
        let mut at = self.slot(base);
        loop {
            let (found, chunk) = self.entries[at];
            if found == base {
                return chunk?.cell_at(address, map);
            }
            if found == 0 {
                return None;
            }
            at = (at + 1) & (self.entries.len() - 1);
        }
    }
}

/// The size of a large page, where there are any.
#[cfg(not(miri))]
const LARGE_PAGE: usize = 2 * CHUNK;
/// Chunks that a heap maps at once when it begins.
pub(crate) const FIRST_CHUNKS: usize = 3;

#[cfg(not(miri))]
fn map_aligned(bytes: usize, align: usize) -> Option<*mut u8> {
    let map = |bytes: usize| {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: a new anonymous mapping touches no existing memory.
        let start = unsafe { libc::mmap(std::ptr::null_mut(), bytes, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
        (start != libc::MAP_FAILED).then_some(start.cast::<u8>())
    };
    if align == CHUNK {
        // Mappings tend to follow each other, so after the first one the plain request is mostly aligned.
        let start = map(bytes)?;
        if (start as usize).is_multiple_of(align) {
            return Some(start);
        }
        // SAFETY: the mapping was just made and nobody uses it.
        unsafe { unmap_aligned(start, bytes) };
    }
    let start = map(bytes.checked_add(align)?)?;
    let before = (start as usize).next_multiple_of(align) - start as usize;
    let aligned = start.wrapping_add(before);
    // SAFETY: both pieces are inside the mapping, outside the aligned part.
    unsafe {
        if before > 0 {
            unmap_aligned(start, before);
        }
        if before < align {
            unmap_aligned(aligned.wrapping_add(bytes), align - before);
        }
    }
    Some(aligned)
}

/// # Safety
/// The range is part of a mapping made by `map_aligned`, and unused.
#[cfg(not(miri))]
unsafe fn unmap_aligned(start: *mut u8, bytes: usize) {
    // SAFETY: the caller's promise.
    unsafe { libc::munmap(start.cast(), bytes) };
}

#[cfg(miri)]
fn map_aligned(bytes: usize, align: usize) -> Option<*mut u8> {
    let layout = std::alloc::Layout::from_size_align(bytes, align).ok()?;
    // SAFETY: the size is not zero.
    let start = unsafe { std::alloc::alloc_zeroed(layout) };
    // Value words lose the provenance of addresses.
    let _ = start.expose_provenance();
    (!start.is_null()).then_some(start)
}

/// # Safety
/// The range is a mapping made by `map_aligned`, and unused.
#[cfg(miri)]
unsafe fn unmap_aligned(start: *mut u8, bytes: usize) {
    let layout = std::alloc::Layout::from_size_align(bytes, CHUNK).expect("was valid when it was mapped");
    // SAFETY: the caller's promise.
    unsafe { std::alloc::dealloc(start, layout) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_blocks_are_found_and_given_back() {
        let chunk = ChunkRef::map(CHUNK).expect("memory");
        chunk.set_blocks();
        let first = chunk.take_blocks(32).expect("fits");
        assert_eq!(first, FIRST_BLOCK);
        assert_eq!(chunk.take_blocks(40), None);
        let second = chunk.take_blocks(30).expect("fits");
        assert_eq!(second, FIRST_BLOCK + 32);
        assert_eq!(chunk.take_blocks(1), None);
        chunk.blocks[first].set_large(first, 32 * BLOCK, State::Large);
        chunk.release_large(first);
        assert_eq!(chunk.take_blocks(7), Some(first));
        // SAFETY: nothing refers to the chunk.
        unsafe { chunk.unmap() };
    }

    #[test]
    fn the_table_forgets_removed_chunks_only() {
        let mut table = Table::new();
        let chunks: Vec<_> = (1..40).map(|n| ChunkRef::map(CHUNK * (n % 3 + 1)).expect("memory")).collect();
        for chunk in &chunks {
            chunk.huge.set(chunk.mapped.get());
            table.insert(*chunk);
        }
        for (n, chunk) in chunks.iter().enumerate().filter(|(n, _)| n % 2 == 0) {
            table.remove(*chunk);
            assert_eq!(table.cell_at(chunk.base() + HUGE_START + n, 0), None);
        }
        for chunk in chunks.iter().skip(1).step_by(2) {
            let last = chunk.base() + chunk.mapped.get() - 1;
            assert_eq!(table.cell_at(last, 0), Some(chunk.at(HUGE_START) as *const Header));
            assert_eq!(table.cell_at(chunk.base() + 8, 0), None);
        }
        for chunk in chunks {
            // SAFETY: nothing refers to the chunk.
            unsafe { chunk.unmap() };
        }
    }
}
