//! The pass over the tree before anything else: docstrings at `-OO`, `__debug__`, `'...' % (...)` as f-strings,
//! signed and complex numbers in patterns, and the warning about jumping out of `finally` (PEP 765).
//!
//! Mirrors `Python/ast_preprocess.c`. Other constant folding happens on instructions.

use std::mem;

use bredli_num::Int;
use bredli_syntax::ast::{
    Arena, Arguments, Comprehension, Constant, Expr, ExprContext, ExprKind, Keyword, Location, MatchCase, Mod, Operator, Pattern,
    PatternKind, Stmt, StmtKind, Tree, TypeParam, TypeParamKind, UnaryOp,
};

use crate::codegen::Warn;
use crate::error::{CompileError, Result, SyntaxWarning, Verdict, syntax_error};
use crate::format::percent_to_fstring;
use crate::future::Future;
use crate::recursion::Recursion;
use crate::tree::docstring;

/// What a statement is directly inside of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Finally,
    Function,
    Loop,
}

struct Preprocessor<'p, 'w, 't> {
    arena: &'t Arena,
    future: &'p Future,
    optimize: u8,
    folding: Folding,
    recursion: Recursion,
    warn: &'p mut Warn<'w>,
    inside: Vec<Inside>,
}

/// Whether constant parts of the tree are computed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Folding {
    /// For compiling, and for the optimised trees of `ast.parse(..., optimize=1)`.
    Fold,
    /// For trees that show the source as it is.
    Keep,
}

/// Preprocess a tree in place.
///
/// # Errors
/// Nesting beyond the bound, or a warning that became an error.
pub fn preprocess(
    tree: &mut Tree<'_>,
    future: &Future,
    optimize: u8,
    folding: Folding,
    recursion: Recursion,
    warn: &mut Warn<'_>,
) -> Result<()> {
    let mut pass = Preprocessor { arena: tree.arena, future, optimize, folding, recursion, warn, inside: Vec::new() };
    match tree.module {
        Mod::Module { body, .. } => pass.body(body),
        Mod::Interactive { body } => pass.statements(body),
        Mod::Expression { body } => pass.expr(body),
        Mod::FunctionType { .. } => Ok(()),
    }
}

