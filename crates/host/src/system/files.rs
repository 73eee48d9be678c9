//! Descriptors of the operating system.

use std::io::{IoSlice, IoSliceMut};
use std::ptr;

use super::{SystemHost, Zeroed, at, c_string};
use crate::error::{HostError, Result};
use crate::files::{Fd, Files, Locked, PollFd, Selected, Stat};
use crate::tree::Moment;

/// Linux refuses longer vectors; Python callers write the rest in a further call.
const IOV_MAX: usize = 1024;

/// Further events are given by the next wait.
const MOST_EVENTS: usize = 1 << 16;

/// Nothing is ever mapped below this address.
const LEAST_ADDRESS: i64 = 0x1_0000;

pub(super) fn stat_of(raw: &libc::stat) -> Stat {
    let moment = |seconds: i64, nanos: i64| Moment { seconds, nanos: nanos as u32 };
    Stat {
        mode: raw.st_mode,
        ino: raw.st_ino,
        dev: raw.st_dev,
        nlink: raw.st_nlink,
        uid: raw.st_uid,
        gid: raw.st_gid,
        size: raw.st_size,
        atime: moment(raw.st_atime, raw.st_atime_nsec),
        mtime: moment(raw.st_mtime, raw.st_mtime_nsec),
        ctime: moment(raw.st_ctime, raw.st_ctime_nsec),
        blksize: raw.st_blksize,
        blocks: raw.st_blocks,
        rdev: raw.st_rdev,
    }
}

fn descriptor_flags(fd: Fd) -> Result<i32> {
    sys!(libc::fcntl, fd, libc::F_GETFD)
}

impl Files for SystemHost {
    fn open(&self, path: &[u8], flags: i32, mode: u32, dir: Option<Fd>) -> Result<Fd> {
        let path = c_string(path)?;
        sys!(libc::openat, at(dir), path.as_ptr(), flags, mode)
    }

    fn close(&self, fd: Fd) -> Result<()> {
        match sys!(libc::close, fd) {
            Err(error) if !error.is_interrupted() => Err(error),
            _ => Ok(()),
        }
    }

    fn close_range(&self, low: Fd, high: Fd) -> Result<()> {
        if low < high {
            // SAFETY: three scalars; the outcome is of no interest, as for `os.closerange`.
            unsafe { libc::syscall(libc::SYS_close_range, low.max(0), high - 1, 0) };
        }
        Ok(())
    }

