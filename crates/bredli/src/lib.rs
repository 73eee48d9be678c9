//! Bredli for embedders: a Python interpreter inside a Rust program.
//!
//! This crate wires the parts together and re-exports what an embedder names.

mod ast;
pub mod config;
mod frontend;
mod interpreter;
mod library;
mod symtable;
mod tokenize;

pub use bredli_host as host;
pub use config::Config;
pub use frontend::Compiler;
pub use interpreter::Interpreter;
