//! Operations on sockets that may have to wait: until a deadline, for ever or not at all.

use super::class::Socket;
use crate::os_error::host_call;
use bredli_host::{Fd, Host, HostError, PollFd, Result as HostResult, SocketAddress};
use bredli_runtime::prelude::*;

/// The timeout of a socket that waits for ever.
pub const BLOCKING: i64 = -1;

const POLLIN: i16 = 1;
const POLLOUT: i16 = 4;
const EAGAIN: i32 = 11;
const EINTR: i32 = 4;
const EISCONN: i32 = 106;
const EINPROGRESS: i32 = 115;
const SOL_SOCKET: i32 = 1;
const SO_ERROR: i32 = 4;

/// A timeout as Python sees it.
pub fn seconds(timeout: i64) -> Option<f64> {
    (timeout >= 0).then(|| timeout as f64 / 1e9)
}

/// A timeout in nanoseconds: seconds, or None for one without limit.
pub fn timeout(py: &mut Py, value: Value) -> Result<i64> {
    if value.is_none() {
        return Ok(BLOCKING);
    }
    let number = match py.float_payload(value) {
        Some(number) => number,
        None if py.has_index(value) => {
            let index = py.index(value)?;
            py.to_f64(index)?
        }
        None => {
            let class = py.class_name(value);
            raise!(py, TypeError, "'{class}' object cannot be interpreted as an integer or float")
        }
    };
    if number.is_nan() {
        raise!(py, ValueError, "Invalid value NaN (not a number)");
    }
    if number.abs() >= i64::MAX as f64 / 1e9 {
        raise!(py, OverflowError, "timestamp out of range for C PyTime_t");
    }
    if number < 0.0 {
        raise!(py, ValueError, "Timeout value out of range");
    }
    if number * 1e3 > f64::from(i32::MAX) {
        raise!(py, OverflowError, "timeout doesn't fit into C timeval");
    }
    Ok((number * 1e9).ceil() as i64)
}

/// When an operation that starts now must be done, on the monotonic clock. None: without a limit.
pub fn deadline(py: &mut Py, socket: Gc<Socket>) -> Result<Option<i64>> {
    let timeout = socket.get(py).timeout();
    if timeout <= 0 {
        return Ok(None);
    }
    let now = host_call(py, None, |host| host.monotonic_ns())?;
    Ok(Some(now.saturating_add(timeout)))
}

/// Wait for a descriptor until a deadline. False: it passed.
fn ready(host: &dyn Host, fd: Fd, events: i16, deadline: Option<i64>) -> HostResult<bool> {
    let left = match deadline {
        Some(deadline) => {
            let left = (deadline - host.monotonic_ns()?).max(0);
            Some(i32::try_from((left + 999_999) / 1_000_000).unwrap_or(i32::MAX))
        }
        None => None,
    };
    Ok(host.poll(&mut [PollFd { fd, events, revents: 0 }], left)? > 0)
}

fn operate<T>(
    py: &mut Py,
    socket: Gc<Socket>,
    events: i16,
    deadline: Option<i64>,
    mut operation: impl FnMut(&dyn Host, Fd) -> HostResult<T>,
) -> Result<T> {
    let (fd, limited) = (socket.get(py).fd(), socket.get(py).timeout() > 0);
    let done = host_call(py, None, |host| {
        loop {
            if limited && fd >= 0 && !ready(host, fd, events, deadline)? {
                return Ok(None);
            }
            match operation(host, fd) {
                // Somebody else was quicker.
                Err(error) if limited && error.errno == EAGAIN => continue,
                outcome => return outcome.map(Some),
            }
        }
    })?;
    match done {
        Some(value) => Ok(value),
        None => raise!(py, TimeoutError, "timed out"),
    }
}

/// Do something that needs a readable socket.
pub fn read<T>(py: &mut Py, socket: Gc<Socket>, operation: impl FnMut(&dyn Host, Fd) -> HostResult<T>) -> Result<T> {
    let deadline = deadline(py, socket)?;
    operate(py, socket, POLLIN, deadline, operation)
}

/// Do something that needs a writable socket.
pub fn write<T>(py: &mut Py, socket: Gc<Socket>, operation: impl FnMut(&dyn Host, Fd) -> HostResult<T>) -> Result<T> {
    let deadline = deadline(py, socket)?;
    operate(py, socket, POLLOUT, deadline, operation)
}

/// One of several steps of writing that share a deadline.
pub fn write_until<T>(
    py: &mut Py,
    socket: Gc<Socket>,
    deadline: Option<i64>,
    operation: impl FnMut(&dyn Host, Fd) -> HostResult<T>,
) -> Result<T> {
    operate(py, socket, POLLOUT, deadline, operation)
}

/// How connecting ended.
pub enum Connected {
    /// There is a connection.
    Yes,
    /// There is none.
    Failed(HostError),
    /// There was none in time.
    TimedOut,
}

/// Connect to an address.
pub fn connect(py: &mut Py, socket: Gc<Socket>, address: &SocketAddress) -> Result<Connected> {
    let (fd, timeout) = (socket.get(py).fd(), socket.get(py).timeout());
    let deadline = deadline(py, socket)?;
    let host = py.host.clone();
    match py.blocking(|| host.connect(fd, address)) {
        Ok(()) => return Ok(Connected::Yes),
        Err(error) if error.errno == EINTR => {
            py.run_signal_handlers()?;
            if timeout == 0 {
                return Ok(Connected::Failed(error));
            }
        }
        Err(error) if error.errno == EINPROGRESS && timeout > 0 => {}
        Err(error) => return Ok(Connected::Failed(error)),
    }
    // The connection is being made; how that ends is told by an option.
    let waited = host_call(py, None, |host| match ready(host, fd, POLLOUT, deadline)? {
        true => host.getsockopt(fd, SOL_SOCKET, SO_ERROR, 4).map(Some),
        false => Ok(None),
    })?;
    Ok(match waited {
        None => Connected::TimedOut,
        Some(code) => match code.iter().rev().fold(0, |number, byte| number << 8 | i32::from(*byte)) {
            0 | EISCONN => Connected::Yes,
            errno => Connected::Failed(HostError::new(errno)),
        },
    })
}
