//! Line numbers for instructions without one.
//!
//! A frame's line must be right when it ends (PEP 626), so every exit gets a line: exits without one are copied until each has one
//! predecessor, whose line it takes.

use bredli_code::Opcode;

use super::graph::{Block, BlockId, Graph, Step, kind};
use crate::instruction::Location;

/// Gives lines to exits and to instructions that follow ones with a line.
pub(super) fn resolve_lines(graph: &mut Graph) {
    if graph.blocks_mut().iter().any(|block| block.has(kind::NO_LINE)) {
        duplicate_exits(graph);
        propagate(graph);
    }
}

fn is_exit_without_line(block: &Block) -> bool {
    block.has_no_line() && (block.exits_scope() || block.steps.iter().any(|step| polls(step.opcode)))
}

/// Whether an instruction lets signal handlers and other threads run.
fn polls(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::JUMP | Opcode::JUMP_BACKWARD | Opcode::RESUME | Opcode::CALL | Opcode::CALL_KW | Opcode::CALL_FUNCTION_EX)
}

fn duplicate_exits(graph: &mut Graph) {
    let mut cursor = Some(Graph::ENTRY);
    while let Some(id) = cursor {
        if let Some(last) = graph[id].last().copied()
            && last.opcode.has_jump()
            && let Some(target) = graph.nonempty(last.target)
            && graph[target].predecessors > 1
            && is_exit_without_line(&graph[target])
        {
            let copy = graph.insert_after(target);
            graph.rerouted = true;
            let (steps, kinds) = (graph.take_steps(target), graph[target].kinds);
            let block = &mut graph[copy];
            (block.predecessors, block.labelled, block.kinds) = (1, true, kinds);
            block.steps.extend_from_slice(&steps);
            block.steps[0].location = last.location;
            graph[target].steps = steps;
            graph[target].predecessors -= 1;
            graph[id].steps.last_mut().expect("there is a jump").target = Some(copy);
        }
        cursor = graph[id].next;
    }
    let mut walk = graph.walk();
    while let Some(id) = walk.next(graph) {
        if let (true, Some(next), Some(last)) = (graph[id].falls_through(), graph[id].next, graph[id].last().copied())
            && is_exit_without_line(&graph[next])
        {
            graph[next].steps[0].location = last.location;
        }
    }
}

fn propagate(graph: &mut Graph) {
    let mut walk = graph.walk();
    while let Some(id) = walk.next(graph) {
        let Some(last) = graph[id].last().copied() else { continue };
        let block = &mut graph[id];
        let mut previous = last.location;
        if block.has(kind::NO_LINE) {
            previous = Location::NONE;
            for step in &mut block.steps {
                if step.location.line == Location::NONE.line {
                    step.location = previous;
                } else {
                    previous = step.location;
                }
            }
            if block.steps.iter().all(Step::has_line) {
                block.kinds &= !kind::NO_LINE;
            }
        }
        if let (true, Some(next)) = (graph[id].falls_through(), graph[id].next) {
            inherit(graph, next, previous);
        }
        if let (true, Some(target)) = (last.opcode.has_jump(), last.target) {
            inherit(graph, target, previous);
        }
    }
}

/// Hands a location on to a block with one predecessor.
fn inherit(graph: &mut Graph, id: BlockId, location: Location) {
    let block = &mut graph[id];
    if let (1, Some(first)) = (block.predecessors, block.steps.first_mut())
        && first.location.line == Location::NONE.line
    {
        first.location = location;
    }
}
