//! What list, tuple, range and other sequences have in common: subscripts, item-wise comparison, representation.

use super::slice::{Slice, SliceBounds};
use crate::object::CompareOp;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, RootVec, Value};
use std::cmp::Ordering;

/// What the key of `sequence[key]` selects.
#[derive(Clone, Copy)]
pub enum Subscript {
    /// One item; the index may be negative.
    Index(isize),
    /// A slice.
    Slice(Gc<Slice>),
}

impl Py {
    /// The key of a subscript of a sequence of the kind `kind`.
    #[inline]
    pub(crate) fn subscript(&mut self, kind: &str, key: Value) -> Result<Subscript> {
        if let Some(index) = key.as_int() {
            return Ok(Subscript::Index(index as isize));
        }
        self.subscript_slow(kind, key)
    }

    #[cold]
    fn subscript_slow(&mut self, kind: &str, key: Value) -> Result<Subscript> {
        if self.has_index(key) {
            return self.to_subscript(key).map(Subscript::Index);
        }
        if let Some(slice) = Gc::<Slice>::cast(self, key) {
            return Ok(Subscript::Slice(slice));
        }
        let given = self.class_name(key);
        raise!(self, TypeError, "{kind} indices must be integers or slices, not {given}")
    }

    /// The items a slice selects of a sequence, whose length is asked for after the slice's numbers have been computed.
    pub fn slice_bounds(&mut self, slice: Gc<Slice>, len: impl FnOnce(&Py) -> usize) -> Result<SliceBounds> {
        let numbers = self.slice_numbers(slice)?;
        Ok(numbers.fit(len(self)))
    }

    /// Compare two sequences item by item. The functions give the items of either side, nothing past the end.
    #[inline]
    pub fn compare_items(
        &mut self,
        op: CompareOp,
        left: impl Fn(&Py, usize) -> Option<Value>,
        right: impl Fn(&Py, usize) -> Option<Value>,
    ) -> Result {
        let mut index = 0;
        loop {
            let ordering = match (left(self, index), right(self, index)) {
                (Some(l), Some(r)) => {
                    if self.eq(l, r)? {
                        index += 1;
                        continue;
                    }
                    if left(self, index).is_none() || right(self, index).is_none() {
                        continue;
                    }
                    return match op {
                        CompareOp::Eq => Ok(Value::FALSE),
                        CompareOp::Ne => Ok(Value::TRUE),
                        _ => self.compare(op, l, r),
                    };
                }
                (None, Some(_)) => Ordering::Less,
                (Some(_), None) => Ordering::Greater,
                (None, None) => Ordering::Equal,
            };
            return Ok(Value::bool(op.holds(ordering)));
        }
    }

    /// The items of an iterable; another TypeError when it is not iterable at all.
    pub(crate) fn collect_or(&mut self, iterable: Value, text: &str) -> Result<RootVec> {
        let mut values = RootVec::new(&mut self.heap);
        if let Some(items) = self.exact_items(iterable) {
            values.extend_from_slice(items);
            return Ok(values);
        }
        match self.iter(iterable) {
            Ok(iterator) => self.drain_iterator(&mut values, iterator)?,
            Err(raised) => {
                if self.exception_matches(self.exceptions.TypeError) {
                    raise!(self, TypeError, "{text}");
                }
                return Err(raised);
            }
        }
        Ok(values)
    }

    /// Append what is left of an iterator.
    pub(crate) fn drain_iterator(&mut self, target: &mut RootVec, iterator: Value) -> Result<()> {
        while let Some(value) = self.next(iterator)? {
            if target.try_push(value).is_err() {
                return Err(self.no_memory());
            }
        }
        Ok(())
    }

    /// Note that the representation of an object is being made. False: it is already, so the object contains itself.
    pub fn repr_enter(&mut self, object: Value) -> bool {
        let address = object.bits();
        if self.repr_stack.contains(&address) {
            return false;
        }
        self.repr_stack.push(address);
        true
    }

    /// The representation of the object entered last is done.
    pub fn repr_leave(&mut self) {
        self.repr_stack.pop();
    }

    /// The representation of a container: `write` appends it to the text; `recursive` stands for a container inside itself.
    pub fn repr_of_container(&mut self, object: Value, recursive: &str, write: impl FnOnce(&mut Py, &mut Vec<u8>) -> Result<()>) -> Result {
        if !self.repr_enter(object) {
            return Ok(self.new_str(recursive).into());
        }
        let mut text = Vec::new();
        let result = write(self, &mut text);
        self.repr_leave();
        result?;
        Ok(self.new_str_wtf8(&text).into())
    }

    /// Append the representation of an item.
    pub fn repr_into(&mut self, text: &mut Vec<u8>, item: Value) -> Result<()> {
        let repr = self.repr(item)?;
        let bytes = repr.get(self).bytes();
        if text.try_reserve(bytes.len()).is_err() {
            return Err(self.no_memory());
        }
        text.extend_from_slice(bytes);
        Ok(())
    }

    /// Append the representations of the items that `item` gives, until there are no more.
    pub(crate) fn repr_items(&mut self, text: &mut Vec<u8>, item: impl Fn(&Py, usize) -> Option<Value>) -> Result<()> {
        let mut index = 0;
        while let Some(item) = item(self, index) {
            if index > 0 {
                text.extend_from_slice(b", ");
            }
            self.repr_into(text, item)?;
            index += 1;
        }
        Ok(())
    }

    /// A position given to `index` and the like: negative ones count from the end, and none is below zero.
    pub(crate) fn clamp_position(position: isize, len: usize) -> usize {
        if position < 0 { position.saturating_add(len as isize).max(0) as usize } else { position as usize }
    }
}
