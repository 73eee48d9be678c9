//! Writing what objects reduce to: a global name, or a call with its state.

use super::opcode::*;
use super::save::{BATCH, Save, note, type_name};
use super::state::{State, pickling_error};
use super::{Pickler, global};
use bredli_runtime::prelude::*;

/// Write an object whose class the format does not know.
pub fn save(save: &mut Save, py: &mut Py, object: Value, class: Gc<Class>) -> Result<()> {
    if let Some(reducer_override) = save.reducer_override {
        let reduced = py.call(reducer_override, &[object])?;
        if reduced != Value::NOT_IMPLEMENTED {
            return save_reduced(save, py, object, reduced);
        }
    }
    if class == py.types.r#type {
        return save_type(save, py, object);
    }
    if class == py.types.function {
        return global::save(save, py, object, None);
    }
    let reducer = match save.this.get(py).dispatch_table {
        Some(table) => {
            let found = py.get_item(table, class.into());
            let missing = py.exceptions.KeyError;
            py.ignore(found, missing)?
        }
        None => {
            let table = State::of(py).get(py).dispatch_table;
            match Gc::<Dict>::cast(py, table) {
                Some(table) => py.dict_get(table, class.into())?,
                None => raise!(py, TypeError, "copyreg.dispatch_table must be a dict"),
            }
        }
    };
    let reduced = if let Some(reducer) = reducer {
        py.call(reducer, &[object])?
    } else if py.is_subtype(class, py.types.r#type) {
        return global::save(save, py, object, None);
    } else {
        let (by_protocol, plain) = (py.names.__reduce_ex__, py.names.__reduce__);
        if let Some(reducer) = py.lookup_attr(object, by_protocol)? {
            py.call(reducer, &[Value::small(i32::from(save.proto))])?
        } else if let Some(reducer) = py.lookup_attr(object, plain)? {
            py.call(reducer, &[])?
        } else {
            let class = type_name(py, object)?;
            return Err(pickling_error(py, &format!("Can't pickle {class} object")));
        }
    };
    save_reduced(save, py, object, reduced)
}

/// The classes of singletons have no global name.
fn save_type(save: &mut Save, py: &mut Py, object: Value) -> Result<()> {
    for singleton in [Value::NONE, Value::ELLIPSIS, Value::NOT_IMPLEMENTED] {
        if object == py.class_of(singleton).into() {
            let args = py.new_tuple(&[singleton]);
            let class = py.types.r#type;
            return save_call(save, py, class.into(), args.into(), object);
        }
    }
    global::save(save, py, object, None)
}

/// Write the call of a function as what makes an object.
pub fn save_call(save: &mut Save, py: &mut Py, function: Value, args: Value, object: Value) -> Result<()> {
    let reduced = py.new_tuple(&[function, args]);
    save_parts(save, py, reduced, object)
}

fn save_reduced(save: &mut Save, py: &mut Py, object: Value, reduced: Value) -> Result<()> {
    if let Some(name) = Gc::<Str>::cast(py, reduced) {
        return global::save(save, py, object, Some(name));
    }
    let outcome = match Gc::<Tuple>::cast(py, reduced) {
        Some(parts) => save_parts(save, py, parts, object),
        None => match type_name(py, reduced) {
            Ok(class) => Err(pickling_error(py, &format!("__reduce__ must return a string or tuple, not {class}"))),
            Err(raised) => Err(raised),
        },
    };
    outcome.map_err(|raised| note(py, raised, object, "object"))
}

#[cold]
fn wrong(py: &mut Py, what: &str, expected: &str, value: Value) -> Raised {
    match type_name(py, value) {
        Ok(class) => pickling_error(py, &format!("{what} must be {expected}, not {class}")),
        Err(raised) => raised,
    }
}

#[cold]
fn wrong_part(py: &mut Py, place: &str, expected: &str, value: Value) -> Raised {
    wrong(py, &format!("{place} item of the tuple returned by __reduce__"), expected, value)
}

