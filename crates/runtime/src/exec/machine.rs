//! The state of the thread that holds the interpreter: VM stack, current position, exceptions, recursion bounds.

use super::frame::{At, HEADER};
use super::op::{Op, encode};
use crate::{Py, Result, raise};
use bredli_heap::{Tracer, Value};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Words of the VM stack; untouched pages cost nothing.
const STACK_WORDS: usize = 32 << 20;
/// Words that a frame may need beyond what its entry has checked.
const RESERVE: usize = 1 << 17;

/// The instruction that ends a run.
pub(super) static HALT: u64 = encode(Op::Halt, 0, 0, 0, 0);

/// Where frames with a frame object return to.
pub(super) static FRAME_EXIT: u64 = encode(Op::FrameExit, 0, 0, 0, 0);

/// The state of the thread that holds the interpreter.
pub struct Machine {
    /// The exception that is propagating.
    pub(crate) exception: Option<Value>,
    /// The exception being handled at this level (CPython's `exc_info`).
    pub(crate) handled: Option<Value>,
    /// The levels below: one a running generator.
    pub(crate) handled_below: Vec<Option<Value>>,
    /// Position of the innermost Python frame whenever native code runs.
    pub(super) fp: *mut u64,
    pub(super) pc: *const u64,
    /// The first unused word of the VM stack.
    pub(super) top: *mut u64,
    /// Frames may not reach beyond this address.
    pub(super) stack_limit: usize,
    /// Frames deeper than this raise RecursionError.
    pub(super) recursion_limit: u32,
    /// The lowest native stack address that calls may reach.
    pub(crate) native_limit: usize,
    /// Bits that ask the machine to stop at the next poll.
    pub(crate) breaker: Arc<AtomicU32>,
    stack: Box<[u64]>,
}

impl Machine {
    pub(crate) fn new(native_stack: usize) -> Self {
        let marker = 0u8;
        let stack = vec![0u64; STACK_WORDS].into_boxed_slice();
        let base = stack.as_ptr().cast_mut();
        Self {
            exception: None,
            handled: None,
            handled_below: Vec::new(),
            fp: base.wrapping_add(HEADER),
            pc: &HALT,
            top: base.wrapping_add(HEADER),
            stack_limit: base.wrapping_add(STACK_WORDS - RESERVE) as usize,
            recursion_limit: 1000,
            native_limit: (&raw const marker as usize).saturating_sub(native_stack),
            breaker: Arc::new(AtomicU32::new(0)),
            stack,
        }
    }

    /// Native code is about to run on behalf of a frame.
    #[inline(always)]
    pub(super) fn enter(&mut self, at: At) {
        self.fp = at.fp;
        self.pc = at.pc;
        self.top = at.top();
    }

    /// Whether something wants the machine to stop.
    #[inline(always)]
    pub(crate) fn breaker_set(&self) -> bool {
        self.breaker.load(Ordering::Relaxed) != 0
    }

    pub(crate) fn trace(&self, tracer: &mut Tracer) {
        for value in [self.exception, self.handled].into_iter().chain(self.handled_below.iter().copied()).flatten() {
            tracer.value(value);
        }
        // SAFETY: the stack is allocated for the life of the machine, and `top` lies in it.
        unsafe { tracer.range(self.stack.as_ptr(), self.top) };
    }
}

/// The breaker bit set by the collector when finalisers are due.
pub const BREAK_FINALIZE: u32 = 2;

impl Py {
    /// Bound native recursion: RecursionError when the native stack is nearly used up.
    #[inline(always)]
    pub fn enter_native(&mut self, what: &str) -> Result<()> {
        let marker = 0u8;
        if (&raw const marker as usize) < self.machine.native_limit {
            return self.native_overflow(what);
        }
        Ok(())
    }

    #[cold]
    fn native_overflow(&mut self, what: &str) -> Result<()> {
        raise!(self, RecursionError, "maximum recursion depth exceeded{what}")
    }

    /// Let signals, finalisers and limits act: called by long native loops and at back-edges.
    #[inline]
    pub fn poll(&mut self) -> Result<()> {
        if self.machine.breaker_set() { self.poll_slow() } else { Ok(()) }
    }

    #[cold]
    fn poll_slow(&mut self) -> Result<()> {
        self.machine.breaker.store(0, Ordering::Relaxed);
        if self.heap.take_memory_pending() {
            return Err(self.no_memory());
        }
        self.run_pending_finalizers();
        self.run_signal_handlers()
    }

    /// Call Python's handlers of the signals that have arrived.
    pub(crate) fn run_signal_handlers(&mut self) -> Result<()> {
        match self.signal_hook {
            Some(hook) => hook(self),
            None => Ok(()),
        }
    }

    /// The word whose bits make the machine poll.
    pub fn breaker(&self) -> Arc<AtomicU32> {
        self.machine.breaker.clone()
    }

    /// `sys.getrecursionlimit()`
    pub fn recursion_limit(&self) -> u32 {
        self.machine.recursion_limit
    }

    /// `sys.setrecursionlimit(limit)`
    pub fn set_recursion_limit(&mut self, limit: u32) {
        self.machine.recursion_limit = limit;
    }

    /// Forget what inline caches assume about instances, after a change of a class that such caches do not check.
    pub(crate) fn flush_inline_caches(&mut self) {
        for index in 0..self.translated.len() {
            let code = self.translated[index];
            super::slow::reset_caches(self, code);
        }
    }

    /// The exception being handled (`sys.exception()`).
    pub fn handled_exception(&self) -> Option<Value> {
        let machine = &self.machine;
        machine.handled.or_else(|| machine.handled_below.iter().rev().find_map(|level| *level))
    }

    /// Replace the exception being handled at this level and return the former one.
    pub fn replace_handled(&mut self, exception: Option<Value>) -> Option<Value> {
        std::mem::replace(&mut self.machine.handled, exception)
    }
}
