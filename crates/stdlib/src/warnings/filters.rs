//! What decides about a warning: the filters, the registries of warnings that were shown, the default.
//!
//! The attributes of the module `warnings`, which programs replace, come before what the interpreter started with.

use crate::contextvars::ContextVar;
use crate::thread::RLock;
use bredli_runtime::prelude::*;

/// What an interpreter keeps for its warnings.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "State", module = "_warnings")]
pub struct State {
    header: Header,
    /// The filters: a list of tuples.
    pub filters: Value,
    /// The registry of warnings that are shown once.
    pub once: Value,
    /// What happens to warnings that no filter matches.
    pub default_action: Value,
    /// The context variable that holds filters of a context.
    pub context: Value,
    /// Held while a warning is being decided on, or filters are being changed.
    pub lock: Value,
    /// Counts changes of the filters, which make registries stale.
    pub version: i64,
}

#[pymethods]
impl State {}

/// The interpreter's state, made on first use.
pub fn state(py: &mut Py) -> Result<Gc<State>> {
    if let Some(state) = py.warnings.and_then(|state| Gc::<State>::cast(py, state)) {
        return Ok(state);
    }
    let (filters, once): (Value, Value) = (default_filters(py)?.into(), py.new_dict().into());
    let default_action = py.intern("default").into();
    let (locks, variables) = (RLock::class(py), ContextVar::class(py));
    let lock = py.call(locks.into(), &[])?;
    let name = py.intern("warnings_context");
    let context = py.call(variables.into(), &[name.into()])?;
    let state = py.alloc(State { header: Header::EMPTY, filters, once, default_action, context, lock, version: 1 });
    py.warnings = Some(state.into());
    Ok(state)
}

fn default_filters(py: &mut Py) -> Result<Gc<List>> {
    let classes = py.exceptions;
    let defaults = [
        ("default", classes.DeprecationWarning, Some("__main__")),
        ("ignore", classes.DeprecationWarning, None),
        ("ignore", classes.PendingDeprecationWarning, None),
        ("ignore", classes.ImportWarning, None),
        ("ignore", classes.ResourceWarning, None),
    ];
    let filters = py.new_list(&[])?;
    for (action, class, module) in defaults {
        let action = py.intern(action).into();
        let module = module.map_or(Value::NONE, |module| py.intern(module).into());
        let filter = py.new_tuple(&[action, Value::NONE, class.into(), module, Value::small(0)]);
        py.list_push(filters, filter.into())?;
    }
    Ok(filters)
}

/// Take the lock.
pub fn lock(py: &mut Py) -> Result<()> {
    let lock = state(py)?.get(py).lock;
    py.call_method_named(lock, "acquire", &[])?;
    Ok(())
}

/// Release the lock.
pub fn unlock(py: &mut Py) -> Result<()> {
    let lock = state(py)?.get(py).lock;
    py.call_method_named(lock, "release", &[])?;
    Ok(())
}

/// An attribute of `warnings`, if that has been imported.
pub fn module_attribute(py: &mut Py, name: &str) -> Result<Option<Value>> {
    let (modules, key) = (py.sys_modules()?, py.intern("warnings"));
    match py.dict_get(modules, key.into())? {
        Some(module) if !module.is_none() => {
            let name = py.intern(name);
            py.lookup_attr(module, name)
        }
        _ => Ok(None),
    }
}

/// A filter's answer.
pub struct Verdict {
    /// What is to be done with the warning.
    pub action: Gc<Str>,
    /// The filter that says so; None for the default.
    pub filter: Value,
}

/// What a filter is asked about.
#[derive(Clone, Copy)]
pub struct Question {
    /// The warning's class.
    pub category: Value,
    /// Its text.
    pub text: Value,
    /// The line it is about.
    pub line: i32,
    /// The name of the module it is about.
    pub module: Value,
}

