//! The way from a syntax tree to a code object: future features, preprocessing, symbol table, code generation.

use bredli_code::CodeObject;
use bredli_syntax::ast::Mod;
use bredli_syntax::with_stack;
use bredli_text::Wtf8Buf;

use crate::codegen::{Input, Warn, generate};
use crate::error::Result;
use crate::future::Future;
use crate::preprocess::preprocess;
use crate::recursion::Recursion;
use crate::symtable::Symtable;

/// How to compile.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The level of `-O`: 0, 1 or 2.
    pub optimize: u8,
    /// The `CO_FUTURE_*` flags to inherit, and those for the compiler.
    pub flags: u32,
    /// How deep the tree is nested (`bredli_syntax::Parsed::depth`): a deep one gets a stack of its own.
    pub depth: usize,
}

/// The depth up to which a tree is compiled; the same stack per level as the parser has suffices.
const MAX_DEPTH: usize = 10_000;

/// Compile a module, expression or interactive statement.
///
/// # Errors
/// Whatever makes the program invalid beyond its syntax, or nesting that exceeds the stack.
pub fn compile(module: Mod, filename: &Wtf8Buf, options: Options, warn: &mut Warn<'_>) -> Result<CodeObject> {
    with_stack(options.depth.min(MAX_DEPTH), || compile_here(module, filename, options, warn))
}

fn compile_here(mut module: Mod, filename: &Wtf8Buf, options: Options, warn: &mut Warn<'_>) -> Result<CodeObject> {
    let recursion = Recursion::new(stack_budget(options.depth));
    let future = Future::of(&module, options.flags)?;
    preprocess(&mut module, &future, options.optimize, recursion, warn)?;
    let table = Symtable::build(&module, &future, recursion)?;
    generate(&module, Input { table, filename, future, optimize: options.optimize, warn, recursion })
}

/// The symbol table of a module as the parser left it, as Python's `symtable` shows it.
///
/// # Errors
/// A misuse of names, or nesting that exceeds the stack.
pub fn symtable(module: &Mod, options: Options) -> Result<Symtable> {
    with_stack(options.depth.min(MAX_DEPTH), || {
        let future = Future::of(module, options.flags)?;
        Symtable::build(module, &future, Recursion::new(stack_budget(options.depth)))
    })
}

/// How much stack the compilation may use of that which `with_stack` provides.
fn stack_budget(depth: usize) -> usize {
    depth.min(MAX_DEPTH) * 7 * 1024 + (1 << 19)
}
