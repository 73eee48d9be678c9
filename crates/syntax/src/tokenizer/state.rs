//! `Tokenizer`: the reading position, the indentation and bracket stacks, and one character at a time.

use super::error::TokenError;
use super::kind::TokenKind;
use crate::error::Warning;

/// CPython's limits.
pub(super) const MAX_INDENT: usize = 100;
pub(super) const MAX_BRACKETS: usize = 200;
pub(super) const MAX_STRINGS: usize = 150;
pub(super) const MAX_FIELDS: i32 = 3;

/// How to read tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenizerOptions {
    /// Return comments and line ends that do not end a statement, as Python's `tokenize` does, and check less.
    pub extra_tokens: bool,
    /// Return type comments.
    pub type_comments: bool,
    /// The text is typed in: an empty line ends an indented block.
    pub interactive: bool,
}

/// Why no more tokens come (CPython: `tok->done`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// They do come.
    No,
    /// The end of the source was reached.
    EndOfFile,
    /// An error with its own message was returned.
    Error,
    /// The end of the source was reached inside of a string; an error was returned.
    EndOfString,
    /// A dedent fits no outer level.
    Dedent,
    /// Tabs and spaces are mixed so that the indentation depends on the width of a tab.
    TabSpace,
    /// The indentation is too deep.
    TooDeep,
    /// A backslash is followed by something else than a line end.
    LineContinuation,
}

/// A token: where it stands and what surrounds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its type; `ErrorToken` when the tokenizer has stopped.
    pub kind: TokenKind,
    /// The byte offset of its text, if it has one.
    pub start: Option<usize>,
    /// The byte offset behind its text.
    pub end: Option<usize>,
    /// The first line, from 1.
    pub lineno: i32,
    /// The column in bytes from 0; -1 when it has no text.
    pub col_offset: i32,
    /// The last line.
    pub end_lineno: i32,
    /// The column behind it; -1 when it has no text.
    pub end_col_offset: i32,
    /// How many brackets are open.
    pub level: usize,
}

/// An f-string or t-string that is being read.
#[derive(Clone, Debug)]
pub(super) struct StringMode {
    /// Whether its literal text is next, not an expression.
    pub in_text: bool,
    pub template: bool,
    pub raw: bool,
    pub quote: u8,
    pub quote_size: usize,
    pub start: usize,
    pub first_line: i32,
    pub line_start: usize,
    /// How many brackets are open within it.
    pub depth: i32,
    /// The depth at which the innermost field began; -1 outside of fields.
    pub field_depth: i32,
    pub in_format_spec: bool,
    pub in_debug: bool,
}

impl StringMode {
    pub fn letter(&self) -> char {
        if self.template { 't' } else { 'f' }
    }
}

/// An open bracket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bracket {
    pub character: u8,
    pub lineno: i32,
    pub col_offset: i32,
}

/// Reads tokens from UTF-8 text.
#[derive(Debug)]
pub struct Tokenizer<'a> {
    pub(super) source: &'a [u8],
    pub(super) options: TokenizerOptions,
    pub(super) stop: Stop,
    /// The next character.
    pub(super) cur: usize,
    /// The end of the line read last.
    pub(super) line_end: usize,
    pub(super) line_start: usize,
    pub(super) lineno: i32,
    /// The start of the token that is being read.
    pub(super) start: Option<usize>,
    /// Where the line or the token that is being read started, whichever is earlier.
    pub(super) buffer_start: usize,
    pub(super) first_lineno: i32,
    pub(super) multi_line_start: usize,
    pub(super) at_line_start: bool,
    pub(super) blank_line: bool,
    pub(super) comment_newline: bool,
    pub(super) pending: i32,
    pub(super) indents: Vec<(usize, usize)>,
    pub(super) brackets: Vec<Bracket>,
    pub(super) strings: Vec<StringMode>,
    pub(super) warnings: Vec<Warning>,
    /// Something has asked for a character behind the end of the text.
    pub(super) read_past_end: bool,
}

