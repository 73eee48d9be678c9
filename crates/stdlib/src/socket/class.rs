//! The class `socket`.

use super::address::{from_python, to_python};
use super::waiting::{self, BLOCKING};
use crate::io::warn;
use crate::os_error::{host_call, host_query, os_error};
use bredli_host::{Fd, SocketAddress};
use bredli_runtime::buffer::{BufferMut, BytesLike};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

const SOL_SOCKET: i32 = 1;
const SO_TYPE: i32 = 3;
const SO_PROTOCOL: i32 = 38;
const SOCK_NONBLOCK: i32 = 0o4000;
const SOCK_CLOEXEC: i32 = 0o2000000;
const EBADF: i32 = 9;
const ECONNRESET: i32 = 104;
const ENOTSOCK: i32 = 88;
const SOCK_STREAM: i32 = 1;
/// What one `send` on a stream that does not block takes at most; the kernel's buffers are not larger.
const LARGEST_SEND: usize = 4 << 20;

/// socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object
/// socket(family=-1, type=-1, proto=-1, fileno=None) -> socket object
///
/// Open a socket of the given type.  The family argument specifies the
/// address family; it defaults to AF_INET.  The type argument specifies
/// whether this is a stream (SOCK_STREAM, this is the default)
/// or datagram (SOCK_DGRAM) socket.  The protocol argument defaults to 0,
/// specifying the default protocol.  Keyword arguments are accepted.
/// The socket is created as non-inheritable.
///
/// When a fileno is passed in, family, type and proto are auto-detected,
/// unless they are explicitly set.
///
/// A socket object represents one endpoint of a network connection.
///
/// Methods of socket objects (keyword arguments not allowed):
///
/// _accept() -- accept connection, returning new socket fd and client address
/// bind(addr) -- bind the socket to a local address
/// close() -- close the socket
/// connect(addr) -- connect the socket to a remote address
/// connect_ex(addr) -- connect, return an error code instead of an exception
/// dup() -- return a new socket fd duplicated from fileno()
/// fileno() -- return underlying file descriptor
/// getpeername() -- return remote address [*]
/// getsockname() -- return local address
/// getsockopt(level, optname[, buflen]) -- get socket options
/// gettimeout() -- return timeout or None
/// listen([n]) -- start listening for incoming connections
/// recv(buflen[, flags]) -- receive data
/// recv_into(buffer[, nbytes[, flags]]) -- receive data (into a buffer)
/// recvfrom(buflen[, flags]) -- receive data and sender's address
/// recvfrom_into(buffer[, nbytes, [, flags])
///   -- receive data and sender's address (into a buffer)
/// sendall(data[, flags]) -- send all data
/// send(data[, flags]) -- send data, may not send all of it
/// sendto(data[, flags], addr) -- send data to a given address
/// setblocking(bool) -- set or clear the blocking I/O flag
/// getblocking() -- return True if socket is blocking, False if non-blocking
/// setsockopt(level, optname, value[, optlen]) -- set socket options
/// settimeout(None | float) -- set or clear the timeout
/// shutdown(how) -- shut down traffic in one or both directions
///
///  [*] not available on all platforms!
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "socket", module = "_socket", flags(BASETYPE), parts(messages))]
pub struct Socket {
    header: Header,
    fd: Fd,
    family: i32,
    kind: i32,
    protocol: i32,
    /// How long an operation may take, in nanoseconds: 0 does not wait, [`BLOCKING`] waits for ever.
    timeout: i64,
}

impl Socket {
    /// The descriptor, -1 when closed.
    pub fn fd(&self) -> Fd {
        self.fd
    }

    /// The family of its addresses.
    pub fn family(&self) -> i32 {
        self.family
    }

    /// How long an operation may take.
    pub fn timeout(&self) -> i64 {
        self.timeout
    }

    fn set_timeout(this: Gc<Self>, py: &mut Py, timeout: i64) -> Result<()> {
        this.get_mut(py).timeout = timeout;
        let fd = this.get(py).fd;
        host_query(py, |host| host.set_blocking(fd, timeout == BLOCKING))
    }

