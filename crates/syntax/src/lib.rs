//! Source text to syntax tree: the AST of CPython 3.14 and the parser that builds it.
#![forbid(unsafe_code)]

pub mod ast;
mod convert;
mod diagnose;
mod error;
mod function_type;
mod literal;
mod nesting;
mod parse;
mod source;
pub mod tokenizer;
mod type_comments;

pub use error::{ErrorKind, SyntaxError, Warning};
pub use nesting::with_stack;
pub use parse::{Mode, Options, Parsed, parse, parse_bytes};
pub use source::{Decode, Source};
