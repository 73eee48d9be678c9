//! Clocks, sleeping, and the conversion between seconds and calendar fields in the local time zone.

/// Calendar fields, as C's `struct tm`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BrokenTime {
    /// The year itself (not counted from 1900).
    pub year: i64,
    /// 1 to 12.
    pub month: i32,
    /// 1 to 31.
    pub day: i32,
    /// 0 to 23.
    pub hour: i32,
    /// 0 to 59.
    pub minute: i32,
    /// 0 to 61.
    pub second: i32,
    /// 0 is Monday.
    pub weekday: i32,
    /// 1 to 366.
    pub yearday: i32,
    /// 1, 0, or -1 for "unknown".
    pub isdst: i32,
    /// Seconds east of UTC.
    pub gmtoff: i64,
    /// The time zone's abbreviation.
    pub zone: Vec<u8>,
}

/// The local time zone, as the `time` module shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zone {
    /// `time.timezone`: seconds west of UTC outside daylight saving.
    pub timezone: i64,
    /// `time.altzone`: seconds west of UTC during daylight saving.
    pub altzone: i64,
    /// `time.daylight`: whether there is a daylight saving time.
    pub daylight: bool,
    /// `time.tzname`.
    pub names: (Vec<u8>, Vec<u8>),
}

/// What `time.get_clock_info` tells of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockInfo {
    /// The C function behind it.
    pub implementation: &'static str,
    /// Whether it never goes back.
    pub monotonic: bool,
    /// Whether it can be set.
    pub adjustable: bool,
    /// Nanoseconds between two readings.
    pub resolution_ns: i64,
}

topic! {
    /// Reading clocks, waiting, and time zones.
    pub trait Clock {
        /// Nanoseconds since 1970.
        fn time_ns(&self) -> Result<i64>;
        /// Nanoseconds on a clock that never goes back.
        fn monotonic_ns(&self) -> Result<i64>;
        /// Nanoseconds on the finest clock that never goes back.
        fn perf_counter_ns(&self) -> Result<i64>;
        /// Nanoseconds of processor time this process has used.
        fn process_time_ns(&self) -> Result<i64>;
        /// Nanoseconds of processor time this thread has used.
        fn thread_time_ns(&self) -> Result<i64>;
        /// Reads the clock with this identifier (`CLOCK_*`).
        fn clock_gettime_ns(&self, clock: i32) -> Result<i64>;
        /// Sets the clock with this identifier.
        fn clock_settime_ns(&self, clock: i32, time_ns: i64) -> Result<()>;
        /// The resolution of the clock with this identifier.
        fn clock_getres_ns(&self, clock: i32) -> Result<i64>;
        /// The identifier of another thread's processor clock (`time.pthread_getcpuclockid`).
        fn thread_clock_id(&self, thread: u64) -> Result<i32>;
        /// Facts about the clock called `time`, `monotonic`, `perf_counter`, `process_time` or `thread_time`.
        fn clock_info(&self, name: &str) -> Result<ClockInfo>;
        /// Waits until `monotonic_ns` reaches the deadline.
        fn sleep_until(&self, deadline_ns: i64) -> Result<()>;
        /// The local calendar fields of a number of seconds since 1970.
        fn localtime(&self, seconds: i64) -> Result<BrokenTime>;
        /// The UTC calendar fields of a number of seconds since 1970.
        fn gmtime(&self, seconds: i64) -> Result<BrokenTime>;
        /// The seconds since 1970 of local calendar fields.
        fn mktime(&self, fields: &BrokenTime) -> Result<i64>;
        /// Formats calendar fields by C's `strftime` directives in the C locale.
        fn strftime(&self, format: &[u8], fields: &BrokenTime) -> Result<Vec<u8>>;
        /// Reads the variable `TZ` again.
        fn tzset(&self) -> Result<()>;
        /// The local time zone.
        fn zone(&self) -> Result<Zone>;
    }
}
