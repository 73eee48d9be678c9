//! Addresses between Python's tuples and the operating system's structures.

use super::names::resolve;
use crate::os_error::{fs_decode, fs_encode};
use bredli_host::SocketAddress;
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;

pub const AF_UNSPEC: i32 = 0;
pub const AF_UNIX: i32 = 1;
pub const AF_INET: i32 = 2;
pub const AF_INET6: i32 = 10;
const AF_NETLINK: i32 = 16;
/// The longest path of a socket, its final byte 0 included.
const UNIX_PATH: usize = 108;

/// An IPv6 address as the C library writes it.
pub fn inet6_text(host: [u8; 16]) -> String {
    let old_style = host[..12].iter().all(|byte| *byte == 0) && (host[12] != 0 || host[13] != 0);
    if old_style {
        return format!("::{}.{}.{}.{}", host[12], host[13], host[14], host[15]);
    }
    Ipv6Addr::from(host).to_string()
}

/// An address as Python sees it; None when there is none.
pub fn to_python(py: &mut Py, address: Option<SocketAddress>) -> Result {
    match address {
        None => Ok(Value::NONE),
        Some(SocketAddress::Inet { host, port }) => {
            let host = py.new_str(&Ipv4Addr::from(host).to_string());
            Ok(py.new_tuple(&[host.into(), Value::small(i32::from(port))]).into())
        }
        Some(SocketAddress::Inet6 { host, port, flow, scope }) => {
            let flow = py.new_int(i64::from(flow));
            let scope = py.new_int(i64::from(scope));
            let host = py.new_str(&inet6_text(host));
            Ok(py.new_tuple(&[host.into(), Value::small(i32::from(port)), flow, scope]).into())
        }
        Some(SocketAddress::Unix(path)) if path.first() == Some(&0) => Ok(py.new_bytes(&path).into()),
        Some(SocketAddress::Unix(path)) => Ok(fs_decode(py, &path).into()),
        Some(SocketAddress::Other(0, _)) => Ok(Value::NONE),
        Some(SocketAddress::Other(16, bytes)) if bytes.len() >= 10 => {
            let number = |at: usize| i64::from(u32::from_ne_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]));
            let (pid, groups) = (number(2), number(6));
            let (pid, groups) = (py.new_int(pid), py.new_int(groups));
            Ok(py.new_tuple(&[pid, groups]).into())
        }
        Some(SocketAddress::Other(family, bytes)) => {
            let bytes = py.new_bytes(&bytes);
            Ok(py.new_tuple(&[Value::small(i32::from(family)), bytes.into()]).into())
        }
    }
}

/// A host's name as bytes: text in ASCII or else as `idna`, or bytes.
pub fn host_bytes(py: &mut Py, host: Value) -> Result<Vec<u8>> {
    let bytes = if let Some(text) = Gc::<Str>::cast(py, host) {
        if text.get(py).code_points().all(|code| code < 128) {
            text.get(py).lossy().into_bytes()
        } else {
            let encoding = py.new_str("idna");
            let encoded = py.call_method_named(host, "encode", &[encoding.into()])?;
            py.bytes_like(encoded).unwrap_or_default()
        }
    } else if let Some(bytes) = py.bytes_like(host) {
        bytes
    } else {
        let class = py.class_name(host);
        raise!(py, TypeError, "str, bytes or bytearray expected, not {class}")
    };
    if bytes.contains(&0) {
        raise!(py, ValueError, "host name must not contain null character");
    }
    Ok(bytes)
}

fn port_number(py: &mut Py, function: &str, port: Value) -> Result<u16> {
    let index = py.index(port)?;
    match py.int_to_i64(index).map(u16::try_from) {
        Some(Ok(port)) => Ok(port),
        _ => raise!(py, OverflowError, "{function}(): port must be 0-65535."),
    }
}

/// The items of an address that must be a tuple.
fn items<'a>(py: &mut Py, function: &str, family: &str, address: Value, room: &'a mut [Value; 4]) -> Result<&'a [Value]> {
    let Some(tuple) = Gc::<Tuple>::cast(py, address) else {
        let class = py.class_name(address);
        raise!(py, TypeError, "{function}(): {family} address must be tuple, not {class}")
    };
    let items = tuple.get(py).items();
    let count = items.len();
    let valid = match family {
        "AF_INET6" => (2..=4).contains(&count),
        _ => count == 2,
    };
    if !valid {
        raise!(py, TypeError, "{function}(): wrong format for {family} address");
    }
    room[..count].copy_from_slice(items);
    Ok(&room[..count])
}

fn number(py: &mut Py, value: Value) -> Result<u32> {
    let index = py.index(value)?;
    match py.int_to_i64(index).map(u32::try_from) {
        Some(Ok(number)) => Ok(number),
        _ => raise!(py, OverflowError, "Python int too large to convert to C unsigned int"),
    }
}

/// The address an argument of a socket's method stands for.
pub fn from_python(py: &mut Py, function: &str, family: i32, address: Value) -> Result<SocketAddress> {
    let mut room = [Value::NONE; 4];
    match family {
        AF_UNIX => unix(py, address),
        AF_INET => {
            let &[host, port] = items(py, function, "AF_INET", address, &mut room)? else { unreachable!("two items") };
            let host = host_bytes(py, host)?;
            let found = resolve(py, &host, AF_INET)?;
            let port = port_number(py, function, port)?;
            match found {
                SocketAddress::Inet { host, .. } => Ok(SocketAddress::Inet { host, port }),
                _ => raise!(py, OSError, "unknown address family"),
            }
        }
        AF_INET6 => {
            let items = items(py, function, "AF_INET6", address, &mut room)?.to_vec();
            let name = host_bytes(py, items[0])?;
            let port = port_number(py, function, items[1])?;
            let flow = match items.get(2) {
                Some(flow) => number(py, *flow)?,
                None => 0,
            };
            if flow > 0xFFFFF {
                raise!(py, OverflowError, "{function}(): flowinfo must be 0-1048575.");
            }
            let scope_given = match items.get(3) {
                Some(scope) => number(py, *scope)?,
                None => 0,
            };
            match resolve(py, &name, AF_INET6)? {
                SocketAddress::Inet6 { host, .. } => Ok(SocketAddress::Inet6 { host, port, flow, scope: scope_given }),
                _ => raise!(py, OSError, "unknown address family"),
            }
        }
        AF_NETLINK => {
            let &[pid, groups] = items(py, function, "AF_NETLINK", address, &mut room)? else { unreachable!("two items") };
            let (pid, groups) = (number(py, pid)?, number(py, groups)?);
            let bytes = [&[0; 2][..], &pid.to_ne_bytes(), &groups.to_ne_bytes()].concat();
            Ok(SocketAddress::Other(AF_NETLINK as u16, bytes))
        }
        _ => raise!(py, OSError, "{function}(): bad family"),
    }
}

fn unix(py: &mut Py, address: Value) -> Result<SocketAddress> {
    let path = match Gc::<Str>::cast(py, address) {
        Some(text) => fs_encode(py, text)?,
        None => BytesLike::new(py, address)?.get(py).to_vec(),
    };
    let limit = if path.first() == Some(&0) { UNIX_PATH } else { UNIX_PATH - 1 };
    if path.len() > limit {
        raise!(py, OSError, "AF_UNIX path too long");
    }
    Ok(SocketAddress::Unix(path))
}
