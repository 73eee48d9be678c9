//! `str.encode`, and decoding of bytes for the constructor of `str`.
//!
//! The codecs are in `crate::codecs`.

use crate::codecs::CodecName;
use crate::object::Str;
use crate::types::Bytes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

#[pymethods(part = "encode")]
impl Str {
    /// Encode the string using the codec registered for encoding.
    #[signature(self, /, encoding="utf-8", errors="strict")]
    fn encode(this: Gc<Self>, py: &mut Py, encoding: CodecName, errors: CodecName) -> Result<Gc<Bytes>> {
        if this.get(py).is_ascii() && encoding.keeps_ascii(py) {
            return py.bytes_of_str(this);
        }
        let (encoding, errors) = (encoding.text(py)?, errors.text(py)?);
        py.encode_str(this, &encoding, &errors)
    }
}

impl Py {
    /// `str(object, encoding, errors)`.
    pub(crate) fn decode_object(&mut self, object: Value, encoding: Option<Gc<Str>>, errors: Option<Gc<Str>>) -> Result<Gc<Str>> {
        let encoding = encoding.map_or_else(|| "utf-8".to_string(), |name| name.get(self).lossy());
        let errors = errors.map_or_else(|| "strict".to_string(), |name| name.get(self).lossy());
        if let Some(bytes) = Gc::<Bytes>::cast(self, object) {
            return self.decode_bytes(bytes, &encoding, &errors);
        }
        if self.is_str(object) {
            raise!(self, TypeError, "decoding str is not supported");
        }
        let Some(bytes) = crate::types::BytesLike::try_any_layout(self, object)? else {
            let given = self.class_name(object);
            raise!(self, TypeError, "decoding to str: need a bytes-like object, {given} found");
        };
        let bytes = bytes.object(self);
        self.decode_bytes(bytes, &encoding, &errors)
    }
}
