//! Signals of the operating system.
//!
//! Handlers belong to the process, so their state is static; the handler itself only touches atomics and calls
//! `write`, which POSIX allows there.

use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicPtr, AtomicU32, AtomicU64, Ordering};

use super::files::errno_value;
use super::threads::with_live;
use super::{SystemHost, Zeroed};
use crate::error::{HostError, Result};
use crate::signals::{Disposition, Signals};

/// Caught signals nobody has taken yet.
static PENDING: AtomicU64 = AtomicU64::new(0);
/// Where each caught signal's number is written as a byte; -1 is nowhere.
static WAKEUP_FD: AtomicI32 = AtomicI32::new(-1);
/// The interpreter's breaker word and the bits to set in it. A word once given is never freed: a handler may
/// still hold its address.
static NOTICE: AtomicPtr<AtomicU32> = AtomicPtr::new(ptr::null_mut());
static NOTICE_BITS: AtomicU32 = AtomicU32::new(0);

const MAX_SIGNAL: i32 = 64;

extern "C" fn caught(signal: i32) {
    // SAFETY: libc gives the address of the calling thread's own errno.
    let errno = unsafe { *libc::__errno_location() };
    note(signal);
    // SAFETY: as above; the interrupted code must find its errno unchanged.
    unsafe { *libc::__errno_location() = errno };
}

/// What happens when a caught signal arrives. Runs in signal handlers.
fn note(signal: i32) {
    PENDING.fetch_or(1 << (signal - 1), Ordering::SeqCst);
    let word = NOTICE.load(Ordering::SeqCst);
    if !word.is_null() {
        // SAFETY: words stored in `NOTICE` are never freed.
        unsafe { &*word }.fetch_or(NOTICE_BITS.load(Ordering::SeqCst), Ordering::SeqCst);
    }
    let fd = WAKEUP_FD.load(Ordering::SeqCst);
    if fd >= 0 {
        let byte = signal as u8;
        // SAFETY: one live byte; a full pipe loses the byte, not the pending signal.
        unsafe { libc::write(fd, (&raw const byte).cast(), 1) };
    }
}

fn valid(signal: i32) -> Result<i32> {
    if (1..=MAX_SIGNAL).contains(&signal) { Ok(signal) } else { Err(HostError::new(libc::EINVAL)) }
}

fn set_of(mask: u64) -> libc::sigset_t {
    let mut set = libc::sigset_t::zeroed();
    for signal in 1..=MAX_SIGNAL {
        if mask & (1 << (signal - 1)) != 0 {
            // SAFETY: a live set; a number the C library reserves for itself is refused, which is what is wanted.
            unsafe { libc::sigaddset(&mut set, signal) };
        }
    }
    set
}

fn mask_of(set: &libc::sigset_t) -> u64 {
    // SAFETY: a live set and numbers within its range.
    let member = |signal: i32| unsafe { libc::sigismember(set, signal) } == 1;
    (1..=MAX_SIGNAL).filter(|signal| member(*signal)).fold(0, |mask, signal| mask | 1 << (signal - 1))
}

fn micros(time: &libc::timeval) -> i64 {
    time.tv_sec * 1_000_000 + time.tv_usec
}

fn timeval(us: i64) -> libc::timeval {
    libc::timeval { tv_sec: us / 1_000_000, tv_usec: us % 1_000_000 }
}

fn action(signal: i32) -> Result<libc::sigaction> {
    // SAFETY: `sigaction` is integers and pointers, for which zero is a value.
    let mut current: libc::sigaction = unsafe { std::mem::zeroed() };
    sys!(libc::sigaction, signal, ptr::null(), &mut current)?;
    Ok(current)
}

impl Signals for SystemHost {
    fn disposition(&self, signal: i32) -> Result<Disposition> {
        let handler = action(valid(signal)?)?.sa_sigaction;
        Ok(match handler {
            libc::SIG_DFL => Disposition::Default,
            libc::SIG_IGN => Disposition::Ignore,
            handler if handler == caught as *const () as usize => Disposition::Catch,
            _ => Disposition::Foreign,
        })
    }

    fn set_disposition(&self, signal: i32, disposition: Disposition) -> Result<()> {
        // SAFETY: `sigaction` is integers and pointers, for which zero is a value.
        let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
        action.sa_sigaction = match disposition {
            Disposition::Default => libc::SIG_DFL,
            Disposition::Ignore => libc::SIG_IGN,
            Disposition::Catch => caught as *const () as usize,
            Disposition::Foreign => return Err(HostError::new(libc::EINVAL)),
        };
        // Without SA_RESTART blocking calls report EINTR; with SA_ONSTACK a handler also runs on a full stack.
        action.sa_flags = libc::SA_ONSTACK;
        sys!(libc::sigaction, valid(signal)?, &action, ptr::null_mut()).map(drop)
    }

    fn take_pending(&self) -> Result<u64> {
        Ok(PENDING.swap(0, Ordering::SeqCst))
    }

