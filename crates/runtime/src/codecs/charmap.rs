//! Codecs driven by a mapping: the 8-bit encodings.

use super::decode::{Decoded, Decoding, no_surrogate};
use super::encode::{Encoder, encode};
use super::errors::{OnError, push};
use crate::object::{Dict, Str};
use crate::types::Bytes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

/// `codecs.charmap_build`: characters of a decoding table to bytes.
pub fn charmap_build(py: &mut Py, table: Gc<Str>) -> Result<Gc<Dict>> {
    let codes: Vec<u32> = table.get(py).code_points().collect();
    let map = py.new_dict();
    for (byte, code) in codes.iter().enumerate().filter(|(_, code)| **code != 0xFFFE) {
        py.dict_set(map, Value::small(*code as i32), Value::small(byte as i32))?;
    }
    Ok(map)
}

/// An item of a mapping; none when there is no such key.
fn lookup(py: &mut Py, mapping: Value, key: u32) -> Result<Option<Value>> {
    match py.get_item(mapping, Value::small(key as i32)) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_none())),
        Err(raised) => {
            if !py.exception_matches(py.exceptions.LookupError) {
                return Err(raised);
            }
            py.clear_exception();
            Ok(None)
        }
    }
}

struct Charmap {
    mapping: Value,
}

impl Encoder for Charmap {
    fn encoding(&self) -> &str {
        "charmap"
    }

    fn reason(&self) -> &str {
        "character maps to <undefined>"
    }

    fn put(&mut self, py: &mut Py, code: u32, out: &mut Vec<u8>) -> Result<bool> {
        let Some(value) = lookup(py, self.mapping, code)? else { return Ok(false) };
        if py.is_int(value) {
            match py.int_to_i64(value).and_then(|int| u8::try_from(int).ok()) {
                Some(byte) => out.push(byte),
                None => raise!(py, TypeError, "character mapping must be in range(256)"),
            }
        } else if let Some(bytes) = Gc::<Bytes>::cast(py, value) {
            out.extend_from_slice(bytes.get(py).data());
        } else {
            let given = py.class_name(value);
            raise!(py, TypeError, "character mapping must return integer, bytes or None, not {given}");
        }
        Ok(true)
    }
}

/// Encode by a mapping from code points to bytes.
pub fn charmap_encode(py: &mut Py, text: Gc<Str>, mapping: Value, on_error: &OnError) -> Result<Gc<Bytes>> {
    let bytes = encode(py, text, &mut Charmap { mapping }, on_error)?;
    Ok(py.new_bytes(&bytes))
}

/// Decode by a string or a mapping from bytes to characters.
pub fn charmap_decode(py: &mut Py, bytes: Gc<Bytes>, mapping: Value, on_error: &OnError) -> Result<Decoded> {
    let table: Option<Vec<u32>> = Gc::<Str>::cast(py, mapping).map(|table| table.get(py).code_points().collect());
    let mut state = Decoding::new(py, bytes);
    while state.at < state.data.len() {
        let byte = state.data[state.at];
        let found = match &table {
            Some(table) => match table.get(byte as usize).copied().filter(|code| *code != 0xFFFE) {
                Some(code) => {
                    push(&mut state.out, code);
                    true
                }
                None => false,
            },
            None => mapped(py, &mut state, mapping, byte)?,
        };
        if found {
            state.at += 1;
        } else {
            state.fail(py, ("charmap", "character maps to <undefined>"), 1, on_error, no_surrogate)?;
        }
    }
    Ok(state.finish(py))
}

fn mapped(py: &mut Py, state: &mut Decoding, mapping: Value, byte: u8) -> Result<bool> {
    let Some(value) = lookup(py, mapping, byte as u32)? else { return Ok(false) };
    if py.is_int(value) {
        match py.int_to_i64(value) {
            Some(0xFFFE) => return Ok(false),
            Some(code @ 0..0x110000) => push(&mut state.out, code as u32),
            _ => raise!(py, TypeError, "character mapping must be in range(0x110000)"),
        }
    } else if let Some(text) = Gc::<Str>::cast(py, value) {
        if text.get(py).bytes() == "\u{FFFE}".as_bytes() {
            return Ok(false);
        }
        state.out.extend_from_slice(text.get(py).bytes());
    } else {
        raise!(py, TypeError, "character mapping must return integer, None or str");
    }
    Ok(true)
}
