//! `TokenError`: a `SyntaxError` that the tokenizer itself raises.

use super::state::{Stop, Tokenizer};
use crate::error::{ErrorKind, SyntaxError};

/// An error in the text of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenError {
    /// The message.
    pub msg: String,
    /// The line.
    pub lineno: i32,
    /// The column in characters, from 1.
    pub offset: i32,
    /// The last column in characters.
    pub end_offset: i32,
    /// The text of the line, without its end.
    pub text: String,
}

impl TokenError {
    /// The error as CPython raises it.
    pub fn into_syntax_error(self, filename: &str) -> SyntaxError {
        SyntaxError {
            kind: ErrorKind::SyntaxError,
            msg: self.msg,
            filename: filename.to_owned(),
            lineno: self.lineno,
            offset: self.offset,
            end_lineno: self.lineno,
            end_offset: self.end_offset,
            text: Some(self.text),
            last_statement: None,
        }
    }
}

impl Tokenizer<'_> {
    /// An error at the last character read.
    pub(super) fn error(&mut self, msg: impl Into<String>) -> TokenError {
        let last = self.characters_before(self.cur);
        self.error_about(msg, last, last)
    }

    /// An error about what is between two places of the line.
    pub(super) fn error_between(&mut self, msg: impl Into<String>, start: usize, end: usize) -> TokenError {
        let (before, last) = (self.characters_before(start), self.characters_before(end));
        self.error_about(msg, before + 1, last)
    }

    fn characters_before(&self, place: usize) -> i32 {
        String::from_utf8_lossy(&self.source[self.line_start..place]).chars().count() as i32
    }

    fn error_about(&mut self, msg: impl Into<String>, offset: i32, end_offset: i32) -> TokenError {
        let line = &self.source[self.line_start..];
        let length = memchr::memchr(b'\n', line).unwrap_or(line.len());
        self.stop = Stop::Error;
        TokenError { msg: msg.into(), lineno: self.lineno, offset, end_offset, text: String::from_utf8_lossy(&line[..length]).into_owned() }
    }
}
