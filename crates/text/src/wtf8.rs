//! `Wtf8Buf`: owned text that may contain surrogates, as Python's str can.
//!
//! Unlike strict WTF-8 it may hold a high surrogate before a low one: in Python they stay two code points.

use std::borrow::Cow;
use std::fmt;

/// Text in UTF-8 in which surrogates are encoded like other code points. What lies in static memory is not copied.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Wtf8Buf {
    bytes: Cow<'static, [u8]>,
}

impl Wtf8Buf {
    /// The empty text.
    pub const fn new() -> Wtf8Buf {
        Wtf8Buf { bytes: Cow::Borrowed(&[]) }
    }

    /// The text with these bytes, unless they are no WTF-8.
    pub fn from_bytes(bytes: impl Into<Cow<'static, [u8]>>) -> Option<Wtf8Buf> {
        let bytes = bytes.into();
        is_wtf8(&bytes).then_some(Wtf8Buf { bytes })
    }

    /// Appends a code point, which may be a surrogate. Values above U+10FFFF become U+FFFD.
    pub fn push_code_point(&mut self, code_point: u32) {
        match char::from_u32(code_point) {
            Some(character) => self.push(character),
            None if code_point > 0x10FFFF => self.push(char::REPLACEMENT_CHARACTER),
            None => self.bytes.to_mut().extend([0xED, 0x80 | (code_point >> 6 & 0x3F) as u8, 0x80 | (code_point & 0x3F) as u8]),
        }
    }

    /// Appends a character.
    pub fn push(&mut self, character: char) {
        self.bytes.to_mut().extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// Appends a `str`.
    pub fn push_str(&mut self, text: &str) {
        self.bytes.to_mut().extend_from_slice(text.as_bytes());
    }

    /// Appends another text.
    pub fn push_wtf8(&mut self, text: &Wtf8Buf) {
        self.bytes.to_mut().extend_from_slice(&text.bytes);
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The encoded text.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The text as a `str`, when there are no surrogates in it.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
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

impl From<&str> for Wtf8Buf {
    fn from(text: &str) -> Wtf8Buf {
        Wtf8Buf { bytes: text.as_bytes().to_vec().into() }
    }
}

impl From<String> for Wtf8Buf {
    fn from(text: String) -> Wtf8Buf {
        Wtf8Buf { bytes: text.into_bytes().into() }
    }
}

impl PartialEq<str> for Wtf8Buf {
    fn eq(&self, other: &str) -> bool {
        *self.bytes == *other.as_bytes()
    }
}

impl fmt::Display for Wtf8Buf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.bytes))
    }
}

impl fmt::Debug for Wtf8Buf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.bytes))
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
