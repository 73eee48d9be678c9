//! Descriptors: opening, reading, writing, positioning, locking and waiting, by raw descriptor number as Python
//! does.
//!
//! Paths are the bytes the operating system takes; `dir` is Python's `dir_fd`. Flags and numbers are those of the
//! operating system, and nothing is added to them: `O_CLOEXEC` is the caller's choice.

use std::io::{IoSlice, IoSliceMut};

use crate::tree::Moment;

/// A file descriptor.
pub type Fd = i32;

/// What `stat` reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Stat {
    pub mode: u32,
    pub ino: u64,
    pub dev: u64,
    pub nlink: u64,
    pub uid: u32,
    pub gid: u32,
    pub size: i64,
    pub atime: Moment,
    pub mtime: Moment,
    pub ctime: Moment,
    pub blksize: i64,
    pub blocks: i64,
    pub rdev: u64,
}

/// One descriptor to wait for with [`Files::poll`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PollFd {
    /// The descriptor; a negative one is skipped.
    pub fd: Fd,
    /// The `POLL*` events wanted.
    pub events: i16,
    /// The `POLL*` events that happened.
    pub revents: i16,
}

/// The descriptors [`Files::select`] found ready, in the order they were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selected {
    /// Ready to read.
    pub read: Vec<Fd>,
    /// Ready to write.
    pub write: Vec<Fd>,
    /// With an exceptional condition.
    pub except: Vec<Fd>,
}

/// A byte range to lock with [`Files::lock_range`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locked {
    /// `F_RDLCK`, `F_WRLCK` or `F_UNLCK`.
    pub kind: i16,
    /// What `start` counts from (`SEEK_SET`, ...).
    pub whence: i16,
    /// The first byte.
    pub start: i64,
    /// How many bytes; 0 is to the end of the file.
    pub length: i64,
}

