//! Descriptors of the in-memory host.

use std::io::{IoSlice, IoSliceMut};

use super::nodes::Body;
use super::{Descriptor, MemoryHost, State, Target};
use crate::error::{HostError, Result};
use crate::files::{Fd, Files, Stat};

/// Files do not grow beyond this, so that a stray seek cannot exhaust the memory.
const MAX_SIZE: u64 = 1 << 30;

fn errno<T>(errno: i32) -> Result<T> {
    Err(HostError::new(errno))
}

fn offset_of(offset: i64) -> Result<u64> {
    u64::try_from(offset).or(errno(libc::EINVAL))
}

impl State {
    fn add_descriptor(&mut self, target: Target, flags: i32) -> Fd {
        let file = self.add_open(target, flags);
        let fd = self.free_descriptor(0);
        self.descriptors.insert(fd, Descriptor { file, inheritable: flags & libc::O_CLOEXEC == 0 });
        fd
    }

    fn close(&mut self, fd: Fd) -> Result<()> {
        let closed = self.descriptors.remove(&fd).ok_or(HostError::new(libc::EBADF))?;
        if self.descriptors.values().any(|other| other.file == closed.file) {
            return Ok(());
        }
        if let Some(file) = self.open_files.remove(&closed.file)
            && let Target::Node(node) = file.target
        {
            self.forget_unused(node);
        }
        Ok(())
    }

    /// Drops a node that has neither a name nor an open file; the standard streams stay.
    pub(super) fn forget_unused(&mut self, node: u64) {
        let in_use = self.open_files.values().any(|file| file.target == Target::Node(node));
        if self.nodes.get(node).links == 0 && !in_use && node > super::nodes::ROOT + 3 {
            self.nodes.forget(node);
        }
    }

    fn read_at(&mut self, fd: Fd, buffer: &mut [u8], offset: Option<u64>) -> Result<usize> {
        let file = self.open_file(fd)?;
        if file.flags & libc::O_ACCMODE == libc::O_WRONLY {
            return errno(libc::EBADF);
        }
        let (target, position) = (file.target, offset.unwrap_or(file.position));
        match target {
            Target::Node(node) => {
                let contents = self.nodes.contents(node)?;
                let start = contents.len().min(position as usize);
                let count = buffer.len().min(contents.len() - start);
                buffer[..count].copy_from_slice(&contents[start..start + count]);
                if offset.is_none() {
                    self.open_file(fd)?.position = position + count as u64;
                }
                Ok(count)
            }
            Target::PipeOut(pipe) => {
                let has_writer = self.open_files.values().any(|file| file.target == Target::PipeIn(pipe));
                let bytes = self.pipes.entry(pipe).or_default();
                if bytes.is_empty() && has_writer {
                    return errno(libc::EAGAIN);
                }
                let count = buffer.len().min(bytes.len());
                buffer[..count].copy_from_slice(&bytes[..count]);
                bytes.drain(..count);
                Ok(count)
            }
            Target::PipeIn(_) => errno(libc::EBADF),
        }
    }

    fn write_at(&mut self, fd: Fd, bytes: &[u8], offset: Option<u64>) -> Result<usize> {
        let now = self.now_ns;
        let file = self.open_file(fd)?;
        if file.flags & libc::O_ACCMODE == libc::O_RDONLY {
            return errno(libc::EBADF);
        }
        let (target, append, position) = (file.target, file.flags & libc::O_APPEND != 0, offset.unwrap_or(file.position));
        match target {
            Target::Node(node) => {
                let contents = self.nodes.contents_mut(node)?;
                let start = if append { contents.len() as u64 } else { position };
                let end = start.checked_add(bytes.len() as u64).filter(|end| *end <= MAX_SIZE).ok_or(HostError::new(libc::EFBIG))?;
                if contents.len() < end as usize {
                    contents.resize(end as usize, 0);
                }
                contents[start as usize..end as usize].copy_from_slice(bytes);
                self.nodes.get_mut(node).modified_ns = now;
                if offset.is_none() {
                    self.open_file(fd)?.position = end;
                }
                Ok(bytes.len())
            }
            Target::PipeIn(pipe) => {
                if !self.open_files.values().any(|file| file.target == Target::PipeOut(pipe)) {
                    return errno(libc::EPIPE);
                }
                self.pipes.entry(pipe).or_default().extend_from_slice(bytes);
                Ok(bytes.len())
            }
            Target::PipeOut(_) => errno(libc::EBADF),
        }
    }

