//! Expressions back to source, as annotations are kept under `from __future__ import annotations`.
//!
//! Mirrors `Python/ast_unparse.c`, which is not the same as `ast.unparse`.

use bredli_syntax::ast::{Arg, Arguments, BoolOp, CmpOp, Comprehension, Constant, Expr, ExprKind, Keyword, Operator, UnaryOp};
use bredli_text::Wtf8Buf;

use crate::constant::{repr, repr_of_wtf8};

/// Binding strength: an operand whose own is lower is put in parentheses.
mod level {
    pub const TUPLE: u8 = 0;
    pub const TEST: u8 = 1;
    pub const OR: u8 = 2;
    pub const AND: u8 = 3;
    pub const NOT: u8 = 4;
    pub const COMPARE: u8 = 5;
    pub const BIT_OR: u8 = 6;
    pub const EXPR: u8 = BIT_OR;
    pub const BIT_XOR: u8 = 7;
    pub const BIT_AND: u8 = 8;
    pub const SHIFT: u8 = 9;
    pub const ARITHMETIC: u8 = 10;
    pub const TERM: u8 = 11;
    pub const FACTOR: u8 = 12;
    pub const POWER: u8 = 13;
    pub const AWAIT: u8 = 14;
    pub const ATOM: u8 = 15;
}

/// The source of `expr`.
#[must_use]
pub fn unparse(expr: &Expr) -> Wtf8Buf {
    let mut writer = Writer::default();
    writer.expr(expr, level::TEST);
    Wtf8Buf::from_bytes(writer.out).unwrap_or_default()
}

#[derive(Default)]
struct Writer {
    /// WTF-8: the text of format specifications is not escaped until the whole string is.
    out: Vec<u8>,
}

impl Writer {
    fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Write in parentheses when `outer` binds more strongly than `own`.
    fn parenthesized(&mut self, outer: u8, own: u8, write: impl FnOnce(&mut Self)) {
        let needed = outer > own;
        if needed {
            self.text("(");
        }
        write(self);
        if needed {
            self.text(")");
        }
    }

    fn separated<T>(&mut self, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        for (position, item) in items.into_iter().enumerate() {
            if position > 0 {
                self.text(", ");
            }
            write(self, item);
        }
    }

    fn exprs(&mut self, exprs: &[Expr]) {
        self.separated(exprs, |this, expr| this.expr(expr, level::TEST));
    }

