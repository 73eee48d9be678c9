//! `_signal`: handlers of signals, masks, timers.
//!
//! Counterpart: `Modules/signalmodule.c`.

mod handlers;

pub use handlers::{install, is_handled};

use crate::os_error::{host_call, host_query, os_error};
use crate::structseq;
use bredli_host::{Disposition, HostError};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;
use handlers::{DEFAULT, IGNORE, check_signal, handler_of, is_signal, set_handler};

const INFO_FIELDS: &[&str] = &["si_signo", "si_code", "si_errno", "si_pid", "si_uid", "si_status", "si_band"];
const INFO_DOC: &str = "struct_siginfo: Result from sigwaitinfo or sigtimedwait.\n\n\
    This object may be accessed either as a tuple of\n\
    (si_signo, si_code, si_errno, si_pid, si_uid, si_status, si_band),\n\
    or via the attributes si_signo, si_code, and so on.";

/// The signals of an iterable as a mask.
fn mask_of(py: &mut Py, signals: Value) -> Result<u64> {
    let mut mask = 0;
    let numbers = py.collect_iterable(signals)?;
    for number in &numbers {
        let number = py.to_isize(*number)?;
        if !(1..handlers::SIGNALS as isize).contains(&number) {
            raise!(py, ValueError, "signal number {number} out of range [1; {}]", handlers::SIGNALS - 1);
        }
        mask |= 1 << (number - 1);
    }
    Ok(mask)
}

/// A mask as a set of numbers.
fn set_of(py: &mut Py, mask: u64) -> Result {
    let numbers: Vec<Value> = (1..handlers::SIGNALS).filter(|number| mask & (1 << (number - 1)) != 0).map(Value::small).collect();
    let list = py.new_list(&numbers)?;
    let class: Value = py.types.set.into();
    py.call(class, &[list.into()])
}

fn siginfo(py: &mut Py, fields: [i64; 7]) -> Result {
    let module = py.import_module("_signal")?;
    let class = py.get_attr_named(module, "struct_siginfo")?;
    let mut items = RootVec::new(&mut py.heap);
    for field in fields {
        let item = py.new_int(field);
        items.push(item);
    }
    structseq::new_instance(py, class, &items)
}

fn microseconds(py: &mut Py, seconds: f64) -> Result<i64> {
    if seconds.is_nan() {
        raise!(py, ValueError, "Invalid value NaN (not a number)");
    }
    let wanted = (seconds * 1e6).ceil();
    if wanted.abs() >= i64::MAX as f64 / 2.0 {
        raise!(py, OverflowError, "timestamp too large to convert to C PyTime_t");
    }
    Ok(wanted as i64)
}

fn timer(py: &mut Py, timer: bredli_host::Result<(i64, i64)>) -> Result<(f64, f64)> {
    match timer {
        Ok((first, interval)) => Ok((first as f64 / 1e6, interval as f64 / 1e6)),
        Err(error) => {
            let module = py.import_module("_signal")?;
            let class = py.get_attr_named(module, "ItimerError")?;
            let (errno, text) = (Value::small(error.errno), py.new_str(&error.message()));
            let exception = py.call(class, &[errno, text.into()])?;
            Err(py.raise(exception))
        }
    }
}

/// This module provides mechanisms to use signal handlers in Python.
///
/// Functions:
///
/// alarm() -- cause SIGALRM after a specified time [Unix only]
/// setitimer() -- cause a signal (described below) after a specified
///                float time and the timer may restart then [Unix only]
/// getitimer() -- get current value of timer [Unix only]
/// signal() -- set the action for a given signal
/// getsignal() -- get the signal action for a given signal
/// pause() -- wait until a signal arrives [Unix only]
/// default_int_handler() -- default SIGINT handler
#[pymodule(name = "_signal")]
pub mod signal {
    use super::*;

