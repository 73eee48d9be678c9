//! A bound on native recursion, so that deeply nested source raises an error and never overflows the stack.
//!
//! The measure is the distance between stack addresses, as in CPython 3.14, not a count of calls.

use crate::error::{CompileError, Result};

/// How much native stack a compilation may use.
#[derive(Clone, Copy, Debug)]
pub struct Recursion {
    start: usize,
    budget: usize,
}

impl Recursion {
    /// Allow `budget` bytes of stack from here on.
    #[inline(never)]
    #[must_use]
    pub fn new(budget: usize) -> Recursion {
        Recursion { start: stack_address(), budget }
    }

    /// Fail when the budget is used up.
    ///
    /// # Errors
    /// [`CompileError::Recursion`].
    #[inline]
    pub fn check(self) -> Result<()> {
        if self.start.abs_diff(stack_address()) > self.budget { Err(CompileError::Recursion) } else { Ok(()) }
    }
}

#[inline(always)]
fn stack_address() -> usize {
    let marker = 0u8;
    std::ptr::from_ref(std::hint::black_box(&marker)).addr()
}
