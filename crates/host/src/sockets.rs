//! Sockets: making and connecting them, moving data, options, and looking up names.
//!
//! A socket is a descriptor: closing it, waiting for it and making it non-blocking is done as for files.

use crate::files::Fd;

/// Where a socket is, or is to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketAddress {
    /// IPv4.
    Inet {
        /// The address.
        host: [u8; 4],
        /// The port.
        port: u16,
    },
    /// IPv6.
    Inet6 {
        /// The address.
        host: [u8; 16],
        /// The port.
        port: u16,
        /// The flow label.
        flow: u32,
        /// The scope.
        scope: u32,
    },
    /// A path, empty for a socket without a name; abstract names begin with a byte 0.
    Unix(Vec<u8>),
    /// Another family: its number and the rest of the structure.
    Other(u16, Vec<u8>),
}

/// One answer of [`Sockets::getaddrinfo`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct AddressInfo {
    pub family: i32,
    pub kind: i32,
    pub protocol: i32,
    pub canonical_name: Vec<u8>,
    pub address: SocketAddress,
}

/// The outcome of looking up a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<T> {
    /// What was found.
    Found(T),
    /// Why nothing was: an `EAI_*` code and its text.
    Failed(i32, String),
}

/// A message with data beside the stream, such as descriptors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The data.
    pub data: Vec<u8>,
    /// Level, type and data of each piece beside it.
    pub ancillary: Vec<(i32, i32, Vec<u8>)>,
    /// The `MSG_*` flags of a received message.
    pub flags: i32,
    /// Where it came from.
    pub address: Option<SocketAddress>,
}

topic! {
    /// Operations on sockets.
    pub trait Sockets {
        /// A new socket.
        fn socket(&self, family: i32, kind: i32, protocol: i32) -> Result<Fd>;
        /// Two sockets connected to each other.
        fn socketpair(&self, family: i32, kind: i32, protocol: i32) -> Result<(Fd, Fd)>;
        /// Gives a socket an address.
        fn bind(&self, fd: Fd, address: &SocketAddress) -> Result<()>;
        /// Connects to an address.
        fn connect(&self, fd: Fd, address: &SocketAddress) -> Result<()>;
        /// Begins to take connections.
        fn listen(&self, fd: Fd, backlog: i32) -> Result<()>;
        /// Takes a connection; the new socket is not inherited by child processes.
        fn accept(&self, fd: Fd) -> Result<(Fd, SocketAddress)>;
        /// A socket's own address.
        fn getsockname(&self, fd: Fd) -> Result<SocketAddress>;
        /// The address of the other end.
        fn getpeername(&self, fd: Fd) -> Result<SocketAddress>;
        /// Ends one direction (`SHUT_RD`, ...).
        fn shutdown(&self, fd: Fd, how: i32) -> Result<()>;
        /// Sends bytes and gives how many were taken.
        fn send(&self, fd: Fd, bytes: &[u8], flags: i32) -> Result<usize>;
        /// Sends bytes to an address.
        fn sendto(&self, fd: Fd, bytes: &[u8], flags: i32, address: &SocketAddress) -> Result<usize>;
        /// Receives bytes.
        fn recv(&self, fd: Fd, buffer: &mut [u8], flags: i32) -> Result<usize>;
        /// Receives bytes, and from where.
        fn recvfrom(&self, fd: Fd, buffer: &mut [u8], flags: i32) -> Result<(usize, Option<SocketAddress>)>;
        /// Sends a message with what is beside it.
        fn sendmsg(&self, fd: Fd, message: &Message) -> Result<usize>;
        /// Receives a message of at most `size` bytes with at most `ancillary_size` beside it.
        fn recvmsg(&self, fd: Fd, size: usize, ancillary_size: usize, flags: i32) -> Result<Message>;
        /// An option's value, at most `size` bytes of it.
        fn getsockopt(&self, fd: Fd, level: i32, option: i32, size: usize) -> Result<Vec<u8>>;
        /// Sets an option.
        fn setsockopt(&self, fd: Fd, level: i32, option: i32, value: &[u8]) -> Result<()>;
        /// The addresses of a host and service.
        fn getaddrinfo(&self, host: Option<&[u8]>, service: Option<&[u8]>, family: i32, kind: i32, protocol: i32, flags: i32) -> Result<Lookup<Vec<AddressInfo>>>;
        /// The host and service of an address.
        fn getnameinfo(&self, address: &SocketAddress, flags: i32) -> Result<Lookup<(Vec<u8>, Vec<u8>)>>;
        /// This machine's name.
        fn gethostname(&self) -> Result<Vec<u8>>;
        /// Sets this machine's name.
        fn sethostname(&self, name: &[u8]) -> Result<()>;
        /// The network interfaces: number and name.
        fn interfaces(&self) -> Result<Vec<(u32, Vec<u8>)>>;
    }
}
