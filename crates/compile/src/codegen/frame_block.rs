//! The statements that are open around the current instruction, and how `return`, `break` and `continue` leave them.

use bredli_code::Opcode;
use bredli_syntax::ast::{Location, Stmt};

use super::Codegen;
use crate::error::Result;
use crate::instruction::Label;
use crate::names::Name;
use crate::tree::NO_LOCATION;

/// CPython's limit on statically nested blocks.
const MAX_BLOCKS: usize = 21;

#[derive(Clone, Copy)]
pub(super) enum FrameBlockKind<'a> {
    WhileLoop,
    ForLoop,
    TryExcept,
    /// The body of a `try` with this `finally` body.
    FinallyTry(&'a [Stmt<'a>]),
    FinallyEnd,
    With,
    AsyncWith,
    /// The body of an `except` clause, with the name it binds.
    HandlerCleanup(Option<Name>),
    PopValue,
    ExceptionHandler,
    ExceptionGroupHandler,
    AsyncComprehension,
    StopIteration,
}

#[derive(Clone, Copy)]
pub(super) struct FrameBlock<'a> {
    pub kind: FrameBlockKind<'a>,
    pub loc: Location,
    /// Where `continue` goes.
    pub start: Option<Label>,
    /// Where `break` goes.
    pub exit: Option<Label>,
}

impl<'a> Codegen<'a, '_> {
    pub(super) fn push_block(&mut self, kind: FrameBlockKind<'a>, loc: Location) -> Result<()> {
        self.push_frame_block(FrameBlock { kind, loc, start: None, exit: None })
    }

    pub(super) fn push_loop(&mut self, kind: FrameBlockKind<'a>, loc: Location, start: Label, exit: Label) -> Result<()> {
        self.push_frame_block(FrameBlock { kind, loc, start: Some(start), exit: Some(exit) })
    }

    fn push_frame_block(&mut self, block: FrameBlock<'a>) -> Result<()> {
        if self.unit.frame_blocks.len() >= MAX_BLOCKS {
            return self.error("too many statically nested blocks", block.loc);
        }
        if matches!(block.kind, FrameBlockKind::FinallyEnd) {
            self.quiet += 1;
        }
        self.unit.frame_blocks.push(block);
        Ok(())
    }

    pub(super) fn pop_block(&mut self) {
        if let Some(FrameBlock { kind: FrameBlockKind::FinallyEnd, .. }) = self.unit.frame_blocks.pop() {
            self.quiet -= 1;
        }
    }

    /// Emit what leaves `block`. `keep` says that the value on top of the stack survives.
    ///
    /// `loc` becomes artificial where the code that runs on leaving has lines of its own.
    pub(super) fn unwind(&mut self, block: &FrameBlock<'a>, keep: bool, loc: &mut Location) -> Result<()> {
        match block.kind {
            FrameBlockKind::WhileLoop
            | FrameBlockKind::ExceptionHandler
            | FrameBlockKind::ExceptionGroupHandler
            | FrameBlockKind::AsyncComprehension
            | FrameBlockKind::StopIteration => {}
            FrameBlockKind::ForLoop | FrameBlockKind::PopValue => {
                self.keep_top(keep, *loc);
                self.op(Opcode::POP_TOP, *loc);
            }
            FrameBlockKind::TryExcept => self.op(Opcode::POP_BLOCK, *loc),
            FrameBlockKind::FinallyTry(body) => {
                self.op(Opcode::POP_BLOCK, *loc);
                if keep {
                    self.push_block(FrameBlockKind::PopValue, *loc)?;
                }
                self.statements(body)?;
                if keep {
                    self.pop_block();
                }
                *loc = NO_LOCATION;
            }
            FrameBlockKind::FinallyEnd => {
                self.keep_top(keep, *loc);
                self.op(Opcode::POP_TOP, *loc);
                self.keep_top(keep, *loc);
                self.op(Opcode::POP_BLOCK, *loc);
                self.op(Opcode::POP_EXCEPT, *loc);
            }
            FrameBlockKind::With | FrameBlockKind::AsyncWith => {
                *loc = block.loc;
                self.op(Opcode::POP_BLOCK, *loc);
                if keep {
                    self.op_arg(Opcode::SWAP, 3, *loc);
                    self.op_arg(Opcode::SWAP, 2, *loc);
                }
                self.call_exit_with_nones(*loc);
                if matches!(block.kind, FrameBlockKind::AsyncWith) {
                    self.await_top(2, *loc);
                }
                self.op(Opcode::POP_TOP, *loc);
                *loc = NO_LOCATION;
            }
            FrameBlockKind::HandlerCleanup(name) => {
                if name.is_some() {
                    self.op(Opcode::POP_BLOCK, *loc);
                }
                self.keep_top(keep, *loc);
                self.op(Opcode::POP_BLOCK, *loc);
                self.op(Opcode::POP_EXCEPT, *loc);
                if let Some(name) = name {
                    self.clear_name(name, *loc)?;
                }
            }
        }
        Ok(())
    }

    fn keep_top(&mut self, keep: bool, loc: Location) {
        if keep {
            self.op_arg(Opcode::SWAP, 2, loc);
        }
    }

    /// Leave all open blocks, up to the innermost loop when `to_loop` says so; that loop is the result.
    pub(super) fn unwind_all(&mut self, keep: bool, to_loop: bool, loc: &mut Location) -> Result<Option<FrameBlock<'a>>> {
        let Some(&top) = self.unit.frame_blocks.last() else { return Ok(None) };
        match top.kind {
            FrameBlockKind::ExceptionGroupHandler => {
                return self.error("'break', 'continue' and 'return' cannot appear in an except* block", *loc);
            }
            FrameBlockKind::WhileLoop | FrameBlockKind::ForLoop if to_loop => return Ok(Some(top)),
            _ => {}
        }
        // While its own exit code is generated, the block is not open: a `return` in a `finally` must not run it again.
        self.pop_block();
        self.unwind(&top, keep, loc)?;
        let found = self.unwind_all(keep, to_loop, loc)?;
        self.push_frame_block(top)?;
        Ok(found)
    }
}
