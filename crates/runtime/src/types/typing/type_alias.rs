//! `typing.TypeAliasType`: what the `type` statement makes.

use super::{Lazy, ParamSpec, TypeVar, TypeVarTuple};
use crate::object::{Class, Str, Tuple};
use crate::types::Function;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Type alias.
///
/// Type aliases are created through the type statement, `type Alias = int`.
/// `__name__` holds the name, `__value__` the value, which is evaluated when
/// it is first accessed. Type aliases can be generic, `type ListOrSet[T] = ...`;
/// `__type_params__` then holds the type parameters.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "TypeAliasType", module = "typing", flags(HAS_WEAKREF))]
pub struct TypeAlias {
    pub(crate) header: Header,
    pub(crate) name: Gc<Str>,
    pub(crate) params: Option<Gc<Tuple>>,
    pub(crate) value: Lazy,
    pub(crate) module: Option<Value>,
}

#[pymethods]
impl TypeAlias {
    #[signature(name, value, *, type_params=())]
    fn __new__(cls: Gc<Class>, py: &mut Py, name: Gc<Str>, value: Value, type_params: Value) -> Result {
        let Some(params) = Gc::<Tuple>::cast(py, type_params) else { raise!(py, TypeError, "type_params must be a tuple") };
        check_params(py, params)?;
        let params = Some(params).filter(|params| !params.get(py).is_empty());
        let module = py.calling_module_name();
        Ok(py.alloc_as(cls, TypeAlias { header: Header::EMPTY, name, params, value: Lazy::given(value), module }).into())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        this.get(py).name
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        if this.get(py).params.is_none() {
            raise!(py, TypeError, "Only generic type aliases are subscriptable");
        }
        py.new_generic_alias(this.into(), key)
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Result {
        py.iter_unpacked(this.into())
    }

    fn __or__(py: &mut Py, left: Value, right: Value) -> Result {
        py.union_or(left, right)
    }

    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        this.get(py).name
    }

    #[getter("__name__")]
    fn name(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        this.get(py).name
    }

    #[getter("__value__")]
    fn value(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let value = this.get(py).value.get(py)?;
        this.get_mut(py).value.value = value;
        Ok(value)
    }

    #[getter]
    fn evaluate_value(this: Gc<Self>, py: &mut Py) -> Value {
        this.get(py).value.evaluator(py)
    }

    #[getter("__type_params__")]
    fn type_params(this: Gc<Self>, py: &mut Py) -> Gc<Tuple> {
        this.get(py).params.unwrap_or(py.constants.empty_tuple)
    }

    #[getter("__parameters__")]
    fn parameters(this: Gc<Self>, py: &mut Py) -> Result<Gc<Tuple>> {
        match this.get(py).params {
            Some(params) => py.unpack_type_var_tuples(params),
            None => Ok(py.constants.empty_tuple),
        }
    }

    #[getter("__module__")]
    fn module(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        if let Some(module) = this.get(py).module {
            return Some(module);
        }
        let evaluate = this.get(py).value.evaluate?;
        Gc::<Function>::cast(py, evaluate)?.get(py).module
    }
}

/// Type parameters only, those with a default last.
fn check_params(py: &mut Py, params: Gc<Tuple>) -> Result<()> {
    let mut default_seen = false;
    for index in 0..params.get(py).len() {
        let param = params.get(py).items()[index];
        let default = if let Some(variable) = Gc::<TypeVar>::cast(py, param) {
            variable.get(py).default
        } else if let Some(variable) = Gc::<ParamSpec>::cast(py, param) {
            variable.get(py).default
        } else if let Some(variable) = Gc::<TypeVarTuple>::cast(py, param) {
            variable.get(py).default
        } else {
            let given = py.repr_text(param)?;
            raise!(py, TypeError, "Expected a type param, got {given}");
        };
        let has_default = default.is_default(py);
        if default_seen && !has_default {
            let text = py.repr_text(param)?;
            raise!(py, TypeError, "non-default type parameter '{text}' follows default type parameter");
        }
        default_seen |= has_default;
    }
    Ok(())
}
