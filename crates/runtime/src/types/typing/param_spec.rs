//! `typing.ParamSpec` with its `args` and `kwargs`.

use super::{Lazy, default_methods};
use crate::native::Args;
use crate::object::{Class, CompareOp, Dict, Str};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Parameter specification variable.
///
/// Stands for the parameters of a callable:
///
///     type IntFunc[**P] = Callable[P, int]
///     P = ParamSpec('P')
///     DefaultP = ParamSpec('DefaultP', default=[int, str])
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "ParamSpec", module = "typing", flags(HAS_WEAKREF), dict = dict, parts(default))]
pub struct ParamSpec {
    pub(crate) header: Header,
    pub(crate) name: Gc<Str>,
    pub(crate) bound: Option<Value>,
    pub(crate) default: Lazy,
    pub(crate) covariant: bool,
    pub(crate) contravariant: bool,
    pub(crate) infer_variance: bool,
    pub(crate) dict: Option<Gc<Dict>>,
}

default_methods!(ParamSpec, "default");

#[pymethods]
impl ParamSpec {
    #[signature(name, *, bound=None, default=<unrepresentable>, covariant=False, contravariant=False, infer_variance=False)]
    fn __new__(
        cls: Gc<Class>,
        py: &mut Py,
        name: Gc<Str>,
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
        let default = py.given_default(default);
        let payload = ParamSpec { header: Header::EMPTY, name, bound, default, covariant, contravariant, infer_variance, dict: None };
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
        py.call_typing("_paramspec_subst", Args::new(&[this.into(), arg]))
    }

    #[signature(self, alias, args, /)]
    fn __typing_prepare_subst__(this: Gc<Self>, py: &mut Py, alias: Value, args: Value) -> Result {
        py.call_typing("_paramspec_prepare_subst", Args::new(&[this.into(), alias, args]))
    }

    /// Represents positional arguments.
    #[getter]
    fn args(this: Gc<Self>, py: &mut Py) -> Value {
        py.alloc(ParamSpecArgs { header: Header::EMPTY, origin: this.into() }).into()
    }

    /// Represents keyword arguments.
    #[getter]
    fn kwargs(this: Gc<Self>, py: &mut Py) -> Value {
        py.alloc(ParamSpecKwargs { header: Header::EMPTY, origin: this.into() }).into()
    }

    #[getter("__bound__")]
    fn bound(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).bound
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
    pub(super) fn inferred(py: &mut Py, name: Gc<Str>) -> Value {
        let payload = ParamSpec {
            header: Header::EMPTY,
            name,
            bound: None,
            default: Lazy::default(),
            covariant: false,
            contravariant: false,
            infer_variance: true,
            dict: None,
        };
        py.alloc(payload).into()
    }
}

macro_rules! parts_of_param_spec {
    ($($class:ident $name:literal $attribute:literal $doc:literal;)*) => { $(
        #[doc = $doc]
        #[repr(C)]
        #[derive(Trace)]
        #[pyclass(name = $name, module = "typing", flags(HAS_WEAKREF))]
        pub struct $class {
            pub(crate) header: Header,
            pub(crate) origin: Value,
        }

        #[pymethods]
        impl $class {
            #[signature(origin)]
            fn __new__(cls: Gc<Class>, py: &mut Py, origin: Value) -> Result {
                Ok(py.alloc_as(cls, $class { header: Header::EMPTY, origin }).into())
            }

            fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
                let origin = this.get(py).origin;
                let name = match Gc::<ParamSpec>::cast(py, origin) {
                    Some(spec) => spec.get(py).name.get(py).lossy(),
                    None => py.repr_text(origin)?,
                };
                Ok(format!(concat!("{}.", $attribute), name))
            }

            fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
                let Some(other) = Gc::<Self>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
                if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
                    return Ok(Value::NOT_IMPLEMENTED);
                }
                let (a, b) = (this.get(py).origin, other.get(py).origin);
                py.compare(op, a, b)
            }

            #[signature(self, object, /)]
            fn __mro_entries__(_this: Gc<Self>, py: &mut Py, _object: Value) -> Result {
                raise!(py, TypeError, concat!("Cannot subclass an instance of ", $name))
            }

            #[getter("__origin__")]
            fn origin(this: Gc<Self>, py: &mut Py) -> Value {
                this.get(py).origin
            }
        }
    )* };
}

parts_of_param_spec! {
    ParamSpecArgs "ParamSpecArgs" "args" "The args for a ParamSpec object: `P.args.__origin__ is P`.";
    ParamSpecKwargs "ParamSpecKwargs" "kwargs" "The kwargs for a ParamSpec object: `P.kwargs.__origin__ is P`.";
}
