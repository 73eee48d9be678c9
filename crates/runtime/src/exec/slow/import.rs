//! The import statements.

use crate::exec::FrameView;
use crate::exec::extended::Ext;
use crate::exec::frame::At;
use crate::object::{Dict, Str};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

pub(super) fn import(py: &mut Py, at: At, ext: Ext) -> Result<()> {
    let name = at.name(py, at.c());
    if ext == Ext::ImportFrom {
        let value = import_from(py, at.get(at.b()), name)?;
        at.set(at.a(), value);
        return Ok(());
    }
    let (level, list) = (at.get(at.a()), at.get(at.b()));
    let function = at.function();
    let (globals, builtins) = (function.get(py).globals, function.get(py).builtins);
    let key = py.names.__import__;
    let Some(import) = py.dict_get_str(builtins, key) else { raise!(py, ImportError, "__import__ not found") };
    let locals = at.owner().filter(|owner| Gc::<Dict>::cast(py, *owner).is_some()).unwrap_or(Value::NONE);
    let module = py.call(import, &[name.into(), globals.into(), locals, list, level])?;
    at.set(at.a(), module);
    Ok(())
}

fn import_from(py: &mut Py, module: Value, name: Gc<Str>) -> Result {
    if let Some(value) = py.lookup_attr(module, name)? {
        return Ok(value);
    }
    let key = py.names.__name__;
    let package = py.lookup_attr(module, key)?.and_then(|package| Gc::<Str>::cast(py, package));
    if let Some(package) = package {
        let full = format!("{}.{}", package.get(py).lossy(), name.get(py).lossy());
        let full = py.new_str(&full);
        let modules = py.sys_modules()?;
        if let Some(value) = py.dict_get(modules, full.into())? {
            return Ok(value);
        }
    }
    Err(py.cannot_import_name(module, package, name))
}

/// `from module import *`
pub(super) fn import_star(py: &mut Py, at: At, module: Value) -> Result<()> {
    let locals = FrameView::at(at).namespace(py);
    let all = py.names.__all__;
    let dict_name = py.names.__dict__;
    let (names, skip) = match py.lookup_attr(module, all)? {
        Some(names) => (py.collect_iterable(names)?, false),
        None => {
            let Some(dict) = py.lookup_attr(module, dict_name)? else {
                raise!(py, ImportError, "from-import-* object has no __dict__ and no __all__")
            };
            (py.collect_iterable(dict)?, true)
        }
    };
    for index in 0..names.len() {
        let Some(name) = Gc::<Str>::cast(py, names[index]) else {
            let key = py.names.__name__;
            let module = py.get_attr(module, key)?;
            let (module, given) = (py.str_text(module)?, py.class_name(names[index]));
            let place = if skip { "Key in" } else { "Item in" };
            let what = if skip { "__dict__" } else { "__all__" };
            raise!(py, TypeError, "{place} {module}.{what} must be str, not {given}");
        };
        if skip && name.get(py).bytes().starts_with(b"_") {
            continue;
        }
        let name = py.intern_str(name);
        let value = py.get_attr(module, name)?;
        match Gc::<Dict>::cast(py, locals) {
            Some(dict) => py.dict_set_str(dict, name, value)?,
            None => py.set_item(locals, name.into(), value)?,
        }
    }
    Ok(())
}
