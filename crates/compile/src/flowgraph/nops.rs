//! Removal of instructions without effect: NOPs whose line is not needed, loads that are popped at once, jumps to what follows.

use bredli_code::Opcode;

use super::graph::{BlockId, Graph, kind};
use crate::instruction::Location;
use crate::unit::AssembleError;

/// Removes the NOPs of a block that no line event depends on; how many.
pub(super) fn remove_nops_in(graph: &mut Graph, id: BlockId) -> usize {
    let Some(first) = graph[id].find(0, kind::NOP) else { return 0 };
    let following_line = line_after(graph, id);
    let block = &mut graph[id];
    let steps = &mut block.steps;
    let count = steps.len();
    let mut end = first;
    let mut kept = false;
    let mut previous_line = first.checked_sub(1).map_or(-1, |previous| steps[previous].location.line);
    for source in first..count {
        let line = steps[source].location.line;
        if steps[source].opcode == Opcode::NOP {
            if line < 0 || previous_line == line {
                continue;
            }
            if source + 1 < count {
                let next_line = steps[source + 1].location.line;
                if next_line == line {
                    continue;
                }
                if next_line < 0 {
                    steps[source + 1].location = steps[source].location;
                    continue;
                }
            } else if following_line == Some(line) {
                continue;
            }
            kept = true;
        }
        steps[end] = steps[source];
        end += 1;
        previous_line = line;
    }
    block.truncate(end);
    if !kept {
        block.kinds &= !kind::NOP;
    }
    count - end
}

/// The line of the first instruction laid out after a block that will stay.
fn line_after(graph: &Graph, id: BlockId) -> Option<i32> {
    let next = graph.nonempty(graph[id].next)?;
    let first = graph[next].steps.iter().find(|step| step.opcode != Opcode::NOP || step.has_line());
    Some(first.map_or(Location::NONE.line, |step| step.location.line))
}

fn remove_nops(graph: &mut Graph) -> usize {
    let mut removed = 0;
    let mut walk = graph.walk();
    while let Some(id) = walk.next(graph) {
        removed += remove_nops_in(graph, id);
    }
    removed
}

/// Removes NOPs, and pairs that push a value and pop it again.
pub(super) fn remove_nops_and_pairs(graph: &mut Graph) {
    while remove_nops_and_some_pairs(graph) {}
}

/// Whether it removed pairs.
fn remove_nops_and_some_pairs(graph: &mut Graph) -> bool {
    let mut removed = false;
    let mut before: Option<(BlockId, usize)> = None;
    let mut walk = graph.walk();
    while let Some(id) = walk.next(graph) {
        remove_nops_in(graph, id);
        if graph[id].labelled {
            before = None;
        }
        let count = graph[id].steps.len();
        let mut start = 0;
        while let Some(position) = graph[id].find(start, kind::POP) {
            start = position + 1;
            let previous = position.checked_sub(1).map(|previous| (id, previous)).or(before);
            let Some((previous_id, previous_position)) = previous else { continue };
            let pushed = &graph[previous_id].steps[previous_position];
            let redundant = match pushed.opcode {
                Opcode::LOAD_CONST | Opcode::LOAD_SMALL_INT => true,
                Opcode::COPY => pushed.arg == 1,
                _ => false,
            };
            if redundant {
                graph[previous_id].clear(previous_position);
                graph[id].clear(position);
                removed = true;
            }
        }
        if let Some(last) = count.checked_sub(1) {
            before = Some((id, last));
        }
        let jumps = before.is_some_and(|(id, position)| graph[id].steps[position].opcode.has_jump());
        if jumps || !graph[id].falls_through() {
            before = None;
        }
    }
    removed
}

/// Removes NOPs and unconditional jumps to the instruction that follows, until there are none left.
pub(super) fn remove_nops_and_jumps(graph: &mut Graph) -> Result<(), AssembleError> {
    loop {
        let nops = remove_nops(graph);
        if nops + remove_jumps(graph)? == 0 {
            return Ok(());
        }
    }
}

fn remove_jumps(graph: &mut Graph) -> Result<usize, AssembleError> {
    let mut removed = 0;
    let mut walk = graph.walk();
    while let Some(id) = walk.next(graph) {
        let Some(last) = graph[id].last() else { continue };
        if last.opcode.is_unconditional_jump() {
            let target = graph.nonempty(last.target).ok_or(AssembleError { message: "jump with NULL target" })?;
            if graph.nonempty(graph[id].next) == Some(target) {
                graph[id].clear_jump();
                removed += 1;
            }
        }
    }
    Ok(removed)
}
