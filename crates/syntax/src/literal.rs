//! The values of literals: escape sequences and numbers, with CPython's complaints about them.

use bredli_num::BigInt;
use bredli_text::Wtf8Buf;
use bredli_text::unicode::{self, Named};

use crate::ast::{Arena, Constant};

/// A backslash sequence that means nothing, or an octal one above `\377`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InvalidEscape {
    /// The offset of the backslash.
    pub offset: usize,
    /// The length of the sequence when it is octal, else 0.
    pub octal: usize,
}

/// A decoded literal and the first invalid escape in it.
type Decoded<T> = (T, Option<InvalidEscape>);

/// The text of the `SyntaxWarning` for an escape found in `text`.
pub(crate) fn escape_warning(text: &str, escape: InvalidEscape) -> String {
    let rest = &text[escape.offset + 1..];
    let (shown, what) = match escape.octal {
        0 => (rest.chars().next().map_or("", |next| &rest[..next.len_utf8()]), "escape sequence"),
        length => (&rest[..length], "octal escape sequence"),
    };
    invalid_escape_message(shown, what)
}

/// The same for an escaped brace in an f-string.
pub(crate) fn brace_escape_warning(brace: &str) -> String {
    invalid_escape_message(brace, "escape sequence")
}

fn invalid_escape_message(shown: &str, what: &str) -> String {
    format!(
        "\"\\{shown}\" is an invalid {what}. Such sequences will not work in the future. \
         Did you mean \"\\\\{shown}\"? A raw string is also an option."
    )
}

/// The value of the inside of a str literal that is not raw. The error is CPython's whole message.
pub(crate) fn decode_str(text: &str) -> Result<Decoded<Wtf8Buf>, String> {
    let mut value = Wtf8Buf::with_capacity(text.len());
    let mut invalid = None;
    let mut at = 0;
    while let Some(length) = memchr::memchr(b'\\', &text.as_bytes()[at..]) {
        value.push_str(&text[at..at + length]);
        let escape = at + length;
        at = escape + 1;
        let Some(next) = text[at..].chars().next() else {
            return Err(unicode_error(text, escape, at, "\\ at end of string"));
        };
        at += next.len_utf8();
        match next {
            '\n' => {}
            '\\' | '\'' | '"' => value.push(next),
            '0'..='7' => {
                let length = octal_length(&text.as_bytes()[at - 1..]);
                let code_point = u32::from_str_radix(&text[at - 1..at - 1 + length], 8).expect("octal digits");
                if code_point > 0o377 {
                    invalid = invalid.or(Some(InvalidEscape { offset: escape, octal: length }));
                }
                value.push_code_point(code_point);
                at += length - 1;
            }
            'x' | 'u' | 'U' => {
                let (wanted, truncated) = match next {
                    'x' => (2, "truncated \\xXX escape"),
                    'u' => (4, "truncated \\uXXXX escape"),
                    _ => (8, "truncated \\UXXXXXXXX escape"),
                };
                let found = hex_length(&text.as_bytes()[at..], wanted);
                if found < wanted {
                    return Err(unicode_error(text, escape, at + found, truncated));
                }
                let code_point = u32::from_str_radix(&text[at..at + wanted], 16).expect("hexadecimal digits");
                at += wanted;
                if code_point > 0x10FFFF {
                    return Err(unicode_error(text, escape, at, "illegal Unicode character"));
                }
                value.push_code_point(code_point);
            }
            'N' => {
                let name = text[at..].strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(name, _)| name);
                let Some(name) = name.filter(|name| !name.is_empty()) else {
                    let end = if text[at..].starts_with('{') { text[at..].find('}').map_or(text.len(), |length| at + length) } else { at };
                    return Err(unicode_error(text, escape, end, "malformed \\N character escape"));
                };
                at += name.len() + 2;
                match unicode::lookup(name) {
                    Some(Named::Char(code_point)) => value.push_code_point(code_point),
                    _ => return Err(unicode_error(text, escape, at, "unknown Unicode character name")),
                }
            }
            _ => match control(next) {
                Some(control) => value.push(char::from(control)),
                None => {
                    if next.is_ascii() {
                        invalid = invalid.or(Some(InvalidEscape { offset: escape, octal: 0 }));
                    }
                    value.push('\\');
                    value.push(next);
                }
            },
        }
    }
    value.push_str(&text[at..]);
    Ok((value, invalid))
}

