//! `_warnings`: issuing warnings from where `warnings` may not have been imported yet.
//!
//! Only the two functions that the bootstrap of imports uses are here; filters and contexts are those of the Python
//! implementation, which `warnings` falls back to. Counterpart: `Python/_warnings.c`.

use bredli_runtime::prelude::*;

/// Call a function of `_py_warnings`, which `warnings` initialises.
fn delegate(py: &mut Py, name: &str, args: Args) -> Result {
    py.import_module("warnings")?;
    let implementation = py.import_module("_py_warnings")?;
    let function = py.get_attr_named(implementation, name)?;
    py.call_args(function, args)
}

/// _warnings provides basic warning filtering support.
/// It is a helper module to speed up interpreter start-up.
#[pymodule(name = "_warnings")]
pub mod warnings {
    use super::*;

    /// Issue a warning, or maybe ignore it or raise an exception.
    #[pyfunction]
    #[signature(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=())]
    fn warn(py: &mut Py, args: Args) -> Result {
        delegate(py, "warn", args)
    }

    /// Issue a warning, or maybe ignore it or raise an exception.
    #[pyfunction]
    #[signature(message, category, filename, lineno, module=<unrepresentable>, registry=None, module_globals=None, source=None)]
    fn warn_explicit(py: &mut Py, args: Args) -> Result {
        delegate(py, "warn_explicit", args)
    }
}
