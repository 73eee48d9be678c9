//! Finding the first place where a program matches.

use memchr::memmem::Finder;

use crate::code::At;
use crate::encoding::{Encoding, Narrow, Wide};
use crate::first::{self, FirstSet};
use crate::matcher::{Error, Goal, Matcher, Poll, Span};
use crate::program::{Inst, Literal, Program};
use crate::subject::Subject;

/// Which places are worth an attempt.
#[derive(Debug)]
pub(crate) enum Strategy {
    /// Only the beginning of the subject.
    Beginning,
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
        let leading = program.insts.iter().find(|inst| !matches!(inst, Inst::Mark(_)));
        if matches!(leading, Some(Inst::At(At::Beginning | At::BeginningString))) {
            return Strategy::Beginning;
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
        match subject {
            Subject::Narrow(text) => self.attempt::<Narrow>(program, text, pos, goal, poll),
            Subject::Wide(text) => self.attempt::<Wide>(program, text, pos, goal, poll),
        }
    }

    /// Finds the first match from `pos` on; the goal holds for a match at `pos` itself.
    pub(crate) fn find(&mut self, program: &Program, subject: Subject<'_>, pos: usize, goal: Goal, poll: Poll<'_>) -> Result<bool, Error> {
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
            let goal = if candidate == pos { goal } else { Goal::Any };
            if self.attempt::<E>(program, text, candidate, goal, poll)? {
                return Ok(true);
            }
            if candidate == text.len() {
                break;
            }
            at = candidate + E::width(text, candidate);
        }
        Ok(false)
    }

    fn attempt<E: Encoding>(&mut self, program: &Program, text: &[u8], at: usize, goal: Goal, poll: Poll<'_>) -> Result<bool, Error> {
        if at > text.len() {
            return Ok(false);
        }
        self.reset();
        let end = self.run::<E>(program, text, at, goal, poll)?;
        if let Some(end) = end {
            self.whole = Span { start: at, end };
        }
        Ok(end.is_some())
    }
}
