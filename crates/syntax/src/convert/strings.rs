//! f-strings and t-strings.
//!
//! CPython flattens implicit concatenation, merges neighbouring constants and drops empty ones, also within format
//! specifications; a debug expression (`{x=}`) contributes its source text as a constant.

use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::literals::{Text, kind_of};
use super::{Converter, LiteralError, Result};
use crate::ast::{Arena, Constant, Expr, ExprKind, Location};
use crate::literal;
use bredli_text::{Wtf8, Wtf8Buf};

/// What the fields of a string become.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flavour {
    Formatted,
    Interpolated,
}

/// How the literal text of a string is to be read.
#[derive(Clone, Copy)]
struct Style {
    raw: bool,
    /// In a format specification `{{` is no escaped brace.
    braces: bool,
    flavour: Flavour,
    /// How many format specifications are around.
    depth: usize,
}

/// A format specification within a format specification cannot hold a field with one of its own.
const MAX_DEPTH: usize = 2;

/// The values of a string: its fields, and constants between them.
#[derive(Default)]
struct Values<'t> {
    values: Vec<Expr<'t>>,
    /// The constant that has begun, unless it is empty; neighbours are merged with it.
    text: Wtf8Buf,
    kind: Option<&'static str>,
    loc: Location,
}

impl<'t> Values<'t> {
    fn push_text(&mut self, text: Wtf8<'_>, kind: Option<&'static str>, loc: Location) {
        if text.is_empty() {
            return;
        }
        if self.text.is_empty() {
            (self.kind, self.loc) = (kind, loc);
        }
        self.text.push_wtf8(text);
        (self.loc.end_lineno, self.loc.end_col_offset) = (loc.end_lineno, loc.end_col_offset);
    }

    fn push(&mut self, arena: &'t Arena, field: Expr<'t>) {
        self.end_text(arena);
        self.values.push(field);
    }

    fn end_text(&mut self, arena: &'t Arena) {
        let text = std::mem::take(&mut self.text);
        if !text.is_empty() {
            let value = Constant::Str(arena.wtf8(text.as_wtf8()));
            self.values.push(ExprKind::Constant { value, kind: self.kind }.at(self.loc));
        }
    }

    fn finish(mut self, arena: &'t Arena) -> &'t mut [Expr<'t>] {
        self.end_text(arena);
        arena.list(self.values)
    }
}

impl<'a, 't> Converter<'a, 't> {
    pub(super) fn fstring(&mut self, node: &ruff::ExprFString) -> Result<ExprKind<'t>> {
        let mut values = Values::default();
        for part in node.value.as_slice() {
            match part {
                ruff::FStringPart::Literal(literal) => {
                    let loc = self.loc(literal.range);
                    values.push_text(self.string_part(literal)?.as_wtf8(), kind_of(literal), loc);
                }
                ruff::FStringPart::FString(part) => {
                    let style = Style { raw: part.flags.prefix().is_raw(), braces: true, flavour: Flavour::Formatted, depth: 0 };
                    self.elements(&part.elements, style, &mut values)?;
                }
            }
        }
        Ok(ExprKind::JoinedStr { values: values.finish(self.arena) })
    }

