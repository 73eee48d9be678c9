//! Starting child processes (`Modules/_posixsubprocess.c`).
//!
//! Everything the child needs is prepared before the fork: between fork and exec it only makes system calls, since
//! another thread may have held any lock at the moment of the fork.

use std::ffi::CString;

use super::process::Strings;
use super::{SystemHost, c_string, check};
use crate::error::{HostError, Result};
use crate::files::Fd;
use crate::process::Spawn;

/// A [`Spawn`] in the form the child uses it.
struct Child<'a> {
    spawn: &'a Spawn,
    args: Strings,
    executables: Strings,
    environment: Strings,
    cwd: Option<CString>,
    /// The descriptors kept, ascending.
    kept: Vec<Fd>,
}

pub(super) fn fork_exec(host: &SystemHost, spawn: &Spawn) -> Result<i32> {
    let child = Child::new(host, spawn)?;
    // SAFETY: the child runs only `Child::run`, which makes system calls on what was prepared above and never returns.
    match check(unsafe { libc::fork() })? {
        0 => child.run(),
        pid => Ok(pid),
    }
}

/// The first half of a child's life, in a process that [`super::threads::fork`] made.
pub(super) fn prepare_child(host: &SystemHost, spawn: &Spawn) -> Result<()> {
    let child = Child::new(host, spawn)?;
    child.prepare().or_else(|(error, stage)| child.fail(error, stage))
}

/// The other half.
pub(super) fn execute_child(host: &SystemHost, spawn: &Spawn) -> Result<()> {
    Child::new(host, spawn)?.execute()
}

/// `system(3)`, with the host's own environment.
pub(super) fn system(host: &SystemHost, command: &[u8]) -> Result<i32> {
    let shell = Spawn {
        args: vec![b"sh".to_vec(), b"-c".to_vec(), command.to_vec()],
        executables: vec![b"/bin/sh".to_vec()],
        stdin: (-1, -1),
        stdout: (-1, -1),
        stderr: (-1, -1),
        errors: (-1, -1),
        restore_signals: true,
        process_group: -1,
        umask: -1,
        ..Spawn::default()
    };
    let pid = fork_exec(host, &shell)?;
    let mut status = 0;
    loop {
        match sys!(libc::waitpid, pid, &mut status, 0) {
            Ok(_) => return Ok(status),
            Err(error) if error.is_interrupted() => {}
            Err(error) => return Err(error),
        }
    }
}

impl<'a> Child<'a> {
    fn new(host: &SystemHost, spawn: &'a Spawn) -> Result<Self> {
        let mut kept = spawn.pass_fds.clone();
        kept.push(spawn.errors.1);
        kept.sort_unstable();
        kept.dedup();
        let environment = match &spawn.environment {
            Some(environment) => Strings::new(environment)?,
            None => Strings::new(&host.child_environment())?,
        };
        Ok(Child {
            spawn,
            args: Strings::new(&spawn.args)?,
            executables: Strings::new(&spawn.executables)?,
            environment,
            cwd: spawn.cwd.as_deref().map(c_string).transpose()?,
            kept,
        })
    }

    /// The child's life after the fork: it executes the program, or reports why not and ends with status 255.
    fn run(&self) -> ! {
        match self.prepare() {
            Ok(()) => self.execute(),
            Err((error, stage)) => self.fail(error, stage),
        }
    }

    fn fail(&self, error: HostError, stage: &[u8]) -> ! {
        self.report(error, stage);
        // SAFETY: one scalar; does not return.
        unsafe { libc::_exit(255) }
    }

    /// Everything up to closing descriptors. The error comes with what failed.
    fn prepare(&self) -> std::result::Result<(), (HostError, &'static [u8])> {
        let mut stage: &[u8] = b"noexec";
        self.prepare_stages(&mut stage).map_err(|error| (error, stage))
    }

