//! This process and its children: identity, starting, waiting, signals to others, resources, the machine.

use crate::files::Fd;

/// A child process to start: the arguments of `_posixsubprocess.fork_exec`.
#[derive(Clone, Debug, Default)]
pub struct Spawn {
    /// The child's `argv`.
    pub args: Vec<Vec<u8>>,
    /// The paths to try to execute, in order.
    pub executables: Vec<Vec<u8>>,
    /// The child's environment as `NAME=value`; `None` passes the host's own on.
    pub environment: Option<Vec<Vec<u8>>>,
    /// The child's directory.
    pub cwd: Option<Vec<u8>>,
    /// The child's and the parent's end of the pipe to its standard input (-1: none).
    pub stdin: (Fd, Fd),
    /// The parent's and the child's end of the pipe from its standard output (-1: none).
    pub stdout: (Fd, Fd),
    /// The parent's and the child's end of the pipe from its standard error (-1: none).
    pub stderr: (Fd, Fd),
    /// The two ends of the pipe on which the child reports that it could not start.
    pub errors: (Fd, Fd),
    /// Closes every descriptor above 2 but `pass_fds` in the child.
    pub close_fds: bool,
    /// Descriptors the child keeps.
    pub pass_fds: Vec<Fd>,
    /// Gives `SIGPIPE`, `SIGXFZ` and `SIGXFSZ` their default action in the child.
    pub restore_signals: bool,
    /// Makes the child lead a new session.
    pub new_session: bool,
    /// The process group to put the child in (-1: none, 0: its own).
    pub process_group: i32,
    /// The group to change to.
    pub gid: Option<u32>,
    /// The supplementary groups to change to.
    pub groups: Option<Vec<u32>>,
    /// The user to change to.
    pub uid: Option<u32>,
    /// The file creation mask to set (-1: none).
    pub umask: i32,
}

/// What `os.times` reports, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct Times {
    pub user: f64,
    pub system: f64,
    pub children_user: f64,
    pub children_system: f64,
    pub elapsed: f64,
}

/// What `getrusage` reports; the times are in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Rusage {
    pub user_us: i64,
    pub system_us: i64,
    pub maxrss: i64,
    pub ixrss: i64,
    pub idrss: i64,
    pub isrss: i64,
    pub minflt: i64,
    pub majflt: i64,
    pub nswap: i64,
    pub inblock: i64,
    pub oublock: i64,
    pub msgsnd: i64,
    pub msgrcv: i64,
    pub nsignals: i64,
    pub nvcsw: i64,
    pub nivcsw: i64,
}

/// A soft and a hard limit (`u64::MAX`: none).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct ResourceLimit {
    pub soft: u64,
    pub hard: u64,
}

/// What `os.uname` reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Uname {
    pub sysname: Vec<u8>,
    pub nodename: Vec<u8>,
    pub release: Vec<u8>,
    pub version: Vec<u8>,
    pub machine: Vec<u8>,
}

