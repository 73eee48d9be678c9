//! Expressions, except literals and strings.

use ruff_python_ast as ruff;

use super::statements::operator;
use super::{Converter, Result};
use crate::ast::{BoolOp, CmpOp, Comprehension, Constant, Expr, ExprContext, ExprKind, UnaryOp};

impl<'t> Converter<'_, 't> {
    pub(super) fn expressions(&mut self, expressions: &[ruff::Expr]) -> Result<&'t mut [Expr<'t>]> {
        self.list(expressions, Self::expression)
    }

    pub(super) fn in_arena(&mut self, expression: &ruff::Expr) -> Result<&'t mut Expr<'t>> {
        self.expression(expression).map(|expression| self.arena.node(expression))
    }

    pub(super) fn optional(&mut self, expression: Option<&ruff::Expr>) -> Result<Option<&'t mut Expr<'t>>> {
        expression.map(|expression| self.in_arena(expression)).transpose()
    }

    pub(super) fn expression(&mut self, expression: &ruff::Expr) -> Result<Expr<'t>> {
        let loc = self.loc_of(expression);
        let kind = match expression {
            ruff::Expr::BoolOp(node) => ExprKind::BoolOp {
                op: match node.op {
                    ruff::BoolOp::And => BoolOp::And,
                    ruff::BoolOp::Or => BoolOp::Or,
                },
                values: self.expressions(&node.values)?,
            },
            ruff::Expr::Named(node) => ExprKind::NamedExpr { target: self.in_arena(&node.target)?, value: self.in_arena(&node.value)? },
            ruff::Expr::BinOp(node) => {
                ExprKind::BinOp { left: self.in_arena(&node.left)?, op: operator(node.op), right: self.in_arena(&node.right)? }
            }
            ruff::Expr::UnaryOp(node) => ExprKind::UnaryOp { op: unary_operator(node.op), operand: self.in_arena(&node.operand)? },
            ruff::Expr::Lambda(node) => {
                ExprKind::Lambda { args: self.parameters(node.parameters.as_deref())?, body: self.in_arena(&node.body)? }
            }
            ruff::Expr::If(node) => {
                ExprKind::IfExp { test: self.in_arena(&node.test)?, body: self.in_arena(&node.body)?, orelse: self.in_arena(&node.orelse)? }
            }
            ruff::Expr::Dict(node) => {
                let key = |converter: &mut Self, item: &ruff::DictItem| item.key.as_ref().map(|key| converter.expression(key)).transpose();
                let keys = self.list(&node.items, key)?;
                ExprKind::Dict { keys, values: self.list(&node.items, |converter, item| converter.expression(&item.value))? }
            }
            ruff::Expr::Set(node) => ExprKind::Set { elts: self.expressions(&node.elts)? },
            ruff::Expr::ListComp(node) => {
                ExprKind::ListComp { elt: self.in_arena(&node.elt)?, generators: self.comprehensions(&node.generators)? }
            }
            ruff::Expr::SetComp(node) => {
                ExprKind::SetComp { elt: self.in_arena(&node.elt)?, generators: self.comprehensions(&node.generators)? }
            }
            ruff::Expr::DictComp(node) => ExprKind::DictComp {
                key: self.in_arena(node.key.as_deref().expect("unpacking in a comprehension is refused for 3.14"))?,
                value: self.in_arena(&node.value)?,
                generators: self.comprehensions(&node.generators)?,
            },
            ruff::Expr::Generator(node) => {
                ExprKind::GeneratorExp { elt: self.in_arena(&node.elt)?, generators: self.comprehensions(&node.generators)? }
            }
            ruff::Expr::Await(node) => ExprKind::Await { value: self.in_arena(&node.value)? },
            ruff::Expr::Yield(node) => ExprKind::Yield { value: self.optional(node.value.as_deref())? },
            ruff::Expr::YieldFrom(node) => ExprKind::YieldFrom { value: self.in_arena(&node.value)? },
            ruff::Expr::Compare(node) => ExprKind::Compare {
                left: self.in_arena(&node.left)?,
                ops: self.arena.list(node.ops.iter().map(|op| comparison(*op))),
                comparators: self.expressions(&node.comparators)?,
            },
            ruff::Expr::Call(node) => self.call(node)?,
            ruff::Expr::FString(node) => self.fstring(node)?,
            ruff::Expr::TString(node) => self.tstring(node)?,
            ruff::Expr::StringLiteral(node) => self.string(node)?,
            ruff::Expr::BytesLiteral(node) => self.bytes(node)?,
            ruff::Expr::NumberLiteral(node) => self.number(node, loc)?,
            ruff::Expr::BooleanLiteral(node) => ExprKind::Constant { value: Constant::Bool(node.value), kind: None },
            ruff::Expr::NoneLiteral(_) => ExprKind::Constant { value: Constant::None, kind: None },
            ruff::Expr::EllipsisLiteral(_) => ExprKind::Constant { value: Constant::Ellipsis, kind: None },
            ruff::Expr::Attribute(node) => {
                ExprKind::Attribute { value: self.in_arena(&node.value)?, attr: self.identifier(&node.attr), ctx: context(node.ctx) }
            }
            ruff::Expr::Subscript(node) => {
                ExprKind::Subscript { value: self.in_arena(&node.value)?, slice: self.in_arena(&node.slice)?, ctx: context(node.ctx) }
            }
            ruff::Expr::Starred(node) => ExprKind::Starred { value: self.in_arena(&node.value)?, ctx: context(node.ctx) },
            ruff::Expr::Name(node) => ExprKind::Name { id: self.name(node.id.as_str()), ctx: context(node.ctx) },
            ruff::Expr::List(node) => ExprKind::List { elts: self.expressions(&node.elts)?, ctx: context(node.ctx) },
            ruff::Expr::Tuple(node) => ExprKind::Tuple { elts: self.expressions(&node.elts)?, ctx: context(node.ctx) },
            ruff::Expr::Slice(node) => ExprKind::Slice {
                lower: self.optional(node.lower.as_deref())?,
                upper: self.optional(node.upper.as_deref())?,
                step: self.optional(node.step.as_deref())?,
            },
            ruff::Expr::IpyEscapeCommand(_) => unreachable!("only in IPython mode"),
        };
        Ok(kind.at(loc))
    }

    fn call(&mut self, node: &ruff::ExprCall) -> Result<ExprKind<'t>> {
        let func = self.in_arena(&node.func)?;
        let args = self.expressions(&node.arguments.args)?;
        // CPython's sole generator argument owns the parentheses of the call.
        if let ([ruff::Expr::Generator(generator)], [only]) = (&*node.arguments.args, &mut *args)
            && !generator.parenthesized
        {
            only.loc = self.loc(node.arguments.range);
        }
        Ok(ExprKind::Call { func, args, keywords: self.keywords(&node.arguments.keywords)? })
    }

    fn comprehensions(&mut self, generators: &[ruff::Comprehension]) -> Result<&'t mut [Comprehension<'t>]> {
        self.list(generators, |converter, generator| {
            Ok(Comprehension {
                target: converter.expression(&generator.target)?,
                iter: converter.expression(&generator.iter)?,
                ifs: converter.expressions(&generator.ifs)?,
                is_async: i32::from(generator.is_async),
            })
        })
    }
}

