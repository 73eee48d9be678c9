//! Functions defined in Python: the object and its attributes. Calling them is the machine's business.
//!
//! Counterpart: `Objects/funcobject.c`.

use crate::native::Args;
use crate::object::{Class, Dict, Str, Tuple};
use crate::types::{Cell, Code, Method};
use crate::{Py, Result, raise};
use bredli_code::{flag, local_kind};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Create a function object.
///
///   code
///     a code object
///   globals
///     the globals dictionary
///   name
///     a string that overrides the name from the code object
///   argdefs
///     a tuple that specifies the default argument values
///   closure
///     a tuple that supplies the bindings for free variables
///   kwdefaults
///     a dictionary that specifies the default keyword argument values
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "function", core, flags(METHOD_DESCRIPTOR, HAS_WEAKREF), dict = dict, parts(attributes))]
pub struct Function {
    pub(crate) header: Header,
    /// The first exec instruction; a stub that translates the code until it has been called.
    #[trace(skip)]
    pub(crate) entry: *const u64,
    /// Arguments that enter without binding: the number of parameters, or `u32::MAX` where binding is never plain.
    pub(crate) plain_args: u32,
    /// Changes when defaults, code or closure are replaced; 0 means caches must not rely on it.
    pub(crate) version: u32,
    pub(crate) code: Gc<Code>,
    pub(crate) globals: Gc<Dict>,
    pub(crate) builtins: Gc<Dict>,
    pub(crate) closure: Option<Gc<Tuple>>,
    pub(crate) defaults: Option<Gc<Tuple>>,
    pub(crate) kwdefaults: Option<Gc<Dict>>,
    pub(crate) name: Gc<Str>,
    pub(crate) qualname: Gc<Str>,
    pub(crate) module: Option<Value>,
    /// `__doc__`, when it is not the docstring of the code.
    pub(crate) doc: Option<Value>,
    pub(crate) annotations: Option<Value>,
    pub(crate) annotate: Option<Value>,
    pub(crate) type_params: Option<Value>,
    pub(crate) dict: Option<Gc<Dict>>,
}

#[pymethods]
impl Function {
    #[signature(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)]
    fn __new__(
        _cls: Gc<Class>,
        py: &mut Py,
        code: Value,
        globals: Value,
        name: Value,
        argdefs: Value,
        closure: Value,
        kwdefaults: Value,
    ) -> Result {
        let Some(code) = Gc::<Code>::cast(py, code) else {
            let given = py.class_name(code);
            raise!(py, TypeError, "function() argument 'code' must be code, not {given}");
        };
        let Some(globals) = Gc::<Dict>::cast(py, globals) else {
            let given = py.class_name(globals);
            raise!(py, TypeError, "function() argument 'globals' must be dict, not {given}");
        };
        let name = Gc::<Str>::cast(py, name).map_or_else(|| if name.is_none() { Ok(None) } else { Err(()) }, |name| Ok(Some(name)));
        let Ok(name) = name else { raise!(py, TypeError, "arg 3 (name) must be None or string") };
        let Some(defaults) = optional::<Tuple>(py, argdefs) else { raise!(py, TypeError, "arg 4 (defaults) must be None or tuple") };
        let free = code.get(py).code.freevars().count();
        let function_name = code.get(py).code.name.to_string();
        let Some(closure) = optional::<Tuple>(py, closure) else {
            raise!(py, TypeError, "arg 5 (closure) must be {}", if free > 0 { "tuple" } else { "None or tuple" });
        };
        if free > 0 && closure.is_none() {
            raise!(py, TypeError, "arg 5 (closure) must be tuple");
        }
        let cells = closure.map_or(0, |closure| closure.get(py).len());
        if cells != free {
            raise!(py, ValueError, "{function_name} requires closure of length {free}, not {cells}");
        }
        for index in 0..cells {
            let cell = closure.expect("there are cells").get(py).items()[index];
            if Gc::<Cell>::cast(py, cell).is_none() {
                let given = py.class_name(cell);
                raise!(py, TypeError, "arg 5 (closure) expected cell, found {given}");
            }
        }
        let Some(kwdefaults) = optional::<Dict>(py, kwdefaults) else { raise!(py, TypeError, "arg 6 (kwdefaults) must be None or dict") };
        let builtins = py.builtins_for(globals)?;
        let function = py.new_function(code, globals, builtins);
        let this = function.get_mut(py);
        if let Some(name) = name {
            this.name = name;
        }
        this.defaults = defaults;
        this.closure = closure;
        this.kwdefaults = kwdefaults;
        py.refresh_function(function);
        Ok(function.into())
    }

    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        py.call_function(this, args)
    }

    fn __get__(this: Gc<Self>, py: &mut Py, object: Option<Value>, _class: Option<Value>) -> Result {
        match object {
            Some(object) => Ok(py.alloc(Method { header: Header::EMPTY, function: this.into(), receiver: object }).into()),
            None => Ok(this.into()),
        }
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        let name = this.get(py).qualname.get(py).lossy();
        format!("<function {name} at {:#x}>", Value::from(this).bits())
    }
}

