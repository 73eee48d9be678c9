//! `select`: waiting for descriptors to become ready.
//!
//! Counterpart: `Modules/selectmodule.c`.

use crate::fcntl::descriptor;
use crate::os_error::{host_call, os_error};
use bredli_host::{HostError, PollFd};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

const NANOS: f64 = 1e9;

/// When a timeout ends, on the monotonic clock. None: never.
fn deadline(py: &mut Py, timeout_ns: Option<i64>) -> Result<Option<i64>> {
    let Some(timeout) = timeout_ns else { return Ok(None) };
    let now = host_call(py, None, |host| host.monotonic_ns())?;
    Ok(Some(now.saturating_add(timeout)))
}

/// Nanoseconds left until a deadline.
fn left(host: &dyn bredli_host::Host, deadline: Option<i64>) -> bredli_host::Result<Option<i64>> {
    Ok(match deadline {
        Some(deadline) => Some((deadline - host.monotonic_ns()?).max(0)),
        None => None,
    })
}

/// Nanoseconds as milliseconds, rounded up, as `poll` takes them.
fn milliseconds(nanos: Option<i64>) -> Option<i32> {
    nanos.map(|nanos| i32::try_from(nanos.saturating_add(999_999) / 1_000_000).unwrap_or(i32::MAX))
}

/// A timeout in units of some nanoseconds; None or a negative one where that is allowed: no limit.
fn timeout_ns(py: &mut Py, timeout: Value, unit: f64, problem: &str) -> Result<Option<i64>> {
    if timeout.is_none() {
        return Ok(None);
    }
    match py.to_f64(timeout) {
        Ok(number) if number.is_nan() => raise!(py, ValueError, "Invalid value NaN (not a number)"),
        Ok(number) if number * unit > 9.2e18 => raise!(py, OverflowError, "timeout is too large"),
        Ok(number) => Ok(Some((number * unit).ceil() as i64)),
        Err(_) if py.exception_matches(py.exceptions.TypeError) => {
            py.clear_exception();
            raise!(py, TypeError, "{problem}")
        }
        Err(raised) => Err(raised),
    }
}

/// Returns a polling object.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "poll", module = "select", flags(DISALLOW_INSTANTIATION))]
pub struct Poll {
    header: Header,
    /// Descriptors and the events wanted, in the order of registration.
    #[trace(skip)]
    registered: Vec<(i32, i16)>,
    polling: bool,
}

/// A mask of events as `poll` takes it.
fn mask(py: &mut Py, value: Option<Value>, default: i16) -> Result<i16> {
    let Some(value) = value else { return Ok(default) };
    let index = py.index(value)?;
    match py.int_to_i64(index) {
        Some(mask) if mask < 0 => raise!(py, ValueError, "Cannot convert negative int"),
        Some(mask) if mask <= 0xFFFF => Ok(mask as u16 as i16),
        _ => raise!(py, OverflowError, "Python int too large to convert to C unsigned short"),
    }
}

#[pymethods]
impl Poll {
    /// Register a file descriptor with the polling object.
    #[signature(self, fd, eventmask=<unrepresentable>, /)]
    fn register(this: Gc<Self>, py: &mut Py, fd: Value, eventmask: Option<Value>) -> Result<()> {
        let (fd, events) = (descriptor(py, fd)?, mask(py, eventmask, 7)?);
        let registered = &mut this.get_mut(py).registered;
        match registered.iter_mut().find(|(known, _)| *known == fd) {
            Some(entry) => entry.1 = events,
            None => registered.push((fd, events)),
        }
        Ok(())
    }

    /// Modify an already registered file descriptor.
    #[signature(self, fd, eventmask, /)]
    fn modify(this: Gc<Self>, py: &mut Py, fd: Value, eventmask: Value) -> Result<()> {
        let (fd, events) = (descriptor(py, fd)?, mask(py, Some(eventmask), 0)?);
        match this.get_mut(py).registered.iter_mut().find(|(known, _)| *known == fd) {
            Some(entry) => {
                entry.1 = events;
                Ok(())
            }
            None => Err(os_error(py, HostError::new(2), None, None)),
        }
    }

