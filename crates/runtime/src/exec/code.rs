//! Exec code: the register form of a code object and its side tables.

/// An exception handler of a code object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handler {
    /// First bytecode offset covered, in bytes.
    pub start: u32,
    /// The offset behind the last one covered.
    pub end: u32,
    /// Exec word where the handler starts.
    pub target: u32,
    /// Slot that receives the exception (or the offset, with the exception in the next slot).
    pub slot: u16,
    /// Whether the bytecode offset of the raising instruction is pushed first.
    pub lasti: bool,
}

/// The register form of one code object.
pub struct ExecCode {
    /// Instructions and their cache words. Rewritten in place by the machine (quickening, caches).
    pub(crate) words: Box<[u64]>,
    /// (exec word, bytecode offset) of each instruction, ascending.
    pub(crate) map: Box<[(u32, u32)]>,
    /// Innermost handler for an offset is the last entry that covers it.
    pub(crate) handlers: Box<[Handler]>,
    /// Slots of a frame: locals and the deepest temporaries.
    pub(crate) frame_size: u32,
}

impl ExecCode {
    /// The bytecode offset (in bytes) of the instruction that the exec word belongs to.
    pub fn offset_of(&self, word: usize) -> u32 {
        let at = self.map.partition_point(|(start, _)| *start as usize <= word);
        if at == 0 { 0 } else { self.map[at - 1].1 }
    }

    /// The handler for an exception at a bytecode offset.
    pub(crate) fn handler_for(&self, offset: u32) -> Option<&Handler> {
        self.handlers.iter().rev().find(|h| h.start <= offset && offset < h.end)
    }
}
