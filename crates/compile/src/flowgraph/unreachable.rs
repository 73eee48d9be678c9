//! Removal of code that control cannot reach.

use super::graph::Graph;

/// Counts the predecessors of every block and empties those without any.
pub(super) fn remove_unreachable(graph: &mut Graph) {
    let order = graph.order();
    for &id in &order {
        graph[id].predecessors = 0;
    }
    graph.reset_visited();
    graph[Graph::ENTRY].predecessors = 1;
    graph.visit(Graph::ENTRY);
    let mut stack = vec![Graph::ENTRY];
    while let Some(id) = stack.pop() {
        let fallthrough = graph[id].next.filter(|_| graph[id].falls_through());
        let mut successors: Vec<_> = fallthrough.into_iter().collect();
        successors.extend(graph[id].steps.iter().filter_map(|step| step.target.filter(|_| step.opcode.has_target())));
        for successor in successors {
            graph[successor].predecessors += 1;
            if graph.visit(successor) {
                stack.push(successor);
            }
        }
    }
    for id in order {
        let block = &mut graph[id];
        if block.predecessors == 0 {
            block.replace(Vec::new());
            block.is_handler = false;
        }
    }
}
