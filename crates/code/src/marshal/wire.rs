//! The parts of which the format is made: numbers and texts, read from a slice and written to a vector.

use std::fmt;

use bredli_num::BigInt;
use bredli_text::Wtf8Buf;

use super::tag;
use crate::Bytes;

/// What becomes of bytes that are read: copied, or kept where they are.
pub type Keep<'a> = fn(&'a [u8]) -> Bytes;

/// A copy of what is read.
pub fn copied(bytes: &[u8]) -> Bytes {
    bytes.to_vec().into()
}

/// The exception that an error becomes in Python.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// EOFError
    Eof,
    /// ValueError
    Value,
    /// TypeError
    Type,
}

/// Why bytes are no object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Error {
    /// The class of the exception.
    pub kind: ErrorKind,
    /// Its message.
    pub message: &'static str,
}

impl Error {
    /// A ValueError.
    pub const fn value(message: &'static str) -> Error {
        Error { kind: ErrorKind::Value, message }
    }

    /// A TypeError.
    pub const fn type_error(message: &'static str) -> Error {
        Error { kind: ErrorKind::Type, message }
    }

    const TOO_SHORT: Error = Error { kind: ErrorKind::Eof, message: "marshal data too short" };
    const NO_OBJECT: Error = Error { kind: ErrorKind::Eof, message: "EOF read where object expected" };
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl std::error::Error for Error {}

/// Marshalled bytes that are read from the front.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    rest: &'a [u8],
}

impl<'a> Source<'a> {
    /// Reads from these bytes.
    pub fn new(bytes: &'a [u8]) -> Source<'a> {
        Source { rest: bytes }
    }

    /// What is not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The byte that says what object follows.
    pub fn tag(&mut self) -> Result<u8, Error> {
        let (&first, rest) = self.rest.split_first().ok_or(Error::NO_OBJECT)?;
        self.rest = rest;
        Ok(first)
    }

    /// So many bytes.
    pub fn bytes(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let (bytes, rest) = self.rest.split_at_checked(count).ok_or(Error::TOO_SHORT)?;
        self.rest = rest;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(Error::TOO_SHORT)?;
        self.rest = rest;
        Ok(*bytes)
    }

    /// A byte.
    pub fn byte(&mut self) -> Result<u8, Error> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// An int of 32 bits.
    pub fn int(&mut self) -> Result<i32, Error> {
        self.array().map(i32::from_le_bytes)
    }

    /// An int of 64 bits.
    pub fn int64(&mut self) -> Result<i64, Error> {
        self.array().map(i64::from_le_bytes)
    }

    /// A size; a negative one is an error with this message.
    pub fn size(&mut self, message: &'static str) -> Result<usize, Error> {
        usize::try_from(self.int()?).map_err(|_| Error::value(message))
    }

    /// An int in digits of 15 bits.
    pub fn long(&mut self) -> Result<BigInt, Error> {
        let count = self.int()?;
        let digits = self.bytes(2 * count.unsigned_abs() as usize)?;
        let mut limbs = vec![0u64; (count.unsigned_abs() as usize * 15).div_ceil(64)];
        for (index, pair) in digits.chunks_exact(2).enumerate() {
            let digit = u64::from(u16::from_le_bytes([pair[0], pair[1]]));
            if digit >= 1 << 15 {
                return Err(Error::value("bad marshal data (digit out of range in long)"));
            }
            let (limb, shift) = (index * 15 / 64, index * 15 % 64);
            limbs[limb] |= digit << shift;
            if shift > 64 - 15 && limb + 1 < limbs.len() {
                limbs[limb + 1] |= digit >> (64 - shift);
            }
        }
        if digits.len() >= 2 && digits[digits.len() - 2..] == [0, 0] {
            return Err(Error::value("bad marshal data (unnormalized long data)"));
        }
        Ok(BigInt::from_parts(count < 0, limbs))
    }

    /// A float.
    pub fn float(&mut self) -> Result<f64, Error> {
        self.array().map(f64::from_le_bytes)
    }

    /// A float as text.
    pub fn float_text(&mut self) -> Result<f64, Error> {
        let size = self.byte()?;
        let text = std::str::from_utf8(self.bytes(usize::from(size))?).ok();
        text.and_then(|text| text.parse().ok()).ok_or(Error::value("could not convert string to float"))
    }

    /// The text of a str, after its tag; `None` for other tags.
    pub fn text(&mut self, tag: u8, keep: Keep<'a>) -> Result<Option<Wtf8Buf>, Error> {
        const OUT_OF_RANGE: &str = "bad marshal data (string size out of range)";
        let bytes = match tag {
            tag::SHORT_ASCII | tag::SHORT_ASCII_INTERNED => {
                let size = self.byte()?;
                self.bytes(usize::from(size))?
            }
            tag::ASCII | tag::ASCII_INTERNED | tag::UNICODE | tag::INTERNED => {
                let size = self.size(OUT_OF_RANGE)?;
                self.bytes(size)?
            }
            _ => return Ok(None),
        };
        if !matches!(tag, tag::UNICODE | tag::INTERNED) && !bytes.is_ascii() {
            let text: String = bytes.iter().copied().map(char::from).collect();
            return Ok(Some(Wtf8Buf::from(text)));
        }
        Wtf8Buf::from_bytes(keep(bytes)).map(Some).ok_or(Error::value("bad marshal data (invalid UTF-8)"))
    }
}

/// Marshalled bytes that grow.
#[derive(Clone, Default, Debug)]
pub struct Sink {
    bytes: Vec<u8>,
}

impl Sink {
    /// No bytes yet.
    pub fn new() -> Sink {
        Sink::default()
    }

