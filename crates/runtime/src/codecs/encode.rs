//! The encoding loop with its error handling, and UTF-8, Latin-1 and ASCII.

use super::errors::{Failure, OnError, Replacement, ascii_replacement};
use crate::object::Str;
use crate::types::Bytes;
use crate::{Py, Result};
use bredli_heap::Gc;

/// The result of an encoder.
pub type Encoded = Gc<Bytes>;

/// What an encoder does with single characters.
pub trait Encoder {
    /// The encoding's name, for exceptions.
    fn encoding(&self) -> &str;
    /// Why characters cannot be encoded.
    fn reason(&self) -> &str;
    /// Append the bytes of a character. False: it has none.
    fn put(&mut self, py: &mut Py, code: u32, out: &mut Vec<u8>) -> Result<bool>;
    /// Append a surrogate for `surrogatepass`. False: that is not possible here.
    fn pass_surrogate(&mut self, _code: u32, _out: &mut Vec<u8>) -> bool {
        false
    }
    /// The width of a code unit, of the Unicode encodings: a handler has to answer with ASCII or whole units.
    fn unit(&self) -> Option<usize> {
        None
    }
    /// What `replace` writes.
    fn replacement(&self) -> u32 {
        b'?' as u32
    }
}

/// Encode a whole string.
pub fn encode(py: &mut Py, text: Gc<Str>, encoder: &mut dyn Encoder, on_error: &OnError) -> Result<Vec<u8>> {
    let len = text.get(py).char_len();
    let mut codes: Vec<u32> = py.reserved(len)?;
    codes.extend(text.get(py).code_points());
    let unit = encoder.unit().unwrap_or(1);
    let mut out = py.reserved(len.saturating_mul(unit))?;
    let mut at = 0;
    while at < codes.len() {
        if encoder.put(py, codes[at], &mut out)? {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        let len = out.len();
        // Errors of wide encodings are about one character each.
        while unit == 1 && end < codes.len() && !encoder.put(py, codes[end], &mut out)? {
            end += 1;
        }
        out.truncate(len);
        at = handle(py, text, encoder, on_error, &codes, at..end, &mut out)?;
    }
    Ok(out)
}

/// Let the handler write something for characters without encoding; returns where to go on.
fn handle(
    py: &mut Py,
    text: Gc<Str>,
    encoder: &mut dyn Encoder,
    on_error: &OnError,
    codes: &[u32],
    mut range: std::ops::Range<usize>,
    out: &mut Vec<u8>,
) -> Result<usize> {
    let end = range.end;
    match on_error {
        OnError::Strict => {}
        OnError::Ignore => return Ok(end),
        OnError::Replace => {
            let replacement = encoder.replacement();
            let mut complete = true;
            for _ in range.clone() {
                complete &= encoder.put(py, replacement, out)?;
            }
            if complete {
                return Ok(end);
            }
        }
        // A byte is no unit of a wide encoding.
        OnError::SurrogateEscape if encoder.unit().is_some_and(|unit| unit > 1) => {}
        OnError::SurrogateEscape => {
            while let Some(code @ 0xDC80..=0xDCFF) = codes[range.start..end].first() {
                out.push(*code as u8);
                range.start += 1;
            }
        }
        OnError::SurrogatePass => {
            while let Some(code) = codes[range.start..end].first()
                && (0xD800..0xE000).contains(code)
                && encoder.pass_surrogate(*code, out)
            {
                range.start += 1;
            }
        }
        OnError::BackslashReplace | OnError::XmlCharRefReplace | OnError::NameReplace => {
            let mut replacement = Vec::new();
            for code in &codes[range.clone()] {
                ascii_replacement(on_error, *code, &mut replacement);
            }
            if put_all(py, encoder, replacement.iter().map(|byte| *byte as u32), out)? {
                return Ok(end);
            }
        }
        OnError::Other(name) => {
            let failure = Failure { encoding: encoder.encoding(), start: range.start, end, reason: encoder.reason() };
            let (replacement, position) = py.call_encode_handler(name, text, failure)?;
            match replacement {
                Replacement::Bytes(bytes) if bytes.get(py).data().len().is_multiple_of(encoder.unit().unwrap_or(1)) => {
                    out.extend_from_slice(bytes.get(py).data());
                    return Ok(position);
                }
                Replacement::Text(replacement) if encoder.unit().is_none() || replacement.get(py).is_ascii() => {
                    let codes: Vec<u32> = replacement.get(py).code_points().collect();
                    if put_all(py, encoder, codes.into_iter(), out)? {
                        return Ok(position);
                    }
                }
                Replacement::Bytes(_) | Replacement::Text(_) => {}
            }
        }
    }
    if range.is_empty() {
        return Ok(end);
    }
    let failure = Failure { encoding: encoder.encoding(), start: range.start, end, reason: encoder.reason() };
    Err(py.raise_encode(text, failure))
}

fn put_all(py: &mut Py, encoder: &mut dyn Encoder, codes: impl Iterator<Item = u32>, out: &mut Vec<u8>) -> Result<bool> {
    for code in codes {
        if !encoder.put(py, code, out)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Latin-1 and ASCII.
struct Narrow {
    limit: u32,
}

impl Encoder for Narrow {
    fn encoding(&self) -> &str {
        if self.limit == 256 { "latin-1" } else { "ascii" }
    }

    fn reason(&self) -> &str {
        if self.limit == 256 { "ordinal not in range(256)" } else { "ordinal not in range(128)" }
    }

    fn put(&mut self, _: &mut Py, code: u32, out: &mut Vec<u8>) -> Result<bool> {
        if code < self.limit {
            out.push(code as u8);
        }
        Ok(code < self.limit)
    }
}

struct Utf8;

impl Encoder for Utf8 {
    fn encoding(&self) -> &str {
        "utf-8"
    }

    fn reason(&self) -> &str {
        "surrogates not allowed"
    }

    fn put(&mut self, _: &mut Py, code: u32, out: &mut Vec<u8>) -> Result<bool> {
        let surrogate = (0xD800..0xE000).contains(&code);
        if !surrogate {
            super::errors::push(out, code);
        }
        Ok(!surrogate)
    }

    fn pass_surrogate(&mut self, code: u32, out: &mut Vec<u8>) -> bool {
        super::errors::push(out, code);
        true
    }

    fn unit(&self) -> Option<usize> {
        Some(1)
    }
}

impl Py {
    /// UTF-8.
    pub fn utf8_encode(&mut self, text: Gc<Str>, on_error: &OnError) -> Result<Encoded> {
        if text.get(self).is_ascii() || text.get(self).to_str().is_some() {
            return self.bytes_of_str(text);
        }
        let bytes = encode(self, text, &mut Utf8, on_error)?;
        Ok(self.new_bytes(&bytes))
    }

    /// Latin-1 (limit 256) or ASCII (limit 128).
    pub fn narrow_encode(&mut self, text: Gc<Str>, limit: u32, on_error: &OnError) -> Result<Encoded> {
        let s = text.get(self);
        if s.is_ascii() {
            return self.bytes_of_str(text);
        }
        let bytes = encode(self, text, &mut Narrow { limit }, on_error)?;
        Ok(self.new_bytes(&bytes))
    }
}
