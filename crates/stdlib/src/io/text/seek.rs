//! The position of text streams: a number that holds the position of the binary stream and how to go on from there.

use super::super::{call, unsupported};
use super::TextIo;
use bredli_runtime::object::{char_width, count_chars};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

/// What the number that `tell` gives is made of, from the lowest bits up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cookie {
    /// Where the binary stream is to be put.
    start: u64,
    /// The decoder's flags there.
    flags: u32,
    /// How many bytes to decode from there on,
    bytes: u32,
    /// and how many of the characters to skip then.
    chars: u32,
    /// Whether the decoder has to be told that the bytes are the last ones.
    end: bool,
}

impl Cookie {
    fn pack(self, py: &mut Py) -> Result {
        if let (Ok(start), Cookie { flags: 0, bytes: 0, chars: 0, end: false, .. }) = (i64::try_from(self.start), self) {
            return Ok(py.new_int(start));
        }
        let mut packed = Vec::with_capacity(21);
        packed.extend_from_slice(&self.start.to_le_bytes());
        for field in [self.flags, self.bytes, self.chars] {
            packed.extend_from_slice(&field.to_le_bytes());
        }
        packed.push(self.end as u8);
        let (bytes, order) = (py.new_bytes(&packed), py.names.little);
        let int: Value = py.types.int.into();
        py.call_method_named(int, "from_bytes", &[bytes.into(), order.into()])
    }

    fn unpack(py: &mut Py, cookie: Value) -> Result<Cookie> {
        let order = py.names.little;
        let packed = py.call_method_named(cookie, "to_bytes", &[Value::small(21), order.into()])?;
        let packed = Gc::<Bytes>::cast(py, packed).map(|bytes| bytes.get(py).data().to_vec()).unwrap_or_default();
        let word = |at: usize| packed[at..at + 4].iter().rev().fold(0, |sum, byte| sum << 8 | *byte as u32);
        let start = (word(4) as u64) << 32 | word(0) as u64;
        Ok(Cookie { start, flags: word(8), bytes: word(12), chars: word(16), end: packed[20] != 0 })
    }
}

impl TextIo {
    /// `tell()`
    pub(super) fn position(this: Gc<Self>, py: &mut Py) -> Result {
        let buffer = TextIo::opened(this, py)?;
        if !this.get(py).seekable {
            return Err(unsupported(py, "underlying stream is not seekable"));
        }
        if !this.get(py).telling {
            raise!(py, OSError, "telling position disabled by next() call");
        }
        TextIo::write_pending(py, this)?;
        call(py, this.into(), "flush", &[])?;
        let position = call(py, buffer, "tell", &[])?;
        let (true, Some(flags)) = (this.get(py).decodes, this.get(py).snapshot_flags) else { return Ok(position) };
        let position = super::super::to_offset(py, position)?;
        let object = this.get(py);
        let input = object.snapshot.to_vec();
        let skipped = if object.ascii { object.at } else { count_chars(&object.text[..object.at]) };
        let start = (position - input.len() as i64).max(0) as u64;
        let mut cookie = Cookie { start, flags: TextIo::flag_word(py, flags)?, ..Cookie::default() };
        if skipped == 0 {
            return cookie.pack(py);
        }
        let saved = TextIo::decoder_state(py, this)?;
        let found = TextIo::locate(this, py, &input, flags, skipped, &mut cookie);
        let exception = found.is_err().then(|| py.take_exception());
        let restored = TextIo::set_decoder_state(py, this, &saved.0, saved.1);
        super::super::finish_with(py, restored, exception)?;
        cookie.pack(py)
    }

    fn flag_word(py: &mut Py, flags: Value) -> Result<u32> {
        match py.int_to_i64(flags).and_then(|flags| u32::try_from(flags).ok()) {
            Some(flags) => Ok(flags),
            None => raise!(py, OverflowError, "Python int too large to convert to C int"),
        }
    }

    /// Decode from the snapshot's state on.
    fn decode_from(py: &mut Py, this: Gc<Self>, flags: Value, input: &[u8]) -> Result<usize> {
        TextIo::set_decoder_state(py, this, &[], flags)?;
        let text = TextIo::decode(py, this, input.to_vec(), false)?;
        Ok(count_chars(&text))
    }