    /// Makes room for so many bytes.
    pub fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve(bytes);
    }

    /// All that was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// A byte.
    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// An int of 32 bits.
    pub fn int(&mut self, value: i32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A float.
    pub fn float(&mut self, value: f64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A size; larger ones than the format has room for are an error.
    pub fn size(&mut self, size: usize) -> Result<(), Error> {
        self.int(i32::try_from(size).map_err(|_| Error::value("unmarshallable object"))?);
        Ok(())
    }

    /// Bytes after their size.
    pub fn sized(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.size(bytes.len())?;
        self.bytes.extend(bytes);
        Ok(())
    }

    /// An int, with its tag; `flag` is FLAG_REF or 0.
    pub fn integer(&mut self, value: &BigInt, flag: u8) -> Result<(), Error> {
        if let Some(small) = value.to_i64().and_then(|value| i32::try_from(value).ok()) {
            self.byte(tag::INT | flag);
            self.int(small);
            return Ok(());
        }
        let limbs = value.magnitude();
        let bits = 64 * limbs.len() - limbs.last().map_or(0, |limb| limb.leading_zeros() as usize);
        let count = i32::try_from(bits.div_ceil(15)).map_err(|_| Error::value("unmarshallable object"))?;
        self.byte(tag::LONG | flag);
        self.int(if value.is_negative() { -count } else { count });
        for index in 0..count as usize {
            let (limb, shift) = (index * 15 / 64, index * 15 % 64);
            let high = if shift > 64 - 15 { limbs.get(limb + 1).map_or(0, |limb| limb << (64 - shift)) } else { 0 };
            let digit = (limbs[limb] >> shift | high) & 0x7FFF;
            self.bytes.extend((digit as u16).to_le_bytes());
        }
        Ok(())
    }

    /// A str, with its tag; `flag` is FLAG_REF or 0.
    pub fn text(&mut self, text: &Wtf8Buf, interned: bool, flag: u8) -> Result<(), Error> {
        let bytes = text.as_bytes();
        let ascii = bytes.is_ascii();
        if let (true, Ok(size)) = (ascii, u8::try_from(bytes.len())) {
            self.byte(if interned { tag::SHORT_ASCII_INTERNED } else { tag::SHORT_ASCII } | flag);
            self.byte(size);
            self.bytes.extend(bytes);
            return Ok(());
        }
        self.byte(
            flag | match (ascii, interned) {
                (true, true) => tag::ASCII_INTERNED,
                (true, false) => tag::ASCII,
                (false, true) => tag::INTERNED,
                (false, false) => tag::UNICODE,
            },
        );
        self.sized(bytes)
    }
}