    pub(super) fn resize(&mut self, node: u64, length: i64) -> Result<()> {
        let length = offset_of(length)?;
        if length > MAX_SIZE {
            return errno(libc::EFBIG);
        }
        self.nodes.contents_mut(node)?.resize(length as usize, 0);
        self.nodes.get_mut(node).modified_ns = self.now_ns;
        Ok(())
    }
}

impl Files for MemoryHost {
    fn open(&self, path: &[u8], flags: i32, mode: u32, dir: Option<Fd>) -> Result<Fd> {
        let mut state = self.state();
        let follow = flags & libc::O_NOFOLLOW == 0;
        let node = match state.find(path, dir, follow) {
            Ok(_) if flags & (libc::O_CREAT | libc::O_EXCL) == libc::O_CREAT | libc::O_EXCL => return errno(libc::EEXIST),
            Ok(node) => node,
            Err(error) if error.errno == libc::ENOENT && flags & libc::O_CREAT != 0 => {
                let start = state.start(dir)?;
                let (directory, name) = state.nodes.split(start, path)?;
                let (mode, now) = (mode & !state.mask, state.now_ns);
                let node = state.nodes.add(Body::File(Vec::new()), mode, now);
                state.nodes.enter(directory, name, node);
                node
            }
            Err(error) => return Err(error),
        };
        match &state.nodes.get(node).body {
            Body::Directory { .. } if flags & libc::O_ACCMODE != libc::O_RDONLY => return errno(libc::EISDIR),
            Body::Symlink(_) => return errno(libc::ELOOP),
            Body::File(_) if flags & libc::O_DIRECTORY != 0 => return errno(libc::ENOTDIR),
            _ => {}
        }
        if flags & libc::O_TRUNC != 0 && flags & libc::O_ACCMODE != libc::O_RDONLY {
            state.resize(node, 0)?;
        }
        Ok(state.add_descriptor(Target::Node(node), flags))
    }

    fn close(&self, fd: Fd) -> Result<()> {
        self.state().close(fd)
    }

    fn close_range(&self, low: Fd, high: Fd) -> Result<()> {
        let mut state = self.state();
        let open: Vec<Fd> = if low < high { state.descriptors.range(low..high).map(|(fd, _)| *fd).collect() } else { Vec::new() };
        open.into_iter().try_for_each(|fd| state.close(fd))
    }

    fn read(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        self.state().read_at(fd, buffer, None)
    }

    fn pread(&self, fd: Fd, buffer: &mut [u8], offset: i64) -> Result<usize> {
        self.state().read_at(fd, buffer, Some(offset_of(offset)?))
    }

