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
pub(super) struct Labels {
    labels: Vec<Label>,
    /// Labels before this one lie before the offset that was asked for last.
    passed: usize,
}

impl Labels {
    /// Labels at these offsets, in any order.
    pub fn new(mut offsets: Vec<u32>) -> Labels {
        offsets.sort_unstable();
        offsets.dedup();
        let labels = offsets.into_iter().map(|offset| Label { offset, word: NOWHERE, stack: None }).collect();
        Labels { labels, passed: 0 }
    }

    fn position(&self, offset: u32) -> Option<usize> {
        self.labels.binary_search_by_key(&offset, |label| label.offset).ok()
    }

    /// Whether there is a label at an offset that is not before the one asked for last.
    pub fn reaches(&mut self, offset: u32) -> bool {
        while let Some(label) = self.labels.get(self.passed) {
            if label.offset >= offset {
                return label.offset == offset;
            }
            self.passed += 1;
        }
        false
    }

    /// Whether there is a label at an offset behind the one that [`reaches`](Self::reaches) was asked for last.
    pub fn contains(&self, offset: u32) -> bool {
        let ahead = self.labels[self.passed..].iter().map(|label| label.offset);
        ahead.take_while(|at| *at <= offset).any(|at| at == offset)
    }

    /// The stack at a label, if it is known.
    pub fn stack(&self, offset: u32) -> Option<&[Entry]> {
        self.labels[self.position(offset)?].stack.as_deref()
    }

    /// Note the stack at a label.
    pub fn set_stack(&mut self, offset: u32, stack: &[Entry]) {
        if let Some(at) = self.position(offset) {
            self.labels[at].stack = Some(stack.into());
        }
    }

    /// The word that a label became, if it was reached.
    pub fn word(&self, offset: u32) -> Option<u32> {
        Some(self.labels[self.position(offset)?].word).filter(|word| *word != NOWHERE)
    }

    /// Note the word that a label became.
    pub fn set_word(&mut self, offset: u32, word: u32) {
        if let Some(at) = self.position(offset) {
            self.labels[at].word = word;
        }
    }
}
