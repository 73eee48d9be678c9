//! Successive matches in one subject: the state behind `finditer`, `findall`, `split`, `sub` and `Pattern.scanner`.

use crate::matcher::{Error, Goal, Matcher, Poll};
use crate::program::Program;
use crate::subject::Subject;

/// Where the next match is looked for. It borrows nothing, so that it can live in a Python object.
#[derive(Clone, Copy, Debug)]
pub struct Scan {
    at: usize,
    must_advance: bool,
    exhausted: bool,
}

impl Scan {
    /// A scan that begins at a byte offset.
    pub fn new(pos: usize) -> Scan {
        Scan { at: pos, must_advance: false, exhausted: false }
    }

    /// Where the next match is looked for, as a byte offset.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Finds the next match. An empty match directly behind the one before is passed over only if that one was empty too.
    pub fn search(&mut self, matcher: &mut Matcher, program: &Program, subject: Subject<'_>, poll: Poll<'_>) -> Result<bool, Error> {
        self.next(matcher, |matcher, at, goal| matcher.find(program, subject, at, goal, poll))
    }

    /// Matches where the match before ended.
    pub fn match_next(&mut self, matcher: &mut Matcher, program: &Program, subject: Subject<'_>, poll: Poll<'_>) -> Result<bool, Error> {
        self.next(matcher, |matcher, at, goal| matcher.anchored(program, subject, at, goal, poll))
    }

    fn next(&mut self, matcher: &mut Matcher, find: impl FnOnce(&mut Matcher, usize, Goal) -> Result<bool, Error>) -> Result<bool, Error> {
        if self.exhausted {
            return Ok(false);
        }
        let goal = if self.must_advance { Goal::Advance } else { Goal::Any };
        if !find(matcher, self.at, goal)? {
            self.exhausted = true;
            return Ok(false);
        }
        self.must_advance = matcher.whole.start == matcher.whole.end;
        self.at = matcher.whole.end;
        Ok(true)
    }
}
