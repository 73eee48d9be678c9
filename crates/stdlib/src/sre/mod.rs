//! `_sre`: compiled patterns, matches and scanners over the engine of `bredli_regex`.
//!
//! Spans are kept as byte offsets and converted to character positions when Python asks. Counterpart: `Modules/_sre/sre.c`.

mod matched;
mod pattern;
mod scanner;
mod substitute;
mod text;

use bredli_regex as engine;
use bredli_runtime::prelude::*;
use matched::Match;
use pattern::Pattern;
use scanner::{Finder, Scanner};
use substitute::Template;

/// The functions behind `re`.
#[pymodule(name = "_sre", classes(Pattern, Match, Scanner, Finder, Template))]
pub mod sre {
    use super::*;

    pub const MAGIC: i64 = engine::MAGIC as i64;
    pub const CODESIZE: i64 = engine::CODESIZE as i64;
    pub const MAXREPEAT: i64 = engine::MAXREPEAT as i64;
    pub const MAXGROUPS: i64 = engine::MAXGROUPS as i64;

    #[pyfunction]
    #[signature(pattern, flags, code, groups, groupindex, indexgroup)]
    fn compile(
        py: &mut Py,
        pattern: Value,
        flags: i32,
        code: Gc<List>,
        groups: isize,
        groupindex: Gc<Dict>,
        indexgroup: Gc<Tuple>,
    ) -> Result<Gc<Pattern>> {
        pattern::compile(py, (pattern, flags), code, groups, (groupindex, indexgroup))
    }

    #[pyfunction]
    #[signature(pattern, template, /)]
    fn template(py: &mut Py, pattern: Gc<Pattern>, template: Gc<List>) -> Result<Gc<Template>> {
        let _ = pattern;
        substitute::template(py, template)
    }

    #[pyfunction]
    #[signature()]
    fn getcodesize() -> i64 {
        CODESIZE
    }

    #[pyfunction]
    #[signature(character, /)]
    fn ascii_iscased(character: i32) -> bool {
        engine::ascii_iscased(character as u32)
    }

    #[pyfunction]
    #[signature(character, /)]
    fn unicode_iscased(character: i32) -> bool {
        engine::unicode_iscased(character as u32)
    }

    #[pyfunction]
    #[signature(character, /)]
    fn ascii_tolower(character: i32) -> i64 {
        engine::ascii_tolower(character as u32) as i64
    }

    #[pyfunction]
    #[signature(character, /)]
    fn unicode_tolower(character: i32) -> i64 {
        engine::unicode_tolower(character as u32) as i64
    }
}
