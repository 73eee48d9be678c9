//! The labels of a code object: where jumps go and where handlers begin, in ascending order.

use super::Entry;

/// The word of a label that has not been reached.
const NOWHERE: u32 = u32::MAX;

struct Label {
    /// The bytecode offset.
    offset: u32,
    /// The word that it became.
    word: u32,
    /// The stack there, once a jump has been seen.
    stack: Option<Box<[Entry]>>,
}

/// All labels of a code object.
pub(super) struct Labels(Vec<Label>);

impl Labels {
    /// Labels at these offsets, in any order.
    pub fn new(mut offsets: Vec<u32>) -> Labels {
        offsets.sort_unstable();
        offsets.dedup();
        Labels(offsets.into_iter().map(|offset| Label { offset, word: NOWHERE, stack: None }).collect())
    }

    fn position(&self, offset: u32) -> Option<usize> {
        self.0.binary_search_by_key(&offset, |label| label.offset).ok()
    }

    /// Whether there is a label at an offset.
    pub fn contains(&self, offset: u32) -> bool {
        self.position(offset).is_some()
    }

    /// The stack at a label, if it is known.
    pub fn stack(&self, offset: u32) -> Option<&[Entry]> {
        self.0[self.position(offset)?].stack.as_deref()
    }

    /// Note the stack at a label.
    pub fn set_stack(&mut self, offset: u32, stack: &[Entry]) {
        if let Some(at) = self.position(offset) {
            self.0[at].stack = Some(stack.into());
        }
    }

    /// The word that a label became, if it was reached.
    pub fn word(&self, offset: u32) -> Option<u32> {
        Some(self.0[self.position(offset)?].word).filter(|word| *word != NOWHERE)
    }

    /// Note the word that a label became.
    pub fn set_word(&mut self, offset: u32, word: u32) {
        if let Some(at) = self.position(offset) {
            self.0[at].word = word;
        }
    }
}
