//! Reading text.

use super::super::buffered::Buffered;
use super::super::call;
use super::{LineEnd, TextIo};
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::object::{char_width, count_chars};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

/// Bytes of the first `chars` characters, at most all, and how many characters these are.
fn prefix(text: &[u8], ascii: bool, chars: usize) -> (usize, usize) {
    if ascii {
        let count = chars.min(text.len());
        return (count, count);
    }
    let (mut at, mut count) = (0, 0);
    while count < chars && at < text.len() {
        at += char_width(text[at]);
        count += 1;
    }
    (at, count)
}

impl TextIo {
    /// Decoded text that has not been read.
    fn rest(&self) -> &[u8] {
        &self.text[self.at..]
    }

    /// Use up `len` bytes of decoded text as a string.
    fn take(this: Gc<Self>, py: &mut Py, len: usize) -> Result<Gc<Str>> {
        let (at, known) = (this.get(py).at, this.get(py).ascii);
        this.get_mut(py).at = at + len;
        if len < 2 {
            let bytes = this.get(py).text[at..at + len].to_vec();
            return Ok(py.new_str_wtf8(&bytes));
        }
        let bytes = &this.get(py).text[at..at + len];
        let ascii = known || bytes.is_ascii();
        let chars = if ascii { len } else { count_chars(bytes) };
        py.fill_str(len, chars, ascii, |py, out| out.copy_from_slice(&this.get(py).text[at..at + len]))
    }

    /// Replace the decoded text.
    pub(super) fn set_text(py: &mut Py, this: Gc<Self>, text: &[u8]) -> Result<()> {
        let object = this.get_mut(py);
        object.text.clear();
        (object.at, object.ascii, object.decoded) = (0, text.is_ascii(), true);
        match py.heap.vec_extend(this, |object: &mut TextIo| &mut object.text, text) {
            Ok(()) => Ok(()),
            Err(_) => Err(py.no_memory()),
        }
    }

    /// The next bytes of the buffer, at most `size`.
    fn next_bytes(this: Gc<Self>, py: &mut Py, size: usize) -> Result<Vec<u8>> {
        if let Some(buffered) = this.get(py).direct_buffer(py) {
            if buffered.get(py).ahead() == 0 && Buffered::refill(buffered, py)?.is_none() {
                return Ok(Vec::new());
            }
            let ahead = buffered.get(py).ahead_bytes();
            let bytes = ahead[..ahead.len().min(size)].to_vec();
            buffered.get_mut(py).consume(bytes.len());
            return Ok(bytes);
        }
        let buffer = TextIo::attached(this, py)?;
        let method = if this.get(py).has_read1 { "read1" } else { "read" };
        let size = py.new_int(size as i64);
        let found = loop {
            match call(py, buffer, method, &[size]) {
                Ok(found) => break found,
                Err(raised) => super::super::trap_interruption(py, raised)?,
            }
        };
        match BytesLike::try_new(py, found)? {
            Some(bytes) => Ok(bytes.get(py).to_vec()),
            None => {
                let given = py.class_name(found);
                raise!(py, TypeError, "underlying {method}() should have returned a bytes-like object, not '{given}'")
            }
        }
    }

    /// Read and decode the next piece, where `hint` more characters are wanted. False at the end.
    fn read_chunk(this: Gc<Self>, py: &mut Py, hint: usize) -> Result<bool> {
        let state = if this.get(py).telling { Some(TextIo::decoder_state(py, this)?) } else { None };
        let wanted = (this.get(py).ratio.max(1.0) * hint as f64) as usize;
        let size = this.get(py).chunk.max(wanted);
        let input = TextIo::next_bytes(this, py, size)?;
        let bytes = input.len();
        let kept = state.map(|(mut kept, flags)| {
            kept.extend_from_slice(&input);
            (kept, flags)
        });
        let text = TextIo::decode(py, this, input, bytes == 0)?;
        TextIo::set_text(py, this, &text)?;
        let chars = if this.get(py).ascii { text.len() } else { count_chars(&text) };
        this.get_mut(py).ratio = if chars > 0 { bytes as f64 / chars as f64 } else { 0.0 };
        if let Some((kept, flags)) = kept {
            TextIo::set_snapshot(py, this, &kept, flags)?;
        }
        Ok(bytes > 0 || chars > 0)
    }

    /// Note what the decoded text was decoded from.
    pub(super) fn set_snapshot(py: &mut Py, this: Gc<Self>, input: &[u8], flags: Value) -> Result<()> {
        let object = this.get_mut(py);
        object.snapshot_flags = Some(flags);
        object.snapshot.clear();
        match py.heap.vec_extend(this, |object: &mut TextIo| &mut object.snapshot, input) {
            Ok(()) => Ok(()),
            Err(_) => Err(py.no_memory()),
        }
    }