fn save_parts(save: &mut Save, py: &mut Py, parts: Gc<Tuple>, object: Value) -> Result<()> {
    if !(2..=6).contains(&parts.get(py).len()) {
        return Err(pickling_error(py, "tuple returned by __reduce__ must contain 2 through 6 elements"));
    }
    let part = |py: &Py, index: usize| parts.get(py).items().get(index).copied().filter(|part| !part.is_none());
    let (function, args) = (parts.get(py).items()[0], parts.get(py).items()[1]);
    let (state, list_items, dict_items, setter) = (part(py, 2), part(py, 3), part(py, 4), part(py, 5));
    if !py.is_callable(function) {
        return Err(wrong_part(py, "first", "callable", function));
    }
    let Some(args) = Gc::<Tuple>::cast(py, args) else { return Err(wrong_part(py, "second", "a tuple", args)) };
    if let Some(items) = list_items
        && !py.is_iterator(items)
    {
        return Err(wrong_part(py, "fourth", "an iterator", items));
    }
    if let Some(items) = dict_items
        && !py.is_iterator(items)
    {
        return Err(wrong_part(py, "fifth", "an iterator", items));
    }
    if let Some(setter) = setter
        && !py.is_callable(setter)
    {
        return Err(wrong_part(py, "sixth", "callable", setter));
    }
    save_constructor(save, py, function, args, object)?;
    // An object that contains itself has been written meanwhile.
    match Pickler::memo_get(py, save.this, object) {
        Some(number) => {
            save.put(&[POP]);
            save.put_get(number);
        }
        None => save.memoize(py, object)?,
    }
    if let Some(items) = list_items {
        save_list_items(save, py, items, object)?;
    }
    if let Some(items) = dict_items {
        save_dict_items(save, py, items, object)?;
    }
    let Some(state) = state else { return Ok(()) };
    if let Some(setter) = setter {
        save.save(py, setter).map_err(|raised| note(py, raised, object, "state setter"))?;
        save.save(py, object)?;
        save.save(py, state).map_err(|raised| note(py, raised, object, "state"))?;
        save.put(&[TUPLE2, REDUCE, POP]);
        return Ok(());
    }
    save.save(py, state).map_err(|raised| note(py, raised, object, "state"))?;
    save.put(&[BUILD]);
    Ok(())
}

fn save_constructor(save: &mut Save, py: &mut Py, function: Value, args: Gc<Tuple>, object: Value) -> Result<()> {
    if save.proto >= 2 {
        let name = py.names.__name__;
        let name = py.lookup_attr(function, name)?.and_then(|name| Gc::<Str>::cast(py, name));
        match name.map(|name| name.get(py).bytes()) {
            Some(b"__newobj__") => return save_new(save, py, args, object),
            Some(b"__newobj_ex__") => return save_new_with_keywords(save, py, args, object),
            _ => {}
        }
    }
    save_function_call(save, py, function, args, object)
}

fn save_function_call(save: &mut Save, py: &mut Py, function: Value, args: Gc<Tuple>, object: Value) -> Result<()> {
    save.save(py, function).map_err(|raised| note(py, raised, object, "reconstructor"))?;
    save.save(py, args.into()).map_err(|raised| note(py, raised, object, "reconstructor arguments"))?;
    save.put(&[REDUCE]);
    Ok(())
}

/// `cls.__new__(cls, *args)`
fn save_new(save: &mut Save, py: &mut Py, args: Gc<Tuple>, object: Value) -> Result<()> {
    let Some(class) = args.get(py).items().first().copied() else {
        return Err(pickling_error(py, "__newobj__ expected at least 1 argument, got 0"));
    };
    if Gc::<Class>::cast(py, class).is_none() {
        return Err(wrong(py, "first argument to __newobj__()", "a class", class));
    }
    let name = py.names.__class__;
    let own = py.get_attr(object, name)?;
    if own != class {
        let (own, class) = (py.repr_text(own)?, py.repr_text(class)?);
        return Err(pickling_error(py, &format!("first argument to __newobj__() must be {own}, not {class}")));
    }
    let mut rest = RootVec::new(&mut py.heap);
    rest.extend_from_slice(&args.get(py).items()[1..]);
    let rest = py.new_tuple(&rest);
    save.save(py, class).map_err(|raised| note(py, raised, object, "class"))?;
    save.save(py, rest.into()).map_err(|raised| note(py, raised, object, "__new__ arguments"))?;
    save.put(&[NEWOBJ]);
    Ok(())
}

