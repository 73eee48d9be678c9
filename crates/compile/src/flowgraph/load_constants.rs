//! What follows the load of a constant: decided jumps, `is None` tests, conversions to bool; small ints need no constant.

use bredli_code::{Const, Opcode};

use super::fold::{constant, small_int};
use super::graph::{Block, Step, kind};
use crate::unit::Table;

/// Simplifies what a block does with constants that it loads. Returns whether a jump was decided.
pub(super) fn optimize_constant_loads(block: &mut Block, constants: &mut Table<Const>) -> bool {
    let mut decided = false;
    let mut position = 0;
    while let Some(first) = block.find(position, kind::CONSTANT) {
        let load = &mut block.steps[first];
        if load.opcode == Opcode::LOAD_CONST
            && let Some(value) = constants.items().get(load.arg as usize).and_then(small_int)
        {
            load.set(Opcode::LOAD_SMALL_INT, value);
        }
        let load = *load;
        decided |= simplify_use(block, first, &load, constants);
        position = first + 1;
        while load.opcode == Opcode::LOAD_CONST
            && block.steps.get(position).is_some_and(|step| step.opcode == Opcode::COPY && step.arg == 1)
        {
            decided |= simplify_use(block, position, &load, constants);
            position += 1;
        }
    }
    decided
}

/// Simplifies what comes after a position that pushes a constant; the load of that. Returns whether it is a jump that was decided.
fn simplify_use(block: &mut Block, position: usize, load: &Step, constants: &mut Table<Const>) -> bool {
    let Some(next) = block.opcode(position + 1) else { return false };
    if !matches!(next, Opcode::IS_OP | Opcode::TO_BOOL | Opcode::JUMP_IF_FALSE | Opcode::JUMP_IF_TRUE) && !next.is_conditional_jump() {
        return false;
    }
    let Some(value) = constant(load, constants) else { return false };
    match next {
        Opcode::POP_JUMP_IF_FALSE | Opcode::POP_JUMP_IF_TRUE | Opcode::JUMP_IF_FALSE | Opcode::JUMP_IF_TRUE => {
            if matches!(next, Opcode::POP_JUMP_IF_FALSE | Opcode::POP_JUMP_IF_TRUE) {
                block.clear(position);
            }
            let jumps_if_true = matches!(next, Opcode::POP_JUMP_IF_TRUE | Opcode::JUMP_IF_TRUE);
            if value.is_true() == jumps_if_true {
                block.steps[position + 1].opcode = Opcode::JUMP;
            } else {
                block.clear(position + 1);
            }
            return true;
        }
        Opcode::IS_OP if matches!(value, Const::None) => compare_to_none(block, position),
        Opcode::TO_BOOL => {
            let number = constants.add(Const::Bool(value.is_true()));
            block.clear(position);
            block.steps[position + 1].set(Opcode::LOAD_CONST, number);
        }
        _ => {}
    }
    false
}

/// Joins the load of None, IS_OP and a conditional jump into POP_JUMP_IF_NONE or POP_JUMP_IF_NOT_NONE.
fn compare_to_none(block: &mut Block, position: usize) {
    let mut jump = position + 2;
    if block.opcode(jump) == Some(Opcode::TO_BOOL) {
        block.clear(jump);
        jump += 1;
    }
    let inverted = block.steps[position + 1].arg != 0;
    let jumps_if_not_none = match block.opcode(jump) {
        Some(Opcode::POP_JUMP_IF_TRUE) => inverted,
        Some(Opcode::POP_JUMP_IF_FALSE) => !inverted,
        _ => return,
    };
    block.clear(position);
    block.clear(position + 1);
    block.steps[jump].opcode = if jumps_if_not_none { Opcode::POP_JUMP_IF_NOT_NONE } else { Opcode::POP_JUMP_IF_NONE };
}