    #[allow(clippy::too_many_lines)]
    fn expr(&mut self, expr: &Expr, outer: u8) {
        match &expr.kind {
            ExprKind::BoolOp { op, values } => {
                let (word, own) = match op {
                    BoolOp::And => (" and ", level::AND),
                    BoolOp::Or => (" or ", level::OR),
                };
                self.parenthesized(outer, own, |this| {
                    for (position, value) in values.iter().enumerate() {
                        if position > 0 {
                            this.text(word);
                        }
                        this.expr(value, own + 1);
                    }
                });
            }
            ExprKind::BinOp { left, op, right } => {
                let (word, own) = operator(*op);
                let right_associative = u8::from(*op == Operator::Pow);
                self.parenthesized(outer, own, |this| {
                    this.expr(left, own + right_associative);
                    this.text(word);
                    this.expr(right, own + 1 - right_associative);
                });
            }
            ExprKind::UnaryOp { op, operand } => {
                let (word, own) = match op {
                    UnaryOp::Invert => ("~", level::FACTOR),
                    UnaryOp::Not => ("not ", level::NOT),
                    UnaryOp::UAdd => ("+", level::FACTOR),
                    UnaryOp::USub => ("-", level::FACTOR),
                };
                self.parenthesized(outer, own, |this| {
                    this.text(word);
                    this.expr(operand, own);
                });
            }
            ExprKind::Lambda { args, body } => self.parenthesized(outer, level::TEST, |this| {
                this.text(if args.args.is_empty() && args.posonlyargs.is_empty() { "lambda" } else { "lambda " });
                this.arguments(args);
                this.text(": ");
                this.expr(body, level::TEST);
            }),
            ExprKind::IfExp { test, body, orelse } => self.parenthesized(outer, level::TEST, |this| {
                this.expr(body, level::TEST + 1);
                this.text(" if ");
                this.expr(test, level::TEST + 1);
                this.text(" else ");
                this.expr(orelse, level::TEST);
            }),
            ExprKind::Dict { keys, values } => {
                self.text("{");
                self.separated(keys.iter().zip(values.iter()), |this, (key, value)| {
                    if let Some(key) = key {
                        this.expr(key, level::TEST);
                        this.text(": ");
                        this.expr(value, level::TEST);
                    } else {
                        this.text("**");
                        this.expr(value, level::EXPR);
                    }
                });
                self.text("}");
            }
            ExprKind::Set { elts } => self.bracketed("{", elts, "}"),
            ExprKind::List { elts, .. } => self.bracketed("[", elts, "]"),
            ExprKind::GeneratorExp { elt, generators } => self.comprehension("(", elt, None, generators, ")"),
            ExprKind::ListComp { elt, generators } => self.comprehension("[", elt, None, generators, "]"),
            ExprKind::SetComp { elt, generators } => self.comprehension("{", elt, None, generators, "}"),
            ExprKind::DictComp { key, value, generators } => self.comprehension("{", key, Some(value), generators, "}"),
            ExprKind::Yield { value: None } => self.text("(yield)"),
            ExprKind::Yield { value: Some(value) } => {
                self.text("(yield ");
                self.expr(value, level::TEST);
                self.text(")");
            }
            ExprKind::YieldFrom { value } => {
                self.text("(yield from ");
                self.expr(value, level::TEST);
                self.text(")");
            }
            ExprKind::Await { value } => self.parenthesized(outer, level::AWAIT, |this| {
                this.text("await ");
                this.expr(value, level::ATOM);
            }),
            ExprKind::Compare { left, ops, comparators } => self.parenthesized(outer, level::COMPARE, |this| {
                this.expr(left, level::COMPARE + 1);
                for (op, comparator) in ops.iter().zip(comparators.iter()) {
                    this.text(comparison(*op));
                    this.expr(comparator, level::COMPARE + 1);
                }
            }),
            ExprKind::Call { func, args, keywords } => self.call(func, args, keywords),
            ExprKind::Constant { value, kind } => self.constant(*value, *kind),
            ExprKind::JoinedStr { values } => self.string("f", values),
            ExprKind::TemplateStr { values } => self.template(values),
            ExprKind::FormattedValue { .. } | ExprKind::Interpolation { .. } => self.string_part(expr),
            ExprKind::Attribute { value, attr, .. } => {
                self.expr(value, level::ATOM);
                let of_int = matches!(&value.kind, ExprKind::Constant { value: Constant::Int { .. }, .. });
                self.text(if of_int { " ." } else { "." });
                self.text(attr);
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value, level::ATOM);
                self.text("[");
                self.expr(slice, level::TUPLE);
                self.text("]");
            }
            ExprKind::Starred { value, .. } => {
                self.text("*");
                self.expr(value, level::EXPR);
            }
            ExprKind::Slice { lower, upper, step } => {
                if let Some(lower) = lower {
                    self.expr(lower, level::TEST);
                }
                self.text(":");
                if let Some(upper) = upper {
                    self.expr(upper, level::TEST);
                }
                if let Some(step) = step {
                    self.text(":");
                    self.expr(step, level::TEST);
                }
            }
            ExprKind::Name { id, .. } => self.text(id),
            ExprKind::Tuple { elts: [], .. } => self.text("()"),
            ExprKind::Tuple { elts, .. } => self.parenthesized(outer, level::TUPLE, |this| {
                this.exprs(elts);
                if elts.len() == 1 {
                    this.text(",");
                }
            }),
            ExprKind::NamedExpr { target, value } => self.parenthesized(outer, level::TUPLE, |this| {
                this.expr(target, level::ATOM);
                this.text(" := ");
                this.expr(value, level::ATOM);
            }),
        }
    }

    fn bracketed(&mut self, open: &str, elts: &[Expr], close: &str) {
        self.text(open);
        self.exprs(elts);
        self.text(close);
    }

    fn arg(&mut self, arg: &Arg) {
        self.text(&arg.arg);
        if let Some(annotation) = &arg.annotation {
            self.text(": ");
            self.expr(annotation, level::TEST);
        }
    }

    fn arguments(&mut self, args: &Arguments) {
        let mut first = true;
        let mut separate = |this: &mut Self| {
            if !std::mem::take(&mut first) {
                this.text(", ");
            }
        };
        let positional = args.posonlyargs.len() + args.args.len();
        for (position, arg) in args.posonlyargs.iter().chain(&*args.args).enumerate() {
            separate(self);
            self.arg(arg);
            if let Some(default) = (position + args.defaults.len()).checked_sub(positional) {
                self.text("=");
                self.expr(&args.defaults[default], level::TEST);
            }
            if position + 1 == args.posonlyargs.len() {
                self.text(", /");
            }
        }
        if args.vararg.is_some() || !args.kwonlyargs.is_empty() {
            separate(self);
            self.text("*");
            if let Some(vararg) = &args.vararg {
                self.arg(vararg);
            }
        }
        for (position, arg) in args.kwonlyargs.iter().enumerate() {
            separate(self);
            self.arg(arg);
            if let Some(Some(default)) = args.kw_defaults.get(position) {
                self.text("=");
                self.expr(default, level::TEST);
            }
        }
        if let Some(kwarg) = &args.kwarg {
            separate(self);
            self.text("**");
            self.arg(kwarg);
        }
    }

    fn comprehension(&mut self, open: &str, elt: &Expr, value: Option<&Expr>, generators: &[Comprehension], close: &str) {
        self.text(open);
        self.expr(elt, level::TEST);
        if let Some(value) = value {
            self.text(": ");
            self.expr(value, level::TEST);
        }
        for generator in generators {
            self.text(if generator.is_async != 0 { " async for " } else { " for " });
            self.expr(&generator.target, level::TUPLE);
            self.text(" in ");
            self.expr(&generator.iter, level::TEST + 1);
            for condition in generator.ifs.iter() {
                self.text(" if ");
                self.expr(condition, level::TEST + 1);
            }
        }
        self.text(close);
    }

    fn call(&mut self, func: &Expr, args: &[Expr], keywords: &[Keyword]) {
        self.expr(func, level::ATOM);
        if let ([generator], []) = (args, keywords)
            && matches!(generator.kind, ExprKind::GeneratorExp { .. })
        {
            return self.expr(generator, level::ATOM);
        }
        self.text("(");
        self.exprs(args);
        if !args.is_empty() && !keywords.is_empty() {
            self.text(", ");
        }
        self.separated(keywords, |this, keyword| {
            if let Some(arg) = &keyword.arg {
                this.text(arg);
                this.text("=");
            } else {
                this.text("**");
            }
            this.expr(&keyword.value, level::TEST);
        });
        self.text(")");
    }

    fn constant(&mut self, value: Constant<'_>, kind: Option<&str>) {
        if value == Constant::Ellipsis {
            return self.text("...");
        }
        self.text(kind.unwrap_or_default());
        self.constant_value(value);
    }

    fn constant_value(&mut self, value: Constant<'_>) {
        match value {
            Constant::Tuple(items) => {
                self.text("(");
                self.separated(items, |this, item| this.constant_value(*item));
                self.text(if items.len() == 1 { ",)" } else { ")" });
            }
            // No literal is infinite as such, but this one evaluates to infinity.
            Constant::Float(_) | Constant::Complex { .. } => {
                let text = repr(value).replace("inf", "1e309");
                self.text(&text);
            }
            _ => {
                let text = repr(value);
                self.text(&text);
            }
        }
    }

    fn string(&mut self, prefix: &str, values: &[Expr]) {
        let mut body = Writer::default();
        for value in values {
            body.string_part(value);
        }
        self.text(prefix);
        self.text(&repr_of_wtf8(&body.out));
    }

    /// A t-string; values of f-strings joined with it are strings of their own.
    fn template(&mut self, values: &[Expr]) {
        let mut start = 0;
        for (position, value) in values.iter().enumerate() {
            if !matches!(value.kind, ExprKind::FormattedValue { .. }) {
                continue;
            }
            if position > start {
                self.string("t", &values[start..position]);
                self.text(" ");
            }
            self.string("f", std::slice::from_ref(value));
            if position + 1 < values.len() {
                self.text(" ");
            }
            start = position + 1;
        }
        if start < values.len() || values.is_empty() {
            self.string("t", &values[start..]);
        }
    }

    fn string_part(&mut self, part: &Expr) {
        match &part.kind {
            ExprKind::Constant { value: Constant::Str(text), .. } => {
                for &byte in text.as_bytes() {
                    self.out.push(byte);
                    if matches!(byte, b'{' | b'}') {
                        self.out.push(byte);
                    }
                }
            }
            ExprKind::FormattedValue { value, conversion, format_spec } => {
                let mut inner = Writer::default();
                inner.expr(value, level::TEST + 1);
                self.replacement_field(&inner.out, *conversion, format_spec.as_deref());
            }
            ExprKind::Interpolation { str, conversion, format_spec, .. } => {
                let text = if let Constant::Str(text) = str { text.as_bytes() } else { &[] };
                self.replacement_field(text, *conversion, format_spec.as_deref());
            }
            _ => self.expr(part, level::TEST),
        }
    }

    fn replacement_field(&mut self, value: &[u8], conversion: i32, format_spec: Option<&Expr>) {
        self.text(if value.first() == Some(&b'{') { "{ " } else { "{" });
        self.out.extend_from_slice(value);
        if let Some(conversion) = u8::try_from(conversion).ok().filter(u8::is_ascii_alphabetic) {
            self.out.extend_from_slice(&[b'!', conversion]);
        }
        if let Some(format_spec) = format_spec {
            self.text(":");
            match &format_spec.kind {
                ExprKind::JoinedStr { values } => values.iter().for_each(|value| self.string_part(value)),
                _ => self.string_part(format_spec),
            }
        }
        self.text("}");
    }
}

fn operator(op: Operator) -> (&'static str, u8) {
    match op {
        Operator::Add => (" + ", level::ARITHMETIC),
        Operator::Sub => (" - ", level::ARITHMETIC),
        Operator::Mult => (" * ", level::TERM),
        Operator::MatMult => (" @ ", level::TERM),
        Operator::Div => (" / ", level::TERM),
        Operator::Mod => (" % ", level::TERM),
        Operator::LShift => (" << ", level::SHIFT),
        Operator::RShift => (" >> ", level::SHIFT),
        Operator::BitOr => (" | ", level::BIT_OR),
        Operator::BitXor => (" ^ ", level::BIT_XOR),
        Operator::BitAnd => (" & ", level::BIT_AND),
        Operator::FloorDiv => (" // ", level::TERM),
        Operator::Pow => (" ** ", level::POWER),
    }
}

fn comparison(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => " == ",
        CmpOp::NotEq => " != ",
        CmpOp::Lt => " < ",
        CmpOp::LtE => " <= ",
        CmpOp::Gt => " > ",
        CmpOp::GtE => " >= ",
        CmpOp::Is => " is ",
        CmpOp::IsNot => " is not ",
        CmpOp::In => " in ",
        CmpOp::NotIn => " not in ",
    }
}
