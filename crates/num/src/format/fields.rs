//! The replacement fields of `str.format`: `{0.name[key]!r:>{width}}`.
//!
//! Works on bytes so that any encoding that keeps ASCII as it is (UTF-8, WTF-8) can be parsed; pieces are slices of the input.

/// Why a format string is wrong: ValueError with this message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldError(pub &'static str);

impl std::fmt::Display for FieldError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// A replacement field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// What stands before `!` and `:`; see [`split_field_name`].
    pub name: &'a [u8],
    /// The bytes of the character after `!`.
    pub conversion: Option<&'a [u8]>,
    /// What stands after `:`.
    pub spec: &'a [u8],
    /// Whether the specification has replacement fields of its own.
    pub spec_has_fields: bool,
}

/// A piece of a format string: literal text, then a field unless the text ends or a brace was escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormatPiece<'a> {
    /// Literal text, with escaped braces already single.
    pub literal: &'a [u8],
    /// The field that follows.
    pub field: Option<Field<'a>>,
}

/// The pieces of a format string, as `_string.formatter_parser` gives them. After an error the iterator ends.
#[derive(Clone, Debug)]
pub struct FormatPieces<'a> {
    rest: &'a [u8],
}

impl<'a> FormatPieces<'a> {
    /// The pieces of this format string.
    pub fn new(format: &'a [u8]) -> FormatPieces<'a> {
        FormatPieces { rest: format }
    }

    fn piece(&mut self) -> Result<FormatPiece<'a>, FieldError> {
        let text = self.rest;
        let Some(at) = text.iter().position(|byte| matches!(byte, b'{' | b'}')) else {
            self.rest = &[];
            return Ok(FormatPiece { literal: text, field: None });
        };
        let after = &text[at + 1..];
        if after.first() == Some(&text[at]) {
            self.rest = &after[1..];
            return Ok(FormatPiece { literal: &text[..=at], field: None });
        }
        if text[at] == b'}' {
            return Err(FieldError("Single '}' encountered in format string"));
        }
        if after.is_empty() {
            return Err(FieldError("Single '{' encountered in format string"));
        }
        let (field, rest) = parse_field(after)?;
        self.rest = rest;
        Ok(FormatPiece { literal: &text[..at], field: Some(field) })
    }
}

impl<'a> Iterator for FormatPieces<'a> {
    type Item = Result<FormatPiece<'a>, FieldError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let piece = self.piece();
        if piece.is_err() {
            self.rest = &[];
        }
        Some(piece)
    }
}

/// Parses a field up to its closing brace; returns what follows.
fn parse_field(text: &[u8]) -> Result<(Field<'_>, &[u8]), FieldError> {
    let end = name_end(text)?;
    let mut field = Field { name: &text[..end], conversion: None, spec: &[], spec_has_fields: false };
    let mut rest = &text[end + 1..];
    if text[end] == b'}' {
        return Ok((field, rest));
    }
    if text[end] == b'!' {
        let len = rest.first().map_or(0, |&byte| char_len(byte)).min(rest.len());
        if len == 0 {
            return Err(FieldError("end of string while looking for conversion specifier"));
        }
        field.conversion = Some(&rest[..len]);
        rest = &rest[len..];
        match rest.first() {
            Some(b'}') => return Ok((field, &rest[1..])),
            Some(b':') => rest = &rest[1..],
            Some(_) => return Err(FieldError("expected ':' after conversion specifier")),
            None => return Err(FieldError("unmatched '{' in format spec")),
        }
    }
    let mut depth = 1usize;
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            b'{' => {
                field.spec_has_fields = true;
                depth += 1;
            }
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    field.spec = &rest[..at];
                    return Ok((field, &rest[at + 1..]));
                }
            }
            _ => {}
        }
    }
    Err(FieldError("unmatched '{' in format spec"))
}

fn name_end(text: &[u8]) -> Result<usize, FieldError> {
    let mut in_brackets = false;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b']' => in_brackets = false,
            _ if in_brackets => {}
            b'[' => in_brackets = true,
            b'{' => return Err(FieldError("unexpected '{' in field name")),
            b'}' | b':' | b'!' => return Ok(at),
            _ => {}
        }
    }
    Err(FieldError("expected '}' before end of string"))
}

/// The length of the UTF-8 sequence that starts with this byte.
fn char_len(lead: u8) -> usize {
    match lead {
        0xf0.. => 4,
        0xe0..0xf0 => 3,
        0xc0..0xe0 => 2,
        _ => 1,
    }
}

/// A name or number in a field name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKey<'a> {
    /// Digits only: a position or an integer key.
    Index(usize),
    /// Anything else; empty for automatic numbering.
    Name(&'a [u8]),
}

/// A step from the value a field name starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldName<'a> {
    /// `.name`
    Attribute(&'a [u8]),
    /// `[key]`
    Item(FieldKey<'a>),
}

/// The steps after the first name, as `_string.formatter_field_name_split` gives them. After an error the iterator ends.
#[derive(Clone, Debug)]
pub struct FieldPath<'a> {
    rest: &'a [u8],
}

/// Splits a field name into what selects the argument and the attributes and items to go through.
pub fn split_field_name(name: &[u8]) -> Result<(FieldKey<'_>, FieldPath<'_>), FieldError> {
    let end = name.iter().position(|byte| matches!(byte, b'.' | b'[')).unwrap_or(name.len());
    let (first, rest) = name.split_at(end);
    Ok((key(first)?, FieldPath { rest }))
}

fn key(text: &[u8]) -> Result<FieldKey<'_>, FieldError> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return Ok(FieldKey::Name(text));
    }
    let digits = std::str::from_utf8(text).expect("ASCII digits");
    match digits.parse::<isize>() {
        Ok(index) => Ok(FieldKey::Index(index.unsigned_abs())),
        Err(_) => Err(FieldError("Too many decimal digits in format string")),
    }
}

impl<'a> FieldPath<'a> {
    fn step(&mut self) -> Result<FieldName<'a>, FieldError> {
        const EMPTY: FieldError = FieldError("Empty attribute in format string");
        let (dot, text) = (self.rest[0], &self.rest[1..]);
        match dot {
            b'.' => {
                let end = text.iter().position(|byte| matches!(byte, b'.' | b'[')).unwrap_or(text.len());
                self.rest = &text[end..];
                if end == 0 { Err(EMPTY) } else { Ok(FieldName::Attribute(&text[..end])) }
            }
            b'[' => {
                let end = text.iter().position(|&byte| byte == b']').ok_or(FieldError("Missing ']' in format string"))?;
                self.rest = &text[end + 1..];
                if end == 0 { Err(EMPTY) } else { Ok(FieldName::Item(key(&text[..end])?)) }
            }
            _ => Err(FieldError("Only '.' or '[' may follow ']' in format field specifier")),
        }
    }
}

impl<'a> Iterator for FieldPath<'a> {
    type Item = Result<FieldName<'a>, FieldError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let step = self.step();
        if step.is_err() {
            self.rest = &[];
        }
        Some(step)
    }
}
