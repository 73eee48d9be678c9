//! `posix`: the operating system's functions, as `os` shows them.
//!
//! Every function is one call to the host. Counterpart: `Modules/posixmodule.c`.

mod children;
mod files;
pub(crate) mod fork;
mod nodes;
mod paths;
mod process;
mod scandir;
mod stat_result;
mod transfer;

use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

/// This module provides access to operating system functionality that is
/// standardized by the C Standard and the POSIX standard (a thinly
/// disguised Unix interface).  Refer to the library manual and
/// corresponding Unix manual entries for more information on calls.
#[pymodule(
    name = "posix",
    parts(
        children::children::PART,
        files::files::PART,
        fork::fork::PART,
        nodes::nodes::PART,
        paths::paths::PART,
        process::process::PART,
        scandir::scanning::PART,
        transfer::transfer::PART
    )
)]
pub mod posix {
    use super::*;

    pub const EX_CANTCREAT: i64 = 73;
    pub const EX_CONFIG: i64 = 78;
    pub const EX_DATAERR: i64 = 65;
    pub const EX_IOERR: i64 = 74;
    pub const EX_NOHOST: i64 = 68;
    pub const EX_NOINPUT: i64 = 66;
    pub const EX_NOPERM: i64 = 77;
    pub const EX_NOUSER: i64 = 67;
    pub const EX_OK: i64 = 0;
    pub const EX_OSERR: i64 = 71;
    pub const EX_OSFILE: i64 = 72;
    pub const EX_PROTOCOL: i64 = 76;
    pub const EX_SOFTWARE: i64 = 70;
    pub const EX_TEMPFAIL: i64 = 75;
    pub const EX_UNAVAILABLE: i64 = 69;
    pub const EX_USAGE: i64 = 64;
    pub const F_OK: i64 = 0;
    pub const GRND_NONBLOCK: i64 = 1;
    pub const GRND_RANDOM: i64 = 2;
    pub const O_ACCMODE: i64 = 0x3;
    pub const O_APPEND: i64 = 0x400;
    pub const O_ASYNC: i64 = 0x2000;
    pub const O_CLOEXEC: i64 = 0x80000;
    pub const O_CREAT: i64 = 0x40;
    pub const O_DIRECT: i64 = 0x4000;
    pub const O_DIRECTORY: i64 = 0x10000;
    pub const O_DSYNC: i64 = 0x1000;
    pub const O_EXCL: i64 = 0x80;
    pub const O_FSYNC: i64 = 0x101000;
    pub const O_LARGEFILE: i64 = 0x0;
    pub const O_NDELAY: i64 = 0x800;
    pub const O_NOATIME: i64 = 0x40000;
    pub const O_NOCTTY: i64 = 0x100;
    pub const O_NOFOLLOW: i64 = 0x20000;
    pub const O_NONBLOCK: i64 = 0x800;
    pub const O_PATH: i64 = 0x200000;
    pub const O_RDONLY: i64 = 0x0;
    pub const O_RDWR: i64 = 0x2;
    pub const O_RSYNC: i64 = 0x101000;
    pub const O_SYNC: i64 = 0x101000;
    pub const O_TMPFILE: i64 = 0x410000;
    pub const O_TRUNC: i64 = 0x200;
    pub const O_WRONLY: i64 = 0x1;
    pub const PRIO_PGRP: i64 = 1;
    pub const PRIO_PROCESS: i64 = 0;
    pub const PRIO_USER: i64 = 2;
    pub const P_ALL: i64 = 0;
    pub const P_PGID: i64 = 2;
    pub const P_PID: i64 = 1;
    pub const P_PIDFD: i64 = 3;
    pub const R_OK: i64 = 4;
    pub const SEEK_DATA: i64 = 3;
    pub const SEEK_HOLE: i64 = 4;
    pub const WCONTINUED: i64 = 8;
    pub const WEXITED: i64 = 4;
    pub const WNOHANG: i64 = 1;
    pub const WNOWAIT: i64 = 16777216;
    pub const WSTOPPED: i64 = 2;
    pub const WUNTRACED: i64 = 2;
    pub const W_OK: i64 = 2;
    pub const X_OK: i64 = 1;

    #[constant]
    fn error(py: &mut Py) -> Gc<Class> {
        py.exceptions.OSError
    }

    /// The functions that take descriptors or `dir_fd`.
    const ABILITIES: &[&str] = &[
        "HAVE_FACCESSAT",
        "HAVE_FCHDIR",
        "HAVE_FCHMOD",
        "HAVE_FCHMODAT",
        "HAVE_FCHOWN",
        "HAVE_FCHOWNAT",
        "HAVE_FDOPENDIR",
        "HAVE_FEXECVE",
        "HAVE_FPATHCONF",
        "HAVE_FSTATAT",
        "HAVE_FSTATVFS",
        "HAVE_FTRUNCATE",
        "HAVE_FUTIMENS",
        "HAVE_LINKAT",
        "HAVE_LSTAT",
        "HAVE_MKDIRAT",
        "HAVE_MKFIFOAT",
        "HAVE_MKNODAT",
        "HAVE_OPENAT",
        "HAVE_READLINKAT",
        "HAVE_RENAMEAT",
        "HAVE_SYMLINKAT",
        "HAVE_UNLINKAT",
        "HAVE_UTIMENSAT",
    ];

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let mut abilities = RootVec::new(&mut py.heap);
        for name in ABILITIES {
            let name = py.intern(name);
            abilities.push(name.into());
        }
        let abilities = py.new_list(&abilities)?;
        py.module_set(module, "_have_functions", abilities.into())?;
        let (before, parent, child) = (py.new_list(&[])?, py.new_list(&[])?, py.new_list(&[])?);
        let lists = py.new_tuple(&[before.into(), parent.into(), child.into()]);
        py.module_set(module, fork::AT_FORK, lists.into())?;
        let environ = process::environment(py)?;
        py.module_set(module, "environ", environ.into())?;
        for (name, table) in
            [("sysconf_names", children::SYSCONF), ("confstr_names", children::CONFSTR), ("pathconf_names", children::PATHCONF)]
        {
            let numbers = py.new_dict();
            for (key, number) in table {
                let key = py.intern(key);
                py.dict_set_str(numbers, key, Value::small(*number))?;
            }
            py.module_set(module, name, numbers.into())?;
        }
        let entry = scandir::DirEntry::class(py);
        py.module_set(module, "DirEntry", entry.into())?;
        stat_result::add_classes(py, module)
    }
}
