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
    enter(graph, Graph::ENTRY, 0)?;
    while let Some(id) = graph.pending.pop() {
        let mut depth = i64::from(graph[id].start_depth.unwrap_or(0));
        let steps = graph.take_steps(id);
        for step in &steps {
            let effect = step.opcode.stack_effect(step.arg);
            deepest = deepest.max(depth);
            if let Some(target) = step.target {
                if step.opcode.has_target() && step.opcode != Opcode::END_ASYNC_FOR {
                    enter(graph, target, depth + effect)?;
                }
                if step.opcode.opens_block() {
                    continue;
                }
            }
            depth += effect;
            if depth < 0 {
                return Err(UNDERFLOW);
            }
        }
        graph[id].steps = steps;
        if let (true, Some(next)) = (graph[id].falls_through(), graph[id].next) {
            enter(graph, next, depth)?;
        }
    }
    u32::try_from(deepest).map_err(|_| AssembleError { message: "the evaluation stack is too deep" })
}

const UNDERFLOW: AssembleError = AssembleError { message: "Invalid CFG, stack underflow" };

fn enter(graph: &mut Graph, id: BlockId, depth: i64) -> Result<(), AssembleError> {
    let depth = u32::try_from(depth).map_err(|_| UNDERFLOW)?;
    match graph[id].start_depth {
        Some(other) if other != depth => Err(AssembleError { message: "Invalid CFG, inconsistent stackdepth" }),
        Some(_) => Ok(()),
        None => {
            graph[id].start_depth = Some(depth);
            graph.pending.push(id);
            Ok(())
        }
    }
}
