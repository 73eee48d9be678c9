//! Cheaper stack shuffling: runs of SWAP in fewest steps, and SWAPs undone by storing in another order.

use bredli_code::Opcode;

use super::graph::{Block, Step};

/// Optimises every SWAP of a block.
pub(super) fn optimize_swaps(block: &mut Block) {
    let mut position = 0;
    while position < block.steps.len() {
        if block.steps[position].opcode == Opcode::SWAP {
            position = shorten_run(block, position);
            apply_statically(block, position);
        }
        position += 1;
    }
}

/// Replaces a run of SWAPs and NOPs by the shortest one with the same effect; the position of its last instruction.
fn shorten_run(block: &mut Block, start: usize) -> usize {
    let run = block.steps[start..].iter().take_while(|step| matches!(step.opcode, Opcode::SWAP | Opcode::NOP)).count();
    let run = &mut block.steps[start..start + run];
    let swaps = || run.iter().filter(|step| step.opcode == Opcode::SWAP).map(|step| step.arg as usize);
    if swaps().count() == 1 {
        return start;
    }
    let depth = swaps().max().unwrap_or(0);
    let mut stack: Vec<Option<usize>> = (0..depth).map(Some).collect();
    for arg in swaps() {
        stack.swap(0, arg - 1);
    }
    // Walking each cycle of the permutation swaps its items home; done backwards, that makes the permutation.
    let mut free = run.len();
    for first in 0..depth {
        if stack[first].is_none_or(|item| item == first) {
            continue;
        }
        let mut item = first;
        loop {
            if item != 0 {
                free -= 1;
                run[free].set(Opcode::SWAP, item as u32 + 1);
            }
            match stack[item].take() {
                Some(next) => item = next,
                None => break,
            }
        }
    }
    let end = start + run.len();
    (start..start + free).for_each(|position| block.clear(position));
    end - 1
}

/// Removes SWAPs, from a position back, by exchanging the instructions that consume what they swap.
fn apply_statically(block: &mut Block, from: usize) {
    for position in (0..=from).rev() {
        match block.steps[position].opcode {
            Opcode::SWAP => {}
            opcode if opcode == Opcode::NOP || is_swappable(opcode) => continue,
            _ => return,
        }
        let Some(first) = next_swappable(block, position, None) else { return };
        let line = block.steps[first].location.line;
        let mut second = first;
        for _ in 1..block.steps[position].arg {
            let Some(next) = next_swappable(block, second, Some(line)) else { return };
            second = next;
        }
        let stores = |position: usize| stored_local(&block.steps[position]);
        if stores(first).is_some() || stores(second).is_some() {
            if stores(first) == stores(second) {
                return;
            }
            if (first + 1..second).filter_map(stores).any(|local| Some(local) == stores(first) || Some(local) == stores(second)) {
                return;
            }
        }
        block.clear(position);
        block.steps.swap(first, second);
    }
}

fn is_swappable(opcode: Opcode) -> bool {
    matches!(opcode, Opcode::STORE_FAST | Opcode::STORE_FAST_MAYBE_NULL | Opcode::POP_TOP)
}

fn stored_local(step: &Step) -> Option<u32> {
    matches!(step.opcode, Opcode::STORE_FAST | Opcode::STORE_FAST_MAYBE_NULL).then_some(step.arg)
}

/// The next instruction, NOPs aside, if it only pops and is on the given line (when there is one).
fn next_swappable(block: &Block, position: usize, line: Option<i32>) -> Option<usize> {
    for (index, step) in block.steps.iter().enumerate().skip(position + 1) {
        if line.is_some_and(|line| line >= 0 && step.location.line != line) {
            return None;
        }
        if step.opcode != Opcode::NOP {
            return is_swappable(step.opcode).then_some(index);
        }
    }
    None
}
