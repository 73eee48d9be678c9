//! Constant folding: instructions that compute something from constants become one LOAD_CONST.

use std::collections::HashSet;
use std::ops::Range;

use bredli_code::{BinaryOperator, Const, Intrinsic1, Opcode};

use super::evaluate::{binary, canonical, unary};
use super::graph::{Block, Step, kind};
use crate::instruction::Location;
use crate::unit::Table;

/// The most operands that are looked at; code generation builds longer displays in another way.
const MAX_OPERANDS: usize = 30;
/// Constant lists and sets from this length on are made from one constant.
const MIN_SEQUENCE: usize = 3;

/// Whether an instruction pushes a constant.
pub(super) fn loads_constant(step: &Step) -> bool {
    matches!(step.opcode, Opcode::LOAD_CONST | Opcode::LOAD_SMALL_INT)
}

/// The constant that an instruction pushes.
pub(super) fn constant(step: &Step, constants: &Table<Const>) -> Option<Const> {
    match step.opcode {
        Opcode::LOAD_CONST => constants.items().get(step.arg as usize).cloned(),
        Opcode::LOAD_SMALL_INT => Some(Const::int(i64::from(step.arg))),
        _ => None,
    }
}

/// The argument of LOAD_SMALL_INT for a constant, when it has one.
pub(super) fn small_int(constant: &Const) -> Option<u32> {
    match constant {
        Const::Int(value) => value.to_i64().and_then(|value| u8::try_from(value).ok()).map(u32::from),
        _ => None,
    }
}

/// Makes an instruction load a constant.
fn load(block: &mut Block, position: usize, value: Const, constants: &mut Table<Const>) {
    match small_int(&value) {
        Some(value) => block.steps[position].set(Opcode::LOAD_SMALL_INT, value),
        None => load_number(block, position, constants.add(value)),
    }
}

fn load_number(block: &mut Block, position: usize, number: u32) {
    block.steps[position].set(Opcode::LOAD_CONST, number);
    block.kinds |= kind::CONSTANT;
}

/// The range of instructions before a position that load its operands, with NOPs between them, when all of them load constants.
fn operands(block: &Block, before: usize, count: usize) -> Option<Range<usize>> {
    let mut start = before;
    let mut missing = count;
    while missing > 0 {
        start = start.checked_sub(1)?;
        match &block.steps[start] {
            step if step.opcode == Opcode::NOP => {}
            step if loads_constant(step) => missing -= 1,
            _ => return None,
        }
    }
    Some(start..before)
}

/// The constants that a range of operands loads.
fn values(block: &Block, range: Range<usize>, constants: &Table<Const>) -> Option<Vec<Const>> {
    let loads = block.steps[range].iter().filter(|step| step.opcode != Opcode::NOP);
    loads.map(|step| constant(step, constants)).collect()
}

/// Makes the operands in a range do nothing and belong to no line.
fn erase(block: &mut Block, range: Range<usize>) {
    for position in range {
        if block.steps[position].opcode != Opcode::NOP {
            block.clear(position);
            block.steps[position].location = Location::NONE;
            block.kinds |= kind::NO_LINE;
        }
    }
}

/// BUILD_TUPLE of constants.
pub(super) fn fold_tuple(block: &mut Block, position: usize, constants: &mut Table<Const>) {
    let count = block.steps[position].arg as usize;
    if count > MAX_OPERANDS {
        return;
    }
    let Some(range) = operands(block, position, count) else { return };
    let Some(items) = values(block, range.clone(), constants) else { return };
    erase(block, range);
    load(block, position, Const::Tuple(items), constants);
}

/// A list that is built item by item from constants and then made a tuple; whether it was folded.
pub(super) fn fold_list_to_tuple(block: &mut Block, position: usize, constants: &mut Table<Const>) -> bool {
    let Some((start, items)) = appended(block, position, Opcode::BUILD_LIST, Opcode::LIST_APPEND, constants) else { return false };
    erase(block, start..position);
    load(block, position, Const::Tuple(items), constants);
    true
}

