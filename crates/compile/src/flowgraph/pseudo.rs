//! Replacement of pseudo-instructions, and jumps that only go one way.

use bredli_code::Opcode;

use super::graph::{BlockId, Graph, Step, kind};
use super::nops::remove_nops_and_jumps;
use crate::unit::AssembleError;

/// Spells out the jumps that keep the value which they test.
pub(super) fn convert_conditional_jumps(graph: &mut Graph) {
    for block in graph.blocks_mut() {
        let Some(last) = block.steps.last_mut() else { continue };
        last.opcode = match last.opcode {
            Opcode::JUMP_IF_FALSE => Opcode::POP_JUMP_IF_FALSE,
            Opcode::JUMP_IF_TRUE => Opcode::POP_JUMP_IF_TRUE,
            _ => continue,
        };
        let with = |opcode, arg| Step { opcode, arg, target: None, ..*last };
        let tested = [with(Opcode::COPY, 1), with(Opcode::TO_BOOL, 0)];
        let before = block.steps.len() - 1;
        block.insert(before, &tested);
    }
}

/// Replaces the other pseudo-instructions.
pub(super) fn convert_pseudo_instructions(graph: &mut Graph) -> Result<(), AssembleError> {
    for block in graph.blocks_mut() {
        let mut next = 0;
        while let Some(position) = block.find(next, kind::BLOCK | kind::STAND_IN) {
            match block.steps[position].opcode {
                Opcode::LOAD_CLOSURE => block.steps[position].opcode = Opcode::LOAD_FAST,
                Opcode::STORE_FAST_MAYBE_NULL => block.steps[position].opcode = Opcode::STORE_FAST,
                _ => block.clear(position),
            }
            next = position + 1;
        }
    }
    remove_nops_and_jumps(graph)
}

/// Makes conditional jumps go forward, and marks where they are not taken.
pub(super) fn normalize_jumps(graph: &mut Graph) {
    graph.reset_visited();
    let mut cursor = Some(Graph::ENTRY);
    while let Some(id) = cursor {
        graph.visit(id);
        normalize_last_jump(graph, id);
        cursor = graph[id].next;
    }
}

fn normalize_last_jump(graph: &mut Graph, id: BlockId) {
    let Some(jump) = graph[id].last().copied() else { return };
    let reversed = match jump.opcode {
        Opcode::POP_JUMP_IF_NONE => Opcode::POP_JUMP_IF_NOT_NONE,
        Opcode::POP_JUMP_IF_NOT_NONE => Opcode::POP_JUMP_IF_NONE,
        Opcode::POP_JUMP_IF_FALSE => Opcode::POP_JUMP_IF_TRUE,
        Opcode::POP_JUMP_IF_TRUE => Opcode::POP_JUMP_IF_FALSE,
        _ => return,
    };
    let Some(target) = jump.target else { return };
    let not_taken = Step::new(Opcode::NOT_TAKEN, 0, jump.location);
    if !graph[target].visited {
        graph[id].append(not_taken);
        return;
    }
    let mut backwards = Step::new(Opcode::JUMP, 0, jump.location);
    backwards.target = Some(target);
    let after = graph[id].next;
    let (start_depth, cold) = (graph[target].start_depth, graph[id].cold);
    let new = graph.insert_after(id);
    let block = &mut graph[new];
    (block.start_depth, block.cold) = (start_depth, cold);
    block.steps.extend([not_taken, backwards]);
    let last = graph[id].steps.last_mut().expect("there is a jump");
    last.opcode = reversed;
    last.target = after;
}
