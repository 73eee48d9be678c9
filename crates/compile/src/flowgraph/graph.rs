//! `Graph`: a code object's instructions as basic blocks, linked in the order in which they will be laid out.
//!
//! Blocks live in one vector and are named by `BlockId`; blocks that no link reaches any more are simply ignored.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::ops::{Index, IndexMut};

use bredli_code::Opcode;

use super::borrow::Simulation;
use crate::instruction::{Instruction, InstructionSequence, Location};
use crate::unit::AssembleError;

/// The name of a block within its graph.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct BlockId(NonZeroU32);

impl BlockId {
    fn new(index: usize) -> BlockId {
        u32::try_from(index + 1).ok().and_then(NonZeroU32::new).map(BlockId).expect("fewer than 2^32 blocks")
    }

    /// The position of the block in the graph's vector, and below `Graph::block_count`.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

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
    /// Makes it a new block, in the storage that it has.
    fn reset(&mut self) {
        let (mut steps, mut removed_handlers) = (std::mem::take(&mut self.steps), std::mem::take(&mut self.removed_handlers));
        steps.clear();
        removed_handlers.clear();
        *self = Block { steps, removed_handlers, ..Block::default() };
    }

    /// Appends an instruction of which only opcode, argument, location and target matter.
    pub fn append(&mut self, step: Step) {
        let handler = self.removed_handlers.pop_front().flatten();
        self.steps.push(Step { handler, ..step });
    }

    /// Inserts instructions.
    pub fn insert(&mut self, position: usize, steps: &[Step]) {
        self.removed_handlers.drain(..steps.len().min(self.removed_handlers.len()));
        self.steps.splice(position..position, steps.iter().copied());
    }

    /// Removes the instructions from a position on.
    pub fn truncate(&mut self, kept: usize) {
        for step in self.steps[kept..].iter().rev() {
            // Where nothing is recorded, there is no handler.
            if step.handler.is_some() || !self.removed_handlers.is_empty() {
                self.removed_handlers.push_front(step.handler);
            }
        }
        self.steps.truncate(kept);
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
#[derive(Default, Debug)]
pub(crate) struct Graph {
    /// The blocks. What lies behind the first `count` is storage of a graph before.
    blocks: Vec<Block>,
    count: usize,
    /// Whether any instruction opens a block with a handler.
    pub has_handlers: bool,
    /// The blocks that a traversal has still to visit; empty between traversals.
    pub pending: Vec<BlockId>,
    /// While the graph is filled: for an instruction that begins a block, that block.
    beginning: Vec<Option<BlockId>>,
    /// Storage for `borrow`.
    pub(super) simulation: Simulation,
    /// Storage for `unused_constants`.
    pub(super) constant_numbers: Vec<u32>,
}

impl Index<BlockId> for Graph {
    type Output = Block;

    #[inline]
    fn index(&self, id: BlockId) -> &Block {
        &self.blocks[id.index()]
    }
}

impl IndexMut<BlockId> for Graph {
    #[inline]
    fn index_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.index()]
    }
}

impl Graph {
    /// The block at which execution starts.
    pub const ENTRY: BlockId = BlockId(NonZeroU32::MIN);

    /// Makes this the graph of a sequence, in the storage that it has.
    pub fn fill(&mut self, sequence: &InstructionSequence) -> Result<(), AssembleError> {
        let instructions = sequence.instructions();
        self.count = 0;
        self.has_handlers = false;
        self.pending.clear();
        let mut beginning = std::mem::take(&mut self.beginning);
        beginning.clear();
        beginning.resize(instructions.len(), None);
        for instruction in instructions.iter().filter(|instruction| instruction.opcode.has_target()) {
            let target = sequence.position(instruction.arg).ok_or(AssembleError { message: "jump to an unplaced label" })?;
            let target = beginning.get_mut(target).ok_or(AssembleError { message: "jump beyond the last instruction" })?;
            *target = Some(Graph::ENTRY);
            self.has_handlers |= instruction.opcode.opens_block();
        }
        let mut ended = true;
        for (instruction, beginning) in instructions.iter().zip(&mut beginning) {
            if ended || beginning.is_some() {
                let id = self.add_block();
                self[id].labelled = beginning.replace(id).is_some();
            }
            ended = instruction.opcode.ends_block();
        }
        if self.count == 0 {
            self.add_block();
        }
        self.fill_blocks(sequence, &beginning);
        self.beginning = beginning;
        Ok(())
    }

