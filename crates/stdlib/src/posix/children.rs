//! Other processes: executing programs, waiting for them, groups, sessions, scheduling, limits of the system.

use super::stat_result::instance;
use crate::os_error::{fs_decode, host_call, path_bytes};
use bredli_host::Rusage;
use bredli_runtime::prelude::*;

/// The arguments of a program to execute.
fn arguments(py: &mut Py, function: &str, argv: Value) -> Result<Vec<Vec<u8>>> {
    let is_sequence = Gc::<List>::cast(py, argv).is_some() || Gc::<Tuple>::cast(py, argv).is_some();
    if !is_sequence {
        raise!(py, TypeError, "{function}() arg 2 must be a tuple or list");
    }
    let items = py.collect_iterable(argv)?;
    let mut all = Vec::new();
    for item in items.iter() {
        all.push(path_bytes(py, function, *item)?);
    }
    match all.first() {
        None => raise!(py, ValueError, "{function}() arg 2 must not be empty"),
        Some(first) if first.is_empty() => raise!(py, ValueError, "{function}() arg 2 first element cannot be empty"),
        Some(_) => Ok(all),
    }
}

/// A mapping of names to values as `NAME=value`.
fn environment(py: &mut Py, env: Value) -> Result<Vec<Vec<u8>>> {
    let items = py.call_method_named(env, "items", &[])?;
    let items = py.collect_iterable(items)?;
    let mut all = Vec::new();
    for item in items.iter() {
        let pair = py.collect_iterable(*item)?;
        let [name, value] = pair[..] else { raise!(py, TypeError, "env.items() must yield pairs") };
        let (name, value) = (path_bytes(py, "execve", name)?, path_bytes(py, "execve", value)?);
        if name.is_empty() || name[1..].contains(&b'=') {
            raise!(py, ValueError, "illegal environment variable name");
        }
        all.push([name.as_slice(), b"=", &value].concat());
    }
    Ok(all)
}

/// `(pid, status, resource usage)`
fn waited(py: &mut Py, pid: i32, status: i32, usage: &Rusage) -> Result {
    let usage = crate::resource::rusage(py, usage)?;
    let (pid, status) = (py.new_int(i64::from(pid)), py.new_int(i64::from(status)));
    Ok(py.new_tuple(&[pid, status, usage]).into())
}

/// A name of the tables of `sysconf` and `confstr`, or its number.
fn configuration_name(py: &mut Py, name: Value, table: &str) -> Result<i32> {
    let number = match Gc::<Str>::cast(py, name) {
        None => name,
        Some(text) => {
            let module = py.import_module("posix")?;
            let table = py.get_attr_named(module, table)?;
            let Some(table) = Gc::<Dict>::cast(py, table) else { raise!(py, TypeError, "the table is not a dict") };
            match py.dict_get(table, text.into())? {
                Some(number) => number,
                None => raise!(py, ValueError, "unrecognized configuration name"),
            }
        }
    };
    match py.int_to_i64(number).and_then(|number| i32::try_from(number).ok()) {
        Some(number) => Ok(number),
        None => raise!(py, TypeError, "configuration names must be strings or integers"),
    }
}

/// The names of `sysconf` that programs ask for, as on Linux.
pub const SYSCONF: &[(&str, i32)] = &[
    ("SC_ARG_MAX", 0),
    ("SC_CHILD_MAX", 1),
    ("SC_CLK_TCK", 2),
    ("SC_NGROUPS_MAX", 3),
    ("SC_OPEN_MAX", 4),
    ("SC_STREAM_MAX", 5),
    ("SC_TZNAME_MAX", 6),
    ("SC_JOB_CONTROL", 7),
    ("SC_SAVED_IDS", 8),
    ("SC_VERSION", 29),
    ("SC_PAGESIZE", 30),
    ("SC_PAGE_SIZE", 30),
    ("SC_SEM_NSEMS_MAX", 32),
    ("SC_SEM_VALUE_MAX", 33),
    ("SC_IOV_MAX", 60),
    ("SC_GETPW_R_SIZE_MAX", 70),
    ("SC_GETGR_R_SIZE_MAX", 69),
    ("SC_LOGIN_NAME_MAX", 71),
    ("SC_TTY_NAME_MAX", 72),
    ("SC_THREAD_STACK_MIN", 75),
    ("SC_THREAD_THREADS_MAX", 76),
    ("SC_NPROCESSORS_CONF", 83),
    ("SC_NPROCESSORS_ONLN", 84),
    ("SC_PHYS_PAGES", 85),
    ("SC_AVPHYS_PAGES", 86),
    ("SC_HOST_NAME_MAX", 180),
    ("SC_MINSIGSTKSZ", 249),
];

