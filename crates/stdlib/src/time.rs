//! `time`: clocks and waiting.
//!
//! Counterpart: `Modules/timemodule.c`.

use crate::os_error::{host_call, host_query};
use bredli_host::Host;
use bredli_host::Result as HostResult;
use bredli_runtime::prelude::*;

fn nanoseconds(py: &mut Py, read: fn(&dyn Host) -> HostResult<i64>) -> Result<i64> {
    host_query(py, read)
}

fn seconds(py: &mut Py, read: fn(&dyn Host) -> HostResult<i64>) -> Result<f64> {
    Ok(nanoseconds(py, read)? as f64 / 1e9)
}

/// This module provides various functions to manipulate time values.
#[pymodule(name = "time")]
pub mod time {
    use super::*;

    pub const CLOCK_REALTIME: i64 = 0;
    pub const CLOCK_MONOTONIC: i64 = 1;
    pub const CLOCK_PROCESS_CPUTIME_ID: i64 = 2;
    pub const CLOCK_THREAD_CPUTIME_ID: i64 = 3;
    pub const CLOCK_MONOTONIC_RAW: i64 = 4;
    pub const CLOCK_BOOTTIME: i64 = 7;
    pub const CLOCK_TAI: i64 = 11;
    pub const _STRUCT_TM_ITEMS: i64 = 11;

    /// time() -> floating-point number
    ///
    /// Return the current time in seconds since the Epoch.
    /// Fractions of a second may be present if the system clock provides them.
    #[pyfunction]
    fn time(py: &mut Py) -> Result<f64> {
        seconds(py, |host| host.time_ns())
    }

    /// time_ns() -> int
    ///
    /// Return the current time in nanoseconds since the Epoch.
    #[pyfunction]
    fn time_ns(py: &mut Py) -> Result<i64> {
        nanoseconds(py, |host| host.time_ns())
    }

    /// monotonic() -> float
    ///
    /// Monotonic clock, cannot go backward.
    #[pyfunction]
    fn monotonic(py: &mut Py) -> Result<f64> {
        seconds(py, |host| host.monotonic_ns())
    }

    /// monotonic_ns() -> int
    ///
    /// Monotonic clock, cannot go backward, as nanoseconds.
    #[pyfunction]
    fn monotonic_ns(py: &mut Py) -> Result<i64> {
        nanoseconds(py, |host| host.monotonic_ns())
    }

    /// perf_counter() -> float
    ///
    /// Performance counter for benchmarking.
    #[pyfunction]
    fn perf_counter(py: &mut Py) -> Result<f64> {
        seconds(py, |host| host.perf_counter_ns())
    }

    /// perf_counter_ns() -> int
    ///
    /// Performance counter for benchmarking as nanoseconds.
    #[pyfunction]
    fn perf_counter_ns(py: &mut Py) -> Result<i64> {
        nanoseconds(py, |host| host.perf_counter_ns())
    }

    /// process_time() -> float
    ///
    /// Process time for profiling: sum of the kernel and user-space CPU time.
    #[pyfunction]
    fn process_time(py: &mut Py) -> Result<f64> {
        seconds(py, |host| host.process_time_ns())
    }

    /// process_time() -> int
    ///
    /// Process time for profiling as nanoseconds:
    /// sum of the kernel and user-space CPU time.
    #[pyfunction]
    fn process_time_ns(py: &mut Py) -> Result<i64> {
        nanoseconds(py, |host| host.process_time_ns())
    }

    /// thread_time() -> float
    ///
    /// Thread time for profiling: sum of the kernel and user-space CPU time.
    #[pyfunction]
    fn thread_time(py: &mut Py) -> Result<f64> {
        seconds(py, |host| host.thread_time_ns())
    }

    /// thread_time() -> int
    ///
    /// Thread time for profiling as nanoseconds:
    /// sum of the kernel and user-space CPU time.
    #[pyfunction]
    fn thread_time_ns(py: &mut Py) -> Result<i64> {
        nanoseconds(py, |host| host.thread_time_ns())
    }

    /// clock_gettime(clk_id) -> float
    ///
    /// Return the time of the specified clock clk_id as a float.
    #[pyfunction]
    #[signature(clk_id, /)]
    fn clock_gettime(py: &mut Py, clk_id: i32) -> Result<f64> {
        Ok(clock_gettime_ns(py, clk_id)? as f64 / 1e9)
    }

    /// Return the time of the specified clock clk_id as nanoseconds (int).
    #[pyfunction]
    #[signature(clk_id, /)]
    fn clock_gettime_ns(py: &mut Py, clk_id: i32) -> Result<i64> {
        host_call(py, None, |host| host.clock_gettime_ns(clk_id))
    }

    /// sleep(seconds)
    ///
    /// Delay execution for a given number of seconds.  The argument may be
    /// a floating-point number for subsecond precision.
    #[pyfunction]
    fn sleep(py: &mut Py, seconds: f64) -> Result<()> {
        if seconds.is_nan() {
            raise!(py, ValueError, "Invalid value NaN (not a number)");
        }
        if seconds < 0.0 {
            raise!(py, ValueError, "sleep length must be non-negative");
        }
        let wait = (seconds * 1e9).ceil();
        if wait >= i64::MAX as f64 {
            raise!(py, OverflowError, "timestamp too large to convert to C PyTime_t");
        }
        let deadline = monotonic_ns(py)?.saturating_add(wait as i64);
        host_call(py, None, |host| host.sleep_until(deadline))
    }
}
