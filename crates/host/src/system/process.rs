//! This process, its children, and the machine.

use std::ffi::{CStr, CString, c_char};
use std::ptr;

use super::files::errno_value;
use super::tree::clear_errno;
use super::{SystemHost, Zeroed, c_string, check, spawn};
use crate::error::{HostError, Result};
use crate::files::Fd;
use crate::process::{Processes, ResourceLimit, Rusage, Spawn, Times, Uname};

/// A list of C strings with the null-terminated array of pointers `exec` takes.
pub(super) struct Strings {
    _owned: Vec<CString>,
    pointers: Vec<*const c_char>,
}

impl Strings {
    pub(super) fn new(items: &[Vec<u8>]) -> Result<Self> {
        let owned = items.iter().map(|item| c_string(item)).collect::<Result<Vec<_>>>()?;
        let pointers = owned.iter().map(|item| item.as_ptr()).chain([ptr::null()]).collect();
        Ok(Strings { _owned: owned, pointers })
    }

    pub(super) fn as_ptr(&self) -> *const *const c_char {
        self.pointers.as_ptr()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = *const c_char> {
        self.pointers[..self.pointers.len() - 1].iter().copied()
    }
}

impl SystemHost {
    /// The environment a child gets unless told otherwise.
    pub(super) fn child_environment(&self) -> Vec<Vec<u8>> {
        self.environment().iter().map(|(name, value)| [name.as_slice(), b"=", value].concat()).collect()
    }
}

impl Processes for SystemHost {
    fn getpid(&self) -> Result<i32> {
        Ok(std::process::id() as i32)
    }

    fn getppid(&self) -> Result<i32> {
        Ok(std::os::unix::process::parent_id() as i32)
    }

    fn getuid(&self) -> Result<u32> {
        // SAFETY: no arguments, cannot fail.
        Ok(unsafe { libc::getuid() })
    }

    fn geteuid(&self) -> Result<u32> {
        // SAFETY: no arguments, cannot fail.
        Ok(unsafe { libc::geteuid() })
    }

    fn getgid(&self) -> Result<u32> {
        // SAFETY: no arguments, cannot fail.
        Ok(unsafe { libc::getgid() })
    }

    fn getegid(&self) -> Result<u32> {
        // SAFETY: no arguments, cannot fail.
        Ok(unsafe { libc::getegid() })
    }

    fn getgroups(&self) -> Result<Vec<u32>> {
        let count = sys!(libc::getgroups, 0, ptr::null_mut())?;
        let mut groups = vec![0; count as usize];
        let count = sys!(libc::getgroups, groups.len() as i32, groups.as_mut_ptr())?;
        groups.truncate(count as usize);
        Ok(groups)
    }

    fn getresuid(&self) -> Result<(u32, u32, u32)> {
        let (mut real, mut effective, mut saved) = (0, 0, 0);
        sys!(libc::getresuid, &mut real, &mut effective, &mut saved)?;
        Ok((real, effective, saved))
    }

    fn getresgid(&self) -> Result<(u32, u32, u32)> {
        let (mut real, mut effective, mut saved) = (0, 0, 0);
        sys!(libc::getresgid, &mut real, &mut effective, &mut saved)?;
        Ok((real, effective, saved))
    }

    fn setuid(&self, uid: u32) -> Result<()> {
        sys!(libc::setuid, uid).map(drop)
    }

    fn seteuid(&self, uid: u32) -> Result<()> {
        sys!(libc::seteuid, uid).map(drop)
    }

    fn setgid(&self, gid: u32) -> Result<()> {
        sys!(libc::setgid, gid).map(drop)
    }

    fn setegid(&self, gid: u32) -> Result<()> {
        sys!(libc::setegid, gid).map(drop)
    }

    fn setgroups(&self, groups: &[u32]) -> Result<()> {
        sys!(libc::setgroups, groups.len(), groups.as_ptr()).map(drop)
    }

    fn getsid(&self, pid: i32) -> Result<i32> {
        sys!(libc::getsid, pid)
    }

    fn setsid(&self) -> Result<()> {
        sys!(libc::setsid).map(drop)
    }

    fn getpgid(&self, pid: i32) -> Result<i32> {
        sys!(libc::getpgid, pid)
    }

    fn setpgid(&self, pid: i32, group: i32) -> Result<()> {
        sys!(libc::setpgid, pid, group).map(drop)
    }

