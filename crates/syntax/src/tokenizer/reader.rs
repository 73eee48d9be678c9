//! `TokenReader`: a `TokenIter` over a text that arrives line by line.

use super::iter::{TokenInfo, TokenIter};
use super::state::{Tokenizer, TokenizerOptions};
use crate::error::SyntaxError;

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A token.
    Token(TokenInfo),
    /// An error; nothing follows.
    Error(SyntaxError),
    /// Nothing before another line is added, or the text is declared complete.
    NeedsLine,
    /// The end.
    Done,
}

/// Reads tokens from the lines it has been given so far.
#[derive(Debug)]
pub struct TokenReader {
    text: String,
    /// The tokenizer, which gets the text only while it reads.
    state: Tokenizer<'static>,
    extra_tokens: bool,
    implicit_newline: bool,
    lines: i32,
    complete: bool,
    done: bool,
}

impl TokenReader {
    /// A reader without text.
    pub fn new(extra_tokens: bool) -> TokenReader {
        let options = TokenizerOptions { extra_tokens, ..TokenizerOptions::default() };
        let state = Tokenizer::new("", options);
        TokenReader { text: String::new(), state, extra_tokens, implicit_newline: false, lines: 0, complete: false, done: false }
    }

    /// Adds a line. A line end that it lacks is supplied.
    pub fn add_line(&mut self, line: &str) {
        self.text.push_str(line);
        self.lines += 1;
        self.implicit_newline = !line.ends_with('\n');
        if self.implicit_newline {
            self.text.push('\n');
        }
    }

    /// How many lines have been added.
    pub fn lines(&self) -> i32 {
        self.lines
    }

    /// Ends the reading.
    pub fn abandon(&mut self) {
        self.done = true;
    }

    /// Says that no more lines come.
    pub fn complete(&mut self) {
        self.complete = true;
    }

    /// The next token, if it can be told from the text so far.
    pub fn step(&mut self) -> Step {
        if self.done {
            return Step::Done;
        }
        let state = self.state.over(&self.text);
        let mut tokens = TokenIter::resume(state, "<string>", self.extra_tokens, self.implicit_newline);
        let next = tokens.next();
        let state = tokens.into_tokenizer();
        if state.read_past_end && !self.complete {
            return Step::NeedsLine;
        }
        self.state = state.over("");
        match next {
            Some(Ok(token)) => {
                self.done = token.kind == super::TokenKind::EndMarker;
                Step::Token(token)
            }
            Some(Err(error)) => {
                self.done = true;
                Step::Error(error)
            }
            None => Step::Done,
        }
    }
}
