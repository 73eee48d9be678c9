//! Operations on whole sets, as `set`, `frozenset` and the views of dictionaries use them.

use super::Set;
use crate::object::Dict;
use crate::types::shapes;
use crate::{Py, Result};
use bredli_heap::{Gc, HeapVec, Value};

impl Py {
    /// `set.update(iterable)`.
    pub fn set_update(&mut self, set: Gc<Set>, iterable: Value) -> Result<()> {
        if let Some(other) = self.as_set(iterable) {
            return self.set_merge(set, other);
        }
        if let Some(dict) = self.exact_dict(iterable) {
            let wanted = dict.get(self).len();
            let this = set.get(self);
            if (this.filled + wanted) * 5 >= this.mask() * 3 {
                self.set_rebuild(set, (this.used + wanted) * 2)?;
            }
            return self.each_dict_key(dict, |py, hash, key| py.set_add_hashed(set, hash, key).map(|_| true));
        }
        if let Some(items) = self.exact_items(iterable) {
            let mut count = items.len();
            let mut index = 0;
            while index < count {
                let Some(item) = self.exact_items(iterable).and_then(|items| items.get(index).copied()) else { break };
                self.set_add(set, item)?;
                index += 1;
                count = self.exact_items(iterable).map_or(0, <[Value]>::len);
            }
            return Ok(());
        }
        let iterator = self.iter(iterable)?;
        while let Some(key) = self.next_untaken(iterator, &mut |py, key| py.set_add_quick(set, key))? {
            self.set_add(set, key)?;
        }
        Ok(())
    }

    /// Add the keys of another set.
    pub(crate) fn set_merge(&mut self, set: Gc<Set>, other: Gc<Set>) -> Result<()> {
        if set == other || other.get(self).is_empty() {
            return Ok(());
        }
        let (this, from) = (set.get(self), other.get(self));
        let crowded = (this.filled + from.used) * 5 >= this.mask() * 3;
        let wanted = if crowded { (this.used + from.used) * 2 } else { 0 };
        let rebuild = crowded || this.table.is_empty();
        let (size, filled) = if rebuild { (Set::table_size(wanted), this.used) } else { (this.table.len(), this.filled) };
        if filled == 0 && size == from.table.len() && from.filled == from.used {
            let used = from.used;
            let Ok(table) = HeapVec::copied(&mut self.heap, other, |other| &other.table) else { return Err(self.no_memory()) };
            let this = set.get_mut(self);
            (this.table, this.used, this.filled) = (table, used, used);
            return Ok(());
        }
        if rebuild {
            self.set_rebuild(set, wanted)?;
        }
        if filled == 0 {
            let mut at = 0;
            while let Some((place, hash, key)) = other.get(self).key_from(at) {
                let this = set.get_mut(self);
                this.insert_new(hash, key);
                (this.used, this.filled) = (this.used + 1, this.filled + 1);
                at = place + 1;
            }
            return Ok(());
        }
        self.each_key(other, |py, hash, key| py.set_add_hashed(set, hash, key).map(|_| true))
    }

    /// Call a function with hash and key of each key of a set, until it returns false.
    pub(crate) fn each_key(&mut self, set: Gc<Set>, mut f: impl FnMut(&mut Py, i64, Value) -> Result<bool>) -> Result<()> {
        let mut at = 0;
        while let Some((place, hash, key)) = set.get(self).key_from(at) {
            if !f(self, hash, key)? {
                break;
            }
            at = place + 1;
        }
        Ok(())
    }

    /// The same for the keys of a dictionary.
    pub(crate) fn each_dict_key(&mut self, dict: Gc<Dict>, mut f: impl FnMut(&mut Py, i64, Value) -> Result<bool>) -> Result<()> {
        let mut at = 0;
        while let Some((position, key, _)) = dict.get(self).entry_from(at) {
            let hash = dict.get(self).entries()[position].hash;
            if !f(self, hash, key)? {
                break;
            }
            at = position + 1;
        }
        Ok(())
    }

    /// The same for the values of any iterable, which are hashed unless it is a set or an exact dictionary.
    pub(crate) fn each_element(
        &mut self,
        iterable: Value,
        hash: fn(&mut Py, Value) -> Result<i64>,
        mut f: impl FnMut(&mut Py, i64, Value) -> Result<bool>,
    ) -> Result<()> {
        if let Some(set) = self.as_set(iterable) {
            return self.each_key(set, f);
        }
        if let Some(dict) = self.exact_dict(iterable) {
            return self.each_dict_key(dict, f);
        }
        let iterator = self.iter(iterable)?;
        while let Some(key) = self.next(iterator)? {
            let hash = hash(self, key)?;
            if !f(self, hash, key)? {
                break;
            }
        }
        Ok(())
    }

    /// The value as a dictionary that is not of a subclass.
    #[inline]
    pub(crate) fn exact_dict(&self, value: Value) -> Option<Gc<Dict>> {
        crate::object::is_exact(value, shapes::DICT).then(|| Gc::known(self, value))
    }

    /// A copy of a set, as a set or frozenset like the original.
    pub fn set_copy(&mut self, set: Gc<Set>) -> Result<Gc<Set>> {
        let copy = self.set_like(set);
        self.set_merge(copy, set)?;
        Ok(copy)
    }