    fn getlogin(&self) -> Result<Vec<u8>> {
        let mut buffer = [0u8; 256];
        // SAFETY: a live buffer with its length.
        errno_value(unsafe { getlogin_r(buffer.as_mut_ptr().cast(), buffer.len()) })?;
        Ok(CStr::from_bytes_until_nul(&buffer).map(|name| name.to_bytes().to_vec()).unwrap_or_default())
    }

    fn fork_exec(&self, spawn: &Spawn) -> Result<i32> {
        spawn::fork_exec(self, spawn)
    }

    fn prepare_child(&self, spawn: &Spawn) -> Result<()> {
        spawn::prepare_child(self, spawn)
    }

    fn execute_child(&self, spawn: &Spawn) -> Result<()> {
        spawn::execute_child(self, spawn)
    }

    fn fork(&self) -> Result<i32> {
        super::threads::fork()
    }

    fn execve(&self, path: &[u8], args: &[Vec<u8>], environment: &[Vec<u8>]) -> Result<()> {
        let path = c_string(path)?;
        let (args, environment) = (Strings::new(args)?, Strings::new(environment)?);
        sys!(libc::execve, path.as_ptr(), args.as_ptr(), environment.as_ptr()).map(drop)
    }

    fn fexecve(&self, fd: Fd, args: &[Vec<u8>], environment: &[Vec<u8>]) -> Result<()> {
        let (args, environment) = (Strings::new(args)?, Strings::new(environment)?);
        sys!(libc::fexecve, fd, args.as_ptr(), environment.as_ptr()).map(drop)
    }

    fn wait4(&self, pid: i32, options: i32) -> Result<(i32, i32, Rusage)> {
        let mut status = 0;
        let mut usage = libc::rusage::zeroed();
        let pid = sys!(libc::wait4, pid, &mut status, options, &mut usage)?;
        Ok((pid, status, rusage_of(&usage)))
    }

    fn pidfd_open(&self, pid: i32, flags: u32) -> Result<Fd> {
        // SAFETY: two scalars.
        check(unsafe { libc::syscall(libc::SYS_pidfd_open, pid, flags) }).map(|fd| fd as Fd)
    }

    fn system(&self, command: &[u8]) -> Result<i32> {
        spawn::system(self, command)
    }

    fn kill(&self, pid: i32, signal: i32) -> Result<()> {
        sys!(libc::kill, pid, signal).map(drop)
    }

    fn killpg(&self, group: i32, signal: i32) -> Result<()> {
        sys!(libc::killpg, group, signal).map(drop)
    }

    fn exit(&self, status: i32) -> Result<()> {
        // SAFETY: one scalar; does not return.
        unsafe { libc::_exit(status) }
    }

    fn abort(&self) -> Result<()> {
        std::process::abort()
    }

    fn times(&self) -> Result<Times> {
        let mut raw = libc::tms::zeroed();
        let elapsed = sys!(libc::times, &mut raw)?;
        let ticks = sys!(libc::sysconf, libc::_SC_CLK_TCK)? as f64;
        let seconds = |count: libc::clock_t| count as f64 / ticks;
        Ok(Times {
            user: seconds(raw.tms_utime),
            system: seconds(raw.tms_stime),
            children_user: seconds(raw.tms_cutime),
            children_system: seconds(raw.tms_cstime),
            elapsed: seconds(elapsed),
        })
    }

    fn getrusage(&self, who: i32) -> Result<Rusage> {
        let mut raw = libc::rusage::zeroed();
        sys!(libc::getrusage, who, &mut raw)?;
        Ok(rusage_of(&raw))
    }

    fn getrlimit(&self, pid: i32, resource: i32) -> Result<ResourceLimit> {
        let mut raw = libc::rlimit::zeroed();
        sys!(libc::prlimit, pid, resource as _, ptr::null(), &mut raw)?;
        Ok(ResourceLimit { soft: raw.rlim_cur, hard: raw.rlim_max })
    }

    fn setrlimit(&self, pid: i32, resource: i32, limit: ResourceLimit) -> Result<()> {
        let raw = libc::rlimit { rlim_cur: limit.soft, rlim_max: limit.hard };
        sys!(libc::prlimit, pid, resource as _, &raw, ptr::null_mut()).map(drop)
    }

    fn nice(&self, increment: i32) -> Result<i32> {
        clear_errno();
        // SAFETY: one scalar.
        either_value(unsafe { libc::nice(increment) })
    }

