//! Checks of trees that a program has made or changed: whatever code generation relies on and the types do not say.
//!
//! Mirrors `Python/ast.c`.

use bredli_syntax::ast::{
    Arg, Arguments, Comprehension, Constant, ExceptHandler, Expr, ExprContext, ExprKind, Identifier, Keyword, Location, Mod, Operator,
    Pattern, PatternKind, Stmt, StmtKind, TypeParam, TypeParamKind, UnaryOp, WithItem,
};

use crate::recursion::Recursion;

/// Why a tree is none that a parser could have made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidTree {
    /// ValueError with this message.
    Value(String),
    /// TypeError with this message.
    Type(String),
    /// RecursionError: the tree is nested too deeply.
    Recursion,
}

type Result = std::result::Result<(), InvalidTree>;

/// Check `module`, whose depth is at most `depth` (as for compiling).
///
/// # Errors
/// What makes the tree invalid.
pub fn validate(module: &Mod, depth: usize) -> Result {
    crate::driver::with_stack_for(depth, |recursion| {
        let validator = Validator { recursion };
        match module {
            Mod::Module { body, .. } | Mod::Interactive { body } => validator.stmts(body),
            Mod::Expression { body } => validator.load(body),
            Mod::FunctionType { argtypes, returns } => {
                validator.loads(argtypes)?;
                validator.load(returns)
            }
        }
    })
}

fn value_error<T>(message: impl Into<String>) -> std::result::Result<T, InvalidTree> {
    Err(InvalidTree::Value(message.into()))
}

fn type_error<T>(message: &str) -> std::result::Result<T, InvalidTree> {
    Err(InvalidTree::Type(message.to_owned()))
}

fn nonempty<T>(items: &[T], what: &str, owner: &str) -> Result {
    if items.is_empty() { value_error(format!("empty {what} on {owner}")) } else { Ok(()) }
}

fn position(loc: Location) -> Result {
    let Location { lineno, col_offset, end_lineno, end_col_offset } = loc;
    if lineno > end_lineno {
        return value_error(format!("AST node line range ({lineno}, {end_lineno}) is not valid"));
    }
    if (lineno < 0 && end_lineno != lineno) || (col_offset < 0 && col_offset != end_col_offset) {
        return value_error(format!(
            "AST node column range ({col_offset}, {end_col_offset}) for line range ({lineno}, {end_lineno}) is not valid"
        ));
    }
    if lineno == end_lineno && col_offset > end_col_offset {
        return value_error(format!("line {lineno}, column {col_offset}-{end_col_offset} is not a valid range"));
    }
    Ok(())
}

fn name(name: &Identifier) -> Result {
    match &**name {
        constant @ ("None" | "True" | "False") => value_error(format!("identifier field can't represent '{constant}' constant")),
        _ => Ok(()),
    }
}

fn capture(captured: Option<&Identifier>) -> Result {
    match captured {
        None => Ok(()),
        Some(captured) if &**captured == "_" => value_error("can't capture name '_' in patterns"),
        Some(captured) => name(captured),
    }
}

fn context_name(ctx: ExprContext) -> &'static str {
    match ctx {
        ExprContext::Load => "Load",
        ExprContext::Store => "Store",
        ExprContext::Del => "Del",
    }
}

struct Validator {
    recursion: Recursion,
}

impl Validator {
    fn enter(&self) -> Result {
        self.recursion.check().map_err(|_| InvalidTree::Recursion)
    }

    fn load(&self, expr: &Expr) -> Result {
        self.expr(expr, ExprContext::Load)
    }

    fn loads(&self, exprs: &[Expr]) -> Result {
        exprs.iter().try_for_each(|expr| self.load(expr))
    }

    fn optional(&self, expr: Option<&Expr>) -> Result {
        expr.map_or(Ok(()), |expr| self.load(expr))
    }

