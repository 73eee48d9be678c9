//! Exec code: the register form of a code object and its side tables.

use bredli_code::Opcode;

/// An exception handler of a code object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handler {
    /// First exec word covered.
    pub start: u32,
    /// The word behind the last one covered.
    pub end: u32,
    /// Exec word where the handler starts.
    pub target: u32,
    /// Slot that receives the exception (or the offset, with the exception in the next slot).
    pub slot: u16,
    /// Whether the bytecode offset of the raising instruction is pushed first.
    pub lasti: bool,
    /// Whether it drops the exception, without a look at more than its class, or raises it again: its `except` clauses have no `as`.
    pub drops: bool,
}

/// Where the value of an evaluation stack entry is at the start of an instruction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Operand {
    /// In a slot of the frame.
    Slot(u16),
    /// A constant's word.
    Const(u64),
    /// The absent self of a call.
    Null,
}

/// The start of a bytecode instruction in instrumented code.
#[derive(Debug)]
pub(crate) struct Start {
    /// The bytecode offset.
    pub offset: u32,
    /// The word of its `Trace`.
    pub word: u32,
    /// The word of plain code where execution can go on with the same frame; none where plain code has joined instructions.
    pub plain: Option<u32>,
    pub opcode: Opcode,
    pub arg: u32,
    /// The line of the source.
    pub line: Option<i32>,
    /// Whether a line event is due here when the instruction before was on another line.
    pub begins_line: bool,
    /// The evaluation stack.
    pub stack: Box<[Operand]>,
}

/// Which bytecode offsets words come from: pairs of both, ascending.
pub(crate) struct OffsetMap {
    /// As long as words and units of bytecode fit.
    near: Box<[(u16, u16)]>,
    far: Box<[(u32, u32)]>,
}

impl OffsetMap {
    /// A map of these pairs of a word and the offset, in bytes, of what begins there.
    pub fn new(pairs: &[(u32, u32)]) -> OffsetMap {
        let fit = pairs.partition_point(|(word, offset)| (*word).max(offset / 2) <= u32::from(u16::MAX));
        let (near, far) = pairs.split_at(fit);
        let near = near.iter().map(|(word, offset)| (*word as u16, (offset / 2) as u16)).collect();
        OffsetMap { near, far: far.into() }
    }

    /// The pairs.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, u32)> + Clone {
        self.near.iter().map(near).chain(self.far.iter().map(far))
    }

    /// The last pair for which something holds that holds for all before it.
    fn last(&self, holds: impl Fn((usize, u32)) -> bool) -> Option<(usize, u32)> {
        match self.far.partition_point(|pair| holds(far(pair))) {
            0 => self.near[..self.near.partition_point(|pair| holds(near(pair)))].last().map(near),
            count => self.far[..count].last().map(far),
        }
    }

    /// The offset that a word comes from.
    pub fn offset_of(&self, word: usize) -> u32 {
        self.last(|(start, _)| start <= word).map_or(0, |(_, offset)| offset)
    }

    /// The first word that comes from an offset, or from the nearest one before it.
    pub fn word_of(&self, offset: u32) -> usize {
        self.last(|(_, start)| start <= offset).map_or(0, |(word, _)| word)
    }
}

fn near(&(word, units): &(u16, u16)) -> (usize, u32) {
    (word.into(), 2 * u32::from(units))
}

fn far(&(word, offset): &(u32, u32)) -> (usize, u32) {
    (word as usize, offset)
}

/// The register form of one code object.
pub struct ExecCode {
    /// Instructions and their cache words. Rewritten in place by the machine (quickening, caches).
    pub(crate) words: Box<[u64]>,
    /// The bytecode offset of each instruction.
    pub(crate) map: OffsetMap,
    /// Innermost handler for a word is the last entry that covers it.
    pub(crate) handlers: Box<[Handler]>,
    /// Slots of a frame: locals and the deepest temporaries.
    pub(crate) frame_size: u32,
    /// How many of them are locals.
    pub(crate) locals: u16,
    /// `co_flags`
    pub(crate) flags: u32,
    /// Words of the frame that a suspended generator keeps at most.
    pub(crate) kept: u32,
    /// Whether code of a generator handles exceptions, other than to turn StopIteration into RuntimeError.
    pub(crate) handles: bool,
    /// Instrumented code: the instructions, in order of their words.
    pub(crate) starts: Box<[Start]>,
    /// Words whose opcode `Redirect` hides, with that opcode.
    pub(crate) hidden: Vec<(u32, u8)>,
}

impl ExecCode {
    /// The bytecode offset (in bytes) of the instruction that the exec word belongs to.
    pub fn offset_of(&self, word: usize) -> u32 {
        self.map.offset_of(word)
    }

    /// Whether an instruction belongs to this code.
    pub(crate) fn holds(&self, pc: *const u64) -> bool {
        self.words.as_ptr_range().contains(&pc)
    }

    /// The word that an instruction of this code is.
    pub(crate) fn word_of(&self, pc: *const u64) -> usize {
        (pc as usize).wrapping_sub(self.words.as_ptr() as usize) / 8
    }

    /// The start of the instruction at a bytecode offset.
    pub(crate) fn start_at(&self, offset: u32) -> Option<&Start> {
        let at = self.starts.binary_search_by_key(&offset, |start| start.offset).ok()?;
        self.starts.get(at)
    }

    /// The handler for an exception of the instruction that a word belongs to.
    pub(crate) fn handler_for(&self, word: usize) -> Option<&Handler> {
        self.handlers.iter().rev().find(|handler| (handler.start as usize..handler.end as usize).contains(&word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_found_in_short_and_long_code() {
        let pairs: Vec<(u32, u32)> = (0..40_000).map(|number| (3 * number, 4 * number)).collect();
        let map = OffsetMap::new(&pairs);
        assert!(!map.near.is_empty() && !map.far.is_empty());
        for (word, offset) in pairs.iter().map(far) {
            assert_eq!([map.offset_of(word), map.offset_of(word + 2)], [offset; 2]);
            assert_eq!([map.word_of(offset), map.word_of(offset + 2)], [word; 2]);
        }
        assert!(map.pairs().eq(pairs.iter().map(far)));
    }
}
