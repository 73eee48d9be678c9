//! `format % values` for `bytes`.

use super::Bytes;
use crate::buffer::BytesLike;
use crate::types::str::{Values, push_padded};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_num::{PercentPiece, PercentPieces, PercentSpec, PercentWidths};

fn key(py: &mut Py, name: &[u8]) -> Value {
    py.new_bytes(name).into()
}

/// The result of `format % values`.
pub(super) fn format(py: &mut Py, format: Gc<Bytes>, values: Value) -> Result<Gc<Bytes>> {
    let bytes = format.get(py).data().to_vec();
    let out = format_bytes(py, &bytes, values)?;
    Ok(py.new_bytes(&out))
}

/// The bytes of `format % values`.
pub(crate) fn format_bytes(py: &mut Py, format: &[u8], values: Value) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(format.len() + 32);
    let text = py.is_str(values) || Gc::<Bytes>::cast(py, values).is_some();
    let mut values = Values::new(py, values, text);
    let mut pieces = PercentPieces::new(format);
    while let Some(piece) = pieces.next() {
        match piece {
            Ok(PercentPiece::Literal(literal)) => out.extend_from_slice(literal),
            Ok(PercentPiece::Conversion(spec)) => {
                let (widths, value) = values.take(py, &spec, key)?;
                if !push_value(py, &mut out, &spec, &widths, value)? {
                    return Err(py.percent_error(pieces.unsupported_byte(&spec)));
                }
            }
            Err(error) => return Err(py.percent_error(error)),
        }
    }
    values.finish(py, "not all arguments converted during bytes formatting")?;
    Ok(out)
}

fn push_value(py: &mut Py, out: &mut Vec<u8>, spec: &PercentSpec, widths: &PercentWidths, value: Value) -> Result<bool> {
    match spec.conversion {
        b's' | b'b' => {
            let name = py.names.__bytes__;
            let bytes = match BytesLike::try_new(py, value)? {
                Some(bytes) => bytes,
                None => match py.call_special(value, name, &[])? {
                    Some(bytes) => BytesLike::new(py, bytes)?,
                    None => {
                        let given = py.class_name(value);
                        raise!(py, TypeError, "%b requires a bytes-like object, or an object that implements __bytes__, not '{given}'")
                    }
                },
            };
            let bytes = bytes.get(py);
            push_padded(out, bytes, bytes.len(), widths, false);
        }
        b'r' | b'a' => {
            let text = py.ascii(value)?;
            let text = text.get(py);
            push_padded(out, text.bytes(), text.byte_len(), widths, false);
        }
        b'c' => {
            let byte = char_byte(py, value)?;
            push_padded(out, &[byte], 1, &PercentWidths { precision: None, ..*widths }, false);
        }
        conversion => {
            let Some(text) = py.percent_number(conversion, widths, value)? else { return Ok(false) };
            out.extend_from_slice(text.as_bytes());
        }
    }
    Ok(true)
}

fn char_byte(py: &mut Py, value: Value) -> Result<u8> {
    if let Some(bytes) = Gc::<Bytes>::cast(py, value) {
        return match *bytes.get(py).data() {
            [byte] => Ok(byte),
            ref other => {
                let len = other.len();
                raise!(py, TypeError, "%c requires an integer in range(256) or a single byte, not a bytes object of length {len}")
            }
        };
    }
    if !py.has_index(value) {
        let given = py.class_name(value);
        raise!(py, TypeError, "%c requires an integer in range(256) or a single byte, not {given}");
    }
    let int = py.index(value)?;
    match py.int_to_i64(int).and_then(|int| u8::try_from(int).ok()) {
        Some(byte) => Ok(byte),
        None => raise!(py, OverflowError, "%c arg not in range(256)"),
    }
}
