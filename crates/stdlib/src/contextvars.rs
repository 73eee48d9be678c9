//! `_contextvars`: variables whose values depend on the context that runs (PEP 567).
//!
//! A context's variables are a dict that is shared between a context and its copies until one of them changes; contexts hold few
//! variables, are copied often and changed seldom. Counterpart: `Python/context.c`.

use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

/// The values of context variables.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Context", module = "_contextvars", flags(HAS_WEAKREF))]
pub struct Context {
    header: Header,
    values: Gc<Dict>,
    /// Whether another context may have the same `values`.
    shared: bool,
    /// The context that is current again when this one has been left.
    previous: Option<Gc<Context>>,
    entered: bool,
}

/// The current context of this thread, made on first use.
fn current(py: &mut Py) -> Gc<Context> {
    if let Some(context) = py.thread().context.and_then(|context| Gc::<Context>::cast(py, context)) {
        return context;
    }
    let values = py.new_dict();
    let context = py.alloc(Context { header: Header::EMPTY, values, shared: false, previous: None, entered: true });
    py.thread().context = Some(context.into());
    context
}

/// A context with the same values.
fn copy(py: &mut Py, context: Gc<Context>) -> Gc<Context> {
    context.get_mut(py).shared = true;
    let values = context.get(py).values;
    py.alloc(Context { header: Header::EMPTY, values, shared: true, previous: None, entered: false })
}

/// The values of a context, for changing them.
fn own_values(py: &mut Py, context: Gc<Context>) -> Result<Gc<Dict>> {
    let values = context.get(py).values;
    if !context.get(py).shared {
        return Ok(values);
    }
    let values = py.dict_copy(values)?;
    let this = context.get_mut(py);
    this.values = values;
    this.shared = false;
    Ok(values)
}

fn variable(py: &mut Py, key: Value) -> Result<Gc<ContextVar>> {
    match Gc::<ContextVar>::cast(py, key) {
        Some(variable) => Ok(variable),
        None => {
            let text = py.repr_text(key)?;
            raise!(py, TypeError, "a ContextVar key was expected, got {text}")
        }
    }
}

#[pymethods]
impl Context {
    #[signature(*args, **kwargs)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result<Gc<Context>> {
        if !args.is_empty() {
            raise!(py, TypeError, "Context() does not accept any arguments");
        }
        let values = py.new_dict();
        Ok(py.alloc_as(cls, Context { header: Header::EMPTY, values, shared: false, previous: None, entered: false }))
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Context>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let (left, right) = (this.get(py).values, other.get(py).values);
        let equal = py.eq(left.into(), right.into())?;
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Result {
        let values = this.get(py).values;
        py.iter(values.into())
    }

    fn __len__(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        let values = this.get(py).values;
        py.len(values.into())
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        variable(py, key)?;
        let values = this.get(py).values;
        match py.dict_get(values, key)? {
            Some(value) => Ok(value),
            None => Err(py.key_error(key)),
        }
    }

    fn __contains__(this: Gc<Self>, py: &mut Py, key: Value) -> Result<bool> {
        variable(py, key)?;
        let values = this.get(py).values;
        Ok(py.dict_get(values, key)?.is_some())
    }

    /// Return the value for `key` if `key` has the value in the context object.
    ///
    /// If `key` does not exist, return `default`.  If `default` is not
    /// given, return None.
    #[signature(self, key, default=None, /)]
    fn get(this: Gc<Self>, py: &mut Py, key: Value, default: Value) -> Result {
        variable(py, key)?;
        let values = this.get(py).values;
        Ok(py.dict_get(values, key)?.unwrap_or(default))
    }

    /// Return all variables and their values in the context object.
    ///
    /// The result is returned as a list of 2-tuples (variable, value).
    #[signature(self, /)]
    fn items(this: Gc<Self>, py: &mut Py) -> Result {
        Context::view(this, py, "items")
    }

    /// Return a list of all variables in the context object.
    #[signature(self, /)]
    fn keys(this: Gc<Self>, py: &mut Py) -> Result {
        Context::view(this, py, "keys")
    }

