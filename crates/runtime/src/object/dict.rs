//! The layout of `dict` and its lookups: entries in insertion order beside a table of entry numbers.
//!
//! Up to eight entries there is no table and lookups scan the hashes. A deleted entry keeps its place with an empty key. `version` changes when
//! a key is added or removed or the entries move, which is what inline caches of entry numbers rely on. Methods of the
//! Python type are in `types/dict`. Counterpart: `Objects/dictobject.c`.

use super::Str;
use crate::native::Args;
use crate::{Py, Result};
use bredli_heap::{Gc, Header, Heap, HeapVec, Kind, Object, Trace, Tracer, Value};
use bredli_macros::{Trace, pyclass};

/// One key with its value.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Entry {
    /// Hash of the key.
    pub hash: i64,
    /// The key; empty when the entry was deleted.
    pub key: Option<Value>,
    /// The value.
    pub value: Option<Value>,
}

impl Trace for Entry {
    #[inline(always)]
    fn refers(&self) -> bool {
        self.key.refers() || self.value.refers()
    }

    fn trace(&self, tracer: &mut Tracer) {
        self.key.trace(tracer);
        self.value.trace(tracer);
    }
}

/// dict() -> new empty dictionary
/// dict(mapping) -> new dictionary initialized from a mapping object's
///     (key, value) pairs
/// dict(iterable) -> new dictionary initialized as if via:
///     d = {}
///     for k, v in iterable:
///         d[k] = v
/// dict(**kwargs) -> new dictionary initialized with the name=value pairs
///     in the keyword argument list.  For example:  dict(one=1, two=2)
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "dict", core, flags(BASETYPE, MAPPING, DICT, MATCH_SELF))]
pub struct Dict {
    /// The object header.
    pub header: Header,
    /// Changes with the set of keys and their places.
    pub version: u32,
    live: u32,
    entries: HeapVec<Entry>,
    table: HeapVec<u32>,
    /// Places of the table that are not vacant.
    spent: usize,
    /// No entry before this one lives, so that the oldest key is found at once.
    first: usize,
    /// What a native subclass keeps: the factory of a `defaultdict`.
    pub extra: Option<Value>,
}

const VACANT: u32 = u32::MAX;
const REMOVED: u32 = u32::MAX - 1;
const LINEAR: usize = 8;

/// Dictionaries with so many entries grow by four times, smaller ones by two.
const LARGE: usize = 10_000;

/// How many entries a table of this size serves.
#[inline(always)]
const fn usable(size: usize) -> usize {
    size * 2 / 3
}

/// What a lookup by hash and identity found.
enum Look {
    Found(usize),
    Absent,
    /// Another key has the same hash, that of the entry with this number: they are to be compared.
    Similar(usize),
}

/// What a lookup that may compare keys found.
enum Probe {
    Found(usize),
    Absent,
    /// These keys have the same hash but comparing them needs Python code.
    Compare(usize, Value),
}

impl Dict {
    /// A cell that stands for a dictionary which does not exist yet; it is never read.
    pub(crate) fn placeholder(heap: &mut Heap) -> Gc<Dict> {
        let cell = heap.alloc_raw(crate::types::shapes::BUFFER, Kind::Leaf, 0, Dict::LAYOUT.size);
        // SAFETY: the cell has the size of a dictionary; start-up replaces the handle before anything reads through it.
        unsafe { Gc::from_ptr(cell.cast()) }
    }

    /// An empty dictionary's payload.
    pub fn empty() -> Self {
        Self { header: Header::EMPTY, version: 0, live: 0, entries: HeapVec::EMPTY, table: HeapVec::EMPTY, spent: 0, first: 0, extra: None }
    }

