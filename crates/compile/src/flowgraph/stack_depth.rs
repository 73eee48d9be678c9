//! The depth of the evaluation stack at the start of every block, and the deepest anywhere.

use bredli_code::Opcode;

use super::graph::{BlockId, Graph};
use crate::unit::AssembleError;

/// Computes the depth on entry of every block that can be reached; the greatest depth.
pub(super) fn calculate_depths(graph: &mut Graph) -> Result<u32, AssembleError> {
    for block in graph.blocks_mut() {
        block.start_depth = None;
    }
    let mut deepest = 0;
    let mut stack = Vec::new();
    enter(graph, &mut stack, Graph::ENTRY, 0)?;
    while let Some((id, mut depth)) = stack.pop() {
        for position in 0..graph[id].steps.len() {
            let step = graph[id].steps[position];
            let effect = step.opcode.stack_effect(step.arg);
            deepest = deepest.max(depth);
            if let (true, Some(target)) = (step.opcode.has_target() && step.opcode != Opcode::END_ASYNC_FOR, step.target) {
                enter(graph, &mut stack, target, depth + effect)?;
            }
            if !step.opcode.opens_block() {
                depth += effect;
            }
            if depth < 0 {
                return Err(AssembleError { message: "Invalid CFG, stack underflow" });
            }
        }
        if let (true, Some(next)) = (graph[id].falls_through(), graph[id].next) {
            enter(graph, &mut stack, next, depth)?;
        }
    }
    u32::try_from(deepest).map_err(|_| AssembleError { message: "the evaluation stack is too deep" })
}

fn enter(graph: &mut Graph, stack: &mut Vec<(BlockId, i64)>, id: BlockId, depth: i64) -> Result<(), AssembleError> {
    let known = u32::try_from(depth).map_err(|_| AssembleError { message: "Invalid CFG, stack underflow" })?;
    match graph[id].start_depth {
        Some(other) if other != known => Err(AssembleError { message: "Invalid CFG, inconsistent stackdepth" }),
        Some(_) => Ok(()),
        None => {
            graph[id].start_depth = Some(known);
            stack.push((id, depth));
            Ok(())
        }
    }
}