    /// Remove a file descriptor being tracked by the polling object.
    #[signature(self, fd, /)]
    fn unregister(this: Gc<Self>, py: &mut Py, fd: Value) -> Result<()> {
        let fd = descriptor(py, fd)?;
        let registered = &mut this.get_mut(py).registered;
        match registered.iter().position(|(known, _)| *known == fd) {
            Some(index) => {
                registered.remove(index);
                Ok(())
            }
            None => {
                let key = py.new_int(i64::from(fd));
                Err(py.key_error(key))
            }
        }
    }

    /// Polls the set of registered file descriptors.
    ///
    ///   timeout
    ///     The maximum time to wait in milliseconds, or else None (or a negative
    ///     value) to wait indefinitely.
    ///
    /// Returns a list containing any descriptors that have events or errors to
    /// report, as a list of (fd, event) 2-tuples.
    #[signature(self, timeout=None, /)]
    fn poll(this: Gc<Self>, py: &mut Py, timeout: Value) -> Result<Gc<List>> {
        let timeout = timeout_ns(py, timeout, 1e6, "timeout must be an integer or None")?.filter(|timeout| *timeout >= 0);
        if this.get(py).polling {
            raise!(py, RuntimeError, "concurrent poll() invocation");
        }
        let mut waiting: Vec<PollFd> =
            this.get(py).registered.iter().map(|(fd, events)| PollFd { fd: *fd, events: *events, revents: 0 }).collect();
        let deadline = deadline(py, timeout)?;
        this.get_mut(py).polling = true;
        let outcome = host_call(py, None, |host| {
            let left = milliseconds(left(host, deadline)?);
            host.poll(&mut waiting, left)
        });
        this.get_mut(py).polling = false;
        outcome?;
        let mut ready = RootVec::new(&mut py.heap);
        for entry in waiting.iter().filter(|entry| entry.revents != 0) {
            let (fd, events) = (py.new_int(i64::from(entry.fd)), py.new_int(i64::from(entry.revents as u16)));
            ready.push(py.new_tuple(&[fd, events]).into());
        }
        py.new_list(&ready)
    }
}

/// Returns an epolling object.
///
///   sizehint
///     The expected number of events to be registered.  It must be positive,
///     or -1 to use the default.
///   flags
///     Deprecated and completely ignored.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "epoll", module = "select")]
pub struct Epoll {
    header: Header,
    fd: i32,
}

const EPOLL_CLOEXEC: i32 = 0x80000;
const EPOLL_CTL_ADD: i32 = 1;
const EPOLL_CTL_DEL: i32 = 2;
const EPOLL_CTL_MOD: i32 = 3;
/// The most events that are asked for at once unless told otherwise.
const EVENTS: usize = 1023;

impl Epoll {
    fn open(this: Gc<Self>, py: &mut Py) -> Result<i32> {
        match this.get(py).fd {
            ..0 => raise!(py, ValueError, "I/O operation on closed epoll object"),
            fd => Ok(fd),
        }
    }

    fn control(this: Gc<Self>, py: &mut Py, operation: i32, fd: Value, events: u32) -> Result<()> {
        let epoll = Epoll::open(this, py)?;
        let fd = descriptor(py, fd)?;
        host_call(py, None, |host| host.epoll_ctl(epoll, operation, fd, events))
    }
}

#[pymethods]
impl Epoll {
    #[signature(sizehint = -1, flags = 0)]
    fn __new__(cls: Gc<Class>, py: &mut Py, sizehint: i32, flags: i32) -> Result<Gc<Epoll>> {
        if sizehint != -1 && sizehint <= 0 {
            raise!(py, ValueError, "negative sizehint");
        }
        if flags & !EPOLL_CLOEXEC != 0 {
            raise!(py, OSError, "invalid flags");
        }
        let fd = host_call(py, None, |host| host.epoll_create(EPOLL_CLOEXEC))?;
        Ok(py.alloc_as(cls, Epoll { header: Header::EMPTY, fd }))
    }

    /// Create an epoll object from a given control fd.
    #[signature(type, fd, /)]
    fn fromfd(cls: Gc<Class>, py: &mut Py, fd: i32) -> Gc<Epoll> {
        py.alloc_as(cls, Epoll { header: Header::EMPTY, fd })
    }

