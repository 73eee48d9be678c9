//! The file tree of the operating system.

use std::ffi::{CStr, CString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::ptr;

use super::files::stat_of;
use super::{SystemHost, Zeroed, at, c_string};
use crate::error::{HostError, Result};
use crate::files::{Fd, Stat};
use crate::tree::{DirEntry, EntryKind, Moment, StatVfs, Tree};

fn nofollow(follow: bool) -> i32 {
    if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW }
}

impl Tree for SystemHost {
    fn stat(&self, path: &[u8], dir: Option<Fd>, follow: bool) -> Result<Stat> {
        let path = c_string(path)?;
        let mut raw = libc::stat::zeroed();
        sys!(libc::fstatat, at(dir), path.as_ptr(), &mut raw, nofollow(follow))?;
        Ok(stat_of(&raw))
    }

    fn scandir(&self, path: &[u8]) -> Result<Vec<DirEntry>> {
        let path = c_string(path)?;
        entries(sys!(libc::openat, libc::AT_FDCWD, path.as_ptr(), libc::O_RDONLY | libc::O_DIRECTORY | libc::O_CLOEXEC)?)
    }

    fn scandir_fd(&self, fd: Fd) -> Result<Vec<DirEntry>> {
        let copy = sys!(libc::fcntl, fd, libc::F_DUPFD_CLOEXEC, 0)?;
        let names = entries(copy)?;
        // The copy shares its position with `fd`, which is left at the start for the next listing.
        sys!(libc::lseek, fd, 0, libc::SEEK_SET)?;
        Ok(names)
    }

    fn mkdir(&self, path: &[u8], mode: u32, dir: Option<Fd>) -> Result<()> {
        let path = c_string(path)?;
        sys!(libc::mkdirat, at(dir), path.as_ptr(), mode).map(drop)
    }

    fn rmdir(&self, path: &[u8], dir: Option<Fd>) -> Result<()> {
        let path = c_string(path)?;
        sys!(libc::unlinkat, at(dir), path.as_ptr(), libc::AT_REMOVEDIR).map(drop)
    }

    fn unlink(&self, path: &[u8], dir: Option<Fd>) -> Result<()> {
        let path = c_string(path)?;
        sys!(libc::unlinkat, at(dir), path.as_ptr(), 0).map(drop)
    }

    fn rename(&self, from: &[u8], to: &[u8], from_dir: Option<Fd>, to_dir: Option<Fd>) -> Result<()> {
        let (from, to) = (c_string(from)?, c_string(to)?);
        sys!(libc::renameat, at(from_dir), from.as_ptr(), at(to_dir), to.as_ptr()).map(drop)
    }

    fn link(&self, from: &[u8], to: &[u8], from_dir: Option<Fd>, to_dir: Option<Fd>, follow: bool) -> Result<()> {
        let (from, to) = (c_string(from)?, c_string(to)?);
        let flags = if follow { libc::AT_SYMLINK_FOLLOW } else { 0 };
        sys!(libc::linkat, at(from_dir), from.as_ptr(), at(to_dir), to.as_ptr(), flags).map(drop)
    }

    fn symlink(&self, target: &[u8], path: &[u8], dir: Option<Fd>) -> Result<()> {
        let (target, path) = (c_string(target)?, c_string(path)?);
        sys!(libc::symlinkat, target.as_ptr(), at(dir), path.as_ptr()).map(drop)
    }

    fn readlink(&self, path: &[u8], dir: Option<Fd>) -> Result<Vec<u8>> {
        let path = c_string(path)?;
        grown(256, |buffer| {
            let count = sys!(libc::readlinkat, at(dir), path.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len())?;
            // A full buffer may hold a cut target.
            Ok((count as usize != buffer.len()).then_some(count as usize))
        })
    }

    fn chmod(&self, path: &[u8], mode: u32, dir: Option<Fd>, follow: bool) -> Result<()> {
        let path = c_string(path)?;
        sys!(libc::fchmodat, at(dir), path.as_ptr(), mode, nofollow(follow)).map(drop)
    }

    fn fchmod(&self, fd: Fd, mode: u32) -> Result<()> {
        sys!(libc::fchmod, fd, mode).map(drop)
    }

    fn chown(&self, path: &[u8], uid: u32, gid: u32, dir: Option<Fd>, follow: bool) -> Result<()> {
        let path = c_string(path)?;
        sys!(libc::fchownat, at(dir), path.as_ptr(), uid, gid, nofollow(follow)).map(drop)
    }

    fn fchown(&self, fd: Fd, uid: u32, gid: u32) -> Result<()> {
        sys!(libc::fchown, fd, uid, gid).map(drop)
    }

