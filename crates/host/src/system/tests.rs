//! Unit tests of the system host.

use super::*;
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::environment::Environment;
use crate::files::{Files, PollFd};
use crate::process::{Processes, Spawn};
use crate::signals::{Disposition, Signals};
use crate::sockets::{Lookup, Message, SocketAddress, Sockets};
use crate::threads::{ThreadStart, Threads};
use crate::tree::{EntryKind, Moment, Tree};
use crate::users::Users;

/// A fresh directory, removed at the end of the test.
struct Scratch(Vec<u8>);

impl Scratch {
    fn new(host: &SystemHost, name: &str) -> Self {
        let path = format!("{}/bredli-host-{}-{name}", std::env::temp_dir().display(), host.getpid().unwrap()).into_bytes();
        host.mkdir(&path, 0o700, None).unwrap();
        Scratch(path)
    }

    fn join(&self, name: &str) -> Vec<u8> {
        [&self.0, b"/".as_slice(), name.as_bytes()].concat()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(String::from_utf8_lossy(&self.0).as_ref());
    }
}

#[test]
fn files_round_trip() {
    let host = SystemHost::new();
    let scratch = Scratch::new(&host, "files");
    let path = scratch.join("a");
    let fd = host.open(&path, libc::O_RDWR | libc::O_CREAT | libc::O_EXCL | libc::O_CLOEXEC, 0o640, None).unwrap();
    assert_eq!(host.write(fd, b"hello world"), Ok(11));
    assert_eq!(host.lseek(fd, 6, libc::SEEK_SET), Ok(6));
    let mut buffer = [0; 16];
    assert_eq!(host.read(fd, &mut buffer), Ok(5));
    assert_eq!(&buffer[..5], b"world");
    assert_eq!(host.pread(fd, &mut buffer, 1), Ok(10));
    assert!(!host.inheritable(fd).unwrap());
    host.ftruncate(fd, 3).unwrap();
    assert_eq!(host.fstat(fd).unwrap().size, 3);
    assert!(!host.isatty(fd).unwrap());
    host.close(fd).unwrap();
    assert_eq!(host.close(fd), Err(HostError::new(libc::EBADF)));
    assert_eq!(host.open(b"a\0b", 0, 0, None), Err(HostError::new(libc::EINVAL)));
    assert_eq!(host.open(&scratch.join("missing"), 0, 0, None), Err(HostError::new(libc::ENOENT)));
}

#[test]
fn tree_round_trip() {
    let host = SystemHost::new();
    let scratch = Scratch::new(&host, "tree");
    let (file, link, moved) = (scratch.join("file"), scratch.join("link"), scratch.join("moved"));
    host.close(host.open(&file, libc::O_WRONLY | libc::O_CREAT, 0o600, None).unwrap()).unwrap();
    host.symlink(b"file", &link, None).unwrap();
    assert_eq!(host.readlink(&link, None).unwrap(), b"file");
    let mut names = host.scandir(&scratch.0).unwrap();
    names.sort_by(|a, b| a.name.cmp(&b.name));
    let kinds: Vec<_> = names.iter().map(|entry| (entry.name.as_slice(), entry.kind)).collect();
    assert_eq!(kinds, [(b"file".as_slice(), EntryKind::File), (b"link", EntryKind::Symlink)]);
    let times = (Moment { seconds: 5, nanos: 7 }, Moment { seconds: 9, nanos: 11 });
    host.utime(&file, Some(times), None, true).unwrap();
    assert_eq!(host.stat(&link, None, true).unwrap().mtime, times.1);
    assert_eq!(host.stat(&link, None, false).unwrap().mode & libc::S_IFMT, libc::S_IFLNK);
    host.rename(&file, &moved, None, None).unwrap();
    assert_eq!(host.stat(&file, None, true), Err(HostError::new(libc::ENOENT)));
    assert!(host.access(&moved, libc::R_OK, None, false, true).unwrap());
    assert!(host.realpath(&moved).unwrap().ends_with(b"/moved"));
    host.unlink(&moved, None).unwrap();
    assert_eq!(host.scandir(&moved), Err(HostError::new(libc::ENOENT)));
    assert_eq!(host.rmdir(&scratch.0, None), Err(HostError::new(libc::ENOTEMPTY)));
}

#[test]
fn environment_is_a_private_copy() {
    let host = SystemHost::new();
    host.putenv(b"BREDLI_HOST_TEST", b"1").unwrap();
    assert_eq!(host.getenv(b"BREDLI_HOST_TEST").unwrap().as_deref(), Some(b"1".as_slice()));
    assert_eq!(SystemHost::new().getenv(b"BREDLI_HOST_TEST").unwrap(), None);
    host.unsetenv(b"BREDLI_HOST_TEST").unwrap();
    assert_eq!(host.getenv(b"BREDLI_HOST_TEST").unwrap(), None);
    assert_eq!(host.putenv(b"A=B", b""), Err(HostError::new(libc::EINVAL)));
}

