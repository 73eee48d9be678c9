//! `dict`: operators and methods. The layout and the lookups are in `object/dict.rs`.
//!
//! Counterpart: `Objects/dictobject.c`.

mod iter;
mod merge;
mod views;

pub use iter::{
    DictItemIterator, DictIterator, DictKeyIterator, DictReverseItemIterator, DictReverseKeyIterator, DictReverseValueIterator,
    DictValueIterator,
};
pub use views::{DictItems, DictKeys, DictValues};

use crate::native::Args;
use crate::object::{Class, CompareOp, Dict};
use crate::types::shapes;
use crate::{Py, Result};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

#[pymethods]
impl Dict {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Dict> {
        let _ = args;
        py.alloc_as(cls, Dict::empty())
    }

    fn __init__(this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
        py.dict_update_args("dict", this, args)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result {
        if this.get(py).is_empty() {
            return Ok(py.new_str("{}").into());
        }
        py.repr_of_container(this.into(), "{...}", |py, text| {
            text.push(b'{');
            let mut at = 0;
            while let Some((position, key, value)) = this.get(py).entry_from(at) {
                if text.len() > 1 {
                    text.extend_from_slice(b", ");
                }
                py.repr_into(text, key)?;
                text.extend_from_slice(b": ");
                py.repr_into(text, value)?;
                at = position + 1;
            }
            text.push(b'}');
            Ok(())
        })
    }

    fn __len__(this: Gc<Self>, py: &mut Py) -> usize {
        this.get(py).len()
    }

    fn __contains__(this: Gc<Self>, py: &mut Py, key: Value) -> Result<bool> {
        Ok(py.dict_get(this, key)?.is_some())
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Gc<DictIterator> {
        py.dict_iterator(shapes::DICT_KEYITERATOR, this)
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        match py.dict_get(this, key)? {
            Some(value) => Ok(value),
            None => Dict::missing(this, py, key),
        }
    }

    fn __setitem__(this: Gc<Self>, py: &mut Py, key: Value, value: Option<Value>) -> Result<()> {
        match value {
            Some(value) => py.dict_set(this, key, value),
            None => match py.dict_remove(this, key)? {
                Some(_) => Ok(()),
                None => Err(py.key_error(key)),
            },
        }
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Dict>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        match op {
            CompareOp::Eq => Ok(Value::bool(py.dict_equal(this, other)?)),
            CompareOp::Ne => Ok(Value::bool(!py.dict_equal(this, other)?)),
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    fn __or__(py: &mut Py, left: Value, right: Value) -> Result {
        let (Some(this), Some(_)) = (Gc::<Dict>::cast(py, left), Gc::<Dict>::cast(py, right)) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let copy = py.dict_copy(this)?;
        py.dict_update(copy, right)?;
        Ok(copy.into())
    }

    fn __ior__(py: &mut Py, left: Value, right: Value) -> Result {
        let Some(this) = Gc::<Dict>::cast(py, left) else { return Ok(Value::NOT_IMPLEMENTED) };
        py.dict_update(this, right)?;
        Ok(left)
    }

    /// Remove all items from the dict.
    #[signature(self, /)]
    fn clear(this: Gc<Self>, py: &mut Py) {
        py.dict_clear(this);
    }

    /// Return a shallow copy of the dict.
    #[signature(self, /)]
    fn copy(this: Gc<Self>, py: &mut Py) -> Result {
        Ok(py.dict_copy(this)?.into())
    }

    /// Return the value for key if key is in the dictionary, else default.
    #[signature(self, key, default=None, /)]
    fn get(this: Gc<Self>, py: &mut Py, key: Value, default: Value) -> Result {
        Ok(py.dict_get(this, key)?.unwrap_or(default))
    }

    /// Insert key with a value of default if key is not in the dictionary.
    ///
    /// Return the value for key if key is in the dictionary, else default.
    #[signature(self, key, default=None, /)]
    fn setdefault(this: Gc<Self>, py: &mut Py, key: Value, default: Value) -> Result {
        let hash = py.hash_dict_key(key)?;
        py.dict_set_default(this, hash, key, default)
    }

    /// D.pop(k[,d]) -> v, remove specified key and return the corresponding value.
    ///
    /// If the key is not found, return the default if given; otherwise,
    /// raise a KeyError.
    #[signature(self, key, default=<unrepresentable>, /)]
    fn pop(this: Gc<Self>, py: &mut Py, key: Value, default: Option<Value>) -> Result {
        let removed = if this.get(py).is_empty() { None } else { py.dict_remove(this, key)? };
        match (removed, default) {
            (Some((_, value)), _) | (None, Some(value)) => Ok(value),
            (None, None) => Err(py.key_error(key)),
        }
    }

    /// Remove and return a (key, value) pair as a 2-tuple.
    ///
    /// Pairs are returned in LIFO (last-in, first-out) order.
    /// Raises KeyError if the dict is empty.
    #[signature(self, /)]
    fn popitem(this: Gc<Self>, py: &mut Py) -> Result {
        let dict = this.get(py);
        match dict.entry_before(dict.entries().len()) {
            Some((position, key, value)) => {
                py.dict_remove_entry(this, position);
                Ok(py.new_tuple(&[key, value]).into())
            }
            None => {
                let text = py.new_str("popitem(): dictionary is empty");
                Err(py.key_error(text.into()))
            }
        }
    }

    /// D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.
    ///
    /// If E is present and has a .keys() method, then does:  for k in E.keys(): D[k] = E[k]
    /// If E is present and lacks a .keys() method, then does:  for k, v in E: D[k] = v
    /// In either case, this is followed by: for k in F:  D[k] = F[k]
    #[raw]
    #[no_text_signature]
    fn update(this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
        py.dict_update_args("update", this, args)
    }

    /// Return a set-like object providing a view on the dict's keys.
    #[signature(self, /)]
    fn keys(this: Gc<Self>, py: &mut Py) -> Gc<DictKeys> {
        py.alloc(DictKeys::of(this))
    }

    /// Return an object providing a view on the dict's values.
    #[signature(self, /)]
    fn values(this: Gc<Self>, py: &mut Py) -> Gc<DictValues> {
        py.alloc(DictValues::of(this))
    }

    /// Return a set-like object providing a view on the dict's items.
    #[signature(self, /)]
    fn items(this: Gc<Self>, py: &mut Py) -> Gc<DictItems> {
        py.alloc(DictItems::of(this))
    }

    /// Return a reverse iterator over the dict keys.
    #[signature(self, /)]
    fn __reversed__(this: Gc<Self>, py: &mut Py) -> Gc<DictIterator> {
        py.dict_iterator(shapes::DICT_REVERSEKEYITERATOR, this)
    }

    /// Return the size of the dict in memory.
    #[signature(self, /)]
    fn __sizeof__(this: Gc<Self>, py: &Py) -> usize {
        match this.get(py).entries().len() {
            0 => 48,
            count => 168 + 32 * count.max(5),
        }
    }

    /// Create a new dictionary with keys from iterable and values set to value.
    #[signature(type, iterable, value=None, /)]
    fn fromkeys(cls: Gc<Class>, py: &mut Py, iterable: Value, value: Value) -> Result {
        let made = py.call(cls.into(), &[])?;
        if let Some(dict) = py.exact_dict(made) {
            py.each_element(iterable, Py::hash_dict_key, |py, hash, key| py.dict_set_hashed(dict, hash, key, value).map(|()| true))?;
            return Ok(made);
        }
        let iterator = py.iter(iterable)?;
        while let Some(key) = py.next(iterator)? {
            py.set_item(made, key, value)?;
        }
        Ok(made)
    }

    /// dicts are generic over two types, signifying (respectively) the types of their keys and values
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }
}

impl Dict {
    /// `dict[key]` for an absent key: `__missing__` of subclasses, else KeyError.
    #[cold]
    fn missing(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        if this.header().shape() != shapes::DICT {
            let name = py.names.__missing__;
            if let Some(value) = py.call_special(this.into(), name, &[key])? {
                return Ok(value);
            }
        }
        Err(py.key_error(key))
    }
}
