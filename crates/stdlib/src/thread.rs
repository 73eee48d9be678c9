//! `_thread`: locks and identities.
//!
//! The interpreter runs one thread: a lock that is held can be released by nobody while its holder waits for it, so that waiting
//! without limit raises RuntimeError where CPython would wait for ever. Counterpart: `Modules/_threadmodule.c`.

use crate::os_error::host_call;
use bredli_runtime::prelude::*;

const TIMEOUT_MAX: f64 = 9223372036.0;

/// Check the arguments of `acquire`, then wait for a lock that nobody will release.
fn wait_in_vain(py: &mut Py, blocking: bool, timeout: f64, held: bool) -> Result<bool> {
    if !blocking && timeout != -1.0 {
        raise!(py, ValueError, "can't specify a timeout for a non-blocking call");
    }
    if timeout < 0.0 && timeout != -1.0 {
        raise!(py, ValueError, "timeout value must be a non-negative number");
    }
    if timeout > TIMEOUT_MAX {
        raise!(py, OverflowError, "timeout value is too large");
    }
    if !held {
        return Ok(true);
    }
    if !blocking {
        return Ok(false);
    }
    if timeout == -1.0 {
        raise!(py, RuntimeError, "deadlock: the only thread waits for a lock that it holds");
    }
    let deadline = host_call(py, None, |host| host.monotonic_ns())?.saturating_add((timeout * 1e9) as i64);
    host_call(py, None, |host| host.sleep_until(deadline))?;
    Ok(false)
}

/// A lock object is a synchronization primitive.  To create a lock,
/// call threading.Lock().
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "lock", module = "_thread", flags(HAS_WEAKREF))]
pub struct Lock {
    header: Header,
    locked: bool,
}

#[pymethods]
impl Lock {
    fn __new__(cls: Gc<Class>, py: &mut Py) -> Gc<Lock> {
        py.alloc_as(cls, Lock { header: Header::EMPTY, locked: false })
    }

    /// Lock the lock.
    #[pyname("acquire", "acquire_lock")]
    #[signature(self, /, blocking=True, timeout=-1)]
    fn acquire(this: Gc<Self>, py: &mut Py, blocking: bool, timeout: f64) -> Result<bool> {
        let held = this.get(py).locked;
        let taken = wait_in_vain(py, blocking, timeout, held)?;
        this.get_mut(py).locked = true;
        Ok(taken)
    }

    /// Release the lock.
    #[pyname("release", "release_lock")]
    #[signature(self, /)]
    fn release(this: Gc<Self>, py: &mut Py) -> Result<()> {
        if !this.get(py).locked {
            raise!(py, RuntimeError, "release unlocked lock");
        }
        this.get_mut(py).locked = false;
        Ok(())
    }

    /// Return whether the lock is locked.
    #[pyname("locked", "locked_lock")]
    #[signature(self, /)]
    fn locked(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).locked
    }

    #[signature(self, /)]
    fn _at_fork_reinit(this: Gc<Self>, py: &mut Py) {
        this.get_mut(py).locked = false;
    }

    /// Lock the lock.
    #[signature(self, /)]
    fn __enter__(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        Lock::acquire(this, py, true, -1.0)
    }

    /// Release the lock.
    #[signature(self, /, *exc_info)]
    fn __exit__(this: Gc<Self>, py: &mut Py, exc_info: &[Value]) -> Result<()> {
        let _ = exc_info;
        Lock::release(this, py)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        let state = if this.get(py).locked { "locked" } else { "unlocked" };
        let class = py.class_of(this.into());
        let class = py.class_full_name(class);
        format!("<{state} {class} object at {:#x}>", Value::from(this).bits())
    }
}

/// A reentrant lock: the thread that holds it can take it again.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "RLock", module = "_thread", flags(BASETYPE, HAS_WEAKREF))]
pub struct RLock {
    header: Header,
    count: u64,
    owner: u64,
}

#[pymethods]
impl RLock {
    fn __new__(cls: Gc<Class>, py: &mut Py) -> Gc<RLock> {
        py.alloc_as(cls, RLock { header: Header::EMPTY, count: 0, owner: 0 })
    }

