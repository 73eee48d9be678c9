//! Who watches: the tools of `sys.monitoring`, the trace and profile functions of a thread.

use crate::object::Tuple;
use bredli_heap::{Gc, Tracer, Value};
use std::collections::HashSet;

/// How many tools there can be.
pub const TOOLS: usize = 6;

/// The events of `sys.monitoring`, in the order of their bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
#[repr(u8)]
pub enum Event {
    PyStart,
    PyResume,
    PyReturn,
    PyYield,
    Call,
    Line,
    Instruction,
    Jump,
    BranchLeft,
    BranchRight,
    StopIteration,
    Raise,
    ExceptionHandled,
    PyUnwind,
    PyThrow,
    Reraise,
    CReturn,
    CRaise,
}

impl Event {
    /// How many there are.
    pub const COUNT: usize = 18;
    /// Names and bits, as `sys.monitoring.events` shows them.
    pub const NAMES: [(&'static str, u32); 20] = [
        ("PY_START", 1),
        ("PY_RESUME", 1 << 1),
        ("PY_RETURN", 1 << 2),
        ("PY_YIELD", 1 << 3),
        ("CALL", 1 << 4),
        ("LINE", 1 << 5),
        ("INSTRUCTION", 1 << 6),
        ("JUMP", 1 << 7),
        ("BRANCH_LEFT", 1 << 8),
        ("BRANCH_RIGHT", 1 << 9),
        ("STOP_ITERATION", 1 << 10),
        ("RAISE", 1 << 11),
        ("EXCEPTION_HANDLED", 1 << 12),
        ("PY_UNWIND", 1 << 13),
        ("PY_THROW", 1 << 14),
        ("RERAISE", 1 << 15),
        ("C_RETURN", 1 << 16),
        ("C_RAISE", 1 << 17),
        ("BRANCH", Event::BRANCH),
        ("NO_EVENTS", 0),
    ];
    /// The bits of events that can be asked for in one code object.
    pub const LOCAL: u32 = (1 << 11) - 1;
    /// The former name of both branches.
    pub const BRANCH: u32 = 1 << 18;

    /// The event's bit.
    pub const fn bit(self) -> u32 {
        1 << self as u32
    }

    /// The name of the event with a number.
    pub fn name(number: usize) -> &'static str {
        Self::NAMES[number].0
    }
}

/// The tools of an interpreter.
#[derive(Default)]
pub struct Monitoring {
    /// The names of tools in use.
    pub(crate) tools: [Option<Value>; TOOLS],
    /// The events each tool watches everywhere.
    pub(crate) events: [u32; TOOLS],
    /// What each tool has registered for each event.
    pub(crate) callbacks: [[Option<Value>; Event::COUNT]; TOOLS],
    /// What callbacks return to be called no more, and what stands for an absent argument.
    pub(crate) sentinels: Option<Gc<Tuple>>,
    /// Counts calls of `restart_events`.
    pub(crate) restarts: u32,
    /// Whether anything is watched in all code.
    pub(crate) active: bool,
    /// Whether any code is or was watched: it may have an instrumented form, in which its frames go on.
    pub(crate) used: bool,
}

impl Monitoring {
    pub(crate) fn trace(&self, tracer: &mut Tracer) {
        for value in self.tools.iter().chain(self.callbacks.iter().flatten()).flatten() {
            tracer.value(*value);
        }
        if let Some(sentinels) = self.sentinels {
            tracer.gc(sentinels);
        }
    }
}

/// What tools watch in one code object.
#[derive(Default)]
pub struct Watch {
    /// The events each tool watches here.
    pub(crate) events: [u32; TOOLS],
    /// Places where a tool wants no more of an event: offset, tool, event.
    pub(crate) disabled: HashSet<(u32, u8, u8)>,
    /// The restart that `disabled` is of.
    pub(crate) restarts: u32,
}

/// A watched frame.
#[derive(Clone, Copy)]
pub(crate) struct Watched {
    /// Its address.
    pub fp: usize,
    /// The offset of the instruction that was reported last.
    pub last: Option<u32>,
    /// The native callable that this instruction has called, and its first argument.
    pub native: Option<(Value, Value)>,
}

/// What a thread watches by itself.
#[derive(Default)]
pub(crate) struct Tracing {
    /// `sys.gettrace()`
    pub trace: Option<Value>,
    /// `sys.getprofile()`
    pub profile: Option<Value>,
    /// Callbacks that are under way.
    pub depth: u32,
    /// What the running callback was called for.
    pub event: Option<Event>,
    /// Watched frames by address; those above the current one are gone.
    pub frames: Vec<Watched>,
    /// The address of the frame that is being reported.
    pub frame: usize,
    /// The bytecode offset where a callback wants that frame to go on.
    pub jump: Option<u32>,
}

impl Tracing {
    pub(crate) fn trace(&self, tracer: &mut Tracer) {
        let native = self.frames.iter().filter_map(|frame| frame.native).flat_map(|(callable, first)| [callable, first]);
        for value in self.trace.into_iter().chain(self.profile).chain(native) {
            tracer.value(value);
        }
    }

    /// What is known of a frame.
    pub(super) fn watched(&mut self, fp: usize) -> &mut Watched {
        while self.frames.last().is_some_and(|frame| frame.fp > fp) {
            self.frames.pop();
        }
        if self.frames.last().is_none_or(|frame| frame.fp != fp) {
            self.frames.push(Watched { fp, last: None, native: None });
        }
        self.frames.last_mut().expect("it is there")
    }

    /// A frame has been left.
    pub(super) fn leave(&mut self, fp: usize) {
        while self.frames.last().is_some_and(|frame| frame.fp >= fp) {
            self.frames.pop();
        }
    }
}
