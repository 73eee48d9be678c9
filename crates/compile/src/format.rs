//! `'...' % (...)` with a literal format and simple conversions, as the parts of an f-string.

use bredli_syntax::ast::{Arena, Constant, Expr, ExprKind};
use bredli_text::Wtf8;

use crate::tree::{NO_LOCATION, is_starred};

/// A part of a format: literal text, or a conversion with its format specification.
enum Part {
    Literal(Vec<u8>),
    Conversion(u8, String),
}

/// The values of the f-string that equals `format % arguments`. The arguments are taken when there is one.
pub fn percent_to_fstring<'t>(format: &Expr<'t>, arguments: &mut Expr<'t>, arena: &'t Arena) -> Option<&'t mut [Expr<'t>]> {
    let ExprKind::Constant { value: Constant::Str(format), .. } = &format.kind else { return None };
    let ExprKind::Tuple { elts, .. } = &mut arguments.kind else { return None };
    if elts.iter().any(is_starred) {
        return None;
    }
    let parts = parse(format.as_bytes())?;
    let conversions = parts.iter().filter(|part| matches!(part, Part::Conversion(..))).count();
    if conversions != elts.len() {
        return None;
    }
    let text = |bytes: &[u8]| {
        let value = Constant::Str(arena.wtf8(Wtf8::from_bytes(bytes).expect("a format is divided at ASCII characters")));
        ExprKind::Constant { value, kind: None }.at(NO_LOCATION)
    };
    let mut arguments = std::mem::take(elts).iter_mut();
    Some(arena.list(parts.iter().map(|part| match part {
        Part::Literal(bytes) => text(bytes),
        Part::Conversion(conversion, spec) => {
            let value = arguments.next().expect("as many as conversions");
            let loc = value.loc;
            let format_spec = (!spec.is_empty()).then(|| arena.node(text(spec.as_bytes())));
            ExprKind::FormattedValue { value, conversion: i32::from(*conversion), format_spec }.at(loc)
        }
    })))
}

/// The parts of a format; none when it has a conversion that an f-string cannot express.
fn parse(format: &[u8]) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut literal = Vec::new();
    let mut rest = format;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            literal.push(byte);
        } else if let Some((b'%', after)) = rest.split_first() {
            literal.push(b'%');
            rest = after;
        } else {
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal)));
            }
            parts.push(conversion(&mut rest)?);
        }
    }
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    Some(parts)
}

fn conversion(rest: &mut &[u8]) -> Option<Part> {
    let mut left = false;
    let mut byte = next(rest)?;
    while matches!(byte, b'-' | b'+' | b' ' | b'#' | b'0') {
        left |= byte == b'-';
        byte = next(rest)?;
    }
    let mut spec = String::new();
    if byte.is_ascii_digit() {
        let width = number(&mut byte, rest)?;
        if !left && width > 0 {
            spec.push('>');
        }
        spec.push_str(&width.to_string());
    }
    if byte == b'.' {
        byte = next(rest)?;
        let precision = number(&mut byte, rest)?;
        spec.push('.');
        spec.push_str(&precision.to_string());
    }
    matches!(byte, b's' | b'r' | b'a').then_some(Part::Conversion(byte, spec))
}

fn next(rest: &mut &[u8]) -> Option<u8> {
    let (&byte, after) = rest.split_first()?;
    *rest = after;
    Some(byte)
}

/// A number of at most two digits that begins with `byte`, which becomes what follows it.
fn number(byte: &mut u8, rest: &mut &[u8]) -> Option<u32> {
    let mut value = 0;
    for _ in 0..3 {
        if !byte.is_ascii_digit() {
            return Some(value);
        }
        value = value * 10 + u32::from(*byte - b'0');
        *byte = next(rest)?;
    }
    None
}
