//! Reading and writing at positions and into several buffers, copying, locking, modes of descriptors.

use crate::os_error::{host_call, os_error, path_bytes};
use bredli_host::HostError;
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;
use std::io::IoSlice;

const EINVAL: i32 = 22;

/// The bytes to write.
fn data(py: &mut Py, value: Value) -> Result<Vec<u8>> {
    Ok(BytesLike::new(py, value)?.get(py).to_vec())
}

#[pymodule(name = "posix", part)]
pub mod transfer {
    use super::*;

    pub const F_ULOCK: i64 = 0;
    pub const F_LOCK: i64 = 1;
    pub const F_TLOCK: i64 = 2;
    pub const F_TEST: i64 = 3;
    pub const POSIX_FADV_NORMAL: i64 = 0;
    pub const POSIX_FADV_RANDOM: i64 = 1;
    pub const POSIX_FADV_SEQUENTIAL: i64 = 2;
    pub const POSIX_FADV_WILLNEED: i64 = 3;
    pub const POSIX_FADV_DONTNEED: i64 = 4;
    pub const POSIX_FADV_NOREUSE: i64 = 5;
    pub const EFD_CLOEXEC: i64 = 0x80000;
    pub const EFD_NONBLOCK: i64 = 0x800;
    pub const EFD_SEMAPHORE: i64 = 1;
    pub const MFD_CLOEXEC: i64 = 1;
    pub const MFD_ALLOW_SEALING: i64 = 2;
    pub const MFD_HUGETLB: i64 = 4;

    /// Read a number of bytes from a file descriptor starting at a particular offset.
    #[pyfunction]
    #[signature(fd, length, offset, /)]
    fn pread(py: &mut Py, fd: i32, length: isize, offset: i64) -> Result {
        let Ok(length) = usize::try_from(length) else { return Err(os_error(py, HostError::new(EINVAL), None, None)) };
        let mut buffer = Vec::new();
        if buffer.try_reserve_exact(length).is_err() {
            return Err(py.no_memory());
        }
        buffer.resize(length, 0);
        let count = host_call(py, None, |host| host.pread(fd, &mut buffer, offset))?;
        Ok(py.new_bytes(&buffer[..count]).into())
    }

    /// Write bytes to a file descriptor starting at a particular offset.
    #[pyfunction]
    #[signature(fd, buffer, offset, /)]
    fn pwrite(py: &mut Py, fd: i32, buffer: Value, offset: i64) -> Result<usize> {
        let bytes = data(py, buffer)?;
        host_call(py, None, |host| host.pwrite(fd, &bytes, offset))
    }

    /// Iterate over buffers, and write the contents of each to a file descriptor.
    #[pyfunction]
    #[signature(fd, buffers, /)]
    fn writev(py: &mut Py, fd: i32, buffers: Value) -> Result<usize> {
        let buffers = py.collect_iterable(buffers)?;
        let mut all = Vec::new();
        for buffer in buffers.iter() {
            all.push(data(py, *buffer)?);
        }
        let slices: Vec<IoSlice> = all.iter().map(|bytes| IoSlice::new(bytes)).collect();
        host_call(py, None, |host| host.writev(fd, &slices))
    }

    /// Copy count bytes from file descriptor in_fd to file descriptor out_fd.
    #[pyfunction]
    #[signature(out_fd, in_fd, offset, count)]
    fn sendfile(py: &mut Py, out_fd: i32, in_fd: i32, offset: Option<i64>, count: usize) -> Result<usize> {
        host_call(py, None, |host| host.sendfile(out_fd, in_fd, offset, count))
    }

    /// Copy count bytes from one file descriptor to another.
    #[pyfunction]
    #[signature(src, dst, count, offset_src=None, offset_dst=None)]
    fn copy_file_range(py: &mut Py, src: i32, dst: i32, count: isize, offset_src: Option<i64>, offset_dst: Option<i64>) -> Result<usize> {
        let Ok(count) = usize::try_from(count) else { raise!(py, ValueError, "negative value for 'count' not allowed") };
        host_call(py, None, |host| host.copy_file_range(src, dst, count, offset_src, offset_dst))
    }

