//! `typing.TypeVarTuple`.

use super::{Lazy, default_methods};
use crate::native::Args;
use crate::object::{Class, Dict, Str};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Type variable tuple. A specialized form of type variable that enables
/// variadic generics.
///
///     def move_first_element_to_last[T, *Ts](tup: tuple[T, *Ts]) -> tuple[*Ts, T]: ...
///     Ts = TypeVarTuple('Ts')
///     DefaultTs = TypeVarTuple('Ts', default=(str, int))
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "TypeVarTuple", module = "typing", flags(HAS_WEAKREF), dict = dict, parts(default))]
pub struct TypeVarTuple {
    pub(crate) header: Header,
    pub(crate) name: Gc<Str>,
    pub(crate) default: Lazy,
    pub(crate) dict: Option<Gc<Dict>>,
}

default_methods!(TypeVarTuple, "default");

#[pymethods]
impl TypeVarTuple {
    #[signature(name, *, default=<unrepresentable>)]
    fn __new__(cls: Gc<Class>, py: &mut Py, name: Gc<Str>, default: Option<Value>) -> Result {
        let default = py.given_default(default);
        let made: Value = py.alloc_as(cls, TypeVarTuple { header: Header::EMPTY, name, default, dict: None }).into();
        py.set_calling_module(made)?;
        Ok(made)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        this.get(py).name
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Result {
        py.iter_unpacked(this.into())
    }

    #[signature(self, arg, /)]
    fn __typing_subst__(_this: Gc<Self>, py: &mut Py, _arg: Value) -> Result {
        raise!(py, TypeError, "Substitution of bare TypeVarTuple is not supported")
    }

    #[signature(self, alias, args, /)]
    fn __typing_prepare_subst__(this: Gc<Self>, py: &mut Py, alias: Value, args: Value) -> Result {
        py.call_typing("_typevartuple_prepare_subst", Args::new(&[this.into(), alias, args]))
    }
}
