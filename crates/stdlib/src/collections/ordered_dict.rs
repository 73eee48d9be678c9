//! `OrderedDict`: a dictionary that says more about its order.
//!
//! The order is that of the entries of `Dict`; moving a key moves its entry. Counterpart: `Objects/odictobject.c`.

use super::{OrderedItems, OrderedIterator, OrderedKeys, OrderedValues, Walk};
use bredli_runtime::object::CompareOp;
use bredli_runtime::prelude::*;

/// Dictionary that remembers insertion order
#[pyclass(name = "OrderedDict", module = "collections", base = Dict, layout = Dict, flags(BASETYPE, HAS_WEAKREF), parts(methods), dict = extra)]
pub struct OrderedDict;

/// The dictionary, with what tells whether its keys changed since.
#[derive(Clone, Copy)]
struct Watched {
    dict: Gc<Dict>,
    version: u32,
}

impl Watched {
    fn new(py: &Py, this: Value) -> Watched {
        let dict = Gc::<Dict>::known(py, this);
        Watched { dict, version: dict.get(py).version }
    }

    /// RuntimeError if keys were added, removed or moved.
    fn check(self, py: &mut Py) -> Result<()> {
        if self.dict.get(py).version != self.version {
            raise!(py, RuntimeError, "OrderedDict mutated during iteration");
        }
        Ok(())
    }
}

fn is_exact(py: &mut Py, this: Value) -> bool {
    py.class_of(this) == OrderedDict::class(py)
}

/// `this[key] = value` for the keys of a mapping or the pairs of an iterable.
fn update_from(py: &mut Py, this: Value, source: Value) -> Result<()> {
    let plain = py.class_of(source) == py.types.dict;
    if !plain {
        let name = py.names.keys;
        if let Some(keys) = py.lookup_attr(source, name)? {
            let keys = py.call(keys, &[])?;
            let iterator = py.iter(keys)?;
            while let Some(key) = py.next(iterator)? {
                let value = py.get_item(source, key)?;
                py.set_item(this, key, value)?;
            }
            return Ok(());
        }
    }
    let items = if plain { py.call_method_named(source, "items", &[])? } else { source };
    let iterator = py.iter(items)?;
    while let Some(pair) = py.next(iterator)? {
        let parts = py.collect_iterable(pair)?;
        match parts[..] {
            [key, value] => py.set_item(this, key, value)?,
            [] | [_] => raise!(py, ValueError, "need more than {} value{} to unpack", parts.len(), if parts.len() == 1 { "" } else { "s" }),
            _ => raise!(py, ValueError, "too many values to unpack (expected 2)"),
        }
    }
    Ok(())
}

/// What `__init__` and `update` do with their arguments.
fn update_from_args(py: &mut Py, this: Value, args: Args) -> Result<()> {
    match *args.positional() {
        [] => {}
        [source] => update_from(py, this, source)?,
        _ => raise!(py, TypeError, "update() takes at most 1 positional argument ({} given)", args.positional().len()),
    }
    for index in 0..args.keyword_count() {
        let (name, value) = args.keyword(py, index);
        py.set_item(this, name.into(), value)?;
    }
    Ok(())
}

fn same_order(py: &mut Py, left: Value, right: Value) -> Result<bool> {
    let (a, b) = (Watched::new(py, left), Watched::new(py, right));
    let (mut at, mut other_at) = (0, 0);
    loop {
        let (first, second) = (a.dict.get(py).entry_from(at), b.dict.get(py).entry_from(other_at));
        let (Some((place, key, _)), Some((other_place, other_key, _))) = (first, second) else {
            return Ok(first.is_none() && second.is_none());
        };
        let equal = py.eq(key, other_key)?;
        a.check(py)?;
        b.check(py)?;
        if !equal {
            return Ok(false);
        }
        (at, other_at) = (place + 1, other_place + 1);
    }
}

#[pymethods]
impl OrderedDict {
    fn __init__(this: Value, py: &mut Py, args: Args) -> Result<()> {
        if args.positional().len() > 1 {
            raise!(py, TypeError, "expected at most 1 argument, got {}", args.positional().len());
        }
        update_from_args(py, this, args)
    }

    fn __repr__(this: Value, py: &mut Py) -> Result {
        let class = py.class_of(this);
        let name = class.get(py).name.get(py).lossy();
        if Gc::<Dict>::known(py, this).get(py).is_empty() {
            return Ok(py.new_str(&format!("{name}()")).into());
        }
        let exact = is_exact(py, this);
        py.repr_of_container(this, "...", |py, text| {
            let copy = if exact {
                py.dict_copy(Gc::known(py, this))?
            } else {
                let items = py.call_method_named(this, "items", &[])?;
                let copy = py.new_dict();
                py.dict_update(copy, items)?;
                copy
            };
            text.extend_from_slice(name.as_bytes());
            text.push(b'(');
            py.repr_into(text, copy.into())?;
            text.push(b')');
            Ok(())
        })
    }

    fn __richcompare__(this: Value, py: &mut Py, other: Value, op: CompareOp) -> Result {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) || !py.is_dict(other) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let class = py.types.dict;
        let equal = py.call_method_named(class.into(), "__eq__", &[this, other])?;
        let mut equal = py.truth(equal)?;
        let ordered = OrderedDict::class(py);
        if equal && py.is_instance_of(other, ordered) {
            equal = same_order(py, this, other)?;
        }
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    fn __iter__(this: Value, py: &mut Py) -> Gc<OrderedIterator> {
        OrderedIterator::over(py, this, Walk::Keys)
    }

    fn __or__(py: &mut Py, left: Value, right: Value) -> Result {
        let ordered = OrderedDict::class(py);
        let class = if py.is_instance_of(left, ordered) { py.class_of(left) } else { py.class_of(right) };
        if !py.is_dict(left) || !py.is_dict(right) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let made = py.call(class.into(), &[left])?;
        update_from(py, made, right)?;
        Ok(made)
    }

