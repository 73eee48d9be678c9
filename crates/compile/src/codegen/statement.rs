//! Statements: the dispatch, and those that need few lines.

use bredli_code::{CommonConstant, Intrinsic1, Opcode};
use bredli_syntax::ast::{Constant, Expr, ExprKind, Location, Stmt, StmtKind};

use super::Codegen;
use crate::error::Result;
use crate::tree::{NO_LOCATION, is_constant};

impl<'a> Codegen<'a, '_> {
    pub(super) fn statements(&mut self, body: &'a [Stmt<'a>]) -> Result<()> {
        body.iter().try_for_each(|stmt| self.statement(stmt))
    }

    /// Generate what runs only sometimes; annotations inside are conditional.
    fn conditionally(&mut self, generate: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.unit.conditional_depth += 1;
        generate(self)?;
        self.unit.conditional_depth -= 1;
        Ok(())
    }

    pub(super) fn statement(&mut self, stmt: &'a Stmt<'a>) -> Result<()> {
        self.recursion.check()?;
        let loc = stmt.loc;
        match &stmt.kind {
            StmtKind::FunctionDef { .. } | StmtKind::AsyncFunctionDef { .. } => self.function(stmt),
            StmtKind::ClassDef { .. } => self.class(stmt),
            StmtKind::TypeAlias { name, type_params, value } => self.type_alias(stmt, name, type_params, value),
            StmtKind::Return { value } => self.return_statement(value.as_ref(), loc),
            StmtKind::Delete { targets } => self.exprs(targets),
            StmtKind::Assign { targets, value, .. } => {
                self.expr(value)?;
                for (position, target) in targets.iter().enumerate() {
                    if position + 1 < targets.len() {
                        self.op_arg(Opcode::COPY, 1, loc);
                    }
                    self.expr(target)?;
                }
                Ok(())
            }
            StmtKind::AugAssign { target, op, value } => self.augmented_assignment(target, *op, value, loc),
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                self.annotated_assignment(stmt, target, annotation, value.as_deref(), *simple != 0)
            }
            StmtKind::For { target, iter, body, orelse, .. } => self.conditionally(|this| this.for_loop(target, iter, body, orelse, loc)),
            StmtKind::AsyncFor { target, iter, body, orelse, .. } => {
                self.conditionally(|this| this.async_for_loop(target, iter, body, orelse, loc))
            }
            StmtKind::While { test, body, orelse } => self.conditionally(|this| this.while_loop(test, body, orelse, loc)),
            StmtKind::If { test, body, orelse } => self.conditionally(|this| this.if_statement(test, body, orelse)),
            StmtKind::Match { subject, cases } => self.conditionally(|this| this.match_statement(subject, cases)),
            StmtKind::Raise { exc, cause } => {
                let mut count = 0;
                if let Some(exc) = exc {
                    self.expr(exc)?;
                    count += 1;
                    if let Some(cause) = cause {
                        self.expr(cause)?;
                        count += 1;
                    }
                }
                self.op_arg(Opcode::RAISE_VARARGS, count, loc);
                Ok(())
            }
            StmtKind::Try { body, handlers, orelse, finalbody } => {
                let parts = super::handlers::Try { body, handlers, orelse, finalbody, star: false, loc };
                self.conditionally(|this| this.try_statement(&parts))
            }
            StmtKind::TryStar { body, handlers, orelse, finalbody } => {
                let parts = super::handlers::Try { body, handlers, orelse, finalbody, star: true, loc };
                self.conditionally(|this| this.try_statement(&parts))
            }
            StmtKind::Assert { test, msg } => self.assert_statement(test, msg.as_deref(), loc),
            StmtKind::Import { names } => self.import(names, loc),
            StmtKind::ImportFrom { module, names, level } => self.import_from(module.as_ref(), names, level.unwrap_or(0), loc),
            StmtKind::Global { .. } | StmtKind::Nonlocal { .. } => Ok(()),
            StmtKind::Expr { value } => self.expression_statement(value, loc),
            StmtKind::Pass => {
                self.op(Opcode::NOP, loc);
                Ok(())
            }
            StmtKind::Break => self.break_statement(loc),
            StmtKind::Continue => self.continue_statement(loc),
            StmtKind::With { items, body, .. } => self.conditionally(|this| this.with_statement(items, body, false)),
            StmtKind::AsyncWith { items, body, .. } => self.conditionally(|this| this.with_statement(items, body, true)),
        }
    }

    fn expression_statement(&mut self, value: &'a Expr<'a>, loc: Location) -> Result<()> {
        if self.interactive && self.outer.is_empty() {
            self.expr(value)?;
            self.intrinsic(Intrinsic1::Print, loc);
            self.op(Opcode::POP_TOP, NO_LOCATION);
            return Ok(());
        }
        if is_constant(value) {
            self.op(Opcode::NOP, loc);
            return Ok(());
        }
        self.expr(value)?;
        self.op(Opcode::POP_TOP, NO_LOCATION);
        Ok(())
    }

    fn if_statement(&mut self, test: &'a Expr<'a>, body: &'a [Stmt<'a>], orelse: &'a [Stmt<'a>]) -> Result<()> {
        let end = self.new_label();
        let next = if orelse.is_empty() { end } else { self.new_label() };
        self.jump_if(test, next, false)?;
        self.statements(body)?;
        if !orelse.is_empty() {
            self.jump(Opcode::JUMP_NO_INTERRUPT, end, NO_LOCATION);
            self.place_label(next);
            self.statements(orelse)?;
        }
        self.place_label(end);
        Ok(())
    }

    fn return_statement(&mut self, value: Option<&'a Expr<'a>>, loc: Location) -> Result<()> {
        let block = self.block();
        if !block.is_function_like() {
            return self.error("'return' outside function", loc);
        }
        if value.is_some() && block.coroutine && block.generator {
            return self.error("'return' with value in async generator", loc);
        }
        let statement_loc = loc;
        let mut loc = loc;
        let keep = value.is_some_and(|value| !is_constant(value));
        if let Some(value) = value {
            if keep {
                self.expr(value)?;
            } else {
                loc = value.loc;
                self.op(Opcode::NOP, loc);
            }
        }
        if value.is_none_or(|value| value.loc.lineno != statement_loc.lineno) {
            loc = statement_loc;
            self.op(Opcode::NOP, loc);
        }
        self.unwind_all(keep, false, &mut loc)?;
        match value.map(|value| &value.kind) {
            None => self.load_none(loc),
            Some(ExprKind::Constant { value, .. }) => self.load_constant(*value, loc),
            Some(_) => {}
        }
        self.op(Opcode::RETURN_VALUE, loc);
        Ok(())
    }

    fn break_statement(&mut self, origin: Location) -> Result<()> {
        let mut loc = origin;
        self.op(Opcode::NOP, loc);
        let Some(found) = self.unwind_all(false, true, &mut loc)? else {
            return self.error("'break' outside loop", origin);
        };
        self.unwind(&found, false, &mut loc)?;
        if let Some(exit) = found.exit {
            self.jump(Opcode::JUMP, exit, loc);
        }
        Ok(())
    }

    fn continue_statement(&mut self, origin: Location) -> Result<()> {
        let mut loc = origin;
        self.op(Opcode::NOP, loc);
        let Some(found) = self.unwind_all(false, true, &mut loc)? else {
            return self.error("'continue' not properly in loop", origin);
        };
        if let Some(start) = found.start {
            self.jump(Opcode::JUMP, start, loc);
        }
        Ok(())
    }

    fn assert_statement(&mut self, test: &'a Expr<'a>, message: Option<&'a Expr<'a>>, loc: Location) -> Result<()> {
        let always_true = match &test.kind {
            ExprKind::Tuple { elts, .. } => !elts.is_empty(),
            ExprKind::Constant { value: Constant::Tuple(items), .. } => !items.is_empty(),
            _ => false,
        };
        if always_true {
            self.warning("assertion is always true, perhaps remove parentheses?".to_owned(), loc)?;
        }
        if self.optimize > 0 {
            return Ok(());
        }
        let end = self.new_label();
        self.jump_if(test, end, true)?;
        self.common_constant(CommonConstant::AssertionError, loc);
        if let Some(message) = message {
            self.expr(message)?;
            self.op_arg(Opcode::CALL, 0, loc);
        }
        self.op_arg(Opcode::RAISE_VARARGS, 1, test.loc);
        self.place_label(end);
        Ok(())
    }
}
