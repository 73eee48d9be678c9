//! Number, str and bytes literals.

use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextRange};

use super::{Converter, LiteralError, Result};
use crate::ast::{Constant, ExprKind, Location};
use crate::error::Warning;
use crate::literal::{self, InvalidEscape};
use bredli_num::Int;
use bredli_text::{Wtf8, Wtf8Buf};

/// The text of a literal, or of a part of one.
pub(super) enum Text<'a> {
    /// As it stands in the source.
    Source(&'a str),
    /// With escape sequences that have been decoded.
    Decoded(Wtf8Buf),
}

impl Text<'_> {
    pub(super) fn as_wtf8(&self) -> Wtf8<'_> {
        match self {
            Text::Source(text) => (*text).into(),
            Text::Decoded(text) => text.as_wtf8(),
        }
    }
}

impl<'a, 't> Converter<'a, 't> {
    pub(super) fn number(&mut self, node: &ruff::ExprNumberLiteral, loc: Location) -> Result<ExprKind<'t>> {
        self.warn_unspaced_number(node.range());
        let value = match &node.value {
            ruff::Number::Int(int) => match int.as_u64() {
                Some(value) => self.arena.int(Int::new(false, &[value])),
                None => {
                    literal::number(self.text(node.range()), self.arena, self.max_int_digits).map_err(|msg| LiteralError { msg, loc })?
                }
            },
            ruff::Number::Float(value) => Constant::Float(*value),
            ruff::Number::Complex { real, imag } => Constant::Complex { real: *real, imag: *imag },
        };
        Ok(ExprKind::Constant { value, kind: None })
    }

    /// `1or x`: a keyword right behind a number is accepted, with a warning.
    fn warn_unspaced_number(&mut self, range: TextRange) {
        let end = range.end().to_u32();
        if !self.source.as_bytes().get(end as usize).is_some_and(u8::is_ascii_alphabetic) {
            return;
        }
        let text = self.text(range).as_bytes();
        let what = match text {
            [b'0', b'x' | b'X', ..] => "hexadecimal",
            [b'0', b'o' | b'O', ..] => "octal",
            [b'0', b'b' | b'B', ..] => "binary",
            [.., b'j' | b'J'] => "imaginary",
            _ => "decimal",
        };
        let loc = self.span(end - 1, end - 1);
        self.warnings.push(Warning { msg: format!("invalid {what} literal"), lineno: loc.lineno, loc });
    }

    pub(super) fn string(&mut self, node: &ruff::ExprStringLiteral) -> Result<ExprKind<'t>> {
        let parts = node.value.as_slice();
        let value = match parts {
            [part] => match self.string_part(part)? {
                Text::Source(text) => self.arena.str(text).into(),
                Text::Decoded(text) => self.arena.wtf8(text.as_wtf8()),
            },
            parts => {
                let mut value = Wtf8Buf::new();
                for part in parts {
                    value.push_wtf8(self.string_part(part)?.as_wtf8());
                }
                self.arena.wtf8(value.as_wtf8())
            }
        };
        Ok(ExprKind::Constant { value: Constant::Str(value), kind: kind_of(&parts[0]) })
    }

    pub(super) fn string_part(&mut self, part: &ruff::StringLiteral) -> Result<Text<'a>> {
        let raw = part.flags.prefix().is_raw();
        self.decode(part.content_range(), part.range, raw)
    }

    /// The text of a range inside a literal `token`, decoded unless `raw`.
    pub(super) fn decode(&mut self, content: TextRange, token: TextRange, raw: bool) -> Result<Text<'a>> {
        let text = self.text(content);
        if raw || memchr::memchr(b'\\', text.as_bytes()).is_none() {
            return Ok(Text::Source(text));
        }
        match literal::decode_str(text) {
            Ok((value, invalid)) => {
                self.warn_escape(content, invalid);
                Ok(Text::Decoded(value))
            }
            Err(msg) => Err(LiteralError { msg, loc: self.loc(token) }),
        }
    }

    fn warn_escape(&mut self, content: TextRange, invalid: Option<InvalidEscape>) {
        if let Some(escape) = invalid {
            self.warn_at(content.start().to_u32() + escape.offset as u32, literal::escape_warning(self.text(content), escape));
        }
    }

    /// Warns about the two characters from `offset` on.
    pub(super) fn warn_at(&mut self, offset: u32, msg: String) {
        let loc = self.span(offset, offset + 2);
        self.warnings.push(Warning { msg, lineno: loc.lineno, loc });
    }

    pub(super) fn bytes(&mut self, node: &ruff::ExprBytesLiteral) -> Result<ExprKind<'t>> {
        let mut value = Vec::new();
        for part in node.value.as_slice() {
            let content = part.content_range();
            let text = self.text(content);
            if part.flags.prefix().is_raw() || memchr::memchr(b'\\', text.as_bytes()).is_none() {
                value.extend_from_slice(text.as_bytes());
                continue;
            }
            match literal::decode_bytes(text) {
                Ok((decoded, invalid)) => {
                    self.warn_escape(content, invalid);
                    value.extend(decoded);
                }
                Err(msg) => return Err(LiteralError { msg, loc: self.loc(part.range) }),
            }
        }
        Ok(ExprKind::Constant { value: Constant::Bytes(self.arena.bytes(&value)), kind: None })
    }
}

/// The `kind` of a constant: `u` when its first literal has that prefix.
pub(super) fn kind_of(part: &ruff::StringLiteral) -> Option<&'static str> {
    part.flags.prefix().is_unicode().then_some("u")
}
