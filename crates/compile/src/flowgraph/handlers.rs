//! Which exception handler is in force at each instruction, from the pseudo-instructions that open and close blocks.

use bredli_code::{Opcode, resume};

use super::graph::{BlockId, Graph, kind};
use crate::unit::AssembleError;

/// A handler in force, and by its number the one around it.
struct Handler {
    block: BlockId,
    outer: Option<usize>,
    /// How many are in force, with this one.
    depth: usize,
}

/// Sets every instruction's handler, and tells RESUME when only one handler surrounds the yield before it.
pub(super) fn label_targets(graph: &mut Graph) -> Result<(), AssembleError> {
    if !graph.has(kind::BLOCK) {
        return Ok(());
    }
    graph.reset_visited();
    graph.visit(Graph::ENTRY);
    let mut handlers: Vec<Handler> = Vec::new();
    let mut todo: Vec<(BlockId, Option<usize>)> = vec![(Graph::ENTRY, None)];
    while let Some((id, mut innermost)) = todo.pop() {
        let mut yield_depth = 0;
        let mut steps = graph.take_steps(id);
        for step in &mut steps {
            match (step.opcode, step.target) {
                (opcode, Some(target)) if opcode.opens_block() => {
                    if graph.visit(target) {
                        todo.push((target, innermost));
                    }
                    if matches!(opcode, Opcode::SETUP_WITH | Opcode::SETUP_CLEANUP) {
                        graph[target].preserves_lasti = true;
                    }
                    let depth = 1 + innermost.map_or(0, |number| handlers[number].depth);
                    handlers.push(Handler { block: target, outer: innermost, depth });
                    innermost = Some(handlers.len() - 1);
                    continue;
                }
                (Opcode::POP_BLOCK, _) => {
                    let number = innermost.ok_or(AssembleError { message: "POP_BLOCK without a block" })?;
                    innermost = handlers[number].outer;
                    step.set(Opcode::NOP, 0);
                    graph[id].kinds |= kind::NOP;
                    continue;
                }
                (opcode, Some(target)) if opcode.has_jump() && graph.visit(target) => todo.push((target, innermost)),
                (Opcode::YIELD_VALUE, _) => yield_depth = innermost.map_or(0, |number| handlers[number].depth),
                (Opcode::RESUME, _) if step.arg != resume::AT_FUNCTION_START => {
                    if yield_depth == 1 {
                        step.arg |= resume::DEPTH1_MASK;
                    }
                    yield_depth = 0;
                }
                _ => {}
            }
            step.handler = innermost.map(|number| handlers[number].block);
        }
        graph[id].steps = steps;
        if let (true, Some(next)) = (graph[id].falls_through(), graph[id].next)
            && graph.visit(next)
        {
            todo.push((next, innermost));
        }
    }
    Ok(())
}
