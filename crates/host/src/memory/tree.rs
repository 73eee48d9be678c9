//! The file tree of the in-memory host.

use std::collections::BTreeMap;

use super::nodes::Body;
use super::{MemoryHost, State};
use crate::error::{HostError, Result};
use crate::files::{Fd, Stat};
use crate::tree::{DirEntry, EntryKind, Moment, Tree};

fn errno<T>(errno: i32) -> Result<T> {
    Err(HostError::new(errno))
}

impl State {
    fn listing(&self, directory: u64) -> Result<Vec<DirEntry>> {
        let kind = |node: u64| match self.nodes.get(node).body {
            Body::File(_) => EntryKind::File,
            Body::Directory { .. } => EntryKind::Directory,
            Body::Symlink(_) => EntryKind::Symlink,
        };
        let entries = self.nodes.entries(directory)?;
        Ok(entries.iter().map(|(name, node)| DirEntry { name: name.clone(), ino: *node, kind: kind(*node) }).collect())
    }

    /// The directory and name for something new; the name must not be taken.
    fn vacancy(&mut self, path: &[u8], dir: Option<Fd>) -> Result<(u64, Vec<u8>)> {
        let start = self.start(dir)?;
        match self.nodes.split(start, path) {
            Ok((directory, name)) if self.nodes.entries(directory)?.contains_key(&name) => errno(libc::EEXIST),
            Err(error) if error.errno == libc::EINVAL => errno(libc::EEXIST),
            vacancy => vacancy,
        }
    }

    fn create(&mut self, path: &[u8], dir: Option<Fd>, body: Body, mode: u32) -> Result<()> {
        let (directory, name) = self.vacancy(path, dir)?;
        let node = self.nodes.add(body, mode, self.now_ns);
        self.nodes.enter(directory, name, node);
        self.nodes.get_mut(directory).modified_ns = self.now_ns;
        Ok(())
    }

    /// The directory, name and node of something that is there.
    fn occupant(&mut self, path: &[u8], dir: Option<Fd>) -> Result<(u64, Vec<u8>, u64)> {
        let start = self.start(dir)?;
        let (directory, name) = self.nodes.split(start, path)?;
        let node = *self.nodes.entries(directory)?.get(&name).ok_or(HostError::new(libc::ENOENT))?;
        Ok((directory, name, node))
    }

    fn remove(&mut self, directory: u64, name: &[u8]) -> Result<()> {
        let node = self.nodes.take_out(directory, name)?;
        self.nodes.get_mut(directory).modified_ns = self.now_ns;
        self.forget_unused(node);
        Ok(())
    }

    fn set_times(&mut self, node: u64, times: Option<(Moment, Moment)>) {
        let now = self.now_ns;
        let ns = |moment: Moment| i64::try_from(moment.as_nanos()).unwrap_or(i64::MAX);
        let (accessed, modified) = times.map_or((now, now), |(accessed, modified)| (ns(accessed), ns(modified)));
        let node = self.nodes.get_mut(node);
        (node.accessed_ns, node.modified_ns, node.changed_ns) = (accessed, modified, now);
    }

    /// Whether `node` is `directory` or lies somewhere above it.
    fn is_above(&self, node: u64, directory: u64) -> bool {
        let (node, directory) = (self.nodes.path(node), self.nodes.path(directory));
        directory == node || directory.starts_with(&[node.as_slice(), b"/"].concat())
    }
}

impl Tree for MemoryHost {
    fn stat(&self, path: &[u8], dir: Option<Fd>, follow: bool) -> Result<Stat> {
        let mut state = self.state();
        let node = state.find(path, dir, follow)?;
        Ok(state.nodes.stat(node))
    }

    fn scandir(&self, path: &[u8]) -> Result<Vec<DirEntry>> {
        let mut state = self.state();
        let node = state.find(path, None, true)?;
        state.listing(node)
    }

    fn scandir_fd(&self, fd: Fd) -> Result<Vec<DirEntry>> {
        let mut state = self.state();
        let node = state.node_of(fd)?;
        state.listing(node)
    }

    fn mkdir(&self, path: &[u8], mode: u32, dir: Option<Fd>) -> Result<()> {
        let mut state = self.state();
        let mode = mode & !state.mask;
        state.create(path, dir, Body::Directory { entries: BTreeMap::new(), parent: super::nodes::ROOT }, mode)
    }

    fn rmdir(&self, path: &[u8], dir: Option<Fd>) -> Result<()> {
        let mut state = self.state();
        let (directory, name, node) = state.occupant(path, dir)?;
        if !state.nodes.entries(node)?.is_empty() {
            return errno(libc::ENOTEMPTY);
        }
        if node == state.directory {
            return errno(libc::EBUSY);
        }
        state.remove(directory, &name)
    }

    fn unlink(&self, path: &[u8], dir: Option<Fd>) -> Result<()> {
        let mut state = self.state();
        let (directory, name, node) = state.occupant(path, dir)?;
        if state.nodes.entries(node).is_ok() {
            return errno(libc::EISDIR);
        }
        state.remove(directory, &name)
    }

