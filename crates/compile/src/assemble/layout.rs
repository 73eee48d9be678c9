//! Where every instruction goes: the direction and distance of jumps, EXTENDED_ARG prefixes, inline caches.

use bredli_code::Opcode;

use crate::flowgraph::{BlockId, Graph, Step};
use crate::instruction::Location;
use crate::unit::AssembleError;

/// How many code units after a SEND its END_SEND is.
const END_SEND_DISTANCE: u32 = 5;

const OUTSIDE: AssembleError = AssembleError { message: "jump out of the code" };
const PSEUDO: AssembleError = AssembleError { message: "pseudo-instruction in finished code" };

/// The handler of exceptions raised by an instruction.
#[derive(Clone, Copy)]
pub(super) struct Handler {
    /// Where it is, in code units.
    pub offset: u32,
    /// The depth of the evaluation stack there, what the exception itself pushes included.
    pub start_depth: u32,
    /// Whether the offset of the raising instruction is pushed too.
    pub preserves_lasti: bool,
}

/// Where the blocks of a graph are.
#[derive(Default)]
pub(super) struct Layout {
    /// What comes before each block that is laid out.
    starts: Vec<Option<Before>>,
    jumps: Vec<Jump>,
    /// How many code units all jumps take.
    jump_units: u32,
    /// Where the code ends.
    pub end: u32,
    /// Whether instructions belong to the next one's place in the source.
    pub has_next: bool,
}

impl Layout {
    /// Gives jumps their direction and distance. Nothing but what the interpreter knows is left then. The layout is made in the storage
    /// of the one before.
    pub fn lay_out(&mut self, graph: &mut Graph) -> Result<(), AssembleError> {
        let Layout { starts, jumps, .. } = self;
        starts.clear();
        starts.resize(graph.block_count(), None);
        jumps.clear();
        let (end, has_next) = measure(graph, starts, jumps)?;
        direct(graph, starts, jumps)?;
        let jump_units = resolve(jumps);
        for jump in &*jumps {
            graph[jump.id].steps[jump.position].set(jump.opcode, jump.arg);
        }
        (self.jump_units, self.end, self.has_next) = (jump_units, end.offset(jumps, jump_units), has_next);
        Ok(())
    }

    /// What the exception table says of a handler.
    pub fn handler(&self, graph: &Graph, id: BlockId) -> Result<Handler, AssembleError> {
        let start_depth = graph[id].start_depth.ok_or(AssembleError { message: "exception handler of unknown depth" })?;
        let start = self.starts[id.index()].ok_or(OUTSIDE)?;
        Ok(Handler { offset: start.offset(&self.jumps, self.jump_units), start_depth, preserves_lasti: graph[id].preserves_lasti })
    }
}

/// What comes before a place in the code.
#[derive(Clone, Copy)]
struct Before {
    /// How many instructions.
    count: u32,
    /// How many of them are jumps.
    jumps: u32,
    /// How many code units the others take.
    units: u32,
}

impl Before {
    /// How many code units it is from the start, where all jumps take so many.
    fn offset(self, jumps: &[Jump], jump_units: u32) -> u32 {
        self.units + jumps.get(self.jumps as usize).map_or(jump_units, |next| next.jump_units)
    }
}

/// A jump.
struct Jump {
    id: BlockId,
    position: usize,
    opcode: Opcode,
    arg: u32,
    /// What comes before the jump, and before where it leads.
    start: Before,
    target: Before,
    /// How many code units the jumps before it take.
    jump_units: u32,
}

/// Finds what comes before each block that is laid out, and the jumps. Returns what comes before the end, and whether some instruction
/// has the location of the next.
fn measure(graph: &Graph, starts: &mut [Option<Before>], jumps: &mut Vec<Jump>) -> Result<(Before, bool), AssembleError> {
    let mut has_next = false;
    let mut before = Before { count: 0, jumps: 0, units: 0 };
    for id in graph.order() {
        starts[id.index()] = Some(before);
        for (position, step) in graph[id].steps.iter().enumerate() {
            if step.target.is_some() && step.opcode.has_jump() {
                let (opcode, arg) = (step.opcode, step.arg);
                jumps.push(Jump { id, position, opcode, arg, start: before, target: before, jump_units: 0 });
                before.jumps += 1;
            } else if step.opcode.is_pseudo() {
                return Err(PSEUDO);
            } else {
                before.units += size(step.opcode, step.arg);
            }
            before.count += 1;
            has_next |= step.location.line == Location::NEXT.line;
        }
    }
    Ok((before, has_next))
}

/// Finds where jumps lead and in which direction.
fn direct(graph: &Graph, starts: &[Option<Before>], jumps: &mut [Jump]) -> Result<(), AssembleError> {
    for jump in jumps {
        let target = graph[jump.id].steps[jump.position].target.ok_or(OUTSIDE)?;
        jump.target = starts[target.index()].ok_or(OUTSIDE)?;
        let forward = jump.target.count > jump.start.count;
        jump.opcode = match jump.opcode {
            Opcode::JUMP | Opcode::JUMP_NO_INTERRUPT if forward => Opcode::JUMP_FORWARD,
            Opcode::JUMP => Opcode::JUMP_BACKWARD,
            Opcode::JUMP_NO_INTERRUPT => Opcode::JUMP_BACKWARD_NO_INTERRUPT,
            other if other.is_pseudo() => return Err(PSEUDO),
            other => other,
        };
        // Where two sizes of a jump backwards are consistent, CPython's start from the target's number decides.
        jump.arg = jump.target.count;
    }
    Ok(())
}

/// Sets distances; how many code units all jumps take. Longer distances can need more prefixes, which make distances longer: until
/// nothing changes.
fn resolve(jumps: &mut [Jump]) -> u32 {
    loop {
        let mut all = 0;
        for jump in jumps.iter_mut() {
            jump.jump_units = all;
            all += size(jump.opcode, jump.arg);
        }
        let mut stable = true;
        for index in 0..jumps.len() {
            let Jump { opcode, arg, start, target, jump_units, .. } = jumps[index];
            let before = size(opcode, arg);
            let distance = target.offset(jumps, all).abs_diff(start.units + jump_units + before);
            jumps[index].arg = match opcode {
                // The label is at SEND, but what is recorded is the END_SEND of the same `await`.
                Opcode::END_ASYNC_FOR => distance.saturating_sub(END_SEND_DISTANCE),
                _ => distance,
            };
            stable &= size(opcode, jumps[index].arg) == before;
        }
        if stable {
            return all;
        }
    }
}

/// How many code units an instruction takes, prefixes and caches included.
fn size(opcode: Opcode, arg: u32) -> u32 {
    prefixes(arg) + 1 + opcode.caches() as u32
}

fn prefixes(arg: u32) -> u32 {
    match arg {
        0..0x100 => 0,
        0x100..0x1_0000 => 1,
        0x1_0000..0x100_0000 => 2,
        _ => 3,
    }
}

/// Writes an instruction to its place in the zeroed units of code; the place behind it.
#[inline]
pub(super) fn encode(step: &Step, code: &mut [[u8; 2]], mut at: usize) -> usize {
    if step.arg > 0xFF {
        for prefix in (1..=prefixes(step.arg)).rev() {
            code[at] = [Opcode::EXTENDED_ARG as u8, (step.arg >> (8 * prefix)) as u8];
            at += 1;
        }
    }
    code[at] = [step.opcode as u8, step.arg as u8];
    at + 1 + step.opcode.caches()
}