    fn comprehension(&self, generators: &[Comprehension]) -> Result {
        if generators.is_empty() {
            return value_error("comprehension with no generators");
        }
        for generator in generators {
            self.expr(&generator.target, ExprContext::Store)?;
            self.load(&generator.iter)?;
            self.loads(generator.ifs)?;
        }
        Ok(())
    }

    fn keywords(&self, keywords: &[Keyword]) -> Result {
        keywords.iter().try_for_each(|keyword| self.load(&keyword.value))
    }

    fn args(&self, args: &[Arg]) -> Result {
        for arg in args {
            position(arg.loc)?;
            self.optional(arg.annotation.as_deref())?;
        }
        Ok(())
    }

    fn arguments(&self, args: &Arguments) -> Result {
        self.args(args.posonlyargs)?;
        self.args(args.args)?;
        self.optional(args.vararg.as_ref().and_then(|arg| arg.annotation.as_deref()))?;
        self.args(args.kwonlyargs)?;
        self.optional(args.kwarg.as_ref().and_then(|arg| arg.annotation.as_deref()))?;
        if args.defaults.len() > args.posonlyargs.len() + args.args.len() {
            return value_error("more positional defaults than args on arguments");
        }
        if args.kw_defaults.len() != args.kwonlyargs.len() {
            return value_error("length of kwonlyargs is not the same as kw_defaults on arguments");
        }
        self.loads(args.defaults)?;
        args.kw_defaults.iter().flatten().try_for_each(|default| self.load(default))
    }

    #[allow(clippy::too_many_lines)]
    fn expr(&self, expr: &Expr, ctx: ExprContext) -> Result {
        position(expr.loc)?;
        self.enter()?;
        if let ExprKind::Name { id, .. } = &expr.kind {
            name(id)?;
        }
        match &expr.kind {
            ExprKind::Attribute { ctx: actual, .. }
            | ExprKind::Subscript { ctx: actual, .. }
            | ExprKind::Starred { ctx: actual, .. }
            | ExprKind::Name { ctx: actual, .. }
            | ExprKind::List { ctx: actual, .. }
            | ExprKind::Tuple { ctx: actual, .. } => {
                if *actual != ctx {
                    let (wanted, actual) = (context_name(ctx), context_name(*actual));
                    return value_error(format!("expression must have {wanted} context but has {actual} instead"));
                }
            }
            _ if ctx != ExprContext::Load => {
                return value_error(format!("expression which can't be assigned to in {} context", context_name(ctx)));
            }
            _ => {}
        }
        match &expr.kind {
            ExprKind::BoolOp { values, .. } => {
                if values.len() < 2 {
                    return value_error("BoolOp with less than 2 values");
                }
                self.loads(values)
            }
            ExprKind::BinOp { left, right, .. } => {
                self.load(left)?;
                self.load(right)
            }
            ExprKind::Lambda { args, body } => {
                self.arguments(args)?;
                self.load(body)
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.load(test)?;
                self.load(body)?;
                self.load(orelse)
            }
            ExprKind::Dict { keys, values } => {
                if keys.len() != values.len() {
                    return value_error("Dict doesn't have the same number of keys as values");
                }
                keys.iter().flatten().try_for_each(|key| self.load(key))?;
                self.loads(values)
            }
            ExprKind::Set { elts } => self.loads(elts),
            ExprKind::JoinedStr { values } | ExprKind::TemplateStr { values } => self.loads(values),
            ExprKind::ListComp { elt, generators } | ExprKind::SetComp { elt, generators } | ExprKind::GeneratorExp { elt, generators } => {
                self.comprehension(generators)?;
                self.load(elt)
            }
            ExprKind::DictComp { key, value, generators } => {
                self.comprehension(generators)?;
                self.load(key)?;
                self.load(value)
            }
            ExprKind::Yield { value } => self.optional(value.as_deref()),
            ExprKind::UnaryOp { operand: value, .. }
            | ExprKind::YieldFrom { value }
            | ExprKind::Await { value }
            | ExprKind::Attribute { value, .. } => self.load(value),
            ExprKind::Compare { left, ops, comparators } => {
                if comparators.is_empty() {
                    return value_error("Compare with no comparators");
                }
                if comparators.len() != ops.len() {
                    return value_error("Compare has a different number of comparators and operands");
                }
                self.loads(comparators)?;
                self.load(left)
            }
            ExprKind::Call { func, args, keywords } => {
                self.load(func)?;
                self.loads(args)?;
                self.keywords(keywords)
            }
            ExprKind::FormattedValue { value, format_spec, .. } | ExprKind::Interpolation { value, format_spec, .. } => {
                self.load(value)?;
                self.optional(format_spec.as_deref())
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.load(slice)?;
                self.load(value)
            }
            ExprKind::Starred { value, .. } => self.expr(value, ctx),
            ExprKind::Slice { lower, upper, step } => [lower, upper, step].into_iter().flatten().try_for_each(|bound| self.load(bound)),
            ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => elts.iter().try_for_each(|elt| self.expr(elt, ctx)),
            ExprKind::NamedExpr { target, value } => {
                if !matches!(target.kind, ExprKind::Name { .. }) {
                    return type_error("NamedExpr target must be a Name");
                }
                self.load(value)
            }
            ExprKind::Name { .. } | ExprKind::Constant { .. } => Ok(()),
        }
    }

