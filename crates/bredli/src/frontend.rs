//! The compiler as the runtime sees it: parse and compile, with errors and warnings raised as Python's.

use bredli_code::CodeObject;
use bredli_compile::{CompileError, Options, SyntaxWarning, Verdict};
use bredli_heap::Value;
use bredli_runtime::prelude::*;
use bredli_runtime::{CompileMode, CompileRequest};
use bredli_syntax::{Mode, SyntaxError};
use bredli_text::Wtf8Buf;
use std::sync::Arc;

const IGNORE_COOKIE: u32 = 0x0800;
const DONT_IMPLY_DEDENT: u32 = 0x0200;
const TYPE_COMMENTS: u32 = 0x1000;
const ALLOW_INCOMPLETE: u32 = 0x4000;
const BARRY_AS_FLUFL: u32 = 0x40_0000;

/// Bredli's compiler.
pub struct Compiler;

impl Compiler {
    fn tree(&self, py: &mut Py, request: &CompileRequest<'_>) -> Result<bredli_syntax::Parsed> {
        let options = bredli_syntax::Options {
            mode: match request.mode {
                CompileMode::Exec => Mode::Exec,
                CompileMode::Eval => Mode::Eval,
                CompileMode::Single => Mode::Single,
                CompileMode::FunctionType => Mode::FuncType,
            },
            filename: request.filename.to_string(),
            feature_version: if request.feature_version < 0 { 14 } else { request.feature_version as u8 },
            type_comments: request.flags & TYPE_COMMENTS != 0,
            allow_incomplete_input: request.flags & ALLOW_INCOMPLETE != 0,
            dont_imply_dedent: request.flags & DONT_IMPLY_DEDENT != 0,
            barry_as_flufl: request.flags & BARRY_AS_FLUFL != 0,
            ..bredli_syntax::Options::default()
        };
        let parsed = match std::str::from_utf8(request.source) {
            Ok(text) if request.flags & IGNORE_COOKIE != 0 => bredli_syntax::parse(text, &options),
            _ => bredli_syntax::parse_bytes(request.source, &options, &mut |_, name| {
                Err(format!("unknown encoding: {}", String::from_utf8_lossy(name)))
            }),
        };
        match parsed {
            Ok(parsed) => Ok(parsed),
            Err(error) => Err(raise_syntax_error(py, &error)),
        }
    }
}

impl bredli_runtime::Frontend for Compiler {
    fn compile(&self, py: &mut Py, request: CompileRequest<'_>) -> Result<Arc<CodeObject>> {
        let parsed = self.tree(py, &request)?;
        let options = Options { optimize: request.optimize, flags: request.flags, depth: parsed.depth };
        let filename = Wtf8Buf::from(request.filename);
        let mut warnings: Vec<SyntaxWarning> = Vec::new();
        let mut warn = |warning: &SyntaxWarning| {
            warnings.push(warning.clone());
            Verdict::Shown
        };
        match bredli_compile::compile(parsed.tree, &filename, options, &mut warn) {
            Ok(code) => {
                for warning in parsed.warnings {
                    py.warn_syntax(&warning.msg, request.filename, warning.lineno)?;
                }
                for warning in warnings {
                    py.warn_syntax(&warning.message, request.filename, warning.loc.lineno)?;
                }
                Ok(Arc::new(code))
            }
            Err(CompileError::Syntax { message, loc }) => {
                let error = CompileError::Syntax { message, loc }.syntax_error(request.filename).expect("a syntax error");
                let error = SyntaxError { text: line_of(request.source, error.lineno), ..error };
                Err(raise_syntax_error(py, &error))
            }
            Err(CompileError::Recursion) => {
                raise!(py, RecursionError, "maximum recursion depth exceeded during compilation")
            }
            Err(CompileError::Aborted) => Err(Raised),
            Err(CompileError::Internal(text)) => raise!(py, SystemError, "{text}"),
        }
    }

    fn parse(&self, py: &mut Py, request: CompileRequest<'_>) -> Result<Value> {
        let _ = self.tree(py, &request)?;
        raise!(py, NotImplementedError, "syntax trees as objects are not there yet")
    }

    fn compile_tree(&self, py: &mut Py, tree: Value, request: CompileRequest<'_>) -> Result<Arc<CodeObject>> {
        let _ = (tree, request);
        raise!(py, NotImplementedError, "syntax trees as objects are not there yet")
    }
}

fn line_of(source: &[u8], line: i32) -> Option<String> {
    let text = String::from_utf8_lossy(source);
    let line = text.split_inclusive('\n').nth(usize::try_from(line).ok()?.checked_sub(1)?)?;
    Some(line.to_string())
}

/// Raise a SyntaxError with its details.
pub fn raise_syntax_error(py: &mut Py, error: &SyntaxError) -> Raised {
    py.raise_syntax_error(
        error.kind.class_name(),
        &error.msg,
        &error.filename,
        (error.lineno, error.offset, error.end_lineno, error.end_offset),
        error.text.as_deref(),
    )
}