/// None, or an object of this layout; nothing for anything else.
fn optional<T: bredli_heap::Object + crate::native::NativeClass>(py: &Py, value: Value) -> Option<Option<Gc<T>>> {
    if value.is_none() { Some(None) } else { Gc::<T>::cast(py, value).map(Some) }
}

fn audit_read(py: &mut Py, function: Gc<Function>, name: &str) -> Result<()> {
    let shown = py.intern(name).into();
    py.audit("object.__getattr__", &[function.into(), shown])
}

fn audit_change(py: &mut Py, function: Gc<Function>, name: &str, value: Option<Value>) -> Result<()> {
    let shown = py.intern(name).into();
    match value.filter(|value| !value.is_none()) {
        Some(value) => py.audit("object.__setattr__", &[function.into(), shown, value]),
        None => py.audit("object.__delattr__", &[function.into(), shown]),
    }
}

#[pymethods(part = "attributes")]
impl Function {
    #[getter("__code__")]
    fn code(this: Gc<Self>, py: &mut Py) -> Result<Gc<Code>> {
        audit_read(py, this, "__code__")?;
        Ok(this.get(py).code)
    }

    #[setter("__code__")]
    fn set_code(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(code) = value.and_then(|value| Gc::<Code>::cast(py, value)) else {
            raise!(py, TypeError, "__code__ must be set to a code object");
        };
        let cells = this.get(py).closure.map_or(0, |closure| closure.get(py).len());
        let free = code.get(py).code.localspluskinds.iter().filter(|kind| **kind & local_kind::FREE != 0).count();
        if cells != free {
            let name = this.get(py).name.get(py).lossy();
            raise!(py, ValueError, "{name}() requires a code object with {cells} free vars, not {free}");
        }
        audit_change(py, this, "__code__", Some(code.into()))?;
        let kind = flag::GENERATOR | flag::COROUTINE | flag::ASYNC_GENERATOR;
        if (this.get(py).code.get(py).code.flags ^ code.get(py).code.flags) & kind != 0 {
            let text = "Assigning a code object of non-matching type is deprecated (e.g., from a generator to a plain function)";
            py.warn(py.exceptions.DeprecationWarning, text)?;
        }
        let doc = py.code_doc(this.get(py).code)?;
        let own = &mut this.get_mut(py).doc;
        *own = own.or(doc).or(Some(Value::NONE));
        py.replace_code(this, code);
        Ok(())
    }

    #[getter("__defaults__")]
    fn defaults(this: Gc<Self>, py: &mut Py) -> Result<Option<Gc<Tuple>>> {
        audit_read(py, this, "__defaults__")?;
        Ok(this.get(py).defaults)
    }

    #[setter("__defaults__")]
    fn set_defaults(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(defaults) = optional(py, value.unwrap_or(Value::NONE)) else {
            raise!(py, TypeError, "__defaults__ must be set to a tuple object");
        };
        audit_change(py, this, "__defaults__", value)?;
        this.get_mut(py).defaults = defaults;
        py.refresh_function(this);
        Ok(())
    }

    #[getter("__kwdefaults__")]
    fn kwdefaults(this: Gc<Self>, py: &mut Py) -> Result<Option<Gc<Dict>>> {
        audit_read(py, this, "__kwdefaults__")?;
        Ok(this.get(py).kwdefaults)
    }

    #[setter("__kwdefaults__")]
    fn set_kwdefaults(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(kwdefaults) = optional(py, value.unwrap_or(Value::NONE)) else {
            raise!(py, TypeError, "__kwdefaults__ must be set to a dict object");
        };
        audit_change(py, this, "__kwdefaults__", value)?;
        this.get_mut(py).kwdefaults = kwdefaults;
        py.refresh_function(this);
        Ok(())
    }

    #[getter("__closure__")]
    fn closure(this: Gc<Self>, py: &mut Py) -> Option<Gc<Tuple>> {
        this.get(py).closure
    }

    #[setter("__closure__")]
    fn set_closure(_this: Gc<Self>, py: &mut Py, _value: Option<Value>) -> Result<()> {
        raise!(py, AttributeError, "readonly attribute")
    }

