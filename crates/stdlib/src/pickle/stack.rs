//! The stack of a pickle being read, with its marks.

use super::state::unpickling_error;
use bredli_runtime::prelude::*;

/// Objects, and where the marks among them are.
pub struct Stack {
    pub items: RootVec,
    marks: Vec<usize>,
}

impl Stack {
    pub fn new(py: &mut Py) -> Stack {
        Stack { items: RootVec::new(&mut py.heap), marks: Vec::new() }
    }

    /// Below this are the items before the last mark.
    fn fence(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    #[cold]
    fn underflow(&self, py: &mut Py) -> Raised {
        let text = if self.marks.is_empty() { "unpickling stack underflow" } else { "unexpected MARK found" };
        unpickling_error(py, text)
    }

    #[inline]
    pub fn push(&mut self, value: Value) {
        self.items.push(value);
    }

    pub fn mark(&mut self) {
        self.marks.push(self.items.len());
    }

    #[inline]
    pub fn pop(&mut self, py: &mut Py) -> Result {
        if self.items.len() <= self.fence() {
            return Err(self.underflow(py));
        }
        Ok(self.items.pop().expect("more items than the fence"))
    }

    /// The last object, which stays.
    #[inline]
    pub fn top(&self, py: &mut Py) -> Result {
        if self.items.len() <= self.fence() {
            return Err(self.underflow(py));
        }
        Ok(self.items[self.items.len() - 1])
    }

    /// Remove the last mark, and say where it was.
    pub fn pop_mark(&mut self, py: &mut Py) -> Result<usize> {
        match self.marks.pop() {
            Some(mark) => Ok(mark),
            None => Err(unpickling_error(py, "could not find MARK")),
        }
    }

    /// Drop the last object, or the last mark when that was set later.
    pub fn drop_last(&mut self, py: &mut Py) -> Result<()> {
        if self.marks.last() == Some(&self.items.len()) {
            self.marks.pop();
            return Ok(());
        }
        self.pop(py).map(|_| ())
    }

    /// UnpicklingError unless there is an object before `start` that belongs to the same part of the stack.
    pub fn check_target(&self, py: &mut Py, start: usize) -> Result<()> {
        if start > self.items.len() || start <= self.fence() {
            return Err(self.underflow(py));
        }
        Ok(())
    }
}
