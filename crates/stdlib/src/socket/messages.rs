//! Methods of sockets that move messages with data beside them.

use super::address::{from_python, to_python};
use super::class::Socket;
use super::waiting;
use bredli_host::Message;
use bredli_runtime::buffer::{BufferMut, BytesLike};
use bredli_runtime::prelude::*;

/// Level, type and data of each piece as Python sees them, with the flags and the sender.
fn received(py: &mut Py, first: Value, message: Message) -> Result {
    let mut pieces = RootVec::new(&mut py.heap);
    for (level, kind, data) in &message.ancillary {
        let data = py.new_bytes(data);
        pieces.push(py.new_tuple(&[Value::small(*level), Value::small(*kind), data.into()]).into());
    }
    let pieces = py.new_list(&pieces)?;
    let from = to_python(py, message.address)?;
    Ok(py.new_tuple(&[first, pieces.into(), Value::small(message.flags), from]).into())
}

fn beside(py: &mut Py, size: isize, function: &str) -> Result<usize> {
    match u32::try_from(size) {
        Ok(size) if size <= i32::MAX as u32 => Ok(size as usize),
        _ => raise!(py, ValueError, "invalid ancillary data buffer length in {function}"),
    }
}

fn small_int(py: &mut Py, value: Value) -> Result<i32> {
    let index = py.index(value)?;
    match py.int_to_i64(index).and_then(|int| i32::try_from(int).ok()) {
        Some(number) => Ok(number),
        None => raise!(py, OverflowError, "Python int too large to convert to C int"),
    }
}

/// What is to be sent beside a message.
fn ancillary(py: &mut Py, given: Option<Value>) -> Result<Vec<(i32, i32, Vec<u8>)>> {
    let mut pieces = Vec::new();
    let Some(given) = given else { return Ok(pieces) };
    for piece in py.collect_iterable(given)?.iter() {
        let fields = match Gc::<Tuple>::cast(py, *piece) {
            Some(tuple) if tuple.get(py).items().len() == 3 => tuple.get(py).items().to_vec(),
            _ => raise!(py, TypeError, "[sendmsg() ancillary data items] must be 3-item tuples"),
        };
        let (level, kind) = (small_int(py, fields[0])?, small_int(py, fields[1])?);
        let data = BytesLike::new(py, fields[2])?.get(py).to_vec();
        pieces.push((level, kind, data));
    }
    Ok(pieces)
}

#[pymethods(part = "messages")]
impl Socket {
    /// recvmsg(bufsize[, ancbufsize[, flags]]) -> (data, ancdata, msg_flags, address)
    ///
    /// Receive normal data (up to bufsize bytes) and ancillary data from the
    /// socket.
    #[no_text_signature]
    #[signature(self, bufsize, ancbufsize=0, flags=0, /)]
    fn recvmsg(this: Gc<Self>, py: &mut Py, bufsize: isize, ancbufsize: isize, flags: i32) -> Result {
        let size = match usize::try_from(bufsize) {
            Ok(size) => size,
            Err(_) => raise!(py, ValueError, "negative buffer size in recvmsg()"),
        };
        let room = beside(py, ancbufsize, "recvmsg()")?;
        let message = waiting::read(py, this, |host, fd| host.recvmsg(fd, size, room, flags))?;
        let data = py.new_bytes(&message.data);
        received(py, data.into(), message)
    }

    /// recvmsg_into(buffers[, ancbufsize[, flags]]) -> (nbytes, ancdata, msg_flags, address)
    ///
    /// Receive normal data and ancillary data from the socket, scattering the
    /// non-ancillary data into a series of buffers.
    #[no_text_signature]
    #[signature(self, buffers, ancbufsize=0, flags=0, /)]
    fn recvmsg_into(this: Gc<Self>, py: &mut Py, buffers: Value, ancbufsize: isize, flags: i32) -> Result {
        let buffers = py.collect_iterable(buffers)?;
        let mut size = 0;
        for buffer in buffers.iter() {
            match BufferMut::try_new(py, *buffer)? {
                Some(target) => size += target.get(py).len(),
                None => {
                    let class = py.class_name(*buffer);
                    raise!(py, TypeError, "recvmsg_into() argument 1 must be an iterable of read-write bytes-like objects, not {class}")
                }
            }
        }
        let room = beside(py, ancbufsize, "recvmsg_into()")?;
        let message = waiting::read(py, this, |host, fd| host.recvmsg(fd, size, room, flags))?;
        let mut rest = &message.data[..];
        for buffer in buffers.iter() {
            let Some(target) = BufferMut::try_new(py, *buffer)? else { continue };
            let target = target.get_mut(py);
            let count = target.len().min(rest.len());
            target[..count].copy_from_slice(&rest[..count]);
            rest = &rest[count..];
        }
        let count = py.new_int(message.data.len() as i64);
        received(py, count, message)
    }

    /// sendmsg(buffers[, ancdata[, flags[, address]]]) -> count
    ///
    /// Send normal and ancillary data to the socket, gathering the
    /// non-ancillary data from a series of buffers and concatenating it into
    /// a single message.
    #[no_text_signature]
    #[signature(self, buffers, ancdata=<unrepresentable>, flags=0, address=None, /)]
    fn sendmsg(this: Gc<Self>, py: &mut Py, buffers: Value, ancdata: Option<Value>, flags: i32, address: Option<Value>) -> Result<usize> {
        let mut data = Vec::new();
        for buffer in py.collect_iterable(buffers)?.iter() {
            let bytes = BytesLike::new(py, *buffer)?;
            data.extend_from_slice(bytes.get(py));
        }
        let ancillary = ancillary(py, ancdata)?;
        let family = this.get(py).family();
        let address = match address.filter(|address| !address.is_none()) {
            Some(address) => Some(from_python(py, "sendmsg", family, address)?),
            None => None,
        };
        let message = Message { data, ancillary, flags, address };
        waiting::write(py, this, |host, fd| host.sendmsg(fd, &message))
    }
}
