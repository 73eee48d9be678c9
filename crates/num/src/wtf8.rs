//! Code points in WTF-8: UTF-8 that also has surrogates.

/// The first code point, and what follows it.
pub(crate) fn first(text: &[u8]) -> Option<(u32, &[u8])> {
    let (lead, rest) = text.split_first()?;
    let len = rest.iter().take_while(|byte| **byte & 0xc0 == 0x80).count();
    let high = match lead {
        0xf0.. => lead & 7,
        0xe0..0xf0 => lead & 15,
        0xc0..0xe0 => lead & 31,
        _ => *lead,
    };
    let code = rest[..len].iter().fold(u32::from(high), |code, byte| code << 6 | u32::from(byte & 0x3f));
    Some((code, &rest[len..]))
}

/// Appends a code point.
pub(crate) fn push(text: &mut Vec<u8>, code: u32) {
    let tail = |shift: u32| 0x80 | (code >> shift & 0x3f) as u8;
    match code {
        0..0x80 => text.push(code as u8),
        0x80..0x800 => text.extend([0xc0 | (code >> 6) as u8, tail(0)]),
        0x800..0x1_0000 => text.extend([0xe0 | (code >> 12) as u8, tail(6), tail(0)]),
        _ => text.extend([0xf0 | (code >> 18) as u8, tail(12), tail(6), tail(0)]),
    }
}

/// The number of code points.
pub(crate) fn count(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}
