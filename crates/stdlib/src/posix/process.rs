//! Functions on the process and its environment.

use super::stat_result::instance;
use crate::os_error::{fs_decode, host_call, path_bytes};
use bredli_runtime::prelude::*;

/// The environment as bytes, for `posix.environ`; a host that denies it has an empty one.
pub fn environment(py: &mut Py) -> Result<Gc<Dict>> {
    let variables = py.host.environ().unwrap_or_default();
    let environ = py.new_dict();
    for (name, value) in variables {
        let (name, value) = (py.new_bytes(&name), py.new_bytes(&value));
        py.dict_set(environ, name.into(), value.into())?;
    }
    Ok(environ)
}

#[pymodule(name = "posix", part)]
pub mod process {
    use super::*;

    // Nothing in Bredli can set one.
    /// Checks if PyOS_CallInputHook is set
    #[pyfunction]
    #[signature()]
    fn _is_inputhook_installed() -> bool {
        false
    }

    /// Return the current process id.
    #[pyfunction]
    #[signature()]
    fn getpid(py: &mut Py) -> Result<i32> {
        host_call(py, None, |host| host.getpid())
    }

    /// Return the parent's process id.
    #[pyfunction]
    #[signature()]
    fn getppid(py: &mut Py) -> Result<i32> {
        host_call(py, None, |host| host.getppid())
    }

    /// Return the current process's user id.
    #[pyfunction]
    #[signature()]
    fn getuid(py: &mut Py) -> Result<u32> {
        host_call(py, None, |host| host.getuid())
    }

    /// Return the current process's effective user id.
    #[pyfunction]
    #[signature()]
    fn geteuid(py: &mut Py) -> Result<u32> {
        host_call(py, None, |host| host.geteuid())
    }

    /// Return the current process's group id.
    #[pyfunction]
    #[signature()]
    fn getgid(py: &mut Py) -> Result<u32> {
        host_call(py, None, |host| host.getgid())
    }

    /// Return the current process's effective group id.
    #[pyfunction]
    #[signature()]
    fn getegid(py: &mut Py) -> Result<u32> {
        host_call(py, None, |host| host.getegid())
    }

    /// Return a bytes object containing random bytes suitable for cryptographic use.
    #[pyfunction]
    #[signature(size, /)]
    fn urandom(py: &mut Py, size: isize) -> Result {
        let Ok(size) = usize::try_from(size) else { raise!(py, ValueError, "negative argument not allowed") };
        let mut bytes = Vec::new();
        if bytes.try_reserve_exact(size).is_err() {
            return Err(py.no_memory());
        }
        bytes.resize(size, 0);
        host_call(py, None, |host| host.entropy(&mut bytes))?;
        Ok(py.new_bytes(&bytes).into())
    }

    /// Return the number of logical CPUs in the system.
    ///
    /// Return None if indeterminable.
    #[pyfunction]
    #[signature()]
    fn cpu_count(py: &mut Py) -> Option<usize> {
        match py.config.cpu_count {
            Some(count) => Some(count as usize),
            None => py.host.cpu_count().ok(),
        }
    }

    /// Translate an error code to a message string.
    #[pyfunction]
    #[signature(code, /)]
    fn strerror(code: i32) -> String {
        bredli_host::strerror(code).into_owned()
    }

    /// Change or add an environment variable.
    #[pyfunction]
    #[signature(name, value, /)]
    fn putenv(py: &mut Py, name: Value, value: Value) -> Result<()> {
        let (name, value) = (path_bytes(py, "putenv", name)?, path_bytes(py, "putenv", value)?);
        if name.contains(&b'=') {
            raise!(py, ValueError, "illegal environment variable name");
        }
        if py.is_audited() {
            let pair = [py.new_bytes(&name).into(), py.new_bytes(&value).into()];
            py.audit("os.putenv", &pair)?;
        }
        host_call(py, None, |host| host.putenv(&name, &value))
    }

    /// Delete an environment variable.
    #[pyfunction]
    #[signature(name, /)]
    fn unsetenv(py: &mut Py, name: Value) -> Result<()> {
        let name = path_bytes(py, "unsetenv", name)?;
        if py.is_audited() {
            let name = py.new_bytes(&name).into();
            py.audit("os.unsetenv", &[name])?;
        }
        host_call(py, None, |host| host.unsetenv(&name))
    }

    #[pyfunction]
    #[signature()]
    fn _create_environ(py: &mut Py) -> Result<Gc<Dict>> {
        environment(py)
    }

    /// Set the current numeric umask and return the previous umask.
    #[pyfunction]
    #[signature(mask, /)]
    fn umask(py: &mut Py, mask: i32) -> Result<u32> {
        host_call(py, None, |host| host.umask(mask as u32))
    }

    /// Kill a process with a signal.
    #[pyfunction]
    #[signature(pid, signal, /)]
    fn kill(py: &mut Py, pid: i32, signal: i32) -> Result<()> {
        py.audit("os.kill", &[Value::small(pid), Value::small(signal)])?;
        host_call(py, None, |host| host.kill(pid, signal))?;
        py.poll()
    }

    /// Exit to the system with specified status, without normal exit processing.
    #[pyfunction]
    #[signature(status)]
    fn _exit(py: &mut Py, status: i32) -> Result<()> {
        host_call(py, None, |host| host.exit(status))
    }

    /// Return an object identifying the current operating system.
    ///
    /// The object behaves like a named tuple with the following fields:
    ///   (sysname, nodename, release, version, machine)
    #[pyfunction]
    #[signature()]
    fn uname(py: &mut Py) -> Result {
        let uname = host_call(py, None, |host| host.uname())?;
        let mut items = RootVec::new(&mut py.heap);
        for text in [uname.sysname, uname.nodename, uname.release, uname.version, uname.machine] {
            let text = fs_decode(py, &text);
            items.push(text.into());
        }
        instance(py, "uname_result", &items)
    }
}
