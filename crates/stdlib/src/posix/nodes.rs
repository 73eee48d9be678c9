//! Owners, times, links, special files, extended attributes, file systems.

use super::paths::{Place, directory, place};
use super::stat_result::instance;
use crate::os_error::{fs_decode, host_call, host_call_two, path_bytes};
use bredli_host::{Moment, StatVfs};
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;

const NANOS: i128 = 1_000_000_000;

/// An owner argument: -1 leaves it as it is.
fn owner(py: &mut Py, value: i64, what: &str) -> Result<u32> {
    match value {
        -1 => Ok(u32::MAX),
        0..=0xFFFF_FFFE => Ok(value as u32),
        ..0 => raise!(py, OverflowError, "{what} is less than minimum"),
        _ => raise!(py, OverflowError, "{what} is greater than maximum"),
    }
}

/// Seconds as an int or float.
fn moment(py: &mut Py, seconds: Value) -> Result<Moment> {
    let (whole, nanos) = match seconds.as_float() {
        Some(float) => {
            if !float.is_finite() || float.abs() > 9.2e18 {
                raise!(py, OverflowError, "timestamp out of range for platform time_t");
            }
            let whole = float.floor();
            (whole as i64, ((float - whole) * 1e9) as u32)
        }
        None => {
            let index = py.index(seconds)?;
            match py.int_to_i64(index) {
                Some(whole) => (whole, 0),
                None => raise!(py, OverflowError, "timestamp out of range for platform time_t"),
            }
        }
    };
    Ok(Moment { seconds: whole, nanos: nanos.min(999_999_999) })
}

/// Nanoseconds as an int.
fn moment_ns(py: &mut Py, nanoseconds: Value) -> Result<Moment> {
    let index = py.index(nanoseconds)?;
    let Some(nanoseconds) = py.int_to_i64(index) else { raise!(py, OverflowError, "timestamp out of range for platform time_t") };
    let nanoseconds = i128::from(nanoseconds);
    Ok(Moment { seconds: nanoseconds.div_euclid(NANOS) as i64, nanos: nanoseconds.rem_euclid(NANOS) as u32 })
}

fn pair_of(py: &mut Py, value: Value, name: &str) -> Result<[Value; 2]> {
    match Gc::<Tuple>::cast(py, value).map(|tuple| tuple.get(py).items().to_vec()).as_deref() {
        Some([first, second]) => Ok([*first, *second]),
        _ => raise!(
            py,
            TypeError,
            "utime: '{name}' must be {}",
            if name == "ns" { "a tuple of two ints" } else { "either a tuple of two ints or None" }
        ),
    }
}

fn statvfs_result(py: &mut Py, found: &StatVfs) -> Result {
    let numbers = [
        found.bsize,
        found.frsize,
        found.blocks,
        found.bfree,
        found.bavail,
        found.files,
        found.ffree,
        found.favail,
        found.flag,
        found.namemax,
    ];
    let mut items = RootVec::new(&mut py.heap);
    for number in numbers {
        items.push(py.new_int_u64(number));
    }
    let result = instance(py, "statvfs_result", &items)?;
    let (name, fsid) = (py.intern("f_fsid"), py.new_int_u64(found.fsid));
    py.set_attr(result, name, Some(fsid))?;
    Ok(result)
}

#[pymodule(name = "posix", part)]
pub mod nodes {
    use super::*;

    pub const XATTR_CREATE: i64 = 1;
    pub const XATTR_REPLACE: i64 = 2;
    pub const XATTR_SIZE_MAX: i64 = 65536;
    pub const ST_RDONLY: i64 = 1;
    pub const ST_NOSUID: i64 = 2;
    pub const ST_NODEV: i64 = 4;
    pub const ST_NOEXEC: i64 = 8;
    pub const ST_SYNCHRONOUS: i64 = 16;
    pub const ST_MANDLOCK: i64 = 64;
    pub const ST_WRITE: i64 = 128;
    pub const ST_APPEND: i64 = 256;
    pub const ST_NOATIME: i64 = 1024;
    pub const ST_NODIRATIME: i64 = 2048;
    pub const ST_RELATIME: i64 = 4096;

    /// Change the owner and group id of path to the numeric uid and gid.
    #[pyfunction]
    #[signature(path, uid, gid, *, dir_fd=None, follow_symlinks=True)]
    fn chown(py: &mut Py, path: Value, uid: i64, gid: i64, dir_fd: Option<i32>, follow_symlinks: bool) -> Result<()> {
        let ids = [py.new_int(uid), py.new_int(gid)];
        py.audit("os.chown", &[path, ids[0], ids[1], directory(dir_fd)])?;
        let (uid, gid) = (owner(py, uid, "uid")?, owner(py, gid, "gid")?);
        match place(py, "chown", path)? {
            Place::Path(name) => host_call(py, Some(path), |host| host.chown(&name, uid, gid, dir_fd, follow_symlinks)),
            Place::Descriptor(fd) => host_call(py, Some(path), |host| host.fchown(fd, uid, gid)),
        }
    }

