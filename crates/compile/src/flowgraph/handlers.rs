//! Which exception handler is in force at each instruction, from the pseudo-instructions that open and close blocks.

use bredli_code::{Opcode, resume};

use super::graph::{BlockId, Graph};
use crate::unit::AssembleError;

/// Marks the blocks that are exception handlers.
pub(super) fn mark_handlers(graph: &mut Graph) {
    let mut walk = graph.walk();
    while let Some(id) = walk.next(graph) {
        for position in 0..graph[id].steps.len() {
            let step = graph[id].steps[position];
            if let (true, Some(target)) = (step.opcode.opens_block(), step.target) {
                graph[target].is_handler = true;
            }
        }
    }
}

/// Sets every instruction's handler, and tells RESUME when only one handler surrounds the yield before it.
pub(super) fn label_targets(graph: &mut Graph) -> Result<(), AssembleError> {
    graph.reset_visited();
    graph.visit(Graph::ENTRY);
    let mut todo: Vec<(BlockId, Vec<BlockId>)> = vec![(Graph::ENTRY, Vec::new())];
    while let Some((id, mut handlers)) = todo.pop() {
        let mut yield_depth = 0;
        for position in 0..graph[id].steps.len() {
            let step = graph[id].steps[position];
            match (step.opcode, step.target) {
                (opcode, Some(target)) if opcode.opens_block() => {
                    if graph.visit(target) {
                        todo.push((target, handlers.clone()));
                    }
                    if matches!(opcode, Opcode::SETUP_WITH | Opcode::SETUP_CLEANUP) {
                        graph[target].preserves_lasti = true;
                    }
                    handlers.push(target);
                    continue;
                }
                (Opcode::POP_BLOCK, _) => {
                    handlers.pop().ok_or(AssembleError { message: "POP_BLOCK without a block" })?;
                    graph[id].steps[position].clear();
                    continue;
                }
                (opcode, Some(target)) if opcode.has_jump() && graph.visit(target) => todo.push((target, handlers.clone())),
                (Opcode::YIELD_VALUE, _) => yield_depth = handlers.len(),
                (Opcode::RESUME, _) if step.arg != resume::AT_FUNCTION_START => {
                    if yield_depth == 1 {
                        graph[id].steps[position].arg |= resume::DEPTH1_MASK;
                    }
                    yield_depth = 0;
                }
                _ => {}
            }
            graph[id].steps[position].handler = handlers.last().copied();
        }
        if let (true, Some(next)) = (graph[id].falls_through(), graph[id].next)
            && graph.visit(next)
        {
            todo.push((next, handlers));
        }
    }
    Ok(())
}
