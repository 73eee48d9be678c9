//! `_warnings`: issuing warnings, natively because the interpreter itself warns, also where `warnings` cannot be imported.
//!
//! Showing a warning and changing the filters is left to `warnings`. Counterpart: `Python/_warnings.c`.

mod filters;
mod issue;
mod place;
mod source;

use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;
use filters::State;
use issue::Warned;

/// _warnings provides basic warning filtering support.
/// It is a helper module to speed up interpreter start-up.
#[pymodule(name = "_warnings")]
pub mod warnings {
    use super::*;

    /// Issue a warning, or maybe ignore it or raise an exception.
    ///
    ///   message
    ///     Text of the warning message.
    ///   category
    ///     The Warning category subclass. Defaults to UserWarning.
    ///   stacklevel
    ///     How far up the call stack to make this warning appear. A value of 2 for
    ///     example attributes the warning to the caller of the code calling warn().
    ///   source
    ///     If supplied, the destroyed object which emitted a ResourceWarning
    ///   skip_file_prefixes
    ///     An optional tuple of module filename prefixes indicating frames to skip
    ///     during stacklevel computations for stack frame attribution.
    #[pyfunction]
    #[signature(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=())]
    fn warn(
        py: &mut Py,
        message: Value,
        category: Option<Value>,
        stacklevel: isize,
        source: Option<Value>,
        skip_file_prefixes: Gc<Tuple>,
    ) -> Result<()> {
        let category = issue::category(py, message, category)?;
        let place = place::find(py, stacklevel, skip_file_prefixes)?;
        issue::warn(py, &Warned { message, category, source }, &place)
    }

    /// Issue a warning, or maybe ignore it or raise an exception.
    #[pyfunction]
    #[signature(message, category, filename, lineno, module=<unrepresentable>, registry=None, module_globals=None, source=None)]
    fn warn_explicit(
        py: &mut Py,
        message: Value,
        category: Value,
        filename: Gc<Str>,
        lineno: i32,
        module: Option<Value>,
        registry: Option<Value>,
        module_globals: Option<Value>,
        source: Option<Value>,
    ) -> Result<()> {
        if let Some(globals) = module_globals
            && !py.is_dict(globals)
        {
            let class = py.class_name(globals);
            raise!(py, TypeError, "module_globals must be a dict, not '{class}'");
        }
        let text = match module_globals {
            Some(globals) => source::line(py, globals, lineno)?,
            None => None,
        };
        let module = module.unwrap_or_else(|| place::module_of(py, filename));
        let registry = match registry {
            None => None,
            Some(registry) => match Gc::<Dict>::cast(py, registry) {
                Some(registry) => Some(registry),
                None => raise!(py, TypeError, "'registry' must be a dict or None"),
            },
        };
        let place = place::Place { filename, line: lineno, text, module, registry };
        issue::warn(py, &Warned { message, category, source }, &place)
    }

    #[pyfunction]
    #[signature()]
    fn _filters_mutated_lock_held(py: &mut Py) -> Result<()> {
        let state = filters::state(py)?;
        let lock = state.get(py).lock;
        let held = py.call_method_named(lock, "_is_owned", &[])?;
        if held != Value::TRUE {
            raise!(py, RuntimeError, "warnings lock is not held");
        }
        state.get_mut(py).version += 1;
        Ok(())
    }

    #[pyfunction]
    #[signature()]
    fn _acquire_lock(py: &mut Py) -> Result<()> {
        filters::lock(py)
    }

    #[pyfunction]
    #[signature()]
    fn _release_lock(py: &mut Py) -> Result<()> {
        filters::unlock(py)
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let &State { filters, once, default_action, context, .. } = filters::state(py)?.get(py);
        for (name, value) in
            [("filters", filters), ("_onceregistry", once), ("_defaultaction", default_action), ("_warnings_context", context)]
        {
            py.module_set(module, name, value)?;
        }
        Ok(())
    }
}
