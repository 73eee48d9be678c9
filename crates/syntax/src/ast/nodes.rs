//! The table of all nodes, after CPython's `Parser/Python.asdl`: names, fields and their order are Python's.

use super::build::{Build, Builder};
use super::read::{Read, Reader, Slot};
use super::reflect::{Constructor, Definition, Field, FieldKind, FieldType};
use super::{Constant, Identifier, Location};

nodes! {
    sum Mod = "mod" {
        Module { body: &'t mut [Stmt<'t>], type_ignores: &'t mut [TypeIgnore<'t>] },
        Interactive { body: &'t mut [Stmt<'t>] },
        Expression { body: &'t mut Expr<'t> },
        FunctionType { argtypes: &'t mut [Expr<'t>], returns: &'t mut Expr<'t> },
    }

    located Stmt(StmtKind) = "stmt" @ LOCATION {
        FunctionDef {
            name: Identifier<'t>, args: &'t mut Arguments<'t>, body: &'t mut [Stmt<'t>], decorator_list: &'t mut [Expr<'t>],
            returns: Option<&'t mut Expr<'t>>,
            type_comment: Option<&'t str>, type_params: &'t mut [TypeParam<'t>]
        },
        AsyncFunctionDef {
            name: Identifier<'t>, args: &'t mut Arguments<'t>, body: &'t mut [Stmt<'t>], decorator_list: &'t mut [Expr<'t>],
            returns: Option<&'t mut Expr<'t>>,
            type_comment: Option<&'t str>, type_params: &'t mut [TypeParam<'t>]
        },
        ClassDef {
            name: Identifier<'t>, bases: &'t mut [Expr<'t>], keywords: &'t mut [Keyword<'t>], body: &'t mut [Stmt<'t>],
            decorator_list: &'t mut [Expr<'t>],
            type_params: &'t mut [TypeParam<'t>]
        },
        Return { value: Option<Expr<'t>> },
        Delete { targets: &'t mut [Expr<'t>] },
        Assign { targets: &'t mut [Expr<'t>], value: &'t mut Expr<'t>, type_comment: Option<&'t str> },
        TypeAlias { name: &'t mut Expr<'t>, type_params: &'t mut [TypeParam<'t>], value: &'t mut Expr<'t> },
        AugAssign { target: &'t mut Expr<'t>, op: Operator, value: &'t mut Expr<'t> },
        AnnAssign { target: &'t mut Expr<'t>, annotation: &'t mut Expr<'t>, value: Option<&'t mut Expr<'t>>, simple: i32 },
        For {
            target: &'t mut Expr<'t>, iter: &'t mut Expr<'t>, body: &'t mut [Stmt<'t>], orelse: &'t mut [Stmt<'t>],
            type_comment: Option<&'t str>
        },
        AsyncFor {
            target: &'t mut Expr<'t>, iter: &'t mut Expr<'t>, body: &'t mut [Stmt<'t>], orelse: &'t mut [Stmt<'t>],
            type_comment: Option<&'t str>
        },
        While { test: &'t mut Expr<'t>, body: &'t mut [Stmt<'t>], orelse: &'t mut [Stmt<'t>] },
        If { test: &'t mut Expr<'t>, body: &'t mut [Stmt<'t>], orelse: &'t mut [Stmt<'t>] },
        With { items: &'t mut [WithItem<'t>], body: &'t mut [Stmt<'t>], type_comment: Option<&'t str> },
        AsyncWith { items: &'t mut [WithItem<'t>], body: &'t mut [Stmt<'t>], type_comment: Option<&'t str> },
        Match { subject: &'t mut Expr<'t>, cases: &'t mut [MatchCase<'t>] },
        Raise { exc: Option<&'t mut Expr<'t>>, cause: Option<&'t mut Expr<'t>> },
        Try { body: &'t mut [Stmt<'t>], handlers: &'t mut [ExceptHandler<'t>], orelse: &'t mut [Stmt<'t>], finalbody: &'t mut [Stmt<'t>] },
        TryStar {
            body: &'t mut [Stmt<'t>], handlers: &'t mut [ExceptHandler<'t>], orelse: &'t mut [Stmt<'t>], finalbody: &'t mut [Stmt<'t>]
        },
        Assert { test: &'t mut Expr<'t>, msg: Option<&'t mut Expr<'t>> },
        Import { names: &'t mut [Alias<'t>] },
        ImportFrom { module: Option<Identifier<'t>>, names: &'t mut [Alias<'t>], level: Option<i32> },
        Global { names: &'t mut [Identifier<'t>] },
        Nonlocal { names: &'t mut [Identifier<'t>] },
        Expr { value: Expr<'t> },
        Pass,
        Break,
        Continue,
    }

    located Expr(ExprKind) = "expr" @ LOCATION {
        BoolOp { op: BoolOp, values: &'t mut [Expr<'t>] },
        NamedExpr { target: &'t mut Expr<'t>, value: &'t mut Expr<'t> },
        BinOp { left: &'t mut Expr<'t>, op: Operator, right: &'t mut Expr<'t> },
        UnaryOp { op: UnaryOp, operand: &'t mut Expr<'t> },
        Lambda { args: &'t mut Arguments<'t>, body: &'t mut Expr<'t> },
        IfExp { test: &'t mut Expr<'t>, body: &'t mut Expr<'t>, orelse: &'t mut Expr<'t> },
        Dict { keys: &'t mut [Option<Expr<'t>>], values: &'t mut [Expr<'t>] },
        Set { elts: &'t mut [Expr<'t>] },
        ListComp { elt: &'t mut Expr<'t>, generators: &'t mut [Comprehension<'t>] },
        SetComp { elt: &'t mut Expr<'t>, generators: &'t mut [Comprehension<'t>] },
        DictComp { key: &'t mut Expr<'t>, value: &'t mut Expr<'t>, generators: &'t mut [Comprehension<'t>] },
        GeneratorExp { elt: &'t mut Expr<'t>, generators: &'t mut [Comprehension<'t>] },
        Await { value: &'t mut Expr<'t> },
        Yield { value: Option<&'t mut Expr<'t>> },
        YieldFrom { value: &'t mut Expr<'t> },
        Compare { left: &'t mut Expr<'t>, ops: &'t mut [CmpOp], comparators: &'t mut [Expr<'t>] },
        Call { func: &'t mut Expr<'t>, args: &'t mut [Expr<'t>], keywords: &'t mut [Keyword<'t>] },
        FormattedValue { value: &'t mut Expr<'t>, conversion: i32, format_spec: Option<&'t mut Expr<'t>> },
        Interpolation { value: &'t mut Expr<'t>, str: Constant<'t>, conversion: i32, format_spec: Option<&'t mut Expr<'t>> },
        JoinedStr { values: &'t mut [Expr<'t>] },
        TemplateStr { values: &'t mut [Expr<'t>] },
        Constant { value: Constant<'t>, kind: Option<&'t str> },
        Attribute { value: &'t mut Expr<'t>, attr: Identifier<'t>, ctx: ExprContext },
        Subscript { value: &'t mut Expr<'t>, slice: &'t mut Expr<'t>, ctx: ExprContext },
        Starred { value: &'t mut Expr<'t>, ctx: ExprContext },
        Name { id: Identifier<'t>, ctx: ExprContext },
        List { elts: &'t mut [Expr<'t>], ctx: ExprContext },
        Tuple { elts: &'t mut [Expr<'t>], ctx: ExprContext },
        Slice { lower: Option<&'t mut Expr<'t>>, upper: Option<&'t mut Expr<'t>>, step: Option<&'t mut Expr<'t>> },
    }

    choice ExprContext = "expr_context" { Load, Store, Del }

    choice BoolOp = "boolop" { And, Or }

    choice Operator = "operator" { Add, Sub, Mult, MatMult, Div, Mod, Pow, LShift, RShift, BitOr, BitXor, BitAnd, FloorDiv }

    choice UnaryOp = "unaryop" { Invert, Not, UAdd, USub }

    choice CmpOp = "cmpop" { Eq, NotEq, Lt, LtE, Gt, GtE, Is, IsNot, In, NotIn }

    product Comprehension = "comprehension" { target: Expr<'t>, iter: Expr<'t>, ifs: &'t mut [Expr<'t>], is_async: i32 }

    single ExceptHandler = "excepthandler" @ LOCATION {
        r#type: Option<&'t mut Expr<'t>>, name: Option<Identifier<'t>>, body: &'t mut [Stmt<'t>]
    }

    product Arguments = "arguments" {
        posonlyargs: &'t mut [Arg<'t>], args: &'t mut [Arg<'t>], vararg: Option<&'t mut Arg<'t>>, kwonlyargs: &'t mut [Arg<'t>],
        kw_defaults: &'t mut [Option<Expr<'t>>],
        kwarg: Option<&'t mut Arg<'t>>, defaults: &'t mut [Expr<'t>],
    }

    product Arg = "arg" @ LOCATION { arg: Identifier<'t>, annotation: Option<&'t mut Expr<'t>>, type_comment: Option<&'t str> }

    product Keyword = "keyword" @ LOCATION { arg: Option<Identifier<'t>>, value: Expr<'t> }

    product Alias = "alias" @ LOCATION { name: Identifier<'t>, asname: Option<Identifier<'t>> }

    product WithItem = "withitem" { context_expr: Expr<'t>, optional_vars: Option<&'t mut Expr<'t>> }

    product MatchCase = "match_case" { pattern: Pattern<'t>, guard: Option<&'t mut Expr<'t>>, body: &'t mut [Stmt<'t>] }

    located Pattern(PatternKind) = "pattern" @ FULL_LOCATION {
        MatchValue { value: &'t mut Expr<'t> },
        MatchSingleton { value: Constant<'t> },
        MatchSequence { patterns: &'t mut [Pattern<'t>] },
        MatchMapping { keys: &'t mut [Expr<'t>], patterns: &'t mut [Pattern<'t>], rest: Option<Identifier<'t>> },
        MatchClass {
            cls: &'t mut Expr<'t>, patterns: &'t mut [Pattern<'t>], kwd_attrs: &'t mut [Identifier<'t>],
            kwd_patterns: &'t mut [Pattern<'t>]
        },
        MatchStar { name: Option<Identifier<'t>> },
        MatchAs { pattern: Option<&'t mut Pattern<'t>>, name: Option<Identifier<'t>> },
        MatchOr { patterns: &'t mut [Pattern<'t>] },
    }

    single TypeIgnore = "type_ignore" { lineno: i32, tag: &'t str }

    located TypeParam(TypeParamKind) = "type_param" @ FULL_LOCATION {
        TypeVar { name: Identifier<'t>, bound: Option<&'t mut Expr<'t>>, default_value: Option<&'t mut Expr<'t>> },
        ParamSpec { name: Identifier<'t>, default_value: Option<&'t mut Expr<'t>> },
        TypeVarTuple { name: Identifier<'t>, default_value: Option<&'t mut Expr<'t>> },
    }
}

/// The Python name of a field whose Rust name may be raw (`r#type`).
const fn python_name(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}
