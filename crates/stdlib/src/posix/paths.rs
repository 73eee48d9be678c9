//! Functions on names in the file tree.

use super::stat_result::stat_result;
use crate::os_error::{fs_decode, fs_encode, fspath, host_call, host_call_two, path_bytes};
use bredli_runtime::prelude::*;

/// A path or a descriptor.
pub enum Place {
    /// A name, as the operating system takes it.
    Path(Vec<u8>),
    /// An open file.
    Descriptor(i32),
}

/// Convert an argument that can be a path or a descriptor.
pub fn place(py: &mut Py, function: &str, value: Value) -> Result<Place> {
    if py.is_int(value) {
        let Some(fd) = py.int_to_i64(value).and_then(|fd| i32::try_from(fd).ok()) else {
            raise!(py, OverflowError, "fd is greater than maximum");
        };
        return Ok(Place::Descriptor(fd));
    }
    let is_path = py.is_str(value) || py.bytes_like(value).is_some() || {
        let (class, name) = (py.class_of(value), py.names.__fspath__);
        py.type_lookup(class, name).is_some()
    };
    if !is_path {
        let class = py.class_name(value);
        raise!(py, TypeError, "{function}: path should be string, bytes, os.PathLike or integer, not {class}");
    }
    Ok(Place::Path(path_bytes(py, function, value)?))
}

/// A `dir_fd` argument as audit events show it.
pub fn directory(dir_fd: Option<i32>) -> Value {
    Value::small(dir_fd.unwrap_or(-1))
}

/// `bytes` for a question asked in bytes, text otherwise.
pub fn answer(py: &mut Py, asked: Value, bytes: &[u8]) -> Value {
    if py.bytes_like(asked).is_some() { py.new_bytes(bytes).into() } else { fs_decode(py, bytes).into() }
}

/// The leading separators that mean the root (two stay two), and where what follows the root starts.
fn root_len(path: &[u8]) -> usize {
    let slashes = path.iter().take_while(|byte| **byte == b'/').count();
    if slashes == 2 { 2 } else { slashes.min(1) }
}

/// The path without empty and `.` components and with `..` resolved by name.
fn normal(path: &[u8]) -> Vec<u8> {
    let root = root_len(path);
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path[root..].split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => {
                parts.pop();
            }
            b".." if root > 0 => {}
            _ => parts.push(part),
        }
    }
    let mut normal = path[..root].to_vec();
    normal.extend_from_slice(&parts.join(&b'/'));
    if normal.is_empty() { b".".to_vec() } else { normal }
}

#[pymodule(name = "posix", part)]
pub mod paths {
    use super::*;

    /// Perform a stat system call on the given path.
    #[pyfunction]
    #[signature(path, *, dir_fd=None, follow_symlinks=True)]
    fn stat(py: &mut Py, path: Value, dir_fd: Option<i32>, follow_symlinks: bool) -> Result {
        let found = match place(py, "stat", path)? {
            Place::Path(name) => host_call(py, Some(path), |host| host.stat(&name, dir_fd, follow_symlinks))?,
            Place::Descriptor(fd) => host_call(py, Some(path), |host| host.fstat(fd))?,
        };
        stat_result(py, &found)
    }

    /// Perform a stat system call on the given path, without following symbolic links.
    #[pyfunction]
    #[signature(path, *, dir_fd=None)]
    fn lstat(py: &mut Py, path: Value, dir_fd: Option<i32>) -> Result {
        let name = path_bytes(py, "lstat", path)?;
        let found = host_call(py, Some(path), |host| host.stat(&name, dir_fd, false))?;
        stat_result(py, &found)
    }

    /// Return a list containing the names of the files in the directory.
    #[pyfunction]
    #[signature(path=None)]
    fn listdir(py: &mut Py, path: Option<Value>) -> Result {
        py.audit("os.listdir", &[path.unwrap_or(Value::NONE)])?;
        let shown = match path {
            Some(path) => path,
            None => py.new_str(".").into(),
        };
        let entries = match place(py, "listdir", shown)? {
            Place::Path(name) => host_call(py, Some(shown), |host| host.scandir(&name))?,
            Place::Descriptor(fd) => host_call(py, Some(shown), |host| host.scandir_fd(fd))?,
        };
        let shown = fspath_or_same(py, shown)?;
        let mut names = RootVec::new(&mut py.heap);
        for entry in &entries {
            let name = answer(py, shown, &entry.name);
            names.push(name);
        }
        Ok(py.new_list(&names)?.into())
    }

    fn fspath_or_same(py: &mut Py, path: Value) -> Result {
        if py.is_int(path) { Ok(path) } else { super::fspath(py, path) }
    }

    /// Return a unicode string representing the current working directory.
    #[pyfunction]
    #[signature()]
    fn getcwd(py: &mut Py) -> Result<Gc<Str>> {
        let path = host_call(py, None, |host| host.getcwd())?;
        Ok(fs_decode(py, &path))
    }

    /// Return a bytes string representing the current working directory.
    #[pyfunction]
    #[signature()]
    fn getcwdb(py: &mut Py) -> Result {
        let path = host_call(py, None, |host| host.getcwd())?;
        Ok(py.new_bytes(&path).into())
    }

    /// Change the current working directory to the specified path.
    #[pyfunction]
    #[signature(path)]
    fn chdir(py: &mut Py, path: Value) -> Result<()> {
        py.audit("os.chdir", &[path])?;
        match place(py, "chdir", path)? {
            Place::Path(name) => host_call(py, Some(path), |host| host.chdir(&name)),
            Place::Descriptor(fd) => host_call(py, Some(path), |host| host.fchdir(fd)),
        }
    }

