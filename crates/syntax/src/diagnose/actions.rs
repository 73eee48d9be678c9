//! What the grammar's actions do: raise errors, and check the values of literals.

use std::rc::Rc;

use super::node::{Kind, Node, Targets, invalid_target};
use super::parser::{Match, Parser, token_loc};
use crate::ast::{Arena, Location};
use crate::error::ErrorKind;
use crate::literal;
use crate::tokenizer::{Token, TokenKind};

impl Parser<'_> {
    /// Runs an action. `Ok(None)` makes the rule fail without trying its other alternatives, as in CPython.
    pub fn call(&mut self, name: &str, labelled: &[Rc<Node>], text: &str, start: usize, values: Vec<(Option<char>, Rc<Node>)>) -> Match {
        match (name, labelled) {
            ("fail", _) => Ok(None),
            ("at", [a]) => Err(self.error_in(a.loc, &self.fill_in(text, a))),
            ("range", [a, b]) => Err(self.error_in(join(a, b), &self.fill_in(text, a))),
            ("range_last", [a, b]) => {
                let last = a.parts.last().unwrap_or(a);
                Err(self.error_in(join(last, b), text))
            }
            ("from", [a]) => Err(self.error_from(a.loc, text)),
            ("end", [a]) => Err(self.error_at_end(a.loc, text)),
            ("last", _) => Err(self.error_at_token(self.tokens.len() - 1, ErrorKind::SyntaxError, text)),
            ("next", _) => {
                self.peek()?;
                let text = self.fill_in_prefix(text);
                Err(self.error_at_token(self.mark, ErrorKind::SyntaxError, &text))
            }
            ("indent", labels) => {
                let text = labels.first().map_or(text.to_owned(), |a| text.replace("%d", &a.loc.lineno.to_string()));
                Err(self.error_at_token(self.tokens.len() - 1, ErrorKind::IndentationError, &text))
            }
            ("target_assign", [a]) => self.target(a, Targets::Assign),
            ("target_delete", [a]) => self.target(a, Targets::Delete),
            ("target_for", [a]) => self.target(a, Targets::For),
            ("comma", [a, b]) => {
                let in_brackets = self.tokens[self.mark - 1].level != 0;
                match in_brackets && !self.is_legacy_statement(a) {
                    true => Err(self.error_in(join(a, b), "invalid syntax. Perhaps you forgot a comma?")),
                    false => Ok(None),
                }
            }
            ("legacy", [a, b]) if self.is_legacy_statement(a) => {
                let name = self.text(&self.tokens[a.token]);
                Err(self.error_in(join(a, b), &format!("Missing parentheses in call to '{name}'. Did you mean {name}(...)?")))
            }
            ("legacy", _) => Ok(None),
            ("bound", [a, b]) => {
                let what = if b.kind == Kind::Tuple { "constraints" } else { "bound" };
                Err(self.error_from(a.loc, &format!("cannot use {what} with {text}")))
            }
            ("generator_argument", [a, b]) => match a.expressions().as_slice() {
                [_, .., last] => Err(self.error_in(join(last, b), "Generator expression must be parenthesized")),
                _ => Ok(None),
            },
            ("positional_argument", [a]) => {
                let text = match has_unpacking(a) {
                    true => "positional argument follows keyword argument unpacking",
                    false => "positional argument follows keyword argument",
                };
                Err(self.error_at_token(self.tokens.len() - 1, ErrorKind::SyntaxError, text))
            }
            _ => self.literal(name, start, values),
        }
    }

    /// The actions that check literals.
    fn literal(&mut self, name: &str, start: usize, values: Vec<(Option<char>, Rc<Node>)>) -> Match {
        let token = self.tokens[start];
        match name {
            "string" => self.check_string(&token)?,
            "middle" => {
                let raw = self.enclosing_string().is_some_and(|start| self.is_raw(start));
                self.check_middle(&token, raw)?;
            }
            // Only now that its end is known is the literal text of a string decoded.
            "joined" => {
                let raw = self.is_raw(&token);
                for part in &values[1].1.parts {
                    let part = self.tokens[part.token];
                    if matches!(part.kind, TokenKind::FstringMiddle | TokenKind::TstringMiddle) {
                        self.check_middle(&part, raw)?;
                    }
                }
                let kind = if token.kind == TokenKind::TstringStart { Kind::TemplateStr } else { Kind::JoinedStr };
                return Ok(Some(self.node(kind, start, values)));
            }
            "conversion" => self.check_conversion(&token)?,
            "number" => {
                if self.options.feature_version < 6 && self.text(&token).contains('_') {
                    let text = "Underscores in numeric literals are only supported in Python 3.6 and greater";
                    return Err(self.error_at_token(self.tokens.len() - 1, ErrorKind::SyntaxError, text));
                }
                if let Err(msg) = literal::number(self.text(&token), &Arena::default(), self.options.max_int_digits) {
                    let mut error = self.error_in(token_loc(&token), &msg);
                    (error.offset, error.end_offset) = (0, 0);
                    return Err(error);
                }
            }
            "real" | "imaginary" => {
                let is_imaginary = self.text(&token).ends_with(['j', 'J']);
                if is_imaginary != (name == "imaginary") {
                    return Err(self.error_in(token_loc(&token), &format!("{name} number required in complex literal")));
                }
            }
            "not_equal" if self.barry_as_flufl => {
                let text = "with Barry as BDFL, use '<>' instead of '!='";
                return Err(self.error_at_token(self.tokens.len() - 1, ErrorKind::SyntaxError, text));
            }
            "not_equal" => {}
            "old_not_equal" | "old_operator" => {
                let closing = self.tokens[start + 1];
                let adjacent = token.end == closing.start;
                if name == "old_operator" && adjacent {
                    let text = "invalid syntax.  Maybe you meant '!=' instead of '<>'?";
                    return Err(self.error_in(self.loc(start), text));
                }
                if !adjacent || !self.barry_as_flufl {
                    return Ok(None);
                }
                self.old_operators.extend(token.start);
            }
            "import" => {
                let words: Vec<&str> = self.tokens[start..self.mark].iter().map(|token| self.text(token)).collect();
                self.barry_as_flufl |= words.starts_with(&["from", "__future__", "import"]) && words.contains(&"barry_as_FLUFL");
            }
            "strings" => return self.strings(start, values).map(Some),
            _ => unreachable!("no action {name}"),
        }
        let kind = if name == "import" { Kind::Statement } else { values[0].1.kind };
        Ok(Some(self.node(kind, start, values)))
    }

    fn strings(&mut self, start: usize, values: Vec<(Option<char>, Rc<Node>)>) -> Result<Rc<Node>, Box<crate::error::SyntaxError>> {
        let parts = &values[0].1.parts;
        let is_bytes = |part: &Rc<Node>| {
            let text = self.text(&self.tokens[part.token]);
            part.kind != Kind::JoinedStr && text.chars().take_while(|c| c.is_ascii_alphabetic()).any(|c| matches!(c, 'b' | 'B'))
        };
        let bytes = parts.iter().filter(|part| is_bytes(part)).count();
        if bytes != 0 && bytes != parts.len() {
            return Err(self.error_at_token(self.tokens.len() - 1, ErrorKind::SyntaxError, "cannot mix bytes and nonbytes literals"));
        }
        let kind = if parts.iter().any(|part| part.kind == Kind::JoinedStr) { Kind::JoinedStr } else { Kind::Literal };
        Ok(self.node(kind, start, values))
    }

    fn check_string(&self, token: &Token) -> Result<(), Box<crate::error::SyntaxError>> {
        let text = self.text(token);
        let prefix = text.find(['\'', '"']).unwrap_or(0);
        let is = |letter: char| text[..prefix].chars().any(|found| found.eq_ignore_ascii_case(&letter));
        let quotes = if text.len() >= prefix + 6 && text[prefix..].starts_with(&text[prefix..=prefix].repeat(3)) { 3 } else { 1 };
        let content = &text[prefix + quotes..text.len() - quotes];
        if is('b') && !content.is_ascii() {
            return Err(self.error_in(token_loc(token), "bytes can only contain ASCII literal characters"));
        }
        if is('r') {
            return Ok(());
        }
        let decoded = if is('b') { literal::decode_bytes(content).map(drop) } else { literal::decode_str(content).map(drop) };
        decoded.map_err(|msg| self.error_at_token(self.tokens.len() - 1, ErrorKind::SyntaxError, &msg))
    }

    fn is_raw(&self, string_start: &Token) -> bool {
        self.text(string_start).contains(['r', 'R'])
    }

    fn check_middle(&self, token: &Token, raw: bool) -> Result<(), Box<crate::error::SyntaxError>> {
        let text = self.text(token);
        let backslashes = text.len() - text.trim_end_matches('\\').len();
        let text = if backslashes % 2 == 1 { &text[..text.len() - 1] } else { text };
        match literal::decode_str(text) {
            Err(msg) if !raw => Err(self.error_in(token_loc(token), &msg)),
            _ => Ok(()),
        }
    }

    fn check_conversion(&self, exclamation: &Token) -> Result<(), Box<crate::error::SyntaxError>> {
        let name = &self.tokens[self.mark - 1];
        if (exclamation.lineno, exclamation.end_col_offset) != (name.lineno, name.col_offset) {
            let loc = Location { end_lineno: name.end_lineno, end_col_offset: name.end_col_offset, ..token_loc(exclamation) };
            let text = self.fill_in_prefix("%f-string: conversion type must come right after the exclamation mark");
            return Err(self.error_in(loc, &text));
        }
        let conversion = self.text(name);
        if matches!(conversion, "s" | "r" | "a") {
            return Ok(());
        }
        let text = self.fill_in_prefix("%f-string: invalid conversion character ");
        Err(self.error_in(token_loc(name), &format!("{text}'{conversion}': expected 's', 'r', or 'a'")))
    }

    fn target(&mut self, node: &Rc<Node>, targets: Targets) -> Match {
        let is_in = |compare: &Node| {
            let operator = compare.parts.get(1).map(|pairs| pairs.parts.first().map_or(pairs.token, |pair| pair.token));
            operator.is_some_and(|token| self.text(&self.tokens[token]) == "in")
        };
        let Some(invalid) = invalid_target(node, targets, &is_in) else { return Ok(None) };
        let verb = if targets == Targets::Delete { "delete" } else { "assign to" };
        Err(self.error_in(invalid.loc, &format!("cannot {verb} {}", expression_name(&invalid))))
    }

    fn is_legacy_statement(&self, node: &Node) -> bool {
        node.kind == Kind::Name && matches!(self.text(&self.tokens[node.token]), "print" | "exec")
    }

    /// A message with `%e` (what kind of expression), `%t` (its text) and `%f` (the string's letter) filled in.
    fn fill_in(&self, text: &str, node: &Node) -> String {
        let text = text.replace("%e", expression_name(node)).replace("%t", self.text(&self.tokens[node.token]));
        self.fill_in_prefix(&text)
    }

    fn fill_in_prefix(&self, text: &str) -> String {
        let template = self.enclosing_string().is_some_and(|start| start.kind == TokenKind::TstringStart);
        text.replace("%f", if template { "t" } else { "f" })
    }

    /// The start of the innermost f-string or t-string around the mark.
    fn enclosing_string(&self) -> Option<&Token> {
        let mut closed = 0;
        self.tokens[..self.mark.min(self.tokens.len())].iter().rev().find(|token| match token.kind {
            TokenKind::FstringEnd | TokenKind::TstringEnd => {
                closed += 1;
                false
            }
            TokenKind::FstringStart | TokenKind::TstringStart if closed > 0 => {
                closed -= 1;
                false
            }
            TokenKind::FstringStart | TokenKind::TstringStart => true,
            _ => false,
        })
    }
}

fn expression_name(node: &Node) -> &'static str {
    node.kind.expression_name().unwrap_or("expression")
}

fn join(a: &Node, b: &Node) -> Location {
    Location { end_lineno: b.loc.end_lineno, end_col_offset: b.loc.end_col_offset, ..a.loc }
}

fn has_unpacking(node: &Node) -> bool {
    node.parts.iter().any(|part| part.kind == Kind::Unpacking || part.kind == Kind::Group && has_unpacking(part))
}
