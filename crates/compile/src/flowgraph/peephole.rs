//! Local simplifications of a block: folding, jumps to jumps, and instructions that combine with the next one.

use bredli_code::{Comparison, Const, Intrinsic1, Opcode};

use super::fold;
use super::graph::{Block, BlockId, Graph, Step, kind};
use super::swaps::optimize_swaps;
use crate::unit::Table;

/// Simplifies one block.
pub(super) fn optimize_block(graph: &mut Graph, id: BlockId, constants: &mut Table<Const>) {
    let block = &mut graph[id];
    let mut swaps = false;
    let mut next = 0;
    while let Some(position) = block.find(next, kind::PATTERN) {
        swaps |= block.steps[position].opcode == Opcode::SWAP;
        simplify(block, position, constants);
        next = position + 1;
    }
    let jumps = block.last().is_some_and(|last| last.opcode.has_jump());
    if jumps {
        while thread_jump(graph, id) {
            graph.rerouted = true;
        }
    }
    if swaps {
        optimize_swaps(&mut graph[id]);
    }
}

fn simplify(block: &mut Block, position: usize, constants: &mut Table<Const>) {
    let Some([step, rest @ ..]) = block.steps.get_mut(position..) else { return };
    let (opcode, arg) = (step.opcode, step.arg);
    match (opcode, rest) {
        (Opcode::BUILD_TUPLE, [next, ..]) if arg == 1 && next.opcode == Opcode::UNPACK_SEQUENCE && next.arg == 1 => {
            block.clear(position);
            block.clear(position + 1);
        }
        (Opcode::BUILD_TUPLE, [next, ..]) if matches!(arg, 2 | 3) && next.opcode == Opcode::UNPACK_SEQUENCE && next.arg == arg => {
            next.opcode = Opcode::SWAP;
            block.clear(position);
        }
        (Opcode::BUILD_TUPLE, _) => fold::fold_tuple(block, position, constants),
        (Opcode::BUILD_LIST | Opcode::BUILD_SET, rest) => {
            let next = rest.first().map(|next| next.opcode);
            fold::fold_list_or_set(block, position, next, constants);
        }
        (Opcode::LIST_APPEND | Opcode::SET_ADD, [next, ..])
            if arg == 1 && matches!(next.opcode, Opcode::GET_ITER | Opcode::CONTAINS_OP) =>
        {
            fold::fold_appended(block, position, constants);
        }
        (Opcode::STORE_FAST, [next, ..]) => {
            if next.opcode == Opcode::STORE_FAST && next.arg == arg && next.location.line == step.location.line {
                step.set(Opcode::POP_TOP, 0);
                block.kinds |= kind::POP;
            }
        }
        (Opcode::SWAP, _) if arg == 1 => block.clear(position),
        (Opcode::LOAD_GLOBAL, [next, ..]) if next.opcode == Opcode::PUSH_NULL && arg & 1 == 0 => {
            step.arg |= 1;
            block.clear(position + 1);
        }
        (Opcode::COMPARE_OP, [next, ..]) if next.opcode == Opcode::TO_BOOL => {
            next.set(Opcode::COMPARE_OP, arg | Comparison::TO_BOOL);
            block.clear(position);
        }
        (Opcode::CONTAINS_OP | Opcode::IS_OP, [next, ..]) => match next.opcode {
            Opcode::TO_BOOL => {
                next.set(opcode, arg);
                block.clear(position);
            }
            Opcode::UNARY_NOT => {
                next.set(opcode, arg ^ 1);
                block.clear(position);
            }
            _ => {}
        },
        (Opcode::TO_BOOL, [next, ..]) if next.opcode == Opcode::TO_BOOL => block.clear(position),
        (Opcode::UNARY_NOT, [next, ..]) if next.opcode == Opcode::TO_BOOL => {
            next.set(Opcode::UNARY_NOT, 0);
            block.clear(position);
        }
        (Opcode::UNARY_NOT, [next, ..]) if next.opcode == Opcode::UNARY_NOT => {
            block.clear(position);
            block.clear(position + 1);
        }
        (Opcode::UNARY_NOT | Opcode::UNARY_INVERT | Opcode::UNARY_NEGATIVE, _) => fold::fold_unary(block, position, constants),
        (Opcode::CALL_INTRINSIC_1, rest) => match fold::intrinsic(step) {
            Some(Intrinsic1::ListToTuple) => {
                let iterated = rest.first().is_some_and(|next| next.opcode == Opcode::GET_ITER);
                let folded = fold::fold_list_to_tuple(block, position, constants);
                if !folded && iterated {
                    block.clear(position);
                }
            }
            Some(Intrinsic1::UnaryPositive) => fold::fold_unary(block, position, constants),
            _ => {}
        },
        (Opcode::BINARY_OP, _) => fold::fold_binary(block, position, constants),
        _ => {}
    }
}

/// Shortens the jump at the end of a block when it leads to a jump; whether it leads elsewhere now.
fn thread_jump(graph: &mut Graph, id: BlockId) -> bool {
    let Some(jump) = graph[id].last().copied() else { return false };
    let Some(target_id) = jump.target else { return false };
    let Some(next) = graph[target_id].steps.first().copied() else { return false };
    let opcode = match (jump.opcode, next.opcode) {
        (Opcode::POP_JUMP_IF_NOT_NONE | Opcode::POP_JUMP_IF_NONE | Opcode::POP_JUMP_IF_FALSE | Opcode::POP_JUMP_IF_TRUE, Opcode::JUMP) => {
            jump.opcode
        }
        (Opcode::JUMP_IF_FALSE, Opcode::JUMP | Opcode::JUMP_IF_FALSE) => jump.opcode,
        (Opcode::JUMP_IF_TRUE, Opcode::JUMP | Opcode::JUMP_IF_TRUE) => jump.opcode,
        (Opcode::JUMP_IF_FALSE, Opcode::JUMP_IF_TRUE) | (Opcode::JUMP_IF_TRUE, Opcode::JUMP_IF_FALSE) => {
            graph[id].steps.last_mut().expect("there is a jump").target = graph[target_id].next;
            return true;
        }
        (Opcode::JUMP | Opcode::JUMP_NO_INTERRUPT, Opcode::JUMP) => Opcode::JUMP,
        (Opcode::JUMP | Opcode::JUMP_NO_INTERRUPT, Opcode::JUMP_NO_INTERRUPT) => jump.opcode,
        _ => return false,
    };
    if jump.target == next.target {
        return false;
    }
    let mut threaded = Step::new(opcode, 0, next.location);
    threaded.target = next.target;
    let block = &mut graph[id];
    block.clear_jump();
    block.append(threaded);
    true
}
