//! Bredli for embedders: a Python interpreter inside a Rust program.
//!
//! This crate wires the parts together and re-exports what an embedder names.

#![allow(clippy::module_inception, reason = "native modules carry their Python names")]

mod ast;
mod finish;
mod frontend;
mod interpreter;
mod library;
mod run;
mod shell;
mod stages;
mod symtable;
mod tokenize;

pub use bredli_host as host;
pub use bredli_runtime::Config;
pub use bredli_runtime::config;
pub use frontend::Compiler;
pub use interpreter::Interpreter;
