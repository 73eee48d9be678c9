//! The host of the command line: the operating system itself, through libc.
//!
//! Nothing of the process is changed behind an interpreter's back: the environment is this host's own copy, and
//! only signal handlers (which exist once per process) and the time zone are shared.

macro_rules! sys {
    ($function:path $(, $argument:expr)* $(,)?) => {
        crate::system::check({
            // SAFETY: used in this module only, and each use passes scalars, the pointers of C strings and slices
            // (with their lengths) that live to the end of the statement, and pointers to live local structures.
            unsafe { $function($($argument),*) }
        })
    };
}

mod clock;
mod entropy;
mod environment;
mod files;
mod process;
mod signals;
mod sockets;
mod spawn;
mod terminal;
mod threads;
mod tree;
mod users;

use std::ffi::CString;
use std::mem::MaybeUninit;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{HostError, Result};
use crate::files::Fd;

/// The operating system this process runs on.
pub struct SystemHost {
    environment: Mutex<Vec<(Vec<u8>, Vec<u8>)>>,
}

impl SystemHost {
    /// The host with a copy of the process's environment.
    pub fn new() -> Self {
        SystemHost { environment: Mutex::new(environment::of_process()) }
    }

    fn environment(&self) -> MutexGuard<'_, Vec<(Vec<u8>, Vec<u8>)>> {
        self.environment.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for SystemHost {
    fn default() -> Self {
        SystemHost::new()
    }
}

/// -1 means failure, as for nearly all of libc.
fn check<T: PartialEq + From<i8>>(outcome: T) -> Result<T> {
    if outcome == T::from(-1) { Err(HostError::last()) } else { Ok(outcome) }
}

/// A C string; a byte 0 inside is an invalid argument.
fn c_string(bytes: &[u8]) -> Result<CString> {
    CString::new(bytes).map_err(|_| HostError::new(libc::EINVAL))
}

/// The directory a relative path starts from.
fn at(dir: Option<Fd>) -> Fd {
    dir.unwrap_or(libc::AT_FDCWD)
}

/// A plain C structure with every byte zero.
///
/// Only for the integer-and-pointer structures of libc, whose documentation lets them be zeroed.
trait Zeroed: Sized {
    fn zeroed() -> Self {
        // SAFETY: implemented below only for C structures of integers and raw pointers, for which zero is a value.
        unsafe { MaybeUninit::zeroed().assume_init() }
    }
}

macro_rules! zeroed {
    ($($type:ty),* $(,)?) => { $(impl Zeroed for $type {})* };
}

zeroed! {
    libc::stat, libc::statvfs, libc::tm, libc::timespec, libc::rusage, libc::utsname, libc::termios2, libc::rlimit, libc::tms,
    libc::flock, libc::cpu_set_t, libc::siginfo_t, libc::itimerval, libc::winsize, libc::sigset_t, libc::fd_set, libc::epoll_event,
    libc::sockaddr_storage, libc::msghdr, libc::addrinfo,
}

#[cfg(test)]
mod tests;