/// A list or set that is built item by item from constants, at its last item, when it is only iterated over or searched.
pub(super) fn fold_appended(block: &mut Block, position: usize, constants: &mut Table<Const>) {
    let is_list = block.steps[position].opcode == Opcode::LIST_APPEND;
    let (build, append) = if is_list { (Opcode::BUILD_LIST, Opcode::LIST_APPEND) } else { (Opcode::BUILD_SET, Opcode::SET_ADD) };
    let Some((start, items)) = appended(block, position + 1, build, append, constants) else { return };
    erase(block, start..position + 1);
    let value = if is_list { Const::Tuple(items) } else { Const::FrozenSet(distinct(items)) };
    load(block, position, value, constants);
}

/// Where a collection begins that is built of constants, one after the other, up to a position, and what is in it.
fn appended(block: &Block, end: usize, build: Opcode, append: Opcode, constants: &Table<Const>) -> Option<(usize, Vec<Const>)> {
    let mut items = Vec::new();
    let mut after_append = false;
    for start in (0..end).rev() {
        let step = block.steps[start];
        if step.opcode == Opcode::NOP {
            continue;
        }
        if after_append {
            items.push(constant(&step, constants)?);
            after_append = false;
        } else if step.opcode == build && step.arg == 0 {
            items.reverse();
            return Some((start, items));
        } else if step.opcode == append && step.arg == 1 {
            after_append = true;
        } else {
            return None;
        }
    }
    None
}

/// BUILD_LIST and BUILD_SET of constants; lists that are only iterated over or searched become tuples.
pub(super) fn fold_list_or_set(block: &mut Block, position: usize, next: Option<Opcode>, constants: &mut Table<Const>) {
    let Step { opcode, arg, location, .. } = block.steps[position];
    let is_list = opcode == Opcode::BUILD_LIST;
    let read_only = matches!(next, Some(Opcode::GET_ITER | Opcode::CONTAINS_OP));
    let count = arg as usize;
    if count > MAX_OPERANDS || count < MIN_SEQUENCE && !read_only {
        return;
    }
    let Some(range) = operands(block, position, count) else {
        if read_only && is_list {
            block.steps[position].opcode = Opcode::BUILD_TUPLE;
        }
        return;
    };
    let Some(items) = values(block, range.clone(), constants) else { return };
    let value = if is_list { Const::Tuple(items) } else { Const::FrozenSet(distinct(items)) };
    let number = constants.add(value);
    erase(block, range);
    if read_only {
        load_number(block, position, number);
    } else {
        block.steps[position - 2].set(opcode, 0);
        block.steps[position - 2].location = location;
        load_number(block, position - 1, number);
        block.steps[position].set(if is_list { Opcode::LIST_EXTEND } else { Opcode::SET_UPDATE }, 1);
    }
}

fn distinct(mut items: Vec<Const>) -> Vec<Const> {
    let mut seen = HashSet::new();
    items.retain(|item| seen.insert(canonical(item)));
    items
}

/// BINARY_OP of constants.
pub(super) fn fold_binary(block: &mut Block, position: usize, constants: &mut Table<Const>) {
    let Some(range) = operands(block, position, 2) else { return };
    let operator = BinaryOperator::from_number(block.steps[position].arg);
    let (Some(operator), Some(values)) = (operator, values(block, range.clone(), constants)) else { return };
    if let Some(result) = binary(operator, &values[0], &values[1]) {
        erase(block, range);
        load(block, position, result, constants);
    }
}

/// An operation with one operand, a constant.
pub(super) fn fold_unary(block: &mut Block, position: usize, constants: &mut Table<Const>) {
    let Some(range) = operands(block, position, 1) else { return };
    let Some(value) = constant(&block.steps[range.start], constants) else { return };
    if let Some(result) = unary(block.steps[position].opcode, &value) {
        erase(block, range);
        load(block, position, result, constants);
    }
}

/// The function of a CALL_INTRINSIC_1, when the optimiser knows it.
pub(super) fn intrinsic(step: &Step) -> Option<Intrinsic1> {
    (step.opcode == Opcode::CALL_INTRINSIC_1).then(|| Intrinsic1::from_number(step.arg)).flatten()
}
