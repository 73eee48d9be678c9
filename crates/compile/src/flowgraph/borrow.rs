//! Loads that need no reference of their own: LOAD_FAST becomes LOAD_FAST_BORROW where the value is consumed in the same block,
//! before the local changes, and not by storing it in another local.

use bredli_code::Opcode;

use super::graph::{Block, BlockId, Graph, Step};

/// A value on the evaluation stack: the position of the instruction that pushed it, and the local that it was loaded from.
#[derive(Clone, Copy, Default)]
struct Value {
    source: Option<usize>,
    local: Option<u32>,
}

/// One block's simulation: the stack, and which instructions must not borrow.
struct Simulation {
    stack: Vec<Value>,
    escapes: Vec<bool>,
}

/// Lets loads of locals borrow wherever that is safe. The depths of the blocks must be known.
pub(super) fn borrow_loads(graph: &mut Graph) {
    graph.reset_visited();
    graph.visit(Graph::ENTRY);
    let mut pending = vec![Graph::ENTRY];
    let mut simulation = Simulation { stack: Vec::new(), escapes: Vec::new() };
    let mut successors: Vec<BlockId> = Vec::new();
    while let Some(id) = pending.pop() {
        let block = &graph[id];
        simulation.start(block);
        for (position, step) in block.steps.iter().enumerate() {
            successors.extend(step.target.filter(|_| step.opcode.has_target()));
            simulation.run(position, step);
        }
        successors.extend(block.next.filter(|_| !block.steps.is_empty() && block.falls_through()));
        simulation.escape_all();
        rewrite(&mut graph[id], &simulation.escapes);
        for successor in successors.drain(..) {
            if graph.visit(successor) {
                pending.push(successor);
            }
        }
    }
}

fn rewrite(block: &mut Block, escapes: &[bool]) {
    for (step, _) in block.steps.iter_mut().zip(escapes).filter(|(_, escapes)| !**escapes) {
        step.opcode = match step.opcode {
            Opcode::LOAD_FAST => Opcode::LOAD_FAST_BORROW,
            Opcode::LOAD_FAST_LOAD_FAST => Opcode::LOAD_FAST_BORROW_LOAD_FAST_BORROW,
            other => other,
        };
    }
}

impl Simulation {
    /// Forgets everything and enters a block.
    fn start(&mut self, block: &Block) {
        self.stack.clear();
        self.stack.resize(block.start_depth.unwrap_or(0) as usize, Value::default());
        self.escapes.clear();
        self.escapes.resize(block.steps.len(), false);
    }

    /// The block ends: what is still on the stack may not be borrowed.
    fn escape_all(&mut self) {
        for source in self.stack.iter().filter_map(|value| value.source) {
            self.escapes[source] = true;
        }
    }

    fn push_local(&mut self, position: usize, local: u32) {
        self.stack.push(Value { source: Some(position), local: Some(local) });
    }

    fn push_new(&mut self, position: usize) {
        self.stack.push(Value { source: Some(position), local: None });
    }

    fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or_default()
    }

    fn escape(&mut self, value: Value) {
        if let Some(source) = value.source {
            self.escapes[source] = true;
        }
    }

    /// The local changes: no value that was loaded from it may be borrowed.
    fn kill(&mut self, local: u32) {
        for index in 0..self.stack.len() {
            let value = self.stack[index];
            if value.local == Some(local) {
                self.escape(value);
            }
        }
    }

    fn store(&mut self, local: u32) {
        let value = self.pop();
        self.kill(local);
        self.escape(value);
    }

    fn run(&mut self, position: usize, step: &Step) {
        let (opcode, arg) = (step.opcode, step.arg);
        match opcode {
            Opcode::LOAD_FAST => self.push_local(position, arg),
            Opcode::LOAD_FAST_AND_CLEAR => {
                self.kill(arg);
                self.push_local(position, arg);
            }
            Opcode::LOAD_FAST_LOAD_FAST => {
                self.push_local(position, arg >> 4);
                self.push_local(position, arg & 15);
            }
            Opcode::DELETE_FAST => self.kill(arg),
            Opcode::STORE_FAST => self.store(arg),
            Opcode::STORE_FAST_LOAD_FAST => {
                self.store(arg >> 4);
                self.push_local(position, arg & 15);
            }
            Opcode::STORE_FAST_STORE_FAST => {
                self.store(arg >> 4);
                self.store(arg & 15);
            }
            Opcode::COPY => {
                let index = self.stack.len().checked_sub(arg as usize);
                let value = index.and_then(|index| self.stack.get(index)).copied().unwrap_or_default();
                self.stack.push(value);
            }
            Opcode::SWAP => {
                let height = self.stack.len();
                if let Some(index) = height.checked_sub(arg as usize).filter(|index| *index < height) {
                    self.stack.swap(height - 1, index);
                }
            }
            Opcode::FORMAT_SIMPLE
            | Opcode::GET_ANEXT
            | Opcode::GET_LEN
            | Opcode::GET_YIELD_FROM_ITER
            | Opcode::IMPORT_FROM
            | Opcode::MATCH_KEYS
            | Opcode::MATCH_MAPPING
            | Opcode::MATCH_SEQUENCE
            | Opcode::WITH_EXCEPT_START => {
                // CPython 3.14 takes these values for ones of the block's first instruction: a load there does not borrow.
                for first in 0..opcode.stack_effect(arg) {
                    self.push_new(first as usize);
                }
            }
            Opcode::DICT_MERGE
            | Opcode::DICT_UPDATE
            | Opcode::LIST_APPEND
            | Opcode::LIST_EXTEND
            | Opcode::MAP_ADD
            | Opcode::RERAISE
            | Opcode::SET_ADD
            | Opcode::SET_UPDATE => {
                for _ in opcode.stack_effect(arg)..0 {
                    self.pop();
                }
            }
            Opcode::END_SEND | Opcode::SET_FUNCTION_ATTRIBUTE => {
                let top = self.pop();
                self.pop();
                self.stack.push(top);
            }
            Opcode::CHECK_EXC_MATCH | Opcode::SEND => {
                self.pop();
                self.push_new(position);
            }
            Opcode::FOR_ITER => self.push_new(position),
            Opcode::LOAD_ATTR | Opcode::LOAD_SUPER_ATTR => {
                let receiver = self.pop();
                if opcode == Opcode::LOAD_SUPER_ATTR {
                    self.pop();
                    self.pop();
                }
                self.push_new(position);
                if arg & 1 != 0 {
                    self.stack.push(receiver);
                }
            }
            Opcode::LOAD_SPECIAL | Opcode::PUSH_EXC_INFO => {
                let top = self.pop();
                self.push_new(position);
                self.stack.push(top);
            }
            _ if opcode.opens_block() => {}
            _ => {
                for _ in 0..opcode.popped(arg) {
                    self.pop();
                }
                for _ in 0..opcode.pushed(arg) {
                    self.push_new(position);
                }
            }
        }
    }
}
