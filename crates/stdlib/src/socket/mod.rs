//! `_socket`: sockets and looking up names.
//!
//! Counterpart: `Modules/socketmodule.c`.

mod address;
mod class;
mod constants;
mod messages;
mod names;
mod services;
mod waiting;

pub use class::Socket;

use crate::exceptions::new_class;
use crate::os_error::{fs_decode, fs_encode, host_call, host_query, os_error};
use address::{AF_INET, AF_INET6, AF_UNSPEC};
use bredli_host::{HostError, Lookup, SocketAddress};
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;
use bredli_runtime::types::{Bytes, Module};
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;

const SOCK_STREAM: i32 = 1;
const SOCK_DGRAM: i32 = 2;
const SOCK_CLOEXEC: i32 = 0o2000000;
const AI_CANONNAME: i32 = 2;
const AI_NUMERICHOST: i32 = 4;
const NI_NUMERICHOST: i32 = 1;
const NI_NAMEREQD: i32 = 8;
const NI_DGRAM: i32 = 16;
const ENXIO: i32 = 6;
const ENODEV: i32 = 19;
const EAFNOSUPPORT: i32 = 97;
/// The bytes before the data of a piece beside a message.
const CMSG_HEADER: i64 = 16;

/// An argument of at most 16 or 32 bits.
fn unsigned(py: &mut Py, value: Value, bits: u32) -> Result<u32> {
    let index = py.index(value)?;
    let number = py.int_to_i64(index);
    match number.map(u32::try_from) {
        Some(Ok(number)) if bits == 32 || number >> bits == 0 => Ok(number),
        _ if py.int_is_negative(index) => {
            raise!(py, ValueError, "Cannot convert negative int")
        }
        _ => raise!(py, OverflowError, "Python int too large for C uint{bits}_t"),
    }
}

/// An address in the C library's older notation: one to four numbers, decimal, octal or hexadecimal, the last filling the rest.
fn inet_aton_bytes(text: &str) -> Option<[u8; 4]> {
    let text = text.split(|char: char| char.is_ascii_whitespace()).next()?;
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() > 4 {
        return None;
    }
    let mut address = 0u32;
    for (place, part) in parts.iter().enumerate() {
        let (digits, radix) = match part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
            Some(digits) => (digits, 16),
            None if part.len() > 1 && part.starts_with('0') => (&part[1..], 8),
            None => (*part, 10),
        };
        if !digits.starts_with(|char: char| char.is_digit(radix)) {
            return None;
        }
        let number = u32::from_str_radix(digits, radix).ok()?;
        let last = place + 1 == parts.len();
        let room = if last { 32 - 8 * place as u32 } else { 8 };
        if u64::from(number) >> room != 0 {
            return None;
        }
        address |= if last { number } else { number << (24 - 8 * place) };
    }
    Some(address.to_be_bytes())
}

/// Text of an argument that must be a str.
fn text_of(py: &mut Py, text: Gc<Str>) -> Result<String> {
    py.check_no_null(text)?;
    Ok(text.get(py).lossy())
}

fn address_text(address: &SocketAddress) -> String {
    match address {
        SocketAddress::Inet { host, .. } => Ipv4Addr::from(*host).to_string(),
        SocketAddress::Inet6 { host, .. } => address::inet6_text(*host),
        _ => String::new(),
    }
}

/// A tuple of a host's name, no aliases and its addresses.
fn host_entry(py: &mut Py, name: &[u8], addresses: &[SocketAddress]) -> Result {
    let mut texts = RootVec::new(&mut py.heap);
    for address in addresses {
        texts.push(py.new_str(&address_text(address)).into());
    }
    let (aliases, texts) = (py.new_list(&[])?, py.new_list(&texts)?);
    let name = fs_decode(py, name);
    Ok(py.new_tuple(&[name.into(), aliases.into(), texts.into()]).into())
}

/// Implementation module for socket operations.
///
/// See the socket module for documentation.
#[pymodule(name = "_socket", classes(Socket))]
pub mod socket {
    use super::*;

    pub const has_ipv6: bool = true;