    /// Announce an intention to access data in a specific pattern.
    #[pyfunction]
    #[signature(fd, offset, length, advice, /)]
    fn posix_fadvise(py: &mut Py, fd: i32, offset: i64, length: i64, advice: i32) -> Result<()> {
        host_call(py, None, |host| host.fadvise(fd, offset, length, advice))
    }

    /// Ensure a file has allocated at least a particular number of bytes on disk.
    #[pyfunction]
    #[signature(fd, offset, length, /)]
    fn posix_fallocate(py: &mut Py, fd: i32, offset: i64, length: i64) -> Result<()> {
        host_call(py, None, |host| host.fallocate(fd, offset, length))
    }

    /// Closes all file descriptors in [fd_low, fd_high), ignoring errors.
    #[pyfunction]
    #[signature(fd_low, fd_high, /)]
    fn closerange(py: &mut Py, fd_low: i32, fd_high: i32) -> Result<()> {
        host_call(py, None, |host| host.close_range(fd_low, fd_high))
    }

    /// Create a pipe with flags set atomically.
    #[pyfunction]
    #[signature(flags, /)]
    fn pipe2(py: &mut Py, flags: i32) -> Result<(i32, i32)> {
        host_call(py, None, |host| host.pipe(flags))
    }

    /// Get the blocking mode of the file descriptor.
    #[pyfunction]
    #[signature(fd, /)]
    fn get_blocking(py: &mut Py, fd: i32) -> Result<bool> {
        host_call(py, None, |host| host.blocking(fd))
    }

    /// Set the blocking mode of the specified file descriptor.
    #[pyfunction]
    #[signature(fd, blocking, /)]
    fn set_blocking(py: &mut Py, fd: i32, blocking: bool) -> Result<()> {
        host_call(py, None, |host| host.set_blocking(fd, blocking))
    }

    /// Force write of everything to disk.
    #[pyfunction]
    #[signature()]
    fn sync(py: &mut Py) -> Result<()> {
        host_call(py, None, |host| host.sync())
    }

    /// Force write of fd to disk without forcing update of metadata.
    #[pyfunction]
    #[signature(fd)]
    fn fdatasync(py: &mut Py, fd: i32) -> Result<()> {
        host_call(py, None, |host| host.fdatasync(fd))
    }

    /// Return a string describing the encoding of a terminal's file descriptor.
    #[pyfunction]
    #[signature(fd)]
    fn device_encoding(py: &mut Py, fd: i32) -> Option<String> {
        py.host.isatty(fd).unwrap_or(false).then(|| py.config.filesystem_encoding.to_uppercase())
    }

    #[pyfunction]
    #[signature(name, flags = 1)]
    fn memfd_create(py: &mut Py, name: Value, flags: u32) -> Result<i32> {
        let name = path_bytes(py, "memfd_create", name)?;
        host_call(py, None, |host| host.memfd_create(&name, flags))
    }

    /// Creates and returns an event notification file descriptor.
    #[pyfunction]
    #[signature(initval, flags = 524288)]
    fn eventfd(py: &mut Py, initval: u32, flags: i32) -> Result<i32> {
        host_call(py, None, |host| host.eventfd(initval, flags))
    }

    /// Read eventfd value
    #[pyfunction]
    #[signature(fd)]
    fn eventfd_read(py: &mut Py, fd: i32) -> Result<u64> {
        let mut counter = [0; 8];
        host_call(py, None, |host| host.read(fd, &mut counter))?;
        Ok(u64::from_ne_bytes(counter))
    }

    /// Write eventfd value.
    #[pyfunction]
    #[signature(fd, value)]
    fn eventfd_write(py: &mut Py, fd: i32, value: u64) -> Result<()> {
        host_call(py, None, |host| host.write(fd, &value.to_ne_bytes()))?;
        Ok(())
    }

    /// Obtain a list of size bytes of random data.
    #[pyfunction]
    #[signature(size, flags = 0)]
    fn getrandom(py: &mut Py, size: isize, flags: u32) -> Result {
        let Ok(size) = usize::try_from(size) else { return Err(os_error(py, HostError::new(EINVAL), None, None)) };
        let mut bytes = Vec::new();
        if bytes.try_reserve_exact(size).is_err() {
            return Err(py.no_memory());
        }
        bytes.resize(size, 0);
        let count = host_call(py, None, |host| host.getrandom(&mut bytes, flags))?;
        Ok(py.new_bytes(&bytes[..count]).into())
    }
}
