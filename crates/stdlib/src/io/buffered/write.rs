//! Writing through the buffer.

use super::Buffered;
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

impl Buffered {
    /// The error of a write that would have to wait, with how much was taken.
    #[cold]
    fn would_block(py: &mut Py, written: usize) -> Raised {
        let class: Value = py.exceptions.BlockingIOError.into();
        let text = py.new_str("write could not complete without blocking");
        match py.call(class, &[Value::small(11), text.into(), Value::small(written as i32)]) {
            Ok(exception) => py.raise(exception),
            Err(raised) => raised,
        }
    }

    /// Write everything that is to be written.
    pub(super) fn flush_writes(this: Gc<Self>, py: &mut Py) -> Result<()> {
        let object = this.get(py);
        if object.write_end.is_some_and(|end| end != object.write_start) {
            let rewind = object.raw_offset() + object.pos as i64 - object.write_start as i64;
            if rewind != 0 {
                Buffered::raw_seek(this, py, -rewind, 1)?;
                let object = this.get_mut(py);
                object.raw_pos = object.raw_pos.map(|raw| (raw as i64 - rewind).max(0) as usize);
            }
            while this.get(py).write_end.is_some_and(|end| this.get(py).write_start < end) {
                let Some(count) = Buffered::raw_write_buffer(this, py)? else { return Err(Buffered::would_block(py, 0)) };
                let object = this.get_mut(py);
                object.write_start += count;
                object.raw_pos = Some(object.write_start);
                py.poll()?;
            }
        }
        this.get_mut(py).reset_write();
        Ok(())
    }

    /// Write everything, and bring the raw stream to the position.
    pub(super) fn flush_and_rewind(this: Gc<Self>, py: &mut Py) -> Result<()> {
        Buffered::flush_writes(this, py)?;
        if this.get(py).readable {
            let offset = this.get(py).raw_offset();
            Buffered::raw_seek(this, py, -offset, 1)?;
            this.get_mut(py).reset_read();
        }
        Ok(())
    }

    /// `flush()` of a stream that writes.
    pub fn flush(this: Gc<Self>, py: &mut Py) -> Result<()> {
        Buffered::raw(this, py)?;
        Buffered::check_open(this, py, "flush of")?;
        Buffered::locked(this, py, |py| Buffered::flush_and_rewind(this, py))
    }

    /// Whether the stream is open and no operation is in progress.
    pub fn is_idle(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        Ok(this.get(py).busy.is_none() && this.get(py).raw.is_some() && !Buffered::is_closed(this, py)?)
    }

    /// Write what is to be written if nothing else is going on.
    pub fn flush_quietly(py: &mut Py, this: Gc<Self>) -> Result<()> {
        if this.get(py).write_end.is_none() || !Buffered::is_idle(this, py)? {
            return Ok(());
        }
        Buffered::locked(this, py, |py| Buffered::flush_writes(this, py))
    }

    /// Copy bytes to the position in the buffer, which has room for them.
    fn put(this: Gc<Self>, py: &mut Py, bytes: &[u8]) {
        let first = this.get(py).write_end.is_none();
        let object = this.get_mut(py);
        let pos = object.pos;
        object.buffer[pos..pos + bytes.len()].copy_from_slice(bytes);
        if first || object.write_start > pos {
            object.write_start = pos;
        }
        object.adjust(pos + bytes.len());
        if object.write_end.is_none_or(|end| end < object.pos) {
            object.write_end = Some(object.pos);
        }
        if first && object.direct {
            super::super::unflushed::note(py, this, this.into());
        }
    }

    /// Whether bytes fit behind the position without anything being written first.
    #[inline]
    fn fits(&self, len: usize) -> bool {
        let pos = if self.read_end.is_none() && self.write_end.is_none() { 0 } else { self.pos };
        len < self.size && pos + len <= self.buffer.len()
    }

    /// Write bytes that are not borrowed from the heap.
    pub fn write_slice(this: Gc<Self>, py: &mut Py, bytes: &[u8]) -> Result<()> {
        if this.get(py).fits(bytes.len()) && this.get(py).busy.is_none() && !Buffered::is_closed(this, py)? {
            Buffered::begin(this, py);
            Buffered::put(this, py, bytes);
            return Ok(());
        }
        let bytes = py.new_bytes(bytes);
        let bytes = BytesLike::new(py, bytes.into())?;
        Buffered::write_bytes(this, py, bytes).map(|_| ())
    }

