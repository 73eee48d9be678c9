//! What happens to text that cannot be encoded and bytes that cannot be decoded: the standard handlers, and calling registered ones.

use super::registry::Codecs;
use crate::object::{Str, Tuple, encode_code_point};
use crate::types::Bytes;
use crate::{Py, Raised, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_text::unicode;

/// An error handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnError {
    /// Raise.
    Strict,
    /// Leave out.
    Ignore,
    /// A question mark or U+FFFD.
    Replace,
    /// Bytes as surrogates U+DC80 to U+DCFF.
    SurrogateEscape,
    /// Surrogates as if they were characters.
    SurrogatePass,
    /// `\x..`, `\u....`
    BackslashReplace,
    /// `&#...;`
    XmlCharRefReplace,
    /// `\N{...}`
    NameReplace,
    /// One that was registered.
    Other(String),
}

impl OnError {
    /// The handler with this name.
    pub fn from_name(name: &str) -> OnError {
        match name {
            "strict" => OnError::Strict,
            "ignore" => OnError::Ignore,
            "replace" => OnError::Replace,
            "surrogateescape" => OnError::SurrogateEscape,
            "surrogatepass" => OnError::SurrogatePass,
            "backslashreplace" => OnError::BackslashReplace,
            "xmlcharrefreplace" => OnError::XmlCharRefReplace,
            "namereplace" => OnError::NameReplace,
            _ => OnError::Other(name.to_string()),
        }
    }

    /// The handler's name.
    pub fn name(&self) -> &str {
        match self {
            OnError::Strict => "strict",
            OnError::Ignore => "ignore",
            OnError::Replace => "replace",
            OnError::SurrogateEscape => "surrogateescape",
            OnError::SurrogatePass => "surrogatepass",
            OnError::BackslashReplace => "backslashreplace",
            OnError::XmlCharRefReplace => "xmlcharrefreplace",
            OnError::NameReplace => "namereplace",
            OnError::Other(name) => name,
        }
    }
}

/// What could not be converted: the range in characters or bytes, and why.
#[derive(Clone, Copy, Debug)]
pub struct Failure<'a> {
    /// The encoding's name.
    pub encoding: &'a str,
    /// Where it starts.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The explanation.
    pub reason: &'a str,
}

/// What stands in place of text that cannot be encoded.
pub enum Replacement {
    /// Text that is encoded itself.
    Text(Gc<Str>),
    /// Bytes as they are.
    Bytes(Gc<Bytes>),
}

/// The escape of a code point as `backslashreplace` has it.
pub fn push_backslash(out: &mut Vec<u8>, code: u32) {
    let text = match code {
        0..0x100 => format!("\\x{code:02x}"),
        0x100..0x10000 => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    };
    out.extend_from_slice(text.as_bytes());
}

/// The ASCII text that a standard handler puts in place of a code point.
pub fn ascii_replacement(on_error: &OnError, code: u32, out: &mut Vec<u8>) {
    match on_error {
        OnError::XmlCharRefReplace => out.extend_from_slice(format!("&#{code};").as_bytes()),
        OnError::NameReplace => match unicode::name(code) {
            Some(name) => out.extend_from_slice(format!("\\N{{{name}}}").as_bytes()),
            None => push_backslash(out, code),
        },
        _ => push_backslash(out, code),
    }
}

impl Py {
    /// A UnicodeEncodeError.
    pub fn encode_exception(&mut self, text: Gc<Str>, failure: Failure) -> Result {
        let class = self.exceptions.UnicodeEncodeError;
        self.codec_exception(class.into(), text.into(), failure)
    }

    /// A UnicodeDecodeError.
    pub fn decode_exception(&mut self, bytes: Gc<Bytes>, failure: Failure) -> Result {
        let class = self.exceptions.UnicodeDecodeError;
        self.codec_exception(class.into(), bytes.into(), failure)
    }

