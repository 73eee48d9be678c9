//! `bytes(...)` and hexadecimal text.

use super::Bytes;
use crate::buffer::BytesLike;
use crate::native::Args;
use crate::object::{Class, Str};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, HeapVec, Value};
use std::cell::Cell;

/// `bytes.__new__`.
pub(super) fn new(py: &mut Py, cls: Gc<Class>, args: Args) -> Result {
    let bytes = Source::new(py, "bytes", args)?.bytes(py)?;
    if cls == py.types.bytes {
        return Ok(bytes.into());
    }
    let len = bytes.get(py).data().len();
    let Ok(data) = HeapVec::filled(&mut py.heap, len, 0u8) else { return Err(py.no_memory()) };
    let made = py.alloc_as(cls, Bytes { header: Header::EMPTY, data, hash: Cell::new(0) });
    let copy = bytes.get(py).data().to_vec();
    made.get_mut(py).data.copy_from_slice(&copy);
    Ok(made.into())
}

/// The arguments of a constructor.
pub(crate) struct Source<'a> {
    class: &'a str,
    object: Option<Value>,
    encoding: Option<String>,
    errors: Option<String>,
}

impl<'a> Source<'a> {
    /// The arguments for `class`.
    pub(crate) fn new(py: &mut Py, class: &'a str, args: Args) -> Result<Self> {
        const NAMES: [&str; 3] = ["source", "encoding", "errors"];
        if args.len() > 3 {
            raise!(py, TypeError, "{class}() takes at most 3 arguments ({} given)", args.len());
        }
        let given = args.named(py, class, &NAMES)?;
        let mut texts = [const { None }; 3];
        for at in 1..3 {
            let Some(value) = given[at] else { continue };
            match Gc::<Str>::cast(py, value) {
                Some(text) => texts[at] = Some(text.get(py).lossy()),
                None => {
                    let kind = if value.is_none() { "None".to_string() } else { py.class_name(value) };
                    raise!(py, TypeError, "{class}() argument '{}' must be str, not {kind}", NAMES[at])
                }
            }
        }
        let [_, encoding, errors] = texts;
        Ok(Self { class, object: given[0], encoding, errors })
    }

    /// The bytes that they describe.
    pub(crate) fn bytes(self, py: &mut Py) -> Result<Gc<Bytes>> {
        let Self { class, object, encoding, errors } = self;
        let Some(source) = object else {
            if encoding.is_some() || errors.is_some() {
                let which = if encoding.is_some() { "encoding" } else { "errors" };
                raise!(py, TypeError, "{which} without a string argument");
            }
            return Ok(py.new_bytes(&[]));
        };
        if let Some(text) = Gc::<Str>::cast(py, source) {
            match encoding {
                Some(encoding) => return py.encode_str(text, &encoding, errors.as_deref().unwrap_or("strict")),
                None if errors.is_some() => raise!(py, TypeError, "string argument without an encoding"),
                None => {}
            }
        }
        if encoding.is_some() || errors.is_some() {
            let which = if encoding.is_some() { "encoding" } else { "errors" };
            raise!(py, TypeError, "{which} without a string argument");
        }
        from_object(py, source, class)
    }
}

/// The bytes of an object: `__bytes__` (for `class` bytes), a length, a buffer or an iterable of ints.
pub(crate) fn from_object(py: &mut Py, source: Value, class: &str) -> Result<Gc<Bytes>> {
    if crate::object::is_exact(source, crate::types::shapes::BYTES) {
        return Ok(Gc::known(py, source));
    }
    let name = py.names.__bytes__;
    if class == "bytes"
        && let Some(result) = py.call_special(source, name, &[])?
    {
        return match Gc::<Bytes>::cast(py, result) {
            Some(bytes) => Ok(bytes),
            None => {
                let given = py.class_name(result);
                raise!(py, TypeError, "__bytes__ returned non-bytes (type {given})")
            }
        };
    }
    if py.is_str(source) {
        raise!(py, TypeError, "string argument without an encoding");
    }
    if py.has_index(source) {
        let count = py.to_isize(source)?;
        if count < 0 {
            raise!(py, ValueError, "negative count");
        }
        return py.fill_bytes(count as usize, |_, _| {});
    }
    if let Some(bytes) = BytesLike::try_any_layout(py, source)? {
        let bytes = bytes.object(py);
        return py.exact_bytes(bytes);
    }
    if !py.is_iterable(source) {
        let given = py.class_name(source);
        raise!(py, TypeError, "cannot convert '{given}' object to {class}");
    }
    let bytes = from_iterable(py, source, class)?;
    Ok(py.new_bytes(&bytes))
}

