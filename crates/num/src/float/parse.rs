//! `float(text)` and `complex(text)`.

use crate::ascii::trim;

/// `float(text)`: surrounding ASCII white space, sign, `inf`, `nan`, underscores between digits. Other decimal digits and
/// white space of Unicode are the caller's to translate. `None` is `could not convert string to float: {repr}`.
pub fn parse_float(text: &[u8]) -> Option<f64> {
    let text = trim(text);
    let (value, len) = prefix(text)?;
    (len == text.len()).then_some(value)
}

/// `complex(text)` as (real, imaginary). `None` is `complex() arg is a malformed string`.
pub fn parse_complex(text: &[u8]) -> Option<(f64, f64)> {
    let text = trim(text);
    let text = match text {
        [b'(', inner @ .., b')'] => trim(inner),
        _ => text,
    };
    let imaginary_end = |rest: &[u8]| matches!(rest, [b'j' | b'J']);
    // A missing number before `j` is one: `1+j`, `-j`, `j`.
    let (first, rest) = number_or_one(text)?;
    if rest.is_empty() && !text.is_empty() && prefix(text).is_some() {
        return Some((first, 0.0));
    }
    if imaginary_end(rest) {
        return Some((0.0, first));
    }
    if prefix(text).is_none() || !matches!(rest, [b'+' | b'-', ..]) {
        return None;
    }
    let (second, rest) = number_or_one(rest)?;
    imaginary_end(rest).then_some((first, second))
}

/// Whether all underscores of a text stand between digits.
pub fn underscores_fit(text: &[u8]) -> bool {
    let digit = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_digit);
    (0..text.len()).all(|at| text[at] != b'_' || (digit(at.checked_sub(1)) && digit(at.checked_add(1))))
}

/// A number, or an optional sign alone, which stands for one; and what follows.
fn number_or_one(text: &[u8]) -> Option<(f64, &[u8])> {
    if let Some((value, len)) = prefix(text) {
        return Some((value, &text[len..]));
    }
    match text {
        [b'+', rest @ ..] => Some((1.0, rest)),
        [b'-', rest @ ..] => Some((-1.0, rest)),
        [] => None,
        rest => Some((1.0, rest)),
    }
}

/// The longest number at the start, and its length.
fn prefix(text: &[u8]) -> Option<(f64, usize)> {
    let sign = usize::from(matches!(text, [b'+' | b'-', ..]));
    let body = &text[sign..];
    for word in ["infinity", "inf", "nan"] {
        if body.len() >= word.len() && body[..word.len()].eq_ignore_ascii_case(word.as_bytes()) {
            let value = if word == "nan" { f64::NAN } else { f64::INFINITY };
            return Some((if text[0] == b'-' { -value } else { value }, sign + word.len()));
        }
    }
    let whole = digits(text, sign);
    let mut end = whole;
    if text.get(whole) == Some(&b'.') {
        end = digits(text, whole + 1);
        if end == whole + 1 && whole == sign {
            return None;
        }
    } else if whole == sign {
        return None;
    }
    if matches!(text.get(end), Some(b'e' | b'E')) {
        let start = end + 1 + usize::from(matches!(text.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(text, start);
        if exponent > start {
            end = exponent;
        }
    }
    let number = std::str::from_utf8(&text[..end]).expect("ASCII");
    let value = if number.contains('_') { number.replace('_', "").parse() } else { number.parse() };
    Some((value.ok()?, end))
}

/// The end of the digits from `at` on, with single underscores between them.
fn digits(text: &[u8], at: usize) -> usize {
    let mut end = at;
    loop {
        match text.get(end) {
            Some(byte) if byte.is_ascii_digit() => end += 1,
            Some(b'_') if end > at && text.get(end + 1).is_some_and(u8::is_ascii_digit) => end += 1,
            _ => return end,
        }
    }
}
