//! The compiler as the runtime sees it: parse and compile, with errors and warnings raised as Python's.

use crate::ast;
use bredli_code::CodeObject;
use bredli_compile::{CompileError, Folding, InvalidTree, Options, SyntaxWarning, Verdict};
use bredli_heap::Value;
use bredli_runtime::prelude::*;
use bredli_runtime::{CompileMode, CompileRequest, source_flag};
use bredli_syntax::ast::{Arena, Tree};
use bredli_syntax::{Mode, Parsed, SyntaxError};
use bredli_text::Wtf8Buf;
use std::sync::Arc;

/// Bredli's compiler.
pub struct Compiler;

impl bredli_runtime::Frontend for Compiler {
    fn compile(&self, py: &mut Py, request: CompileRequest<'_>) -> Result<Arc<CodeObject>> {
        let arena = Arena::default();
        let parsed = parsed(py, &request, &arena)?;
        compile(py, &request, parsed.tree)
    }

    fn parse(&self, py: &mut Py, request: CompileRequest<'_>) -> Result<Value> {
        let arena = Arena::default();
        let parsed = parsed(py, &request, &arena)?;
        let folding = if request.flags & source_flag::OPTIMIZED_AST == source_flag::OPTIMIZED_AST { Folding::Fold } else { Folding::Keep };
        preprocessed(py, &request, parsed.tree, folding)
    }

    fn is_tree(&self, py: &mut Py, value: Value) -> bool {
        ast::is_node(py, value)
    }

    fn compile_tree(&self, py: &mut Py, tree: Value, request: CompileRequest<'_>) -> Result<Arc<CodeObject>> {
        let arena = Arena::default();
        let tree = validated(py, tree, &request, &arena)?;
        compile(py, &request, tree)
    }

    fn optimize_tree(&self, py: &mut Py, tree: Value, request: CompileRequest<'_>) -> Result<Value> {
        let arena = Arena::default();
        let tree = validated(py, tree, &request, &arena)?;
        preprocessed(py, &request, tree, Folding::Fold)
    }

    fn run_shell(&self, py: &mut Py) -> Result<()> {
        crate::shell::run_plain(py)
    }
}

/// The tree of a source, in `arena`. The warnings of the parser have been issued.
pub fn parsed<'t>(py: &mut Py, request: &CompileRequest<'_>, arena: &'t Arena) -> Result<Parsed<'t>> {
    let flag = |flag| request.flags & flag != 0;
    let options = bredli_syntax::Options {
        mode: match request.mode {
            CompileMode::Exec => Mode::Exec,
            CompileMode::Eval => Mode::Eval,
            CompileMode::Single => Mode::Single,
            CompileMode::FunctionType => Mode::FuncType,
        },
        filename: request.filename.to_string(),
        feature_version: u8::try_from(request.feature_version).map_or(14, |version| version.min(14)),
        type_comments: flag(source_flag::TYPE_COMMENTS),
        allow_incomplete_input: flag(source_flag::ALLOW_INCOMPLETE_INPUT),
        dont_imply_dedent: flag(source_flag::DONT_IMPLY_DEDENT),
        barry_as_flufl: flag(source_flag::BARRY_AS_FLUFL),
        max_int_digits: py.int_digit_limit,
    };
    let decoded = match flag(source_flag::IGNORE_COOKIE) {
        true => std::str::from_utf8(request.source).ok(),
        false => None,
    };
    let parsed = match decoded {
        Some(text) => bredli_syntax::parse(text, &options, arena),
        None => {
            let mut undecodable = false;
            let parsed = bredli_syntax::parse_bytes(request.source, &options, arena, &mut |encoding, bytes| {
                decode(py, encoding, bytes).map_err(|message| {
                    undecodable = message.is_none();
                    message.unwrap_or_default()
                })
            });
            if undecodable {
                return Err(Raised);
            }
            parsed
        }
    };
    let parsed = parsed.map_err(|error| {
        let raised = raise_syntax_error(py, &error);
        with_metadata(py, raised, &error, request.source)
    })?;
    for warning in &parsed.warnings {
        if py.warn_syntax(&warning.msg, request.filename, warning.lineno).is_err() {
            let message = warning.msg.replace(" Such sequences will not work in the future.", "");
            let error = CompileError::Syntax { message, loc: warning.loc, early: false }.syntax_error(request.filename);
            return Err(warning_as_error(py, error.map(|error| SyntaxError { text: line_of(request.source, error.lineno), ..error })));
        }
    }
    Ok(parsed)
}

/// Decodes a source by the codecs registry. The error is the message of a SyntaxError, or None when another exception is set.
fn decode(py: &mut Py, encoding: &str, bytes: &[u8]) -> std::result::Result<String, Option<String>> {
    let bytes = py.new_bytes(bytes);
    match py.decode_bytes(bytes, encoding, "strict") {
        Ok(text) => match text.get(py).to_str() {
            Some(text) => Ok(text.to_owned()),
            None => {
                let _ = py.surrogates_not_allowed(text);
                Err(None)
            }
        },
        Err(_) if py.exception_matches(py.exceptions.LookupError) || py.exception_matches(py.exceptions.ValueError) => {
            let exception = py.take_exception();
            Err(py.str_text(exception).ok())
        }
        Err(_) => Err(None),
    }
}

