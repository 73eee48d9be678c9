//! Local simplifications of a block: folding, jumps to jumps, and instructions that combine with the next one.

use bredli_code::{Comparison, Const, Intrinsic1, Opcode};

use super::fold;
use super::graph::{Block, BlockId, Graph, Step};
use super::swaps::optimize_swaps;
use crate::unit::Table;

/// Simplifies one block.
pub(super) fn optimize_block(graph: &mut Graph, id: BlockId, constants: &mut Table<Const>) {
    let mut position = 0;
    let mut swaps = false;
    while let Some(step) = graph[id].steps.get(position) {
        swaps |= step.opcode == Opcode::SWAP;
        if step.opcode.has_jump() {
            if !thread_jump(graph, id, position) {
                position += 1;
            }
        } else {
            simplify(&mut graph[id], position, constants);
            position += 1;
        }
    }
    if swaps {
        optimize_swaps(&mut graph[id]);
    }
}

fn simplify(block: &mut Block, position: usize, constants: &mut Table<Const>) {
    let step = block.steps[position];
    let next = block.steps.get(position + 1).copied();
    let next_opcode = next.map(|next| next.opcode);
    let steps = &mut block.steps;
    match step.opcode {
        Opcode::BUILD_TUPLE => match (next, step.arg) {
            (Some(next), 1) if next.opcode == Opcode::UNPACK_SEQUENCE && next.arg == 1 => {
                steps[position].clear();
                steps[position + 1].clear();
            }
            (Some(next), 2 | 3) if next.opcode == Opcode::UNPACK_SEQUENCE && next.arg == step.arg => {
                steps[position].clear();
                steps[position + 1].opcode = Opcode::SWAP;
            }
            _ => fold::fold_tuple(block, position, constants),
        },
        Opcode::BUILD_LIST | Opcode::BUILD_SET => fold::fold_list_or_set(block, position, next_opcode, constants),
        Opcode::LIST_APPEND | Opcode::SET_ADD if step.arg == 1 && matches!(next_opcode, Some(Opcode::GET_ITER | Opcode::CONTAINS_OP)) => {
            fold::fold_appended(block, position, constants);
        }
        Opcode::STORE_FAST => {
            if let Some(next) = next
                && next.opcode == Opcode::STORE_FAST
                && next.arg == step.arg
                && next.location.line == step.location.line
            {
                steps[position].set(Opcode::POP_TOP, 0);
            }
        }
        Opcode::SWAP if step.arg == 1 => steps[position].clear(),
        Opcode::LOAD_GLOBAL if next_opcode == Some(Opcode::PUSH_NULL) && step.arg & 1 == 0 => {
            steps[position].arg |= 1;
            steps[position + 1].clear();
        }
        Opcode::COMPARE_OP if next_opcode == Some(Opcode::TO_BOOL) => {
            steps[position].clear();
            steps[position + 1].set(Opcode::COMPARE_OP, step.arg | Comparison::TO_BOOL);
        }
        Opcode::CONTAINS_OP | Opcode::IS_OP => match next_opcode {
            Some(Opcode::TO_BOOL) => {
                steps[position].clear();
                steps[position + 1].set(step.opcode, step.arg);
            }
            Some(Opcode::UNARY_NOT) => {
                steps[position].clear();
                steps[position + 1].set(step.opcode, step.arg ^ 1);
            }
            _ => {}
        },
        Opcode::TO_BOOL if next_opcode == Some(Opcode::TO_BOOL) => steps[position].clear(),
        Opcode::UNARY_NOT if next_opcode == Some(Opcode::TO_BOOL) => {
            steps[position].clear();
            steps[position + 1].set(Opcode::UNARY_NOT, 0);
        }
        Opcode::UNARY_NOT if next_opcode == Some(Opcode::UNARY_NOT) => {
            steps[position].clear();
            steps[position + 1].clear();
        }
        Opcode::UNARY_NOT | Opcode::UNARY_INVERT | Opcode::UNARY_NEGATIVE => fold::fold_unary(block, position, constants),
        Opcode::CALL_INTRINSIC_1 => match fold::intrinsic(&step) {
            Some(Intrinsic1::ListToTuple) => {
                let folded = fold::fold_list_to_tuple(block, position, constants);
                if !folded && next_opcode == Some(Opcode::GET_ITER) {
                    block.steps[position].clear();
                }
            }
            Some(Intrinsic1::UnaryPositive) => fold::fold_unary(block, position, constants),
            _ => {}
        },
        Opcode::BINARY_OP => fold::fold_binary(block, position, constants),
        _ => {}
    }
}

/// Shortens a jump to a jump; whether to look at the same position again.
fn thread_jump(graph: &mut Graph, id: BlockId, position: usize) -> bool {
    let jump = graph[id].steps[position];
    let Some(target_id) = jump.target else { return false };
    let Some(next) = graph[target_id].steps.first().copied() else { return false };
    let opcode = match (jump.opcode, next.opcode) {
        (Opcode::POP_JUMP_IF_NOT_NONE | Opcode::POP_JUMP_IF_NONE | Opcode::POP_JUMP_IF_FALSE | Opcode::POP_JUMP_IF_TRUE, Opcode::JUMP) => {
            jump.opcode
        }
        (Opcode::JUMP_IF_FALSE, Opcode::JUMP | Opcode::JUMP_IF_FALSE) => jump.opcode,
        (Opcode::JUMP_IF_TRUE, Opcode::JUMP | Opcode::JUMP_IF_TRUE) => jump.opcode,
        (Opcode::JUMP_IF_FALSE, Opcode::JUMP_IF_TRUE) | (Opcode::JUMP_IF_TRUE, Opcode::JUMP_IF_FALSE) => {
            graph[id].steps[position].target = graph[target_id].next;
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
    graph[id].steps[position].clear();
    graph[id].append(threaded);
    true
}