    fn read(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize> {
        sys!(libc::read, fd, buffer.as_mut_ptr().cast(), buffer.len()).map(|count| count as usize)
    }

    fn pread(&self, fd: Fd, buffer: &mut [u8], offset: i64) -> Result<usize> {
        sys!(libc::pread, fd, buffer.as_mut_ptr().cast(), buffer.len(), offset).map(|count| count as usize)
    }

    fn readv(&self, fd: Fd, buffers: &mut [IoSliceMut<'_>]) -> Result<usize> {
        // `IoSliceMut` is documented to have the layout of `iovec`.
        sys!(libc::readv, fd, buffers.as_mut_ptr().cast(), buffers.len().min(IOV_MAX) as i32).map(|count| count as usize)
    }

    fn write(&self, fd: Fd, bytes: &[u8]) -> Result<usize> {
        sys!(libc::write, fd, bytes.as_ptr().cast(), bytes.len()).map(|count| count as usize)
    }

    fn pwrite(&self, fd: Fd, bytes: &[u8], offset: i64) -> Result<usize> {
        sys!(libc::pwrite, fd, bytes.as_ptr().cast(), bytes.len(), offset).map(|count| count as usize)
    }

    fn writev(&self, fd: Fd, buffers: &[IoSlice<'_>]) -> Result<usize> {
        // `IoSlice` is documented to have the layout of `iovec`.
        sys!(libc::writev, fd, buffers.as_ptr().cast(), buffers.len().min(IOV_MAX) as i32).map(|count| count as usize)
    }

    fn lseek(&self, fd: Fd, offset: i64, whence: i32) -> Result<i64> {
        sys!(libc::lseek, fd, offset, whence)
    }

    fn ftruncate(&self, fd: Fd, length: i64) -> Result<()> {
        sys!(libc::ftruncate, fd, length).map(drop)
    }

    fn fstat(&self, fd: Fd) -> Result<Stat> {
        let mut raw = libc::stat::zeroed();
        sys!(libc::fstat, fd, &mut raw)?;
        Ok(stat_of(&raw))
    }

    fn dup(&self, fd: Fd) -> Result<Fd> {
        sys!(libc::fcntl, fd, libc::F_DUPFD_CLOEXEC, 0)
    }

    fn dup2(&self, fd: Fd, target: Fd, inheritable: bool) -> Result<Fd> {
        if fd == target || inheritable {
            return sys!(libc::dup2, fd, target);
        }
        sys!(libc::dup3, fd, target, libc::O_CLOEXEC)
    }

    fn pipe(&self, flags: i32) -> Result<(Fd, Fd)> {
        let mut ends = [0; 2];
        sys!(libc::pipe2, ends.as_mut_ptr(), flags)?;
        Ok((ends[0], ends[1]))
    }

    fn isatty(&self, fd: Fd) -> Result<bool> {
        // SAFETY: one scalar.
        Ok(unsafe { libc::isatty(fd) } == 1)
    }

    fn fsync(&self, fd: Fd) -> Result<()> {
        sys!(libc::fsync, fd).map(drop)
    }

    fn fdatasync(&self, fd: Fd) -> Result<()> {
        sys!(libc::fdatasync, fd).map(drop)
    }

    fn sync(&self) -> Result<()> {
        // SAFETY: no arguments, cannot fail.
        unsafe { libc::sync() };
        Ok(())
    }

    fn inheritable(&self, fd: Fd) -> Result<bool> {
        Ok(descriptor_flags(fd)? & libc::FD_CLOEXEC == 0)
    }

    fn set_inheritable(&self, fd: Fd, inheritable: bool) -> Result<()> {
        let flags = descriptor_flags(fd)?;
        let wanted = if inheritable { flags & !libc::FD_CLOEXEC } else { flags | libc::FD_CLOEXEC };
        if wanted == flags { Ok(()) } else { sys!(libc::fcntl, fd, libc::F_SETFD, wanted).map(drop) }
    }

    fn blocking(&self, fd: Fd) -> Result<bool> {
        Ok(sys!(libc::fcntl, fd, libc::F_GETFL)? & libc::O_NONBLOCK == 0)
    }

    fn set_blocking(&self, fd: Fd, blocking: bool) -> Result<()> {
        let flags = sys!(libc::fcntl, fd, libc::F_GETFL)?;
        let wanted = if blocking { flags & !libc::O_NONBLOCK } else { flags | libc::O_NONBLOCK };
        if wanted == flags { Ok(()) } else { sys!(libc::fcntl, fd, libc::F_SETFL, wanted).map(drop) }
    }

    fn fcntl(&self, fd: Fd, command: i32, argument: i64) -> Result<i32> {
        if takes_pointer(command) {
            return Err(HostError::new(libc::EFAULT));
        }
        sys!(libc::fcntl, fd, command, argument)
    }

    fn fcntl_bytes(&self, fd: Fd, command: i32, argument: &mut [u8]) -> Result<i32> {
        with_room(argument, |pointer| sys!(libc::fcntl, fd, command, pointer))
    }

    fn ioctl(&self, fd: Fd, request: u64, argument: i64) -> Result<i32> {
        // The kernel may take the number for an address: let only those pass that cannot be one.
        if argument >= LEAST_ADDRESS {
            return Err(HostError::new(libc::EFAULT));
        }
        sys!(libc::ioctl, fd, request as libc::Ioctl, argument)
    }

    fn ioctl_bytes(&self, fd: Fd, request: u64, argument: &mut [u8]) -> Result<i32> {
        with_room(argument, |pointer| sys!(libc::ioctl, fd, request as libc::Ioctl, pointer))
    }

    fn flock(&self, fd: Fd, operation: i32) -> Result<()> {
        sys!(libc::flock, fd, operation).map(drop)
    }

    fn lock_range(&self, fd: Fd, range: Locked, wait: bool) -> Result<()> {
        let mut raw = libc::flock::zeroed();
        raw.l_type = range.kind;
        raw.l_whence = range.whence;
        raw.l_start = range.start;
        raw.l_len = range.length;
        let command = if wait { libc::F_SETLKW } else { libc::F_SETLK };
        sys!(libc::fcntl, fd, command, &raw).map(drop)
    }

    fn fallocate(&self, fd: Fd, offset: i64, length: i64) -> Result<()> {
        // SAFETY: three scalars.
        errno_value(unsafe { libc::posix_fallocate(fd, offset, length) })
    }

    fn fadvise(&self, fd: Fd, offset: i64, length: i64, advice: i32) -> Result<()> {
        // SAFETY: four scalars.
        errno_value(unsafe { libc::posix_fadvise(fd, offset, length, advice) })
    }

    fn sendfile(&self, output: Fd, input: Fd, offset: Option<i64>, count: usize) -> Result<usize> {
        let mut offset = offset;
        let position = offset.as_mut().map_or(ptr::null_mut(), |offset| offset as *mut i64);
        sys!(libc::sendfile, output, input, position, count).map(|count| count as usize)
    }

    fn copy_file_range(&self, from: Fd, to: Fd, count: usize, from_offset: Option<i64>, to_offset: Option<i64>) -> Result<usize> {
        let (mut from_offset, mut to_offset) = (from_offset, to_offset);
        let from_position = from_offset.as_mut().map_or(ptr::null_mut(), |offset| offset as *mut i64);
        let to_position = to_offset.as_mut().map_or(ptr::null_mut(), |offset| offset as *mut i64);
        sys!(libc::copy_file_range, from, from_position, to, to_position, count, 0).map(|count| count as usize)
    }

    fn poll(&self, descriptors: &mut [PollFd], timeout_ms: Option<i32>) -> Result<usize> {
        let mut raw: Vec<libc::pollfd> =
            descriptors.iter().map(|asked| libc::pollfd { fd: asked.fd, events: asked.events, revents: 0 }).collect();
        let ready = sys!(libc::poll, raw.as_mut_ptr(), raw.len() as libc::nfds_t, timeout_ms.unwrap_or(-1))?;
        for (asked, answered) in descriptors.iter_mut().zip(&raw) {
            asked.revents = answered.revents;
        }
        Ok(ready as usize)
    }

    fn select(&self, read: &[Fd], write: &[Fd], except: &[Fd], timeout_ns: Option<i64>) -> Result<Selected> {
        let mut sets = [fd_set(read)?, fd_set(write)?, fd_set(except)?];
        let highest = read.iter().chain(write).chain(except).max().map_or(0, |fd| fd + 1);
        let timeout = timeout_ns.map(|ns| libc::timespec { tv_sec: ns / 1_000_000_000, tv_nsec: ns % 1_000_000_000 });
        let timeout = timeout.as_ref().map_or(ptr::null(), |timeout| timeout as *const libc::timespec);
        let [read_set, write_set, except_set] = &mut sets;
        sys!(libc::pselect, highest, read_set, write_set, except_set, timeout, ptr::null())?;
        let ready = |asked: &[Fd], set: &libc::fd_set| {
            // SAFETY: `fd_set` let only descriptors below FD_SETSIZE pass.
            asked.iter().copied().filter(|fd| unsafe { libc::FD_ISSET(*fd, set) }).collect()
        };
        Ok(Selected { read: ready(read, &sets[0]), write: ready(write, &sets[1]), except: ready(except, &sets[2]) })
    }

    fn memfd_create(&self, name: &[u8], flags: u32) -> Result<Fd> {
        let name = c_string(name)?;
        sys!(libc::memfd_create, name.as_ptr(), flags)
    }

    fn eventfd(&self, initial: u32, flags: i32) -> Result<Fd> {
        sys!(libc::eventfd, initial, flags)
    }

    fn epoll_create(&self, flags: i32) -> Result<Fd> {
        sys!(libc::epoll_create1, flags)
    }

    fn epoll_ctl(&self, epoll: Fd, operation: i32, fd: Fd, events: u32) -> Result<()> {
        let mut event = libc::epoll_event { events, u64: fd as u64 };
        sys!(libc::epoll_ctl, epoll, operation, fd, &mut event).map(drop)
    }

    fn epoll_wait(&self, epoll: Fd, capacity: usize, timeout_ms: i32) -> Result<Vec<(Fd, u32)>> {
        let mut events = vec![libc::epoll_event::zeroed(); capacity.min(MOST_EVENTS)];
        let count = sys!(libc::epoll_wait, epoll, events.as_mut_ptr(), events.len() as i32, timeout_ms)?;
        Ok(events[..count as usize].iter().map(|event| (event.u64 as Fd, event.events)).collect())
    }
}

/// The outcome of the few functions that return an errno value.
pub(super) fn errno_value(outcome: i32) -> Result<()> {
    if outcome == 0 { Ok(()) } else { Err(HostError::new(outcome)) }
}

/// `fcntl` commands whose integer argument would be used as an address.
fn takes_pointer(command: i32) -> bool {
    use libc::{F_GETLK, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW, F_SETLK, F_SETLKW};
    const OWNER_AND_HINTS: [i32; 6] = [15, 16, 1035, 1036, 1037, 1038];
    [F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW].contains(&command) || OWNER_AND_HINTS.contains(&command)
}

/// Runs a call on a copy of `argument` with room to spare, since the kernel is not told how long it is.
fn with_room(argument: &mut [u8], call: impl FnOnce(*mut u8) -> Result<i32>) -> Result<i32> {
    const ROOM: usize = 16 * 1024;
    let mut room = vec![0u8; ROOM.max(argument.len() + 1024)];
    room[..argument.len()].copy_from_slice(argument);
    let outcome = call(room.as_mut_ptr())?;
    argument.copy_from_slice(&room[..argument.len()]);
    Ok(outcome)
}

fn fd_set(descriptors: &[Fd]) -> Result<libc::fd_set> {
    let mut set = libc::fd_set::zeroed();
    for &fd in descriptors {
        if !(0..libc::FD_SETSIZE as Fd).contains(&fd) {
            return Err(HostError::new(libc::EINVAL));
        }
        // SAFETY: the descriptor is below FD_SETSIZE.
        unsafe { libc::FD_SET(fd, &mut set) };
    }
    Ok(set)
}
