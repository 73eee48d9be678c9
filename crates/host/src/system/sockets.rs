//! Sockets of the operating system.

use std::ffi::{CStr, c_char};
use std::mem::{MaybeUninit, offset_of, size_of};
use std::ptr;

use super::{SystemHost, Zeroed, c_string};
use crate::error::{HostError, Result};
use crate::files::Fd;
use crate::sockets::{AddressInfo, Lookup, Message, SocketAddress, Sockets};

/// An address in C's form, with the length in use.
struct RawAddress {
    storage: libc::sockaddr_storage,
    length: libc::socklen_t,
}

impl RawAddress {
    /// Room for an address that a call fills.
    fn empty() -> Self {
        RawAddress { storage: Zeroed::zeroed(), length: size_of::<libc::sockaddr_storage>() as libc::socklen_t }
    }

    fn new(address: &SocketAddress) -> Result<Self> {
        let (family, bytes) = match address {
            SocketAddress::Inet { host, port } => {
                // Port and address in network order, then 8 bytes of padding.
                (libc::AF_INET as u16, [&port.to_be_bytes()[..], host, &[0; 8]].concat())
            }
            SocketAddress::Inet6 { host, port, flow, scope } => {
                let bytes = [&port.to_be_bytes()[..], &flow.to_be_bytes(), host, &scope.to_ne_bytes()].concat();
                (libc::AF_INET6 as u16, bytes)
            }
            SocketAddress::Unix(path) => {
                let end = if path.is_empty() || path[0] == 0 { &[][..] } else { &[0][..] };
                (libc::AF_UNIX as u16, [path, end].concat())
            }
            SocketAddress::Other(family, bytes) => (*family, bytes.clone()),
        };
        let limit = match address {
            SocketAddress::Unix(_) => size_of::<libc::sockaddr_un>() - offset_of!(libc::sockaddr_un, sun_path),
            _ => size_of::<libc::sockaddr_storage>() - size_of::<libc::sa_family_t>(),
        };
        if bytes.len() > limit {
            return Err(HostError::new(libc::ENAMETOOLONG));
        }
        let mut raw = RawAddress::empty();
        raw.storage.ss_family = family;
        let start = size_of::<libc::sa_family_t>();
        raw.bytes_mut()[start..start + bytes.len()].copy_from_slice(&bytes);
        raw.length = (start + bytes.len()) as libc::socklen_t;
        Ok(raw)
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        let storage = (&raw mut self.storage).cast::<u8>();
        // SAFETY: the structure is plain integers, all initialised, and borrowed exclusively with `self`.
        unsafe { std::slice::from_raw_parts_mut(storage, size_of::<libc::sockaddr_storage>()) }
    }

    fn as_ptr(&self) -> *const libc::sockaddr {
        (&raw const self.storage).cast()
    }

    fn as_mut_ptr(&mut self) -> *mut libc::sockaddr {
        (&raw mut self.storage).cast()
    }

    fn decode(mut self) -> SocketAddress {
        let length = self.length as usize;
        let family = if length == 0 { libc::AF_UNSPEC } else { i32::from(self.storage.ss_family) };
        let start = size_of::<libc::sa_family_t>();
        let bytes = self.bytes_mut();
        let array = |at: usize| [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        match family {
            libc::AF_INET => SocketAddress::Inet { host: array(4), port: u16::from_be_bytes([bytes[2], bytes[3]]) },
            libc::AF_INET6 => {
                let mut host = [0; 16];
                host.copy_from_slice(&bytes[8..24]);
                let (flow, scope) = (u32::from_be_bytes(array(4)), u32::from_ne_bytes(array(24)));
                SocketAddress::Inet6 { host, port: u16::from_be_bytes([bytes[2], bytes[3]]), flow, scope }
            }
            libc::AF_UNIX => {
                let path = &bytes[start..length.clamp(start, bytes.len())];
                // Abstract names are as long as the kernel says; others end at the first byte 0.
                let end = if path.first() == Some(&0) { path.len() } else { path.iter().position(|byte| *byte == 0).unwrap_or(path.len()) };
                SocketAddress::Unix(path[..end].to_vec())
            }
            family => SocketAddress::Other(family as u16, bytes[start..length.clamp(start, bytes.len())].to_vec()),
        }
    }
}

impl Sockets for SystemHost {
    fn socket(&self, family: i32, kind: i32, protocol: i32) -> Result<Fd> {
        sys!(libc::socket, family, kind | libc::SOCK_CLOEXEC, protocol)
    }