topic! {
    /// Operations on descriptors.
    pub trait Files {
        /// Opens a file and gives its descriptor.
        fn open(&self, path: &[u8], flags: i32, mode: u32, dir: Option<Fd>) -> Result<Fd>;
        /// Closes a descriptor. Unlike the others it never reports `EINTR`: the descriptor is closed.
        fn close(&self, fd: Fd) -> Result<()>;
        /// Closes every descriptor in `low..high`, ignoring errors.
        fn close_range(&self, low: Fd, high: Fd) -> Result<()>;
        /// Reads at the current position; 0 is the end of the file.
        fn read(&self, fd: Fd, buffer: &mut [u8]) -> Result<usize>;
        /// Reads at `offset`, leaving the position alone.
        fn pread(&self, fd: Fd, buffer: &mut [u8], offset: i64) -> Result<usize>;
        /// Reads into several buffers.
        fn readv(&self, fd: Fd, buffers: &mut [IoSliceMut<'_>]) -> Result<usize>;
        /// Writes at the current position and gives how many bytes were taken.
        fn write(&self, fd: Fd, bytes: &[u8]) -> Result<usize>;
        /// Writes at `offset`, leaving the position alone.
        fn pwrite(&self, fd: Fd, bytes: &[u8], offset: i64) -> Result<usize>;
        /// Writes several buffers.
        fn writev(&self, fd: Fd, buffers: &[IoSlice<'_>]) -> Result<usize>;
        /// Moves the position and gives the new one.
        fn lseek(&self, fd: Fd, offset: i64, whence: i32) -> Result<i64>;
        /// Sets the size of an open file.
        fn ftruncate(&self, fd: Fd, length: i64) -> Result<()>;
        /// Describes an open file.
        fn fstat(&self, fd: Fd) -> Result<Stat>;
        /// Duplicates a descriptor; the new one is not inherited by child processes.
        fn dup(&self, fd: Fd) -> Result<Fd>;
        /// Makes `target` a duplicate of `fd`.
        fn dup2(&self, fd: Fd, target: Fd, inheritable: bool) -> Result<Fd>;
        /// A pipe's reading and writing end.
        fn pipe(&self, flags: i32) -> Result<(Fd, Fd)>;
        /// Whether the descriptor is a terminal.
        fn isatty(&self, fd: Fd) -> Result<bool>;
        /// Writes an open file to the device.
        fn fsync(&self, fd: Fd) -> Result<()>;
        /// Writes an open file's data, but not all of its metadata, to the device.
        fn fdatasync(&self, fd: Fd) -> Result<()>;
        /// Writes everything to the devices.
        fn sync(&self) -> Result<()>;
        /// Whether child processes inherit the descriptor.
        fn inheritable(&self, fd: Fd) -> Result<bool>;
        /// Says whether child processes inherit the descriptor.
        fn set_inheritable(&self, fd: Fd, inheritable: bool) -> Result<()>;
        /// Whether operations on the descriptor wait.
        fn blocking(&self, fd: Fd) -> Result<bool>;
        /// Says whether operations on the descriptor wait.
        fn set_blocking(&self, fd: Fd, blocking: bool) -> Result<()>;
        /// `fcntl` with an integer argument.
        fn fcntl(&self, fd: Fd, command: i32, argument: i64) -> Result<i32>;
        /// `fcntl` with a structure, given and returned as bytes.
        fn fcntl_bytes(&self, fd: Fd, command: i32, argument: &mut [u8]) -> Result<i32>;
        /// `ioctl` with an integer argument.
        fn ioctl(&self, fd: Fd, request: u64, argument: i64) -> Result<i32>;
        /// `ioctl` with a structure, given and returned as bytes.
        fn ioctl_bytes(&self, fd: Fd, request: u64, argument: &mut [u8]) -> Result<i32>;
        /// Locks or unlocks a whole file (`LOCK_*`).
        fn flock(&self, fd: Fd, operation: i32) -> Result<()>;
        /// Locks or unlocks a range of a file, waiting for it when `wait` is set.
        fn lock_range(&self, fd: Fd, range: Locked, wait: bool) -> Result<()>;
        /// Reserves room for a range of a file.
        fn fallocate(&self, fd: Fd, offset: i64, length: i64) -> Result<()>;
        /// Announces how a range of a file will be used (`POSIX_FADV_*`).
        fn fadvise(&self, fd: Fd, offset: i64, length: i64, advice: i32) -> Result<()>;
        /// Copies between descriptors inside the kernel; with `offset` the input's position stays.
        fn sendfile(&self, output: Fd, input: Fd, offset: Option<i64>, count: usize) -> Result<usize>;
        /// Copies a range between two files inside the kernel.
        fn copy_file_range(&self, from: Fd, to: Fd, count: usize, from_offset: Option<i64>, to_offset: Option<i64>) -> Result<usize>;
        /// Waits until a descriptor is ready, for at most `timeout_ms` (`None`: without limit); gives how many are.
        fn poll(&self, descriptors: &mut [PollFd], timeout_ms: Option<i32>) -> Result<usize>;
        /// Waits until a descriptor is ready, for at most `timeout_ns` (`None`: without limit).
        fn select(&self, read: &[Fd], write: &[Fd], except: &[Fd], timeout_ns: Option<i64>) -> Result<Selected>;
        /// An anonymous file in memory.
        fn memfd_create(&self, name: &[u8], flags: u32) -> Result<Fd>;
        /// A counter one can wait for.
        fn eventfd(&self, initial: u32, flags: i32) -> Result<Fd>;
        /// A new epoll instance.
        fn epoll_create(&self, flags: i32) -> Result<Fd>;
        /// Adds, changes or removes (`EPOLL_CTL_*`) a descriptor of an epoll instance.
        fn epoll_ctl(&self, epoll: Fd, operation: i32, fd: Fd, events: u32) -> Result<()>;
        /// Waits on an epoll instance; gives at most `capacity` pairs of descriptor and events.
        fn epoll_wait(&self, epoll: Fd, capacity: usize, timeout_ms: i32) -> Result<Vec<(Fd, u32)>>;
    }
}