/// Ask the filters of the context, then those of the module.
pub fn judge(py: &mut Py, question: Question) -> Result<Verdict> {
    let state = state(py)?;
    let context = state.get(py).context;
    let context = py.call_method_named(context, "get", &[Value::NONE])?;
    if !context.is_none() {
        let filters = py.get_attr_named(context, "_filters")?;
        let Some(filters) = Gc::<List>::cast(py, filters) else {
            raise!(py, ValueError, "_filters of warnings._warnings_context must be a list");
        };
        if let Some(verdict) = search(py, "_warnings_context _filters", filters, question)? {
            return Ok(verdict);
        }
    } else {
        if let Some(filters) = module_attribute(py, "filters")? {
            state.get_mut(py).filters = filters;
        }
        let filters = state.get(py).filters;
        let Some(filters) = Gc::<List>::cast(py, filters) else { raise!(py, ValueError, "_warnings.filters must be a list") };
        if let Some(verdict) = search(py, "filters", filters, question)? {
            return Ok(verdict);
        }
    }
    let action = match module_attribute(py, "defaultaction")? {
        Some(action) => action,
        None => state.get(py).default_action,
    };
    let Some(name) = Gc::<Str>::cast(py, action) else {
        let class = py.class_name(action);
        raise!(py, TypeError, "_warnings.defaultaction must be a string, not '{class}'");
    };
    state.get_mut(py).default_action = action;
    Ok(Verdict { action: name, filter: Value::NONE })
}

fn search(py: &mut Py, name: &str, filters: Gc<List>, question: Question) -> Result<Option<Verdict>> {
    let mut index = 0;
    // What a filter's pattern runs may change the list.
    while let Some(filter) = filters.get(py).items().get(index).copied() {
        let parts = Gc::<Tuple>::cast(py, filter).and_then(|filter| <[Value; 5]>::try_from(filter.get(py).items()).ok());
        let Some([action, text, category, module, line]) = parts else {
            raise!(py, ValueError, "warnings.{name} item {index} isn't a 5-tuple");
        };
        let Some(action) = Gc::<Str>::cast(py, action) else {
            let class = py.class_name(action);
            raise!(py, TypeError, "action must be a string, not '{class}'");
        };
        if matches(py, text, question.text)?
            && py.is_subclass(question.category, category)?
            && matches(py, module, question.module)?
            && matches!(py.to_isize(line)?, line if line == 0 || line == question.line as isize)
        {
            return Ok(Some(Verdict { action, filter }));
        }
        index += 1;
    }
    Ok(None)
}

/// Whether a text is what a filter asks for: None is anything, a str itself, else a regular expression.
fn matches(py: &mut Py, pattern: Value, text: Value) -> Result<bool> {
    if pattern.is_none() {
        return Ok(true);
    }
    if py.is_exact_str(pattern) {
        return py.eq(pattern, text);
    }
    let found = py.call_method_named(pattern, "match", &[text])?;
    py.truth(found)
}

/// The registry of the action "once".
pub fn once_registry(py: &mut Py) -> Result<Gc<Dict>> {
    let state = state(py)?;
    if let Some(registry) = module_attribute(py, "onceregistry")? {
        if !py.is_dict(registry) {
            let class = py.class_name(registry);
            raise!(py, TypeError, "_warnings.onceregistry must be a dict, not '{class}'");
        }
        state.get_mut(py).once = registry;
    }
    Ok(Gc::known(py, state.get(py).once))
}

/// Whether a registry notes a warning. It is emptied when the filters have changed since.
pub fn noted(py: &mut Py, registry: Gc<Dict>, key: Value) -> Result<bool> {
    let (name, version) = (py.intern("version"), state(py)?.get(py).version);
    let known = py.dict_get(registry, name.into())?;
    if known.and_then(Value::as_int) != Some(version) {
        py.dict_clear(registry);
        let version = py.new_int(version);
        py.dict_set(registry, name.into(), version)?;
        return Ok(false);
    }
    match py.dict_get(registry, key)? {
        Some(value) => py.truth(value),
        None => Ok(false),
    }
}
