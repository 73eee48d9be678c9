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
pub mod stages;
mod symtable;
mod tree;
pub mod unit;
mod unparse;
mod validate;

pub use codegen::Warn;
pub use constant::to_const;
pub use driver::{Options, compile, preprocess_tree, symtable};
pub use error::{CompileError, Result, SyntaxWarning, Verdict};
pub use names::{Name, Names, OrderedNames};
pub use preprocess::Folding;
pub use symtable::{Block, BlockId, BlockKind, Comprehension, Symbols, Symtable, flag as symbol_flag, scope_of};
pub use unparse::unparse;
pub use validate::{InvalidTree, validate};