    /// Number of keys.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.live as usize
    }

    /// Whether there are no keys.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// The entries in insertion order, deleted ones (no key) among them.
    #[inline(always)]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The first living entry at or after a position: its position, key and value.
    #[inline]
    pub fn entry_from(&self, start: usize) -> Option<(usize, Value, Value)> {
        let start = start.max(self.first);
        self.entries.get(start..)?.iter().enumerate().find_map(|(i, e)| Some((start + i, e.key?, e.value?)))
    }

    /// The last living entry before a position.
    pub fn entry_before(&self, end: usize) -> Option<(usize, Value, Value)> {
        self.entries.get(..end)?.iter().enumerate().rev().find_map(|(i, e)| Some((i, e.key?, e.value?)))
    }

    /// Look for a key without comparing it to others: that suffices for nearly all keys that are there, and for those that are not.
    #[inline(always)]
    fn look(&self, hash: i64, key: Value) -> Look {
        if self.table.is_empty() {
            for (number, entry) in self.entries.iter().enumerate() {
                if entry.hash == hash && entry.key.is_some() {
                    return if entry.key == Some(key) { Look::Found(number) } else { Look::Similar(number) };
                }
            }
            return Look::Absent;
        }
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        let mut perturb = hash as u64;
        loop {
            // SAFETY: the place is at most the mask, which is below the table's length.
            match unsafe { *self.table.get_unchecked(at) } {
                VACANT => return Look::Absent,
                REMOVED => {}
                number => {
                    debug_assert!((number as usize) < self.entries.len());
                    // SAFETY: the numbers in the table are those of entries; only entries without key, which have no number, are dropped.
                    let entry = unsafe { self.entries.get_unchecked(number as usize) };
                    if entry.hash == hash {
                        return if entry.key == Some(key) { Look::Found(number as usize) } else { Look::Similar(number as usize) };
                    }
                }
            }
            perturb >>= 5;
            at = at.wrapping_mul(5).wrapping_add(perturb as usize).wrapping_add(1) & mask;
        }
    }

    #[inline(always)]
    fn find(&self, hash: i64, mut same: impl FnMut(Value) -> bool) -> Option<usize> {
        if self.table.is_empty() {
            return self.entries.iter().position(|e| e.hash == hash && e.key.is_some_and(&mut same));
        }
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        let mut perturb = hash as u64;
        loop {
            match self.table[at] {
                VACANT => return None,
                REMOVED => {}
                number => {
                    let entry = &self.entries[number as usize];
                    if entry.hash == hash && entry.key.is_some_and(&mut same) {
                        return Some(number as usize);
                    }
                }
            }
            perturb >>= 5;
            at = at.wrapping_mul(5).wrapping_add(perturb as usize).wrapping_add(1) & mask;
        }
    }

    /// Whether there are as many entries as the table, or looking through them without one, allows.
    #[inline(always)]
    fn is_full(&self) -> bool {
        let count = self.entries.len();
        if self.table.is_empty() { count >= LINEAR } else { count.max(self.spent) >= usable(self.table.len()) }
    }

    /// Whether an entry can be added as things are.
    #[inline(always)]
    fn has_room(&self) -> bool {
        self.entries.len() < self.entries.capacity() && !self.is_full()
    }

    fn table_place(&self, hash: i64, wanted: u32) -> usize {
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        let mut perturb = hash as u64;
        while self.table[at] != wanted {
            perturb >>= 5;
            at = at.wrapping_mul(5).wrapping_add(perturb as usize).wrapping_add(1) & mask;
        }
        at
    }

    /// The first place for a key with this hash that no entry uses.
    #[inline(always)]
    fn free_place(&self, hash: i64) -> usize {
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        let mut perturb = hash as u64;
        // SAFETY: the place is at most the mask, which is below the table's length.
        while unsafe { *self.table.get_unchecked(at) } < REMOVED {
            perturb >>= 5;
            at = at.wrapping_mul(5).wrapping_add(perturb as usize).wrapping_add(1) & mask;
        }
        at
    }

    fn rebuild_table(&mut self) {
        self.spent = self.live as usize;
        for number in 0..self.entries.len() {
            let entry = self.entries[number];
            if entry.key.is_some() {
                let place = self.free_place(entry.hash);
                self.table[place] = number as u32;
            }
        }
    }

    fn remove_at(&mut self, number: usize, version: u32) -> (Value, Value) {
        let entry = self.entries[number];
        if !self.table.is_empty() {
            let place = self.table_place(entry.hash, number as u32);
            self.table[place] = REMOVED;
        }
        let removed = (entry.key.expect("living entry"), entry.value.expect("living entry"));
        self.entries[number] = Entry { hash: 0, key: None, value: None };
        self.live -= 1;
        self.version = version;
        if number == self.first {
            let gap = self.entries.get(number..).unwrap_or_default().iter().take_while(|entry| entry.key.is_none()).count();
            self.first = number + gap;
        }
        removed
    }

    /// Forget the deleted entries at the end, so that the newest key is found at once.
    fn trim(&mut self) {
        while self.entries.last().is_some_and(|entry| entry.key.is_none()) {
            self.entries.pop();
        }
        self.first = self.first.min(self.entries.len());
    }

    /// Move an entry to the place of a deleted one before the first living entry.
    fn move_to_front(&mut self, number: usize) {
        let entry = std::mem::replace(&mut self.entries[number], Entry { hash: 0, key: None, value: None });
        self.first -= 1;
        self.entries[self.first] = entry;
        if !self.table.is_empty() {
            let place = self.table_place(entry.hash, number as u32);
            self.table[place] = self.first as u32;
        }
        self.trim();
    }
}

