//! The machine: exec code, the interpreter loop and what both share.

mod code;
mod machine;

pub use code::ExecCode;
pub use machine::Machine;
