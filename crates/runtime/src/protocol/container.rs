//! Subscripts, lengths, membership.

use crate::object::{Class, ClassFlags, Dict, Str, Tuple};
use crate::types::{Bytes, List, shapes};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

impl Py {
    /// `len(object)`.
    pub fn len(&mut self, object: Value) -> Result<usize> {
        if let Some(len) = self.quick_len(object) {
            return Ok(len);
        }
        self.enter_native("")?;
        match self.class_of(object).get(self).slots.len {
            Some(len) => len(self, object),
            None => {
                let class = self.class_name(object);
                raise!(self, TypeError, "object of type '{class}' has no len()")
            }
        }
    }

    /// The length of an object of a few builtin types.
    #[inline(always)]
    pub(crate) fn quick_len(&self, object: Value) -> Option<usize> {
        if !object.is_heap() {
            return None;
        }
        match object.header().shape() {
            shapes::LIST => Some(Gc::<List>::known(self, object).get(self).len()),
            shapes::TUPLE => Some(Gc::<Tuple>::known(self, object).get(self).len()),
            shapes::DICT => Some(Gc::<Dict>::known(self, object).get(self).len()),
            shapes::STR => Some(Gc::<Str>::known(self, object).get(self).char_len()),
            shapes::BYTES => Some(Gc::<Bytes>::known(self, object).get(self).data().len()),
            _ => None,
        }
    }

    /// `object[key]`, with `__class_getitem__` for classes.
    pub fn get_item(&mut self, object: Value, key: Value) -> Result {
        self.enter_native("")?;
        if let Some(getitem) = self.class_of(object).get(self).slots.getitem {
            return getitem(self, object, key);
        }
        if let Some(class) = Gc::<Class>::cast(self, object) {
            if class == self.types.r#type {
                return self.new_generic_alias(object, key);
            }
            let name = self.names.__class_getitem__;
            if let Some(method) = self.lookup_attr(object, name)?
                && !method.is_none()
            {
                return self.call(method, &[key]);
            }
            let name = class.get(self).name.get(self).lossy();
            raise!(self, TypeError, "type '{name}' is not subscriptable");
        }
        let class = self.class_name(object);
        raise!(self, TypeError, "'{class}' object is not subscriptable")
    }

    /// `object[key] = value`.
    pub fn set_item(&mut self, object: Value, key: Value, value: Value) -> Result<()> {
        self.enter_native("")?;
        match self.class_of(object).get(self).slots.setitem {
            Some(setitem) => setitem(self, object, key, Some(value)),
            None => {
                self.sequence_index(object, key)?;
                let class = self.class_name(object);
                raise!(self, TypeError, "'{class}' object does not support item assignment")
            }
        }
    }

    /// `del object[key]`.
    pub fn del_item(&mut self, object: Value, key: Value) -> Result<()> {
        self.enter_native("")?;
        match self.class_of(object).get(self).slots.setitem {
            Some(setitem) => setitem(self, object, key, None),
            None => {
                let not = if self.sequence_index(object, key)? { "doesn't" } else { "does not" };
                let class = self.class_name(object);
                raise!(self, TypeError, "'{class}' object {not} support item deletion")
            }
        }
    }

    /// Whether a key is an index of something that CPython takes for a sequence; one that fits no sequence is an error.
    fn sequence_index(&mut self, object: Value, key: Value) -> Result<bool> {
        let class = self.class_of(object);
        if !self.has_sequence_slots(class) || !self.has_index(key) {
            return Ok(false);
        }
        self.to_subscript(key)?;
        Ok(true)
    }

    /// Whether a class has CPython's table of sequence methods, with or without entries.
    pub(crate) fn has_sequence_slots(&self, class: Gc<Class>) -> bool {
        let class = class.get(self);
        class.is_heap_class() || class.slots.contains.is_some() || class.slots.len.is_some()
    }

    /// `item in container`.
    pub fn contains(&mut self, container: Value, item: Value) -> Result<bool> {
        self.enter_native("")?;
        match self.class_of(container).get(self).slots.contains {
            Some(contains) => contains(self, container, item),
            None => self.contains_by_iteration(container, item),
        }
    }

    /// `item in container` by going through the container.
    pub fn contains_by_iteration(&mut self, container: Value, item: Value) -> Result<bool> {
        let class = self.class_of(container);
        let slots = &class.get(self).slots;
        if slots.iter.is_none() && (slots.getitem.is_none() || !self.is_indexable(class)) {
            let class = self.class_name(container);
            raise!(self, TypeError, "argument of type '{class}' is not a container or iterable");
        }
        let iterator = self.iter(container)?;
        while let Some(value) = self.next(iterator)? {
            if self.eq(value, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether instances can be iterated by index: native sequences, and Python classes with `__getitem__` that are no dicts.
    pub fn is_indexable(&self, class: Gc<Class>) -> bool {
        let class = class.get(self);
        if class.flags.contains(ClassFlags::DICT) {
            return false;
        }
        class.flags.intersects(ClassFlags::INDEXABLE) || (class.is_heap_class() && class.slots.getitem.is_some())
    }

    /// `PyMapping_Check`.
    pub fn is_mapping(&self, value: Value) -> bool {
        self.class_of(value).get(self).slots.getitem.is_some()
    }

    /// `PySequence_Check`.
    pub fn is_sequence(&self, value: Value) -> bool {
        let class = self.class_of(value);
        class.get(self).slots.getitem.is_some() && self.is_indexable(class)
    }
}