    fn __ior__(py: &mut Py, left: Value, right: Value) -> Result {
        update_from(py, left, right)?;
        Ok(left)
    }
}

#[pymethods(part = "methods")]
impl OrderedDict {
    /// Create a new ordered dictionary with keys from iterable and values set to value.
    #[signature(type, /, iterable, value=None)]
    fn fromkeys(cls: Gc<Class>, py: &mut Py, iterable: Value, value: Value) -> Result {
        let made = py.call(cls.into(), &[])?;
        let iterator = py.iter(iterable)?;
        while let Some(key) = py.next(iterator)? {
            py.set_item(made, key, value)?;
        }
        Ok(made)
    }

    /// D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.
    #[no_text_signature]
    fn update(this: Value, py: &mut Py, args: Args) -> Result<()> {
        update_from_args(py, this, args)
    }

    /// Insert key with a value of default if key is not in the dictionary.
    ///
    /// Return the value for key if key is in the dictionary, else default.
    #[signature(self, /, key, default=None)]
    fn setdefault(this: Value, py: &mut Py, key: Value, default: Value) -> Result {
        if is_exact(py, this) {
            let hash = py.hash_dict_key(key)?;
            return py.dict_set_default(Gc::known(py, this), hash, key, default);
        }
        if py.contains(this, key)? {
            return py.get_item(this, key);
        }
        py.set_item(this, key, default)?;
        Ok(default)
    }

    /// od.pop(key[,default]) -> v, remove specified key and return the corresponding value.
    ///
    /// If the key is not found, return the default if given; otherwise,
    /// raise a KeyError.
    #[signature(self, /, key, default=<unrepresentable>)]
    fn pop(this: Value, py: &mut Py, key: Value, default: Option<Value>) -> Result {
        match (py.dict_remove(Gc::known(py, this), key)?, default) {
            (Some((_, value)), _) | (None, Some(value)) => Ok(value),
            (None, None) => Err(py.key_error(key)),
        }
    }

    /// Remove and return a (key, value) pair from the dictionary.
    ///
    /// Pairs are returned in LIFO order if last is true or FIFO order if false.
    #[signature(self, /, last=True)]
    fn popitem(this: Value, py: &mut Py, last: bool) -> Result {
        let dict = Gc::<Dict>::known(py, this);
        let entries = dict.get(py);
        let found = if last { entries.entry_before(entries.entries().len()) } else { entries.entry_from(0) };
        let Some((position, key, value)) = found else {
            let text = py.new_str("dictionary is empty");
            return Err(py.key_error(text.into()));
        };
        py.dict_remove_entry(dict, position);
        Ok(py.new_tuple(&[key, value]).into())
    }

    /// Move an existing element to the end (or beginning if last is false).
    ///
    /// Raise KeyError if the element does not exist.
    #[signature(self, /, key, last=True)]
    fn move_to_end(this: Value, py: &mut Py, key: Value, last: bool) -> Result<()> {
        match py.dict_move(Gc::known(py, this), key, last)? {
            true => Ok(()),
            false => Err(py.key_error(key)),
        }
    }

    /// od.keys() -> a set-like object providing a view on od's keys
    #[no_text_signature]
    fn keys(this: Gc<Dict>, py: &mut Py) -> Value {
        OrderedKeys::of(py, this)
    }

    /// od.values() -> an object providing a view on od's values
    #[no_text_signature]
    fn values(this: Gc<Dict>, py: &mut Py) -> Value {
        OrderedValues::of(py, this)
    }

    /// od.items() -> a set-like object providing a view on od's items
    #[no_text_signature]
    fn items(this: Gc<Dict>, py: &mut Py) -> Value {
        OrderedItems::of(py, this)
    }

    /// od.__reversed__() <==> reversed(od)
    #[no_text_signature]
    fn __reversed__(this: Value, py: &mut Py) -> Gc<OrderedIterator> {
        OrderedIterator::over(py, this, Walk::ReversedKeys)
    }

    /// od.copy() -> a shallow copy of od
    #[no_text_signature]
    fn copy(this: Value, py: &mut Py) -> Result {
        let exact = is_exact(py, this);
        let class = py.class_of(this);
        let copy = py.call(class.into(), &[])?;
        let watched = Watched::new(py, this);
        let mut at = 0;
        while let Some((position, key, value)) = watched.dict.get(py).entry_from(at) {
            let value = match exact {
                false => py.get_item(this, key)?,
                true => {
                    // The key is looked up as if by itself, which may run its `__eq__`.
                    let hash = watched.dict.get(py).entries()[position].hash;
                    py.dict_get_hashed(watched.dict, hash, key)?.unwrap_or(value)
                }
            };
            watched.check(py)?;
            py.set_item(copy, key, value)?;
            watched.check(py)?;
            at = position + 1;
        }
        Ok(copy)
    }

    /// Return the size of the dict in memory.
    #[signature(self, /)]
    fn __sizeof__(this: Gc<Dict>, py: &Py) -> usize {
        match this.get(py).entries().len() {
            0 => 96,
            count => 216 + 64 * count.max(5),
        }
    }

    /// Return state information for pickling
    #[no_text_signature]
    fn __reduce__(this: Value, py: &mut Py) -> Result {
        let state = py.call_method_named(this, "__getstate__", &[])?;
        let items = py.call_method_named(this, "items", &[])?;
        let (class, items) = (py.class_of(this), py.iter(items)?);
        let args = py.new_tuple(&[]);
        Ok(py.new_tuple(&[class.into(), args.into(), state, Value::NONE, items]).into())
    }
}
