//! How deep a source is nested, counted on its tokens before anything recursive walks the tree.
//!
//! The count is an upper bound: every bracket, operator and prefix may add a level until a comma or the end of the logical
//! line closes the expression.

use ruff_python_ast::token::{Token, TokenKind};

use crate::error::{ErrorKind, SyntaxError};
use crate::source::Source;

/// The deepest nesting that is accepted.
const LIMIT: usize = 10_000;

/// CPython's tokenizer has limits of its own.
const MAX_BRACKETS: usize = 200;
const MAX_INDENTS: usize = 99;
const MAX_STRINGS: usize = 148;

/// From this depth on recursive walks get a stack of their own.
const SHALLOW: usize = 250;

/// The stack that one level may need, in a walk and when a tree is dropped.
const BYTES_PER_LEVEL: usize = 8 * 1024;
const BYTES_PER_DROP: usize = 512;

/// Runs a recursive walk over a tree of this depth, or its construction, on a stack that suffices for it.
pub fn with_stack<T>(depth: usize, walk: impl FnOnce() -> T) -> T {
    match depth > SHALLOW {
        true => stacker::grow(depth.min(LIMIT) * BYTES_PER_LEVEL + depth * BYTES_PER_DROP + (1 << 20), walk),
        false => walk(),
    }
}

/// What CPython says when its parser's stack is exhausted.
pub(crate) fn parser_overflow(source: &Source) -> SyntaxError {
    SyntaxError { kind: ErrorKind::MemoryError, ..source.error_at(0, "Parser stack overflowed - Python source too complex to parse") }
}

/// The nesting of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Nesting {
    /// An upper bound of the tree's depth.
    pub depth: usize,
    /// The part of it for which CPython's parser recurses: prefixes, not operators between operands.
    prefixes: usize,
    brackets: usize,
    indents: usize,
    strings: usize,
}

impl Nesting {
    /// Whether CPython's tokenizer may refuse the source.
    pub fn exceeds_tokenizer(&self) -> bool {
        self.brackets > MAX_BRACKETS || self.indents > MAX_INDENTS || self.strings > MAX_STRINGS
    }

    /// Why the tree is too deep, if it is.
    pub fn error(&self, source: &Source) -> Option<SyntaxError> {
        if self.depth <= LIMIT {
            return None;
        }
        if self.prefixes > LIMIT / 2 {
            return Some(parser_overflow(source));
        }
        let error = source.error_at(0, "maximum recursion depth exceeded during compilation");
        Some(SyntaxError { kind: ErrorKind::RecursionError, ..error })
    }
}

/// An open bracket, or the logical line itself.
#[derive(Clone, Copy, Default)]
struct Level {
    /// The nesting that operators have built up since the last comma.
    chain: usize,
    /// The deepest bracket closed since.
    inner: usize,
    /// The deepest expression that a comma has ended.
    deepest: usize,
}

impl Level {
    fn depth(&self) -> usize {
        (self.chain + self.inner).max(self.deepest)
    }

    fn end_expression(&mut self) {
        *self = Level { deepest: self.depth(), ..Level::default() };
    }
}

/// The nesting of the source that has these tokens.
pub(crate) fn measure(tokens: &[Token]) -> Nesting {
    use TokenKind::*;
    let mut nesting = Nesting::default();
    // The innermost level, and those around it.
    let (mut level, mut outer) = (Level::default(), Vec::new());
    let (mut indents, mut strings, mut elifs, mut prefixes) = (0usize, 0usize, 0, 0);
    let mut behind_operand = false;
    for token in tokens {
        let kind = token.kind();
        let mut operand = false;
        match kind {
            Lpar | Lsqb | Lbrace => {
                level.chain += 1;
                outer.push(std::mem::take(&mut level));
                nesting.brackets = nesting.brackets.max(outer.len());
            }
            Rpar | Rsqb | Rbrace => {
                if let Some(around) = outer.pop() {
                    let closed = std::mem::replace(&mut level, around).depth();
                    level.inner = level.inner.max(closed);
                }
                operand = true;
            }
            Comma => level.end_expression(),
            Newline => {
                let line = level.depth() + outer.iter().map(Level::depth).sum::<usize>();
                nesting.depth = nesting.depth.max(line);
                nesting.prefixes = nesting.prefixes.max(prefixes);
                prefixes = 0;
                level = Level::default();
                outer.clear();
            }
            Indent => {
                indents += 1;
                nesting.indents = nesting.indents.max(indents);
            }
            Dedent => indents = indents.saturating_sub(1),
            FStringStart | TStringStart => {
                strings += 1;
                nesting.strings = nesting.strings.max(strings);
            }
            FStringEnd | TStringEnd => {
                strings = strings.saturating_sub(1);
                operand = true;
            }
            Dot | Slash | Percent | At | DoubleSlash | Vbar | Amper | CircumFlex | LeftShift | RightShift => level.chain += 1,
            DoubleStar | Lambda | Not | If | Else | Await | Yield | Tilde => {
                level.chain += 1;
                prefixes += 1;
            }
            Plus | Minus | Star => {
                level.chain += 1;
                prefixes += usize::from(!behind_operand);
            }
            Elif => elifs += 1,
            Name | Int | Float | Complex | String | Ellipsis | True | False | None => operand = true,
            Comment | NonLogicalNewline => operand = behind_operand,
            _ => {}
        }
        behind_operand = operand;
    }
    let open = level.depth() + outer.iter().map(Level::depth).sum::<usize>();
    nesting.depth = nesting.depth.max(open).max(elifs) + nesting.indents + nesting.strings;
    nesting.prefixes = nesting.prefixes.max(prefixes).max(elifs);
    nesting
}

#[cfg(test)]
mod tests {
    use super::measure;

    fn depth(text: &str) -> usize {
        measure(ruff_python_parser::parse_module(text).expect("valid").tokens()).depth
    }

    #[test]
    fn chains_and_brackets_add_up() {
        assert_eq!(depth("a = 1\n"), 0);
        assert_eq!(depth(&format!("{}1{}\n", "(".repeat(50), ")".repeat(50))), 50);
        assert_eq!(depth(&format!("x{}\n", ".y".repeat(700))), 700);
        assert_eq!(depth(&format!("[{}]\n", "(1, 2), ".repeat(700))), 2);
        assert_eq!(depth("# ((((\n'(((('\n"), 0);
        assert!(depth(&format!("f\"{{ \"\"{} }}\"\n", " + \"\"".repeat(300))) > 300);
    }
}
