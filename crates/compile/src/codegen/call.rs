//! Calls: methods, `super()`, plain calls, and those with `*` and `**` arguments.

use bredli_code::{CommonConstant, Const, Intrinsic1, Opcode};
use bredli_syntax::ast::{CmpOp, Expr, ExprContext, ExprKind, Identifier, Keyword, Location};

use super::Codegen;
use super::display::Collect;
use super::emit::STACK_USE_GUIDELINE;
use super::expression::attribute_location;
use super::unit::ScopeKind;
use crate::error::Result;
use crate::instruction::Label;
use crate::names::Name;
use crate::symtable::{DEF_IMPORT, FREE, GLOBAL_IMPLICIT, Role, key};
use crate::tree::{NO_LOCATION, is_starred};

impl<'a> Codegen<'a, '_> {
    pub(super) fn call(&mut self, expr: &'a Expr<'a>, func: &'a Expr<'a>, args: &'a [Expr<'a>], keywords: &'a [Keyword<'a>]) -> Result<()> {
        self.check_repeated_keywords(keywords)?;
        if self.method_call(expr, func, args, keywords)? {
            return Ok(());
        }
        let end = self.new_label();
        self.check_callee(func)?;
        self.expr(func)?;
        self.builtin_call_on_generator(func, args, keywords, end)?;
        self.op(Opcode::PUSH_NULL, func.loc);
        self.call_with(0, args, None, keywords, expr.loc)?;
        self.place_label(end);
        Ok(())
    }

    fn check_repeated_keywords(&self, keywords: &[Keyword]) -> Result<()> {
        for (position, keyword) in keywords.iter().enumerate() {
            let Some(arg) = &keyword.arg else { continue };
            if let Some(other) = keywords[position + 1..].iter().find(|other| other.arg.as_ref() == Some(arg)) {
                return self.error(format!("keyword argument repeated: {}", &**arg), other.loc);
            }
        }
        Ok(())
    }

    /// `a.b(...)` without stars needs no bound method; false when the call is not of that form.
    fn method_call(&mut self, expr: &'a Expr<'a>, func: &'a Expr<'a>, args: &'a [Expr<'a>], keywords: &'a [Keyword<'a>]) -> Result<bool> {
        let ExprKind::Attribute { value, attr, ctx: ExprContext::Load } = &func.kind else { return Ok(false) };
        if self.is_imported(value) {
            return Ok(false);
        }
        let slots = args.len() + keywords.len() + usize::from(!keywords.is_empty());
        let plain = slots < STACK_USE_GUIDELINE && !args.iter().any(is_starred) && keywords.iter().all(|keyword| keyword.arg.is_some());
        if !plain {
            return Ok(false);
        }
        let name = self.intern(attr);
        let mut loc = func.loc;
        if self.super_attribute(func, value, attr, name, true)? {
            loc = attribute_location(loc, func, attr);
            self.op(Opcode::NOP, loc);
        } else {
            self.expr(value)?;
            loc = attribute_location(loc, func, attr);
            self.load_attribute(name, true, loc);
        }
        self.exprs(args)?;
        let call_loc = attribute_location(expr.loc, func, attr);
        if keywords.is_empty() {
            self.op_arg(Opcode::CALL, args.len() as u32, call_loc);
        } else {
            for keyword in keywords {
                self.expr(&keyword.value)?;
            }
            self.load_keyword_names(keywords, loc);
            self.op_arg(Opcode::CALL_KW, (args.len() + keywords.len()) as u32, call_loc);
        }
        Ok(true)
    }

    /// Whether the module imports a name like this; such a value is likely a module, whose functions are not methods.
    fn is_imported(&mut self, value: &Expr) -> bool {
        let ExprKind::Name { id, .. } = &value.kind else { return false };
        let name = self.intern(id);
        self.table.block(self.table.top()).symbol(name) & DEF_IMPORT != 0
    }

    /// Load `super().attr` by LOAD_SUPER_ATTR when `value` is a plain call of the builtin `super`.
    pub(super) fn super_attribute(
        &mut self,
        access: &'a Expr<'a>,
        value: &'a Expr<'a>,
        attr: &Identifier,
        name: Name,
        method: bool,
    ) -> Result<bool> {
        let ExprKind::Call { func, args, keywords } = &value.kind else { return Ok(false) };
        let ExprKind::Name { id, .. } = &func.kind else { return Ok(false) };
        if &**id != "super" || &**attr == "__class__" || !keywords.is_empty() || !self.can_load_super(args) {
            return Ok(false);
        }
        self.load_name(Name::SUPER, func.loc)?;
        if args.is_empty() {
            self.load_name(Name::CLASS, value.loc)?;
            if let Some(first) = self.unit.varnames.first() {
                self.load_name(first, value.loc)?;
            }
        } else {
            self.exprs(args)?;
        }
        let name = self.mangle(name);
        let index = self.unit.names.add(name);
        let two_args = !args.is_empty();
        self.op_arg(Opcode::LOAD_SUPER_ATTR, index << 2 | u32::from(two_args) << 1 | u32::from(method), access.loc);
        Ok(true)
    }

    fn can_load_super(&self, args: &[Expr]) -> bool {
        let block = self.block();
        let top = self.table.block(self.table.top());
        if block.scope(Name::SUPER) != GLOBAL_IMPLICIT || top.scope(Name::SUPER) != 0 {
            return false;
        }
        match args {
            [first, second] => !is_starred(first) && !is_starred(second),
            [] => {
                let counts = self.unit.counts;
                let takes_self = counts.positional > 0 || counts.positional_only > 0;
                takes_self && self.unit.kind != ScopeKind::Class && block.scope(Name::CLASS) == FREE
            }
            _ => false,
        }
    }

    /// `all(...)`, `any(...)` and `tuple(...)` of a generator expression run it in place, unless the name is rebound.
    fn builtin_call_on_generator(
        &mut self,
        func: &'a Expr<'a>,
        args: &'a [Expr<'a>],
        keywords: &'a [Keyword<'a>],
        end: Label,
    ) -> Result<()> {
        let (ExprKind::Name { id, .. }, [generator], []) = (&func.kind, args, keywords) else { return Ok(()) };
        let entry = self.table.lookup(key(generator, Role::Expression)).map(|id| self.table.block(id));
        if !matches!(generator.kind, ExprKind::GeneratorExp { .. }) || entry.is_none_or(|entry| entry.coroutine) {
            return Ok(());
        }
        let (builtin, unbroken) = match &**id {
            "all" => (CommonConstant::All, Some(true)),
            "any" => (CommonConstant::Any, Some(false)),
            "tuple" => (CommonConstant::Tuple, None),
            _ => return Ok(()),
        };
        let loc = func.loc;
        let skip = self.new_label();
        self.op_arg(Opcode::COPY, 1, loc);
        self.common_constant(builtin, loc);
        self.compare_op(CmpOp::Is, loc);
        self.jump(Opcode::POP_JUMP_IF_FALSE, skip, loc);
        self.op(Opcode::POP_TOP, loc);
        if unbroken.is_none() {
            self.op_arg(Opcode::BUILD_LIST, 0, loc);
        }
        self.expr(generator)?;
        let start = self.new_label();
        let cleanup = self.new_label();
        self.place_label(start);
        self.jump(Opcode::FOR_ITER, cleanup, loc);
        if let Some(unbroken) = unbroken {
            self.op(Opcode::TO_BOOL, loc);
            self.jump(if unbroken { Opcode::POP_JUMP_IF_TRUE } else { Opcode::POP_JUMP_IF_FALSE }, start, loc);
        } else {
            self.op_arg(Opcode::LIST_APPEND, 2, loc);
            self.jump(Opcode::JUMP, start, loc);
        }
        self.op(Opcode::POP_ITER, NO_LOCATION);
        if let Some(unbroken) = unbroken {
            self.load_const(Const::Bool(!unbroken), loc);
        }
        self.jump(Opcode::JUMP, end, loc);
        self.place_label(cleanup);
        self.op(Opcode::END_FOR, NO_LOCATION);
        self.op(Opcode::POP_ITER, NO_LOCATION);
        match unbroken {
            Some(unbroken) => self.load_const(Const::Bool(unbroken), loc),
            None => self.intrinsic(Intrinsic1::ListToTuple, loc),
        }
        self.jump(Opcode::JUMP, end, loc);
        self.place_label(skip);
        Ok(())
    }

    fn load_keyword_names(&mut self, keywords: &[Keyword], loc: Location) {
        let names = keywords.iter().filter_map(|keyword| keyword.arg.as_ref()).map(|arg| Const::str(arg)).collect();
        self.load_const(Const::Tuple(names), loc);
    }

    /// Call what lies below `pushed` values with these arguments; `extra` is a variable passed as the last positional one.
    pub(super) fn call_with(
        &mut self,
        pushed: usize,
        args: &'a [Expr<'a>],
        extra: Option<Name>,
        keywords: &'a [Keyword<'a>],
        loc: Location,
    ) -> Result<()> {
        self.check_repeated_keywords(keywords)?;
        let starred = args.iter().any(is_starred) || keywords.iter().any(|keyword| keyword.arg.is_none());
        if starred || args.len() + keywords.len() * 2 > STACK_USE_GUIDELINE {
            return self.call_unpacked(pushed, args, extra, keywords, loc);
        }
        self.exprs(args)?;
        let mut count = pushed + args.len();
        if let Some(extra) = extra {
            self.load_name(extra, loc)?;
            count += 1;
        }
        if keywords.is_empty() {
            self.op_arg(Opcode::CALL, count as u32, loc);
            return Ok(());
        }
        for keyword in keywords {
            self.expr(&keyword.value)?;
        }
        self.load_keyword_names(keywords, loc);
        self.op_arg(Opcode::CALL_KW, (count + keywords.len()) as u32, loc);
        Ok(())
    }

    fn call_unpacked(
        &mut self,
        pushed: usize,
        args: &'a [Expr<'a>],
        extra: Option<Name>,
        keywords: &'a [Keyword<'a>],
        loc: Location,
    ) -> Result<()> {
        match args {
            [Expr { kind: ExprKind::Starred { value, .. }, .. }] if pushed == 0 => self.expr(value)?,
            _ => self.collect(Collect::TUPLE, args, extra, pushed, loc)?,
        }
        let mut have_dict = false;
        let mut start = 0;
        for (position, keyword) in keywords.iter().enumerate() {
            if keyword.arg.is_some() {
                continue;
            }
            if start < position {
                self.keyword_dict(&keywords[start..position], loc)?;
                if have_dict {
                    self.op_arg(Opcode::DICT_MERGE, 1, loc);
                }
                have_dict = true;
            }
            if !have_dict {
                self.op_arg(Opcode::BUILD_MAP, 0, loc);
                have_dict = true;
            }
            self.expr(&keyword.value)?;
            self.op_arg(Opcode::DICT_MERGE, 1, loc);
            start = position + 1;
        }
        if start < keywords.len() {
            self.keyword_dict(&keywords[start..], loc)?;
            if have_dict {
                self.op_arg(Opcode::DICT_MERGE, 1, loc);
            }
        }
        if keywords.is_empty() {
            self.op(Opcode::PUSH_NULL, loc);
        }
        self.op(Opcode::CALL_FUNCTION_EX, loc);
        Ok(())
    }

    fn keyword_dict(&mut self, keywords: &'a [Keyword<'a>], loc: Location) -> Result<()> {
        let big = keywords.len() * 2 > STACK_USE_GUIDELINE;
        if big {
            self.op_arg(Opcode::BUILD_MAP, 0, NO_LOCATION);
        }
        for keyword in keywords {
            if let Some(arg) = &keyword.arg {
                self.load_const(Const::str(arg), loc);
            }
            self.expr(&keyword.value)?;
            if big {
                self.op_arg(Opcode::MAP_ADD, 1, NO_LOCATION);
            }
        }
        if !big {
            self.op_arg(Opcode::BUILD_MAP, keywords.len() as u32, loc);
        }
        Ok(())
    }
}
