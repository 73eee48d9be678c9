//! The threads of an interpreter: who runs, what the others left behind, waiting and waking.
//!
//! One baton (CPython: the GIL) goes round; `&mut Py` is only used by the thread that holds it. A thread that lets go of it puts its machine
//! into the table and publishes its stack, so that the collector sees what it refers to.

use super::FrameView;
use super::machine::{BREAK_ASYNC, BREAK_FINALIZE, BREAK_SIGNAL, BREAK_SWITCH, Machine};
use crate::types::Function;
use crate::{Py, Result};
use bredli_heap::{Gc, Heap, StackBase, Tracer, Value, with_stack_base};
use bredli_host::{Baton, Result as HostResult, ThreadStart};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Native stack of a thread that asks for none in particular, and the least one gets.
const NATIVE_STACK: usize = 8 << 20;
const LEAST_STACK: usize = 4 << 20;
/// Native stack that is kept from Python code: for what runs outside of its checks.
const RESERVE: usize = 256 << 10;
/// Words of the VM stack of a thread that is not the main one.
const STACK_WORDS: usize = 4 << 20;

/// One of the two functions that watch a thread.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Watcher {
    /// Of `sys.settrace`.
    Trace,
    /// Of `sys.setprofile`.
    Profile,
}

/// What is known of the thread that a machine belongs to.
pub struct ThreadState {
    /// Counts the threads of the interpreter; never used twice.
    pub serial: u64,
    /// The host's identifier.
    pub ident: u64,
    /// An exception that another thread has asked for.
    pub interruption: Option<Value>,
    /// The current context (`_contextvars`), once there is one.
    pub context: Option<Value>,
    /// The event loop that runs in this thread (`_asyncio`).
    pub running_loop: Option<Value>,
    /// The task that the running loop executes.
    pub running_task: Option<Value>,
    /// Thread-local objects that this thread has used; not kept alive.
    pub locals: Vec<Value>,
    word: Arc<AtomicU32>,
}

impl ThreadState {
    pub(super) fn new(serial: u64, ident: u64) -> ThreadState {
        ThreadState {
            serial,
            ident,
            interruption: None,
            context: None,
            running_loop: None,
            running_task: None,
            locals: Vec::new(),
            word: Arc::default(),
        }
    }
}

/// What a thread leaves behind while another one runs; vacant while it runs itself.
struct Parked {
    serial: u64,
    machine: Machine,
    repr_stack: Vec<u64>,
}

impl Parked {
    fn vacant(serial: u64, breaker: &Arc<AtomicU32>) -> Box<Parked> {
        Box::new(Parked { serial, machine: Machine::vacant(breaker.clone()), repr_stack: Vec::new() })
    }
}

struct Waiter {
    key: usize,
    serial: u64,
    word: Arc<AtomicU32>,
}

/// The threads of an interpreter.
pub(crate) struct Threads {
    baton: Arc<Baton>,
    /// One entry for each thread.
    #[expect(clippy::vec_box, reason = "a machine is large, and the list grows and shrinks")]
    parked: Vec<Box<Parked>>,
    /// Values that threads start with.
    starting: Vec<(u64, Value)>,
    waiters: Vec<Waiter>,
    serials: u64,
    interval_ns: u64,
    main: u64,
    /// Signals came while another thread than the main one ran.
    signals_due: bool,
}

impl Threads {
    /// Of an interpreter whose main thread is the calling one.
    pub(crate) fn new(breaker: &Arc<AtomicU32>) -> Threads {
        Threads {
            baton: Arc::new(Baton::held()),
            parked: vec![Parked::vacant(0, breaker)],
            starting: Vec::new(),
            waiters: Vec::new(),
            serials: 0,
            interval_ns: 5_000_000,
            main: 0,
            signals_due: false,
        }
    }

    pub(crate) fn trace(&self, tracer: &mut Tracer) {
        for parked in &self.parked {
            parked.machine.trace(tracer);
        }
        for (_, value) in &self.starting {
            tracer.value(*value);
        }
    }

    /// Put one function in the place of another one in the frames of threads that wait.
    pub(super) fn replace_function(&mut self, former: Gc<Function>, new: Gc<Function>) {
        for parked in &mut self.parked {
            parked.machine.replace_function(former, new);
        }
    }

    /// Thread-local objects die.
    pub(crate) fn sweep(&mut self, alive: &bredli_heap::Liveness) {
        for parked in &mut self.parked {
            parked.machine.thread.locals.retain(|local| alive.is_alive_value(*local));
        }
    }
}

/// How a new thread finds its interpreter.
struct Entry {
    py: *mut Py,
    baton: Arc<Baton>,
    breaker: Arc<AtomicU32>,
    interval_ns: u64,
    serial: u64,
    native_stack: usize,
    body: fn(&mut Py, Value),
}

