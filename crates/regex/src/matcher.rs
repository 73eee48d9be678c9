//! The state of a match: what the caller hands in, what it gets back, and the memory kept between matches.

use std::fmt;

use crate::backtrack::{Captured, NO_TURN, NOWHERE, OpenScope, Record, Turn, UNCAPTURED};
use crate::program::Program;
use crate::subject::Subject;

/// A half-open range of byte offsets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// The caller wants the match to stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Interrupt;

/// Called every few thousand steps; an error ends the match.
pub type Poll<'a> = &'a mut dyn FnMut() -> Result<(), Interrupt>;

/// Why a match could not be carried through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Error {
    /// The poll function said so.
    Interrupted,
    /// The backtracking stack would exceed its limit (`MemoryError`).
    Memory,
    /// The code array runs into nonsense (`RuntimeError: internal error in regular expression engine`).
    Broken,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Error::Interrupted => "the match was interrupted",
            Error::Memory => "maximum backtracking memory exceeded",
            Error::Broken => "internal error in regular expression engine",
        })
    }
}

impl std::error::Error for Error {}

impl From<Interrupt> for Error {
    fn from(_: Interrupt) -> Error {
        Error::Interrupted
    }
}

/// The groups of a match, the whole match first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Captures {
    /// What each group matched, as byte offsets.
    pub spans: Vec<Option<Span>>,
    /// The group closed last.
    pub lastindex: Option<u32>,
}

/// Runs programs; keeps its memory from one match to the next.
#[derive(Debug)]
pub struct Matcher {
    pub(crate) limit: usize,
    pub(crate) fuel: usize,
    pub(crate) whole: Span,
    pub(crate) marks: Vec<usize>,
    pub(crate) captured: Captured,
    pub(crate) stack: Vec<Record>,
    pub(crate) turns: Vec<Turn>,
    pub(crate) turn: u32,
    pub(crate) scopes: Vec<OpenScope>,
}

/// Steps between two polls.
pub(crate) const POLL_INTERVAL: usize = 4096;
const DEFAULT_LIMIT: usize = 1 << 30;

impl Default for Matcher {
    fn default() -> Matcher {
        Matcher::new()
    }
}

impl Matcher {
    /// A matcher whose backtracking stack may take one GiB.
    pub fn new() -> Matcher {
        Matcher::with_limit(DEFAULT_LIMIT)
    }

    /// A matcher whose backtracking stack may take about this many bytes.
    pub fn with_limit(limit: usize) -> Matcher {
        Matcher {
            limit,
            fuel: POLL_INTERVAL,
            whole: Span { start: 0, end: 0 },
            marks: Vec::new(),
            captured: UNCAPTURED,
            stack: Vec::new(),
            turns: Vec::new(),
            turn: NO_TURN,
            scopes: Vec::new(),
        }
    }

    /// Whether the program matches at byte offset `pos` (`Pattern.match`).
    pub fn match_at(&mut self, program: &Program, subject: Subject<'_>, pos: usize, poll: Poll<'_>) -> Result<bool, Error> {
        self.anchored(program, subject, pos, Goal::Any, poll)
    }

    /// Whether the program matches all of the subject from byte offset `pos` on (`Pattern.fullmatch`).
    pub fn fullmatch(&mut self, program: &Program, subject: Subject<'_>, pos: usize, poll: Poll<'_>) -> Result<bool, Error> {
        self.anchored(program, subject, pos, Goal::Whole, poll)
    }

    /// Whether the program matches somewhere from byte offset `pos` on (`Pattern.search`).
    pub fn search(&mut self, program: &Program, subject: Subject<'_>, pos: usize, poll: Poll<'_>) -> Result<bool, Error> {
        self.find(program, subject, pos, Goal::Any, poll)
    }

    /// What a group matched in the last successful match; group 0 is the whole match.
    pub fn span(&self, group: u32) -> Option<Span> {
        if group == 0 {
            return Some(self.whole);
        }
        let close = group as usize * 2 - 1;
        if self.captured.lastmark < 0 || self.captured.lastmark < close as i32 {
            return None;
        }
        let (start, end) = (*self.marks.get(close - 1)?, *self.marks.get(close)?);
        if start == NOWHERE || end == NOWHERE { None } else { Some(Span { start, end: end.max(start) }) }
    }

    /// The group closed last in the last successful match.
    pub fn lastindex(&self) -> Option<u32> {
        u32::try_from(self.captured.lastindex).ok()
    }

    /// All groups of the last successful match of this program.
    pub fn captures(&self, program: &Program) -> Captures {
        Captures { spans: (0..=program.groups()).map(|group| self.span(group)).collect(), lastindex: self.lastindex() }
    }

    /// Forgets the match before and makes room for the program's marks.
    pub(crate) fn prepare(&mut self, program: &Program) -> Result<(), Error> {
        self.captured = UNCAPTURED;
        self.turn = NO_TURN;
        self.stack.clear();
        self.turns.clear();
        self.scopes.clear();
        let wanted = program.groups() as usize * 2;
        if self.marks.len() < wanted {
            self.marks.try_reserve(wanted - self.marks.len()).map_err(|_| Error::Memory)?;
            self.marks.resize(wanted, NOWHERE);
        }
        Ok(())
    }

    /// Pays for some steps.
    #[inline]
    pub(crate) fn charge(&mut self, steps: usize, poll: Poll<'_>) -> Result<(), Error> {
        if self.fuel > steps {
            self.fuel -= steps;
            return Ok(());
        }
        self.fuel = POLL_INTERVAL;
        Ok(poll()?)
    }
}

/// When the end of the pattern counts as a match.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Goal {
    /// Always.
    Any,
    /// At the end of the subject.
    Whole,
    /// When it is not where the attempt began.
    Advance,
}
