//! A host that lives in memory: a file tree, a fixed environment, a clock that stands still until told otherwise, and
//! standard streams that are captured. Nothing of the machine is touched, and two runs are the same.
//!
//! It has one user, no other processes, and no threads. A read that would wait (from an empty pipe) reports `EAGAIN`.

mod calendar;
mod clock;
mod files;
mod nodes;
mod system;
mod tree;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{HostError, Result};
use crate::files::Fd;
use crate::signals::Disposition;
use nodes::{Body, Nodes};

/// The in-memory host. All its state is behind one lock that no call holds while it waits: none ever does.
pub struct MemoryHost {
    state: Mutex<State>,
}

struct State {
    nodes: Nodes,
    descriptors: BTreeMap<Fd, Descriptor>,
    open_files: BTreeMap<u64, OpenFile>,
    pipes: BTreeMap<u64, Vec<u8>>,
    next_id: u64,
    directory: u64,
    mask: u32,
    environment: Vec<(Vec<u8>, Vec<u8>)>,
    arguments: Vec<Vec<u8>>,
    now_ns: i64,
    monotonic_ns: i64,
    random: u64,
    pending: u64,
    notice: Option<(Arc<AtomicU32>, u32)>,
    dispositions: BTreeMap<i32, Disposition>,
}

/// A descriptor: which open file it is for, and whether children would inherit it.
#[derive(Clone, Copy)]
struct Descriptor {
    file: u64,
    inheritable: bool,
}

/// An open file, shared by the descriptors that are duplicates of each other.
struct OpenFile {
    target: Target,
    flags: i32,
    position: u64,
}

#[derive(Clone, Copy, PartialEq)]
enum Target {
    Node(u64),
    /// The end of a pipe one reads from, or writes to.
    PipeOut(u64),
    PipeIn(u64),
}

impl MemoryHost {
    /// An empty root directory with `/tmp`, no variables, and the time 2026-01-01 00:00:00 UTC.
    pub fn new() -> Self {
        let mut state = State {
            nodes: Nodes::new(),
            descriptors: BTreeMap::new(),
            open_files: BTreeMap::new(),
            pipes: BTreeMap::new(),
            next_id: 1,
            directory: nodes::ROOT,
            mask: 0o022,
            environment: Vec::new(),
            arguments: vec![b"bredli".to_vec()],
            now_ns: 1_767_225_600_000_000_000,
            monotonic_ns: 0,
            random: 0,
            pending: 0,
            notice: None,
            dispositions: BTreeMap::new(),
        };
        for fd in 0..3 {
            let node = state.nodes.add(Body::File(Vec::new()), 0o666, state.now_ns);
            let flags = if fd == 0 { libc::O_RDONLY } else { libc::O_WRONLY | libc::O_APPEND };
            let file = state.add_open(Target::Node(node), flags);
            state.descriptors.insert(fd, Descriptor { file, inheritable: true });
        }
        let host = MemoryHost { state: Mutex::new(state) };
        host.add_directory(b"/tmp");
        host
    }

    /// Puts a file at an absolute path, making the directories it needs.
    pub fn add_file(&self, path: &[u8], contents: &[u8]) {
        let mut state = self.state();
        let now = state.now_ns;
        let (directory, name) = state.nodes.make_parents(path, now);
        let node = state.nodes.add(Body::File(contents.to_vec()), 0o644, now);
        state.nodes.enter(directory, name, node);
    }

    /// Makes a directory at an absolute path, with those above it.
    pub fn add_directory(&self, path: &[u8]) {
        let mut state = self.state();
        let now = state.now_ns;
        state.nodes.make_parents(&[path, b"/."].concat(), now);
    }

    /// The contents of the file at an absolute path.
    pub fn file(&self, path: &[u8]) -> Option<Vec<u8>> {
        let state = self.state();
        let node = state.nodes.find(nodes::ROOT, path, true).ok()?;
        state.nodes.contents(node).ok().cloned()
    }

    /// Sets what standard input holds.
    pub fn set_stdin(&self, contents: &[u8]) {
        *self.state().stream(0) = contents.to_vec();
    }

    /// What was written to standard output.
    pub fn stdout(&self) -> Vec<u8> {
        self.state().stream(1).clone()
    }

    /// What was written to standard error.
    pub fn stderr(&self) -> Vec<u8> {
        self.state().stream(2).clone()
    }

    /// Sets the command line, the program's name first.
    pub fn set_arguments(&self, arguments: &[&[u8]]) {
        self.state().arguments = arguments.iter().map(|argument| argument.to_vec()).collect();
    }

    /// Moves all clocks forward.
    pub fn advance(&self, ns: i64) {
        self.state().advance(ns);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryHost {
    fn default() -> Self {
        MemoryHost::new()
    }
}

impl State {
    fn advance(&mut self, ns: i64) {
        self.now_ns = self.now_ns.saturating_add(ns);
        self.monotonic_ns = self.monotonic_ns.saturating_add(ns);
    }

    fn fresh_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn add_open(&mut self, target: Target, flags: i32) -> u64 {
        let id = self.fresh_id();
        self.open_files.insert(id, OpenFile { target, flags, position: 0 });
        id
    }

    /// The contents of standard stream `number`: the nodes made first, whatever the descriptor is now.
    fn stream(&mut self, number: u64) -> &mut Vec<u8> {
        self.nodes.contents_mut(nodes::ROOT + 1 + number).expect("the streams are never removed")
    }

    /// The lowest descriptor not in use from `least` on.
    fn free_descriptor(&self, least: Fd) -> Fd {
        (least..).find(|fd| !self.descriptors.contains_key(fd)).unwrap_or(least)
    }

    fn open_file(&mut self, fd: Fd) -> Result<&mut OpenFile> {
        let file = self.descriptors.get(&fd).ok_or(HostError::new(libc::EBADF))?.file;
        self.open_files.get_mut(&file).ok_or(HostError::new(libc::EBADF))
    }

    /// The node an open file is for; pipes have none.
    fn node_of(&mut self, fd: Fd) -> Result<u64> {
        match self.open_file(fd)?.target {
            Target::Node(node) => Ok(node),
            Target::PipeIn(_) | Target::PipeOut(_) => Err(HostError::new(libc::EINVAL)),
        }
    }

    /// Where a path starts: `dir`, or the current directory.
    fn start(&mut self, dir: Option<Fd>) -> Result<u64> {
        dir.map_or(Ok(self.directory), |fd| self.node_of(fd))
    }

    fn find(&mut self, path: &[u8], dir: Option<Fd>, follow: bool) -> Result<u64> {
        let start = self.start(dir)?;
        self.nodes.find(start, path, follow)
    }
}

#[cfg(test)]
mod tests;