    /// Change the owner and group id of path to the numeric uid and gid, without following symbolic links.
    #[pyfunction]
    #[signature(path, uid, gid)]
    fn lchown(py: &mut Py, path: Value, uid: i64, gid: i64) -> Result<()> {
        let ids = [py.new_int(uid), py.new_int(gid)];
        py.audit("os.chown", &[path, ids[0], ids[1], directory(None)])?;
        let (uid, gid) = (owner(py, uid, "uid")?, owner(py, gid, "gid")?);
        let name = path_bytes(py, "lchown", path)?;
        host_call(py, Some(path), |host| host.chown(&name, uid, gid, None, false))
    }

    /// Change the owner and group id of the file specified by file descriptor.
    #[pyfunction]
    #[signature(fd, uid, gid)]
    fn fchown(py: &mut Py, fd: i32, uid: i64, gid: i64) -> Result<()> {
        let ids = [py.new_int(uid), py.new_int(gid)];
        py.audit("os.chown", &[Value::small(fd), ids[0], ids[1], directory(None)])?;
        let (uid, gid) = (owner(py, uid, "uid")?, owner(py, gid, "gid")?);
        host_call(py, None, |host| host.fchown(fd, uid, gid))
    }

    /// Change the access permissions of the file given by file descriptor fd.
    #[pyfunction]
    #[signature(fd, mode)]
    fn fchmod(py: &mut Py, fd: i32, mode: i32) -> Result<()> {
        py.audit("os.chmod", &[Value::small(fd), Value::small(mode), directory(None)])?;
        host_call(py, None, |host| host.fchmod(fd, mode as u32))
    }

    /// Set the access and modified time of path.
    #[pyfunction]
    #[signature(path, times=None, *, ns=<unrepresentable>, dir_fd=None, follow_symlinks=True)]
    fn utime(py: &mut Py, path: Value, times: Option<Value>, ns: Option<Value>, dir_fd: Option<i32>, follow_symlinks: bool) -> Result<()> {
        py.audit("os.utime", &[path, times.unwrap_or(Value::NONE), ns.unwrap_or(Value::NONE), directory(dir_fd)])?;
        let moments = match (times, ns) {
            (Some(_), Some(_)) => raise!(py, ValueError, "utime: you may specify either 'times' or 'ns' but not both"),
            (Some(times), None) => {
                let [access, modified] = pair_of(py, times, "times")?;
                Some((moment(py, access)?, moment(py, modified)?))
            }
            (None, Some(ns)) => {
                let [access, modified] = pair_of(py, ns, "ns")?;
                Some((moment_ns(py, access)?, moment_ns(py, modified)?))
            }
            (None, None) => None,
        };
        match place(py, "utime", path)? {
            Place::Path(name) => host_call(py, Some(path), |host| host.utime(&name, moments, dir_fd, follow_symlinks)),
            Place::Descriptor(fd) => host_call(py, Some(path), |host| host.futime(fd, moments)),
        }
    }

    /// Create a hard link to a file.
    #[pyfunction]
    #[signature(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)]
    fn link(py: &mut Py, src: Value, dst: Value, src_dir_fd: Option<i32>, dst_dir_fd: Option<i32>, follow_symlinks: bool) -> Result<()> {
        py.audit("os.link", &[src, dst, directory(src_dir_fd), directory(dst_dir_fd)])?;
        let (from, to) = (path_bytes(py, "link", src)?, path_bytes(py, "link", dst)?);
        host_call_two(py, Some(src), Some(dst), |host| host.link(&from, &to, src_dir_fd, dst_dir_fd, follow_symlinks))
    }

    /// Truncate a file, specified by path, to a specific length.
    #[pyfunction]
    #[signature(path, length)]
    fn truncate(py: &mut Py, path: Value, length: i64) -> Result<()> {
        let size = py.new_int(length);
        py.audit("os.truncate", &[path, size])?;
        match place(py, "truncate", path)? {
            Place::Path(name) => host_call(py, Some(path), |host| host.truncate(&name, length)),
            Place::Descriptor(fd) => host_call(py, Some(path), |host| host.ftruncate(fd, length)),
        }
    }

    /// Create a "fifo" (a POSIX named pipe).
    #[pyfunction]
    #[signature(path, mode=438, *, dir_fd=None)]
    fn mkfifo(py: &mut Py, path: Value, mode: i32, dir_fd: Option<i32>) -> Result<()> {
        let name = path_bytes(py, "mkfifo", path)?;
        host_call(py, Some(path), |host| host.mkfifo(&name, mode as u32, dir_fd))
    }

    /// Create a node in the file system.
    #[pyfunction]
    #[signature(path, mode=384, device=0, *, dir_fd=None)]
    fn mknod(py: &mut Py, path: Value, mode: i32, device: u64, dir_fd: Option<i32>) -> Result<()> {
        let name = path_bytes(py, "mknod", path)?;
        host_call(py, Some(path), |host| host.mknod(&name, mode as u32, device, dir_fd))
    }

