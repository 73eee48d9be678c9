//! `Parser`: matches the grammar against tokens, which it reads one at a time as CPython's parser does.
//!
//! How far tokens have been read decides where CPython reports a plain "invalid syntax", so the order of reading is its.

use std::collections::HashMap;
use std::rc::Rc;

use super::grammar::{Action, Alternative, Grammar, Item, Rule, is_keyword, is_soft_keyword};
use super::node::{Kind, Node};
use crate::ast::Location;
use crate::error::SyntaxError;
use crate::parse::{Mode, Options};
use crate::source::Source;
use crate::tokenizer::{Token, TokenKind, Tokenizer, TokenizerOptions};

/// CPython's limit on nested rules (`MAXSTACK`).
const MAX_LEVEL: usize = 6000;

/// The rules of compound statements that CPython notes once it has read one; functions are none of them.
const COMPOUND_STATEMENTS: [&str; 7] = ["if_stmt", "class_def", "with_stmt", "for_stmt", "try_stmt", "while_stmt", "match_stmt"];

/// A match, no match, or an error that ends the parse.
pub(super) type Match = Result<Option<Rc<Node>>, Box<SyntaxError>>;

/// The parser: tokens read so far, the position in them, and remembered matches.
pub(super) struct Parser<'a> {
    pub grammar: &'static Grammar,
    pub source: &'a Source<'a>,
    pub options: &'a Options,
    pub tokenizer: Tokenizer<'a>,
    pub tokens: Vec<Token>,
    pub mark: usize,
    pub with_mistakes: bool,
    /// An error came from the tokenizer, or from running out of tokens.
    pub tokenizer_failed: bool,
    /// `<>` is the operator, not `!=`.
    pub barry_as_flufl: bool,
    /// The offsets of the `<>` operators.
    pub old_operators: Vec<usize>,
    /// The line and column of the last compound statement read.
    pub last_statement: (i32, i32),
    compound_statements: [usize; 7],
    memo: HashMap<(usize, usize), (Option<Rc<Node>>, usize)>,
    level: usize,
    started: bool,
}