    fn matched_value(&self, value: &Expr) -> Result {
        self.load(value)?;
        let literal = match &value.kind {
            ExprKind::Constant { value, .. } => {
                return match value {
                    Constant::Int { .. } | Constant::Float(_) | Constant::Complex { .. } | Constant::Str(_) | Constant::Bytes(_) => Ok(()),
                    _ => value_error("unexpected constant inside of a literal pattern"),
                };
            }
            ExprKind::Attribute { .. } | ExprKind::JoinedStr { .. } | ExprKind::TemplateStr { .. } => true,
            ExprKind::UnaryOp { .. } => is_real(value) || is_negative(value, is_imaginary),
            ExprKind::BinOp { left, op: Operator::Add | Operator::Sub, right } => is_real(left) && is_imaginary(right),
            _ => false,
        };
        if literal { Ok(()) } else { value_error("patterns may only match literals and attribute lookups") }
    }

    fn patterns(&self, patterns: &[Pattern], star_ok: bool) -> Result {
        patterns.iter().try_for_each(|pattern| self.pattern(pattern, star_ok))
    }

    fn pattern(&self, pattern: &Pattern, star_ok: bool) -> Result {
        position(pattern.loc)?;
        self.enter()?;
        match &pattern.kind {
            PatternKind::MatchValue { value } => self.matched_value(value),
            PatternKind::MatchSingleton { value: Constant::None | Constant::Bool(_) } => Ok(()),
            PatternKind::MatchSingleton { .. } => value_error("MatchSingleton can only contain True, False and None"),
            PatternKind::MatchSequence { patterns } => self.patterns(patterns, true),
            PatternKind::MatchMapping { keys, patterns, rest } => {
                if keys.len() != patterns.len() {
                    return value_error("MatchMapping doesn't have the same number of keys as patterns");
                }
                capture(rest.as_ref())?;
                for key in keys.iter() {
                    if !matches!(&key.kind, ExprKind::Constant { value: Constant::None | Constant::Bool(_), .. }) {
                        self.matched_value(key)?;
                    }
                }
                self.patterns(patterns, false)
            }
            PatternKind::MatchClass { cls, patterns, kwd_attrs, kwd_patterns } => {
                if kwd_attrs.len() != kwd_patterns.len() {
                    return value_error("MatchClass doesn't have the same number of keyword attributes as patterns");
                }
                self.load(cls)?;
                let mut part = cls;
                while let ExprKind::Attribute { value, .. } = &part.kind {
                    part = value;
                }
                if !matches!(part.kind, ExprKind::Name { .. }) {
                    return value_error("MatchClass cls field can only contain Name or Attribute nodes.");
                }
                kwd_attrs.iter().try_for_each(name)?;
                self.patterns(patterns, false)?;
                self.patterns(kwd_patterns, false)
            }
            PatternKind::MatchStar { .. } if !star_ok => value_error("can't use MatchStar here"),
            PatternKind::MatchStar { name } => capture(name.as_ref()),
            PatternKind::MatchAs { pattern, name } => {
                capture(name.as_ref())?;
                match (pattern, name) {
                    (None, _) => Ok(()),
                    (Some(_), None) => value_error("MatchAs must specify a target name if a pattern is given"),
                    (Some(pattern), Some(_)) => self.pattern(pattern, false),
                }
            }
            PatternKind::MatchOr { patterns } if patterns.len() < 2 => value_error("MatchOr requires at least 2 patterns"),
            PatternKind::MatchOr { patterns } => self.patterns(patterns, false),
        }
    }

