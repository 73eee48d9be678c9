//! Constants of the tree: as constants of code objects, as Python shows them, and docstrings without indentation.

use std::borrow::Cow;

use bredli_code::Const;
use bredli_num::Int;
use bredli_syntax::ast::{Constant, Expr, ExprKind};
use bredli_text::{Wtf8Buf, unicode};

/// The constant of a code object for one of the tree.
#[must_use]
pub fn to_const(value: Constant<'_>) -> Const {
    match value {
        Constant::None => Const::None,
        Constant::Ellipsis => Const::Ellipsis,
        Constant::Bool(value) => Const::Bool(value),
        Constant::Int { negative, magnitude } => Const::Int(Int::new(negative, magnitude).to_bigint()),
        Constant::Float(value) => Const::Float(value),
        Constant::Complex { real, imag } => Const::Complex(real, imag),
        Constant::Str(text) => Const::Str(Wtf8Buf::shared(text)),
        Constant::Bytes(bytes) => Const::Bytes(bytes.to_vec().into()),
        Constant::Tuple(items) => Const::Tuple(items.iter().copied().map(to_const).collect()),
        Constant::FrozenSet(items) => {
            let mut distinct: Vec<Const> = Vec::with_capacity(items.len());
            for item in items.iter().copied().map(to_const) {
                if !distinct.contains(&item) {
                    distinct.push(item);
                }
            }
            Const::FrozenSet(distinct)
        }
    }
}

/// A constant's `repr()`.
#[must_use]
pub fn repr(value: Constant<'_>) -> String {
    match value {
        Constant::None => "None".to_owned(),
        Constant::Ellipsis => "Ellipsis".to_owned(),
        Constant::Bool(true) => "True".to_owned(),
        Constant::Bool(false) => "False".to_owned(),
        Constant::Int { negative, magnitude } => Int::new(negative, magnitude).to_bigint().to_string(),
        Constant::Float(value) => repr_of_float(value),
        Constant::Complex { real, imag } => repr_of_complex(real, imag),
        Constant::Str(text) => repr_of_wtf8(text.as_bytes()),
        Constant::Bytes(bytes) => repr_of_bytes(bytes),
        Constant::Tuple(items) => {
            let comma = if items.len() == 1 { "," } else { "" };
            format!("({}{comma})", items.iter().copied().map(repr).collect::<Vec<_>>().join(", "))
        }
        Constant::FrozenSet([]) => "frozenset()".to_owned(),
        Constant::FrozenSet(items) => format!("frozenset({{{}}})", items.iter().copied().map(repr).collect::<Vec<_>>().join(", ")),
    }
}

/// The `repr()` of a float.
#[must_use]
pub fn repr_of_float(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').expect("the format has an exponent");
    let exponent: i32 = exponent.parse().expect("the exponent is a number");
    if (-4..16).contains(&exponent) {
        let plain = format!("{value}");
        return if plain.contains('.') { plain } else { plain + ".0" };
    }
    format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.unsigned_abs())
}

fn repr_of_complex(real: f64, imag: f64) -> String {
    let part = |value: f64| {
        let text = repr_of_float(value);
        text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
    };
    if real == 0.0 && real.is_sign_positive() {
        return part(imag) + "j";
    }
    let sign = if imag.is_sign_negative() && !imag.is_nan() { "" } else { "+" };
    format!("({}{sign}{}j)", part(real), part(imag))
}

fn repr_of_bytes(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut out = format!("b{quote}");
    for &byte in bytes {
        if byte < 0x80 && (byte.is_ascii_graphic() || byte == b' ') {
            push_plain(&mut out, char::from(byte), quote);
        } else {
            push_escaped(&mut out, u32::from(byte));
        }
    }
    out.push(quote);
    out
}

/// The `repr()` of a str.
#[must_use]
pub fn repr_of_str(text: &str) -> String {
    repr_of_wtf8(text.as_bytes())
}

/// The `repr()` of the str with these WTF-8 bytes.
#[must_use]
pub fn repr_of_wtf8(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push(quote);
    for part in bytes.utf8_chunks() {
        for c in part.valid().chars() {
            if unicode::is_printable(c as u32) { push_plain(&mut out, c, quote) } else { push_escaped(&mut out, c as u32) }
        }
        // What is no UTF-8 in WTF-8 is a surrogate, in chunks of its three bytes or of each of them.
        if let [0xED, ..] = part.invalid() {
            let at = part.invalid().as_ptr().addr() - bytes.as_ptr().addr();
            if let Some(&[_, second, third]) = bytes.get(at..at + 3) {
                push_escaped(&mut out, 0xD000 | u32::from(second & 0x3F) << 6 | u32::from(third & 0x3F));
            }
        }
    }
    out.push(quote);
    out
}

fn push_plain(out: &mut String, c: char, quote: char) {
    if c == quote || c == '\\' {
        out.push('\\');
    }
    out.push(c);
}

fn push_escaped(out: &mut String, c: u32) {
    use std::fmt::Write;
    let written = match c {
        0x09 => write!(out, "\\t"),
        0x0A => write!(out, "\\n"),
        0x0D => write!(out, "\\r"),
        0..=0xFF => write!(out, "\\x{c:02x}"),
        0x100..=0xFFFF => write!(out, "\\u{c:04x}"),
        _ => write!(out, "\\U{c:08x}"),
    };
    written.expect("writing to a String succeeds");
}

/// The docstring in `expr`, without the indentation that its lines share (`inspect.cleandoc`, but blank lines stay).
#[must_use]
pub fn clean_docstring(expr: &Expr) -> Const {
    let ExprKind::Constant { value: Constant::Str(text), .. } = &expr.kind else { return Const::None };
    if !text.as_bytes().contains(&b'\n') && !text.as_bytes().starts_with(b" ") && !text.as_bytes().contains(&b'\t') {
        return Const::Str(Wtf8Buf::shared(*text));
    }
    let expanded = match text.as_bytes().contains(&b'\t') {
        true => Cow::Owned(expand_tabs(text.as_bytes())),
        false => Cow::Borrowed(text.as_bytes()),
    };
    let ends = || memchr::memchr_iter(b'\n', &expanded).map(|at| at + 1);
    let indent = |line: &[u8]| line.iter().take_while(|&&byte| byte == b' ').count();
    // Every line but the first, which follows an end of line.
    let indents = ends().map(|start| (indent(&expanded[start..]), start));
    let blank = |indent: usize, start: usize| expanded.get(start + indent).is_none_or(|&byte| byte == b'\n');
    let margin = indents.filter(|&(indent, start)| !blank(indent, start)).map(|(indent, _)| indent).min().unwrap_or(0);
    let mut clean = Vec::with_capacity(expanded.len());
    let mut start = indent(&expanded);
    for end in ends() {
        clean.extend_from_slice(&expanded[start..end]);
        start = end + indent(&expanded[end..]).min(margin);
    }
    clean.extend_from_slice(&expanded[start..]);
    Const::Str(Wtf8Buf::from_bytes(clean).expect("spaces are removed at line starts only"))
}

fn expand_tabs(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut column = 0;
    for &byte in text {
        match byte {
            b'\t' => {
                let spaces = 8 - column % 8;
                out.resize(out.len() + spaces, b' ');
                column += spaces;
                continue;
            }
            b'\n' | b'\r' => column = 0,
            0x80..=0xBF => {}
            _ => column += 1,
        }
        out.push(byte);
    }
    out
}
