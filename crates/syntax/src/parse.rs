//! `parse`: source to tree. The fast parser does the work; only what it refuses is read again to be diagnosed.

use ruff_python_parser::{Mode as RuffMode, ParseOptions, Parsed as Ruff};

use crate::ast::{Arena, Mod, Tree};
use crate::convert::Converter;
use crate::diagnose;
use crate::error::{SyntaxError, Warning};
use crate::function_type;
use crate::nesting::{self, Nesting, with_stack};
use crate::source::{self, Source};
use crate::type_comments::TypeComments;

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
#[derive(Debug)]
pub struct Parsed<'t> {
    /// The tree.
    pub tree: Tree<'t>,
    /// The warnings, in source order.
    pub warnings: Vec<Warning>,
}

/// The tree of a source that is decoded already: an encoding declaration has no effect. The tree lives in `arena`.
pub fn parse<'t>(text: &str, options: &Options, arena: &'t Arena) -> Result<Parsed<'t>, SyntaxError> {
    let source = Source::from_text(text, &options.filename)?;
    parse_source(&source, options, arena)
}

/// The tree of a source as it stands in a file: decoded by its byte order mark or encoding declaration.
/// `decode` is asked for encodings other than UTF-8 and Latin-1.
pub fn parse_bytes<'t>(bytes: &[u8], options: &Options, arena: &'t Arena, decode: source::Decode) -> Result<Parsed<'t>, SyntaxError> {
    let source = Source::from_bytes(bytes, &options.filename, decode)?;
    parse_source(&source, options, arena)
}

fn parse_source<'t>(source: &Source, options: &Options, arena: &'t Arena) -> Result<Parsed<'t>, SyntaxError> {
    let comments = if options.type_comments { TypeComments::of(source, arena) } else { TypeComments::default() };
    let has = |text: &str| memchr::memmem::find(source.text().as_bytes(), text.as_bytes()).is_some();
    let joking = (options.barry_as_flufl || has("barry_as_FLUFL")) && (has("!=") || has("<>"));
    // The fast parser counts a tab as two spaces, CPython as eight and as one.
    let mixed = has("\t") && (has("\n\t") && has("\n ") || has("\t ") || has(" \t"));
    // It looks for nothing behind an expression; to CPython, spaces without a line's end are an indentation.
    let open_line = options.mode == Mode::Eval && source.text_as_given().ends_with([' ', '\t']);
    let by_grammar = matches!(options.mode, Mode::Single | Mode::FuncType) || options.feature_version < Options::default().feature_version;
    let old_operators = match joking || mixed || open_line || by_grammar || comments.needs_check() {
        true => diagnose::check(source, options)?,
        false => Vec::new(),
    };
    if options.mode == Mode::FuncType {
        return parse_function_type(source, options, arena);
    }
    let mut parsed = match old_operators.is_empty() {
        true => parse_checked(source, options, arena)?,
        false => parse_checked(&source.with_operators(&old_operators, "!="), options, arena)?,
    };
    with_stack(parsed.tree.depth, || comments.attach(&mut parsed.tree));
    Ok(parsed)
}

fn parse_checked<'t>(source: &Source, options: &Options, arena: &'t Arena) -> Result<Parsed<'t>, SyntaxError> {
    let mode = match options.mode {
        Mode::Exec | Mode::Single => RuffMode::Module,
        Mode::Eval | Mode::FuncType => RuffMode::Expression,
    };
    let version = ruff_python_ast::PythonVersion { major: 3, minor: options.feature_version };
    let parsed = ruff_python_parser::parse_unchecked(source.text(), ParseOptions::from(mode).with_target_version(version));
    let nesting = nesting::measure(parsed.tokens());
    with_stack(nesting.depth, move || convert(source, options, parsed, nesting, arena))
}

/// Our tree from that of the fast parser, which is dropped here, on a sufficient stack.
fn convert<'t>(
    source: &Source,
    options: &Options,
    parsed: Ruff<ruff_python_ast::Mod>,
    nesting: Nesting,
    arena: &'t Arena,
) -> Result<Parsed<'t>, SyntaxError> {
    // The fast parser ignores a byte order mark, which only files may have.
    let marked = source.text().starts_with('\u{FEFF}');
    if (parsed.has_syntax_errors() || nesting.exceeds_tokenizer() || marked)
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
    match Converter::new(source.text(), arena, options.max_int_digits).module(parsed.into_syntax(), interactive) {
        Ok((module, warnings)) => Ok(Parsed { tree: Tree { module: arena.node(module), depth: nesting.depth, arena }, warnings }),
        // The diagnosis knows CPython's position.
        Err(error) => Err(diagnose::run(source, options).unwrap_or_else(|| source.error_in(error.loc, &error.msg))),
    }
}

/// A signature whose grammar has been checked: its expressions are parsed one by one.
fn parse_function_type<'t>(source: &Source, options: &Options, arena: &'t Arena) -> Result<Parsed<'t>, SyntaxError> {
    let invalid = || source.error_at(0, "invalid syntax");
    let (arguments, returns) = function_type::parts(source).ok_or_else(invalid)?;
    let mut converter = Converter::new(source.text(), arena, options.max_int_digits);
    let mut depth = 0;
    let mut expression = |range| {
        let parsed = ruff_python_parser::parse_parenthesized_expression_range(source.text(), range).map_err(|_| invalid())?;
        let nesting = nesting::measure(parsed.tokens());
        depth = depth.max(nesting.depth);
        with_stack(nesting.depth, || match nesting.error(source) {
            Some(error) => Err(error),
            None => converter.single(parsed.syntax()).map_err(|error| source.error_in(error.loc, &error.msg)),
        })
    };
    let mut arguments = arguments.into_iter();
    let argtypes = arena.try_list(arguments.len(), || expression(arguments.next().expect("as many as its length says")))?;
    let returns = arena.node(expression(returns)?);
    let module = arena.node(Mod::FunctionType { argtypes, returns });
    Ok(Parsed { tree: Tree { module, depth, arena }, warnings: converter.warnings() })
}
