//! `dump`: a tree as text, for tests and for comparison with other parsers.

use std::convert::Infallible;

use bredli_num::Int;

use super::{Build, Builder, Constant, Constructor, Field, Identifier, Location};

/// The tree in one line: `(Node field=value @line:column-line:column`, lists as `[item,item,`; text in hexadecimal.
pub fn dump(node: &impl Build) -> String {
    node.build(&mut Printer).unwrap_or_else(|never| match never {})
}

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

    fn identifier(&mut self, name: Identifier<'_>) -> Result<String, Infallible> {
        Ok(name.to_string())
    }

    fn int(&mut self, number: i32) -> Result<String, Infallible> {
        Ok(number.to_string())
    }

    fn string(&mut self, text: &str) -> Result<String, Infallible> {
        Ok(text.to_owned())
    }

    fn constant(&mut self, constant: Constant<'_>) -> Result<String, Infallible> {
        Ok(match constant {
            Constant::None => "None".to_owned(),
            Constant::Ellipsis => "...".to_owned(),
            Constant::Bool(true) => "True".to_owned(),
            Constant::Bool(false) => "False".to_owned(),
            Constant::Int { negative, magnitude } => format!("i{}", Int::new(negative, magnitude).to_bigint()),
            Constant::Float(value) => format!("f{:016x}", value.to_bits()),
            Constant::Complex { real, imag } => format!("c{:016x}{:016x}", real.to_bits(), imag.to_bits()),
            Constant::Str(text) => format!("s{}", hexadecimal(text.as_bytes())),
            Constant::Bytes(bytes) => format!("b{}", hexadecimal(bytes)),
            Constant::Tuple(items) | Constant::FrozenSet(items) => {
                let shown: Result<Vec<String>, Infallible> = items.iter().map(|item| self.constant(*item)).collect();
                shown?.join(";")
            }
        })
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
