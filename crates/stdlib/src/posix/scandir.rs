//! `os.scandir` and its `DirEntry`.
//!
//! The host reads a whole directory at once, so that an iterator holds no descriptor and needs no finalizer. Counterpart: the second half of
//! `Modules/posixmodule.c`.

use super::paths::{Place, answer, place};
use super::stat_result::stat_result;
use crate::os_error::{fspath, host_call, path_bytes};
use bredli_host::{EntryKind, HostError, Stat};
use bredli_runtime::prelude::*;

const S_IFMT: u32 = 0o170_000;
const S_IFDIR: u32 = 0o040_000;
const S_IFREG: u32 = 0o100_000;
const S_IFLNK: u32 = 0o120_000;
const ENOENT: i32 = 2;

fn kind_bits(kind: EntryKind) -> u32 {
    match kind {
        EntryKind::Unknown => 0,
        EntryKind::File => S_IFREG,
        EntryKind::Directory => S_IFDIR,
        EntryKind::Symlink => S_IFLNK,
        EntryKind::Fifo => 0o010_000,
        EntryKind::Socket => 0o140_000,
        EntryKind::CharDevice => 0o020_000,
        EntryKind::BlockDevice => 0o060_000,
    }
}

/// One name of a directory.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "DirEntry", module = "posix", flags(IMMUTABLE, DISALLOW_INSTANTIATION))]
pub struct DirEntry {
    header: Header,
    name: Value,
    path: Value,
    /// What is stat'ed: the path as bytes, or the name when the directory is given as a descriptor.
    target: Value,
    dir_fd: Option<i32>,
    inode: u64,
    /// The file type bits of the mode, as far as the directory tells; 0 when it does not.
    kind: u32,
    followed: Option<Value>,
    own: Option<Value>,
}

impl DirEntry {
    fn look(this: Gc<Self>, py: &mut Py, follow: bool) -> Result<std::result::Result<Stat, HostError>> {
        let (target, dir_fd, path) = (this.get(py).target, this.get(py).dir_fd, this.get(py).path);
        let name = path_bytes(py, "DirEntry", target)?;
        host_call(py, Some(path), |host| match host.stat(&name, dir_fd, follow) {
            Err(error) if error.errno == ENOENT => Ok(Err(error)),
            found => found.map(Ok),
        })
    }

    /// Whether the entry is of a kind; one that has vanished is of none.
    fn has_kind(this: Gc<Self>, py: &mut Py, follow_symlinks: bool, kind: u32) -> Result<bool> {
        let own = this.get(py).kind;
        if own != 0 && !(follow_symlinks && own == S_IFLNK) {
            return Ok(own == kind);
        }
        Ok(DirEntry::look(this, py, follow_symlinks)?.is_ok_and(|stat| stat.mode & S_IFMT == kind))
    }
}

#[pymethods]
impl DirEntry {
    /// the entry's base filename, relative to scandir() "path" argument
    #[getter]
    fn name(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).name
    }

    /// the entry's full path name; equivalent to os.path.join(scandir_path, entry.name)
    #[getter]
    fn path(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).path
    }

    /// Return True if the entry is a directory; cached per entry.
    #[signature(self, /, *, follow_symlinks=True)]
    fn is_dir(this: Gc<Self>, py: &mut Py, follow_symlinks: bool) -> Result<bool> {
        DirEntry::has_kind(this, py, follow_symlinks, S_IFDIR)
    }

    /// Return True if the entry is a file; cached per entry.
    #[signature(self, /, *, follow_symlinks=True)]
    fn is_file(this: Gc<Self>, py: &mut Py, follow_symlinks: bool) -> Result<bool> {
        DirEntry::has_kind(this, py, follow_symlinks, S_IFREG)
    }

    /// Return True if the entry is a symbolic link; cached per entry.
    #[signature(self, /)]
    fn is_symlink(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        DirEntry::has_kind(this, py, false, S_IFLNK)
    }

    /// Return True if the entry is a junction; cached per entry.
    #[signature(self, /)]
    fn is_junction(this: Gc<Self>) -> bool {
        let _ = this;
        false
    }

    /// Return inode of the entry; cached per entry.
    #[signature(self, /)]
    fn inode(this: Gc<Self>, py: &Py) -> u64 {
        this.get(py).inode
    }

    /// Return stat_result object for the entry; cached per entry.
    #[signature(self, /, *, follow_symlinks=True)]
    fn stat(this: Gc<Self>, py: &mut Py, follow_symlinks: bool) -> Result {
        let follow = follow_symlinks && matches!(this.get(py).kind, S_IFLNK | 0);
        let cached = if follow { this.get(py).followed } else { this.get(py).own };
        if let Some(found) = cached {
            return Ok(found);
        }
        let found = match DirEntry::look(this, py, follow)? {
            Ok(stat) => stat_result(py, &stat)?,
            Err(error) => {
                let path = this.get(py).path;
                return Err(crate::os_error::os_error(py, error, Some(path), None));
            }
        };
        let entry = this.get_mut(py);
        if follow {
            entry.followed = Some(found);
        } else {
            entry.own = Some(found);
        }
        Ok(found)
    }

    /// Returns the path for the entry.
    #[signature(self, /)]
    fn __fspath__(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).path
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let name = this.get(py).name;
        Ok(format!("<DirEntry {}>", py.repr_text(name)?))
    }

    /// See PEP 585
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }
}

