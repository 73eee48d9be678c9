//! The compiler: from syntax trees to code objects, as CPython 3.14 compiles them.

mod assemble;
mod flowgraph;
pub mod instruction;
pub mod unit;
