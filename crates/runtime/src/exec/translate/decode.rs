//! Bytecode as a list of instructions with their arguments, and where they jump.

use super::labels::Labels;
use super::{Outcome, Untranslatable};
use bredli_code::Opcode;

/// One bytecode instruction with its argument.
#[derive(Clone, Copy)]
pub(super) struct Instruction {
    pub opcode: Opcode,
    pub arg: u32,
    /// Offset of the instruction (after its EXTENDED_ARGs), in bytes.
    pub offset: u32,
    /// Offset behind its caches.
    pub next: u32,
}

/// Appends the instructions of a code object to a list, and puts labels where they jump.
pub(super) fn decode(code: &[u8], instructions: &mut Vec<Instruction>, labels: &mut Labels) -> Outcome {
    let (units, _) = code.as_chunks::<2>();
    let (mut at, mut extended) = (0usize, 0u32);
    while let Some(&[number, low]) = units.get(at) {
        let opcode = Opcode::from_number(number as u16).ok_or(Untranslatable("unknown instruction"))?;
        let arg = extended << 8 | low as u32;
        if opcode == Opcode::EXTENDED_ARG {
            extended = arg;
            at += 1;
            continue;
        }
        extended = 0;
        let next = at + 1 + opcode.caches();
        let instruction = Instruction { opcode, arg, offset: 2 * at as u32, next: 2 * next as u32 };
        if opcode.has_jump() {
            labels.add(jump_target(&instruction));
        }
        instructions.push(instruction);
        at = next;
    }
    Ok(())
}

/// The place a jump goes to, in bytes.
pub(super) fn jump_target(i: &Instruction) -> u32 {
    if i.opcode.jumps_backward() { i.next.wrapping_sub(2 * i.arg) } else { i.next + 2 * i.arg }
}
