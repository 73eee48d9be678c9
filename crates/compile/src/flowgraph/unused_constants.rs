//! Removal of constants that no instruction loads any more.

use bredli_code::Const;

use super::graph::Graph;

/// In place of the new number of a constant.
const UNUSED: u32 = u32::MAX;

/// Keeps the constants in use, and the first one, which may be the docstring.
pub(super) fn remove_unused(graph: &mut Graph, mut constants: Vec<Const>) -> Vec<Const> {
    let mut numbers = std::mem::take(&mut graph.constant_numbers);
    numbers.clear();
    numbers.resize(constants.len(), UNUSED);
    if let Some(first) = numbers.first_mut() {
        *first = 0;
    }
    for block in graph.blocks_mut() {
        for step in block.steps.iter().filter(|step| step.opcode.has_const()) {
            numbers[step.arg as usize] = 0;
        }
    }
    if numbers.contains(&UNUSED) {
        for (number, used) in numbers.iter_mut().filter(|number| **number != UNUSED).zip(0..) {
            *number = used;
        }
        for block in graph.blocks_mut() {
            for step in block.steps.iter_mut().filter(|step| step.opcode.has_const()) {
                step.arg = numbers[step.arg as usize];
            }
        }
        let mut old = numbers.iter();
        constants.retain(|_| old.next() != Some(&UNUSED));
    }
    graph.constant_numbers = numbers;
    constants
}
