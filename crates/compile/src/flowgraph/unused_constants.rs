//! Removal of constants that no instruction loads any more.

use bredli_code::Const;

use super::graph::{Block, Graph, kind};
use crate::unit::Table;

/// In place of the new number of a constant.
const UNUSED: u32 = u32::MAX;

/// Takes the constants in use, and the first one, which may be the docstring.
pub(super) fn remove_unused(graph: &mut Graph, constants: &mut Table<Const>) -> Vec<Const> {
    let mut numbers = std::mem::take(&mut graph.constant_numbers);
    numbers.clear();
    numbers.resize(constants.items().len(), UNUSED);
    if let Some(first) = numbers.first_mut() {
        *first = 0;
    }
    for block in loading(graph) {
        for step in block.steps.iter().filter(|step| step.opcode.has_const()) {
            numbers[step.arg as usize] = 0;
        }
    }
    let mut count = 0;
    for number in numbers.iter_mut().filter(|number| **number != UNUSED) {
        *number = count;
        count += 1;
    }
    let mut used = Vec::with_capacity(count as usize);
    used.extend(constants.drain().zip(&numbers).filter(|(_, number)| **number != UNUSED).map(|(constant, _)| constant));
    if used.len() < numbers.len() {
        for block in loading(graph) {
            for step in block.steps.iter_mut().filter(|step| step.opcode.has_const()) {
                step.arg = numbers[step.arg as usize];
            }
        }
    }
    graph.constant_numbers = numbers;
    used
}

/// The blocks that load constants.
fn loading(graph: &mut Graph) -> impl Iterator<Item = &mut Block> {
    graph.blocks_mut().iter_mut().filter(|block| block.has(kind::CONSTANT))
}
