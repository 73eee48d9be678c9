//! From the tree of `ruff_python_parser` to ours: CPython's node shapes and positions.
//!
//! The fast parser has accepted the source; what is left to reject here are the values of literals. Statements are dropped
//! one by one when they have been read, while the processor has them at hand.

mod expressions;
mod literals;
mod patterns;
mod statements;
mod strings;

use std::ops::Range;

use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxBuildHasher, FxHashSet};

use crate::ast::{Arena, Expr, Identifier, Location, Mod};
use crate::error::Warning;

/// Why a literal was rejected, and where.
#[derive(Debug)]
pub(crate) struct LiteralError {
    /// CPython's message.
    pub msg: String,
    /// The token.
    pub loc: Location,
}

type Result<T> = std::result::Result<T, LiteralError>;

/// Converts nodes of one source.
pub(crate) struct Converter<'a, 't> {
    source: &'a str,
    arena: &'t Arena,
    line_starts: Vec<u32>,
    /// The line of the last position that was asked for: its number and where it is.
    line_number: usize,
    line: Range<u32>,
    names: FxHashSet<Identifier<'t>>,
    warnings: Vec<Warning>,
    max_int_digits: usize,
}

impl<'a, 't> Converter<'a, 't> {
    /// A converter for nodes of this source, whose only line ends are `\n`.
    pub fn new(source: &'a str, arena: &'t Arena, max_int_digits: usize) -> Converter<'a, 't> {
        let mut line_starts = Vec::with_capacity(source.len() / 32 + 1);
        line_starts.push(0);
        line_starts.extend(memchr::memchr_iter(b'\n', source.as_bytes()).map(|at| at as u32 + 1));
        let line = 0..line_starts.get(1).copied().unwrap_or(u32::MAX);
        Converter {
            source,
            arena,
            line_starts,
            line_number: 0,
            line,
            names: FxHashSet::with_capacity_and_hasher(source.len() / 128, FxBuildHasher),
            warnings: Vec::new(),
            max_int_digits,
        }
    }

    /// The whole tree and the warnings on its literals.
    pub fn module(mut self, module: ruff::Mod, interactive: bool) -> Result<(Mod<'t>, Vec<Warning>)> {
        let module = match module {
            ruff::Mod::Module(module) if interactive => Mod::Interactive { body: self.body(module.body)? },
            ruff::Mod::Module(module) => Mod::Module { body: self.body(module.body)?, type_ignores: &mut [] },
            ruff::Mod::Expression(expression) => Mod::Expression { body: self.in_arena(&expression.body)? },
        };
        // Parts of a node are not always met in the order of the source.
        self.warnings.sort_by_key(|warning| (warning.loc.lineno, warning.loc.col_offset));
        Ok((module, self.warnings))
    }

    /// One expression.
    pub fn single(&mut self, expression: &ruff::ModExpression) -> Result<Expr<'t>> {
        self.expression(&expression.body)
    }

    /// The warnings so far.
    pub fn warnings(self) -> Vec<Warning> {
        self.warnings
    }

    /// A list of what `convert` makes of each node.
    fn list<N: IntoIterator<IntoIter: ExactSizeIterator>, T>(
        &mut self,
        nodes: N,
        convert: impl Fn(&mut Self, N::Item) -> Result<T>,
    ) -> Result<&'t mut [T]> {
        let mut nodes = nodes.into_iter();
        self.arena.try_list(nodes.len(), || convert(self, nodes.next().expect("as many as its length says")))
    }

    /// Makes the line with an offset the current one. Most often it is the next.
    fn go_to_line_of(&mut self, offset: u32) {
        let end = |line: usize| self.line_starts.get(line + 1).copied().unwrap_or(u32::MAX);
        let next = self.line_number + 1;
        self.line_number = match (self.line.end..end(next)).contains(&offset) {
            true => next,
            false => self.line_starts.partition_point(|&start| start <= offset) - 1,
        };
        self.line = self.line_starts[self.line_number]..end(self.line_number);
    }

    /// The current line is that of the start then, where what is inside begins.
    fn span(&mut self, start: u32, end: u32) -> Location {
        if !self.line.contains(&start) {
            self.go_to_line_of(start);
        }
        let (line, line_start) = (self.line_number, self.line.start);
        let (end_line, end_line_start) = match end < self.line.end {
            true => (line, line_start),
            false => {
                let end_line = line + self.line_starts[line..].partition_point(|&start| start <= end) - 1;
                (end_line, self.line_starts[end_line])
            }
        };
        Location {
            lineno: line as i32 + 1,
            col_offset: (start - line_start) as i32,
            end_lineno: end_line as i32 + 1,
            end_col_offset: (end - end_line_start) as i32,
        }
    }

    fn loc(&mut self, range: TextRange) -> Location {
        self.span(range.start().to_u32(), range.end().to_u32())
    }

    fn loc_of(&mut self, node: &impl Ranged) -> Location {
        self.loc(node.range())
    }

    fn text(&self, range: TextRange) -> &'a str {
        &self.source[range]
    }

    fn name(&mut self, name: &str) -> Identifier<'t> {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let fresh = self.arena.identifier(name);
        self.names.insert(fresh);
        fresh
    }

    fn identifier(&mut self, identifier: &ruff::Identifier) -> Identifier<'t> {
        self.name(identifier.id.as_str())
    }

    fn identifiers<'i>(
        &mut self,
        identifiers: impl IntoIterator<Item = &'i ruff::Identifier, IntoIter: ExactSizeIterator>,
    ) -> &'t mut [Identifier<'t>] {
        self.arena.list(identifiers.into_iter().map(|identifier| self.identifier(identifier)))
    }

    fn optional_identifier(&mut self, identifier: Option<&ruff::Identifier>) -> Option<Identifier<'t>> {
        identifier.map(|identifier| self.identifier(identifier))
    }
}
