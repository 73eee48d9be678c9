//! Text as JSON strings.

use bredli_runtime::object::CodePoints;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Whether a byte stands for itself, in both ways of quoting.
fn is_plain(byte: u8) -> bool {
    (0x20..0x7F).contains(&byte) && byte != b'"' && byte != b'\\'
}

/// The escape of a character that must not stand for itself.
fn escape(byte: u8, quoted: &mut Vec<u8>) {
    let letter = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        0x09 => b't',
        0x0A => b'n',
        0x0C => b'f',
        0x0D => b'r',
        _ => return unit(u16::from(byte), quoted),
    };
    quoted.extend_from_slice(&[b'\\', letter]);
}

/// One UTF-16 unit by its number.
fn unit(unit: u16, quoted: &mut Vec<u8>) {
    let digit = |shift: u16| HEX[usize::from(unit >> shift & 0xF)];
    quoted.extend_from_slice(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
}

/// Quote with everything outside of ASCII escaped.
pub fn ascii(text: &[u8], quoted: &mut Vec<u8>) {
    quoted.push(b'"');
    if text.is_ascii() {
        for run in text.chunk_by(|a, b| is_plain(*a) && is_plain(*b)) {
            match run {
                [byte] if !is_plain(*byte) => escape(*byte, quoted),
                run => quoted.extend_from_slice(run),
            }
        }
    } else {
        for code in CodePoints::new(text) {
            match code {
                ..0x80 => match code as u8 {
                    byte if is_plain(byte) => quoted.push(byte),
                    byte => escape(byte, quoted),
                },
                0x80..0x1_0000 => unit(code as u16, quoted),
                _ => {
                    unit(0xD800 | ((code - 0x1_0000) >> 10) as u16, quoted);
                    unit(0xDC00 | (code & 0x3FF) as u16, quoted);
                }
            }
        }
    }
    quoted.push(b'"');
}

/// Quote with only quotes, backslashes and control characters escaped.
pub fn unicode(text: &[u8], quoted: &mut Vec<u8>) {
    let is_plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    quoted.push(b'"');
    for run in text.chunk_by(|a, b| is_plain(*a) && is_plain(*b)) {
        match run {
            [byte] if !is_plain(*byte) => escape(*byte, quoted),
            run => quoted.extend_from_slice(run),
        }
    }
    quoted.push(b'"');
}
