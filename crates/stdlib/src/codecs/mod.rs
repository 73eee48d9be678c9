//! `_codecs`: the registries and the native codecs for Python.
//!
//! The codecs themselves are the runtime's. Counterpart: `Modules/_codecsmodule.c`.

mod handlers;
mod maps;

use bredli_runtime::codecs::{self as native, ByteOrder, Codecs, Decoded, OnError, Wide};
use bredli_runtime::prelude::*;
use bredli_runtime::types::{Bytes, BytesLike, Module};

/// The error handler named by an argument.
fn handler(py: &Py, errors: Option<Gc<Str>>) -> OnError {
    errors.map_or(OnError::Strict, |errors| OnError::from_name(&errors.get(py).lossy()))
}

type Encoded = (Gc<Bytes>, usize);

fn encoded(py: &Py, bytes: Gc<Bytes>, text: Gc<Str>) -> Encoded {
    (bytes, text.get(py).char_len())
}

fn wide_encode(py: &mut Py, text: Gc<Str>, errors: Option<Gc<Str>>, wide: Wide, order: i32) -> Result<Encoded> {
    let on_error = handler(py, errors);
    let bytes = native::wide_encode(py, text, wide, ByteOrder::from_number(order), &on_error)?;
    Ok(encoded(py, bytes, text))
}

type Source = (BytesLike, Option<Gc<Str>>, bool);

fn wide_decode(py: &mut Py, (data, errors, last): Source, wide: Wide, order: i32) -> Result<(Gc<Str>, usize, i32)> {
    let (on_error, data) = (handler(py, errors), data.object(py));
    let (decoded, order) = native::wide_decode(py, data, wide, ByteOrder::from_number(order), &on_error, last)?;
    Ok((decoded.text, decoded.consumed, order.number()))
}

fn name_of(py: &Py, text: Gc<Str>) -> String {
    text.get(py).lossy()
}

fn convert(py: &mut Py, which: usize, object: Value, encoding: Gc<Str>, errors: Option<Gc<Str>>) -> Result {
    let encoding = name_of(py, encoding);
    let codec = py.codec_lookup(&encoding)?;
    let codec = Gc::<Tuple>::known(py, codec);
    let errors = errors.map(|errors| name_of(py, errors));
    py.call_codec(codec, which, object, errors.as_deref(), &encoding)
}

/// The registries of codecs and error handlers, and the native codecs.
#[pymodule(name = "_codecs", parts(maps::maps::PART))]
pub mod codecs {
    use super::*;

    /// Register a codec search function, which gets a normalised encoding name and returns a CodecInfo or None.
    #[pyfunction]
    #[signature(search_function, /)]
    fn register(py: &mut Py, search_function: Value) -> Result<()> {
        if !py.is_callable(search_function) {
            raise!(py, TypeError, "argument must be callable");
        }
        let codecs = Codecs::of(py)?;
        py.list_push(codecs.search_path, search_function)
    }

    /// Unregister a codec search function and clear the registry's cache.
    #[pyfunction]
    #[signature(search_function, /)]
    fn unregister(py: &mut Py, search_function: Value) -> Result<()> {
        let codecs = Codecs::of(py)?;
        let path = codecs.search_path;
        let kept: Vec<usize> = (0..path.get(py).len()).filter(|index| path.get(py).items()[*index] == search_function).collect();
        if let Some(index) = kept.first() {
            let index = py.new_int(*index as i64);
            py.del_item(path.into(), index)?;
            py.dict_clear(codecs.cache);
        }
        Ok(())
    }

    /// Looks up a codec tuple in the Python codec registry and returns a CodecInfo object.
    #[pyfunction]
    #[signature(encoding, /)]
    fn lookup(py: &mut Py, encoding: Gc<Str>) -> Result {
        let encoding = name_of(py, encoding);
        py.codec_lookup(&encoding)
    }