/// `cls.__new__(cls, *args, **kwargs)`
fn save_new_with_keywords(save: &mut Save, py: &mut Py, parts: Gc<Tuple>, object: Value) -> Result<()> {
    let &[class, args, keywords] = parts.get(py).items() else {
        let count = parts.get(py).len();
        return Err(pickling_error(py, &format!("__newobj_ex__ expected 3 arguments, got {count}")));
    };
    if Gc::<Class>::cast(py, class).is_none() {
        return Err(wrong(py, "first argument to __newobj_ex__()", "a class", class));
    }
    let Some(args) = Gc::<Tuple>::cast(py, args) else {
        return Err(wrong(py, "second argument to __newobj_ex__()", "a tuple", args));
    };
    let Some(keywords) = Gc::<Dict>::cast(py, keywords) else {
        return Err(wrong(py, "third argument to __newobj_ex__()", "a dict", keywords));
    };
    if save.proto >= 4 {
        save.save(py, class).map_err(|raised| note(py, raised, object, "class"))?;
        for part in [args.into(), keywords.into()] {
            save.save(py, part).map_err(|raised| note(py, raised, object, "__new__ arguments"))?;
        }
        save.put(&[NEWOBJ_EX]);
        return Ok(());
    }
    let functools = py.import_module("functools")?;
    let partial = py.get_attr_named(functools, "partial")?;
    let name = py.names.__new__;
    let constructor = py.get_attr(class, name)?;
    let mut values = RootVec::from_slice(&mut py.heap, &[constructor, class]);
    values.extend_from_slice(args.get(py).items());
    let function = py.call_with_dict(partial, &mut values, keywords)?;
    let none = py.constants.empty_tuple;
    save_function_call(save, py, function, none, object)
}

fn save_list_items(save: &mut Save, py: &mut Py, items: Value, object: Value) -> Result<()> {
    let mut count = 0;
    let mut item = |save: &mut Save, py: &mut Py, item: Value| {
        save.save(py, item).map_err(|raised| note(py, raised, object, &format!("item {count}")))?;
        count += 1;
        Ok(())
    };
    if !save.bin {
        while let Some(value) = py.next(items)? {
            item(save, py, value)?;
            save.put(&[APPEND]);
        }
        return Ok(());
    }
    loop {
        let Some(first) = py.next(items)? else { return Ok(()) };
        let Some(second) = py.next(items)? else {
            item(save, py, first)?;
            save.put(&[APPEND]);
            return Ok(());
        };
        save.put(&[MARK]);
        item(save, py, first)?;
        let (mut next, mut batch) = (Some(second), 1);
        while let Some(value) = next {
            item(save, py, value)?;
            batch += 1;
            next = if batch == BATCH { None } else { py.next(items)? };
        }
        save.put(&[APPENDS]);
        if batch < BATCH {
            return Ok(());
        }
    }
}

fn pair(py: &mut Py, item: Value) -> Result<(Value, Value)> {
    match Gc::<Tuple>::cast(py, item).map(|item| item.get(py).items()) {
        Some(&[key, value]) => Ok((key, value)),
        _ => Err(pickling_error(py, "dict items iterator must return 2-tuples")),
    }
}

fn save_dict_items(save: &mut Save, py: &mut Py, items: Value, object: Value) -> Result<()> {
    let item = |save: &mut Save, py: &mut Py, item: Value| {
        let (key, value) = pair(py, item)?;
        save.save_pair(py, key, value, object)
    };
    if !save.bin {
        while let Some(value) = py.next(items)? {
            item(save, py, value)?;
            save.put(&[SETITEM]);
        }
        return Ok(());
    }
    loop {
        let Some(first) = py.next(items)? else { return Ok(()) };
        let (key, value) = pair(py, first)?;
        let Some(second) = py.next(items)? else {
            save.save_pair(py, key, value, object)?;
            save.put(&[SETITEM]);
            return Ok(());
        };
        save.put(&[MARK]);
        save.save_pair(py, key, value, object)?;
        let (mut next, mut batch) = (Some(second), 1);
        while let Some(value) = next {
            item(save, py, value)?;
            batch += 1;
            next = if batch == BATCH { None } else { py.next(items)? };
        }
        save.put(&[SETITEMS]);
        if batch < BATCH {
            return Ok(());
        }
    }
}