impl<'a> Tokenizer<'a> {
    /// A tokenizer at the start of a text. Its last line should have a line end.
    pub fn new(source: &'a str, options: TokenizerOptions) -> Tokenizer<'a> {
        Tokenizer {
            source: source.as_bytes(),
            options,
            stop: Stop::No,
            cur: 0,
            line_end: 0,
            line_start: 0,
            lineno: 0,
            start: None,
            buffer_start: 0,
            first_lineno: 0,
            multi_line_start: 0,
            at_line_start: true,
            blank_line: false,
            comment_newline: false,
            pending: 0,
            indents: vec![(0, 0)],
            brackets: Vec::new(),
            strings: Vec::new(),
            warnings: Vec::new(),
            read_past_end: false,
        }
    }

    /// The same state over another text, which must agree as far as it has been read.
    pub(super) fn over<'b>(&self, source: &'b str) -> Tokenizer<'b> {
        Tokenizer {
            source: source.as_bytes(),
            options: self.options,
            stop: self.stop,
            cur: self.cur,
            line_end: self.line_end,
            line_start: self.line_start,
            lineno: self.lineno,
            start: self.start,
            buffer_start: self.buffer_start,
            first_lineno: self.first_lineno,
            multi_line_start: self.multi_line_start,
            at_line_start: self.at_line_start,
            blank_line: self.blank_line,
            comment_newline: self.comment_newline,
            pending: self.pending,
            indents: self.indents.clone(),
            brackets: self.brackets.clone(),
            strings: self.strings.clone(),
            warnings: self.warnings.clone(),
            read_past_end: self.read_past_end,
        }
    }

    /// The next token. After the end it is `EndMarker` again; an `ErrorToken` is explained by `stop`.
    pub fn next_token(&mut self) -> Result<Token, TokenError> {
        match self.strings.last() {
            Some(mode) if mode.in_text => self.string_token(),
            _ => self.normal_token(),
        }
    }

    /// Why an `ErrorToken` was returned.
    pub fn stop(&self) -> Stop {
        self.stop
    }

    /// The line that is being read.
    pub fn lineno(&self) -> i32 {
        self.lineno
    }

    /// The warnings so far, taken out.
    pub fn take_warnings(&mut self) -> Vec<Warning> {
        std::mem::take(&mut self.warnings)
    }

    /// The innermost open bracket.
    pub(crate) fn open_bracket(&self) -> Option<Bracket> {
        self.brackets.last().copied()
    }

    /// The column of the reading position, in bytes.
    pub(crate) fn column(&self) -> i32 {
        (self.cur as i64 - self.line_start as i64) as i32
    }

    /// The column of the reading position in what is buffered, in bytes.
    pub(crate) fn buffer_column(&self) -> i32 {
        (self.cur - self.buffer_start) as i32
    }

    /// The current line, with its end.
    pub(crate) fn line(&self) -> &'a [u8] {
        &self.source[self.line_start..self.line_end]
    }

    /// What follows the reading position.
    pub(crate) fn rest(&self) -> &'a [u8] {
        &self.source[self.cur..]
    }

    /// Ends all indented blocks before the next token, as when interactive input ends.
    pub(crate) fn end_blocks(&mut self) {
        self.pending = -(self.indents.len() as i32 - 1);
        self.indents.truncate(1);
    }

    /// Whether the reading position is inside an indented block.
    pub(crate) fn is_indented(&self) -> bool {
        self.indents.len() > 1
    }

    /// Whether an f-string or t-string is open.
    pub(crate) fn is_inside_string(&self) -> bool {
        !self.strings.is_empty()
    }

    /// The next character; `None` at the end.
    pub(super) fn next(&mut self) -> Option<u8> {
        if self.cur == self.line_end {
            if self.stop != Stop::No {
                return None;
            }
            if self.cur == self.source.len() {
                self.stop = Stop::EndOfFile;
                self.read_past_end = true;
                return None;
            }
            if self.start.is_none() {
                self.buffer_start = self.cur;
            }
            self.line_start = self.cur;
            self.lineno += 1;
            let rest = &self.source[self.cur..];
            self.line_end = self.cur + memchr::memchr(b'\n', rest).map_or(rest.len(), |length| length + 1);
        }
        let character = self.source[self.cur];
        self.cur += 1;
        Some(character)
    }

    /// Takes back a character that `next` returned.
    pub(super) fn back(&mut self, character: Option<u8>) {
        if character.is_some() {
            self.cur -= 1;
        }
    }

    /// A token with this text; `None` for tokens that have no place.
    pub(super) fn token(&self, kind: TokenKind, text: Option<(usize, usize)>) -> Token {
        let (lineno, line_start) =
            if kind.is_string() { (self.first_lineno, self.multi_line_start) } else { (self.lineno, self.line_start) };
        let column = |offset: usize, line_start: usize| if offset >= line_start { (offset - line_start) as i32 } else { -1 };
        Token {
            kind,
            start: text.map(|(start, _)| start),
            end: text.map(|(_, end)| end),
            lineno,
            col_offset: text.map_or(-1, |(start, _)| column(start, line_start)),
            end_lineno: self.lineno,
            end_col_offset: text.map_or(-1, |(_, end)| column(end, self.line_start)),
            level: self.brackets.len(),
        }
    }

    /// The token that stands for an error.
    pub(crate) fn error_token(&self) -> Token {
        self.token(TokenKind::ErrorToken, None)
    }

    /// An error token: the tokenizer stops for this reason.
    pub(super) fn stopped(&mut self, stop: Stop) -> Token {
        self.stop = stop;
        self.error_token()
    }
}
