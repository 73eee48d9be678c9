//! The table of all nodes, after CPython's `Parser/Python.asdl`: names, fields and their order are Python's.
//! A list takes one word in its node, since nodes are many and most lists are short.

use super::build::{Build, Builder};
use super::read::{Read, Reader, Slot};
use super::reflect::{Constructor, Definition, Field, FieldKind, FieldType};
use super::{Constant, Identifier, Location, ThinVec};

nodes! {
    sum Mod = "mod" {
        Module { body: ThinVec<Stmt>, type_ignores: ThinVec<TypeIgnore> },
        Interactive { body: ThinVec<Stmt> },
        Expression { body: Box<Expr> },
        FunctionType { argtypes: ThinVec<Expr>, returns: Box<Expr> },
    }

    located Stmt(StmtKind) = "stmt" @ LOCATION {
        FunctionDef {
            name: Identifier, args: Box<Arguments>, body: ThinVec<Stmt>, decorator_list: ThinVec<Expr>, returns: Option<Box<Expr>>,
            type_comment: Option<Box<str>>, type_params: ThinVec<TypeParam>
        },
        AsyncFunctionDef {
            name: Identifier, args: Box<Arguments>, body: ThinVec<Stmt>, decorator_list: ThinVec<Expr>, returns: Option<Box<Expr>>,
            type_comment: Option<Box<str>>, type_params: ThinVec<TypeParam>
        },
        ClassDef {
            name: Identifier, bases: ThinVec<Expr>, keywords: ThinVec<Keyword>, body: ThinVec<Stmt>, decorator_list: ThinVec<Expr>,
            type_params: ThinVec<TypeParam>
        },
        Return { value: Option<Expr> },
        Delete { targets: ThinVec<Expr> },
        Assign { targets: ThinVec<Expr>, value: Box<Expr>, type_comment: Option<Box<str>> },
        TypeAlias { name: Box<Expr>, type_params: ThinVec<TypeParam>, value: Box<Expr> },
        AugAssign { target: Box<Expr>, op: Operator, value: Box<Expr> },
        AnnAssign { target: Box<Expr>, annotation: Box<Expr>, value: Option<Box<Expr>>, simple: i32 },
        For { target: Box<Expr>, iter: Box<Expr>, body: ThinVec<Stmt>, orelse: ThinVec<Stmt>, type_comment: Option<Box<str>> },
        AsyncFor { target: Box<Expr>, iter: Box<Expr>, body: ThinVec<Stmt>, orelse: ThinVec<Stmt>, type_comment: Option<Box<str>> },
        While { test: Box<Expr>, body: ThinVec<Stmt>, orelse: ThinVec<Stmt> },
        If { test: Box<Expr>, body: ThinVec<Stmt>, orelse: ThinVec<Stmt> },
        With { items: ThinVec<WithItem>, body: ThinVec<Stmt>, type_comment: Option<Box<str>> },
        AsyncWith { items: ThinVec<WithItem>, body: ThinVec<Stmt>, type_comment: Option<Box<str>> },
        Match { subject: Box<Expr>, cases: ThinVec<MatchCase> },
        Raise { exc: Option<Box<Expr>>, cause: Option<Box<Expr>> },
        Try { body: ThinVec<Stmt>, handlers: ThinVec<ExceptHandler>, orelse: ThinVec<Stmt>, finalbody: ThinVec<Stmt> },
        TryStar { body: ThinVec<Stmt>, handlers: ThinVec<ExceptHandler>, orelse: ThinVec<Stmt>, finalbody: ThinVec<Stmt> },
        Assert { test: Box<Expr>, msg: Option<Box<Expr>> },
        Import { names: ThinVec<Alias> },
        ImportFrom { module: Option<Identifier>, names: ThinVec<Alias>, level: Option<i32> },
        Global { names: ThinVec<Identifier> },
        Nonlocal { names: ThinVec<Identifier> },
        Expr { value: Expr },
        Pass,
        Break,
        Continue,
    }

    located Expr(ExprKind) = "expr" @ LOCATION {
        BoolOp { op: BoolOp, values: ThinVec<Expr> },
        NamedExpr { target: Box<Expr>, value: Box<Expr> },
        BinOp { left: Box<Expr>, op: Operator, right: Box<Expr> },
        UnaryOp { op: UnaryOp, operand: Box<Expr> },
        Lambda { args: Box<Arguments>, body: Box<Expr> },
        IfExp { test: Box<Expr>, body: Box<Expr>, orelse: Box<Expr> },
        Dict { keys: ThinVec<Option<Expr>>, values: ThinVec<Expr> },
        Set { elts: ThinVec<Expr> },
        ListComp { elt: Box<Expr>, generators: ThinVec<Comprehension> },
        SetComp { elt: Box<Expr>, generators: ThinVec<Comprehension> },
        DictComp { key: Box<Expr>, value: Box<Expr>, generators: ThinVec<Comprehension> },
        GeneratorExp { elt: Box<Expr>, generators: ThinVec<Comprehension> },
        Await { value: Box<Expr> },
        Yield { value: Option<Box<Expr>> },
        YieldFrom { value: Box<Expr> },
        Compare { left: Box<Expr>, ops: ThinVec<CmpOp>, comparators: ThinVec<Expr> },
        Call { func: Box<Expr>, args: ThinVec<Expr>, keywords: ThinVec<Keyword> },
        FormattedValue { value: Box<Expr>, conversion: i32, format_spec: Option<Box<Expr>> },
        Interpolation { value: Box<Expr>, str: Constant, conversion: i32, format_spec: Option<Box<Expr>> },
        JoinedStr { values: ThinVec<Expr> },
        TemplateStr { values: ThinVec<Expr> },
        Constant { value: Constant, kind: Option<Box<str>> },
        Attribute { value: Box<Expr>, attr: Identifier, ctx: ExprContext },
        Subscript { value: Box<Expr>, slice: Box<Expr>, ctx: ExprContext },
        Starred { value: Box<Expr>, ctx: ExprContext },
        Name { id: Identifier, ctx: ExprContext },
        List { elts: ThinVec<Expr>, ctx: ExprContext },
        Tuple { elts: ThinVec<Expr>, ctx: ExprContext },
        Slice { lower: Option<Box<Expr>>, upper: Option<Box<Expr>>, step: Option<Box<Expr>> },
    }

    choice ExprContext = "expr_context" { Load, Store, Del }

    choice BoolOp = "boolop" { And, Or }

    choice Operator = "operator" { Add, Sub, Mult, MatMult, Div, Mod, Pow, LShift, RShift, BitOr, BitXor, BitAnd, FloorDiv }

    choice UnaryOp = "unaryop" { Invert, Not, UAdd, USub }

    choice CmpOp = "cmpop" { Eq, NotEq, Lt, LtE, Gt, GtE, Is, IsNot, In, NotIn }

    product Comprehension = "comprehension" { target: Expr, iter: Expr, ifs: ThinVec<Expr>, is_async: i32 }

    single ExceptHandler = "excepthandler" @ LOCATION { r#type: Option<Box<Expr>>, name: Option<Identifier>, body: ThinVec<Stmt> }

    product Arguments = "arguments" {
        posonlyargs: ThinVec<Arg>, args: ThinVec<Arg>, vararg: Option<Box<Arg>>, kwonlyargs: ThinVec<Arg>, kw_defaults: ThinVec<Option<Expr>>,
        kwarg: Option<Box<Arg>>, defaults: ThinVec<Expr>,
    }

    product Arg = "arg" @ LOCATION { arg: Identifier, annotation: Option<Box<Expr>>, type_comment: Option<Box<str>> }

    product Keyword = "keyword" @ LOCATION { arg: Option<Identifier>, value: Expr }

    product Alias = "alias" @ LOCATION { name: Identifier, asname: Option<Identifier> }

    product WithItem = "withitem" { context_expr: Expr, optional_vars: Option<Box<Expr>> }

    product MatchCase = "match_case" { pattern: Pattern, guard: Option<Box<Expr>>, body: ThinVec<Stmt> }

    located Pattern(PatternKind) = "pattern" @ FULL_LOCATION {
        MatchValue { value: Box<Expr> },
        MatchSingleton { value: Constant },
        MatchSequence { patterns: ThinVec<Pattern> },
        MatchMapping { keys: ThinVec<Expr>, patterns: ThinVec<Pattern>, rest: Option<Identifier> },
        MatchClass { cls: Box<Expr>, patterns: ThinVec<Pattern>, kwd_attrs: ThinVec<Identifier>, kwd_patterns: ThinVec<Pattern> },
        MatchStar { name: Option<Identifier> },
        MatchAs { pattern: Option<Box<Pattern>>, name: Option<Identifier> },
        MatchOr { patterns: ThinVec<Pattern> },
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