#[test]
fn clocks_and_calendar() {
    let host = SystemHost::new();
    let start = host.monotonic_ns().unwrap();
    host.sleep_until(start + 1_000_000).unwrap();
    assert!(host.monotonic_ns().unwrap() >= start + 1_000_000);
    let fields = host.gmtime(86_400 * 59).unwrap();
    assert_eq!((fields.year, fields.month, fields.day, fields.weekday, fields.yearday), (1970, 3, 1, 6, 60));
    assert_eq!(host.strftime(b"%Y-%m-%d %a %%", &fields).unwrap(), b"1970-03-01 Sun %");
    let local = host.localtime(1_000_000_000).unwrap();
    assert_eq!(host.mktime(&local), Ok(1_000_000_000));
    assert!(host.gmtime(i64::MAX).is_err());
    assert!(host.clock_info("time").unwrap().adjustable);
}

#[test]
fn entropy_fills_the_buffer() {
    let mut buffer = [0; 1000];
    SystemHost::new().entropy(&mut buffer).unwrap();
    assert!(buffer.iter().filter(|byte| **byte == 0).count() < 100);
}

#[test]
fn pipes_and_waiting() {
    let host = SystemHost::new();
    let (reading, writing) = host.pipe(libc::O_CLOEXEC).unwrap();
    let mut asked = [PollFd { fd: reading, events: libc::POLLIN, revents: 0 }];
    assert_eq!(host.poll(&mut asked, Some(0)), Ok(0));
    host.write(writing, b"x").unwrap();
    assert_eq!(host.poll(&mut asked, None), Ok(1));
    assert_eq!(asked[0].revents, libc::POLLIN);
    assert_eq!(host.select(&[reading], &[writing], &[], None).unwrap().read, [reading]);
    assert_eq!(host.select(&[-1], &[], &[], None), Err(HostError::new(libc::EINVAL)));
    host.set_blocking(reading, false).unwrap();
    host.read(reading, &mut [0; 4]).unwrap();
    assert_eq!(host.read(reading, &mut [0; 4]), Err(HostError::new(libc::EAGAIN)));
    host.close(reading).unwrap();
    host.close(writing).unwrap();
}

#[test]
fn caught_signals_are_pending_and_set_the_notice() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    let host = SystemHost::new();
    let word = Arc::new(AtomicU32::new(1));
    host.set_signal_notice(Some(word.clone()), 4).unwrap();
    let (reading, writing) = host.pipe(libc::O_CLOEXEC).unwrap();
    assert_eq!(host.set_wakeup_fd(writing), Ok(-1));
    assert_eq!(host.disposition(libc::SIGUSR1), Ok(Disposition::Default));
    host.set_disposition(libc::SIGUSR1, Disposition::Catch).unwrap();
    host.raise_signal(libc::SIGUSR1).unwrap();
    assert_eq!(host.disposition(libc::SIGUSR1), Ok(Disposition::Catch));
    assert_eq!(word.load(Ordering::SeqCst), 5);
    assert_eq!(host.take_pending(), Ok(1 << (libc::SIGUSR1 - 1)));
    assert_eq!(host.take_pending(), Ok(0));
    let mut byte = [0];
    host.read(reading, &mut byte).unwrap();
    assert_eq!(i32::from(byte[0]), libc::SIGUSR1);
    host.set_wakeup_fd(-1).unwrap();
    host.set_disposition(libc::SIGUSR1, Disposition::Default).unwrap();
    host.set_signal_notice(None, 0).unwrap();
    assert_eq!(host.disposition(65), Err(HostError::new(libc::EINVAL)));
    assert_eq!(host.strsignal(libc::SIGINT).unwrap().as_deref(), Some("Interrupt"));
}

/// A spawn with the given pipe as standard output and nothing else.
fn echo(program: &[u8], output: (i32, i32), errors: (i32, i32)) -> Spawn {
    Spawn {
        args: vec![b"sh".to_vec(), b"-c".to_vec(), b"echo $GREETING".to_vec()],
        executables: vec![program.to_vec()],
        environment: Some(vec![b"GREETING=hi".to_vec()]),
        stdin: (-1, -1),
        stdout: output,
        stderr: (-1, -1),
        errors,
        close_fds: true,
        restore_signals: true,
        process_group: -1,
        umask: -1,
        ..Spawn::default()
    }
}

#[test]
fn children_run_or_report() {
    let host = SystemHost::new();
    for (program, output, reported) in [(b"/bin/sh".as_slice(), "hi\n", ""), (b"/nonexistent", "", "OSError:2:")] {
        let (out, errors) = (host.pipe(libc::O_CLOEXEC).unwrap(), host.pipe(libc::O_CLOEXEC).unwrap());
        let pid = host.fork_exec(&echo(program, out, errors)).unwrap();
        host.close(out.1).unwrap();
        host.close(errors.1).unwrap();
        let read = |fd| {
            let mut buffer = [0; 64];
            let count = host.read(fd, &mut buffer).unwrap();
            String::from_utf8_lossy(&buffer[..count]).into_owned()
        };
        assert_eq!((read(out.0).as_str(), read(errors.0).as_str()), (output, reported));
        let (waited, status, _) = host.wait4(pid, 0).unwrap();
        assert_eq!((waited, status), (pid, if output.is_empty() { 255 << 8 } else { 0 }));
        host.close(out.0).unwrap();
        host.close(errors.0).unwrap();
    }
    assert_eq!(host.system(b"exit 3"), Ok(3 << 8));
}

