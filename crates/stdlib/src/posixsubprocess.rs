//! `_posixsubprocess`: starting a child process for `subprocess`.
//!
//! The host forks and executes. Counterpart: `Modules/_posixsubprocess.c`.

use crate::os_error::{host_call, path_bytes};
use crate::posix::fork::{after_in_child, fork_process};
use bredli_host::Spawn;
use bredli_runtime::prelude::*;

/// The items of a sequence of path-like objects as bytes.
fn byte_strings(py: &mut Py, values: Value) -> Result<Vec<Vec<u8>>> {
    let values = py.collect_iterable(values)?;
    let mut strings = Vec::new();
    for value in values.iter() {
        strings.push(path_bytes(py, "fork_exec", *value)?);
    }
    Ok(strings)
}

fn numbers<T: TryFrom<i64>>(py: &mut Py, values: Value, problem: &str) -> Result<Vec<T>> {
    let values = py.collect_iterable(values)?;
    let mut numbers = Vec::new();
    for value in values.iter() {
        match py.int_to_i64(*value).and_then(|number| T::try_from(number).ok()) {
            Some(number) => numbers.push(number),
            None => raise!(py, ValueError, "{problem}"),
        }
    }
    Ok(numbers)
}

fn id(py: &mut Py, value: Value, what: &str) -> Result<Option<u32>> {
    if value.is_none() {
        return Ok(None);
    }
    match py.int_to_i64(value).and_then(|number| u32::try_from(number).ok()) {
        Some(id) => Ok(Some(id)),
        None => raise!(py, ValueError, "invalid {what}"),
    }
}

/// Start a child that calls a Python function before it executes the program.
fn fork_exec_after(py: &mut Py, preexec_fn: Value, spawn: &Spawn) -> Result<i32> {
    let child = fork_process(py)?;
    if child != 0 {
        return Ok(child);
    }
    let host = py.host.clone();
    if host.prepare_child(spawn).is_ok() {
        if after_in_child(py).and_then(|()| py.call(preexec_fn, &[])).is_ok() {
            let _ = host.execute_child(spawn);
        } else {
            let _ = host.write(spawn.errors.1, b"SubprocessError:0:Exception occurred in preexec_fn.");
        }
    }
    host_call(py, None, |host| host.exit(255)).map(|()| 0)
}

/// A POSIX helper for the subprocess module.
#[pymodule(name = "_posixsubprocess")]
pub mod posixsubprocess {
    use super::*;

    /// Spawn a fresh new child process.
    ///
    /// Fork a child process, close parent file descriptors as appropriate in
    /// the child and duplicate the few that are needed before calling exec() in
    /// the child process.
    ///
    /// If close_fds is True, close file descriptors 3 and higher, except those
    /// listed in the sorted tuple pass_fds.
    ///
    /// If an error occurs in the child process before the exec, it is
    /// serialized and written to the errpipe_write fd per subprocess.py.
    ///
    /// Returns: the child process's PID.
    ///
    /// Raises: Only on an error in the parent process.
    #[pyfunction]
    #[signature(args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite,
        errpipe_read, errpipe_write, restore_signals, call_setsid, pgid_to_set, gid, extra_groups, uid, child_umask, preexec_fn, /)]
    fn fork_exec(
        py: &mut Py,
        args: Value,
        executable_list: Value,
        close_fds: bool,
        pass_fds: Value,
        cwd: Value,
        env: Value,
        p2cread: i32,
        p2cwrite: i32,
        c2pread: i32,
        c2pwrite: i32,
        errread: i32,
        errwrite: i32,
        errpipe_read: i32,
        errpipe_write: i32,
        restore_signals: bool,
        call_setsid: bool,
        pgid_to_set: i32,
        gid: Value,
        extra_groups: Value,
        uid: Value,
        child_umask: i32,
        preexec_fn: Value,
    ) -> Result<i32> {
        py.audit("_posixsubprocess.fork_exec", &[executable_list, args, env])?;
        if close_fds && errpipe_write < 3 {
            raise!(py, ValueError, "errpipe_write must be >= 3");
        }
        let spawn = Spawn {
            args: byte_strings(py, args)?,
            executables: byte_strings(py, executable_list)?,
            environment: if env.is_none() { None } else { Some(byte_strings(py, env)?) },
            cwd: if cwd.is_none() { None } else { Some(path_bytes(py, "fork_exec", cwd)?) },
            stdin: (p2cread, p2cwrite),
            stdout: (c2pread, c2pwrite),
            stderr: (errread, errwrite),
            errors: (errpipe_read, errpipe_write),
            close_fds,
            pass_fds: numbers(py, pass_fds, "bad value(s) in fds_to_keep")?,
            restore_signals,
            new_session: call_setsid,
            process_group: pgid_to_set,
            gid: id(py, gid, "group id")?,
            groups: if extra_groups.is_none() { None } else { Some(numbers(py, extra_groups, "invalid group id")?) },
            uid: id(py, uid, "user id")?,
            umask: child_umask,
        };
        if spawn.args.is_empty() {
            raise!(py, ValueError, "args must not be empty");
        }
        if !preexec_fn.is_none() {
            return fork_exec_after(py, preexec_fn, &spawn);
        }
        crate::io::flush_files(py);
        host_call(py, None, |host| host.fork_exec(&spawn))
    }
}
