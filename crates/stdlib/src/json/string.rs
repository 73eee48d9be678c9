//! JSON strings as text.

use bredli_runtime::object::encode_code_point;
use bredli_runtime::prelude::*;

/// What is wrong with a document, and at which byte.
pub struct Problem {
    pub text: &'static str,
    pub at: usize,
}

/// Four hexadecimal digits, of which `at` is the first.
fn unit(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 4)?;
    digits.iter().try_fold(0, |number, digit| Some(number << 4 | char::from(*digit).to_digit(16)?))
}

/// How many bytes stand for themselves, up to one that does not.
pub fn plain_length(bytes: &[u8], strict: bool) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let special = special_bytes(u64::from_le_bytes(*word), strict);
        if special != 0 {
            return Some(8 * index + special.trailing_zeros() as usize / 8);
        }
    }
    let special = |byte: &u8| *byte == b'"' || *byte == b'\\' || (strict && *byte < 0x20);
    rest.iter().position(special).map(|length| 8 * words.len() + length)
}

/// The high bit of the lowest byte that does not stand for itself, and perhaps those of higher ones.
#[inline(always)]
fn special_bytes(word: u64, strict: bool) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    // The highest bit of each byte that is less than `limit`; a borrow from a lower one may add others.
    let below = |bytes: u64, limit: u64| bytes.wrapping_sub(ONES * limit) & !bytes & (ONES << 7);
    let equal = |byte: u8| below(word ^ (ONES * byte as u64), 1);
    equal(b'"') | equal(b'\\') | if strict { below(word, 0x20) } else { 0 }
}

/// The string whose text begins at a byte, and the byte after its end.
pub fn scan(py: &mut Py, document: Gc<Str>, start: usize, strict: bool) -> std::result::Result<(Gc<Str>, usize), Problem> {
    let bytes = document.get(py).bytes();
    if let Some(length) = plain_length(&bytes[start..], strict)
        && bytes[start + length] == b'"'
    {
        return Ok((py.substr(document, start, start + length), start + length + 1));
    }
    scan_escaped(py, document, start, strict)
}

/// The same for a string that does not stand for itself, or is wrong.
fn scan_escaped(py: &mut Py, document: Gc<Str>, start: usize, strict: bool) -> std::result::Result<(Gc<Str>, usize), Problem> {
    let bytes = document.get(py).bytes();
    let unterminated = Problem { text: "Unterminated string starting at", at: start.saturating_sub(1) };
    let mut text = Vec::new();
    let mut at = start;
    loop {
        let Some(length) = plain_length(&bytes[at..], strict) else { return Err(unterminated) };
        let run = at..at + length;
        at += length;
        match bytes[at] {
            b'"' => {
                text.extend_from_slice(&bytes[run]);
                return Ok((py.new_str_wtf8(&text), at + 1));
            }
            b'\\' => text.extend_from_slice(&bytes[run]),
            _ => return Err(Problem { text: "Invalid control character at", at }),
        }
        let Some(escape) = bytes.get(at + 1) else { return Err(unterminated) };
        at += 2;
        match escape {
            b'"' | b'\\' | b'/' => text.push(*escape),
            b'b' => text.push(0x08),
            b'f' => text.push(0x0C),
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'u' => {
                const WRONG: &str = "Invalid \\uXXXX escape";
                let Some(mut code) = unit(bytes, at) else { return Err(Problem { text: WRONG, at: at - 1 }) };
                at += 4;
                if (0xD800..0xDC00).contains(&code) && bytes[at..].starts_with(b"\\u") {
                    let Some(second) = unit(bytes, at + 2) else { return Err(Problem { text: WRONG, at: at + 1 }) };
                    if (0xDC00..0xE000).contains(&second) {
                        code = 0x1_0000 + ((code & 0x3FF) << 10 | second & 0x3FF);
                        at += 6;
                    }
                }
                text.extend_from_slice(encode_code_point(code, &mut [0; 4]));
            }
            _ => return Err(Problem { text: "Invalid \\escape", at: at - 2 }),
        }
    }
}
