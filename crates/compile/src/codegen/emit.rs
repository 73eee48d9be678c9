//! The smallest steps: adding instructions, labels and constants to the current code object, and closing it.

use bredli_code::{CodeObject, CommonConstant, Const, Intrinsic1, Intrinsic2, Opcode, flag, function_attribute, resume};
use bredli_syntax::ast::{Constant, Location};
use bredli_text::Wtf8Buf;

use super::Codegen;
use super::unit::{Numbered, ScopeKind};
use crate::constant::to_const;
use crate::error::{CompileError, Result};
use crate::future::INHERITED;
use crate::instruction::Label;
use crate::names::Name;
use crate::stages::Sequences;
use crate::symtable::{GLOBAL_EXPLICIT, Key};
use crate::tree::NO_LOCATION;
use crate::unit::{Cell, assemble};

/// More values than this are not all put on the stack at once.
pub(super) const STACK_USE_GUIDELINE: usize = 30;

impl<'a> Codegen<'a, '_> {
    pub(super) fn op(&mut self, opcode: Opcode, loc: Location) {
        self.unit.code.push(opcode, 0, place(loc));
    }

    pub(super) fn op_arg(&mut self, opcode: Opcode, arg: u32, loc: Location) {
        self.unit.code.push(opcode, arg, place(loc));
    }

    pub(super) fn intrinsic(&mut self, intrinsic: Intrinsic1, loc: Location) {
        self.op_arg(Opcode::CALL_INTRINSIC_1, intrinsic.number(), loc);
    }

    pub(super) fn intrinsic_2(&mut self, intrinsic: Intrinsic2, loc: Location) {
        self.op_arg(Opcode::CALL_INTRINSIC_2, intrinsic.number(), loc);
    }

    pub(super) fn common_constant(&mut self, constant: CommonConstant, loc: Location) {
        self.op_arg(Opcode::LOAD_COMMON_CONSTANT, constant.number(), loc);
    }

    pub(super) fn jump(&mut self, opcode: Opcode, target: Label, loc: Location) {
        self.unit.code.push_jump(opcode, target, place(loc));
    }

    pub(super) fn new_label(&mut self) -> Label {
        self.unit.code.new_label()
    }

    /// Let `label` mean the next instruction.
    pub(super) fn place_label(&mut self, label: Label) {
        self.unit.code.use_label(label);
    }

    pub(super) fn load_const(&mut self, value: Const, loc: Location) {
        let index = self.unit.consts.add(value);
        self.op_arg(Opcode::LOAD_CONST, index, loc);
    }

    pub(super) fn load_constant(&mut self, value: Constant<'_>, loc: Location) {
        self.load_const(to_const(value), loc);
    }

    pub(super) fn load_none(&mut self, loc: Location) {
        self.load_const(Const::None, loc);
    }

    pub(super) fn load_int(&mut self, value: usize, loc: Location) {
        self.load_const(Const::int(value as i64), loc);
    }

    pub(super) fn load_text(&mut self, name: Name, loc: Location) {
        let text = self.text_const(name);
        self.load_const(text, loc);
    }

    /// The text of a name as a constant.
    pub(super) fn text_const(&self, name: Name) -> Const {
        Const::Str(self.table.names.shared(name))
    }

    pub(super) fn call_exit_with_nones(&mut self, loc: Location) {
        for _ in 0..3 {
            self.load_none(loc);
        }
        self.op_arg(Opcode::CALL, 3, loc);
    }

    /// Await the value on top; `source` tells GET_AWAITABLE where it comes from.
    pub(super) fn await_top(&mut self, source: u32, loc: Location) {
        self.op_arg(Opcode::GET_AWAITABLE, source, loc);
        self.load_none(loc);
        self.yield_from(resume::AFTER_AWAIT, loc);
    }

    /// Drive the iterator below the top of the stack until it is exhausted.
    pub(super) fn yield_from(&mut self, resumed: u32, loc: Location) {
        let send = self.new_label();
        self.place_label(send);
        self.yield_from_at(send, resumed, loc);
    }

    pub(super) fn yield_from_at(&mut self, send: Label, resumed: u32, loc: Location) {
        let fail = self.new_label();
        let exit = self.new_label();
        self.jump(Opcode::SEND, exit, loc);
        self.jump(Opcode::SETUP_FINALLY, fail, loc);
        self.op_arg(Opcode::YIELD_VALUE, 1, loc);
        self.op(Opcode::POP_BLOCK, NO_LOCATION);
        self.op_arg(Opcode::RESUME, resumed, loc);
        self.jump(Opcode::JUMP_NO_INTERRUPT, send, loc);
        self.place_label(fail);
        self.op(Opcode::CLEANUP_THROW, loc);
        self.place_label(exit);
        self.op(Opcode::END_SEND, loc);
    }

    pub(super) fn pop_except_and_reraise(&mut self) {
        self.op_arg(Opcode::COPY, 3, NO_LOCATION);
        self.op(Opcode::POP_EXCEPT, NO_LOCATION);
        self.op_arg(Opcode::RERAISE, 1, NO_LOCATION);
    }

    /// Make every way out of a generator raise RuntimeError in place of StopIteration.
    pub(super) fn wrap_in_stopiteration_handler(&mut self) {
        let handler = self.new_label();
        self.unit.code.insert_jump(0, Opcode::SETUP_CLEANUP, handler, place(NO_LOCATION));
        self.load_none(NO_LOCATION);
        self.op(Opcode::RETURN_VALUE, NO_LOCATION);
        self.place_label(handler);
        self.intrinsic(Intrinsic1::StopIterationError, NO_LOCATION);
        self.op_arg(Opcode::RERAISE, 1, NO_LOCATION);
    }

    /// Open the code object of the block found by `key`; `private` when it is a class.
    pub(super) fn enter_scope(&mut self, name: Name, kind: ScopeKind, key: Key, first_line: i32, private: Option<Name>) -> Result<()> {
        let block = self.table.lookup(key).ok_or(CompileError::Internal("a scope has no symbols"))?;
        self.enter_block(name, kind, block, first_line, private);
        Ok(())
    }

    pub(super) fn enter_block(
        &mut self,
        name: Name,
        kind: ScopeKind,
        block: crate::symtable::BlockId,
        first_line: i32,
        private: Option<Name>,
    ) {
        let private = private.or(self.unit.private);
        let mut unit = self.finished.pop().unwrap_or_default();
        unit.begin(&self.table, block, name, kind, first_line, private);
        self.outer.push(std::mem::replace(&mut self.unit, unit));
        self.unit.qualname = self.qualname();
        let loc = Location { lineno: first_line, end_lineno: first_line, col_offset: 0, end_col_offset: 0 };
        self.op_arg(Opcode::RESUME, resume::AT_FUNCTION_START, loc);
    }

    /// The qualified name of the current code object.
    fn qualname(&mut self) -> String {
        let name = self.unit.name;
        let parent = match self.outer.as_slice() {
            [_, .., around, annotations] if annotations.kind == ScopeKind::Annotations => around,
            [_, .., parent] if parent.kind != ScopeKind::Annotations => parent,
            _ => return self.table.names.text(name).to_string(),
        };
        if matches!(self.unit.kind, ScopeKind::Function | ScopeKind::AsyncFunction | ScopeKind::Class) {
            let mangled = self.table.names.mangle(parent.private, name);
            if self.table.block(parent.block).scope(mangled) == GLOBAL_EXPLICIT {
                return self.table.names.text(name).to_string();
            }
        }
        let function_like = matches!(parent.kind, ScopeKind::Function | ScopeKind::AsyncFunction | ScopeKind::Lambda);
        let joint = if function_like { ".<locals>." } else { "." };
        [&parent.qualname, joint, self.table.names.text(name)].concat()
    }

    /// Close the current code object and go back to the one around it.
    pub(super) fn leave_scope(&mut self, returns_none: bool) -> Result<CodeObject> {
        self.end_with_return(returns_none);
        let kept = self.keeps_sequences.then(|| self.kept_sequences());
        let code = self.finish()?;
        let outer = self.outer.pop().ok_or(CompileError::Internal("no scope to return to"))?;
        self.finished.push(std::mem::replace(&mut self.unit, outer));
        self.unit.nested.extend(kept);
        Ok(code)
    }

    pub(super) fn end_with_return(&mut self, returns_none: bool) {
        if returns_none {
            self.load_none(NO_LOCATION);
        }
        self.op(Opcode::RETURN_VALUE, NO_LOCATION);
    }

    /// The instructions of the current code object and of those inside it.
    pub(super) fn kept_sequences(&mut self) -> Sequences {
        Sequences { instructions: self.unit.code.resolved(), nested: std::mem::take(&mut self.unit.nested) }
    }

    /// Make a function of `code`, with what `flags` say lies on the stack.
    pub(super) fn make_closure(&mut self, code: CodeObject, mut flags: u32, loc: Location) -> Result<()> {
        let free: Vec<Name> = code.freevars().map(|text| self.table.names.intern(&text.to_string())).collect();
        if !free.is_empty() {
            for &name in &free {
                let index = self.closure_index(name)?;
                self.op_arg(Opcode::LOAD_CLOSURE, index, loc);
            }
            self.op_arg(Opcode::BUILD_TUPLE, free.len() as u32, loc);
            flags |= function_attribute::CLOSURE;
        }
        self.load_const(Const::Code(code.into()), loc);
        self.op(Opcode::MAKE_FUNCTION, loc);
        for flag in
            [function_attribute::CLOSURE, function_attribute::ANNOTATE, function_attribute::KWDEFAULTS, function_attribute::DEFAULTS]
        {
            if flags & flag != 0 {
                self.op_arg(Opcode::SET_FUNCTION_ATTRIBUTE, flag, loc);
            }
        }
        Ok(())
    }

    fn closure_index(&self, name: Name) -> Result<u32> {
        let implicit = [Name::CLASS, Name::CLASSDICT, Name::CONDITIONAL_ANNOTATIONS];
        let cell = (self.unit.kind == ScopeKind::Class && implicit.contains(&name)) || self.block().scope(name) == crate::symtable::CELL;
        let index = if cell { self.unit.cellvars.get(name) } else { self.unit.free_index(name) };
        index.ok_or(CompileError::Internal("a free variable is not in scope"))
    }

    /// Turn the current code object's instructions into the code object.
    pub(super) fn finish(&mut self) -> Result<CodeObject> {
        let mut unit = self.described();
        let assembled = assemble(&mut unit, &mut self.unit.code, self.filename, &mut self.graph, &mut self.storage);
        self.unit.consts = unit.consts;
        assembled.map_err(|error| CompileError::Internal(error.message))
    }

    /// What the assembler needs to know about the current code object besides its instructions.
    pub(super) fn described(&mut self) -> crate::unit::Unit {
        let flags = self.code_flags();
        let names = &self.table.names;
        let text = |name: Name| names.shared(name);
        let texts = |names: &Numbered| names.iter().map(text).collect();
        let unit = &mut self.unit;
        let cell = |name: Name| Cell { name: text(name), local: unit.varnames.get(name) };
        crate::unit::Unit {
            name: text(unit.name),
            qualname: Wtf8Buf::from(std::mem::take(&mut unit.qualname)),
            consts: std::mem::take(&mut unit.consts),
            names: texts(&unit.names),
            cellvars: unit.cellvars.iter().map(cell).collect(),
            varnames: texts(&unit.varnames),
            freevars: texts(&unit.freevars),
            hidden_locals: unit.fast_hidden.iter().filter_map(|(name, _)| unit.varnames.get(name)).collect(),
            argcount: unit.counts.positional,
            posonlyargcount: unit.counts.positional_only,
            kwonlyargcount: unit.counts.keyword_only,
            firstlineno: unit.first_line,
            flags,
        }
    }

    fn code_flags(&self) -> u32 {
        let block = self.block();
        let mut flags = self.future.flags & INHERITED;
        let mut set = |condition: bool, bit: u32| {
            if condition {
                flags |= bit;
            }
        };
        if block.is_function_like() {
            set(true, flag::NEWLOCALS | flag::OPTIMIZED);
            set(block.nested, flag::NESTED);
            set(block.generator && !block.coroutine, flag::GENERATOR);
            set(block.generator && block.coroutine, flag::ASYNC_GENERATOR);
            set(block.varargs, flag::VARARGS);
            set(block.varkeywords, flag::VARKEYWORDS);
            set(block.has_docstring, flag::HAS_DOCSTRING);
            set(block.method, flag::METHOD);
        }
        set(block.coroutine && !block.generator, flag::COROUTINE);
        flags
    }
}

/// A source location as instructions carry it.
fn place(loc: Location) -> crate::instruction::Location {
    crate::instruction::Location::new(loc.lineno, loc.end_lineno, loc.col_offset, loc.end_col_offset)
}
