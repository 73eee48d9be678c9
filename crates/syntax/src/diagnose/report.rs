//! Which error is reported in the end, and where (CPython: `Parser/pegen.c`, `Parser/pegen_errors.c`).

use super::parser::{Parser, token_loc};
use crate::ast::Location;
use crate::error::{ErrorKind, SyntaxError};
use crate::parse::Mode;
use crate::tokenizer::{Stop, Token, TokenKind};

/// Parses and decides on the error. Returns the offsets of `<>` operators.
pub(super) fn diagnose(mut parser: Parser) -> Result<Vec<usize>, Box<SyntaxError>> {
    let outcome = diagnose_with(&mut parser);
    outcome.map_err(|error| match error.kind {
        ErrorKind::SyntaxError => Box::new(SyntaxError { last_statement: Some(parser.last_statement), ..*error }),
        _ => error,
    })
}

fn diagnose_with(parser: &mut Parser) -> Result<Vec<usize>, Box<SyntaxError>> {
    let rule = match parser.options.mode {
        Mode::Exec => "file",
        Mode::Eval => "eval",
        Mode::Single => "interactive",
        Mode::FuncType => "func_type",
    };
    let first = parser.start(rule);
    if matches!(first, Ok(Some(_))) {
        return parser.check_single_statement().map(|()| std::mem::take(&mut parser.old_operators));
    }
    if parser.options.allow_incomplete_input && matches!(parser.tokenizer.stop(), Stop::EndOfFile | Stop::EndOfString) {
        return Err(parser.error_at_token(parser.tokens.len().wrapping_sub(1), ErrorKind::IncompleteInput, "incomplete input"));
    }
    if let Err(error) = first {
        return Err(parser.prefer_tokenizer_error(error));
    }
    let last = *parser.tokens.last().expect("a parse that failed has read a token");
    parser.reset();
    if let Err(error) = parser.start(rule) {
        return Err(parser.prefer_tokenizer_error(error));
    }
    Err(parser.plain_error(last))
}

