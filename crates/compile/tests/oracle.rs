//! Code objects and complaints against those of CPython 3.14, which `listing.py` has written down.

use std::fmt::Write;
use std::path::Path;

use bredli_code::{CodeObject, Const, PositionRange};
use bredli_compile::{CompileError, Options, SyntaxWarning, Verdict, compile};
use bredli_syntax::ast::Arena;
use bredli_syntax::{Options as ParseOptions, parse};
use bredli_text::Wtf8Buf;

fn compiled(source: &str, name: &str, warnings: &mut Vec<String>) -> Result<CodeObject, CompileError> {
    let arena = Arena::default();
    let parsed = parse(source, &ParseOptions::default(), &arena).expect("the cases are well-formed");
    let mut warn = |warning: &SyntaxWarning| {
        warnings.push(format!("warning {} {}", warning.loc.lineno, warning.message));
        Verdict::Shown
    };
    compile(parsed.tree, &Wtf8Buf::from(name), Options::default(), &mut warn)
}

fn constant(value: &Const) -> String {
    let list = |items: &[Const]| items.iter().map(constant).collect::<Vec<_>>();
    match value {
        Const::None => "None".to_owned(),
        Const::Ellipsis => "...".to_owned(),
        Const::Bool(true) => "True".to_owned(),
        Const::Bool(false) => "False".to_owned(),
        Const::Int(value) => value.to_string(),
        Const::Float(value) => format!("{value:?}"),
        Const::Complex(real, imaginary) => format!("complex({real:?}, {imaginary:?})"),
        Const::Str(text) => format!("'{}'", text.to_string().replace('\n', "\\n")),
        Const::Bytes(bytes) => format!("b'{}'", bytes.escape_ascii()),
        Const::Tuple(items) => format!("({})", list(items).join(" ")),
        Const::FrozenSet(items) => {
            let mut items = list(items);
            items.sort();
            format!("{{{}}}", items.join(" "))
        }
        Const::Slice(parts) => format!("slice({})", list(&parts[..]).join(" ")),
        Const::Code(code) => format!("<code {}>", code.qualname),
    }
}

fn place(range: Option<PositionRange>) -> String {
    let Some(position) = range.map(|range| range.position) else { return "-".to_owned() };
    let Some(line) = position.line else { return "-".to_owned() };
    let number = |number: Option<i32>| number.map_or("None".to_owned(), |number| number.to_string());
    let (end_line, column, end_column) = (number(position.end_line), number(position.column), number(position.end_column));
    format!("{line}:{column}-{end_line}:{end_column}")
}

fn listing(text: &mut String, code: &CodeObject) -> std::fmt::Result {
    let counts = format!("{} {} {}", code.argcount, code.posonlyargcount, code.kwonlyargcount);
    let (line, flags, stack) = (code.firstlineno, code.flags, code.stacksize);
    writeln!(text, "{}: line {line}, flags {flags:#x}, arguments {counts}, stack {stack}", code.qualname)?;
    let join = |names: Vec<&Wtf8Buf>| names.into_iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    for (kind, names) in [
        ("names", code.names.iter().collect()),
        ("varnames", code.varnames().collect()),
        ("cellvars", code.cellvars().collect()),
        ("freevars", code.freevars().collect::<Vec<_>>()),
    ] {
        if !names.is_empty() {
            writeln!(text, "  {kind}: {}", join(names))?;
        }
    }
    writeln!(text, "  consts: {}", code.consts.iter().map(constant).collect::<Vec<_>>().join(" "))?;
    let ranges: Vec<PositionRange> = code.position_ranges().collect();
    for instruction in code.instructions() {
        let opcode = instruction.opcode.expect("only basic instructions are emitted");
        let arg = if opcode.has_arg() { format!(" {}", instruction.arg) } else { String::new() };
        let range = ranges.iter().find(|range| range.start <= instruction.offset && instruction.offset < range.end).copied();
        writeln!(text, "  {} {}{arg} {}", instruction.offset, opcode.name(), place(range))?;
    }
    for handler in code.handlers() {
        let lasti = if handler.lasti { " lasti" } else { "" };
        writeln!(text, "  handler {}..{} -> {} depth {}{lasti}", handler.start, handler.end, handler.target, handler.depth)?;
    }
    for value in &code.consts {
        if let Const::Code(inner) = value {
            listing(text, inner)?;
        }
    }
    Ok(())
}

fn assert_same(expected: &str, actual: &str, name: &str) {
    for (number, (expected, actual)) in expected.lines().zip(actual.lines()).enumerate() {
        assert_eq!(actual, expected, "{name}, line {}", number + 1);
    }
    assert_eq!(actual.lines().count(), expected.lines().count(), "{name}");
}

#[test]
fn code_objects_are_those_of_cpython() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut count = 0;
    for entry in cases.read_dir().expect("the cases are there") {
        let path = entry.expect("the directory is readable").path();
        if path.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let name = path.file_name().and_then(|name| name.to_str()).expect("an ASCII name").to_owned();
        let source = std::fs::read_to_string(&path).expect("the case is readable");
        let expected = std::fs::read_to_string(path.with_extension("txt")).expect("the listing is readable");
        let code = compiled(&source, &name, &mut Vec::new()).expect("the case compiles");
        let mut actual = String::new();
        listing(&mut actual, &code).expect("writing to a String succeeds");
        assert_same(&expected, &actual, &name);
        count += 1;
    }
    assert!(count > 5);
}

#[test]
fn complaints_are_those_of_cpython() {
    let sources = include_str!("errors.in").split("----\n");
    let verdicts = include_str!("errors.txt").split("----\n");
    for (source, expected) in sources.zip(verdicts) {
        let mut lines = Vec::new();
        let outcome = compiled(source, "case", &mut lines);
        lines.push(match outcome.map_err(|error| error.syntax_error("case").expect("a SyntaxError")) {
            Ok(_) => "fine".to_owned(),
            Err(error) => format!("{}:{}-{}:{} {}", error.lineno, error.offset, error.end_lineno, error.end_offset, error.msg),
        });
        assert_eq!(lines.join("\n") + "\n", expected, "{source}");
    }
}

#[test]
fn deep_nesting_is_an_error_at_most() {
    for source in [
        format!("{}x", "-".repeat(9_000)),
        format!("x{}", ".y".repeat(9_000)),
        format!("x{}", "()".repeat(9_000)),
        format!("x{}", " + y".repeat(9_000)),
        format!("{}1{}", "[".repeat(150), "]".repeat(150)),
    ] {
        let outcome = compiled(&source, "deep", &mut Vec::new());
        assert!(matches!(outcome, Ok(_) | Err(CompileError::Recursion)), "{outcome:?}");
    }
}