    fn socketpair(&self, family: i32, kind: i32, protocol: i32) -> Result<(Fd, Fd)> {
        let mut ends = [0; 2];
        sys!(libc::socketpair, family, kind | libc::SOCK_CLOEXEC, protocol, ends.as_mut_ptr())?;
        Ok((ends[0], ends[1]))
    }

    fn bind(&self, fd: Fd, address: &SocketAddress) -> Result<()> {
        let address = RawAddress::new(address)?;
        sys!(libc::bind, fd, address.as_ptr(), address.length).map(drop)
    }

    fn connect(&self, fd: Fd, address: &SocketAddress) -> Result<()> {
        let address = RawAddress::new(address)?;
        sys!(libc::connect, fd, address.as_ptr(), address.length).map(drop)
    }

    fn listen(&self, fd: Fd, backlog: i32) -> Result<()> {
        sys!(libc::listen, fd, backlog).map(drop)
    }

    fn accept(&self, fd: Fd) -> Result<(Fd, SocketAddress)> {
        let mut address = RawAddress::empty();
        let accepted = sys!(libc::accept4, fd, address.as_mut_ptr(), &mut address.length, libc::SOCK_CLOEXEC)?;
        Ok((accepted, address.decode()))
    }

    fn getsockname(&self, fd: Fd) -> Result<SocketAddress> {
        let mut address = RawAddress::empty();
        sys!(libc::getsockname, fd, address.as_mut_ptr(), &mut address.length)?;
        Ok(address.decode())
    }

    fn getpeername(&self, fd: Fd) -> Result<SocketAddress> {
        let mut address = RawAddress::empty();
        sys!(libc::getpeername, fd, address.as_mut_ptr(), &mut address.length)?;
        Ok(address.decode())
    }

    fn shutdown(&self, fd: Fd, how: i32) -> Result<()> {
        sys!(libc::shutdown, fd, how).map(drop)
    }

    fn send(&self, fd: Fd, bytes: &[u8], flags: i32) -> Result<usize> {
        sys!(libc::send, fd, bytes.as_ptr().cast(), bytes.len(), flags).map(|count| count as usize)
    }

    fn sendto(&self, fd: Fd, bytes: &[u8], flags: i32, address: &SocketAddress) -> Result<usize> {
        let address = RawAddress::new(address)?;
        sys!(libc::sendto, fd, bytes.as_ptr().cast(), bytes.len(), flags, address.as_ptr(), address.length).map(|count| count as usize)
    }

    fn recv(&self, fd: Fd, buffer: &mut [u8], flags: i32) -> Result<usize> {
        // With MSG_TRUNC the kernel gives the length of the whole message.
        sys!(libc::recv, fd, buffer.as_mut_ptr().cast(), buffer.len(), flags).map(|count| (count as usize).min(buffer.len()))
    }

    fn recvfrom(&self, fd: Fd, buffer: &mut [u8], flags: i32) -> Result<(usize, Option<SocketAddress>)> {
        let mut address = RawAddress::empty();
        let count = sys!(libc::recvfrom, fd, buffer.as_mut_ptr().cast(), buffer.len(), flags, address.as_mut_ptr(), &mut address.length)?;
        // Connected streams give no address.
        let from = (address.length > 0).then(|| address.decode());
        Ok(((count as usize).min(buffer.len()), from))
    }

    fn sendmsg(&self, fd: Fd, message: &Message) -> Result<usize> {
        let address = message.address.as_ref().map(RawAddress::new).transpose()?;
        let mut data = libc::iovec { iov_base: message.data.as_ptr().cast_mut().cast(), iov_len: message.data.len() };
        let mut control = pack_ancillary(&message.ancillary)?;
        let mut header = libc::msghdr::zeroed();
        if let Some(address) = &address {
            header.msg_name = address.as_ptr().cast_mut().cast();
            header.msg_namelen = address.length;
        }
        header.msg_iov = &mut data;
        header.msg_iovlen = 1;
        if !control.is_empty() {
            header.msg_control = control.as_mut_ptr().cast();
            header.msg_controllen = size_of_val(&control[..]) as _;
        }
        sys!(libc::sendmsg, fd, &header, message.flags).map(|count| count as usize)
    }

