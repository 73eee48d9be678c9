//! The types behind `typing`: type variables, type aliases, `Generic`.
//!
//! Bounds, constraints, defaults and alias values are computed when first asked for. Rules that `Lib/typing.py` implements are called there.
//! Counterpart: `Objects/typevarobject.c`.

mod generic;
mod param_spec;
mod type_alias;
mod type_var;
mod type_var_tuple;

pub use generic::{ConstEvaluator, Generic, NoDefaultType};
pub use param_spec::{ParamSpec, ParamSpecArgs, ParamSpecKwargs};
pub use type_alias::TypeAlias;
pub use type_var::TypeVar;
pub use type_var_tuple::TypeVarTuple;

use crate::native::Args;
use crate::object::{Instance, Str, Tuple};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, RootVec, Value};

/// A value that is given, or computed by a function when asked for.
#[derive(Clone, Copy, Default)]
pub struct Lazy {
    pub(crate) value: Option<Value>,
    pub(crate) evaluate: Option<Value>,
}

impl bredli_heap::Trace for Lazy {
    fn trace(&self, tracer: &mut bredli_heap::Tracer) {
        self.value.trace(tracer);
        self.evaluate.trace(tracer);
    }
}

impl Lazy {
    fn given(value: Value) -> Self {
        Self { value: Some(value), evaluate: None }
    }

    fn computed(evaluate: Option<Value>) -> Self {
        Self { value: None, evaluate }
    }

