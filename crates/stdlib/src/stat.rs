//! `_stat`: the bits of a file's mode.
//!
//! Counterpart: `Modules/_stat.c`.

use bredli_runtime::prelude::*;

/// The letter of each kind of file.
const KINDS: [(u32, char); 7] =
    [(0o100000, '-'), (0o40000, 'd'), (0o120000, 'l'), (0o60000, 'b'), (0o20000, 'c'), (0o10000, 'p'), (0o140000, 's')];

const KIND_MASK: u32 = 0o170000;

/// S_IFMT_: file type bits
/// S_IFDIR: directory
/// S_IFCHR: character device
/// S_IFBLK: block device
/// S_IFREG: regular file
/// S_IFIFO: fifo (named pipe)
/// S_IFLNK: symbolic link
/// S_IFSOCK: socket file
#[pymodule(name = "_stat")]
pub mod stat {
    use super::*;

    pub const SF_APPEND: i64 = 0x40000;
    pub const SF_ARCHIVED: i64 = 0x10000;
    pub const SF_DATALESS: i64 = 0x40000000;
    pub const SF_FIRMLINK: i64 = 0x800000;
    pub const SF_IMMUTABLE: i64 = 0x20000;
    pub const SF_NOUNLINK: i64 = 0x100000;
    pub const SF_SETTABLE: i64 = 0xffff0000;
    pub const SF_SNAPSHOT: i64 = 0x200000;
    pub const ST_ATIME: i64 = 7;
    pub const ST_CTIME: i64 = 9;
    pub const ST_DEV: i64 = 2;
    pub const ST_GID: i64 = 5;
    pub const ST_INO: i64 = 1;
    pub const ST_MODE: i64 = 0;
    pub const ST_MTIME: i64 = 8;
    pub const ST_NLINK: i64 = 3;
    pub const ST_SIZE: i64 = 6;
    pub const ST_UID: i64 = 4;
    pub const S_ENFMT: i64 = 0o2000;
    pub const S_IEXEC: i64 = 0o100;
    pub const S_IFBLK: i64 = 0o60000;
    pub const S_IFCHR: i64 = 0o20000;
    pub const S_IFDIR: i64 = 0o40000;
    pub const S_IFDOOR: i64 = 0o0;
    pub const S_IFIFO: i64 = 0o10000;
    pub const S_IFLNK: i64 = 0o120000;
    pub const S_IFPORT: i64 = 0o0;
    pub const S_IFREG: i64 = 0o100000;
    pub const S_IFSOCK: i64 = 0o140000;
    pub const S_IFWHT: i64 = 0o0;
    pub const S_IREAD: i64 = 0o400;
    pub const S_IRGRP: i64 = 0o40;
    pub const S_IROTH: i64 = 0o4;
    pub const S_IRUSR: i64 = 0o400;
    pub const S_IRWXG: i64 = 0o70;
    pub const S_IRWXO: i64 = 0o7;
    pub const S_IRWXU: i64 = 0o700;
    pub const S_ISGID: i64 = 0o2000;
    pub const S_ISUID: i64 = 0o4000;
    pub const S_ISVTX: i64 = 0o1000;
    pub const S_IWGRP: i64 = 0o20;
    pub const S_IWOTH: i64 = 0o2;
    pub const S_IWRITE: i64 = 0o200;
    pub const S_IWUSR: i64 = 0o200;
    pub const S_IXGRP: i64 = 0o10;
    pub const S_IXOTH: i64 = 0o1;
    pub const S_IXUSR: i64 = 0o100;
    pub const UF_APPEND: i64 = 4;
    pub const UF_COMPRESSED: i64 = 0x20;
    pub const UF_DATAVAULT: i64 = 0x80;
    pub const UF_HIDDEN: i64 = 0x8000;
    pub const UF_IMMUTABLE: i64 = 2;
    pub const UF_NODUMP: i64 = 1;
    pub const UF_NOUNLINK: i64 = 0x10;
    pub const UF_OPAQUE: i64 = 8;
    pub const UF_SETTABLE: i64 = 0xffff;
    pub const UF_TRACKED: i64 = 0x40;

    /// S_ISDIR(mode) -> bool
    ///
    /// Return True if mode is from a directory.
    #[pyfunction]
    fn S_ISDIR(mode: u32) -> bool {
        mode & KIND_MASK == 0o40000
    }

    /// S_ISCHR(mode) -> bool
    ///
    /// Return True if mode is from a character special device file.
    #[pyfunction]
    fn S_ISCHR(mode: u32) -> bool {
        mode & KIND_MASK == 0o20000
    }

    /// S_ISBLK(mode) -> bool
    ///
    /// Return True if mode is from a block special device file.
    #[pyfunction]
    fn S_ISBLK(mode: u32) -> bool {
        mode & KIND_MASK == 0o60000
    }

    /// S_ISREG(mode) -> bool
    ///
    /// Return True if mode is from a regular file.
    #[pyfunction]
    fn S_ISREG(mode: u32) -> bool {
        mode & KIND_MASK == 0o100000
    }

    /// S_ISFIFO(mode) -> bool
    ///
    /// Return True if mode is from a FIFO (named pipe).
    #[pyfunction]
    fn S_ISFIFO(mode: u32) -> bool {
        mode & KIND_MASK == 0o10000
    }

    /// S_ISLNK(mode) -> bool
    ///
    /// Return True if mode is from a symbolic link.
    #[pyfunction]
    fn S_ISLNK(mode: u32) -> bool {
        mode & KIND_MASK == 0o120000
    }

    /// S_ISSOCK(mode) -> bool
    ///
    /// Return True if mode is from a socket.
    #[pyfunction]
    fn S_ISSOCK(mode: u32) -> bool {
        mode & KIND_MASK == 0o140000
    }

    /// S_ISDOOR(mode) -> bool
    ///
    /// Return True if mode is from a door.
    #[pyfunction]
    fn S_ISDOOR(_mode: u32) -> bool {
        false
    }

    /// S_ISPORT(mode) -> bool
    ///
    /// Return True if mode is from an event port.
    #[pyfunction]
    fn S_ISPORT(_mode: u32) -> bool {
        false
    }

    /// S_ISWHT(mode) -> bool
    ///
    /// Return True if mode is from a whiteout.
    #[pyfunction]
    fn S_ISWHT(_mode: u32) -> bool {
        false
    }

    /// Return the portion of the file's mode that can be set by os.chmod().
    #[pyfunction]
    fn S_IMODE(mode: u32) -> u32 {
        mode & 0o7777
    }

    /// Return the portion of the file's mode that describes the file type.
    #[pyfunction]
    fn S_IFMT(mode: u32) -> u32 {
        mode & KIND_MASK
    }

    /// Convert a file's mode to a string of the form '-rwxrwxrwx'
    #[pyfunction]
    fn filemode(mode: u32) -> String {
        let mut text = String::with_capacity(10);
        text.push(KINDS.iter().find(|(bits, _)| *bits == mode & KIND_MASK).map_or('?', |(_, letter)| *letter));
        for (shift, special, both, alone) in [(6, 0o4000, 's', 'S'), (3, 0o2000, 's', 'S'), (0, 0o1000, 't', 'T')] {
            let bits = mode >> shift;
            text.push(if bits & 4 != 0 { 'r' } else { '-' });
            text.push(if bits & 2 != 0 { 'w' } else { '-' });
            text.push(match (mode & special != 0, bits & 1 != 0) {
                (true, true) => both,
                (true, false) => alone,
                (false, true) => 'x',
                (false, false) => '-',
            });
        }
        text
    }
}
