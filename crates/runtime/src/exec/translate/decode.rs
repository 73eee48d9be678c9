//! Bytecode as a list of instructions with their arguments, and where they jump.

use super::labels::Labels;
use super::{Outcome, Untranslatable};
use bredli_code::Opcode;

/// One bytecode instruction with its argument.
#[derive(Clone, Copy)]
pub(super) struct Instruction {
    pub opcode: Opcode,
    /// How many EXTENDED_ARGs are before it.
    pub prefix: u16,
    pub arg: u32,
    /// Offset of the instruction (after its EXTENDED_ARGs), in bytes.
    pub offset: u32,
    /// Offset behind its caches.
    pub next: u32,
}

impl Instruction {
    /// Offset of the first EXTENDED_ARG, or of the instruction.
    #[inline]
    pub fn start(&self) -> u32 {
        self.offset - 2 * u32::from(self.prefix)
    }
}

/// What there is to know about the instruction with some number.
#[derive(Clone, Copy)]
struct Kind {
    opcode: Option<Opcode>,
    /// Units of the instruction and its caches.
    units: u8,
    jumps: bool,
}

const KINDS: [Kind; 256] = {
    let mut kinds = [Kind { opcode: None, units: 1, jumps: false }; 256];
    let mut index = 0;
    while index < Opcode::ALL.len() {
        let opcode = Opcode::ALL[index];
        if !opcode.is_pseudo() {
            kinds[opcode.number() as usize] = Kind { opcode: Some(opcode), units: 1 + opcode.caches() as u8, jumps: opcode.has_jump() };
        }
        index += 1;
    }
    kinds
};

/// Appends the instructions of a code object to a list, and puts labels where they jump.
pub(super) fn decode(code: &[u8], instructions: &mut Vec<Instruction>, labels: &mut Labels) -> Outcome {
    static TABLE: [Kind; 256] = KINDS;
    let (units, _) = code.as_chunks::<2>();
    let (mut at, mut prefix, mut extended) = (0, 0, 0);
    while let Some(&[number, low]) = units.get(at) {
        let kind = TABLE[number as usize];
        let opcode = kind.opcode.ok_or(Untranslatable("unknown instruction"))?;
        let arg = extended << 8 | u32::from(low);
        let next = at + usize::from(kind.units);
        if opcode == Opcode::EXTENDED_ARG {
            (extended, prefix) = (arg, prefix + 1);
        } else {
            let instruction = Instruction { opcode, prefix, arg, offset: 2 * at as u32, next: 2 * next as u32 };
            if kind.jumps {
                labels.add(jump_target(&instruction));
            }
            instructions.push(instruction);
            (extended, prefix) = (0, 0);
        }
        at = next;
    }
    Ok(())
}

/// The place a jump goes to, in bytes.
pub(super) fn jump_target(i: &Instruction) -> u32 {
    if i.opcode.jumps_backward() { i.next.wrapping_sub(2 * i.arg) } else { i.next + 2 * i.arg }
}
