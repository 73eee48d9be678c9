//! What buffered streams ask of their raw stream: directly where it is a `FileIO`, through Python where it is not.

use super::super::file_io::FileIo;
use super::super::{call, to_offset};
use super::Buffered;
use bredli_runtime::buffer::flags::FULL_RO;
use bredli_runtime::prelude::*;
use bredli_runtime::types::{ByteArray, Bytes};

impl Buffered {
    fn file(&self, py: &Py) -> Option<Gc<FileIo>> {
        if self.direct { Gc::<FileIo>::cast(py, self.raw?) } else { None }
    }

    /// `raw.tell()`
    pub(super) fn raw_tell(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        let raw = Buffered::raw(this, py)?;
        let position = match this.get(py).file(py) {
            Some(file) => FileIo::seek_to(py, file, 0, 1)?,
            None => {
                let told = call(py, raw, "tell", &[])?;
                to_offset(py, told)?
            }
        };
        Buffered::note_position(this, py, position)
    }

    fn note_position(this: Gc<Self>, py: &mut Py, position: i64) -> Result<i64> {
        if position < 0 {
            raise!(py, OSError, "Raw stream returned invalid position {position}");
        }
        this.get_mut(py).abs_pos = Some(position);
        Ok(position)
    }

    /// `raw.seek(offset, whence)`
    pub(super) fn raw_seek(this: Gc<Self>, py: &mut Py, offset: i64, whence: i32) -> Result<i64> {
        let raw = Buffered::raw(this, py)?;
        let position = match this.get(py).file(py) {
            Some(file) => FileIo::seek_to(py, file, offset, whence)?,
            None => {
                let (offset, whence) = (py.new_int(offset), Value::small(whence));
                let found = call(py, raw, "seek", &[offset, whence])?;
                to_offset(py, found)?
            }
        };
        Buffered::note_position(this, py, position)
    }

    /// How many bytes the raw stream says it transferred, checked.
    fn transferred(py: &mut Py, count: Value, len: usize, method: &str) -> Result<Option<usize>> {
        if count.is_none() {
            return Ok(None);
        }
        let count = match py.to_isize(count) {
            Ok(count) => count,
            Err(_) => {
                let cause = py.take_exception();
                let raised = error!(py, OSError, "raw {method}() failed");
                let exception = py.take_exception();
                let name = py.names.__cause__;
                py.set_attr(exception, name, Some(cause))?;
                let _ = raised;
                return Err(py.restore_exception(exception));
            }
        };
        if count < 0 || count as usize > len {
            raise!(py, OSError, "raw {method}() returned invalid length {count} (should have been between 0 and {len})");
        }
        Ok(Some(count as usize))
    }

    fn advance(this: Gc<Self>, py: &mut Py, count: Option<usize>) -> Option<usize> {
        let object = this.get_mut(py);
        object.abs_pos = object.abs_pos.map(|position| position + count.unwrap_or(0) as i64);
        count
    }

    /// `raw.readinto` with a view of fresh memory; the memory and how much of it was filled.
    fn read_through_view(py: &mut Py, raw: Value, len: usize) -> Result<(Gc<ByteArray>, Option<usize>)> {
        let array = py.new_bytearray(&vec![0; len])?;
        let view = py.memoryview(array.into(), FULL_RO)?;
        let count = loop {
            match call(py, raw, "readinto", &[view.into()]) {
                Ok(count) => break count,
                Err(raised) => super::super::trap_interruption(py, raised)?,
            }
        };
        Ok((array, Buffered::transferred(py, count, len, "readinto")?))
    }

    /// Read into the buffer from `start` on. None: it would have to wait.
    pub(super) fn raw_read_buffer(this: Gc<Self>, py: &mut Py, start: usize) -> Result<Option<usize>> {
        let raw = Buffered::raw(this, py)?;
        Buffered::room(this, py, this.get(py).size)?;
        let count = match this.get(py).file(py) {
            Some(file) => FileIo::read_at(py, file, this, |object| &mut object.buffer[start..])?,
            None => {
                let len = this.get(py).size - start;
                let (array, count) = Buffered::read_through_view(py, raw, len)?;
                if let Some(count) = count {
                    let bytes = array.get(py).data()[..count].to_vec();
                    this.get_mut(py).buffer[start..start + count].copy_from_slice(&bytes);
                }
                count
            }
        };
        Ok(Buffered::advance(this, py, count))
    }

