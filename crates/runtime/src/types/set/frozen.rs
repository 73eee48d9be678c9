//! `frozenset`: construction and hash; the rest is shared with `set`.

use super::Set;
use crate::native::Args;
use crate::object::Class;
use crate::types::shapes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::{pyclass, pymethods};
use bredli_num::FrozensetHash;

/// Build an immutable unordered collection of unique elements.
#[pyclass(name = "frozenset", layout = Set, core, flags(BASETYPE, HAS_WEAKREF, MATCH_SELF), parts(shared))]
pub struct FrozenSet;

#[pymethods]
impl FrozenSet {
    #[signature(iterable=(), /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let exact = cls == py.types.frozenset;
        let init = |class: Gc<Class>| class.get(py).slots.init.map(|init| init as usize);
        if args.has_keywords() && init(cls) == init(py.types.frozenset) {
            py.refuse_set_keywords("frozenset")?;
        }
        let iterable = match *args.positional() {
            [] => None,
            [iterable] => Some(iterable),
            _ => raise!(py, TypeError, "frozenset expected at most 1 argument, got {}", args.positional().len()),
        };
        if let Some(iterable) = iterable
            && exact
            && crate::object::is_exact(iterable, shapes::FROZENSET)
        {
            return Ok(iterable);
        }
        let set = py.set_instance(cls);
        if let Some(iterable) = iterable {
            py.set_update(set, iterable)?;
        }
        Ok(set.into())
    }

    fn __hash__(this: Value, py: &mut Py) -> i64 {
        let set = Gc::<Set>::known(py, this).get(py);
        if let Some(hash) = set.hash.get() {
            return hash;
        }
        let mut hash = FrozensetHash::new();
        for place in set.table.iter() {
            if place.key.is_some_and(|key| key != Value::UNSET) {
                hash.add(place.hash);
            }
        }
        let hash = hash.finish();
        set.hash.set(Some(hash));
        hash
    }

    /// Return a shallow copy of a set.
    #[signature(self, /)]
    fn copy(this: Value, py: &mut Py) -> Result {
        if crate::object::is_exact(this, shapes::FROZENSET) {
            return Ok(this);
        }
        let set = Gc::<Set>::known(py, this);
        Ok(py.set_copy(set)?.into())
    }
}
