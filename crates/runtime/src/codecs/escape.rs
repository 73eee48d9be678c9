//! The escape codecs: `unicode_escape`, `raw_unicode_escape` and `escape` (bytes literals).

use super::decode::{Decoded, Decoding, no_surrogate};
use super::errors::{OnError, push, push_backslash};
use crate::object::Str;
use crate::types::Bytes;
use crate::{Py, Result, raise};
use bredli_heap::Gc;
use bredli_text::unicode;

/// `unicode_escape`
pub fn unicode_escape_encode(py: &mut Py, text: Gc<Str>) -> Gc<Bytes> {
    let mut out = Vec::with_capacity(text.get(py).byte_len());
    for code in text.get(py).code_points() {
        match code {
            0x09 => out.extend_from_slice(b"\\t"),
            0x0A => out.extend_from_slice(b"\\n"),
            0x0D => out.extend_from_slice(b"\\r"),
            0x5C => out.extend_from_slice(b"\\\\"),
            0x20..0x7F => out.push(code as u8),
            _ => push_backslash(&mut out, code),
        }
    }
    py.new_bytes(&out)
}

/// `raw_unicode_escape`
pub fn raw_unicode_escape_encode(py: &mut Py, text: Gc<Str>) -> Gc<Bytes> {
    let mut out = Vec::with_capacity(text.get(py).byte_len());
    for code in text.get(py).code_points() {
        if code < 0x100 { out.push(code as u8) } else { push_backslash(&mut out, code) }
    }
    py.new_bytes(&out)
}

/// The hexadecimal digits at the start: how many up to `most`, and their value.
fn hexadecimal(text: &[u8], most: usize) -> (usize, u32) {
    let digits = text.iter().take(most).map_while(|byte| (*byte as char).to_digit(16));
    digits.fold((0, 0), |(count, value), digit| (count + 1, value << 4 | digit))
}

/// Up to three octal digits.
fn octal(text: &[u8]) -> (usize, u32) {
    let digits = text.iter().take(3).map_while(|byte| (*byte as char).to_digit(8));
    digits.fold((0, 0), |(count, value), digit| (count + 1, value << 3 | digit))
}

fn simple(byte: u8) -> Option<u8> {
    Some(match byte {
        b'\\' | b'\'' | b'"' => byte,
        b'b' => 8,
        b'f' => 12,
        b't' => b'\t',
        b'n' => b'\n',
        b'r' => b'\r',
        b'v' => 11,
        b'a' => 7,
        _ => return None,
    })
}

/// `unicode_escape`; an incomplete escape at the end is left alone unless this is the final piece.
pub fn unicode_escape_decode(py: &mut Py, bytes: Gc<Bytes>, on_error: &OnError, last: bool) -> Result<Decoded> {
    const NAME: &str = "unicodeescape";
    let mut state = Decoding::new(py, bytes);
    while state.at < state.data.len() {
        let rest = &state.data[state.at..];
        if rest[0] != b'\\' {
            push(&mut state.out, rest[0] as u32);
            state.at += 1;
            continue;
        }
        let Some(&kind) = rest.get(1) else {
            if !last {
                break;
            }
            state.fail(py, (NAME, "\\ at end of string"), 1, on_error, no_surrogate)?;
            continue;
        };
        let (width, reason) = match kind {
            b'\n' => {
                state.at += 2;
                continue;
            }
            b'0'..=b'7' => {
                let (count, code) = octal(&rest[1..]);
                push(&mut state.out, code);
                state.at += 1 + count;
                continue;
            }
            b'x' => (2, "truncated \\xXX escape"),
            b'u' => (4, "truncated \\uXXXX escape"),
            b'U' => (8, "truncated \\UXXXXXXXX escape"),
            b'N' => (0, "malformed \\N character escape"),
            _ => {
                match simple(kind) {
                    Some(byte) => state.out.push(byte),
                    None => {
                        state.out.push(b'\\');
                        push(&mut state.out, kind as u32);
                    }
                }
                state.at += 2;
                continue;
            }
        };
        if width == 0 {
            let close = rest.iter().position(|byte| *byte == b'}');
            let named = rest.get(2) == Some(&b'{');
            if !last && (rest.len() == 2 || (named && close.is_none())) {
                break;
            }
            let (len, reason) = match close.filter(|close| named && *close > 3) {
                Some(close) => {
                    let name = String::from_utf8_lossy(&rest[3..close]).into_owned();
                    if let Some(unicode::Named::Char(code)) = unicode::lookup(&name) {
                        push(&mut state.out, code);
                        state.at += close + 1;
                        continue;
                    }
                    (close + 1, "unknown Unicode character name")
                }
                None => (if named { close.map_or(rest.len(), |close| close + 1) } else { 2 }, reason),
            };
            state.fail(py, (NAME, reason), len, on_error, no_surrogate)?;
            continue;
        }
        let (count, code) = hexadecimal(&rest[2..], width);
        if count == width && code <= 0x10_FFFF {
            push(&mut state.out, code);
            state.at += 2 + width;
            continue;
        }
        if !last && count < width && rest.len() == 2 + count {
            break;
        }
        let reason = if count == width { "illegal Unicode character" } else { reason };
        state.fail(py, (NAME, reason), 2 + count, on_error, no_surrogate)?;
    }
    Ok(state.finish(py))
}

