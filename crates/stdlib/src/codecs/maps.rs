//! The parts of `_codecs` for escapes and mappings.

use super::{Encoded, encoded, handler};
use bredli_runtime::codecs as native;
use bredli_runtime::prelude::*;
use bredli_runtime::types::{Bytes, BytesLike};

/// The bytes of text (as UTF-8) or of a bytes-like object.
fn source(py: &mut Py, data: Value) -> Result<Gc<Bytes>> {
    match Gc::<Str>::cast(py, data) {
        Some(text) => py.utf8_encode(text, &native::OnError::Strict),
        None => {
            let bytes = BytesLike::new(py, data)?;
            Ok(bytes.object(py))
        }
    }
}

#[pymodule(name = "_codecs", part)]
pub mod maps {
    use super::*;

    #[pyfunction]
    #[signature(str, errors=None, /)]
    fn unicode_escape_encode(py: &mut Py, str: Gc<Str>, errors: Option<Gc<Str>>) -> Encoded {
        let _ = errors;
        let bytes = native::unicode_escape_encode(py, str);
        encoded(py, bytes, str)
    }

    #[pyfunction]
    #[signature(data, errors=None, r#final=True, /)]
    fn unicode_escape_decode(py: &mut Py, data: Value, errors: Option<Gc<Str>>, r#final: bool) -> Result<(Gc<Str>, usize)> {
        let (bytes, on_error) = (source(py, data)?, handler(py, errors));
        let decoded = native::unicode_escape_decode(py, bytes, &on_error, r#final)?;
        Ok((decoded.text, decoded.consumed))
    }

    #[pyfunction]
    #[signature(str, errors=None, /)]
    fn raw_unicode_escape_encode(py: &mut Py, str: Gc<Str>, errors: Option<Gc<Str>>) -> Encoded {
        let _ = errors;
        let bytes = native::raw_unicode_escape_encode(py, str);
        encoded(py, bytes, str)
    }

    #[pyfunction]
    #[signature(data, errors=None, r#final=True, /)]
    fn raw_unicode_escape_decode(py: &mut Py, data: Value, errors: Option<Gc<Str>>, r#final: bool) -> Result<(Gc<Str>, usize)> {
        let (bytes, on_error) = (source(py, data)?, handler(py, errors));
        let decoded = native::raw_unicode_escape_decode(py, bytes, &on_error, r#final)?;
        Ok((decoded.text, decoded.consumed))
    }

    #[pyfunction]
    #[signature(data, errors=None, /)]
    fn escape_encode(py: &mut Py, data: Gc<Bytes>, errors: Option<Gc<Str>>) -> Encoded {
        let _ = errors;
        let escaped = native::escape_encode(data.get(py).data());
        (py.new_bytes(&escaped), data.get(py).data().len())
    }

    #[pyfunction]
    #[signature(data, errors=None, /)]
    fn escape_decode(py: &mut Py, data: Value, errors: Option<Gc<Str>>) -> Result<Encoded> {
        let (bytes, on_error) = (source(py, data)?, handler(py, errors));
        let text = bytes.get(py).data().to_vec();
        let decoded = native::escape_decode(py, &text, &on_error)?;
        Ok((py.new_bytes(&decoded), text.len()))
    }

    #[pyfunction]
    #[signature(map, /)]
    fn charmap_build(py: &mut Py, map: Gc<Str>) -> Result<Gc<Dict>> {
        native::charmap_build(py, map)
    }

    #[pyfunction]
    #[signature(str, errors=None, mapping=None, /)]
    fn charmap_encode(py: &mut Py, str: Gc<Str>, errors: Option<Gc<Str>>, mapping: Option<Value>) -> Result<Encoded> {
        let on_error = handler(py, errors);
        let bytes = match mapping {
            Some(mapping) => native::charmap_encode(py, str, mapping, &on_error)?,
            None => py.narrow_encode(str, 256, &on_error)?,
        };
        Ok(encoded(py, bytes, str))
    }

    #[pyfunction]
    #[signature(data, errors=None, mapping=None, /)]
    fn charmap_decode(py: &mut Py, data: BytesLike, errors: Option<Gc<Str>>, mapping: Option<Value>) -> Result<(Gc<Str>, usize)> {
        let data = data.object(py);
        let on_error = handler(py, errors);
        match mapping {
            Some(mapping) => {
                let decoded = native::charmap_decode(py, data, mapping, &on_error)?;
                Ok((decoded.text, decoded.consumed))
            }
            None => Ok((py.latin1_decode(data), data.get(py).data().len())),
        }
    }
}
