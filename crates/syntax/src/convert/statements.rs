//! Statements and what belongs to them: parameters, arguments, clauses, type parameters.

use ruff_python_ast as ruff;
use ruff_text_size::Ranged;

use super::{Converter, Result};
use crate::ast::{
    Alias, Arg, Arguments, ExceptHandler, Expr, Keyword, Location, MatchCase, Stmt, StmtKind, TypeParam, TypeParamKind, WithItem,
};

impl<'t> Converter<'_, 't> {
    pub(super) fn body(&mut self, body: ruff::Suite) -> Result<&'t mut [Stmt<'t>]> {
        self.list(body, Self::statement)
    }

    fn statement(&mut self, statement: ruff::Stmt) -> Result<Stmt<'t>> {
        let (start, end) = (statement.start().to_u32(), statement.end().to_u32());
        let loc = match &statement {
            ruff::Stmt::FunctionDef(node) => self.definition_loc(start, end, node.decorator_list.last()),
            ruff::Stmt::ClassDef(node) => self.definition_loc(start, end, node.decorator_list.last()),
            ruff::Stmt::For(_)
            | ruff::Stmt::While(_)
            | ruff::Stmt::If(_)
            | ruff::Stmt::With(_)
            | ruff::Stmt::Match(_)
            | ruff::Stmt::Try(_) => self.block_loc(start, end),
            _ => self.span(start, end),
        };
        let kind = match statement {
            ruff::Stmt::FunctionDef(node) => self.function(node)?,
            ruff::Stmt::ClassDef(node) => self.class(node)?,
            ruff::Stmt::For(node) => {
                let (target, iter) = (self.in_arena(&node.target)?, self.in_arena(&node.iter)?);
                let (body, orelse) = (self.body(node.body)?, self.body(node.orelse)?);
                match node.is_async {
                    true => StmtKind::AsyncFor { target, iter, body, orelse, type_comment: None },
                    false => StmtKind::For { target, iter, body, orelse, type_comment: None },
                }
            }
            ruff::Stmt::While(node) => {
                StmtKind::While { test: self.in_arena(&node.test)?, body: self.body(node.body)?, orelse: self.body(node.orelse)? }
            }
            ruff::Stmt::If(node) => self.if_statement(node)?,
            ruff::Stmt::With(node) => {
                let items = self.list(&node.items, Self::with_item)?;
                let body = self.body(node.body)?;
                match node.is_async {
                    true => StmtKind::AsyncWith { items, body, type_comment: None },
                    false => StmtKind::With { items, body, type_comment: None },
                }
            }
            ruff::Stmt::Match(node) => {
                StmtKind::Match { subject: self.in_arena(&node.subject)?, cases: self.list(node.cases, Self::match_case)? }
            }
            ruff::Stmt::Try(node) => {
                let body = self.body(node.body)?;
                let handlers = self.list(node.handlers, Self::handler)?;
                let (orelse, finalbody) = (self.body(node.orelse)?, self.body(node.finalbody)?);
                match node.is_star {
                    true => StmtKind::TryStar { body, handlers, orelse, finalbody },
                    false => StmtKind::Try { body, handlers, orelse, finalbody },
                }
            }
            statement => self.simple_statement(&statement)?,
        };
        Ok(kind.at(loc))
    }

    fn simple_statement(&mut self, statement: &ruff::Stmt) -> Result<StmtKind<'t>> {
        Ok(match statement {
            ruff::Stmt::Return(node) => StmtKind::Return { value: node.value.as_deref().map(|value| self.expression(value)).transpose()? },
            ruff::Stmt::Delete(node) => StmtKind::Delete { targets: self.expressions(&node.targets)? },
            ruff::Stmt::TypeAlias(node) => StmtKind::TypeAlias {
                name: self.in_arena(&node.name)?,
                type_params: self.type_params(node.type_params.as_deref())?,
                value: self.in_arena(&node.value)?,
            },
            ruff::Stmt::Assign(node) => {
                StmtKind::Assign { targets: self.expressions(&node.targets)?, value: self.in_arena(&node.value)?, type_comment: None }
            }
            ruff::Stmt::AugAssign(node) => {
                StmtKind::AugAssign { target: self.in_arena(&node.target)?, op: operator(node.op), value: self.in_arena(&node.value)? }
            }
            ruff::Stmt::AnnAssign(node) => StmtKind::AnnAssign {
                target: self.in_arena(&node.target)?,
                annotation: self.in_arena(&node.annotation)?,
                value: self.optional(node.value.as_deref())?,
                simple: i32::from(node.simple),
            },
            ruff::Stmt::Raise(node) => {
                StmtKind::Raise { exc: self.optional(node.exc.as_deref())?, cause: self.optional(node.cause.as_deref())? }
            }
            ruff::Stmt::Assert(node) => StmtKind::Assert { test: self.in_arena(&node.test)?, msg: self.optional(node.msg.as_deref())? },
            ruff::Stmt::Import(node) => StmtKind::Import { names: self.aliases(&node.names) },
            ruff::Stmt::ImportFrom(node) => StmtKind::ImportFrom {
                module: self.optional_identifier(node.module.as_ref()),
                names: self.aliases(&node.names),
                level: Some(node.level as i32),
            },
            ruff::Stmt::Global(node) => StmtKind::Global { names: self.identifiers(&node.names) },
            ruff::Stmt::Nonlocal(node) => StmtKind::Nonlocal { names: self.identifiers(&node.names) },
            ruff::Stmt::Expr(node) => StmtKind::Expr { value: self.expression(&node.value)? },
            ruff::Stmt::Pass(_) => StmtKind::Pass,
            ruff::Stmt::Break(_) => StmtKind::Break,
            ruff::Stmt::Continue(_) => StmtKind::Continue,
            ruff::Stmt::IpyEscapeCommand(_) => unreachable!("only in IPython mode"),
            _ => unreachable!("a compound statement"),
        })
    }

    fn function(&mut self, node: ruff::StmtFunctionDef) -> Result<StmtKind<'t>> {
        let decorator_list = self.decorators(&node.decorator_list)?;
        let name = self.identifier(&node.name);
        let type_params = self.type_params(node.type_params.as_deref())?;
        let args = self.parameters(Some(&node.parameters))?;
        let returns = self.optional(node.returns.as_deref())?;
        let body = self.body(node.body)?;
        Ok(match node.is_async {
            true => StmtKind::AsyncFunctionDef { name, args, body, decorator_list, returns, type_comment: None, type_params },
            false => StmtKind::FunctionDef { name, args, body, decorator_list, returns, type_comment: None, type_params },
        })
    }

    fn class(&mut self, node: ruff::StmtClassDef) -> Result<StmtKind<'t>> {
        let decorator_list = self.decorators(&node.decorator_list)?;
        let name = self.identifier(&node.name);
        let type_params = self.type_params(node.type_params.as_deref())?;
        let (bases, keywords) = match &node.arguments {
            Some(arguments) => (self.expressions(&arguments.args)?, self.keywords(&arguments.keywords)?),
            None => Default::default(),
        };
        let body = self.body(node.body)?;
        Ok(StmtKind::ClassDef { name, bases, keywords, body, decorator_list, type_params })
    }

    fn decorators(&mut self, decorators: &[ruff::Decorator]) -> Result<&'t mut [Expr<'t>]> {
        self.list(decorators, |converter, decorator| converter.expression(&decorator.expression))
    }

    /// The place of a definition: from its keyword, not from its decorators.
    fn definition_loc(&mut self, start: u32, end: u32, last_decorator: Option<&ruff::Decorator>) -> Location {
        let start = last_decorator.map_or(start, |decorator| self.skip_trivia(decorator.end().to_u32()));
        self.block_loc(start, end)
    }

    /// The place of a compound statement: CPython counts a semicolon behind its last statement in.
    fn block_loc(&mut self, start: u32, end: u32) -> Location {
        let bytes = self.source.as_bytes();
        let mut at = end as usize;
        loop {
            match &bytes[at..] {
                [b' ' | b'\t' | b'\x0c', ..] => at += 1,
                [b'\\', b'\n', ..] => at += 2,
                [b';', ..] => return self.span(start, at as u32 + 1),
                _ => return self.span(start, end),
            }
        }
    }

    /// The offset of the next token behind whitespace, line ends and comments.
    pub(super) fn skip_trivia(&self, offset: u32) -> u32 {
        let bytes = self.source.as_bytes();
        let mut at = offset as usize;
        loop {
            match bytes.get(at) {
                Some(b' ' | b'\t' | b'\n' | b'\x0c' | b'\\') => at += 1,
                Some(b'#') => at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length),
                _ => return at as u32,
            }
        }
    }

    /// An `if` with its `elif` chain, which CPython nests in `orelse`.
    fn if_statement(&mut self, node: ruff::StmtIf) -> Result<StmtKind<'t>> {
        let end = node.end().to_u32();
        let mut orelse: &mut [Stmt] = &mut [];
        for clause in node.elif_else_clauses.into_iter().rev() {
            let start = clause.range.start().to_u32();
            let body = self.body(clause.body)?;
            orelse = match &clause.test {
                None => body,
                Some(test) => {
                    let test = self.in_arena(test)?;
                    let loc = self.block_loc(start, end);
                    self.arena.list([StmtKind::If { test, body, orelse }.at(loc)])
                }
            };
        }
        Ok(StmtKind::If { test: self.in_arena(&node.test)?, body: self.body(node.body)?, orelse })
    }

    fn with_item(&mut self, item: &ruff::WithItem) -> Result<WithItem<'t>> {
        Ok(WithItem { context_expr: self.expression(&item.context_expr)?, optional_vars: self.optional(item.optional_vars.as_deref())? })
    }

    fn match_case(&mut self, case: ruff::MatchCase) -> Result<MatchCase<'t>> {
        Ok(MatchCase { pattern: self.pattern(&case.pattern)?, guard: self.optional(case.guard.as_deref())?, body: self.body(case.body)? })
    }

    fn handler(&mut self, handler: ruff::ExceptHandler) -> Result<ExceptHandler<'t>> {
        let ruff::ExceptHandler::ExceptHandler(handler) = handler;
        Ok(ExceptHandler {
            r#type: self.optional(handler.type_.as_deref())?,
            name: self.optional_identifier(handler.name.as_ref()),
            body: self.body(handler.body)?,
            loc: self.block_loc(handler.range.start().to_u32(), handler.range.end().to_u32()),
        })
    }

    fn aliases(&mut self, aliases: &[ruff::Alias]) -> &'t mut [Alias<'t>] {
        let arena = self.arena;
        arena.list(aliases.iter().map(|alias| Alias {
            name: self.identifier(&alias.name),
            asname: self.optional_identifier(alias.asname.as_ref()),
            loc: self.loc_of(alias),
        }))
    }

    pub(super) fn keywords(&mut self, keywords: &[ruff::Keyword]) -> Result<&'t mut [Keyword<'t>]> {
        self.list(keywords, |converter, keyword| {
            let loc = converter.loc_of(keyword);
            Ok(Keyword { arg: converter.optional_identifier(keyword.arg.as_ref()), value: converter.expression(&keyword.value)?, loc })
        })
    }

    pub(super) fn parameters(&mut self, parameters: Option<&ruff::Parameters>) -> Result<&'t mut Arguments<'t>> {
        let none = ruff::Parameters::default();
        let parameters = parameters.unwrap_or(&none);
        let parameter = |converter: &mut Self, parameter: &ruff::ParameterWithDefault| converter.parameter(&parameter.parameter);
        let posonlyargs = self.list(&parameters.posonlyargs, parameter)?;
        let args = self.list(&parameters.args, parameter)?;
        let positional = parameters.posonlyargs.iter().chain(&parameters.args);
        let defaults: Vec<&ruff::Expr> = positional.filter_map(|parameter| parameter.default.as_deref()).collect();
        let defaults = self.list(defaults, Self::expression)?;
        let in_arena = |converter: &mut Self, parameter: &ruff::Parameter| {
            converter.parameter(parameter).map(|parameter| converter.arena.node(parameter))
        };
        let vararg = parameters.vararg.as_deref().map(|parameter| in_arena(self, parameter)).transpose()?;
        let kwonlyargs = self.list(&parameters.kwonlyargs, parameter)?;
        let kw_defaults = self.list(&parameters.kwonlyargs, |converter, parameter| {
            parameter.default.as_deref().map(|default| converter.expression(default)).transpose()
        })?;
        let kwarg = parameters.kwarg.as_deref().map(|parameter| in_arena(self, parameter)).transpose()?;
        Ok(self.arena.node(Arguments { posonlyargs, args, vararg, kwonlyargs, kw_defaults, kwarg, defaults }))
    }

    fn parameter(&mut self, parameter: &ruff::Parameter) -> Result<Arg<'t>> {
        let loc = self.span(parameter.name.start().to_u32(), parameter.end().to_u32());
        let annotation = self.optional(parameter.annotation.as_deref())?;
        Ok(Arg { arg: self.identifier(&parameter.name), annotation, type_comment: None, loc })
    }

    fn type_params(&mut self, params: Option<&ruff::TypeParams>) -> Result<&'t mut [TypeParam<'t>]> {
        match params {
            Some(params) => self.list(&params.type_params, Self::type_param),
            None => Ok(&mut []),
        }
    }

    fn type_param(&mut self, param: &ruff::TypeParam) -> Result<TypeParam<'t>> {
        let loc = self.loc_of(param);
        let kind = match param {
            ruff::TypeParam::TypeVar(param) => TypeParamKind::TypeVar {
                name: self.identifier(&param.name),
                bound: self.optional(param.bound.as_deref())?,
                default_value: self.optional(param.default.as_deref())?,
            },
            ruff::TypeParam::ParamSpec(param) => {
                TypeParamKind::ParamSpec { name: self.identifier(&param.name), default_value: self.optional(param.default.as_deref())? }
            }
            ruff::TypeParam::TypeVarTuple(param) => {
                TypeParamKind::TypeVarTuple { name: self.identifier(&param.name), default_value: self.optional(param.default.as_deref())? }
            }
        };
        Ok(kind.at(loc))
    }
}

pub(super) fn operator(op: ruff::Operator) -> crate::ast::Operator {
    use crate::ast::Operator::*;
    match op {
        ruff::Operator::Add => Add,
        ruff::Operator::Sub => Sub,
        ruff::Operator::Mult => Mult,
        ruff::Operator::MatMult => MatMult,
        ruff::Operator::Div => Div,
        ruff::Operator::Mod => Mod,
        ruff::Operator::Pow => Pow,
        ruff::Operator::LShift => LShift,
        ruff::Operator::RShift => RShift,
        ruff::Operator::BitOr => BitOr,
        ruff::Operator::BitXor => BitXor,
        ruff::Operator::BitAnd => BitAnd,
        ruff::Operator::FloorDiv => FloorDiv,
    }
}
