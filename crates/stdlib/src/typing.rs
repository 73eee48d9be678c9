//! `_typing`: the native types of `typing`.
//!
//! Counterpart: `Modules/_typingmodule.c`.

use bredli_runtime::prelude::*;
use bredli_runtime::types::typing::{Generic, ParamSpec, ParamSpecArgs, ParamSpecKwargs, TypeAlias, TypeVar, TypeVarTuple};

/// Primitives and accelerators for the typing module.
#[pymodule(name = "_typing", classes(Generic, ParamSpec, ParamSpecArgs, ParamSpecKwargs, TypeAlias, TypeVar, TypeVarTuple))]
pub mod typing {
    use super::*;

    /// Identity function.
    #[pyfunction]
    #[signature(x, /)]
    fn _idfunc(x: Value) -> Value {
        x
    }

    #[constant]
    fn Union(py: &mut Py) -> Gc<Class> {
        py.types.union
    }

    #[constant]
    fn NoDefault(py: &mut Py) -> Value {
        py.no_default()
    }
}
