//! The door to the compiler, which the runtime does not depend on.

use crate::{Py, Result};
use bredli_code::CodeObject;
use bredli_heap::Value;
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

/// Compiles for the runtime. Errors and warnings are raised as Python exceptions and warnings.
pub trait Frontend: Send + Sync {
    /// Source text to a code object.
    fn compile(&self, py: &mut Py, request: CompileRequest<'_>) -> Result<Arc<CodeObject>>;
    /// Source text to `_ast` objects.
    fn parse(&self, py: &mut Py, request: CompileRequest<'_>) -> Result<Value>;
    /// `_ast` objects to a code object.
    fn compile_tree(&self, py: &mut Py, tree: Value, request: CompileRequest<'_>) -> Result<Arc<CodeObject>>;
}
