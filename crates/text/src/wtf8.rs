//! `Wtf8` and `Wtf8Buf`: text that may contain surrogates, as Python's str can, borrowed and owned.
//!
//! Unlike strict WTF-8 it may hold a high surrogate before a low one: in Python they stay two code points.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Borrowed text in UTF-8 in which surrogates are encoded like other code points.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Wtf8<'a>(&'a [u8]);

impl<'a> Wtf8<'a> {
    /// The text with these bytes, unless they are no WTF-8.
    pub fn from_bytes(bytes: &'a [u8]) -> Option<Wtf8<'a>> {
        is_wtf8(bytes).then_some(Wtf8(bytes))
    }

    /// The encoded text.
    pub fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// The text as a `str`, when there are no surrogates in it.
    pub fn as_str(self) -> Option<&'a str> {
        std::str::from_utf8(self.0).ok()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> From<&'a str> for Wtf8<'a> {
    fn from(text: &'a str) -> Wtf8<'a> {
        Wtf8(text.as_bytes())
    }
}

impl fmt::Debug for Wtf8<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(self.0))
    }
}

/// Text in UTF-8 in which surrogates are encoded like other code points. What lies in static memory or is shared is not copied.
#[derive(Clone)]
pub struct Wtf8Buf {
    bytes: Bytes,
}

#[derive(Clone)]
enum Bytes {
    Static(&'static [u8]),
    Shared(Arc<[u8]>),
    Owned(Vec<u8>),
}

impl Wtf8Buf {
    /// The empty text.
    pub const fn new() -> Wtf8Buf {
        Wtf8Buf { bytes: Bytes::Static(&[]) }
    }

    /// The empty text, with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Wtf8Buf {
        Wtf8Buf { bytes: Bytes::Owned(Vec::with_capacity(bytes)) }
    }

    /// The text with these bytes, unless they are no WTF-8.
    pub fn from_bytes(bytes: impl Into<Cow<'static, [u8]>>) -> Option<Wtf8Buf> {
        let bytes = match bytes.into() {
            Cow::Borrowed(bytes) => Bytes::Static(bytes),
            Cow::Owned(bytes) => Bytes::Owned(bytes),
        };
        let text = Wtf8Buf { bytes };
        is_wtf8(text.as_bytes()).then_some(text)
    }

    /// A text that lies in static memory.
    pub const fn fixed(text: &'static str) -> Wtf8Buf {
        Wtf8Buf { bytes: Bytes::Static(text.as_bytes()) }
    }

    /// A text whose clones share its memory.
    pub fn shared<'a>(text: impl Into<Wtf8<'a>>) -> Wtf8Buf {
        Wtf8Buf { bytes: Bytes::Shared(text.into().0.into()) }
    }

    /// The text, borrowed.
    pub fn as_wtf8(&self) -> Wtf8<'_> {
        Wtf8(self.as_bytes())
    }

    /// The bytes, for changing them apart from others who share them.
    fn to_mut(&mut self) -> &mut Vec<u8> {
        if !matches!(self.bytes, Bytes::Owned(_)) {
            self.bytes = Bytes::Owned(self.as_bytes().to_vec());
        }
        match &mut self.bytes {
            Bytes::Owned(bytes) => bytes,
            Bytes::Static(_) | Bytes::Shared(_) => unreachable!("they were just copied"),
        }
    }

    /// Appends a code point, which may be a surrogate. Values above U+10FFFF become U+FFFD.
    pub fn push_code_point(&mut self, code_point: u32) {
        match char::from_u32(code_point) {
            Some(character) => self.push(character),
            None if code_point > 0x10FFFF => self.push(char::REPLACEMENT_CHARACTER),
            None => self.to_mut().extend([0xED, 0x80 | (code_point >> 6 & 0x3F) as u8, 0x80 | (code_point & 0x3F) as u8]),
        }
    }

    /// Appends a character.
    pub fn push(&mut self, character: char) {
        self.to_mut().extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// Appends a `str`.
    pub fn push_str(&mut self, text: &str) {
        self.to_mut().extend_from_slice(text.as_bytes());
    }

    /// Appends another text.
    pub fn push_wtf8(&mut self, text: Wtf8<'_>) {
        self.to_mut().extend_from_slice(text.0);
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }

    /// The encoded text.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Static(bytes) => bytes,
            Bytes::Shared(bytes) => bytes,
            Bytes::Owned(bytes) => bytes,
        }
    }

    /// The text as a `str`, when there are no surrogates in it.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self.as_bytes()).ok()
    }
}

fn is_wtf8(bytes: &[u8]) -> bool {
    if bytes.is_ascii() {
        return true;
    }
    let mut rest = bytes;
    while let Err(error) = std::str::from_utf8(rest) {
        let [0xED, 0xA0..=0xBF, 0x80..=0xBF, tail @ ..] = &rest[error.valid_up_to()..] else { return false };
        rest = tail;
    }
    true
}

impl Default for Wtf8Buf {
    fn default() -> Wtf8Buf {
        Wtf8Buf::new()
    }
}

impl PartialEq for Wtf8Buf {
    fn eq(&self, other: &Wtf8Buf) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Wtf8Buf {}

impl Hash for Wtf8Buf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl PartialOrd for Wtf8Buf {
    fn partial_cmp(&self, other: &Wtf8Buf) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Wtf8Buf {
    fn cmp(&self, other: &Wtf8Buf) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl From<&str> for Wtf8Buf {
    fn from(text: &str) -> Wtf8Buf {
        Wtf8Buf { bytes: Bytes::Owned(text.as_bytes().to_vec()) }
    }
}

impl From<String> for Wtf8Buf {
    fn from(text: String) -> Wtf8Buf {
        Wtf8Buf { bytes: Bytes::Owned(text.into_bytes()) }
    }
}

impl PartialEq<str> for Wtf8Buf {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl fmt::Display for Wtf8Buf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.as_bytes()))
    }
}

impl fmt::Debug for Wtf8Buf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_wtf8().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Wtf8Buf;

    #[test]
    fn surrogates_are_accepted() {
        assert!(Wtf8Buf::from_bytes(vec![b'a', 0xED, 0xA0, 0x80, b'b']).is_some());
        assert!(Wtf8Buf::from_bytes(vec![0xED, 0xA0, 0x80, 0xED, 0xB0, 0x80]).is_some());
        assert!(Wtf8Buf::from_bytes(vec![0xED, 0xA0]).is_none());
        assert!(Wtf8Buf::from_bytes(vec![0xFF]).is_none());
    }

    #[test]
    fn code_points_are_appended() {
        let mut text = Wtf8Buf::from("a");
        text.push_code_point(0xD800);
        text.push_code_point(0x1F600);
        assert_eq!(text.as_bytes(), b"a\xED\xA0\x80\xF0\x9F\x98\x80");
    }
}
