//! `_functools`: `partial`, `reduce`, `cmp_to_key` and the cache behind `functools.lru_cache`.
//!
//! Counterpart: `Modules/_functoolsmodule.c`.

mod key;
mod lru_cache;
mod partial;

use bredli_runtime::prelude::*;
pub use key::KeyWrapper;
pub use lru_cache::LruCache;
pub use partial::{Partial, Placeholder};

/// Tools that operate on functions.
#[pymodule(name = "_functools", classes(LruCache, Partial, Placeholder))]
pub mod functools {
    use super::*;
    use bredli_runtime::types::Module;

    /// Convert a cmp= function into a key= function.
    ///
    ///   mycmp
    ///     Function that compares two objects.
    #[pyfunction]
    #[signature(mycmp)]
    fn cmp_to_key(py: &mut Py, mycmp: Value) -> Gc<KeyWrapper> {
        KeyWrapper::of(py, mycmp)
    }

    /// Apply a function of two arguments cumulatively to the items of an iterable, from left to right.
    ///
    /// This effectively reduces the iterable to a single value.  If initial is
    /// present, it is placed before the items of the iterable in the
    /// calculation, and serves as a default when the iterable is empty.
    ///
    /// For example, reduce(lambda x, y: x+y, [1, 2, 3, 4, 5])
    /// calculates ((((1 + 2) + 3) + 4) + 5).
    #[pyfunction]
    #[signature(function, iterable, /, initial=<unrepresentable>)]
    fn reduce(py: &mut Py, function: Value, iterable: Value, initial: Option<Value>) -> Result {
        let iterator = match py.iter(iterable) {
            Ok(iterator) => iterator,
            Err(raised) => {
                if py.exception_matches(py.exceptions.TypeError) {
                    raise!(py, TypeError, "reduce() arg 2 must support iteration");
                }
                return Err(raised);
            }
        };
        let first = match initial {
            Some(initial) => Some(initial),
            None => py.next(iterator)?,
        };
        let Some(mut total) = first else { raise!(py, TypeError, "reduce() of empty iterable with no initial value") };
        while let Some(value) = py.next(iterator)? {
            total = py.call(function, &[total, value])?;
        }
        Ok(total)
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let placeholder = Placeholder::get(py)?;
        py.module_set(module, "Placeholder", placeholder)
    }
}
