//! `try` with its `except`, `except*`, `else` and `finally` parts.

use bredli_code::{Intrinsic2, Opcode};
use bredli_syntax::ast::{ExceptHandler, Expr, Location, Stmt};

use super::Codegen;
use super::frame_block::FrameBlockKind;
use crate::error::Result;
use crate::instruction::Label;
use crate::names::Name;
use crate::tree::NO_LOCATION;

/// The parts of a `try` statement.
pub(super) struct Try<'a> {
    pub body: &'a [Stmt<'a>],
    pub handlers: &'a [ExceptHandler<'a>],
    pub orelse: &'a [Stmt<'a>],
    pub finalbody: &'a [Stmt<'a>],
    /// Whether the handlers are `except*`.
    pub star: bool,
    pub loc: Location,
}

/// One `except` clause.
struct Handler<'a> {
    exception: Option<&'a Expr<'a>>,
    name: Option<Name>,
    body: &'a [Stmt<'a>],
    loc: Location,
}

impl<'a> Codegen<'a, '_> {
    pub(super) fn try_statement(&mut self, parts: &Try<'a>) -> Result<()> {
        if parts.finalbody.is_empty() { self.try_handlers(parts) } else { self.try_finally(parts) }
    }

    fn try_handlers(&mut self, parts: &Try<'a>) -> Result<()> {
        if parts.star { self.try_except_star(parts) } else { self.try_except(parts) }
    }

    fn try_finally(&mut self, parts: &Try<'a>) -> Result<()> {
        let end = self.new_label();
        let exit = self.new_label();
        let cleanup = self.new_label();
        self.jump(Opcode::SETUP_FINALLY, end, parts.loc);
        self.push_block(FrameBlockKind::FinallyTry(parts.finalbody), parts.loc)?;
        if parts.handlers.is_empty() {
            self.statements(parts.body)?;
        } else {
            self.try_handlers(parts)?;
        }
        self.op(Opcode::POP_BLOCK, NO_LOCATION);
        self.pop_block();
        self.statements(parts.finalbody)?;
        self.jump(Opcode::JUMP_NO_INTERRUPT, exit, NO_LOCATION);

        self.place_label(end);
        self.jump(Opcode::SETUP_CLEANUP, cleanup, NO_LOCATION);
        self.op(Opcode::PUSH_EXC_INFO, NO_LOCATION);
        self.push_block(FrameBlockKind::FinallyEnd, NO_LOCATION)?;
        self.statements(parts.finalbody)?;
        self.pop_block();
        self.op_arg(Opcode::RERAISE, 0, NO_LOCATION);
        self.place_label(cleanup);
        self.pop_except_and_reraise();
        self.place_label(exit);
        Ok(())
    }

    fn handler_parts(&mut self, handler: &'a ExceptHandler<'a>) -> Handler<'a> {
        let ExceptHandler { r#type, name, body, .. } = handler;
        let name = name.as_ref().map(|name| self.intern(name));
        Handler { exception: r#type.as_deref(), name, body, loc: handler.loc }
    }

    /// Set the name that an `except` clause bound to None and delete it.
    pub(super) fn clear_name(&mut self, name: Name, loc: Location) -> Result<()> {
        self.load_none(loc);
        self.store_name(name, loc)?;
        self.delete_name(name, loc)
    }

    /// The body of a `try` that handles exceptions at `except`.
    fn try_body(&mut self, parts: &Try<'a>, except: Label) -> Result<()> {
        self.jump(Opcode::SETUP_FINALLY, except, parts.loc);
        self.push_block(FrameBlockKind::TryExcept, parts.loc)?;
        self.statements(parts.body)?;
        self.pop_block();
        self.op(Opcode::POP_BLOCK, NO_LOCATION);
        Ok(())
    }

    fn try_except(&mut self, parts: &Try<'a>) -> Result<()> {
        let mut except = self.new_label();
        let end = self.new_label();
        let cleanup = self.new_label();
        self.try_body(parts, except)?;
        self.statements(parts.orelse)?;
        self.jump(Opcode::JUMP_NO_INTERRUPT, end, NO_LOCATION);

        self.place_label(except);
        self.jump(Opcode::SETUP_CLEANUP, cleanup, NO_LOCATION);
        self.op(Opcode::PUSH_EXC_INFO, NO_LOCATION);
        self.push_block(FrameBlockKind::ExceptionHandler, parts.loc)?;
        for (position, handler) in parts.handlers.iter().enumerate() {
            let handler = self.handler_parts(handler);
            if handler.exception.is_none() && position + 1 < parts.handlers.len() {
                return self.error("default 'except:' must be last", handler.loc);
            }
            except = self.new_label();
            if let Some(exception) = handler.exception {
                self.expr(exception)?;
                self.op(Opcode::CHECK_EXC_MATCH, handler.loc);
                self.jump(Opcode::POP_JUMP_IF_FALSE, except, handler.loc);
            }
            self.handler_body(&handler, end)?;
            self.place_label(except);
        }
        self.pop_block();
        self.op_arg(Opcode::RERAISE, 0, NO_LOCATION);
        self.place_label(cleanup);
        self.pop_except_and_reraise();
        self.place_label(end);
        Ok(())
    }

    fn handler_body(&mut self, handler: &Handler<'a>, end: Label) -> Result<()> {
        let Some(name) = handler.name else {
            self.op(Opcode::POP_TOP, handler.loc);
            self.push_block(FrameBlockKind::HandlerCleanup(None), handler.loc)?;
            self.statements(handler.body)?;
            self.pop_block();
            self.op(Opcode::POP_BLOCK, NO_LOCATION);
            self.op(Opcode::POP_EXCEPT, NO_LOCATION);
            self.jump(Opcode::JUMP_NO_INTERRUPT, end, NO_LOCATION);
            return Ok(());
        };
        let cleanup_end = self.new_label();
        self.store_name(name, handler.loc)?;
        self.jump(Opcode::SETUP_CLEANUP, cleanup_end, handler.loc);
        self.push_block(FrameBlockKind::HandlerCleanup(Some(name)), handler.loc)?;
        self.statements(handler.body)?;
        self.pop_block();
        self.op(Opcode::POP_BLOCK, NO_LOCATION);
        self.op(Opcode::POP_BLOCK, NO_LOCATION);
        self.op(Opcode::POP_EXCEPT, NO_LOCATION);
        self.clear_name(name, NO_LOCATION)?;
        self.jump(Opcode::JUMP_NO_INTERRUPT, end, NO_LOCATION);
        self.place_label(cleanup_end);
        self.clear_name(name, NO_LOCATION)?;
        self.op_arg(Opcode::RERAISE, 1, NO_LOCATION);
        Ok(())
    }

    /// `except*`: below the exceptions not yet handled, the stack holds the original group and a list of those to raise.
    fn try_except_star(&mut self, parts: &Try<'a>) -> Result<()> {
        let except = self.new_label();
        let orelse = self.new_label();
        let end = self.new_label();
        let cleanup = self.new_label();
        let reraise_star = self.new_label();
        self.try_body(parts, except)?;
        self.jump(Opcode::JUMP_NO_INTERRUPT, orelse, NO_LOCATION);

        self.place_label(except);
        self.jump(Opcode::SETUP_CLEANUP, cleanup, NO_LOCATION);
        self.op(Opcode::PUSH_EXC_INFO, NO_LOCATION);
        self.push_block(FrameBlockKind::ExceptionGroupHandler, parts.loc)?;
        for (position, handler) in parts.handlers.iter().enumerate() {
            let handler = self.handler_parts(handler);
            if position == 0 {
                self.op_arg(Opcode::BUILD_LIST, 0, handler.loc);
                self.op_arg(Opcode::COPY, 2, handler.loc);
            }
            self.star_handler(&handler)?;
            if position + 1 == parts.handlers.len() {
                self.op_arg(Opcode::LIST_APPEND, 1, NO_LOCATION);
                self.jump(Opcode::JUMP_NO_INTERRUPT, reraise_star, NO_LOCATION);
            }
        }
        self.pop_block();
        let reraise = self.new_label();
        self.place_label(reraise_star);
        self.intrinsic_2(Intrinsic2::PrepReraiseStar, NO_LOCATION);
        self.op_arg(Opcode::COPY, 1, NO_LOCATION);
        self.jump(Opcode::POP_JUMP_IF_NOT_NONE, reraise, NO_LOCATION);
        self.op(Opcode::POP_TOP, NO_LOCATION);
        self.op(Opcode::POP_BLOCK, NO_LOCATION);
        self.op(Opcode::POP_EXCEPT, NO_LOCATION);
        self.jump(Opcode::JUMP_NO_INTERRUPT, end, NO_LOCATION);
        self.place_label(reraise);
        self.op(Opcode::POP_BLOCK, NO_LOCATION);
        self.op_arg(Opcode::SWAP, 2, NO_LOCATION);
        self.op(Opcode::POP_EXCEPT, NO_LOCATION);
        self.op_arg(Opcode::RERAISE, 0, NO_LOCATION);
        self.place_label(cleanup);
        self.pop_except_and_reraise();
        self.place_label(orelse);
        self.statements(parts.orelse)?;
        self.place_label(end);
        Ok(())
    }

    fn star_handler(&mut self, handler: &Handler<'a>) -> Result<()> {
        let next = self.new_label();
        let with_error = self.new_label();
        let no_match = self.new_label();
        if let Some(exception) = handler.exception {
            self.expr(exception)?;
            self.op(Opcode::CHECK_EG_MATCH, handler.loc);
            self.op_arg(Opcode::COPY, 1, handler.loc);
            self.jump(Opcode::POP_JUMP_IF_NONE, no_match, handler.loc);
        }
        let cleanup_end = self.new_label();
        match handler.name {
            Some(name) => self.store_name(name, handler.loc)?,
            None => self.op(Opcode::POP_TOP, handler.loc),
        }
        self.jump(Opcode::SETUP_CLEANUP, cleanup_end, handler.loc);
        self.push_block(FrameBlockKind::HandlerCleanup(handler.name), handler.loc)?;
        self.statements(handler.body)?;
        self.pop_block();
        self.op(Opcode::POP_BLOCK, NO_LOCATION);
        if let Some(name) = handler.name {
            self.clear_name(name, NO_LOCATION)?;
        }
        self.jump(Opcode::JUMP_NO_INTERRUPT, next, NO_LOCATION);

        self.place_label(cleanup_end);
        if let Some(name) = handler.name {
            self.clear_name(name, NO_LOCATION)?;
        }
        self.op_arg(Opcode::LIST_APPEND, 3, NO_LOCATION);
        self.op(Opcode::POP_TOP, NO_LOCATION);
        self.jump(Opcode::JUMP_NO_INTERRUPT, with_error, NO_LOCATION);

        self.place_label(next);
        self.op(Opcode::NOP, NO_LOCATION);
        self.jump(Opcode::JUMP_NO_INTERRUPT, with_error, NO_LOCATION);
        self.place_label(no_match);
        self.op(Opcode::POP_TOP, handler.loc);
        self.place_label(with_error);
        Ok(())
    }
}
