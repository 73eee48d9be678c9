//! Statements and patterns: what they bind.

use bredli_syntax::ast::{
    Alias, ExceptHandler, ExprContext, Identifier, Location, MatchCase, Pattern, PatternKind, Stmt, StmtKind, WithItem,
};

use super::{Collector, check_name};
use crate::error::{Result, symbol_error};
use crate::symtable::{BlockKind, DEF_ANNOT, DEF_GLOBAL, DEF_IMPORT, DEF_LOCAL, DEF_NONLOCAL, DEF_PARAM, USE};

impl Collector<'_> {
    pub(super) fn statements(&mut self, body: &[Stmt]) -> Result<()> {
        body.iter().try_for_each(|stmt| self.statement(stmt))
    }

    /// Visit what runs only sometimes: annotations inside are conditional.
    pub(super) fn conditionally(&mut self, visit: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let before = std::mem::replace(&mut self.cur().in_conditional_block, true);
        visit(self)?;
        self.cur().in_conditional_block = before;
        Ok(())
    }

    #[allow(clippy::too_many_lines)]
    pub(super) fn statement(&mut self, stmt: &Stmt) -> Result<()> {
        self.recursion.check()?;
        let loc = stmt.loc;
        match &stmt.kind {
            StmtKind::FunctionDef { name, args, body, decorator_list, returns, type_params, .. } => {
                self.function(stmt, name, args, body, decorator_list, returns.as_deref(), type_params, false)
            }
            StmtKind::AsyncFunctionDef { name, args, body, decorator_list, returns, type_params, .. } => {
                self.function(stmt, name, args, body, decorator_list, returns.as_deref(), type_params, true)
            }
            StmtKind::ClassDef { .. } => self.class(stmt),
            StmtKind::TypeAlias { name, type_params, value } => self.type_alias(stmt, name, type_params, value),
            StmtKind::Return { value } => {
                if let Some(value) = value {
                    self.expression(value)?;
                    self.cur().returns_value = true;
                }
                Ok(())
            }
            StmtKind::Delete { targets } => self.expressions(targets),
            StmtKind::Assign { targets, value, .. } => {
                self.expressions(targets)?;
                self.expression(value)
            }
            StmtKind::AnnAssign { .. } => self.annotated_assignment(stmt),
            StmtKind::AugAssign { target, value, .. } => {
                self.expression(target)?;
                self.expression(value)
            }
            StmtKind::For { target, iter, body, orelse, .. } => {
                self.expression(target)?;
                self.expression(iter)?;
                self.conditionally(|this| {
                    this.statements(body)?;
                    this.statements(orelse)
                })
            }
            StmtKind::AsyncFor { target, iter, body, orelse, .. } => {
                self.require_coroutine("'async for' outside async function", loc)?;
                self.expression(target)?;
                self.expression(iter)?;
                self.conditionally(|this| {
                    this.statements(body)?;
                    this.statements(orelse)
                })
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                self.expression(test)?;
                self.conditionally(|this| {
                    this.statements(body)?;
                    this.statements(orelse)
                })
            }
            StmtKind::Match { subject, cases } => {
                self.expression(subject)?;
                self.conditionally(|this| cases.iter().try_for_each(|case| this.match_case(case)))
            }
            StmtKind::Raise { exc, cause } => {
                if let Some(exc) = exc {
                    self.expression(exc)?;
                    self.optional(cause.as_deref())?;
                }
                Ok(())
            }
            StmtKind::Try { body, handlers, orelse, finalbody } | StmtKind::TryStar { body, handlers, orelse, finalbody } => self
                .conditionally(|this| {
                    this.statements(body)?;
                    handlers.iter().try_for_each(|handler| this.handler(handler))?;
                    this.statements(orelse)?;
                    this.statements(finalbody)
                }),
            StmtKind::Assert { test, msg } => {
                self.expression(test)?;
                self.optional(msg.as_deref())
            }
            StmtKind::Import { names } => names.iter().try_for_each(|alias| self.alias(alias)),
            StmtKind::ImportFrom { module, names, level } => {
                names.iter().try_for_each(|alias| self.alias(alias))?;
                let future = level.unwrap_or(0) == 0 && module.as_ref().is_some_and(|module| &**module == "__future__");
                if future && self.future.is_late(loc) {
                    let message = "from __future__ imports must occur at the beginning of the file";
                    return Err(symbol_error(message.to_owned(), loc));
                }
                Ok(())
            }
            StmtKind::Global { names } => names.iter().try_for_each(|name| self.directive(name, DEF_GLOBAL, "global", loc)),
            StmtKind::Nonlocal { names } => names.iter().try_for_each(|name| self.directive(name, DEF_NONLOCAL, "nonlocal", loc)),
            StmtKind::Expr { value } => self.expression(value),
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => Ok(()),
            StmtKind::With { items, body, .. } => self.conditionally(|this| this.with(items, body)),
            StmtKind::AsyncWith { items, body, .. } => {
                self.require_coroutine("'async with' outside async function", loc)?;
                self.conditionally(|this| this.with(items, body))
            }
        }
    }

    pub(super) fn require_coroutine(&mut self, message: &str, loc: Location) -> Result<()> {
        if self.allows_top_level_await() {
            self.cur().coroutine = true;
        }
        if self.cur().coroutine { Ok(()) } else { Err(symbol_error(message.to_owned(), loc)) }
    }

    pub(super) fn with(&mut self, items: &[WithItem], body: &[Stmt]) -> Result<()> {
        for item in items {
            self.expression(&item.context_expr)?;
            self.optional(item.optional_vars.as_deref())?;
        }
        self.statements(body)
    }

    pub(super) fn directive(&mut self, identifier: &Identifier, flag: u32, word: &str, loc: Location) -> Result<()> {
        let name = self.intern(identifier);
        let id = self.id();
        let current = self.lookup_in(id, name);
        let text = self.text(name);
        let problem = if current & DEF_PARAM != 0 {
            format!("name '{text}' is parameter and {word}")
        } else if current & USE != 0 {
            format!("name '{text}' is used prior to {word} declaration")
        } else if current & DEF_ANNOT != 0 {
            format!("annotated name '{text}' can't be {word}")
        } else if current & DEF_LOCAL != 0 {
            format!("name '{text}' is assigned to before {word} declaration")
        } else {
            self.add(name, flag, loc)?;
            self.record_directive(name, loc);
            return Ok(());
        };
        Err(symbol_error(problem, loc))
    }

    pub(super) fn handler(&mut self, handler: &ExceptHandler) -> Result<()> {
        let ExceptHandler { r#type, name, body, .. } = handler;
        self.optional(r#type.as_deref())?;
        if let Some(name) = name {
            self.add_identifier(name, DEF_LOCAL, handler.loc)?;
        }
        self.statements(body)
    }

    pub(super) fn match_case(&mut self, case: &MatchCase) -> Result<()> {
        self.pattern(&case.pattern)?;
        self.optional(case.guard.as_deref())?;
        self.statements(case.body)
    }

    pub(super) fn patterns(&mut self, patterns: &[Pattern]) -> Result<()> {
        patterns.iter().try_for_each(|pattern| self.pattern(pattern))
    }

    pub(super) fn pattern(&mut self, pattern: &Pattern) -> Result<()> {
        self.recursion.check()?;
        let mut capture = None;
        match &pattern.kind {
            PatternKind::MatchValue { value } => self.expression(value)?,
            PatternKind::MatchSingleton { .. } => {}
            PatternKind::MatchSequence { patterns } | PatternKind::MatchOr { patterns } => self.patterns(patterns)?,
            PatternKind::MatchStar { name } => capture = name.as_ref(),
            PatternKind::MatchMapping { keys, patterns, rest } => {
                self.expressions(keys)?;
                self.patterns(patterns)?;
                capture = rest.as_ref();
            }
            PatternKind::MatchClass { cls, patterns, kwd_attrs, kwd_patterns } => {
                self.expression(cls)?;
                self.patterns(patterns)?;
                for (attr, pattern) in kwd_attrs.iter().zip(kwd_patterns.iter()) {
                    let name = self.intern(attr);
                    check_name(name, pattern.loc, ExprContext::Store)?;
                }
                self.patterns(kwd_patterns)?;
            }
            PatternKind::MatchAs { pattern: inner, name } => {
                if let Some(inner) = inner {
                    self.pattern(inner)?;
                }
                capture = name.as_ref();
            }
        }
        capture.map_or(Ok(()), |name| self.add_identifier(name, DEF_LOCAL, pattern.loc))
    }

    pub(super) fn alias(&mut self, alias: &Alias) -> Result<()> {
        let full = alias.asname.as_ref().unwrap_or(&alias.name);
        if &**full == "*" {
            if self.cur().kind != BlockKind::Module {
                return Err(symbol_error("import * only allowed at module level".to_owned(), alias.loc));
            }
            return Ok(());
        }
        let stored = full.split('.').next().unwrap_or(full);
        let name = self.table.names.intern(stored);
        self.add(name, DEF_IMPORT, alias.loc)
    }
}
