//! `typing.TypeVar`.

use super::{Lazy, default_methods};
use crate::native::Args;
use crate::object::{Class, Dict, Str};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, RootVec, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Type variable.
///
/// Made by the syntax for generic functions, classes and type aliases,
/// `class Sequence[T]: ...`, or by a call:
///
///    T = TypeVar('T')  # Can be anything
///    S = TypeVar('S', bound=str)  # Can be any subtype of str
///    A = TypeVar('A', str, bytes)  # Must be exactly str or bytes
///    D = TypeVar('D', default=int)  # Defaults to int
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "TypeVar", module = "typing", flags(HAS_WEAKREF), dict = dict, parts(default))]
pub struct TypeVar {
    pub(crate) header: Header,
    pub(crate) name: Gc<Str>,
    pub(crate) bound: Lazy,
    pub(crate) constraints: Lazy,
    pub(crate) default: Lazy,
    pub(crate) covariant: bool,
    pub(crate) contravariant: bool,
    pub(crate) infer_variance: bool,
    pub(crate) dict: Option<Gc<Dict>>,
}

default_methods!(TypeVar, "default");

#[pymethods]
impl TypeVar {
    #[signature(name, *constraints, bound=None, default=<unrepresentable>, covariant=False, contravariant=False, infer_variance=False)]
    fn __new__(
        cls: Gc<Class>,
        py: &mut Py,
        name: Gc<Str>,
        constraints: &[Value],
        bound: Option<Value>,
        default: Option<Value>,
        covariant: bool,
        contravariant: bool,
        infer_variance: bool,
    ) -> Result {
        py.check_variance(covariant, contravariant, infer_variance)?;
        let bound = match bound {
            Some(bound) => Some(py.check_type(bound, "Bound must be a type.")?),
            None => None,
        };
        if constraints.len() == 1 {
            raise!(py, TypeError, "A single constraint is not allowed");
        }
        let mut checked = RootVec::new(&mut py.heap);
        for constraint in constraints {
            let constraint = py.check_type(*constraint, "TypeVar(name, constraint, ...): constraints must be types.")?;
            checked.push(constraint);
        }
        if !checked.is_empty() && bound.is_some() {
            raise!(py, TypeError, "Constraints cannot be combined with bound=...");
        }
        let constraints = if checked.is_empty() { None } else { Some(py.new_tuple(&checked).into()) };
        let payload = TypeVar {
            header: Header::EMPTY,
            name,
            bound: Lazy { value: bound, evaluate: None },
            constraints: Lazy { value: constraints, evaluate: None },
            default: py.given_default(default),
            covariant,
            contravariant,
            infer_variance,
            dict: None,
        };
        let made: Value = py.alloc_as(cls, payload).into();
        py.set_calling_module(made)?;
        Ok(made)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        let this = this.get(py);
        py.variable_repr(this.name, this.covariant, this.contravariant, this.infer_variance)
    }

    fn __or__(py: &mut Py, left: Value, right: Value) -> Result {
        py.variable_or(left, right)
    }

    #[signature(self, arg, /)]
    fn __typing_subst__(this: Gc<Self>, py: &mut Py, arg: Value) -> Result {
        py.call_typing("_typevar_subst", Args::new(&[this.into(), arg]))
    }

    #[signature(self, alias, args, /)]
    fn __typing_prepare_subst__(this: Gc<Self>, py: &mut Py, alias: Value, args: Value) -> Result {
        let name = py.names.__parameters__;
        let params = py.get_attr(alias, name)?;
        let params = py.tuple_from_iterable(params)?;
        let given = py.tuple_from_iterable(args)?;
        let count = given.get(py).len();
        let index = params.get(py).items().iter().position(|param| *param == this.into());
        let Some(index) = index else { raise!(py, ValueError, "tuple.index(x): x not in tuple") };
        if index < count {
            return Ok(args);
        }
        let has_default = this.get(py).default.is_default(py);
        if index > count || !has_default {
            let alias = py.str_text(alias)?;
            raise!(py, TypeError, "Too few arguments for {alias}; actual {count}, expected at least {}", index + 1);
        }
        let default = TypeVar::default(this, py)?;
        let mut all = RootVec::new(&mut py.heap);
        all.extend_from_slice(given.get(py).items());
        all.push(default);
        Ok(py.new_tuple(&all).into())
    }

    #[getter("__bound__")]
    fn bound(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let bound = this.get(py).bound.get(py)?;
        this.get_mut(py).bound.value = bound;
        Ok(bound)
    }

    #[getter]
    fn evaluate_bound(this: Gc<Self>, py: &mut Py) -> Value {
        this.get(py).bound.evaluator(py)
    }

    #[getter("__constraints__")]
    fn constraints(this: Gc<Self>, py: &mut Py) -> Result {
        let constraints = this.get(py).constraints.get(py)?;
        this.get_mut(py).constraints.value = constraints;
        Ok(constraints.unwrap_or(py.constants.empty_tuple.into()))
    }

    #[getter]
    fn evaluate_constraints(this: Gc<Self>, py: &mut Py) -> Value {
        this.get(py).constraints.evaluator(py)
    }

    #[getter("__covariant__")]
    fn covariant(this: Gc<Self>, py: &mut Py) -> bool {
        this.get(py).covariant
    }

    #[getter("__contravariant__")]
    fn contravariant(this: Gc<Self>, py: &mut Py) -> bool {
        this.get(py).contravariant
    }

    #[getter("__infer_variance__")]
    fn infer_variance(this: Gc<Self>, py: &mut Py) -> bool {
        this.get(py).infer_variance
    }

    /// A type parameter as the syntax makes it.
    #[rust]
    pub(super) fn inferred(py: &mut Py, name: Gc<Str>, bound: Option<Value>, constraints: Option<Value>) -> Value {
        let payload = TypeVar {
            header: Header::EMPTY,
            name,
            bound: Lazy::computed(bound),
            constraints: Lazy::computed(constraints),
            default: Lazy::default(),
            covariant: false,
            contravariant: false,
            infer_variance: true,
            dict: None,
        };
        py.alloc(payload).into()
    }
}