/// The names of `confstr`, as on Linux.
pub const CONFSTR: &[(&str, i32)] = &[("CS_PATH", 0), ("CS_GNU_LIBC_VERSION", 2), ("CS_GNU_LIBPTHREAD_VERSION", 3)];

/// The names of `pathconf`, as on Linux.
pub const PATHCONF: &[(&str, i32)] = &[
    ("PC_LINK_MAX", 0),
    ("PC_MAX_CANON", 1),
    ("PC_MAX_INPUT", 2),
    ("PC_NAME_MAX", 3),
    ("PC_PATH_MAX", 4),
    ("PC_PIPE_BUF", 5),
    ("PC_CHOWN_RESTRICTED", 6),
    ("PC_NO_TRUNC", 7),
    ("PC_VDISABLE", 8),
    ("PC_SYNC_IO", 9),
    ("PC_ASYNC_IO", 10),
    ("PC_PRIO_IO", 11),
    ("PC_FILESIZEBITS", 13),
    ("PC_REC_INCR_XFER_SIZE", 14),
    ("PC_REC_MAX_XFER_SIZE", 15),
    ("PC_REC_MIN_XFER_SIZE", 16),
    ("PC_REC_XFER_ALIGN", 17),
    ("PC_ALLOC_SIZE_MIN", 18),
    ("PC_SYMLINK_MAX", 19),
];

#[pymodule(name = "posix", part)]
pub mod children {
    use super::*;

    pub const CLD_EXITED: i64 = 1;
    pub const CLD_KILLED: i64 = 2;
    pub const CLD_DUMPED: i64 = 3;
    pub const CLD_TRAPPED: i64 = 4;
    pub const CLD_STOPPED: i64 = 5;
    pub const CLD_CONTINUED: i64 = 6;
    pub const NGROUPS_MAX: i64 = 65536;
    pub const TMP_MAX: i64 = 238_328;
    pub const RTLD_LAZY: i64 = 1;
    pub const RTLD_NOW: i64 = 2;
    pub const RTLD_NOLOAD: i64 = 4;
    pub const RTLD_DEEPBIND: i64 = 8;
    pub const RTLD_GLOBAL: i64 = 256;
    pub const RTLD_LOCAL: i64 = 0;
    pub const RTLD_NODELETE: i64 = 4096;

    /// Execute an executable path with arguments, replacing current process.
    #[pyfunction]
    #[signature(path, argv, /)]
    fn execv(py: &mut Py, path: Value, argv: Value) -> Result<()> {
        py.audit("os.exec", &[path, argv, Value::NONE])?;
        let (name, argv) = (path_bytes(py, "execv", path)?, arguments(py, "execv", argv)?);
        let environment = py.host.environ().unwrap_or_default();
        let environment: Vec<Vec<u8>> = environment.iter().map(|(name, value)| [name.as_slice(), b"=", value].concat()).collect();
        host_call(py, Some(path), |host| host.execve(&name, &argv, &environment))
    }

    /// Execute an executable path with arguments, replacing current process.
    #[pyfunction]
    #[signature(path, argv, env)]
    fn execve(py: &mut Py, path: Value, argv: Value, env: Value) -> Result<()> {
        py.audit("os.exec", &[path, argv, env])?;
        let (argv, environment) = (arguments(py, "execve", argv)?, environment(py, env)?);
        match crate::posix::paths::place(py, "execve", path)? {
            crate::posix::paths::Place::Path(name) => host_call(py, Some(path), |host| host.execve(&name, &argv, &environment)),
            crate::posix::paths::Place::Descriptor(fd) => host_call(py, Some(path), |host| host.fexecve(fd, &argv, &environment)),
        }
    }

    /// Execute the command in a subshell.
    #[pyfunction]
    #[signature(command)]
    fn system(py: &mut Py, command: Value) -> Result<i32> {
        let command = path_bytes(py, "system", command)?;
        if py.is_audited() {
            let command = py.new_bytes(&command).into();
            py.audit("os.system", &[command])?;
        }
        host_call(py, None, |host| host.system(&command))
    }

    /// Wait for completion of a child process.
    #[pyfunction]
    #[signature()]
    fn wait(py: &mut Py) -> Result<(i32, i32)> {
        let (pid, status, _) = host_call(py, None, |host| host.wait4(-1, 0))?;
        Ok((pid, status))
    }