/// The tree in objects, as far as the types of their fields go and `validate` finds nothing wrong.
pub fn validated<'t>(py: &mut Py, tree: Value, request: &CompileRequest<'_>, arena: &'t Arena) -> Result<Tree<'t>> {
    let root = match request.mode {
        CompileMode::Exec => "Module",
        CompileMode::Eval => "Expression",
        CompileMode::Single => "Interactive",
        CompileMode::FunctionType => "FunctionType",
    };
    let tree = ast::from_objects(py, tree, root, arena)?;
    match bredli_compile::validate(tree.module, tree.depth) {
        Ok(()) => Ok(tree),
        Err(InvalidTree::Value(text)) => raise!(py, ValueError, "{text}"),
        Err(InvalidTree::Type(text)) => raise!(py, TypeError, "{text}"),
        Err(InvalidTree::Recursion) => raise!(py, RecursionError, "maximum recursion depth exceeded during compilation"),
    }
}

fn compile(py: &mut Py, request: &CompileRequest<'_>, tree: Tree<'_>) -> Result<Arc<CodeObject>> {
    let options = Options { optimize: request.optimize, flags: request.flags };
    let filename = Wtf8Buf::shared(request.filename);
    let mut warnings = Vec::new();
    let outcome = bredli_compile::compile(tree, &filename, options, &mut |warning| {
        warnings.push(warning.clone());
        Verdict::Shown
    });
    issue(py, request, &warnings)?;
    match outcome {
        Ok(code) => Ok(Arc::new(code)),
        Err(error) => Err(raise_compile_error(py, request, error)),
    }
}

/// The objects for a tree that has been preprocessed.
fn preprocessed(py: &mut Py, request: &CompileRequest<'_>, mut tree: Tree<'_>, folding: Folding) -> Result<Value> {
    let options = Options { optimize: request.optimize, flags: request.flags };
    match bredli_compile::preprocess_tree(&mut tree, options, folding) {
        Ok(()) => ast::to_objects(py, tree.module),
        Err(error) => Err(raise_compile_error(py, request, error)),
    }
}

/// Issues the compiler's warnings.
pub fn issue(py: &mut Py, request: &CompileRequest<'_>, warnings: &[SyntaxWarning]) -> Result<()> {
    for warning in warnings {
        if py.warn_syntax(&warning.message, request.filename, warning.loc.lineno).is_err() {
            let error = CompileError::Syntax { message: warning.message.clone(), loc: warning.loc, early: false };
            let error = error.syntax_error(request.filename);
            let error = error.map(|error| SyntaxError { text: line_of_file(py, request.filename, error.lineno), ..error });
            return Err(warning_as_error(py, error));
        }
    }
    Ok(())
}

/// A SyntaxWarning that a filter has made an exception becomes a SyntaxError, which says where.
fn warning_as_error(py: &mut Py, error: Option<SyntaxError>) -> Raised {
    match error {
        Some(error) if py.exception_matches(py.exceptions.SyntaxWarning) => {
            py.clear_exception();
            raise_syntax_error(py, &error)
        }
        _ => Raised,
    }
}

/// Raises what the compiler complains about.
pub fn raise_compile_error(py: &mut Py, request: &CompileRequest<'_>, error: CompileError) -> Raised {
    match error {
        CompileError::Syntax { early, .. } => {
            let error = error.syntax_error(request.filename).expect("a syntax error");
            let text = line_of_file(py, request.filename, error.lineno);
            match early {
                true => py.raise_symbol_error(&error.msg, &error.filename, place(&error), text.as_deref()),
                false => raise_syntax_error(py, &SyntaxError { text, ..error }),
            }
        }
        CompileError::Recursion => error!(py, RecursionError, "maximum recursion depth exceeded during compilation"),
        CompileError::Aborted => Raised,
        CompileError::Internal(text) => error!(py, SystemError, "{text}"),
    }
}

fn line_of(source: &[u8], line: i32) -> Option<String> {
    let text = String::from_utf8_lossy(source);
    let line = text.split_inclusive('\n').nth(usize::try_from(line).ok()?.checked_sub(1)?)?;
    Some(line.to_string())
}

/// A line of the file that is being compiled, if there is such a file.
fn line_of_file(py: &Py, filename: &str, line: i32) -> Option<String> {
    let fd = py.host.open(filename.as_bytes(), 0, 0, None).ok()?;
    let (mut source, mut buffer) = (Vec::new(), vec![0; 1 << 13]);
    let wanted = usize::try_from(line).ok()?;
    while let Ok(count @ 1..) = py.host.read(fd, &mut buffer) {
        source.extend_from_slice(&buffer[..count]);
        if source.iter().filter(|byte| **byte == b'\n').count() >= wanted {
            break;
        }
    }
    let _ = py.host.close(fd);
    line_of(&source, line)
}

/// The SyntaxError that is set, with what `traceback` needs to find mistyped keywords.
fn with_metadata(py: &mut Py, raised: Raised, error: &SyntaxError, source: &[u8]) -> Raised {
    let (Some((line, column)), Ok(source)) = (error.last_statement, std::str::from_utf8(source)) else { return raised };
    let exception = py.take_exception();
    let source = py.new_str(source).into();
    let metadata = py.new_tuple(&[Value::small(line), Value::small(column), source]);
    let name = py.intern("_metadata");
    match py.set_attr(exception, name, Some(metadata.into())) {
        Ok(()) => py.restore_exception(exception),
        Err(raised) => raised,
    }
}

/// Raise a SyntaxError with its details.
pub fn raise_syntax_error(py: &mut Py, error: &SyntaxError) -> Raised {
    py.raise_syntax_error(error.kind.class_name(), &error.msg, &error.filename, place(error), error.text.as_deref())
}

fn place(error: &SyntaxError) -> (i32, i32, i32, i32) {
    (error.lineno, error.offset, error.end_lineno, error.end_offset)
}