    /// Encodes obj using the codec registered for encoding.
    #[pyfunction]
    #[signature(obj, encoding = "utf-8", errors = "strict")]
    fn encode(py: &mut Py, obj: Value, encoding: Gc<Str>, errors: Gc<Str>) -> Result {
        convert(py, 0, obj, encoding, Some(errors))
    }

    /// Decodes obj using the codec registered for encoding.
    #[pyfunction]
    #[signature(obj, encoding = "utf-8", errors = "strict")]
    fn decode(py: &mut Py, obj: Value, encoding: Gc<Str>, errors: Gc<Str>) -> Result {
        convert(py, 1, obj, encoding, Some(errors))
    }

    /// Register the specified error handler under the name errors.
    #[pyfunction]
    #[signature(errors, handler, /)]
    fn register_error(py: &mut Py, errors: Gc<Str>, handler: Value) -> Result<()> {
        if !py.is_callable(handler) {
            raise!(py, TypeError, "handler must be callable");
        }
        let codecs = Codecs::of(py)?;
        py.dict_set_str(codecs.errors, errors, handler)
    }

    /// Un-register the specified error handler; False if there is none.
    #[pyfunction]
    #[signature(errors, /)]
    fn _unregister_error(py: &mut Py, errors: Gc<Str>) -> Result<bool> {
        let name = name_of(py, errors);
        if !matches!(OnError::from_name(&name), OnError::Other(_)) {
            raise!(py, ValueError, "cannot un-register built-in error handler '{name}'");
        }
        let codecs = Codecs::of(py)?;
        Ok(py.dict_remove_str(codecs.errors, errors).is_some())
    }

    /// Return the error handler for the specified error handling name.
    #[pyfunction]
    #[signature(name, /)]
    fn lookup_error(py: &mut Py, name: Gc<Str>) -> Result {
        let name = name_of(py, name);
        Codecs::error_handler(py, &name)
    }

    #[pyfunction]
    #[signature(str, errors=None, /)]
    fn utf_8_encode(py: &mut Py, str: Gc<Str>, errors: Option<Gc<Str>>) -> Result<Encoded> {
        let on_error = handler(py, errors);
        let bytes = py.utf8_encode(str, &on_error)?;
        Ok(encoded(py, bytes, str))
    }

