//! A host that notes every call before passing it on: for tests, and to learn what a program touches.

use std::io::{IoSlice, IoSliceMut};
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::HostError;
use crate::{Host, clock, files, process, signals, sockets, terminal, threads, tree};

/// One call to a [`RecordingHost`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The method.
    pub method: &'static str,
    /// Its arguments as text; paths and data as in a byte literal, buffers to fill as their length.
    pub arguments: Vec<String>,
    /// How it failed, if it did.
    pub error: Option<HostError>,
}

/// Passes every call on to another host and remembers it.
pub struct RecordingHost {
    inner: Arc<dyn Host>,
    calls: Mutex<Vec<Call>>,
}

impl RecordingHost {
    /// Records the calls to `inner`.
    pub fn new(inner: Arc<dyn Host>) -> Self {
        RecordingHost { inner, calls: Mutex::new(Vec::new()) }
    }

    /// The calls so far, oldest first; they are forgotten.
    pub fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn inner(&self) -> &dyn Host {
        &*self.inner
    }

    pub(crate) fn note(&self, method: &'static str, arguments: Vec<String>, error: Option<HostError>) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(Call { method, arguments, error });
    }
}

/// How an argument is shown in a [`Call`].
pub(crate) trait Recorded {
    fn show(&self) -> String;
}

/// Longer data is cut: a record tells what was done, it is no copy of it.
const SHOWN_BYTES: usize = 120;

impl Recorded for &[u8] {
    fn show(&self) -> String {
        let shown = &self[..self.len().min(SHOWN_BYTES)];
        let rest = if shown.len() < self.len() { "..." } else { "" };
        format!("{}{rest}", shown.escape_ascii())
    }
}

impl Recorded for &mut [u8] {
    fn show(&self) -> String {
        self.len().to_string()
    }
}

impl Recorded for &[IoSlice<'_>] {
    fn show(&self) -> String {
        self.iter().map(|slice| slice.len()).sum::<usize>().to_string()
    }
}

impl Recorded for &mut [IoSliceMut<'_>] {
    fn show(&self) -> String {
        self.iter().map(|slice| slice.len()).sum::<usize>().to_string()
    }
}

macro_rules! recorded_as_debug {
    ($($type:ty),* $(,)?) => {
        $(impl Recorded for $type {
            fn show(&self) -> String {
                format!("{self:?}")
            }
        })*
    };
}

recorded_as_debug! {
    bool, i32, u32, i64, u64, usize, &str, Option<files::Fd>, Option<i64>, &[files::Fd], &[u32], &[usize], &[Vec<u8>],
    &mut [files::PollFd], files::Locked, Option<(tree::Moment, tree::Moment)>, &clock::BrokenTime, &process::Spawn,
    process::ResourceLimit, signals::Disposition, &terminal::Termios, &sockets::SocketAddress, &sockets::Message, Option<&[u8]>, threads::ThreadStart,
    &std::sync::atomic::AtomicU32,
    Option<Arc<std::sync::atomic::AtomicU32>>,
}
