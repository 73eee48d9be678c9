//! Functions on descriptors.

use super::stat_result::{instance, stat_result};
use crate::os_error::{host_call, path_bytes};
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;

/// What one read may ask for at most, as on Linux.
const READ_MAX: usize = 0x7fff_f000;

#[pymodule(name = "posix", part)]
pub mod files {
    use super::*;

    /// Open a file for low level IO.  Returns a file descriptor (integer).
    #[pyfunction]
    #[signature(path, flags, mode=511, *, dir_fd=None)]
    fn open(py: &mut Py, path: Value, flags: i32, mode: i32, dir_fd: Option<i32>) -> Result<i32> {
        py.audit("open", &[path, Value::NONE, Value::small(flags | 0x80000)])?;
        let name = path_bytes(py, "open", path)?;
        host_call(py, Some(path), |host| host.open(&name, flags | 0x80000, mode as u32, dir_fd))
    }

    /// Close a file descriptor.
    #[pyfunction]
    #[signature(fd)]
    fn close(py: &mut Py, fd: i32) -> Result<()> {
        host_call(py, None, |host| host.close(fd))
    }

    /// Read from a file descriptor.  Returns a bytes object.
    #[pyfunction]
    #[signature(fd, length, /)]
    fn read(py: &mut Py, fd: i32, length: isize) -> Result {
        let Ok(length) = usize::try_from(length) else {
            return Err(crate::os_error::os_error(py, bredli_host::HostError::new(22), None, None));
        };
        let mut buffer = Vec::new();
        if buffer.try_reserve_exact(length.min(READ_MAX)).is_err() {
            return Err(py.no_memory());
        }
        buffer.resize(length.min(READ_MAX), 0);
        let count = host_call(py, None, |host| host.read(fd, &mut buffer))?;
        Ok(py.new_bytes(&buffer[..count]).into())
    }

    /// Write a bytes object to a file descriptor.
    #[pyfunction]
    #[signature(fd, data, /)]
    fn write(py: &mut Py, fd: i32, data: BytesLike) -> Result<usize> {
        let bytes = data.get(py).to_vec();
        host_call(py, None, |host| host.write(fd, &bytes[..bytes.len().min(READ_MAX)]))
    }

    /// Set the position of a file descriptor.  Return the new position.
    #[pyfunction]
    #[signature(fd, position, whence, /)]
    fn lseek(py: &mut Py, fd: i32, position: i64, whence: i32) -> Result<i64> {
        host_call(py, None, |host| host.lseek(fd, position, whence))
    }

    /// Perform a stat system call on the given file descriptor.
    #[pyfunction]
    #[signature(fd)]
    fn fstat(py: &mut Py, fd: i32) -> Result {
        let found = host_call(py, None, |host| host.fstat(fd))?;
        stat_result(py, &found)
    }

    /// Return a duplicate of a file descriptor.
    #[pyfunction]
    #[signature(fd, /)]
    fn dup(py: &mut Py, fd: i32) -> Result<i32> {
        host_call(py, None, |host| host.dup(fd))
    }

    /// Duplicate file descriptor.
    #[pyfunction]
    #[signature(fd, fd2, inheritable=True)]
    fn dup2(py: &mut Py, fd: i32, fd2: i32, inheritable: bool) -> Result<i32> {
        host_call(py, None, |host| host.dup2(fd, fd2, inheritable))
    }

    /// Create a pipe.
    ///
    /// Returns a tuple of two file descriptors:
    ///   (read_fd, write_fd)
    #[pyfunction]
    #[signature()]
    fn pipe(py: &mut Py) -> Result<(i32, i32)> {
        host_call(py, None, |host| host.pipe(0x80000))
    }

    /// Truncate a file, specified by file descriptor, to a specific length.
    #[pyfunction]
    #[signature(fd, length, /)]
    fn ftruncate(py: &mut Py, fd: i32, length: i64) -> Result<()> {
        let size = py.new_int(length);
        py.audit("os.truncate", &[Value::small(fd), size])?;
        host_call(py, None, |host| host.ftruncate(fd, length))
    }

    /// Force write of fd to disk.
    #[pyfunction]
    #[signature(fd)]
    fn fsync(py: &mut Py, fd: i32) -> Result<()> {
        host_call(py, None, |host| host.fsync(fd))
    }

    /// Return True if the fd is connected to a terminal.
    #[pyfunction]
    #[signature(fd, /)]
    fn isatty(py: &mut Py, fd: i32) -> bool {
        py.host.isatty(fd).unwrap_or(false)
    }

    /// Get the close-on-exe flag of the specified file descriptor.
    #[pyfunction]
    #[signature(fd, /)]
    fn get_inheritable(py: &mut Py, fd: i32) -> Result<bool> {
        host_call(py, None, |host| host.inheritable(fd))
    }

    /// Set the inheritable flag of the specified file descriptor.
    #[pyfunction]
    #[signature(fd, inheritable, /)]
    fn set_inheritable(py: &mut Py, fd: i32, inheritable: bool) -> Result<()> {
        host_call(py, None, |host| host.set_inheritable(fd, inheritable))
    }

    /// Return the size of the terminal window as (columns, lines).
    ///
    /// The optional argument fd (default standard output) specifies
    /// which file descriptor should be queried.
    #[pyfunction]
    #[signature(fd=<unrepresentable>, /)]
    fn get_terminal_size(py: &mut Py, fd: Option<i32>) -> Result {
        let (columns, lines) = host_call(py, None, |host| host.terminal_size(fd.unwrap_or(1)))?;
        instance(py, "terminal_size", &[Value::small(i32::from(columns)), Value::small(i32::from(lines))])
    }
}