impl<'a> Parser<'a> {
    pub fn new(source: &'a Source, options: &'a Options) -> Parser<'a> {
        let text = if options.mode == Mode::Exec { source.text() } else { source.text_as_given() };
        let tokenizer_options = TokenizerOptions { type_comments: options.type_comments, ..TokenizerOptions::default() };
        Parser {
            grammar: Grammar::get(),
            source,
            options,
            tokenizer: Tokenizer::new(text, tokenizer_options),
            tokens: Vec::new(),
            mark: 0,
            with_mistakes: false,
            tokenizer_failed: false,
            barry_as_flufl: options.barry_as_flufl,
            old_operators: Vec::new(),
            last_statement: (0, 0),
            compound_statements: COMPOUND_STATEMENTS.map(|name| Grammar::get().rule(name)),
            memo: HashMap::new(),
            level: 0,
            started: false,
        }
    }

    /// Starts over, with the rules for mistakes.
    pub fn reset(&mut self) {
        self.memo.clear();
        self.mark = 0;
        self.level = 0;
        self.with_mistakes = true;
    }

    /// The token at the mark, read if necessary.
    pub fn peek(&mut self) -> Result<Token, Box<SyntaxError>> {
        if self.mark == self.tokens.len() {
            self.fill()?;
        }
        Ok(self.tokens[self.mark])
    }

    fn fill(&mut self) -> Result<(), Box<SyntaxError>> {
        let mut token = loop {
            match self.tokenizer.next_token() {
                Ok(token) if token.kind == TokenKind::TypeIgnore => {}
                Ok(token) => break token,
                Err(error) => {
                    self.tokenizer_failed = true;
                    self.tokens.push(self.tokenizer.error_token());
                    return Err(Box::new(error.into_syntax_error(self.source.filename())));
                }
            }
        };
        if self.options.mode == Mode::Single && token.kind == TokenKind::EndMarker && self.started {
            token.kind = TokenKind::Newline;
            self.started = false;
            if self.tokenizer.is_indented() && !self.options.dont_imply_dedent {
                self.tokenizer.end_blocks();
            }
        } else {
            self.started = true;
        }
        self.tokens.push(token);
        match token.kind {
            TokenKind::ErrorToken => {
                self.tokenizer_failed = true;
                Err(self.tokenizer_error())
            }
            _ => Ok(()),
        }
    }

    pub fn text(&self, token: &Token) -> &'a str {
        match (token.start, token.end) {
            (Some(start), Some(end)) => self.source.text().get(start..end).unwrap_or_default(),
            _ => "",
        }
    }

    /// Matches the rule with this name at the mark.
    pub fn start(&mut self, name: &str) -> Match {
        self.rule(self.grammar.rule(name))
    }

    fn rule(&mut self, number: usize) -> Match {
        let rule = &self.grammar.rules[number];
        let start = self.mark;
        if (rule.memo || rule.left_recursive)
            && let Some((node, end)) = self.memo.get(&(number, start))
        {
            self.mark = *end;
            return Ok(node.clone());
        }
        self.level += 1;
        if self.level > MAX_LEVEL {
            return Err(Box::new(crate::nesting::parser_overflow(self.source)));
        }
        let found = match rule.left_recursive {
            true => self.grow(number, rule),
            false => self.rule_once(rule),
        };
        self.level -= 1;
        if let Ok(Some(node)) = &found
            && self.compound_statements.contains(&number)
        {
            self.last_statement = (node.loc.lineno, node.loc.col_offset);
        }
        if rule.memo && !rule.left_recursive {
            self.memo.insert((number, start), (found.as_ref().ok().cloned().flatten(), self.mark));
        }
        found
    }

    /// A left-recursive rule: each round may use the match of the round before as its first item.
    fn grow(&mut self, number: usize, rule: &'static Rule) -> Match {
        let start = self.mark;
        let (mut best, mut end) = (None, start);
        loop {
            self.memo.insert((number, start), (best.clone(), end));
            self.mark = start;
            let found = self.rule_once(rule)?;
            if found.is_none() || self.mark <= end {
                break;
            }
            (best, end) = (found, self.mark);
        }
        self.mark = end;
        Ok(best)
    }

    fn rule_once(&mut self, rule: &'static Rule) -> Match {
        if !rule.quiet {
            return self.alternatives(&rule.alternatives);
        }
        let before = std::mem::replace(&mut self.with_mistakes, false);
        let found = self.alternatives(&rule.alternatives);
        self.with_mistakes = before;
        found
    }

    fn alternatives(&mut self, alternatives: &'static [Alternative]) -> Match {
        let start = self.mark;
        for alternative in alternatives {
            if alternative.mistake && !self.with_mistakes {
                continue;
            }
            self.mark = start;
            let mut values = Vec::with_capacity(alternative.items.len());
            let mut committed = false;
            let mut matched = true;
            for (label, item) in &alternative.items {
                if matches!(item, Item::Cut) {
                    committed = true;
                    continue;
                }
                match self.item(item)? {
                    Some(_) if matches!(item, Item::Ahead(_) | Item::NotAhead(_)) => {}
                    Some(value) => values.push((*label, value)),
                    None => {
                        matched = false;
                        break;
                    }
                }
            }
            if matched {
                return self.finish(alternative, start, values);
            }
            if committed {
                break;
            }
        }
        self.mark = start;
        Ok(None)
    }

    fn finish(&mut self, alternative: &'static Alternative, start: usize, mut values: Vec<(Option<char>, Rc<Node>)>) -> Match {
        if let Some((version, what)) = alternative.since
            && self.options.feature_version < version
        {
            let text = format!("{what} only supported in Python 3.{version} and greater");
            return Err(self.error_at_token(self.tokens.len() - 1, crate::error::ErrorKind::SyntaxError, &text));
        }
        match &alternative.action {
            Action::Values if values.len() == 1 => Ok(values.pop().map(|(_, value)| value)),
            Action::Values => Ok(Some(self.node(Kind::Group, start, values))),
            Action::Node(kind) => Ok(Some(self.node(*kind, start, values))),
            Action::Label(label) => Ok(values.into_iter().find(|(found, _)| *found == Some(*label)).map(|(_, value)| value)),
            Action::Call { name, labels, text } => {
                let labelled: Vec<Rc<Node>> = labels
                    .iter()
                    .map(|label| {
                        let value = values.iter().rev().find(|(found, _)| *found == Some(*label));
                        value.expect("the grammar labels what it names").1.clone()
                    })
                    .collect();
                self.call(name, &labelled, text, start, values)
            }
        }
    }

    pub fn node(&self, kind: Kind, start: usize, values: Vec<(Option<char>, Rc<Node>)>) -> Rc<Node> {
        let parts = values.into_iter().map(|(_, value)| value).collect();
        Rc::new(Node { kind, loc: self.loc(start), token: start, parts })
    }

    /// The place of the tokens from `start` to the mark; line ends and indentation at the end do not count.
    pub fn loc(&self, start: usize) -> Location {
        let Some(first) = self.tokens.get(start) else { return Location::default() };
        let is_space =
            |token: &&Token| !matches!(token.kind, TokenKind::EndMarker | TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent);
        let last = self.tokens[..self.mark].iter().rev().find(is_space).unwrap_or(first);
        Location { lineno: first.lineno, col_offset: first.col_offset, end_lineno: last.end_lineno, end_col_offset: last.end_col_offset }
    }

    fn leaf(&mut self, kind: Kind) -> Rc<Node> {
        let token = self.mark;
        self.mark += 1;
        Rc::new(Node { kind, loc: token_loc(&self.tokens[token]), token, parts: Vec::new() })
    }

    /// An absent part, such as an optional one.
    fn nothing(&self) -> Rc<Node> {
        Rc::new(Node { kind: Kind::Group, loc: Location::default(), token: self.mark, parts: Vec::new() })
    }

    fn item(&mut self, item: &'static Item) -> Match {
        match item {
            Item::Rule(number) => self.rule(*number),
            Item::Operator(kind) => {
                let token = self.peek()?;
                Ok((token.kind == *kind).then(|| self.leaf(Kind::Token)))
            }
            Item::Token(kind) => {
                let token = self.peek()?;
                let literal = matches!(kind, TokenKind::Number | TokenKind::String);
                Ok((token.kind == *kind).then(|| self.leaf(if literal { Kind::Literal } else { Kind::Token })))
            }
            Item::Keyword(text) | Item::SoftKeyword(text) => {
                let token = self.peek()?;
                let found = token.kind == TokenKind::Name && self.text(&token) == *text;
                let kind = if *text == "_" { Kind::Name } else { Kind::Token };
                Ok(found.then(|| self.leaf(kind)))
            }
            Item::Name => {
                let token = self.peek()?;
                let found = token.kind == TokenKind::Name && !is_keyword(self.text(&token));
                Ok(found.then(|| self.leaf(Kind::Name)))
            }
            Item::AnySoftKeyword => {
                let token = self.peek()?;
                let found = token.kind == TokenKind::Name && is_soft_keyword(self.text(&token));
                Ok(found.then(|| self.leaf(Kind::Name)))
            }
            Item::Group(alternatives) => self.alternatives(alternatives),
            Item::Optional(item) => {
                let start = self.mark;
                match self.item(item)? {
                    Some(value) => Ok(Some(value)),
                    None => {
                        self.mark = start;
                        Ok(Some(self.nothing()))
                    }
                }
            }
            Item::Repeat { item, at_least_one } => self.repeat(item, None, *at_least_one),
            Item::Separated { item, separator } => self.repeat(item, Some(*separator), true),
            Item::Ahead(item) => {
                let start = self.mark;
                let found = self.item(item)?;
                self.mark = start;
                Ok(found.map(|_| self.nothing()))
            }
            Item::NotAhead(item) => {
                let start = self.mark;
                let found = self.item(item)?;
                self.mark = start;
                Ok(found.is_none().then(|| self.nothing()))
            }
            Item::Required(kind, text) => {
                let token = self.peek()?;
                match token.kind == *kind {
                    true => Ok(Some(self.leaf(Kind::Token))),
                    false => Err(self.error_in(token_loc(&token), &format!("expected '{text}'"))),
                }
            }
            Item::Cut => unreachable!("handled by the alternative"),
        }
    }

    fn repeat(&mut self, item: &'static Item, separator: Option<TokenKind>, at_least_one: bool) -> Match {
        let start = self.mark;
        let mut parts = Vec::new();
        loop {
            let before = self.mark;
            if let Some(separator) = separator
                && !parts.is_empty()
            {
                if self.peek()?.kind != separator {
                    break;
                }
                self.mark += 1;
            }
            match self.item(item)? {
                Some(value) => parts.push(value),
                None => {
                    self.mark = before;
                    break;
                }
            }
            if self.mark == before {
                break;
            }
        }
        if parts.is_empty() && at_least_one {
            self.mark = start;
            return Ok(None);
        }
        let loc = match (parts.first(), parts.last()) {
            (Some(first), Some(last)) => Location { end_lineno: last.loc.end_lineno, end_col_offset: last.loc.end_col_offset, ..first.loc },
            _ => Location::default(),
        };
        Ok(Some(Rc::new(Node { kind: Kind::Group, loc, token: start, parts })))
    }
}

/// The place of a token.
pub(super) fn token_loc(token: &Token) -> Location {
    Location { lineno: token.lineno, col_offset: token.col_offset, end_lineno: token.end_lineno, end_col_offset: token.end_col_offset }
}
