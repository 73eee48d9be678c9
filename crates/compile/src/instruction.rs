//! `InstructionSequence`: what code generation produces, a flat list of instructions with labels (`Python/instruction_sequence.c`).

use bredli_code::Opcode;

/// A range of the source. Lines count from 1, columns are UTF-8 byte offsets from 0; -1 stands for unknown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Location {
    /// The first line.
    pub line: i32,
    /// The last line.
    pub end_line: i32,
    /// Where it starts in the first line.
    pub column: i32,
    /// Where it ends in the last line.
    pub end_column: i32,
}

impl Location {
    /// No place in the source: the instruction is artificial.
    pub const NONE: Location = Location { line: -1, end_line: -1, column: -1, end_column: -1 };
    /// The place of the instruction that follows.
    pub const NEXT: Location = Location { line: -2, end_line: -2, column: -2, end_column: -2 };

    /// A range of the source.
    pub const fn new(line: i32, end_line: i32, column: i32, end_column: i32) -> Location {
        Location { line, end_line, column, end_column }
    }
}

/// A place in a sequence that jumps can name before it is known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Label(u32);

/// One instruction. For a jump, or an instruction that opens a block, `arg` is the number of a label.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Instruction {
    /// What it does.
    pub opcode: Opcode,
    /// Its argument, 0 without one.
    pub arg: u32,
    /// The source that it is for.
    pub location: Location,
}

/// Instructions in order, with labels between them.
#[derive(Clone, Default, Debug)]
pub struct InstructionSequence {
    instructions: Vec<Instruction>,
    labels: Vec<Option<usize>>,
    annotations: Option<Vec<Instruction>>,
}

impl InstructionSequence {
    /// An empty sequence.
    pub fn new() -> InstructionSequence {
        InstructionSequence::default()
    }

    /// Forgets everything but keeps the storage.
    pub fn clear(&mut self) {
        self.instructions.clear();
        self.labels.clear();
        self.annotations = None;
    }

    /// Instructions of which those that name a target name the position of another one.
    pub fn from_resolved(instructions: Vec<Instruction>) -> InstructionSequence {
        let labels = (0..instructions.len()).map(Some).collect();
        InstructionSequence { instructions, labels, annotations: None }
    }

    /// The instructions; those that name a target name the position of another one.
    pub fn resolved(&self) -> Vec<Instruction> {
        let resolve = |instruction: &Instruction| match self.position(instruction.arg) {
            Some(position) if instruction.opcode.has_target() => Instruction { arg: position as u32, ..*instruction },
            _ => *instruction,
        };
        self.instructions.iter().map(resolve).collect()
    }

    /// A label that is not placed yet.
    pub fn new_label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() as u32 - 1)
    }

    /// Places a label before the next instruction.
    pub fn use_label(&mut self, label: Label) {
        self.labels[label.0 as usize] = Some(self.instructions.len());
    }

    /// Appends an instruction that names no label.
    pub fn push(&mut self, opcode: Opcode, arg: u32, location: Location) {
        debug_assert!(!opcode.has_target() && (opcode.has_arg() || arg == 0), "{opcode:?} {arg}");
        self.instructions.push(Instruction { opcode, arg, location });
    }

    /// Appends a jump, or an instruction that opens a block whose handler is at the label.
    pub fn push_jump(&mut self, opcode: Opcode, target: Label, location: Location) {
        debug_assert!(opcode.has_target(), "{opcode:?}");
        self.instructions.push(Instruction { opcode, arg: target.0, location });
    }

    /// Inserts an instruction; labels at the position or after it move along.
    pub fn insert(&mut self, position: usize, opcode: Opcode, arg: u32, location: Location) {
        self.instructions.insert(position, Instruction { opcode, arg, location });
        for place in self.labels.iter_mut().flatten() {
            if *place >= position {
                *place += 1;
            }
        }
    }

    /// Inserts a block opening; labels at the position or after it move along.
    pub fn insert_jump(&mut self, position: usize, opcode: Opcode, target: Label, location: Location) {
        self.insert(position, opcode, target.0, location);
    }

    /// Sets what ANNOTATIONS_PLACEHOLDER is replaced by: the instructions of a sequence without jumps.
    pub fn set_annotations(&mut self, annotations: InstructionSequence) {
        debug_assert!(annotations.labels.is_empty());
        self.annotations = Some(annotations.instructions);
    }

    /// Replaces ANNOTATIONS_PLACEHOLDER by what it stands for; labels after it move along.
    pub fn place_annotations(&mut self) {
        let placeholder = self.instructions.iter().position(|instruction| instruction.opcode == Opcode::ANNOTATIONS_PLACEHOLDER);
        let Some(position) = placeholder else { return };
        let annotations = self.annotations.take().unwrap_or_default();
        for place in self.labels.iter_mut().flatten().filter(|place| **place > position) {
            *place = *place + annotations.len() - 1;
        }
        self.instructions.splice(position..=position, annotations);
    }

    /// The instructions.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// How many instructions there are.
    pub fn len(&self) -> usize {
        self.instructions.len()
    }

    /// Whether there is no instruction.
    pub fn is_empty(&self) -> bool {
        self.instructions.is_empty()
    }

    /// The position of a label, given by the `arg` of an instruction that names it; `None` when it was never placed.
    pub fn position(&self, label: u32) -> Option<usize> {
        self.labels.get(label as usize).copied().flatten()
    }
}
