//! The file tree itself: nodes with numbers, directories that name them, and the walk along a path.

use std::collections::BTreeMap;

use crate::error::{HostError, Result};
use crate::files::Stat;
use crate::tree::Moment;

/// The number of the root directory.
pub const ROOT: u64 = 1;

/// As many links are followed in one path.
const MAX_LINKS: u32 = 40;

/// What a node holds.
pub enum Body {
    File(Vec<u8>),
    Directory { entries: BTreeMap<Vec<u8>, u64>, parent: u64 },
    Symlink(Vec<u8>),
}

pub struct Node {
    pub body: Body,
    pub mode: u32,
    pub links: u64,
    pub accessed_ns: i64,
    pub modified_ns: i64,
    pub changed_ns: i64,
}

/// All nodes.
pub struct Nodes {
    all: BTreeMap<u64, Node>,
    next: u64,
}

fn errno<T>(errno: i32) -> Result<T> {
    Err(HostError::new(errno))
}

impl Nodes {
    pub fn new() -> Self {
        let mut nodes = Nodes { all: BTreeMap::new(), next: ROOT };
        let root = nodes.add(Body::Directory { entries: BTreeMap::new(), parent: ROOT }, 0o755, 0);
        nodes.get_mut(root).links = 1;
        nodes
    }

    /// Makes a node that no directory names yet.
    pub fn add(&mut self, body: Body, mode: u32, now_ns: i64) -> u64 {
        let number = self.next;
        self.next += 1;
        let mode = mode & 0o7777;
        self.all.insert(number, Node { body, mode, links: 0, accessed_ns: now_ns, modified_ns: now_ns, changed_ns: now_ns });
        number
    }

    /// Removes a node that no directory names.
    pub fn forget(&mut self, number: u64) {
        self.all.remove(&number);
    }

    pub fn get(&self, number: u64) -> &Node {
        self.all.get(&number).expect("a node lives as long as a name or an open file")
    }

    pub fn get_mut(&mut self, number: u64) -> &mut Node {
        self.all.get_mut(&number).expect("a node lives as long as a name or an open file")
    }

    pub fn contents(&self, number: u64) -> Result<&Vec<u8>> {
        match &self.get(number).body {
            Body::File(contents) => Ok(contents),
            Body::Directory { .. } => errno(libc::EISDIR),
            Body::Symlink(_) => errno(libc::ELOOP),
        }
    }

    pub fn contents_mut(&mut self, number: u64) -> Result<&mut Vec<u8>> {
        match &mut self.get_mut(number).body {
            Body::File(contents) => Ok(contents),
            Body::Directory { .. } => errno(libc::EISDIR),
            Body::Symlink(_) => errno(libc::ELOOP),
        }
    }

    pub fn entries(&self, number: u64) -> Result<&BTreeMap<Vec<u8>, u64>> {
        match &self.get(number).body {
            Body::Directory { entries, .. } => Ok(entries),
            _ => errno(libc::ENOTDIR),
        }
    }

    fn parent(&self, number: u64) -> u64 {
        match &self.get(number).body {
            Body::Directory { parent, .. } => *parent,
            _ => ROOT,
        }
    }

    /// Enters a node in a directory under a name, in place of what had the name.
    pub fn enter(&mut self, directory: u64, name: Vec<u8>, number: u64) -> Option<u64> {
        self.get_mut(number).links += 1;
        if let Body::Directory { parent, .. } = &mut self.get_mut(number).body {
            *parent = directory;
        }
        let Body::Directory { entries, .. } = &mut self.get_mut(directory).body else {
            return None;
        };
        let former = entries.insert(name, number)?;
        self.get_mut(former).links -= 1;
        Some(former)
    }

    /// Takes a name out of a directory and gives the node that had it.
    pub fn take_out(&mut self, directory: u64, name: &[u8]) -> Result<u64> {
        let Body::Directory { entries, .. } = &mut self.get_mut(directory).body else {
            return errno(libc::ENOTDIR);
        };
        let number = entries.remove(name).ok_or(HostError::new(libc::ENOENT))?;
        self.get_mut(number).links -= 1;
        Ok(number)
    }

    /// The node a path names.
    pub fn find(&self, start: u64, path: &[u8], follow: bool) -> Result<u64> {
        if path.is_empty() {
            return errno(libc::ENOENT);
        }
        self.walk(start, path, follow, &mut 0)
    }

