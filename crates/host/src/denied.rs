//! A host that refuses everything: the starting point for running untrusted code.

use std::sync::Arc;

use crate::clock::{BrokenTime, ClockInfo, Zone};
use crate::error::{HostError, Result};
use crate::{Clock, Entropy, Environment, Files, Host, Processes, Signals, Sockets, Terminal, Threads, Tree, Users};

/// Answers every request with `EPERM`, but lets a clock through when given one.
#[derive(Default)]
pub struct DeniedHost {
    clock: Option<Arc<dyn Host>>,
}

impl DeniedHost {
    /// A host that refuses everything.
    pub fn new() -> Self {
        DeniedHost::default()
    }

    /// A host that refuses everything but reading the clocks and converting times, which `clock` answers.
    pub fn with_clock(clock: Arc<dyn Host>) -> Self {
        DeniedHost { clock: Some(clock) }
    }

    fn clock(&self) -> Result<&dyn Host> {
        self.clock.as_deref().ok_or(HostError::denied())
    }
}

impl Files for DeniedHost {}
impl Tree for DeniedHost {}
impl Environment for DeniedHost {}
impl Processes for DeniedHost {}
impl Users for DeniedHost {}
impl Entropy for DeniedHost {}
impl Signals for DeniedHost {}
impl Threads for DeniedHost {}
impl Terminal for DeniedHost {}
impl Sockets for DeniedHost {}

impl Clock for DeniedHost {
    fn time_ns(&self) -> Result<i64> {
        self.clock()?.time_ns()
    }

    fn monotonic_ns(&self) -> Result<i64> {
        self.clock()?.monotonic_ns()
    }

    fn perf_counter_ns(&self) -> Result<i64> {
        self.clock()?.perf_counter_ns()
    }

    fn clock_info(&self, name: &str) -> Result<ClockInfo> {
        self.clock()?.clock_info(name)
    }

    fn localtime(&self, seconds: i64) -> Result<BrokenTime> {
        self.clock()?.localtime(seconds)
    }

    fn gmtime(&self, seconds: i64) -> Result<BrokenTime> {
        self.clock()?.gmtime(seconds)
    }

    fn mktime(&self, fields: &BrokenTime) -> Result<i64> {
        self.clock()?.mktime(fields)
    }

    fn strftime(&self, format: &[u8], fields: &BrokenTime) -> Result<Vec<u8>> {
        self.clock()?.strftime(format, fields)
    }

    fn zone(&self) -> Result<Zone> {
        self.clock()?.zone()
    }
}
