//! Reading a pickle: the opcodes that make objects of classes and fill them.

use super::Unpickler;
use super::load::Load;
use super::state::{State, unpickling_error};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Set;

/// The items on the stack from `start` on, taken from it.
fn taken(load: &mut Load, py: &mut Py, start: usize) -> RootVec {
    let mut items = RootVec::new(&mut py.heap);
    items.extend(load.stack.items.drain(start..));
    items
}

/// Append the items from `start` on to the object before them.
pub fn append(load: &mut Load, py: &mut Py, start: usize) -> Result<()> {
    load.stack.check_target(py, start)?;
    if load.stack.items.len() == start {
        return Ok(());
    }
    let target = load.stack.items[start - 1];
    if py.class_of(target) == py.types.list {
        let list = Gc::<List>::known(py, target);
        for at in start..load.stack.items.len() {
            py.list_push(list, load.stack.items[at])?;
        }
        load.stack.items.truncate(start);
        return Ok(());
    }
    let items = taken(load, py, start);
    let name = py.intern("extend");
    if let Some(extend) = py.lookup_attr(target, name)? {
        let list = py.new_list(&items)?;
        py.call(extend, &[list.into()])?;
        return Ok(());
    }
    let name = py.names.append;
    let append = py.get_attr(target, name)?;
    for item in &items {
        py.call(append, &[*item])?;
    }
    Ok(())
}

/// Set the pairs of keys and values from `start` on as items of the object before them.
pub fn set_items(load: &mut Load, py: &mut Py, start: usize) -> Result<()> {
    load.stack.check_target(py, start)?;
    if !(load.stack.items.len() - start).is_multiple_of(2) {
        return Err(unpickling_error(py, "odd number of items for SETITEMS"));
    }
    let target = load.stack.items[start - 1];
    let dict = Gc::<Dict>::cast(py, target).filter(|_| py.class_of(target) == py.types.dict);
    for at in (start..load.stack.items.len()).step_by(2) {
        let (key, value) = (load.stack.items[at], load.stack.items[at + 1]);
        match dict {
            Some(dict) => py.dict_set(dict, key, value)?,
            None => py.set_item(target, key, value)?,
        }
    }
    load.stack.items.truncate(start);
    Ok(())
}

/// Add the items from `start` on to the set before them.
pub fn add_items(load: &mut Load, py: &mut Py, start: usize) -> Result<()> {
    load.stack.check_target(py, start)?;
    if load.stack.items.len() == start {
        return Ok(());
    }
    let target = load.stack.items[start - 1];
    let items = taken(load, py, start);
    if py.class_of(target) == py.types.set {
        let set = Gc::<Set>::known(py, target);
        for item in &items {
            py.set_add(set, *item)?;
        }
        return Ok(());
    }
    let add = py.get_attr_named(target, "add")?;
    for item in &items {
        py.call(add, &[*item])?;
    }
    Ok(())
}

fn call(py: &mut Py, function: Value, first: Option<Value>, args: Gc<Tuple>) -> Result {
    let mut values = RootVec::new(&mut py.heap);
    values.extend(first);
    values.extend_from_slice(args.get(py).items());
    py.call(function, &values)
}

/// `function(*args)`
pub fn reduce(load: &mut Load, py: &mut Py) -> Result<()> {
    let (args, function) = (load.stack.pop(py)?, load.stack.pop(py)?);
    let Some(args) = Gc::<Tuple>::cast(py, args) else { raise!(py, TypeError, "argument list must be a tuple") };
    let value = call(py, function, None, args)?;
    load.stack.push(value);
    Ok(())
}

#[cold]
fn wrong(py: &mut Py, what: &str, expected: &str, value: Value) -> Raised {
    let class = py.class_name(value);
    unpickling_error(py, &format!("{what} argument must be {expected}, not {class}"))
}

/// The constructor of a class.
fn constructor(py: &mut Py, class: Value) -> Result {
    let name = py.names.__new__;
    py.get_attr(class, name)
}

/// `cls.__new__(cls, *args)`
pub fn new_object(load: &mut Load, py: &mut Py) -> Result<()> {
    let (args, class) = (load.stack.pop(py)?, load.stack.pop(py)?);
    if Gc::<Class>::cast(py, class).is_none() {
        return Err(wrong(py, "NEWOBJ class", "a type", class));
    }
    let Some(args) = Gc::<Tuple>::cast(py, args) else { return Err(wrong(py, "NEWOBJ args", "a tuple", args)) };
    let constructor = constructor(py, class)?;
    let value = call(py, constructor, Some(class), args)?;
    load.stack.push(value);
    Ok(())
}

