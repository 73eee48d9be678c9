//! `from __future__ import ...`: which features a module asks for, and where the last such import is.
//!
//! Mirrors `Python/future.c`.

use bredli_syntax::ast::{Location, Mod, Stmt, StmtKind};

use crate::error::{Result, symbol_error};
use crate::tree::docstring;

/// `compile(..., flags)`: annotations stay text.
pub const CO_FUTURE_ANNOTATIONS: u32 = 0x0100_0000;
/// `compile(..., flags)`: `await` is allowed at module level.
pub const ALLOW_TOP_LEVEL_AWAIT: u32 = 0x2000;
/// The flags that end up in `co_flags`.
pub const INHERITED: u32 = 0x1fe_0000;

/// The features that are in force in a module.
#[derive(Clone, Copy, Debug)]
pub struct Future {
    /// The `CO_FUTURE_*` and compiler flags in force.
    pub flags: u32,
    last: Location,
}

const FEATURES: &[(&str, u32)] = &[
    ("nested_scopes", 0),
    ("generators", 0),
    ("division", 0),
    ("absolute_import", 0),
    ("with_statement", 0),
    ("print_function", 0),
    ("unicode_literals", 0),
    ("barry_as_FLUFL", 0x40_0000),
    ("generator_stop", 0),
    ("annotations", CO_FUTURE_ANNOTATIONS),
];

impl Future {
    /// The features that `module` imports, together with those that the caller's `flags` bring.
    ///
    /// # Errors
    /// An unknown feature.
    pub fn of(module: &Mod, flags: u32) -> Result<Future> {
        let nowhere = Location { lineno: -1, col_offset: -1, end_lineno: -1, end_col_offset: -1 };
        let mut future = Future { flags, last: nowhere };
        if let Mod::Module { body, .. } | Mod::Interactive { body } = module {
            let skipped = usize::from(docstring(body).is_some());
            for stmt in &body[skipped..] {
                if !future.accept(stmt)? {
                    break;
                }
            }
        }
        Ok(future)
    }

    /// Take in `stmt` if it is a future import; false ends the search.
    fn accept(&mut self, stmt: &Stmt) -> Result<bool> {
        let StmtKind::ImportFrom { module: Some(module), names, level } = &stmt.kind else { return Ok(false) };
        if level.unwrap_or(0) != 0 || &**module != "__future__" {
            return Ok(false);
        }
        for alias in names.iter() {
            match FEATURES.iter().find(|(name, _)| *name == &*alias.name) {
                Some((_, flag)) => self.flags |= flag,
                None if &*alias.name == "braces" => return Err(symbol_error("not a chance".to_owned(), alias.loc)),
                None => return Err(symbol_error(format!("future feature {} is not defined", &*alias.name), alias.loc)),
            }
        }
        self.last = stmt.loc;
        Ok(true)
    }

    /// Whether annotations stay text.
    #[must_use]
    pub fn annotations(&self) -> bool {
        self.flags & CO_FUTURE_ANNOTATIONS != 0
    }

    /// Whether `await` is allowed at module level.
    #[must_use]
    pub fn top_level_await(&self) -> bool {
        self.flags & ALLOW_TOP_LEVEL_AWAIT != 0
    }

    /// Whether a future import at `loc` comes after the place where they are allowed.
    pub(crate) fn is_late(&self, loc: Location) -> bool {
        loc.lineno > self.last.lineno || (loc.lineno == self.last.end_lineno && loc.col_offset > self.last.end_col_offset)
    }
}
