//! The compiler: from syntax trees to code objects, as CPython 3.14 compiles them.
#![forbid(unsafe_code)]

mod assemble;
mod codegen;
mod constant;
mod driver;
mod error;
mod flowgraph;
mod format;
mod future;
pub mod instruction;
mod names;
mod preprocess;
mod recursion;
pub mod symtable;
mod tree;
pub mod unit;
mod unparse;

pub use codegen::Warn;
pub use driver::{Options, compile};
pub use error::{CompileError, Result, SyntaxWarning, Verdict};
pub use future::Future;
pub use names::{Name, Names, OrderedNames};
pub use recursion::Recursion;
pub use unparse::unparse;
