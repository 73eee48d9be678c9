//! Waiting for locks and threads: timeouts as Python gives them, signals in between.

use crate::os_error::os_error;
use bredli_runtime::Waited;
use bredli_runtime::prelude::*;

/// The longest timeout.
pub const TIMEOUT_MAX: f64 = 9223372036.0;

/// How long to wait.
#[derive(Clone, Copy)]
pub enum Patience {
    /// Not at all.
    None,
    /// Until this time of the monotonic clock.
    Until(i64),
    /// For ever.
    Endless,
}

/// The arguments of `acquire`.
pub fn patience(py: &mut Py, blocking: bool, timeout: f64) -> Result<Patience> {
    if !blocking && timeout != -1.0 {
        raise!(py, ValueError, "can't specify a timeout for a non-blocking call");
    }
    if timeout.is_nan() {
        raise!(py, ValueError, "Invalid value NaN (not a number)");
    }
    if timeout < 0.0 && timeout != -1.0 {
        raise!(py, ValueError, "timeout value must be a non-negative number");
    }
    if timeout > TIMEOUT_MAX {
        raise!(py, OverflowError, "timestamp out of range for C PyTime_t");
    }
    if !blocking || timeout == 0.0 {
        return Ok(Patience::None);
    }
    if timeout == -1.0 {
        return Ok(Patience::Endless);
    }
    deadline(py, timeout).map(Patience::Until)
}

/// A time on the monotonic clock so many seconds from now.
pub fn deadline(py: &mut Py, timeout: f64) -> Result<i64> {
    let host = py.host.clone();
    match host.monotonic_ns() {
        Ok(now) => Ok(now.saturating_add((timeout * 1e9).ceil() as i64)),
        Err(error) => Err(os_error(py, error, None, None)),
    }
}

/// Wait until `ready` is true, which may become so when somebody wakes the key; false when patience is over. Signal handlers run
/// meanwhile, and what they raise ends the waiting.
pub fn wait_until(py: &mut Py, key: usize, patience: Patience, mut ready: impl FnMut(&mut Py) -> bool) -> Result<bool> {
    if ready(py) {
        return Ok(true);
    }
    let deadline = match patience {
        Patience::None => return Ok(false),
        Patience::Until(time) => Some(time),
        Patience::Endless => None,
    };
    loop {
        let waited = match py.wait_for(key, deadline) {
            Ok(waited) => waited,
            Err(error) if error.is_interrupted() => {
                if let Err(raised) = py.run_signal_handlers() {
                    // Whoever woke this thread may have meant the next one as well.
                    py.wake(key);
                    return Err(raised);
                }
                Waited::Woken
            }
            Err(error) => return Err(os_error(py, error, None, None)),
        };
        if ready(py) {
            return Ok(true);
        }
        if waited == Waited::TimedOut {
            return Ok(false);
        }
        py.poll()?;
    }
}

/// The key under which an object is waited for.
pub fn key_of(object: Value) -> usize {
    object.bits() as usize
}