/// The bytes of an iterable of ints; `class` is for messages.
pub(crate) fn from_iterable(py: &mut Py, source: Value, class: &str) -> Result<Vec<u8>> {
    let iterator = py.iter(source)?;
    let mut out = Vec::new();
    while let Some(item) = py.next(iterator)? {
        let int = py.index(item)?;
        match py.int_to_i64(int).and_then(|int| u8::try_from(int).ok()) {
            Some(byte) => out.push(byte),
            None if class == "bytes" => raise!(py, ValueError, "bytes must be in range(0, 256)"),
            None => raise!(py, ValueError, "byte must be in range(0, 256)"),
        }
    }
    Ok(out)
}

/// The bytes that hexadecimal digits, with white space between bytes, stand for.
pub(crate) fn from_hex(py: &mut Py, source: Value) -> Result<Vec<u8>> {
    let text = match Gc::<Str>::cast(py, source) {
        Some(text) => {
            let text = text.get(py).bytes().to_vec();
            if let Some(wrong) = text.iter().position(|byte| !byte.is_ascii()) {
                raise!(py, ValueError, "non-hexadecimal number found in fromhex() arg at position {wrong}");
            }
            text
        }
        None => match BytesLike::try_new(py, source)? {
            Some(bytes) => bytes.get(py).to_vec(),
            None => {
                let given = py.class_name(source);
                raise!(py, TypeError, "fromhex() argument must be str or bytes-like, not {given}")
            }
        },
    };
    let digit = |at: usize| text.get(at).and_then(|byte| (*byte as char).to_digit(16));
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut at = 0;
    while at < text.len() {
        if matches!(text[at], b' ' | b'\t'..=b'\r') {
            at += 1;
            continue;
        }
        let wrong = match (digit(at), digit(at + 1)) {
            (Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 2;
                continue;
            }
            (Some(_), None) => at + 1,
            _ => at,
        };
        if wrong >= text.len() {
            raise!(py, ValueError, "fromhex() arg must contain an even number of hexadecimal digits");
        }
        raise!(py, ValueError, "non-hexadecimal number found in fromhex() arg at position {wrong}");
    }
    Ok(out)
}

/// `bytes.hex(sep, bytes_per_sep)`.
pub(crate) fn hex_text(py: &mut Py, bytes: &[u8], separator: Option<Value>, group: isize) -> Result<Gc<Str>> {
    let mut sep = None;
    if let Some(value) = separator {
        let (len, byte) = match Gc::<Str>::cast(py, value) {
            Some(text) => {
                if !text.get(py).is_ascii() {
                    raise!(py, ValueError, "sep must be ASCII.");
                }
                (text.get(py).char_len(), text.get(py).bytes().first().copied())
            }
            None => match Gc::<Bytes>::cast(py, value) {
                Some(bytes) => (py.len(value)?, bytes.get(py).data().first().copied()),
                None => (py.len(value)?, None),
            },
        };
        if len != 1 {
            raise!(py, ValueError, "sep must be length 1.");
        }
        if byte.is_none() {
            raise!(py, TypeError, "sep must be str or bytes.");
        }
        sep = byte;
        if sep.is_some_and(|sep| sep >= 0x80) {
            raise!(py, ValueError, "sep must be ASCII.");
        }
    }
    let size = group.unsigned_abs();
    let digit = |value: u8| b"0123456789abcdef"[value as usize];
    let digits = |byte: u8| [digit(byte >> 4), digit(byte & 15)];
    let Some(sep) = sep.filter(|_| size > 0) else {
        let mut text = vec![0; bytes.len() * 2];
        for (byte, pair) in bytes.iter().zip(text.as_chunks_mut::<2>().0) {
            *pair = digits(*byte);
        }
        return Ok(py.new_str_wtf8(&text));
    };
    let mut out = Vec::with_capacity(bytes.len() * 3);
    for (index, byte) in bytes.iter().enumerate() {
        let distance = if group > 0 { bytes.len() - index } else { index };
        if index > 0 && distance % size == 0 {
            out.push(sep);
        }
        out.extend_from_slice(&digits(*byte));
    }
    Ok(py.new_str_wtf8(&out))
}
