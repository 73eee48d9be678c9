//! `set` and `frozenset`: the layout and the lookups.
//!
//! An open-addressing table of keys with their hashes, probed in the order CPython probes (short linear runs, then a jump), so
//! that sets of ints come out in the same order. Removed keys leave a mark until the table is rebuilt. Both classes share the
//! layout. Counterpart: `Objects/setobject.c`.

mod frozen;
mod iter;
mod methods;
mod operations;

pub use frozen::FrozenSet;
pub use iter::SetIterator;

use crate::object::{Class, Place, probe};
use crate::types::shapes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, HeapVec, Value};
use bredli_macros::{Trace, pyclass};
use std::cell::Cell;

/// Build an unordered collection of unique elements.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "set", core, flags(BASETYPE, HAS_WEAKREF, MATCH_SELF), parts(shared))]
pub struct Set {
    pub(crate) header: Header,
    /// Of a frozenset, once it was asked for.
    #[trace(skip)]
    hash: Cell<Option<i64>>,
    /// Keys.
    used: usize,
    /// Keys and marks of removed ones.
    filled: usize,
    /// Where `pop` looks next.
    finger: usize,
    table: HeapVec<Place>,
}

const SMALLEST: usize = 8;

/// What a look for a hash and an identity found.
enum Look {
    Found(usize),
    /// And where the key would go; nothing if there is no table yet.
    Absent(Option<usize>),
    /// Another key has the same hash: they are to be compared.
    Similar,
}

/// What a look at the table found.
enum Probe {
    Found(usize),
    /// And where the key would go; nothing if there is no table yet.
    Absent(Option<usize>),
    /// The key here has the same hash; comparing it needs Python code.
    Compare(usize, Value),
}

impl Set {
    /// No keys.
    pub(crate) fn empty() -> Self {
        Self { header: Header::EMPTY, hash: Cell::new(None), used: 0, filled: 0, finger: 0, table: HeapVec::EMPTY }
    }

    /// Number of keys.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.used
    }

    /// Whether there are no keys.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// The first key at or after a place: its place, hash and value.
    #[inline]
    pub fn key_from(&self, start: usize) -> Option<(usize, i64, Value)> {
        let places = self.table.get(start..)?;
        places.iter().enumerate().find_map(|(offset, place)| match place.key {
            Some(key) if key != Value::UNSET => Some((start + offset, place.hash, key)),
            _ => None,
        })
    }

    /// Look for a key without comparing it to others: that suffices for nearly all keys that are there, and for those that are not.
    #[inline(always)]
    fn look(&self, hash: i64, key: Value) -> Look {
        if self.table.is_empty() {
            return Look::Absent(None);
        }
        probe(&self.table, hash, |at, place| match place.key {
            None => Some(Look::Absent(Some(at))),
            Some(other) if other == key => Some(Look::Found(at)),
            Some(_) => (place.hash == hash).then_some(Look::Similar),
        })
    }

    /// The place of a table with room where a key belongs that is not there.
    #[inline(always)]
    fn vacant_place(&self, hash: i64) -> usize {
        probe(&self.table, hash, |at, place| place.key.is_none().then_some(at))
    }

    /// Put a key that is not there into a table with room.
    #[inline]
    fn insert_new(&mut self, hash: i64, key: Value) {
        let at = self.vacant_place(hash);
        self.table[at] = Place { hash, key: Some(key) };
    }

    fn remove_at(&mut self, at: usize) -> Value {
        let key = self.table[at].key.expect("a key");
        self.table[at] = Place::REMOVED;
        self.used -= 1;
        key
    }
}

impl Py {
    /// A new empty set.
    pub fn new_set(&mut self) -> Gc<Set> {
        self.alloc(Set::empty())
    }

    /// A new frozenset of the values.
    pub fn new_frozenset(&mut self, values: &[Value]) -> Result<Gc<Set>> {
        let set = self.heap.alloc_object(shapes::FROZENSET, 0, Set::empty());
        for value in values {
            self.set_add(set, *value)?;
        }
        Ok(set)
    }

    /// A new set (or frozenset) with the values of an iterable.
    pub fn set_from_iterable(&mut self, shape: u32, iterable: Value) -> Result<Gc<Set>> {
        let set = self.heap.alloc_object(shape, 0, Set::empty());
        self.set_update(set, iterable)?;
        Ok(set)
    }

    /// An empty set or frozenset, as the other one is.
    pub(crate) fn set_like(&mut self, set: Gc<Set>) -> Gc<Set> {
        let shape = self.plain_set_shape(set.into());
        self.heap.alloc_object(shape, 0, Set::empty())
    }

