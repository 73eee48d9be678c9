//! What modules can do: attribute lookup with `__getattr__`, errors that name circular imports, repr, annotations.

use super::Module;
use crate::object::{Class, Dict, Str};
use crate::types::List;
use crate::{Py, Raised, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::pymethods;

#[pymethods(part = "attributes")]
impl Module {
    fn __new__(cls: Gc<Class>, py: &mut Py, _args: crate::native::Args) -> Result {
        let dict = Some(py.new_dict());
        Ok(py.alloc_as(cls, Module { header: Header::EMPTY, dict }).into())
    }

    #[signature(name, doc=None)]
    fn __init__(this: Gc<Self>, py: &mut Py, name: Gc<Str>, doc: Value) -> Result<()> {
        let dict = Module::namespace(this, py);
        let names = py.names;
        py.dict_set_str(dict, names.__name__, name.into())?;
        py.dict_set_str(dict, names.__doc__, doc)?;
        for empty in [names.__package__, names.__loader__, names.__spec__] {
            py.dict_set_str(dict, empty, Value::NONE)?;
        }
        Ok(())
    }

    fn __getattribute__(this: Gc<Self>, py: &mut Py, name: Gc<Str>) -> Result {
        if let Some(value) = py.generic_lookup_attr(this.into(), name)? {
            return Ok(value);
        }
        let (dict, hook) = (Module::namespace(this, py), py.names.__getattr__);
        if let Some(hook) = py.dict_get_str(dict, hook) {
            return py.call(hook, &[name.into()]);
        }
        let raised = missing_attribute(py, dict, name);
        if py.exception_matches(py.exceptions.AttributeError) {
            py.annotate_attribute_error(this.into(), name);
        }
        Err(raised)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let names = py.names;
        if let Some(spec) = py.lookup_attr(this.into(), names.__spec__)?.filter(|spec| !spec.is_none()) {
            return repr_from_spec(py, spec);
        }
        let name = py.lookup_attr(this.into(), names.__name__)?;
        let name = match name {
            Some(name) => py.repr_text(name)?,
            None => "'?'".to_string(),
        };
        if let Some(file) = py.lookup_attr(this.into(), names.__file__)? {
            let file = py.repr_text(file)?;
            return Ok(format!("<module {name} from {file}>"));
        }
        match py.lookup_attr(this.into(), names.__loader__)?.filter(|loader| !loader.is_none()) {
            Some(loader) => Ok(format!("<module {name} ({})>", py.repr_text(loader)?)),
            None => Ok(format!("<module {name}>")),
        }
    }

    /// __dir__() -> list
    /// specialized dir() implementation
    fn __dir__(this: Gc<Self>, py: &mut Py) -> Result {
        let names = py.names;
        let dict = py.get_attr(this.into(), names.__dict__)?;
        let Some(dict) = Gc::<Dict>::cast(py, dict) else { raise!(py, TypeError, "<module>.__dict__ is not a dictionary") };
        if let Some(hook) = py.dict_get_str(dict, names.__dir__) {
            return py.call(hook, &[]);
        }
        let list: Gc<List> = py.dict_key_list(dict)?;
        Ok(list.into())
    }

    #[getter("__dict__")]
    fn dict(this: Gc<Self>, py: &mut Py) -> Gc<Dict> {
        Module::namespace(this, py)
    }

    #[setter("__dict__")]
    fn set_dict(_this: Gc<Self>, py: &mut Py, _value: Option<Value>) -> Result<()> {
        raise!(py, AttributeError, "readonly attribute")
    }

    #[getter("__annotations__")]
    fn annotations(this: Gc<Self>, py: &mut Py) -> Result {
        let dict = Module::namespace(this, py);
        let (name, annotate) = (py.names.__annotations__, py.names.__annotate__);
        if let Some(annotations) = py.dict_get_str(dict, name) {
            return Ok(annotations);
        }
        let annotations = match py.dict_get_str(dict, annotate) {
            Some(annotate) if py.is_callable(annotate) => py.call_annotate(annotate)?,
            _ => py.new_dict(),
        };
        if !py.is_initialising(this.into()) {
            py.dict_set_str(dict, name, annotations.into())?;
        }
        Ok(annotations.into())
    }

    #[setter("__annotations__")]
    fn set_annotations(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let dict = Module::namespace(this, py);
        let (name, annotate) = (py.names.__annotations__, py.names.__annotate__);
        match value {
            Some(value) => py.dict_set_str(dict, name, value)?,
            None if py.dict_remove_str(dict, name).is_none() => raise!(py, AttributeError, "__annotations__"),
            None => {}
        }
        py.dict_remove_str(dict, annotate);
        Ok(())
    }

    #[getter("__annotate__")]
    fn annotate(this: Gc<Self>, py: &mut Py) -> Result {
        let (dict, name) = (Module::namespace(this, py), py.names.__annotate__);
        if let Some(annotate) = py.dict_get_str(dict, name) {
            return Ok(annotate);
        }
        py.dict_set_str(dict, name, Value::NONE)?;
        Ok(Value::NONE)
    }

    #[setter("__annotate__")]
    fn set_annotate(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { raise!(py, TypeError, "cannot delete __annotate__ attribute") };
        if !value.is_none() && !py.is_callable(value) {
            raise!(py, TypeError, "__annotate__ must be callable or None");
        }
        let (dict, name, annotations) = (Module::namespace(this, py), py.names.__annotate__, py.names.__annotations__);
        py.dict_set_str(dict, name, value)?;
        if !value.is_none() {
            py.dict_remove_str(dict, annotations);
        }
        Ok(())
    }
}

/// As `importlib._bootstrap._module_repr_from_spec` shows a module.
fn repr_from_spec(py: &mut Py, spec: Value) -> Result<String> {
    let name = py.get_attr_named(spec, "name")?;
    let name = if name.is_none() { "'?'".to_string() } else { py.repr_text(name)? };
    let origin = py.get_attr_named(spec, "origin")?;
    if origin.is_none() {
        let loader = py.get_attr_named(spec, "loader")?;
        if loader.is_none() {
            return Ok(format!("<module {name}>"));
        }
        if py.class_name(loader) == "NamespaceLoader" {
            let path = py.get_attr_named(loader, "_path")?;
            let path = py.list_from_iterable(path)?;
            let path = py.repr_text(path.into())?;
            return Ok(format!("<module {name} (namespace) from {path}>"));
        }
        return Ok(format!("<module {name} ({})>", py.repr_text(loader)?));
    }
    let located = py.get_attr_named(spec, "has_location")?;
    if py.truth(located)? {
        return Ok(format!("<module {name} from {}>", py.repr_text(origin)?));
    }
    Ok(format!("<module {name} ({})>", py.str_text(origin)?))
}

fn missing_attribute(py: &mut Py, dict: Gc<Dict>, name: Gc<Str>) -> Raised {
    match missing_attribute_text(py, dict, name) {
        Ok(text) => crate::error!(py, AttributeError, "{text}"),
        Err(raised) => raised,
    }
}

/// The error text for a missing attribute, with what is likely to have gone wrong.
fn missing_attribute_text(py: &mut Py, dict: Gc<Dict>, name: Gc<Str>) -> Result<String> {
    let (names, attribute) = (py.names, name.get(py).lossy());
    let Some(module) = py.dict_get_str(dict, names.__name__).and_then(|module| Gc::<Str>::cast(py, module)) else {
        return Ok(format!("module has no attribute '{attribute}'"));
    };
    let module_name = module.get(py).lossy();
    let plain = format!("module '{module_name}' has no attribute '{attribute}'");
    let Some(spec) = py.dict_get_str(dict, names.__spec__).filter(|spec| !spec.is_none()) else { return Ok(plain) };
    let origin = file_origin(py, spec)?;
    let shadowing = match &origin {
        Some(origin) => may_shadow(py, origin)?,
        None => false,
    };
    if let (true, Some(origin)) = (shadowing, &origin) {
        let key = py.intern("stdlib_module_names");
        let standard = py.sys_attribute(key).ok();
        if standard.is_none() {
            py.clear_exception();
        }
        if let Some(standard) = standard
            && py.contains(standard, module.into())?
        {
            return Ok(format!(
                "{plain} (consider renaming '{origin}' since it has the same name as the standard library module named \
                 '{module_name}' and prevents importing that standard library module)"
            ));
        }
    }
    let flag = py.lookup_attr(spec, names._initializing)?;
    let initialising = match flag {
        Some(flag) => py.truth(flag)?,
        None => false,
    };
    if initialising {
        return Ok(match origin {
            Some(origin) if shadowing => {
                format!("{plain} (consider renaming '{origin}' if it has the same name as a library you intended to import)")
            }
            Some(origin) => format!(
                "partially initialized module '{module_name}' from '{origin}' has no attribute '{attribute}' \
                 (most likely due to a circular import)"
            ),
            None => format!(
                "partially initialized module '{module_name}' has no attribute '{attribute}' (most likely due to a circular import)"
            ),
        });
    }
    let pending = py.intern("_uninitialized_submodules");
    if let Some(pending) = py.lookup_attr(spec, pending)?
        && py.contains(pending, name.into())?
    {
        return Ok(format!("cannot access submodule '{attribute}' of module '{module_name}' (most likely due to a circular import)"));
    }
    Ok(plain)
}

/// `spec.origin` of a module that comes from a file.
fn file_origin(py: &mut Py, spec: Value) -> Result<Option<String>> {
    let (located, origin) = (py.intern("has_location"), py.intern("origin"));
    let Some(located) = py.lookup_attr(spec, located)? else { return Ok(None) };
    if !py.truth(located)? {
        return Ok(None);
    }
    let origin = py.lookup_attr(spec, origin)?;
    Ok(origin.and_then(|origin| Gc::<Str>::cast(py, origin)).map(|origin| origin.get(py).lossy()))
}

/// Whether a file lies in the script's directory, where it can hide a library module.
fn may_shadow(py: &mut Py, origin: &str) -> Result<bool> {
    let Some((mut root, file)) = origin.rsplit_once('/') else { return Ok(false) };
    if file == "__init__.py" {
        root = root.rsplit_once('/').map_or("", |(root, _)| root);
    }
    let key = py.intern("path");
    let Ok(path) = py.sys_attribute(key) else {
        py.clear_exception();
        return Ok(false);
    };
    let first = match Gc::<List>::cast(py, path) {
        Some(list) => list.get(py).items().first().copied(),
        None => None,
    };
    Ok(first.and_then(|first| Gc::<Str>::cast(py, first)).is_some_and(|first| first.get(py).bytes() == root.as_bytes()))
}
