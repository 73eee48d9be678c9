//! The labels of a code object: where jumps go and where handlers begin.

use super::Entry;
use std::ops::Range;

struct Label {
    /// The word that it became, once it has been reached.
    word: Option<u32>,
    /// Its stack among all, once a jump has been seen.
    stack: Option<Range<usize>>,
}

/// All labels of a code object.
#[derive(Default)]
pub(super) struct Labels {
    /// For each unit of the bytecode, the number of its label among all from 1 on; 0 without one.
    numbers: Vec<u32>,
    labels: Vec<Label>,
    /// The stacks at labels.
    stacks: Vec<Entry>,
}

impl Labels {
    /// Without labels, for a code object of so many units.
    pub fn reset(&mut self, units: usize) {
        self.numbers.clear();
        self.numbers.resize(units, 0);
        self.labels.clear();
        self.stacks.clear();
    }

    /// Put a label at an offset. One outside the code is never reached.
    pub fn add(&mut self, offset: u32) {
        if let Some(number @ 0) = self.numbers.get_mut(offset as usize / 2) {
            self.labels.push(Label { word: None, stack: None });
            *number = self.labels.len() as u32;
        }
    }

    fn number(&self, offset: u32) -> usize {
        self.numbers.get(offset as usize / 2).map_or(0, |number| *number as usize)
    }

    fn label(&self, offset: u32) -> Option<&Label> {
        self.labels.get(self.number(offset).wrapping_sub(1))
    }

    fn label_mut(&mut self, offset: u32) -> Option<&mut Label> {
        let number = self.number(offset);
        self.labels.get_mut(number.wrapping_sub(1))
    }

    /// Whether there is a label at an offset.
    pub fn contains(&self, offset: u32) -> bool {
        self.number(offset) != 0
    }

    /// The stack at a label, if it is known.
    pub fn stack(&self, offset: u32) -> Option<&[Entry]> {
        Some(&self.stacks[self.label(offset)?.stack.clone()?])
    }

    /// Note the stack at a label: the first entries of `stack` and some more.
    pub fn set_stack(&mut self, offset: u32, stack: &[Entry], more: &[Entry]) {
        let start = self.stacks.len();
        let end = start + stack.len() + more.len();
        if let Some(label) = self.label_mut(offset) {
            label.stack = Some(start..end);
            self.stacks.extend_from_slice(stack);
            self.stacks.extend_from_slice(more);
        }
    }

    /// The word that a label became, if it was reached.
    pub fn word(&self, offset: u32) -> Option<u32> {
        self.label(offset)?.word
    }

    /// Note the word that a label became.
    pub fn set_word(&mut self, offset: u32, word: u32) {
        if let Some(label) = self.label_mut(offset) {
            label.word = Some(word);
        }
    }
}
