//! `parse`: source to tree. The fast parser does the work; only what it refuses is read again to be diagnosed.

use ruff_python_parser::{Mode as RuffMode, ParseOptions, Parsed as Ruff};

use crate::ast::Mod;
use crate::convert::Converter;
use crate::diagnose;
use crate::error::{SyntaxError, Warning};
use crate::nesting::{self, Nesting};
use crate::source::{self, Source};

/// What a source is to be read as: the `mode` of Python's `compile`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// `exec`: a file.
    #[default]
    Exec,
    /// `eval`: an expression.
    Eval,
    /// `single`: one interactive statement.
    Single,
    /// `func_type`: the signature in a type comment.
    FuncType,
}

/// How to read a source.
#[derive(Clone, Debug)]
pub struct Options {
    /// What to read.
    pub mode: Mode,
    /// The name for error messages.
    pub filename: String,
    /// The minor version of the Python to be compatible with.
    pub feature_version: u8,
    /// Whether type comments are kept in the tree.
    pub type_comments: bool,
    /// `PyCF_ALLOW_INCOMPLETE_INPUT`: tell input that only lacks its end by `ErrorKind::IncompleteInput`.
    pub allow_incomplete_input: bool,
    /// `PyCF_DONT_IMPLY_DEDENT`: the end of interactive input does not end an indented block.
    pub dont_imply_dedent: bool,
    /// `from __future__ import barry_as_FLUFL` is in force: `<>` instead of `!=`.
    pub barry_as_flufl: bool,
    /// The limit of `sys.set_int_max_str_digits`; 0 is no limit.
    pub max_int_digits: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            mode: Mode::Exec,
            filename: "<string>".to_owned(),
            feature_version: 14,
            type_comments: false,
            allow_incomplete_input: false,
            dont_imply_dedent: false,
            barry_as_flufl: false,
            max_int_digits: 4300,
        }
    }
}

/// A parsed source.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The tree.
    pub tree: Mod,
    /// The warnings, in source order.
    pub warnings: Vec<Warning>,
    /// An upper bound of the tree's depth, for `with_stack`.
    pub depth: usize,
}

/// The tree of a source that is decoded already: an encoding declaration has no effect.
pub fn parse(text: &str, options: &Options) -> Result<Parsed, SyntaxError> {
    let source = Source::from_text(text, &options.filename)?;
    parse_source(&source, options)
}

/// The tree of a source as it stands in a file: decoded by its byte order mark or encoding declaration.
/// `decode` is asked for encodings other than UTF-8 and Latin-1.
pub fn parse_bytes(bytes: &[u8], options: &Options, decode: source::Decode) -> Result<Parsed, SyntaxError> {
    let source = Source::from_bytes(bytes, &options.filename, decode)?;
    parse_source(&source, options)
}

fn parse_source(source: &Source, options: &Options) -> Result<Parsed, SyntaxError> {
    let joking = options.barry_as_flufl || memchr::memmem::find(source.text().as_bytes(), b"barry_as_FLUFL").is_some();
    if joking || options.mode == Mode::Single {
        let old_operators = diagnose::check(source, options)?;
        if !old_operators.is_empty() {
            return parse_checked(&source.with_operators(&old_operators, "!="), options);
        }
    }
    parse_checked(source, options)
}

fn parse_checked(source: &Source, options: &Options) -> Result<Parsed, SyntaxError> {
    let mode = match options.mode {
        Mode::Exec | Mode::Single => RuffMode::Module,
        Mode::Eval | Mode::FuncType => RuffMode::Expression,
    };
    let version = ruff_python_ast::PythonVersion { major: 3, minor: options.feature_version };
    let parsed = ruff_python_parser::parse_unchecked(source.text(), ParseOptions::from(mode).with_target_version(version));
    let nesting = nesting::measure(parsed.tokens());
    nesting::with_stack(nesting.depth, move || convert(source, options, parsed, nesting))
}

/// Our tree from that of the fast parser, which is dropped here, on a sufficient stack.
fn convert(source: &Source, options: &Options, parsed: Ruff<ruff_python_ast::Mod>, nesting: Nesting) -> Result<Parsed, SyntaxError> {
    if (parsed.has_syntax_errors() || nesting.exceeds_tokenizer())
        && let Some(error) = diagnose::run(source, options)
    {
        return Err(error);
    }
    if let Some(error) = nesting.error(source) {
        return Err(error);
    }
    if let Some(error) = parsed.errors().first() {
        return Err(source.error_at(u32::from(error.location.start()), "invalid syntax"));
    }
    let interactive = options.mode == Mode::Single;
    match Converter::new(source.text(), options.max_int_digits).module(parsed.syntax(), interactive) {
        Ok((tree, warnings)) => Ok(Parsed { tree, warnings, depth: nesting.depth }),
        // The diagnosis knows CPython's position.
        Err(error) => Err(diagnose::run(source, options).unwrap_or_else(|| source.error_in(error.loc, &error.msg))),
    }
}
