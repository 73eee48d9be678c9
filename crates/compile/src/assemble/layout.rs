//! Where every instruction goes: the direction and distance of jumps, EXTENDED_ARG prefixes, inline caches.

use std::collections::HashMap;

use bredli_code::Opcode;

use crate::flowgraph::{Graph, Step};
use crate::instruction::Location;
use crate::unit::AssembleError;

/// How many code units after a SEND its END_SEND is.
const END_SEND_DISTANCE: usize = 5;

/// The handler of exceptions raised by an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Handler {
    /// Where it is, in code units.
    pub offset: usize,
    /// The depth of the evaluation stack there, what the exception itself pushes included.
    pub start_depth: u32,
    /// Whether the offset of the raising instruction is pushed too.
    pub preserves_lasti: bool,
}

/// An instruction in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub opcode: Opcode,
    pub arg: u32,
    pub location: Location,
    /// Where it is, in code units.
    pub offset: usize,
    /// How many code units it takes, prefixes and caches included.
    pub size: usize,
    pub handler: Option<Handler>,
}

/// Puts the instructions of a graph in order and resolves their jumps.
pub(super) fn lay_out(graph: &Graph) -> Result<Vec<Placed>, AssembleError> {
    let order = graph.order();
    let mut steps: Vec<Step> = Vec::new();
    let mut starts = HashMap::new();
    for &id in &order {
        starts.insert(id, steps.len());
        steps.extend(&graph[id].steps);
    }
    let start = |id| starts.get(&id).copied().ok_or(AssembleError { message: "jump out of the code" });
    let mut placed = Vec::with_capacity(steps.len());
    let mut targets = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        let target = step.target.filter(|_| step.opcode.has_jump()).map(start).transpose()?;
        let opcode = direct(step.opcode, target.is_some_and(|target| target > index));
        if opcode.is_pseudo() {
            return Err(AssembleError { message: "pseudo-instruction in finished code" });
        }
        targets.push(target);
        placed.push(Placed { opcode, arg: step.arg, location: step.location, offset: 0, size: 0, handler: None });
    }
    resolve_jumps(&mut placed, &targets);
    for (index, step) in steps.iter().enumerate() {
        let Some(id) = step.handler else { continue };
        let depth = graph[id].start_depth.ok_or(AssembleError { message: "exception handler of unknown depth" })?;
        let offset = placed.get(start(id)?).map_or_else(|| end(&placed), |first| first.offset);
        placed[index].handler = Some(Handler { offset, start_depth: depth, preserves_lasti: graph[id].preserves_lasti });
    }
    Ok(placed)
}

fn direct(opcode: Opcode, forward: bool) -> Opcode {
    match opcode {
        Opcode::JUMP | Opcode::JUMP_NO_INTERRUPT if forward => Opcode::JUMP_FORWARD,
        Opcode::JUMP => Opcode::JUMP_BACKWARD,
        Opcode::JUMP_NO_INTERRUPT => Opcode::JUMP_BACKWARD_NO_INTERRUPT,
        other => other,
    }
}

/// Sets offsets, sizes and distances. Longer distances can need more prefixes, which make distances longer: until nothing changes.
fn resolve_jumps(placed: &mut [Placed], targets: &[Option<usize>]) {
    for (instruction, target) in placed.iter_mut().zip(targets) {
        if let Some(target) = target {
            // Where two sizes of a jump backwards are consistent, CPython's start from the target's number decides.
            instruction.arg = *target as u32;
        }
    }
    loop {
        let mut offset = 0;
        for instruction in placed.iter_mut() {
            instruction.offset = offset;
            instruction.size = size(instruction);
            offset += instruction.size;
        }
        let mut stable = true;
        for (index, target) in targets.iter().enumerate() {
            let Some(target) = *target else { continue };
            let after = placed[index].offset + placed[index].size;
            let target_offset = placed.get(target).map_or(offset, |target| target.offset);
            let distance = target_offset.abs_diff(after);
            placed[index].arg = match placed[index].opcode {
                // The label is at SEND, but what is recorded is the END_SEND of the same `await`.
                Opcode::END_ASYNC_FOR => distance.saturating_sub(END_SEND_DISTANCE),
                _ => distance,
            } as u32;
            stable &= size(&placed[index]) == placed[index].size;
        }
        if stable {
            return;
        }
    }
}

fn size(instruction: &Placed) -> usize {
    prefixes(instruction.arg) + 1 + instruction.opcode.caches()
}

fn prefixes(arg: u32) -> usize {
    match arg {
        0..0x100 => 0,
        0x100..0x1_0000 => 1,
        0x1_0000..0x100_0000 => 2,
        _ => 3,
    }
}

fn end(placed: &[Placed]) -> usize {
    placed.last().map_or(0, |last| last.offset + last.size)
}

/// The bytes of the instructions.
pub(super) fn encode(placed: &[Placed]) -> Vec<u8> {
    let mut code = Vec::with_capacity(2 * end(placed));
    for instruction in placed {
        for prefix in (1..=prefixes(instruction.arg)).rev() {
            code.extend([Opcode::EXTENDED_ARG as u8, (instruction.arg >> (8 * prefix)) as u8]);
        }
        code.extend([instruction.opcode as u8, instruction.arg as u8]);
        code.resize(code.len() + 2 * instruction.opcode.caches(), 0);
    }
    code
}