// SAFETY: the pointer is only used while the thread holds the baton.
unsafe impl Send for Entry {}

impl Entry {
    fn run(self) {
        self.baton.take(self.interval_ns, || ask(&self.breaker));
        // SAFETY: the interpreter outlives its threads (see `Py::close_threads`), and this thread holds the baton.
        let py = unsafe { &mut *self.py };
        with_stack_base(|base| {
            py.heap.set_stack_base(base);
            py.begin_thread(self.serial, self.native_stack);
            let index = py.threads.starting.iter().position(|(serial, _)| *serial == self.serial);
            if let Some(index) = index {
                let value = py.threads.starting[index].1;
                (self.body)(py, value);
            }
            py.end_thread(self.serial);
            py.heap.set_stack_base(StackBase::NONE);
        });
        self.baton.release();
    }
}

fn ask(breaker: &AtomicU32) {
    breaker.fetch_or(BREAK_SWITCH, Ordering::Relaxed);
}

/// How waiting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// Somebody called [`Py::wake`], or it looks like that.
    Woken,
    /// The time is over.
    TimedOut,
}

impl Py {
    /// Call `wait`, which blocks and does not use the interpreter, and let other threads run meanwhile.
    pub fn blocking<R>(&mut self, wait: impl FnOnce() -> R) -> R {
        if self.threads.parked.len() == 1 {
            return wait();
        }
        let (breaker, interval) = (self.machine.breaker.clone(), self.threads.interval_ns);
        self.let_go(|baton| {
            baton.release();
            let result = wait();
            baton.take(interval, || ask(&breaker));
            result
        })
    }

    /// Let another thread run that has asked for it.
    pub(super) fn pass_baton(&mut self) {
        if self.threads.parked.len() > 1 {
            let (breaker, interval) = (self.machine.breaker.clone(), self.threads.interval_ns);
            self.let_go(|baton| baton.pass(interval, || ask(&breaker)));
        }
    }

    fn let_go<R>(&mut self, away: impl FnOnce(&Baton) -> R) -> R {
        let (serial, baton) = (self.machine.thread.serial, self.threads.baton.clone());
        self.swap_machine(serial);
        // SAFETY: `away` lets go of the baton and takes it again; in between it does not use the interpreter.
        let result = unsafe { Heap::parked(&raw mut self.heap, || away(&baton)) };
        self.swap_machine(serial);
        if self.threads.signals_due && self.is_main_thread() {
            self.threads.signals_due = false;
            self.machine.breaker.fetch_or(BREAK_SIGNAL, Ordering::Relaxed);
        }
        if self.machine.thread.interruption.is_some() {
            self.machine.breaker.fetch_or(BREAK_ASYNC, Ordering::Relaxed);
        }
        result
    }

    /// Put the machine of a thread into the table, or take it from there.
    fn swap_machine(&mut self, serial: u64) {
        let entry = self.threads.parked.iter_mut().find(|parked| parked.serial == serial).expect("a thread has its entry");
        std::mem::swap(&mut self.machine, &mut entry.machine);
        std::mem::swap(&mut self.repr_stack, &mut entry.repr_stack);
    }

    /// Start a thread that calls `body` with the value; its identifier.
    pub fn spawn_thread(&mut self, body: fn(&mut Py, Value), value: Value, stack_size: usize) -> HostResult<u64> {
        self.threads.serials += 1;
        let serial = self.threads.serials;
        let breaker = self.machine.breaker.clone();
        self.threads.parked.push(Parked::vacant(serial, &breaker));
        self.threads.starting.push((serial, value));
        let stack_size = if stack_size == 0 { NATIVE_STACK } else { stack_size.max(LEAST_STACK) };
        let entry = Entry {
            py: self,
            baton: self.threads.baton.clone(),
            breaker,
            interval_ns: self.threads.interval_ns,
            serial,
            native_stack: stack_size - RESERVE,
            body,
        };
        let started = self.host.spawn_thread(ThreadStart { body: Box::new(move || entry.run()), stack_size });
        if started.is_err() {
            self.forget_thread(serial);
        }
        started
    }

    fn begin_thread(&mut self, serial: u64, native_stack: usize) {
        let ident = self.host.current_thread().unwrap_or(serial);
        let mut machine = Machine::new(native_stack, STACK_WORDS, self.machine.breaker.clone());
        machine.recursion_limit = self.machine.recursion_limit;
        machine.thread = ThreadState::new(serial, ident);
        // What stands here while no thread holds the baton is a vacant machine.
        self.machine = machine;
    }

