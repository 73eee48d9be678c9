//! Loading, storing and deleting names: which instruction a name's scope calls for.

use bredli_code::Opcode;
use bredli_syntax::ast::{ExprContext, Identifier, Location};

use super::Codegen;
use crate::error::{CompileError, Result};
use crate::names::Name;
use crate::symtable::{BlockKind, CELL, FREE, GLOBAL_EXPLICIT, GLOBAL_IMPLICIT, LOCAL};

/// Where a name lives at run time.
enum Place {
    /// In the namespace dict of a module or class.
    Namespace,
    /// In the globals.
    Global,
    /// In a fast local.
    Fast,
    /// In the cell with this number.
    Cell(u32),
}

impl Codegen<'_, '_> {
    pub(super) fn intern(&mut self, identifier: &Identifier) -> Name {
        self.table.names.of(*identifier)
    }

    /// `name` as the current block stores it.
    pub(super) fn mangle(&mut self, name: Name) -> Name {
        self.table.maybe_mangle(self.unit.private, self.unit.block, name)
    }

    pub(super) fn load_name(&mut self, name: Name, loc: Location) -> Result<()> {
        self.access(name, ExprContext::Load, loc)
    }

    pub(super) fn store_name(&mut self, name: Name, loc: Location) -> Result<()> {
        self.access(name, ExprContext::Store, loc)
    }

    pub(super) fn delete_name(&mut self, name: Name, loc: Location) -> Result<()> {
        self.access(name, ExprContext::Del, loc)
    }

    pub(super) fn access(&mut self, name: Name, ctx: ExprContext, loc: Location) -> Result<()> {
        let name = self.mangle(name);
        let scope = self.block().scope(name);
        let in_class = self.block().kind == BlockKind::Class;
        let inlined = self.unit.inlined_comprehensions > 0;
        let sees_class = self.block().can_see_class_scope;
        let (opcode, arg) = match (self.place(name, scope)?, ctx) {
            (Place::Cell(index), ExprContext::Load) => {
                if in_class && !inlined {
                    self.op(Opcode::LOAD_LOCALS, loc);
                    (Opcode::LOAD_FROM_DICT_OR_DEREF, index)
                } else if sees_class {
                    self.load_classdict(loc);
                    (Opcode::LOAD_FROM_DICT_OR_DEREF, index)
                } else {
                    (Opcode::LOAD_DEREF, index)
                }
            }
            (Place::Cell(index), ExprContext::Store) => (Opcode::STORE_DEREF, index),
            (Place::Cell(index), ExprContext::Del) => (Opcode::DELETE_DEREF, index),
            (Place::Fast, ctx) => {
                let opcode = match ctx {
                    ExprContext::Load => Opcode::LOAD_FAST,
                    ExprContext::Store => Opcode::STORE_FAST,
                    ExprContext::Del => Opcode::DELETE_FAST,
                };
                (opcode, self.unit.varnames.add(name))
            }
            (Place::Global, ExprContext::Load) => {
                let index = self.unit.names.add(name);
                if sees_class && scope == GLOBAL_IMPLICIT {
                    self.load_classdict(loc);
                    (Opcode::LOAD_FROM_DICT_OR_GLOBALS, index)
                } else {
                    (Opcode::LOAD_GLOBAL, index << 1)
                }
            }
            (Place::Global, ExprContext::Store) => (Opcode::STORE_GLOBAL, self.unit.names.add(name)),
            (Place::Global, ExprContext::Del) => (Opcode::DELETE_GLOBAL, self.unit.names.add(name)),
            (Place::Namespace, ExprContext::Load) => {
                let index = self.unit.names.add(name);
                if in_class && inlined { (Opcode::LOAD_GLOBAL, index << 1) } else { (Opcode::LOAD_NAME, index) }
            }
            (Place::Namespace, ExprContext::Store) => (Opcode::STORE_NAME, self.unit.names.add(name)),
            (Place::Namespace, ExprContext::Del) => (Opcode::DELETE_NAME, self.unit.names.add(name)),
        };
        self.op_arg(opcode, arg, loc);
        Ok(())
    }

    fn place(&self, name: Name, scope: u32) -> Result<Place> {
        let function_like = self.block().is_function_like();
        let missing = CompileError::Internal("a cell or free variable has no number");
        Ok(match scope {
            FREE => Place::Cell(self.unit.free_index(name).ok_or(missing)?),
            CELL => Place::Cell(self.unit.cellvars.get(name).ok_or(missing)?),
            LOCAL if function_like || self.unit.fast_hidden.get(name) == Some(&true) => Place::Fast,
            GLOBAL_IMPLICIT if function_like => Place::Global,
            GLOBAL_EXPLICIT => Place::Global,
            _ => Place::Namespace,
        })
    }

    fn load_classdict(&mut self, loc: Location) {
        let index = self.unit.freevars.add(Name::CLASSDICT) + self.unit.cellvars.len() as u32;
        self.op_arg(Opcode::LOAD_DEREF, index, loc);
    }

    /// Emit an instruction whose argument is a (mangled) attribute or module name.
    pub(super) fn op_name(&mut self, opcode: Opcode, name: Name, loc: Location) {
        let name = self.mangle(name);
        let index = self.unit.names.add(name);
        self.op_arg(opcode, index, loc);
    }

    /// Load an attribute; `method` asks for the form that leaves a method and its object for a call.
    pub(super) fn load_attribute(&mut self, name: Name, method: bool, loc: Location) {
        let name = self.mangle(name);
        let index = self.unit.names.add(name);
        self.op_arg(Opcode::LOAD_ATTR, index << 1 | u32::from(method), loc);
    }
}