    /// Fill in what is not given from an open descriptor.
    fn adopt(py: &mut Py, fileno: Value, [family, kind, protocol]: [i32; 3]) -> Result<(Fd, [i32; 3])> {
        if py.class_name(fileno) == "float" {
            raise!(py, TypeError, "integer argument expected, got float");
        }
        let index = py.index(fileno)?;
        let fd = match py.int_to_i64(index).map(Fd::try_from) {
            Some(Ok(fd)) => fd,
            _ => raise!(py, OverflowError, "Python int too large to convert to C int"),
        };
        if fd < 0 {
            raise!(py, ValueError, "negative file descriptor");
        }
        let host = py.host.clone();
        let own = match host.getsockname(fd) {
            Ok(SocketAddress::Unix(_)) => 1,
            Ok(SocketAddress::Inet { .. }) => 2,
            Ok(SocketAddress::Inet6 { .. }) => 10,
            Ok(SocketAddress::Other(family, _)) => i32::from(family),
            Err(error) if family == -1 || matches!(error.errno, EBADF | ENOTSOCK) => return Err(os_error(py, error, None, None)),
            Err(_) => family,
        };
        let mut option = |given: i32, option: i32| match given {
            -1 => host_query(py, |host| host.getsockopt(fd, SOL_SOCKET, option, 4)).map(|value| int_of(&value)),
            given => Ok(given),
        };
        let (kind, protocol) = (option(kind, SO_TYPE)?, option(protocol, SO_PROTOCOL)?);
        Ok((fd, [if family == -1 { own } else { family }, kind, protocol]))
    }
}

fn int_of(bytes: &[u8]) -> i32 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | i32::from(*byte))
}

/// Room for what is received.
fn room(py: &mut Py, size: usize) -> Result<Vec<u8>> {
    let mut buffer = Vec::new();
    if buffer.try_reserve_exact(size).is_err() {
        return Err(py.no_memory());
    }
    buffer.resize(size, 0);
    Ok(buffer)
}

/// How many bytes to receive.
pub fn size(py: &mut Py, function: &str, size: isize) -> Result<usize> {
    match usize::try_from(size) {
        Ok(size) => Ok(size),
        Err(_) => raise!(py, ValueError, "negative buffersize in {function}"),
    }
}

/// How many bytes to receive into a buffer; 0 stands for all that fit.
fn size_into(py: &mut Py, function: &str, buffer: &BufferMut, count: isize) -> Result<usize> {
    let count = size(py, function, count)?;
    let all = buffer.get(py).len();
    if count > all {
        match function {
            "recvfrom_into" => raise!(py, ValueError, "nbytes is greater than the length of the buffer"),
            _ => raise!(py, ValueError, "buffer too small for requested bytes"),
        }
    }
    Ok(if count == 0 { all } else { count })
}

/// Move what was received into a buffer, which may have become shorter.
fn deliver(py: &mut Py, buffer: &BufferMut, bytes: &[u8]) {
    let target = buffer.get_mut(py);
    let count = target.len().min(bytes.len());
    target[..count].copy_from_slice(&bytes[..count]);
}

#[pymethods]
impl Socket {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Self> {
        let _ = args;
        py.alloc_as(cls, Socket { header: Header::EMPTY, fd: -1, family: 0, kind: 0, protocol: 0, timeout: BLOCKING })
    }