    fn utime(&self, path: &[u8], times: Option<(Moment, Moment)>, dir: Option<Fd>, follow: bool) -> Result<()> {
        let path = c_string(path)?;
        let times = time_pair(times);
        let times = times.as_ref().map_or(ptr::null(), |times| times.as_ptr());
        sys!(libc::utimensat, at(dir), path.as_ptr(), times, nofollow(follow)).map(drop)
    }

    fn futime(&self, fd: Fd, times: Option<(Moment, Moment)>) -> Result<()> {
        let times = time_pair(times);
        let times = times.as_ref().map_or(ptr::null(), |times| times.as_ptr());
        sys!(libc::futimens, fd, times).map(drop)
    }

    fn access(&self, path: &[u8], mode: i32, dir: Option<Fd>, effective_ids: bool, follow: bool) -> Result<bool> {
        let path = c_string(path)?;
        let flags = nofollow(follow) | if effective_ids { libc::AT_EACCESS } else { 0 };
        Ok(sys!(libc::faccessat, at(dir), path.as_ptr(), mode, flags).is_ok())
    }

    fn truncate(&self, path: &[u8], length: i64) -> Result<()> {
        let path = c_string(path)?;
        sys!(libc::truncate, path.as_ptr(), length).map(drop)
    }

    fn getcwd(&self) -> Result<Vec<u8>> {
        Ok(std::env::current_dir()?.into_os_string().into_vec())
    }

    fn chdir(&self, path: &[u8]) -> Result<()> {
        let path = c_string(path)?;
        sys!(libc::chdir, path.as_ptr()).map(drop)
    }

    fn fchdir(&self, fd: Fd) -> Result<()> {
        sys!(libc::fchdir, fd).map(drop)
    }

    fn chroot(&self, path: &[u8]) -> Result<()> {
        let path = c_string(path)?;
        sys!(libc::chroot, path.as_ptr()).map(drop)
    }

    fn realpath(&self, path: &[u8]) -> Result<Vec<u8>> {
        c_string(path)?;
        Ok(std::fs::canonicalize(Path::new(std::ffi::OsStr::from_bytes(path)))?.into_os_string().into_vec())
    }

    fn statvfs(&self, path: &[u8]) -> Result<StatVfs> {
        let path = c_string(path)?;
        let mut raw = libc::statvfs::zeroed();
        sys!(libc::statvfs, path.as_ptr(), &mut raw)?;
        Ok(statvfs_of(&raw))
    }

    fn fstatvfs(&self, fd: Fd) -> Result<StatVfs> {
        let mut raw = libc::statvfs::zeroed();
        sys!(libc::fstatvfs, fd, &mut raw)?;
        Ok(statvfs_of(&raw))
    }

    fn umask(&self, mask: u32) -> Result<u32> {
        // SAFETY: one scalar, cannot fail.
        Ok(unsafe { libc::umask(mask) })
    }

    fn mkfifo(&self, path: &[u8], mode: u32, dir: Option<Fd>) -> Result<()> {
        let path = c_string(path)?;
        sys!(libc::mkfifoat, at(dir), path.as_ptr(), mode).map(drop)
    }

    fn mknod(&self, path: &[u8], mode: u32, device: u64, dir: Option<Fd>) -> Result<()> {
        let path = c_string(path)?;
        sys!(libc::mknodat, at(dir), path.as_ptr(), mode, device).map(drop)
    }

    fn pathconf(&self, path: &[u8], name: i32) -> Result<Option<i64>> {
        let path = c_string(path)?;
        // SAFETY: a C string that lives on and a scalar.
        limit(|| unsafe { libc::pathconf(path.as_ptr(), name) })
    }

    fn fpathconf(&self, fd: Fd, name: i32) -> Result<Option<i64>> {
        // SAFETY: two scalars.
        limit(|| unsafe { libc::fpathconf(fd, name) })
    }

    fn getxattr(&self, path: &[u8], name: &[u8], follow: bool) -> Result<Vec<u8>> {
        let (path, name) = (c_string(path)?, c_string(name)?);
        let call = if follow { libc::getxattr } else { libc::lgetxattr };
        grown(128, |buffer| fits(sys!(call, path.as_ptr(), name.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len())))
    }

    fn setxattr(&self, path: &[u8], name: &[u8], value: &[u8], flags: i32, follow: bool) -> Result<()> {
        let (path, name) = (c_string(path)?, c_string(name)?);
        let call = if follow { libc::setxattr } else { libc::lsetxattr };
        sys!(call, path.as_ptr(), name.as_ptr(), value.as_ptr().cast(), value.len(), flags).map(drop)
    }