    /// Return a list of all variables' values in the context object.
    #[signature(self, /)]
    fn values(this: Gc<Self>, py: &mut Py) -> Result {
        Context::view(this, py, "values")
    }

    /// Return a shallow copy of the context object.
    #[signature(self, /)]
    fn copy(this: Gc<Self>, py: &mut Py) -> Gc<Context> {
        copy(py, this)
    }

    /// Run a callable in this context.
    #[signature(self, callable, /, *args, **kwargs)]
    fn run(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let Some(callable) = args.positional().first().copied() else {
            raise!(py, TypeError, "run() missing 1 required positional argument");
        };
        Context::within(this, py, |py| py.call_args(callable, args.rest()))
    }
}

impl Context {
    /// A copy of the current context.
    pub fn copy_of_current(py: &mut Py) -> Gc<Context> {
        let context = current(py);
        copy(py, context)
    }

    /// Run native code in this context.
    #[inline]
    pub fn within<T>(this: Gc<Self>, py: &mut Py, run: impl FnOnce(&mut Py) -> Result<T>) -> Result<T> {
        if this.get(py).entered {
            let text = py.repr_text(this.into())?;
            raise!(py, RuntimeError, "cannot enter context: {text} is already entered");
        }
        let previous = current(py);
        let context = this.get_mut(py);
        context.previous = Some(previous);
        context.entered = true;
        py.thread().context = Some(this.into());
        let result = run(py);
        py.thread().context = Some(previous.into());
        let context = this.get_mut(py);
        context.previous = None;
        context.entered = false;
        result
    }

    fn view(this: Gc<Self>, py: &mut Py, name: &str) -> Result {
        let values = this.get(py).values;
        let view = py.call_method_named(values.into(), name, &[])?;
        let items = py.collect_iterable(view)?;
        Ok(py.new_list(&items)?.into())
    }
}

/// A variable that has a value in each context.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "ContextVar", module = "_contextvars")]
pub struct ContextVar {
    header: Header,
    name: Gc<Str>,
    default: Option<Value>,
}

#[pymethods]
impl ContextVar {
    #[signature(name, /, *, default=<unrepresentable>)]
    fn __new__(cls: Gc<Class>, py: &mut Py, name: Value, default: Option<Value>) -> Result<Gc<ContextVar>> {
        let Some(name) = Gc::<Str>::cast(py, name) else { raise!(py, TypeError, "context variable name must be a str") };
        py.hash(name.into())?;
        Ok(py.alloc_as(cls, ContextVar { header: Header::EMPTY, name, default }))
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let (name, default) = (this.get(py).name, this.get(py).default);
        let mut text = format!("<ContextVar name={}", py.repr_text(name.into())?);
        if let Some(default) = default {
            text.push_str(&format!(" default={}", py.repr_text(default)?));
        }
        text.push_str(&format!(" at {:#x}>", Value::from(this).bits()));
        Ok(text)
    }

    #[getter]
    fn name(this: Gc<Self>, py: &Py) -> Gc<Str> {
        this.get(py).name
    }

    /// Return a value for the context variable for the current context.
    ///
    /// If there is no value for the variable in the current context, the
    /// method will:
    ///  * return the value of the default argument of the method, if
    ///    provided; or
    ///  * return the default value for the context variable, if it was
    ///    created with one; or
    ///  * raise a LookupError.
    #[signature(self, default=<unrepresentable>, /)]
    fn get(this: Gc<Self>, py: &mut Py, default: Option<Value>) -> Result {
        let context = current(py);
        let values = context.get(py).values;
        if let Some(value) = py.dict_get(values, this.into())? {
            return Ok(value);
        }
        match default.or(this.get(py).default) {
            Some(value) => Ok(value),
            None => {
                let class: Value = py.exceptions.LookupError.into();
                let exception = py.call(class, &[this.into()])?;
                Err(py.raise(exception))
            }
        }
    }

    /// Call to set a new value for the context variable in the current context.
    ///
    /// The required value argument is the new value for the context
    /// variable.
    ///
    /// Returns a Token object that can be used to restore the variable
    /// to its previous value via the `ContextVar.reset()` method.
    #[signature(self, value, /)]
    fn set(this: Gc<Self>, py: &mut Py, value: Value) -> Result<Gc<Token>> {
        let context = current(py);
        let values = own_values(py, context)?;
        let old = py.dict_get(values, this.into())?;
        py.dict_set(values, this.into(), value)?;
        Ok(py.alloc(Token { header: Header::EMPTY, context, variable: this, old, used: false }))
    }

