//! Copies of small exit blocks in place of jumps to them.

use bredli_code::Opcode;

use super::graph::{BlockId, Graph};
use crate::unit::AssembleError;

/// The most instructions of an exit block that is copied.
const MAX_COPY_SIZE: usize = 4;

/// Replaces jumps to short exits, and to exits that have no lines of their own, by a copy of the exit.
pub(super) fn inline_exits(graph: &mut Graph) {
    let mut changed = true;
    while changed {
        changed = false;
        let mut walk = graph.walk();
        while let Some(id) = walk.next(graph) {
            changed |= inline_exit(graph, id);
        }
    }
}

/// Checks that there is no loop without lines, which no program has: it would be inlined into itself for ever.
pub(crate) fn check_loops(graph: &Graph) -> Result<(), AssembleError> {
    for start in graph.order() {
        let (mut id, mut length) = (start, 0);
        while let Some(last) = graph[id].last()
            && let Some(target) = last.target.filter(|_| last.opcode.is_unconditional_jump())
            && graph[id].has_no_line()
        {
            length += 1;
            if length > graph.block_count() {
                return Err(AssembleError { message: "a loop without lines" });
            }
            id = target;
        }
    }
    Ok(())
}

fn inline_exit(graph: &mut Graph, id: BlockId) -> bool {
    let Some(last) = graph[id].last().copied() else { return false };
    let Some(target) = last.target.filter(|_| last.opcode.is_unconditional_jump()) else { return false };
    let exit = &graph[target];
    let small_exit = exit.exits_scope() && exit.steps.len() <= MAX_COPY_SIZE;
    let exit_without_line = exit.has_no_line() && !exit.falls_through();
    if !small_exit && !exit_without_line {
        return false;
    }
    let (copies, kinds) = (graph.take_steps(target), graph[target].kinds);
    let block = &mut graph[id];
    block.kinds |= kinds;
    block.clear_jump();
    block.insert(block.steps.len(), &copies);
    if let Some(new_last) = block.steps.last_mut()
        && exit_without_line
        && new_last.opcode.is_unconditional_jump()
        && last.opcode == Opcode::JUMP
    {
        // The jump that went away polled for interrupts, so the one that stays must.
        new_last.opcode = Opcode::JUMP;
    }
    graph[target].steps = copies;
    graph[target].predecessors -= 1;
    true
}