    /// Copies the instructions into their blocks and links these.
    fn fill_blocks(&mut self, sequence: &InstructionSequence, beginning: &[Option<BlockId>]) {
        let mut rest = sequence.instructions();
        for number in 0..self.count {
            let start = beginning.len() - rest.len();
            let following = beginning[start..].iter().skip(1).position(Option::is_some);
            let (within, behind) = rest.split_at(following.map_or(rest.len(), |position| position + 1));
            rest = behind;
            let mut steps = std::mem::take(&mut self.blocks[number].steps);
            steps.extend(within.iter().map(|instruction| Step::new(instruction.opcode, instruction.arg, instruction.location)));
            let first = self.first_with_target(&steps);
            for step in steps[first..].iter_mut().filter(|step| step.opcode.has_target()) {
                step.target = sequence.position(step.arg).and_then(|target| beginning[target]);
                if let (true, Some(handler)) = (step.opcode.opens_block(), step.target) {
                    self[handler].is_handler = true;
                }
            }
            self.blocks[number].steps = steps;
            self.blocks[number].next = (number + 1 < self.count).then(|| BlockId::new(number + 1));
        }
    }

    /// The instructions of the blocks in layout order; those that name a target name the position of another one.
    pub fn resolved(&self) -> Vec<Instruction> {
        let mut starts = vec![0; self.block_count()];
        let mut position = 0;
        for id in self.order() {
            starts[id.index()] = position;
            position += self[id].steps.len() as u32;
        }
        let steps = self.order().flat_map(|id| &self[id].steps);
        let resolve = |step: &Step| {
            let arg = step.target.map_or(step.arg, |target| starts[target.index()]);
            Instruction { opcode: step.opcode, arg, location: step.location }
        };
        steps.map(resolve).collect()
    }

    /// A new empty block that nothing leads to.
    pub fn add_block(&mut self) -> BlockId {
        match self.blocks.get_mut(self.count) {
            Some(block) => block.reset(),
            None => self.blocks.push(Block::default()),
        }
        self.count += 1;
        BlockId::new(self.count - 1)
    }

    /// Puts a new empty block between one and its successor.
    pub fn insert_after(&mut self, before: BlockId) -> BlockId {
        let new = self.add_block();
        let after = self[before].next.replace(new);
        self[new].next = after;
        new
    }

    /// Has the current traversal visit a block, unless it already has.
    pub fn schedule(&mut self, id: BlockId) {
        if self.visit(id) {
            self.pending.push(id);
        }
    }

    /// From where on a block's instructions can have targets: the last one jumps, those before it only open blocks.
    pub fn first_with_target(&self, steps: &[Step]) -> usize {
        if self.has_handlers { 0 } else { steps.len().saturating_sub(1) }
    }

    /// Takes the instructions of a block, for a look at them while blocks change; they must be given back.
    pub fn take_steps(&mut self, id: BlockId) -> Vec<Step> {
        std::mem::take(&mut self[id].steps)
    }

    /// How many blocks there are.
    pub fn block_count(&self) -> usize {
        self.count
    }

    /// The names of the blocks in layout order.
    pub fn order(&self) -> impl Iterator<Item = BlockId> {
        std::iter::successors(Some(Graph::ENTRY), |&id| self[id].next)
    }

    /// The blocks, in no meaningful order.
    pub fn blocks_mut(&mut self) -> &mut [Block] {
        &mut self.blocks[..self.count]
    }

    /// A walk over the blocks in layout order, for changing them on the way.
    pub fn walk(&self) -> Walk {
        Walk { next: Some(Graph::ENTRY) }
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
        for block in self.blocks_mut() {
            block.visited = false;
        }
    }

    /// Marks a block as visited; whether it was not before.
    pub fn visit(&mut self, id: BlockId) -> bool {
        !std::mem::replace(&mut self[id].visited, true)
    }
}

/// Goes from block to block. What is inserted behind the block at hand is passed over.
pub(crate) struct Walk {
    next: Option<BlockId>,
}

impl Walk {
    /// The next block.
    #[inline]
    pub fn next(&mut self, graph: &Graph) -> Option<BlockId> {
        let id = self.next?;
        self.next = graph[id].next;
        Some(id)
    }
}
