//! Why a module does not compile, and what is warned about.

use bredli_syntax::ast::Location;
use bredli_syntax::{ErrorKind, SyntaxError};

/// The outcome of a compilation step.
pub type Result<T> = std::result::Result<T, CompileError>;

/// Why a module does not compile.
#[derive(Clone, Debug, PartialEq)]
pub enum CompileError {
    /// SyntaxError with this message at this place.
    Syntax {
        /// The message.
        message: String,
        /// The place.
        loc: Location,
        /// Whether it was found before code generation: the arguments of CPython's exceptions do not tell the place then.
        early: bool,
    },
    /// RecursionError: the source is nested too deeply.
    Recursion,
    /// What received the warnings asked to stop, for a reason of its own.
    Aborted,
    /// SystemError: the tree is one that no parser makes.
    Internal(&'static str),
}

impl CompileError {
    /// The SyntaxError, if it is one, in the file of this name. Its columns are in bytes, as CPython's compiler has them,
    /// and its text, which CPython reads from the file, is missing.
    #[must_use]
    pub fn syntax_error(&self, filename: &str) -> Option<SyntaxError> {
        let CompileError::Syntax { message, loc, .. } = self else { return None };
        Some(SyntaxError {
            kind: ErrorKind::SyntaxError,
            msg: message.clone(),
            filename: filename.to_owned(),
            lineno: loc.lineno,
            offset: loc.col_offset + 1,
            end_lineno: loc.end_lineno,
            end_offset: loc.end_col_offset + 1,
            text: None,
            last_statement: None,
        })
    }
}

pub(crate) fn syntax_error(message: String, loc: Location) -> CompileError {
    CompileError::Syntax { message, loc, early: false }
}

/// What a symbol table cannot be made for, and what future statements are wrong.
pub(crate) fn symbol_error(message: String, loc: Location) -> CompileError {
    CompileError::Syntax { message, loc, early: true }
}

/// A SyntaxWarning.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntaxWarning {
    /// The message.
    pub message: String,
    /// The place.
    pub loc: Location,
}

/// What the receiver of a warning decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Shown,
    /// Make it a SyntaxError.
    Error,
    /// Stop with [`CompileError::Aborted`].
    Abort,
}
