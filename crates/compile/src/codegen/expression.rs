//! Expressions: the dispatch, operators, comparisons and conditions.

use bredli_code::{BinaryOperator, Comparison, Intrinsic1, Opcode, resume};
use bredli_syntax::ast::{BoolOp, CmpOp, Expr, ExprContext, ExprKind, Identifier, Location, Operator, UnaryOp};

use super::Codegen;
use super::comprehension::Element;
use super::unit::ScopeKind;
use crate::error::Result;
use crate::instruction::Label;
use crate::tree::NO_LOCATION;

impl<'a> Codegen<'a, '_> {
    pub(super) fn exprs(&mut self, exprs: &'a [Expr<'a>]) -> Result<()> {
        exprs.iter().try_for_each(|expr| self.expr(expr))
    }

    /// Generate what evaluates `expr`, or stores to or deletes it when that is its context.
    pub(super) fn expr(&mut self, expr: &'a Expr<'a>) -> Result<()> {
        self.recursion.check()?;
        let loc = expr.loc;
        match &expr.kind {
            ExprKind::NamedExpr { target, value } => {
                self.expr(value)?;
                self.op_arg(Opcode::COPY, 1, loc);
                self.expr(target)
            }
            ExprKind::BoolOp { op, values } => self.bool_op(*op, values, loc),
            ExprKind::BinOp { left, op, right } => {
                self.expr(left)?;
                self.expr(right)?;
                self.op_arg(Opcode::BINARY_OP, binary_operator(*op).number(), loc);
                Ok(())
            }
            ExprKind::UnaryOp { op, operand } => {
                self.expr(operand)?;
                match op {
                    UnaryOp::UAdd => self.intrinsic(Intrinsic1::UnaryPositive, loc),
                    UnaryOp::Not => {
                        self.op(Opcode::TO_BOOL, loc);
                        self.op(Opcode::UNARY_NOT, loc);
                    }
                    UnaryOp::Invert => self.op(Opcode::UNARY_INVERT, loc),
                    UnaryOp::USub => self.op(Opcode::UNARY_NEGATIVE, loc),
                }
                Ok(())
            }
            ExprKind::Lambda { args, body } => self.lambda(expr, args, body),
            ExprKind::IfExp { test, body, orelse } => {
                let end = self.new_label();
                let next = self.new_label();
                self.jump_if(test, next, false)?;
                self.expr(body)?;
                self.jump(Opcode::JUMP_NO_INTERRUPT, end, NO_LOCATION);
                self.place_label(next);
                self.expr(orelse)?;
                self.place_label(end);
                Ok(())
            }
            ExprKind::Dict { keys, values } => self.dict(keys, values, loc),
            ExprKind::Set { elts } => self.set(elts, loc),
            ExprKind::GeneratorExp { elt, generators } => self.comprehension(expr, Element::Generator(elt), generators),
            ExprKind::ListComp { elt, generators } => self.comprehension(expr, Element::List(elt), generators),
            ExprKind::SetComp { elt, generators } => self.comprehension(expr, Element::Set(elt), generators),
            ExprKind::DictComp { key, value, generators } => self.comprehension(expr, Element::Dict(key, value), generators),
            ExprKind::Yield { value } => {
                if !self.block().is_function_like() {
                    return self.error("'yield' outside function", loc);
                }
                match value {
                    Some(value) => self.expr(value)?,
                    None => self.load_none(loc),
                }
                self.yield_top(loc);
                Ok(())
            }
            ExprKind::YieldFrom { value } => {
                if !self.block().is_function_like() {
                    return self.error("'yield from' outside function", loc);
                }
                if self.unit.kind == ScopeKind::AsyncFunction {
                    return self.error("'yield from' inside async function", loc);
                }
                self.expr(value)?;
                self.op(Opcode::GET_YIELD_FROM_ITER, loc);
                self.load_none(loc);
                self.yield_from(resume::AFTER_YIELD_FROM, loc);
                Ok(())
            }
            ExprKind::Await { value } => {
                self.expr(value)?;
                self.await_top(0, loc);
                Ok(())
            }
            ExprKind::Compare { left, ops, comparators } => self.compare(expr, left, ops, comparators),
            ExprKind::Call { func, args, keywords } => self.call(expr, func, args, keywords),
            ExprKind::Constant { value, .. } => {
                self.load_constant(*value, loc);
                Ok(())
            }
            ExprKind::JoinedStr { values } => self.joined_str(values, loc),
            ExprKind::TemplateStr { values } => self.template_str(values, loc),
            ExprKind::FormattedValue { value, conversion, format_spec } => {
                self.formatted_value(value, *conversion, format_spec.as_deref(), loc)
            }
            ExprKind::Interpolation { value, str, conversion, format_spec } => {
                self.interpolation(value, str, *conversion, format_spec.as_deref(), loc)
            }
            ExprKind::Attribute { value, attr, ctx } => self.attribute(expr, value, attr, *ctx),
            ExprKind::Subscript { value, slice, ctx } => self.subscript(value, slice, *ctx, loc),
            ExprKind::Starred { ctx: ExprContext::Store, .. } => self.error("starred assignment target must be in a list or tuple", loc),
            ExprKind::Starred { .. } => self.error("can't use starred expression here", loc),
            ExprKind::Slice { .. } => self.slice(expr),
            ExprKind::Name { id, ctx } => {
                let name = self.intern(id);
                self.access(name, *ctx, loc)
            }
            ExprKind::List { elts, ctx } => match ctx {
                ExprContext::Load => self.list(elts, loc),
                ExprContext::Store => self.unpack_into(elts, loc),
                ExprContext::Del => self.exprs(elts),
            },
            ExprKind::Tuple { elts, ctx } => match ctx {
                ExprContext::Load => self.tuple(elts, loc),
                ExprContext::Store => self.unpack_into(elts, loc),
                ExprContext::Del => self.exprs(elts),
            },
        }
    }

    /// Yield the value on top of the stack.
    pub(super) fn yield_top(&mut self, loc: Location) {
        let block = self.block();
        if block.generator && block.coroutine {
            self.intrinsic(Intrinsic1::AsyncGenWrap, loc);
        }
        self.op_arg(Opcode::YIELD_VALUE, 0, loc);
        self.op_arg(Opcode::RESUME, resume::AFTER_YIELD, loc);
    }

    fn bool_op(&mut self, op: BoolOp, values: &'a [Expr<'a>], loc: Location) -> Result<()> {
        let Some((last, first)) = values.split_last() else { return Ok(()) };
        let opcode = match op {
            BoolOp::And => Opcode::JUMP_IF_FALSE,
            BoolOp::Or => Opcode::JUMP_IF_TRUE,
        };
        let end = self.new_label();
        for value in first {
            self.expr(value)?;
            self.jump(opcode, end, loc);
            self.op(Opcode::POP_TOP, loc);
        }
        self.expr(last)?;
        self.place_label(end);
        Ok(())
    }

    pub(super) fn compare_op(&mut self, op: CmpOp, loc: Location) {
        let comparison = match op {
            CmpOp::Eq => Comparison::Eq,
            CmpOp::NotEq => Comparison::Ne,
            CmpOp::Lt => Comparison::Lt,
            CmpOp::LtE => Comparison::Le,
            CmpOp::Gt => Comparison::Gt,
            CmpOp::GtE => Comparison::Ge,
            CmpOp::Is => return self.op_arg(Opcode::IS_OP, 0, loc),
            CmpOp::IsNot => return self.op_arg(Opcode::IS_OP, 1, loc),
            CmpOp::In => return self.op_arg(Opcode::CONTAINS_OP, 0, loc),
            CmpOp::NotIn => return self.op_arg(Opcode::CONTAINS_OP, 1, loc),
        };
        self.op_arg(Opcode::COMPARE_OP, comparison.argument(), loc);
    }

    fn compare(&mut self, expr: &'a Expr<'a>, left: &'a Expr<'a>, ops: &'a [CmpOp], comparators: &'a [Expr<'a>]) -> Result<()> {
        let loc = expr.loc;
        self.check_compare(left, ops, comparators, loc)?;
        self.expr(left)?;
        let (Some((last_op, first_ops)), Some((last, first))) = (ops.split_last(), comparators.split_last()) else { return Ok(()) };
        if first.is_empty() {
            self.expr(last)?;
            self.compare_op(*last_op, loc);
            return Ok(());
        }
        let cleanup = self.new_label();
        for (op, comparator) in first_ops.iter().zip(first) {
            self.expr(comparator)?;
            self.op_arg(Opcode::SWAP, 2, loc);
            self.op_arg(Opcode::COPY, 2, loc);
            self.compare_op(*op, loc);
            self.op_arg(Opcode::COPY, 1, loc);
            self.op(Opcode::TO_BOOL, loc);
            self.jump(Opcode::POP_JUMP_IF_FALSE, cleanup, loc);
            self.op(Opcode::POP_TOP, loc);
        }
        self.expr(last)?;
        self.compare_op(*last_op, loc);
        let end = self.new_label();
        self.jump(Opcode::JUMP_NO_INTERRUPT, end, NO_LOCATION);
        self.place_label(cleanup);
        self.op_arg(Opcode::SWAP, 2, loc);
        self.op(Opcode::POP_TOP, loc);
        self.place_label(end);
        Ok(())
    }

    /// Jump to `next` when the truth of `expr` is `condition`; otherwise fall through.
    pub(super) fn jump_if(&mut self, expr: &'a Expr<'a>, next: Label, condition: bool) -> Result<()> {
        self.recursion.check()?;
        match &expr.kind {
            ExprKind::UnaryOp { op: UnaryOp::Not, operand } => return self.jump_if(operand, next, !condition),
            ExprKind::BoolOp { op, values } => {
                let Some((last, first)) = values.split_last() else { return Ok(()) };
                let stops_at = *op == BoolOp::Or;
                let early = if stops_at == condition { next } else { self.new_label() };
                for value in first {
                    self.jump_if(value, early, stops_at)?;
                }
                self.jump_if(last, next, condition)?;
                if early != next {
                    self.place_label(early);
                }
                return Ok(());
            }
            ExprKind::IfExp { test, body, orelse } => {
                let end = self.new_label();
                let otherwise = self.new_label();
                self.jump_if(test, otherwise, false)?;
                self.jump_if(body, next, condition)?;
                self.jump(Opcode::JUMP_NO_INTERRUPT, end, NO_LOCATION);
                self.place_label(otherwise);
                self.jump_if(orelse, next, condition)?;
                self.place_label(end);
                return Ok(());
            }
            ExprKind::Compare { left, ops, comparators } if ops.len() > 1 => {
                return self.jump_if_chain(expr, left, ops, comparators, next, condition);
            }
            _ => {}
        }
        self.expr(expr)?;
        self.op(Opcode::TO_BOOL, expr.loc);
        self.jump(jump_opcode(condition), next, expr.loc);
        Ok(())
    }

    fn jump_if_chain(
        &mut self,
        expr: &'a Expr<'a>,
        left: &'a Expr<'a>,
        ops: &'a [CmpOp],
        comparators: &'a [Expr<'a>],
        next: Label,
        condition: bool,
    ) -> Result<()> {
        let loc = expr.loc;
        self.check_compare(left, ops, comparators, loc)?;
        let cleanup = self.new_label();
        self.expr(left)?;
        let (Some((last_op, first_ops)), Some((last, first))) = (ops.split_last(), comparators.split_last()) else { return Ok(()) };
        for (op, comparator) in first_ops.iter().zip(first) {
            self.expr(comparator)?;
            self.op_arg(Opcode::SWAP, 2, loc);
            self.op_arg(Opcode::COPY, 2, loc);
            self.compare_op(*op, loc);
            self.op(Opcode::TO_BOOL, loc);
            self.jump(Opcode::POP_JUMP_IF_FALSE, cleanup, loc);
        }
        self.expr(last)?;
        self.compare_op(*last_op, loc);
        self.op(Opcode::TO_BOOL, loc);
        self.jump(jump_opcode(condition), next, loc);
        let end = self.new_label();
        self.jump(Opcode::JUMP_NO_INTERRUPT, end, NO_LOCATION);
        self.place_label(cleanup);
        self.op(Opcode::POP_TOP, loc);
        if !condition {
            self.jump(Opcode::JUMP_NO_INTERRUPT, next, NO_LOCATION);
        }
        self.place_label(end);
        Ok(())
    }

    fn attribute(&mut self, expr: &'a Expr<'a>, value: &'a Expr<'a>, attr: &Identifier, ctx: ExprContext) -> Result<()> {
        let name = self.intern(attr);
        if ctx == ExprContext::Load && self.super_attribute(expr, value, attr, name, false)? {
            self.op(Opcode::NOP, attribute_location(expr.loc, expr, attr));
            return Ok(());
        }
        if ctx == ExprContext::Store {
            self.note_static_attribute(value, name);
        }
        self.expr(value)?;
        let loc = attribute_location(expr.loc, expr, attr);
        match ctx {
            ExprContext::Load => self.load_attribute(name, false, loc),
            ExprContext::Store => self.op_name(Opcode::STORE_ATTR, name, loc),
            ExprContext::Del => self.op_name(Opcode::DELETE_ATTR, name, loc),
        }
        Ok(())
    }
}