    /// Wait for completion of a given child process.
    #[pyfunction]
    #[signature(pid, options, /)]
    fn waitpid(py: &mut Py, pid: i32, options: i32) -> Result<(i32, i32)> {
        let (pid, status, _) = host_call(py, None, |host| host.wait4(pid, options))?;
        Ok((pid, status))
    }

    /// Wait for completion of a child process.
    #[pyfunction]
    #[signature(options)]
    fn wait3(py: &mut Py, options: i32) -> Result {
        let (pid, status, usage) = host_call(py, None, |host| host.wait4(-1, options))?;
        waited(py, pid, status, &usage)
    }

    /// Wait for completion of a specific child process.
    #[pyfunction]
    #[signature(pid, options)]
    fn wait4(py: &mut Py, pid: i32, options: i32) -> Result {
        let (pid, status, usage) = host_call(py, None, |host| host.wait4(pid, options))?;
        waited(py, pid, status, &usage)
    }

    /// Return a file descriptor referring to the process *pid*.
    #[pyfunction]
    #[signature(pid, flags = 0)]
    fn pidfd_open(py: &mut Py, pid: i32, flags: u32) -> Result<i32> {
        host_call(py, None, |host| host.pidfd_open(pid, flags))
    }

    /// Convert a wait status to an exit code.
    #[pyfunction]
    #[signature(status)]
    fn waitstatus_to_exitcode(py: &mut Py, status: i32) -> Result<i32> {
        match status & 0x7F {
            0 => Ok(status >> 8 & 0xFF),
            0x7F => raise!(py, ValueError, "process stopped by delivery of signal {}", status >> 8 & 0xFF),
            signal => Ok(-signal),
        }
    }

    /// Return True if the process returning status was dumped to a core file.
    #[pyfunction]
    #[signature(status, /)]
    fn WCOREDUMP(status: i32) -> bool {
        status & 0x80 != 0
    }

    /// Return True if a particular process was continued from a job control stop.
    #[pyfunction]
    #[signature(status)]
    fn WIFCONTINUED(status: i32) -> bool {
        status == 0xFFFF
    }

    /// Return True if a process returning status was stopped.
    #[pyfunction]
    #[signature(status)]
    fn WIFSTOPPED(status: i32) -> bool {
        status & 0xFF == 0x7F
    }

    /// Return True if the process returning status was terminated by a signal.
    #[pyfunction]
    #[signature(status)]
    fn WIFSIGNALED(status: i32) -> bool {
        !matches!(status & 0x7F, 0 | 0x7F)
    }

    /// Return True if the process returning status exited via the exit() system call.
    #[pyfunction]
    #[signature(status)]
    fn WIFEXITED(status: i32) -> bool {
        status & 0x7F == 0
    }

    /// Return the process return code from status.
    #[pyfunction]
    #[signature(status)]
    fn WEXITSTATUS(status: i32) -> i32 {
        status >> 8 & 0xFF
    }

    /// Return the signal that terminated the process that provided the status value.
    #[pyfunction]
    #[signature(status)]
    fn WTERMSIG(status: i32) -> i32 {
        status & 0x7F
    }

    /// Return the signal that stopped the process that provided the status value.
    #[pyfunction]
    #[signature(status)]
    fn WSTOPSIG(status: i32) -> i32 {
        status >> 8 & 0xFF
    }

    /// Kill a process group with a signal.
    #[pyfunction]
    #[signature(pgid, signal, /)]
    fn killpg(py: &mut Py, pgid: i32, signal: i32) -> Result<()> {
        py.audit("os.killpg", &[Value::small(pgid), Value::small(signal)])?;
        host_call(py, None, |host| host.killpg(pgid, signal))?;
        py.poll()
    }

    /// Abort the interpreter immediately.
    #[pyfunction]
    #[signature()]
    fn abort(py: &mut Py) -> Result<()> {
        host_call(py, None, |host| host.abort())
    }

    /// Return the current process group id.
    #[pyfunction]
    #[signature()]
    fn getpgrp(py: &mut Py) -> Result<i32> {
        host_call(py, None, |host| host.getpgid(0))
    }

    /// Make the current process the leader of its process group.
    #[pyfunction]
    #[signature()]
    fn setpgrp(py: &mut Py) -> Result<()> {
        host_call(py, None, |host| host.setpgid(0, 0))
    }

    /// Call the system call getpgid(), and return the result.
    #[pyfunction]
    #[signature(pid)]
    fn getpgid(py: &mut Py, pid: i32) -> Result<i32> {
        host_call(py, None, |host| host.getpgid(pid))
    }