    pub const NSIG: i64 = handlers::SIGNALS as i64;
    pub const SIG_DFL: i64 = 0;
    pub const SIG_IGN: i64 = 1;
    pub const SIG_BLOCK: i64 = 0;
    pub const SIG_UNBLOCK: i64 = 1;
    pub const SIG_SETMASK: i64 = 2;
    pub const ITIMER_REAL: i64 = 0;
    pub const ITIMER_VIRTUAL: i64 = 1;
    pub const ITIMER_PROF: i64 = 2;
    pub const SIGHUP: i64 = 1;
    pub const SIGINT: i64 = 2;
    pub const SIGQUIT: i64 = 3;
    pub const SIGILL: i64 = 4;
    pub const SIGTRAP: i64 = 5;
    pub const SIGABRT: i64 = 6;
    pub const SIGIOT: i64 = 6;
    pub const SIGBUS: i64 = 7;
    pub const SIGFPE: i64 = 8;
    pub const SIGKILL: i64 = 9;
    pub const SIGUSR1: i64 = 10;
    pub const SIGSEGV: i64 = 11;
    pub const SIGUSR2: i64 = 12;
    pub const SIGPIPE: i64 = 13;
    pub const SIGALRM: i64 = 14;
    pub const SIGTERM: i64 = 15;
    pub const SIGSTKFLT: i64 = 16;
    pub const SIGCHLD: i64 = 17;
    pub const SIGCLD: i64 = 17;
    pub const SIGCONT: i64 = 18;
    pub const SIGSTOP: i64 = 19;
    pub const SIGTSTP: i64 = 20;
    pub const SIGTTIN: i64 = 21;
    pub const SIGTTOU: i64 = 22;
    pub const SIGURG: i64 = 23;
    pub const SIGXCPU: i64 = 24;
    pub const SIGXFSZ: i64 = 25;
    pub const SIGVTALRM: i64 = 26;
    pub const SIGPROF: i64 = 27;
    pub const SIGWINCH: i64 = 28;
    pub const SIGIO: i64 = 29;
    pub const SIGPOLL: i64 = 29;
    pub const SIGPWR: i64 = 30;
    pub const SIGSYS: i64 = 31;
    pub const SIGRTMIN: i64 = 34;
    pub const SIGRTMAX: i64 = 64;

    /// The default handler for SIGINT installed by Python.
    ///
    /// It raises KeyboardInterrupt.
    #[pyfunction]
    #[signature(signalnum, frame, /)]
    fn default_int_handler(py: &mut Py, signalnum: i32, frame: Value) -> Result {
        let _ = (signalnum, frame);
        let class: Value = py.exceptions.KeyboardInterrupt.into();
        let exception = py.call(class, &[])?;
        Err(py.raise(exception))
    }

