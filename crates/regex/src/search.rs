//! Finding the first place where a program matches.

use memchr::memmem::Finder;

use crate::backtrack::UNCAPTURED;
use crate::code::At;
use crate::encoding::{Encoding, Narrow, Wide};
use crate::execute::holds;
use crate::first::{self, FirstSet};
use crate::matcher::{Error, Goal, Matcher, Poll, Span};
use crate::program::{Literal, Program};
use crate::repeat::longest;
use crate::subject::Subject;

/// Which places are worth an attempt.
#[derive(Debug)]
pub(crate) enum Strategy {
    /// Only the beginning of the subject.
    Beginning,
    /// Beginnings of lines.
    Line,
    /// Where a literal occurs. A literal that the encoding cannot represent occurs nowhere.
    Prefix { narrow: Option<Box<Finder<'static>>>, wide: Option<Box<Finder<'static>>> },
    /// Where one of some bytes occurs.
    First(Box<FirstSet>),
    /// All.
    Everywhere,
}

impl Strategy {
    /// The strategy for a program, given the literal that all its matches begin with.
    pub(crate) fn choose(program: &Program, prefix: Option<&Literal>) -> Strategy {
        match program.condition {
            Some(At::Beginning | At::BeginningString) => return Strategy::Beginning,
            Some(At::BeginningLine) => return Strategy::Line,
            _ => {}
        }
        let first = first::of_program(program);
        let finder = |text: &Option<Vec<u8>>| text.as_ref().map(|text| Box::new(Finder::new(text).into_owned()));
        match (prefix, first) {
            (Some(prefix), _) => Strategy::Prefix { narrow: finder(&prefix.narrow), wide: finder(&prefix.wide) },
            (None, Some(first)) => Strategy::First(Box::new(first)),
            (None, None) => Strategy::Everywhere,
        }
    }

    /// The first offset from `at` on that is worth an attempt.
    fn next<E: Encoding>(&self, text: &[u8], at: usize) -> Option<usize> {
        match self {
            Strategy::Beginning => (at == 0).then_some(at),
            Strategy::Line if at == 0 => Some(at),
            Strategy::Line => memchr::memchr(b'\n', text.get(at - 1..)?).map(|offset| at + offset),
            Strategy::Prefix { narrow, wide } => {
                let finder = if E::WIDE { wide } else { narrow };
                finder.as_ref()?.find(text.get(at..)?).map(|offset| at + offset)
            }
            Strategy::First(set) => set.find::<E>(text, at),
            Strategy::Everywhere => (at <= text.len()).then_some(at),
        }
    }
}

impl Matcher {
    /// Matches at `pos` and nowhere else.
    pub(crate) fn anchored(
        &mut self,
        program: &Program,
        subject: Subject<'_>,
        pos: usize,
        goal: Goal,
        poll: Poll<'_>,
    ) -> Result<bool, Error> {
        if pos > subject.bytes().len() {
            return Ok(false);
        }
        self.prepare(program)?;
        match subject {
            Subject::Narrow(text) => self.attempt::<Narrow>(program, text, pos, goal, poll),
            Subject::Wide(text) => self.attempt::<Wide>(program, text, pos, goal, poll),
        }
    }

    /// Finds the first match from `pos` on; the goal holds for a match at `pos` itself.
    pub(crate) fn find(&mut self, program: &Program, subject: Subject<'_>, pos: usize, goal: Goal, poll: Poll<'_>) -> Result<bool, Error> {
        self.prepare(program)?;
        match subject {
            Subject::Narrow(text) => self.find_in::<Narrow>(program, text, pos, goal, poll),
            Subject::Wide(text) => self.find_in::<Wide>(program, text, pos, goal, poll),
        }
    }

    fn find_in<E: Encoding>(&mut self, program: &Program, text: &[u8], pos: usize, goal: Goal, poll: Poll<'_>) -> Result<bool, Error> {
        // A character takes at least a byte: with fewer bytes left than the least width there is no match.
        let Some(last) = text.len().checked_sub(program.min_width) else { return Ok(false) };
        let mut at = pos;
        while let Some(candidate) = program.strategy.next::<E>(text, at) {
            if candidate > last {
                break;
            }
            self.charge(1 + (candidate - at) / 64, poll)?;
            if let Some(end) = futile_run::<E>(program, text, candidate) {
                self.charge((end - candidate) / 64, poll)?;
                at = end;
                continue;
            }
            let goal = if candidate == pos { goal } else { Goal::Any };
            let hopeful = program.condition.is_none_or(|condition| holds::<E>(condition, text, candidate));
            if hopeful && self.attempt::<E>(program, text, candidate, goal, poll)? {
                return Ok(true);
            }
            if candidate == text.len() {
                break;
            }
            at = candidate + E::width(text, candidate);
        }
        Ok(false)
    }

    /// One attempt at `at`, which is within the text. A failed one leaves all stacks empty.
    #[inline]
    fn attempt<E: Encoding>(&mut self, program: &Program, text: &[u8], at: usize, goal: Goal, poll: Poll<'_>) -> Result<bool, Error> {
        self.captured = UNCAPTURED;
        let end = self.run::<E>(program, text, at, goal, poll)?;
        if let Some(end) = end {
            self.whole = Span { start: at, end };
        }
        Ok(end.is_some())
    }
}

/// If the program begins with a repeat of which the run at `at` cannot be continued: where that run ends.
/// From any other place in the run the repeat would reach the same end.
fn futile_run<E: Encoding>(program: &Program, text: &[u8], at: usize) -> Option<usize> {
    let repeat = &program.repeats[program.leading_run? as usize];
    let end = longest::<E>(program, repeat, text, at);
    (end > at && !repeat.first.as_ref()?.allows::<E>(text, end)).then_some(end)
}
