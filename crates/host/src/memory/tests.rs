//! Unit tests of the in-memory host, which also cover the recording and the denying host.

use super::*;
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::files::Files;
use crate::process::Processes;
use crate::signals::Signals;
use crate::tree::{EntryKind, Tree};
use crate::{DeniedHost, RecordingHost, SystemHost};

const CREATE: i32 = libc::O_RDWR | libc::O_CREAT;

#[test]
fn files_and_positions() {
    let host = MemoryHost::new();
    let fd = host.open(b"/tmp/a", CREATE, 0o666, None).unwrap();
    assert_eq!(fd, 3);
    host.write(fd, b"hello").unwrap();
    let copy = host.dup(fd).unwrap();
    assert_eq!(host.lseek(copy, 1, libc::SEEK_SET), Ok(1));
    let mut buffer = [0; 8];
    assert_eq!(host.read(fd, &mut buffer), Ok(4));
    assert_eq!(host.pwrite(fd, b"!", 7), Ok(1));
    assert_eq!(host.file(b"/tmp/a").unwrap(), b"hello\0\0!");
    assert_eq!(host.fstat(fd).unwrap().mode, libc::S_IFREG | 0o644);
    assert_eq!(host.lseek(fd, -9, libc::SEEK_END), Err(HostError::new(libc::EINVAL)));
    assert_eq!(host.pwrite(fd, b"!", i64::MAX), Err(HostError::new(libc::EFBIG)));
    host.close(fd).unwrap();
    host.unlink(b"/tmp/a", None).unwrap();
    assert_eq!(host.read(copy, &mut buffer), Ok(3));
    assert_eq!(host.pread(copy, &mut buffer, 0), Ok(8));
    host.close(copy).unwrap();
    assert_eq!(host.open(b"/tmp/a", libc::O_RDONLY, 0, None), Err(HostError::new(libc::ENOENT)));
    assert_eq!(host.open(b"/tmp", libc::O_WRONLY, 0, None), Err(HostError::new(libc::EISDIR)));
}

#[test]
fn streams_are_captured() {
    let host = MemoryHost::new();
    host.set_stdin(b"in");
    let mut buffer = [0; 4];
    assert_eq!(host.read(0, &mut buffer), Ok(2));
    host.write(1, b"out").unwrap();
    host.write(2, b"err").unwrap();
    host.close(1).unwrap();
    assert_eq!((host.stdout(), host.stderr()), (b"out".to_vec(), b"err".to_vec()));
    assert_eq!(host.write(1, b"x"), Err(HostError::new(libc::EBADF)));
}

#[test]
fn the_tree() {
    let host = MemoryHost::new();
    host.add_file(b"/lib/pkg/mod.py", b"x = 1\n");
    host.symlink(b"pkg", b"/lib/link", None).unwrap();
    host.symlink(b"loop", b"/lib/loop", None).unwrap();
    assert_eq!(host.stat(b"/lib/link/../pkg/mod.py", None, true).unwrap().size, 6);
    assert_eq!(host.stat(b"/lib/loop", None, true), Err(HostError::new(libc::ELOOP)));
    assert_eq!(host.stat(b"/lib/pkg/mod.py/", None, true), Err(HostError::new(libc::ENOTDIR)));
    assert_eq!(host.realpath(b"/lib/link/mod.py").unwrap(), b"/lib/pkg/mod.py");
    let names: Vec<_> = host.scandir(b"/lib").unwrap().into_iter().map(|entry| (entry.name, entry.kind)).collect();
    assert_eq!(names[2], (b"pkg".to_vec(), EntryKind::Directory));
    host.chdir(b"/lib/link").unwrap();
    assert_eq!(host.getcwd().unwrap(), b"/lib/pkg");
    host.rename(b"mod.py", b"../other.py", None, None).unwrap();
    assert_eq!(host.file(b"/lib/other.py").unwrap(), b"x = 1\n");
    assert_eq!(host.rename(b"/lib", b"/lib/pkg/lib", None, None), Err(HostError::new(libc::EINVAL)));
    assert_eq!(host.mkdir(b"/lib", 0o777, None), Err(HostError::new(libc::EEXIST)));
    assert_eq!(host.rmdir(b"/lib", None), Err(HostError::new(libc::ENOTEMPTY)));
    let directory = host.open(b"/lib", libc::O_RDONLY | libc::O_DIRECTORY, 0, None).unwrap();
    assert!(host.access(b"other.py", libc::R_OK, Some(directory), false, true).unwrap());
    host.link(b"other.py", b"again.py", Some(directory), Some(directory), true).unwrap();
    assert_eq!(host.stat(b"/lib/again.py", None, true).unwrap().nlink, 2);
}

