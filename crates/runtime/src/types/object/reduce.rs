//! Pickling and copying of objects without methods of their own for it.
//!
//! Counterpart: `object_getstate`, `reduce_newobj` and `_common_reduce` in `Objects/typeobject.c`.

use crate::object::{Class, ClassFlags, Dict, Str, Tuple};
use crate::types::{BuiltinFunction, List};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, RootVec, Value};

/// `object.__reduce_ex__(protocol)`.
pub(super) fn reduce(py: &mut Py, object: Value, protocol: i32) -> Result {
    if protocol >= 2 {
        return reduce_new(py, object);
    }
    let copyreg = py.import_module("copyreg")?;
    let protocol = py.new_int(protocol as i64);
    py.call_method_named(copyreg, "_reduce_ex", &[object, protocol])
}

/// `(copyreg.__newobj__, (cls, *args), state, list items, dict items)`.
fn reduce_new(py: &mut Py, object: Value) -> Result {
    let class = py.class_of(object);
    if class.get(py).slots.new.is_none() || class.get(py).flags.contains(ClassFlags::DISALLOW_INSTANTIATION) {
        let name = class.get(py).name.get(py).lossy();
        raise!(py, TypeError, "cannot pickle '{name}' object");
    }
    let (args, kwargs) = new_arguments(py, object)?;
    let copyreg = py.import_module("copyreg")?;
    let kwargs = kwargs.filter(|kwargs| !kwargs.get(py).is_empty());
    let (maker, maker_args) = match (args, kwargs) {
        (Some(args), Some(kwargs)) => {
            let items = [class.into(), args.into(), kwargs.into()];
            (py.get_attr_named(copyreg, "__newobj_ex__")?, py.new_tuple(&items))
        }
        (args, _) => {
            let mut items = RootVec::from_slice(&mut py.heap, &[class.into()]);
            if let Some(args) = args {
                items.extend_from_slice(args.get(py).items());
            }
            (py.get_attr_named(copyreg, "__newobj__")?, py.new_tuple(&items))
        }
    };
    let flags = class.get(py).flags;
    let required = args.is_none() && !flags.intersects(ClassFlags::LIST | ClassFlags::DICT);
    let state = state(py, object, required)?;
    let list_items = if flags.contains(ClassFlags::LIST) { py.iter(object)? } else { Value::NONE };
    let dict_items = if flags.contains(ClassFlags::DICT) {
        let items = py.call_method_named(object, "items", &[])?;
        py.iter(items)?
    } else {
        Value::NONE
    };
    Ok(py.new_tuple(&[maker, maker_args.into(), state, list_items, dict_items]).into())
}

/// What `__getnewargs_ex__` or `__getnewargs__` give for `cls.__new__`.
fn new_arguments(py: &mut Py, object: Value) -> Result<(Option<Gc<Tuple>>, Option<Gc<Dict>>)> {
    let names = py.names;
    if let Some(pair) = py.call_special(object, names.__getnewargs_ex__, &[])? {
        let Some(tuple) = Gc::<Tuple>::cast(py, pair) else {
            let given = py.class_name(pair);
            raise!(py, TypeError, "__getnewargs_ex__ should return a tuple, not '{given}'");
        };
        let &[args, kwargs] = tuple.get(py).items() else {
            let len = tuple.get(py).len();
            raise!(py, ValueError, "__getnewargs_ex__ should return a tuple of length 2, not {len}");
        };
        let Some(args) = Gc::<Tuple>::cast(py, args) else {
            let given = py.class_name(args);
            raise!(py, TypeError, "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{given}'");
        };
        let Some(kwargs) = Gc::<Dict>::cast(py, kwargs) else {
            let given = py.class_name(kwargs);
            raise!(py, TypeError, "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{given}'");
        };
        return Ok((Some(args), Some(kwargs)));
    }
    if let Some(args) = py.call_special(object, names.__getnewargs__, &[])? {
        let Some(args) = Gc::<Tuple>::cast(py, args) else {
            let given = py.class_name(args);
            raise!(py, TypeError, "__getnewargs__ should return a tuple, not '{given}'");
        };
        return Ok((Some(args), None));
    }
    Ok((None, None))
}

