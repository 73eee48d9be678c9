//! UTF-16 and UTF-32.

use super::decode::{Decoded, Decoding};
use super::encode::{Encoded, Encoder, encode};
use super::errors::{OnError, push};
use crate::object::Str;
use crate::types::Bytes;
use crate::{Py, Result};
use bredli_heap::Gc;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wide {
    /// Units of 16 bits.
    Utf16,
    /// Units of 32 bits.
    Utf32,
}

/// How units are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// The machine's, with a byte order mark.
    Native,
    /// Least significant byte first, no mark.
    Little,
    /// Most significant byte first, no mark.
    Big,
}

impl ByteOrder {
    /// As `_codecs.utf_16_ex_decode` has it: -1, 0, 1.
    pub fn from_number(number: i32) -> ByteOrder {
        match number {
            0 => ByteOrder::Native,
            1.. => ByteOrder::Big,
            _ => ByteOrder::Little,
        }
    }

    /// The number for Python.
    pub fn number(self) -> i32 {
        match self {
            ByteOrder::Native => 0,
            ByteOrder::Little => -1,
            ByteOrder::Big => 1,
        }
    }
}

impl Wide {
    fn width(self) -> usize {
        if self == Wide::Utf16 { 2 } else { 4 }
    }

    fn name(self, order: ByteOrder) -> &'static str {
        match (self, order) {
            (Wide::Utf16, ByteOrder::Native) => "utf-16",
            (Wide::Utf16, ByteOrder::Little) => "utf-16-le",
            (Wide::Utf16, ByteOrder::Big) => "utf-16-be",
            (Wide::Utf32, ByteOrder::Native) => "utf-32",
            (Wide::Utf32, ByteOrder::Little) => "utf-32-le",
            (Wide::Utf32, ByteOrder::Big) => "utf-32-be",
        }
    }

    fn push_unit(self, unit: u32, big: bool, out: &mut Vec<u8>) {
        match (self, big) {
            (Wide::Utf16, false) => out.extend_from_slice(&(unit as u16).to_le_bytes()),
            (Wide::Utf16, true) => out.extend_from_slice(&(unit as u16).to_be_bytes()),
            (Wide::Utf32, false) => out.extend_from_slice(&unit.to_le_bytes()),
            (Wide::Utf32, true) => out.extend_from_slice(&unit.to_be_bytes()),
        }
    }

    fn unit(self, bytes: &[u8], big: bool) -> Option<u32> {
        let unit = bytes.get(..self.width())?;
        let fold = |sum: u32, byte: &u8| sum << 8 | *byte as u32;
        Some(if big { unit.iter().fold(0, fold) } else { unit.iter().rev().fold(0, fold) })
    }
}

struct WideEncoder {
    wide: Wide,
    order: ByteOrder,
}

impl Encoder for WideEncoder {
    fn encoding(&self) -> &str {
        self.wide.name(self.order)
    }

    fn reason(&self) -> &str {
        "surrogates not allowed"
    }

    fn put(&mut self, _: &mut Py, code: u32, out: &mut Vec<u8>) -> Result<bool> {
        if (0xD800..0xE000).contains(&code) {
            return Ok(false);
        }
        let big = self.order == ByteOrder::Big;
        if self.wide == Wide::Utf16 && code >= 0x10000 {
            self.wide.push_unit(0xD800 + ((code - 0x10000) >> 10), big, out);
            self.wide.push_unit(0xDC00 + (code & 0x3FF), big, out);
        } else {
            self.wide.push_unit(code, big, out);
        }
        Ok(true)
    }

    fn pass_surrogate(&mut self, code: u32, out: &mut Vec<u8>) -> bool {
        self.wide.push_unit(code, self.order == ByteOrder::Big, out);
        true
    }

    fn unit(&self) -> Option<usize> {
        Some(self.wide.width())
    }
}

/// Encode, with a byte order mark for the native order.
pub fn wide_encode(py: &mut Py, text: Gc<Str>, wide: Wide, order: ByteOrder, on_error: &OnError) -> Result<Encoded> {
    let encoded = encode(py, text, &mut WideEncoder { wide, order }, on_error)?;
    let mut out = py.reserved(encoded.len() + 4)?;
    if order == ByteOrder::Native {
        wide.push_unit(0xFEFF, false, &mut out);
    }
    out.extend_from_slice(&encoded);
    Ok(py.new_bytes(&out))
}

/// Decode; also tells the byte order found.
pub fn wide_decode(
    py: &mut Py,
    bytes: Gc<Bytes>,
    wide: Wide,
    order: ByteOrder,
    on_error: &OnError,
    last: bool,
) -> Result<(Decoded, ByteOrder)> {
    let mut state = Decoding::new(py, bytes);
    let mut order = order;
    if order == ByteOrder::Native {
        let mark = wide.unit(&state.data, false);
        order = match mark {
            Some(0xFEFF) => ByteOrder::Little,
            Some(0xFFFE) if wide == Wide::Utf16 => ByteOrder::Big,
            Some(0xFFFE_0000) if wide == Wide::Utf32 => ByteOrder::Big,
            _ => ByteOrder::Native,
        };
        if order != ByteOrder::Native {
            state.at = wide.width();
        }
    }
    let big = order == ByteOrder::Big;
    let name = wide.name(if big { ByteOrder::Big } else { ByteOrder::Little });
    let pass: fn(&[u8]) -> Option<(u32, usize)> = match (wide, big) {
        (Wide::Utf16, false) => |rest| surrogate(Wide::Utf16.unit(rest, false), 2),
        (Wide::Utf16, true) => |rest| surrogate(Wide::Utf16.unit(rest, true), 2),
        (Wide::Utf32, false) => |rest| surrogate(Wide::Utf32.unit(rest, false), 4),
        (Wide::Utf32, true) => |rest| surrogate(Wide::Utf32.unit(rest, true), 4),
    };
    while state.at < state.data.len() {
        let rest = state.rest();
        let (len, reason) = match wide.unit(rest, big) {
            None if !last => break,
            None => (rest.len(), "truncated data"),
            Some(unit) if wide == Wide::Utf32 => match unit {
                0xD800..0xE000 => (4, "code point in surrogate code point range(0xd800, 0xe000)"),
                0x110000.. => (4, "code point not in range(0x110000)"),
                _ => {
                    push(&mut state.out, unit);
                    state.at += 4;
                    continue;
                }
            },
            Some(high @ 0xD800..0xDC00) => match wide.unit(&rest[2..], big) {
                None if !last => break,
                None => (rest.len(), "unexpected end of data"),
                Some(low @ 0xDC00..0xE000) => {
                    push(&mut state.out, 0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF));
                    state.at += 4;
                    continue;
                }
                Some(_) => (2, "illegal UTF-16 surrogate"),
            },
            Some(0xDC00..0xE000) => (2, "illegal encoding"),
            Some(unit) => {
                push(&mut state.out, unit);
                state.at += 2;
                continue;
            }
        };
        state.fail(py, (name, reason), len, on_error, pass)?;
    }
    Ok((state.finish(py), order))
}

fn surrogate(unit: Option<u32>, width: usize) -> Option<(u32, usize)> {
    unit.filter(|unit| (0xD800..0xE000).contains(unit)).map(|unit| (unit, width))
}