impl Py {
    /// A new empty dictionary.
    #[inline]
    pub fn new_dict(&mut self) -> Gc<Dict> {
        self.alloc(Dict::empty())
    }

    fn next_dict_version(&mut self) -> u32 {
        self.dict_version = self.dict_version.wrapping_add(1).max(1);
        self.dict_version
    }

    /// The value for a string key. Runs no Python code: keys that are not exact strings never equal one here unless identical.
    #[inline]
    pub fn dict_get_str(&self, dict: Gc<Dict>, key: Gc<Str>) -> Option<Value> {
        let dict = dict.get(self);
        let number = self.dict_find_str(dict, key)?;
        dict.entries[number].value
    }

    /// The entry number of a string key.
    #[inline]
    pub(crate) fn dict_find_str(&self, dict: &Dict, key: Gc<Str>) -> Option<usize> {
        self.dict_find_str_hashed(dict, key.get(self).hash(self.hash_keys), key)
    }

    #[inline(always)]
    fn dict_find_str_hashed(&self, dict: &Dict, hash: i64, key: Gc<Str>) -> Option<usize> {
        match dict.look(hash, key.into()) {
            Look::Found(number) => Some(number),
            Look::Absent => None,
            Look::Similar(number) => self.dict_find_text(dict, hash, key, number),
        }
    }

    /// The entry number of a string key, when the first entry with its hash is `first`.
    #[inline(never)]
    fn dict_find_text(&self, dict: &Dict, hash: i64, key: Gc<Str>, first: usize) -> Option<usize> {
        let word: Value = key.into();
        if dict.entries[first].key.is_some_and(|other| self.quick_eq(other, word) == Some(true)) {
            return Some(first);
        }
        dict.find(hash, |k| k == word || Gc::<Str>::cast(self, k).is_some_and(|k| k.get(self).same_text(key.get(self))))
    }

    /// The entry number of a key, or that there is none, where that can be told without running Python code.
    #[inline(always)]
    pub(crate) fn dict_find_quick(&self, dict: &Dict, key: Value) -> Option<Option<usize>> {
        self.dict_find_quick_hashed(dict, self.quick_key_hash(key)?, key)
    }

    #[inline(always)]
    fn dict_find_quick_hashed(&self, dict: &Dict, hash: i64, key: Value) -> Option<Option<usize>> {
        match dict.look(hash, key) {
            Look::Found(number) => Some(Some(number)),
            Look::Absent => Some(None),
            Look::Similar(number) => self.dict_find_comparing(dict, hash, key, number),
        }
    }

    /// The entry number of a key, when the first entry with its hash is `first`.
    #[inline(never)]
    fn dict_find_comparing(&self, dict: &Dict, hash: i64, key: Value, first: usize) -> Option<Option<usize>> {
        if dict.entries[first].key.is_some_and(|other| self.quick_key_eq(other, key) == Some(true)) {
            return Some(Some(first));
        }
        match self.dict_probe(dict, hash, key, 0) {
            Probe::Found(number) => Some(Some(number)),
            Probe::Absent => Some(None),
            Probe::Compare(..) => None,
        }
    }

