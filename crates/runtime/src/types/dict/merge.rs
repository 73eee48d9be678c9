//! Filling dictionaries from mappings, iterables of pairs and keyword arguments; equality.

use crate::native::Args;
use crate::object::{Dict, Str};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

impl Py {
    /// `dict(...)` and `dict.update(...)`.
    pub fn dict_update_args(&mut self, function: &str, dict: Gc<Dict>, args: Args) -> Result<()> {
        match *args.positional() {
            [] => {}
            [source] => self.dict_update(dict, source)?,
            _ => raise!(self, TypeError, "{function} expected at most 1 argument, got {}", args.positional().len()),
        }
        for index in 0..args.keyword_count() {
            let (name, value) = args.keyword(self, index);
            self.dict_set(dict, name.into(), value)?;
        }
        Ok(())
    }

    /// `dict.update(source)` for a mapping or an iterable of pairs.
    pub fn dict_update(&mut self, dict: Gc<Dict>, source: Value) -> Result<()> {
        if let Some(source) = self.plainly_iterated_dict(source) {
            return self.dict_merge(dict, source);
        }
        let name = self.names.keys;
        match self.lookup_attr(source, name)? {
            Some(_) => self.dict_update_from_mapping(dict, source),
            None => self.dict_update_from_pairs(dict, source),
        }
    }

    /// `{**source}`: the source must be a mapping.
    pub fn dict_update_mapping(&mut self, dict: Gc<Dict>, source: Value) -> Result<()> {
        if let Some(source) = self.plainly_iterated_dict(source) {
            return self.dict_merge(dict, source);
        }
        let name = self.names.keys;
        if self.lookup_attr(source, name)?.is_none() {
            let class = self.class_name(source);
            raise!(self, TypeError, "'{class}' object is not a mapping");
        }
        self.dict_update_from_mapping(dict, source)
    }

    /// A dictionary whose class iterates as `dict` does.
    fn plainly_iterated_dict(&self, source: Value) -> Option<Gc<Dict>> {
        let dict = Gc::<Dict>::cast(self, source)?;
        let iter = |class: Gc<crate::object::Class>| class.get(self).slots.iter.map(|f| f as usize);
        (iter(self.class_of(source)) == iter(self.types.dict)).then_some(dict)
    }

    /// Add the entries of one dictionary to another; RuntimeError when comparing keys changes the source.
    fn dict_merge(&mut self, target: Gc<Dict>, source: Gc<Dict>) -> Result<()> {
        if target == source {
            return Ok(());
        }
        if target.get(self).is_empty() {
            return self.dict_copy_into(target, source);
        }
        let count = source.get(self).len();
        let mut at = 0;
        while let Some((position, key, value)) = source.get(self).entry_from(at) {
            let hash = source.get(self).entries()[position].hash;
            self.dict_set_hashed(target, hash, key, value)?;
            if source.get(self).len() != count {
                raise!(self, RuntimeError, "dict mutated during update");
            }
            at = position + 1;
        }
        Ok(())
    }

    fn dict_update_from_mapping(&mut self, dict: Gc<Dict>, source: Value) -> Result<()> {
        let name = self.names.keys;
        let keys = self.call_method(source, name, &[])?;
        let iterator = self.iter(keys)?;
        while let Some(key) = self.next(iterator)? {
            let value = self.get_item(source, key)?;
            self.dict_set(dict, key, value)?;
        }
        Ok(())
    }

    fn dict_update_from_pairs(&mut self, dict: Gc<Dict>, source: Value) -> Result<()> {
        let iterator = self.iter(source)?;
        let mut number = 0;
        while let Some(item) = self.next_untaken(iterator, &mut |py, item| {
            let taken = match py.exact_items(item) {
                Some([key, value]) => {
                    let (key, value) = (*key, *value);
                    py.dict_put_quick(dict, key, value)
                }
                _ => false,
            };
            number += usize::from(taken);
            taken
        })? {
            let pair = match self.collect_or(item, "object is not iterable") {
                Ok(pair) => pair,
                Err(raised) => {
                    if self.exception_matches(self.exceptions.TypeError) {
                        let note = format!("Cannot convert dictionary update sequence element #{number} to a sequence");
                        self.note_exception(&note);
                    }
                    return Err(raised);
                }
            };
            let [key, value] = pair[..] else {
                let len = pair.len();
                raise!(self, ValueError, "dictionary update sequence element #{number} has length {len}; 2 is required");
            };
            self.dict_set(dict, key, value)?;
            number += 1;
        }
        Ok(())
    }

    /// Add a note to the current exception.
    fn note_exception(&mut self, note: &str) {
        let exception = self.take_exception();
        let note = self.new_str(note);
        if self.call_method_named(exception, "add_note", &[note.into()]).is_err() {
            self.clear_exception();
        }
        let _ = self.restore_exception(exception);
    }

    /// Add the items of `source`, an argument after `**` in a call of `function`, to the keyword arguments collected so far.
    pub fn merge_keyword_arguments(&mut self, target: Gc<Dict>, source: Value, function: Value) -> Result<()> {
        let Some(dict) = self.plainly_iterated_dict(source) else {
            let name = self.names.keys;
            if self.lookup_attr(source, name)?.is_none() {
                let (function, class) = (self.callable_text(function)?, self.class_name(source));
                raise!(self, TypeError, "{function} argument after ** must be a mapping, not {class}");
            }
            let keys = self.call_method(source, name, &[])?;
            let iterator = self.iter(keys)?;
            while let Some(key) = self.next(iterator)? {
                let value = self.get_item(source, key)?;
                self.add_keyword_argument(target, key, value, function)?;
            }
            return Ok(());
        };
        if target.get(self).is_empty() {
            return self.dict_copy_into(target, dict);
        }
        let mut at = 0;
        while let Some((position, key, value)) = dict.get(self).entry_from(at) {
            self.add_keyword_argument(target, key, value, function)?;
            at = position + 1;
        }
        Ok(())
    }

    fn add_keyword_argument(&mut self, target: Gc<Dict>, key: Value, value: Value, function: Value) -> Result<()> {
        let hash = self.hash(key)?;
        if self.dict_find(target, hash, key)?.is_some() {
            if Gc::<Str>::cast(self, key).is_none() {
                let function = self.callable_text(function)?;
                raise!(self, TypeError, "{function} keywords must be strings");
            }
            let (function, key) = (self.callable_text(function)?, self.str_text(key)?);
            raise!(self, TypeError, "{function} got multiple values for keyword argument '{key}'");
        }
        self.dict_set_hashed(target, hash, key, value)
    }

    /// Whether two dictionaries have the same keys with equal values.
    pub(crate) fn dict_equal(&mut self, left: Gc<Dict>, right: Gc<Dict>) -> Result<bool> {
        if left.get(self).len() != right.get(self).len() {
            return Ok(false);
        }
        self.enter_native(" in comparison")?;
        let mut at = 0;
        while let Some((position, key, value)) = left.get(self).entry_from(at) {
            let hash = left.get(self).entries()[position].hash;
            match self.dict_get_hashed(right, hash, key)? {
                Some(other) if self.eq(value, other)? => {}
                _ => return Ok(false),
            }
            at = position + 1;
        }
        Ok(true)
    }
}
