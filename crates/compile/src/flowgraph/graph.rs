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

/// What an instruction is to the passes, as bits. Those of a block say whether a pass has something to do there.
pub(super) mod kind {
    use bredli_code::Opcode;

    /// Names another place in the code.
    pub const TARGET: u16 = 1;
    /// Ends a basic block.
    pub const END: u16 = 1 << 1;
    /// Opens a block with a handler.
    pub const BLOCK: u16 = 1 << 2;
    /// Loads or stores locals, as superinstructions do.
    pub const LOCAL: u16 = 1 << 3;
    /// Can leave a local unbound.
    pub const UNBINDING: u16 = 1 << 4;
    /// Stands for another instruction on locals.
    pub const STAND_IN: u16 = 1 << 5;
    /// Begins a pattern that the peephole optimiser knows.
    pub const PATTERN: u16 = 1 << 6;
    /// Loads a constant.
    pub const CONSTANT: u16 = 1 << 7;
    /// Drops a value.
    pub const POP: u16 = 1 << 8;
    /// Does nothing.
    pub const NOP: u16 = 1 << 9;
    /// Has no line. That depends on the place of the instruction.
    pub const NO_LINE: u16 = 1 << 10;

    const COUNT: usize = Opcode::ALL[Opcode::ALL.len() - 1] as usize + 1;
    static KINDS: [u16; COUNT] = {
        let mut table = [0; COUNT];
        let mut index = 0;
        while index < Opcode::ALL.len() {
            let opcode = Opcode::ALL[index];
            let own = match opcode {
                Opcode::LOAD_FAST | Opcode::LOAD_FAST_CHECK | Opcode::LOAD_FAST_LOAD_FAST => LOCAL,
                Opcode::STORE_FAST => LOCAL | PATTERN,
                Opcode::LOAD_CONST | Opcode::LOAD_SMALL_INT => CONSTANT,
                Opcode::POP_TOP => POP,
                Opcode::NOP => NOP,
                Opcode::BUILD_TUPLE
                | Opcode::BUILD_LIST
                | Opcode::BUILD_SET
                | Opcode::LIST_APPEND
                | Opcode::SET_ADD
                | Opcode::SWAP
                | Opcode::LOAD_GLOBAL
                | Opcode::COMPARE_OP
                | Opcode::CONTAINS_OP
                | Opcode::IS_OP
                | Opcode::TO_BOOL
                | Opcode::UNARY_NOT
                | Opcode::UNARY_INVERT
                | Opcode::UNARY_NEGATIVE
                | Opcode::CALL_INTRINSIC_1
                | Opcode::BINARY_OP => PATTERN,
                Opcode::DELETE_FAST | Opcode::LOAD_FAST_AND_CLEAR => UNBINDING,
                Opcode::STORE_FAST_MAYBE_NULL => UNBINDING | STAND_IN,
                Opcode::LOAD_CLOSURE => STAND_IN,
                _ if opcode.opens_block() => BLOCK,
                _ => 0,
            };
            let target = if opcode.has_target() { TARGET } else { 0 };
            table[opcode as usize] = own | target | if opcode.ends_block() { END } else { 0 };
            index += 1;
        }
        table
    };

    /// The bits of an instruction, wherever it is.
    #[inline]
    pub fn of(opcode: Opcode) -> u16 {
        KINDS[opcode as usize]
    }
}

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
    #[inline]
    pub fn new(opcode: Opcode, arg: u32, location: Location) -> Step {
        Step { opcode, arg, location, target: None, handler: None }
    }

    /// Changes what it does and keeps everything else.
    #[inline]
    pub fn set(&mut self, opcode: Opcode, arg: u32) {
        self.opcode = opcode;
        self.arg = arg;
    }

    #[inline]
    pub fn has_line(&self) -> bool {
        self.location.line >= 0
    }
}

impl From<&Instruction> for Step {
    #[inline]
    fn from(instruction: &Instruction) -> Step {
        Step::new(instruction.opcode, instruction.arg, instruction.location)
    }
}

impl Instruction {
    /// Its bits, without a branch.
    #[inline]
    fn kinds(&self) -> u16 {
        kind::of(self.opcode) | (self.location.line >> 31) as u16 & kind::NO_LINE
    }
}

/// Instructions that run one after the other; only the last one can jump.
#[derive(Clone, Default, Debug)]
pub(crate) struct Block {
    pub steps: Vec<Step>,
    /// The `kind` of all instructions together, and perhaps of more: what no instruction ever was is not in it.
    pub kinds: u16,
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

    /// Whether there may be an instruction of one of these kinds.
    #[inline]
    pub fn has(&self, kinds: u16) -> bool {
        self.kinds & kinds != 0
    }

