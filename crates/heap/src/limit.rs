//! Accounting against the memory limit.
//!
//! Chunks, huge cells and declared external memory count. Small allocations never fail: past the limit they make a
//! MemoryError pending and overdraw a little, so that the handler of the error can run.

use crate::Heap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// An allocation was refused: the limit is reached or the system has no memory left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryError;

impl std::fmt::Display for MemoryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("out of memory")
    }
}

impl std::error::Error for MemoryError {}

impl Heap {
    /// Bytes the heap may use, mappings and [`external`](Self::external) memory together.
    pub fn set_limit(&mut self, bytes: usize) {
        self.config.limit = bytes;
    }

    /// The limit in bytes; `usize::MAX` when there is none.
    pub fn limit(&self) -> usize {
        self.config.limit
    }

    /// Bytes that count against the limit.
    pub fn used(&self) -> usize {
        self.space.mapped.saturating_add(self.external_bytes)
    }

    /// Account for memory outside the heap that objects own: positive when it is acquired, negative when it is released.
    pub fn external(&mut self, bytes: isize) {
        self.external_bytes = self.external_bytes.saturating_add_signed(bytes);
        if bytes > 0 {
            self.space.allocated = self.space.allocated.saturating_add_signed(bytes);
        }
    }

    /// Note that an allocation which cannot fail went past the limit.
    pub fn set_memory_pending(&mut self) {
        self.memory_pending = true;
        self.set_breaker();
    }

    /// Set these bits of a word that the running program polls whenever a MemoryError becomes pending, or a collection leaves
    /// [pending](Self::next_pending) work.
    pub fn connect_breaker(&mut self, word: Arc<AtomicU32>, bits: u32) {
        self.breaker = Some((word, bits));
    }

    /// Ask the running program to poll.
    pub(crate) fn set_breaker(&self) {
        if let Some((word, bits)) = &self.breaker {
            word.fetch_or(*bits, Ordering::Relaxed);
        }
    }

    /// Whether a small allocation went past the limit since the last call: the caller raises MemoryError.
    #[inline]
    pub fn take_memory_pending(&mut self) -> bool {
        std::mem::take(&mut self.memory_pending)
    }

    /// Whether [`take_memory_pending`](Self::take_memory_pending) would say so.
    #[inline]
    pub fn memory_pending(&self) -> bool {
        self.memory_pending
    }

    /// Whether so many more bytes are too many.
    pub(crate) fn exceeds_limit(&self, bytes: usize) -> bool {
        self.used().saturating_add(bytes) > self.config.limit.saturating_add(self.overdraft)
    }

    /// Go past the limit by so many bytes and a bit, and raise MemoryError for it.
    pub(crate) fn overdraw(&mut self, bytes: usize) {
        let past = self.used().saturating_add(bytes).saturating_sub(self.config.limit);
        self.overdraft = past.saturating_add((self.config.limit / 32).max(bytes));
        self.set_memory_pending();
    }

    /// The overdraft is paid back once a collection gets below the limit.
    pub(crate) fn settle_overdraft(&mut self) {
        if self.used() <= self.config.limit {
            self.overdraft = 0;
        }
    }
}