/// `cls.__new__(cls, *args, **kwargs)`
pub fn new_object_with_keywords(load: &mut Load, py: &mut Py) -> Result<()> {
    let (keywords, args, class) = (load.stack.pop(py)?, load.stack.pop(py)?, load.stack.pop(py)?);
    if Gc::<Class>::cast(py, class).is_none() {
        return Err(wrong(py, "NEWOBJ_EX class", "a type", class));
    }
    let Some(args) = Gc::<Tuple>::cast(py, args) else { return Err(wrong(py, "NEWOBJ_EX args", "a tuple", args)) };
    let Some(keywords) = Gc::<Dict>::cast(py, keywords) else { return Err(wrong(py, "NEWOBJ_EX kwargs", "a dict", keywords)) };
    let constructor = constructor(py, class)?;
    let mut values = RootVec::from_slice(&mut py.heap, &[class]);
    values.extend_from_slice(args.get(py).items());
    let value = py.call_with_dict(constructor, &mut values, keywords)?;
    load.stack.push(value);
    Ok(())
}

/// An instance as protocols 0 and 1 make them: without `__init__` when there are no arguments.
fn instantiate(py: &mut Py, class: Value, args: &RootVec) -> Result {
    if args.is_empty() && Gc::<Class>::cast(py, class).is_some() {
        let name = py.intern("__getinitargs__");
        if py.lookup_attr(class, name)?.is_none() {
            let constructor = constructor(py, class)?;
            return py.call(constructor, &[class]);
        }
    }
    py.call(class, args)
}

/// The class by name, the arguments from the mark on.
pub fn instance(load: &mut Load, py: &mut Py) -> Result<()> {
    let start = load.stack.pop_mark(py)?;
    let (module, name) = load.global_lines(py)?;
    let class = Unpickler::global(py, load.this, module, name)?;
    let args = taken(load, py, start);
    let value = instantiate(py, class, &args)?;
    load.stack.push(value);
    Ok(())
}

/// The class, and the arguments behind it.
pub fn object(load: &mut Load, py: &mut Py) -> Result<()> {
    let start = load.stack.pop_mark(py)?;
    if load.stack.items.len() <= start {
        return Err(unpickling_error(py, "unpickling stack underflow"));
    }
    let args = taken(load, py, start + 1);
    let class = load.stack.pop(py)?;
    let value = instantiate(py, class, &args)?;
    load.stack.push(value);
    Ok(())
}

/// Give an object its state.
pub fn build(load: &mut Load, py: &mut Py) -> Result<()> {
    let state = load.stack.pop(py)?;
    let object = load.stack.top(py)?;
    let name = py.names.__setstate__;
    if let Some(set_state) = py.lookup_attr(object, name)? {
        py.call(set_state, &[state])?;
        return Ok(());
    }
    let (state, slots) = match Gc::<Tuple>::cast(py, state).map(|pair| pair.get(py).items()) {
        Some(&[state, slots]) => (state, slots),
        _ => (state, Value::NONE),
    };
    if !state.is_none() {
        let Some(state) = Gc::<Dict>::cast(py, state) else { return Err(unpickling_error(py, "state is not a dictionary")) };
        let name = py.names.__dict__;
        let attributes = py.get_attr(object, name)?;
        let mut at = 0;
        while let Some((position, key, value)) = state.get(py).entry_from(at) {
            at = position + 1;
            let key = match Gc::<Str>::cast(py, key) {
                Some(text) if py.is_exact_str(key) => py.intern_str(text).into(),
                _ => key,
            };
            py.set_item(attributes, key, value)?;
        }
    }
    if !slots.is_none() {
        let Some(slots) = Gc::<Dict>::cast(py, slots) else { return Err(unpickling_error(py, "slot state is not a dictionary")) };
        let mut at = 0;
        while let Some((position, key, value)) = slots.get(py).entry_from(at) {
            at = position + 1;
            let Some(name) = Gc::<Str>::cast(py, key) else {
                let class = py.class_name(key);
                raise!(py, TypeError, "attribute name must be string, not '{class}'");
            };
            py.set_attr(object, name, Some(value))?;
        }
    }
    Ok(())
}

/// The object that `copyreg.add_extension` gave a code.
pub fn extension(load: &mut Load, py: &mut Py, code: i64) -> Result<()> {
    if code <= 0 {
        return Err(unpickling_error(py, "EXT specifies code <= 0"));
    }
    let (cache, registry) = (State::of(py).get(py).extension_cache, State::of(py).get(py).inverted_registry);
    let missing = py.exceptions.KeyError;
    let key = py.new_int(code);
    let found = py.get_item(cache, key);
    if let Some(value) = py.ignore(found, missing)? {
        load.stack.push(value);
        return Ok(());
    }
    let found = py.get_item(registry, key);
    let Some(pair) = py.ignore(found, missing)? else { raise!(py, ValueError, "unregistered extension code {code}") };
    let names = match Gc::<Tuple>::cast(py, pair).map(|pair| pair.get(py).items()) {
        Some(&[module, name]) => Gc::<Str>::cast(py, module).zip(Gc::<Str>::cast(py, name)),
        _ => None,
    };
    let Some((module, name)) = names else {
        raise!(py, ValueError, "_inverted_registry[{code}] isn't a 2-tuple of strings");
    };
    let value = Unpickler::global(py, load.this, module, name)?;
    py.set_item(cache, key, value)?;
    load.stack.push(value);
    Ok(())
}
