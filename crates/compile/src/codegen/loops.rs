//! `for`, `async for` and `while`.

use bredli_code::{Opcode, resume};
use bredli_syntax::ast::{Expr, Location, Stmt};

use super::Codegen;
use super::frame_block::FrameBlockKind;
use crate::error::Result;
use crate::tree::NO_LOCATION;

impl<'a> Codegen<'a, '_> {
    pub(super) fn for_loop(
        &mut self,
        target: &'a Expr<'a>,
        iter: &'a Expr<'a>,
        body: &'a [Stmt<'a>],
        orelse: &'a [Stmt<'a>],
        loc: Location,
    ) -> Result<()> {
        let start = self.new_label();
        let cleanup = self.new_label();
        let end = self.new_label();
        self.push_loop(FrameBlockKind::ForLoop, loc, start, end)?;
        self.expr(iter)?;
        self.op(Opcode::GET_ITER, iter.loc);
        self.place_label(start);
        self.jump(Opcode::FOR_ITER, cleanup, iter.loc);
        // Gives a `for` over several lines an event for the line of its target.
        self.op(Opcode::NOP, target.loc);
        self.expr(target)?;
        self.statements(body)?;
        self.jump(Opcode::JUMP, start, NO_LOCATION);
        self.place_label(cleanup);
        self.op(Opcode::END_FOR, NO_LOCATION);
        self.op(Opcode::POP_ITER, NO_LOCATION);
        self.pop_block();
        self.statements(orelse)?;
        self.place_label(end);
        Ok(())
    }

    pub(super) fn async_for_loop(
        &mut self,
        target: &'a Expr<'a>,
        iter: &'a Expr<'a>,
        body: &'a [Stmt<'a>],
        orelse: &'a [Stmt<'a>],
        loc: Location,
    ) -> Result<()> {
        let start = self.new_label();
        let except = self.new_label();
        let end = self.new_label();
        self.expr(iter)?;
        self.op(Opcode::GET_AITER, iter.loc);
        self.place_label(start);
        self.push_loop(FrameBlockKind::ForLoop, loc, start, end)?;
        self.jump(Opcode::SETUP_FINALLY, except, loc);
        self.op(Opcode::GET_ANEXT, loc);
        self.load_none(loc);
        let send = self.new_label();
        self.place_label(send);
        self.yield_from_at(send, resume::AFTER_AWAIT, loc);
        self.op(Opcode::POP_BLOCK, loc);
        self.op(Opcode::NOT_TAKEN, loc);
        self.expr(target)?;
        self.statements(body)?;
        self.jump(Opcode::JUMP, start, NO_LOCATION);
        self.pop_block();
        self.place_label(except);
        self.jump(Opcode::END_ASYNC_FOR, send, iter.loc);
        self.statements(orelse)?;
        self.place_label(end);
        Ok(())
    }

    pub(super) fn while_loop(&mut self, test: &'a Expr<'a>, body: &'a [Stmt<'a>], orelse: &'a [Stmt<'a>], loc: Location) -> Result<()> {
        let start = self.new_label();
        let end = self.new_label();
        let anchor = self.new_label();
        self.place_label(start);
        self.push_loop(FrameBlockKind::WhileLoop, loc, start, end)?;
        self.jump_if(test, anchor, false)?;
        self.statements(body)?;
        self.jump(Opcode::JUMP, start, NO_LOCATION);
        self.pop_block();
        self.place_label(anchor);
        self.statements(orelse)?;
        self.place_label(end);
        Ok(())
    }
}
