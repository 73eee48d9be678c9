//! Type parameters of generic functions, classes and aliases, and the `type` statement.

use bredli_code::{Const, Intrinsic1, Intrinsic2, Opcode, function_attribute};
use bredli_syntax::ast::{Expr, ExprKind, Location, Stmt, TypeParam, TypeParamKind};

use super::Codegen;
use super::unit::ScopeKind;
use crate::error::Result;
use crate::names::Name;
use crate::symtable::{Key, Role, key};

impl<'a> Codegen<'a, '_> {
    /// Make the type parameters, bind them, and leave the tuple of them on the stack.
    pub(super) fn type_params(&mut self, params: &'a [TypeParam<'a>]) -> Result<()> {
        let mut seen_default = false;
        for param in params {
            self.type_param(param, &mut seen_default)?;
        }
        if let Some(first) = params.first() {
            self.op_arg(Opcode::BUILD_TUPLE, params.len() as u32, first.loc);
        }
        Ok(())
    }

    fn type_param(&mut self, param: &'a TypeParam<'a>, seen_default: &mut bool) -> Result<()> {
        let loc = param.loc;
        let (name, default, starred) = match &param.kind {
            TypeParamKind::TypeVar { name, default_value, .. } | TypeParamKind::ParamSpec { name, default_value } => {
                (name, default_value.as_deref(), false)
            }
            TypeParamKind::TypeVarTuple { name, default_value } => (name, default_value.as_deref(), true),
        };
        let name = self.intern(name);
        self.load_text(name, loc);
        match &param.kind {
            TypeParamKind::TypeVar { bound: Some(bound), .. } => {
                self.deferred_value(bound, name, key(param, Role::Bound), false)?;
                let constraints = matches!(bound.kind, ExprKind::Tuple { .. });
                let intrinsic = if constraints { Intrinsic2::TypeVarWithConstraints } else { Intrinsic2::TypeVarWithBound };
                self.intrinsic_2(intrinsic, loc);
            }
            TypeParamKind::TypeVar { .. } => self.intrinsic(Intrinsic1::TypeVar, loc),
            TypeParamKind::TypeVarTuple { .. } => self.intrinsic(Intrinsic1::TypeVarTuple, loc),
            TypeParamKind::ParamSpec { .. } => self.intrinsic(Intrinsic1::ParamSpec, loc),
        }
        if let Some(default) = default {
            *seen_default = true;
            self.deferred_value(default, name, key(param, Role::Default), starred)?;
            self.intrinsic_2(Intrinsic2::SetTypeParamDefault, loc);
        } else if *seen_default {
            let text = self.table.names.text(name);
            return self.error(format!("non-default type parameter '{text}' follows default type parameter"), loc);
        }
        self.op_arg(Opcode::COPY, 1, loc);
        self.store_name(name, loc)
    }

    /// A function that evaluates a bound or default when it is asked for.
    fn deferred_value(&mut self, expr: &'a Expr<'a>, name: Name, key: Key, starred: bool) -> Result<()> {
        let loc = expr.loc;
        self.load_const(Const::Tuple(vec![Const::int(1)]), loc);
        self.enter_annotations(name, key, loc)?;
        if starred {
            self.expr_or_unpacked(expr, loc)?;
        } else {
            self.expr(expr)?;
        }
        self.op(Opcode::RETURN_VALUE, loc);
        let code = self.leave_scope(true)?;
        self.make_closure(code, function_attribute::DEFAULTS, loc)
    }

    /// Evaluate `expr`; `*expr` must have one item, which is the value.
    pub(super) fn expr_or_unpacked(&mut self, expr: &'a Expr<'a>, loc: Location) -> Result<()> {
        if let ExprKind::Starred { value, .. } = &expr.kind {
            self.expr(value)?;
            self.op_arg(Opcode::UNPACK_SEQUENCE, 1, loc);
            return Ok(());
        }
        self.expr(expr)
    }

    pub(super) fn type_alias(
        &mut self,
        stmt: &'a Stmt<'a>,
        target: &'a Expr<'a>,
        params: &'a [TypeParam<'a>],
        value: &'a Expr<'a>,
    ) -> Result<()> {
        let ExprKind::Name { id, .. } = &target.kind else { return Ok(()) };
        let loc = stmt.loc;
        let name = self.intern(id);
        let generic = !params.is_empty();
        if generic {
            let generic_name = self.generic_name(name);
            self.enter_scope(generic_name, ScopeKind::Annotations, key(stmt, Role::TypeParameters), loc.lineno, None)?;
            self.load_text(name, loc);
            self.type_params(params)?;
        } else {
            self.load_text(name, loc);
            self.load_none(loc);
        }
        self.load_const(Const::Tuple(vec![Const::int(1)]), loc);
        self.enter_annotations(name, key(stmt, Role::Statement), loc)?;
        self.expr(value)?;
        self.op(Opcode::RETURN_VALUE, loc);
        let code = self.leave_scope(false)?;
        self.make_closure(code, function_attribute::DEFAULTS, loc)?;
        self.op_arg(Opcode::BUILD_TUPLE, 3, loc);
        self.intrinsic(Intrinsic1::TypeAlias, loc);
        if generic {
            let code = self.leave_scope(false)?;
            self.make_closure(code, 0, loc)?;
            self.op(Opcode::PUSH_NULL, loc);
            self.op_arg(Opcode::CALL, 0, loc);
        }
        self.store_name(name, loc)
    }
}