    #[signature(family=-1, r#type=-1, proto=-1, fileno=None)]
    fn __init__(this: Gc<Self>, py: &mut Py, family: i32, r#type: i32, proto: i32, fileno: Option<Value>) -> Result<()> {
        let (fd, [family, kind, protocol]) = match fileno.filter(|fileno| !fileno.is_none()) {
            Some(fileno) => Socket::adopt(py, fileno, [family, r#type, proto])?,
            None => {
                let or = |given: i32, default: i32| if given == -1 { default } else { given };
                let (family, kind, protocol) = (or(family, 2), or(r#type, SOCK_STREAM), or(proto, 0));
                py.audit("socket.__new__", &[this.into(), Value::small(family), Value::small(kind), Value::small(protocol)])?;
                let fd = host_query(py, |host| host.socket(family, kind | SOCK_CLOEXEC, protocol))?;
                (fd, [family, kind, protocol])
            }
        };
        let object = this.get_mut(py);
        (object.fd, object.family, object.protocol) = (fd, family, protocol);
        object.kind = kind & !(SOCK_NONBLOCK | SOCK_CLOEXEC);
        if kind & SOCK_NONBLOCK != 0 {
            object.timeout = 0;
            return Ok(());
        }
        let timeout = py.socket_timeout;
        this.get_mut(py).timeout = timeout;
        if timeout == BLOCKING { Ok(()) } else { Socket::set_timeout(this, py, timeout) }
    }

    fn __del__(this: Gc<Self>, py: &mut Py) -> Result<()> {
        if this.get(py).fd < 0 {
            return Ok(());
        }
        let shown = py.repr_text(this.into()).unwrap_or_default();
        let class = py.exceptions.ResourceWarning;
        if warn(py, class, &format!("unclosed {shown}"), 1, Some(this.into())).is_err() {
            if py.exception_matches(py.exceptions.Warning) {
                py.report_unraisable("Exception ignored while finalizing socket", Some(this.into()));
            } else {
                py.clear_exception();
            }
        }
        Socket::close(this, py)
    }

    fn __repr__(this: Gc<Self>, py: &Py) -> String {
        let Socket { fd, family, kind, protocol, .. } = this.get(py);
        format!("<socket object, fd={fd}, family={family}, type={kind}, proto={protocol}>")
    }

    /// the socket family
    #[getter("family")]
    fn family_number(this: Gc<Self>, py: &Py) -> i32 {
        this.get(py).family
    }

    /// the socket type
    #[getter]
    fn r#type(this: Gc<Self>, py: &Py) -> i32 {
        this.get(py).kind
    }

    /// the socket protocol
    #[getter]
    fn proto(this: Gc<Self>, py: &Py) -> i32 {
        this.get(py).protocol
    }

    /// the socket timeout
    #[getter("timeout")]
    fn timeout_seconds(this: Gc<Self>, py: &Py) -> Option<f64> {
        waiting::seconds(this.get(py).timeout)
    }

    /// _accept() -> (integer, address info)
    ///
    /// Wait for an incoming connection.  Return a new socket file descriptor
    /// representing the connection, and the address of the client.
    /// For IP sockets, the address info is a pair (hostaddr, port).
    #[signature(self, /)]
    fn _accept(this: Gc<Self>, py: &mut Py) -> Result {
        let (fd, address) = waiting::read(py, this, |host, fd| host.accept(fd))?;
        let address = to_python(py, Some(address))?;
        Ok(py.new_tuple(&[Value::small(fd), address]).into())
    }

    /// bind(address)
    ///
    /// Bind the socket to a local address.  For IP sockets, the address is a
    /// pair (host, port); the host must refer to the local host. For raw packet
    /// sockets the address is a tuple (ifname, proto [,pkttype [,hatype [,addr]]])
    #[signature(self, object, /)]
    fn bind(this: Gc<Self>, py: &mut Py, object: Value) -> Result<()> {
        py.audit("socket.bind", &[this.into(), object])?;
        let family = this.get(py).family;
        let address = from_python(py, "bind", family, object)?;
        let fd = this.get(py).fd;
        host_call(py, None, |host| host.bind(fd, &address))
    }

    /// close()
    ///
    /// Close the socket.  It cannot be used after this call.
    #[signature(self, /)]
    fn close(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let fd = std::mem::replace(&mut this.get_mut(py).fd, -1);
        if fd < 0 {
            return Ok(());
        }
        let host = py.host.clone();
        match py.blocking(|| host.close(fd)) {
            Err(error) if error.errno != ECONNRESET => Err(os_error(py, error, None, None)),
            _ => Ok(()),
        }
    }

    /// connect(address)
    ///
    /// Connect the socket to a remote address.  For IP sockets, the address
    /// is a pair (host, port).
    #[signature(self, object, /)]
    fn connect(this: Gc<Self>, py: &mut Py, object: Value) -> Result<()> {
        py.audit("socket.connect", &[this.into(), object])?;
        let family = this.get(py).family;
        let address = from_python(py, "connect", family, object)?;
        match waiting::connect(py, this, &address)? {
            waiting::Connected::Yes => Ok(()),
            waiting::Connected::Failed(error) => Err(os_error(py, error, None, None)),
            waiting::Connected::TimedOut => raise!(py, TimeoutError, "timed out"),
        }
    }

    /// connect_ex(address) -> errno
    ///
    /// This is like connect(address), but returns an error code (the errno value)
    /// instead of raising an exception when an error occurs.
    #[signature(self, object, /)]
    fn connect_ex(this: Gc<Self>, py: &mut Py, object: Value) -> Result<i32> {
        py.audit("socket.connect", &[this.into(), object])?;
        const EWOULDBLOCK: i32 = 11;
        let family = this.get(py).family;
        let address = from_python(py, "connect_ex", family, object)?;
        Ok(match waiting::connect(py, this, &address)? {
            waiting::Connected::Yes => 0,
            waiting::Connected::Failed(error) => error.errno,
            waiting::Connected::TimedOut => EWOULDBLOCK,
        })
    }

    /// detach()
    ///
    /// Close the socket object without closing the underlying file descriptor.
    /// The object cannot be used after this call, but the file descriptor
    /// can be reused for other purposes.  The file descriptor is returned.
    #[signature(self, /)]
    fn detach(this: Gc<Self>, py: &mut Py) -> i32 {
        std::mem::replace(&mut this.get_mut(py).fd, -1)
    }

    /// fileno() -> integer
    ///
    /// Return the integer file descriptor of the socket.
    #[signature(self, /)]
    fn fileno(this: Gc<Self>, py: &Py) -> i32 {
        this.get(py).fd
    }

    /// getpeername() -> address info
    ///
    /// Return the address of the remote endpoint.  For IP sockets, the address
    /// info is a pair (hostaddr, port).
    #[signature(self, /)]
    fn getpeername(this: Gc<Self>, py: &mut Py) -> Result {
        let fd = this.get(py).fd;
        let address = host_query(py, |host| host.getpeername(fd))?;
        to_python(py, Some(address))
    }

    /// getsockname() -> address info
    ///
    /// Return the address of the local endpoint. The format depends on the
    /// address family. For IPv4 sockets, the address info is a pair
    /// (hostaddr, port). For IPv6 sockets, the address info is a 4-tuple
    /// (hostaddr, port, flowinfo, scope_id).
    #[signature(self, /)]
    fn getsockname(this: Gc<Self>, py: &mut Py) -> Result {
        let fd = this.get(py).fd;
        let address = host_query(py, |host| host.getsockname(fd))?;
        to_python(py, Some(address))
    }

    /// getsockopt(level, option[, buffersize]) -> value
    ///
    /// Get a socket option.  See the Unix manual for level and option.
    /// If a nonzero buffersize argument is given, the return value is a
    /// string of that length; otherwise it is an integer.
    #[no_text_signature]
    #[signature(self, level, option, buffersize=0, /)]
    fn getsockopt(this: Gc<Self>, py: &mut Py, level: i32, option: i32, buffersize: i32) -> Result {
        let fd = this.get(py).fd;
        if buffersize == 0 {
            let value = host_query(py, |host| host.getsockopt(fd, level, option, 4))?;
            return Ok(Value::small(int_of(&value)));
        }
        if !(1..=1024).contains(&buffersize) {
            raise!(py, OSError, "getsockopt buflen out of range");
        }
        let value = host_query(py, |host| host.getsockopt(fd, level, option, buffersize as usize))?;
        Ok(py.new_bytes(&value).into())
    }

    /// setsockopt(level, option, value: int)
    /// setsockopt(level, option, value: buffer)
    /// setsockopt(level, option, None, optlen: int)
    ///
    /// Set a socket option.  See the Unix manual for level and option.
    /// The value argument can either be an integer, a string buffer, or
    /// None, optlen.
    #[no_text_signature]
    #[signature(self, level, option, value, optlen=<unrepresentable>, /)]
    fn setsockopt(this: Gc<Self>, py: &mut Py, level: i32, option: i32, value: Value, optlen: Option<u32>) -> Result<()> {
        let bytes = match (value.is_none(), optlen) {
            (true, Some(length)) => room(py, length as usize)?,
            (true, None) => raise!(py, TypeError, "socket.setsockopt() requires 4 arguments when the third argument is None"),
            (false, Some(_)) => raise!(py, TypeError, "socket.setsockopt() only takes 4 arguments when the third argument is None"),
            (false, None) if py.is_int(value) => {
                let Some(number) = py.int_to_i64(value).and_then(|int| i32::try_from(int).ok()) else {
                    raise!(py, OverflowError, "Python int too large to convert to C int")
                };
                number.to_ne_bytes().to_vec()
            }
            (false, None) => BytesLike::new(py, value)?.get(py).to_vec(),
        };
        let fd = this.get(py).fd;
        host_query(py, |host| host.setsockopt(fd, level, option, &bytes))
    }

    /// listen([backlog])
    ///
    /// Enable a server to accept connections.  If backlog is specified, it must be
    /// at least 0 (if it is lower, it is set to 0); it specifies the number of
    /// unaccepted connections that the system will allow before refusing new
    /// connections. If not specified, a default reasonable value is chosen.
    #[no_text_signature]
    #[signature(self, backlog=128, /)]
    fn listen(this: Gc<Self>, py: &mut Py, backlog: i32) -> Result<()> {
        let fd = this.get(py).fd;
        host_query(py, |host| host.listen(fd, backlog.max(0)))
    }

    /// recv(buffersize[, flags]) -> data
    ///
    /// Receive up to buffersize bytes from the socket.  For the optional flags
    /// argument, see the Unix manual.  When no data is available, block until
    /// at least one byte is available or until the remote end is closed.  When
    /// the remote end is closed and all data is read, return the empty string.
    #[no_text_signature]
    #[signature(self, buffersize, flags=0, /)]
    fn recv(this: Gc<Self>, py: &mut Py, buffersize: isize, flags: i32) -> Result<Gc<Bytes>> {
        let size = size(py, "recv", buffersize)?;
        let mut buffer = room(py, size)?;
        let count = waiting::read(py, this, |host, fd| host.recv(fd, &mut buffer, flags))?;
        Ok(py.new_bytes(&buffer[..count]))
    }

    /// recv_into(buffer, [nbytes[, flags]]) -> nbytes_read
    ///
    /// A version of recv() that stores its data into a buffer rather than creating
    /// a new string.  Receive up to buffersize bytes from the socket.  If buffersize
    /// is not specified (or 0), receive up to the size available in the given buffer.
    ///
    /// See recv() for documentation about the flags.
    #[no_text_signature]
    #[signature(self, buffer, nbytes = 0, flags = 0)]
    fn recv_into(this: Gc<Self>, py: &mut Py, buffer: BufferMut, nbytes: isize, flags: i32) -> Result<usize> {
        let size = size_into(py, "recv_into", &buffer, nbytes)?;
        let mut bytes = room(py, size)?;
        let count = waiting::read(py, this, |host, fd| host.recv(fd, &mut bytes, flags))?;
        deliver(py, &buffer, &bytes[..count]);
        Ok(count)
    }

    /// recvfrom(buffersize[, flags]) -> (data, address info)
    ///
    /// Like recv(buffersize, flags) but also return the sender's address info.
    #[no_text_signature]
    #[signature(self, buffersize, flags=0, /)]
    fn recvfrom(this: Gc<Self>, py: &mut Py, buffersize: isize, flags: i32) -> Result {
        let size = size(py, "recvfrom", buffersize)?;
        let mut buffer = room(py, size)?;
        let (count, from) = waiting::read(py, this, |host, fd| host.recvfrom(fd, &mut buffer, flags))?;
        let from = to_python(py, from)?;
        let data = py.new_bytes(&buffer[..count]);
        Ok(py.new_tuple(&[data.into(), from]).into())
    }

    /// recvfrom_into(buffer[, nbytes[, flags]]) -> (nbytes, address info)
    ///
    /// Like recv_into(buffer[, nbytes[, flags]]) but also return the sender's address info.
    #[no_text_signature]
    #[signature(self, buffer, nbytes = 0, flags = 0)]
    fn recvfrom_into(this: Gc<Self>, py: &mut Py, buffer: BufferMut, nbytes: isize, flags: i32) -> Result {
        let size = size_into(py, "recvfrom_into", &buffer, nbytes)?;
        let mut bytes = room(py, size)?;
        let (count, from) = waiting::read(py, this, |host, fd| host.recvfrom(fd, &mut bytes, flags))?;
        deliver(py, &buffer, &bytes[..count]);
        let from = to_python(py, from)?;
        let count = py.new_int(count as i64);
        Ok(py.new_tuple(&[count, from]).into())
    }

    /// send(data[, flags]) -> count
    ///
    /// Send a data string to the socket.  For the optional flags
    /// argument, see the Unix manual.  Return the number of bytes
    /// sent; this may be less than len(data) if the network is busy.
    #[no_text_signature]
    #[signature(self, data, flags=0, /)]
    fn send(this: Gc<Self>, py: &mut Py, data: BytesLike, flags: i32) -> Result<usize> {
        let Socket { kind, timeout, .. } = *this.get(py);
        let bytes = data.get(py);
        let taken = if kind == SOCK_STREAM && timeout != BLOCKING { bytes.len().min(LARGEST_SEND) } else { bytes.len() };
        let bytes = bytes[..taken].to_vec();
        waiting::write(py, this, |host, fd| host.send(fd, &bytes, flags))
    }

    /// sendall(data[, flags])
    ///
    /// Send a data string to the socket.  For the optional flags
    /// argument, see the Unix manual.  This calls send() repeatedly
    /// until all data is sent.  If an error occurs, it's impossible
    /// to tell how much data has been sent.
    #[no_text_signature]
    #[signature(self, data, flags=0, /)]
    fn sendall(this: Gc<Self>, py: &mut Py, data: BytesLike, flags: i32) -> Result<()> {
        let bytes = data.get(py).to_vec();
        let deadline = waiting::deadline(py, this)?;
        let mut sent = 0;
        while sent < bytes.len() {
            sent += waiting::write_until(py, this, deadline, |host, fd| host.send(fd, &bytes[sent..], flags))?;
            py.run_signal_handlers()?;
        }
        Ok(())
    }

    /// sendto(data[, flags], address) -> count
    ///
    /// Like send(data, flags) but allows specifying the destination address.
    /// For IP sockets, the address is a pair (hostaddr, port).
    #[no_text_signature]
    fn sendto(this: Gc<Self>, py: &mut Py, args: Args) -> Result<usize> {
        let given = args.positional().to_vec();
        let (data, flags, address) = match given[..] {
            [data, address] => (data, 0, address),
            [data, flags, address] => {
                let index = py.index(flags)?;
                let Some(flags) = py.int_to_i64(index).and_then(|int| i32::try_from(int).ok()) else {
                    raise!(py, OverflowError, "Python int too large to convert to C int")
                };
                (data, flags, address)
            }
            _ => raise!(py, TypeError, "sendto() takes 2 or 3 arguments ({} given)", given.len()),
        };
        let bytes = BytesLike::new(py, data)?;
        let family = this.get(py).family;
        py.audit("socket.sendto", &[this.into(), address])?;
        let address = from_python(py, "sendto", family, address)?;
        let bytes = bytes.get(py).to_vec();
        waiting::write(py, this, |host, fd| host.sendto(fd, &bytes, flags, &address))
    }

    /// setblocking(flag)
    ///
    /// Set the socket to blocking (flag is true) or non-blocking (false).
    /// setblocking(True) is equivalent to settimeout(None);
    /// setblocking(False) is equivalent to settimeout(0.0).
    #[signature(self, object, /)]
    fn setblocking(this: Gc<Self>, py: &mut Py, object: bool) -> Result<()> {
        Socket::set_timeout(this, py, if object { BLOCKING } else { 0 })
    }

    /// getblocking()
    ///
    /// Returns True if socket is in blocking mode, or False if it
    /// is in non-blocking mode.
    #[signature(self, /)]
    fn getblocking(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).timeout != 0
    }

    /// settimeout(timeout)
    ///
    /// Set a timeout on socket operations.  'timeout' can be a float,
    /// giving in seconds, or None.  Setting a timeout of None disables
    /// the timeout feature and is equivalent to setblocking(1).
    /// Setting a timeout of zero is the same as setblocking(0).
    #[signature(self, object, /)]
    fn settimeout(this: Gc<Self>, py: &mut Py, object: Value) -> Result<()> {
        let timeout = waiting::timeout(py, object)?;
        Socket::set_timeout(this, py, timeout)
    }

    /// gettimeout() -> timeout
    ///
    /// Returns the timeout in seconds (float) associated with socket
    /// operations. A timeout of None indicates that timeouts on socket
    /// operations are disabled.
    #[signature(self, /)]
    fn gettimeout(this: Gc<Self>, py: &Py) -> Option<f64> {
        waiting::seconds(this.get(py).timeout)
    }

    /// shutdown(flag)
    ///
    /// Shut down the reading side of the socket (flag == SHUT_RD), the writing side
    /// of the socket (flag == SHUT_WR), or both ends (flag == SHUT_RDWR).
    #[signature(self, object, /)]
    fn shutdown(this: Gc<Self>, py: &mut Py, object: i32) -> Result<()> {
        let fd = this.get(py).fd;
        host_call(py, None, |host| host.shutdown(fd, object))
    }
}