#[test]
fn pipes_never_wait() {
    let host = MemoryHost::new();
    let (reading, writing) = host.pipe(0).unwrap();
    assert_eq!(host.read(reading, &mut [0]), Err(HostError::new(libc::EAGAIN)));
    host.write(writing, b"ab").unwrap();
    assert_eq!(host.read(reading, &mut [0]), Ok(1));
    host.close(writing).unwrap();
    assert_eq!(host.read(reading, &mut [0; 4]), Ok(1));
    assert_eq!(host.read(reading, &mut [0; 4]), Ok(0));
}

#[test]
fn the_calendar_agrees_with_the_system() {
    let (memory, system) = (MemoryHost::new(), SystemHost::new());
    let format = b"%a %A %b %B %c %C %d %D %e %F %g %G %H %I %j %k %l %m %M %p %P %r %R %S %T %u %U %V %w %W %x %X %y %Y %%";
    let mut seconds: i64 = -70_000_000_000;
    while seconds < 200_000_000_000 {
        let mut expected = system.gmtime(seconds).unwrap();
        expected.zone = b"UTC".to_vec();
        let fields = memory.gmtime(seconds).unwrap();
        assert_eq!(fields, expected, "{seconds}");
        assert_eq!(memory.mktime(&fields), Ok(seconds));
        if fields.year >= 1000 {
            assert_eq!(memory.strftime(format, &fields), system.strftime(format, &fields), "{seconds}");
        }
        seconds += 86_400 * 97 + 12_345;
    }
    assert_eq!(memory.gmtime(i64::MAX), Err(HostError::new(libc::EOVERFLOW)));
    memory.sleep_until(5_000).unwrap();
    memory.advance(1);
    assert_eq!(memory.monotonic_ns(), Ok(5_001));
}

#[test]
fn entropy_repeats() {
    let bytes = || {
        let mut buffer = [0; 13];
        MemoryHost::new().entropy(&mut buffer).unwrap();
        buffer
    };
    assert_eq!(bytes(), bytes());
}

#[test]
fn signals_are_only_noted() {
    let host = MemoryHost::new();
    let word = Arc::new(AtomicU32::new(0));
    host.set_signal_notice(Some(word.clone()), 2).unwrap();
    assert_eq!(host.raise_signal(2), Err(HostError::denied()));
    host.simulate_signal(2).unwrap();
    assert_eq!(word.load(std::sync::atomic::Ordering::SeqCst), 2);
    assert_eq!(host.take_pending(), Ok(2));
}

#[test]
fn calls_are_recorded() {
    let host = RecordingHost::new(Arc::new(MemoryHost::new()));
    host.mkdir(b"/a\xff", 0o700, None).unwrap();
    assert!(host.open(b"/b", 0, 0, Some(9)).is_err());
    let calls = host.take_calls();
    assert_eq!((calls[0].method, calls[0].arguments.join(" "), calls[0].error), ("mkdir", "/a\\xff 448 None".to_owned(), None));
    assert_eq!((calls[1].method, calls[1].error.unwrap().errno), ("open", libc::EBADF));
    assert!(host.take_calls().is_empty());
}

#[test]
fn a_denying_host_denies() {
    let host = DeniedHost::new();
    assert_eq!(host.open(b"/etc/passwd", 0, 0, None), Err(HostError::denied()));
    assert_eq!(host.exit(0), Err(HostError::denied()));
    assert_eq!(host.time_ns(), Err(HostError::denied()));
    assert_eq!(DeniedHost::with_clock(Arc::new(MemoryHost::new())).monotonic_ns(), Ok(0));
}
