//! Patterns of `match` statements.

use ruff_python_ast as ruff;

use super::{Converter, Result};
use crate::ast::{Constant, Pattern, PatternKind};

impl<'t> Converter<'_, 't> {
    fn patterns(&mut self, patterns: &[ruff::Pattern]) -> Result<&'t mut [Pattern<'t>]> {
        self.list(patterns, Self::pattern)
    }

    pub(super) fn pattern(&mut self, pattern: &ruff::Pattern) -> Result<Pattern<'t>> {
        let loc = self.loc_of(pattern);
        let kind = match pattern {
            ruff::Pattern::MatchValue(node) => PatternKind::MatchValue { value: self.in_arena(&node.value)? },
            ruff::Pattern::MatchSingleton(node) => PatternKind::MatchSingleton {
                value: match node.value {
                    ruff::Singleton::None => Constant::None,
                    ruff::Singleton::True => Constant::Bool(true),
                    ruff::Singleton::False => Constant::Bool(false),
                },
            },
            ruff::Pattern::MatchSequence(node) => PatternKind::MatchSequence { patterns: self.patterns(&node.patterns)? },
            ruff::Pattern::MatchMapping(node) => PatternKind::MatchMapping {
                keys: self.expressions(&node.keys)?,
                patterns: self.patterns(&node.patterns)?,
                rest: self.optional_identifier(node.rest.as_ref()),
            },
            ruff::Pattern::MatchClass(node) => PatternKind::MatchClass {
                cls: self.in_arena(&node.cls)?,
                patterns: self.patterns(&node.arguments.patterns)?,
                kwd_attrs: self.identifiers(node.arguments.keywords.iter().map(|keyword| &keyword.attr)),
                kwd_patterns: self.list(&node.arguments.keywords, |converter, keyword| converter.pattern(&keyword.pattern))?,
            },
            ruff::Pattern::MatchStar(node) => PatternKind::MatchStar { name: self.optional_identifier(node.name.as_ref()) },
            ruff::Pattern::MatchAs(node) => PatternKind::MatchAs {
                pattern: node
                    .pattern
                    .as_deref()
                    .map(|pattern| self.pattern(pattern).map(|pattern| self.arena.node(pattern)))
                    .transpose()?,
                name: self.optional_identifier(node.name.as_ref()),
            },
            ruff::Pattern::MatchOr(node) => PatternKind::MatchOr { patterns: self.patterns(&node.patterns)? },
        };
        Ok(kind.at(loc))
    }
}
