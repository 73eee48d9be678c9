//! Trees and errors against what CPython 3.14 gave for the same sources (`trees.txt`, `errors.txt`).

use bredli_syntax::ast::{Arena, dump};
use bredli_syntax::{Mode, Options, SyntaxError, parse};

/// The text behind Python's `unicode_escape` codec.
fn unescape(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        result.push_str(plain);
        let digits = match escape.as_bytes()[0] {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            letter => {
                result.push(match letter {
                    b'n' => '\n',
                    b't' => '\t',
                    b'r' => '\r',
                    other => char::from(other),
                });
                rest = &escape[1..];
                continue;
            }
        };
        let code = u32::from_str_radix(&escape[1..=digits], 16).expect("hexadecimal digits");
        result.push(char::from_u32(code).expect("a character"));
        rest = &escape[1 + digits..];
    }
    result + rest
}

fn lines(file: &str) -> impl Iterator<Item = Vec<&str>> {
    file.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(" |").map(|part| part.strip_prefix(' ').unwrap_or(part)).collect())
}

fn number(number: i32) -> String {
    if number == SyntaxError::UNKNOWN { "None".to_owned() } else { number.to_string() }
}

#[test]
fn errors_are_cpythons() {
    let mut failures = Vec::new();
    for line in lines(include_str!("errors.txt")) {
        let [mode, source, message, place] = line[..] else { panic!("four columns: {line:?}") };
        let mode = match mode {
            "eval" => Mode::Eval,
            "single" => Mode::Single,
            _ => Mode::Exec,
        };
        let options = Options { mode, ..Options::default() };
        let arena = Arena::default();
        let found = match parse(&unescape(source), &options, &arena) {
            Ok(_) => "ok ".to_owned(),
            Err(error) => {
                let place = [error.lineno, error.offset, error.end_lineno, error.end_offset].map(number);
                format!("{}: {} {}:{}-{}:{}", error.kind.class_name(), error.msg, place[0], place[1], place[2], place[3])
            }
        };
        let expected = format!("{} {place}", message.replace("\\x7c", "|"));
        if found != expected {
            failures.push(format!("{source}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn trees_are_cpythons() {
    for line in lines(include_str!("trees.txt")) {
        let [source, expected] = line[..] else { panic!("two columns: {line:?}") };
        let arena = Arena::default();
        let parsed = parse(&unescape(source), &Options::default(), &arena).expect(source);
        assert_eq!(dump(parsed.tree.module), expected.replace("\\x7c", "|"), "{source}");
    }
}

#[test]
fn deep_nesting_is_an_error() {
    let kinds = |source: String| match parse(&source, &Options::default(), &Arena::default()) {
        Ok(_) => Ok("ok"),
        Err(error) => Err(error.kind.class_name()),
    };
    assert_eq!(kinds(format!("{}1{}", "(".repeat(300), ")".repeat(300))), Err("SyntaxError"));
    assert_eq!(kinds(format!("{}1", "-".repeat(100_000))), Err("MemoryError"));
    assert_eq!(kinds(format!("a{}", ".b".repeat(100_000))), Err("RecursionError"));
    assert_eq!(kinds(format!("a{}", "()".repeat(100_000))), Err("RecursionError"));
    assert_eq!(kinds(format!("if a: pass\n{}", "elif a: pass\n".repeat(100_000))), Err("MemoryError"));
    assert_eq!(kinds(format!("f\"{{ \"\"{} }}\"\n", " + \"\"".repeat(100_000))), Err("RecursionError"));
    assert_eq!(kinds(format!("a{}", " and a".repeat(100_000))), Ok("ok"));
    assert_eq!(kinds(format!("a{}", ".b".repeat(5_000))), Ok("ok"));
}

#[test]
fn warnings_are_reported() {
    let warnings = |source: &str| {
        let arena = Arena::default();
        let parsed = parse(source, &Options::default(), &arena).expect("valid");
        parsed.warnings.into_iter().map(|warning| (warning.lineno, warning.msg)).collect::<Vec<_>>()
    };
    let text = "is an invalid escape sequence. Such sequences will not work in the future. Did you mean";
    assert_eq!(warnings("'''\n\\d\\e'''"), [(2, format!("\"\\d\" {text} \"\\\\d\"? A raw string is also an option."))]);
    assert_eq!(warnings("f'\\{x}'"), [(1, format!("\"\\{{\" {text} \"\\\\{{\"? A raw string is also an option."))]);
    let literal = |kind: &str| (1, format!("invalid {kind} literal"));
    assert_eq!(warnings("[0o1for x in y if 1or 2]"), [literal("octal"), literal("decimal")]);
    let lines = |source: &str| warnings(source).into_iter().map(|(line, _)| line).collect::<Vec<_>>();
    assert_eq!(lines("if '\\d': 1\nelif '\\p':\n '\\q'\nelse:\n ('\\w'\n if '\\z' else 2)"), [1, 2, 3, 5, 6]);
    assert_eq!(lines("def f(a: '\\d' =\n '\\p', b: '\\q' =\n '\\w'): pass"), [1, 2, 2, 3]);
}
