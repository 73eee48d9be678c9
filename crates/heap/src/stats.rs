//! What a heap has done so far.

use crate::Heap;

/// Counts since the heap was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Collections of the young objects.
    pub minors: usize,
    /// Collections of all objects.
    pub majors: usize,
    /// Objects found dead.
    pub dead: usize,
    /// Objects marked.
    pub marked: usize,
    /// Stack words looked at.
    pub stack_words: usize,
    /// Old objects that were written to, each time they were looked at again.
    pub remembered: usize,
    /// Nanoseconds spent in collections; 0 without a clock.
    pub time: u64,
    /// The longest collection.
    pub longest: u64,
    /// Bytes handed out to objects, up to the last collection.
    pub allocated: usize,
}

impl Heap {
    /// What the heap has done.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// Start counting anew.
    pub fn reset_stats(&mut self) {
        self.stats = Stats::default();
    }

    /// Bytes in objects that survived the last collection, and in those allocated since.
    pub fn live_bytes(&self) -> usize {
        self.live_bytes + self.space.allocated
    }
}