    fn set_signal_notice(&self, word: Option<Arc<AtomicU32>>, bits: u32) -> Result<()> {
        NOTICE.store(ptr::null_mut(), Ordering::SeqCst);
        if let Some(word) = word {
            NOTICE_BITS.store(bits, Ordering::SeqCst);
            NOTICE.store(Arc::into_raw(word).cast_mut(), Ordering::SeqCst);
            if PENDING.load(Ordering::SeqCst) != 0 {
                // SAFETY: the word was leaked just above.
                unsafe { &*NOTICE.load(Ordering::SeqCst) }.fetch_or(bits, Ordering::SeqCst);
            }
        }
        Ok(())
    }

    fn set_wakeup_fd(&self, fd: i32) -> Result<i32> {
        Ok(WAKEUP_FD.swap(fd.max(-1), Ordering::SeqCst))
    }

    fn simulate_signal(&self, signal: i32) -> Result<()> {
        note(valid(signal)?);
        Ok(())
    }

    fn raise_signal(&self, signal: i32) -> Result<()> {
        // SAFETY: one scalar.
        if unsafe { libc::raise(signal) } == 0 { Ok(()) } else { Err(HostError::last()) }
    }

    fn pthread_kill(&self, thread: u64, signal: i32) -> Result<()> {
        // SAFETY: the thread lives for the length of the call.
        with_live(thread, |thread| errno_value(unsafe { libc::pthread_kill(thread, signal) }))
    }

    fn sigmask(&self, how: i32, mask: u64) -> Result<u64> {
        let mut former = libc::sigset_t::zeroed();
        // SAFETY: two live local sets.
        errno_value(unsafe { libc::pthread_sigmask(how, &set_of(mask), &mut former) })?;
        Ok(mask_of(&former))
    }

    fn sigpending(&self) -> Result<u64> {
        let mut set = libc::sigset_t::zeroed();
        sys!(libc::sigpending, &mut set)?;
        Ok(mask_of(&set))
    }

    fn sigtimedwait(&self, mask: u64, timeout_ns: Option<i64>) -> Result<[i64; 7]> {
        let set = set_of(mask);
        let mut info = libc::siginfo_t::zeroed();
        let timeout = timeout_ns.map(|ns| libc::timespec { tv_sec: ns / 1_000_000_000, tv_nsec: ns % 1_000_000_000 });
        match &timeout {
            Some(timeout) => sys!(libc::sigtimedwait, &set, &mut info, timeout)?,
            None => sys!(libc::sigwaitinfo, &set, &mut info)?,
        };
        // SAFETY: the kernel filled the structure; its fields are plain integers whichever signal it was.
        let (pid, uid, status) = unsafe { (info.si_pid(), info.si_uid(), info.si_status()) };
        Ok([info.si_signo.into(), info.si_code.into(), info.si_errno.into(), pid.into(), uid.into(), status.into(), 0])
    }

    fn pause(&self) -> Result<()> {
        match sys!(libc::pause) {
            Err(error) if !error.is_interrupted() => Err(error),
            _ => Ok(()),
        }
    }

    fn alarm(&self, seconds: u32) -> Result<u32> {
        // SAFETY: one scalar, cannot fail.
        Ok(unsafe { libc::alarm(seconds) })
    }

    fn setitimer(&self, which: i32, first_us: i64, interval_us: i64) -> Result<(i64, i64)> {
        let timer = libc::itimerval { it_interval: timeval(interval_us), it_value: timeval(first_us) };
        let mut former = libc::itimerval::zeroed();
        sys!(setitimer, which, &timer, &mut former)?;
        Ok((micros(&former.it_value), micros(&former.it_interval)))
    }

    fn getitimer(&self, which: i32) -> Result<(i64, i64)> {
        let mut timer = libc::itimerval::zeroed();
        sys!(getitimer, which, &mut timer)?;
        Ok((micros(&timer.it_value), micros(&timer.it_interval)))
    }

    fn siginterrupt(&self, signal: i32, interrupts: bool) -> Result<()> {
        let mut current = action(valid(signal)?)?;
        if interrupts {
            current.sa_flags &= !libc::SA_RESTART;
        } else {
            current.sa_flags |= libc::SA_RESTART;
        }
        sys!(libc::sigaction, signal, &current, ptr::null_mut()).map(drop)
    }

    fn strsignal(&self, signal: i32) -> Result<Option<String>> {
        valid(signal)?;
        // SAFETY: one scalar; for a valid signal the text is static or the calling thread's own.
        let text = unsafe { libc::strsignal(signal) };
        if text.is_null() {
            return Ok(None);
        }
        // SAFETY: a C string that stays valid until this thread's next call.
        let text = unsafe { std::ffi::CStr::from_ptr(text) }.to_string_lossy().into_owned();
        Ok((!text.starts_with("Unknown signal")).then_some(text))
    }

    fn valid_signals(&self) -> Result<Vec<i32>> {
        let mut set = libc::sigset_t::zeroed();
        sys!(libc::sigfillset, &mut set)?;
        let mask = mask_of(&set);
        Ok((1..=MAX_SIGNAL).filter(|signal| mask & (1 << (signal - 1)) != 0).collect())
    }
}

unsafe extern "C" {
    fn setitimer(which: i32, new: *const libc::itimerval, old: *mut libc::itimerval) -> i32;
    fn getitimer(which: i32, current: *mut libc::itimerval) -> i32;
}
