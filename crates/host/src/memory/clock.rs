//! The clock of the in-memory host: it moves only when told to, or when somebody sleeps. The time zone is UTC.

use super::{MemoryHost, calendar};
use crate::clock::{BrokenTime, Clock, ClockInfo, Zone};
use crate::error::{HostError, Result};

impl Clock for MemoryHost {
    fn time_ns(&self) -> Result<i64> {
        Ok(self.state().now_ns)
    }

    fn monotonic_ns(&self) -> Result<i64> {
        Ok(self.state().monotonic_ns)
    }

    fn perf_counter_ns(&self) -> Result<i64> {
        self.monotonic_ns()
    }

    fn process_time_ns(&self) -> Result<i64> {
        self.monotonic_ns()
    }

    fn thread_time_ns(&self) -> Result<i64> {
        self.monotonic_ns()
    }

    fn clock_gettime_ns(&self, clock: i32) -> Result<i64> {
        if clock == libc::CLOCK_REALTIME { self.time_ns() } else { self.monotonic_ns() }
    }

    fn clock_getres_ns(&self, _: i32) -> Result<i64> {
        Ok(1)
    }

    fn clock_settime_ns(&self, clock: i32, time_ns: i64) -> Result<()> {
        if clock != libc::CLOCK_REALTIME {
            return Err(HostError::new(libc::EINVAL));
        }
        self.state().now_ns = time_ns;
        Ok(())
    }

    fn clock_info(&self, name: &str) -> Result<ClockInfo> {
        match name {
            "time" => Ok(ClockInfo { implementation: "memory", monotonic: false, adjustable: true, resolution_ns: 1 }),
            "monotonic" | "perf_counter" | "process_time" | "thread_time" => {
                Ok(ClockInfo { implementation: "memory", monotonic: true, adjustable: false, resolution_ns: 1 })
            }
            _ => Err(HostError::new(libc::EINVAL)),
        }
    }

    fn sleep_until(&self, deadline_ns: i64) -> Result<()> {
        let mut state = self.state();
        let rest = deadline_ns.saturating_sub(state.monotonic_ns);
        state.advance(rest.max(0));
        Ok(())
    }

    fn localtime(&self, seconds: i64) -> Result<BrokenTime> {
        calendar::fields(seconds)
    }

    fn gmtime(&self, seconds: i64) -> Result<BrokenTime> {
        calendar::fields(seconds)
    }

    fn mktime(&self, fields: &BrokenTime) -> Result<i64> {
        calendar::seconds(fields)
    }

    fn strftime(&self, format: &[u8], fields: &BrokenTime) -> Result<Vec<u8>> {
        calendar::format(format, fields)
    }

    fn tzset(&self) -> Result<()> {
        Ok(())
    }

    fn zone(&self) -> Result<Zone> {
        Ok(Zone { names: (b"UTC".to_vec(), b"UTC".to_vec()), ..Zone::default() })
    }
}