    fn codec_exception(&mut self, class: Value, object: Value, failure: Failure) -> Result {
        let (encoding, reason) = (self.new_str(failure.encoding), self.new_str(failure.reason));
        let (start, end) = (Value::small(failure.start as i32), Value::small(failure.end as i32));
        self.call(class, &[encoding.into(), object, start, end, reason.into()])
    }

    /// Raise a UnicodeEncodeError.
    #[cold]
    pub fn raise_encode(&mut self, text: Gc<Str>, failure: Failure) -> Raised {
        match self.encode_exception(text, failure) {
            Ok(exception) => self.raise(exception),
            Err(raised) => raised,
        }
    }

    /// Raise a UnicodeDecodeError.
    #[cold]
    pub fn raise_decode(&mut self, bytes: Gc<Bytes>, failure: Failure) -> Raised {
        match self.decode_exception(bytes, failure) {
            Ok(exception) => self.raise(exception),
            Err(raised) => raised,
        }
    }

    /// Ask a registered handler: what to write instead, and where to go on.
    pub fn call_encode_handler(&mut self, name: &str, text: Gc<Str>, failure: Failure) -> Result<(Replacement, usize)> {
        let handler = Codecs::error_handler(self, name)?;
        let exception = self.encode_exception(text, failure)?;
        let result = self.call(handler, &[exception])?;
        const WRONG: &str = "encoding error handler must return (str/bytes, int) tuple";
        let (value, position) = self.handler_result(result, WRONG)?;
        let replacement = if let Some(text) = Gc::<Str>::cast(self, value) {
            Replacement::Text(text)
        } else if let Some(bytes) = Gc::<Bytes>::cast(self, value) {
            Replacement::Bytes(bytes)
        } else {
            raise!(self, TypeError, "{WRONG}");
        };
        let len = text.get(self).char_len();
        Ok((replacement, self.handler_position(position, len)?))
    }

    /// Ask a registered handler: what to read instead, where to go on, and the bytes from then on.
    pub fn call_decode_handler(&mut self, name: &str, bytes: Gc<Bytes>, failure: Failure) -> Result<(Gc<Str>, usize, Gc<Bytes>)> {
        let handler = Codecs::error_handler(self, name)?;
        let exception = self.decode_exception(bytes, failure)?;
        let result = self.call(handler, &[exception])?;
        const WRONG: &str = "decoding error handler must return (str, int) tuple";
        let (value, position) = self.handler_result(result, WRONG)?;
        let Some(text) = Gc::<Str>::cast(self, value) else { raise!(self, TypeError, "{WRONG}") };
        let object = self.get_attr_named(exception, "object")?;
        let Some(bytes) = Gc::<Bytes>::cast(self, object) else {
            raise!(self, TypeError, "exception attribute object must be bytes");
        };
        let len = bytes.get(self).data().len();
        Ok((text, self.handler_position(position, len)?, bytes))
    }

    fn handler_result(&mut self, result: Value, wrong: &str) -> Result<(Value, isize)> {
        let pair = Gc::<Tuple>::cast(self, result).and_then(|tuple| match *tuple.get(self).items() {
            [value, position] => Some((value, position)),
            _ => None,
        });
        let Some((value, position)) = pair else { raise!(self, TypeError, "{wrong}") };
        if !self.is_int(position) {
            raise!(self, TypeError, "{wrong}");
        }
        Ok((value, self.to_isize(position)?))
    }

    fn handler_position(&mut self, position: isize, len: usize) -> Result<usize> {
        let at = if position < 0 { position + len as isize } else { position };
        if at < 0 || at as usize > len {
            raise!(self, IndexError, "position {position} from error handler out of bounds");
        }
        Ok(at as usize)
    }
}

/// Append a code point, which may be a surrogate.
#[inline]
pub fn push(out: &mut Vec<u8>, code: u32) {
    if code < 0x80 { out.push(code as u8) } else { out.extend_from_slice(encode_code_point(code, &mut [0; 4])) }
}
