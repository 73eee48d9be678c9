//! Reading through the buffer.

use super::Buffered;
use bredli_runtime::buffer::BufferMut;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

impl Buffered {
    /// Bytes of the buffer as an object; the position moves behind them.
    fn take(this: Gc<Self>, py: &mut Py, count: usize) -> Result<Gc<Bytes>> {
        let pos = this.get(py).pos;
        let bytes = py.fill_bytes(count, |py, out| out.copy_from_slice(&this.get(py).buffer[pos..pos + count]))?;
        this.get_mut(py).pos += count;
        Ok(bytes)
    }

    /// Move what was read ahead to the end of a vector.
    fn take_into(this: Gc<Self>, py: &mut Py, out: &mut Vec<u8>, count: usize) {
        let object = this.get_mut(py);
        out.extend_from_slice(&object.buffer[object.pos..object.pos + count]);
        object.pos += count;
    }

    /// Read more behind what was read ahead. None: it would have to wait.
    pub(super) fn fill(this: Gc<Self>, py: &mut Py) -> Result<Option<usize>> {
        let start = this.get(py).read_end.unwrap_or(0);
        let count = Buffered::raw_read_buffer(this, py, start)?;
        if let Some(count) = count.filter(|count| *count > 0) {
            let object = this.get_mut(py);
            object.read_end = Some(start + count);
            object.raw_pos = Some(start + count);
        }
        Ok(count)
    }

    /// Read into an empty buffer at least one byte unless the stream has ended or would have to wait.
    pub fn refill(this: Gc<Self>, py: &mut Py) -> Result<Option<usize>> {
        Buffered::check_open(this, py, "read of")?;
        Buffered::locked(this, py, |py| {
            Buffered::prepare_read(this, py)?;
            this.get_mut(py).pos = 0;
            Buffered::fill(this, py)
        })
    }

    /// Before the raw stream is read: what is to be written goes out, what was read ahead is used up.
    fn prepare_read(this: Gc<Self>, py: &mut Py) -> Result<()> {
        if this.get(py).writable {
            Buffered::flush_and_rewind(this, py)?;
        }
        this.get_mut(py).reset_read();
        Ok(())
    }

    /// `read(size)`
    pub fn read_some(this: Gc<Self>, py: &mut Py, size: isize) -> Result {
        Buffered::raw(this, py)?;
        if size < -1 {
            raise!(py, ValueError, "read length must be non-negative or -1");
        }
        Buffered::check_open(this, py, "read of")?;
        if size == -1 {
            return Buffered::locked(this, py, |py| Buffered::read_all(this, py));
        }
        let size = size as usize;
        if size <= this.get(py).ahead() {
            return Buffered::take(this, py, size).map(Into::into);
        }
        match Buffered::locked(this, py, |py| Buffered::read_exactly(this, py, size))? {
            Some(bytes) => Ok(py.new_bytes(&bytes).into()),
            None => Ok(Value::NONE),
        }
    }

    fn read_all(this: Gc<Self>, py: &mut Py) -> Result {
        let mut data = Vec::new();
        let ahead = this.get(py).ahead();
        Buffered::take_into(this, py, &mut data, ahead);
        Buffered::prepare_read(this, py)?;
        match Buffered::raw_read_all(this, py)? {
            None if ahead == 0 => Ok(Value::NONE),
            None => Ok(py.new_bytes(&data).into()),
            Some(rest) if ahead == 0 => Ok(py.new_bytes(&rest).into()),
            Some(rest) => {
                data.extend_from_slice(&rest);
                Ok(py.new_bytes(&data).into())
            }
        }
    }

    fn read_exactly(this: Gc<Self>, py: &mut Py, size: usize) -> Result<Option<Vec<u8>>> {
        let mut out = Vec::new();
        if out.try_reserve(size.min(1 << 30)).is_err() {
            return Err(py.no_memory());
        }
        let ahead = this.get(py).ahead();
        Buffered::take_into(this, py, &mut out, ahead);
        Buffered::prepare_read(this, py)?;
        let capacity = this.get(py).size;
        let ended = |count: Option<usize>, out: Vec<u8>| if count == Some(0) || !out.is_empty() { Ok(Some(out)) } else { Ok(None) };
        // Whole blocks go past the buffer.
        while size - out.len() >= capacity {
            let block = (size - out.len()) / capacity * capacity;
            match Buffered::raw_read(this, py, block)? {
                Some(bytes) if !bytes.is_empty() => out.extend_from_slice(&bytes),
                Some(_) => return ended(Some(0), out),
                None => return ended(None, out),
            }
        }
        let object = this.get_mut(py);
        (object.pos, object.raw_pos, object.read_end) = (0, Some(0), Some(0));
        while out.len() < size && this.get(py).read_end.is_some_and(|end| end < capacity) {
            match Buffered::fill(this, py)? {
                Some(count) if count > 0 => {
                    let wanted = count.min(size - out.len());
                    Buffered::take_into(this, py, &mut out, wanted);
                }
                count => return ended(count, out),
            }
        }
        Ok(Some(out))
    }