    /// Makes an instruction do nothing; a later pass removes it unless its line counts.
    pub fn clear(&mut self, position: usize) {
        self.steps[position].set(Opcode::NOP, 0);
        self.kinds |= kind::NOP;
    }

    /// Makes the instruction at the end, which is a jump, do nothing.
    pub fn clear_jump(&mut self) {
        self.clear(self.steps.len() - 1);
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

    /// Where the first instruction of one of these kinds is, from a position on.
    #[inline]
    pub fn find(&self, from: usize, kinds: u16) -> Option<usize> {
        let steps = self.steps.get(from..).filter(|_| self.has(kinds))?;
        steps.iter().position(|step| kind::of(step.opcode) & kinds != 0).map(|distance| from + distance)
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

    /// From where on instructions can have targets: the last one jumps, those before it only open blocks.
    pub fn first_with_target(&self) -> usize {
        if self.has(kind::BLOCK) { 0 } else { self.steps.len().saturating_sub(1) }
    }
}

/// What an instruction of a sequence is to its block.
#[derive(Clone, Copy, Debug)]
enum Place {
    Inside,
    /// It begins a block.
    First,
    /// It begins a block that others lead to.
    Labelled,
    /// It is the first of that block.
    FirstOf(BlockId),
}

/// Room for the instructions that passes add to a block.
const ADDED: usize = 3;

/// The basic blocks of a code object.
#[derive(Default, Debug)]
pub(crate) struct Graph {
    /// The blocks. What lies behind the first `count` is storage of a graph before.
    blocks: Vec<Block>,
    count: usize,
    /// The `kind` of all instructions together with which the graph was filled. No pass adds one of a kind that `has` is asked for.
    kinds: u16,
    /// Whether blocks may have other predecessors than when these were last counted.
    pub rerouted: bool,
    /// The blocks that a traversal has still to visit; empty between traversals.
    pub pending: Vec<BlockId>,
    /// While the graph is filled: what each instruction is to its block.
    places: Vec<Place>,
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
        self.count = 0;
        self.rerouted = true;
        self.pending.clear();
        let mut places = std::mem::take(&mut self.places);
        self.kinds = find_places(sequence, &mut places)?;
        self.fill_blocks(sequence.instructions(), &mut places);
        for number in 0..self.count {
            let id = BlockId::new(number);
            let first = self[id].first_with_target();
            let mut steps = self.take_steps(id);
            for step in steps[first..].iter_mut().filter(|step| step.opcode.has_target()) {
                if let Some(Place::FirstOf(target)) = sequence.position(step.arg).map(|position| places[position]) {
                    step.target = Some(target);
                    self[target].is_handler |= step.opcode.opens_block();
                }
            }
            self[id].steps = steps;
        }
        self.places = places;
        Ok(())
    }

    /// Copies the instructions into blocks that are linked.
    fn fill_blocks(&mut self, instructions: &[Instruction], places: &mut [Place]) {
        let mut start = 0;
        loop {
            let id = self.add_block();
            let within = places.iter().skip(start + 1).take_while(|place| matches!(place, Place::Inside)).count();
            let end = instructions.len().min(start + 1 + within);
            let next = (end < instructions.len()).then(|| BlockId::new(self.count));
            let block = &mut self[id];
            block.next = next;
            let within = &instructions[start..end];
            block.steps.reserve(within.len() + ADDED);
            block.steps.extend(within.iter().map(Step::from));
            block.kinds = within.iter().fold(0, |kinds, instruction| kinds | instruction.kinds());
            if let Some(first) = places.get_mut(start) {
                block.labelled = matches!(first, Place::Labelled);
                *first = Place::FirstOf(id);
            }
            if next.is_none() {
                return;
            }
            start = end;
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

    /// Whether there was an instruction of one of these kinds.
    pub fn has(&self, kinds: u16) -> bool {
        self.kinds & kinds != 0
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

/// Finds what each instruction is to its block. Returns the kinds of all together.
fn find_places(sequence: &InstructionSequence, places: &mut Vec<Place>) -> Result<u16, AssembleError> {
    let instructions = sequence.instructions();
    places.clear();
    places.resize(instructions.len(), Place::Inside);
    let mut kinds = 0;
    for (position, instruction) in instructions.iter().enumerate() {
        let kind = kind::of(instruction.opcode);
        kinds |= kind;
        if kind & kind::TARGET != 0 {
            let target = sequence.position(instruction.arg).ok_or(AssembleError { message: "jump to an unplaced label" })?;
            *places.get_mut(target).ok_or(AssembleError { message: "jump beyond the last instruction" })? = Place::Labelled;
        }
        if kind & kind::END != 0
            && let Some(following @ Place::Inside) = places.get_mut(position + 1)
        {
            *following = Place::First;
        }
    }
    Ok(kinds)
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
