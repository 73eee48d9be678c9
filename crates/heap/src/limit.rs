//! Accounting against the memory limit.

use crate::Heap;

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
        self.limit = bytes;
    }

    /// The limit in bytes; `usize::MAX` when there is none.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Account for memory outside the heap that objects own: positive when it is acquired, negative when it is released.
    pub fn external(&mut self, bytes: isize) {
        self.external_bytes = self.external_bytes.saturating_add_signed(bytes);
    }

    /// Note that an allocation which cannot fail went past the limit.
    pub fn set_memory_pending(&mut self) {
        self.memory_pending = true;
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
}