impl<'t> Preprocessor<'_, '_, 't> {
    /// The body of a module, class or function.
    fn body(&mut self, body: &mut &'t mut [Stmt<'t>]) -> Result<()> {
        let mut documented = docstring(body).is_some();
        if documented && self.optimize >= 2 {
            remove_docstring(body);
            documented = false;
        }
        self.statements(body)?;
        if !documented
            && docstring(body).is_some()
            && let Some(Stmt { kind: StmtKind::Expr { value }, loc }) = body.first_mut()
        {
            // What was no docstring in the source must not become one.
            let text = mem::replace(value, constant(Constant::None, *loc));
            *value = ExprKind::JoinedStr { values: self.arena.list([text]) }.at(*loc);
        }
        Ok(())
    }

    fn statements(&mut self, body: &mut [Stmt<'t>]) -> Result<()> {
        body.iter_mut().try_for_each(|stmt| self.statement(stmt))
    }

    fn statements_inside(&mut self, inside: Inside, body: &mut [Stmt<'t>]) -> Result<()> {
        self.inside.push(inside);
        self.statements(body)?;
        self.inside.pop();
        Ok(())
    }

    fn check_jump(&mut self, word: &str, loc: Location) -> Result<()> {
        if self.inside.last() != Some(&Inside::Finally) {
            return Ok(());
        }
        let warning = SyntaxWarning { message: format!("'{word}' in a 'finally' block"), loc };
        match (self.warn)(&warning) {
            Verdict::Shown => Ok(()),
            Verdict::Error => Err(syntax_error(warning.message, loc)),
            Verdict::Abort => Err(CompileError::Aborted),
        }
    }

    #[allow(clippy::too_many_lines)]
    fn statement(&mut self, stmt: &mut Stmt<'t>) -> Result<()> {
        self.recursion.check()?;
        let loc = stmt.loc;
        match &mut stmt.kind {
            StmtKind::FunctionDef { args, body, decorator_list, returns, type_params, .. }
            | StmtKind::AsyncFunctionDef { args, body, decorator_list, returns, type_params, .. } => {
                self.type_params(type_params)?;
                self.arguments(args)?;
                self.inside.push(Inside::Function);
                self.body(body)?;
                self.inside.pop();
                self.exprs(decorator_list)?;
                if self.future.annotations() { Ok(()) } else { self.optional(returns) }
            }
            StmtKind::ClassDef { bases, keywords, body, decorator_list, type_params, .. } => {
                self.type_params(type_params)?;
                self.exprs(bases)?;
                self.keywords(keywords)?;
                self.body(body)?;
                self.exprs(decorator_list)
            }
            StmtKind::Return { value } => {
                self.check_jump("return", loc)?;
                value.iter_mut().try_for_each(|value| self.expr(value))
            }
            StmtKind::Delete { targets } => self.exprs(targets),
            StmtKind::Assign { targets, value, .. } => {
                self.exprs(targets)?;
                self.expr(value)
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.expr(target)?;
                self.expr(value)
            }
            StmtKind::AnnAssign { target, annotation, value, .. } => {
                self.expr(target)?;
                if !self.future.annotations() {
                    self.expr(annotation)?;
                }
                self.optional(value)
            }
            StmtKind::TypeAlias { name, type_params, value } => {
                self.expr(name)?;
                self.type_params(type_params)?;
                self.expr(value)
            }
            StmtKind::For { target, iter, body, orelse, .. } | StmtKind::AsyncFor { target, iter, body, orelse, .. } => {
                self.expr(target)?;
                self.expr(iter)?;
                self.statements_inside(Inside::Loop, body)?;
                self.statements(orelse)
            }
            StmtKind::While { test, body, orelse } => {
                self.expr(test)?;
                self.statements_inside(Inside::Loop, body)?;
                self.statements(orelse)
            }
            StmtKind::If { test, body, orelse } => {
                self.expr(test)?;
                self.statements(body)?;
                self.statements(orelse)
            }
            StmtKind::With { items, body, .. } | StmtKind::AsyncWith { items, body, .. } => {
                for item in items.iter_mut() {
                    self.expr(&mut item.context_expr)?;
                    self.optional(&mut item.optional_vars)?;
                }
                self.statements(body)
            }
            StmtKind::Raise { exc: first, cause: second } => {
                self.optional(first)?;
                self.optional(second)
            }
            StmtKind::Try { body, handlers, orelse, finalbody } | StmtKind::TryStar { body, handlers, orelse, finalbody } => {
                self.statements(body)?;
                for handler in handlers.iter_mut() {
                    self.optional(&mut handler.r#type)?;
                    self.statements(handler.body)?;
                }
                self.statements(orelse)?;
                self.statements_inside(Inside::Finally, finalbody)
            }
            StmtKind::Assert { test, msg } => {
                self.expr(test)?;
                self.optional(msg)
            }
            StmtKind::Expr { value } => self.expr(value),
            StmtKind::Match { subject, cases } => {
                self.expr(subject)?;
                cases.iter_mut().try_for_each(|case| self.case(case))
            }
            StmtKind::Break => self.check_jump("break", loc),
            StmtKind::Continue => self.check_jump("continue", loc),
            StmtKind::Import { .. }
            | StmtKind::ImportFrom { .. }
            | StmtKind::Global { .. }
            | StmtKind::Nonlocal { .. }
            | StmtKind::Pass => Ok(()),
        }
    }

    fn type_params(&mut self, params: &mut [TypeParam<'t>]) -> Result<()> {
        for param in params {
            match &mut param.kind {
                TypeParamKind::TypeVar { bound, default_value, .. } => {
                    self.optional(bound)?;
                    self.optional(default_value)?;
                }
                TypeParamKind::ParamSpec { default_value, .. } | TypeParamKind::TypeVarTuple { default_value, .. } => {
                    self.optional(default_value)?;
                }
            }
        }
        Ok(())
    }

    fn arguments(&mut self, args: &mut Arguments<'t>) -> Result<()> {
        if !self.future.annotations() {
            let positional = args.posonlyargs.iter_mut().chain(&mut *args.args).chain(args.vararg.as_deref_mut());
            for arg in positional.chain(&mut *args.kwonlyargs).chain(args.kwarg.as_deref_mut()) {
                self.optional(&mut arg.annotation)?;
            }
        }
        args.kw_defaults.iter_mut().flatten().try_for_each(|default| self.expr(default))?;
        self.exprs(args.defaults)
    }

    fn exprs(&mut self, exprs: &mut [Expr<'t>]) -> Result<()> {
        exprs.iter_mut().try_for_each(|expr| self.expr(expr))
    }

    fn optional(&mut self, expr: &mut Option<&'t mut Expr<'t>>) -> Result<()> {
        expr.as_mut().map_or(Ok(()), |expr| self.expr(expr))
    }

    fn keywords(&mut self, keywords: &mut [Keyword<'t>]) -> Result<()> {
        keywords.iter_mut().try_for_each(|keyword| self.expr(&mut keyword.value))
    }

    fn generators(&mut self, generators: &mut [Comprehension<'t>]) -> Result<()> {
        for generator in generators {
            self.expr(&mut generator.target)?;
            self.expr(&mut generator.iter)?;
            self.exprs(generator.ifs)?;
        }
        Ok(())
    }

    fn expr(&mut self, expr: &mut Expr<'t>) -> Result<()> {
        self.recursion.check()?;
        let loc = expr.loc;
        match &mut expr.kind {
            ExprKind::BoolOp { values, .. } | ExprKind::JoinedStr { values } | ExprKind::TemplateStr { values } => self.exprs(values),
            ExprKind::BinOp { left, right, op } => {
                self.expr(left)?;
                self.expr(right)?;
                if *op == Operator::Mod
                    && self.folding == Folding::Fold
                    && let Some(values) = percent_to_fstring(left, right, self.arena)
                {
                    *expr = ExprKind::JoinedStr { values }.at(loc);
                }
                Ok(())
            }
            ExprKind::UnaryOp { operand: value, .. }
            | ExprKind::Await { value }
            | ExprKind::YieldFrom { value }
            | ExprKind::Attribute { value, .. }
            | ExprKind::Starred { value, .. }
            | ExprKind::NamedExpr { value, .. } => self.expr(value),
            ExprKind::Lambda { args, body } => {
                self.arguments(args)?;
                self.expr(body)
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.expr(test)?;
                self.expr(body)?;
                self.expr(orelse)
            }
            ExprKind::Dict { keys, values } => {
                keys.iter_mut().flatten().try_for_each(|key| self.expr(key))?;
                self.exprs(values)
            }
            ExprKind::Set { elts } | ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => self.exprs(elts),
            ExprKind::ListComp { elt, generators } | ExprKind::SetComp { elt, generators } | ExprKind::GeneratorExp { elt, generators } => {
                self.expr(elt)?;
                self.generators(generators)
            }
            ExprKind::DictComp { key, value, generators } => {
                self.expr(key)?;
                self.expr(value)?;
                self.generators(generators)
            }
            ExprKind::Yield { value } => self.optional(value),
            ExprKind::Compare { left, comparators, .. } => {
                self.expr(left)?;
                self.exprs(comparators)
            }
            ExprKind::Call { func, args, keywords } => {
                self.expr(func)?;
                self.exprs(args)?;
                self.keywords(keywords)
            }
            ExprKind::FormattedValue { value, format_spec, .. } | ExprKind::Interpolation { value, format_spec, .. } => {
                self.expr(value)?;
                self.optional(format_spec)
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value)?;
                self.expr(slice)
            }
            ExprKind::Slice { lower, upper, step } => {
                self.optional(lower)?;
                self.optional(upper)?;
                self.optional(step)
            }
            ExprKind::Name { id, ctx } => {
                if *ctx == ExprContext::Load && &**id == "__debug__" && self.folding == Folding::Fold {
                    *expr = constant(Constant::Bool(self.optimize == 0), loc);
                }
                Ok(())
            }
            ExprKind::Constant { .. } => Ok(()),
        }
    }

    fn case(&mut self, case: &mut MatchCase<'t>) -> Result<()> {
        self.pattern(&mut case.pattern)?;
        self.optional(&mut case.guard)?;
        self.statements(case.body)
    }

    fn fold_numbers(&self, exprs: &mut [Expr<'t>]) {
        if self.folding == Folding::Fold {
            exprs.iter_mut().for_each(|expr| fold_number(expr, self.arena));
        }
    }

    fn patterns(&mut self, patterns: &mut [Pattern<'t>]) -> Result<()> {
        patterns.iter_mut().try_for_each(|pattern| self.pattern(pattern))
    }

    fn pattern(&mut self, pattern: &mut Pattern<'t>) -> Result<()> {
        self.recursion.check()?;
        match &mut pattern.kind {
            PatternKind::MatchValue { value } => {
                self.fold_numbers(std::slice::from_mut(value));
                Ok(())
            }
            PatternKind::MatchSingleton { .. } | PatternKind::MatchStar { .. } => Ok(()),
            PatternKind::MatchSequence { patterns } | PatternKind::MatchOr { patterns } => self.patterns(patterns),
            PatternKind::MatchMapping { keys, patterns, .. } => {
                self.fold_numbers(keys);
                self.patterns(patterns)
            }
            PatternKind::MatchClass { cls, patterns, kwd_patterns, .. } => {
                self.expr(cls)?;
                self.patterns(patterns)?;
                self.patterns(kwd_patterns)
            }
            PatternKind::MatchAs { pattern, .. } => pattern.as_mut().map_or(Ok(()), |pattern| self.pattern(pattern)),
        }
    }
}

fn constant(value: Constant, loc: Location) -> Expr {
    ExprKind::Constant { value, kind: None }.at(loc)
}

/// Remove the docstring; a body of nothing else becomes `pass`.
fn remove_docstring(body: &mut &mut [Stmt<'_>]) {
    if let [only] = &mut body[..] {
        let loc = only.loc;
        *only = StmtKind::Pass.at(Location { end_lineno: loc.lineno, end_col_offset: loc.col_offset + 4, ..loc });
    } else {
        *body = &mut mem::take(body)[1..];
    }
}

/// Make `-1`, `1 + 2j` and the like in a pattern constants.
fn fold_number<'t>(expr: &mut Expr<'t>, arena: &'t Arena) {
    let folded = match &mut expr.kind {
        ExprKind::UnaryOp { op: UnaryOp::USub, operand } => match &operand.kind {
            ExprKind::Constant { value, .. } => negated(*value, arena),
            _ => None,
        },
        ExprKind::BinOp { left, op: op @ (Operator::Add | Operator::Sub), right } => {
            let ExprKind::Constant { value: Constant::Complex { real, imag }, .. } = right.kind else { return };
            fold_number(left, arena);
            let sign = if *op == Operator::Add { 1.0 } else { -1.0 };
            match &left.kind {
                ExprKind::Constant { value: Constant::Complex { real: a, imag: b }, .. } => {
                    Some(Constant::Complex { real: a + sign * real, imag: b + sign * imag })
                }
                // A real operand leaves the imaginary part as it is, with the sign of its zero.
                ExprKind::Constant { value, .. } => {
                    as_float(*value).map(|left| Constant::Complex { real: left + sign * real, imag: if sign > 0.0 { imag } else { -imag } })
                }
                _ => None,
            }
        }
        _ => None,
    };
    if let Some(value) = folded {
        *expr = constant(value, expr.loc);
    }
}

fn negated<'t>(value: Constant<'t>, arena: &'t Arena) -> Option<Constant<'t>> {
    Some(match value {
        Constant::Int { negative, magnitude } => Constant::Int { negative: !negative && !magnitude.is_empty(), magnitude },
        Constant::Bool(true) => arena.int(Int::new(true, &[1])),
        Constant::Bool(false) => arena.int(Int::ZERO),
        Constant::Float(value) => Constant::Float(-value),
        Constant::Complex { real, imag } => Constant::Complex { real: -real, imag: -imag },
        _ => return None,
    })
}

fn as_float(value: Constant<'_>) -> Option<f64> {
    match value {
        Constant::Int { negative, magnitude } => {
            Int::new(negative, magnitude).to_bigint().to_string().parse().ok().filter(|value: &f64| value.is_finite())
        }
        Constant::Bool(value) => Some(f64::from(u8::from(value))),
        Constant::Float(value) => Some(value),
        _ => None,
    }
}
