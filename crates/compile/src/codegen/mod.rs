//! Code generation: from a syntax tree and its symbol table to instruction sequences, one per code object.
//!
//! Mirrors `Python/codegen.c` and the scope handling of `Python/compile.c`. What comes out is not optimised yet:
//! `flowgraph` and `assemble` turn each sequence into a code object when its scope is closed.

mod annotations;
mod assign;
mod call;
mod checks;
mod class;
mod comprehension;
mod display;
mod emit;
mod expression;
mod frame_block;
mod function;
mod handlers;
mod import;
mod loops;
mod name;
mod pattern;
mod statement;
mod type_params;
mod unit;
mod with;

use bredli_code::CodeObject;
use bredli_syntax::ast::{Location, Mod, Stmt};
use bredli_text::Wtf8Buf;

use crate::assemble::Storage;
use crate::constant::clean_docstring;
use crate::error::{CompileError, Result, SyntaxWarning, Verdict, syntax_error};
use crate::flowgraph::Graph;
use crate::future::Future;
use crate::names::Name;
use crate::recursion::Recursion;
use crate::stages::Sequences;
use crate::symtable::{Block, Role, Symtable, key};
use crate::tree::NO_LOCATION;
use bredli_code::Opcode;
use unit::{ScopeKind, Unit};

/// What a warning is handed to.
pub type Warn<'w> = dyn FnMut(&SyntaxWarning) -> Verdict + 'w;

/// The state of generating the code of one module.
pub struct Codegen<'a, 'w> {
    table: Symtable,
    filename: &'w Wtf8Buf,
    future: Future,
    optimize: u8,
    interactive: bool,
    /// The code object being generated.
    unit: Box<Unit<'a>>,
    /// The code objects around it, outermost first.
    #[expect(clippy::vec_box, reason = "the unit at hand takes turns with them")]
    outer: Vec<Box<Unit<'a>>>,
    warn: &'w mut Warn<'w>,
    /// Above zero in the second copy of a `finally` body, where warnings would repeat.
    quiet: u32,
    recursion: Recursion,
    /// Lent to one code object after the other.
    graph: Graph,
    storage: Storage,
    /// Those of finished code objects, whose storage is used again.
    #[expect(clippy::vec_box, reason = "the unit at hand takes turns with them")]
    finished: Vec<Box<Unit<'a>>>,
    /// Whether the instructions of inner code objects are kept, for a look at them.
    keeps_sequences: bool,
}

/// What code generation needs besides the tree.
pub struct Input<'w> {
    /// The symbol table of the same tree.
    pub table: Symtable,
    /// `co_filename`
    pub filename: &'w Wtf8Buf,
    /// The features in force.
    pub future: Future,
    /// The level of `-O`.
    pub optimize: u8,
    /// What warnings are handed to.
    pub warn: &'w mut Warn<'w>,
    /// The bound on nesting.
    pub recursion: Recursion,
}

/// Generate the code object of `module`.
///
/// # Errors
/// What only code generation notices, such as `return` outside a function.
pub fn generate<'a>(module: &'a Mod<'a>, input: Input<'_>) -> Result<CodeObject> {
    let mut codegen = Codegen::new(module, input)?;
    codegen.module(module)?;
    codegen.finish()
}

/// Generate the instructions of `module` and all code in it, and describe its own code object.
///
/// # Errors
/// What only code generation notices, such as `return` outside a function.
pub fn generate_sequences<'a>(module: &'a Mod<'a>, input: Input<'_>) -> Result<(crate::unit::Unit, Sequences)> {
    let mut codegen = Codegen::new(module, input)?;
    codegen.keeps_sequences = true;
    codegen.module(module)?;
    let sequences = codegen.kept_sequences();
    Ok((codegen.described(), sequences))
}

