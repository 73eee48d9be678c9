//! The compiler: from syntax trees to code objects, as CPython 3.14 compiles them.

pub mod instruction;
pub mod unit;