    fn prepare_stages(&self, stage: &mut &'static [u8]) -> Result<()> {
        let spawn = self.spawn;
        for &fd in spawn.pass_fds.iter().filter(|fd| **fd != spawn.errors.1) {
            set_inheritable(fd)?;
        }
        for end in [spawn.stdin.1, spawn.stdout.0, spawn.stderr.0, spawn.errors.0] {
            if end >= 0 {
                sys!(libc::close, end)?;
            }
        }
        let (input, mut output, mut errors) = (spawn.stdin.0, spawn.stdout.1, spawn.stderr.1);
        // A pipe end on a low number would be overwritten by the next dup2.
        if output == 0 {
            output = sys!(libc::fcntl, output, libc::F_DUPFD_CLOEXEC, 0)?;
        }
        while errors == 0 || errors == 1 {
            errors = sys!(libc::fcntl, errors, libc::F_DUPFD_CLOEXEC, 0)?;
        }
        for (fd, target) in [(input, 0), (output, 1), (errors, 2)] {
            if fd == target {
                set_inheritable(fd)?;
            } else if fd >= 0 {
                sys!(libc::dup2, fd, target)?;
            }
        }
        if let Some(cwd) = &self.cwd {
            *stage = b"noexec:chdir";
            sys!(libc::chdir, cwd.as_ptr())?;
            *stage = b"noexec";
        }
        if spawn.umask >= 0 {
            // SAFETY: one scalar, cannot fail.
            unsafe { libc::umask(spawn.umask as libc::mode_t) };
        }
        if spawn.restore_signals {
            for signal in [libc::SIGPIPE, libc::SIGXFSZ] {
                // SAFETY: the default action is no code of ours.
                unsafe { libc::signal(signal, libc::SIG_DFL) };
            }
        }
        if spawn.new_session {
            sys!(libc::setsid)?;
        }
        if spawn.process_group >= 0 {
            sys!(libc::setpgid, 0, spawn.process_group)?;
        }
        if let Some(groups) = &spawn.groups {
            sys!(libc::setgroups, groups.len(), groups.as_ptr())?;
        }
        if let Some(gid) = spawn.gid {
            sys!(libc::setregid, gid, gid)?;
        }
        if let Some(uid) = spawn.uid {
            sys!(libc::setreuid, uid, uid)?;
        }
        Ok(())
    }

    /// Closes every descriptor above 2 that is not kept.
    fn close_others(&self) {
        let mut low = 3;
        for &fd in self.kept.iter().filter(|fd| **fd >= 3) {
            close_range(low, fd - 1);
            low = fd + 1;
        }
        close_range(low, Fd::MAX);
    }

    /// Tries each executable.
    fn execute(&self) -> ! {
        if self.spawn.close_fds {
            self.close_others();
        }
        let mut outcome = HostError::new(0);
        for path in self.executables.iter() {
            // SAFETY: a C string and two null-terminated arrays of C strings, all owned by `self`.
            unsafe { libc::execve(path, self.args.as_ptr(), self.environment.as_ptr()) };
            let error = HostError::last();
            // The first error other than "not there" is the interesting one.
            if outcome.errno == 0 || (is_absence(outcome) && !is_absence(error)) {
                outcome = error;
            }
        }
        self.fail(outcome, b"")
    }

    /// Writes `OSError:<errno in hex>:<stage>` to the error pipe, without allocating.
    fn report(&self, error: HostError, stage: &[u8]) {
        let mut line = [0u8; 64];
        let mut length = 0;
        let mut put = |bytes: &[u8]| {
            line[length..length + bytes.len()].copy_from_slice(bytes);
            length += bytes.len();
        };
        put(b"OSError:");
        let digits: [u8; 8] = std::array::from_fn(|place| b"0123456789ABCDEF"[(error.errno as usize >> (28 - 4 * place)) & 15]);
        let first = digits.iter().position(|digit| *digit != b'0').unwrap_or(7);
        put(&digits[first..]);
        put(b":");
        put(stage);
        // SAFETY: a live buffer with its length.
        unsafe { libc::write(self.spawn.errors.1, line.as_ptr().cast(), length) };
    }
}

fn is_absence(error: HostError) -> bool {
    matches!(error.errno, libc::ENOENT | libc::ENOTDIR)
}

fn set_inheritable(fd: Fd) -> Result<()> {
    let flags = sys!(libc::fcntl, fd, libc::F_GETFD)?;
    sys!(libc::fcntl, fd, libc::F_SETFD, flags & !libc::FD_CLOEXEC).map(drop)
}

/// Closes `low..=high`; what is not open does not matter.
fn close_range(low: Fd, high: Fd) {
    if low <= high {
        // SAFETY: three scalars.
        unsafe { libc::syscall(libc::SYS_close_range, low, high, 0) };
    }
}