/// What `scandir` returns.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "ScandirIterator", module = "posix", flags(IMMUTABLE, DISALLOW_INSTANTIATION))]
pub struct ScandirIterator {
    header: Header,
    /// The entries that are still to come, last first.
    entries: HeapVec<Value>,
}

#[pymethods]
impl ScandirIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get_mut(py).entries.pop()
    }

    #[signature(self, /)]
    fn close(this: Gc<Self>, py: &mut Py) {
        this.get_mut(py).entries.clear();
    }

    #[signature(self, /)]
    fn __enter__(this: Gc<Self>) -> Value {
        this.into()
    }

    #[signature(self, /, *exc_info)]
    fn __exit__(this: Gc<Self>, py: &mut Py, exc_info: &[Value]) {
        let _ = exc_info;
        this.get_mut(py).entries.clear();
    }
}

#[pymodule(name = "posix", part)]
pub mod scanning {
    use super::*;

    /// Return an iterator of DirEntry objects for given path.
    ///
    /// path can be specified as either str, bytes, or a path-like object.  If path
    /// is bytes, the names yielded will also be bytes; in all other circumstances
    /// they will be str.
    ///
    /// If path is None, uses the path='.'.
    #[pyfunction]
    #[signature(path=None)]
    fn scandir(py: &mut Py, path: Option<Value>) -> Result<Gc<ScandirIterator>> {
        py.audit("os.scandir", &[path.unwrap_or(Value::NONE)])?;
        let shown = match path {
            Some(path) => path,
            None => py.new_str(".").into(),
        };
        let (found, mut prefix, dir_fd) = match place(py, "scandir", shown)? {
            Place::Path(name) => (host_call(py, Some(shown), |host| host.scandir(&name))?, name, None),
            Place::Descriptor(fd) => (host_call(py, Some(shown), |host| host.scandir_fd(fd))?, Vec::new(), Some(fd)),
        };
        if prefix.last().is_some_and(|last| *last != b'/') {
            prefix.push(b'/');
        }
        let asked = if dir_fd.is_some() { shown } else { fspath(py, shown)? };
        let Ok(entries) = HeapVec::with_capacity(&mut py.heap, found.len()) else { return Err(py.no_memory()) };
        let iterator = py.alloc(ScandirIterator { header: Header::EMPTY, entries });
        for entry in found.iter().rev() {
            let name = answer(py, asked, &entry.name);
            let path = match dir_fd {
                Some(_) => name,
                None => answer(py, asked, &[prefix.as_slice(), &entry.name].concat()),
            };
            let entry = DirEntry {
                header: Header::EMPTY,
                name,
                path,
                target: path,
                dir_fd,
                inode: entry.ino,
                kind: kind_bits(entry.kind),
                followed: None,
                own: None,
            };
            let entry = py.alloc(entry);
            iterator.get_mut(py).entries.push_within_capacity(entry.into());
        }
        Ok(iterator)
    }
}
