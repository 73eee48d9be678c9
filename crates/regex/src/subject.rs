//! What is searched, and the conversion between its byte offsets and Python's character positions.

use crate::encoding::{Encoding, Wide, count};

/// The text or bytes to match. Offsets into it are byte offsets.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// One byte per character: `bytes`, or text that is ASCII (or Latin-1).
    Narrow(&'a [u8]),
    /// Text in WTF-8.
    Wide(&'a [u8]),
}

impl<'a> Subject<'a> {
    /// The stored bytes.
    pub fn bytes(&self) -> &'a [u8] {
        match *self {
            Subject::Narrow(bytes) | Subject::Wide(bytes) => bytes,
        }
    }

    /// The subject up to a byte offset (`endpos`).
    pub fn until(&self, end: usize) -> Subject<'a> {
        let cut = |bytes: &'a [u8]| &bytes[..end.min(bytes.len())];
        match *self {
            Subject::Narrow(bytes) => Subject::Narrow(cut(bytes)),
            Subject::Wide(bytes) => Subject::Wide(cut(bytes)),
        }
    }
}

/// Converts between byte offsets and character positions of one subject.
///
/// It remembers the last place asked for and counts from there, so that a series of questions in order, such as
/// the matches of `finditer`, costs one pass over the subject in all.
#[derive(Debug)]
pub struct Positions<'a> {
    subject: Subject<'a>,
    byte: usize,
    char: usize,
}

impl<'a> Positions<'a> {
    /// A converter for this subject.
    pub fn new(subject: Subject<'a>) -> Positions<'a> {
        Positions { subject, byte: 0, char: 0 }
    }

    /// The character position of a byte offset.
    pub fn char_of(&mut self, byte: usize) -> usize {
        let Subject::Wide(text) = self.subject else { return byte };
        let byte = byte.min(text.len());
        if byte >= self.byte {
            self.char += count(&text[self.byte..byte]);
        } else if byte < self.byte / 2 {
            self.char = count(&text[..byte]);
        } else {
            self.char -= count(&text[byte..self.byte]);
        }
        self.byte = byte;
        self.char
    }

    /// The byte offset of a character position, or of the end if there are fewer characters.
    pub fn byte_of(&mut self, char: usize) -> usize {
        let Subject::Wide(text) = self.subject else { return char.min(self.subject.bytes().len()) };
        if char < self.char / 2 {
            (self.byte, self.char) = (0, 0);
        }
        while self.char > char {
            self.byte = Wide::back(text, self.byte);
            self.char -= 1;
        }
        while self.char < char && self.byte < text.len() {
            // A stretch of as many bytes as characters are wanted cannot go too far.
            let end = (self.byte + (char - self.char)).min(text.len());
            let stretch = count(&text[self.byte..end]);
            if stretch <= 8 {
                self.byte += Wide::width(text, self.byte);
                self.char += 1;
            } else {
                self.char += stretch;
                self.byte = end;
                while self.byte < text.len() && text[self.byte] & 0xC0 == 0x80 {
                    self.byte += 1;
                }
            }
        }
        self.byte
    }
}
