//! Warnings about expressions that are always mistakes: `is` with a literal, calling or indexing one.

use bredli_syntax::ast::{CmpOp, Constant, Expr, ExprKind, Location};

use super::Codegen;
use crate::error::Result;
use crate::tree::is_constant;

impl<'a> Codegen<'a, '_> {
    pub(super) fn check_compare(&mut self, left: &'a Expr<'a>, ops: &[CmpOp], comparators: &'a [Expr<'a>], loc: Location) -> Result<()> {
        let mut left = left;
        for (op, right) in ops.iter().zip(comparators) {
            if matches!(op, CmpOp::Is | CmpOp::IsNot) && (is_literal(left) || is_literal(right)) {
                let literal = if is_literal(left) { left } else { right };
                let (words, better) = if *op == CmpOp::Is { ("is", "==") } else { ("is not", "!=") };
                let kind = type_name(literal).unwrap_or_default();
                return self.warning(format!("\"{words}\" with '{kind}' literal. Did you mean \"{better}\"?"), loc);
            }
            left = right;
        }
        Ok(())
    }

    pub(super) fn check_callee(&mut self, func: &Expr) -> Result<()> {
        match type_name(func) {
            Some(kind) if kind != "function" => {
                self.warning(format!("'{kind}' object is not callable; perhaps you missed a comma?"), func.loc)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn check_subscripted(&mut self, value: &Expr) -> Result<()> {
        let wrong = match &value.kind {
            ExprKind::Constant { value, .. } => matches!(
                value,
                Constant::None
                    | Constant::Ellipsis
                    | Constant::Bool(_)
                    | Constant::Int { .. }
                    | Constant::Float(_)
                    | Constant::Complex { .. }
                    | Constant::FrozenSet(_)
            ),
            ExprKind::Set { .. }
            | ExprKind::SetComp { .. }
            | ExprKind::GeneratorExp { .. }
            | ExprKind::TemplateStr { .. }
            | ExprKind::Interpolation { .. }
            | ExprKind::Lambda { .. } => true,
            _ => false,
        };
        match type_name(value) {
            Some(kind) if wrong => self.warning(format!("'{kind}' object is not subscriptable; perhaps you missed a comma?"), value.loc),
            _ => Ok(()),
        }
    }

    pub(super) fn check_index(&mut self, value: &Expr, index: &Expr) -> Result<()> {
        let Some(index_kind) = type_name(index).filter(|kind| !matches!(*kind, "int" | "bool")) else { return Ok(()) };
        let indexed = match &value.kind {
            ExprKind::Constant { value, .. } => matches!(value, Constant::Str(_) | Constant::Bytes(_) | Constant::Tuple(_)),
            ExprKind::Tuple { .. }
            | ExprKind::List { .. }
            | ExprKind::ListComp { .. }
            | ExprKind::JoinedStr { .. }
            | ExprKind::FormattedValue { .. } => true,
            _ => false,
        };
        match type_name(value) {
            Some(kind) if indexed => {
                let message = format!("{kind} indices must be integers or slices, not {index_kind}; perhaps you missed a comma?");
                self.warning(message, value.loc)
            }
            _ => Ok(()),
        }
    }
}

/// Whether comparing `expr` by identity is a mistake: a constant that is not a singleton.
fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Tuple { elts, .. } => elts.iter().all(is_constant),
        ExprKind::Constant { value, .. } => !matches!(value, Constant::None | Constant::Bool(_) | Constant::Ellipsis),
        _ => false,
    }
}

/// The type that an expression certainly has.
fn type_name(expr: &Expr) -> Option<&'static str> {
    Some(match &expr.kind {
        ExprKind::Tuple { .. } => "tuple",
        ExprKind::List { .. } | ExprKind::ListComp { .. } => "list",
        ExprKind::Dict { .. } | ExprKind::DictComp { .. } => "dict",
        ExprKind::Set { .. } | ExprKind::SetComp { .. } => "set",
        ExprKind::GeneratorExp { .. } => "generator",
        ExprKind::Lambda { .. } => "function",
        ExprKind::JoinedStr { .. } | ExprKind::FormattedValue { .. } => "str",
        ExprKind::TemplateStr { .. } | ExprKind::Interpolation { .. } => "string.templatelib.Template",
        ExprKind::Constant { value, .. } => match value {
            Constant::None => "NoneType",
            Constant::Ellipsis => "ellipsis",
            Constant::Bool(_) => "bool",
            Constant::Int { .. } => "int",
            Constant::Float(_) => "float",
            Constant::Complex { .. } => "complex",
            Constant::Str(_) => "str",
            Constant::Bytes(_) => "bytes",
            Constant::Tuple(_) => "tuple",
            Constant::FrozenSet(_) => "frozenset",
        },
        _ => return None,
    })
}
