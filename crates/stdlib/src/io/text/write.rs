//! Writing text.

use super::super::buffered::Buffered;
use super::super::{call, unsupported};
use super::TextIo;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

/// The vector, for growing it.
fn pending(object: &mut TextIo) -> &mut HeapVec<u8> {
    &mut object.pending
}

impl TextIo {
    /// `write(text)`
    pub(super) fn write_text(py: &mut Py, this: Gc<Self>, text: Gc<Str>) -> Result<usize> {
        let buffer = TextIo::opened(this, py)?;
        if !this.get(py).encodes {
            return Err(unsupported(py, "not writable"));
        }
        let count = text.get(py).char_len();
        let object = this.get(py);
        let mut text = text;
        let mut flush = false;
        if object.line_buffering || object.written_newline.is_some() {
            let bytes = text.get(py).bytes();
            let has_newline = memchr::memchr(b'\n', bytes).is_some();
            flush = object.line_buffering && (has_newline || memchr::memchr(b'\r', bytes).is_some());
            if let (true, Some(end)) = (has_newline, object.written_newline) {
                let pieces: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
                let replaced = pieces.join(end.as_bytes());
                text = py.new_str_wtf8(&replaced);
            }
        }
        let first = this.get(py).pending.is_empty();
        TextIo::add_pending(py, this, text)?;
        if first && let Some(buffered) = this.get(py).direct_buffer(py) {
            super::super::unflushed::note(py, buffered, this.into());
        }
        let object = this.get(py);
        if flush || object.write_through || object.pending.len() >= object.chunk {
            TextIo::write_pending(py, this)?;
        }
        if flush {
            TextIo::flush_buffer(py, this, buffer)?;
        }
        if this.get(py).decoded {
            this.get_mut(py).forget_text();
        }
        if this.get(py).decodes {
            TextIo::reset_decoder(py, this)?;
        }
        Ok(count)
    }

    fn flush_buffer(py: &mut Py, this: Gc<Self>, buffer: Value) -> Result<()> {
        match this.get(py).direct_buffer(py) {
            Some(buffered) if this.get(py).encodes => Buffered::flush(buffered, py),
            _ => call(py, buffer, "flush", &[]).map(|_| ()),
        }
    }

    /// Encode text behind what is to be written, which goes out first if both together are more than a chunk.
    fn add_pending(py: &mut Py, this: Gc<Self>, text: Gc<Str>) -> Result<()> {
        if this.get(py).encodes_as_is(text.get(py)) {
            let object = this.get(py);
            if object.pending.len() + text.get(py).byte_len() > object.chunk {
                TextIo::write_pending(py, this)?;
            }
            return match py.heap.vec_extend_from(this, pending, text, |text: &Str| text.bytes()) {
                Ok(()) => Ok(()),
                Err(_) => Err(py.no_memory()),
            };
        }
        let bytes = TextIo::encode(py, this, text)?;
        let object = this.get(py);
        if object.pending.len() + bytes.get(py).data().len() > object.chunk {
            TextIo::write_pending(py, this)?;
        }
        match py.heap.vec_extend_from(this, pending, bytes, |bytes: &Bytes| bytes.data()) {
            Ok(()) => Ok(()),
            Err(_) => Err(py.no_memory()),
        }
    }

    /// Hand what is to be written to the buffer.
    pub(super) fn write_pending(py: &mut Py, this: Gc<Self>) -> Result<()> {
        if this.get(py).pending.is_empty() {
            return Ok(());
        }
        let bytes = this.get(py).pending.to_vec();
        this.get_mut(py).pending.clear();
        if let Some(buffered) = this.get(py).direct_buffer(py) {
            return Buffered::write_slice(buffered, py, &bytes);
        }
        let buffer = TextIo::attached(this, py)?;
        let bytes = py.new_bytes(&bytes);
        loop {
            match call(py, buffer, "write", &[bytes.into()]) {
                Ok(_) => return Ok(()),
                Err(raised) => super::super::trap_interruption(py, raised)?,
            }
        }
    }

    /// Write everything to the file if nothing else is going on.
    pub fn flush_quietly(py: &mut Py, this: Gc<Self>) -> Result<()> {
        let Some(buffered) = this.get(py).direct_buffer(py) else { return Ok(()) };
        if Buffered::is_idle(buffered, py)? {
            TextIo::write_pending(py, this)?;
        }
        Buffered::flush_quietly(py, buffered)
    }

    /// `flush()`
    pub(super) fn flush_all(py: &mut Py, this: Gc<Self>) -> Result<()> {
        let buffer = TextIo::opened(this, py)?;
        let object = this.get_mut(py);
        object.telling = object.seekable;
        TextIo::write_pending(py, this)?;
        TextIo::flush_buffer(py, this, buffer)
    }
}

/// Write text to a stream: directly where it is exactly a text stream, else with its method `write`.
pub fn print_to(py: &mut Py, stream: Value, text: Gc<Str>) -> Result<()> {
    if let Some(this) = Gc::<TextIo>::cast(py, stream) {
        let class = py.class::<TextIo>();
        let name = py.names.write;
        let overridden = this.get(py).dict.is_some_and(|dict| py.dict_get_str(dict, name).is_some());
        if py.class_of(stream) == class && !overridden {
            return TextIo::write_text(py, this, text).map(|_| ());
        }
    }
    let name = py.names.write;
    py.call_method(stream, name, &[text.into()]).map(|_| ())
}