    pub(super) fn tstring(&mut self, node: &ruff::ExprTString) -> Result<ExprKind<'t>> {
        let mut values = Values::default();
        for part in node.value.as_slice() {
            let style = Style { raw: part.flags.prefix().is_raw(), braces: true, flavour: Flavour::Interpolated, depth: 0 };
            self.elements(&part.elements, style, &mut values)?;
        }
        Ok(ExprKind::TemplateStr { values: values.finish(self.arena) })
    }

    fn elements(&mut self, elements: &ruff::InterpolatedStringElements, style: Style, values: &mut Values<'t>) -> Result<()> {
        for element in elements {
            match element {
                ruff::InterpolatedStringElement::Literal(literal) => {
                    let loc = self.loc(literal.range);
                    values.push_text(self.middle(literal.range, style)?.as_wtf8(), None, loc);
                }
                ruff::InterpolatedStringElement::Interpolation(field) => self.field(field, style, values)?,
            }
        }
        Ok(())
    }

    /// The value of literal text between fields. CPython reads it in pieces that end at doubled braces.
    fn middle(&mut self, range: TextRange, style: Style) -> Result<Text<'a>> {
        let text = self.text(range);
        if memchr::memchr3(b'\\', b'{', b'}', text.as_bytes()).is_none() {
            return self.decode(range, range, style.raw);
        }
        let mut value = Wtf8Buf::with_capacity(text.len());
        let mut start = 0;
        while start < text.len() {
            let brace = match style.braces {
                true => brace(&text[start..], style.raw).map(|length| start + length),
                false => None,
            };
            let end = brace.unwrap_or(text.len());
            let piece = &text[start..end];
            let backslashes = piece.len() - piece.trim_end_matches('\\').len();
            let escaped = !style.raw && backslashes % 2 == 1;
            let decoded = TextRange::new(offset(range, start), offset(range, end - usize::from(escaped)));
            value.push_wtf8(self.decode(decoded, decoded, style.raw)?.as_wtf8());
            if escaped {
                value.push('\\');
                let shown = brace.map_or("{", |at| &text[at..at + 1]);
                self.warn_at(offset(range, end - 1).to_u32(), literal::brace_escape_warning(shown));
            }
            start = end;
            if let Some(at) = brace {
                value.push_str(&text[at..at + 1]);
                start += 2;
            }
        }
        Ok(Text::Decoded(value))
    }

    fn field(&mut self, field: &ruff::InterpolatedElement, style: Style, values: &mut Values<'t>) -> Result<()> {
        let open = field.start().to_u32() + 1;
        if let Some(debug) = &field.debug_text {
            let loc = self.span(open, open + debug.as_str().len() as u32);
            values.push_text(without_comments(debug.as_str()).as_str().into(), None, loc);
        }
        let value = self.in_arena(&field.expression)?;
        let format_spec = match &field.format_spec {
            None => None,
            Some(spec) => {
                let mut values = Values::default();
                let inner = Style { braces: false, flavour: Flavour::Formatted, depth: style.depth + 1, ..style };
                if inner.depth > MAX_DEPTH {
                    let msg = "f-string: expressions nested too deeply".to_owned();
                    return Err(LiteralError { msg, loc: self.loc(field.range) });
                }
                self.elements(&spec.elements, inner, &mut values)?;
                let loc = self.span(spec.start().to_u32() - 1, spec.end().to_u32());
                Some(self.arena.node(ExprKind::JoinedStr { values: values.finish(self.arena) }.at(loc)))
            }
        };
        let conversion = match field.conversion {
            ruff::ConversionFlag::None if field.debug_text.is_some() && format_spec.is_none() => i32::from(b'r'),
            conversion => conversion as i32,
        };
        let kind = match style.flavour {
            Flavour::Formatted => ExprKind::FormattedValue { value, conversion, format_spec },
            Flavour::Interpolated => {
                let end = self.expression_end(field.expression.end().to_u32());
                let text = without_comments(&self.source[open as usize..end as usize]);
                ExprKind::Interpolation { value, str: Constant::Str(self.arena.str(&text).into()), conversion, format_spec }
            }
        };
        let loc = self.loc(field.range);
        values.push(self.arena, kind.at(loc));
        Ok(())
    }

    /// Where the source of a field's expression ends: behind closing parentheses and spaces that follow its node.
    fn expression_end(&self, node_end: u32) -> u32 {
        let bytes = self.source.as_bytes();
        let mut at = self.skip_trivia(node_end);
        while matches!(bytes.get(at as usize), Some(b')' | b',')) {
            at = self.skip_trivia(at + 1);
        }
        at
    }
}

fn offset(range: TextRange, at: usize) -> TextSize {
    range.start() + TextSize::from(at as u32)
}

/// The next doubled brace; the braces of `\N{...}` do not count.
fn brace(text: &str, raw: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if !raw => match bytes.get(at + 1) {
                Some(b'N') if bytes.get(at + 2) == Some(&b'{') => at += memchr::memchr(b'}', &bytes[at..])? + 1,
                Some(b'{' | b'}') => at += 1,
                _ => at += 2,
            },
            b'{' | b'}' => return Some(at),
            _ => at += 1,
        }
    }
    None
}

/// The source text of an expression without its comments, as CPython keeps it. Quotes are matched by character only.
pub(crate) fn without_comments(text: &str) -> String {
    if !text.contains('#') {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, quote) {
            ('#', None) => {
                if characters.by_ref().any(|skipped| skipped == '\n') {
                    kept.push('\n');
                }
                continue;
            }
            ('\\', _) => {
                kept.push(character);
                kept.extend(characters.next());
                continue;
            }
            ('\'' | '"', None) => quote = Some(character),
            ('\'' | '"', Some(open)) if open == character => quote = None,
            _ => {}
        }
        kept.push(character);
    }
    kept
}
