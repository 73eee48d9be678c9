//! Prints the tree of each file given, with positions, one node or value a line: for comparison with another parser.
//!
//! `dump [--warnings] [--text] [--tokens] [--type-comments] [--incomplete]
//! [--mode exec|eval|single|func_type] FILE...`; each dump is preceded by the file's name, an error is printed in place of the tree. `--text` shows the line of an error too, `--tokens` prints
//! what Python's `tokenize` would.

use std::io::Write;

use bredli_syntax::ast::{Arena, dump};
use bredli_syntax::tokenizer::{TokenInfo, TokenIter};
use bredli_syntax::{Mode, Options, SyntaxError, parse_bytes, with_stack};

/// What to print.
#[derive(Default)]
struct Arguments {
    warnings: bool,
    text: bool,
    tokens: bool,
    time: bool,
    options: Options,
    files: Vec<String>,
}

fn arguments() -> Arguments {
    let mut arguments = Arguments::default();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--warnings" => arguments.warnings = true,
            "--text" => arguments.text = true,
            "--tokens" => arguments.tokens = true,
            "--time" => arguments.time = true,
            "--incomplete" => {
                arguments.options.allow_incomplete_input = true;
                arguments.options.dont_imply_dedent = true;
            }
            "--type-comments" => arguments.options.type_comments = true,
            "--mode" => {
                arguments.options.mode = match words.next().as_deref() {
                    Some("eval") => Mode::Eval,
                    Some("single") => Mode::Single,
                    Some("func_type") => Mode::FuncType,
                    _ => Mode::Exec,
                }
            }
            _ => arguments.files.push(word),
        }
    }
    arguments
}

fn main() {
    let arguments = arguments();
    let mut output = std::io::BufWriter::new(std::io::stdout());
    for file in &arguments.files {
        let bytes = std::fs::read(file).expect("a readable file");
        let shown = match (arguments.tokens, arguments.time) {
            (true, _) => tokens(&bytes, file),
            (_, true) => time(&bytes, &arguments),
            _ => tree(&bytes, &arguments),
        };
        writeln!(output, "{file}\t{shown}").expect("standard output is open");
    }
}

fn tree(bytes: &[u8], arguments: &Arguments) -> String {
    let mut unknown = |encoding: &str, _: &[u8]| Err(format!("unknown encoding: {encoding}"));
    let arena = Arena::default();
    let parsed = match parse_bytes(bytes, &arguments.options, &arena, &mut unknown) {
        Ok(parsed) => parsed,
        Err(error) => return show(&error, arguments.text),
    };
    with_stack(parsed.tree.depth, || {
        let mut shown = dump(parsed.tree.module);
        if arguments.warnings {
            for warning in &parsed.warnings {
                shown.push_str(&format!(" !{} {}", warning.lineno, warning.msg));
            }
        }
        shown
    })
}

fn tokens(bytes: &[u8], file: &str) -> String {
    let text = String::from_utf8_lossy(bytes);
    let added = !text.is_empty() && !text.ends_with('\n');
    let text = if added { format!("{text}\n") } else { text.into_owned() };
    let mut shown = String::new();
    for token in TokenIter::new(&text, file, true, added) {
        match token {
            Ok(token) => {
                let TokenInfo { kind, string, start, end, line } = token;
                shown.push_str(&format!("{} {string:?} {start:?} {end:?} {line:?}; ", kind as u8));
            }
            Err(error) => shown.push_str(&show(&error, true)),
        }
    }
    shown
}

/// How long parsing takes: ours and that of the fast parser alone.
fn time(bytes: &[u8], arguments: &Arguments) -> String {
    let text = String::from_utf8_lossy(bytes);
    let start = std::time::Instant::now();
    let accepted = bredli_syntax::parse(&text, &arguments.options, &Arena::default()).is_ok();
    let ours = start.elapsed();
    let start = std::time::Instant::now();
    drop(ruff_python_parser::parse_module(&text));
    format!("{accepted} {} {}", ours.as_micros(), start.elapsed().as_micros())
}

fn show(error: &SyntaxError, text: bool) -> String {
    let SyntaxError { kind, msg, lineno, offset, end_lineno, end_offset, .. } = error;
    let line = if text { format!(" {:?}", error.text) } else { String::new() };
    format!("{}: {msg} {lineno}:{offset}-{end_lineno}:{end_offset}{line}", kind.class_name())
}