    /// [`dict_find_quick`](Self::dict_find_quick) where it takes no call: for strings and small ints whose hash is known and no other key's.
    #[inline(always)]
    pub(crate) fn dict_find_ready(&self, dict: &Dict, key: Value) -> Option<Option<usize>> {
        match dict.look(self.ready_hash(key)?, key) {
            Look::Found(number) => Some(Some(number)),
            Look::Absent => Some(None),
            Look::Similar(_) => None,
        }
    }

    /// Set the value of a key that is there, where that takes no call; whether it is done.
    #[inline(always)]
    pub(crate) fn dict_replace_ready(&mut self, dict: Gc<Dict>, key: Value, value: Value) -> bool {
        let Some(Some(number)) = self.dict_find_ready(dict.get(self), key) else { return false };
        if value.is_heap() && dict.header().log() != 0 {
            return false;
        }
        // SAFETY: a reference is written only into an object that is remembered, or new.
        let this = unsafe { dict.get_mut_plain(self) };
        this.entries[number].value = Some(value);
        true
    }

    /// Set the value of a key where that needs no Python code; whether it is done.
    #[inline(always)]
    pub(crate) fn dict_put_quick(&mut self, dict: Gc<Dict>, key: Value, value: Value) -> bool {
        let Some(hash) = self.quick_key_hash(key) else { return false };
        let Some(found) = self.dict_find_quick_hashed(dict.get(self), hash, key) else { return false };
        match found {
            Some(number) => {
                self.dict_replace(dict, number, value);
                true
            }
            None => self.dict_append(dict, hash, key, value).is_ok(),
        }
    }

    /// Set the value of a string key. Fails only for want of memory.
    pub fn dict_set_str(&mut self, dict: Gc<Dict>, key: Gc<Str>, value: Value) -> Result<()> {
        match self.dict_find_str(dict.get(self), key) {
            Some(number) => self.dict_replace(dict, number, value),
            None => {
                let hash = key.get(self).hash(self.hash_keys);
                self.dict_append(dict, hash, key.into(), value)?;
            }
        }
        Ok(())
    }

    /// Remove a string key and return its value.
    pub fn dict_remove_str(&mut self, dict: Gc<Dict>, key: Gc<Str>) -> Option<Value> {
        let number = self.dict_find_str(dict.get(self), key)?;
        let version = self.next_dict_version();
        Some(dict.get_mut(self).remove_at(number, version).1)
    }

    /// Set the value of the entry with a number.
    #[inline(always)]
    fn dict_replace(&mut self, dict: Gc<Dict>, number: usize, value: Value) {
        if value.is_heap() {
            self.heap.barrier(dict.header());
        }
        // SAFETY: the value has passed the barrier, if it is a reference.
        let this = unsafe { dict.get_mut_plain(self) };
        this.entries[number].value = Some(value);
    }

    /// Add a key known to be absent.
    #[inline(never)]
    pub(super) fn dict_append(&mut self, dict: Gc<Dict>, hash: i64, key: Value, value: Value) -> Result<()> {
        if !dict.get(self).has_room() {
            self.dict_make_room(dict)?;
        }
        let version = self.next_dict_version();
        let entry = Entry { hash, key: Some(key), value: Some(value) };
        if self.heap.vec_push(dict, |dict: &mut Dict| &mut dict.entries, entry).is_err() {
            return Err(self.no_memory());
        }
        // SAFETY: the reference to the key is written, and what follows are numbers.
        let this = unsafe { dict.get_mut_plain(self) };
        let number = this.entries.len() as u32 - 1;
        if !this.table.is_empty() {
            let place = this.free_place(hash);
            let before = std::mem::replace(&mut this.table[place], number);
            this.spent += (before == VACANT) as usize;
        }
        this.live += 1;
        this.version = version;
        Ok(())
    }

    /// Make room for one more entry.
    #[inline(never)]
    fn dict_make_room(&mut self, dict: Gc<Dict>) -> Result<()> {
        let this = dict.get(self);
        let count = this.entries.len();
        if this.table.is_empty() && count >= LINEAR && this.len() <= LINEAR / 2 {
            let this = dict.get_mut(self);
            let mut kept = 0;
            for number in 0..count {
                if this.entries[number].key.is_some() {
                    this.entries[kept] = this.entries[number];
                    kept += 1;
                }
            }
            this.entries.truncate(kept);
            this.first = 0;
        } else if this.is_full() {
            self.dict_resize(dict)?;
        }
        if self.heap.vec_reserve(dict, |dict: &mut Dict| &mut dict.entries, 1).is_err() {
            return Err(self.no_memory());
        }
        Ok(())
    }

