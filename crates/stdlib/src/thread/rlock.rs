//! `_thread.RLock`: a lock that the thread which holds it can take again.

use super::waiting::{Patience, key_of, patience, wait_until};
use bredli_runtime::prelude::*;

/// A reentrant lock.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "RLock", module = "_thread", flags(BASETYPE, HAS_WEAKREF))]
pub struct RLock {
    header: Header,
    count: u64,
    owner: u64,
}

impl RLock {
    fn is_mine(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).count > 0 && this.get(py).owner == py.thread_ident()
    }

    fn take(this: Gc<Self>, py: &mut Py, patience: Patience, count: u64) -> Result<bool> {
        let taken = wait_until(py, key_of(this.into()), patience, |py| this.get(py).count == 0)?;
        if taken {
            let owner = py.thread_ident();
            let lock = this.get_mut(py);
            (lock.count, lock.owner) = (count, owner);
        }
        Ok(taken)
    }
}

#[pymethods]
impl RLock {
    #[signature()]
    fn __new__(cls: Gc<Class>, py: &mut Py) -> Gc<RLock> {
        py.alloc_as(cls, RLock { header: Header::EMPTY, count: 0, owner: 0 })
    }

    /// Lock the lock.  `blocking` indicates whether we should wait
    /// for the lock to be available or not.  If `blocking` is False
    /// and another thread holds the lock, the method will return False
    /// immediately.  If `blocking` is True and another thread holds
    /// the lock, the method will wait for the lock to be released,
    /// take it and then return True.
    /// (note: the blocking operation is interruptible.)
    ///
    /// In all other cases, the method will return True immediately.
    /// Precisely, if the current thread already holds the lock, its
    /// internal counter is simply incremented. If nobody holds the lock,
    /// the lock is taken and its internal counter initialized to 1.
    #[signature(self, /, blocking=True, timeout=-1)]
    fn acquire(this: Gc<Self>, py: &mut Py, blocking: bool, timeout: f64) -> Result<bool> {
        let patience = patience(py, blocking, timeout)?;
        if RLock::is_mine(this, py) {
            this.get_mut(py).count += 1;
            return Ok(true);
        }
        RLock::take(this, py, patience, 1)
    }

    /// Release the lock, allowing another thread that is blocked waiting for
    /// the lock to acquire the lock.  The lock must be in the locked state,
    /// and must be locked by the same thread that unlocks it; otherwise a
    /// `RuntimeError` is raised.
    ///
    /// Do note that if the lock was acquire()d several times in a row by the
    /// current thread, release() needs to be called as many times for the lock
    /// to be available for other threads.
    #[signature(self, /)]
    fn release(this: Gc<Self>, py: &mut Py) -> Result<()> {
        if !RLock::is_mine(this, py) {
            raise!(py, RuntimeError, "cannot release un-acquired lock");
        }
        this.get_mut(py).count -= 1;
        if this.get(py).count == 0 {
            py.wake(key_of(this.into()));
        }
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
        RLock::is_mine(this, py)
    }

    /// For internal use by reentrancy checks.
    #[signature(self, /)]
    fn _recursion_count(this: Gc<Self>, py: &Py) -> u64 {
        if RLock::is_mine(this, py) { this.get(py).count } else { 0 }
    }

    /// For internal use by `threading.Condition`.
    #[signature(self, /)]
    fn _release_save(this: Gc<Self>, py: &mut Py) -> Result<(u64, u64)> {
        let saved = (this.get(py).count, this.get(py).owner);
        if saved.0 == 0 {
            raise!(py, RuntimeError, "cannot release un-acquired lock");
        }
        this.get_mut(py).count = 0;
        py.wake(key_of(this.into()));
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
        RLock::take(this, py, Patience::Endless, count)?;
        this.get_mut(py).owner = owner;
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