    /// With nothing in the buffer, the position is its start.
    fn begin(this: Gc<Self>, py: &mut Py) {
        let object = this.get_mut(py);
        if object.read_end.is_none() && object.write_end.is_none() {
            (object.pos, object.raw_pos) = (0, Some(0));
        }
    }

    /// `write(bytes)`
    pub fn write_bytes(this: Gc<Self>, py: &mut Py, bytes: BytesLike) -> Result<usize> {
        Buffered::raw(this, py)?;
        Buffered::locked(this, py, |py| {
            if Buffered::is_closed(this, py)? {
                raise!(py, ValueError, "write to closed file");
            }
            Buffered::begin(this, py);
            let len = bytes.get(py).len();
            let (size, pos) = (this.get(py).size, this.get(py).pos);
            if len <= size - pos && len < size {
                Buffered::room(this, py, pos + len)?;
                let bytes = bytes.get(py).to_vec();
                Buffered::put(this, py, &bytes);
                return Ok(len);
            }
            let bytes = bytes.object(py);
            if let Err(raised) = Buffered::flush_writes(this, py) {
                return Buffered::write_shifted(this, py, bytes, raised);
            }
            Buffered::write_past(this, py, bytes)
        })
    }

    /// After a flush that would have to wait: keep as much as there is room for.
    fn write_shifted(this: Gc<Self>, py: &mut Py, bytes: Gc<Bytes>, raised: Raised) -> Result<usize> {
        if !py.exception_matches(py.exceptions.BlockingIOError) {
            return Err(raised);
        }
        py.clear_exception();
        Buffered::room(this, py, this.get(py).size)?;
        let len = bytes.get(py).data().len();
        let data = bytes.get(py).data().to_vec();
        let object = this.get_mut(py);
        object.reset_read();
        let (start, end) = (object.write_start, object.write_end.unwrap_or(object.write_start));
        object.buffer.copy_within(start..end, 0);
        object.raw_pos = object.raw_pos.map(|raw| raw.saturating_sub(start));
        object.pos = object.pos.saturating_sub(start);
        object.write_start = 0;
        let end = end - start;
        let kept = len.min(object.size - end);
        object.buffer[end..end + kept].copy_from_slice(&data[..kept]);
        object.write_end = Some(end + kept);
        object.pos += kept;
        if kept == len { Ok(len) } else { Err(Buffered::would_block(py, kept)) }
    }

    /// With an empty buffer: write whole buffers past it and keep the rest.
    fn write_past(this: Gc<Self>, py: &mut Py, bytes: Gc<Bytes>) -> Result<usize> {
        let (len, size) = (bytes.get(py).data().len(), this.get(py).size);
        let offset = this.get(py).raw_offset();
        if offset != 0 {
            Buffered::raw_seek(this, py, -offset, 1)?;
            let object = this.get_mut(py);
            object.raw_pos = object.raw_pos.map(|raw| (raw as i64 - offset).max(0) as usize);
        }
        let mut written = 0;
        while len - written > size {
            match Buffered::raw_write(this, py, bytes, written)? {
                Some(count) => written += count,
                None => {
                    Buffered::room(this, py, size)?;
                    let part = bytes.get(py).data()[written..written + size].to_vec();
                    let object = this.get_mut(py);
                    object.buffer.copy_from_slice(&part);
                    (object.raw_pos, object.write_start, object.write_end) = (Some(0), 0, Some(size));
                    object.adjust(size);
                    return Err(Buffered::would_block(py, written + size));
                }
            }
            py.poll()?;
        }
        Buffered::room(this, py, len - written)?;
        let rest = bytes.get(py).data()[written..].to_vec();
        let object = this.get_mut(py);
        object.reset_read();
        (object.pos, object.raw_pos) = (0, Some(0));
        if !rest.is_empty() {
            Buffered::put(this, py, &rest);
        }
        Ok(len)
    }
}