    /// The value; computed ones are to be stored by the caller.
    fn get(self, py: &mut Py) -> Result<Option<Value>> {
        match (self.value, self.evaluate) {
            (Some(value), _) => Ok(Some(value)),
            (None, Some(evaluate)) => py.call(evaluate, &[Value::small(1)]).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// The function that computes it in a given format, or None.
    fn evaluator(self, py: &mut Py) -> Value {
        match (self.evaluate, self.value) {
            (Some(evaluate), _) => evaluate,
            (None, Some(value)) => py.alloc(ConstEvaluator { header: Header::EMPTY, value }).into(),
            (None, None) => Value::NONE,
        }
    }

    fn is_default(self, py: &mut Py) -> bool {
        let none = py.no_default();
        self.evaluate.is_some() || self.value.is_some_and(|value| value != none)
    }
}

impl Py {
    /// `typing.NoDefault`
    pub fn no_default(&mut self) -> Value {
        if let Some(value) = self.no_default {
            return value;
        }
        let class = self.class::<NoDefaultType>();
        let value: Value = self.alloc_as(class, Instance { header: Header::EMPTY }).into();
        self.no_default = Some(value);
        value
    }

    /// `typing.name(*args)`
    pub(crate) fn call_typing(&mut self, name: &str, args: Args) -> Result {
        let typing = self.import_module("typing")?;
        let function = self.get_attr_named(typing, name)?;
        self.call_args(function, args)
    }

    /// The default of a type variable that is given to a constructor.
    fn given_default(&mut self, default: Option<Value>) -> Lazy {
        Lazy::given(default.unwrap_or_else(|| self.no_default()))
    }

    /// `__module__` of a type variable made by a call.
    fn set_calling_module(&mut self, object: Value) -> Result<()> {
        if let Some(module) = self.calling_module_name() {
            let name = self.names.__module__;
            self.instance_set(object, name, Some(module))?;
        }
        Ok(())
    }

    /// How variance shows in the repr of a type variable.
    fn variable_repr(&self, name: Gc<Str>, covariant: bool, contravariant: bool, infer: bool) -> String {
        let sign = match (infer, covariant, contravariant) {
            (true, ..) => "",
            (_, true, _) => "+",
            (_, _, true) => "-",
            _ => "~",
        };
        format!("{sign}{}", name.get(self).lossy())
    }

    fn check_variance(&mut self, covariant: bool, contravariant: bool, infer: bool) -> Result<()> {
        if covariant && contravariant {
            raise!(self, ValueError, "Bivariant types are not supported.");
        }
        if infer && (covariant || contravariant) {
            raise!(self, ValueError, "Variance cannot be specified with infer_variance.");
        }
        Ok(())
    }

    /// Type parameters with `typing.Unpack[Ts]` for each `Ts`.
    pub(crate) fn unpack_type_var_tuples(&mut self, params: Gc<Tuple>) -> Result<Gc<Tuple>> {
        let mut unpacked = RootVec::new(&mut self.heap);
        for index in 0..params.get(self).len() {
            let param = params.get(self).items()[index];
            let param = if Gc::<TypeVarTuple>::cast(self, param).is_some() { self.unpack_type(param)? } else { param };
            unpacked.push(param);
        }
        Ok(self.new_tuple(&unpacked))
    }

    /// `typing.Unpack[value]`
    fn unpack_type(&mut self, value: Value) -> Result {
        let typing = self.import_module("typing")?;
        let unpack = self.get_attr_named(typing, "Unpack")?;
        self.get_item(unpack, value)
    }

    fn iter_unpacked(&mut self, value: Value) -> Result {
        let unpacked = self.unpack_type(value)?;
        let items = self.new_tuple(&[unpacked]);
        self.iter(items.into())
    }

    /// `left | right` with a type variable: `typing.Union[left, right]`.
    fn variable_or(&mut self, left: Value, right: Value) -> Result {
        let both = self.new_tuple(&[left, right]);
        self.union_from(both.into())
    }

    /// Whether a value is a type alias made by the `type` statement.
    pub(crate) fn is_type_alias(&self, value: Value) -> bool {
        Gc::<TypeAlias>::cast(self, value).is_some()
    }

    fn name_argument(&mut self, name: Value) -> Result<Gc<Str>> {
        self.expect_str(name, "name")
    }

    /// Intrinsics TYPEVAR, TYPEVAR_WITH_BOUND and TYPEVAR_WITH_CONSTRAINTS.
    pub fn make_type_var(&mut self, name: Value, bound: Option<Value>, constraints: Option<Value>) -> Result {
        let name = self.name_argument(name)?;
        Ok(TypeVar::inferred(self, name, bound, constraints))
    }

    /// Intrinsic PARAMSPEC.
    pub fn make_param_spec(&mut self, name: Value) -> Result {
        let name = self.name_argument(name)?;
        Ok(ParamSpec::inferred(self, name))
    }

    /// Intrinsic TYPEVARTUPLE.
    pub fn make_type_var_tuple(&mut self, name: Value) -> Result {
        let name = self.name_argument(name)?;
        let default = Lazy::default();
        Ok(self.alloc(TypeVarTuple { header: Header::EMPTY, name, default, dict: None }).into())
    }

    /// Intrinsic TYPEALIAS: a tuple of name, type parameters (or None) and the function that computes the value.
    pub fn make_type_alias(&mut self, parts: Value) -> Result {
        let Some(parts) = Gc::<Tuple>::cast(self, parts) else { raise!(self, SystemError, "a type alias is made of a tuple") };
        let &[name, params, evaluate] = parts.get(self).items() else { raise!(self, SystemError, "a type alias has three parts") };
        let name = self.name_argument(name)?;
        let params = Gc::<Tuple>::cast(self, params);
        let value = Lazy::computed(Some(evaluate));
        Ok(self.alloc(TypeAlias { header: Header::EMPTY, name, params, value, module: None }).into())
    }

    /// Intrinsic SUBSCRIPT_GENERIC: `typing.Generic[params]`.
    pub fn subscript_generic(&mut self, params: Value) -> Result {
        let params = self.as_tuple(params);
        let params = self.unpack_type_var_tuples(params)?;
        let generic: Value = self.class::<Generic>().into();
        self.call_typing("_GenericAlias", Args::new(&[generic, params.into()]))
    }

    /// Intrinsic SET_TYPEPARAM_DEFAULT: the default is a function that computes it.
    pub fn set_type_param_default(&mut self, param: Value, default: Value) -> Result {
        let default = Lazy::computed(Some(default));
        if let Some(variable) = Gc::<TypeVar>::cast(self, param) {
            variable.get_mut(self).default = default;
        } else if let Some(variable) = Gc::<ParamSpec>::cast(self, param) {
            variable.get_mut(self).default = default;
        } else if let Some(variable) = Gc::<TypeVarTuple>::cast(self, param) {
            variable.get_mut(self).default = default;
        } else {
            let given = self.repr_text(param)?;
            raise!(self, TypeError, "Expected a type param, got {given}");
        }
        Ok(param)
    }
}

/// The members that all three kinds of type variables have for their default.
macro_rules! default_methods {
    ($class:ident, $part:literal) => {
        #[bredli_macros::pymethods(part = $part)]
        impl $class {
            #[getter("__default__")]
            fn default(this: bredli_heap::Gc<Self>, py: &mut crate::Py) -> crate::Result {
                let value = match this.get(py).default.get(py)? {
                    Some(value) => value,
                    None => return Ok(py.no_default()),
                };
                this.get_mut(py).default.value = Some(value);
                Ok(value)
            }

            #[getter]
            fn evaluate_default(this: bredli_heap::Gc<Self>, py: &mut crate::Py) -> bredli_heap::Value {
                this.get(py).default.evaluator(py)
            }

            fn has_default(this: bredli_heap::Gc<Self>, py: &mut crate::Py) -> bool {
                this.get(py).default.is_default(py)
            }

            #[getter("__name__")]
            fn name(this: bredli_heap::Gc<Self>, py: &mut crate::Py) -> bredli_heap::Gc<crate::object::Str> {
                this.get(py).name
            }

            fn __reduce__(this: bredli_heap::Gc<Self>, py: &mut crate::Py) -> bredli_heap::Gc<crate::object::Str> {
                this.get(py).name
            }

            #[signature(self, object, /)]
            fn __mro_entries__(_this: bredli_heap::Gc<Self>, py: &mut crate::Py, _object: bredli_heap::Value) -> crate::Result {
                crate::raise!(py, TypeError, concat!("Cannot subclass an instance of ", stringify!($class)))
            }
        }
    };
}
use default_methods;
