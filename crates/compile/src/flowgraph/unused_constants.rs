//! Removal of constants that no instruction loads any more.

use bredli_code::Const;

use super::graph::Graph;

/// Keeps the constants in use, and the first one, which may be the docstring.
pub(super) fn remove_unused(graph: &mut Graph, constants: Vec<Const>) -> Vec<Const> {
    let mut used = vec![false; constants.len()];
    if let Some(first) = used.first_mut() {
        *first = true;
    }
    for block in graph.blocks_mut() {
        for step in block.steps.iter().filter(|step| step.opcode.has_const()) {
            used[step.arg as usize] = true;
        }
    }
    if used.iter().all(|&used| used) {
        return constants;
    }
    let mut numbers = Vec::with_capacity(used.len());
    let mut count = 0;
    for &used in &used {
        numbers.push(count);
        count += u32::from(used);
    }
    for block in graph.blocks_mut() {
        for step in block.steps.iter_mut().filter(|step| step.opcode.has_const()) {
            step.arg = numbers[step.arg as usize];
        }
    }
    constants.into_iter().zip(used).filter(|(_, used)| *used).map(|(constant, _)| constant).collect()
}
