//! How deep a source is nested, found by a cheap scan before any recursive parser sees it.
//!
//! The estimate is an upper bound: every bracket, operator, prefix and keyword may add a level until a comma or a line
//! end closes the expression.

use crate::error::{ErrorKind, SyntaxError};
use crate::source::Source;

/// The deepest nesting that is parsed.
pub(crate) const LIMIT: usize = 10_000;

/// From this depth on the parser gets a stack of its own.
const SHALLOW: usize = 250;

/// The stack that one level may need.
const BYTES_PER_LEVEL: usize = 8 * 1024;

/// Runs a recursive walk over a tree of this depth, or its construction, on a stack that suffices for it.
pub fn with_stack<T>(depth: usize, walk: impl FnOnce() -> T) -> T {
    match depth > SHALLOW {
        true => stacker::grow(depth * BYTES_PER_LEVEL + (1 << 20), walk),
        false => walk(),
    }
}

/// What CPython says when its parser's stack is exhausted.
pub(crate) fn error(source: &Source) -> SyntaxError {
    SyntaxError { kind: ErrorKind::MemoryError, ..source.error_at(0, "Parser stack overflowed - Python source too complex to parse") }
}

/// An open bracket, or the logical line itself.
#[derive(Default)]
struct Level {
    /// The nesting that operators have built up since the last comma.
    chain: usize,
    /// The deepest bracket closed since.
    inner: usize,
    /// The deepest expression that a comma has ended.
    deepest: usize,
}

impl Level {
    fn depth(&self) -> usize {
        (self.chain + self.inner).max(self.deepest)
    }

    fn end_expression(&mut self) {
        self.deepest = self.depth();
        (self.chain, self.inner) = (0, 0);
    }
}

/// An upper bound of the nesting of the tree.
pub(crate) fn depth(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut levels = vec![Level::default()];
    let mut deepest = 0;
    let mut elifs = 0;
    let mut at = 0;
    while at < bytes.len() {
        let outermost = levels.len() == 1;
        let level = levels.last_mut().expect("the logical line is never closed");
        match bytes[at] {
            b'(' | b'[' | b'{' => {
                level.chain += 1;
                levels.push(Level::default());
            }
            b')' | b']' | b'}' if !outermost => {
                let closed = level.depth();
                levels.pop();
                let level = levels.last_mut().expect("not the outermost");
                level.inner = level.inner.max(closed);
            }
            b',' => level.end_expression(),
            b'\n' if outermost => {
                deepest = deepest.max(level.depth());
                *level = Level::default();
            }
            b'#' => at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length - 1),
            b'\\' => at += 1,
            b'"' | b'\'' => {
                let end = string_end(bytes, at);
                if is_interpolated(bytes, at) {
                    level.chain += bytes[at..end].iter().filter(|&&byte| is_operator(byte) || matches!(byte, b'{' | b'(' | b'[')).count();
                }
                at = end - 1;
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_' || **byte >= 0x80).count();
                match &bytes[at..at + length] {
                    b"not" | b"lambda" | b"if" | b"else" | b"await" | b"yield" | b"in" | b"is" | b"for" => level.chain += 1,
                    b"elif" => elifs += 1,
                    _ => {}
                }
                at += length - 1;
            }
            byte if is_operator(byte) => level.chain += 1,
            _ => {}
        }
        at += 1;
    }
    let open: usize = levels.iter().map(Level::depth).sum();
    deepest.max(open).max(elifs)
}

fn is_operator(byte: u8) -> bool {
    matches!(byte, b'.' | b'+' | b'-' | b'*' | b'/' | b'%' | b'@' | b'&' | b'|' | b'^' | b'~' | b'<' | b'>' | b':')
}

/// Whether the prefix before a quote makes the string an f-string or t-string.
fn is_interpolated(bytes: &[u8], quote: usize) -> bool {
    let mut prefix = bytes[..quote].iter().rev().take(2).take_while(|byte| byte.is_ascii_alphabetic());
    prefix.any(|byte| matches!(byte, b'f' | b'F' | b't' | b'T'))
}

/// The offset behind the string literal whose quote is at `start`.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let triple = bytes[start..].starts_with(&[quote; 3]);
    let mut at = start + if triple { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\n' if !triple => return at,
            byte if byte == quote && !triple => return at + 1,
            byte if byte == quote && bytes[at..].starts_with(&[quote; 3]) => return at + 3,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::depth;

    #[test]
    fn chains_and_brackets_add_up() {
        assert_eq!(depth("a = 1\n"), 0);
        assert_eq!(depth(&format!("{}1{}\n", "(".repeat(50), ")".repeat(50))), 50);
        assert_eq!(depth(&format!("x{}\n", ".y".repeat(700))), 700);
        assert_eq!(depth(&format!("[{}]\n", "(1, 2), ".repeat(700))), 2);
        assert_eq!(depth("# ((((\n'(((('\n"), 0);
    }
}