    fn readv(&self, fd: Fd, buffers: &mut [IoSliceMut<'_>]) -> Result<usize> {
        let mut total = 0;
        for buffer in buffers {
            let count = self.read(fd, buffer)?;
            total += count;
            if count < buffer.len() {
                break;
            }
        }
        Ok(total)
    }

    fn write(&self, fd: Fd, bytes: &[u8]) -> Result<usize> {
        self.state().write_at(fd, bytes, None)
    }

    fn pwrite(&self, fd: Fd, bytes: &[u8], offset: i64) -> Result<usize> {
        self.state().write_at(fd, bytes, Some(offset_of(offset)?))
    }

    fn writev(&self, fd: Fd, buffers: &[IoSlice<'_>]) -> Result<usize> {
        buffers.iter().try_fold(0, |total, buffer| Ok(total + self.write(fd, buffer)?))
    }

    fn lseek(&self, fd: Fd, offset: i64, whence: i32) -> Result<i64> {
        let mut state = self.state();
        let file = state.open_file(fd)?;
        let Target::Node(node) = file.target else {
            return errno(libc::ESPIPE);
        };
        let position = file.position as i64;
        let base = match whence {
            libc::SEEK_SET => 0,
            libc::SEEK_CUR => position,
            libc::SEEK_END => state.nodes.stat(node).size,
            _ => return errno(libc::EINVAL),
        };
        let target = base.checked_add(offset).filter(|target| *target >= 0).ok_or(HostError::new(libc::EINVAL))?;
        state.open_file(fd)?.position = target as u64;
        Ok(target)
    }

    fn ftruncate(&self, fd: Fd, length: i64) -> Result<()> {
        let mut state = self.state();
        if state.open_file(fd)?.flags & libc::O_ACCMODE == libc::O_RDONLY {
            return errno(libc::EINVAL);
        }
        let node = state.node_of(fd)?;
        state.resize(node, length)
    }

    fn fstat(&self, fd: Fd) -> Result<Stat> {
        let mut state = self.state();
        match state.open_file(fd)?.target {
            Target::Node(node) => Ok(state.nodes.stat(node)),
            _ => Ok(Stat { mode: libc::S_IFIFO | 0o600, nlink: 1, blksize: 4096, ..Stat::default() }),
        }
    }

    fn dup(&self, fd: Fd) -> Result<Fd> {
        let mut state = self.state();
        let source = *state.descriptors.get(&fd).ok_or(HostError::new(libc::EBADF))?;
        let copy = state.free_descriptor(0);
        state.descriptors.insert(copy, Descriptor { inheritable: false, ..source });
        Ok(copy)
    }

    fn dup2(&self, fd: Fd, target: Fd, inheritable: bool) -> Result<Fd> {
        let mut state = self.state();
        let source = *state.descriptors.get(&fd).ok_or(HostError::new(libc::EBADF))?;
        if target < 0 {
            return errno(libc::EBADF);
        }
        if fd != target {
            // What was open there is closed, if anything was.
            let _ = state.close(target);
            state.descriptors.insert(target, Descriptor { inheritable, ..source });
        }
        Ok(target)
    }

    fn pipe(&self, flags: i32) -> Result<(Fd, Fd)> {
        let mut state = self.state();
        let pipe = state.fresh_id();
        let reading = state.add_descriptor(Target::PipeOut(pipe), flags | libc::O_RDONLY);
        Ok((reading, state.add_descriptor(Target::PipeIn(pipe), flags | libc::O_WRONLY)))
    }

    fn isatty(&self, _: Fd) -> Result<bool> {
        Ok(false)
    }

    fn fsync(&self, fd: Fd) -> Result<()> {
        self.state().open_file(fd).map(drop)
    }

    fn fdatasync(&self, fd: Fd) -> Result<()> {
        self.fsync(fd)
    }

    fn sync(&self) -> Result<()> {
        Ok(())
    }

    fn inheritable(&self, fd: Fd) -> Result<bool> {
        self.state().descriptors.get(&fd).map(|descriptor| descriptor.inheritable).ok_or(HostError::new(libc::EBADF))
    }

    fn set_inheritable(&self, fd: Fd, inheritable: bool) -> Result<()> {
        self.state().descriptors.get_mut(&fd).ok_or(HostError::new(libc::EBADF))?.inheritable = inheritable;
        Ok(())
    }

    fn blocking(&self, fd: Fd) -> Result<bool> {
        Ok(self.state().open_file(fd)?.flags & libc::O_NONBLOCK == 0)
    }

    fn set_blocking(&self, fd: Fd, blocking: bool) -> Result<()> {
        let mut state = self.state();
        let file = state.open_file(fd)?;
        file.flags = if blocking { file.flags & !libc::O_NONBLOCK } else { file.flags | libc::O_NONBLOCK };
        Ok(())
    }

    fn flock(&self, fd: Fd, _: i32) -> Result<()> {
        // Nobody else could hold the lock.
        self.state().open_file(fd).map(drop)
    }
}