    fn walk(&self, start: u64, path: &[u8], follow: bool, links: &mut u32) -> Result<u64> {
        let mut at = if path.starts_with(b"/") { ROOT } else { start };
        let must_be_directory = path.ends_with(b"/");
        let mut parts = path.split(|byte| *byte == b'/').filter(|part| !part.is_empty()).peekable();
        while let Some(part) = parts.next() {
            let entries = self.entries(at)?;
            let next = match part {
                b"." => at,
                b".." => self.parent(at),
                name => *entries.get(name).ok_or(HostError::new(libc::ENOENT))?,
            };
            at = match &self.get(next).body {
                Body::Symlink(target) if follow || must_be_directory || parts.peek().is_some() => {
                    *links += 1;
                    if *links > MAX_LINKS {
                        return errno(libc::ELOOP);
                    }
                    self.walk(at, target, true, links)?
                }
                _ => next,
            };
        }
        if must_be_directory {
            self.entries(at)?;
        }
        Ok(at)
    }

    /// The directory a path's last part is in, and that part.
    pub fn split(&self, start: u64, path: &[u8]) -> Result<(u64, Vec<u8>)> {
        let end = path.iter().rposition(|byte| *byte != b'/').map_or(0, |last| last + 1);
        let path = &path[..end];
        let cut = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
        let (directory, name) = path.split_at(cut);
        let directory = if directory.is_empty() { start } else { self.find(start, directory, true)? };
        self.entries(directory)?;
        match name {
            b"" if cut == 0 && end == 0 => errno(libc::ENOENT),
            b"" | b"." | b".." => errno(libc::EINVAL),
            name => Ok((directory, name.to_vec())),
        }
    }

    /// Makes the directories above an absolute path that are not there yet; gives the last one and the path's last part.
    pub fn make_parents(&mut self, path: &[u8], now_ns: i64) -> (u64, Vec<u8>) {
        let mut parts: Vec<&[u8]> = path.split(|byte| *byte == b'/').filter(|part| !part.is_empty()).collect();
        let name = parts.pop().unwrap_or_default().to_vec();
        let mut at = ROOT;
        for part in parts {
            let known = self.entries(at).ok().and_then(|entries| entries.get(part).copied());
            at = known.unwrap_or_else(|| {
                let made = self.add(Body::Directory { entries: BTreeMap::new(), parent: at }, 0o755, now_ns);
                self.enter(at, part.to_vec(), made);
                made
            });
        }
        (at, name)
    }

    /// The absolute path of a directory, or of a file by one of its names.
    pub fn path(&self, number: u64) -> Vec<u8> {
        let mut parts = Vec::new();
        let mut at = number;
        while at != ROOT {
            let parent = match &self.get(at).body {
                Body::Directory { parent, .. } => *parent,
                _ => self.holder(at),
            };
            let entries = self.entries(parent).ok();
            let name = entries.and_then(|entries| entries.iter().find(|(_, known)| **known == at)).map(|(name, _)| name.clone());
            parts.push(name.unwrap_or_default());
            at = parent;
        }
        if parts.is_empty() {
            return b"/".to_vec();
        }
        parts.iter().rev().flat_map(|part| [b"/".as_slice(), part].concat()).collect()
    }

    /// A directory that names the node.
    fn holder(&self, number: u64) -> u64 {
        let names = |node: &Node| matches!(&node.body, Body::Directory { entries, .. } if entries.values().any(|known| *known == number));
        self.all.iter().find(|(_, node)| names(node)).map_or(ROOT, |(holder, _)| *holder)
    }

    pub fn stat(&self, number: u64) -> Stat {
        let node = self.get(number);
        let (kind, size) = match &node.body {
            Body::File(contents) => (libc::S_IFREG, contents.len()),
            Body::Directory { .. } => (libc::S_IFDIR, 0),
            Body::Symlink(target) => (libc::S_IFLNK, target.len()),
        };
        let moment = |ns: i64| Moment { seconds: ns.div_euclid(1_000_000_000), nanos: ns.rem_euclid(1_000_000_000) as u32 };
        Stat {
            mode: kind | node.mode,
            ino: number,
            dev: 1,
            nlink: node.links,
            uid: super::system::USER,
            gid: super::system::USER,
            size: size as i64,
            atime: moment(node.accessed_ns),
            mtime: moment(node.modified_ns),
            ctime: moment(node.changed_ns),
            blksize: 4096,
            blocks: size.div_ceil(512) as i64,
            rdev: 0,
        }
    }
}
