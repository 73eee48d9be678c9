//! Iteration: `iter`, `next`, and collecting iterables.

use crate::exec::Step;
use crate::object::Tuple;
use crate::types::List;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, RootVec, Value};

impl Py {
    /// `iter(object)`.
    pub fn iter(&mut self, object: Value) -> Result {
        self.enter_native("")?;
        let class = self.class_of(object);
        let Some(iter) = class.get(self).slots.iter else {
            if class.get(self).slots.getitem.is_some() && self.is_indexable(class) {
                return self.sequence_iter(object);
            }
            let class = self.class_name(object);
            raise!(self, TypeError, "'{class}' object is not iterable");
        };
        let iterator = iter(self, object)?;
        if !self.is_iterator(iterator) {
            return Err(self.not_an_iterator(iterator));
        }
        Ok(iterator)
    }

    /// TypeError for what an `__iter__` has given.
    #[cold]
    pub(crate) fn not_an_iterator(&mut self, value: Value) -> crate::Raised {
        let class = self.class_name(value);
        crate::error!(self, TypeError, "iter() returned non-iterator of type '{class}'")
    }

    /// Whether a value has `__next__`.
    pub fn is_iterator(&self, value: Value) -> bool {
        self.class_of(value).get(self).slots.next.is_some()
    }

    /// The next value of an iterator, or None at its end. Native loops poll here.
    #[inline]
    pub fn next(&mut self, iterator: Value) -> Result<Option<Value>> {
        self.poll()?;
        match self.advance(iterator) {
            Err(raised) => self.end_of_iteration(raised),
            next => next,
        }
    }

    #[cold]
    pub(crate) fn end_of_iteration(&mut self, raised: crate::Raised) -> Result<Option<Value>> {
        if self.exception_matches(self.exceptions.StopIteration) {
            self.clear_exception();
            return Ok(None);
        }
        Err(raised)
    }

    /// `__next__` of an iterator: its end is None, or StopIteration where that carries something or comes from Python code.
    #[inline]
    pub fn advance(&mut self, iterator: Value) -> Result<Option<Value>> {
        if iterator.is_heap() {
            match crate::exec::step(self, iterator) {
                Step::Value(value) => return Ok(Some(value)),
                Step::End => return Ok(None),
                Step::Undecided => {}
            }
        }
        if crate::object::is_exact(iterator, crate::types::shapes::GENERATOR) {
            return self.generator_next(iterator);
        }
        self.enter_native("")?;
        match self.class_of(iterator).get(self).slots.next {
            Some(next) => next(self, iterator),
            None => {
                let class = self.class_name(iterator);
                raise!(self, TypeError, "'{class}' object is not an iterator")
            }
        }
    }

    /// Append every value of an iterable.
    pub fn extend_from_iterable(&mut self, target: &mut RootVec, iterable: Value) -> Result<()> {
        if let Some(items) = self.exact_items(iterable) {
            target.extend_from_slice(items);
            return Ok(());
        }
        let iterator = self.iter(iterable)?;
        while let Some(value) = self.next_untaken(iterator, &mut |_, value| target.try_push(value).is_ok())? {
            if target.try_push(value).is_err() {
                return Err(self.no_memory());
            }
        }
        Ok(())
    }

    /// The items of an exact list or tuple, which may be read without running Python code.
    #[inline]
    pub fn exact_items(&self, value: Value) -> Option<&[Value]> {
        use crate::types::shapes;
        if crate::object::is_exact(value, shapes::TUPLE) {
            return Some(Gc::<Tuple>::known(self, value).get(self).items());
        }
        if crate::object::is_exact(value, shapes::LIST) {
            return Some(Gc::<List>::known(self, value).get(self).items());
        }
        None
    }

    /// All values of an iterable, in a temporary that the collector knows.
    pub fn collect_iterable(&mut self, iterable: Value) -> Result<RootVec> {
        let mut values = RootVec::new(&mut self.heap);
        self.extend_from_iterable(&mut values, iterable)?;
        Ok(values)
    }

    /// `tuple(iterable)`; an exact tuple is returned as it is.
    pub fn tuple_from_iterable(&mut self, iterable: Value) -> Result<Gc<Tuple>> {
        if crate::object::is_exact(iterable, crate::types::shapes::TUPLE) {
            return Ok(Gc::known(self, iterable));
        }
        let values = self.collect_iterable(iterable)?;
        Ok(self.new_tuple(&values))
    }

    /// `list(iterable)`.
    pub fn list_from_iterable(&mut self, iterable: Value) -> Result<Gc<List>> {
        let values = self.collect_iterable(iterable)?;
        self.new_list(&values)
    }

    /// `operator.length_hint(object, default)`.
    pub fn length_hint(&mut self, object: Value, default: usize) -> Result<usize> {
        self.enter_native("")?;
        if let Some(len) = self.class_of(object).get(self).slots.len {
            match len(self, object) {
                Ok(len) => return Ok(len),
                Err(raised) => {
                    let class = self.exceptions.TypeError;
                    if !self.exception_matches(class) {
                        return Err(raised);
                    }
                    self.clear_exception();
                }
            }
        }
        let name = self.names.__length_hint__;
        let Some(method) = self.lookup_special(object, name)? else { return Ok(default) };
        let hint = match self.call(method, &[]) {
            Ok(hint) => hint,
            Err(raised) => {
                let class = self.exceptions.TypeError;
                if self.exception_matches(class) {
                    self.clear_exception();
                    return Ok(default);
                }
                return Err(raised);
            }
        };
        if hint == Value::NOT_IMPLEMENTED {
            return Ok(default);
        }
        if !self.is_int(hint) {
            let class = self.class_name(hint);
            raise!(self, TypeError, "__length_hint__ must be an integer, not {class}");
        }
        match self.int_to_i64(hint) {
            Some(hint) if hint >= 0 => Ok(hint as usize),
            Some(_) => raise!(self, ValueError, "__length_hint__() should return >= 0"),
            None => raise!(self, OverflowError, "cannot fit 'int' into an index-sized integer"),
        }
    }
}
