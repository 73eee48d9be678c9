//! Arguments that may be any bytes-like object.

use super::Bytes;
use crate::native::{Argument, FromValue};
use crate::types::ByteArray;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

/// The bytes of a bytes-like object.
#[derive(Clone, Copy)]
pub struct BytesLike(Gc<Bytes>);

impl BytesLike {
    /// The bytes of a value; none when it is not bytes-like.
    pub fn try_new(py: &mut Py, value: Value) -> Result<Option<BytesLike>> {
        if let Some(bytes) = Gc::<Bytes>::cast(py, value) {
            return Ok(Some(BytesLike(bytes)));
        }
        if let Some(array) = Gc::<ByteArray>::cast(py, value) {
            return Ok(Some(BytesLike(py.bytes_of_bytearray(array))));
        }
        let Some(buffer) = py.class_of(value).get(py).slots.buffer else { return Ok(None) };
        let view = buffer(py, value, 0)?;
        let bytes = py.call_method_named(view, "tobytes", &[])?;
        py.call_method_named(view, "release", &[])?;
        Ok(Gc::<Bytes>::cast(py, bytes).map(BytesLike))
    }

    /// The bytes of a value; TypeError when it is not bytes-like.
    pub fn new(py: &mut Py, value: Value) -> Result<BytesLike> {
        match BytesLike::try_new(py, value)? {
            Some(bytes) => Ok(bytes),
            None => {
                let given = py.class_name(value);
                raise!(py, TypeError, "a bytes-like object is required, not '{given}'")
            }
        }
    }

    /// The bytes.
    #[inline]
    pub fn get<'p>(&self, py: &'p Py) -> &'p [u8] {
        self.0.get(py).data()
    }

    /// As an object.
    pub fn object(&self) -> Gc<Bytes> {
        self.0
    }
}

impl FromValue for BytesLike {
    fn from_value(py: &mut Py, value: Value, _: Argument) -> Result<Self> {
        BytesLike::new(py, value)
    }
}

/// What `find`, `count` and `in` look for: bytes, or one byte as an int.
pub fn needle(py: &mut Py, value: Value) -> Result<BytesLike> {
    if let Some(bytes) = BytesLike::try_new(py, value)? {
        return Ok(bytes);
    }
    if !py.has_index(value) {
        let given = py.class_name(value);
        raise!(py, TypeError, "argument should be integer or bytes-like object, not '{given}'");
    }
    let int = py.index(value)?;
    match py.int_to_i64(int).and_then(|int| u8::try_from(int).ok()) {
        Some(byte) => Ok(BytesLike(py.new_bytes(&[byte]))),
        None => raise!(py, ValueError, "byte must be in range(0, 256)"),
    }
}
