//! Augmented and annotated assignments, subscripts, and unpacking into several targets.

use bredli_code::Const;
use bredli_code::{BinaryOperator, Opcode};
use bredli_syntax::ast::{Expr, ExprContext, ExprKind, Location, Operator, Stmt};

use super::Codegen;
use super::expression::{attribute_location, binary_operator};
use super::unit::ScopeKind;
use crate::error::{CompileError, Result};
use crate::names::Name;
use crate::tree::is_constant;

impl<'a> Codegen<'a, '_> {
    pub(super) fn augmented_assignment(&mut self, target: &'a Expr<'a>, op: Operator, value: &'a Expr<'a>, loc: Location) -> Result<()> {
        let target_loc = target.loc;
        match &target.kind {
            ExprKind::Attribute { value, attr, .. } => {
                self.expr(value)?;
                self.op_arg(Opcode::COPY, 1, target_loc);
                let name = self.intern(attr);
                self.load_attribute(name, false, attribute_location(target_loc, target, attr));
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value)?;
                if is_two_part_slice(slice) {
                    self.slice_bounds(slice)?;
                    for _ in 0..3 {
                        self.op_arg(Opcode::COPY, 3, target_loc);
                    }
                    self.op(Opcode::BINARY_SLICE, target_loc);
                } else {
                    self.expr(slice)?;
                    self.op_arg(Opcode::COPY, 2, target_loc);
                    self.op_arg(Opcode::COPY, 2, target_loc);
                    self.op_arg(Opcode::BINARY_OP, BinaryOperator::Subscript.number(), target_loc);
                }
            }
            ExprKind::Name { id, .. } => {
                let name = self.intern(id);
                self.load_name(name, target_loc)?;
            }
            _ => return Err(CompileError::Internal("invalid node type for augmented assignment")),
        }
        self.expr(value)?;
        self.op_arg(Opcode::BINARY_OP, binary_operator(op).inplace().number(), loc);
        match &target.kind {
            ExprKind::Attribute { attr, .. } => {
                let loc = attribute_location(target_loc, target, attr);
                self.op_arg(Opcode::SWAP, 2, loc);
                let name = self.intern(attr);
                self.op_name(Opcode::STORE_ATTR, name, loc);
            }
            ExprKind::Subscript { slice, .. } => {
                let two_part = is_two_part_slice(slice);
                for depth in (2..=if two_part { 4 } else { 3 }).rev() {
                    self.op_arg(Opcode::SWAP, depth, target_loc);
                }
                self.op(if two_part { Opcode::STORE_SLICE } else { Opcode::STORE_SUBSCR }, target_loc);
            }
            ExprKind::Name { id, .. } => {
                let name = self.intern(id);
                self.store_name(name, target_loc)?;
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn annotated_assignment(
        &mut self,
        stmt: &'a Stmt<'a>,
        target: &'a Expr<'a>,
        annotation: &'a Expr<'a>,
        value: Option<&'a Expr<'a>>,
        simple: bool,
    ) -> Result<()> {
        let loc = stmt.loc;
        if let Some(value) = value {
            self.expr(value)?;
            self.expr(target)?;
        }
        match &target.kind {
            ExprKind::Name { id, .. } => {
                if !simple || !matches!(self.unit.kind, ScopeKind::Module | ScopeKind::Class) {
                    return Ok(());
                }
                let name = self.intern(id);
                if self.future.annotations() {
                    self.load_unparsed(annotation);
                    let index = self.unit.names.add(Name::ANNOTATIONS);
                    self.op_arg(Opcode::LOAD_NAME, index, loc);
                    let name = self.mangle(name);
                    self.load_text(name, loc);
                    self.op(Opcode::STORE_SUBSCR, loc);
                } else {
                    self.defer_annotation(stmt);
                }
            }
            ExprKind::Attribute { value: object, .. } => {
                if value.is_none() {
                    self.evaluate(object)?;
                }
            }
            ExprKind::Subscript { value: object, slice, .. } => {
                if value.is_none() {
                    self.evaluate(object)?;
                    self.evaluate_index(slice)?;
                }
            }
            _ => return Err(CompileError::Internal("invalid node type for annotated assignment")),
        }
        Ok(())
    }

    /// Remember an annotation for `__annotate__`; where it might not be reached, note at run time that it was.
    fn defer_annotation(&mut self, stmt: &'a Stmt<'a>) {
        let in_class = self.unit.kind == ScopeKind::Class;
        let conditional = !in_class || self.unit.conditional_depth > 0;
        let number = conditional.then_some(self.unit.conditional_annotations);
        self.unit.deferred_annotations.push((stmt, number));
        let Some(number) = number else { return };
        self.unit.conditional_annotations += 1;
        if in_class {
            let index = self.unit.cellvars.add(Name::CONDITIONAL_ANNOTATIONS);
            self.op_arg(Opcode::LOAD_DEREF, index, stmt.loc);
        } else {
            let index = self.unit.names.add(Name::CONDITIONAL_ANNOTATIONS);
            self.op_arg(Opcode::LOAD_NAME, index, stmt.loc);
        }
        self.load_const(Const::int(i64::from(number)), stmt.loc);
        self.op_arg(Opcode::SET_ADD, 1, stmt.loc);
        self.op(Opcode::POP_TOP, stmt.loc);
    }

    fn evaluate(&mut self, expr: &'a Expr<'a>) -> Result<()> {
        self.expr(expr)?;
        self.op(Opcode::POP_TOP, expr.loc);
        Ok(())
    }

    fn evaluate_index(&mut self, index: &'a Expr<'a>) -> Result<()> {
        self.recursion.check()?;
        match &index.kind {
            ExprKind::Slice { lower, upper, step } => [lower, upper, step].into_iter().flatten().try_for_each(|bound| self.evaluate(bound)),
            ExprKind::Tuple { elts, .. } => elts.iter().try_for_each(|elt| self.evaluate_index(elt)),
            _ => self.evaluate(index),
        }
    }

    pub(super) fn subscript(&mut self, value: &'a Expr<'a>, slice: &'a Expr<'a>, ctx: ExprContext, loc: Location) -> Result<()> {
        if ctx == ExprContext::Load {
            self.check_subscripted(value)?;
            self.check_index(value, slice)?;
        }
        self.expr(value)?;
        if is_two_part_slice(slice) && ctx != ExprContext::Del {
            self.slice_bounds(slice)?;
            self.op(if ctx == ExprContext::Load { Opcode::BINARY_SLICE } else { Opcode::STORE_SLICE }, loc);
            return Ok(());
        }
        self.expr(slice)?;
        match ctx {
            ExprContext::Load => self.op_arg(Opcode::BINARY_OP, BinaryOperator::Subscript.number(), loc),
            ExprContext::Store => self.op(Opcode::STORE_SUBSCR, loc),
            ExprContext::Del => self.op(Opcode::DELETE_SUBSCR, loc),
        }
        Ok(())
    }

    /// Unpack the value on the stack into several targets.
    pub(super) fn unpack_into(&mut self, targets: &'a [Expr<'a>], loc: Location) -> Result<()> {
        let count = targets.len();
        let mut star = None;
        for (position, target) in targets.iter().enumerate() {
            if !matches!(target.kind, ExprKind::Starred { .. }) {
                continue;
            }
            if star.is_some() {
                return self.error("multiple starred expressions in assignment", loc);
            }
            let after = count - position - 1;
            if position >= 1 << 8 || after >= i32::MAX as usize >> 8 {
                return self.error("too many expressions in star-unpacking assignment", loc);
            }
            self.op_arg(Opcode::UNPACK_EX, (position + (after << 8)) as u32, loc);
            star = Some(position);
        }
        if star.is_none() {
            self.op_arg(Opcode::UNPACK_SEQUENCE, count as u32, loc);
        }
        for target in targets {
            match &target.kind {
                ExprKind::Starred { value, .. } => self.expr(value)?,
                _ => self.expr(target)?,
            }
        }
        Ok(())
    }
}

/// Whether `slice` is `a:b` that has to be computed, for which there are special instructions.
fn is_two_part_slice(slice: &Expr) -> bool {
    let ExprKind::Slice { lower, upper, step: None } = &slice.kind else { return false };
    [lower, upper].into_iter().flatten().any(|bound| !is_constant(bound))
}