    fn getpriority(&self, which: i32, who: u32) -> Result<i32> {
        clear_errno();
        // SAFETY: two scalars.
        either_value(unsafe { libc::getpriority(which as _, who) })
    }

    fn setpriority(&self, which: i32, who: u32, priority: i32) -> Result<()> {
        sys!(libc::setpriority, which as _, who, priority).map(drop)
    }

    fn cpu_count(&self) -> Result<usize> {
        Ok(sys!(libc::sysconf, libc::_SC_NPROCESSORS_ONLN)? as usize)
    }

    fn sched_getaffinity(&self, pid: i32) -> Result<Vec<usize>> {
        let mut set = libc::cpu_set_t::zeroed();
        sys!(libc::sched_getaffinity, pid, size_of::<libc::cpu_set_t>(), &mut set)?;
        // SAFETY: the numbers are below CPU_SETSIZE.
        Ok((0..libc::CPU_SETSIZE as usize).filter(|processor| unsafe { libc::CPU_ISSET(*processor, &set) }).collect())
    }

    fn sched_setaffinity(&self, pid: i32, processors: &[usize]) -> Result<()> {
        let mut set = libc::cpu_set_t::zeroed();
        for &processor in processors {
            if processor >= libc::CPU_SETSIZE as usize {
                return Err(HostError::new(libc::EINVAL));
            }
            // SAFETY: the number is below CPU_SETSIZE.
            unsafe { libc::CPU_SET(processor, &mut set) };
        }
        sys!(libc::sched_setaffinity, pid, size_of::<libc::cpu_set_t>(), &set).map(drop)
    }

    fn getloadavg(&self) -> Result<[f64; 3]> {
        let mut loads = [0.0; 3];
        match sys!(libc::getloadavg, loads.as_mut_ptr(), 3)? {
            3 => Ok(loads),
            _ => Err(HostError::new(libc::ENOSYS)),
        }
    }

    fn uname(&self) -> Result<Uname> {
        let mut raw = libc::utsname::zeroed();
        sys!(libc::uname, &mut raw)?;
        let text = |field: &[c_char]| field.iter().map(|byte| *byte as u8).take_while(|byte| *byte != 0).collect();
        Ok(Uname {
            sysname: text(&raw.sysname),
            nodename: text(&raw.nodename),
            release: text(&raw.release),
            version: text(&raw.version),
            machine: text(&raw.machine),
        })
    }

    fn sysconf(&self, name: i32) -> Result<i64> {
        clear_errno();
        // SAFETY: one scalar.
        either_value(unsafe { libc::sysconf(name) })
    }

    fn confstr(&self, name: i32) -> Result<Option<Vec<u8>>> {
        clear_errno();
        // SAFETY: no buffer, length 0: only the length is asked for.
        let length = unsafe { libc::confstr(name, ptr::null_mut(), 0) };
        if length == 0 {
            let error = HostError::last();
            return if error.errno == 0 { Ok(None) } else { Err(error) };
        }
        let mut buffer = vec![0u8; length];
        // SAFETY: a live buffer with its length.
        unsafe { libc::confstr(name, buffer.as_mut_ptr().cast(), buffer.len()) };
        buffer.pop();
        Ok(Some(buffer))
    }
}

unsafe extern "C" {
    fn getlogin_r(name: *mut c_char, size: usize) -> i32;
}

/// -1 is also a value here: only an errno set since it was cleared tells a failure.
fn either_value<T: PartialEq + From<i8>>(value: T) -> Result<T> {
    let error = HostError::last();
    if value == T::from(-1) && error.errno != 0 { Err(error) } else { Ok(value) }
}

fn rusage_of(raw: &libc::rusage) -> Rusage {
    let micros = |time: libc::timeval| time.tv_sec * 1_000_000 + time.tv_usec;
    Rusage {
        user_us: micros(raw.ru_utime),
        system_us: micros(raw.ru_stime),
        maxrss: raw.ru_maxrss,
        ixrss: raw.ru_ixrss,
        idrss: raw.ru_idrss,
        isrss: raw.ru_isrss,
        minflt: raw.ru_minflt,
        majflt: raw.ru_majflt,
        nswap: raw.ru_nswap,
        inblock: raw.ru_inblock,
        oublock: raw.ru_oublock,
        msgsnd: raw.ru_msgsnd,
        msgrcv: raw.ru_msgrcv,
        nsignals: raw.ru_nsignals,
        nvcsw: raw.ru_nvcsw,
        nivcsw: raw.ru_nivcsw,
    }
}