    /// Call the system call setpgid(pid, pgrp).
    #[pyfunction]
    #[signature(pid, pgrp, /)]
    fn setpgid(py: &mut Py, pid: i32, pgrp: i32) -> Result<()> {
        host_call(py, None, |host| host.setpgid(pid, pgrp))
    }

    /// Call the system call getsid(pid) and return the result.
    #[pyfunction]
    #[signature(pid, /)]
    fn getsid(py: &mut Py, pid: i32) -> Result<i32> {
        host_call(py, None, |host| host.getsid(pid))
    }

    /// Call the system call setsid().
    #[pyfunction]
    #[signature()]
    fn setsid(py: &mut Py) -> Result<()> {
        host_call(py, None, |host| host.setsid())
    }

    /// Set the current process's user id.
    #[pyfunction]
    #[signature(uid, /)]
    fn setuid(py: &mut Py, uid: u32) -> Result<()> {
        host_call(py, None, |host| host.setuid(uid))
    }

    /// Set the current process's effective user id.
    #[pyfunction]
    #[signature(euid, /)]
    fn seteuid(py: &mut Py, euid: u32) -> Result<()> {
        host_call(py, None, |host| host.seteuid(euid))
    }

    /// Set the current process's group id.
    #[pyfunction]
    #[signature(gid, /)]
    fn setgid(py: &mut Py, gid: u32) -> Result<()> {
        host_call(py, None, |host| host.setgid(gid))
    }

    /// Set the current process's effective group id.
    #[pyfunction]
    #[signature(egid, /)]
    fn setegid(py: &mut Py, egid: u32) -> Result<()> {
        host_call(py, None, |host| host.setegid(egid))
    }

    /// Return list of supplemental group IDs for the process.
    #[pyfunction]
    #[signature()]
    fn getgroups(py: &mut Py) -> Result<Gc<List>> {
        let groups = host_call(py, None, |host| host.getgroups())?;
        let mut list = RootVec::new(&mut py.heap);
        for group in groups {
            list.push(py.new_int(i64::from(group)));
        }
        py.new_list(&list)
    }

    /// Return a tuple of the current process's real, effective, and saved user ids.
    #[pyfunction]
    #[signature()]
    fn getresuid(py: &mut Py) -> Result<(u32, u32, u32)> {
        host_call(py, None, |host| host.getresuid())
    }

    /// Return a tuple of the current process's real, effective, and saved group ids.
    #[pyfunction]
    #[signature()]
    fn getresgid(py: &mut Py) -> Result<(u32, u32, u32)> {
        host_call(py, None, |host| host.getresgid())
    }

    /// Return the actual login name.
    #[pyfunction]
    #[signature()]
    fn getlogin(py: &mut Py) -> Result<Gc<Str>> {
        let name = host_call(py, None, |host| host.getlogin())?;
        Ok(fs_decode(py, &name))
    }

    /// Add increment to the priority of process and return the new priority.
    #[pyfunction]
    #[signature(increment, /)]
    fn nice(py: &mut Py, increment: i32) -> Result<i32> {
        host_call(py, None, |host| host.nice(increment))
    }

    /// Return program scheduling priority.
    #[pyfunction]
    #[signature(which, who)]
    fn getpriority(py: &mut Py, which: i32, who: u32) -> Result<i32> {
        host_call(py, None, |host| host.getpriority(which, who))
    }

    /// Set program scheduling priority.
    #[pyfunction]
    #[signature(which, who, priority)]
    fn setpriority(py: &mut Py, which: i32, who: u32, priority: i32) -> Result<()> {
        host_call(py, None, |host| host.setpriority(which, who, priority))
    }

    /// Voluntarily relinquish the CPU.
    #[pyfunction]
    #[signature()]
    fn sched_yield(py: &mut Py) -> Result<()> {
        let now = host_call(py, None, |host| host.monotonic_ns())?;
        host_call(py, None, |host| host.sleep_until(now))
    }

    /// Return the affinity of the process identified by pid (or the current process if zero).
    #[pyfunction]
    #[signature(pid, /)]
    fn sched_getaffinity(py: &mut Py, pid: i32) -> Result {
        let processors = host_call(py, None, |host| host.sched_getaffinity(pid))?;
        let mut list = RootVec::new(&mut py.heap);
        for processor in processors {
            list.push(py.new_int(processor as i64));
        }
        let list = py.new_list(&list)?;
        let set: Value = py.types.set.into();
        py.call(set, &[list.into()])
    }

