//! Our Unicode tables say what CPython's say, over all code points.
//!
//! `tools/unicode/sweep.py` computes the expected checksums and samples with CPython 3.14.

use std::fmt::Write;

use bredli_text::unicode::{self as u, Form, Named, old};

const FORMS: [Form; 4] = [Form::Nfd, Form::Nfkd, Form::Nfc, Form::Nfkc];

fn codes(chars: &[u32]) -> String {
    chars.iter().map(|c| format!("{c:x}")).collect::<Vec<_>>().join(" ")
}

fn text(codes: &str) -> Vec<u32> {
    codes.split_terminator(' ').map(|code| u32::from_str_radix(code, 16).expect("a code point")).collect()
}

fn number(value: Option<u8>) -> String {
    value.map_or("-".into(), |value| value.to_string())
}

fn real(value: Option<f64>) -> String {
    value.map_or("-".into(), |value| format!("{:016x}", value.to_bits()))
}

fn bit(value: bool) -> String {
    (value as u8).to_string()
}

fn flags(c: u32) -> String {
    let flags = [
        u::is_alpha(c),
        u::is_alnum(c),
        u::is_decimal(c),
        u::is_digit(c),
        u::is_numeric(c),
        u::is_space(c),
        u::is_upper(c),
        u::is_lower(c),
        u::is_title(c) || u::is_upper(c),
        u::is_printable(c),
        u::is_identifier_start(c),
        u::is_identifier_continue(c),
        u::is_mirrored(c),
        u::is_linebreak(c),
    ];
    flags.map(bit).concat()
}

fn property(name: &str, c: u32) -> String {
    match name {
        "flags" => flags(c),
        "lower" => codes(u::lower(c).as_slice()),
        "upper" => codes(u::upper(c).as_slice()),
        "title" => codes(u::title(c).as_slice()),
        "casefold" => codes(u::casefold(c).as_slice()),
        "to_lower" => format!("{:x}", u::to_lower(c)),
        "iscased" => bit(u::to_lower(c) != c || u::to_upper(c) != c),
        "category" => u::category(c).into(),
        "bidirectional" => u::bidirectional(c).into(),
        "combining" => u::combining(c).to_string(),
        "east_asian_width" => u::east_asian_width(c).into(),
        "mirrored" => bit(u::is_mirrored(c)),
        "decimal" => number(u::decimal(c)),
        "digit" => number(u::digit(c)),
        "numeric" => real(u::numeric(c)),
        "decomposition" => u::decomposition(c),
        "name" => u::name(c).unwrap_or("-".into()),
        "old.category" => old::category(c).into(),
        "old.bidirectional" => old::bidirectional(c).into(),
        "old.combining" => old::combining(c).to_string(),
        "old.east_asian_width" => old::east_asian_width(c).into(),
        "old.mirrored" => bit(old::is_mirrored(c)),
        "old.decimal" => number(old::decimal(c)),
        "old.digit" => number(old::digit(c)),
        "old.numeric" => real(old::numeric(c)),
        "old.decomposition" => old::decomposition(c),
        "old.name" => old::name(c).unwrap_or("-".into()),
        _ => match name.strip_prefix("old.") {
            Some(form) => codes(&old::normalize(Form::from_name(form).expect("a form"), [c])),
            None => codes(&u::normalize(Form::from_name(name).expect("a form"), [c])),
        },
    }
}

/// The values of a property for all code points, one on a line.
fn lines(name: &str) -> String {
    (0..0x11_0000).fold(String::new(), |mut out, c| {
        writeln!(out, "{}", property(name, c)).expect("strings can be written to");
        out
    })
}

fn crc32(bytes: &[u8]) -> u32 {
    let table: Vec<u32> = (0..256).map(|n: u32| (0..8).fold(n, |c, _| if c & 1 == 0 { c >> 1 } else { c >> 1 ^ 0xEDB8_8320 })).collect();
    !bytes.iter().fold(!0, |crc: u32, &byte| crc >> 8 ^ table[(crc as u8 ^ byte) as usize])
}

#[test]
fn same_as_cpython() {
    for line in include_str!("data/unicode.tsv").lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        match fields[..] {
            ["crc", name, expected] => assert_eq!(format!("{:08x}", crc32(lines(name).as_bytes())), expected, "{name}"),
            ["normalize", source, ref expected @ ..] => {
                for (form, expected) in FORMS.into_iter().zip(expected) {
                    let (source, expected) = (text(source), text(expected));
                    assert_eq!(u::normalize(form, source.iter().copied()), expected, "{form:?} of {source:x?}");
                    assert_eq!(u::is_normalized(form, &source), source == expected, "{form:?} of {source:x?}");
                    assert!(u::is_normalized(form, &expected));
                }
            }
            ["sigma", source, expected] => assert_eq!(lower(&text(source)), text(expected), "{source}"),
            ["lookup", name, expected] => {
                let name: String = text(name).into_iter().filter_map(char::from_u32).collect();
                let found = match u::lookup(&name) {
                    Some(Named::Char(c)) => codes(&[c]),
                    Some(Named::Sequence(chars)) => codes(chars),
                    None => "-".into(),
                };
                assert_eq!(found, expected, "{name}");
            }
            _ => panic!("a line of unknown form: {line}"),
        }
    }
}

#[test]
fn every_name_can_be_looked_up() {
    for c in 0..0x11_0000 {
        if let Some(name) = u::name(c) {
            assert_eq!(u::lookup(&name), Some(Named::Char(c)), "{name}");
        }
    }
}

fn lower(text: &[u32]) -> Vec<u32> {
    let mut out = Vec::new();
    for (at, &c) in text.iter().enumerate() {
        let (before, after) = (text[..at].iter().rev().copied(), text[at + 1..].iter().copied());
        if c == u::CAPITAL_SIGMA && u::is_final_sigma(before, after) {
            out.push(u::FINAL_SIGMA);
        } else {
            out.extend_from_slice(u::lower(c).as_slice());
        }
    }
    out
}