    /// Create a directory.
    #[pyfunction]
    #[signature(path, mode=511, *, dir_fd=None)]
    fn mkdir(py: &mut Py, path: Value, mode: i32, dir_fd: Option<i32>) -> Result<()> {
        py.audit("os.mkdir", &[path, Value::small(mode), directory(dir_fd)])?;
        let name = path_bytes(py, "mkdir", path)?;
        host_call(py, Some(path), |host| host.mkdir(&name, mode as u32, dir_fd))
    }

    /// Remove a directory.
    #[pyfunction]
    #[signature(path, *, dir_fd=None)]
    fn rmdir(py: &mut Py, path: Value, dir_fd: Option<i32>) -> Result<()> {
        py.audit("os.rmdir", &[path, directory(dir_fd)])?;
        let name = path_bytes(py, "rmdir", path)?;
        host_call(py, Some(path), |host| host.rmdir(&name, dir_fd))
    }

    /// Remove a file.
    #[pyfunction]
    #[pyname("unlink", "remove")]
    #[signature(path, *, dir_fd=None)]
    fn unlink(py: &mut Py, path: Value, dir_fd: Option<i32>) -> Result<()> {
        py.audit("os.remove", &[path, directory(dir_fd)])?;
        let name = path_bytes(py, "unlink", path)?;
        host_call(py, Some(path), |host| host.unlink(&name, dir_fd))
    }

    /// Rename a file or directory.
    #[pyfunction]
    #[pyname("rename", "replace")]
    #[signature(src, dst, *, src_dir_fd=None, dst_dir_fd=None)]
    fn rename(py: &mut Py, src: Value, dst: Value, src_dir_fd: Option<i32>, dst_dir_fd: Option<i32>) -> Result<()> {
        py.audit("os.rename", &[src, dst, directory(src_dir_fd), directory(dst_dir_fd)])?;
        let (from, to) = (path_bytes(py, "rename", src)?, path_bytes(py, "rename", dst)?);
        host_call_two(py, Some(src), Some(dst), |host| host.rename(&from, &to, src_dir_fd, dst_dir_fd))
    }

    /// Return a string representing the path to which the symbolic link points.
    #[pyfunction]
    #[signature(path, *, dir_fd=None)]
    fn readlink(py: &mut Py, path: Value, dir_fd: Option<i32>) -> Result {
        let name = path_bytes(py, "readlink", path)?;
        let target = host_call(py, Some(path), |host| host.readlink(&name, dir_fd))?;
        let path = super::fspath(py, path)?;
        Ok(answer(py, path, &target))
    }

    /// Create a symbolic link pointing to src named dst.
    #[pyfunction]
    #[signature(src, dst, target_is_directory=False, *, dir_fd=None)]
    fn symlink(py: &mut Py, src: Value, dst: Value, target_is_directory: bool, dir_fd: Option<i32>) -> Result<()> {
        py.audit("os.symlink", &[src, dst, directory(dir_fd)])?;
        let _ = target_is_directory;
        let (target, name) = (path_bytes(py, "symlink", src)?, path_bytes(py, "symlink", dst)?);
        host_call_two(py, Some(src), Some(dst), |host| host.symlink(&target, &name, dir_fd))
    }

    /// Change the access permissions of a file.
    #[pyfunction]
    #[signature(path, mode, *, dir_fd=None, follow_symlinks=True)]
    fn chmod(py: &mut Py, path: Value, mode: i32, dir_fd: Option<i32>, follow_symlinks: bool) -> Result<()> {
        py.audit("os.chmod", &[path, Value::small(mode), directory(dir_fd)])?;
        match place(py, "chmod", path)? {
            Place::Path(name) => host_call(py, Some(path), |host| host.chmod(&name, mode as u32, dir_fd, follow_symlinks)),
            Place::Descriptor(fd) => host_call(py, Some(path), |host| host.fchmod(fd, mode as u32)),
        }
    }

    /// Use the real uid/gid to test for access to a path.
    #[pyfunction]
    #[signature(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)]
    fn access(py: &mut Py, path: Value, mode: i32, dir_fd: Option<i32>, effective_ids: bool, follow_symlinks: bool) -> Result<bool> {
        let name = path_bytes(py, "access", path)?;
        let allowed = py.host.access(&name, mode, dir_fd, effective_ids, follow_symlinks);
        Ok(allowed.unwrap_or(false))
    }

    /// Return the file system path representation of the object.
    #[pyfunction]
    #[pyname("fspath")]
    #[signature(path)]
    fn file_system_path(py: &mut Py, path: Value) -> Result {
        super::fspath(py, path)
    }

    /// Split a pathname into drive, root and tail.
    #[pyfunction]
    #[signature(p)]
    fn _path_splitroot_ex(py: &mut Py, p: Value) -> Result {
        let path = super::fspath(py, p)?;
        let bytes = path_name(py, path)?;
        let root = root_len(&bytes);
        let (drive, start, tail) = (answer(py, path, b""), answer(py, path, &bytes[..root]), answer(py, path, &bytes[root..]));
        Ok(py.new_tuple(&[drive, start, tail]).into())
    }

    /// Normalize path, eliminating double slashes, etc.
    #[pyfunction]
    #[signature(path)]
    fn _path_normpath(py: &mut Py, path: Value) -> Result {
        let path = super::fspath(py, path)?;
        let bytes = path_name(py, path)?;
        Ok(answer(py, path, &normal(&bytes)))
    }

    /// The bytes of a name that is only taken apart.
    fn path_name(py: &mut Py, path: Value) -> Result<Vec<u8>> {
        match Gc::<Str>::cast(py, path) {
            Some(text) => fs_encode(py, text),
            None => Ok(py.bytes_like(path).unwrap_or_default()),
        }
    }
}
