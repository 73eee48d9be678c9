//! Where cells and free variables live in the frame, and the instructions at the start of the code that make them.

use bredli_code::{Opcode, flag};

use super::graph::{Graph, Step};
use crate::instruction::Location;
use crate::unit::{AssembleError, Unit};

/// Inserts the prefix and renumbers accesses to cells: a parameter's cell takes the place of the parameter.
pub(super) fn place_cells(graph: &mut Graph, unit: &Unit) -> Result<(), AssembleError> {
    let locals = unit.varnames.len();
    let count = unit.cellvars.len() + unit.freevars.len();
    if count == 0 {
        insert_prefix(graph, unit, &[]);
        return Ok(());
    }
    let mut places: Vec<usize> = (locals..locals + count).collect();
    for (place, cell) in places.iter_mut().zip(&unit.cellvars) {
        if let Some(local) = cell.local {
            *place = local as usize;
        }
    }
    insert_prefix(graph, unit, &places);
    let mut dropped = 0;
    for (index, place) in places.iter_mut().enumerate() {
        if *place == locals + index {
            *place -= dropped;
        } else {
            dropped += 1;
        }
    }
    for block in graph.blocks_mut() {
        for step in &mut block.steps {
            if matches!(
                step.opcode,
                Opcode::MAKE_CELL
                    | Opcode::LOAD_CLOSURE
                    | Opcode::LOAD_DEREF
                    | Opcode::STORE_DEREF
                    | Opcode::DELETE_DEREF
                    | Opcode::LOAD_FROM_DICT_OR_DEREF
            ) {
                let place = places.get(step.arg as usize).ok_or(AssembleError { message: "no such cell" })?;
                step.arg = *place as u32;
            }
        }
    }
    Ok(())
}

fn insert_prefix(graph: &mut Graph, unit: &Unit, places: &[usize]) {
    let mut prefix = Vec::new();
    if !unit.freevars.is_empty() {
        prefix.push(Step::new(Opcode::COPY_FREE_VARS, unit.freevars.len() as u32, Location::NONE));
    }
    let mut cells: Vec<usize> = (0..unit.cellvars.len()).collect();
    cells.sort_by_key(|&cell| places[cell]);
    prefix.extend(cells.into_iter().map(|cell| Step::new(Opcode::MAKE_CELL, cell as u32, Location::NONE)));
    if unit.flags & (flag::GENERATOR | flag::COROUTINE | flag::ASYNC_GENERATOR) != 0 {
        let location = Location::new(unit.firstlineno, unit.firstlineno, -1, -1);
        prefix.push(Step::new(Opcode::RETURN_GENERATOR, 0, location));
        prefix.push(Step::new(Opcode::POP_TOP, 0, location));
    }
    if !prefix.is_empty() {
        graph[Graph::ENTRY].insert(0, &prefix);
    }
}
