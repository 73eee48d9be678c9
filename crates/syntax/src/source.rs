//! `Source`: decoded source text with normal line ends, as the parser wants it (CPython: `Parser/tokenizer`).

use std::borrow::Cow;

use crate::ast::Location;
use crate::error::{ErrorKind, SyntaxError};

/// Decodes bytes in the named encoding for `Source::from_bytes`; the error is the whole message of the `SyntaxError`.
pub type Decode<'a> = &'a mut dyn FnMut(&str, &[u8]) -> Result<String, String>;

/// The text of a source: no byte order mark, no null characters, `\n` as the only line end.
#[derive(Debug)]
pub struct Source<'a> {
    text: Cow<'a, str>,
    filename: &'a str,
    /// The last line end is not in the original.
    implicit_newline: bool,
}

impl<'a> Source<'a> {
    /// The source in a `str`, where a byte order mark is an error like any other odd character.
    pub fn from_text(text: impl Into<Cow<'a, str>>, filename: &'a str) -> Result<Source<'a>, SyntaxError> {
        let text = text.into();
        if memchr::memchr(0, text.as_bytes()).is_some() {
            return Err(null_bytes(filename));
        }
        let implicit_newline = !text.is_empty() && !text.ends_with(['\n', '\r']);
        Ok(Source { text: normalised(text), filename, implicit_newline })
    }

    /// The source in a file, decoded as its byte order mark or its encoding declaration says (PEP 263).
    pub fn from_bytes(bytes: &'a [u8], filename: &'a str, decode: Decode) -> Result<Source<'a>, SyntaxError> {
        if let Some(at) = memchr::memchr(0, bytes) {
            let before = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |at| at + 1);
            let line = Source::from_bytes(&bytes[..at], filename, decode).map_or_else(
                |_| String::from_utf8_lossy(&bytes[before..at]).into_owned(),
                |source| source.text().lines().nth(line_count(&bytes[..before])).unwrap_or_default().to_owned(),
            );
            let lineno = line_count(&bytes[..at]) as i32 + 1;
            return Err(SyntaxError { lineno, offset: 0, end_lineno: lineno, end_offset: 0, text: Some(line), ..null_bytes(filename) });
        }
        let marked = bytes.strip_prefix(b"\xEF\xBB\xBF");
        let bytes = marked.unwrap_or(bytes);
        let declared = declared_encoding(bytes);
        let encoding = declared.as_deref().map_or("utf-8", normal_name).to_owned();
        if marked.is_some() && encoding != "utf-8" {
            return Err(marked_otherwise(bytes, &encoding, filename));
        }
        match (encoding.as_str(), std::str::from_utf8(bytes)) {
            ("utf-8" | "utf8" | "UTF8", Ok(text)) => Source::from_text(text, filename),
            ("utf-8", Err(error)) => Err(not_utf8(bytes, error.valid_up_to(), filename)),
            ("iso-8859-1" | "latin1" | "Latin1", _) => {
                Source::from_text(bytes.iter().map(|&byte| char::from(byte)).collect::<String>(), filename)
            }
            _ => match decode(declared.as_deref().unwrap_or("utf-8"), bytes) {
                Ok(text) => Source::from_text(text, filename),
                Err(msg) => Err(SyntaxError { lineno: 0, offset: -1, ..without_position(&msg, filename) }),
            },
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The source with other operators of the same length at these offsets.
    pub(crate) fn with_operators(&self, offsets: &[usize], operator: &str) -> Source<'a> {
        let mut text = self.text.clone().into_owned();
        for &offset in offsets {
            text.replace_range(offset..offset + operator.len(), operator);
        }
        Source { text: text.into(), filename: self.filename, implicit_newline: self.implicit_newline }
    }

    /// The text without a line end that was added to the last line.
    pub fn text_as_given(&self) -> &str {
        &self.text[..self.text.len() - usize::from(self.implicit_newline)]
    }

    /// The name for error messages.
    pub fn filename(&self) -> &str {
        self.filename
    }

    /// The line with this number, from 1, with its line end.
    pub fn line(&self, lineno: i32) -> Option<&str> {
        self.text.split_inclusive('\n').nth(usize::try_from(lineno - 1).ok()?)
    }

    /// A `SyntaxError` about the character at a byte offset.
    pub(crate) fn error_at(&self, offset: u32, msg: &str) -> SyntaxError {
        let before = &self.text.as_bytes()[..(offset as usize).min(self.text.len())];
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        let lineno = memchr::memchr_iter(b'\n', before).count() as i32 + 1;
        let col_offset = (before.len() - line_start) as i32;
        self.error_in(Location { lineno, col_offset, end_lineno: lineno, end_col_offset: col_offset }, msg)
    }

    /// A `SyntaxError` about a range; columns of the range in bytes.
    pub(crate) fn error_in(&self, loc: Location, msg: &str) -> SyntaxError {
        SyntaxError {
            kind: ErrorKind::SyntaxError,
            msg: msg.to_owned(),
            filename: self.filename.to_owned(),
            lineno: loc.lineno,
            offset: self.column(loc.lineno, loc.col_offset),
            end_lineno: loc.end_lineno,
            end_offset: self.column(loc.end_lineno, loc.end_col_offset),
            text: self.line(loc.lineno).map(str::to_owned),
            last_statement: None,
        }
    }

    /// The column in characters, from 1, of a byte column.
    fn column(&self, lineno: i32, col_offset: i32) -> i32 {
        let line = self.line(lineno).unwrap_or_default();
        let bytes = usize::try_from(col_offset).unwrap_or_default();
        let inside = bytes.min(line.len());
        let characters = line.as_bytes()[..inside].iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        (characters + bytes - inside) as i32 + 1
    }
}

