//! Removal of code that control cannot reach.

use super::graph::{BlockId, Graph};

/// Counts the predecessors of every block and empties those without any.
pub(super) fn remove_unreachable(graph: &mut Graph) {
    graph.rerouted = false;
    for block in graph.blocks_mut() {
        block.predecessors = 0;
        block.visited = false;
    }
    graph[Graph::ENTRY].predecessors = 1;
    graph.schedule(Graph::ENTRY);
    while let Some(id) = graph.pending.pop() {
        let fallthrough = graph[id].next.filter(|_| graph[id].falls_through());
        arrive(graph, fallthrough);
        let first = graph[id].first_with_target();
        let steps = graph.take_steps(id);
        for step in steps[first..].iter().filter(|step| step.opcode.has_target()) {
            arrive(graph, step.target);
        }
        graph[id].steps = steps;
    }
    for block in graph.blocks_mut() {
        if block.predecessors == 0 {
            block.truncate(0);
            (block.is_handler, block.kinds) = (false, 0);
        }
    }
}

fn arrive(graph: &mut Graph, id: Option<BlockId>) {
    let Some(id) = id else { return };
    graph[id].predecessors += 1;
    graph.schedule(id);
}