    /// Fill an empty dictionary with the names and values for the numbers below `count` for which there are any. No name comes twice.
    #[inline]
    pub(super) fn dict_fill_new(
        &mut self,
        dict: Gc<Dict>,
        count: usize,
        entry: impl Fn(&Py, usize) -> Option<(Gc<Str>, Value)>,
    ) -> Result<()> {
        let size = if count <= LINEAR { 0 } else { (count * 3 / 2 + 1).next_power_of_two() };
        let Ok(table) = HeapVec::<u32>::filled(&mut self.heap, size, VACANT) else { return Err(self.no_memory()) };
        let capacity = if size == 0 { count } else { (count + count / 4 + 2).min(usable(size) + 1) };
        let Ok(mut entries) = HeapVec::<Entry>::with_capacity(&mut self.heap, capacity) else { return Err(self.no_memory()) };
        for number in 0..count {
            if let Some((name, value)) = entry(self, number) {
                let hash = name.get(self).hash(self.hash_keys);
                entries.push_within_capacity(Entry { hash, key: Some(name.into()), value: Some(value) });
            }
        }
        let version = self.next_dict_version();
        let this = dict.get_mut(self);
        (this.live, this.version) = (entries.len() as u32, version);
        (this.table, this.entries) = (table, entries);
        if size != 0 {
            this.rebuild_table();
        }
        Ok(())
    }

    /// Drop deleted entries and give the table room for as many again.
    fn dict_resize(&mut self, dict: Gc<Dict>) -> Result<()> {
        let live = dict.get(self).live as usize;
        // In large dictionaries, pages that no entry has reached cost nothing, and growing again does.
        let factor = if live < LARGE { 3 } else { 4 };
        self.dict_rebuild(dict, (live * factor).next_power_of_two().max(16))
    }

    /// Make room for `additional` more keys.
    pub fn dict_reserve(&mut self, dict: Gc<Dict>, additional: usize) -> Result<()> {
        let wanted = dict.get(self).live as usize + additional;
        if wanted <= LINEAR || wanted <= usable(dict.get(self).table.len()) {
            return Ok(());
        }
        match wanted.checked_mul(3).and_then(|slots| (slots / 2 + 1).checked_next_power_of_two()) {
            Some(size) if size < REMOVED as usize => self.dict_rebuild(dict, size),
            _ => Err(self.no_memory()),
        }
    }

    /// Give the dictionary a table of this size and room for as many entries as fit it, without the deleted ones.
    fn dict_rebuild(&mut self, dict: Gc<Dict>, size: usize) -> Result<()> {
        self.dict_rebuild_behind(dict, size, 0)
    }

    /// The same, with `gap` places for entries before the first one.
    fn dict_rebuild_behind(&mut self, dict: Gc<Dict>, size: usize, gap: usize) -> Result<()> {
        let Ok(table) = HeapVec::<u32>::filled(&mut self.heap, size, VACANT) else { return Err(self.no_memory()) };
        let Ok(mut entries) = HeapVec::<Entry>::with_capacity(&mut self.heap, usable(size) + 1) else { return Err(self.no_memory()) };
        let this = dict.get_mut(self);
        (0..gap).for_each(|_| entries.push_within_capacity(Entry { hash: 0, key: None, value: None }));
        if this.live as usize == this.entries.len() {
            entries.extend_within_capacity(&this.entries);
        } else {
            this.entries.iter().filter(|entry| entry.key.is_some()).for_each(|entry| entries.push_within_capacity(*entry));
        }
        (this.table, this.entries, this.first) = (table, entries, gap);
        this.rebuild_table();
        Ok(())
    }

    /// The hash of a value that is to be a key.
    #[inline]
    pub fn hash_dict_key(&mut self, key: Value) -> Result<i64> {
        match self.quick_key_hash(key) {
            Some(hash) => Ok(hash),
            None => match self.hash(key) {
                Ok(hash) => Ok(hash),
                Err(raised) => Err(self.explain_unhashable(raised, key, "a dict key")),
            },
        }
    }