    /// `read(size)`
    pub(super) fn read_text(this: Gc<Self>, py: &mut Py, size: isize) -> Result<Gc<Str>> {
        let buffer = TextIo::reading(this, py)?;
        TextIo::write_pending(py, this)?;
        let Ok(size) = usize::try_from(size) else { return TextIo::read_all(this, py, buffer) };
        let mut out = Vec::new();
        let mut missing = size;
        loop {
            let (len, count) = prefix(this.get(py).rest(), this.get(py).ascii, missing);
            if count == missing && out.is_empty() {
                return TextIo::take(this, py, len);
            }
            out.extend_from_slice(&this.get(py).rest()[..len]);
            this.get_mut(py).at += len;
            missing -= count;
            if missing == 0 || !TextIo::read_chunk(this, py, missing)? {
                return Ok(py.new_str_wtf8(&out));
            }
        }
    }

    fn read_all(this: Gc<Self>, py: &mut Py, buffer: Value) -> Result<Gc<Str>> {
        let found = match this.get(py).direct_buffer(py) {
            Some(buffered) => Buffered::read_some(buffered, py, -1)?,
            None => call(py, buffer, "read", &[])?,
        };
        if found.is_none() {
            let class = py.exceptions.BlockingIOError;
            return Err(py.raise_text(class, "Read returned None."));
        }
        let Some(bytes) = Gc::<Bytes>::cast(py, found) else {
            let given = py.class_name(found);
            raise!(py, TypeError, "underlying read() should have returned a bytes object, not '{given}'");
        };
        let input = bytes.get(py).data().to_vec();
        let text = TextIo::decode(py, this, input, true)?;
        let object = this.get_mut(py);
        if object.at == object.text.len() {
            object.forget_text();
            return Ok(py.new_str_wtf8(&text));
        }
        let mut all = object.rest().to_vec();
        object.forget_text();
        all.extend_from_slice(&text);
        Ok(py.new_str_wtf8(&all))
    }

    /// Bytes up to and with the end of the line, where it is in the text; `before` is what came in earlier pieces.
    fn line_end(&self, text: &[u8], before: &[u8]) -> Option<usize> {
        match self.line_end {
            LineEnd::Translated | LineEnd::Only("\n") => memchr::memchr(b'\n', text).map(|at| at + 1),
            LineEnd::Universal => {
                let at = memchr::memchr2(b'\n', b'\r', text)?;
                Some(if text[at] == b'\r' && text.get(at + 1) == Some(&b'\n') { at + 2 } else { at + 1 })
            }
            LineEnd::Only(end) => {
                let end = end.as_bytes();
                if let [first, second] = end
                    && before.last() == Some(first)
                    && text.first() == Some(second)
                {
                    return Some(1);
                }
                memchr::memmem::find(text, end).map(|at| at + end.len())
            }
        }
    }

    /// `readline(limit)`
    pub(super) fn read_line(this: Gc<Self>, py: &mut Py, limit: isize) -> Result<Gc<Str>> {
        TextIo::reading(this, py)?;
        TextIo::write_pending(py, this)?;
        let mut missing = usize::try_from(limit).ok();
        let mut line = Vec::new();
        loop {
            let object = this.get(py);
            let rest = object.rest();
            let (len, count) = match missing {
                Some(missing) => prefix(rest, object.ascii, missing),
                None => (rest.len(), 0),
            };
            let end = object.line_end(&rest[..len], &line);
            let len = end.unwrap_or(len);
            let complete = end.is_some() || missing == Some(count);
            if complete && line.is_empty() {
                return TextIo::take(this, py, len);
            }
            line.extend_from_slice(&rest[..len]);
            this.get_mut(py).at += len;
            if complete {
                return Ok(py.new_str_wtf8(&line));
            }
            missing = missing.map(|missing| missing - count);
            // The last piece may hold nothing but what the decoder kept.
            while this.get(py).rest().is_empty() {
                if !TextIo::read_chunk(this, py, 0)? {
                    this.get_mut(py).forget_text();
                    return Ok(py.new_str_wtf8(&line));
                }
            }
        }
    }

    /// The next line of an iteration.
    pub(super) fn next_line(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        TextIo::attached(this, py)?;
        this.get_mut(py).telling = false;
        let class = py.class_of(this.into());
        let line: Value = if class.get(py).is_heap_class() {
            let line = call(py, this.into(), "readline", &[])?;
            if !py.is_str(line) {
                let given = py.class_name(line);
                raise!(py, OSError, "readline() should have returned a str object, not '{given}'");
            }
            line
        } else {
            TextIo::read_line(this, py, -1)?.into()
        };
        if py.len(line)? > 0 {
            return Ok(Some(line));
        }
        let object = this.get_mut(py);
        object.snapshot_flags = None;
        object.snapshot.clear();
        object.telling = object.seekable;
        Ok(None)
    }
}
