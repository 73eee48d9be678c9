//! What is searched: a `str` or the bytes of a bytes-like object.

use bredli_regex::{Error, Interrupt, Matcher, Poll, Program, Span, Subject};
use bredli_runtime::BREAK_SIGNAL;
use bredli_runtime::object::count_chars;
use bredli_runtime::prelude::*;
use bredli_runtime::types::{Bytes, BytesLike};
use std::sync::atomic::Ordering;

/// The subject of a match.
#[derive(Clone, Copy)]
pub enum Text {
    /// Characters.
    Str(Gc<Str>),
    /// Bytes.
    Bytes(Gc<Bytes>),
}

impl Text {
    /// The text of an argument.
    pub fn new(py: &mut Py, value: Value) -> Result<Text> {
        if let Some(text) = Gc::<Str>::cast(py, value) {
            return Ok(Text::Str(text));
        }
        match BytesLike::try_new(py, value)? {
            Some(bytes) => Ok(Text::Bytes(bytes.object(py))),
            None => {
                let given = py.class_name(value);
                raise!(py, TypeError, "expected string or bytes-like object, got '{given}'")
            }
        }
    }

    /// As the engine wants it.
    pub fn subject(self, py: &Py) -> Subject<'_> {
        match self {
            Text::Str(text) if text.get(py).is_ascii() => Subject::Narrow(text.get(py).bytes()),
            Text::Str(text) => Subject::Wide(text.get(py).bytes()),
            Text::Bytes(bytes) => Subject::Narrow(bytes.get(py).data()),
        }
    }

    /// Number of characters.
    pub fn len(self, py: &Py) -> usize {
        match self {
            Text::Str(text) => text.get(py).char_len(),
            Text::Bytes(bytes) => bytes.get(py).data().len(),
        }
    }
    /// The byte offset of a position.
    pub fn byte_of(self, py: &mut Py, position: usize) -> usize {
        match self {
            Text::Str(text) => text.byte_offset(py, position),
            Text::Bytes(_) => position,
        }
    }

    /// The position of a byte offset.
    pub fn position_of(self, py: &Py, byte: usize) -> usize {
        match self.subject(py) {
            Subject::Narrow(_) => byte,
            Subject::Wide(bytes) => count_chars(&bytes[..byte]),
        }
    }

    /// A part between byte offsets.
    pub fn part(self, py: &mut Py, start: usize, end: usize) -> Result {
        match self {
            Text::Str(text) => Ok(py.substr(text, start, end).into()),
            Text::Bytes(bytes) => {
                // What was searched may have been made shorter since.
                let len = bytes.get(py).data().len();
                py.sub_bytes(bytes, start.min(len), end.min(len)).map(Into::into)
            }
        }
    }

    /// The parts joined.
    pub fn join(self, py: &mut Py, parts: &[Value]) -> Result {
        let parts = py.new_tuple(parts);
        let separator: Value = match self {
            Text::Str(_) => py.constants.empty_str.into(),
            Text::Bytes(_) => py.new_bytes(&[]).into(),
        };
        py.call_method_named(separator, "join", &[parts.into()])
    }
}

/// How a pattern is to match.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// At the position.
    Match,
    /// From the position to the end.
    Full,
    /// Anywhere from the position on.
    Search,
}

/// What a match found.
pub struct Found {
    /// The groups, the whole match first.
    pub spans: Vec<Option<Span>>,
    /// The group closed last.
    pub lastindex: Option<u32>,
}

impl Found {
    /// What the matcher found last.
    pub fn of(matcher: &Matcher, program: &Program) -> Found {
        let captures = matcher.captures(program);
        Found { spans: captures.spans, lastindex: captures.lastindex }
    }
}

/// Run a program over a text between byte offsets.
pub fn run(py: &mut Py, program: &Program, text: Text, (start, end): (usize, usize), how: How) -> Result<Option<Found>> {
    let mut matcher = Matcher::new();
    let found = interruptible(py, |py, poll| {
        let subject = text.subject(py).until(end);
        match how {
            How::Match => matcher.match_at(program, subject, start, poll),
            How::Full => matcher.fullmatch(program, subject, start, poll),
            How::Search => matcher.search(program, subject, start, poll),
        }
    })?;
    Ok(found.then(|| Found::of(&matcher, program)))
}

/// Try to match. A signal stops that; if its handler does not raise, it starts again and then goes on for longer.
pub fn interruptible<T>(py: &mut Py, mut attempt: impl FnMut(&Py, Poll<'_>) -> std::result::Result<T, Error>) -> Result<T> {
    let breaker = py.breaker();
    let mut patience = 0;
    loop {
        let mut polls = 0u64;
        let mut poll = || {
            polls += 1;
            let stop = polls >> patience != 0 && breaker.load(Ordering::Relaxed) & BREAK_SIGNAL != 0;
            if stop { Err(Interrupt) } else { Ok(()) }
        };
        match attempt(py, &mut poll) {
            Ok(outcome) => return Ok(outcome),
            Err(Error::Interrupted) => py.poll()?,
            Err(Error::Memory) => return Err(py.no_memory()),
            Err(error @ Error::Broken) => raise!(py, RuntimeError, "{error}"),
        }
        patience = (patience + 4).min(60);
    }
}