    fn end_thread(&mut self, serial: u64) {
        let breaker = self.machine.breaker.clone();
        let ended = std::mem::replace(&mut self.machine, Machine::vacant(breaker));
        self.machine.recursion_limit = ended.recursion_limit;
        self.frame_objects.retain(|frame| !ended.holds(frame.get(&self.heap).address));
        self.repr_stack.clear();
        self.forget_thread(serial);
    }

    fn forget_thread(&mut self, serial: u64) {
        self.threads.parked.retain(|parked| parked.serial != serial);
        self.threads.starting.retain(|(of, _)| *of != serial);
    }

    /// A value that a new thread was started with is no longer needed.
    pub fn thread_started(&mut self) {
        let serial = self.machine.thread.serial;
        self.threads.starting.retain(|(of, _)| *of != serial);
    }

    /// The task that an event loop executes, in whichever thread the loop runs.
    pub fn task_of_loop(&self, running: Value) -> Option<Value> {
        let parked = self.threads.parked.iter().map(|parked| &parked.machine.thread);
        let mut threads = std::iter::once(&self.machine.thread).chain(parked);
        threads.find(|thread| thread.running_loop == Some(running))?.running_task
    }

    /// The running thread.
    pub fn thread(&mut self) -> &mut ThreadState {
        &mut self.machine.thread
    }

    /// Identifies the running thread among all that the interpreter has had.
    pub fn thread_serial(&self) -> u64 {
        self.machine.thread.serial
    }

    /// The host's identifier of the running thread.
    pub fn thread_ident(&self) -> u64 {
        self.machine.thread.ident
    }

    /// The host's identifier of the main thread.
    pub fn main_thread_ident(&self) -> u64 {
        self.threads.main
    }

    /// Whether the running thread is the main one.
    pub fn is_main_thread(&self) -> bool {
        self.machine.thread.ident == self.threads.main
    }

    /// The calling thread is the interpreter's main thread.
    pub(crate) fn set_main_thread(&mut self) {
        let ident = self.host.current_thread().unwrap_or(0);
        self.machine.thread.ident = ident;
        self.threads.main = ident;
    }

    /// Number of threads, the main one included.
    pub fn thread_count(&self) -> usize {
        self.threads.parked.len()
    }

    /// Nanoseconds after which a waiting thread asks for its turn: `sys.getswitchinterval()`.
    pub fn switch_interval_ns(&self) -> u64 {
        self.threads.interval_ns
    }

    /// `sys.setswitchinterval()`
    pub fn set_switch_interval_ns(&mut self, interval_ns: u64) {
        self.threads.interval_ns = interval_ns;
    }

    /// `sys.setrecursionlimit(limit)`, for all threads.
    pub fn set_recursion_limit(&mut self, limit: u32) {
        self.machine.recursion_limit = limit;
        for parked in &mut self.threads.parked {
            parked.machine.recursion_limit = limit;
        }
    }

    /// Wait until [`wake`](Self::wake) is called with this key, or until a deadline on the host's monotonic clock. Fails with EINTR when a
    /// signal came.
    pub fn wait_for(&mut self, key: usize, deadline_ns: Option<i64>) -> HostResult<Waited> {
        let host = self.host.clone();
        let timeout = match deadline_ns {
            Some(deadline) => Some(deadline - host.monotonic_ns()?),
            None => None,
        };
        if timeout.is_some_and(|timeout| timeout <= 0) {
            return Ok(Waited::TimedOut);
        }
        let (serial, word) = (self.machine.thread.serial, self.machine.thread.word.clone());
        word.store(0, Ordering::SeqCst);
        self.threads.waiters.push(Waiter { key, serial, word: word.clone() });
        let outcome = self.blocking(|| host.wait_word(&word, timeout));
        self.threads.waiters.retain(|waiter| waiter.serial != serial || waiter.key != key);
        match outcome {
            Ok(()) => Ok(Waited::Woken),
            Err(error) if error.is_timeout() => Ok(if word.load(Ordering::SeqCst) != 0 { Waited::Woken } else { Waited::TimedOut }),
            Err(error) => Err(error),
        }
    }

    /// Wake the thread that has waited longest for a key.
    pub fn wake(&mut self, key: usize) {
        if let Some(index) = self.threads.waiters.iter().position(|waiter| waiter.key == key) {
            let waiter = self.threads.waiters.remove(index);
            let _ = self.host.wake_word(&waiter.word);
        }
    }

    /// Wake all threads that wait for a key.
    pub fn wake_all(&mut self, key: usize) {
        while self.threads.waiters.iter().any(|waiter| waiter.key == key) {
            self.wake(key);
        }
    }

