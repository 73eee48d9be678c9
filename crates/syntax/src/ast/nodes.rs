//! The table of all nodes, after CPython's `Parser/Python.asdl`: names, fields and their order are Python's.

use super::build::{Build, Builder};
use super::read::{Read, Reader, Slot};
use super::reflect::{Constructor, Definition, Field, FieldKind, FieldType};
use super::{Constant, Identifier, Location};

nodes! {
    sum Mod = "mod" {
        Module { body: Vec<Stmt>, type_ignores: Vec<TypeIgnore> },
        Interactive { body: Vec<Stmt> },
        Expression { body: Box<Expr> },
        FunctionType { argtypes: Vec<Expr>, returns: Box<Expr> },
    }

    located Stmt(StmtKind) = "stmt" @ LOCATION {
        FunctionDef {
            name: Identifier, args: Box<Arguments>, body: Vec<Stmt>, decorator_list: Vec<Expr>, returns: Option<Box<Expr>>,
            type_comment: Option<Box<str>>, type_params: Vec<TypeParam>
        },
        AsyncFunctionDef {
            name: Identifier, args: Box<Arguments>, body: Vec<Stmt>, decorator_list: Vec<Expr>, returns: Option<Box<Expr>>,
            type_comment: Option<Box<str>>, type_params: Vec<TypeParam>
        },
        ClassDef {
            name: Identifier, bases: Vec<Expr>, keywords: Vec<Keyword>, body: Vec<Stmt>, decorator_list: Vec<Expr>,
            type_params: Vec<TypeParam>
        },
        Return { value: Option<Box<Expr>> },
        Delete { targets: Vec<Expr> },
        Assign { targets: Vec<Expr>, value: Box<Expr>, type_comment: Option<Box<str>> },
        TypeAlias { name: Box<Expr>, type_params: Vec<TypeParam>, value: Box<Expr> },
        AugAssign { target: Box<Expr>, op: Operator, value: Box<Expr> },
        AnnAssign { target: Box<Expr>, annotation: Box<Expr>, value: Option<Box<Expr>>, simple: i32 },
        For { target: Box<Expr>, iter: Box<Expr>, body: Vec<Stmt>, orelse: Vec<Stmt>, type_comment: Option<Box<str>> },
        AsyncFor { target: Box<Expr>, iter: Box<Expr>, body: Vec<Stmt>, orelse: Vec<Stmt>, type_comment: Option<Box<str>> },
        While { test: Box<Expr>, body: Vec<Stmt>, orelse: Vec<Stmt> },
        If { test: Box<Expr>, body: Vec<Stmt>, orelse: Vec<Stmt> },
        With { items: Vec<WithItem>, body: Vec<Stmt>, type_comment: Option<Box<str>> },
        AsyncWith { items: Vec<WithItem>, body: Vec<Stmt>, type_comment: Option<Box<str>> },
        Match { subject: Box<Expr>, cases: Vec<MatchCase> },
        Raise { exc: Option<Box<Expr>>, cause: Option<Box<Expr>> },
        Try { body: Vec<Stmt>, handlers: Vec<ExceptHandler>, orelse: Vec<Stmt>, finalbody: Vec<Stmt> },
        TryStar { body: Vec<Stmt>, handlers: Vec<ExceptHandler>, orelse: Vec<Stmt>, finalbody: Vec<Stmt> },
        Assert { test: Box<Expr>, msg: Option<Box<Expr>> },
        Import { names: Vec<Alias> },
        ImportFrom { module: Option<Identifier>, names: Vec<Alias>, level: Option<i32> },
        Global { names: Vec<Identifier> },
        Nonlocal { names: Vec<Identifier> },
        Expr { value: Box<Expr> },
        Pass,
        Break,
        Continue,
    }

    located Expr(ExprKind) = "expr" @ LOCATION {
        BoolOp { op: BoolOp, values: Vec<Expr> },
        NamedExpr { target: Box<Expr>, value: Box<Expr> },
        BinOp { left: Box<Expr>, op: Operator, right: Box<Expr> },
        UnaryOp { op: UnaryOp, operand: Box<Expr> },
        Lambda { args: Box<Arguments>, body: Box<Expr> },
        IfExp { test: Box<Expr>, body: Box<Expr>, orelse: Box<Expr> },
        Dict { keys: Vec<Option<Expr>>, values: Vec<Expr> },
        Set { elts: Vec<Expr> },
        ListComp { elt: Box<Expr>, generators: Vec<Comprehension> },
        SetComp { elt: Box<Expr>, generators: Vec<Comprehension> },
        DictComp { key: Box<Expr>, value: Box<Expr>, generators: Vec<Comprehension> },
        GeneratorExp { elt: Box<Expr>, generators: Vec<Comprehension> },
        Await { value: Box<Expr> },
        Yield { value: Option<Box<Expr>> },
        YieldFrom { value: Box<Expr> },
        Compare { left: Box<Expr>, ops: Vec<CmpOp>, comparators: Vec<Expr> },
        Call { func: Box<Expr>, args: Vec<Expr>, keywords: Vec<Keyword> },
        FormattedValue { value: Box<Expr>, conversion: i32, format_spec: Option<Box<Expr>> },
        Interpolation { value: Box<Expr>, str: Constant, conversion: i32, format_spec: Option<Box<Expr>> },
        JoinedStr { values: Vec<Expr> },
        TemplateStr { values: Vec<Expr> },
        Constant { value: Constant, kind: Option<Box<str>> },
        Attribute { value: Box<Expr>, attr: Identifier, ctx: ExprContext },
        Subscript { value: Box<Expr>, slice: Box<Expr>, ctx: ExprContext },
        Starred { value: Box<Expr>, ctx: ExprContext },
        Name { id: Identifier, ctx: ExprContext },
        List { elts: Vec<Expr>, ctx: ExprContext },
        Tuple { elts: Vec<Expr>, ctx: ExprContext },
        Slice { lower: Option<Box<Expr>>, upper: Option<Box<Expr>>, step: Option<Box<Expr>> },
    }

    choice ExprContext = "expr_context" { Load, Store, Del }

    choice BoolOp = "boolop" { And, Or }

    choice Operator = "operator" { Add, Sub, Mult, MatMult, Div, Mod, Pow, LShift, RShift, BitOr, BitXor, BitAnd, FloorDiv }

    choice UnaryOp = "unaryop" { Invert, Not, UAdd, USub }

    choice CmpOp = "cmpop" { Eq, NotEq, Lt, LtE, Gt, GtE, Is, IsNot, In, NotIn }

    product Comprehension = "comprehension" { target: Expr, iter: Expr, ifs: Vec<Expr>, is_async: i32 }

    single ExceptHandler = "excepthandler" @ LOCATION { r#type: Option<Box<Expr>>, name: Option<Identifier>, body: Vec<Stmt> }

    product Arguments = "arguments" {
        posonlyargs: Vec<Arg>, args: Vec<Arg>, vararg: Option<Box<Arg>>, kwonlyargs: Vec<Arg>, kw_defaults: Vec<Option<Expr>>,
        kwarg: Option<Box<Arg>>, defaults: Vec<Expr>,
    }

    product Arg = "arg" @ LOCATION { arg: Identifier, annotation: Option<Box<Expr>>, type_comment: Option<Box<str>> }

    product Keyword = "keyword" @ LOCATION { arg: Option<Identifier>, value: Expr }

    product Alias = "alias" @ LOCATION { name: Identifier, asname: Option<Identifier> }

    product WithItem = "withitem" { context_expr: Expr, optional_vars: Option<Box<Expr>> }

    product MatchCase = "match_case" { pattern: Pattern, guard: Option<Box<Expr>>, body: Vec<Stmt> }

    located Pattern(PatternKind) = "pattern" @ FULL_LOCATION {
        MatchValue { value: Box<Expr> },
        MatchSingleton { value: Constant },
        MatchSequence { patterns: Vec<Pattern> },
        MatchMapping { keys: Vec<Expr>, patterns: Vec<Pattern>, rest: Option<Identifier> },
        MatchClass { cls: Box<Expr>, patterns: Vec<Pattern>, kwd_attrs: Vec<Identifier>, kwd_patterns: Vec<Pattern> },
        MatchStar { name: Option<Identifier> },
        MatchAs { pattern: Option<Box<Pattern>>, name: Option<Identifier> },
        MatchOr { patterns: Vec<Pattern> },
    }

    single TypeIgnore = "type_ignore" { lineno: i32, tag: Box<str> }

    located TypeParam(TypeParamKind) = "type_param" @ FULL_LOCATION {
        TypeVar { name: Identifier, bound: Option<Box<Expr>>, default_value: Option<Box<Expr>> },
        ParamSpec { name: Identifier, default_value: Option<Box<Expr>> },
        TypeVarTuple { name: Identifier, default_value: Option<Box<Expr>> },
    }
}

/// The Python name of a field whose Rust name may be raw (`r#type`).
const fn python_name(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}
