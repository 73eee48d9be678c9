//! The host: everything outside the interpreter (files, clock, entropy, environment, processes, signals,
//! threads) behind one object-safe trait.
//!
//! This is the only crate that names `std::{fs, net, process, env, time, thread}` or libc I/O. Each topic is a
//! trait of its own whose methods are denied unless a host provides them; [`Host`] is all of them together.
//! Blocking calls take plain `&self` and hold no lock, and an interrupted call reports `EINTR`: the caller runs
//! its signal handlers and tries again.

#[macro_use]
mod topic;

pub mod baton;
pub mod clock;
pub mod denied;
pub mod entropy;
mod entry;
pub mod environment;
pub mod error;
pub mod files;
pub mod memory;
pub mod overlay;
pub mod process;
pub mod recording;
pub mod signals;
pub mod sockets;
pub mod system;
pub mod terminal;
pub mod threads;
pub mod tree;
pub mod users;

pub use baton::Baton;
pub use clock::{BrokenTime, Clock, ClockInfo, Zone};
pub use denied::DeniedHost;
pub use entropy::Entropy;
pub use environment::Environment;
pub use error::{ERRNO, ERRNO_ALIASES, HostError, Result, strerror};
pub use files::{Fd, Files, Locked, PollFd, Selected, Stat};
pub use memory::MemoryHost;
pub use overlay::{Layer, OverlayHost};
pub use process::{Processes, ResourceLimit, Rusage, Spawn, Times, Uname};
pub use recording::{Call, RecordingHost};
pub use signals::{Disposition, Signals};
pub use sockets::{AddressInfo, Lookup, Message, SocketAddress, Sockets};
pub use system::SystemHost;
pub use terminal::{Terminal, Termios};
pub use threads::{ThreadStart, Threads};
pub use tree::{DirEntry, EntryKind, Moment, StatVfs, Tree};
pub use users::{Group, User, Users};

/// Everything an interpreter can reach outside itself.
///
/// Implemented for every type that implements all the topics; held as `Arc<dyn Host>`.
pub trait Host: Files + Tree + Environment + Processes + Users + Clock + Entropy + Signals + Threads + Terminal + Sockets {}

impl<T> Host for T where T: Files + Tree + Environment + Processes + Users + Clock + Entropy + Signals + Threads + Terminal + Sockets {}