    /// Reset the context variable.
    ///
    /// The variable is reset to the value it had before the
    /// `ContextVar.set()` that created the token was used.
    #[signature(self, token, /)]
    fn reset(this: Gc<Self>, py: &mut Py, token: Value) -> Result<()> {
        let Some(token) = Gc::<Token>::cast(py, token) else {
            let text = py.repr_text(token)?;
            raise!(py, TypeError, "expected an instance of Token, got {text}");
        };
        if token.get(py).used {
            let text = py.repr_text(token.into())?;
            raise!(py, RuntimeError, "{text} has already been used once");
        }
        if token.get(py).variable != this {
            let text = py.repr_text(token.into())?;
            raise!(py, ValueError, "{text} was created by a different ContextVar");
        }
        let context = current(py);
        if token.get(py).context != context {
            let text = py.repr_text(token.into())?;
            raise!(py, ValueError, "{text} was created in a different Context");
        }
        token.get_mut(py).used = true;
        let values = own_values(py, context)?;
        match token.get(py).old {
            Some(old) => py.dict_set(values, this.into(), old),
            None => py.dict_remove(values, this.into()).map(|_| ()),
        }
    }

    /// ContextVars are generic over the type of their contained values
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }
}

/// What `ContextVar.set` returns: it can undo the change once.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Token", module = "_contextvars")]
pub struct Token {
    header: Header,
    context: Gc<Context>,
    variable: Gc<ContextVar>,
    old: Option<Value>,
    used: bool,
}

#[pymethods]
impl Token {
    #[signature(*args, **kwargs)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let _ = (cls, args);
        raise!(py, RuntimeError, "Tokens can only be created by ContextVars")
    }

    #[getter]
    fn var(this: Gc<Self>, py: &Py) -> Gc<ContextVar> {
        this.get(py).variable
    }

    #[getter]
    fn old_value(this: Gc<Self>, py: &mut Py) -> Result {
        match this.get(py).old {
            Some(old) => Ok(old),
            None => {
                let class = Token::class(py);
                py.get_attr_named(class.into(), "MISSING")
            }
        }
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let (variable, used) = (this.get(py).variable, if this.get(py).used { " used" } else { "" });
        let variable = py.repr_text(variable.into())?;
        Ok(format!("<Token{used} var={variable} at {:#x}>", Value::from(this).bits()))
    }

    /// Enter into Token context manager.
    #[signature(self, /)]
    fn __enter__(this: Gc<Self>) -> Value {
        this.into()
    }

    /// Exit from Token context manager, restore the linked ContextVar.
    #[signature(self, r#type, val, tb, /)]
    fn __exit__(this: Gc<Self>, py: &mut Py, r#type: Value, val: Value, tb: Value) -> Result<()> {
        let _ = (r#type, val, tb);
        let variable = this.get(py).variable;
        ContextVar::reset(variable, py, this.into())
    }

    /// Tokens are generic over the same type as the ContextVar which created them.
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }
}

/// The type of `Token.MISSING`.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Token.MISSING", module = "_contextvars", flags(DISALLOW_INSTANTIATION))]
pub struct Missing {
    header: Header,
}

#[pymethods]
impl Missing {
    fn __repr__(this: Gc<Self>) -> &'static str {
        let _ = this;
        "<Token.MISSING>"
    }
}

/// Context Variables
#[pymodule(name = "_contextvars", classes(Context, ContextVar, Token))]
pub mod contextvars {
    use super::*;

    #[pyfunction]
    #[signature()]
    fn copy_context(py: &mut Py) -> Gc<Context> {
        Context::copy_of_current(py)
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let _ = module;
        let (class, name) = (Token::class(py), py.intern("MISSING"));
        let missing = py.alloc(Missing { header: Header::EMPTY });
        py.class_set_attr(class, name, Some(missing.into()))?;
        Ok(())
    }
}
