//! Removal of instructions without effect: NOPs whose line is not needed, loads that are popped at once, jumps to what follows.

use bredli_code::Opcode;

use super::graph::{BlockId, Graph};
use crate::instruction::Location;
use crate::unit::AssembleError;

/// Removes the NOPs of a block that no line event depends on; how many.
fn remove_nops_in(graph: &mut Graph, id: BlockId) -> usize {
    let following_line = line_after(graph, id);
    let block = &mut graph[id];
    let count = block.steps.len();
    let mut kept = Vec::with_capacity(count);
    let mut previous_line = -1;
    for source in 0..count {
        let line = block.steps[source].location.line;
        if block.steps[source].opcode == Opcode::NOP {
            if line < 0 || previous_line == line {
                continue;
            }
            if source + 1 < count {
                let next_line = block.steps[source + 1].location.line;
                if next_line == line {
                    continue;
                }
                if next_line < 0 {
                    block.steps[source + 1].location = block.steps[source].location;
                    continue;
                }
            } else if following_line == Some(line) {
                continue;
            }
        }
        kept.push(block.steps[source]);
        previous_line = line;
    }
    let removed = count - kept.len();
    if removed > 0 {
        block.replace(kept);
    }
    removed
}

/// The line of the first instruction laid out after a block that will stay.
fn line_after(graph: &Graph, id: BlockId) -> Option<i32> {
    let next = graph.nonempty(graph[id].next)?;
    let first = graph[next].steps.iter().find(|step| step.opcode != Opcode::NOP || step.has_line());
    Some(first.map_or(Location::NONE.line, |step| step.location.line))
}

fn remove_nops_everywhere(graph: &mut Graph) -> usize {
    graph.order().into_iter().map(|id| remove_nops_in(graph, id)).sum()
}

/// Removes the NOPs that no line event depends on.
pub(super) fn remove_nops(graph: &mut Graph) {
    remove_nops_everywhere(graph);
}

/// Removes NOPs, and pairs that push a value and pop it again.
pub(super) fn remove_nops_and_pairs(graph: &mut Graph) {
    let mut done = false;
    while !done {
        done = true;
        let mut current: Option<(BlockId, usize)> = None;
        for id in graph.order() {
            remove_nops_in(graph, id);
            if graph[id].labelled {
                current = None;
            }
            for position in 0..graph[id].steps.len() {
                let previous = current.replace((id, position));
                let Some((previous_id, previous_position)) = previous else { continue };
                let pushed = graph[previous_id].steps[previous_position];
                let pops = graph[id].steps[position].opcode == Opcode::POP_TOP;
                let redundant = match pushed.opcode {
                    Opcode::LOAD_CONST | Opcode::LOAD_SMALL_INT => pops,
                    Opcode::COPY => pops && pushed.arg == 1,
                    _ => false,
                };
                if redundant {
                    graph[previous_id].steps[previous_position].clear();
                    graph[id].steps[position].clear();
                    done = false;
                }
            }
            let jumps = current.is_some_and(|(id, position)| graph[id].steps[position].opcode.has_jump());
            if jumps || !graph[id].falls_through() {
                current = None;
            }
        }
    }
}

/// Removes NOPs and unconditional jumps to the instruction that follows, until there are none left.
pub(super) fn remove_nops_and_jumps(graph: &mut Graph) -> Result<(), AssembleError> {
    loop {
        let nops = remove_nops_everywhere(graph);
        if nops + remove_jumps(graph)? == 0 {
            return Ok(());
        }
    }
}

fn remove_jumps(graph: &mut Graph) -> Result<usize, AssembleError> {
    let mut removed = 0;
    for id in graph.order() {
        let Some(last) = graph[id].last().copied() else { continue };
        if last.opcode.is_unconditional_jump() {
            let target = graph.nonempty(last.target).ok_or(AssembleError { message: "jump with NULL target" })?;
            if graph.nonempty(graph[id].next) == Some(target) {
                graph[id].steps.last_mut().expect("there is a jump").clear();
                removed += 1;
            }
        }
    }
    Ok(removed)
}
