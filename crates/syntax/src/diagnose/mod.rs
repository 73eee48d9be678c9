//! The second reading of a source that the fast parser refused: finds CPython's message and position.
//!
//! As in CPython (`Parser/pegen.c`) the grammar is matched twice, the second time with rules for frequent mistakes, and
//! errors that the tokenizer finds in the rest of the source go before the parser's.

mod actions;
mod grammar;
mod node;
mod parser;
mod report;

use crate::error::SyntaxError;
use crate::parse::Options;
use crate::source::Source;

/// A native stack for the deepest nesting that the grammar's limit allows.
const STACK: usize = 64 << 20;

/// The error that CPython reports for this source; `None` when its grammar accepts it.
pub(crate) fn run(source: &Source, options: &Options) -> Option<SyntaxError> {
    check(source, options).err()
}

/// Whether CPython's grammar accepts a source. Where `from __future__ import barry_as_FLUFL` is in force, the offsets of
/// its `<>` operators are returned.
pub(crate) fn check(source: &Source, options: &Options) -> Result<Vec<usize>, SyntaxError> {
    stacker::grow(STACK, || report::diagnose(parser::Parser::new(source, options))).map_err(|error| *error)
}