    /// The shape of exact sets or exact frozensets, for an instance of either class or of a subclass.
    pub(crate) fn plain_set_shape(&self, set: Value) -> u32 {
        if self.is_instance_of(set, self.types.frozenset) { shapes::FROZENSET } else { shapes::SET }
    }

    /// An empty instance of a class derived from `set` or `frozenset`.
    pub(crate) fn set_instance(&mut self, class: Gc<Class>) -> Gc<Set> {
        self.alloc_as(class, Set::empty())
    }

    /// The hash of a value that is to be a set element.
    #[inline]
    pub fn hash_element(&mut self, key: Value) -> Result<i64> {
        match self.quick_key_hash(key) {
            Some(hash) => Ok(hash),
            None => match self.hash(key) {
                Ok(hash) => Ok(hash),
                Err(raised) => Err(self.explain_unhashable(raised, key, "a set element")),
            },
        }
    }

    /// `set.add(key)`. Says whether the key is new.
    pub fn set_add(&mut self, set: Gc<Set>, key: Value) -> Result<bool> {
        let hash = self.hash_element(key)?;
        self.set_add_hashed(set, hash, key)
    }

    /// Add a key where that needs no Python code; whether it is done.
    #[inline]
    pub(crate) fn set_add_quick(&mut self, set: Gc<Set>, key: Value) -> bool {
        let Some(hash) = self.quick_key_hash(key) else { return false };
        let Some(found) = self.set_lookup_quick(set, hash, key) else { return false };
        self.set_add_at(set, hash, key, found).is_ok()
    }

    /// Add a key whose hash is known. Says whether it is new.
    pub fn set_add_hashed(&mut self, set: Gc<Set>, hash: i64, key: Value) -> Result<bool> {
        let found = self.set_lookup(set, hash, key)?;
        self.set_add_at(set, hash, key, found)
    }

    /// Add a key that has been looked up. Says whether it is new; fails only for want of memory.
    #[inline(always)]
    fn set_add_at(&mut self, set: Gc<Set>, hash: i64, key: Value, found: std::result::Result<usize, Option<usize>>) -> Result<bool> {
        let place = match found {
            Ok(_) => return Ok(false),
            Err(Some(place)) => place,
            Err(None) => {
                self.set_rebuild(set, 0)?;
                set.get(self).vacant_place(hash)
            }
        };
        let this = set.get_mut(self);
        this.table[place] = Place { hash, key: Some(key) };
        this.filled += 1;
        this.used += 1;
        if this.filled * 5 >= (this.table.len() - 1) * 3 {
            let wanted = if this.used > 50_000 { this.used * 2 } else { this.used * 4 };
            self.set_rebuild(set, wanted)?;
        }
        Ok(true)
    }

    /// Whether the key is in the set.
    pub fn set_contains(&mut self, set: Gc<Set>, key: Value) -> Result<bool> {
        let hash = self.hash_element(key)?;
        self.set_contains_hashed(set, hash, key)
    }

    /// Whether a key with this hash is in the set.
    #[inline]
    pub fn set_contains_hashed(&mut self, set: Gc<Set>, hash: i64, key: Value) -> Result<bool> {
        Ok(self.set_lookup(set, hash, key)?.is_ok())
    }

    /// Whether the key is in the set, where that can be told without running Python code.
    #[inline]
    pub(crate) fn set_contains_quick(&self, set: Gc<Set>, key: Value) -> Option<bool> {
        let hash = self.quick_key_hash(key)?;
        self.set_lookup_quick(set, hash, key).map(|found| found.is_ok())
    }

    /// The place of a key, or the place where it belongs, where that can be told without running Python code.
    #[inline]
    fn set_lookup_quick(&self, set: Gc<Set>, hash: i64, key: Value) -> Option<std::result::Result<usize, Option<usize>>> {
        match set.get(self).look(hash, key) {
            Look::Found(place) => Some(Ok(place)),
            Look::Absent(place) => Some(Err(place)),
            Look::Similar => match self.set_probe(set.get(self), hash, key, 0) {
                Probe::Found(place) => Some(Ok(place)),
                Probe::Absent(place) => Some(Err(place)),
                Probe::Compare(..) => None,
            },
        }
    }

    /// Remove a key. Says whether it was there.
    pub fn set_discard_hashed(&mut self, set: Gc<Set>, hash: i64, key: Value) -> Result<bool> {
        match self.set_lookup(set, hash, key)? {
            Ok(place) => {
                set.get_mut(self).remove_at(place);
                Ok(true)
            }
            Err(_) => Ok(false),
        }
    }

    /// Remove all keys.
    pub fn set_clear(&mut self, set: Gc<Set>) {
        let this = set.get_mut(self);
        (this.used, this.filled, this.finger, this.table) = (0, 0, 0, HeapVec::EMPTY);
    }

