//! `time`: clocks and waiting.
//!
//! Counterpart: `Modules/timemodule.c`.

mod calendar;

use crate::os_error::{host_call, host_query};
use bredli_host::Host;
use bredli_host::Result as HostResult;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

fn nanoseconds(py: &mut Py, read: fn(&dyn Host) -> HostResult<i64>) -> Result<i64> {
    host_query(py, read)
}

fn seconds(py: &mut Py, read: fn(&dyn Host) -> HostResult<i64>) -> Result<f64> {
    Ok(nanoseconds(py, read)? as f64 / 1e9)
}

/// This module provides various functions to manipulate time values.
#[pymodule(name = "time", parts(calendar::calendar::PART))]
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

    /// Set the time of the specified clock clk_id.
    #[pyfunction]
    #[signature(clk_id, time, /)]
    fn clock_settime(py: &mut Py, clk_id: i32, time: f64) -> Result<()> {
        clock_settime_ns(py, clk_id, (time * 1e9) as i64)
    }

    /// Set the time of the specified clock clk_id with nanoseconds.
    #[pyfunction]
    #[signature(clk_id, time, /)]
    fn clock_settime_ns(py: &mut Py, clk_id: i32, time: i64) -> Result<()> {
        host_call(py, None, |host| host.clock_settime_ns(clk_id, time))
    }

    /// Return the resolution (precision) of the specified clock clk_id.
    #[pyfunction]
    #[signature(clk_id, /)]
    fn clock_getres(py: &mut Py, clk_id: i32) -> Result<f64> {
        Ok(host_call(py, None, |host| host.clock_getres_ns(clk_id))? as f64 / 1e9)
    }

    /// Return the clk_id of a thread's CPU time clock.
    #[pyfunction]
    #[signature(thread_id, /)]
    fn pthread_getcpuclockid(py: &mut Py, thread_id: u64) -> Result<i32> {
        host_call(py, None, |host| host.thread_clock_id(thread_id))
    }

    /// get_clock_info(name: str) -> dict
    ///
    /// Get information of the specified clock.
    #[pyfunction]
    #[signature(name, /)]
    fn get_clock_info(py: &mut Py, name: String) -> Result {
        let Ok(info) = py.host.clock_info(&name) else { raise!(py, ValueError, "unknown clock") };
        let namespace = py.new_dict();
        let implementation = py.new_str(info.implementation).into();
        for (key, value) in [
            ("implementation", implementation),
            ("monotonic", Value::bool(info.monotonic)),
            ("adjustable", Value::bool(info.adjustable)),
            ("resolution", Value::float(info.resolution_ns as f64 / 1e9)),
        ] {
            let key = py.intern(key);
            py.dict_set_str(namespace, key, value)?;
        }
        Ok(py.new_namespace(namespace))
    }

    /// tzset()
    ///
    /// Initialize, or reinitialize, the local timezone to the value stored in
    /// os.environ['TZ'].
    #[pyfunction]
    #[signature()]
    fn tzset(py: &mut Py) -> Result<()> {
        host_call(py, None, |host| host.tzset())?;
        let module = py.import_module("time")?;
        match Gc::<Module>::cast(py, module) {
            Some(module) => add_zone(py, module),
            None => Ok(()),
        }
    }

    /// Set what the module says of the local time zone.
    fn add_zone(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let zone = py.host.zone().unwrap_or_default();
        let names = [&zone.names.0, &zone.names.1].map(|name| String::from_utf8_lossy(name).into_owned());
        let names = [py.new_str(&names[0]).into(), py.new_str(&names[1]).into()];
        let names = py.new_tuple(&names);
        let (timezone, altzone) = (py.new_int(zone.timezone), py.new_int(zone.altzone));
        for (name, value) in
            [("timezone", timezone), ("altzone", altzone), ("daylight", Value::small(zone.daylight as i32)), ("tzname", names.into())]
        {
            py.module_set(module, name, value)?;
        }
        Ok(())
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let class = calendar::struct_time_class(py)?;
        py.module_set(module, "struct_time", class.into())?;
        add_zone(py, module)
    }

    /// sleep(seconds)
    ///
    /// Delay execution for a given number of seconds.  The argument may be
    /// a floating-point number for subsecond precision.
    #[pyfunction]
    fn sleep(py: &mut Py, seconds: Value) -> Result<()> {
        py.audit("time.sleep", &[seconds])?;
        let seconds = py.to_f64(seconds)?;
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