    #[getter("__globals__")]
    fn globals(this: Gc<Self>, py: &mut Py) -> Gc<Dict> {
        this.get(py).globals
    }

    #[setter("__globals__")]
    fn set_globals(_this: Gc<Self>, py: &mut Py, _value: Option<Value>) -> Result<()> {
        raise!(py, AttributeError, "readonly attribute")
    }

    #[getter("__builtins__")]
    fn builtins(this: Gc<Self>, py: &mut Py) -> Gc<Dict> {
        this.get(py).builtins
    }

    #[setter("__builtins__")]
    fn set_builtins(_this: Gc<Self>, py: &mut Py, _value: Option<Value>) -> Result<()> {
        raise!(py, AttributeError, "readonly attribute")
    }

    #[getter("__name__")]
    fn name(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        this.get(py).name
    }

    #[setter("__name__")]
    fn set_name(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(name) = value.and_then(|value| Gc::<Str>::cast(py, value)) else {
            raise!(py, TypeError, "__name__ must be set to a string object");
        };
        this.get_mut(py).name = name;
        Ok(())
    }

    #[getter("__qualname__")]
    fn qualname(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        this.get(py).qualname
    }

    #[setter("__qualname__")]
    fn set_qualname(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(name) = value.and_then(|value| Gc::<Str>::cast(py, value)) else {
            raise!(py, TypeError, "__qualname__ must be set to a string object");
        };
        this.get_mut(py).qualname = name;
        Ok(())
    }

    #[getter("__module__")]
    fn module(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).module
    }

    #[setter("__module__")]
    fn set_module(this: Gc<Self>, py: &mut Py, value: Option<Value>) {
        this.get_mut(py).module = value;
    }

    #[getter("__doc__")]
    fn doc(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        match this.get(py).doc {
            Some(doc) => Ok(Some(doc)),
            None => py.code_doc(this.get(py).code),
        }
    }

    #[setter("__doc__")]
    fn set_doc(this: Gc<Self>, py: &mut Py, value: Option<Value>) {
        this.get_mut(py).doc = Some(value.unwrap_or(Value::NONE));
    }

    /// Dict of annotations in a function object.
    #[getter("__annotations__")]
    fn annotations(this: Gc<Self>, py: &mut Py) -> Result {
        let annotations = match this.get(py).annotations {
            Some(pairs) if Gc::<Tuple>::cast(py, pairs).is_some() => {
                let pairs = Gc::<Tuple>::known(py, pairs);
                let dict = py.new_dict();
                for index in 0..pairs.get(py).len() / 2 {
                    let (name, value) = (pairs.get(py).items()[2 * index], pairs.get(py).items()[2 * index + 1]);
                    py.dict_set(dict, name, value)?;
                }
                dict
            }
            Some(annotations) => return Ok(annotations),
            None => match this.get(py).annotate {
                Some(annotate) if py.is_callable(annotate) => py.call_annotate(annotate)?,
                _ => py.new_dict(),
            },
        };
        this.get_mut(py).annotations = Some(annotations.into());
        Ok(annotations.into())
    }

    #[setter("__annotations__")]
    fn set_annotations(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let value = value.filter(|value| !value.is_none());
        if value.is_some_and(|value| !py.is_dict(value)) {
            raise!(py, TypeError, "__annotations__ must be set to a dict object");
        }
        let this = this.get_mut(py);
        this.annotations = value;
        this.annotate = None;
        Ok(())
    }

    /// Get the code object for a function.
    #[getter("__annotate__")]
    fn annotate(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).annotate
    }

    #[setter("__annotate__")]
    fn set_annotate(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { raise!(py, TypeError, "__annotate__ cannot be deleted") };
        if !value.is_none() && !py.is_callable(value) {
            raise!(py, TypeError, "__annotate__ must be callable or None");
        }
        let this = this.get_mut(py);
        this.annotate = Some(value);
        if !value.is_none() {
            this.annotations = None;
        }
        Ok(())
    }

    /// Get the declared type parameters for a function.
    #[getter("__type_params__")]
    fn type_params(this: Gc<Self>, py: &mut Py) -> Value {
        this.get(py).type_params.unwrap_or(py.constants.empty_tuple.into())
    }

    #[setter("__type_params__")]
    fn set_type_params(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        if value.is_none_or(|value| Gc::<Tuple>::cast(py, value).is_none()) {
            raise!(py, TypeError, "__type_params__ must be set to a tuple");
        }
        this.get_mut(py).type_params = value;
        Ok(())
    }
}

impl Py {
    /// Whether a value is a function defined in Python.
    pub fn is_python_function(&self, value: Value) -> bool {
        Gc::<Function>::cast(self, value).is_some()
    }
}