impl Parser<'_> {
    fn plain_error(&mut self, last: Token) -> Box<SyntaxError> {
        if matches!(last.kind, TokenKind::Indent | TokenKind::Dedent) {
            let text = if last.kind == TokenKind::Indent { "unexpected indent" } else { "unexpected unindent" };
            return self.error_at_token(self.tokens.len() - 1, ErrorKind::IndentationError, text);
        }
        let error = self.error_in(token_loc(&last), "invalid syntax");
        self.prefer_tokenizer_error(error)
    }

    /// The first error that the tokenizer finds in the rest of the source, or else the one given.
    fn prefer_tokenizer_error(&mut self, error: Box<SyntaxError>) -> Box<SyntaxError> {
        let stopped = !matches!(self.tokenizer.stop(), Stop::No);
        if self.tokenizer_failed
            || stopped
            || !matches!(error.kind, ErrorKind::SyntaxError | ErrorKind::IndentationError | ErrorKind::TabError)
        {
            return error;
        }
        let error_line = self.tokens.last().map_or(0, |token| token.lineno);
        loop {
            match self.tokenizer.next_token() {
                // Inside of an f-string the error in the expression tells more.
                Err(_) if self.tokenizer.is_inside_string() => return error,
                Ok(token) if token.kind == TokenKind::ErrorToken && self.tokenizer.is_inside_string() => return error,
                Err(found) => return Box::new(found.into_syntax_error(self.source.filename())),
                Ok(token) if token.kind == TokenKind::ErrorToken => {
                    return match self.tokenizer.open_bracket() {
                        Some(bracket) if error_line > bracket.lineno => self.unclosed(),
                        _ => error,
                    };
                }
                Ok(token) if token.kind == TokenKind::EndMarker => return error,
                Ok(_) => {}
            }
        }
    }

    fn check_single_statement(&mut self) -> Result<(), Box<SyntaxError>> {
        if self.options.mode != Mode::Single || is_blank(self.tokenizer.rest()) {
            return Ok(());
        }
        let text = "multiple statements found while compiling a single statement";
        Err(self.error_at_token(self.tokens.len() - 1, ErrorKind::SyntaxError, text))
    }

    /// The error behind an error token.
    pub fn tokenizer_error(&mut self) -> Box<SyntaxError> {
        let last = self.tokens.len() - 1;
        let (kind, column, text) = match self.tokenizer.stop() {
            Stop::EndOfFile if self.tokenizer.open_bracket().is_some() => return self.unclosed(),
            Stop::EndOfFile => return self.error_at_token(last, ErrorKind::SyntaxError, "unexpected EOF while parsing"),
            Stop::Dedent => {
                let text = "unindent does not match any outer indentation level";
                return self.error_at_token(last, ErrorKind::IndentationError, text);
            }
            Stop::TabSpace => (ErrorKind::TabError, 0, "inconsistent use of tabs and spaces in indentation"),
            Stop::TooDeep => (ErrorKind::IndentationError, 0, "too many levels of indentation"),
            Stop::LineContinuation => {
                let column = self.tokenizer.buffer_column() - 1;
                (ErrorKind::SyntaxError, column, "unexpected character after line continuation character")
            }
            Stop::No | Stop::Error | Stop::EndOfString => (ErrorKind::SyntaxError, 0, "unknown parsing error"),
        };
        let lineno = self.tokenizer.lineno();
        let loc = Location { lineno, col_offset: column, end_lineno: lineno, end_col_offset: -1 };
        let mut error = self.error_in(loc, text);
        error.kind = kind;
        error
    }

    fn unclosed(&self) -> Box<SyntaxError> {
        let bracket = self.tokenizer.open_bracket().expect("only called when one is open");
        let loc = Location { lineno: bracket.lineno, col_offset: bracket.col_offset, end_lineno: bracket.lineno, end_col_offset: -1 };
        self.error_in(loc, &format!("'{}' was never closed", char::from(bracket.character)))
    }

    /// An error about a range; columns in bytes from 0, -1 for unknown.
    pub fn error_in(&self, loc: Location, text: &str) -> Box<SyntaxError> {
        self.raise(ErrorKind::SyntaxError, text, (loc.lineno, loc.col_offset + 1), (loc.end_lineno, loc.end_col_offset + 1))
    }

    /// An error from the start of a range up to what has been read.
    pub fn error_from(&self, loc: Location, text: &str) -> Box<SyntaxError> {
        let end = (self.tokenizer.lineno(), self.tokenizer.column());
        self.raise(ErrorKind::SyntaxError, text, (loc.lineno, loc.col_offset + 1), end)
    }

    /// An error at the last character of a range.
    pub fn error_at_end(&self, loc: Location, text: &str) -> Box<SyntaxError> {
        self.raise(ErrorKind::SyntaxError, text, (loc.lineno, loc.end_col_offset), (loc.end_lineno, 0))
    }

    /// An error about a token that has been read.
    pub fn error_at_token(&self, token: usize, kind: ErrorKind, text: &str) -> Box<SyntaxError> {
        let Some(token) = self.tokens.get(token) else { return self.raise(kind, text, (0, 0), (0, -1)) };
        let column = if token.col_offset == -1 { self.tokenizer.column().max(0) } else { token.col_offset + 1 };
        let end_column = if token.end_col_offset == -1 { -1 } else { token.end_col_offset + 1 };
        self.raise(kind, text, (token.lineno, column), (token.end_lineno, end_column))
    }

    /// An error from one line and column to another; columns in bytes from 1.
    fn raise(&self, kind: ErrorKind, text: &str, start: (i32, i32), end: (i32, i32)) -> Box<SyntaxError> {
        let current = self.tokenizer.line();
        let with_end = self.tokenizer.lineno() <= start.0 && !current.is_empty();
        let line = match with_end {
            true => String::from_utf8_lossy(current).into_owned(),
            false => self.source.line(start.0).map_or_else(String::new, |line| line.trim_end_matches('\n').to_owned()),
        };
        let column = |bytes: i32| match usize::try_from(bytes) {
            Err(_) | Ok(0) => bytes,
            Ok(bytes) => {
                let inside = &line.as_bytes()[..bytes.min(line.len())];
                let beyond = bytes.min(line.len() + 1) - inside.len();
                (String::from_utf8_lossy(inside).chars().count() + beyond) as i32
            }
        };
        Box::new(SyntaxError {
            kind,
            msg: text.to_owned(),
            filename: self.source.filename().to_owned(),
            lineno: start.0,
            offset: column(start.1),
            end_lineno: end.0,
            end_offset: column(end.1),
            text: Some(line.clone()),
            last_statement: None,
        })
    }
}

/// Whether nothing but space and comments is left.
fn is_blank(rest: &[u8]) -> bool {
    rest.split(|&byte| byte == b'\n').all(|line| matches!(line.trim_ascii_start(), [] | [b'#', ..]))
}
