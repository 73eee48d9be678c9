//! `_thread.lock`: a lock that any thread may release.

use super::waiting::{key_of, patience, wait_until};
use bredli_runtime::prelude::*;

/// A lock object is a synchronization primitive.  To create a lock,
/// call threading.Lock().  Methods are:
///
/// acquire() -- lock the lock, possibly blocking until it can be obtained
/// release() -- unlock of the lock
/// locked() -- test whether the lock is currently locked
///
/// A lock is not owned by the thread that locked it; another thread may
/// unlock it.  A thread attempting to lock a lock that it has already locked
/// will block until another thread unlocks it.  Deadlocks may ensue.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "lock", module = "_thread", flags(HAS_WEAKREF))]
pub struct Lock {
    header: Header,
    locked: bool,
}

impl Lock {
    /// A lock that nobody holds.
    pub fn new(py: &mut Py) -> Gc<Lock> {
        py.alloc(Lock { header: Header::EMPTY, locked: false })
    }

    fn try_lock(this: Gc<Self>, py: &mut Py) -> bool {
        !std::mem::replace(&mut this.get_mut(py).locked, true)
    }
}

#[pymethods]
impl Lock {
    #[signature()]
    fn __new__(cls: Gc<Class>, py: &mut Py) -> Gc<Lock> {
        py.alloc_as(cls, Lock { header: Header::EMPTY, locked: false })
    }

    /// Lock the lock.  Without argument, this blocks if the lock is already
    /// locked (even by the same thread), waiting for another thread to release
    /// the lock, and return True once the lock is acquired.
    /// With an argument, this will only block if the argument is true,
    /// and the return value reflects whether the lock is acquired.
    /// The blocking operation is interruptible.
    #[pyname("acquire", "acquire_lock")]
    #[signature(self, /, blocking=True, timeout=-1)]
    fn acquire(this: Gc<Self>, py: &mut Py, blocking: bool, timeout: f64) -> Result<bool> {
        let patience = patience(py, blocking, timeout)?;
        wait_until(py, key_of(this.into()), patience, |py| Lock::try_lock(this, py))
    }

    /// Release the lock, allowing another thread that is blocked waiting for
    /// the lock to acquire the lock.  The lock must be in the locked state,
    /// but it needn't be locked by the same thread that unlocks it.
    #[pyname("release", "release_lock")]
    #[signature(self, /)]
    fn release(this: Gc<Self>, py: &mut Py) -> Result<()> {
        if !this.get(py).locked {
            raise!(py, RuntimeError, "release unlocked lock");
        }
        this.get_mut(py).locked = false;
        py.wake(key_of(this.into()));
        Ok(())
    }

    /// Return whether the lock is in the locked state.
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
