//! Codecs: between `str` and `bytes`, the registry of encodings and that of error handlers.
//!
//! The common encodings and all standard error handlers are native and need no module. What Python code registers is kept in
//! the interpreter. Counterparts: `Python/codecs.c`, the codecs in `Objects/unicodeobject.c`.

mod charmap;
mod decode;
mod encode;
mod errors;
mod escape;
mod registry;
mod wide;

pub use charmap::{charmap_build, charmap_decode, charmap_encode};
pub use decode::{Decoded, wrong_direction};
pub use encode::Encoded;
pub use errors::{OnError, ascii_replacement, push as push_code};
pub use escape::{
    escape_decode, escape_encode, raw_unicode_escape_decode, raw_unicode_escape_encode, unicode_escape_decode, unicode_escape_encode,
};
pub use registry::Codecs;
pub use wide::{ByteOrder, Wide, wide_decode, wide_encode};

use crate::native::{Argument, FromValue};
use crate::object::Str;
use crate::types::Bytes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

/// The encodings with a fast path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Common {
    /// `utf-8`
    Utf8,
    /// `latin-1`
    Latin1,
    /// `ascii`
    Ascii,
    /// `utf-16` and `utf-32`
    Wide(Wide, ByteOrder),
}

impl Common {
    /// The encoding that a name, in any of its spellings, stands for.
    pub fn from_name(name: &str) -> Option<Common> {
        if name == "utf-8" {
            return Some(Common::Utf8);
        }
        let mut normal = [0u8; 16];
        let name = name.as_bytes();
        if name.len() > normal.len() {
            return None;
        }
        for (to, from) in normal.iter_mut().zip(name) {
            *to = if *from == b'_' { b'-' } else { from.to_ascii_lowercase() };
        }
        Some(match &normal[..name.len()] {
            b"utf-8" | b"utf8" => Common::Utf8,
            b"latin-1" | b"latin1" | b"iso-8859-1" | b"iso8859-1" => Common::Latin1,
            b"ascii" | b"us-ascii" => Common::Ascii,
            b"utf-16" | b"utf16" => Common::Wide(Wide::Utf16, ByteOrder::Native),
            b"utf-32" | b"utf32" => Common::Wide(Wide::Utf32, ByteOrder::Native),
            b"utf-16-le" => Common::Wide(Wide::Utf16, ByteOrder::Little),
            b"utf-16-be" => Common::Wide(Wide::Utf16, ByteOrder::Big),
            b"utf-32-le" => Common::Wide(Wide::Utf32, ByteOrder::Little),
            b"utf-32-be" => Common::Wide(Wide::Utf32, ByteOrder::Big),
            _ => return None,
        })
    }
}

/// The name of an encoding or of an error handler, as an argument.
#[derive(Clone, Copy)]
pub enum CodecName {
    /// The default.
    Default(&'static str),
    /// What was given.
    Given(Gc<Str>),
}

impl From<&'static str> for CodecName {
    fn from(name: &'static str) -> Self {
        CodecName::Default(name)
    }
}

impl FromValue for CodecName {
    #[inline]
    fn from_value(py: &mut Py, value: Value, argument: Argument) -> Result<Self> {
        <Gc<Str> as FromValue>::from_value(py, value, argument).map(CodecName::Given)
    }
}

impl CodecName {
    /// The text, which is to have neither surrogates nor null characters.
    pub fn text(self, py: &mut Py) -> Result<String> {
        let name = match self {
            CodecName::Default(name) => return Ok(name.to_string()),
            CodecName::Given(name) => name,
        };
        match name.get(py).to_str() {
            Some(text) if text.contains('\0') => raise!(py, ValueError, "embedded null character"),
            Some(text) => Ok(text.to_string()),
            None => Err(py.surrogates_not_allowed(name)),
        }
    }

    /// Whether ASCII text and its bytes in this encoding are the same.
    pub(crate) fn keeps_ascii(self, py: &Py) -> bool {
        let name = match self {
            CodecName::Default(name) => Some(name),
            CodecName::Given(name) => name.get(py).to_str(),
        };
        matches!(name.and_then(Common::from_name), Some(Common::Utf8 | Common::Latin1 | Common::Ascii))
    }
}

impl Py {
    /// `text.encode(encoding, errors)`.
    pub fn encode_str(&mut self, text: Gc<Str>, encoding: &str, errors: &str) -> Result<Gc<Bytes>> {
        let Some(common) = Common::from_name(encoding) else { return self.encode_registered(text, encoding, errors) };
        if text.get(self).is_ascii() && !matches!(common, Common::Wide(..)) {
            return self.bytes_of_str(text);
        }
        let errors = OnError::from_name(errors);
        match common {
            Common::Utf8 => self.utf8_encode(text, &errors),
            Common::Latin1 => self.narrow_encode(text, 256, &errors),
            Common::Ascii => self.narrow_encode(text, 128, &errors),
            Common::Wide(wide, order) => wide_encode(self, text, wide, order, &errors),
        }
    }

    /// `bytes.decode(encoding, errors)`.
    pub fn decode_bytes(&mut self, bytes: Gc<Bytes>, encoding: &str, errors: &str) -> Result<Gc<Str>> {
        let Some(common) = Common::from_name(encoding) else { return self.decode_registered(bytes, encoding, errors) };
        if bytes.get(self).data().is_ascii() && !matches!(common, Common::Wide(..)) {
            return self.str_of_ascii(bytes);
        }
        let errors = OnError::from_name(errors);
        let decoded = match common {
            Common::Utf8 => self.utf8_decode(bytes, &errors, true)?,
            Common::Latin1 => return Ok(self.latin1_decode(bytes)),
            Common::Ascii => self.ascii_decode(bytes, &errors)?,
            Common::Wide(wide, order) => wide_decode(self, bytes, wide, order, &errors, true)?.0,
        };
        Ok(decoded.text)
    }

    /// The bytes of a string as they are: UTF-8 when there is no surrogate.
    pub(crate) fn bytes_of_str(&mut self, text: Gc<Str>) -> Result<Gc<Bytes>> {
        let len = text.get(self).byte_len();
        self.build_bytes(len, |py, data| data.extend_within_capacity(text.get(py).bytes())).map_err(|_| self.no_memory())
    }

    /// The text of bytes that are ASCII.
    pub(crate) fn str_of_ascii(&mut self, bytes: Gc<Bytes>) -> Result<Gc<Str>> {
        let len = bytes.get(self).data().len();
        self.fill_str(len, len, true, |py, out| out.copy_from_slice(bytes.get(py).data()))
    }

    /// A string as a C string would have it: no null characters.
    pub fn check_no_null(&mut self, text: Gc<Str>) -> Result<()> {
        if text.get(self).bytes().contains(&0) {
            raise!(self, ValueError, "embedded null character");
        }
        Ok(())
    }
}
