//! Small questions about syntax trees that several passes ask.

use bredli_syntax::ast::{Constant, Expr, ExprKind, Location, Stmt, StmtKind};

/// The location of instructions that belong to no source text.
pub const NO_LOCATION: Location = Location { lineno: -1, col_offset: -1, end_lineno: -1, end_col_offset: -1 };
/// The location of instructions that take that of the next instruction.
pub const NEXT_LOCATION: Location = Location { lineno: -2, col_offset: -2, end_lineno: -2, end_col_offset: -2 };

/// The expression that is the docstring of `body`, if it begins with one.
#[must_use]
pub fn docstring<'a, 't>(body: &'a [Stmt<'t>]) -> Option<&'a Expr<'t>> {
    let StmtKind::Expr { value } = &body.first()?.kind else { return None };
    matches!(&value.kind, ExprKind::Constant { value: Constant::Str(_), .. }).then_some(value)
}

/// Whether `expr` is a constant.
#[must_use]
pub fn is_constant(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Constant { .. })
}

/// Whether `expr` is `*value`.
#[must_use]
pub fn is_starred(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Starred { .. })
}