    fn rename(&self, from: &[u8], to: &[u8], from_dir: Option<Fd>, to_dir: Option<Fd>) -> Result<()> {
        let mut state = self.state();
        let (old_directory, old_name, node) = state.occupant(from, from_dir)?;
        let start = state.start(to_dir)?;
        let (directory, name) = state.nodes.split(start, to)?;
        let is_directory = state.nodes.entries(node).is_ok();
        if is_directory && state.is_above(node, directory) {
            return errno(libc::EINVAL);
        }
        if let Some(&target) = state.nodes.entries(directory)?.get(&name) {
            if target == node {
                return Ok(());
            }
            match (is_directory, state.nodes.entries(target)) {
                (true, Ok(entries)) if !entries.is_empty() => return errno(libc::ENOTEMPTY),
                (true, Err(_)) => return errno(libc::ENOTDIR),
                (false, Ok(_)) => return errno(libc::EISDIR),
                _ => {}
            }
        }
        state.nodes.take_out(old_directory, &old_name)?;
        if let Some(replaced) = state.nodes.enter(directory, name, node) {
            state.forget_unused(replaced);
        }
        Ok(())
    }

    fn link(&self, from: &[u8], to: &[u8], from_dir: Option<Fd>, to_dir: Option<Fd>, follow: bool) -> Result<()> {
        let mut state = self.state();
        let node = state.find(from, from_dir, follow)?;
        if state.nodes.entries(node).is_ok() {
            return errno(libc::EPERM);
        }
        let (directory, name) = state.vacancy(to, to_dir)?;
        state.nodes.enter(directory, name, node);
        Ok(())
    }

    fn symlink(&self, target: &[u8], path: &[u8], dir: Option<Fd>) -> Result<()> {
        if target.is_empty() {
            return errno(libc::ENOENT);
        }
        self.state().create(path, dir, Body::Symlink(target.to_vec()), 0o777)
    }

    fn readlink(&self, path: &[u8], dir: Option<Fd>) -> Result<Vec<u8>> {
        let mut state = self.state();
        let node = state.find(path, dir, false)?;
        match &state.nodes.get(node).body {
            Body::Symlink(target) => Ok(target.clone()),
            _ => errno(libc::EINVAL),
        }
    }

    fn chmod(&self, path: &[u8], mode: u32, dir: Option<Fd>, follow: bool) -> Result<()> {
        let mut state = self.state();
        let node = state.find(path, dir, follow)?;
        state.nodes.get_mut(node).mode = mode & 0o7777;
        Ok(())
    }

    fn fchmod(&self, fd: Fd, mode: u32) -> Result<()> {
        let mut state = self.state();
        let node = state.node_of(fd)?;
        state.nodes.get_mut(node).mode = mode & 0o7777;
        Ok(())
    }

    fn utime(&self, path: &[u8], times: Option<(Moment, Moment)>, dir: Option<Fd>, follow: bool) -> Result<()> {
        let mut state = self.state();
        let node = state.find(path, dir, follow)?;
        state.set_times(node, times);
        Ok(())
    }

    fn futime(&self, fd: Fd, times: Option<(Moment, Moment)>) -> Result<()> {
        let mut state = self.state();
        let node = state.node_of(fd)?;
        state.set_times(node, times);
        Ok(())
    }

    fn access(&self, path: &[u8], mode: i32, dir: Option<Fd>, _: bool, follow: bool) -> Result<bool> {
        let mut state = self.state();
        let Ok(node) = state.find(path, dir, follow) else {
            return Ok(false);
        };
        // There is one user, who owns everything.
        Ok((state.nodes.get(node).mode >> 6) & 7 & mode as u32 == mode as u32)
    }

    fn truncate(&self, path: &[u8], length: i64) -> Result<()> {
        let mut state = self.state();
        let node = state.find(path, None, true)?;
        state.resize(node, length)
    }

    fn getcwd(&self) -> Result<Vec<u8>> {
        let state = self.state();
        Ok(state.nodes.path(state.directory))
    }

    fn chdir(&self, path: &[u8]) -> Result<()> {
        let mut state = self.state();
        let node = state.find(path, None, true)?;
        state.nodes.entries(node)?;
        state.directory = node;
        Ok(())
    }

    fn fchdir(&self, fd: Fd) -> Result<()> {
        let mut state = self.state();
        let node = state.node_of(fd)?;
        state.nodes.entries(node)?;
        state.directory = node;
        Ok(())
    }

    fn realpath(&self, path: &[u8]) -> Result<Vec<u8>> {
        let mut state = self.state();
        let node = state.find(path, None, true)?;
        if state.nodes.entries(node).is_ok() {
            return Ok(state.nodes.path(node));
        }
        // A file may have several names: keep the one asked for when it is not a link.
        match state.occupant(path, None) {
            Ok((directory, name, named)) if named == node => {
                let directory = state.nodes.path(directory);
                Ok([directory.as_slice(), if directory == b"/" { b"" } else { b"/" }, &name].concat())
            }
            _ => Ok(state.nodes.path(node)),
        }
    }

    fn umask(&self, mask: u32) -> Result<u32> {
        Ok(std::mem::replace(&mut self.state().mask, mask & 0o777))
    }
}