    /// Stop, because bits of the breaker ask for it.
    pub(super) fn act_on_breaker(&mut self) -> Result<()> {
        let bits = self.machine.breaker.swap(0, Ordering::Relaxed);
        if self.heap.take_memory_pending() {
            self.machine.breaker.fetch_or(bits & !BREAK_FINALIZE, Ordering::Relaxed);
            return Err(self.no_memory());
        }
        if bits & BREAK_SWITCH != 0 {
            self.pass_baton();
        }
        self.run_pending_finalizers();
        if let Some(exception) = self.machine.thread.interruption.take() {
            return Err(self.raise(exception));
        }
        if bits & BREAK_SIGNAL == 0 {
            return Ok(());
        }
        if self.is_main_thread() {
            return self.run_signal_handlers();
        }
        self.threads.signals_due = true;
        Ok(())
    }

    /// `PyThreadState_SetAsyncExc`: have a thread raise an exception; whether there is such a thread.
    pub fn interrupt_thread(&mut self, ident: u64, exception: Option<Value>) -> bool {
        if self.machine.thread.ident == ident {
            self.machine.thread.interruption = exception;
            self.machine.breaker.fetch_or(BREAK_ASYNC, Ordering::Relaxed);
            return true;
        }
        match self.threads.parked.iter_mut().find(|parked| parked.machine.thread.ident == ident) {
            Some(parked) => {
                parked.machine.thread.interruption = exception;
                true
            }
            None => false,
        }
    }

    /// The innermost frames of all threads, by identifier.
    pub fn thread_frames(&self) -> Vec<(u64, Option<FrameView>)> {
        let mut frames = vec![(self.machine.thread.ident, self.current_frame())];
        for parked in self.threads.parked.iter().filter(|parked| !parked.machine.is_vacant()) {
            frames.push((parked.machine.thread.ident, parked.machine.innermost()));
        }
        frames
    }

    /// The innermost running frame that is like that: of this thread, else of another one.
    pub fn find_frame(&self, wanted: impl Fn(FrameView) -> bool) -> Option<FrameView> {
        let parked = self.threads.parked.iter().filter(|parked| !parked.machine.is_vacant());
        for machine in std::iter::once(&self.machine).chain(parked.map(|parked| &parked.machine)) {
            let mut next = machine.innermost();
            while let Some(view) = next {
                if wanted(view) {
                    return Some(view);
                }
                next = view.caller(self);
            }
        }
        None
    }

    /// Whether any thread has a trace or profile function.
    pub(super) fn any_thread_traces(&self) -> bool {
        let traces = |machine: &Machine| machine.tracing.trace.is_some() || machine.tracing.profile.is_some();
        traces(&self.machine) || self.threads.parked.iter().any(|parked| traces(&parked.machine))
    }

    /// Set the trace or profile function of all other threads.
    pub fn set_tracing_of_others(&mut self, function: Option<Value>, which: Watcher) {
        for parked in self.threads.parked.iter_mut().filter(|parked| !parked.machine.is_vacant()) {
            match which {
                Watcher::Trace => parked.machine.tracing.trace = function,
                Watcher::Profile => parked.machine.tracing.profile = function,
            }
        }
    }

    /// The exceptions that the threads are handling, by identifier.
    pub fn thread_exceptions(&mut self) -> Vec<(u64, Option<Value>)> {
        let mut exceptions = vec![(self.machine.thread.ident, self.machine.handled_exception())];
        for parked in self.threads.parked.iter().filter(|parked| !parked.machine.is_vacant()) {
            exceptions.push((parked.machine.thread.ident, parked.machine.handled_exception()));
        }
        // What is handled is a root of its machine.
        for exception in exceptions.iter().filter_map(|(_, exception)| *exception) {
            self.complete_traceback(exception);
        }
        exceptions
    }

    /// Let no other thread run any more. The interpreter must then stay where it is for as long as those threads exist; whether
    /// there are any.
    pub fn close_threads(&mut self) -> bool {
        self.threads.baton.close();
        self.threads.parked.len() > 1
    }

    /// Whether there are threads besides the running one.
    pub fn has_other_threads(&self) -> bool {
        self.threads.parked.len() > 1
    }

    /// In the child of a fork only the calling thread exists, and it is the main thread.
    pub fn after_fork_in_child(&mut self) {
        let serial = self.machine.thread.serial;
        self.frame_objects.retain(|frame| self.machine.holds(frame.get(&self.heap).address));
        let threads = &mut self.threads;
        threads.baton = Arc::new(Baton::held());
        threads.parked.retain(|parked| parked.serial == serial);
        threads.starting.clear();
        threads.waiters.clear();
        self.heap.forget_parked();
        self.set_main_thread();
    }
}
