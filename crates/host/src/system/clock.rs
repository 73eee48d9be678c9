//! The operating system's clocks and the C library's time zones.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{mem, ptr};

use super::files::errno_value;
use super::threads::with_live;
use super::{SystemHost, Zeroed, c_string};
use crate::clock::{BrokenTime, Clock, ClockInfo, Zone};
use crate::environment::Environment;
use crate::error::{HostError, Result};

/// Guards the C library's time zone, which it reads from the process's environment.
static ZONE: Mutex<()> = Mutex::new(());

const NANOS: i64 = 1_000_000_000;

fn zone_lock() -> MutexGuard<'static, ()> {
    ZONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn nanos(time: &libc::timespec) -> Result<i64> {
    time.tv_sec.checked_mul(NANOS).and_then(|ns| ns.checked_add(time.tv_nsec)).ok_or(HostError::new(libc::EOVERFLOW))
}

fn timespec(ns: i64) -> libc::timespec {
    libc::timespec { tv_sec: ns.div_euclid(NANOS), tv_nsec: ns.rem_euclid(NANOS) }
}

impl Clock for SystemHost {
    fn time_ns(&self) -> Result<i64> {
        self.clock_gettime_ns(libc::CLOCK_REALTIME)
    }

    fn monotonic_ns(&self) -> Result<i64> {
        self.clock_gettime_ns(libc::CLOCK_MONOTONIC)
    }

    fn perf_counter_ns(&self) -> Result<i64> {
        self.clock_gettime_ns(libc::CLOCK_MONOTONIC)
    }

    fn process_time_ns(&self) -> Result<i64> {
        self.clock_gettime_ns(libc::CLOCK_PROCESS_CPUTIME_ID)
    }

    fn thread_time_ns(&self) -> Result<i64> {
        self.clock_gettime_ns(libc::CLOCK_THREAD_CPUTIME_ID)
    }

    fn clock_gettime_ns(&self, clock: i32) -> Result<i64> {
        let mut time = libc::timespec::zeroed();
        sys!(libc::clock_gettime, clock, &mut time)?;
        nanos(&time)
    }

    fn clock_settime_ns(&self, clock: i32, time_ns: i64) -> Result<()> {
        sys!(libc::clock_settime, clock, &timespec(time_ns)).map(drop)
    }

    fn clock_getres_ns(&self, clock: i32) -> Result<i64> {
        let mut time = libc::timespec::zeroed();
        sys!(libc::clock_getres, clock, &mut time)?;
        nanos(&time)
    }

    fn thread_clock_id(&self, thread: u64) -> Result<i32> {
        let mut clock = 0;
        // SAFETY: the thread lives for the length of the call, and `clock` is a live local.
        with_live(thread, |thread| errno_value(unsafe { libc::pthread_getcpuclockid(thread, &mut clock) }))?;
        Ok(clock)
    }

    fn clock_info(&self, name: &str) -> Result<ClockInfo> {
        let (clock, implementation, monotonic, adjustable) = match name {
            "time" => (libc::CLOCK_REALTIME, "clock_gettime(CLOCK_REALTIME)", false, true),
            "monotonic" | "perf_counter" => (libc::CLOCK_MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)", true, false),
            "process_time" => (libc::CLOCK_PROCESS_CPUTIME_ID, "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", true, false),
            "thread_time" => (libc::CLOCK_THREAD_CPUTIME_ID, "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", true, false),
            _ => return Err(HostError::new(libc::EINVAL)),
        };
        Ok(ClockInfo { implementation, monotonic, adjustable, resolution_ns: self.clock_getres_ns(clock)? })
    }

    fn sleep_until(&self, deadline_ns: i64) -> Result<()> {
        let deadline = timespec(deadline_ns.max(0));
        // SAFETY: scalars, a live structure, and no place for the rest, which an absolute deadline does not have.
        errno_value(unsafe { libc::clock_nanosleep(libc::CLOCK_MONOTONIC, libc::TIMER_ABSTIME, &deadline, ptr::null_mut()) })
    }

    fn localtime(&self, seconds: i64) -> Result<BrokenTime> {
        broken(seconds, libc::localtime_r)
    }

    fn gmtime(&self, seconds: i64) -> Result<BrokenTime> {
        broken(seconds, libc::gmtime_r)
    }

    fn mktime(&self, fields: &BrokenTime) -> Result<i64> {
        let _zone = zone_lock();
        let mut raw = raw_of(fields)?;
        // -1 is a valid time as well: only a failure leaves the weekday alone.
        raw.tm_wday = -1;
        // SAFETY: a live structure whose zone pointer is null.
        let seconds = unsafe { libc::mktime(&mut raw) };
        if seconds == -1 && raw.tm_wday == -1 { Err(HostError::new(libc::EOVERFLOW)) } else { Ok(seconds) }
    }

