//! The standard descriptors that are closed when the process starts.
//!
//! Before `main`, Rust's runtime opens `/dev/null` in their place, which would hide that there is, for example, no standard output.

use std::sync::atomic::{AtomicU8, Ordering};

use super::SystemHost;
use crate::files::Fd;

/// One bit for each standard descriptor that was closed.
static CLOSED: AtomicU8 = AtomicU8::new(0);

/// Has the system call `record` before Rust's runtime starts.
// SAFETY: functions in this section are called once, with C's calling convention; this one needs nothing of Rust's runtime.
#[unsafe(link_section = ".init_array")]
#[used]
static RECORD: extern "C" fn() = record;

extern "C" fn record() {
    for fd in 0..3 {
        // SAFETY: two scalars.
        if unsafe { libc::fcntl(fd, libc::F_GETFD) } == -1 {
            CLOSED.fetch_or(1 << fd, Ordering::Relaxed);
        }
    }
}

impl SystemHost {
    /// Close the standard descriptors that were closed when the process started. For a program that does so first of all: what it
    /// opens afterwards gets their numbers.
    pub fn close_absent_standard_descriptors(&self) {
        let closed = CLOSED.swap(0, Ordering::Relaxed);
        for fd in (0..3 as Fd).filter(|fd| closed & (1 << fd) != 0) {
            // SAFETY: one scalar; the descriptor is the runtime's, which does not use it.
            unsafe { libc::close(fd) };
        }
    }
}
