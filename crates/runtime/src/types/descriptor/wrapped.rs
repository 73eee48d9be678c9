//! `classmethod` and `staticmethod`.
//!
//! Both take over the name, docstring and annotations of what they wrap. Counterpart: `Objects/funcobject.c`.

use crate::native::Args;
use crate::object::{Class, Dict};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Convert a function to be a class method.
///
/// A class method receives the class as implicit first argument,
/// just like an instance method receives the instance.
/// To declare a class method, use this idiom:
///
///   class C:
///       @classmethod
///       def f(cls, arg1, arg2, argN):
///           ...
///
/// It can be called either on the class (e.g. C.f()) or on an instance
/// (e.g. C().f()).  The instance is ignored except for its class.
/// If a class method is called for a derived class, the derived class
/// object is passed as the implied first argument.
///
/// Class methods are different than C++ or Java static methods.
/// If you want those, see the staticmethod builtin.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "classmethod", core, flags(BASETYPE, HAS_WEAKREF), dict = dict)]
pub struct ClassMethod {
    pub(crate) header: Header,
    pub(crate) callable: Option<Value>,
    pub(crate) dict: Option<Gc<Dict>>,
}

/// Convert a function to be a static method.
///
/// A static method does not receive an implicit first argument.
/// To declare a static method, use this idiom:
///
///      class C:
///          @staticmethod
///          def f(arg1, arg2, argN):
///              ...
///
/// It can be called either on the class (e.g. C.f()) or on an instance
/// (e.g. C().f()). Both the class and the instance are ignored, and
/// neither is passed implicitly as the first argument to the method.
///
/// Static methods in Python are similar to those found in Java or C++.
/// For a more advanced concept, see the classmethod builtin.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "staticmethod", core, flags(BASETYPE, HAS_WEAKREF), dict = dict, parts(call))]
pub struct StaticMethod {
    pub(crate) header: Header,
    pub(crate) callable: Option<Value>,
    pub(crate) dict: Option<Gc<Dict>>,
}

impl StaticMethod {
    /// A static method around a callable.
    pub fn of(callable: Value) -> Self {
        Self { header: Header::EMPTY, callable: Some(callable), dict: None }
    }
}

macro_rules! wrapper_class {
    ($class:ident, $name:literal, |$py:ident, $callable:ident, $object:ident, $owner:ident| $get:expr) => {
        #[pymethods]
        impl $class {
            #[signature(function, /)]
            fn __new__(cls: Gc<Class>, py: &mut Py, _args: Args) -> Result {
                Ok(py.alloc_as(cls, $class { header: Header::EMPTY, callable: None, dict: None }).into())
            }

            fn __init__(this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
                if args.has_keywords() {
                    raise!(py, TypeError, concat!($name, "() takes no keyword arguments"));
                }
                let &[callable] = args.positional() else {
                    raise!(py, TypeError, concat!($name, " expected 1 argument, got {}"), args.len());
                };
                this.get_mut(py).callable = Some(callable);
                py.copy_function_attributes(this.into(), callable)
            }

            fn __get__(this: Gc<Self>, $py: &mut Py, $object: Option<Value>, $owner: Option<Value>) -> Result {
                let Some($callable) = this.get($py).callable else {
                    raise!($py, RuntimeError, concat!("uninitialized ", $name, " object"));
                };
                $get
            }

            fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
                let callable = this.get(py).callable.unwrap_or(Value::NONE);
                let text = py.repr_text(callable)?;
                Ok(format!(concat!("<", $name, "({})>"), text))
            }

            #[no_text_signature]
            fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
                py.new_generic_alias(cls.into(), object)
            }

            #[getter("__func__", "__wrapped__")]
            fn function(this: Gc<Self>, py: &mut Py) -> Option<Value> {
                this.get(py).callable
            }

            #[getter("__isabstractmethod__")]
            fn isabstractmethod(this: Gc<Self>, py: &mut Py) -> Result<bool> {
                let callable = this.get(py).callable;
                py.is_abstract_method(callable)
            }

            #[getter("__annotations__")]
            fn annotations(this: Gc<Self>, py: &mut Py) -> Result {
                let (callable, name) = (this.get(py).callable, py.names.__annotations__);
                py.forwarded_attribute(this.into(), callable, name)
            }

            #[setter("__annotations__")]
            fn set_annotations(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
                let name = py.names.__annotations__;
                py.instance_set(this.into(), name, value).map(|_| ())
            }

            #[getter("__annotate__")]
            fn annotate(this: Gc<Self>, py: &mut Py) -> Result {
                let (callable, name) = (this.get(py).callable, py.names.__annotate__);
                py.forwarded_attribute(this.into(), callable, name)
            }

            #[setter("__annotate__")]
            fn set_annotate(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
                let name = py.names.__annotate__;
                py.instance_set(this.into(), name, value).map(|_| ())
            }
        }
    };
}

wrapper_class!(ClassMethod, "classmethod", |py, callable, object, owner| {
    let class = match (owner, object) {
        (Some(class), _) => class,
        (None, Some(object)) => py.class_of(object).into(),
        (None, None) => Value::NONE,
    };
    Ok(py.new_method(callable, class))
});

wrapper_class!(StaticMethod, "staticmethod", |py, callable, _object, _owner| Ok(callable));

#[pymethods(part = "call")]
impl StaticMethod {
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        match this.get(py).callable {
            Some(callable) => py.call_args(callable, args),
            None => raise!(py, RuntimeError, "uninitialized staticmethod object"),
        }
    }
}

impl Py {
    /// `functools.update_wrapper` as the built-in wrappers do it: attributes that are missing are left out.
    fn copy_function_attributes(&mut self, wrapper: Value, callable: Value) -> Result<()> {
        let names = self.names;
        for name in [names.__module__, names.__name__, names.__qualname__, names.__doc__] {
            if let Some(value) = self.lookup_attr(callable, name)? {
                self.instance_set(wrapper, name, Some(value))?;
            }
        }
        Ok(())
    }

    /// Whether `callable.__isabstractmethod__` is true.
    pub(crate) fn is_abstract_method(&mut self, callable: Option<Value>) -> Result<bool> {
        let Some(callable) = callable else { return Ok(false) };
        let name = self.names.__isabstractmethod__;
        match self.lookup_attr(callable, name)? {
            Some(value) => self.truth(value),
            None => Ok(false),
        }
    }

    /// An attribute that a wrapper keeps for itself once it has been read from what it wraps.
    fn forwarded_attribute(&mut self, wrapper: Value, callable: Option<Value>, name: Gc<crate::object::Str>) -> Result {
        if let Some(own) = self.instance_get(wrapper, name) {
            return Ok(own);
        }
        let value = self.get_attr(callable.unwrap_or(Value::NONE), name)?;
        self.instance_set(wrapper, name, Some(value))?;
        Ok(value)
    }
}
