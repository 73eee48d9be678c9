//! Source text to syntax tree: the AST of CPython 3.14 and the parser that builds it.
#![forbid(unsafe_code)]

pub mod ast;
