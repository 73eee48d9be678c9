//! Annotations, which are evaluated on demand by functions named `__annotate__` (PEP 649).

use bredli_code::{CodeObject, CommonConstant, Comparison, Const, Opcode};
use bredli_syntax::ast::{ExprKind, Location, StmtKind};
use bredli_text::Wtf8Buf;

use super::Codegen;
use super::unit::ScopeKind;
use crate::error::{CompileError, Result};
use crate::instruction::InstructionSequence;
use crate::names::Name;
use crate::symtable::{BlockId, Key};

/// `annotationlib.Format.VALUE_WITH_FAKE_GLOBALS`, the last format that compiled code knows.
const VALUE_WITH_FAKE_GLOBALS: i64 = 2;

impl<'a> Codegen<'a, '_> {
    /// Open a function of one parameter, the wanted format, which it checks.
    pub(super) fn enter_annotations(&mut self, name: Name, key: Key, loc: Location) -> Result<()> {
        let block = self.table.lookup(key).ok_or(CompileError::Internal("annotations have no symbols"))?;
        self.enter_annotation_block(name, block, loc);
        Ok(())
    }

    fn enter_annotation_block(&mut self, name: Name, block: BlockId, loc: Location) {
        self.enter_block(name, ScopeKind::Annotations, block, loc.lineno, None);
        self.unit.counts.positional_only = 1;
        self.op_arg(Opcode::LOAD_FAST, 0, loc);
        self.load_const(Const::int(VALUE_WITH_FAKE_GLOBALS), loc);
        self.op_arg(Opcode::COMPARE_OP, Comparison::Gt.argument(), loc);
        let body = self.new_label();
        self.jump(Opcode::POP_JUMP_IF_FALSE, body, loc);
        self.common_constant(CommonConstant::NotImplementedError, loc);
        self.op_arg(Opcode::RAISE_VARARGS, 1, loc);
        self.place_label(body);
    }

    /// Return the value on the stack, and make the function.
    pub(super) fn leave_annotations(&mut self, loc: Location) -> Result<()> {
        self.op(Opcode::RETURN_VALUE, loc);
        let mut code = self.leave_scope(true)?;
        show_parameter_as_format(&mut code);
        self.make_closure(code, 0, loc)
    }

    /// Make and bind the function of the annotations that the statements of a module or class have left.
    pub(super) fn deferred_annotations(&mut self, loc: Location) -> Result<()> {
        let deferred = std::mem::take(&mut self.unit.deferred_annotations);
        if deferred.is_empty() {
            return Ok(());
        }
        let in_module = self.unit.kind == ScopeKind::Module;
        if in_module {
            let annotations = InstructionSequence::default();
            self.unit.stashed = Some(std::mem::replace(&mut self.unit.code, annotations));
        }
        let block = self.block().annotation_block.ok_or(CompileError::Internal("annotations have no block"))?;
        let name = self.table.block(block).name;
        self.enter_annotation_block(name, block, loc);
        self.op_arg(Opcode::BUILD_MAP, 0, loc);
        for (stmt, condition) in deferred {
            let StmtKind::AnnAssign { target, annotation, .. } = &stmt.kind else { continue };
            let ExprKind::Name { id, .. } = &target.kind else { continue };
            let name = self.intern(id);
            let name = self.table.names.mangle(self.unit.private, name);
            let not_set = self.new_label();
            if let Some(number) = condition {
                self.load_const(Const::int(i64::from(number)), stmt.loc);
                if in_module {
                    let index = self.unit.names.add(Name::CONDITIONAL_ANNOTATIONS);
                    self.op_arg(Opcode::LOAD_GLOBAL, index << 1, stmt.loc);
                } else {
                    let index = self.unit.freevars.add(Name::CONDITIONAL_ANNOTATIONS) + self.unit.cellvars.len() as u32;
                    self.op_arg(Opcode::LOAD_DEREF, index, stmt.loc);
                }
                self.op_arg(Opcode::CONTAINS_OP, 0, stmt.loc);
                self.jump(Opcode::POP_JUMP_IF_FALSE, not_set, stmt.loc);
            }
            self.expr(annotation)?;
            self.op_arg(Opcode::COPY, 2, stmt.loc);
            self.load_text(name, stmt.loc);
            self.op(Opcode::STORE_SUBSCR, loc);
            self.place_label(not_set);
        }
        self.leave_annotations(loc)?;
        self.store_name(if in_module { Name::ANNOTATE } else { Name::ANNOTATE_FUNC }, loc)?;
        if let Some(code) = self.unit.stashed.take() {
            let annotations = std::mem::replace(&mut self.unit.code, code);
            self.unit.code.set_annotations(annotations);
        }
        Ok(())
    }
}

/// The parameter is called `.format`, so that no annotation can refer to it, but shown as `format`.
fn show_parameter_as_format(code: &mut CodeObject) {
    if let Some(first) = code.localsplusnames.first_mut() {
        *first = Wtf8Buf::from("format");
    }
}
