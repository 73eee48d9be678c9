//! `stat_result` and the other structure sequences of `posix`.

use crate::structseq;
use bredli_host::{Moment, Stat};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

const STAT_FIELDS: &[&str] = &["st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size"];

const STAT_DOC: &str = "stat_result: Result from stat, fstat, or lstat.\n\n\
    This object may be accessed either as a tuple of\n  (mode, ino, dev, nlink, uid, gid, size, atime, mtime, ctime)\n\
    or via the attributes st_mode, st_ino, st_dev, st_nlink, st_uid, and so on.";

const STAT_HIDDEN: &[(&str, Option<usize>)] = &[
    ("st_atime", Some(7)),
    ("st_mtime", Some(8)),
    ("st_ctime", Some(9)),
    ("st_atime_ns", None),
    ("st_mtime_ns", None),
    ("st_ctime_ns", None),
    ("st_blksize", None),
    ("st_blocks", None),
    ("st_rdev", None),
];

/// Add the classes to the module.
pub fn add_classes(py: &mut Py, module: Gc<Module>) -> Result<()> {
    let class = structseq::new_class_with_hidden(py, "os", "stat_result", STAT_DOC, STAT_FIELDS, 10, STAT_HIDDEN)?;
    py.module_set(module, "stat_result", class.into())?;
    let doc = "A tuple of (columns, lines) for holding terminal window size";
    let class = structseq::new_class(py, "os", "terminal_size", doc, &["columns", "lines"], 2)?;
    py.module_set(module, "terminal_size", class.into())?;
    let doc = "statvfs_result: Result from statvfs or fstatvfs.\n\n\
        This object may be accessed either as a tuple of\n  (bsize, frsize, blocks, bfree, bavail, files, ffree, favail, flag, namemax),\n\
        or via the attributes f_bsize, f_frsize, f_blocks, f_bfree, and so on.\n\nSee os.statvfs for more information.";
    let fields = ["f_bsize", "f_frsize", "f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree", "f_favail", "f_flag", "f_namemax"];
    let class = structseq::new_class(py, "os", "statvfs_result", doc, &fields, fields.len())?;
    py.module_set(module, "statvfs_result", class.into())?;
    let doc = "times_result: Result from os.times().";
    let fields = ["user", "system", "children_user", "children_system", "elapsed"];
    let class = structseq::new_class(py, "posix", "times_result", doc, &fields, fields.len())?;
    py.module_set(module, "times_result", class.into())?;
    let doc = "uname_result: Result from os.uname().";
    let class = structseq::new_class(py, "posix", "uname_result", doc, &["sysname", "nodename", "release", "version", "machine"], 5)?;
    py.module_set(module, "uname_result", class.into())
}

/// Make an instance of a class of this module.
pub fn instance(py: &mut Py, name: &str, items: &[Value]) -> Result {
    let module = py.import_module("posix")?;
    let class = py.get_attr_named(module, name)?;
    structseq::new_instance(py, class, items)
}

/// What the host reports of a file as `os.stat_result`.
pub fn stat_result(py: &mut Py, stat: &Stat) -> Result {
    let mut items = RootVec::new(&mut py.heap);
    let unsigned = [u64::from(stat.mode), stat.ino, stat.dev, stat.nlink, u64::from(stat.uid), u64::from(stat.gid)];
    for number in unsigned {
        items.push(py.new_int_u64(number));
    }
    items.push(py.new_int(stat.size));
    let times = [stat.atime, stat.mtime, stat.ctime];
    for time in times {
        items.push(py.new_int(time.seconds));
    }
    let result = instance(py, "stat_result", &items)?;
    let hidden = [
        ("st_atime", Value::float(seconds(stat.atime))),
        ("st_atime_ns", nanoseconds(py, stat.atime)),
        ("st_mtime", Value::float(seconds(stat.mtime))),
        ("st_mtime_ns", nanoseconds(py, stat.mtime)),
        ("st_ctime", Value::float(seconds(stat.ctime))),
        ("st_ctime_ns", nanoseconds(py, stat.ctime)),
        ("st_blksize", py.new_int(stat.blksize)),
        ("st_blocks", py.new_int(stat.blocks)),
        ("st_rdev", py.new_int_u64(stat.rdev)),
    ];
    structseq::set_hidden(py, result, &hidden)?;
    Ok(result)
}

fn seconds(time: Moment) -> f64 {
    time.seconds as f64 + 1e-9 * f64::from(time.nanos)
}

fn nanoseconds(py: &mut Py, time: Moment) -> Value {
    py.new_int(i64::try_from(time.as_nanos()).unwrap_or(if time.seconds < 0 { i64::MIN } else { i64::MAX }))
}
