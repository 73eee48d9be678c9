//! Looking up hosts and addresses, and the errors of that.

use super::address::{AF_INET, AF_INET6, AF_UNSPEC};
use crate::os_error::host_call;
use bredli_host::{AddressInfo, Lookup, SocketAddress};
use bredli_runtime::prelude::*;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;

const AI_PASSIVE: i32 = 1;
const SOCK_STREAM: i32 = 1;
const SOCK_DGRAM: i32 = 2;

/// Raise `gaierror` or `herror`.
#[cold]
pub fn lookup_error(py: &mut Py, class: &str, code: i32, text: &str) -> Raised {
    let class = match py.import_module("_socket") {
        Ok(module) => py.get_attr_named(module, class),
        Err(raised) => Err(raised),
    };
    let text = py.new_str(text);
    match class.and_then(|class| py.call(class, &[Value::small(code), text.into()])) {
        Ok(exception) => py.raise(exception),
        Err(raised) => raised,
    }
}

/// What a lookup found; `gaierror` otherwise.
pub fn found<T>(py: &mut Py, lookup: Lookup<T>) -> Result<T> {
    match lookup {
        Lookup::Found(value) => Ok(value),
        Lookup::Failed(code, text) => Err(lookup_error(py, "gaierror", code, &text)),
    }
}

/// All addresses of a host and service.
pub fn addresses(
    py: &mut Py,
    host: Option<&[u8]>,
    service: Option<&[u8]>,
    [family, kind, protocol, flags]: [i32; 4],
) -> Result<Vec<AddressInfo>> {
    let lookup = host_call(py, None, |os| os.getaddrinfo(host, service, family, kind, protocol, flags))?;
    found(py, lookup)
}

/// The address of a host, without a port: a number, a name, empty for any, `<broadcast>`.
pub fn resolve(py: &mut Py, host: &[u8], family: i32) -> Result<SocketAddress> {
    if host.is_empty() {
        let all = addresses(py, None, Some(b"0"), [family, SOCK_DGRAM, 0, AI_PASSIVE])?;
        return match <[AddressInfo; 1]>::try_from(all) {
            Ok([only]) => Ok(only.address),
            Err(_) => raise!(py, OSError, "wildcard resolved to multiple address"),
        };
    }
    if host == b"<broadcast>" || host == b"255.255.255.255" {
        if family != AF_INET && family != AF_UNSPEC {
            raise!(py, OSError, "address family mismatched");
        }
        return Ok(SocketAddress::Inet { host: [255; 4], port: 0 });
    }
    let text = String::from_utf8_lossy(host);
    if family == AF_INET || family == AF_UNSPEC {
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Ok(SocketAddress::Inet { host: address.octets(), port: 0 });
        }
    }
    if family == AF_INET6 || family == AF_UNSPEC {
        if let Ok(address) = text.parse::<Ipv6Addr>() {
            return Ok(SocketAddress::Inet6 { host: address.octets(), port: 0, flow: 0, scope: 0 });
        }
    }
    let all = addresses(py, Some(host), None, [family, SOCK_STREAM, 0, 0])?;
    match all.into_iter().next() {
        Some(first) => Ok(first.address),
        None => Err(lookup_error(py, "gaierror", -2, "Name or service not known")),
    }
}
