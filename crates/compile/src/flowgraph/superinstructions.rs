//! Pairs of accesses to locals in one instruction.

use bredli_code::Opcode;

use super::graph::{Graph, kind};
use super::nops::remove_nops_in;

/// Joins loads and stores of locals that follow each other on one line.
pub(super) fn insert_superinstructions(graph: &mut Graph) {
    let mut walk = graph.walk();
    while let Some(id) = walk.next(graph) {
        let block = &mut graph[id];
        if !block.has(kind::LOCAL) {
            continue;
        }
        let mut joined = false;
        let steps = &mut block.steps;
        for position in 1..steps.len() {
            let (first, second) = (&steps[position - 1], &steps[position]);
            let pair = match (first.opcode, second.opcode) {
                (Opcode::LOAD_FAST, Opcode::LOAD_FAST) => Opcode::LOAD_FAST_LOAD_FAST,
                (Opcode::STORE_FAST, Opcode::LOAD_FAST) => Opcode::STORE_FAST_LOAD_FAST,
                (Opcode::STORE_FAST, Opcode::STORE_FAST) => Opcode::STORE_FAST_STORE_FAST,
                _ => continue,
            };
            let other_line = first.has_line() && second.has_line() && first.location.line != second.location.line;
            if !other_line && first.arg < 16 && second.arg < 16 {
                let arg = first.arg << 4 | second.arg;
                steps[position - 1].set(pair, arg);
                steps[position].set(Opcode::NOP, 0);
                joined = true;
            }
        }
        if joined {
            block.kinds |= kind::NOP;
            remove_nops_in(graph, id);
        }
    }
}
