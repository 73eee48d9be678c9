//! The door to the compiler, which the runtime does not depend on.

use crate::buffer::BytesLike;
use crate::object::Str;
use crate::{Py, Result, raise};
use bredli_code::CodeObject;
use bredli_heap::{Gc, Value};
use std::sync::Arc;

/// What `compile` makes of its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompileMode {
    /// A module.
    Exec,
    /// One expression.
    Eval,
    /// One interactive statement.
    Single,
    /// A function signature comment (AST only).
    FunctionType,
}

/// A request to compile source text.
pub struct CompileRequest<'a> {
    /// The source as bytes (`str` sources are UTF-8, with `PyCF_IGNORE_COOKIE`).
    pub source: &'a [u8],
    /// `co_filename`
    pub filename: &'a str,
    /// What to compile.
    pub mode: CompileMode,
    /// Compiler flags and future features, as CPython's `PyCF_*` and `CO_FUTURE_*`.
    pub flags: u32,
    /// 0, 1 or 2.
    pub optimize: u8,
    /// The minor version to be compatible with; -1: the current one.
    pub feature_version: i32,
}

/// Compiles for the runtime, and has the shell that compiles what is typed. Errors and warnings are raised as Python exceptions and warnings.
pub trait Frontend: Send + Sync {
    /// Source text to a code object.
    fn compile(&self, py: &mut Py, request: CompileRequest<'_>) -> Result<Arc<CodeObject>>;
    /// Source text to `_ast` objects.
    fn parse(&self, py: &mut Py, request: CompileRequest<'_>) -> Result<Value>;
    /// Whether a value is an `_ast` object.
    fn is_tree(&self, py: &mut Py, value: Value) -> bool;
    /// `_ast` objects to a code object.
    fn compile_tree(&self, py: &mut Py, tree: Value, request: CompileRequest<'_>) -> Result<Arc<CodeObject>>;
    /// `_ast` objects to those for what the compiler would make of the tree before it generates code.
    fn optimize_tree(&self, py: &mut Py, tree: Value, request: CompileRequest<'_>) -> Result<Value>;
    /// Runs statements from standard input as they come, without line editing, until its end.
    fn run_shell(&self, py: &mut Py) -> Result<()>;
}

/// The bits of `CompileRequest::flags` besides future features, named as CPython's `PyCF_*`.
pub mod source_flag {
    /// The source is UTF-8 whatever it says.
    pub const IGNORE_COOKIE: u32 = 0x0800;
    /// The end of interactive input does not end an indented block.
    pub const DONT_IMPLY_DEDENT: u32 = 0x0200;
    /// `compile` returns a tree.
    pub const ONLY_AST: u32 = 0x0400;
    /// The tree keeps type comments.
    pub const TYPE_COMMENTS: u32 = 0x1000;
    /// `await` may stand outside of functions.
    pub const ALLOW_TOP_LEVEL_AWAIT: u32 = 0x2000;
    /// Input that only lacks its end raises `_IncompleteInputError`.
    pub const ALLOW_INCOMPLETE_INPUT: u32 = 0x4000;
    /// `compile` returns the tree that code would be generated from.
    pub const OPTIMIZED_AST: u32 = 0x8000 | ONLY_AST;
    /// The future features of code objects and callers that hold for what they compile.
    pub const FUTURES: u32 = 0x1FE_0000;
    /// `from __future__ import barry_as_FLUFL`.
    pub const BARRY_AS_FLUFL: u32 = 0x40_0000;
    /// Whatever `compile` accepts, `PyCF_SOURCE_IS_UTF8` and `CO_NESTED` included.
    pub const KNOWN: u32 = 0x0110
        | IGNORE_COOKIE
        | DONT_IMPLY_DEDENT
        | TYPE_COMMENTS
        | ALLOW_TOP_LEVEL_AWAIT
        | ALLOW_INCOMPLETE_INPUT
        | OPTIMIZED_AST
        | FUTURES;
}

impl Py {
    /// The text of the source argument of a function, and the flag which says that it has no coding cookie.
    pub fn source_bytes(&mut self, source: Value, function: &str, what: &str) -> Result<(Vec<u8>, u32)> {
        let (bytes, flag) = if let Some(text) = Gc::<Str>::cast(self, source) {
            if text.get(self).to_str().is_none() {
                return Err(self.surrogates_not_allowed(text));
            }
            (text.get(self).bytes().to_vec(), source_flag::IGNORE_COOKIE)
        } else if let Some(bytes) = BytesLike::try_new(self, source)? {
            (bytes.get(self).to_vec(), 0)
        } else {
            raise!(self, TypeError, "{function}() arg 1 must be a {what} object");
        };
        if memchr::memchr(0, &bytes).is_some() {
            raise!(self, SyntaxError, "source code string cannot contain null bytes");
        }
        Ok((bytes, flag))
    }
}