    /// `read1(size)`
    pub fn read_once(this: Gc<Self>, py: &mut Py, size: isize) -> Result<Gc<Bytes>> {
        Buffered::raw(this, py)?;
        let size = usize::try_from(size).unwrap_or(this.get(py).size);
        Buffered::check_open(this, py, "read of")?;
        let ahead = this.get(py).ahead();
        if size == 0 || ahead > 0 {
            return Buffered::take(this, py, size.min(ahead));
        }
        Buffered::locked(this, py, |py| {
            Buffered::prepare_read(this, py)?;
            let bytes = Buffered::raw_read(this, py, size)?.unwrap_or_default();
            Ok(py.new_bytes(&bytes))
        })
    }

    /// `peek()`
    pub fn look_ahead(this: Gc<Self>, py: &mut Py) -> Result<Gc<Bytes>> {
        Buffered::raw(this, py)?;
        Buffered::check_open(this, py, "peek of")?;
        Buffered::locked(this, py, |py| {
            if this.get(py).writable {
                Buffered::flush_and_rewind(this, py)?;
            }
            if this.get(py).ahead() == 0 {
                this.get_mut(py).reset_read();
                Buffered::fill(this, py)?;
                this.get_mut(py).pos = 0;
            }
            let count = this.get(py).ahead();
            py.fill_bytes(count, |py, out| out.copy_from_slice(this.get(py).ahead_bytes()))
        })
    }

    /// `readinto(buffer)`, and `readinto1(buffer)` with at most one raw read.
    pub fn read_into(this: Gc<Self>, py: &mut Py, buffer: BufferMut, once: bool) -> Result<Option<usize>> {
        Buffered::raw(this, py)?;
        Buffered::check_open(this, py, "readinto of")?;
        let len = buffer.get(py).len();
        let mut piece = Vec::new();
        let ahead = this.get(py).ahead().min(len);
        Buffered::take_into(this, py, &mut piece, ahead);
        copy_to(py, buffer, 0, &piece);
        if ahead == len {
            return Ok(Some(len));
        }
        Buffered::locked(this, py, |py| {
            let mut written = ahead;
            Buffered::prepare_read(this, py)?;
            this.get_mut(py).pos = 0;
            while written < len {
                let rest = len - written;
                let count = if rest > this.get(py).size {
                    let bytes = Buffered::raw_read(this, py, rest)?;
                    copy_to(py, buffer, written, bytes.as_deref().unwrap_or_default());
                    bytes.map(|bytes| bytes.len())
                } else if once && written > 0 {
                    Some(0)
                } else {
                    let taken = Buffered::fill(this, py)?.map(|count| count.min(rest));
                    piece.clear();
                    Buffered::take_into(this, py, &mut piece, taken.unwrap_or(0));
                    copy_to(py, buffer, written, &piece);
                    taken
                };
                match count {
                    None if written == 0 => return Ok(None),
                    None | Some(0) => break,
                    Some(count) => written += count,
                }
                if once {
                    break;
                }
            }
            Ok(Some(written))
        })
    }

    /// `readline(limit)`
    pub fn read_line(this: Gc<Self>, py: &mut Py, limit: isize) -> Result<Gc<Bytes>> {
        Buffered::raw(this, py)?;
        Buffered::check_open(this, py, "readline of")?;
        let limit = usize::try_from(limit).ok();
        let ahead = this.get(py).ahead_bytes();
        let considered = limit.map_or(ahead.len(), |limit| limit.min(ahead.len()));
        if let Some(end) = memchr::memchr(b'\n', &ahead[..considered]) {
            return Buffered::take(this, py, end + 1);
        }
        if limit == Some(considered) {
            return Buffered::take(this, py, considered);
        }
        Buffered::locked(this, py, |py| {
            let mut line = Vec::new();
            Buffered::take_into(this, py, &mut line, considered);
            if this.get(py).writable {
                Buffered::flush_and_rewind(this, py)?;
            }
            loop {
                this.get_mut(py).reset_read();
                let found = Buffered::fill(this, py)?.unwrap_or(0);
                this.get_mut(py).pos = 0;
                if found == 0 {
                    break;
                }
                let room = limit.map_or(found, |limit| (limit - line.len()).min(found));
                let end = memchr::memchr(b'\n', &this.get(py).buffer[..room]);
                Buffered::take_into(this, py, &mut line, end.map_or(room, |end| end + 1));
                if end.is_some() || limit == Some(line.len()) {
                    break;
                }
            }
            Ok(py.new_bytes(&line))
        })
    }
}

/// Copy bytes into writable memory, as far as it still reaches.
fn copy_to(py: &mut Py, buffer: BufferMut, at: usize, bytes: &[u8]) {
    let memory = buffer.get_mut(py).get_mut(at..).unwrap_or_default();
    let count = memory.len().min(bytes.len());
    memory[..count].copy_from_slice(&bytes[..count]);
}