fn jump_opcode(condition: bool) -> Opcode {
    if condition { Opcode::POP_JUMP_IF_TRUE } else { Opcode::POP_JUMP_IF_FALSE }
}

/// The operator of BINARY_OP for a plain operation.
pub(super) fn binary_operator(op: Operator) -> BinaryOperator {
    match op {
        Operator::Add => BinaryOperator::Add,
        Operator::Sub => BinaryOperator::Subtract,
        Operator::Mult => BinaryOperator::Multiply,
        Operator::MatMult => BinaryOperator::MatrixMultiply,
        Operator::Div => BinaryOperator::TrueDivide,
        Operator::Mod => BinaryOperator::Remainder,
        Operator::Pow => BinaryOperator::Power,
        Operator::LShift => BinaryOperator::LShift,
        Operator::RShift => BinaryOperator::RShift,
        Operator::BitOr => BinaryOperator::Or,
        Operator::BitXor => BinaryOperator::Xor,
        Operator::BitAnd => BinaryOperator::And,
        Operator::FloorDiv => BinaryOperator::FloorDivide,
    }
}

/// `loc`, but beginning at the attribute's name when the access spans lines.
pub(super) fn attribute_location(mut loc: Location, access: &Expr, attr: &Identifier) -> Location {
    if loc.lineno == access.loc.end_lineno {
        return loc;
    }
    loc.lineno = access.loc.end_lineno;
    let length = i32::try_from(attr.chars().count()).unwrap_or(i32::MAX);
    if length <= access.loc.end_col_offset {
        loc.col_offset = access.loc.end_col_offset - length;
    } else {
        loc.col_offset = -1;
        loc.end_col_offset = -1;
    }
    loc.end_lineno = loc.lineno.max(loc.end_lineno);
    if loc.lineno == loc.end_lineno {
        loc.end_col_offset = loc.col_offset.max(loc.end_col_offset);
    }
    loc
}