    /// Set the action for the given signal.
    ///
    /// The action can be SIG_DFL, SIG_IGN, or a callable Python object.
    /// The previous action is returned.  See getsignal() for possible return values.
    ///
    /// *** IMPORTANT NOTICE ***
    /// A signal handler function is called with two arguments:
    /// the first is the signal number, the second is the interrupted stack frame.
    #[pyfunction]
    #[pyname("signal")]
    #[signature(signalnum, handler, /)]
    fn set_signal(py: &mut Py, signalnum: i32, handler: Value) -> Result {
        if !py.is_main_thread() {
            raise!(py, ValueError, "signal only works in main thread of the main interpreter");
        }
        check_signal(py, signalnum)?;
        let disposition = if py.is_callable(handler) {
            Disposition::Catch
        } else if py.eq(handler, IGNORE)? {
            Disposition::Ignore
        } else if py.eq(handler, DEFAULT)? {
            Disposition::Default
        } else {
            raise!(py, TypeError, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
        };
        py.run_signal_handlers()?;
        host_query(py, |host| host.set_disposition(signalnum, disposition))?;
        let former = handler_of(py, signalnum);
        set_handler(
            py,
            signalnum,
            match disposition {
                Disposition::Ignore => IGNORE,
                Disposition::Default => DEFAULT,
                _ => handler,
            },
        );
        Ok(former)
    }

    /// Return the current action for the given signal.
    ///
    /// The return value can be:
    ///   SIG_IGN -- if the signal is being ignored
    ///   SIG_DFL -- if the default action for the signal is in effect
    ///   None    -- if an unknown handler is in effect
    ///   anything else -- the callable Python object used as a handler
    #[pyfunction]
    #[signature(signalnum, /)]
    fn getsignal(py: &mut Py, signalnum: i32) -> Result {
        check_signal(py, signalnum)?;
        Ok(handler_of(py, signalnum))
    }

    /// Send a signal to the executing process.
    #[pyfunction]
    #[signature(signalnum, /)]
    fn raise_signal(py: &mut Py, signalnum: i32) -> Result<()> {
        host_query(py, |host| host.raise_signal(signalnum))?;
        py.poll()
    }

    /// Return the system description of the given signal.
    ///
    /// Returns the description of signal *signalnum*, such as "Interrupt"
    /// for :const:`SIGINT`. Returns :const:`None` if *signalnum* has no
    /// description. Raises :exc:`ValueError` if *signalnum* is invalid.
    #[pyfunction]
    #[signature(signalnum, /)]
    fn strsignal(py: &mut Py, signalnum: i32) -> Result<Option<String>> {
        check_signal(py, signalnum)?;
        host_query(py, |host| host.strsignal(signalnum))
    }

    /// Return a set of valid signal numbers on this platform.
    ///
    /// The signal numbers returned by this function can be safely passed to
    /// functions like `pthread_kill`.
    #[pyfunction]
    #[signature()]
    fn valid_signals(py: &mut Py) -> Result {
        let numbers = host_query(py, |host| host.valid_signals())?;
        set_of(py, numbers.into_iter().filter(|number| is_signal(*number)).fold(0, |mask, number| mask | 1 << (number - 1)))
    }

    /// Change system call restart behaviour.
    ///
    /// If flag is False, system calls will be restarted when interrupted by
    /// signal sig, else system calls will be interrupted.
    #[pyfunction]
    #[signature(signalnum, flag, /)]
    fn siginterrupt(py: &mut Py, signalnum: i32, flag: i32) -> Result<()> {
        check_signal(py, signalnum)?;
        host_query(py, |host| host.siginterrupt(signalnum, flag != 0))
    }

    /// Sets the fd to be written to (with the signal number) when a signal comes in.
    ///
    /// A library can use this to wakeup select or poll.
    /// The previous fd or -1 is returned.
    ///
    /// The fd must be non-blocking.
    #[pyfunction]
    #[signature(fd, /, *, warn_on_full_buffer=True)]
    fn set_wakeup_fd(py: &mut Py, fd: i32, warn_on_full_buffer: bool) -> Result<i32> {
        let _ = warn_on_full_buffer;
        if !py.is_main_thread() {
            raise!(py, ValueError, "set_wakeup_fd only works in main thread of the main interpreter");
        }
        if fd != -1 {
            host_query(py, |host| host.fstat(fd))?;
            if host_query(py, |host| host.blocking(fd))? {
                raise!(py, ValueError, "the fd {fd} must be in non-blocking mode");
            }
        }
        host_query(py, |host| host.set_wakeup_fd(fd))
    }

    /// Arrange for SIGALRM to arrive after the given number of seconds.
    #[pyfunction]
    #[signature(seconds, /)]
    fn alarm(py: &mut Py, seconds: i32) -> Result<u32> {
        host_query(py, |host| host.alarm(seconds as u32))
    }

    /// Wait until a signal arrives.
    #[pyfunction]
    #[signature()]
    fn pause(py: &mut Py) -> Result<()> {
        let host = py.host.clone();
        if let Err(error) = py.blocking(|| host.pause()) {
            return Err(os_error(py, error, None, None));
        }
        py.run_signal_handlers()
    }

    /// Sets given itimer (one of ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF).
    ///
    /// The timer will fire after value seconds and after that every interval seconds.
    /// The itimer can be cleared by setting seconds to zero.
    ///
    /// Returns old values as a tuple: (delay, interval).
    #[pyfunction]
    #[signature(which, seconds, interval=0.0, /)]
    fn setitimer(py: &mut Py, which: i32, seconds: f64, interval: f64) -> Result<(f64, f64)> {
        let (first, interval) = (microseconds(py, seconds)?, microseconds(py, interval)?);
        let host = py.host.clone();
        timer(py, host.setitimer(which, first, interval))
    }

    /// Returns current value of given itimer.
    #[pyfunction]
    #[signature(which, /)]
    fn getitimer(py: &mut Py, which: i32) -> Result<(f64, f64)> {
        let host = py.host.clone();
        timer(py, host.getitimer(which))
    }

    /// Send a signal to a thread.
    #[pyfunction]
    #[signature(thread_id, signalnum, /)]
    fn pthread_kill(py: &mut Py, thread_id: u64, signalnum: i32) -> Result<()> {
        let id = py.new_int_u64(thread_id);
        py.audit("signal.pthread_kill", &[id, Value::small(signalnum)])?;
        host_query(py, |host| host.pthread_kill(thread_id, signalnum))?;
        py.poll()
    }

    /// Fetch and/or change the signal mask of the calling thread.
    #[pyfunction]
    #[signature(how, mask, /)]
    fn pthread_sigmask(py: &mut Py, how: i32, mask: Value) -> Result {
        let mask = mask_of(py, mask)?;
        let former = host_query(py, |host| host.sigmask(how, mask))?;
        py.poll()?;
        set_of(py, former)
    }

    /// Examine pending signals.
    ///
    /// Returns a set of signal numbers pending for delivery to the calling thread.
    #[pyfunction]
    #[signature()]
    fn sigpending(py: &mut Py) -> Result {
        let mask = host_query(py, |host| host.sigpending())?;
        set_of(py, mask)
    }

    /// Wait for a signal.
    ///
    /// Suspend execution of the calling thread until the delivery of one of the
    /// signals specified in the signal set sigset.  The function accepts the signal
    /// and returns the signal number.
    #[pyfunction]
    #[signature(sigset, /)]
    fn sigwait(py: &mut Py, sigset: Value) -> Result<i64> {
        let mask = mask_of(py, sigset)?;
        Ok(host_call(py, None, |host| host.sigtimedwait(mask, None))?[0])
    }

    /// Wait synchronously until one of the signals in *sigset* is delivered.
    ///
    /// Returns a struct_siginfo containing information about the signal.
    #[pyfunction]
    #[signature(sigset, /)]
    fn sigwaitinfo(py: &mut Py, sigset: Value) -> Result {
        let mask = mask_of(py, sigset)?;
        let fields = host_call(py, None, |host| host.sigtimedwait(mask, None))?;
        siginfo(py, fields)
    }

    /// Like sigwaitinfo(), but with a timeout.
    ///
    /// The timeout is specified in seconds, rounded up to nanoseconds.
    #[pyfunction]
    #[signature(sigset, timeout, /)]
    fn sigtimedwait(py: &mut Py, sigset: Value, timeout: f64) -> Result {
        let mask = mask_of(py, sigset)?;
        if timeout < 0.0 {
            raise!(py, ValueError, "timeout must be non-negative");
        }
        let wait = (timeout * 1e9).ceil();
        if wait.is_nan() || wait >= i64::MAX as f64 {
            raise!(py, OverflowError, "timestamp too large to convert to C PyTime_t");
        }
        let deadline = host_query(py, |host| host.monotonic_ns())?.saturating_add(wait as i64);
        let host = py.host.clone();
        loop {
            let left = deadline.saturating_sub(host_query(py, |host| host.monotonic_ns())?).max(0);
            match py.blocking(|| host.sigtimedwait(mask, Some(left))) {
                Ok(fields) => return siginfo(py, fields),
                Err(error) if error.is_interrupted() => py.run_signal_handlers()?,
                Err(HostError { errno: 11, .. }) => return Ok(Value::NONE),
                Err(error) => return Err(os_error(py, error, None, None)),
            }
        }
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let class = structseq::new_class(py, "signal", "struct_siginfo", INFO_DOC, INFO_FIELDS, INFO_FIELDS.len())?;
        py.module_set(module, "struct_siginfo", class.into())?;
        let (name, namespace) = (py.new_str("ItimerError"), py.new_dict());
        let (key, text) = (py.names.__module__, py.intern("signal"));
        py.dict_set_str(namespace, key, text.into())?;
        let base: Value = py.exceptions.OSError.into();
        let bases = py.new_tuple(&[base]);
        let metaclass: Value = py.types.r#type.into();
        let class = py.call(metaclass, &[name.into(), bases.into(), namespace.into()])?;
        py.module_set(module, "ItimerError", class)?;
        handlers::start(py)
    }
}
