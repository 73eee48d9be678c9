//! Where every instruction goes: the direction and distance of jumps, EXTENDED_ARG prefixes, inline caches.

use bredli_code::Opcode;

use crate::flowgraph::Graph;
use crate::instruction::Location;
use crate::unit::AssembleError;

/// How many code units after a SEND its END_SEND is.
const END_SEND_DISTANCE: u32 = 5;

/// The handler of exceptions raised by an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Handler {
    /// Where it is, in code units.
    pub offset: u32,
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
    pub offset: u32,
    /// How many code units it takes, prefixes and caches included.
    pub size: u32,
    pub handler: Option<Handler>,
}

/// Puts the instructions of a graph in order and resolves their jumps.
pub(super) fn lay_out(graph: &Graph) -> Result<Vec<Placed>, AssembleError> {
    const OUTSIDE: AssembleError = AssembleError { message: "jump out of the code" };
    let mut starts = vec![None; graph.block_count()];
    let mut count = 0;
    for id in graph.order() {
        starts[id.index()] = Some(count);
        count += graph[id].steps.len();
    }
    let mut placed = Vec::with_capacity(count);
    let mut jumps = Vec::new();
    for step in graph.order().flat_map(|id| &graph[id].steps) {
        let mut opcode = step.opcode;
        if let (true, Some(target)) = (opcode.has_jump(), step.target) {
            let jump = Jump { position: placed.len(), target: starts[target.index()].ok_or(OUTSIDE)? };
            opcode = direct(opcode, jump.target > jump.position);
            jumps.push(jump);
        }
        if opcode.is_pseudo() {
            return Err(AssembleError { message: "pseudo-instruction in finished code" });
        }
        placed.push(Placed { opcode, arg: step.arg, location: step.location, offset: 0, size: 0, handler: None });
    }
    resolve_jumps(&mut placed, &jumps);
    for (index, step) in graph.order().flat_map(|id| &graph[id].steps).enumerate() {
        let Some(id) = step.handler else { continue };
        let depth = graph[id].start_depth.ok_or(AssembleError { message: "exception handler of unknown depth" })?;
        let start = starts[id.index()].ok_or(OUTSIDE)?;
        let offset = placed.get(start).map_or_else(|| end(&placed), |first| first.offset);
        placed[index].handler = Some(Handler { offset, start_depth: depth, preserves_lasti: graph[id].preserves_lasti });
    }
    Ok(placed)
}

/// A jump: the positions of the instruction and of where it leads.
struct Jump {
    position: usize,
    target: usize,
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
fn resolve_jumps(placed: &mut [Placed], jumps: &[Jump]) {
    for jump in jumps {
        // Where two sizes of a jump backwards are consistent, CPython's start from the target's number decides.
        placed[jump.position].arg = jump.target as u32;
    }
    loop {
        let mut offset = 0;
        for instruction in placed.iter_mut() {
            instruction.offset = offset;
            instruction.size = size(instruction);
            offset += instruction.size;
        }
        let mut stable = true;
        for &Jump { position, target } in jumps {
            let after = placed[position].offset + placed[position].size;
            let target_offset = placed.get(target).map_or(offset, |target| target.offset);
            let distance = target_offset.abs_diff(after);
            placed[position].arg = match placed[position].opcode {
                // The label is at SEND, but what is recorded is the END_SEND of the same `await`.
                Opcode::END_ASYNC_FOR => distance.saturating_sub(END_SEND_DISTANCE),
                _ => distance,
            };
            stable &= size(&placed[position]) == placed[position].size;
        }
        if stable {
            return;
        }
    }
}

fn size(instruction: &Placed) -> u32 {
    prefixes(instruction.arg) + 1 + instruction.opcode.caches() as u32
}

fn prefixes(arg: u32) -> u32 {
    match arg {
        0..0x100 => 0,
        0x100..0x1_0000 => 1,
        0x1_0000..0x100_0000 => 2,
        _ => 3,
    }
}

fn end(placed: &[Placed]) -> u32 {
    placed.last().map_or(0, |last| last.offset + last.size)
}

/// The bytes of the instructions.
pub(super) fn encode(placed: &[Placed]) -> Vec<u8> {
    let mut code = Vec::with_capacity(2 * end(placed) as usize);
    for instruction in placed {
        for prefix in (1..=prefixes(instruction.arg)).rev() {
            code.extend([Opcode::EXTENDED_ARG as u8, (instruction.arg >> (8 * prefix)) as u8]);
        }
        code.extend([instruction.opcode as u8, instruction.arg as u8]);
        code.resize(code.len() + 2 * instruction.opcode.caches(), 0);
    }
    code
}
