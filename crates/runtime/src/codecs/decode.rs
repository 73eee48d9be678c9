//! The decoding loop's state with its error handling, and UTF-8, Latin-1 and ASCII.

use super::errors::{Failure, OnError, push, push_backslash};
use crate::object::Str;
use crate::types::Bytes;
use crate::{Py, Result};
use bredli_heap::Gc;

/// The result of a decoder.
#[derive(Clone, Copy)]
pub struct Decoded {
    /// The text.
    pub text: Gc<Str>,
    /// How many bytes have been used.
    pub consumed: usize,
}

/// A decoder at work.
pub struct Decoding {
    /// The bytes, which an error handler may have exchanged.
    pub source: Gc<Bytes>,
    /// A copy of them.
    pub data: Vec<u8>,
    /// The position.
    pub at: usize,
    /// The text so far, as WTF-8.
    pub out: Vec<u8>,
}

impl Decoding {
    /// At the start of the bytes.
    pub fn new(py: &Py, source: Gc<Bytes>) -> Self {
        let data = source.get(py).data().to_vec();
        let out = Vec::with_capacity(data.len());
        Self { source, data, at: 0, out }
    }

    /// The bytes from the position on.
    pub fn rest(&self) -> &[u8] {
        &self.data[self.at..]
    }

    /// The result.
    pub fn finish(self, py: &mut Py) -> Decoded {
        Decoded { text: py.new_str_wtf8(&self.out), consumed: self.at }
    }

    /// Let the handler replace `len` bytes from the position on. `pass` decodes a surrogate for `surrogatepass`: its code and width.
    pub fn fail(
        &mut self,
        py: &mut Py,
        (encoding, reason): (&str, &str),
        len: usize,
        on_error: &OnError,
        pass: fn(&[u8]) -> Option<(u32, usize)>,
    ) -> Result<()> {
        let (start, end) = (self.at, (self.at + len).min(self.data.len()));
        let failure = Failure { encoding, start, end, reason };
        match on_error {
            OnError::Ignore => self.at = end,
            OnError::Replace => {
                push(&mut self.out, 0xFFFD);
                self.at = end;
            }
            OnError::SurrogateEscape if self.data[start] >= 0x80 => {
                while self.at < end && self.data[self.at] >= 0x80 {
                    push(&mut self.out, 0xDC00 + self.data[self.at] as u32);
                    self.at += 1;
                }
            }
            OnError::SurrogatePass => match pass(self.rest()) {
                Some((code, width)) => {
                    push(&mut self.out, code);
                    self.at += width;
                }
                None => return Err(py.raise_decode(self.source, failure)),
            },
            OnError::BackslashReplace => {
                for at in start..end {
                    push_backslash(&mut self.out, self.data[at] as u32);
                }
                self.at = end;
            }
            OnError::Other(name) => {
                let (text, position, source) = py.call_decode_handler(name, self.source, failure)?;
                self.out.extend_from_slice(text.get(py).bytes());
                if source != self.source {
                    self.source = source;
                    self.data = source.get(py).data().to_vec();
                }
                self.at = position;
            }
            OnError::Strict | OnError::SurrogateEscape => return Err(py.raise_decode(self.source, failure)),
            OnError::XmlCharRefReplace | OnError::NameReplace => {
                let exception = py.decode_exception(self.source, failure)?;
                return Err(wrong_direction(py, exception));
            }
        }
        Ok(())
    }
}

/// The error of a handler that does not handle this kind of exception.
pub fn wrong_direction(py: &mut Py, exception: bredli_heap::Value) -> crate::Raised {
    let class = py.class_name(exception);
    crate::error!(py, TypeError, "don't know how to handle {class} in error callback")
}

/// For encodings whose surrogates cannot be passed.
pub fn no_surrogate(_: &[u8]) -> Option<(u32, usize)> {
    None
}

fn utf8_surrogate(rest: &[u8]) -> Option<(u32, usize)> {
    match *rest {
        [0xED, second @ 0xA0..=0xBF, third @ 0x80..=0xBF, ..] => Some((0xD000 | (second as u32 & 0x3F) << 6 | (third as u32 & 0x3F), 3)),
        _ => None,
    }
}

impl Py {
    /// UTF-8. An incomplete sequence at the end is left alone unless this is the final piece.
    pub fn utf8_decode(&mut self, bytes: Gc<Bytes>, on_error: &OnError, last: bool) -> Result<Decoded> {
        let data = bytes.get(self).data();
        if let Ok(text) = std::str::from_utf8(data) {
            let (len, ascii) = (data.len(), text.is_ascii());
            let chars = if ascii { len } else { crate::object::count_chars(data) };
            let text = self.fill_str(len, chars, ascii, |py, out| out.copy_from_slice(bytes.get(py).data()))?;
            return Ok(Decoded { text, consumed: len });
        }
        let mut state = Decoding::new(self, bytes);
        while state.at < state.data.len() {
            let error = match std::str::from_utf8(&state.data[state.at..]) {
                Ok(text) => {
                    state.out.extend_from_slice(text.as_bytes());
                    state.at = state.data.len();
                    break;
                }
                Err(error) => error,
            };
            let valid = state.at + error.valid_up_to();
            state.out.extend_from_slice(&state.data[state.at..valid]);
            state.at = valid;
            // The handler `surrogatepass` takes all three bytes of a surrogate.
            if !last && matches!(state.rest(), [0xED, 0xA0..=0xBF]) {
                break;
            }
            let (len, reason) = match error.error_len() {
                None if !last => break,
                None => (state.data.len() - valid, "unexpected end of data"),
                Some(_) if !(0xC2..0xF5).contains(&state.data[valid]) => (1, "invalid start byte"),
                Some(len) => (len, "invalid continuation byte"),
            };
            state.fail(self, ("utf-8", reason), len, on_error, utf8_surrogate)?;
        }
        Ok(state.finish(self))
    }

    /// ASCII.
    pub fn ascii_decode(&mut self, bytes: Gc<Bytes>, on_error: &OnError) -> Result<Decoded> {
        let mut state = Decoding::new(self, bytes);
        while state.at < state.data.len() {
            let rest = state.rest();
            let len = rest.iter().position(|byte| *byte >= 0x80).unwrap_or(rest.len());
            let end = state.at + len;
            state.out.extend_from_slice(&state.data[state.at..end]);
            state.at = end;
            if end < state.data.len() {
                state.fail(self, ("ascii", "ordinal not in range(128)"), 1, on_error, no_surrogate)?;
            }
        }
        Ok(state.finish(self))
    }

    /// Latin-1.
    pub fn latin1_decode(&mut self, bytes: Gc<Bytes>) -> Gc<Str> {
        let data = bytes.get(self).data();
        let mut out = Vec::with_capacity(data.len() + data.len() / 2);
        for byte in data {
            push(&mut out, *byte as u32);
        }
        self.new_str_wtf8(&out)
    }
}