    /// socketpair([family[, type [, proto]]]) -> (socket object, socket object)
    ///
    /// Create a pair of socket objects from the sockets returned by the platform
    /// socketpair() function.
    /// The arguments are the same as for socket() except the default family is
    /// AF_UNIX if defined on the platform; otherwise, the default is AF_INET.
    #[pyfunction]
    #[no_text_signature]
    #[signature(family=1, r#type=1, proto=0, /)]
    fn socketpair(py: &mut Py, family: i32, r#type: i32, proto: i32) -> Result {
        let kind = r#type;
        let (first, second) = host_query(py, |host| host.socketpair(family, kind | SOCK_CLOEXEC, proto))?;
        let class: Value = py.class::<Socket>().into();
        let mut ends = [Value::NONE; 2];
        for (place, fd) in [first, second].into_iter().enumerate() {
            let arguments = [family, kind, proto, fd].map(Value::small);
            ends[place] = py.call(class, &arguments)?;
        }
        Ok(py.new_tuple(&ends).into())
    }

    /// getaddrinfo(host, port [, family, type, proto, flags])
    ///     -> list of (family, type, proto, canonname, sockaddr)
    ///
    /// Resolve host and port into addrinfo struct.
    #[pyfunction]
    #[no_text_signature]
    #[signature(host, port, family = 0, r#type = 0, proto = 0, flags = 0)]
    fn getaddrinfo(py: &mut Py, host: Value, port: Value, family: i32, r#type: i32, proto: i32, flags: i32) -> Result<Gc<List>> {
        py.audit("socket.getaddrinfo", &[host, port, Value::small(family), Value::small(r#type), Value::small(proto)])?;
        let name = if host.is_none() {
            None
        } else if py.is_str(host) || py.bytes_like(host).is_some() {
            Some(address::host_bytes(py, host)?)
        } else {
            raise!(py, TypeError, "getaddrinfo() argument 1 must be string or None")
        };
        let service = if port.is_none() {
            None
        } else if py.is_int(port) {
            Some(py.str_text(port)?.into_bytes())
        } else if let Some(text) = Gc::<Str>::cast(py, port) {
            Some(text_of(py, text)?.into_bytes())
        } else if let Some(bytes) = py.bytes_like(port) {
            Some(bytes)
        } else {
            raise!(py, OSError, "Int or String expected")
        };
        let all = names::addresses(py, name.as_deref(), service.as_deref(), [family, r#type, proto, flags])?;
        let mut entries = RootVec::new(&mut py.heap);
        for info in all {
            let address = address::to_python(py, Some(info.address))?;
            let name = fs_decode(py, &info.canonical_name);
            let [family, kind, protocol] = [info.family, info.kind, info.protocol].map(Value::small);
            entries.push(py.new_tuple(&[family, kind, protocol, name.into(), address]).into());
        }
        py.new_list(&entries)
    }

    /// getnameinfo(sockaddr, flags) --> (host, port)
    ///
    /// Get host and port for a sockaddr.
    #[pyfunction]
    #[no_text_signature]
    #[signature(sockaddr, flags, /)]
    fn getnameinfo(py: &mut Py, sockaddr: Value, flags: i32) -> Result {
        py.audit("socket.getnameinfo", &[sockaddr])?;
        let Some(tuple) = Gc::<Tuple>::cast(py, sockaddr) else { raise!(py, TypeError, "getnameinfo() argument 1 must be a tuple") };
        let fields = tuple.get(py).items().to_vec();
        if !(2..=4).contains(&fields.len()) {
            raise!(py, TypeError, "getnameinfo(): illegal sockaddr argument");
        }
        let Some(name) = Gc::<Str>::cast(py, fields[0]) else { raise!(py, TypeError, "getnameinfo(): illegal sockaddr argument") };
        let name = text_of(py, name)?;
        let mut numbers = [0u32; 3];
        for (place, field) in fields[1..].iter().enumerate() {
            numbers[place] = unsigned(py, *field, 32)?;
        }
        let [port, flow, scope] = numbers;
        if flow > 0xFFFFF {
            raise!(py, OverflowError, "getnameinfo(): flowinfo must be 0-1048575.");
        }
        let service = port.to_string();
        let hints = [AF_UNSPEC, SOCK_DGRAM, 0, AI_NUMERICHOST];
        let mut all = names::addresses(py, Some(name.as_bytes()), Some(service.as_bytes()), hints)?;
        if all.len() > 1 {
            raise!(py, OSError, "sockaddr resolved to multiple addresses");
        }
        let Some(mut info) = all.pop() else { raise!(py, OSError, "unknown address family") };
        match &mut info.address {
            SocketAddress::Inet { .. } if fields.len() != 2 => raise!(py, OSError, "IPv4 sockaddr must be 2 tuple"),
            SocketAddress::Inet6 { flow: own_flow, scope: own_scope, .. } => (*own_flow, *own_scope) = (flow, scope),
            _ => {}
        }
        let lookup = host_call(py, None, |host| host.getnameinfo(&info.address, flags))?;
        let (host, service) = names::found(py, lookup)?;
        let (host, service) = (fs_decode(py, &host), fs_decode(py, &service));
        Ok(py.new_tuple(&[host.into(), service.into()]).into())
    }

    /// gethostname() -> string
    ///
    /// Return the current host name.
    #[pyfunction]
    #[no_text_signature]
    #[signature()]
    fn gethostname(py: &mut Py) -> Result<Gc<Str>> {
        py.audit("socket.gethostname", &[])?;
        let name = host_query(py, |host| host.gethostname())?;
        Ok(fs_decode(py, &name))
    }

    /// sethostname(name)
    ///
    /// Sets the hostname to name.
    #[pyfunction]
    #[no_text_signature]
    #[signature(name, /)]
    fn sethostname(py: &mut Py, name: Value) -> Result<()> {
        py.audit("socket.sethostname", &[name])?;
        let name = match Gc::<Str>::cast(py, name) {
            Some(text) => fs_encode(py, text)?,
            None => BytesLike::new(py, name)?.get(py).to_vec(),
        };
        host_query(py, |host| host.sethostname(&name))
    }

    /// gethostbyname(host) -> address
    ///
    /// Return the IP address (a string of the form '255.255.255.255') for a host.
    #[pyfunction]
    #[no_text_signature]
    #[signature(host, /)]
    fn gethostbyname(py: &mut Py, host: Value) -> Result<String> {
        py.audit("socket.gethostbyname", &[host])?;
        let name = address::host_bytes(py, host)?;
        Ok(address_text(&names::resolve(py, &name, AF_INET)?))
    }

    /// gethostbyname_ex(host) -> (name, aliaslist, addresslist)
    ///
    /// Return the true host name, a list of aliases, and a list of IP addresses,
    /// for a host.  The host argument is a string giving a host name or IP number.
    #[pyfunction]
    #[no_text_signature]
    #[signature(host, /)]
    fn gethostbyname_ex(py: &mut Py, host: Value) -> Result {
        py.audit("socket.gethostbyname", &[host])?;
        let name = address::host_bytes(py, host)?;
        let all = names::addresses(py, Some(&name), None, [AF_INET, SOCK_STREAM, 0, AI_CANONNAME])?;
        let canonical = all.first().map(|info| info.canonical_name.clone()).unwrap_or(name);
        let addresses: Vec<SocketAddress> = all.into_iter().map(|info| info.address).collect();
        host_entry(py, &canonical, &addresses)
    }

    /// gethostbyaddr(host) -> (name, aliaslist, addresslist)
    ///
    /// Return the true host name, a list of aliases, and a list of IP addresses,
    /// for a host.  The host argument is a string giving a host name or IP number.
    #[pyfunction]
    #[no_text_signature]
    #[signature(host, /)]
    fn gethostbyaddr(py: &mut Py, host: Value) -> Result {
        py.audit("socket.gethostbyaddr", &[host])?;
        let name = address::host_bytes(py, host)?;
        let address = names::resolve(py, &name, AF_UNSPEC)?;
        match host_call(py, None, |host| host.getnameinfo(&address, NI_NAMEREQD))? {
            Lookup::Found((name, _)) => host_entry(py, &name, &[address]),
            Lookup::Failed(..) => Err(names::lookup_error(py, "herror", 1, "Unknown host")),
        }
    }

    /// getservbyname(servicename[, protocolname]) -> integer
    ///
    /// Return a port number from a service name and protocol name.
    /// The optional protocol name, if given, should be 'tcp' or 'udp',
    /// otherwise any protocol will match.
    #[pyfunction]
    #[no_text_signature]
    #[signature(servicename, protocolname=<unrepresentable>, /)]
    fn getservbyname(py: &mut Py, servicename: Gc<Str>, protocolname: Option<Gc<Str>>) -> Result<u32> {
        let protocol = protocolname.map_or(Value::NONE, Value::from);
        py.audit("socket.getservbyname", &[servicename.into(), protocol])?;
        let name = text_of(py, servicename)?;
        let protocol = match protocolname {
            Some(protocol) => Some(text_of(py, protocol)?),
            None => None,
        };
        let kind = match protocol.as_deref() {
            None => Some(0),
            Some("tcp") => Some(SOCK_STREAM),
            Some("udp") => Some(SOCK_DGRAM),
            Some(_) => None,
        };
        let numeric = name.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(kind) = kind.filter(|_| !numeric) {
            let lookup = host_call(py, None, |host| host.getaddrinfo(None, Some(name.as_bytes()), AF_INET, kind, 0, 0))?;
            if let Lookup::Found(all) = lookup {
                if let Some(SocketAddress::Inet { port, .. }) = all.first().map(|info| &info.address) {
                    return Ok(u32::from(*port));
                }
            }
        }
        match services::port(&name, protocol.as_deref()) {
            Some(port) => Ok(u32::from(port)),
            None => raise!(py, OSError, "service/proto not found"),
        }
    }

    /// getservbyport(port[, protocolname]) -> string
    ///
    /// Return the service name from a port number and protocol name.
    /// The optional protocol name, if given, should be 'tcp' or 'udp',
    /// otherwise any protocol will match.
    #[pyfunction]
    #[no_text_signature]
    #[signature(port, protocolname=<unrepresentable>, /)]
    fn getservbyport(py: &mut Py, port: i32, protocolname: Option<Gc<Str>>) -> Result<Gc<Str>> {
        let protocol = protocolname.map_or(Value::NONE, Value::from);
        py.audit("socket.getservbyport", &[Value::small(port), protocol])?;
        let Ok(port) = u16::try_from(port) else { raise!(py, OverflowError, "getservbyport: port must be 0-65535.") };
        let protocol = match protocolname {
            Some(protocol) => Some(text_of(py, protocol)?),
            None => None,
        };
        let kinds: &[i32] = match protocol.as_deref() {
            None => &[0, NI_DGRAM],
            Some("tcp") => &[0],
            Some("udp") => &[NI_DGRAM],
            Some(_) => &[],
        };
        let address = SocketAddress::Inet { host: [0; 4], port };
        for kind in kinds {
            let lookup = host_call(py, None, |host| host.getnameinfo(&address, NI_NUMERICHOST | kind))?;
            if let Lookup::Found((_, service)) = lookup {
                if service != port.to_string().into_bytes() {
                    return Ok(fs_decode(py, &service));
                }
            }
        }
        match services::service(port, protocol.as_deref()) {
            Some(service) => Ok(py.new_str(service)),
            None => raise!(py, OSError, "port/proto not found"),
        }
    }

    /// getprotobyname(name) -> integer
    ///
    /// Return the protocol number for the named protocol.  (Rarely used.)
    #[pyfunction]
    #[no_text_signature]
    #[signature(name, /)]
    fn getprotobyname(py: &mut Py, name: Gc<Str>) -> Result<i32> {
        let name = text_of(py, name)?;
        match services::protocol(&name) {
            Some(number) => Ok(number),
            None => raise!(py, OSError, "protocol not found"),
        }
    }

    /// Convert a 16-bit unsigned integer from host to network byte order.
    #[pyfunction]
    #[signature(integer, /)]
    fn htons(py: &mut Py, integer: Value) -> Result<u32> {
        Ok(u32::from((unsigned(py, integer, 16)? as u16).to_be()))
    }

    /// Convert a 16-bit unsigned integer from network to host byte order.
    #[pyfunction]
    #[signature(integer, /)]
    fn ntohs(py: &mut Py, integer: Value) -> Result<u32> {
        Ok(u32::from(u16::from_be(unsigned(py, integer, 16)? as u16)))
    }

    /// Convert a 32-bit unsigned integer from host to network byte order.
    #[pyfunction]
    #[signature(integer, /)]
    fn htonl(py: &mut Py, integer: Value) -> Result<u32> {
        Ok(unsigned(py, integer, 32)?.to_be())
    }

    /// Convert a 32-bit unsigned integer from network to host byte order.
    #[pyfunction]
    #[signature(integer, /)]
    fn ntohl(py: &mut Py, integer: Value) -> Result<u32> {
        Ok(u32::from_be(unsigned(py, integer, 32)?))
    }

    /// Convert an IP address in string format (123.45.67.89) to the 32-bit packed binary format used in low-level network functions.
    #[pyfunction]
    #[signature(ip_addr, /)]
    fn inet_aton(py: &mut Py, ip_addr: Gc<Str>) -> Result<Gc<Bytes>> {
        let text = text_of(py, ip_addr)?;
        match inet_aton_bytes(&text) {
            Some(bytes) => Ok(py.new_bytes(&bytes)),
            None => raise!(py, OSError, "illegal IP address string passed to inet_aton"),
        }
    }

    /// Convert an IP address from 32-bit packed binary format to string format.
    #[pyfunction]
    #[signature(packed_ip, /)]
    fn inet_ntoa(py: &mut Py, packed_ip: BytesLike) -> Result<String> {
        match <[u8; 4]>::try_from(packed_ip.get(py)) {
            Ok(host) => Ok(Ipv4Addr::from(host).to_string()),
            Err(_) => raise!(py, OSError, "packed IP wrong length for inet_ntoa"),
        }
    }

    /// inet_pton(af, ip) -> packed IP address string
    ///
    /// Convert an IP address from string format to a packed string suitable
    /// for use with low-level network functions.
    #[pyfunction]
    #[no_text_signature]
    #[signature(af, ip, /)]
    fn inet_pton(py: &mut Py, af: i32, ip: Gc<Str>) -> Result<Gc<Bytes>> {
        let text = text_of(py, ip)?;
        let packed = match af {
            AF_INET => text.parse::<Ipv4Addr>().ok().map(|address| address.octets().to_vec()),
            AF_INET6 => text.parse::<Ipv6Addr>().ok().map(|address| address.octets().to_vec()),
            _ => return Err(os_error(py, HostError::new(EAFNOSUPPORT), None, None)),
        };
        match packed {
            Some(packed) => Ok(py.new_bytes(&packed)),
            None => raise!(py, OSError, "illegal IP address string passed to inet_pton"),
        }
    }

    /// inet_ntop(af, packed_ip) -> string formatted IP address
    ///
    /// Convert a packed IP address of the given family to string format.
    #[pyfunction]
    #[no_text_signature]
    #[signature(af, packed_ip, /)]
    fn inet_ntop(py: &mut Py, af: i32, packed_ip: BytesLike) -> Result<String> {
        let bytes = packed_ip.get(py).to_vec();
        let text = match af {
            AF_INET => <[u8; 4]>::try_from(&bytes[..]).map(|host| Ipv4Addr::from(host).to_string()),
            AF_INET6 => <[u8; 16]>::try_from(&bytes[..]).map(address::inet6_text),
            _ => raise!(py, ValueError, "unknown address family {af}"),
        };
        match text {
            Ok(text) => Ok(text),
            Err(_) => raise!(py, ValueError, "invalid length of packed IP address string"),
        }
    }

    /// getdefaulttimeout() -> timeout
    ///
    /// Returns the default timeout in seconds (float) for new socket objects.
    /// A value of None indicates that new socket objects have no timeout.
    /// When the socket module is first imported, the default is None.
    #[pyfunction]
    #[no_text_signature]
    #[signature()]
    fn getdefaulttimeout(py: &Py) -> Option<f64> {
        waiting::seconds(py.socket_timeout)
    }

    /// setdefaulttimeout(timeout)
    ///
    /// Set the default timeout in seconds (float) for new socket objects.
    /// A value of None indicates that new socket objects have no timeout.
    /// When the socket module is first imported, the default is None.
    #[pyfunction]
    #[no_text_signature]
    #[signature(timeout, /)]
    fn setdefaulttimeout(py: &mut Py, timeout: Value) -> Result<()> {
        py.socket_timeout = waiting::timeout(py, timeout)?;
        Ok(())
    }

    /// dup(integer) -> integer
    ///
    /// Duplicate an integer socket file descriptor.  This is like os.dup(), but for
    /// sockets; on some platforms os.dup() won't work for socket file descriptors.
    #[pyfunction]
    #[signature(fd, /)]
    fn dup(py: &mut Py, fd: i32) -> Result<i32> {
        host_query(py, |host| host.dup(fd))
    }

    /// close(integer) -> None
    ///
    /// Close an integer socket file descriptor.  This is like os.close(), but for
    /// sockets; on some platforms os.close() won't work for socket file descriptors.
    #[pyfunction]
    #[signature(fd, /)]
    fn close(py: &mut Py, fd: i32) -> Result<()> {
        const ECONNRESET: i32 = 104;
        let host = py.host.clone();
        match py.blocking(|| host.close(fd)) {
            Err(error) if error.errno != ECONNRESET => Err(os_error(py, error, None, None)),
            _ => Ok(()),
        }
    }

    /// if_nameindex()
    ///
    /// Returns a list of network interface information (index, name) tuples.
    #[pyfunction]
    #[signature()]
    fn if_nameindex(py: &mut Py) -> Result<Gc<List>> {
        let all = host_query(py, |host| host.interfaces())?;
        let mut entries = RootVec::new(&mut py.heap);
        for (index, name) in all {
            let name = fs_decode(py, &name);
            let index = py.new_int(i64::from(index));
            entries.push(py.new_tuple(&[index, name.into()]).into());
        }
        py.new_list(&entries)
    }

    /// Returns the interface index corresponding to the interface name if_name.
    #[pyfunction]
    #[signature(oname, /)]
    fn if_nametoindex(py: &mut Py, oname: Value) -> Result<u32> {
        let wanted = match Gc::<Str>::cast(py, oname) {
            Some(text) => fs_encode(py, text)?,
            None => BytesLike::new(py, oname)?.get(py).to_vec(),
        };
        let all = host_query(py, |host| host.interfaces())?;
        match all.into_iter().find(|(_, name)| *name == wanted) {
            Some((index, _)) => Ok(index),
            None => Err(os_error(py, HostError::new(ENODEV), None, None)),
        }
    }

    /// Returns the interface name corresponding to the interface index if_index.
    #[pyfunction]
    #[signature(if_index, /)]
    fn if_indextoname(py: &mut Py, if_index: u32) -> Result<Gc<Str>> {
        let all = host_query(py, |host| host.interfaces())?;
        match all.into_iter().find(|(index, _)| *index == if_index) {
            Some((_, name)) => Ok(fs_decode(py, &name)),
            None => Err(os_error(py, HostError::new(ENXIO), None, None)),
        }
    }

    /// CMSG_LEN(length) -> control message length
    ///
    /// Return the total length, without trailing padding, of an ancillary
    /// data item with associated data of the given length.
    #[pyfunction]
    #[pyname("CMSG_LEN")]
    #[no_text_signature]
    #[signature(length, /)]
    fn cmsg_len(py: &mut Py, length: i64) -> Result<i64> {
        if !(0..=i64::from(i32::MAX) - CMSG_HEADER).contains(&length) {
            raise!(py, OverflowError, "CMSG_LEN() argument out of range");
        }
        Ok(CMSG_HEADER + length)
    }

    /// CMSG_SPACE(length) -> buffer size
    ///
    /// Return the buffer size needed for recvmsg() to receive an ancillary
    /// data item with associated data of the given length, along with any
    /// trailing padding.
    #[pyfunction]
    #[pyname("CMSG_SPACE")]
    #[no_text_signature]
    #[signature(length, /)]
    fn cmsg_space(py: &mut Py, length: i64) -> Result<i64> {
        if !(0..=i64::from(i32::MAX) - CMSG_HEADER - 7).contains(&length) {
            raise!(py, OverflowError, "CMSG_SPACE() argument out of range");
        }
        Ok(CMSG_HEADER + (length + 7) / 8 * 8)
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let (base, timeout) = (py.exceptions.OSError, py.exceptions.TimeoutError);
        py.module_set(module, "error", base.into())?;
        py.module_set(module, "timeout", timeout.into())?;
        for name in ["herror", "gaierror"] {
            let base = py.exceptions.OSError;
            let class = new_class(py, "socket", name, base)?;
            py.module_set(module, name, class)?;
        }
        let class = py.class::<Socket>();
        py.module_set(module, "SocketType", class.into())?;
        for (name, number) in constants::CONSTANTS {
            let number = py.new_int(*number);
            py.module_set(module, name, number)?;
        }
        for (name, text) in [("BDADDR_ANY", "00:00:00:00:00:00"), ("BDADDR_LOCAL", "00:00:00:FF:FF:FF")] {
            let text = py.new_str(text);
            py.module_set(module, name, text.into())?;
        }
        Ok(())
    }
}