/// `raw_unicode_escape`: only `\u` and `\U` are escapes.
pub fn raw_unicode_escape_decode(py: &mut Py, bytes: Gc<Bytes>, on_error: &OnError, last: bool) -> Result<Decoded> {
    let mut state = Decoding::new(py, bytes);
    while state.at < state.data.len() {
        let rest = &state.data[state.at..];
        let (width, reason) = match (rest[0], rest.get(1)) {
            (b'\\', Some(b'u')) => (4, "truncated \\uXXXX escape"),
            (b'\\', Some(b'U')) => (8, "truncated \\UXXXXXXXX escape"),
            (b'\\', None) if !last => break,
            (b'\\', Some(b'\\')) => {
                state.out.extend_from_slice(b"\\\\");
                state.at += 2;
                continue;
            }
            (byte, _) => {
                push(&mut state.out, byte as u32);
                state.at += 1;
                continue;
            }
        };
        let (count, code) = hexadecimal(&rest[2..], width);
        if count == width && code <= 0x10_FFFF {
            push(&mut state.out, code);
            state.at += 2 + width;
            continue;
        }
        if !last && count < width && rest.len() == 2 + count {
            break;
        }
        let reason = if count == width { "\\Uxxxxxxxx out of range" } else { reason };
        state.fail(py, ("rawunicodeescape", reason), 2 + count, on_error, no_surrogate)?;
    }
    Ok(state.finish(py))
}

/// `escape`: the bytes that the inside of a bytes literal stands for.
pub fn escape_decode(py: &mut Py, text: &[u8], on_error: &OnError) -> Result<Vec<u8>> {
    let (mut out, mut at) = (Vec::with_capacity(text.len()), 0);
    while at < text.len() {
        if text[at] != b'\\' {
            out.push(text[at]);
            at += 1;
            continue;
        }
        let Some(&kind) = text.get(at + 1) else { raise!(py, ValueError, "Trailing \\ in string") };
        match kind {
            b'\n' => at += 2,
            b'0'..=b'7' => {
                let (count, code) = octal(&text[at + 1..]);
                out.push(code as u8);
                at += 1 + count;
            }
            b'x' => {
                let (count, code) = hexadecimal(&text[at + 2..], 2);
                if count == 2 {
                    out.push(code as u8);
                } else {
                    match on_error {
                        OnError::Strict => raise!(py, ValueError, "invalid \\x escape at position {at}"),
                        OnError::Replace => out.push(b'?'),
                        OnError::Ignore => {}
                        other => {
                            let name = other.name();
                            raise!(py, ValueError, "decoding error; unknown error handling code: {name}")
                        }
                    }
                }
                at += 2 + count;
            }
            _ => {
                match simple(kind) {
                    Some(byte) => out.push(byte),
                    None => out.extend_from_slice(&[b'\\', kind]),
                }
                at += 2;
            }
        }
    }
    Ok(out)
}

/// `escape`: the inside of a bytes literal.
pub fn escape_encode(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\\' | b'\'' => out.extend_from_slice(&[b'\\', *byte]),
            b' '..0x7F => out.push(*byte),
            _ => out.extend_from_slice(format!("\\x{byte:02x}").as_bytes()),
        }
    }
    out
}