impl<'a, 'w> Codegen<'a, 'w> {
    fn new(module: &Mod, input: Input<'w>) -> Result<Codegen<'a, 'w>> {
        let Input { table, filename, future, optimize, warn, recursion } = input;
        let block = table.lookup(key(module, Role::Module)).ok_or(CompileError::Internal("module has no symbols"))?;
        let mut unit = Box::<Unit>::default();
        unit.begin(&table, block, Name::ANON_MODULE, ScopeKind::Module, 1, None);
        unit.qualname = table.names.text(Name::ANON_MODULE).to_string();
        let interactive = matches!(module, Mod::Interactive { .. });
        let (outer, quiet, keeps_sequences) = (Vec::new(), 0, false);
        let (graph, storage, finished) = (Graph::default(), Storage::default(), Vec::new());
        Ok(Codegen {
            table,
            filename,
            future,
            optimize,
            interactive,
            unit,
            outer,
            warn,
            quiet,
            recursion,
            graph,
            storage,
            finished,
            keeps_sequences,
        })
    }
}

impl<'a> Codegen<'a, '_> {
    fn module(&mut self, module: &'a Mod<'a>) -> Result<()> {
        let start = Location { lineno: 0, end_lineno: 1, col_offset: 0, end_col_offset: 0 };
        self.op_arg(Opcode::RESUME, 0, start);
        self.op(Opcode::ANNOTATIONS_PLACEHOLDER, start);
        let mut returns_none = true;
        match module {
            Mod::Module { body, .. } | Mod::Interactive { body } => self.module_body(body)?,
            Mod::Expression { body } => {
                self.expr(body)?;
                returns_none = false;
            }
            Mod::FunctionType { .. } => return Err(CompileError::Internal("a function type is not code")),
        }
        self.end_with_return(returns_none);
        Ok(())
    }

    fn module_body(&mut self, body: &'a [Stmt<'a>]) -> Result<()> {
        let first = Location { lineno: 1, end_lineno: 1, col_offset: 0, end_col_offset: 0 };
        let loc = body.first().map_or(first, |stmt| stmt.loc);
        if self.block().has_conditional_annotations {
            self.op_arg(Opcode::BUILD_SET, 0, loc);
            let index = self.unit.names.add(Name::CONDITIONAL_ANNOTATIONS);
            self.op_arg(Opcode::STORE_NAME, index, loc);
        }
        self.body(body, loc, self.interactive)
    }

    /// The body of a module or class: docstring, statements, annotations.
    fn body(&mut self, body: &'a [Stmt<'a>], loc: Location, interactive: bool) -> Result<()> {
        if self.future.annotations() && self.block().annotations_used {
            self.op(Opcode::SETUP_ANNOTATIONS, loc);
        }
        let Some(first) = body.first() else { return Ok(()) };
        let mut rest = body;
        if !interactive && self.block().has_docstring {
            rest = &body[1..];
            self.docstring(first)?;
        }
        self.statements(rest)?;
        if self.future.annotations() { Ok(()) } else { self.deferred_annotations(loc) }
    }

    /// The block whose code is being generated.
    fn block(&self) -> &Block {
        self.table.block(self.unit.block)
    }

    fn error<T>(&self, message: impl Into<String>, loc: Location) -> Result<T> {
        Err(syntax_error(message.into(), loc))
    }

    fn warning(&mut self, message: String, loc: Location) -> Result<()> {
        if self.quiet > 0 {
            return Ok(());
        }
        let warning = SyntaxWarning { message, loc };
        match (self.warn)(&warning) {
            Verdict::Shown => Ok(()),
            Verdict::Error => Err(syntax_error(warning.message, loc)),
            Verdict::Abort => Err(CompileError::Aborted),
        }
    }

    fn docstring(&mut self, stmt: &'a Stmt<'a>) -> Result<()> {
        let Some(expr) = crate::tree::docstring(std::slice::from_ref(stmt)) else { return Ok(()) };
        let text = clean_docstring(expr);
        self.load_const(text, expr.loc);
        self.store_name(Name::DOC, NO_LOCATION)
    }
}
