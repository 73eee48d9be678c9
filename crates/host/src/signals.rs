//! Signals: what is done about each, which have arrived, masks and timers.
//!
//! A caught signal only sets its bit in a pending word, a bit in the interpreter's breaker word and, if asked,
//! writes a byte to a wake-up descriptor; Python's handlers run later, where the interpreter polls.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;

/// What happens when a signal arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// The operating system's default action.
    Default,
    /// Nothing.
    Ignore,
    /// It is noted as pending.
    Catch,
    /// A handler that this host did not install.
    Foreign,
}

topic! {
    /// Operations on signals.
    pub trait Signals {
        /// What now happens when the signal arrives.
        fn disposition(&self, signal: i32) -> Result<Disposition>;
        /// Says what shall happen when the signal arrives.
        fn set_disposition(&self, signal: i32, disposition: Disposition) -> Result<()>;
        /// The caught signals that arrived since the last call: bit `n - 1` is signal `n`.
        fn take_pending(&self) -> Result<u64>;
        /// Has every caught signal set `bits` in `word` (the interpreter's breaker); `None` ends it.
        fn set_signal_notice(&self, word: Option<Arc<AtomicU32>>, bits: u32) -> Result<()>;
        /// Has every caught signal write its number as a byte to `fd` (-1: none); gives the former descriptor.
        fn set_wakeup_fd(&self, fd: i32) -> Result<i32>;
        /// Notes the signal as pending, as if it had arrived.
        fn simulate_signal(&self, signal: i32) -> Result<()>;
        /// Sends a signal to the calling thread.
        fn raise_signal(&self, signal: i32) -> Result<()>;
        /// Sends a signal to one thread of this process.
        fn pthread_kill(&self, thread: u64, signal: i32) -> Result<()>;
        /// Changes the calling thread's mask (`SIG_BLOCK`, `SIG_UNBLOCK`, `SIG_SETMASK`) and gives the former one.
        fn sigmask(&self, how: i32, mask: u64) -> Result<u64>;
        /// The blocked signals that wait for delivery.
        fn sigpending(&self) -> Result<u64>;
        /// Waits for one of the signals, for at most `timeout_ns`; gives its number, code, errno, pid, uid, status and band.
        fn sigtimedwait(&self, mask: u64, timeout_ns: Option<i64>) -> Result<[i64; 7]>;
        /// Waits for any signal.
        fn pause(&self) -> Result<()>;
        /// Arranges for `SIGALRM` after some seconds and gives what was left of the former alarm.
        fn alarm(&self, seconds: u32) -> Result<u32>;
        /// Sets an interval timer, in microseconds until the first and between further expiries; gives the former one.
        fn setitimer(&self, which: i32, first_us: i64, interval_us: i64) -> Result<(i64, i64)>;
        /// An interval timer, in microseconds.
        fn getitimer(&self, which: i32) -> Result<(i64, i64)>;
        /// Says whether the signal interrupts system calls.
        fn siginterrupt(&self, signal: i32, interrupts: bool) -> Result<()>;
        /// What the signal is called in words.
        fn strsignal(&self, signal: i32) -> Result<Option<String>>;
        /// The numbers of all signals that can be used.
        fn valid_signals(&self) -> Result<Vec<i32>>;
    }
}
