//! Compile files and write their code objects, for comparison with those of CPython: `dump OUTPUT [-O LEVEL] FILE...`.
//!
//! The output is a sequence of records: file name, warnings, marshalled code or the text of the error, each after its
//! length in four bytes, and a byte `K` for code or `E` for an error.

use std::io::Write;

use bredli_code::marshal;
use bredli_compile::{Options, SyntaxWarning, Verdict, compile};
use bredli_syntax::ast::Arena;
use bredli_syntax::{Options as ParseOptions, parse_bytes};
use bredli_text::Wtf8Buf;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1).peekable();
    let output = arguments.next().expect("the name of the output");
    let optimize = arguments.next_if_eq("-O").and_then(|_| arguments.next()).map_or(0, |level| level.parse().expect("a level"));
    let mut output = std::io::BufWriter::new(std::fs::File::create(output)?);
    let mut spent = [std::time::Duration::ZERO; 2];
    for name in arguments {
        let source = std::fs::read(&name)?;
        let mut warnings = String::new();
        let (outcome, kind) = match run(&name, &source, optimize, &mut warnings, &mut spent) {
            Ok(code) => (code, b'K'),
            Err(error) => (error.into_bytes(), b'E'),
        };
        for part in [name.as_bytes(), warnings.as_bytes(), &outcome] {
            output.write_all(&u32::try_from(part.len()).expect("less than 4 GiB").to_le_bytes())?;
            output.write_all(part)?;
        }
        output.write_all(&[kind])?;
    }
    eprintln!("parsed in {:?}, compiled in {:?}", spent[0], spent[1]);
    output.flush()
}

fn run(name: &str, source: &[u8], optimize: u8, warnings: &mut String, spent: &mut [std::time::Duration; 2]) -> Result<Vec<u8>, String> {
    let options = ParseOptions { filename: name.to_owned(), ..ParseOptions::default() };
    let start = std::time::Instant::now();
    let arena = Arena::default();
    let parsed = parse_bytes(source, &options, &arena, &mut |name, _| Err(format!("unknown encoding: {name}")))
        .map_err(|error| format!("{error:?}"))?;
    spent[0] += start.elapsed();
    let mut warn = |warning: &SyntaxWarning| {
        warnings.push_str(&format!("{}\u{1}{}\u{2}", warning.message, warning.loc.lineno));
        Verdict::Shown
    };
    let options = Options { optimize, ..Options::default() };
    let start = std::time::Instant::now();
    let code = compile(parsed.tree, &Wtf8Buf::from(name), options, &mut warn).map_err(|error| format!("{error:?}"))?;
    spent[1] += start.elapsed();
    marshal::write_code(&code).map_err(|error| format!("{error:?}"))
}