    /// Lock the lock.
    #[signature(self, /, blocking=True, timeout=-1)]
    fn acquire(this: Gc<Self>, py: &mut Py, blocking: bool, timeout: f64) -> Result<bool> {
        wait_in_vain(py, blocking, timeout, false)?;
        if this.get(py).count == 0 {
            let owner = host_call(py, None, |host| host.current_thread())?;
            this.get_mut(py).owner = owner;
        }
        this.get_mut(py).count += 1;
        Ok(true)
    }

    /// Release the lock.
    #[signature(self, /)]
    fn release(this: Gc<Self>, py: &mut Py) -> Result<()> {
        if this.get(py).count == 0 {
            raise!(py, RuntimeError, "cannot release un-acquired lock");
        }
        this.get_mut(py).count -= 1;
        Ok(())
    }

    /// Return a boolean indicating whether this object is locked right now.
    #[signature(self, /)]
    fn locked(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).count > 0
    }

    /// For internal use by `threading.Condition`.
    #[signature(self, /)]
    fn _is_owned(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).count > 0
    }

    /// For internal use by reentrancy checks.
    #[signature(self, /)]
    fn _recursion_count(this: Gc<Self>, py: &Py) -> u64 {
        this.get(py).count
    }

    /// For internal use by `threading.Condition`.
    #[signature(self, /)]
    fn _release_save(this: Gc<Self>, py: &mut Py) -> Result<(u64, u64)> {
        let saved = (this.get(py).count, this.get(py).owner);
        if saved.0 == 0 {
            raise!(py, RuntimeError, "cannot release un-acquired lock");
        }
        this.get_mut(py).count = 0;
        Ok(saved)
    }

    /// For internal use by `threading.Condition`.
    #[signature(self, state, /)]
    fn _acquire_restore(this: Gc<Self>, py: &mut Py, state: Gc<Tuple>) -> Result<()> {
        let &[count, owner] = state.get(py).items() else {
            raise!(py, TypeError, "_acquire_restore() takes a pair");
        };
        let (Some(count), Some(owner)) = (py.int_to_u64(count), py.int_to_u64(owner)) else {
            raise!(py, TypeError, "_acquire_restore() takes a pair of integers");
        };
        let lock = this.get_mut(py);
        (lock.count, lock.owner) = (count, owner);
        Ok(())
    }

    #[signature(self, /)]
    fn _at_fork_reinit(this: Gc<Self>, py: &mut Py) {
        this.get_mut(py).count = 0;
    }

    /// Lock the lock.
    #[signature(self, /)]
    fn __enter__(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        RLock::acquire(this, py, true, -1.0)
    }

    /// Release the lock.
    #[signature(self, /, *exc_info)]
    fn __exit__(this: Gc<Self>, py: &mut Py, exc_info: &[Value]) -> Result<()> {
        let _ = exc_info;
        RLock::release(this, py)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        let (count, owner) = (this.get(py).count, this.get(py).owner);
        let state = if count > 0 { "locked" } else { "unlocked" };
        let owner = if count > 0 { owner } else { 0 };
        let class = py.class_of(this.into());
        let class = py.class_full_name(class);
        format!("<{state} {class} object owner={owner} count={count} at {:#x}>", Value::from(this).bits())
    }
}

/// Thread-local data
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_local", module = "_thread", flags(BASETYPE, HAS_WEAKREF), dict = dict)]
pub struct Local {
    header: Header,
    dict: Option<Gc<Dict>>,
}

#[pymethods]
impl Local {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result<Gc<Local>> {
        if !cls.get(py).is_heap_class() && !args.is_empty() {
            raise!(py, TypeError, "Initialization arguments are not supported");
        }
        Ok(py.alloc_as(cls, Local { header: Header::EMPTY, dict: None }))
    }
}

/// What `threading` keeps of a thread.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_ThreadHandle", module = "_thread")]
pub struct ThreadHandle {
    header: Header,
    ident: u64,
    done: bool,
}

#[pymethods]
impl ThreadHandle {
    fn __new__(cls: Gc<Class>, py: &mut Py) -> Gc<ThreadHandle> {
        py.alloc_as(cls, ThreadHandle { header: Header::EMPTY, ident: 0, done: false })
    }

