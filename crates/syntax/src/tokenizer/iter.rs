//! `TokenIter`: tokens as Python's `_tokenize.TokenizerIter` yields them, with their texts, places in characters and lines.

use super::kind::TokenKind;
use super::state::{Stop, Token, Tokenizer, TokenizerOptions};
use crate::error::{ErrorKind, SyntaxError};

/// A token as Python's `tokenize` sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenInfo {
    /// The number of its type; operators have their own with `extra_tokens` off, else that of `OP`.
    pub kind: TokenKind,
    /// Its text.
    pub string: String,
    /// Line from 1 and column in characters from 0.
    pub start: (i32, i32),
    /// Line and column behind it.
    pub end: (i32, i32),
    /// The line or lines it stands on.
    pub line: String,
}

/// Iterates over the tokens of a text up to its `EndMarker`; fused after it or after an error.
#[derive(Debug)]
pub struct TokenIter<'a> {
    tokenizer: Tokenizer<'a>,
    filename: &'a str,
    extra_tokens: bool,
    /// The last line has no line end in the original text.
    implicit_newline: bool,
    done: bool,
}

impl<'a> TokenIter<'a> {
    /// An iterator over the tokens of `text`, which ends with a line end unless it is empty; `implicit_newline` tells
    /// that this line end was added by the caller.
    pub fn new(text: &'a str, filename: &'a str, extra_tokens: bool, implicit_newline: bool) -> TokenIter<'a> {
        let options = TokenizerOptions { extra_tokens, ..TokenizerOptions::default() };
        TokenIter { tokenizer: Tokenizer::new(text, options), filename, extra_tokens, implicit_newline, done: false }
    }

    /// The iterator that goes on from there.
    pub(super) fn resume(tokenizer: Tokenizer<'a>, filename: &'a str, extra_tokens: bool, implicit_newline: bool) -> TokenIter<'a> {
        TokenIter { tokenizer, filename, extra_tokens, implicit_newline, done: false }
    }

    /// Where it stands.
    pub(super) fn into_tokenizer(self) -> Tokenizer<'a> {
        self.tokenizer
    }

    /// Whether the last line of the text has been read and its line end was not in the original.
    fn at_implicit_newline(&self) -> bool {
        self.implicit_newline && self.tokenizer.line_end == self.tokenizer.source.len()
    }

    fn info(&self, mut token: Token) -> TokenInfo {
        if token.kind == TokenKind::Newline && !self.extra_tokens {
            token.end = token.end.map(|end| end - 1);
        }
        let tokenizer = &self.tokenizer;
        let source = tokenizer.source;
        let text = |start: usize, end: usize| String::from_utf8_lossy(&source[start..end]).into_owned();
        let string = token.start.zip(token.end).map_or_else(String::new, |(start, end)| text(start, end));
        let trailing = token.kind == TokenKind::EndMarker || token.kind == TokenKind::Dedent && tokenizer.stop == Stop::EndOfFile;
        let multi_line = token.kind.is_string();
        let line_start = if multi_line { tokenizer.multi_line_start } else { tokenizer.line_start };
        let line = match trailing && self.extra_tokens {
            true => String::new(),
            false => text(line_start, tokenizer.line_end - usize::from(self.at_implicit_newline() && tokenizer.line_end > line_start)),
        };
        let column = |line_start: usize, offset: Option<usize>| match offset {
            Some(offset) if offset >= line_start => text(line_start, offset).chars().count() as i32,
            _ => -1,
        };
        let mut info = TokenInfo {
            kind: token.kind,
            string,
            start: (token.lineno, column(line_start, token.start)),
            end: (token.end_lineno, column(tokenizer.line_start, token.end)),
            line,
        };
        if self.extra_tokens {
            self.adapt(&mut info, token, trailing);
        }
        info
    }

    /// What Python's `tokenize` expects instead.
    fn adapt(&self, info: &mut TokenInfo, token: Token, trailing: bool) {
        if trailing {
            info.start = (info.start.0 + 1, 0);
            info.end = (info.end.0 + 1, 0);
        }
        match token.kind {
            kind if kind as u8 > TokenKind::Dedent as u8 && (kind as u8) < TokenKind::Op as u8 => info.kind = TokenKind::Op,
            TokenKind::Newline => {
                if !self.at_implicit_newline() {
                    let carriage_return = token.start.is_some_and(|start| self.tokenizer.source[start] == b'\r');
                    info.string = if carriage_return { "\r\n".to_owned() } else { "\n".to_owned() };
                }
                info.end.1 += 1;
            }
            TokenKind::Nl if self.at_implicit_newline() => {
                info.string.clear();
                info.end.1 += 1;
            }
            TokenKind::Nl => {
                info.string = "\n".to_owned();
                if token.start.is_some_and(|start| self.tokenizer.source[start] == b'\r') {
                    info.string = "\r\n".to_owned();
                }
                info.end.1 += 1;
            }
            _ => {}
        }
    }

    /// The error behind an `ErrorToken`.
    fn error(&self) -> SyntaxError {
        let tokenizer = &self.tokenizer;
        let (kind, msg) = match tokenizer.stop {
            Stop::EndOfFile => (ErrorKind::SyntaxError, "unexpected EOF in multi-line statement"),
            Stop::Dedent => (ErrorKind::IndentationError, "unindent does not match any outer indentation level"),
            Stop::TabSpace => (ErrorKind::TabError, "inconsistent use of tabs and spaces in indentation"),
            Stop::TooDeep => (ErrorKind::IndentationError, "too many levels of indentation"),
            Stop::LineContinuation => (ErrorKind::SyntaxError, "unexpected character after line continuation character"),
            Stop::No | Stop::Error | Stop::EndOfString => (ErrorKind::SyntaxError, "unknown tokenization error"),
        };
        let line = &tokenizer.source[tokenizer.buffer_start..tokenizer.line_end];
        let line = String::from_utf8_lossy(line);
        let (offset, end, text) = match tokenizer.stop {
            Stop::EndOfFile => {
                // What is buffered then is a token that goes on.
                let continued = tokenizer.is_inside_string() || tokenizer.source.ends_with(b"\\\n");
                (if continued { line.chars().count() as i32 } else { 0 }, (tokenizer.lineno, SyntaxError::UNKNOWN), None)
            }
            _ => {
                let offset = line.chars().count() as i32;
                let line = line.trim_end_matches('\n').to_owned();
                (offset, (SyntaxError::UNKNOWN, SyntaxError::UNKNOWN), Some(line))
            }
        };
        SyntaxError {
            kind,
            msg: msg.to_owned(),
            filename: self.filename.to_owned(),
            lineno: tokenizer.lineno,
            offset,
            end_lineno: end.0,
            end_offset: end.1,
            text,
            last_statement: None,
        }
    }
}

impl Iterator for TokenIter<'_> {
    type Item = Result<TokenInfo, SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        match self.tokenizer.next_token() {
            Ok(token) if token.kind == TokenKind::ErrorToken => {
                self.done = true;
                Some(Err(self.error()))
            }
            Ok(token) => {
                self.done = token.kind == TokenKind::EndMarker;
                Some(Ok(self.info(token)))
            }
            Err(error) => {
                self.done = true;
                Some(Err(error.into_syntax_error(self.filename)))
            }
        }
    }
}
