//! What the evaluation stack holds at each instruction, as far as a debugger's jump has to know.
//!
//! Counterpart: `mark_stacks` in `Objects/frameobject.c`.

use crate::{CodeObject, Opcode};

/// What an entry of the evaluation stack is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum StackEntry {
    /// The iterator of a loop.
    Iterator,
    /// An exception, or the one that was handled before.
    Exception,
    /// Any value.
    Object,
    /// A value or nothing: the receiver of a call.
    Null,
    /// The offset of the instruction that has raised.
    Offset,
}

impl StackEntry {
    /// Whether code that expects an entry of the kind `wanted` can go on with this one.
    pub fn serves_as(self, wanted: StackEntry) -> bool {
        match wanted {
            StackEntry::Object => self != StackEntry::Null,
            StackEntry::Null => true,
            wanted => self == wanted,
        }
    }
}

/// The evaluation stacks of a code object.
pub struct Stacks(Vec<Option<Vec<StackEntry>>>);

impl Stacks {
    /// The stack at the instruction at a byte offset; `None` where control never comes.
    pub fn at(&self, offset: usize) -> Option<&[StackEntry]> {
        self.0.get(offset / 2)?.as_deref()
    }
}

struct Search {
    stacks: Stacks,
    /// Code units whose stack is known and which are to be followed.
    open: Vec<usize>,
}

impl Search {
    fn reach(&mut self, offset: usize, stack: &[StackEntry]) {
        if let Some(known @ None) = self.stacks.0.get_mut(offset / 2) {
            *known = Some(stack.to_vec());
            self.open.push(offset / 2);
        }
    }
}

impl CodeObject {
    /// The evaluation stack at each instruction.
    pub fn stacks(&self) -> Stacks {
        let units = self.code.len() / 2;
        let mut instructions = vec![None; units];
        for instruction in self.instructions() {
            for unit in instruction.start / 2..=instruction.offset / 2 {
                instructions[unit] = Some(instruction);
            }
        }
        let handlers: Vec<_> = self.handlers().collect();
        let mut search = Search { stacks: Stacks(vec![None; units]), open: Vec::new() };
        search.reach(0, &[]);
        while let Some(unit) = search.open.pop() {
            let Some(instruction) = instructions[unit] else { continue };
            let Some(stack) = search.stacks.0[unit].clone() else { continue };
            for handler in handlers.iter().filter(|handler| handler.start / 2 == unit) {
                let mut stack = stack[..handler.depth.min(stack.len())].to_vec();
                stack.extend(handler.lasti.then_some(StackEntry::Offset));
                stack.push(StackEntry::Exception);
                search.reach(handler.target, &stack);
            }
            // A jump may lead to the first prefix, a location or a handler's range may begin there.
            if unit < instruction.offset / 2 {
                search.reach(instruction.offset, &stack);
                continue;
            }
            let Some(opcode) = instruction.opcode else { continue };
            let after = step(opcode, instruction.arg, stack);
            if let Some(target) = instruction.jump_target().filter(|_| opcode != Opcode::END_ASYNC_FOR) {
                search.reach(target, &after);
            }
            if !opcode.is_unconditional_jump() && !opcode.exits_scope() {
                search.reach(instruction.end(), &after);
            }
        }
        search.stacks
    }
}

/// The stack after an instruction.
fn step(opcode: Opcode, arg: u32, mut stack: Vec<StackEntry>) -> Vec<StackEntry> {
    use StackEntry::*;
    match opcode {
        Opcode::GET_ITER | Opcode::GET_AITER => {
            stack.pop();
            stack.push(Iterator);
        }
        Opcode::PUSH_EXC_INFO => stack.push(Exception),
        Opcode::PUSH_NULL => stack.push(Null),
        Opcode::LOAD_GLOBAL => {
            stack.push(Object);
            stack.extend((arg & 1 != 0).then_some(Null));
        }
        Opcode::LOAD_ATTR => {
            stack.pop();
            stack.push(Object);
            stack.extend((arg & 1 != 0).then_some(Null));
        }
        Opcode::SWAP => {
            if let (Some(last), Some(other)) = (stack.len().checked_sub(1), stack.len().checked_sub(arg as usize)) {
                stack.swap(last.min(other), last);
            }
        }
        Opcode::COPY => {
            let entry = stack.len().checked_sub(arg as usize).and_then(|at| stack.get(at)).copied();
            stack.push(entry.unwrap_or(Object));
        }
        // The effect of these is that of the jump, which does the same here.
        Opcode::FOR_ITER => stack.push(Object),
        Opcode::SEND => {}
        opcode => {
            let effect = opcode.stack_effect(arg);
            let len = stack.len().saturating_add_signed(effect as isize);
            stack.resize(len, Object);
        }
    }
    stack
}

#[cfg(test)]
mod tests {
    use super::StackEntry::*;

    #[test]
    fn entries_serve_as_others() {
        assert!(Iterator.serves_as(Object) && !Null.serves_as(Object));
        assert!(Object.serves_as(Null) && !Object.serves_as(Exception));
    }
}
