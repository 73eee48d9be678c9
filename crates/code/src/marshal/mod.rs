//! `marshal`: constants and code objects as bytes, in CPython 3.14's format, version 5 (`Python/marshal.c`).
//!
//! Only what a code object can contain: lists, dicts and sets are for the runtime, which shares `Source`, `Sink` and `tag`.

mod image;
mod read;
mod wire;
mod write;

pub(crate) use image::{Stored, Unread, sized_parts};
pub use image::{read_image, write_image};
pub use read::read;
pub use wire::{Error, ErrorKind, Sink, Source, copied};
pub use write::{write, write_code};

/// The version of the format.
pub const VERSION: u32 = 5;

/// How deep objects may be nested.
pub const MAX_DEPTH: usize = 2000;

/// The bytes that say what follows.
pub mod tag {
    /// No object: the end of a dict.
    pub const NULL: u8 = b'0';
    /// `None`
    pub const NONE: u8 = b'N';
    /// `False`
    pub const FALSE: u8 = b'F';
    /// `True`
    pub const TRUE: u8 = b'T';
    /// `StopIteration`
    pub const STOP_ITERATION: u8 = b'S';
    /// `...`
    pub const ELLIPSIS: u8 = b'.';
    /// An int of 32 bits.
    pub const INT: u8 = b'i';
    /// An int of 64 bits, from old versions.
    pub const INT64: u8 = b'I';
    /// A float as text.
    pub const FLOAT: u8 = b'f';
    /// A float.
    pub const BINARY_FLOAT: u8 = b'g';
    /// A complex number as text.
    pub const COMPLEX: u8 = b'x';
    /// A complex number.
    pub const BINARY_COMPLEX: u8 = b'y';
    /// An int in digits of 15 bits.
    pub const LONG: u8 = b'l';
    /// Bytes.
    pub const STRING: u8 = b's';
    /// An interned str.
    pub const INTERNED: u8 = b't';
    /// An object that was read before.
    pub const REF: u8 = b'r';
    /// A tuple.
    pub const TUPLE: u8 = b'(';
    /// A tuple of less than 256 items.
    pub const SMALL_TUPLE: u8 = b')';
    /// A list.
    pub const LIST: u8 = b'[';
    /// A dict.
    pub const DICT: u8 = b'{';
    /// A code object.
    pub const CODE: u8 = b'c';
    /// A str.
    pub const UNICODE: u8 = b'u';
    /// An object that cannot be marshalled.
    pub const UNKNOWN: u8 = b'?';
    /// A set.
    pub const SET: u8 = b'<';
    /// A frozenset.
    pub const FROZENSET: u8 = b'>';
    /// A str of ASCII characters.
    pub const ASCII: u8 = b'a';
    /// An interned str of ASCII characters.
    pub const ASCII_INTERNED: u8 = b'A';
    /// A str of less than 256 ASCII characters.
    pub const SHORT_ASCII: u8 = b'z';
    /// An interned str of less than 256 ASCII characters.
    pub const SHORT_ASCII_INTERNED: u8 = b'Z';
    /// A code object of an image that is read when needed. The format of CPython does not have it.
    pub const UNREAD: u8 = b'L';
    /// A slice.
    pub const SLICE: u8 = b':';
    /// Set in the byte of an object that REF can name.
    pub const FLAG_REF: u8 = 0x80;
}

#[cfg(test)]
mod tests;
