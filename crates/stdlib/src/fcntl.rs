//! `fcntl`: control of descriptors, locks.
//!
//! Counterpart: `Modules/fcntlmodule.c`.

use crate::os_error::host_call;
use bredli_host::Locked;
use bredli_runtime::buffer::{BufferMut, BytesLike};
use bredli_runtime::prelude::*;

/// The descriptor of an int or an object with `fileno()`.
pub fn descriptor(py: &mut Py, value: Value) -> Result<i32> {
    let number = if py.is_int(value) {
        value
    } else {
        let fileno = py.intern("fileno");
        match py.lookup_attr(value, fileno)? {
            Some(fileno) => py.call(fileno, &[])?,
            None => raise!(py, TypeError, "argument must be an int, or have a fileno() method."),
        }
    };
    match py.int_to_i64(number) {
        Some(fd) if fd < 0 => raise!(py, ValueError, "file descriptor cannot be a negative integer ({fd})"),
        Some(fd) if fd <= i64::from(i32::MAX) => Ok(fd as i32),
        _ => raise!(py, TypeError, "fileno() returned a non-integer"),
    }
}

/// The longest structure that is passed.
const LONGEST: usize = 1024;

/// The argument as a number, when it is one.
fn number(py: &mut Py, arg: Option<Value>) -> Result<Option<i64>> {
    match arg {
        None => Ok(Some(0)),
        Some(arg) if py.is_int(arg) => match py.int_to_i64(arg) {
            Some(number) => Ok(Some(number)),
            None => raise!(py, OverflowError, "Python int too large to convert to C int"),
        },
        Some(_) => Ok(None),
    }
}

/// The bytes of an argument that is no number: text as UTF-8, or anything bytes-like.
fn data(py: &mut Py, function: &str, arg: Value) -> Result<Vec<u8>> {
    if let Some(text) = Gc::<Str>::cast(py, arg) {
        return match text.get(py).to_str() {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => Err(py.surrogates_not_allowed(text)),
        };
    }
    match BytesLike::try_new(py, arg)? {
        Some(bytes) => Ok(bytes.get(py).to_vec()),
        None => {
            let class = py.class_name(arg);
            raise!(py, TypeError, "{function}() argument 3 must be an integer, a bytes-like object, or a string, not {class}")
        }
    }
}

/// This module performs file control and I/O control on file
/// descriptors.  It is an interface to the fcntl() and ioctl() Unix
/// routines.  File descriptors can be obtained with the fileno() method of
/// a file or socket object.
#[pymodule(name = "fcntl")]
pub mod fcntl {
    use super::*;

    pub const LOCK_SH: i64 = 1;
    pub const LOCK_EX: i64 = 2;
    pub const LOCK_NB: i64 = 4;
    pub const LOCK_UN: i64 = 8;
    pub const LOCK_MAND: i64 = 32;
    pub const LOCK_READ: i64 = 64;
    pub const LOCK_WRITE: i64 = 128;
    pub const LOCK_RW: i64 = 192;
    pub const F_DUPFD: i64 = 0;
    pub const F_DUPFD_CLOEXEC: i64 = 1030;
    pub const F_GETFD: i64 = 1;
    pub const F_SETFD: i64 = 2;
    pub const F_GETFL: i64 = 3;
    pub const F_SETFL: i64 = 4;
    pub const F_GETLK: i64 = 5;
    pub const F_SETLK: i64 = 6;
    pub const F_SETLKW: i64 = 7;
    pub const F_GETLK64: i64 = 5;
    pub const F_SETLK64: i64 = 6;
    pub const F_SETLKW64: i64 = 7;
    pub const F_OFD_GETLK: i64 = 36;
    pub const F_OFD_SETLK: i64 = 37;
    pub const F_OFD_SETLKW: i64 = 38;
    pub const F_SETOWN: i64 = 8;
    pub const F_GETOWN: i64 = 9;
    pub const F_SETSIG: i64 = 10;
    pub const F_GETSIG: i64 = 11;
    pub const F_RDLCK: i64 = 0;
    pub const F_WRLCK: i64 = 1;
    pub const F_UNLCK: i64 = 2;
    pub const F_EXLCK: i64 = 4;
    pub const F_SHLCK: i64 = 8;
    pub const FASYNC: i64 = 8192;
    pub const F_SETLEASE: i64 = 1024;
    pub const F_GETLEASE: i64 = 1025;
    pub const F_NOTIFY: i64 = 1026;
    pub const F_SETPIPE_SZ: i64 = 1031;
    pub const F_GETPIPE_SZ: i64 = 1032;
    pub const F_ADD_SEALS: i64 = 1033;
    pub const F_GET_SEALS: i64 = 1034;
    pub const F_SEAL_SEAL: i64 = 1;
    pub const F_SEAL_SHRINK: i64 = 2;
    pub const F_SEAL_GROW: i64 = 4;
    pub const F_SEAL_WRITE: i64 = 8;
    pub const FD_CLOEXEC: i64 = 1;
    pub const FICLONE: i64 = 1_074_041_865;
    pub const FICLONERANGE: i64 = 1_075_876_877;