    /// The value for a key; `default`, now stored under the key, if there was none.
    pub fn dict_set_default(&mut self, dict: Gc<Dict>, hash: i64, key: Value, default: Value) -> Result {
        match self.dict_find(dict, hash, key)? {
            Some(number) => Ok(dict.get(self).entries[number].value.expect("living entry")),
            None => {
                self.dict_append(dict, hash, key, default)?;
                Ok(default)
            }
        }
    }

    /// The value for any key, comparing with `__eq__` where needed.
    pub fn dict_get(&mut self, dict: Gc<Dict>, key: Value) -> Result<Option<Value>> {
        if let Some(found) = self.dict_find_quick(dict.get(self), key) {
            return Ok(found.and_then(|number| dict.get(self).entries[number].value));
        }
        let hash = self.hash_dict_key(key)?;
        if let Some(found) = self.dict_find_quick_hashed(dict.get(self), hash, key) {
            return Ok(found.and_then(|number| dict.get(self).entries[number].value));
        }
        Ok(self.dict_find(dict, hash, key)?.and_then(|number| dict.get(self).entries[number].value))
    }

    /// The value for a key whose hash is known.
    pub fn dict_get_hashed(&mut self, dict: Gc<Dict>, hash: i64, key: Value) -> Result<Option<Value>> {
        Ok(self.dict_find(dict, hash, key)?.and_then(|number| dict.get(self).entries[number].value))
    }

    /// Set the value for any key.
    pub fn dict_set(&mut self, dict: Gc<Dict>, key: Value, value: Value) -> Result<()> {
        if self.dict_put_quick(dict, key, value) {
            return Ok(());
        }
        let hash = self.hash_dict_key(key)?;
        self.dict_set_hashed(dict, hash, key, value)
    }

    /// Set the value for a key whose hash is known.
    pub fn dict_set_hashed(&mut self, dict: Gc<Dict>, hash: i64, key: Value, value: Value) -> Result<()> {
        match self.dict_find(dict, hash, key)? {
            Some(number) => {
                self.dict_replace(dict, number, value);
                Ok(())
            }
            None => self.dict_append(dict, hash, key, value),
        }
    }

    /// Remove a key: the key and value that were stored.
    pub fn dict_remove(&mut self, dict: Gc<Dict>, key: Value) -> Result<Option<(Value, Value)>> {
        let hash = self.hash_dict_key(key)?;
        self.dict_remove_hashed(dict, hash, key)
    }

    /// Remove a key whose hash is known.
    pub fn dict_remove_hashed(&mut self, dict: Gc<Dict>, hash: i64, key: Value) -> Result<Option<(Value, Value)>> {
        let Some(number) = self.dict_find(dict, hash, key)? else { return Ok(None) };
        let version = self.next_dict_version();
        Ok(Some(dict.get_mut(self).remove_at(number, version)))
    }

    /// Remove the living entry at a position given by [`Dict::entry_from`].
    pub fn dict_remove_entry(&mut self, dict: Gc<Dict>, position: usize) -> (Value, Value) {
        let version = self.next_dict_version();
        let this = dict.get_mut(self);
        let removed = this.remove_at(position, version);
        this.trim();
        removed
    }

    /// Make a key the last one, or the first. Says whether it exists.
    pub fn dict_move(&mut self, dict: Gc<Dict>, key: Value, last: bool) -> Result<bool> {
        let hash = self.hash_dict_key(key)?;
        let Some(mut number) = self.dict_find(dict, hash, key)? else { return Ok(false) };
        let this = dict.get(self);
        if last {
            if this.entry_from(number + 1).is_some() {
                let (key, value) = self.dict_remove_entry(dict, number);
                self.dict_append(dict, hash, key, value)?;
            }
            return Ok(true);
        }
        if this.entry_before(number).is_none() {
            return Ok(true);
        }
        if this.first == 0 {
            let live = this.live as usize;
            let gap = live / 2 + 1;
            let before = this.entries[..number].iter().filter(|entry| entry.key.is_some()).count();
            let size = ((live + gap + 1) * 2).next_power_of_two().max(16);
            self.dict_rebuild_behind(dict, size, gap)?;
            number = gap + before;
        }
        let version = self.next_dict_version();
        let this = dict.get_mut(self);
        this.move_to_front(number);
        this.version = version;
        Ok(true)
    }