    /// Close the epoll control file descriptor.
    ///
    /// Further operations on the epoll object will raise an exception.
    #[signature(self, /)]
    fn close(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let fd = std::mem::replace(&mut this.get_mut(py).fd, -1);
        if fd < 0 { Ok(()) } else { host_call(py, None, |host| host.close(fd)) }
    }

    /// True if the epoll handler is closed
    #[getter]
    fn closed(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).fd < 0
    }

    /// Return the epoll control file descriptor.
    #[signature(self, /)]
    fn fileno(this: Gc<Self>, py: &mut Py) -> Result<i32> {
        Epoll::open(this, py)
    }

    /// Registers a new fd or raises an OSError if the fd is already registered.
    #[signature(self, /, fd, eventmask=<unrepresentable>)]
    fn register(this: Gc<Self>, py: &mut Py, fd: Value, eventmask: Option<u32>) -> Result<()> {
        Epoll::control(this, py, EPOLL_CTL_ADD, fd, eventmask.unwrap_or(7))
    }

    /// Modify event mask for a registered file descriptor.
    #[signature(self, /, fd, eventmask)]
    fn modify(this: Gc<Self>, py: &mut Py, fd: Value, eventmask: u32) -> Result<()> {
        Epoll::control(this, py, EPOLL_CTL_MOD, fd, eventmask)
    }

    /// Remove a registered file descriptor from the epoll object.
    #[signature(self, /, fd)]
    fn unregister(this: Gc<Self>, py: &mut Py, fd: Value) -> Result<()> {
        Epoll::control(this, py, EPOLL_CTL_DEL, fd, 0)
    }

    /// Wait for events on the epoll file descriptor.
    ///
    ///   timeout
    ///     the maximum time to wait in seconds (as float);
    ///     a timeout of None or -1 makes poll wait indefinitely
    ///   maxevents
    ///     the maximum number of events returned; -1 means no limit
    ///
    /// Returns a list containing any descriptors that have events to report,
    /// as a list of (fd, events) 2-tuples.
    #[signature(self, /, timeout=None, maxevents=-1)]
    fn poll(this: Gc<Self>, py: &mut Py, timeout: Value, maxevents: i32) -> Result<Gc<List>> {
        let epoll = Epoll::open(this, py)?;
        let timeout = timeout_ns(py, timeout, NANOS, "timeout must be an integer or None")?.filter(|timeout| *timeout >= 0);
        let capacity = match maxevents {
            -1 => EVENTS,
            1.. => maxevents as usize,
            _ => raise!(py, ValueError, "maxevents must be greater than 0, got {maxevents}"),
        };
        let deadline = deadline(py, timeout)?;
        let events = host_call(py, None, |host| {
            let left = milliseconds(left(host, deadline)?);
            host.epoll_wait(epoll, capacity, left.unwrap_or(-1))
        })?;
        let mut ready = RootVec::new(&mut py.heap);
        for (fd, events) in events {
            let (fd, events) = (py.new_int(i64::from(fd)), py.new_int(i64::from(events)));
            ready.push(py.new_tuple(&[fd, events]).into());
        }
        py.new_list(&ready)
    }

    #[signature(self, /)]
    fn __enter__(this: Gc<Self>, py: &mut Py) -> Result<Gc<Epoll>> {
        Epoll::open(this, py)?;
        Ok(this)
    }

    #[signature(self, exc_type=None, exc_value=None, exc_tb=None, /)]
    fn __exit__(this: Gc<Self>, py: &mut Py, exc_type: Value, exc_value: Value, exc_tb: Value) -> Result<()> {
        let _ = (exc_type, exc_value, exc_tb);
        Epoll::close(this, py)
    }
}

/// This module supports asynchronous I/O on multiple file descriptors.
#[pymodule(name = "select", classes(Epoll))]
pub mod select {
    use super::*;