    /// Extracts a device major number from a raw device number.
    #[pyfunction]
    #[signature(device, /)]
    fn major(device: u64) -> u64 {
        (device >> 8 & 0xFFF) | (device >> 32 & !0xFFF)
    }

    /// Extracts a device minor number from a raw device number.
    #[pyfunction]
    #[signature(device, /)]
    fn minor(device: u64) -> u64 {
        (device & 0xFF) | (device >> 12 & !0xFF)
    }

    /// Composes a raw device number from the major and minor device numbers.
    #[pyfunction]
    #[signature(major, minor, /)]
    fn makedev(major: u64, minor: u64) -> u64 {
        (major & 0xFFF) << 8 | (major & !0xFFF) << 32 | (minor & 0xFF) | (minor & !0xFF) << 12
    }

    /// Change to the directory of the given file descriptor.
    #[pyfunction]
    #[signature(fd)]
    fn fchdir(py: &mut Py, fd: i32) -> Result<()> {
        py.audit("os.chdir", &[Value::small(fd)])?;
        host_call(py, None, |host| host.fchdir(fd))
    }

    /// Change root directory to path.
    #[pyfunction]
    #[signature(path)]
    fn chroot(py: &mut Py, path: Value) -> Result<()> {
        let name = path_bytes(py, "chroot", path)?;
        host_call(py, Some(path), |host| host.chroot(&name))
    }

    /// Perform a statvfs system call on the given path.
    #[pyfunction]
    #[signature(path)]
    fn statvfs(py: &mut Py, path: Value) -> Result {
        let found = match place(py, "statvfs", path)? {
            Place::Path(name) => host_call(py, Some(path), |host| host.statvfs(&name))?,
            Place::Descriptor(fd) => host_call(py, Some(path), |host| host.fstatvfs(fd))?,
        };
        statvfs_result(py, &found)
    }

    /// Perform an fstatvfs system call on the given fd.
    #[pyfunction]
    #[signature(fd, /)]
    fn fstatvfs(py: &mut Py, fd: i32) -> Result {
        let found = host_call(py, None, |host| host.fstatvfs(fd))?;
        statvfs_result(py, &found)
    }

    /// Return the value of extended attribute attribute on path.
    #[pyfunction]
    #[signature(path, attribute, *, follow_symlinks=True)]
    fn getxattr(py: &mut Py, path: Value, attribute: Value, follow_symlinks: bool) -> Result {
        py.audit("os.getxattr", &[path, attribute])?;
        let (name, attribute) = (path_bytes(py, "getxattr", path)?, path_bytes(py, "getxattr", attribute)?);
        let value = host_call(py, Some(path), |host| host.getxattr(&name, &attribute, follow_symlinks))?;
        Ok(py.new_bytes(&value).into())
    }

    /// Set extended attribute attribute on path to value.
    #[pyfunction]
    #[signature(path, attribute, value, flags=0, *, follow_symlinks=True)]
    fn setxattr(py: &mut Py, path: Value, attribute: Value, value: BytesLike, flags: i32, follow_symlinks: bool) -> Result<()> {
        if py.is_audited() {
            let bytes = value.get(py).to_vec();
            let bytes = py.new_bytes(&bytes).into();
            py.audit("os.setxattr", &[path, attribute, bytes, Value::small(flags)])?;
        }
        let (name, attribute) = (path_bytes(py, "setxattr", path)?, path_bytes(py, "setxattr", attribute)?);
        let bytes = value.get(py).to_vec();
        host_call(py, Some(path), |host| host.setxattr(&name, &attribute, &bytes, flags, follow_symlinks))
    }

    /// Remove extended attribute attribute on path.
    #[pyfunction]
    #[signature(path, attribute, *, follow_symlinks=True)]
    fn removexattr(py: &mut Py, path: Value, attribute: Value, follow_symlinks: bool) -> Result<()> {
        py.audit("os.removexattr", &[path, attribute])?;
        let (name, attribute) = (path_bytes(py, "removexattr", path)?, path_bytes(py, "removexattr", attribute)?);
        host_call(py, Some(path), |host| host.removexattr(&name, &attribute, follow_symlinks))
    }

    /// Return a list of extended attributes on path.
    #[pyfunction]
    #[signature(path=None, *, follow_symlinks=True)]
    fn listxattr(py: &mut Py, path: Option<Value>, follow_symlinks: bool) -> Result<Gc<List>> {
        py.audit("os.listxattr", &[path.unwrap_or(Value::NONE)])?;
        let path = match path {
            Some(path) => path,
            None => py.new_str(".").into(),
        };
        let name = path_bytes(py, "listxattr", path)?;
        let found = host_call(py, Some(path), |host| host.listxattr(&name, follow_symlinks))?;
        let mut names = RootVec::new(&mut py.heap);
        for name in &found {
            let name = fs_decode(py, name);
            names.push(name.into());
        }
        py.new_list(&names)
    }
}