    /// Perform the operation `cmd` on file descriptor fd.
    ///
    /// The values used for `cmd` are operating system dependent, and are available
    /// as constants in the fcntl module, using the same names as used in the relevant C
    /// header files.  The argument arg is optional, and defaults to 0; it may be an
    /// int or a string or bytes-like object.
    #[pyfunction]
    #[signature(fd, cmd, arg=<unrepresentable>, /)]
    fn fcntl(py: &mut Py, fd: Value, cmd: i32, arg: Option<Value>) -> Result {
        let fd = descriptor(py, fd)?;
        py.audit("fcntl.fcntl", &[Value::small(fd), Value::small(cmd), arg.unwrap_or(Value::NONE)])?;
        if let Some(number) = number(py, arg)? {
            let result = host_call(py, None, |host| host.fcntl(fd, cmd, number))?;
            return Ok(Value::small(result));
        }
        let mut data = data(py, "fcntl", arg.unwrap_or(Value::NONE))?;
        if data.len() > LONGEST {
            raise!(py, ValueError, "fcntl argument 3 is too long");
        }
        host_call(py, None, |host| host.fcntl_bytes(fd, cmd, &mut data))?;
        Ok(py.new_bytes(&data).into())
    }

    /// Perform the operation request on file descriptor fd.
    ///
    /// The argument arg is optional, and defaults to 0; it may be an int or a
    /// buffer containing character data (most likely a string or an array).
    #[pyfunction]
    #[signature(fd, request, arg=<unrepresentable>, mutate_flag=True, /)]
    fn ioctl(py: &mut Py, fd: Value, request: u64, arg: Option<Value>, mutate_flag: bool) -> Result {
        let fd = descriptor(py, fd)?;
        let code = py.new_int_u64(request);
        py.audit("fcntl.ioctl", &[Value::small(fd), code, arg.unwrap_or(Value::NONE)])?;
        if let Some(number) = number(py, arg)? {
            let result = host_call(py, None, |host| host.ioctl(fd, request, number))?;
            return Ok(Value::small(result));
        }
        let arg = arg.unwrap_or(Value::NONE);
        let target = if mutate_flag { BufferMut::try_new(py, arg)? } else { None };
        let mut data = data(py, "ioctl", arg)?;
        let result = host_call(py, None, |host| host.ioctl_bytes(fd, request, &mut data))?;
        match target {
            Some(target) => {
                let place = target.get_mut(py);
                let count = place.len().min(data.len());
                place[..count].copy_from_slice(&data[..count]);
                Ok(Value::small(result))
            }
            None => Ok(py.new_bytes(&data).into()),
        }
    }

    /// Perform the lock operation on file descriptor fd.
    #[pyfunction]
    #[signature(fd, operation, /)]
    fn flock(py: &mut Py, fd: Value, operation: i32) -> Result<()> {
        let fd = descriptor(py, fd)?;
        py.audit("fcntl.flock", &[Value::small(fd), Value::small(operation)])?;
        host_call(py, None, |host| host.flock(fd, operation))
    }

    /// A wrapper around the fcntl() locking calls.
    #[pyfunction]
    #[signature(fd, cmd, len=0, start=0, whence=0, /)]
    fn lockf(py: &mut Py, fd: Value, cmd: i32, len: i64, start: i64, whence: i32) -> Result<()> {
        let fd = descriptor(py, fd)?;
        let kind = match cmd {
            _ if cmd & 8 != 0 => 2,
            _ if cmd & 1 != 0 => 0,
            _ if cmd & 2 != 0 => 1,
            _ => raise!(py, ValueError, "unrecognized lockf argument"),
        };
        let (from, count) = (py.new_int(start), py.new_int(len));
        py.audit("fcntl.lockf", &[Value::small(fd), Value::small(cmd), count, from, Value::small(whence)])?;
        let range = Locked { kind, whence: whence as i16, start, length: len };
        host_call(py, None, |host| host.lock_range(fd, range, cmd & 4 == 0))
    }
}
