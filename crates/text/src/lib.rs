//! Text: WTF-8 strings and the Unicode database.

pub mod unicode;
mod wtf8;

pub use wtf8::{Wtf8, Wtf8Buf};
