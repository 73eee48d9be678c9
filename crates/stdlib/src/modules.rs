//! The table of native modules: a module is added by one line.

use bredli_runtime::native::ModuleDef;

/// Every native module that can be imported by name.
pub static MODULES: &[&ModuleDef] = &[
    &crate::abc::abc::MODULE,
    &crate::bisect::bisect::MODULE,
    &crate::builtins::builtins::MODULE,
    &crate::collections::collections::MODULE,
    &crate::functools::functools::MODULE,
    &crate::heapq::heapq::MODULE,
    &crate::imp::imp::MODULE,
    &crate::itertools::itertools::MODULE,
    &crate::math::math::MODULE,
    &crate::operator::operator::MODULE,
    &crate::sys::sys::MODULE,
    &crate::types::types::MODULE,
    &crate::weakref::weakref::MODULE,
];

/// The native module of that name.
pub fn find(name: &str) -> Option<&'static ModuleDef> {
    MODULES.iter().copied().find(|module| module.name == name)
}
