//! The object protocols: operations on any value, as methods of `Py`.
//!
//! Each dispatches through the slots of the operands' classes with CPython's rules and messages. Counterpart: `Objects/abstract.c`.

mod call;
mod compare;
mod container;
mod convert;
mod iteration;
mod number;
mod text;

pub use number::{BinaryOp, UnaryOp};
