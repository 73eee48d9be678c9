//! Writing functions and classes, by the names under which their modules have them.

use super::opcode::*;
use super::save::Save;
use super::state::{State, pickling_error, pickling_error_within};
use bredli_runtime::prelude::*;

/// Write an object by name: the given one, else its own.
pub fn save(save: &mut Save, py: &mut Py, object: Value, name: Option<Gc<Str>>) -> Result<()> {
    let name: Value = match name {
        Some(name) => name.into(),
        None => {
            let (qualified, plain) = (py.names.__qualname__, py.names.__name__);
            match py.lookup_attr(object, qualified)? {
                Some(name) => name,
                None => py.get_attr(object, plain)?,
            }
        }
    };
    let Some(name) = Gc::<Str>::cast(py, name) else {
        let shown = py.repr_text(object)?;
        return Err(pickling_error(py, &format!("Can't pickle {shown}: its name is not a string")));
    };
    let module = module_of(py, object, name)?;
    if save.proto >= 2 && save_extension(save, py, object, module, name)? {
        return Ok(());
    }
    if save.proto >= 4 {
        save.save(py, module.into())?;
        save.save(py, name.into())?;
        save.put(&[STACK_GLOBAL]);
        return save.memoize(py, object);
    }
    let path = dotted(py, name);
    if path.len() > 1 {
        let getattr = {
            let builtins = py.import_module("builtins")?;
            py.get_attr_named(builtins, "getattr")?
        };
        for _ in 1..path.len() {
            save.save(py, getattr)?;
            if save.proto < 2 {
                save.put(&[MARK]);
            }
        }
    }
    save_toplevel(save, py, module, Gc::<Str>::known(py, path[0]))?;
    for attribute in &path[1..] {
        save.save(py, *attribute)?;
        save.put(&[if save.proto < 2 { TUPLE } else { TUPLE2 }, REDUCE]);
    }
    save.memoize(py, object)
}

/// The parts of a name.
pub fn dotted(py: &mut Py, name: Gc<Str>) -> RootVec {
    let mut parts = RootVec::new(&mut py.heap);
    let mut start = 0;
    let bytes = name.get(py).bytes();
    let ends: Vec<usize> = memchr::memchr_iter(b'.', bytes).chain([bytes.len()]).collect();
    for end in ends {
        let part = name.get(py).bytes()[start..end].to_vec();
        let part = py.new_str_wtf8(&part);
        let part = py.intern_str(part);
        parts.push(part.into());
        start = end + 1;
    }
    parts
}

/// The attribute at the end of a path.
pub fn attribute(py: &mut Py, object: Value, path: &RootVec) -> Result {
    let mut object = object;
    for part in path {
        let name = Gc::<Str>::known(py, *part);
        object = py.get_attr(object, name)?;
    }
    Ok(object)
}

/// The module that has an object under a name.
fn module_of(py: &mut Py, object: Value, name: Gc<Str>) -> Result<Gc<Str>> {
    let attribute_name = py.names.__module__;
    let given = py.lookup_attr(object, attribute_name)?.filter(|module| !module.is_none());
    let path = dotted(py, name);
    let is_local = |part: &Value| Gc::<Str>::cast(py, *part).is_some_and(|part| part.get(py).bytes() == b"<locals>");
    if path.iter().any(is_local) {
        let shown = py.repr_text(object)?;
        return Err(pickling_error(py, &format!("Can't pickle local object {shown}")));
    }
    let module_name = match given {
        Some(module) => module,
        None => match search_modules(py, object, &path)? {
            Some(module) => return Ok(module),
            None => py.intern("__main__").into(),
        },
    };
    let Some(module_name) = Gc::<Str>::cast(py, module_name) else {
        let class = py.class_name(module_name);
        raise!(py, TypeError, "module name must be a string, not {class}");
    };
    let module = match import(py, module_name) {
        Ok(module) => module,
        Err(raised) => {
            let missing = [py.exceptions.ImportError, py.exceptions.ValueError, py.exceptions.KeyError];
            if !missing.into_iter().any(|class| py.exception_matches(class)) {
                return Err(raised);
            }
            let exception = py.take_exception();
            let (shown, problem) = (py.repr_text(object)?, py.str_text(exception)?);
            let _ = py.restore_exception(exception);
            return Err(pickling_error_within(py, &format!("Can't pickle {shown}: {problem}")));
        }
    };
    match attribute(py, module, &path) {
        Ok(found) if found == object => Ok(module_name),
        Ok(_) => {
            let (shown, module, name) = (py.repr_text(object)?, py.str_text(module_name.into())?, py.str_text(name.into())?);
            Err(pickling_error(py, &format!("Can't pickle {shown}: it's not the same object as {module}.{name}")))
        }
        Err(_) if py.exception_matches(py.exceptions.AttributeError) => {
            let exception = py.take_exception();
            let (shown, module, name) = (py.repr_text(object)?, py.str_text(module_name.into())?, py.str_text(name.into())?);
            let _ = py.restore_exception(exception);
            Err(pickling_error_within(py, &format!("Can't pickle {shown}: it's not found as {module}.{name}")))
        }
        Err(raised) => Err(raised),
    }
}