/// Line ends brought to `\n`; a last line without one gets it.
fn normalised(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut normal = match memchr::memchr(b'\r', text.as_bytes()) {
        Some(_) => text.replace("\r\n", "\n").replace('\r', "\n").into(),
        None => text,
    };
    if !normal.is_empty() && !normal.ends_with('\n') {
        normal.to_mut().push('\n');
    }
    normal
}

/// The encoding named by a comment in the first or second line.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let mut lines = bytes.splitn(3, |&byte| byte == b'\n' || byte == b'\r');
    let first = lines.next()?;
    if let Some(encoding) = encoding_in(first) {
        return Some(encoding);
    }
    let second = match lines.next()? {
        [] if bytes.get(first.len()) == Some(&b'\r') => lines.next()?.split(|&byte| byte == b'\n' || byte == b'\r').next()?,
        second => second,
    };
    is_blank(first).then(|| encoding_in(second)).flatten()
}

/// Whether a line holds nothing but space and a comment.
fn is_blank(line: &[u8]) -> bool {
    matches!(line.trim_ascii_start(), [] | [b'#', ..])
}

/// The encoding in a comment such as `# -*- coding: name -*-`.
fn encoding_in(line: &[u8]) -> Option<String> {
    let comment = line.trim_ascii_start().strip_prefix(b"#")?;
    let at = memchr::memmem::find_iter(comment, b"coding").find(|&at| matches!(comment.get(at + 6), Some(b':' | b'=')))?;
    let rest = &comment[at + 7..];
    let skipped = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let name = &rest[skipped..];
    let length = name.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')).count();
    (length > 0).then(|| String::from_utf8_lossy(&name[..length]).into_owned())
}

/// The two encodings that are decoded here under their normal names, others as given.
fn normal_name(encoding: &str) -> &str {
    let name: String = encoding.chars().take(12).map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    let is = |wanted: &str| name == wanted || name.starts_with(&format!("{wanted}-"));
    if is("utf-8") {
        "utf-8"
    } else if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") {
        "iso-8859-1"
    } else {
        encoding
    }
}

