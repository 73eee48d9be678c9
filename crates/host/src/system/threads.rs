//! Threads of the operating system.
//!
//! The identifiers are those of pthreads, which are addresses: a call on another thread is let through only while
//! that thread is known to live.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use super::{SystemHost, c_string};
use crate::error::{HostError, Result};
use crate::threads::{ThreadStart, Threads};

/// The live threads that were started here or have asked for their identifier.
static LIVE: Mutex<Option<HashSet<u64>>> = Mutex::new(None);

/// A thread's entry in [`LIVE`], removed when the thread ends.
struct Registration(u64);

impl Drop for Registration {
    fn drop(&mut self) {
        if let Some(live) = &mut *LIVE.lock().unwrap_or_else(PoisonError::into_inner) {
            live.remove(&self.0);
        }
    }
}

thread_local! {
    static REGISTRATION: OnceCell<Registration> = const { OnceCell::new() };
}

/// The calling thread's identifier, from now on known to be live.
fn register() -> u64 {
    // SAFETY: no arguments, cannot fail.
    let thread = unsafe { libc::pthread_self() } as u64;
    // While the thread's own variables are being destroyed it is no longer registered.
    let _ = REGISTRATION.try_with(|slot| {
        slot.get_or_init(|| {
            LIVE.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default().insert(thread);
            Registration(thread)
        });
    });
    thread
}

/// Runs `call` while `thread` cannot end; `ESRCH` when it is not known to live.
pub(super) fn with_live(thread: u64, call: impl FnOnce(libc::pthread_t) -> Result<()>) -> Result<()> {
    let live = LIVE.lock().unwrap_or_else(PoisonError::into_inner);
    match &*live {
        Some(known) if known.contains(&thread) => call(thread as libc::pthread_t),
        _ => Err(HostError::new(libc::ESRCH)),
    }
}

/// Forks; in the child only the calling thread is known to live.
pub(super) fn fork() -> Result<i32> {
    register();
    let mut live = LIVE.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: no arguments. In the child only the calling thread lives on; a lock another thread held stays locked
    // there, which can make a later call wait for ever but breaks no memory.
    let pid = super::check(unsafe { libc::fork() })?;
    if pid == 0
        && let Some(live) = &mut *live
    {
        // SAFETY: no arguments, cannot fail.
        let thread = unsafe { libc::pthread_self() } as u64;
        live.retain(|known| *known == thread);
    }
    Ok(pid)
}

/// Where the stack of the main thread may grow. The C library would read the table of all mappings for that.
fn main_stack() -> Option<std::ops::Range<usize>> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: a place for the answer.
    super::check(unsafe { libc::getrlimit(libc::RLIMIT_STACK, &raw mut limit) }).ok()?;
    // The kernel puts the name of the program at the stack's start.
    // SAFETY: reads what the kernel has given the process.
    let start = unsafe { libc::getauxval(libc::AT_EXECFN) } as usize;
    let size = usize::try_from(limit.rlim_cur).ok().filter(|_| limit.rlim_cur != libc::RLIM_INFINITY)?;
    Some(start.saturating_sub(size)..start)
}

impl Threads for SystemHost {
    fn spawn_thread(&self, start: ThreadStart) -> Result<u64> {
        let mut builder = std::thread::Builder::new();
        if start.stack_size != 0 {
            builder = builder.stack_size(start.stack_size);
        }
        let (started, identifier) = std::sync::mpsc::channel();
        let body = move || {
            // The receiver only goes away after it has the identifier.
            let _ = started.send(register());
            (start.body)();
        };
        builder.spawn(body).map_err(|error| HostError::new(error.raw_os_error().unwrap_or(libc::EAGAIN)))?;
        identifier.recv().map_err(|_| HostError::new(libc::EAGAIN))
    }

    fn current_thread(&self) -> Result<u64> {
        Ok(register())
    }

    fn native_thread_id(&self) -> Result<u64> {
        // SAFETY: no arguments, cannot fail.
        Ok(unsafe { libc::gettid() } as u64)
    }

    fn native_stack(&self) -> Result<usize> {
        let marker = 0u8;
        let here = &raw const marker as usize;
        if let Some(range) = main_stack()
            && range.contains(&here)
        {
            return Ok(here - range.start);
        }
        // SAFETY: all zeros is a value of this plain structure.
        let mut attributes: libc::pthread_attr_t = unsafe { std::mem::zeroed() };
        // SAFETY: the calling thread, and a place for its attributes.
        let code = unsafe { libc::pthread_getattr_np(libc::pthread_self(), &raw mut attributes) };
        super::files::errno_value(code)?;
        let (mut lowest, mut size) = (std::ptr::null_mut(), 0);
        // SAFETY: the attributes were filled in above.
        let code = unsafe { libc::pthread_attr_getstack(&raw const attributes, &raw mut lowest, &raw mut size) };
        // SAFETY: as above; they are not used afterwards.
        unsafe { libc::pthread_attr_destroy(&raw mut attributes) };
        super::files::errno_value(code)?;
        Ok(here.saturating_sub(lowest as usize))
    }

    fn set_thread_name(&self, name: &[u8]) -> Result<()> {
        // The kernel keeps 15 bytes.
        let name = c_string(&name[..name.len().min(15)])?;
        // SAFETY: the calling thread and a C string that lives on.
        super::files::errno_value(unsafe { libc::pthread_setname_np(libc::pthread_self(), name.as_ptr()) })
    }

    fn yield_thread(&self) -> Result<()> {
        std::thread::yield_now();
        Ok(())
    }

    fn wait_word(&self, word: &AtomicU32, timeout_ns: Option<i64>) -> Result<()> {
        let timeout = timeout_ns.map(|ns| libc::timespec { tv_sec: ns.max(0) / 1_000_000_000, tv_nsec: ns.max(0) % 1_000_000_000 });
        let timeout = timeout.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        match sys!(libc::syscall, libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG, 0, timeout) {
            Err(error) if error.errno != libc::EAGAIN => Err(error),
            _ => Ok(()),
        }
    }

    fn wake_word(&self, word: &AtomicU32) -> Result<()> {
        word.store(1, Ordering::SeqCst);
        sys!(libc::syscall, libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG, i32::MAX).map(drop)
    }
}
