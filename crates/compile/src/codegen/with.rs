//! `with` and `async with`.

use bredli_code::{Opcode, SpecialMethod};
use bredli_syntax::ast::{Stmt, WithItem};

use super::Codegen;
use super::frame_block::FrameBlockKind;
use crate::error::Result;
use crate::tree::NO_LOCATION;

impl<'a> Codegen<'a, '_> {
    /// Each item is a statement of its own around the rest.
    pub(super) fn with_statement(&mut self, items: &'a [WithItem<'a>], body: &'a [Stmt<'a>], is_async: bool) -> Result<()> {
        self.recursion.check()?;
        let Some((item, rest)) = items.split_first() else { return self.statements(body) };
        let loc = item.context_expr.loc;
        let last = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();
        let (enter, leave) =
            if is_async { (SpecialMethod::AEnter, SpecialMethod::AExit) } else { (SpecialMethod::Enter, SpecialMethod::Exit) };
        self.expr(&item.context_expr)?;
        self.op_arg(Opcode::COPY, 1, loc);
        self.op_arg(Opcode::LOAD_SPECIAL, leave.number(), loc);
        self.op_arg(Opcode::SWAP, 2, loc);
        self.op_arg(Opcode::SWAP, 3, loc);
        self.op_arg(Opcode::LOAD_SPECIAL, enter.number(), loc);
        self.op_arg(Opcode::CALL, 0, loc);
        if is_async {
            self.await_top(1, loc);
        }
        self.jump(Opcode::SETUP_WITH, last, loc);
        self.push_block(if is_async { FrameBlockKind::AsyncWith } else { FrameBlockKind::With }, loc)?;
        if let Some(target) = &item.optional_vars {
            self.expr(target)?;
        } else {
            self.op(Opcode::POP_TOP, loc);
        }
        self.with_statement(rest, body, is_async)?;
        self.pop_block();
        self.op(Opcode::POP_BLOCK, if is_async { loc } else { NO_LOCATION });
        self.call_exit_with_nones(loc);
        if is_async {
            self.await_top(2, loc);
        }
        self.op(Opcode::POP_TOP, loc);
        self.jump(Opcode::JUMP, exit, loc);

        self.place_label(last);
        self.jump(Opcode::SETUP_CLEANUP, cleanup, loc);
        self.op(Opcode::PUSH_EXC_INFO, loc);
        self.op(Opcode::WITH_EXCEPT_START, loc);
        if is_async {
            self.await_top(2, loc);
        }
        let suppress = self.new_label();
        self.op(Opcode::TO_BOOL, NO_LOCATION);
        self.jump(Opcode::POP_JUMP_IF_TRUE, suppress, NO_LOCATION);
        self.op_arg(Opcode::RERAISE, 2, NO_LOCATION);
        self.place_label(suppress);
        for opcode in [Opcode::POP_TOP, Opcode::POP_BLOCK, Opcode::POP_EXCEPT, Opcode::POP_TOP, Opcode::POP_TOP, Opcode::POP_TOP] {
            self.op(opcode, NO_LOCATION);
        }
        let done = self.new_label();
        self.jump(Opcode::JUMP_NO_INTERRUPT, done, NO_LOCATION);
        self.place_label(cleanup);
        self.pop_except_and_reraise();
        self.place_label(done);
        self.place_label(exit);
        Ok(())
    }
}
