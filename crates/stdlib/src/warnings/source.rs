//! The source line that a module's loader has for a warning.
//!
//! Counterpart: `get_source_line` in `Python/_warnings.c`.

use bredli_runtime::prelude::*;

/// The line of the source that the loader of a module gives, which is known by its globals.
pub fn line(py: &mut Py, globals: Value, line: i32) -> Result<Option<Gc<Str>>> {
    let bootstrap = py.import_module("_frozen_importlib_external")?;
    let loader = py.call_method_named(bootstrap, "_bless_my_loader", &[globals])?;
    if loader.is_none() {
        return Ok(None);
    }
    let Some(name) = module_name(py, globals)? else { return Ok(None) };
    let get_source = py.intern("get_source");
    let Some(get_source) = py.lookup_attr(loader, get_source)? else { return Ok(None) };
    let source = py.call(get_source, &[name]);
    // The importer that `__main__` has as a command knows no such module.
    let class = py.exceptions.ImportError;
    let Some(source) = py.ignore(source, class)? else { return Ok(None) };
    let (Some(source), Ok(index)) = (Gc::<Str>::cast(py, source), usize::try_from(line - 1)) else { return Ok(None) };
    let found = source.get(py).lossy().lines().nth(index).map(str::to_owned);
    Ok(found.map(|line| py.new_str(&line)))
}

/// What the loader knows the module as: `__main__` has another name in its `__spec__`.
fn module_name(py: &mut Py, globals: Value) -> Result<Option<Value>> {
    let Some(globals) = Gc::<Dict>::cast(py, globals) else { return Ok(None) };
    let (spec, name) = (py.intern("__spec__"), py.intern("name"));
    if let Some(spec) = py.dict_get_str(globals, spec)
        && let Some(name) = py.lookup_attr(spec, name)?
        && py.is_str(name)
    {
        return Ok(Some(name));
    }
    let name = py.names.__name__;
    Ok(py.dict_get_str(globals, name))
}