    fn recvmsg(&self, fd: Fd, size: usize, ancillary_size: usize, flags: i32) -> Result<Message> {
        let mut address = RawAddress::empty();
        let mut bytes = Vec::new();
        let mut control = Vec::new();
        let room = bytes.try_reserve_exact(size).and_then(|()| control.try_reserve_exact(ancillary_size.div_ceil(8)));
        room.map_err(|_| HostError::new(libc::ENOMEM))?;
        bytes.resize(size, 0u8);
        control.resize(ancillary_size.div_ceil(8), 0u64);
        let mut data = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
        let mut header = libc::msghdr::zeroed();
        header.msg_name = address.as_mut_ptr().cast();
        header.msg_namelen = address.length;
        header.msg_iov = &mut data;
        header.msg_iovlen = 1;
        if ancillary_size > 0 {
            header.msg_control = control.as_mut_ptr().cast();
            header.msg_controllen = ancillary_size as _;
        }
        let count = sys!(libc::recvmsg, fd, &mut header, flags | libc::MSG_CMSG_CLOEXEC)?;
        bytes.truncate(count as usize);
        address.length = header.msg_namelen;
        let ancillary = unpack_ancillary(&header);
        let address = (address.length > 0).then(|| address.decode());
        Ok(Message { data: bytes, ancillary, flags: header.msg_flags & !libc::MSG_CMSG_CLOEXEC, address })
    }

    fn getsockopt(&self, fd: Fd, level: i32, option: i32, size: usize) -> Result<Vec<u8>> {
        let mut value = vec![0u8; size.min(1 << 16)];
        let mut length = value.len() as libc::socklen_t;
        sys!(libc::getsockopt, fd, level, option, value.as_mut_ptr().cast(), &mut length)?;
        value.truncate(length as usize);
        Ok(value)
    }

    fn setsockopt(&self, fd: Fd, level: i32, option: i32, value: &[u8]) -> Result<()> {
        sys!(libc::setsockopt, fd, level, option, value.as_ptr().cast(), value.len() as libc::socklen_t).map(drop)
    }

    fn getaddrinfo(
        &self,
        host: Option<&[u8]>,
        service: Option<&[u8]>,
        family: i32,
        kind: i32,
        protocol: i32,
        flags: i32,
    ) -> Result<Lookup<Vec<AddressInfo>>> {
        let (host, service) = (host.map(c_string).transpose()?, service.map(c_string).transpose()?);
        let mut hints = libc::addrinfo::zeroed();
        (hints.ai_family, hints.ai_socktype, hints.ai_protocol, hints.ai_flags) = (family, kind, protocol, flags);
        let pointer = |text: &Option<std::ffi::CString>| text.as_ref().map_or(ptr::null(), |text| text.as_ptr());
        let mut list: *mut libc::addrinfo = ptr::null_mut();
        // SAFETY: two C strings (or null) and a structure that live on, and a place for the list.
        let code = unsafe { libc::getaddrinfo(pointer(&host), pointer(&service), &hints, &mut list) };
        if code != 0 {
            return lookup_failure(code);
        }
        let mut found = Vec::new();
        let mut next = list;
        // SAFETY: the list's entries are valid until it is freed, and each is copied before that.
        while let Some(entry) = unsafe { next.as_ref() } {
            let mut address = RawAddress::empty();
            let length = (entry.ai_addrlen as usize).min(size_of::<libc::sockaddr_storage>());
            // SAFETY: the entry's address has the length it says, and the copy fits.
            address.bytes_mut()[..length].copy_from_slice(unsafe { std::slice::from_raw_parts(entry.ai_addr.cast(), length) });
            address.length = length as libc::socklen_t;
            let canonical_name = match entry.ai_canonname.is_null() {
                true => Vec::new(),
                // SAFETY: not null, so a C string that lives as long as the list.
                false => unsafe { CStr::from_ptr(entry.ai_canonname) }.to_bytes().to_vec(),
            };
            found.push(AddressInfo {
                family: entry.ai_family,
                kind: entry.ai_socktype,
                protocol: entry.ai_protocol,
                canonical_name,
                address: address.decode(),
            });
            next = entry.ai_next;
        }
        // SAFETY: the list came from `getaddrinfo` and is used no more.
        unsafe { libc::freeaddrinfo(list) };
        Ok(Lookup::Found(found))
    }