    /// Find the last place before `skipped` characters where the decoder keeps nothing, and what to do from there on.
    fn locate(this: Gc<Self>, py: &mut Py, input: &[u8], flags: Value, skipped: usize, cookie: &mut Cookie) -> Result<()> {
        let mut skipped = skipped;
        let mut bytes = ((this.get(py).ratio * skipped as f64) as usize).min(input.len());
        let mut back = 1;
        // Guess a place near the end; where the guess is too far or the decoder keeps something, go back.
        while bytes > 0 {
            let count = TextIo::decode_from(py, this, flags, &input[..bytes])?;
            if count <= skipped {
                let (kept, flags) = TextIo::decoder_state(py, this)?;
                if kept.is_empty() {
                    cookie.flags = TextIo::flag_word(py, flags)?;
                    skipped -= count;
                    break;
                }
                bytes = bytes.saturating_sub(kept.len());
                back = 1;
            } else {
                bytes = bytes.saturating_sub(back);
                back *= 2;
            }
        }
        if bytes == 0 {
            TextIo::set_decoder_state(py, this, &[], flags)?;
        }
        cookie.start += bytes as u64;
        cookie.chars = skipped as u32;
        if skipped == 0 {
            return Ok(());
        }
        let (mut fed, mut count) = (0, 0);
        for byte in &input[bytes..] {
            let text = TextIo::decode(py, this, vec![*byte], false)?;
            count += count_chars(&text);
            fed += 1;
            let (kept, flags) = TextIo::decoder_state(py, this)?;
            if kept.is_empty() && count <= skipped {
                cookie.start += fed as u64;
                cookie.flags = TextIo::flag_word(py, flags)?;
                skipped -= count;
                (fed, count) = (0, 0);
            }
            if count >= skipped {
                break;
            }
        }
        if count < skipped {
            let text = TextIo::decode(py, this, Vec::new(), true)?;
            count += count_chars(&text);
            cookie.end = true;
            if count < skipped {
                raise!(py, OSError, "can't reconstruct logical file position");
            }
        }
        (cookie.bytes, cookie.chars) = (fed as u32, skipped as u32);
        Ok(())
    }

    /// `seek(cookie, whence)`
    pub(super) fn seek_to(this: Gc<Self>, py: &mut Py, cookie: Value, whence: i32) -> Result {
        let buffer = TextIo::opened(this, py)?;
        if !this.get(py).seekable {
            return Err(unsupported(py, "underlying stream is not seekable"));
        }
        let mut cookie = cookie;
        match whence {
            0 => {}
            1 => {
                if !py.eq(cookie, Value::small(0))? {
                    return Err(unsupported(py, "can't do nonzero cur-relative seeks"));
                }
                cookie = call(py, this.into(), "tell", &[])?;
            }
            2 => {
                if !py.eq(cookie, Value::small(0))? {
                    return Err(unsupported(py, "can't do nonzero end-relative seeks"));
                }
                return TextIo::seek_to_end(this, py, buffer);
            }
            _ => raise!(py, ValueError, "invalid whence ({whence}, should be 0, 1 or 2)"),
        }
        if py.compare_bool(CompareOp::Lt, cookie, Value::small(0))? {
            let shown = py.repr_text(cookie)?;
            raise!(py, ValueError, "negative seek position {shown}");
        }
        call(py, this.into(), "flush", &[])?;
        let place = Cookie::unpack(py, cookie)?;
        let Ok(start) = i64::try_from(place.start) else {
            raise!(py, OverflowError, "Python int too large to convert to C long");
        };
        let start = py.new_int(start);
        call(py, buffer, "seek", &[start])?;
        this.get_mut(py).forget_text();
        let at_start = place.start == 0 && place.flags == 0;
        if this.get(py).decodes {
            TextIo::resume(this, py, buffer, place)?;
        }
        if this.get(py).encodes {
            TextIo::reset_encoder(py, this, at_start)?;
        }
        Ok(cookie)
    }

    fn seek_to_end(this: Gc<Self>, py: &mut Py, buffer: Value) -> Result {
        call(py, this.into(), "flush", &[])?;
        this.get_mut(py).forget_text();
        if this.get(py).decodes {
            TextIo::reset_decoder(py, this)?;
        }
        let position = call(py, buffer, "seek", &[Value::small(0), Value::small(2)])?;
        if this.get(py).encodes {
            let at_start = py.eq(position, Value::small(0))?;
            TextIo::reset_encoder(py, this, at_start)?;
        }
        Ok(position)
    }

    /// Bring the decoder to a place that the binary stream has been put to.
    fn resume(this: Gc<Self>, py: &mut Py, buffer: Value, place: Cookie) -> Result<()> {
        let flags = py.new_int(place.flags as i64);
        if place.start == 0 && place.flags == 0 {
            TextIo::reset_decoder(py, this)?;
        } else {
            TextIo::set_decoder_state(py, this, &[], flags)?;
        }
        if place.chars == 0 {
            return TextIo::set_snapshot(py, this, &[], flags);
        }
        let count = py.new_int(place.bytes as i64);
        let found = call(py, buffer, "read", &[count])?;
        let Some(bytes) = Gc::<Bytes>::cast(py, found) else {
            let given = py.class_name(found);
            raise!(py, TypeError, "underlying read() should have returned a bytes object, not '{given}'");
        };
        let input = bytes.get(py).data().to_vec();
        TextIo::set_snapshot(py, this, &input, flags)?;
        let text = TextIo::decode(py, this, input, place.end)?;
        TextIo::set_text(py, this, &text)?;
        if count_chars(&text) < place.chars as usize {
            raise!(py, OSError, "can't restore logical file position");
        }
        let mut at = 0;
        for _ in 0..place.chars {
            at += char_width(text[at]);
        }
        this.get_mut(py).at = at;
        Ok(())
    }
}
