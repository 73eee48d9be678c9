//! Functions, classes, type parameters and annotations: the statements that open blocks.

use bredli_syntax::ast::{Arg, Arguments, Expr, ExprKind, Identifier, Stmt, StmtKind, TypeParam, TypeParamKind};

use super::Collector;
use crate::error::{Result, symbol_error};
use crate::names::Name;
use crate::symtable::{BlockKind, DEF_ANNOT, DEF_GLOBAL, DEF_LOCAL, DEF_NONLOCAL, DEF_PARAM, DEF_TYPE_PARAM, Key, NameSet, Role, USE, key};
use crate::tree::docstring;

impl Collector<'_> {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn function<'t>(
        &mut self,
        stmt: &Stmt,
        name: &Identifier,
        args: &Arguments<'t>,
        body: &[Stmt],
        decorators: &[Expr],
        returns: Option<&Expr<'t>>,
        type_params: &[TypeParam],
        is_async: bool,
    ) -> Result<()> {
        let name = self.intern(name);
        self.add(name, DEF_LOCAL, stmt.loc)?;
        self.defaults(args)?;
        self.expressions(decorators)?;
        let generic = !type_params.is_empty();
        if generic {
            let kwdefaults = args.kw_defaults.iter().any(Option::is_some);
            self.enter_type_params(stmt, name, true, kwdefaults, false)?;
            self.type_params(type_params)?;
        }
        let id = self.new_block(name, BlockKind::Function, key(stmt, Role::Statement), stmt.loc);
        self.table.block_mut(id).has_docstring = docstring(body).is_some();
        self.function_annotations(stmt, args, returns)?;
        self.enter_existing(id, true);
        self.cur().coroutine = is_async;
        self.parameters(args)?;
        self.statements(body)?;
        self.leave();
        if generic {
            self.leave();
        }
        Ok(())
    }

    pub(super) fn defaults(&mut self, args: &Arguments) -> Result<()> {
        self.expressions(args.defaults)?;
        args.kw_defaults.iter().flatten().try_for_each(|default| self.expression(default))
    }

    pub(super) fn enter_type_params(&mut self, stmt: &Stmt, name: Name, defaults: bool, kwdefaults: bool, of_class: bool) -> Result<()> {
        let in_class = self.cur().kind == BlockKind::Class;
        let loc = stmt.loc;
        self.enter(name, BlockKind::TypeParameters, key(stmt, Role::TypeParameters), loc)?;
        if in_class {
            self.cur().can_see_class_scope = true;
            self.add(Name::CLASSDICT, USE, loc)?;
        }
        if of_class {
            for name in [Name::DOT_TYPE_PARAMS, Name::DOT_GENERIC_BASE] {
                self.add(name, DEF_LOCAL, loc)?;
                self.add(name, USE, loc)?;
            }
        }
        if defaults {
            self.add(Name::DOT_DEFAULTS, DEF_PARAM, loc)?;
        }
        if kwdefaults {
            self.add(Name::DOT_KWDEFAULTS, DEF_PARAM, loc)?;
        }
        Ok(())
    }

    pub(super) fn class(&mut self, stmt: &Stmt) -> Result<()> {
        let StmtKind::ClassDef { name, bases, keywords, body, decorator_list, type_params, .. } = &stmt.kind else { return Ok(()) };
        let loc = stmt.loc;
        let name = self.intern(name);
        self.add(name, DEF_LOCAL, loc)?;
        self.expressions(decorator_list)?;
        let outer = self.private;
        let generic = !type_params.is_empty();
        if generic {
            self.enter_type_params(stmt, name, false, false, true)?;
            self.private = Some(name);
            self.table.mangled_sets.push(NameSet::default());
            self.cur().mangled_names = Some(self.table.mangled_sets.len() - 1);
            self.type_params(type_params)?;
        }
        self.expressions(bases)?;
        self.keywords(keywords)?;
        self.enter(name, BlockKind::Class, key(stmt, Role::Statement), loc)?;
        self.private = Some(name);
        if generic {
            self.add(Name::TYPE_PARAMS, DEF_LOCAL, loc)?;
            self.add(Name::DOT_TYPE_PARAMS, USE, loc)?;
        }
        self.cur().has_docstring = docstring(body).is_some();
        self.statements(body)?;
        self.leave();
        if generic {
            self.leave();
        }
        self.private = outer;
        Ok(())
    }

    pub(super) fn type_alias(&mut self, stmt: &Stmt, target: &Expr, type_params: &[TypeParam], value: &Expr) -> Result<()> {
        self.expression(target)?;
        let ExprKind::Name { id, .. } = &target.kind else { return Ok(()) };
        let name = self.intern(id);
        let in_class = self.cur().kind == BlockKind::Class;
        let generic = !type_params.is_empty();
        if generic {
            self.enter_type_params(stmt, name, false, false, false)?;
            self.type_params(type_params)?;
        }
        self.enter(name, BlockKind::TypeAlias, key(stmt, Role::Statement), stmt.loc)?;
        self.cur().can_see_class_scope = in_class;
        if in_class {
            self.add(Name::CLASSDICT, USE, value.loc)?;
        }
        self.expression(value)?;
        self.leave();
        if generic {
            self.leave();
        }
        Ok(())
    }

    pub(super) fn annotated_assignment(&mut self, stmt: &Stmt) -> Result<()> {
        let StmtKind::AnnAssign { target, annotation, value, simple } = &stmt.kind else { return Ok(()) };
        let simple = *simple != 0;
        self.cur().annotations_used = true;
        if let ExprKind::Name { id, .. } = &target.kind {
            let name = self.intern(id);
            let block = self.id();
            let current = self.lookup_in(block, name);
            if current & (DEF_GLOBAL | DEF_NONLOCAL) != 0 && block != self.table.top() && simple {
                let word = if current & DEF_GLOBAL != 0 { "global" } else { "nonlocal" };
                return Err(symbol_error(format!("annotated name '{}' can't be {word}", self.text(name)), stmt.loc));
            }
            if simple {
                self.add(name, DEF_ANNOT | DEF_LOCAL, target.loc)?;
            } else if value.is_some() {
                self.add(name, DEF_LOCAL, target.loc)?;
            }
        } else {
            self.expression(target)?;
        }
        self.variable_annotation(annotation)?;
        self.optional(value.as_deref())
    }

    pub(super) fn variable_annotation(&mut self, annotation: &Expr) -> Result<()> {
        let parent = self.id();
        let block = self.cur();
        let unevaluated = block.kind == BlockKind::Function;
        let kind = block.kind;
        // A module may be seen while only part of it has run, so all its annotations count as conditional.
        let conditional = kind == BlockKind::Module || (kind == BlockKind::Class && block.in_conditional_block);
        if conditional && !block.has_conditional_annotations {
            block.has_conditional_annotations = true;
            self.add(Name::CONDITIONAL_ANNOTATIONS, USE, annotation.loc)?;
        }
        if let Some(existing) = self.cur().annotation_block {
            self.enter_existing(existing, false);
        } else {
            self.enter(Name::ANNOTATE, BlockKind::Annotation, key(annotation, Role::Annotations), annotation.loc)?;
            let id = self.id();
            self.table.block_mut(parent).annotation_block = Some(id);
            if kind == BlockKind::Class && !self.future.annotations() {
                self.cur().can_see_class_scope = true;
                self.add(Name::CLASSDICT, USE, annotation.loc)?;
            }
        }
        self.cur().in_unevaluated_annotation |= unevaluated;
        self.expression(annotation)?;
        if unevaluated {
            self.cur().in_unevaluated_annotation = false;
        }
        self.leave();
        Ok(())
    }

    pub(super) fn function_annotations<'t>(&mut self, stmt: &Stmt, args: &Arguments<'t>, returns: Option<&Expr<'t>>) -> Result<()> {
        let block = self.cur();
        let in_class = block.can_see_class_scope || block.kind == BlockKind::Class;
        self.enter(Name::ANNOTATE, BlockKind::Annotation, key(stmt, Role::Annotations), stmt.loc)?;
        if in_class {
            self.cur().can_see_class_scope = true;
            self.add(Name::CLASSDICT, USE, stmt.loc)?;
        }
        let parameters =
            args.posonlyargs.iter().chain(&*args.args).chain(args.vararg.as_deref()).chain(args.kwarg.as_deref()).chain(&*args.kwonlyargs);
        for annotation in parameters.filter_map(|arg| arg.annotation.as_deref()).chain(returns) {
            self.cur().annotations_used = true;
            self.expression(annotation)?;
        }
        self.leave();
        Ok(())
    }

    pub(super) fn parameters(&mut self, args: &Arguments) -> Result<()> {
        for arg in args.posonlyargs.iter().chain(&*args.args).chain(&*args.kwonlyargs) {
            self.parameter(arg)?;
        }
        if let Some(vararg) = &args.vararg {
            self.parameter(vararg)?;
            self.cur().varargs = true;
        }
        if let Some(kwarg) = &args.kwarg {
            self.parameter(kwarg)?;
            self.cur().varkeywords = true;
        }
        Ok(())
    }

    pub(super) fn parameter(&mut self, arg: &Arg) -> Result<()> {
        self.add_identifier(&arg.arg, DEF_PARAM, arg.loc)
    }

    pub(super) fn type_params(&mut self, type_params: &[TypeParam]) -> Result<()> {
        type_params.iter().try_for_each(|param| self.type_param(param))
    }

    pub(super) fn type_param(&mut self, param: &TypeParam) -> Result<()> {
        self.recursion.check()?;
        let (name, bound, default, default_info) = match &param.kind {
            TypeParamKind::TypeVar { name, bound, default_value } => {
                (name, bound.as_deref(), default_value.as_deref(), "a TypeVar default")
            }
            TypeParamKind::TypeVarTuple { name, default_value } => (name, None, default_value.as_deref(), "a TypeVarTuple default"),
            TypeParamKind::ParamSpec { name, default_value } => (name, None, default_value.as_deref(), "a ParamSpec default"),
        };
        let name = self.intern(name);
        self.add(name, DEF_TYPE_PARAM | DEF_LOCAL, param.loc)?;
        if name == Name::CLASSDICT {
            return Err(symbol_error("reserved name '__classdict__' cannot be used for type parameter".to_owned(), param.loc));
        }
        if let Some(bound) = bound {
            let info = if matches!(bound.kind, ExprKind::Tuple { .. }) { "a TypeVar constraint" } else { "a TypeVar bound" };
            self.type_variable(bound, name, key(param, Role::Bound), info)?;
        }
        default.map_or(Ok(()), |default| self.type_variable(default, name, key(param, Role::Default), default_info))
    }

    pub(super) fn type_variable(&mut self, expr: &Expr, name: Name, key: Key, info: &'static str) -> Result<()> {
        let in_class = self.cur().can_see_class_scope;
        self.enter(name, BlockKind::TypeVariable, key, expr.loc)?;
        self.cur().can_see_class_scope = in_class;
        if in_class {
            self.add(Name::CLASSDICT, USE, expr.loc)?;
        }
        self.cur().scope_info = info;
        self.expression(expr)?;
        self.leave();
        Ok(())
    }
}