topic! {
    /// Operations on processes.
    pub trait Processes {
        /// This process's number.
        fn getpid(&self) -> Result<i32>;
        /// The parent process's number.
        fn getppid(&self) -> Result<i32>;
        /// The real user.
        fn getuid(&self) -> Result<u32>;
        /// The effective user.
        fn geteuid(&self) -> Result<u32>;
        /// The real group.
        fn getgid(&self) -> Result<u32>;
        /// The effective group.
        fn getegid(&self) -> Result<u32>;
        /// The supplementary groups.
        fn getgroups(&self) -> Result<Vec<u32>>;
        /// The real, effective and saved user.
        fn getresuid(&self) -> Result<(u32, u32, u32)>;
        /// The real, effective and saved group.
        fn getresgid(&self) -> Result<(u32, u32, u32)>;
        /// Changes the user.
        fn setuid(&self, uid: u32) -> Result<()>;
        /// Changes the effective user.
        fn seteuid(&self, uid: u32) -> Result<()>;
        /// Changes the group.
        fn setgid(&self, gid: u32) -> Result<()>;
        /// Changes the effective group.
        fn setegid(&self, gid: u32) -> Result<()>;
        /// Changes the supplementary groups.
        fn setgroups(&self, groups: &[u32]) -> Result<()>;
        /// The session a process is in (0: this one).
        fn getsid(&self, pid: i32) -> Result<i32>;
        /// Starts a new session.
        fn setsid(&self) -> Result<()>;
        /// The group a process is in (0: this one).
        fn getpgid(&self, pid: i32) -> Result<i32>;
        /// Moves a process to a group.
        fn setpgid(&self, pid: i32, group: i32) -> Result<()>;
        /// The name of the user logged in on the controlling terminal.
        fn getlogin(&self) -> Result<Vec<u8>>;
        /// Starts a child process; a failure to execute is reported on the pipe `errors`.
        fn fork_exec(&self, spawn: &Spawn) -> Result<i32>;
        /// Gives this process, a forked child, all of [`Spawn`] that comes before closing descriptors. A failure ends it, after a
        /// report on the pipe `errors`.
        fn prepare_child(&self, spawn: &Spawn) -> Result<()>;
        /// Closes descriptors and executes the program in this process; a failure ends it as in `prepare_child`.
        fn execute_child(&self, spawn: &Spawn) -> Result<()>;
        /// Continues in two processes; gives 0 in the child.
        fn fork(&self) -> Result<i32>;
        /// Replaces the running program; returns only on failure.
        fn execve(&self, path: &[u8], args: &[Vec<u8>], environment: &[Vec<u8>]) -> Result<()>;
        /// Replaces the running program by an open file; returns only on failure.
        fn fexecve(&self, fd: Fd, args: &[Vec<u8>], environment: &[Vec<u8>]) -> Result<()>;
        /// Waits for a child; gives its number (0: none yet, with `WNOHANG`), status and resource use.
        fn wait4(&self, pid: i32, options: i32) -> Result<(i32, i32, Rusage)>;
        /// A descriptor that becomes ready to read when the process ends.
        fn pidfd_open(&self, pid: i32, flags: u32) -> Result<Fd>;
        /// Runs a command in the shell and gives its wait status.
        fn system(&self, command: &[u8]) -> Result<i32>;
        /// Sends a signal to a process.
        fn kill(&self, pid: i32, signal: i32) -> Result<()>;
        /// Sends a signal to a process group.
        fn killpg(&self, group: i32, signal: i32) -> Result<()>;
        /// Ends the process at once, without any clean-up; a host that cannot do it says so.
        fn exit(&self, status: i32) -> Result<()>;
        /// Ends the process with `SIGABRT`.
        fn abort(&self) -> Result<()>;
        /// Processor time used and time since some fixed point.
        fn times(&self) -> Result<Times>;
        /// Resource use (`RUSAGE_SELF`, ...).
        fn getrusage(&self, who: i32) -> Result<Rusage>;
        /// A resource limit of a process (0: this one).
        fn getrlimit(&self, pid: i32, resource: i32) -> Result<ResourceLimit>;
        /// Sets a resource limit of a process (0: this one).
        fn setrlimit(&self, pid: i32, resource: i32, limit: ResourceLimit) -> Result<()>;
        /// Adds to the nice value and gives the new one.
        fn nice(&self, increment: i32) -> Result<i32>;
        /// The scheduling priority (`PRIO_PROCESS`, ...).
        fn getpriority(&self, which: i32, who: u32) -> Result<i32>;
        /// Sets the scheduling priority.
        fn setpriority(&self, which: i32, who: u32, priority: i32) -> Result<()>;
        /// How many processors the machine has.
        fn cpu_count(&self) -> Result<usize>;
        /// The processors a process (0: this one) may run on.
        fn sched_getaffinity(&self, pid: i32) -> Result<Vec<usize>>;
        /// Limits the processors a process (0: this one) may run on.
        fn sched_setaffinity(&self, pid: i32, processors: &[usize]) -> Result<()>;
        /// The system load over 1, 5 and 15 minutes.
        fn getloadavg(&self) -> Result<[f64; 3]>;
        /// Names of the system and the machine.
        fn uname(&self) -> Result<Uname>;
        /// A configuration value (`_SC_*`); -1 is "no limit".
        fn sysconf(&self, name: i32) -> Result<i64>;
        /// A configuration text (`_CS_*`).
        fn confstr(&self, name: i32) -> Result<Option<Vec<u8>>>;
    }
}