    /// The place of a key, or the place where it belongs.
    #[inline]
    fn set_lookup(&mut self, set: Gc<Set>, hash: i64, key: Value) -> Result<std::result::Result<usize, Option<usize>>> {
        match set.get(self).look(hash, key) {
            Look::Found(place) => Ok(Ok(place)),
            Look::Absent(place) => Ok(Err(place)),
            Look::Similar => self.set_lookup_comparing(set, hash, key),
        }
    }

    /// The same, where keys have to be compared.
    #[inline(never)]
    fn set_lookup_comparing(&mut self, set: Gc<Set>, hash: i64, key: Value) -> Result<std::result::Result<usize, Option<usize>>> {
        let mut passed = 0;
        loop {
            match self.set_probe(set.get(self), hash, key, passed) {
                Probe::Found(place) => return Ok(Ok(place)),
                Probe::Absent(place) => return Ok(Err(place)),
                Probe::Compare(place, other) => {
                    let size = set.get(self).table.len();
                    let equal = self.eq(other, key)?;
                    let this = set.get(self);
                    if this.table.len() != size || this.table[place].key != Some(other) {
                        passed = 0;
                    } else if equal {
                        return Ok(Ok(place));
                    } else {
                        passed += 1;
                    }
                }
            }
        }
    }

    /// One look through the places of a hash, leaving out the first `passed` keys whose comparison needs Python code.
    #[inline(never)]
    fn set_probe(&self, set: &Set, hash: i64, key: Value, passed: usize) -> Probe {
        if set.table.is_empty() {
            return Probe::Absent(None);
        }
        let mut compared = 0;
        probe(&set.table, hash, |at, place| {
            let Some(candidate) = place.key else { return Some(Probe::Absent(Some(at))) };
            if candidate == key {
                return Some(Probe::Found(at));
            }
            if place.hash != hash {
                return None;
            }
            match self.quick_key_eq(candidate, key) {
                Some(true) => Some(Probe::Found(at)),
                Some(false) => None,
                None => {
                    compared += 1;
                    (compared > passed).then_some(Probe::Compare(at, candidate))
                }
            }
        })
    }

    /// Give a set a table for at least this many keys and drop the marks of removed ones.
    pub(crate) fn set_rebuild(&mut self, set: Gc<Set>, wanted: usize) -> Result<()> {
        let size = Set::table_size(wanted);
        let Ok(table) = HeapVec::vacant(&mut self.heap, size) else { return Err(self.no_memory()) };
        let this = set.get_mut(self);
        let old = std::mem::replace(&mut this.table, table);
        this.filled = this.used;
        for place in old.iter() {
            if let Some(key) = place.key
                && key != Value::UNSET
            {
                this.insert_new(place.hash, key);
            }
        }
        Ok(())
    }

    /// A TypeError about a value without hash as `as_what` says, in place of the plain one just raised.
    #[cold]
    pub(crate) fn explain_unhashable(&mut self, raised: crate::Raised, key: Value, as_what: &str) -> crate::Raised {
        let exact = self.current_exception().is_some_and(|exception| self.class_of(exception) == self.exceptions.TypeError);
        if !exact {
            return raised;
        }
        let exception = self.take_exception();
        let Ok(text) = self.str_text(exception) else { return raised };
        let class = self.class_name(key);
        crate::error!(self, TypeError, "cannot use '{class}' as {as_what} ({text})")
    }

    /// The value as a set or frozenset.
    #[inline]
    pub fn as_set(&self, value: Value) -> Option<Gc<Set>> {
        Gc::<Set>::cast(self, value)
    }

    /// Remove and return some key.
    pub(crate) fn set_pop(&mut self, set: Gc<Set>) -> Result {
        if set.get(self).is_empty() {
            let text = self.new_str("pop from an empty set");
            return Err(self.key_error(text.into()));
        }
        let this = set.get_mut(self);
        let start = this.finger & (this.table.len() - 1);
        let (place, _, key) = this.key_from(start).or_else(|| this.key_from(0)).expect("a key");
        this.remove_at(place);
        this.finger = place + 1;
        Ok(key)
    }

    /// Raise RuntimeError when a set changed under an iterator.
    #[cold]
    pub(crate) fn set_changed(&mut self) -> crate::Raised {
        crate::error!(self, RuntimeError, "Set changed size during iteration")
    }

    /// `set()` takes no keywords.
    pub(crate) fn refuse_set_keywords(&mut self, name: &str) -> Result<()> {
        raise!(self, TypeError, "{name}() takes no keyword arguments")
    }
}
