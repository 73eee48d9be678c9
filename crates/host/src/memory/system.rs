//! The rest of the in-memory host: environment, entropy, identity, signals, the one thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{MemoryHost, State};
use crate::entropy::Entropy;
use crate::environment::Environment;
use crate::error::{HostError, Result};
use crate::process::{Processes, Uname};
use crate::signals::{Disposition, Signals};
use crate::sockets::Sockets;
use crate::terminal::Terminal;
use crate::threads::Threads;
use crate::users::Users;

/// The number of the one user and group.
pub const USER: u32 = 1000;

impl Environment for MemoryHost {
    fn environ(&self) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        Ok(self.state().environment.clone())
    }

    fn getenv(&self, name: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.state().environment.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
    }

    fn putenv(&self, name: &[u8], value: &[u8]) -> Result<()> {
        if name.is_empty() || name.contains(&b'=') {
            return Err(HostError::new(libc::EINVAL));
        }
        let mut state = self.state();
        state.environment.retain(|(known, _)| known != name);
        state.environment.push((name.to_vec(), value.to_vec()));
        Ok(())
    }

    fn unsetenv(&self, name: &[u8]) -> Result<()> {
        self.state().environment.retain(|(known, _)| known != name);
        Ok(())
    }

    fn arguments(&self) -> Result<Vec<Vec<u8>>> {
        Ok(self.state().arguments.clone())
    }

    fn executable(&self) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn locale_codeset(&self, name: &[u8]) -> Result<Vec<u8>> {
        if name == b"C.UTF-8" { Ok(b"UTF-8".to_vec()) } else { Err(HostError::new(libc::ENOENT)) }
    }
}

impl Entropy for MemoryHost {
    /// The same sequence in every run.
    fn entropy(&self, buffer: &mut [u8]) -> Result<()> {
        let mut state = self.state();
        for chunk in buffer.chunks_mut(8) {
            // splitmix64
            state.random = state.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = state.random;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }

    fn getrandom(&self, buffer: &mut [u8], _: u32) -> Result<usize> {
        self.entropy(buffer)?;
        Ok(buffer.len())
    }
}

impl Processes for MemoryHost {
    fn getpid(&self) -> Result<i32> {
        Ok(1)
    }

    fn getppid(&self) -> Result<i32> {
        Ok(0)
    }

    fn getuid(&self) -> Result<u32> {
        Ok(USER)
    }

    fn geteuid(&self) -> Result<u32> {
        Ok(USER)
    }

    fn getgid(&self) -> Result<u32> {
        Ok(USER)
    }

    fn getegid(&self) -> Result<u32> {
        Ok(USER)
    }

    fn cpu_count(&self) -> Result<usize> {
        Ok(1)
    }

    fn uname(&self) -> Result<Uname> {
        let text = |text: &str| text.as_bytes().to_vec();
        Ok(Uname { sysname: text("Memory"), nodename: text("localhost"), release: text("1"), version: text("1"), machine: text("none") })
    }
}

impl Signals for MemoryHost {
    fn disposition(&self, signal: i32) -> Result<Disposition> {
        Ok(self.state().dispositions.get(&signal).copied().unwrap_or(Disposition::Default))
    }

    fn set_disposition(&self, signal: i32, disposition: Disposition) -> Result<()> {
        self.state().dispositions.insert(valid(signal)?, disposition);
        Ok(())
    }

    fn take_pending(&self) -> Result<u64> {
        Ok(std::mem::take(&mut self.state().pending))
    }

    fn set_signal_notice(&self, word: Option<Arc<AtomicU32>>, bits: u32) -> Result<()> {
        self.state().notice = word.map(|word| (word, bits));
        Ok(())
    }

    fn set_wakeup_fd(&self, _: i32) -> Result<i32> {
        Ok(-1)
    }

    fn simulate_signal(&self, signal: i32) -> Result<()> {
        let signal = valid(signal)?;
        self.state().note(signal);
        Ok(())
    }

    fn raise_signal(&self, signal: i32) -> Result<()> {
        let mut state = self.state();
        match state.dispositions.get(&valid(signal)?) {
            Some(Disposition::Catch) => state.note(signal),
            Some(Disposition::Ignore) => {}
            // The default action would end a process, and there is none to end.
            _ => return Err(HostError::denied()),
        }
        Ok(())
    }

    fn valid_signals(&self) -> Result<Vec<i32>> {
        Ok((1..=64).collect())
    }
}

fn valid(signal: i32) -> Result<i32> {
    if (1..=64).contains(&signal) { Ok(signal) } else { Err(HostError::new(libc::EINVAL)) }
}

impl State {
    fn note(&mut self, signal: i32) {
        self.pending |= 1 << (signal - 1);
        if let Some((word, bits)) = &self.notice {
            word.fetch_or(*bits, Ordering::SeqCst);
        }
    }
}

impl Threads for MemoryHost {
    fn current_thread(&self) -> Result<u64> {
        Ok(1)
    }

    fn native_thread_id(&self) -> Result<u64> {
        Ok(1)
    }

    fn yield_thread(&self) -> Result<()> {
        Ok(())
    }
}

impl Users for MemoryHost {}
impl Terminal for MemoryHost {}
impl Sockets for MemoryHost {}