    #[getter]
    fn ident(this: Gc<Self>, py: &Py) -> u64 {
        this.get(py).ident
    }

    #[signature(self, /)]
    fn is_done(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).done
    }

    #[signature(self, /)]
    fn _set_done(this: Gc<Self>, py: &mut Py) {
        this.get_mut(py).done = true;
    }
}

/// This module provides primitive operations to write multi-threaded programs.
/// The 'threading' module provides a more convenient interface.
#[pymodule(name = "_thread", classes(Lock, RLock, Local, ThreadHandle))]
pub mod thread {
    use super::*;

    #[pyname("TIMEOUT_MAX")]
    pub const TIMEOUT: f64 = TIMEOUT_MAX;
    pub const _NAME_MAXLEN: i64 = 15;

    #[constant]
    fn LockType(py: &mut Py) -> Gc<Class> {
        Lock::class(py)
    }

    #[constant]
    fn error(py: &mut Py) -> Gc<Class> {
        py.exceptions.RuntimeError
    }

    /// allocate_lock() -> lock object
    /// (allocate() is an obsolete synonym)
    ///
    /// Create a new lock object. See help(type(threading.Lock())) for
    /// information about locks.
    #[pyfunction]
    #[pyname("allocate_lock", "allocate")]
    #[signature()]
    fn allocate_lock(py: &mut Py) -> Gc<Lock> {
        py.alloc(Lock { header: Header::EMPTY, locked: false })
    }

    /// Return a non-zero integer that uniquely identifies the current thread
    /// amongst other threads that exist simultaneously.
    #[pyfunction]
    #[signature()]
    fn get_ident(py: &mut Py) -> Result<u64> {
        host_call(py, None, |host| host.current_thread())
    }

    #[pyfunction]
    #[signature()]
    fn _get_main_thread_ident(py: &mut Py) -> Result<u64> {
        host_call(py, None, |host| host.current_thread())
    }

    /// Return a non-negative integer identifying the thread as reported
    /// by the OS kernel.
    #[pyfunction]
    #[signature()]
    fn get_native_id(py: &mut Py) -> Result<u64> {
        host_call(py, None, |host| host.native_thread_id())
    }

    /// Start a new thread and return its identifier.
    #[pyfunction]
    #[pyname("start_new_thread", "start_new")]
    fn start_new_thread(py: &mut Py, function: Value, args: Value, kwargs: Option<Value>) -> Result {
        let _ = (function, args, kwargs);
        raise!(py, RuntimeError, "can't start new thread")
    }

    /// Start a new thread, whose end can be waited for.
    #[pyfunction]
    #[signature(function, handle=None, daemon=True)]
    fn start_joinable_thread(py: &mut Py, function: Value, handle: Value, daemon: bool) -> Result {
        let _ = (function, handle, daemon);
        raise!(py, RuntimeError, "can't start new thread")
    }

    /// Return True if daemon threads are allowed in the current interpreter,
    /// and False otherwise.
    #[pyfunction]
    #[signature()]
    fn daemon_threads_allowed() -> bool {
        true
    }

    #[pyfunction]
    #[signature()]
    fn _is_main_interpreter() -> bool {
        true
    }

    /// Return the number of currently running Python threads, excluding
    /// the main thread.
    #[pyfunction]
    #[signature()]
    fn _count() -> i32 {
        0
    }

    #[pyfunction]
    #[signature(ident, /)]
    fn _make_thread_handle(py: &mut Py, ident: u64) -> Gc<ThreadHandle> {
        py.alloc(ThreadHandle { header: Header::EMPTY, ident, done: false })
    }

    /// Wait for all non-daemon threads to end: there are none.
    #[pyfunction]
    #[signature()]
    fn _shutdown() {}

    /// This is synonymous to ``raise SystemExit''.  It will cause the current
    /// thread to exit silently unless the exception is caught.
    #[pyfunction]
    #[pyname("exit", "exit_thread")]
    #[signature()]
    fn exit(py: &mut Py) -> Result {
        let class: Value = py.exceptions.SystemExit.into();
        let exception = py.call(class, &[])?;
        Err(py.raise(exception))
    }
}
