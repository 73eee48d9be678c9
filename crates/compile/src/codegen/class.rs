//! Class definitions.

use bredli_code::{Const, Intrinsic1, Opcode};
use bredli_syntax::ast::{Expr, ExprKind, Location, Stmt, StmtKind};

use super::Codegen;
use super::unit::ScopeKind;
use crate::error::{CompileError, Result};
use crate::names::Name;
use crate::symtable::{Role, key};
use crate::tree::NO_LOCATION;

impl<'a> Codegen<'a, '_> {
    pub(super) fn class(&mut self, stmt: &'a Stmt<'a>) -> Result<()> {
        let StmtKind::ClassDef { name, bases, keywords, body, decorator_list, type_params } = &stmt.kind else { return Ok(()) };
        let loc = stmt.loc;
        let name = self.intern(name);
        self.exprs(decorator_list)?;
        let first_line = decorator_list.first().map_or(loc.lineno, |decorator| decorator.loc.lineno);
        let generic = !type_params.is_empty();
        if generic {
            let generic_name = self.generic_name(name);
            self.enter_scope(generic_name, ScopeKind::Annotations, key(stmt, Role::TypeParameters), first_line, Some(name))?;
            self.type_params(type_params)?;
            self.store_name(Name::DOT_TYPE_PARAMS, loc)?;
        }
        self.class_body(stmt, name, body, generic, first_line)?;
        if generic {
            self.load_name(Name::DOT_TYPE_PARAMS, loc)?;
            self.intrinsic(Intrinsic1::SubscriptGeneric, loc);
            self.store_name(Name::DOT_GENERIC_BASE, loc)?;
            self.call_with(2, bases, Some(Name::DOT_GENERIC_BASE), keywords, loc)?;
            let code = self.leave_scope(false)?;
            self.make_closure(code, 0, loc)?;
            self.op(Opcode::PUSH_NULL, loc);
            self.op_arg(Opcode::CALL, 0, loc);
        } else {
            self.call_with(2, bases, None, keywords, loc)?;
        }
        self.apply_decorators(decorator_list);
        self.store_name(name, loc)
    }

    /// The function that fills the class namespace, and the start of the call of `__build_class__` with it.
    fn class_body(&mut self, stmt: &'a Stmt<'a>, name: Name, body: &'a [Stmt<'a>], generic: bool, first_line: i32) -> Result<()> {
        self.enter_scope(name, ScopeKind::Class, key(stmt, Role::Statement), first_line, Some(name))?;
        let loc = Location { lineno: first_line, end_lineno: first_line, col_offset: 0, end_col_offset: 0 };
        self.load_name(Name::NAME, loc)?;
        self.store_name(Name::MODULE, loc)?;
        let qualname = Const::str(&self.unit.qualname);
        self.load_const(qualname, loc);
        self.store_name(Name::QUALNAME, loc)?;
        self.load_const(Const::int(i64::from(first_line)), loc);
        self.store_name(Name::FIRSTLINENO, loc)?;
        if generic {
            self.load_name(Name::DOT_TYPE_PARAMS, loc)?;
            self.store_name(Name::TYPE_PARAMS, loc)?;
        }
        if self.block().needs_classdict {
            self.op(Opcode::LOAD_LOCALS, loc);
            self.store_class_cell(Name::CLASSDICT, loc);
        }
        if self.block().has_conditional_annotations {
            self.op_arg(Opcode::BUILD_SET, 0, loc);
            self.store_class_cell(Name::CONDITIONAL_ANNOTATIONS, loc);
        }
        self.body(body, loc, false)?;
        let attributes = self.static_attributes();
        self.load_const(attributes, NO_LOCATION);
        self.store_name(Name::STATIC_ATTRIBUTES, NO_LOCATION)?;
        if self.block().needs_classdict {
            self.load_class_cell(Name::CLASSDICT)?;
            self.store_name(Name::CLASSDICTCELL, NO_LOCATION)?;
        }
        if self.block().needs_class_closure {
            self.load_class_cell(Name::CLASS)?;
            self.op_arg(Opcode::COPY, 1, NO_LOCATION);
            self.store_name(Name::CLASSCELL, NO_LOCATION)?;
        } else {
            self.load_none(NO_LOCATION);
        }
        self.op(Opcode::RETURN_VALUE, NO_LOCATION);
        let code = self.leave_scope(true)?;
        self.op(Opcode::LOAD_BUILD_CLASS, stmt.loc);
        self.op(Opcode::PUSH_NULL, stmt.loc);
        self.make_closure(code, 0, stmt.loc)?;
        self.load_text(name, stmt.loc);
        Ok(())
    }

    fn store_class_cell(&mut self, name: Name, loc: Location) {
        let index = self.unit.cellvars.add(name);
        self.op_arg(Opcode::STORE_DEREF, index, loc);
    }

    fn load_class_cell(&mut self, name: Name) -> Result<()> {
        let index = self.unit.cellvars.get(name).ok_or(CompileError::Internal("a class lacks its own cell"))?;
        self.op_arg(Opcode::LOAD_CLOSURE, index, NO_LOCATION);
        Ok(())
    }

    /// `self.name = ...` within a method: remembered for `__static_attributes__` of the innermost class around it.
    pub(super) fn note_static_attribute(&mut self, value: &Expr, name: Name) {
        let ExprKind::Name { id, .. } = &value.kind else { return };
        if &**id != "self" {
            return;
        }
        if let Some(class) = self.outer.iter_mut().rev().find(|unit| unit.kind == ScopeKind::Class) {
            class.static_attributes.insert(name);
        }
    }

    fn static_attributes(&self) -> Const {
        let mut texts: Vec<&str> = self.unit.static_attributes.iter().map(|name| self.table.names.text(*name)).collect();
        texts.sort_unstable();
        Const::Tuple(texts.into_iter().map(Const::str).collect())
    }
}
