//! The way from a syntax tree to a code object: future features, preprocessing, symbol table, code generation.

use bredli_code::CodeObject;
use bredli_syntax::ast::Mod;
use bredli_text::Wtf8Buf;

use crate::codegen::{Input, Warn, generate};
use crate::error::Result;
use crate::future::Future;
use crate::preprocess::preprocess;
use crate::recursion::Recursion;
use crate::symtable::Symtable;

/// How to compile.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The level of `-O`: 0, 1 or 2.
    pub optimize: u8,
    /// The `CO_FUTURE_*` flags to inherit, and those for the compiler.
    pub flags: u32,
    /// How many bytes of native stack the compilation may use.
    pub stack: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options { optimize: 0, flags: 0, stack: 1 << 20 }
    }
}

/// Compile a module, expression or interactive statement.
///
/// # Errors
/// Whatever makes the program invalid beyond its syntax, or nesting that exceeds the stack.
pub fn compile(mut module: Mod, filename: &Wtf8Buf, options: Options, warn: &mut Warn<'_>) -> Result<CodeObject> {
    let recursion = Recursion::new(options.stack);
    let future = Future::of(&module, options.flags)?;
    preprocess(&mut module, &future, options.optimize, recursion, warn)?;
    let table = Symtable::build(&module, &future, recursion)?;
    generate(&module, Input { table, filename, future, optimize: options.optimize, warn, recursion })
}