    /// Read at most `len` bytes past the buffer. None: it would have to wait.
    pub(super) fn raw_read(this: Gc<Self>, py: &mut Py, len: usize) -> Result<Option<Vec<u8>>> {
        let raw = Buffered::raw(this, py)?;
        let mut memory: Vec<u8> = Vec::new();
        let count = match this.get(py).file(py) {
            Some(file) => {
                if memory.try_reserve_exact(len).is_err() {
                    return Err(py.no_memory());
                }
                memory.resize(len, 0);
                FileIo::read_memory(py, file, &mut memory)?
            }
            None => {
                let (array, count) = Buffered::read_through_view(py, raw, len)?;
                memory = array.get(py).data().to_vec();
                count
            }
        };
        memory.truncate(count.unwrap_or(0));
        Ok(Buffered::advance(this, py, count).map(|_| memory))
    }

    /// Everything the raw stream has left, through its `readall` or by reading until the end.
    pub(super) fn raw_read_all(this: Gc<Self>, py: &mut Py) -> Result<Option<Vec<u8>>> {
        let raw = Buffered::raw(this, py)?;
        if let Some(file) = this.get(py).file(py) {
            let all = FileIo::read_to_end(py, file)?;
            Buffered::advance(this, py, all.as_ref().map(Vec::len));
            return Ok(all);
        }
        let name = py.intern("readall");
        if let Some(method) = py.lookup_attr(raw, name)? {
            let all = py.call(method, &[])?;
            if all.is_none() {
                return Ok(None);
            }
            let Some(bytes) = Gc::<Bytes>::cast(py, all) else { raise!(py, TypeError, "readall() should return bytes") };
            return Ok(Some(bytes.get(py).data().to_vec()));
        }
        let mut all: Option<Vec<u8>> = None;
        loop {
            let piece = match call(py, raw, "read", &[]) {
                Ok(piece) => piece,
                Err(raised) => {
                    super::super::trap_interruption(py, raised)?;
                    continue;
                }
            };
            if piece.is_none() {
                return Ok(all);
            }
            let Some(bytes) = Gc::<Bytes>::cast(py, piece) else { raise!(py, TypeError, "read() should return bytes") };
            let count = bytes.get(py).data().len();
            all.get_or_insert_default().extend_from_slice(bytes.get(py).data());
            if count == 0 {
                return Ok(all);
            }
            Buffered::advance(this, py, Some(count));
        }
    }

    /// `raw.write` with a view of bytes.
    fn write_through_view(py: &mut Py, raw: Value, bytes: Gc<Bytes>) -> Result<Option<usize>> {
        let len = bytes.get(py).data().len();
        let view = py.bytes_view(bytes)?;
        let count = loop {
            match call(py, raw, "write", &[view.into()]) {
                Ok(count) => break count,
                Err(raised) => super::super::trap_interruption(py, raised)?,
            }
        };
        Buffered::transferred(py, count, len, "write")
    }

    /// Write what is to be written from the buffer. None: it would have to wait.
    pub(super) fn raw_write_buffer(this: Gc<Self>, py: &mut Py) -> Result<Option<usize>> {
        let raw = Buffered::raw(this, py)?;
        let (start, end) = (this.get(py).write_start, this.get(py).write_end.unwrap_or(0));
        let count = match this.get(py).file(py) {
            Some(file) => FileIo::write_from(py, file, this, |object| &object.buffer[start..end])?,
            None => {
                let bytes = py.fill_bytes(end - start, |py, out| out.copy_from_slice(&this.get(py).buffer[start..end]))?;
                Buffered::write_through_view(py, raw, bytes)?
            }
        };
        Ok(Buffered::advance(this, py, count))
    }

    /// Write bytes past the buffer. None: it would have to wait.
    pub(super) fn raw_write(this: Gc<Self>, py: &mut Py, bytes: Gc<Bytes>, start: usize) -> Result<Option<usize>> {
        let raw = Buffered::raw(this, py)?;
        let count = match this.get(py).file(py) {
            Some(file) => FileIo::write_from(py, file, bytes, |bytes| &bytes.data()[start..])?,
            None => {
                let end = bytes.get(py).data().len();
                let rest = py.sub_bytes(bytes, start, end)?;
                Buffered::write_through_view(py, raw, rest)?
            }
        };
        Ok(Buffered::advance(this, py, count))
    }
}
