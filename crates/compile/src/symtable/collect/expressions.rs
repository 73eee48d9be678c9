//! Expressions: uses of names, lambdas, comprehensions and assignment expressions.

use bredli_syntax::ast::{Comprehension as Generator, Expr, ExprContext, ExprKind, Identifier, Keyword, Location};

use super::{Collector, check_name};
use crate::error::{Result, symbol_error};
use crate::names::Name;
use crate::symtable::{BlockKind, Comprehension, DEF_COMP_ITER, DEF_GLOBAL, DEF_LOCAL, DEF_NONLOCAL, DEF_PARAM, Role, USE, key};

impl Collector<'_> {
    pub(super) fn keywords(&mut self, keywords: &[Keyword]) -> Result<()> {
        for keyword in keywords {
            if let Some(arg) = &keyword.arg {
                let name = self.intern(arg);
                check_name(name, keyword.loc, ExprContext::Store)?;
            }
        }
        keywords.iter().try_for_each(|keyword| self.expression(&keyword.value))
    }

    pub(super) fn expressions(&mut self, exprs: &[Expr]) -> Result<()> {
        exprs.iter().try_for_each(|expr| self.expression(expr))
    }

    pub(super) fn optional(&mut self, expr: Option<&Expr>) -> Result<()> {
        expr.map_or(Ok(()), |expr| self.expression(expr))
    }

    #[allow(clippy::too_many_lines)]
    pub(super) fn expression(&mut self, expr: &Expr) -> Result<()> {
        self.recursion.check()?;
        match &expr.kind {
            ExprKind::NamedExpr { target, value } => {
                self.forbid_in_annotation("named expression", expr)?;
                self.named_expression(expr, target, value)
            }
            ExprKind::BoolOp { values, .. } | ExprKind::JoinedStr { values } | ExprKind::TemplateStr { values } => self.expressions(values),
            ExprKind::BinOp { left, right, .. } => {
                self.expression(left)?;
                self.expression(right)
            }
            ExprKind::UnaryOp { operand, .. } => self.expression(operand),
            ExprKind::Lambda { args, body } => {
                self.defaults(args)?;
                self.enter(Name::LAMBDA, BlockKind::Function, key(expr, Role::Expression), expr.loc)?;
                self.parameters(args)?;
                self.expression(body)?;
                self.leave();
                Ok(())
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.expression(test)?;
                self.expression(body)?;
                self.expression(orelse)
            }
            ExprKind::Dict { keys, values } => {
                keys.iter().flatten().try_for_each(|key| self.expression(key))?;
                self.expressions(values)
            }
            ExprKind::Set { elts } | ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => self.expressions(elts),
            ExprKind::GeneratorExp { elt, generators } => {
                self.comprehension(expr, Name::GENEXPR, Comprehension::Generator, generators, elt, None)
            }
            ExprKind::ListComp { elt, generators } => self.comprehension(expr, Name::LISTCOMP, Comprehension::List, generators, elt, None),
            ExprKind::SetComp { elt, generators } => self.comprehension(expr, Name::SETCOMP, Comprehension::Set, generators, elt, None),
            ExprKind::DictComp { key, value, generators } => {
                self.comprehension(expr, Name::DICTCOMP, Comprehension::Dict, generators, key, Some(value))
            }
            ExprKind::Yield { value } => self.yielding(expr, value.as_deref()),
            ExprKind::YieldFrom { value } => self.yielding(expr, Some(value)),
            ExprKind::Await { value } => {
                self.forbid_in_annotation("await expression", expr)?;
                if !self.allows_top_level_await() {
                    let block = self.cur();
                    if !block.is_function_like() {
                        return Err(symbol_error("'await' outside function".to_owned(), expr.loc));
                    }
                    if block.comprehension == Comprehension::None && !self.is_async_function() {
                        return Err(symbol_error("'await' outside async function".to_owned(), expr.loc));
                    }
                }
                self.expression(value)?;
                self.cur().coroutine = true;
                Ok(())
            }
            ExprKind::Compare { left, comparators, .. } => {
                self.expression(left)?;
                self.expressions(comparators)
            }
            ExprKind::Call { func, args, keywords } => {
                self.expression(func)?;
                self.expressions(args)?;
                self.keywords(keywords)
            }
            ExprKind::FormattedValue { value, format_spec, .. } | ExprKind::Interpolation { value, format_spec, .. } => {
                self.expression(value)?;
                self.optional(format_spec.as_deref())
            }
            ExprKind::Constant { .. } => Ok(()),
            ExprKind::Attribute { value, attr, ctx } => {
                let name = self.intern(attr);
                check_name(name, expr.loc, *ctx)?;
                self.expression(value)
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.expression(value)?;
                self.expression(slice)
            }
            ExprKind::Starred { value, .. } => self.expression(value),
            ExprKind::Slice { lower, upper, step } => {
                self.optional(lower.as_deref())?;
                self.optional(upper.as_deref())?;
                self.optional(step.as_deref())
            }
            ExprKind::Name { id, ctx } => self.name(id, *ctx, expr.loc),
        }
    }

    pub(super) fn name(&mut self, id: &Identifier, ctx: ExprContext, loc: Location) -> Result<()> {
        if self.cur().in_unevaluated_annotation {
            return Ok(());
        }
        let name = self.intern(id);
        let load = ctx == ExprContext::Load;
        self.add_in_context(name, if load { USE } else { DEF_LOCAL }, loc, ctx)?;
        // `super` needs the cell of the class.
        if load && name == Name::SUPER && self.cur().is_function_like() {
            self.add(Name::CLASS, USE, loc)?;
        }
        Ok(())
    }

    pub(super) fn yielding(&mut self, expr: &Expr, value: Option<&Expr>) -> Result<()> {
        self.forbid_in_annotation("yield expression", expr)?;
        self.optional(value)?;
        let block = self.cur();
        block.generator = true;
        let place = match block.comprehension {
            Comprehension::None => return Ok(()),
            Comprehension::List => "list comprehension",
            Comprehension::Set => "set comprehension",
            Comprehension::Dict => "dict comprehension",
            Comprehension::Generator => "generator expression",
        };
        Err(symbol_error(format!("'yield' inside {place}"), expr.loc))
    }

    pub(super) fn forbid_in_annotation(&mut self, what: &str, expr: &Expr) -> Result<()> {
        let block = self.cur();
        let place = match block.kind {
            BlockKind::Annotation => "an annotation",
            BlockKind::TypeVariable => block.scope_info,
            BlockKind::TypeAlias => "a type alias",
            BlockKind::TypeParameters => "the definition of a generic",
            BlockKind::Function | BlockKind::Class | BlockKind::Module => return Ok(()),
        };
        Err(symbol_error(format!("{what} cannot be used within {place}"), expr.loc))
    }

    pub(super) fn named_expression(&mut self, expr: &Expr, target: &Expr, value: &Expr) -> Result<()> {
        if self.cur().comp_iter_expr > 0 {
            let message = "assignment expression cannot be used in a comprehension iterable expression";
            return Err(symbol_error(message.to_owned(), expr.loc));
        }
        if self.cur().comprehension != Comprehension::None {
            self.bind_outside_comprehension(target)?;
        }
        self.expression(value)?;
        self.expression(target)
    }

    /// A walrus inside a comprehension binds in the nearest enclosing function or module.
    pub(super) fn bind_outside_comprehension(&mut self, target: &Expr) -> Result<()> {
        let ExprKind::Name { id, .. } = &target.kind else { return Ok(()) };
        let name = self.intern(id);
        let loc = target.loc;
        for position in (0..self.stack.len()).rev() {
            let id = self.stack[position];
            if self.table.block(id).comprehension != Comprehension::None {
                let flags = self.lookup_in(id, name);
                if flags & DEF_COMP_ITER != 0 && flags & DEF_LOCAL != 0 {
                    let message = format!("assignment expression cannot rebind comprehension iteration variable '{}'", self.text(name));
                    return Err(symbol_error(message, loc));
                }
                continue;
            }
            let within = match self.table.block(id).kind {
                BlockKind::Function => {
                    let global = self.lookup_in(id, name) & DEF_GLOBAL != 0;
                    self.add(name, if global { DEF_GLOBAL } else { DEF_NONLOCAL }, loc)?;
                    self.record_directive(name, loc);
                    return self.add_to(id, name, DEF_LOCAL, loc);
                }
                BlockKind::Module => {
                    self.add(name, DEF_GLOBAL, loc)?;
                    self.record_directive(name, loc);
                    return self.add_to(id, name, DEF_GLOBAL, loc);
                }
                BlockKind::Class => "be used in a class body",
                BlockKind::TypeParameters => "be used within the definition of a generic",
                BlockKind::TypeAlias => "be used in a type alias",
                BlockKind::TypeVariable => "be used in a TypeVar bound",
                BlockKind::Annotation => continue,
            };
            return Err(symbol_error(format!("assignment expression within a comprehension cannot {within}"), loc));
        }
        Ok(())
    }

    pub(super) fn generator(&mut self, generator: &Generator) -> Result<()> {
        self.iteration_target(&generator.target)?;
        self.iterable(&generator.iter)?;
        self.expressions(generator.ifs)?;
        if generator.is_async != 0 {
            self.cur().coroutine = true;
        }
        Ok(())
    }

    pub(super) fn iteration_target(&mut self, target: &Expr) -> Result<()> {
        self.cur().comp_iter_target = true;
        self.expression(target)?;
        self.cur().comp_iter_target = false;
        Ok(())
    }

    pub(super) fn iterable(&mut self, iter: &Expr) -> Result<()> {
        self.cur().comp_iter_expr += 1;
        self.expression(iter)?;
        self.cur().comp_iter_expr -= 1;
        Ok(())
    }

    pub(super) fn comprehension(
        &mut self,
        expr: &Expr,
        name: Name,
        kind: Comprehension,
        generators: &[Generator],
        elt: &Expr,
        value: Option<&Expr>,
    ) -> Result<()> {
        let Some((outermost, rest)) = generators.split_first() else { return Ok(()) };
        self.iterable(&outermost.iter)?;
        self.enter(name, BlockKind::Function, key(expr, Role::Expression), expr.loc)?;
        self.cur().comprehension = kind;
        if outermost.is_async != 0 {
            self.cur().coroutine = true;
        }
        self.add(Name::DOT_ZERO, DEF_PARAM, expr.loc)?;
        self.iteration_target(&outermost.target)?;
        self.expressions(outermost.ifs)?;
        rest.iter().try_for_each(|generator| self.generator(generator))?;
        self.optional(value)?;
        self.expression(elt)?;
        let is_generator = kind == Comprehension::Generator;
        let block = self.cur();
        block.generator = is_generator;
        let is_async = block.coroutine && !is_generator;
        self.leave();
        if !is_async {
            return Ok(());
        }
        if !self.is_async_function() && self.cur().comprehension == Comprehension::None && !self.allows_top_level_await() {
            return Err(symbol_error("asynchronous comprehension outside of an asynchronous function".to_owned(), expr.loc));
        }
        self.cur().coroutine = true;
        Ok(())
    }
}