    /// Set the CPU affinity of the process identified by pid to mask.
    #[pyfunction]
    #[signature(pid, mask, /)]
    fn sched_setaffinity(py: &mut Py, pid: i32, mask: Value) -> Result<()> {
        let items = py.collect_iterable(mask)?;
        let mut processors = Vec::new();
        for item in items.iter() {
            match py.int_to_i64(*item).map(usize::try_from) {
                Some(Ok(processor)) => processors.push(processor),
                Some(Err(_)) => raise!(py, ValueError, "negative CPU number"),
                None => raise!(py, TypeError, "expected an iterator of ints, but iterator yielded {}", py.class_name(*item)),
            }
        }
        host_call(py, None, |host| host.sched_setaffinity(pid, &processors))
    }

    /// Return average recent system load information.
    #[pyfunction]
    #[signature()]
    fn getloadavg(py: &mut Py) -> Result<(f64, f64, f64)> {
        let Ok([one, five, fifteen]) = py.host.getloadavg() else { raise!(py, OSError, "Load averages are unobtainable") };
        Ok((one, five, fifteen))
    }

    /// Return a collection containing process timing information.
    #[pyfunction]
    #[signature()]
    fn times(py: &mut Py) -> Result {
        let times = host_call(py, None, |host| host.times())?;
        let items = [times.user, times.system, times.children_user, times.children_system, times.elapsed].map(Value::float);
        instance(py, "times_result", &items)
    }

    /// Return an integer-valued system configuration variable.
    #[pyfunction]
    #[signature(name, /)]
    fn sysconf(py: &mut Py, name: Value) -> Result<i64> {
        let name = configuration_name(py, name, "sysconf_names")?;
        host_call(py, None, |host| host.sysconf(name))
    }

    /// Return a string-valued system configuration variable.
    #[pyfunction]
    #[signature(name, /)]
    fn confstr(py: &mut Py, name: Value) -> Result<Option<Gc<Str>>> {
        let name = configuration_name(py, name, "confstr_names")?;
        let found = host_call(py, None, |host| host.confstr(name))?;
        Ok(found.map(|text| fs_decode(py, &text)))
    }

    /// Return the configuration limit name for the file or directory path; -1 is no limit.
    #[pyfunction]
    #[signature(path, name)]
    fn pathconf(py: &mut Py, path: Value, name: Value) -> Result<i64> {
        let name = configuration_name(py, name, "pathconf_names")?;
        let limit = match crate::posix::paths::place(py, "pathconf", path)? {
            crate::posix::paths::Place::Path(place) => host_call(py, Some(path), |host| host.pathconf(&place, name))?,
            crate::posix::paths::Place::Descriptor(fd) => host_call(py, Some(path), |host| host.fpathconf(fd, name))?,
        };
        Ok(limit.unwrap_or(-1))
    }

    /// Return the configuration limit name for the file descriptor fd; -1 is no limit.
    #[pyfunction]
    #[signature(fd, name, /)]
    fn fpathconf(py: &mut Py, fd: i32, name: Value) -> Result<i64> {
        let name = configuration_name(py, name, "pathconf_names")?;
        Ok(host_call(py, None, |host| host.fpathconf(fd, name))?.unwrap_or(-1))
    }

    /// Return the name of the controlling terminal for this process.
    #[pyfunction]
    #[signature()]
    fn ctermid() -> &'static str {
        "/dev/tty"
    }

    /// Return the name of the terminal device connected to 'fd'.
    #[pyfunction]
    #[signature(fd, /)]
    fn ttyname(py: &mut Py, fd: i32) -> Result<Gc<Str>> {
        let name = host_call(py, None, |host| host.ttyname(fd))?;
        Ok(fs_decode(py, &name))
    }

    /// Open a pseudo-terminal.
    #[pyfunction]
    #[signature()]
    fn openpty(py: &mut Py) -> Result<(i32, i32)> {
        host_call(py, None, |host| host.openpty())
    }

    /// Return the process group associated with the terminal specified by fd.
    #[pyfunction]
    #[signature(fd, /)]
    fn tcgetpgrp(py: &mut Py, fd: i32) -> Result<i32> {
        host_call(py, None, |host| host.tcgetpgrp(fd))
    }

    /// Set the process group associated with the terminal specified by fd.
    #[pyfunction]
    #[signature(fd, pgid, /)]
    fn tcsetpgrp(py: &mut Py, fd: i32, pgid: i32) -> Result<()> {
        host_call(py, None, |host| host.tcsetpgrp(fd, pgid))
    }
}