#[test]
fn threads_are_known_while_they_live() {
    let host = SystemHost::new();
    let (send, receive) = std::sync::mpsc::channel();
    let body = Box::new(move || send.send(SystemHost::new().current_thread().unwrap()).unwrap());
    let thread = host.spawn_thread(ThreadStart { body, stack_size: 1 << 20 }).unwrap();
    assert_eq!(receive.recv(), Ok(thread));
    assert_eq!(host.pthread_kill(12345, 0), Err(HostError::new(libc::ESRCH)));
    assert_eq!(host.pthread_kill(host.current_thread().unwrap(), 0), Ok(()));
}

#[test]
fn users_and_machine() {
    let host = SystemHost::new();
    let root = host.user_by_name(b"root").unwrap().unwrap();
    assert_eq!(host.user_by_id(0).unwrap(), Some(root.clone()));
    assert!(host.users().unwrap().contains(&root));
    assert_eq!(host.group_by_name(b"no such group"), Ok(None));
    assert!(host.cpu_count().unwrap() > 0);
    assert!(!host.uname().unwrap().sysname.is_empty());
    assert!(host.sysconf(-5).is_err());
}

#[test]
fn sockets_connect_and_exchange() {
    let host = SystemHost::new();
    let listener = host.socket(libc::AF_INET, libc::SOCK_STREAM, 0).unwrap();
    host.bind(listener, &SocketAddress::Inet { host: [127, 0, 0, 1], port: 0 }).unwrap();
    host.listen(listener, 1).unwrap();
    let address = host.getsockname(listener).unwrap();
    let client = host.socket(libc::AF_INET, libc::SOCK_STREAM, 0).unwrap();
    host.connect(client, &address).unwrap();
    let (server, from) = host.accept(listener).unwrap();
    assert_eq!(host.getsockname(client), Ok(from));
    assert_eq!(host.send(client, b"ping", 0), Ok(4));
    let mut buffer = [0; 8];
    assert_eq!(host.recv(server, &mut buffer, 0), Ok(4));
    assert!(!host.inheritable(server).unwrap());
    host.setsockopt(client, libc::SOL_SOCKET, libc::SO_KEEPALIVE, &1i32.to_ne_bytes()).unwrap();
    assert_eq!(host.getsockopt(client, libc::SOL_SOCKET, libc::SO_KEEPALIVE, 4).unwrap(), 1i32.to_ne_bytes());
    for fd in [listener, client, server] {
        host.close(fd).unwrap();
    }
}

#[test]
fn messages_carry_descriptors() {
    let host = SystemHost::new();
    let (left, right) = host.socketpair(libc::AF_UNIX, libc::SOCK_STREAM, 0).unwrap();
    let (reading, writing) = host.pipe(libc::O_CLOEXEC).unwrap();
    let ancillary = vec![(libc::SOL_SOCKET, libc::SCM_RIGHTS, writing.to_ne_bytes().to_vec())];
    host.sendmsg(left, &Message { data: b"fd".to_vec(), ancillary, ..Message::default() }).unwrap();
    let message = host.recvmsg(right, 10, 64, 0).unwrap();
    assert_eq!(message.data, b"fd");
    let (level, kind, data) = &message.ancillary[0];
    assert_eq!((*level, *kind, data.len()), (libc::SOL_SOCKET, libc::SCM_RIGHTS, 4));
    let passed = i32::from_ne_bytes(data[..].try_into().unwrap());
    host.write(passed, b"through").unwrap();
    assert_eq!(host.read(reading, &mut [0; 16]), Ok(7));
    for fd in [left, right, reading, writing, passed] {
        host.close(fd).unwrap();
    }
}

#[test]
fn names_are_looked_up() {
    let host = SystemHost::new();
    let numeric = libc::AI_NUMERICHOST;
    let Lookup::Found(found) = host.getaddrinfo(Some(b"::1"), Some(b"80"), 0, libc::SOCK_STREAM, 0, numeric).unwrap() else {
        panic!("a numeric address is always found")
    };
    let mut loopback = [0; 16];
    loopback[15] = 1;
    let expected = SocketAddress::Inet6 { host: loopback, port: 80, flow: 0, scope: 0 };
    assert_eq!((found.len(), &found[0].address), (1, &expected));
    assert!(matches!(host.getaddrinfo(Some(b"x"), None, 0, 0, 0, numeric), Ok(Lookup::Failed(libc::EAI_NONAME, _))));
    let numeric = libc::NI_NUMERICHOST | libc::NI_NUMERICSERV;
    assert_eq!(host.getnameinfo(&expected, numeric), Ok(Lookup::Found((b"::1".to_vec(), b"80".to_vec()))));
    let long = SocketAddress::Unix(vec![b'x'; 200]);
    assert_eq!(host.bind(0, &long), Err(HostError::new(libc::ENAMETOOLONG)));
}
