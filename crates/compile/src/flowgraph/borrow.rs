//! Loads that need no reference of their own: LOAD_FAST becomes LOAD_FAST_BORROW where the value is consumed in the same block,
//! before the local changes, and not by storing it in another local.

use std::num::NonZeroU32;

use bredli_code::Opcode;

use super::graph::{Graph, Step, kind};

/// A value on the evaluation stack: the position of the load that pushed it, if one did, and the local that it was loaded from.
#[derive(Clone, Copy, Default, Debug)]
struct Value {
    source: Option<NonZeroU32>,
    local: Option<NonZeroU32>,
}

/// A number as it is kept in a value; the largest one stands for none.
fn packed(number: u32) -> Option<NonZeroU32> {
    NonZeroU32::new(!number)
}

/// One block's simulation: the stack, and which instructions must not borrow.
#[derive(Default, Debug)]
pub(super) struct Simulation {
    stack: Vec<Value>,
    escapes: Vec<bool>,
}

/// Lets loads of locals borrow wherever that is safe. The depths of the blocks must be known.
pub(super) fn borrow_loads(graph: &mut Graph) {
    if !graph.has(kind::LOCAL | kind::STAND_IN) {
        return;
    }
    graph.reset_visited();
    graph.schedule(Graph::ENTRY);
    let mut simulation = std::mem::take(&mut graph.simulation);
    while let Some(id) = graph.pending.pop() {
        let mut steps = graph.take_steps(id);
        if graph[id].has(kind::LOCAL | kind::STAND_IN) && steps.iter().any(may_borrow) {
            simulation.start(graph[id].start_depth.unwrap_or(0), steps.len());
            for (position, step) in steps.iter().enumerate() {
                simulation.run(position as u32, step);
            }
            simulation.escape_all();
            rewrite(&mut steps, &simulation.escapes);
        }
        // Nothing but NOT_TAKEN follows a jump.
        for step in steps.iter().rev().take(2) {
            if let Some(target) = step.target.filter(|_| step.opcode.has_target()) {
                graph.schedule(target);
            }
        }
        let goes_on = !steps.is_empty();
        graph[id].steps = steps;
        if let (true, Some(next)) = (goes_on && graph[id].falls_through(), graph[id].next) {
            graph.schedule(next);
        }
    }
    graph.simulation = simulation;
}

fn may_borrow(step: &Step) -> bool {
    matches!(step.opcode, Opcode::LOAD_FAST | Opcode::LOAD_FAST_LOAD_FAST)
}

fn rewrite(steps: &mut [Step], escapes: &[bool]) {
    for (step, _) in steps.iter_mut().zip(escapes).filter(|(_, escapes)| !**escapes) {
        step.opcode = match step.opcode {
            Opcode::LOAD_FAST => Opcode::LOAD_FAST_BORROW,
            Opcode::LOAD_FAST_LOAD_FAST => Opcode::LOAD_FAST_BORROW_LOAD_FAST_BORROW,
            other => other,
        };
    }
}

impl Simulation {
    /// Forgets everything and enters a block of so many instructions.
    fn start(&mut self, depth: u32, length: usize) {
        self.stack.clear();
        self.stack.resize(depth as usize, Value::default());
        self.escapes.clear();
        self.escapes.resize(length, false);
    }

    /// The block ends: what is still on the stack may not be borrowed.
    fn escape_all(&mut self) {
        for value in &self.stack {
            escape(&mut self.escapes, *value);
        }
    }

    fn push_local(&mut self, position: u32, local: u32) {
        self.stack.push(Value { source: packed(position), local: packed(local) });
    }

    /// Pushes a value that no load made.
    fn push_new(&mut self) {
        self.stack.push(Value::default());
    }

    fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or_default()
    }

    fn pop_all(&mut self, count: i64) {
        self.stack.truncate(self.stack.len().saturating_sub(usize::try_from(count).unwrap_or(0)));
    }

    /// The local changes: no value that was loaded from it may be borrowed.
    fn kill(&mut self, local: u32) {
        let local = packed(local);
        for value in self.stack.iter().filter(|value| value.local.is_some() && value.local == local) {
            escape(&mut self.escapes, *value);
        }
    }

    fn store(&mut self, local: u32) {
        let value = self.pop();
        self.kill(local);
        escape(&mut self.escapes, value);
    }

    fn run(&mut self, position: u32, step: &Step) {
        let (opcode, arg) = (step.opcode, step.arg);
        match opcode {
            Opcode::LOAD_FAST => self.push_local(position, arg),
            Opcode::LOAD_FAST_AND_CLEAR => {
                self.kill(arg);
                self.push_new();
            }
            Opcode::LOAD_FAST_LOAD_FAST => {
                self.push_local(position, arg >> 4);
                self.push_local(position, arg & 15);
            }
            Opcode::DELETE_FAST => self.kill(arg),
            Opcode::STORE_FAST => self.store(arg),
            Opcode::STORE_FAST_LOAD_FAST => {
                self.store(arg >> 4);
                self.push_new();
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
                    self.stack.push(Value { source: packed(first as u32), local: None });
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
                self.pop_all(-opcode.stack_effect(arg));
            }
            Opcode::END_SEND | Opcode::SET_FUNCTION_ATTRIBUTE => {
                let top = self.pop();
                self.pop();
                self.stack.push(top);
            }
            Opcode::CHECK_EXC_MATCH | Opcode::SEND => {
                self.pop();
                self.push_new();
            }
            Opcode::FOR_ITER => self.push_new(),
            Opcode::LOAD_ATTR | Opcode::LOAD_SUPER_ATTR => {
                let receiver = self.pop();
                if opcode == Opcode::LOAD_SUPER_ATTR {
                    self.pop_all(2);
                }
                self.push_new();
                if arg & 1 != 0 {
                    self.stack.push(receiver);
                }
            }
            Opcode::LOAD_SPECIAL | Opcode::PUSH_EXC_INFO => {
                let top = self.pop();
                self.push_new();
                self.stack.push(top);
            }
            _ if opcode.opens_block() => {}
            _ => {
                self.pop_all(opcode.popped(arg));
                for _ in 0..opcode.pushed(arg) {
                    self.push_new();
                }
            }
        }
    }
}

fn escape(escapes: &mut [bool], value: Value) {
    if let Some(source) = value.source {
        escapes[!source.get() as usize] = true;
    }
}