    fn strftime(&self, format: &[u8], fields: &BrokenTime) -> Result<Vec<u8>> {
        if format.is_empty() {
            return Ok(Vec::new());
        }
        let _lock = zone_lock();
        let zone = c_string(&fields.zone)?;
        let mut raw = raw_of(fields)?;
        raw.tm_gmtoff = fields.gmtoff;
        if !fields.zone.is_empty() {
            raw.tm_zone = zone.as_ptr();
        }
        let format = c_string(format)?;
        let mut buffer = vec![0u8; 256];
        loop {
            // SAFETY: a buffer with its length, a C string, and a structure whose zone is null or a C string that lives on.
            let count = unsafe { libc::strftime(buffer.as_mut_ptr().cast(), buffer.len(), format.as_ptr(), &raw) };
            // 0 is also an empty outcome, so the room is bounded by what the format could ever need.
            if count > 0 || buffer.len() > 256 * format.as_bytes().len() {
                buffer.truncate(count);
                return Ok(buffer);
            }
            buffer.resize(buffer.len() * 2, 0);
        }
    }

    fn tzset(&self) -> Result<()> {
        let wanted = self.getenv(b"TZ")?;
        let _zone = zone_lock();
        {
            use std::os::unix::ffi::OsStrExt;
            // SAFETY: within this program only the C library's time functions read the environment without the lock of
            // `std::env`, and all calls of theirs hold `ZONE`.
            unsafe {
                match &wanted {
                    Some(value) => std::env::set_var("TZ", std::ffi::OsStr::from_bytes(value)),
                    None => std::env::remove_var("TZ"),
                }
            }
        }
        // SAFETY: `tzset` is serialised by `ZONE`.
        unsafe { tzset() };
        Ok(())
    }

    fn zone(&self) -> Result<Zone> {
        const HALF_YEAR: i64 = 365 * 86_400 / 2;
        let now = self.time_ns()? / NANOS;
        let year_start = now - i64::from(self.gmtime(now)?.yearday - 1) * 86_400;
        let (winter, summer) = (self.localtime(year_start)?, self.localtime(year_start + HALF_YEAR)?);
        // South of the equator daylight saving is in January.
        let (standard, saving) = if winter.gmtoff <= summer.gmtoff { (winter, summer) } else { (summer, winter) };
        Ok(Zone {
            timezone: -standard.gmtoff,
            altzone: -saving.gmtoff,
            daylight: standard.gmtoff != saving.gmtoff,
            names: (standard.zone, saving.zone),
        })
    }
}

unsafe extern "C" {
    fn tzset();
}

type Convert = unsafe extern "C" fn(*const libc::time_t, *mut libc::tm) -> *mut libc::tm;

fn broken(seconds: i64, convert: Convert) -> Result<BrokenTime> {
    let _zone = zone_lock();
    let mut raw = libc::tm::zeroed();
    // SAFETY: two live local structures.
    if unsafe { convert(&seconds, &mut raw) }.is_null() {
        return Err(HostError::last());
    }
    let zone = if raw.tm_zone.is_null() {
        Vec::new()
    } else {
        // SAFETY: a C string of the C library's zone table, which cannot change while `ZONE` is held.
        unsafe { std::ffi::CStr::from_ptr(raw.tm_zone) }.to_bytes().to_vec()
    };
    Ok(BrokenTime {
        year: i64::from(raw.tm_year) + 1900,
        month: raw.tm_mon + 1,
        day: raw.tm_mday,
        hour: raw.tm_hour,
        minute: raw.tm_min,
        second: raw.tm_sec,
        weekday: (raw.tm_wday + 6) % 7,
        yearday: raw.tm_yday + 1,
        isdst: raw.tm_isdst,
        gmtoff: raw.tm_gmtoff,
        zone,
    })
}

fn raw_of(fields: &BrokenTime) -> Result<libc::tm> {
    let mut raw = libc::tm::zeroed();
    raw.tm_year = fields.year.checked_sub(1900).and_then(|year| year.try_into().ok()).ok_or(HostError::new(libc::EOVERFLOW))?;
    raw.tm_mon = fields.month.wrapping_sub(1);
    raw.tm_mday = fields.day;
    raw.tm_hour = fields.hour;
    raw.tm_min = fields.minute;
    raw.tm_sec = fields.second;
    raw.tm_wday = fields.weekday.wrapping_add(1).rem_euclid(7);
    raw.tm_yday = fields.yearday.wrapping_sub(1);
    raw.tm_isdst = fields.isdst;
    const { assert!(mem::size_of::<libc::time_t>() == 8) };
    Ok(raw)
}
