//! `_thread._ThreadHandle` and the life of a thread: starting, running, joining.

use super::local::Local;
use super::waiting::{Patience, deadline, key_of, wait_until};
use bredli_runtime::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Fresh,
    Starting,
    Running,
    Done,
}

/// What `threading` keeps of a thread.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_ThreadHandle", module = "_thread", flags(HAS_WEAKREF))]
pub struct ThreadHandle {
    header: Header,
    ident: u64,
    #[trace(skip)]
    state: State,
    daemon: bool,
    function: Option<Value>,
    args: Option<Gc<Tuple>>,
    keywords: Option<Gc<Dict>>,
}

impl ThreadHandle {
    fn made(cls: Gc<Class>, py: &mut Py, ident: u64, state: State) -> Gc<ThreadHandle> {
        let fields = ThreadHandle { header: Header::EMPTY, ident, state, daemon: true, function: None, args: None, keywords: None };
        py.alloc_as(cls, fields)
    }

    /// The handle of a thread that was not started here.
    pub fn of_running(py: &mut Py, ident: u64) -> Gc<ThreadHandle> {
        let class = ThreadHandle::class(py);
        ThreadHandle::made(class, py, ident, State::Running)
    }

    /// A handle for a thread that is to be started.
    pub fn fresh(py: &mut Py) -> Gc<ThreadHandle> {
        let class = ThreadHandle::class(py);
        ThreadHandle::made(class, py, 0, State::Fresh)
    }

    /// Start a thread that calls a function. The interpreter's end waits for it unless it is a daemon.
    pub fn start(
        this: Gc<Self>,
        py: &mut Py,
        (function, args, keywords): (Value, Option<Gc<Tuple>>, Option<Gc<Dict>>),
        daemon: bool,
        stack_size: usize,
    ) -> Result<u64> {
        if this.get(py).state != State::Fresh {
            raise!(py, RuntimeError, "thread already started");
        }
        if py.finalizing {
            raise!(py, PythonFinalizationError, "can't create new thread at interpreter shutdown");
        }
        let fields = this.get_mut(py);
        (fields.state, fields.daemon) = (State::Starting, daemon);
        (fields.function, fields.args, fields.keywords) = (Some(function), args, keywords);
        match py.spawn_thread(run, this.into(), stack_size) {
            Ok(ident) => {
                let fields = this.get_mut(py);
                fields.ident = ident;
                if fields.state == State::Starting {
                    fields.state = State::Running;
                }
                if !daemon {
                    py.awaited_threads.push(this.into());
                }
                Ok(ident)
            }
            Err(_) => {
                this.get_mut(py).state = State::Fresh;
                raise!(py, RuntimeError, "can't start new thread")
            }
        }
    }

    fn finish(this: Gc<Self>, py: &mut Py) {
        this.get_mut(py).state = State::Done;
        py.awaited_threads.retain(|awaited| *awaited != Value::from(this));
        py.wake_all(key_of(this.into()));
    }

    /// In the child of a fork, all threads but the calling one are gone.
    pub fn after_fork(py: &mut Py) {
        let ident = py.thread_ident();
        let objects = py.heap.objects();
        for object in objects.iter().copied() {
            if let Some(handle) = Gc::<ThreadHandle>::cast(py, object)
                && handle.get(py).ident != ident
                && handle.get(py).state != State::Fresh
            {
                handle.get_mut(py).state = State::Done;
            }
        }
        // The thread that forked is the main thread now, and its return does not end a thread that is waited for.
        py.awaited_threads.clear();
    }

    fn wait(this: Gc<Self>, py: &mut Py, patience: Patience) -> Result<bool> {
        wait_until(py, key_of(this.into()), patience, |py| this.get(py).state == State::Done)
    }

    /// Wait until all threads that are not daemons have ended.
    pub fn wait_for_all(py: &mut Py) -> Result<()> {
        loop {
            let ident = py.thread_ident();
            let others = py.awaited_threads.iter().filter_map(|handle| Gc::<ThreadHandle>::cast(py, *handle));
            let Some(handle) = others.into_iter().find(|handle| handle.get(py).ident != ident) else { return Ok(()) };
            ThreadHandle::wait(handle, py, Patience::Endless)?;
        }
    }
}

/// The whole life of a thread.
fn run(py: &mut Py, handle: Value) {
    let this = Gc::<ThreadHandle>::known(py, handle);
    let ident = py.thread_ident();
    let fields = this.get_mut(py);
    fields.ident = ident;
    fields.state = State::Running;
    let (function, args, keywords) = (fields.function.take(), fields.args.take(), fields.keywords.take());
    py.thread_started();
    if let Some(function) = function {
        call(py, function, args, keywords);
    }
    Local::leave(py);
    ThreadHandle::finish(this, py);
}

#[inline(never)]
fn call(py: &mut Py, function: Value, args: Option<Gc<Tuple>>, keywords: Option<Gc<Dict>>) {
    let mut values = RootVec::new(&mut py.heap);
    if let Some(args) = args {
        values.extend_from_slice(args.get(py).items());
    }
    let called = match keywords {
        Some(keywords) => py.call_with_dict(function, &mut values, keywords),
        None => py.call(function, &values),
    };
    if called.is_ok() {
        return;
    }
    if py.exception_matches(py.exceptions.SystemExit) {
        py.clear_exception();
        return;
    }
    let exception = py.take_exception();
    let shown = py.repr_text(function).unwrap_or_default();
    let _ = py.restore_exception(exception);
    py.report_unraisable(&format!("Exception ignored in thread started by {shown}"), None);
}

#[pymethods]
impl ThreadHandle {
    #[signature()]
    fn __new__(cls: Gc<Class>, py: &mut Py) -> Gc<ThreadHandle> {
        ThreadHandle::made(cls, py, 0, State::Fresh)
    }

    #[getter]
    fn ident(this: Gc<Self>, py: &Py) -> u64 {
        this.get(py).ident
    }

    #[signature(self, /)]
    fn is_done(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).state == State::Done
    }

    #[signature(self, /)]
    fn _set_done(this: Gc<Self>, py: &mut Py) -> Result<()> {
        if matches!(this.get(py).state, State::Fresh | State::Starting) {
            raise!(py, RuntimeError, "thread not started");
        }
        ThreadHandle::finish(this, py);
        Ok(())
    }

    #[signature(self, timeout=None, /)]
    fn join(this: Gc<Self>, py: &mut Py, timeout: Option<Value>) -> Result<()> {
        let patience = match timeout {
            Some(timeout) if !timeout.is_none() => {
                let seconds = py.to_f64(timeout)?;
                if seconds < 0.0 { Patience::Endless } else { Patience::Until(deadline(py, seconds)?) }
            }
            _ => Patience::Endless,
        };
        match this.get(py).state {
            State::Fresh | State::Starting => raise!(py, RuntimeError, "thread not started"),
            State::Running if this.get(py).ident == py.thread_ident() => raise!(py, RuntimeError, "Cannot join current thread"),
            _ => {}
        }
        ThreadHandle::wait(this, py, patience)?;
        Ok(())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        format!("<_ThreadHandle object: ident={}>", this.get(py).ident)
    }
}