    fn body(&self, body: &[Stmt], owner: &str) -> Result {
        nonempty(body, "body", owner)?;
        self.stmts(body)
    }

    fn stmts(&self, body: &[Stmt]) -> Result {
        body.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn targets(&self, targets: &[Expr], ctx: ExprContext, owner: &str) -> Result {
        nonempty(targets, "targets", owner)?;
        targets.iter().try_for_each(|target| self.expr(target, ctx))
    }

    fn type_params(&self, params: &[TypeParam]) -> Result {
        for param in params {
            position(param.loc)?;
            let (TypeParamKind::TypeVar { name: param_name, default_value, .. }
            | TypeParamKind::ParamSpec { name: param_name, default_value }
            | TypeParamKind::TypeVarTuple { name: param_name, default_value }) = &param.kind;
            name(param_name)?;
            if let TypeParamKind::TypeVar { bound, .. } = &param.kind {
                self.optional(bound.as_deref())?;
            }
            self.optional(default_value.as_deref())?;
        }
        Ok(())
    }

    fn with(&self, items: &[WithItem], body: &[Stmt], owner: &str) -> Result {
        nonempty(items, "items", owner)?;
        for item in items {
            self.load(&item.context_expr)?;
            item.optional_vars.as_ref().map_or(Ok(()), |target| self.expr(target, ExprContext::Store))?;
        }
        self.body(body, owner)
    }

    fn try_statement(&self, body: &[Stmt], handlers: &[ExceptHandler], orelse: &[Stmt], finalbody: &[Stmt], owner: &str) -> Result {
        self.body(body, owner)?;
        if handlers.is_empty() && finalbody.is_empty() {
            return value_error(format!("{owner} has neither except handlers nor finalbody"));
        }
        if handlers.is_empty() && !orelse.is_empty() {
            return value_error(format!("{owner} has orelse but no except handlers"));
        }
        for handler in handlers {
            if owner == "Try" {
                position(handler.loc)?;
            }
            self.optional(handler.r#type.as_deref())?;
            if owner == "Try" {
                handler.name.as_ref().map_or(Ok(()), name)?;
            }
            self.body(handler.body, "ExceptHandler")?;
        }
        self.stmts(finalbody)?;
        self.stmts(orelse)
    }

    #[allow(clippy::too_many_lines)]
    fn stmt(&self, stmt: &Stmt) -> Result {
        position(stmt.loc)?;
        self.enter()?;
        let owner = stmt.kind.name();
        match &stmt.kind {
            StmtKind::FunctionDef { name: function, args, body, decorator_list, returns, type_params, .. }
            | StmtKind::AsyncFunctionDef { name: function, args, body, decorator_list, returns, type_params, .. } => {
                self.body(body, owner)?;
                name(function)?;
                self.type_params(type_params)?;
                self.arguments(args)?;
                self.loads(decorator_list)?;
                self.optional(returns.as_deref())
            }
            StmtKind::ClassDef { name: class, bases, keywords, body, decorator_list, type_params } => {
                self.body(body, owner)?;
                name(class)?;
                self.type_params(type_params)?;
                self.loads(bases)?;
                self.keywords(keywords)?;
                self.loads(decorator_list)
            }
            StmtKind::Return { value } => self.optional(value.as_ref()),
            StmtKind::Delete { targets } => self.targets(targets, ExprContext::Del, owner),
            StmtKind::Assign { targets, value, .. } => {
                self.targets(targets, ExprContext::Store, owner)?;
                self.load(value)
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.expr(target, ExprContext::Store)?;
                self.load(value)
            }
            StmtKind::AnnAssign { target, annotation, value, simple } => {
                if *simple != 0 && !matches!(target.kind, ExprKind::Name { .. }) {
                    return type_error("AnnAssign with simple non-Name target");
                }
                self.expr(target, ExprContext::Store)?;
                self.optional(value.as_deref())?;
                self.load(annotation)
            }
            StmtKind::TypeAlias { name: alias, type_params, value } => {
                if !matches!(alias.kind, ExprKind::Name { .. }) {
                    return type_error("TypeAlias with non-Name name");
                }
                self.expr(alias, ExprContext::Store)?;
                self.type_params(type_params)?;
                self.load(value)
            }
            StmtKind::For { target, iter, body, orelse, .. } | StmtKind::AsyncFor { target, iter, body, orelse, .. } => {
                self.expr(target, ExprContext::Store)?;
                self.load(iter)?;
                self.body(body, owner)?;
                self.stmts(orelse)
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                self.load(test)?;
                self.body(body, owner)?;
                self.stmts(orelse)
            }
            StmtKind::With { items, body, .. } | StmtKind::AsyncWith { items, body, .. } => self.with(items, body, owner),
            StmtKind::Match { subject, cases } => {
                self.load(subject)?;
                nonempty(cases, "cases", owner)?;
                for case in cases.iter() {
                    self.pattern(&case.pattern, false)?;
                    self.optional(case.guard.as_deref())?;
                    self.body(case.body, "match_case")?;
                }
                Ok(())
            }
            StmtKind::Raise { exc: None, cause: Some(_) } => value_error("Raise with cause but no exception"),
            StmtKind::Raise { exc, cause } => {
                self.optional(exc.as_deref())?;
                self.optional(cause.as_deref())
            }
            StmtKind::Try { body, handlers, orelse, finalbody } | StmtKind::TryStar { body, handlers, orelse, finalbody } => {
                self.try_statement(body, handlers, orelse, finalbody, owner)
            }
            StmtKind::Assert { test, msg } => {
                self.load(test)?;
                self.optional(msg.as_deref())
            }
            StmtKind::ImportFrom { level: Some(level), .. } if *level < 0 => value_error("Negative ImportFrom level"),
            StmtKind::Import { names } | StmtKind::ImportFrom { names, .. } => {
                nonempty(names, "names", owner)?;
                names.iter().flat_map(|alias| std::iter::once(&alias.name).chain(&alias.asname)).try_for_each(name)
            }
            StmtKind::Global { names } | StmtKind::Nonlocal { names } => nonempty(names, "names", owner),
            StmtKind::Expr { value } => self.load(value),
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => Ok(()),
        }
    }
}

fn is_negative(expr: &Expr, of: fn(&Expr) -> bool) -> bool {
    matches!(&expr.kind, ExprKind::UnaryOp { op: UnaryOp::USub, operand } if of(operand))
}

/// Whether `expr` is a literal int or float, or the negative of one.
fn is_real(expr: &Expr) -> bool {
    let literal = |expr: &Expr| matches!(&expr.kind, ExprKind::Constant { value: Constant::Int { .. } | Constant::Float(_), .. });
    match &expr.kind {
        ExprKind::UnaryOp { op: UnaryOp::USub, operand } => literal(operand),
        _ => literal(expr),
    }
}

fn is_imaginary(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Constant { value: Constant::Complex { .. }, .. })
}
