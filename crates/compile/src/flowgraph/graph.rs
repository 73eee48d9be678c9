//! `Graph`: a code object's instructions as basic blocks, linked in the order in which they will be laid out.
//!
//! Blocks live in one vector and are named by `BlockId`; blocks that no link reaches any more are simply ignored.

use std::collections::VecDeque;
use std::ops::{Index, IndexMut};

use bredli_code::Opcode;

use crate::instruction::{Instruction, InstructionSequence, Location};
use crate::unit::AssembleError;

/// The name of a block within its graph.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct BlockId(u32);

/// An instruction in a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub opcode: Opcode,
    pub arg: u32,
    pub location: Location,
    /// Where it jumps, or the handler of the block that it opens.
    pub target: Option<BlockId>,
    /// The handler of exceptions that it raises.
    pub handler: Option<BlockId>,
}

impl Step {
    pub fn new(opcode: Opcode, arg: u32, location: Location) -> Step {
        Step { opcode, arg, location, target: None, handler: None }
    }

    /// Changes what it does and keeps everything else.
    pub fn set(&mut self, opcode: Opcode, arg: u32) {
        self.opcode = opcode;
        self.arg = arg;
    }

    /// Makes it do nothing; a later pass removes it unless its line counts.
    pub fn clear(&mut self) {
        self.set(Opcode::NOP, 0);
    }

    /// Makes it do nothing and belong to no line.
    pub fn erase(&mut self) {
        self.clear();
        self.location = Location::NONE;
    }

    pub fn has_line(&self) -> bool {
        self.location.line >= 0
    }
}

/// Instructions that run one after the other; only the last one can jump.
#[derive(Clone, Default, Debug)]
pub(crate) struct Block {
    pub steps: Vec<Step>,
    /// The block that follows, whether or not control falls through to it.
    pub next: Option<BlockId>,
    /// Whether it once was the target of a jump.
    pub labelled: bool,
    /// How many jumps, block openings and fall-throughs lead here.
    pub predecessors: i32,
    /// The depth of the evaluation stack on entry.
    pub start_depth: Option<u32>,
    /// It is a handler before which the offset of the raising instruction is pushed.
    pub preserves_lasti: bool,
    /// It is an exception handler.
    pub is_handler: bool,
    /// It runs only after an exception.
    pub cold: bool,
    /// It can run without an exception.
    pub warm: bool,
    /// The locals below 64 that may be unbound on entry.
    pub unsafe_locals: u64,
    /// Mark of the current traversal.
    pub visited: bool,
    /// The handlers of instructions that were removed, in the order of the places that they had. CPython's compiler leaves them in
    /// memory, where an instruction that is appended later finds its handler: that shows in exception tables.
    pub removed_handlers: VecDeque<Option<BlockId>>,
}

impl Block {
    /// Appends an instruction of which only opcode, argument, location and target matter.
    pub fn append(&mut self, step: Step) {
        let handler = self.removed_handlers.pop_front().flatten();
        self.steps.push(Step { handler, ..step });
    }

    /// Inserts instructions.
    pub fn insert(&mut self, position: usize, steps: Vec<Step>) {
        self.removed_handlers.drain(..steps.len().min(self.removed_handlers.len()));
        self.steps.splice(position..position, steps);
    }

    /// Replaces the instructions by those of them that are kept.
    pub fn replace(&mut self, kept: Vec<Step>) {
        for step in self.steps[kept.len()..].iter().rev() {
            self.removed_handlers.push_front(step.handler);
        }
        self.steps = kept;
    }

    pub fn last(&self) -> Option<&Step> {
        self.steps.last()
    }

    /// The opcode at a position, for looking ahead beyond the end.
    pub fn opcode(&self, position: usize) -> Option<Opcode> {
        self.steps.get(position).map(|step| step.opcode)
    }

    pub fn falls_through(&self) -> bool {
        !self.last().is_some_and(|last| last.opcode.exits_scope() || last.opcode.is_unconditional_jump())
    }

    pub fn exits_scope(&self) -> bool {
        self.last().is_some_and(|last| last.opcode.exits_scope())
    }

    pub fn has_no_line(&self) -> bool {
        !self.steps.iter().any(Step::has_line)
    }
}

/// The basic blocks of a code object.
#[derive(Debug)]
pub(crate) struct Graph {
    blocks: Vec<Block>,
}

impl Index<BlockId> for Graph {
    type Output = Block;

