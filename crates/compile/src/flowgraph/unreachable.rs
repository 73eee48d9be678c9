//! Removal of code that control cannot reach.

use super::graph::{BlockId, Graph};

/// Counts the predecessors of every block and empties those without any.
pub(super) fn remove_unreachable(graph: &mut Graph) {
    for block in graph.blocks_mut() {
        block.predecessors = 0;
        block.visited = false;
    }
    graph[Graph::ENTRY].predecessors = 1;
    graph.visit(Graph::ENTRY);
    let mut stack = vec![Graph::ENTRY];
    while let Some(id) = stack.pop() {
        let fallthrough = graph[id].next.filter(|_| graph[id].falls_through());
        arrive(graph, &mut stack, fallthrough);
        for position in 0..graph[id].steps.len() {
            let step = &graph[id].steps[position];
            let target = step.target.filter(|_| step.opcode.has_target());
            arrive(graph, &mut stack, target);
        }
    }
    for block in graph.blocks_mut() {
        if block.predecessors == 0 {
            block.truncate(0);
            block.is_handler = false;
        }
    }
}

fn arrive(graph: &mut Graph, stack: &mut Vec<BlockId>, id: Option<BlockId>) {
    let Some(id) = id else { return };
    graph[id].predecessors += 1;
    if graph.visit(id) {
        stack.push(id);
    }
}
