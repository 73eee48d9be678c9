//! The backtracking stack: choices still open and changes to take back, on the malloc heap and bounded.

use crate::matcher::Error;
use crate::program::Pc;

/// How far capturing had come when a choice was made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Captured {
    /// The highest mark set, or -1.
    pub(crate) lastmark: i32,
    /// The group closed last, or -1.
    pub(crate) lastindex: i32,
}

/// Nothing captured yet.
pub(crate) const UNCAPTURED: Captured = Captured { lastmark: -1, lastindex: -1 };

/// What to do when the match fails at this point.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Record {
    /// Give a mark its old position back.
    Mark { mark: u32, old: usize },
    /// Try the next alternative, the `choice`th of those worth trying.
    Branch { branch: u32, choice: u32, captured: Captured, ptr: usize },
    /// Give one character back.
    RepeatOne { repeat: u32, captured: Captured, ptr: usize, low: usize },
    /// Take one character more, of which `left` are allowed.
    MinRepeatOne { repeat: u32, left: u32, captured: Captured, ptr: usize },
    /// Leave the loop that `Repeat` began.
    Repeat,
    /// Count one iteration of the loop less.
    Iteration,
    /// Do without this iteration.
    MaxUntil { captured: Captured, ptr: usize, last: usize },
    /// Return into the loop from what follows it.
    Rest { turn: u32 },
    /// Do one more iteration.
    MinUntil { turn: u32, captured: Captured, ptr: usize },
    /// Count one iteration of the lazy loop less.
    MinIteration { last: usize },
    /// The body of the innermost scope has failed.
    Scope,
}

/// One run of a loop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// Which loop of the program.
    pub(crate) index: u32,
    /// The run of the loop around it.
    pub(crate) outer: u32,
    /// Completed iterations.
    pub(crate) count: usize,
    /// Where the iteration under way began; an empty one ends the loop.
    pub(crate) last: usize,
}

/// A scope under way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenScope {
    /// Which scope of the program.
    pub(crate) index: u32,
    /// The stack's length below the scope's own record.
    pub(crate) base: usize,
    pub(crate) ptr: usize,
    pub(crate) captured: Captured,
    /// The innermost loop run at the beginning, and how many there were.
    pub(crate) turn: u32,
    pub(crate) turns: usize,
    /// Completed iterations of a possessive loop.
    pub(crate) count: u32,
}

/// No position.
pub(crate) const NOWHERE: usize = usize::MAX;
/// No loop.
pub(crate) const NO_TURN: u32 = u32::MAX;
/// Where a program begins.
pub(crate) const START: Pc = 0;

/// Appends to a vector that may not take more than `limit` bytes.
#[inline]
pub(crate) fn push<T>(items: &mut Vec<T>, item: T, limit: usize) -> Result<(), Error> {
    if items.len() == items.capacity() {
        grow(items, limit)?;
    }
    items.push(item);
    Ok(())
}

#[cold]
fn grow<T>(items: &mut Vec<T>, limit: usize) -> Result<(), Error> {
    let most = limit / size_of::<T>();
    let wanted = (items.capacity() * 2).clamp(16, most.max(16));
    if wanted <= items.len() {
        return Err(Error::Memory);
    }
    items.try_reserve_exact(wanted - items.len()).map_err(|_| Error::Memory)
}
