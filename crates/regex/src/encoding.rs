//! The two ways a subject is stored: one byte per character, or WTF-8. The matcher is compiled once for each.

/// Access to the characters around a byte offset.
pub(crate) trait Encoding {
    /// Whether a character may take several bytes.
    const WIDE: bool;

    /// The character at offset `at`, which is below `text.len()`, and its length.
    fn decode(text: &[u8], at: usize) -> (u32, usize);

    /// The offset of the character before offset `at`, which is above zero.
    fn back(text: &[u8], at: usize) -> usize;

    /// The length of the character at offset `at`, cut to the text.
    fn width(text: &[u8], at: usize) -> usize;
}

/// One byte per character: `bytes`, and text below U+0100.
pub(crate) struct Narrow;

impl Encoding for Narrow {
    const WIDE: bool = false;

    #[inline]
    fn decode(text: &[u8], at: usize) -> (u32, usize) {
        (text[at] as u32, 1)
    }

    #[inline]
    fn back(_: &[u8], at: usize) -> usize {
        at - 1
    }

    #[inline]
    fn width(_: &[u8], _: usize) -> usize {
        1
    }
}

/// WTF-8. Ill-formed text gives unspecified characters, but every offset stays within the text.
pub(crate) struct Wide;

fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

impl Encoding for Wide {
    const WIDE: bool = true;

    #[inline]
    fn decode(text: &[u8], at: usize) -> (u32, usize) {
        let lead = text[at] as u32;
        if lead < 0x80 {
            return (lead, 1);
        }
        let next = |n: usize| text.get(at + n).map_or(0, |&byte| byte as u32 & 0x3F);
        let (c, width) = match lead {
            0..0xE0 => ((lead & 0x1F) << 6 | next(1), 2),
            0xE0..0xF0 => ((lead & 0x0F) << 12 | next(1) << 6 | next(2), 3),
            _ => ((lead & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4),
        };
        (c, width.min(text.len() - at))
    }

    #[inline]
    fn back(text: &[u8], at: usize) -> usize {
        let mut at = at - 1;
        while at > 0 && is_continuation(text[at]) {
            at -= 1;
        }
        at
    }

    #[inline]
    fn width(text: &[u8], at: usize) -> usize {
        let width = match text[at] {
            0..0x80 => 1,
            0x80..0xE0 => 2,
            0xE0..0xF0 => 3,
            _ => 4,
        };
        width.min(text.len() - at)
    }
}

/// Appends the WTF-8 bytes of a code point; whether it is in range.
pub(crate) fn encode(c: u32, text: &mut Vec<u8>) -> bool {
    let tail = |shift: u32| 0x80 | (c >> shift & 0x3F) as u8;
    match c {
        0..0x80 => text.push(c as u8),
        0x80..0x800 => text.extend([0xC0 | (c >> 6) as u8, tail(0)]),
        0x800..0x1_0000 => text.extend([0xE0 | (c >> 12) as u8, tail(6), tail(0)]),
        0x1_0000..0x11_0000 => text.extend([0xF0 | (c >> 18) as u8, tail(12), tail(6), tail(0)]),
        _ => return false,
    }
    true
}

/// The number of characters in a piece of WTF-8: the bytes that are not continuations.
pub(crate) fn count(text: &[u8]) -> usize {
    text.chunks(255).map(|chunk| chunk.iter().map(|&byte| !is_continuation(byte) as u8).sum::<u8>() as usize).sum()
}