fn context(ctx: ruff::ExprContext) -> ExprContext {
    match ctx {
        ruff::ExprContext::Load | ruff::ExprContext::Invalid => ExprContext::Load,
        ruff::ExprContext::Store => ExprContext::Store,
        ruff::ExprContext::Del => ExprContext::Del,
    }
}

fn unary_operator(op: ruff::UnaryOp) -> UnaryOp {
    match op {
        ruff::UnaryOp::Invert => UnaryOp::Invert,
        ruff::UnaryOp::Not => UnaryOp::Not,
        ruff::UnaryOp::UAdd => UnaryOp::UAdd,
        ruff::UnaryOp::USub => UnaryOp::USub,
    }
}

fn comparison(op: ruff::CmpOp) -> CmpOp {
    match op {
        ruff::CmpOp::Eq => CmpOp::Eq,
        ruff::CmpOp::NotEq => CmpOp::NotEq,
        ruff::CmpOp::Lt => CmpOp::Lt,
        ruff::CmpOp::LtE => CmpOp::LtE,
        ruff::CmpOp::Gt => CmpOp::Gt,
        ruff::CmpOp::GtE => CmpOp::GtE,
        ruff::CmpOp::Is => CmpOp::Is,
        ruff::CmpOp::IsNot => CmpOp::IsNot,
        ruff::CmpOp::In => CmpOp::In,
        ruff::CmpOp::NotIn => CmpOp::NotIn,
    }
}
