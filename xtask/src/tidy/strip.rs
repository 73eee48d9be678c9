//! Takes Rust source apart into code and comments, so that rules about one are not misled by the other or by
//! string literals.

/// Source with everything but code, or everything but comments, replaced by blanks; line numbers stay.
pub struct Stripped {
    /// The code: comments and the insides of literals are blank.
    pub code: String,
    /// The comments.
    pub comments: String,
}

/// Splits a source text.
pub fn strip(source: &str) -> Stripped {
    let bytes = source.as_bytes();
    let (mut code, mut comments) = (Vec::with_capacity(bytes.len()), Vec::with_capacity(bytes.len()));
    let mut at = 0;
    while at < bytes.len() {
        let (end, kind) = token(bytes, at);
        for &byte in &bytes[at..end] {
            let blank = if byte == b'\n' { b'\n' } else { b' ' };
            code.push(if kind == Kind::Code { byte } else { blank });
            comments.push(if kind == Kind::Comment { byte } else { blank });
        }
        at = end;
    }
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Stripped { code: text(code), comments: text(comments) }
}

#[derive(PartialEq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

/// The piece that starts at `at`: where it ends and what it is.
fn token(bytes: &[u8], at: usize) -> (usize, Kind) {
    let rest = &bytes[at..];
    let after_word = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    match rest {
        [b'/', b'/', ..] => (at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()), Kind::Comment),
        [b'/', b'*', ..] => (block_comment(bytes, at), Kind::Comment),
        [b'"', ..] => (string(bytes, at + 1), Kind::Literal),
        [b'r', b'"' | b'#', ..] if !after_word => raw_string(bytes, at),
        [b'b' | b'c', b'r', b'"' | b'#', ..] if !after_word => raw_string(bytes, at + 1),
        [b'\'', ..] => (character(bytes, at), Kind::Literal),
        _ => (at + 1, Kind::Code),
    }
}

fn block_comment(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0);
    while at < bytes.len() {
        match &bytes[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

fn string(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A raw string whose `r` is at `at`; code when it is a raw identifier after all.
fn raw_string(bytes: &[u8], at: usize) -> (usize, Kind) {
    let hashes = bytes[at + 1..].iter().take_while(|byte| **byte == b'#').count();
    let open = at + 1 + hashes;
    if bytes.get(open) != Some(&b'"') {
        return (at + 1, Kind::Code);
    }
    let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let length = bytes[open + 1..].windows(close.len()).position(|window| window == close);
    (length.map_or(bytes.len(), |length| open + 1 + length + close.len()), Kind::Literal)
}

/// A character literal, or the quote of a lifetime.
fn character(bytes: &[u8], at: usize) -> usize {
    match &bytes[at + 1..] {
        [b'\\', _, rest @ ..] => at + 3 + rest.iter().position(|byte| *byte == b'\'').map_or(rest.len(), |place| place + 1),
        rest => match rest.iter().take(5).position(|byte| *byte == b'\'') {
            // `'a'` is one character, perhaps of several bytes; in `<'a, 'b>` the quotes enclose more.
            Some(place) if std::str::from_utf8(&rest[..place]).is_ok_and(|text| text.chars().count() == 1) => at + place + 2,
            _ => at + 1,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_comments_are_no_code() {
        let source = "let a = \"unsafe // \\\" x\"; // unsafe\nlet b = r#\"un\"safe\"#; /* a /* b */ c */ 'x' '\\'' <'a, 'b> 'é'";
        let stripped = strip(source);
        assert!(!stripped.code.contains("safe") && stripped.code.contains("let b = "));
        assert!(stripped.code.contains("a, ") && !stripped.code.contains('x') && !stripped.code.contains('c'));
        assert!(stripped.comments.contains("// unsafe") && stripped.comments.contains("/* a /* b */ c */"));
        assert_eq!(stripped.code.lines().count(), 2);
    }
}
