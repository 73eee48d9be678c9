//! What parsing can report: the error that ends it and the warnings that do not.

use std::fmt;

/// Which Python exception an error becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// `SyntaxError`
    SyntaxError,
    /// `IndentationError`
    IndentationError,
    /// `TabError`
    TabError,
    /// `_IncompleteInputError`: more lines could make the source valid. Only with `Options::allow_incomplete_input`.
    IncompleteInput,
    /// `MemoryError`: the source is nested too deeply to be parsed.
    MemoryError,
    /// `RecursionError`: the tree is too deep to be compiled.
    RecursionError,
}

impl ErrorKind {
    /// The name of the Python exception class.
    pub fn class_name(self) -> &'static str {
        match self {
            ErrorKind::SyntaxError => "SyntaxError",
            ErrorKind::IndentationError => "IndentationError",
            ErrorKind::TabError => "TabError",
            ErrorKind::IncompleteInput => "_IncompleteInputError",
            ErrorKind::MemoryError => "MemoryError",
            ErrorKind::RecursionError => "RecursionError",
        }
    }
}

/// Why a source is no Python, with everything a `SyntaxError` object shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The exception class.
    pub kind: ErrorKind,
    /// The message.
    pub msg: String,
    /// The file name given in the options.
    pub filename: String,
    /// The line, from 1; 0 when the source as a whole is meant; `UNKNOWN` for `None`, as in the other three numbers.
    pub lineno: i32,
    /// The column in characters, from 1; 0 or -1 as CPython has it when unknown.
    pub offset: i32,
    /// The last line of the offending range.
    pub end_lineno: i32,
    /// The column behind the offending range, in characters from 1.
    pub end_offset: i32,
    /// The text of the line, with its newline; `None` when there is none to show.
    pub text: Option<String>,
    /// What the parser found: the line and column of the last compound statement, other than a function, that it had read; or zeros.
    pub last_statement: Option<(i32, i32)>,
}

impl SyntaxError {
    /// The value of `lineno`, `offset`, `end_lineno` or `end_offset` that Python shows as `None`.
    pub const UNKNOWN: i32 = i32::MIN;
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({}, line {})", self.kind.class_name(), self.msg, self.filename, self.lineno)
    }
}

impl std::error::Error for SyntaxError {}

/// A `SyntaxWarning` that the source deserves. When a filter makes it an error, `lineno`… locate that `SyntaxError`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The message.
    pub msg: String,
    /// The line that the warning names.
    pub lineno: i32,
    /// The token it is about; columns in bytes from 0.
    pub loc: crate::ast::Location,
}
