//! Function definitions and lambdas.

use bredli_code::{Const, Intrinsic2, Opcode, function_attribute};
use bredli_syntax::ast::{Arguments, Expr, Location, Stmt, StmtKind};

use super::Codegen;
use super::frame_block::FrameBlockKind;
use super::unit::{ParameterCounts, ScopeKind};
use crate::constant::clean_docstring;
use crate::error::Result;
use crate::names::Name;
use crate::symtable::{Role, key};
use crate::tree::{NO_LOCATION, docstring};

impl ParameterCounts {
    fn of(args: &Arguments) -> ParameterCounts {
        ParameterCounts {
            positional: args.args.len() as u32,
            positional_only: args.posonlyargs.len() as u32,
            keyword_only: args.kwonlyargs.len() as u32,
        }
    }
}

impl<'a> Codegen<'a, '_> {
    pub(super) fn function(&mut self, stmt: &'a Stmt<'a>) -> Result<()> {
        let (StmtKind::FunctionDef { name, args, body, decorator_list, returns, type_params, .. }
        | StmtKind::AsyncFunctionDef { name, args, body, decorator_list, returns, type_params, .. }) = &stmt.kind
        else {
            return Ok(());
        };
        let loc = stmt.loc;
        let name = self.intern(name);
        self.exprs(decorator_list)?;
        let first_line = decorator_list.first().map_or(loc.lineno, |decorator| decorator.loc.lineno);
        let mut flags = self.default_arguments(args, loc)?;
        let generic = !type_params.is_empty();
        let outside_args = flags.count_ones();
        if generic {
            if outside_args == 2 {
                self.op_arg(Opcode::SWAP, 2, loc);
            }
            let generic_name = self.generic_name(name);
            self.enter_scope(generic_name, ScopeKind::Annotations, key(stmt, Role::TypeParameters), first_line, None)?;
            self.unit.counts.positional = outside_args;
            self.type_params(type_params)?;
            for index in 0..outside_args {
                self.op_arg(Opcode::LOAD_FAST, index, loc);
            }
        }
        flags |= self.function_annotations(stmt, args, returns.as_deref())?;
        self.function_body(stmt, name, args, body, flags, first_line)?;
        if generic {
            self.op_arg(Opcode::SWAP, 2, loc);
            self.intrinsic_2(Intrinsic2::SetFunctionTypeParams, loc);
            let code = self.leave_scope(false)?;
            self.make_closure(code, 0, loc)?;
            if outside_args > 0 {
                self.op_arg(Opcode::SWAP, outside_args + 1, loc);
                self.op_arg(Opcode::CALL, outside_args - 1, loc);
            } else {
                self.op(Opcode::PUSH_NULL, loc);
                self.op_arg(Opcode::CALL, 0, loc);
            }
        }
        self.apply_decorators(decorator_list);
        self.store_name(name, loc)
    }

    pub(super) fn apply_decorators(&mut self, decorators: &[Expr]) {
        for decorator in decorators.iter().rev() {
            self.op_arg(Opcode::CALL, 0, decorator.loc);
        }
    }

    /// The name of the code object that holds the type parameters of `name`.
    pub(super) fn generic_name(&mut self, name: Name) -> Name {
        let text = format!("<generic parameters of {}>", self.table.names.text(name));
        self.table.names.intern(&text)
    }

    fn default_arguments(&mut self, args: &'a Arguments<'a>, loc: Location) -> Result<u32> {
        let mut flags = 0;
        if !args.defaults.is_empty() {
            self.exprs(args.defaults)?;
            self.op_arg(Opcode::BUILD_TUPLE, args.defaults.len() as u32, loc);
            flags |= function_attribute::DEFAULTS;
        }
        let mut count = 0;
        for (arg, default) in args.kwonlyargs.iter().zip(args.kw_defaults.iter()) {
            let Some(default) = default else { continue };
            let name = self.intern(&arg.arg);
            let name = self.mangle(name);
            self.load_text(name, loc);
            self.expr(default)?;
            count += 1;
        }
        if count > 0 {
            self.op_arg(Opcode::BUILD_MAP, count, loc);
            flags |= function_attribute::KWDEFAULTS;
        }
        Ok(flags)
    }

    fn function_body(
        &mut self,
        stmt: &'a Stmt<'a>,
        name: Name,
        args: &'a Arguments<'a>,
        body: &'a [Stmt<'a>],
        flags: u32,
        first_line: i32,
    ) -> Result<()> {
        let is_async = matches!(stmt.kind, StmtKind::AsyncFunctionDef { .. });
        let kind = if is_async { ScopeKind::AsyncFunction } else { ScopeKind::Function };
        self.enter_scope(name, kind, key(stmt, Role::Statement), first_line, None)?;
        self.unit.counts = ParameterCounts::of(args);
        let mut rest = body;
        if self.block().has_docstring
            && let Some(text) = docstring(body)
        {
            self.unit.consts.add(clean_docstring(text));
            rest = &body[1..];
        }
        let block = self.block();
        let guarded = block.coroutine || block.generator;
        if guarded {
            self.push_block(FrameBlockKind::StopIteration, NO_LOCATION)?;
        }
        self.statements(rest)?;
        if guarded {
            self.wrap_in_stopiteration_handler();
            self.pop_block();
        }
        let code = self.leave_scope(true)?;
        self.make_closure(code, flags, stmt.loc)
    }

    pub(super) fn lambda(&mut self, expr: &'a Expr<'a>, args: &'a Arguments<'a>, body: &'a Expr<'a>) -> Result<()> {
        let loc = expr.loc;
        let flags = self.default_arguments(args, loc)?;
        self.enter_scope(Name::ANON_LAMBDA, ScopeKind::Lambda, key(expr, Role::Expression), loc.lineno, None)?;
        self.unit.counts = ParameterCounts::of(args);
        self.expr(body)?;
        let generator = self.block().generator;
        if !generator {
            self.op(Opcode::RETURN_VALUE, body.loc);
        }
        let code = self.leave_scope(!generator)?;
        self.make_closure(code, flags, loc)
    }

    /// A function's parameter names and annotations become the dict that its `__annotate__` returns.
    fn function_annotations(&mut self, stmt: &'a Stmt<'a>, args: &'a Arguments<'a>, returns: Option<&'a Expr<'a>>) -> Result<u32> {
        let loc = stmt.loc;
        let key = key(stmt, Role::Annotations);
        let Some(block) = self.table.lookup(key).map(|id| self.table.block(id)).filter(|block| block.annotations_used) else {
            return Ok(0);
        };
        let name = block.name;
        self.enter_annotations(name, key, loc)?;
        let mut count = 0;
        let parameters = args.args.iter().chain(&*args.posonlyargs).chain(args.vararg.as_deref()).chain(&*args.kwonlyargs);
        for arg in parameters.chain(args.kwarg.as_deref()) {
            if let Some(annotation) = &arg.annotation {
                let name = self.intern(&arg.arg);
                self.annotation_item(name, annotation, loc)?;
                count += 1;
            }
        }
        if let Some(returns) = returns {
            self.annotation_item(Name::RETURN, returns, loc)?;
            count += 1;
        }
        self.op_arg(Opcode::BUILD_MAP, count, loc);
        self.leave_annotations(loc)?;
        Ok(function_attribute::ANNOTATE)
    }

    fn annotation_item(&mut self, name: Name, annotation: &'a Expr<'a>, loc: Location) -> Result<()> {
        let name = self.mangle(name);
        self.load_text(name, loc);
        if self.future.annotations() {
            self.load_unparsed(annotation);
            return Ok(());
        }
        self.expr_or_unpacked(annotation, loc)
    }

    /// The source of an annotation as a constant.
    pub(super) fn load_unparsed(&mut self, annotation: &Expr) {
        let text = crate::unparse::unparse(annotation);
        self.load_const(Const::Str(text), annotation.loc);
    }
}
