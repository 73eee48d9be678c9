//! Text: WTF-8 strings.

mod wtf8;

pub use wtf8::Wtf8Buf;
