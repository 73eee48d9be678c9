//! Exception handlers: the stack they begin with, the words they cover, and what they do with the exception.

use super::{At, Entry, Instruction, Outcome, Translator, Untranslatable, jump_target};
use crate::exec::code::Handler;
use bredli_code::{Intrinsic1, Opcode};

impl Translator {
    /// Handlers of regions that start here begin with the stack as it is now.
    pub(super) fn enter_regions(&mut self, offset: u32) {
        let first = self.regions.partition_point(|region| region.start < offset as usize);
        for at in first..self.regions.len() {
            let region = self.regions[at];
            let target = region.target as u32;
            if region.start != offset as usize {
                break;
            }
            if self.labels.stack(target).is_some() {
                continue;
            }
            let below = &self.stack[..region.depth.min(self.stack.len())];
            let home = self.next_home(below);
            let pushed = [home, home + 1].map(|home| Entry { at: At::Home, home });
            let pushes = if region.lasti { 2 } else { 1 };
            self.highest = self.highest.max(home + pushes as u16);
            self.labels.set_stack(target, below, &pushed[..pushes]);
        }
    }

    /// The handlers, once all code is there.
    pub(super) fn handlers(&self) -> Outcome<Box<[Handler]>> {
        let word_from = |offset: usize| {
            let at = self.map.partition_point(|(_, from)| (*from as usize) < offset);
            self.map.get(at).map_or(self.words.len() as u32, |(word, _)| *word)
        };
        let mut handlers = Vec::new();
        for region in &self.regions {
            let offset = region.target as u32;
            let (Some(target), Some(stack)) = (self.labels.word(offset), self.labels.stack(offset)) else { continue };
            let Some(entry) = stack.get(region.depth) else { return Err(Untranslatable("handler without stack entry")) };
            let (start, end) = (word_from(region.start), word_from(region.end));
            let drops = !self.generator && !region.lasti && self.drops_exception(offset);
            handlers.push(Handler { start, end, target, slot: entry.home, lasti: region.lasti, drops });
        }
        Ok(handlers.into_boxed_slice())
    }

    /// Whether the handler at an offset is the one that generators end with.
    pub(super) fn is_stop_wrapper(&self, offset: u32) -> bool {
        let first = self.instructions.partition_point(|i| i.offset < offset);
        self.instructions
            .get(first)
            .is_some_and(|i| i.opcode == Opcode::CALL_INTRINSIC_1 && Intrinsic1::from_number(i.arg) == Some(Intrinsic1::StopIterationError))
    }

    /// Whether the handler at an offset consists of `except` clauses without `as`: it looks at the class of the exception and drops it, or
    /// raises it again.
    fn drops_exception(&self, target: u32) -> bool {
        use Opcode::*;
        let from = |offset: u32| self.instructions[self.instructions.partition_point(|i| i.start() < offset)..].iter();
        let mut rest = from(target);
        if rest.next().is_none_or(|i| i.opcode != PUSH_EXC_INFO) {
            return false;
        }
        // One round for each clause.
        loop {
            let mut clause = rest.peekable();
            if clause.peek().is_some_and(|i| matches!(i.opcode, POP_TOP | RERAISE)) {
                return true;
            }
            let is_class =
                |i: &&Instruction| matches!(i.opcode, LOAD_GLOBAL | LOAD_NAME | LOAD_FAST_BORROW | LOAD_DEREF | LOAD_ATTR | BUILD_TUPLE);
            while clause.next_if(is_class).is_some() {}
            if clause.next().is_none_or(|i| i.opcode != CHECK_EXC_MATCH) {
                return false;
            }
            let Some(jump) = clause.next().filter(|i| i.opcode == POP_JUMP_IF_FALSE) else { return false };
            if clause.find(|i| i.opcode != NOT_TAKEN).is_none_or(|i| i.opcode != POP_TOP) {
                return false;
            }
            rest = from(jump_target(jump));
        }
    }
}
