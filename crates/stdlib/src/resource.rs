//! `resource`: what the process uses and may use.
//!
//! Counterpart: `Modules/resource.c`.

use crate::os_error::{host_call, os_error};
use crate::structseq;
use bredli_host::{HostError, ResourceLimit, Rusage};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

const FIELDS: [&str; 16] = [
    "ru_utime",
    "ru_stime",
    "ru_maxrss",
    "ru_ixrss",
    "ru_idrss",
    "ru_isrss",
    "ru_minflt",
    "ru_majflt",
    "ru_nswap",
    "ru_inblock",
    "ru_oublock",
    "ru_msgsnd",
    "ru_msgrcv",
    "ru_nsignals",
    "ru_nvcsw",
    "ru_nivcsw",
];

const EINVAL: i32 = 22;

/// Resource use as `struct_rusage`.
pub fn rusage(py: &mut Py, usage: &Rusage) -> Result {
    let seconds = |us: i64| Value::float(us as f64 * 1e-6);
    let mut items = RootVec::new(&mut py.heap);
    items.extend([seconds(usage.user_us), seconds(usage.system_us)]);
    for number in [
        usage.maxrss,
        usage.ixrss,
        usage.idrss,
        usage.isrss,
        usage.minflt,
        usage.majflt,
        usage.nswap,
        usage.inblock,
        usage.oublock,
        usage.msgsnd,
        usage.msgrcv,
        usage.nsignals,
        usage.nvcsw,
        usage.nivcsw,
    ] {
        items.push(py.new_int(number));
    }
    let module = py.import_module("resource")?;
    let class = py.get_attr_named(module, "struct_rusage")?;
    structseq::new_instance(py, class, &items)
}

/// One limit; -1 is none.
fn limit(py: &mut Py, value: Value) -> Result<u64> {
    let index = py.index(value)?;
    match py.int_to_i64(index) {
        Some(-1) => Ok(u64::MAX),
        Some(number) => Ok(number as u64),
        None => match py.int_to_u64(index) {
            Some(number) => Ok(number),
            None => raise!(py, OverflowError, "Python int too large to convert to C long"),
        },
    }
}

fn limits(py: &mut Py, value: Value) -> Result<ResourceLimit> {
    let items = py.collect_iterable(value)?;
    let [soft, hard] = items[..] else { raise!(py, ValueError, "expected a tuple of 2 integers") };
    Ok(ResourceLimit { soft: limit(py, soft)?, hard: limit(py, hard)? })
}

fn shown(limit: ResourceLimit) -> (i64, i64) {
    (limit.soft as i64, limit.hard as i64)
}

fn check_resource(py: &mut Py, resource: i32) -> Result<()> {
    if (0..16).contains(&resource) { Ok(()) } else { raise!(py, ValueError, "invalid resource specified") }
}

fn set(py: &mut Py, pid: i32, resource: i32, limits: ResourceLimit) -> Result<()> {
    match py.host.setrlimit(pid, resource, limits) {
        Ok(()) => Ok(()),
        Err(error) if error.errno == EINVAL => raise!(py, ValueError, "current limit exceeds maximum limit"),
        Err(error) if error.errno == 1 && pid == 0 => raise!(py, ValueError, "not allowed to raise maximum limit"),
        Err(error) => Err(os_error(py, HostError::new(error.errno), None, None)),
    }
}

/// Resource limits and usage.
#[pymodule(name = "resource")]
pub mod resource {
    use super::*;

    pub const RLIMIT_CPU: i64 = 0;
    pub const RLIMIT_FSIZE: i64 = 1;
    pub const RLIMIT_DATA: i64 = 2;
    pub const RLIMIT_STACK: i64 = 3;
    pub const RLIMIT_CORE: i64 = 4;
    pub const RLIMIT_RSS: i64 = 5;
    pub const RLIMIT_NPROC: i64 = 6;
    pub const RLIMIT_NOFILE: i64 = 7;
    pub const RLIMIT_OFILE: i64 = 7;
    pub const RLIMIT_MEMLOCK: i64 = 8;
    pub const RLIMIT_AS: i64 = 9;
    pub const RLIMIT_SIGPENDING: i64 = 11;
    pub const RLIMIT_MSGQUEUE: i64 = 12;
    pub const RLIMIT_NICE: i64 = 13;
    pub const RLIMIT_RTPRIO: i64 = 14;
    pub const RLIMIT_RTTIME: i64 = 15;
    pub const RLIM_INFINITY: i64 = -1;
    pub const RUSAGE_SELF: i64 = 0;
    pub const RUSAGE_CHILDREN: i64 = -1;
    pub const RUSAGE_THREAD: i64 = 1;

    #[pyfunction]
    #[signature(who, /)]
    fn getrusage(py: &mut Py, who: i32) -> Result {
        if !(-1..=1).contains(&who) {
            raise!(py, ValueError, "invalid who parameter");
        }
        let usage = host_call(py, None, |host| host.getrusage(who))?;
        rusage(py, &usage)
    }

    #[pyfunction]
    #[signature(resource, /)]
    fn getrlimit(py: &mut Py, resource: i32) -> Result<(i64, i64)> {
        check_resource(py, resource)?;
        Ok(shown(host_call(py, None, |host| host.getrlimit(0, resource))?))
    }

    #[pyfunction]
    #[signature(resource, limits, /)]
    fn setrlimit(py: &mut Py, resource: i32, limits: Value) -> Result<()> {
        py.audit("resource.setrlimit", &[Value::small(resource), limits])?;
        check_resource(py, resource)?;
        let limits = super::limits(py, limits)?;
        set(py, 0, resource, limits)
    }

    #[pyfunction]
    #[signature(pid, resource, limits=None, /)]
    fn prlimit(py: &mut Py, pid: i32, resource: i32, limits: Option<Value>) -> Result<(i64, i64)> {
        py.audit("resource.prlimit", &[Value::small(pid), Value::small(resource), limits.unwrap_or(Value::NONE)])?;
        check_resource(py, resource)?;
        let before = host_call(py, None, |host| host.getrlimit(pid, resource))?;
        if let Some(limits) = limits {
            let limits = super::limits(py, limits)?;
            set(py, pid, resource, limits)?;
        }
        Ok(shown(before))
    }

    #[pyfunction]
    #[signature()]
    fn getpagesize(py: &mut Py) -> Result<i64> {
        const SC_PAGESIZE: i32 = 30;
        host_call(py, None, |host| host.sysconf(SC_PAGESIZE))
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let doc = "struct_rusage: Result from getrusage.\n\nThis object may be accessed either as a tuple of\n    \
            (utime,stime,maxrss,ixrss,idrss,isrss,minflt,majflt,\n    nswap,inblock,oublock,msgsnd,msgrcv,nsignals,nvcsw,nivcsw)\n\
            or via the attributes ru_utime, ru_stime, ru_maxrss, and so on.";
        let class = structseq::new_class(py, "resource", "struct_rusage", doc, &FIELDS, FIELDS.len())?;
        py.module_set(module, "struct_rusage", class.into())?;
        let error = py.exceptions.OSError;
        py.module_set(module, "error", error.into())
    }
}
