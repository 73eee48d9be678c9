//! The way from a syntax tree to a code object: future features, preprocessing, symbol table, code generation.

use bredli_code::CodeObject;
use bredli_syntax::ast::Tree;
use bredli_syntax::with_stack;
use bredli_text::Wtf8Buf;

use crate::codegen::{Input, Warn, generate};
use crate::error::{Result, Verdict};
use crate::future::Future;
use crate::preprocess::{Folding, preprocess};
use crate::recursion::Recursion;
use crate::symtable::Symtable;

/// How to compile.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The level of `-O`: 0, 1 or 2.
    pub optimize: u8,
    /// The `CO_FUTURE_*` flags to inherit, and those for the compiler.
    pub flags: u32,
}

/// The depth up to which a tree is compiled; the same stack per level as the parser has suffices.
const MAX_DEPTH: usize = 10_000;

/// Compile a module, expression or interactive statement.
///
/// # Errors
/// Whatever makes the program invalid beyond its syntax, or nesting that exceeds the stack.
pub fn compile(tree: Tree<'_>, filename: &Wtf8Buf, options: Options, warn: &mut Warn<'_>) -> Result<CodeObject> {
    with_stack_for(tree.depth, |recursion| compile_here(tree, filename, options, recursion, warn))
}

fn compile_here(mut tree: Tree<'_>, filename: &Wtf8Buf, options: Options, recursion: Recursion, warn: &mut Warn<'_>) -> Result<CodeObject> {
    let (table, future) = prepared(&mut tree, options, recursion, warn)?;
    generate(tree.module, Input { table, filename, future, optimize: options.optimize, warn, recursion })
}

/// What comes before code generation: the tree is preprocessed and has a symbol table.
pub(crate) fn prepared(tree: &mut Tree<'_>, options: Options, recursion: Recursion, warn: &mut Warn<'_>) -> Result<(Symtable, Future)> {
    let future = Future::of(tree.module, options.flags)?;
    preprocess(tree, &future, options.optimize, Folding::Fold, recursion, warn)?;
    Ok((Symtable::build(tree.module, &future, recursion)?, future))
}

/// Preprocess the tree that `ast.parse` or `compile(..., PyCF_ONLY_AST)` returns. Warnings are left to its compilation.
///
/// # Errors
/// An unknown future feature, or nesting that exceeds the stack.
pub fn preprocess_tree(tree: &mut Tree<'_>, options: Options, folding: Folding) -> Result<()> {
    with_stack_for(tree.depth, |recursion| {
        let future = Future::of(tree.module, options.flags)?;
        preprocess(tree, &future, options.optimize, folding, recursion, &mut |_| Verdict::Shown)
    })
}

/// The symbol table of a module as the parser left it, as Python's `symtable` shows it.
///
/// # Errors
/// A misuse of names, or nesting that exceeds the stack.
pub fn symtable(tree: &Tree<'_>, options: Options) -> Result<Symtable> {
    with_stack_for(tree.depth, |recursion| {
        let future = Future::of(tree.module, options.flags)?;
        Symtable::build(tree.module, &future, recursion)
    })
}

/// Walk a tree of this depth with as much stack as it needs, within bounds.
pub(crate) fn with_stack_for<T>(depth: usize, walk: impl FnOnce(Recursion) -> T) -> T {
    let depth = depth.min(MAX_DEPTH);
    with_stack(depth, || walk(Recursion::new(depth * 7 * 1024 + (1 << 19))))
}