    fn getnameinfo(&self, address: &SocketAddress, flags: i32) -> Result<Lookup<(Vec<u8>, Vec<u8>)>> {
        let address = RawAddress::new(address)?;
        let (mut host, mut service) = ([0u8; 1025], [0u8; 32]);
        let (host_room, service_room) = (host.as_mut_ptr().cast::<c_char>(), service.as_mut_ptr().cast::<c_char>());
        // SAFETY: an address with its length, and two buffers with theirs.
        let code = unsafe { libc::getnameinfo(address.as_ptr(), address.length, host_room, 1025, service_room, 32, flags) };
        if code != 0 {
            return lookup_failure(code);
        }
        let text = |buffer: &[u8]| CStr::from_bytes_until_nul(buffer).map(|text| text.to_bytes().to_vec()).unwrap_or_default();
        Ok(Lookup::Found((text(&host), text(&service))))
    }

    fn gethostname(&self) -> Result<Vec<u8>> {
        let mut buffer = [0u8; 256];
        sys!(libc::gethostname, buffer.as_mut_ptr().cast(), buffer.len() - 1)?;
        Ok(CStr::from_bytes_until_nul(&buffer).map(|name| name.to_bytes().to_vec()).unwrap_or_default())
    }

    fn sethostname(&self, name: &[u8]) -> Result<()> {
        sys!(libc::sethostname, name.as_ptr().cast(), name.len()).map(drop)
    }

    fn interfaces(&self) -> Result<Vec<(u32, Vec<u8>)>> {
        // SAFETY: no arguments.
        let list = unsafe { libc::if_nameindex() };
        if list.is_null() {
            return Err(HostError::last());
        }
        let mut found = Vec::new();
        let mut next = list;
        // SAFETY: the array ends with an entry of number 0; names are C strings, and the array is freed once, after its last use.
        unsafe {
            while (*next).if_index != 0 {
                found.push(((*next).if_index, CStr::from_ptr((*next).if_name).to_bytes().to_vec()));
                next = next.add(1);
            }
            libc::if_freenameindex(list);
        }
        Ok(found)
    }
}

fn lookup_failure<T>(code: i32) -> Result<Lookup<T>> {
    if code == libc::EAI_SYSTEM {
        return Err(HostError::last());
    }
    // SAFETY: one scalar; the text is static.
    let text = unsafe { CStr::from_ptr(libc::gai_strerror(code)) };
    Ok(Lookup::Failed(code, text.to_string_lossy().into_owned()))
}

/// Lays out what is beside a message; in words, so that it is aligned.
fn pack_ancillary(pieces: &[(i32, i32, Vec<u8>)]) -> Result<Vec<u64>> {
    const LIMIT: usize = 1 << 20;
    let mut bytes = Vec::new();
    for (level, kind, data) in pieces {
        let length = u32::try_from(data.len()).ok().filter(|length| (*length as usize) < LIMIT).ok_or(HostError::new(libc::EMSGSIZE))?;
        // SAFETY: plain arithmetic on a scalar.
        let (whole, used) = unsafe { (libc::CMSG_SPACE(length) as usize, libc::CMSG_LEN(length) as usize) };
        let start = bytes.len();
        bytes.extend_from_slice(&used.to_ne_bytes());
        bytes.extend_from_slice(&level.to_ne_bytes());
        bytes.extend_from_slice(&kind.to_ne_bytes());
        bytes.extend_from_slice(data);
        bytes.resize(start + whole, 0);
    }
    let word = |chunk: &[u8]| chunk.iter().rev().fold(0, |word: u64, byte| word << 8 | u64::from(*byte));
    Ok(bytes.chunks(8).map(|chunk| word(chunk).to_le()).collect())
}

/// Copies what came beside a message.
fn unpack_ancillary(header: &libc::msghdr) -> Vec<(i32, i32, Vec<u8>)> {
    let mut pieces = Vec::new();
    // SAFETY: the kernel filled the control buffer and its length; the macros stay within both.
    unsafe {
        let mut next = libc::CMSG_FIRSTHDR(header);
        while let Some(piece) = next.as_ref() {
            let end = header.msg_control as usize + header.msg_controllen;
            let data = libc::CMSG_DATA(next);
            let overhead = data as usize - next as usize;
            let length = piece.cmsg_len.saturating_sub(overhead).min(end.saturating_sub(data as usize));
            pieces.push((piece.cmsg_level, piece.cmsg_type, std::slice::from_raw_parts(data, length).to_vec()));
            next = libc::CMSG_NXTHDR(header, next);
        }
    }
    pieces
}

const _: () = assert!(size_of::<libc::cmsghdr>() == 16 && size_of::<MaybeUninit<libc::sockaddr_in6>>() == 28);