/// The value of the inside of a bytes literal that is not raw. The error is CPython's whole message.
pub(crate) fn decode_bytes(text: &str) -> Result<Decoded<Vec<u8>>, String> {
    let bytes = text.as_bytes();
    let mut value = Vec::with_capacity(bytes.len());
    let mut invalid = None;
    let mut at = 0;
    while let Some(length) = memchr::memchr(b'\\', &bytes[at..]) {
        value.extend_from_slice(&bytes[at..at + length]);
        let escape = at + length;
        at = escape + 1;
        let Some(&next) = bytes.get(at) else { return Err("(value error) Trailing \\ in string".to_owned()) };
        at += 1;
        match next {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => value.push(next),
            b'0'..=b'7' => {
                let length = octal_length(&bytes[at - 1..]);
                let number = u32::from_str_radix(&text[at - 1..at - 1 + length], 8).expect("octal digits");
                if number > 0o377 {
                    invalid = invalid.or(Some(InvalidEscape { offset: escape, octal: length }));
                }
                value.push(number as u8);
                at += length - 1;
            }
            b'x' => {
                if hex_length(&bytes[at..], 2) < 2 {
                    return Err(format!("(value error) invalid \\x escape at position {escape}"));
                }
                value.push(u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal digits"));
                at += 2;
            }
            _ => match control(char::from(next)) {
                Some(control) => value.push(control),
                None => {
                    invalid = invalid.or(Some(InvalidEscape { offset: escape, octal: 0 }));
                    value.extend([b'\\', next]);
                }
            },
        }
    }
    value.extend_from_slice(&bytes[at..]);
    Ok((value, invalid))
}

fn control(letter: char) -> Option<u8> {
    Some(match letter {
        'a' => 0x07,
        'b' => 0x08,
        'f' => 0x0C,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 0x0B,
        _ => return None,
    })
}

fn octal_length(bytes: &[u8]) -> usize {
    bytes.iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count()
}

fn hex_length(bytes: &[u8], wanted: usize) -> usize {
    bytes.iter().take(wanted).take_while(|byte| byte.is_ascii_hexdigit()).count()
}

/// CPython's message counts in a copy of the text where every non-ASCII character is written as `\UXXXXXXXX`.
fn unicode_error(text: &str, start: usize, end: usize, reason: &str) -> String {
    let widened = |end: usize| -> usize { text[..end].chars().map(|c| if c.is_ascii() { 1 } else { 10 }).sum() };
    let (start, end) = (widened(start), widened(end));
    match end - start {
        1 => format!("(unicode error) 'unicodeescape' codec can't decode byte 0x5c in position {start}: {reason}"),
        _ => format!("(unicode error) 'unicodeescape' codec can't decode bytes in position {start}-{}: {reason}", end - 1),
    }
}

/// The value of a number token, made in `arena`; underscores are allowed. `max_digits` limits decimal integers, 0 is no limit.
pub(crate) fn number<'t>(token: &str, arena: &'t Arena, max_digits: usize) -> Result<Constant<'t>, String> {
    let text: String = token.chars().filter(|&c| c != '_').collect();
    let bytes = text.as_bytes();
    let radix = match bytes {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 10,
    };
    if radix != 10 {
        return Ok(arena.int((&BigInt::parse(&text[2..], radix).unwrap_or_default()).into()));
    }
    if let Some(imaginary) = text.strip_suffix(['j', 'J']) {
        return Ok(Constant::Complex { real: 0.0, imag: imaginary.parse().unwrap_or(0.0) });
    }
    if bytes.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
        return Ok(Constant::Float(text.parse().unwrap_or(0.0)));
    }
    if max_digits != 0 && bytes.len() > max_digits {
        return Err(format!(
            "Exceeds the limit ({max_digits} digits) for integer string conversion: value has {} digits; \
             use sys.set_int_max_str_digits() to increase the limit - \
             Consider hexadecimal for huge integer literals to avoid decimal conversion limits.",
            bytes.len()
        ));
    }
    Ok(arena.int((&BigInt::parse(&text, 10).unwrap_or_default()).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded() {
        let (value, invalid) = decode_str("a\\n\\x41\\u00e9\\N{DIGIT ONE}\\101\\\nz").expect("valid");
        assert_eq!((value.as_str(), invalid), (Some("a\nAé1Az"), None));
        let (value, _) = decode_str("\\ud83d\\ude00").expect("valid");
        assert_eq!(value.as_bytes(), b"\xED\xA0\xBD\xED\xB8\x80");
        assert_eq!(decode_bytes("\\x00\\777").expect("valid"), (vec![0, 0xFF], Some(InvalidEscape { offset: 4, octal: 3 })));
    }

    #[test]
    fn errors_are_cpythons() {
        let message = "(unicode error) 'unicodeescape' codec can't decode bytes in position 13-14: truncated \\xXX escape";
        assert_eq!(decode_str("aaaé\\x").unwrap_err(), message);
        assert_eq!(decode_bytes("\\x1").unwrap_err(), "(value error) invalid \\x escape at position 0");
    }

    #[test]
    fn first_invalid_escape_is_reported() {
        let (value, invalid) = decode_str("a\\d\\e").expect("valid");
        assert_eq!((value.as_str(), invalid), (Some("a\\d\\e"), Some(InvalidEscape { offset: 1, octal: 0 })));
    }
}