    fn index(&self, id: BlockId) -> &Block {
        &self.blocks[id.0 as usize]
    }
}

impl IndexMut<BlockId> for Graph {
    fn index_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.0 as usize]
    }
}

impl Graph {
    /// The block at which execution starts.
    pub const ENTRY: BlockId = BlockId(0);

    /// Splits a sequence into blocks.
    pub fn new(sequence: &InstructionSequence) -> Result<Graph, AssembleError> {
        let (instructions, targets) = flatten(sequence)?;
        let mut is_target = vec![false; instructions.len()];
        for &target in targets.iter().flatten() {
            *is_target.get_mut(target).ok_or(AssembleError { message: "jump beyond the last instruction" })? = true;
        }
        let mut graph = Graph { blocks: vec![Block::default()] };
        let mut current = Graph::ENTRY;
        let mut block_at = vec![Graph::ENTRY; instructions.len()];
        for (index, instruction) in instructions.iter().enumerate() {
            let block = &graph[current];
            let ended = block.last().is_some_and(|last| last.opcode.ends_block());
            if ended || is_target[index] && (!block.steps.is_empty() || block.labelled) {
                let new = graph.add_block();
                graph[current].next = Some(new);
                current = new;
            }
            graph[current].labelled |= is_target[index];
            block_at[index] = current;
            graph[current].steps.push(Step::new(instruction.opcode, instruction.arg, instruction.location));
        }
        let mut targets = targets.into_iter();
        for block in &mut graph.blocks {
            for step in &mut block.steps {
                step.target = targets.next().flatten().map(|target| block_at[target]);
            }
        }
        Ok(graph)
    }

    /// A new empty block that nothing leads to.
    pub fn add_block(&mut self) -> BlockId {
        self.blocks.push(Block::default());
        BlockId(self.blocks.len() as u32 - 1)
    }

    /// Puts a new block between one and its successor.
    pub fn insert_after(&mut self, before: BlockId, block: Block) -> BlockId {
        let new = self.add_block();
        self[new] = Block { next: self[before].next, ..block };
        self[before].next = Some(new);
        new
    }

    /// The blocks in layout order.
    pub fn order(&self) -> Vec<BlockId> {
        let mut order = Vec::new();
        let mut cursor = Some(Graph::ENTRY);
        while let Some(id) = cursor {
            order.push(id);
            cursor = self[id].next;
        }
        order
    }

    /// The first block with instructions, from this one on.
    pub fn nonempty(&self, from: Option<BlockId>) -> Option<BlockId> {
        let mut cursor = from;
        while let Some(id) = cursor
            && self[id].steps.is_empty()
        {
            cursor = self[id].next;
        }
        cursor
    }

    /// Starts a traversal: no block is visited.
    pub fn reset_visited(&mut self) {
        for block in &mut self.blocks {
            block.visited = false;
        }
    }

    /// Marks a block as visited; whether it was not before.
    pub fn visit(&mut self, id: BlockId) -> bool {
        !std::mem::replace(&mut self[id].visited, true)
    }

    /// Checks that blocks end where control leaves them.
    pub fn check(&self) -> Result<(), AssembleError> {
        for id in self.order() {
            if let Some((_, rest)) = self[id].steps.split_last()
                && rest.iter().any(|step| step.opcode.ends_block())
            {
                return Err(AssembleError { message: "malformed control flow graph." });
            }
        }
        Ok(())
    }
}

/// The instructions with the annotations in their place, and the positions which they name.
fn flatten(sequence: &InstructionSequence) -> Result<(Vec<Instruction>, Vec<Option<usize>>), AssembleError> {
    let annotations = sequence.annotations();
    let mut instructions = Vec::with_capacity(sequence.len() + annotations.len());
    let mut moved = Vec::with_capacity(sequence.len());
    for instruction in sequence.instructions() {
        moved.push(instructions.len());
        match instruction.opcode {
            Opcode::ANNOTATIONS_PLACEHOLDER => instructions.extend_from_slice(annotations),
            _ => instructions.push(*instruction),
        }
    }
    let mut targets = Vec::with_capacity(instructions.len());
    for instruction in &instructions {
        targets.push(match instruction.opcode.has_target() {
            true => {
                let position = sequence.position(instruction.arg).and_then(|position| moved.get(position));
                Some(*position.ok_or(AssembleError { message: "jump to an unplaced label" })?)
            }
            false => None,
        });
    }
    Ok((instructions, targets))
}