    #[pyfunction]
    #[signature(data, errors=None, r#final=False, /)]
    fn utf_8_decode(py: &mut Py, data: BytesLike, errors: Option<Gc<Str>>, r#final: bool) -> Result<(Gc<Str>, usize)> {
        let (on_error, data) = (handler(py, errors), data.object(py));
        let Decoded { text, consumed } = py.utf8_decode(data, &on_error, r#final)?;
        Ok((text, consumed))
    }

    #[pyfunction]
    #[signature(str, errors=None, /)]
    fn latin_1_encode(py: &mut Py, str: Gc<Str>, errors: Option<Gc<Str>>) -> Result<Encoded> {
        let on_error = handler(py, errors);
        let bytes = py.narrow_encode(str, 256, &on_error)?;
        Ok(encoded(py, bytes, str))
    }

    #[pyfunction]
    #[signature(data, errors=None, /)]
    fn latin_1_decode(py: &mut Py, data: BytesLike, errors: Option<Gc<Str>>) -> (Gc<Str>, usize) {
        let _ = errors;
        let data = data.object(py);
        (py.latin1_decode(data), data.get(py).data().len())
    }

    #[pyfunction]
    #[signature(str, errors=None, /)]
    fn ascii_encode(py: &mut Py, str: Gc<Str>, errors: Option<Gc<Str>>) -> Result<Encoded> {
        let on_error = handler(py, errors);
        let bytes = py.narrow_encode(str, 128, &on_error)?;
        Ok(encoded(py, bytes, str))
    }

    #[pyfunction]
    #[signature(data, errors=None, /)]
    fn ascii_decode(py: &mut Py, data: BytesLike, errors: Option<Gc<Str>>) -> Result<(Gc<Str>, usize)> {
        let (on_error, data) = (handler(py, errors), data.object(py));
        let Decoded { text, consumed } = py.ascii_decode(data, &on_error)?;
        Ok((text, consumed))
    }

    #[pyfunction]
    #[signature(str, errors=None, byteorder=0, /)]
    fn utf_16_encode(py: &mut Py, str: Gc<Str>, errors: Option<Gc<Str>>, byteorder: i32) -> Result<Encoded> {
        wide_encode(py, str, errors, Wide::Utf16, byteorder)
    }

    #[pyfunction]
    #[signature(data, errors=None, byteorder=0, r#final=False, /)]
    fn utf_16_ex_decode(
        py: &mut Py,
        data: BytesLike,
        errors: Option<Gc<Str>>,
        byteorder: i32,
        r#final: bool,
    ) -> Result<(Gc<Str>, usize, i32)> {
        wide_decode(py, (data, errors, r#final), Wide::Utf16, byteorder)
    }

    #[pyfunction]
    #[signature(data, errors=None, r#final=False, /)]
    fn utf_16_decode(py: &mut Py, data: BytesLike, errors: Option<Gc<Str>>, r#final: bool) -> Result<(Gc<Str>, usize)> {
        let (text, consumed, _) = wide_decode(py, (data, errors, r#final), Wide::Utf16, 0)?;
        Ok((text, consumed))
    }

    #[pyfunction]
    #[signature(str, errors=None, /)]
    fn utf_16_le_encode(py: &mut Py, str: Gc<Str>, errors: Option<Gc<Str>>) -> Result<Encoded> {
        wide_encode(py, str, errors, Wide::Utf16, -1)
    }

    #[pyfunction]
    #[signature(data, errors=None, r#final=False, /)]
    fn utf_16_le_decode(py: &mut Py, data: BytesLike, errors: Option<Gc<Str>>, r#final: bool) -> Result<(Gc<Str>, usize)> {
        let (text, consumed, _) = wide_decode(py, (data, errors, r#final), Wide::Utf16, -1)?;
        Ok((text, consumed))
    }

    #[pyfunction]
    #[signature(str, errors=None, /)]
    fn utf_16_be_encode(py: &mut Py, str: Gc<Str>, errors: Option<Gc<Str>>) -> Result<Encoded> {
        wide_encode(py, str, errors, Wide::Utf16, 1)
    }

    #[pyfunction]
    #[signature(data, errors=None, r#final=False, /)]
    fn utf_16_be_decode(py: &mut Py, data: BytesLike, errors: Option<Gc<Str>>, r#final: bool) -> Result<(Gc<Str>, usize)> {
        let (text, consumed, _) = wide_decode(py, (data, errors, r#final), Wide::Utf16, 1)?;
        Ok((text, consumed))
    }

    #[pyfunction]
    #[signature(str, errors=None, byteorder=0, /)]
    fn utf_32_encode(py: &mut Py, str: Gc<Str>, errors: Option<Gc<Str>>, byteorder: i32) -> Result<Encoded> {
        wide_encode(py, str, errors, Wide::Utf32, byteorder)
    }

    #[pyfunction]
    #[signature(data, errors=None, byteorder=0, r#final=False, /)]
    fn utf_32_ex_decode(
        py: &mut Py,
        data: BytesLike,
        errors: Option<Gc<Str>>,
        byteorder: i32,
        r#final: bool,
    ) -> Result<(Gc<Str>, usize, i32)> {
        wide_decode(py, (data, errors, r#final), Wide::Utf32, byteorder)
    }

    #[pyfunction]
    #[signature(data, errors=None, r#final=False, /)]
    fn utf_32_decode(py: &mut Py, data: BytesLike, errors: Option<Gc<Str>>, r#final: bool) -> Result<(Gc<Str>, usize)> {
        let (text, consumed, _) = wide_decode(py, (data, errors, r#final), Wide::Utf32, 0)?;
        Ok((text, consumed))
    }

    #[pyfunction]
    #[signature(str, errors=None, /)]
    fn utf_32_le_encode(py: &mut Py, str: Gc<Str>, errors: Option<Gc<Str>>) -> Result<Encoded> {
        wide_encode(py, str, errors, Wide::Utf32, -1)
    }

    #[pyfunction]
    #[signature(data, errors=None, r#final=False, /)]
    fn utf_32_le_decode(py: &mut Py, data: BytesLike, errors: Option<Gc<Str>>, r#final: bool) -> Result<(Gc<Str>, usize)> {
        let (text, consumed, _) = wide_decode(py, (data, errors, r#final), Wide::Utf32, -1)?;
        Ok((text, consumed))
    }

    #[pyfunction]
    #[signature(str, errors=None, /)]
    fn utf_32_be_encode(py: &mut Py, str: Gc<Str>, errors: Option<Gc<Str>>) -> Result<Encoded> {
        wide_encode(py, str, errors, Wide::Utf32, 1)
    }

    #[pyfunction]
    #[signature(data, errors=None, r#final=False, /)]
    fn utf_32_be_decode(py: &mut Py, data: BytesLike, errors: Option<Gc<Str>>, r#final: bool) -> Result<(Gc<Str>, usize)> {
        let (text, consumed, _) = wide_decode(py, (data, errors, r#final), Wide::Utf32, 1)?;
        Ok((text, consumed))
    }

    #[pyfunction]
    #[signature(data, errors=None, /)]
    fn readbuffer_encode(py: &mut Py, data: Value, errors: Option<Gc<Str>>) -> Result<Encoded> {
        let _ = errors;
        let bytes = match Gc::<Str>::cast(py, data) {
            Some(text) => py.utf8_encode(text, &OnError::Strict)?,
            None => {
                let bytes = BytesLike::new(py, data)?;
                bytes.object(py)
            }
        };
        let len = bytes.get(py).data().len();
        Ok((bytes, len))
    }

    /// Raise the exception: the handler `strict`.
    #[pyfunction]
    #[signature(exception, /)]
    fn strict_errors(py: &mut Py, exception: Value) -> Result {
        handlers::handle(py, &OnError::Strict, exception)
    }

    /// The handler `ignore`.
    #[pyfunction]
    #[signature(exception, /)]
    fn ignore_errors(py: &mut Py, exception: Value) -> Result {
        handlers::handle(py, &OnError::Ignore, exception)
    }

    /// The handler `replace`.
    #[pyfunction]
    #[signature(exception, /)]
    fn replace_errors(py: &mut Py, exception: Value) -> Result {
        handlers::handle(py, &OnError::Replace, exception)
    }

    /// The handler `xmlcharrefreplace`.
    #[pyfunction]
    #[signature(exception, /)]
    fn xmlcharrefreplace_errors(py: &mut Py, exception: Value) -> Result {
        handlers::handle(py, &OnError::XmlCharRefReplace, exception)
    }

    /// The handler `backslashreplace`.
    #[pyfunction]
    #[signature(exception, /)]
    fn backslashreplace_errors(py: &mut Py, exception: Value) -> Result {
        handlers::handle(py, &OnError::BackslashReplace, exception)
    }

    /// The handler `namereplace`.
    #[pyfunction]
    #[signature(exception, /)]
    fn namereplace_errors(py: &mut Py, exception: Value) -> Result {
        handlers::handle(py, &OnError::NameReplace, exception)
    }

    /// The handler `surrogateescape`.
    #[pyfunction]
    #[signature(exception, /)]
    fn surrogateescape_errors(py: &mut Py, exception: Value) -> Result {
        handlers::handle(py, &OnError::SurrogateEscape, exception)
    }

    /// The handler `surrogatepass`.
    #[pyfunction]
    #[signature(exception, /)]
    fn surrogatepass_errors(py: &mut Py, exception: Value) -> Result {
        handlers::handle(py, &OnError::SurrogatePass, exception)
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let codecs = Codecs::of(py)?;
        for name in handlers::NAMES {
            let function = py.get_attr_named(module.into(), &format!("{name}_errors"))?;
            let name = py.intern(name);
            py.dict_set_str(codecs.errors, name, function)?;
        }
        Ok(())
    }
}
