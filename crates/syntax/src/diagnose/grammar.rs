//! The grammar of CPython 3.14 as data, read from the `.peg` files beside this one.
//!
//! A rule is `name = alternative / alternative`, with `memo` before `=` when its results are remembered and `quiet` when no
//! `bad_` rule is tried inside. Items: `'token'`, `"soft keyword"`, `TOKEN_TYPE`, `rule`, `( )`, `e?`, `e*`, `e+`,
//! `e % ','` (separated list), `&e` and `!e` (look ahead), `&&'token'` (required), `~` (no way back), `label:e`.
//! `@8 "what is"` refuses a match before Python 3.8. `{...}` ends an alternative: a node kind, `^label` for the value of a part, or an action with labels and a message.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::node::Kind;
use crate::tokenizer::TokenKind;

/// A rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub memo: bool,
    /// No `bad_` rule is tried inside.
    pub quiet: bool,
    pub left_recursive: bool,
    pub alternatives: Vec<Alternative>,
}

/// One way to match.
#[derive(Debug)]
pub(super) struct Alternative {
    pub items: Vec<(Option<char>, Item)>,
    pub action: Action,
    /// The minor version of the Python that introduced it, and what it is.
    pub since: Option<(u8, &'static str)>,
    /// Consists of a `bad_` rule only.
    pub mistake: bool,
}

/// What becomes of a match.
#[derive(Debug)]
pub(super) enum Action {
    /// The only value, or a group of them.
    Values,
    /// A node.
    Node(Kind),
    /// The value with this label.
    Label(char),
    /// Something done by the parser: its name, labels and text.
    Call { name: &'static str, labels: Vec<char>, text: String },
}

/// A part of an alternative.
#[derive(Debug)]
pub(super) enum Item {
    Operator(TokenKind),
    Keyword(&'static str),
    SoftKeyword(&'static str),
    Name,
    AnySoftKeyword,
    Token(TokenKind),
    Rule(usize),
    Group(Vec<Alternative>),
    Optional(Box<Item>),
    Repeat { item: Box<Item>, at_least_one: bool },
    Separated { item: Box<Item>, separator: TokenKind },
    Ahead(Box<Item>),
    NotAhead(Box<Item>),
    Required(TokenKind, &'static str),
    Cut,
}

/// The whole grammar.
#[derive(Debug)]
pub(super) struct Grammar {
    pub rules: Vec<Rule>,
    names: HashMap<&'static str, usize>,
}

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
    "while", "with", "yield",
];

/// Whether a name is a keyword, and so no identifier.
pub(super) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// Whether a name is a keyword in some places.
pub(super) fn is_soft_keyword(name: &str) -> bool {
    matches!(name, "_" | "case" | "match" | "type")
}

impl Grammar {
    /// The grammar, read on first use.
    pub fn get() -> &'static Grammar {
        static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
        GRAMMAR.get_or_init(|| {
            let mut reader = Reader::default();
            for source in [
                include_str!("statements.peg"),
                include_str!("expressions.peg"),
                include_str!("patterns.peg"),
                include_str!("mistakes.peg"),
            ] {
                reader.names_of(source);
            }
            for source in [
                include_str!("statements.peg"),
                include_str!("expressions.peg"),
                include_str!("patterns.peg"),
                include_str!("mistakes.peg"),
            ] {
                reader.read(source);
            }
            Grammar { rules: reader.rules, names: reader.names }
        })
    }

    /// The number of a rule.
    pub fn rule(&self, name: &str) -> usize {
        self.names[name]
    }
}

/// A word of the notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Identifier(&'static str),
    Quoted(&'static str),
    Soft(&'static str),
    Text(&'static str),
    Mark(char),
}

#[derive(Default)]
struct Reader {
    rules: Vec<Rule>,
    names: HashMap<&'static str, usize>,
    words: Vec<Word>,
    at: usize,
}

impl Reader {
    /// Collects the names of the rules, so that they may be used before they are defined.
    fn names_of(&mut self, source: &'static str) {
        let words = words(source);
        for (index, word) in words.iter().enumerate() {
            if let Word::Identifier(name) = *word
                && is_definition(&words[index..])
            {
                let number = self.names.len();
                self.names.insert(name, number);
            }
        }
    }

    fn read(&mut self, source: &'static str) {
        self.words = words(source);
        self.at = 0;
        while self.at < self.words.len() {
            let Word::Identifier(name) = self.take() else { panic!("a rule begins with its name") };
            let (mut memo, mut quiet) = (false, false);
            while let Word::Identifier(flag) = self.take() {
                memo |= flag == "memo";
                quiet |= flag == "quiet";
            }
            let number = self.names[name];
            let alternatives = self.alternatives();
            // `attr` and `name_or_attr` begin with each other: the former leads.
            let is_itself =
                |alternative: &Alternative| matches!(alternative.items.first(), Some((_, Item::Rule(first))) if *first == number);
            let left_recursive = alternatives.iter().any(is_itself) || name == "attr";
            assert_eq!(self.rules.len(), number, "rules are read in the order of their names");
            self.rules.push(Rule { memo, quiet, left_recursive, alternatives });
        }
    }

    fn peek(&self) -> Option<Word> {
        self.words.get(self.at).copied()
    }

    fn take(&mut self) -> Word {
        self.at += 1;
        self.words[self.at - 1]
    }

    fn eat(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(Word::Mark(mark));
        self.at += usize::from(found);
        found
    }

    fn alternatives(&mut self) -> Vec<Alternative> {
        let mut alternatives = vec![self.alternative()];
        while self.eat('/') {
            alternatives.push(self.alternative());
        }
        alternatives
    }

    fn alternative(&mut self) -> Alternative {
        let mut items = Vec::new();
        while let Some(word) = self.peek() {
            let ends = match word {
                Word::Mark(mark) => matches!(mark, '/' | ')' | '{' | '@'),
                Word::Identifier(_) => is_definition(&self.words[self.at..]),
                _ => false,
            };
            if ends {
                break;
            }
            let label = match (word, self.words.get(self.at + 1)) {
                (Word::Identifier(name), Some(Word::Mark(':'))) => {
                    self.at += 2;
                    name.chars().next()
                }
                _ => None,
            };
            items.push((label, self.item()));
        }
        let mistake = matches!(items.as_slice(), [(None, Item::Rule(rule))] if self.names.iter().any(|(name, number)| number == rule && name.starts_with("bad_")));
        let since = self.eat('@').then(|| match (self.take(), self.take()) {
            (Word::Identifier(version), Word::Text(what)) => (version.parse().expect("a version"), what),
            words => panic!("unexpected {words:?}"),
        });
        let action = if self.eat('{') { self.action() } else { Action::Values };
        Alternative { items, action, since, mistake }
    }

    fn item(&mut self) -> Item {
        let mut item = match self.take() {
            Word::Mark('~') => return Item::Cut,
            Word::Mark('!') => return Item::NotAhead(Box::new(self.item())),
            Word::Mark('&') if self.eat('&') => {
                let Word::Quoted(text) = self.take() else { panic!("a token is required") };
                return Item::Required(TokenKind::from_text(text).expect("an operator"), text);
            }
            Word::Mark('&') => return Item::Ahead(Box::new(self.item())),
            Word::Mark('(') => {
                let group = self.alternatives();
                assert!(self.eat(')'), "a group is closed");
                Item::Group(group)
            }
            Word::Quoted(text) if is_keyword(text) => Item::Keyword(text),
            Word::Quoted(text) => Item::Operator(TokenKind::from_text(text).expect("an operator")),
            Word::Soft("/") => Item::Operator(TokenKind::Slash),
            Word::Soft(text) => Item::SoftKeyword(text),
            Word::Identifier("NAME") => Item::Name,
            Word::Identifier("SOFT_KEYWORD") => Item::AnySoftKeyword,
            Word::Identifier(name) if name.starts_with(char::is_uppercase) => {
                Item::Token(*TokenKind::ALL.iter().find(|kind| kind.name() == name).expect("a token type"))
            }
            Word::Identifier(name) => Item::Rule(*self.names.get(name).unwrap_or_else(|| panic!("no rule {name}"))),
            word => panic!("unexpected {word:?}"),
        };
        loop {
            item = match self.peek() {
                Some(Word::Mark('?')) => Item::Optional(Box::new(item)),
                Some(Word::Mark('*')) => Item::Repeat { item: Box::new(item), at_least_one: false },
                Some(Word::Mark('+')) => Item::Repeat { item: Box::new(item), at_least_one: true },
                Some(Word::Mark('%')) => {
                    let Some(Word::Quoted(text)) = self.words.get(self.at + 1).copied() else { panic!("a separator") };
                    self.at += 1;
                    Item::Separated { item: Box::new(item), separator: TokenKind::from_text(text).expect("an operator") }
                }
                _ => return item,
            };
            self.at += 1;
        }
    }

    fn action(&mut self) -> Action {
        if self.eat('^') {
            let Word::Identifier(label) = self.take() else { panic!("a label") };
            assert!(self.eat('}'), "an action is closed");
            return Action::Label(label.chars().next().expect("not empty"));
        }
        let Word::Identifier(name) = self.take() else { panic!("an action") };
        let (mut labels, mut text) = (Vec::new(), String::new());
        loop {
            match self.take() {
                Word::Mark('}') => break,
                Word::Identifier(label) => labels.push(label.chars().next().expect("not empty")),
                Word::Soft(message) | Word::Text(message) => text = message.replace("\\\"", "\""),
                word => panic!("unexpected {word:?}"),
            }
        }
        match Kind::from_name(name) {
            Some(kind) => Action::Node(kind),
            None => Action::Call { name, labels, text },
        }
    }
}

/// Whether a rule is defined here: its name, flags and `=`.
fn is_definition(words: &[Word]) -> bool {
    if matches!(words[0], Word::Identifier("memo" | "quiet")) {
        return false;
    }
    let flags = words[1..].iter().take_while(|word| matches!(word, Word::Identifier("memo" | "quiet"))).count();
    words.get(1 + flags) == Some(&Word::Mark('='))
}

fn words(source: &'static str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            _ if first.is_whitespace() => 1,
            '\'' => {
                let length = rest[1..].find('\'').expect("a closing quote");
                words.push(Word::Quoted(&rest[1..=length]));
                length + 2
            }
            '"' => {
                let length = closing_quote(&rest[1..]);
                let text = &rest[1..=length];
                words.push(if text.contains([' ', '%']) { Word::Text(text) } else { Word::Soft(text) });
                length + 2
            }
            _ if first.is_ascii_alphanumeric() || first == '_' => {
                let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                words.push(Word::Identifier(&rest[..length]));
                length
            }
            mark => {
                words.push(Word::Mark(mark));
                1
            }
        };
        rest = &rest[length..];
    }
    words
}

fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    text.find(|c: char| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\';
        ends
    })
    .expect("a closing quote")
}

#[cfg(test)]
mod tests {
    use super::Grammar;

    #[test]
    fn grammar_is_read() {
        let grammar = Grammar::get();
        let rule = &grammar.rules[grammar.rule("bitwise_or")];
        assert!(rule.left_recursive && !rule.memo);
        assert!(grammar.rules[grammar.rule("expression")].alternatives[0].mistake);
    }
}