    pub const EPOLLIN: i64 = 1;
    pub const EPOLLPRI: i64 = 2;
    pub const EPOLLOUT: i64 = 4;
    pub const EPOLLERR: i64 = 8;
    pub const EPOLLHUP: i64 = 16;
    pub const EPOLLRDNORM: i64 = 64;
    pub const EPOLLRDBAND: i64 = 128;
    pub const EPOLLWRNORM: i64 = 256;
    pub const EPOLLWRBAND: i64 = 512;
    pub const EPOLLMSG: i64 = 1024;
    pub const EPOLLRDHUP: i64 = 8192;
    pub const EPOLLEXCLUSIVE: i64 = 1 << 28;
    pub const EPOLLWAKEUP: i64 = 1 << 29;
    pub const EPOLLONESHOT: i64 = 1 << 30;
    pub const EPOLLET: i64 = 1 << 31;
    pub const EPOLL_CLOEXEC: i64 = 0x80000;
    pub const PIPE_BUF: i64 = 4096;
    pub const POLLIN: i64 = 1;
    pub const POLLPRI: i64 = 2;
    pub const POLLOUT: i64 = 4;
    pub const POLLERR: i64 = 8;
    pub const POLLHUP: i64 = 16;
    pub const POLLNVAL: i64 = 32;
    pub const POLLRDNORM: i64 = 64;
    pub const POLLRDBAND: i64 = 128;
    pub const POLLWRNORM: i64 = 256;
    pub const POLLWRBAND: i64 = 512;
    pub const POLLMSG: i64 = 1024;
    pub const POLLRDHUP: i64 = 8192;

    /// Wait until one or more file descriptors are ready for some kind of I/O.
    ///
    /// The first three arguments are iterables of file descriptors to be waited for:
    /// rlist -- wait until ready for reading
    /// wlist -- wait until ready for writing
    /// xlist -- wait for an "exceptional condition"
    ///
    /// The return value is a tuple of three lists corresponding to the first three
    /// arguments; each contains the subset of the corresponding file descriptors
    /// that are ready.
    #[pyfunction]
    #[signature(rlist, wlist, xlist, timeout=None, /)]
    fn select(py: &mut Py, rlist: Value, wlist: Value, xlist: Value, timeout: Value) -> Result {
        let timeout = timeout_ns(py, timeout, NANOS, "timeout must be a float or None")?;
        if timeout.is_some_and(|timeout| timeout < 0) {
            raise!(py, ValueError, "timeout must be non-negative");
        }
        let (mut lists, mut descriptors) = (Vec::new(), Vec::new());
        for list in [rlist, wlist, xlist] {
            let items = match py.collect_iterable(list) {
                Ok(items) => items,
                Err(_) if py.exception_matches(py.exceptions.TypeError) => {
                    py.clear_exception();
                    raise!(py, TypeError, "arguments 1-3 must be sequences")
                }
                Err(raised) => return Err(raised),
            };
            let mut fds = Vec::new();
            for item in items.iter() {
                fds.push(descriptor(py, *item)?);
            }
            lists.push(items);
            descriptors.push(fds);
        }
        if descriptors.iter().flatten().any(|fd| *fd >= 1024) {
            raise!(py, ValueError, "filedescriptor out of range in select()");
        }
        let deadline = deadline(py, timeout)?;
        let ready = host_call(py, None, |host| {
            let left = left(host, deadline)?;
            host.select(&descriptors[0], &descriptors[1], &descriptors[2], left)
        })?;
        let mut found = [Value::NONE; 3];
        for (place, ready) in [ready.read, ready.write, ready.except].iter().enumerate() {
            let mut objects = RootVec::new(&mut py.heap);
            for (object, fd) in lists[place].iter().zip(&descriptors[place]) {
                if ready.contains(fd) {
                    objects.push(*object);
                }
            }
            found[place] = py.new_list(&objects)?.into();
        }
        Ok(py.new_tuple(&found).into())
    }

    /// Returns a polling object.
    ///
    /// This object supports registering and unregistering file descriptors, and then
    /// polling them for I/O events.
    #[pyfunction]
    #[signature()]
    fn poll(py: &mut Py) -> Gc<Poll> {
        py.alloc(Poll { header: Header::EMPTY, registered: Vec::new(), polling: false })
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let error = py.exceptions.OSError;
        py.module_set(module, "error", error.into())
    }
}