fn not_utf8(bytes: &[u8], at: usize, filename: &str) -> SyntaxError {
    let lineno = line_count(&bytes[..at]) as i32 + 1;
    let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |at| at + 1);
    let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
    let offset = String::from_utf8_lossy(&bytes[start..at]).chars().count() as i32 + 1;
    SyntaxError {
        kind: ErrorKind::SyntaxError,
        msg: format!(
            "Non-UTF-8 code starting with '\\x{:02x}' on line {lineno}, but no encoding declared; \
             see https://peps.python.org/pep-0263/ for details",
            bytes[at]
        ),
        filename: filename.to_owned(),
        lineno,
        offset,
        end_lineno: lineno,
        end_offset: offset,
        text: Some(String::from_utf8_lossy(&bytes[start..end]).into_owned()),
        last_statement: None,
    }
}

/// A byte order mark of UTF-8 before a declaration of another encoding.
fn marked_otherwise(bytes: &[u8], encoding: &str, filename: &str) -> SyntaxError {
    let line = bytes.split(|&byte| byte == b'\n').find(|line| encoding_in(line).is_some()).unwrap_or_default();
    let text = String::from_utf8_lossy(line).into_owned();
    let lineno = 1 + i32::from(encoding_in(bytes.split(|&byte| byte == b'\n').next().unwrap_or_default()).is_none());
    SyntaxError {
        lineno,
        offset: 0,
        end_lineno: lineno,
        end_offset: text.chars().count() as i32,
        text: Some(text),
        ..without_position(&format!("encoding problem: {encoding} with BOM"), filename)
    }
}

fn line_count(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

fn null_bytes(filename: &str) -> SyntaxError {
    without_position("source code cannot contain null bytes", filename)
}

fn without_position(msg: &str, filename: &str) -> SyntaxError {
    SyntaxError {
        kind: ErrorKind::SyntaxError,
        msg: msg.to_owned(),
        filename: filename.to_owned(),
        lineno: SyntaxError::UNKNOWN,
        offset: SyntaxError::UNKNOWN,
        end_lineno: SyntaxError::UNKNOWN,
        end_offset: SyntaxError::UNKNOWN,
        text: None,
        last_statement: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8]) -> Result<String, (String, i32, i32)> {
        let mut known = |name: &str, bytes: &[u8]| match name {
            "upper" => Ok(String::from_utf8_lossy(bytes).to_uppercase()),
            _ => Err(format!("unknown encoding: {name}")),
        };
        let source = Source::from_bytes(bytes, "f", &mut known);
        source.map(|source| source.text().to_owned()).map_err(|error| (error.msg, error.lineno, error.offset))
    }

    #[test]
    fn declarations_are_obeyed() {
        assert_eq!(decode(b"\xEF\xBB\xBFx\r\ny"), Ok("x\ny\n".to_owned()));
        assert_eq!(decode(b"#!\n# vim: coding=latin-1 :\n\xE9"), Ok("#!\n# vim: coding=latin-1 :\n\u{e9}\n".to_owned()));
        assert_eq!(decode(b"# coding: upper\n"), Ok("# CODING: UPPER\n".to_owned()));
        assert_eq!(decode(b"x\n# coding: upper\n"), Ok("x\n# coding: upper\n".to_owned()));
    }

    #[test]
    fn complaints_are_cpythons() {
        assert_eq!(decode(b"# coding: foo\n"), Err(("unknown encoding: foo".to_owned(), 0, -1)));
        assert_eq!(decode(b"\xEF\xBB\xBF# coding: ascii"), Err(("encoding problem: ascii with BOM".to_owned(), 1, 0)));
        let (msg, lineno, offset) = decode(b"a\nb \xC3\xA9 \xFF").unwrap_err();
        assert!(msg.starts_with("Non-UTF-8 code starting with '\\xff' on line 2, but no encoding declared"));
        assert_eq!((lineno, offset), (2, 5));
    }
}
