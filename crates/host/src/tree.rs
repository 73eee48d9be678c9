//! The file tree: directories, links, names, permissions, times.
//!
//! Paths are the bytes the operating system takes. `dir` is Python's `dir_fd` and `follow` its `follow_symlinks`.

use crate::files::{Fd, Stat};

/// A point in time as file systems keep it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Nanoseconds within the second.
    pub nanos: u32,
}

impl Moment {
    /// The whole moment in nanoseconds since 1970.
    pub fn as_nanos(self) -> i128 {
        i128::from(self.seconds) * 1_000_000_000 + i128::from(self.nanos)
    }
}

/// What a directory says an entry is, without looking at the entry itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum EntryKind {
    Unknown,
    File,
    Directory,
    Symlink,
    Fifo,
    Socket,
    CharDevice,
    BlockDevice,
}

/// One name in a directory; `.` and `..` are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirEntry {
    /// The name alone.
    pub name: Vec<u8>,
    /// The inode number.
    pub ino: u64,
    /// What the directory says the entry is.
    pub kind: EntryKind,
}

/// What `statvfs` reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct StatVfs {
    pub bsize: u64,
    pub frsize: u64,
    pub blocks: u64,
    pub bfree: u64,
    pub bavail: u64,
    pub files: u64,
    pub ffree: u64,
    pub favail: u64,
    pub flag: u64,
    pub namemax: u64,
    pub fsid: u64,
}

topic! {
    /// Operations on names in the file tree.
    pub trait Tree {
        /// Describes the file a path names.
        fn stat(&self, path: &[u8], dir: Option<Fd>, follow: bool) -> Result<Stat>;
        /// The names in a directory.
        fn scandir(&self, path: &[u8]) -> Result<Vec<DirEntry>>;
        /// The names in an open directory.
        fn scandir_fd(&self, fd: Fd) -> Result<Vec<DirEntry>>;
        /// Makes a directory.
        fn mkdir(&self, path: &[u8], mode: u32, dir: Option<Fd>) -> Result<()>;
        /// Removes an empty directory.
        fn rmdir(&self, path: &[u8], dir: Option<Fd>) -> Result<()>;
        /// Removes a file.
        fn unlink(&self, path: &[u8], dir: Option<Fd>) -> Result<()>;
        /// Renames a file, replacing the target as POSIX does.
        fn rename(&self, from: &[u8], to: &[u8], from_dir: Option<Fd>, to_dir: Option<Fd>) -> Result<()>;
        /// Makes a second name for a file.
        fn link(&self, from: &[u8], to: &[u8], from_dir: Option<Fd>, to_dir: Option<Fd>, follow: bool) -> Result<()>;
        /// Makes a symbolic link.
        fn symlink(&self, target: &[u8], path: &[u8], dir: Option<Fd>) -> Result<()>;
        /// What a symbolic link names.
        fn readlink(&self, path: &[u8], dir: Option<Fd>) -> Result<Vec<u8>>;
        /// Sets the permissions.
        fn chmod(&self, path: &[u8], mode: u32, dir: Option<Fd>, follow: bool) -> Result<()>;
        /// Sets an open file's permissions.
        fn fchmod(&self, fd: Fd, mode: u32) -> Result<()>;
        /// Sets the owner and group; `u32::MAX` leaves one as it is.
        fn chown(&self, path: &[u8], uid: u32, gid: u32, dir: Option<Fd>, follow: bool) -> Result<()>;
        /// Sets an open file's owner and group.
        fn fchown(&self, fd: Fd, uid: u32, gid: u32) -> Result<()>;
        /// Sets the access and modification time; `None` is now.
        fn utime(&self, path: &[u8], times: Option<(Moment, Moment)>, dir: Option<Fd>, follow: bool) -> Result<()>;
        /// Sets an open file's access and modification time; `None` is now.
        fn futime(&self, fd: Fd, times: Option<(Moment, Moment)>) -> Result<()>;
        /// Whether the file may be used so (`F_OK`, `R_OK`, ...).
        fn access(&self, path: &[u8], mode: i32, dir: Option<Fd>, effective_ids: bool, follow: bool) -> Result<bool>;
        /// Sets the size of a file.
        fn truncate(&self, path: &[u8], length: i64) -> Result<()>;
        /// The current directory.
        fn getcwd(&self) -> Result<Vec<u8>>;
        /// Changes the current directory.
        fn chdir(&self, path: &[u8]) -> Result<()>;
        /// Makes an open directory the current one.
        fn fchdir(&self, fd: Fd) -> Result<()>;
        /// Changes the root directory.
        fn chroot(&self, path: &[u8]) -> Result<()>;
        /// The absolute path without symbolic links; the file must exist.
        fn realpath(&self, path: &[u8]) -> Result<Vec<u8>>;
        /// Describes the file system a path is on.
        fn statvfs(&self, path: &[u8]) -> Result<StatVfs>;
        /// Describes the file system an open file is on.
        fn fstatvfs(&self, fd: Fd) -> Result<StatVfs>;
        /// Sets the file creation mask and gives the former one.
        fn umask(&self, mask: u32) -> Result<u32>;
        /// Makes a named pipe.
        fn mkfifo(&self, path: &[u8], mode: u32, dir: Option<Fd>) -> Result<()>;
        /// Makes a device node.
        fn mknod(&self, path: &[u8], mode: u32, device: u64, dir: Option<Fd>) -> Result<()>;
        /// A path's configuration value (`_PC_*`); `None` is "no limit".
        fn pathconf(&self, path: &[u8], name: i32) -> Result<Option<i64>>;
        /// An open file's configuration value (`_PC_*`); `None` is "no limit".
        fn fpathconf(&self, fd: Fd, name: i32) -> Result<Option<i64>>;
        /// An extended attribute.
        fn getxattr(&self, path: &[u8], name: &[u8], follow: bool) -> Result<Vec<u8>>;
        /// Sets an extended attribute.
        fn setxattr(&self, path: &[u8], name: &[u8], value: &[u8], flags: i32, follow: bool) -> Result<()>;
        /// Removes an extended attribute.
        fn removexattr(&self, path: &[u8], name: &[u8], follow: bool) -> Result<()>;
        /// The names of the extended attributes.
        fn listxattr(&self, path: &[u8], follow: bool) -> Result<Vec<Vec<u8>>>;
    }
}
