//! A host that shows one more directory: files that are read-only and exist in memory, over those of another host.

use std::sync::Arc;

use crate::Host;
use crate::error::{HostError, Result};
use crate::files::{Fd, Stat};
use crate::tree::{DirEntry, EntryKind};

/// Files in memory, by their path below [`Layer::root`].
pub trait Layer: Send + Sync {
    /// The absolute path of the directory that the files are in.
    fn root(&self) -> &str;
    /// The contents of a file.
    fn contents(&self, path: &str) -> Option<Vec<u8>>;
    /// The size of a file in bytes.
    fn size(&self, path: &str) -> Option<usize>;
    /// The names in a directory and whether each is a directory itself; the root's path is empty.
    fn entries(&self, path: &str) -> Option<Vec<(String, bool)>>;
}

/// Shows a [`Layer`] and passes everything else on to another host.
pub struct OverlayHost {
    inner: Arc<dyn Host>,
    layer: Box<dyn Layer>,
}

const ENOENT: i32 = 2;
const EISDIR: i32 = 21;
const ENOTDIR: i32 = 20;
const EROFS: i32 = 30;
/// The flags with which a file is changed: `O_ACCMODE`, `O_CREAT`, `O_TRUNC`.
const CHANGING: i32 = 0o3 | 0o100 | 0o1000;
const O_DIRECTORY: i32 = 0o200_000;
const W_OK: i32 = 2;
const SEEK_SET: i32 = 0;

impl OverlayHost {
    /// Shows `layer` over `inner`.
    pub fn new(inner: Arc<dyn Host>, layer: Box<dyn Layer>) -> OverlayHost {
        OverlayHost { inner, layer }
    }

    pub(crate) fn inner(&self) -> &dyn Host {
        &*self.inner
    }

    /// The path below the layer's root, if it is there.
    fn below<'p>(&self, path: &'p [u8]) -> Option<&'p str> {
        let rest = path.strip_prefix(self.layer.root().as_bytes())?;
        match rest.strip_prefix(b"/") {
            Some(rest) => std::str::from_utf8(rest).ok().map(|rest| rest.trim_end_matches('/')),
            None => rest.is_empty().then_some(""),
        }
    }

    pub(crate) fn open_file(&self, path: &[u8], flags: i32, mode: u32, dir: Option<Fd>) -> Result<Fd> {
        let Some(name) = self.below(path) else { return self.inner.open(path, flags, mode, dir) };
        if flags & CHANGING != 0 {
            return Err(HostError::new(EROFS));
        }
        let Some(contents) = self.layer.contents(name) else {
            return Err(HostError::new(if self.layer.entries(name).is_some() { EISDIR } else { ENOENT }));
        };
        if flags & O_DIRECTORY != 0 {
            return Err(HostError::new(ENOTDIR));
        }
        let fd = self.inner.memfd_create(name.as_bytes(), 1)?;
        let mut rest = contents.as_slice();
        while !rest.is_empty() {
            let written = self.inner.write(fd, rest)?;
            rest = &rest[written..];
        }
        self.inner.lseek(fd, 0, SEEK_SET)?;
        Ok(fd)
    }

    pub(crate) fn describe(&self, path: &[u8], dir: Option<Fd>, follow: bool) -> Result<Stat> {
        let Some(name) = self.below(path) else { return self.inner.stat(path, dir, follow) };
        if self.layer.entries(name).is_some() {
            return Ok(Stat { mode: 0o040_555, nlink: 2, ..Stat::default() });
        }
        let size = self.layer.size(name).ok_or(HostError::new(ENOENT))?;
        Ok(Stat { mode: 0o100_444, nlink: 1, size: size as i64, ..Stat::default() })
    }

    pub(crate) fn names(&self, path: &[u8]) -> Result<Vec<DirEntry>> {
        let Some(name) = self.below(path) else { return self.inner.scandir(path) };
        let Some(entries) = self.layer.entries(name) else {
            return Err(HostError::new(if self.layer.size(name).is_some() { ENOTDIR } else { ENOENT }));
        };
        let entry = |(name, is_directory): (String, bool)| {
            let kind = if is_directory { EntryKind::Directory } else { EntryKind::File };
            DirEntry { name: name.into_bytes(), ino: 0, kind }
        };
        Ok(entries.into_iter().map(entry).collect())
    }

    pub(crate) fn allows(&self, path: &[u8], mode: i32, dir: Option<Fd>, effective_ids: bool, follow: bool) -> Result<bool> {
        match self.below(path) {
            Some(_) => Ok(mode & W_OK == 0 && self.describe(path, None, true).is_ok()),
            None => self.inner.access(path, mode, dir, effective_ids, follow),
        }
    }

    pub(crate) fn resolve(&self, path: &[u8]) -> Result<Vec<u8>> {
        match self.below(path) {
            Some(_) => self.describe(path, None, true).map(|_| path.to_vec()),
            None => self.inner.realpath(path),
        }
    }
}

/// How the overlay does one method of a topic: itself, where files are looked at by name, or by the inner host.
macro_rules! overlaid {
    ($host:ident open $($arg:ident)*) => { $host.open_file($($arg),*) };
    ($host:ident stat $($arg:ident)*) => { $host.describe($($arg),*) };
    ($host:ident scandir $($arg:ident)*) => { $host.names($($arg),*) };
    ($host:ident access $($arg:ident)*) => { $host.allows($($arg),*) };
    ($host:ident realpath $($arg:ident)*) => { $host.resolve($($arg),*) };
    ($host:ident $method:ident $($arg:ident)*) => { $host.inner().$method($($arg),*) };
}
pub(crate) use overlaid;
