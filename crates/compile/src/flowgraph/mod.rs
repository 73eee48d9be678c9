//! The optimiser: a code object's instructions as a graph of basic blocks, and the passes over it (`Python/flowgraph.c`).
//!
//! What it does and in which order is observable in the bytecode, so that both follow CPython 3.14.

mod borrow;
mod cells;
mod cold;
mod evaluate;
mod fold;
mod graph;
mod handlers;
mod inline;
mod lines;
mod load_constants;
mod nops;
mod peephole;
mod pseudo;
mod stack_depth;
mod superinstructions;
mod swaps;
mod unbound;
mod unreachable;
mod unused_constants;

use bredli_code::{Const, flag};

use crate::instruction::InstructionSequence;
use crate::unit::{AssembleError, Table, Unit};
pub(crate) use graph::{BlockId, Graph, Step};
pub(crate) use inline::check_loops;

/// What belongs to optimised code besides its graph.
pub(crate) struct Optimized {
    /// The constants that are in use.
    pub constants: Vec<Const>,
    /// The deepest evaluation stack.
    pub stack_depth: u32,
}

/// Makes the graph that of optimised code for the instructions of a unit, whose constants it takes: every instruction is a real one,
/// except for jumps, whose direction is open.
pub(crate) fn optimize(graph: &mut Graph, unit: &mut Unit, sequence: &InstructionSequence) -> Result<Optimized, AssembleError> {
    connect(graph, sequence)?;
    let (locals, parameters) = (unit.varnames.len(), parameter_count(unit));
    let constants = improve(graph, &mut unit.consts, locals, parameters)?;
    lower(graph, constants, unit)
}

/// Makes the graph that of a sequence, in which exceptions find their handlers.
pub(crate) fn connect(graph: &mut Graph, sequence: &InstructionSequence) -> Result<(), AssembleError> {
    graph.fill(sequence)?;
    handlers::label_targets(graph)
}

/// Makes the code better. What comes back are the constants that are in use; the table is empty then.
pub(crate) fn improve(
    graph: &mut Graph,
    constants: &mut Table<Const>,
    locals: usize,
    parameters: usize,
) -> Result<Vec<Const>, AssembleError> {
    optimize_blocks(graph, constants)?;
    let constants = unused_constants::remove_unused(graph, constants);
    unbound::check_loads(graph, locals, parameters);
    superinstructions::insert_superinstructions(graph);
    cold::move_cold_blocks(graph)?;
    lines::resolve_lines(graph);
    Ok(constants)
}

/// Borrows the locals that stay where they are while they are on the stack. The optimiser on its own ends with this.
pub(crate) fn borrow_locals(graph: &mut Graph) -> Result<(), AssembleError> {
    stack_depth::calculate_depths(graph)?;
    borrow::borrow_loads(graph);
    Ok(())
}

/// Leaves only what the interpreter knows.
pub(crate) fn lower(graph: &mut Graph, constants: Vec<Const>, unit: &mut Unit) -> Result<Optimized, AssembleError> {
    pseudo::convert_conditional_jumps(graph);
    let stack_depth = stack_depth::calculate_depths(graph)?;
    cells::place_cells(graph, unit)?;
    pseudo::convert_pseudo_instructions(graph)?;
    pseudo::normalize_jumps(graph);
    borrow::borrow_loads(graph);
    Ok(Optimized { constants, stack_depth })
}

fn optimize_blocks(graph: &mut Graph, constants: &mut Table<Const>) -> Result<(), AssembleError> {
    inline::inline_exits(graph);
    unreachable::remove_unreachable(graph);
    lines::resolve_lines(graph);
    let mut walk = graph.walk();
    while let Some(id) = walk.next(graph) {
        let decided = load_constants::optimize_constant_loads(&mut graph[id], constants);
        graph.rerouted |= decided;
    }
    let mut walk = graph.walk();
    while let Some(id) = walk.next(graph) {
        peephole::optimize_block(graph, id, constants);
    }
    nops::remove_nops_and_pairs(graph);
    if graph.rerouted {
        unreachable::remove_unreachable(graph);
    }
    nops::remove_nops_and_jumps(graph)
}

fn parameter_count(unit: &Unit) -> usize {
    let variadic = usize::from(unit.flags & flag::VARARGS != 0) + usize::from(unit.flags & flag::VARKEYWORDS != 0);
    (unit.posonlyargcount + unit.argcount + unit.kwonlyargcount) as usize + variadic
}

#[cfg(test)]
mod tests;
