//! The state of the thread that holds the interpreter: VM stack, current position, exceptions, recursion bounds.

use super::frame::{At, HEADER};
use super::op::{Op, encode};
use super::threads::ThreadState;
use crate::{Py, Result, raise};
use bredli_heap::{Tracer, Value};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Words of the VM stack; untouched pages cost nothing.
pub(crate) const STACK_WORDS: usize = 32 << 20;
/// Words that a frame may need beyond what its entry has checked.
const RESERVE: usize = 1 << 17;

/// The instruction that ends a run.
pub(super) static HALT: u64 = encode(Op::Halt, super::taking::NATIVE, 0, 0, 0);

/// Where frames with a frame object return to.
pub(super) static FRAME_EXIT: u64 = encode(Op::FrameExit, 0, 0, 0, 0);

/// What `sys` lets async frameworks set for a thread.
#[derive(Clone, Copy, Default)]
pub struct AsyncHooks {
    /// Called with each async generator that is iterated for the first time.
    pub firstiter: Option<Value>,
    /// Called with each async generator that is about to be collected unfinished.
    pub finalizer: Option<Value>,
    /// Callers that `cr_origin` of new coroutines tells.
    pub origin_depth: u32,
}

/// The state of the thread that holds the interpreter.
pub struct Machine {
    /// `sys.set_asyncgen_hooks` and its like.
    pub(crate) async_hooks: AsyncHooks,
    /// `sys.settrace`, `sys.setprofile`, and the frames they watch.
    pub(crate) tracing: super::watch::Tracing,
    /// The exception that is propagating.
    pub(crate) exception: Option<Value>,
    /// The exception being handled at this level (CPython's `exc_info`).
    pub(crate) handled: Option<Value>,
    /// The levels below: one a running generator.
    pub(crate) handled_below: Vec<Option<Value>>,
    /// Who takes what the generator yields that native code has resumed last.
    pub(super) taker: super::taking::Taker,
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
    /// The thread.
    pub(crate) thread: ThreadState,
    stack: Box<[u64]>,
}

impl Machine {
    pub(super) fn handled_exception(&self) -> Option<Value> {
        self.handled.or_else(|| self.handled_below.iter().rev().find_map(|level| *level))
    }

    /// The machine of the calling thread, which has so many bytes of native stack.
    pub(crate) fn new(native_stack: usize, stack_words: usize, breaker: Arc<AtomicU32>) -> Self {
        let marker = 0u8;
        let stack = vec![0u64; stack_words].into_boxed_slice();
        let base = stack.as_ptr().cast_mut();
        Self {
            async_hooks: AsyncHooks::default(),
            tracing: super::watch::Tracing::default(),
            exception: None,
            handled: None,
            handled_below: Vec::new(),
            taker: super::taking::Taker::NONE,
            fp: base.wrapping_add(HEADER),
            pc: &HALT,
            top: base.wrapping_add(HEADER),
            stack_limit: base.wrapping_add(stack_words - RESERVE) as usize,
            recursion_limit: 1000,
            native_limit: (&raw const marker as usize).saturating_sub(native_stack),
            breaker,
            thread: ThreadState::new(0, 0),
            stack,
        }
    }

    /// What stands for a machine where no thread runs.
    pub(super) fn vacant(breaker: Arc<AtomicU32>) -> Self {
        Self {
            async_hooks: AsyncHooks::default(),
            tracing: super::watch::Tracing::default(),
            exception: None,
            handled: None,
            handled_below: Vec::new(),
            taker: super::taking::Taker::NONE,
            fp: std::ptr::null_mut(),
            pc: &HALT,
            top: std::ptr::null_mut(),
            stack_limit: 0,
            recursion_limit: 1000,
            native_limit: usize::MAX,
            breaker,
            thread: ThreadState::new(u64::MAX, 0),
            stack: Box::default(),
        }
    }

    /// Whether no thread runs here.
    pub(super) fn is_vacant(&self) -> bool {
        self.stack.is_empty()
    }

    /// Whether the address of a frame lies on this machine's stack.
    pub(super) fn holds(&self, address: usize) -> bool {
        self.stack.as_ptr_range().contains(&(address as *const u64))
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
        let thread = &self.thread;
        let single = [self.exception, self.handled, thread.interruption, thread.context, thread.running_loop, thread.running_task];
        for value in single.into_iter().chain(self.handled_below.iter().copied()).flatten() {
            tracer.value(value);
        }
        self.tracing.trace(tracer);
        for value in [self.async_hooks.firstiter, self.async_hooks.finalizer].into_iter().flatten() {
            tracer.value(value);
        }
        // SAFETY: the stack is allocated for the life of the machine, and `top` lies in it.
        unsafe { tracer.range(self.stack.as_ptr(), self.top) };
    }
}

/// The breaker bit set when signals have arrived.
pub const BREAK_SIGNAL: u32 = 1;
/// The breaker bit set by the collector when finalisers are due.
pub const BREAK_FINALIZE: u32 = 2;
/// The breaker bit set by a thread that waits for its turn.
pub(super) const BREAK_SWITCH: u32 = 4;
/// The breaker bit set when a thread is to raise an exception that another one has given it.
pub(super) const BREAK_ASYNC: u32 = 8;

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
        self.act_on_breaker()
    }

    /// Call Python's handlers of the signals that have arrived.
    pub fn run_signal_handlers(&mut self) -> Result<()> {
        match self.signal_hook {
            Some(hook) => hook(self),
            None => Ok(()),
        }
    }

    /// The word whose bits make the machine poll.
    pub fn breaker(&self) -> Arc<AtomicU32> {
        self.machine.breaker.clone()
    }

    /// The number of Python frames that are running.
    pub fn recursion_depth(&self) -> u32 {
        At { pc: self.machine.pc, fp: self.machine.fp }.header(super::frame::INFO) as u32
    }

    /// `sys.getrecursionlimit()`
    pub fn recursion_limit(&self) -> u32 {
        self.machine.recursion_limit
    }

    /// Forget what inline caches assume about places in instances, after a change of a class that they do not check.
    pub(crate) fn flush_inline_caches(&mut self) {
        self.accesses.clear();
        for index in 0..self.translated.len() {
            let code = self.translated[index];
            if code.get(self).caches_places.replace(false) {
                super::slow::reset_caches(self, code);
            }
        }
    }

    /// `sys.get_asyncgen_hooks()` and `sys.get_coroutine_origin_tracking_depth()`.
    pub fn async_hooks(&self) -> AsyncHooks {
        self.machine.async_hooks
    }

    /// Replace the hooks.
    pub fn set_async_hooks(&mut self, hooks: AsyncHooks) {
        self.machine.async_hooks = hooks;
    }

    /// The exception being handled (`sys.exception()`), with its traceback.
    pub fn handled_exception(&mut self) -> Option<Value> {
        let handled = self.machine.handled_exception()?;
        self.complete_traceback(handled);
        Some(handled)
    }

    /// Replace the exception being handled at this level and return the former one.
    pub fn replace_handled(&mut self, exception: Option<Value>) -> Option<Value> {
        std::mem::replace(&mut self.machine.handled, exception)
    }
}
