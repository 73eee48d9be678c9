//! The engine of Python's `re`: executes the code arrays that `re._compiler` emits.
//!
//! [`Program::new`] checks a code array and turns it into instructions; a [`Matcher`] runs them over a [`Subject`].
//! The engine keeps its own backtracking stack (bounded, on the malloc heap), never recurses natively, and calls
//! back regularly so that its owner can interrupt or meter it. Parsing patterns is the library's business, and the
//! Python objects (`Pattern`, `Match`) are the runtime's. Mirrors `Modules/_sre`.

mod backtrack;
mod chars;
mod class;
mod code;
mod encoding;
mod execute;
mod first;
mod matcher;
mod program;
mod repeat;
mod scan;
mod search;
mod subject;
mod translate;

pub use chars::{ascii_iscased, ascii_tolower, getlower, unicode_iscased, unicode_tolower};
pub use code::{CODESIZE, MAGIC, MAXGROUPS, MAXREPEAT};
pub use matcher::{Captures, Error, Interrupt, Matcher, Poll, Span};
pub use program::{Draft, Program};
pub use scan::Scan;
pub use subject::{Positions, Subject};
pub use translate::InvalidCode;
