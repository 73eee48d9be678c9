//! Code layout: blocks that only exceptions reach move behind all others.

use bredli_code::Opcode;

use super::graph::{BlockId, Graph, Step, kind};
use super::nops::remove_nops_and_jumps;
use crate::instruction::Location;
use crate::unit::AssembleError;

/// Moves the cold blocks to the end.
pub(super) fn move_cold_blocks(graph: &mut Graph) -> Result<(), AssembleError> {
    if !graph.has(kind::BLOCK) {
        return Ok(());
    }
    mark_warm(graph);
    mark_cold(graph);
    let mut walk = graph.walk();
    while let Some(id) = walk.next(graph) {
        let Some(next) = graph[id].next else { break };
        if graph[id].cold && graph[id].falls_through() && graph[next].warm {
            graph[next].labelled = true;
            let mut jump = Step::new(Opcode::JUMP_NO_INTERRUPT, 0, Location::NONE);
            jump.target = Some(next);
            let new = graph.insert_after(id);
            let block = &mut graph[new];
            (block.cold, block.predecessors, block.kinds) = (true, 1, kind::NO_LINE);
            block.steps.push(jump);
        }
    }
    let (cold, warm): (Vec<BlockId>, Vec<BlockId>) = graph.order().partition(|&id| graph[id].cold);
    let order: Vec<BlockId> = warm.into_iter().chain(cold.iter().copied()).collect();
    for (index, &id) in order.iter().enumerate() {
        graph[id].next = order.get(index + 1).copied();
    }
    if !cold.is_empty() {
        remove_nops_and_jumps(graph)?;
    }
    Ok(())
}

fn mark_warm(graph: &mut Graph) {
    graph.reset_visited();
    graph.schedule(Graph::ENTRY);
    while let Some(id) = graph.pending.pop() {
        graph[id].warm = true;
        for successor in successors(graph, id) {
            graph.schedule(successor);
        }
    }
}

fn mark_cold(graph: &mut Graph) {
    graph.reset_visited();
    let mut walk = graph.walk();
    while let Some(id) = walk.next(graph) {
        if graph[id].is_handler {
            graph.schedule(id);
        }
    }
    while let Some(id) = graph.pending.pop() {
        graph[id].cold = true;
        for successor in successors(graph, id) {
            if !graph[successor].warm {
                graph.schedule(successor);
            }
        }
    }
}

/// The blocks to which control goes without an exception.
fn successors(graph: &Graph, id: BlockId) -> impl Iterator<Item = BlockId> + use<> {
    let block = &graph[id];
    let fallthrough = block.next.filter(|_| block.falls_through());
    let target = block.last().filter(|last| last.opcode.has_jump()).and_then(|last| last.target);
    fallthrough.into_iter().chain(target)
}