/// `object.__getstate__()`; the default one is asked whether it is everything there is to know.
fn state(py: &mut Py, object: Value, required: bool) -> Result {
    let name = py.names.__getstate__;
    let method = py.get_attr(object, name)?;
    if let Some(function) = Gc::<BuiltinFunction>::cast(py, method)
        && function.get(py).receiver == Some(object)
    {
        let class = py.types.object;
        let namespace = py.class_dict(class);
        let own = py.dict_get_str(namespace, name);
        if py.type_lookup_of(object, name) == own {
            return default_state(py, object, required);
        }
    }
    py.call(method, &[])
}

/// The instance's `__dict__`, with the values of its slots where there are any.
pub(super) fn default_state(py: &mut Py, object: Value, required: bool) -> Result {
    let class = py.class_of(object);
    let layout = class.get(py).layout;
    if required && layout.is_variable() {
        let name = class.get(py).name.get(py).lossy();
        raise!(py, TypeError, "cannot pickle {name} objects");
    }
    if required && layout.size > py.types.object.get(py).layout.size {
        let name = class.get(py).name.get(py).lossy();
        raise!(py, TypeError, "cannot pickle '{name}' object");
    }
    let mut state = Value::NONE;
    if let Some(dict) = py.instance_dict(object)
        && !dict.get(py).is_empty()
    {
        state = dict.into();
    }
    let slots = slot_names(py, class)?;
    let Some(slots) = slots else { return Ok(state) };
    let values = py.new_dict();
    for index in 0..slots.get(py).len() {
        let Some(name) = slots.get(py).items().get(index).copied() else { break };
        let Some(name) = Gc::<Str>::cast(py, name) else { continue };
        let name = py.intern_str(name);
        if let Some(value) = py.lookup_attr(object, name)? {
            py.dict_set_str(values, name, value)?;
        }
    }
    if values.get(py).is_empty() {
        return Ok(state);
    }
    Ok(py.new_tuple(&[state, values.into()]).into())
}

/// `cls.__slotnames__`: the names of all slots of a class and its bases, computed once.
fn slot_names(py: &mut Py, class: Gc<Class>) -> Result<Option<Gc<List>>> {
    let cache = py.names.__slotnames__;
    let namespace = py.class_dict(class);
    if let Some(names) = py.dict_get_str(namespace, cache) {
        if names.is_none() {
            return Ok(None);
        }
        return match Gc::<List>::cast(py, names) {
            Some(list) => Ok(Some(list)),
            None => {
                let (class, given) = (class.get(py).name.get(py).lossy(), py.class_name(names));
                raise!(py, TypeError, "{class}.__slotnames__ should be a list or None, not {given}")
            }
        };
    }
    let found = py.new_list(&[])?;
    let key = py.names.__slots__;
    let mro = class.get(py).mro;
    for index in 0..mro.get(py).len() {
        let owner = Gc::<Class>::known(py, mro.get(py).items()[index]);
        let namespace = py.class_dict(owner);
        let Some(slots) = py.dict_get_str(namespace, key) else { continue };
        let slots = if py.is_str(slots) { RootVec::from_slice(&mut py.heap, &[slots]) } else { py.collect_iterable(slots)? };
        for name in &slots {
            let Some(name) = Gc::<Str>::cast(py, *name) else { continue };
            let text = name.get(py).lossy();
            if text == "__dict__" || text == "__weakref__" {
                continue;
            }
            let owner_name = owner.get(py).name.get(py).lossy();
            let mangled = crate::text::mangle(&owner_name, &text);
            let mangled = py.intern(&mangled);
            py.list_push(found, mangled.into())?;
        }
    }
    if !class.get(py).flags.contains(ClassFlags::IMMUTABLE) {
        py.class_set_attr(class, cache, Some(found.into()))?;
    }
    Ok(Some(found))
}