/// Import a module, which may be a submodule.
pub fn import(py: &mut Py, name: Gc<Str>) -> Result {
    let modules = py.sys_modules()?;
    if let Some(module) = py.dict_get(modules, name.into())?
        && !module.is_none()
    {
        return Ok(module);
    }
    py.import_name(name, None, Value::NONE, 0)?;
    match py.dict_get(modules, name.into())? {
        Some(module) => Ok(module),
        None => {
            let shown = py.repr_text(name.into())?;
            raise!(py, KeyError, "{shown}");
        }
    }
}

/// The first imported module that has the object at the path.
fn search_modules(py: &mut Py, object: Value, path: &RootVec) -> Result<Option<Gc<Str>>> {
    let modules = py.sys_modules()?;
    let modules = py.dict_copy(modules)?;
    let mut at = 0;
    while let Some((position, name, module)) = modules.get(py).entry_from(at) {
        at = position + 1;
        let Some(name) = Gc::<Str>::cast(py, name) else { continue };
        if module.is_none() || [b"__main__".as_slice(), b"__mp_main__"].contains(&name.get(py).bytes()) {
            continue;
        }
        let found = attribute(py, module, path);
        let missing = py.exceptions.AttributeError;
        if py.ignore(found, missing)? == Some(object) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// Write the code that `copyreg.add_extension` gave the name, if it did.
fn save_extension(save: &mut Save, py: &mut Py, object: Value, module: Gc<Str>, name: Gc<Str>) -> Result<bool> {
    let registry = State::of(py).get(py).extension_registry;
    let Some(registry) = Gc::<Dict>::cast(py, registry).filter(|registry| !registry.get(py).is_empty()) else { return Ok(false) };
    let key = py.new_tuple(&[module.into(), name.into()]);
    let Some(code) = py.dict_get(registry, key.into())? else { return Ok(false) };
    if !py.is_int(code) {
        let (shown, code) = (py.repr_text(object)?, py.repr_text(code)?);
        return Err(pickling_error(py, &format!("Can't pickle {shown}: extension code {code} isn't an integer")));
    }
    let number = py.int_to_i64(code).and_then(|code| i32::try_from(code).ok()).filter(|code| *code > 0);
    let Some(number) = number else {
        let code = py.repr_text(code)?;
        raise!(py, RuntimeError, "extension code {code} is out of range");
    };
    let [a, b, ..] = number.to_le_bytes();
    match number {
        0..=0xFF => save.put(&[EXT1, a]),
        0x100..=0xFFFF => save.put(&[EXT2, a, b]),
        _ => save.put_sized(EXT4, number as u32),
    }
    Ok(true)
}

fn save_toplevel(save: &mut Save, py: &mut Py, module: Gc<Str>, name: Gc<Str>) -> Result<()> {
    let (mut module, mut name) = (module, name);
    if save.this.get(py).fix_imports {
        let tables = State::of(py).get(py).old_names;
        (module, name) = translated(py, module, name, tables)?;
    }
    save.put(&[GLOBAL]);
    save.put_identifier(py, "module", module)?;
    save.put_identifier(py, "global", name)
}

/// The names that the other generation of Python has for a module and a global of it.
pub fn translated(py: &mut Py, module: Gc<Str>, name: Gc<Str>, tables: super::state::Tables) -> Result<(Gc<Str>, Gc<Str>)> {
    let key = py.new_tuple(&[module.into(), name.into()]);
    let missing = py.exceptions.KeyError;
    let found = py.get_item(tables.names, key.into());
    if let Some(pair) = py.ignore(found, missing)? {
        let Some(&[module, name]) = Gc::<Tuple>::cast(py, pair).map(|pair| pair.get(py).items()) else {
            let class = py.class_name(pair);
            raise!(py, RuntimeError, "_compat_pickle.NAME_MAPPING values should be 2-tuples, not {class}");
        };
        return match (Gc::<Str>::cast(py, module), Gc::<Str>::cast(py, name)) {
            (Some(module), Some(name)) => Ok((module, name)),
            _ => {
                let (module, name) = (py.class_name(module), py.class_name(name));
                raise!(py, RuntimeError, "_compat_pickle.NAME_MAPPING values should be pairs of str, not ({module}, {name})")
            }
        };
    }
    let found = py.get_item(tables.modules, module.into());
    match py.ignore(found, missing)? {
        None => Ok((module, name)),
        Some(other) => match Gc::<Str>::cast(py, other) {
            Some(other) => Ok((other, name)),
            None => {
                let class = py.class_name(other);
                raise!(py, RuntimeError, "_compat_pickle.IMPORT_MAPPING values should be strings, not {class}")
            }
        },
    }
}
