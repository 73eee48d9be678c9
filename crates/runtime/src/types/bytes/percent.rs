//! `format % values` for `bytes`.

use super::Bytes;
use crate::buffer::BytesLike;
use crate::types::str::{Values, push_padded};
use crate::types::{ByteArray, shapes};
use crate::{Py, Raised, Result, error, raise};
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
    let text = py.is_str(values) || Gc::<Bytes>::cast(py, values).is_some() || Gc::<ByteArray>::cast(py, values).is_some();
    let mut values = Values::new(py, values, text);
    let mut pieces = PercentPieces::of_bytes(format);
    while let Some(piece) = pieces.next() {
        match piece {
            PercentPiece::Literal(literal) => out.extend_from_slice(literal),
            PercentPiece::Conversion(spec) => {
                let (widths, value) = values.take(py, &spec, key)?;
                if !push_value(py, &mut out, &spec, &widths, value)? {
                    return Err(py.percent_error(pieces.unsupported(&spec)));
                }
            }
        }
    }
    values.finish(py, "not all arguments converted during bytes formatting")?;
    Ok(out)
}

fn push_value(py: &mut Py, out: &mut Vec<u8>, spec: &PercentSpec, widths: &PercentWidths, value: Value) -> Result<bool> {
    match spec.conversion {
        b's' | b'b' => {
            let bytes = bytes_of(py, value)?;
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
            let float = matches!(conversion, b'e' | b'E' | b'f' | b'F' | b'g' | b'G');
            let value = match float.then(|| py.to_f64(value)).transpose() {
                Ok(float) => float.map_or(value, Value::float),
                Err(raised) => return Err(float_required(py, raised, value)),
            };
            let Some(text) = py.percent_number(conversion, widths, value)? else { return Ok(false) };
            out.extend_from_slice(text.as_bytes());
        }
    }
    Ok(true)
}

/// The error where a float is asked for, whatever the conversion says.
#[cold]
fn float_required(py: &mut Py, raised: Raised, value: Value) -> Raised {
    if !py.exception_matches(py.exceptions.Exception) {
        return raised;
    }
    py.clear_exception();
    let given = py.class_name(value);
    error!(py, TypeError, "float argument required, not {given}")
}

/// The bytes that `%b` and `%s` insert.
fn bytes_of(py: &mut Py, value: Value) -> Result<BytesLike> {
    let plain = crate::object::is_exact(value, shapes::BYTES) || crate::object::is_exact(value, shapes::BYTEARRAY);
    let name = py.names.__bytes__;
    if !plain && let Some(result) = py.call_special(value, name, &[])? {
        if Gc::<Bytes>::cast(py, result).is_none() {
            let given = py.class_name(result);
            raise!(py, TypeError, "__bytes__ returned non-bytes (type {given})");
        }
        return BytesLike::new(py, result);
    }
    match BytesLike::try_new(py, value)? {
        Some(bytes) => Ok(bytes),
        None => {
            let given = py.class_name(value);
            raise!(py, TypeError, "%b requires a bytes-like object, or an object that implements __bytes__, not '{given}'")
        }
    }
}

fn char_byte(py: &mut Py, value: Value) -> Result<u8> {
    let bytes = match Gc::<Bytes>::cast(py, value) {
        Some(bytes) => Some((bytes.get(py).data(), "bytes")),
        None => Gc::<ByteArray>::cast(py, value).map(|array| (array.get(py).data(), "bytearray")),
    };
    if let Some((bytes, class)) = bytes {
        return match *bytes {
            [byte] => Ok(byte),
            ref other => {
                let len = other.len();
                raise!(py, TypeError, "%c requires an integer in range(256) or a single byte, not a {class} object of length {len}")
            }
        };
    }
    if !py.has_index(value) {
        let class = py.class_of(value);
        let given = py.class_full_name(class);
        raise!(py, TypeError, "%c requires an integer in range(256) or a single byte, not {given}");
    }
    let int = py.index(value)?;
    match py.int_to_i64(int).and_then(|int| u8::try_from(int).ok()) {
        Some(byte) => Ok(byte),
        None => raise!(py, OverflowError, "%c arg not in range(256)"),
    }
}