    /// Remove everything.
    pub fn dict_clear(&mut self, dict: Gc<Dict>) {
        let version = self.next_dict_version();
        let this = dict.get_mut(self);
        this.entries = HeapVec::EMPTY;
        this.table = HeapVec::EMPTY;
        this.spent = 0;
        this.first = 0;
        this.live = 0;
        this.version = version;
    }

    /// A copy with the same keys and values, in order.
    pub fn dict_copy(&mut self, dict: Gc<Dict>) -> Result<Gc<Dict>> {
        let copy = self.new_dict();
        self.dict_copy_into(copy, dict)?;
        Ok(copy)
    }

    /// Add the keys and values of one dictionary to another.
    pub fn dict_copy_into(&mut self, target: Gc<Dict>, source: Gc<Dict>) -> Result<()> {
        let (count, entries) = (source.get(self).len(), source.get(self).entries.len());
        if target.get(self).entries.is_empty() && count == entries {
            let size = source.get(self).table.len();
            let capacity = if size == 0 { count } else { usable(size).max(count) + 1 };
            let Ok(mut entries) = HeapVec::<Entry>::with_capacity(&mut self.heap, capacity) else { return Err(self.no_memory()) };
            let Ok(mut table) = HeapVec::<u32>::with_capacity(&mut self.heap, size) else { return Err(self.no_memory()) };
            entries.extend_within_capacity(&source.get(self).entries);
            table.extend_within_capacity(&source.get(self).table);
            let (version, spent) = (self.next_dict_version(), source.get(self).spent);
            let this = target.get_mut(self);
            (this.entries, this.table, this.spent) = (entries, table, spent);
            this.first = 0;
            (this.live, this.version) = (count as u32, version);
            return Ok(());
        }
        self.dict_reserve(target, count)?;
        let mut at = 0;
        while let Some((position, key, value)) = source.get(self).entry_from(at) {
            let hash = source.get(self).entries[position].hash;
            self.dict_set_hashed(target, hash, key, value)?;
            at = position + 1;
        }
        Ok(())
    }

    /// The entry number of a key. Comparing keys can run Python code that changes the dictionary: then the lookup starts again.
    pub(crate) fn dict_find(&mut self, dict: Gc<Dict>, hash: i64, key: Value) -> Result<Option<usize>> {
        'restart: loop {
            let version = dict.get(self).version;
            let mut passed = 0;
            loop {
                match self.dict_probe(dict.get(self), hash, key, passed) {
                    Probe::Found(number) => return Ok(Some(number)),
                    Probe::Absent => return Ok(None),
                    Probe::Compare(number, other) => {
                        let equal = self.eq(other, key)?;
                        let this = dict.get(self);
                        if this.version != version || this.entries.get(number).is_none_or(|e| e.key != Some(other)) {
                            continue 'restart;
                        }
                        if equal {
                            return Ok(Some(number));
                        }
                        passed += 1;
                    }
                }
            }
        }
    }

    /// One pass over the candidates with this hash, leaving out the first `passed` ones that needed Python code.
    fn dict_probe(&self, dict: &Dict, hash: i64, key: Value, passed: usize) -> Probe {
        let mut compared = 0;
        let mut pending = None;
        let found = dict.find(hash, |candidate| match self.quick_key_eq(candidate, key) {
            Some(equal) => equal,
            None => {
                compared += 1;
                if compared > passed {
                    pending = Some(candidate);
                    return true;
                }
                false
            }
        });
        match (found, pending) {
            (Some(number), Some(other)) => Probe::Compare(number, other),
            (Some(number), None) => Probe::Found(number),
            (None, _) => Probe::Absent,
        }
    }

    /// A dictionary of the keyword arguments of a call.
    pub fn kwargs_dict(&mut self, args: Args) -> Result<Gc<Dict>> {
        let dict = self.new_dict();
        for index in 0..args.keyword_count() {
            let (name, value) = args.keyword(self, index);
            self.dict_set_str(dict, name, value)?;
        }
        Ok(dict)
    }
}