    /// `set.difference_update(iterable)`.
    pub(crate) fn set_subtract(&mut self, set: Gc<Set>, iterable: Value) -> Result<()> {
        if iterable == set.into() {
            self.set_clear(set);
            return Ok(());
        }
        if let Some(other) = self.as_set(iterable)
            && other.get(self).len() >> 3 > set.get(self).len()
        {
            let smaller = self.set_intersection(set, iterable)?;
            return self.each_key(smaller, |py, hash, key| py.set_discard_hashed(set, hash, key).map(|_| true));
        }
        self.each_element(iterable, Py::hash_element, |py, hash, key| py.set_discard_hashed(set, hash, key).map(|_| true))?;
        let this = set.get(self);
        if (this.filled - this.used) * 4 > this.mask() {
            let wanted = if this.used > 50_000 { this.used * 2 } else { this.used * 4 };
            self.set_rebuild(set, wanted)?;
        }
        Ok(())
    }

    /// `set.difference(iterable)`.
    pub(crate) fn set_difference(&mut self, set: Gc<Set>, iterable: Value) -> Result<Gc<Set>> {
        let (other, dict) = (self.as_set(iterable), self.exact_dict(iterable));
        let size = match (other, dict) {
            (Some(other), _) => other.get(self).len(),
            (_, Some(dict)) => dict.get(self).len(),
            _ => 0,
        };
        if (other.is_none() && dict.is_none()) || set.get(self).len() >> 2 > size {
            let copy = self.set_copy(set)?;
            self.set_subtract(copy, iterable)?;
            return Ok(copy);
        }
        let result = self.set_like(set);
        self.each_key(set, |py, hash, key| {
            let present = match (other, dict) {
                (Some(other), _) => py.set_contains_hashed(other, hash, key)?,
                (_, Some(dict)) => py.dict_get_hashed(dict, hash, key)?.is_some(),
                _ => false,
            };
            if !present {
                py.set_add_hashed(result, hash, key)?;
            }
            Ok(true)
        })?;
        Ok(result)
    }

    /// `set.intersection(iterable)`.
    pub(crate) fn set_intersection(&mut self, set: Gc<Set>, iterable: Value) -> Result<Gc<Set>> {
        if iterable == set.into() {
            return self.set_copy(set);
        }
        let result = self.set_like(set);
        let (mut set, mut iterable) = (set, iterable);
        if let Some(other) = self.as_set(iterable)
            && other.get(self).len() > set.get(self).len()
        {
            (set, iterable) = (other, set.into());
        }
        self.each_element(iterable, Py::hash, |py, hash, key| {
            if py.set_contains_hashed(set, hash, key)? {
                py.set_add_hashed(result, hash, key)?;
            }
            Ok(true)
        })?;
        Ok(result)
    }

    /// Take over the keys of a set that nothing else refers to.
    pub(crate) fn set_replace(&mut self, set: Gc<Set>, with: Gc<Set>) {
        let from = with.get_mut(self);
        let (used, filled, table) = (from.used, from.filled, from.table.take());
        (from.used, from.filled) = (0, 0);
        let this = set.get_mut(self);
        (this.used, this.filled, this.finger, this.table) = (used, filled, 0, table);
    }

    /// `set.symmetric_difference_update(iterable)`.
    pub(crate) fn set_toggle(&mut self, set: Gc<Set>, iterable: Value) -> Result<()> {
        if iterable == set.into() {
            self.set_clear(set);
            return Ok(());
        }
        // Keys that come twice count once.
        let other = match self.as_set(iterable).is_some() || self.exact_dict(iterable).is_some() {
            true => iterable,
            false => self.set_from_iterable(shapes::SET, iterable)?.into(),
        };
        self.each_element(other, Py::hash_element, |py, hash, key| {
            if !py.set_discard_hashed(set, hash, key)? {
                py.set_add_hashed(set, hash, key)?;
            }
            Ok(true)
        })
    }

    /// Whether all keys of `set` are in `other`.
    pub(crate) fn set_is_subset(&mut self, set: Gc<Set>, other: Gc<Set>) -> Result<bool> {
        if set.get(self).len() > other.get(self).len() {
            return Ok(false);
        }
        let mut all = true;
        self.each_key(set, |py, hash, key| {
            all = py.set_contains_hashed(other, hash, key)?;
            Ok(all)
        })?;
        Ok(all)
    }

    /// Whether no value of the iterable is in the set.
    pub(crate) fn set_is_disjoint(&mut self, set: Gc<Set>, iterable: Value) -> Result<bool> {
        if iterable == set.into() {
            return Ok(set.get(self).is_empty());
        }
        let (mut set, mut iterable) = (set, iterable);
        if let Some(other) = self.as_set(iterable)
            && other.get(self).len() > set.get(self).len()
        {
            (set, iterable) = (other, set.into());
        }
        let mut disjoint = true;
        self.each_element(iterable, Py::hash_element, |py, hash, key| {
            disjoint = !py.set_contains_hashed(set, hash, key)?;
            Ok(disjoint)
        })?;
        Ok(disjoint)
    }
}

impl Set {
    /// The size of a table for at least this many keys.
    pub(super) fn table_size(wanted: usize) -> usize {
        (wanted + 1).next_power_of_two().max(super::SMALLEST)
    }

    /// The size of the table as CPython counts it, less one.
    fn mask(&self) -> usize {
        self.table.len().max(super::SMALLEST) - 1
    }
}
