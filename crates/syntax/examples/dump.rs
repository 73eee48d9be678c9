//! Prints the tree of each file given, with positions, one node or value a line: for comparison with another parser.
//!
//! `dump [--warnings] FILE...`; each dump is preceded by the file's name, an error is printed in place of the tree.

use std::convert::Infallible;
use std::io::Write;

use bredli_syntax::ast::{Build, Builder, Constant, Constructor, Field, Identifier, Location};
use bredli_syntax::{Options, parse_bytes};

/// Writes the tree in one line per file, as nested parentheses.
struct Printer;

impl Builder for Printer {
    type Value = String;
    type Error = Infallible;

    fn node(&mut self, constructor: &'static Constructor) -> Result<String, Infallible> {
        Ok(format!("({}", constructor.name))
    }

    fn field(&mut self, node: &mut String, field: &'static Field, value: String) -> Result<(), Infallible> {
        node.push(' ');
        node.push_str(field.name);
        node.push('=');
        node.push_str(&value);
        Ok(())
    }

    fn location(&mut self, node: &mut String, loc: &Location) -> Result<(), Infallible> {
        node.push_str(&format!(" @{}:{}-{}:{}", loc.lineno, loc.col_offset, loc.end_lineno, loc.end_col_offset));
        Ok(())
    }

    fn choice(&mut self, constructor: &'static Constructor) -> Result<String, Infallible> {
        Ok(constructor.name.to_owned())
    }

    fn list(&mut self) -> Result<String, Infallible> {
        Ok("[".to_owned())
    }

    fn push(&mut self, list: &mut String, item: String) -> Result<(), Infallible> {
        list.push_str(&item);
        list.push(',');
        Ok(())
    }

    fn none(&mut self) -> Result<String, Infallible> {
        Ok("None".to_owned())
    }

    fn identifier(&mut self, name: &Identifier) -> Result<String, Infallible> {
        Ok(name.to_string())
    }

    fn int(&mut self, number: i32) -> Result<String, Infallible> {
        Ok(number.to_string())
    }

    fn string(&mut self, text: &str) -> Result<String, Infallible> {
        Ok(text.to_owned())
    }

    fn constant(&mut self, constant: &Constant) -> Result<String, Infallible> {
        Ok(match constant {
            Constant::None => "None".to_owned(),
            Constant::Ellipsis => "...".to_owned(),
            Constant::Bool(true) => "True".to_owned(),
            Constant::Bool(false) => "False".to_owned(),
            Constant::Int(value) => format!("i{value}"),
            Constant::Float(value) => format!("f{:016x}", value.to_bits()),
            Constant::Complex { imag, .. } => format!("c{:016x}", imag.to_bits()),
            Constant::Str(text) => format!("s{}", hexadecimal(text.as_bytes())),
            Constant::Bytes(bytes) => format!("b{}", hexadecimal(bytes)),
            Constant::Tuple(_) | Constant::FrozenSet(_) => unreachable!("not from a parser"),
        })
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn main() {
    let mut output = std::io::BufWriter::new(std::io::stdout());
    let mut show_warnings = false;
    for argument in std::env::args().skip(1) {
        if argument == "--warnings" {
            show_warnings = true;
            continue;
        }
        let bytes = std::fs::read(&argument).expect("a readable file");
        let options = Options { filename: argument.clone(), ..Options::default() };
        let mut unknown = |encoding: &str, _: &[u8]| Err(format!("unknown encoding: {encoding}"));
        let shown = match parse_bytes(&bytes, &options, &mut unknown) {
            Ok(parsed) => {
                let mut shown = parsed.tree.build(&mut Printer).unwrap_or_else(|never| match never {});
                if show_warnings {
                    for warning in &parsed.warnings {
                        shown.push_str(&format!(" !{} {}", warning.lineno, warning.msg));
                    }
                }
                shown
            }
            Err(error) => format!(
                "{}: {} {}:{}-{}:{}",
                error.kind.class_name(),
                error.msg,
                error.lineno,
                error.offset,
                error.end_lineno,
                error.end_offset
            ),
        };
        writeln!(output, "{argument}\t{shown}").expect("standard output is open");
    }
}
