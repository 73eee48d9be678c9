//! `_collections`: `deque`, `defaultdict`, `OrderedDict`, the accessors of named tuples, counting.
//!
//! Counterpart: `Modules/_collectionsmodule.c`.

mod defaultdict;
mod deque;
mod deque_iterator;
mod ordered_dict;
mod ordered_views;

use bredli_runtime::prelude::*;
use bredli_runtime::types::TupleGetter;
pub use defaultdict::DefaultDict;
pub use deque::Deque;
pub use deque_iterator::{DequeIterator, DequeReverseIterator};
pub use ordered_dict::OrderedDict;
use ordered_views::{OrderedItems, OrderedIterator, OrderedKeys, OrderedValues, Walk};

/// High performance data structures.
/// - deque:        ordered collection accessible from endpoints only
/// - defaultdict:  dict subclass with a default value factory
#[pymodule(name = "_collections", classes(DefaultDict, Deque, DequeIterator, DequeReverseIterator, OrderedDict, TupleGetter))]
pub mod collections {
    use super::*;

    /// Count elements in the iterable, updating the mapping
    #[pyfunction]
    #[signature(mapping, iterable, /)]
    fn _count_elements(py: &mut Py, mapping: Value, iterable: Value) -> Result<()> {
        super::count_elements(py, mapping, iterable)
    }
}

fn count_elements(py: &mut Py, mapping: Value, iterable: Value) -> Result<()> {
    let iterator = py.iter(iterable)?;
    let (get, one) = (py.names.get, Value::small(1));
    let (class, dict_class) = (py.class_of(mapping), py.types.dict);
    let set = py.names.__setitem__;
    let plain =
        py.type_lookup(class, get) == py.type_lookup(dict_class, get) && py.type_lookup(class, set) == py.type_lookup(dict_class, set);
    if let (true, Some(dict)) = (plain, Gc::<Dict>::cast(py, mapping)) {
        while let Some(key) = py.next(iterator)? {
            let hash = py.hash_dict_key(key)?;
            let count = match py.dict_get_hashed(dict, hash, key)? {
                Some(count) => py.binary(BinaryOp::Add, count, one)?,
                None => one,
            };
            py.dict_set_hashed(dict, hash, key, count)?;
        }
        return Ok(());
    }
    let method = py.get_attr(mapping, get)?;
    while let Some(key) = py.next(iterator)? {
        let count = py.call(method, &[key, Value::small(0)])?;
        let count = py.binary(BinaryOp::Add, count, one)?;
        py.set_item(mapping, key, count)?;
    }
    Ok(())
}