    fn removexattr(&self, path: &[u8], name: &[u8], follow: bool) -> Result<()> {
        let (path, name) = (c_string(path)?, c_string(name)?);
        let call = if follow { libc::removexattr } else { libc::lremovexattr };
        sys!(call, path.as_ptr(), name.as_ptr()).map(drop)
    }

    fn listxattr(&self, path: &[u8], follow: bool) -> Result<Vec<Vec<u8>>> {
        let path = c_string(path)?;
        let call = if follow { libc::listxattr } else { libc::llistxattr };
        let names = grown(256, |buffer| fits(sys!(call, path.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len())))?;
        Ok(names.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(<[u8]>::to_vec).collect())
    }
}

/// Calls with a larger and larger buffer until the outcome fits.
fn grown(first: usize, mut call: impl FnMut(&mut [u8]) -> Result<Option<usize>>) -> Result<Vec<u8>> {
    let mut buffer = vec![0u8; first];
    loop {
        if let Some(count) = call(&mut buffer)? {
            buffer.truncate(count);
            return Ok(buffer);
        }
        buffer.resize(buffer.len() * 4, 0);
    }
}

fn fits(outcome: Result<isize>) -> Result<Option<usize>> {
    match outcome {
        Err(error) if error.errno == libc::ERANGE => Ok(None),
        other => other.map(|count| Some(count as usize)),
    }
}

/// The outcome of a function that returns -1 for "no limit" and for failure; only failure sets `errno`.
fn limit(call: impl FnOnce() -> libc::c_long) -> Result<Option<i64>> {
    clear_errno();
    match call() {
        -1 if HostError::last().errno != 0 => Err(HostError::last()),
        -1 => Ok(None),
        value => Ok(Some(value)),
    }
}

pub(super) fn clear_errno() {
    // SAFETY: libc gives the address of the calling thread's own errno.
    unsafe { *libc::__errno_location() = 0 };
}

fn time_pair(times: Option<(Moment, Moment)>) -> Option<[libc::timespec; 2]> {
    times.map(|(accessed, modified)| {
        [accessed, modified].map(|moment| libc::timespec { tv_sec: moment.seconds, tv_nsec: moment.nanos.into() })
    })
}

/// Reads an open directory to the end and closes it.
fn entries(fd: Fd) -> Result<Vec<DirEntry>> {
    // SAFETY: `fd` is an open descriptor that from here on belongs to the directory stream.
    let stream = unsafe { libc::fdopendir(fd) };
    if stream.is_null() {
        let error = HostError::last();
        let _ = sys!(libc::close, fd);
        return Err(error);
    }
    let mut names = Vec::new();
    let outcome = loop {
        clear_errno();
        // SAFETY: the stream is open, and no other thread has it.
        let entry = unsafe { libc::readdir(stream) };
        if entry.is_null() {
            let error = HostError::last();
            break if error.errno == 0 { Ok(names) } else { Err(error) };
        }
        // SAFETY: a non-null entry is valid until the next call on the stream, and its name is a C string.
        let (name, ino, kind) =
            unsafe { (CString::from(CStr::from_ptr((&raw const (*entry).d_name).cast())), (*entry).d_ino, (*entry).d_type) };
        let name = name.into_bytes();
        if name != b"." && name != b".." {
            names.push(DirEntry { name, ino, kind: entry_kind(kind) });
        }
    };
    // SAFETY: the stream is open and used no more.
    unsafe { libc::closedir(stream) };
    outcome
}

fn entry_kind(kind: u8) -> EntryKind {
    match kind {
        libc::DT_REG => EntryKind::File,
        libc::DT_DIR => EntryKind::Directory,
        libc::DT_LNK => EntryKind::Symlink,
        libc::DT_FIFO => EntryKind::Fifo,
        libc::DT_SOCK => EntryKind::Socket,
        libc::DT_CHR => EntryKind::CharDevice,
        libc::DT_BLK => EntryKind::BlockDevice,
        _ => EntryKind::Unknown,
    }
}

fn statvfs_of(raw: &libc::statvfs) -> StatVfs {
    StatVfs {
        bsize: raw.f_bsize,
        frsize: raw.f_frsize,
        blocks: raw.f_blocks,
        bfree: raw.f_bfree,
        bavail: raw.f_bavail,
        files: raw.f_files,
        ffree: raw.f_ffree,
        favail: raw.f_favail,
        flag: raw.f_flag,
        namemax: raw.f_namemax,
        fsid: raw.f_fsid,
    }
}
