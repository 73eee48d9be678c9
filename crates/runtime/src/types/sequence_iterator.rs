//! The iterator over objects with `__getitem__` but no `__iter__`, and how iterators are pickled.
//!
//! Counterpart: `Objects/iterobject.c`.

use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Asks for the items 0, 1, 2… until IndexError.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "iterator", core)]
pub struct SequenceIterator {
    pub(crate) header: Header,
    pub(crate) sequence: Option<Value>,
    pub(crate) index: i64,
}

#[pymethods]
impl SequenceIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let Some(sequence) = this.get(py).sequence else { return Ok(None) };
        let index = this.get(py).index;
        if index == i64::MAX {
            raise!(py, OverflowError, "iter index too large");
        }
        let key = py.new_int(index);
        match py.get_item(sequence, key) {
            Ok(value) => {
                this.get_mut(py).index = index + 1;
                Ok(Some(value))
            }
            Err(raised) => {
                if !py.exception_matches(py.exceptions.IndexError) && !py.exception_matches(py.exceptions.StopIteration) {
                    return Err(raised);
                }
                py.clear_exception();
                this.get_mut(py).sequence = None;
                Ok(None)
            }
        }
    }

    /// Private method returning an estimate of len(list(it)).
    #[signature(self, /)]
    fn __length_hint__(this: Gc<Self>, py: &mut Py) -> Result {
        let Some(sequence) = this.get(py).sequence else { return Ok(Value::small(0)) };
        if py.class_of(sequence).get(py).slots.len.is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let left = py.len(sequence)? as i64 - this.get(py).index;
        Ok(py.new_int(left.max(0)))
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let (sequence, index) = (this.get(py).sequence, this.get(py).index);
        match sequence {
            Some(sequence) => py.reduce_iterator("iter", Some((sequence, index))),
            None => {
                let (iter, empty) = (py.builtin("iter")?, py.constants.empty_tuple.into());
                let args = py.new_tuple(&[empty]);
                Ok(py.new_tuple(&[iter, args.into()]).into())
            }
        }
    }

    /// Set state information for unpickling.
    #[signature(self, object, /)]
    fn __setstate__(this: Gc<Self>, _py: &mut Py, object: isize) {
        if this.get(_py).sequence.is_some() {
            this.get_mut(_py).index = object.max(0) as i64;
        }
    }
}

impl Py {
    /// Iterate over an object by index.
    pub fn sequence_iter(&mut self, sequence: Value) -> Result {
        Ok(self.alloc(SequenceIterator { header: Header::EMPTY, sequence: Some(sequence), index: 0 }).into())
    }

    /// What `__reduce__` of an iterator over a sequence returns: the built-in `function`, the sequence and the position; for an
    /// exhausted one, iteration over an empty list.
    pub fn reduce_iterator(&mut self, function: &str, state: Option<(Value, i64)>) -> Result {
        let function = self.builtin(function)?;
        match state {
            Some((sequence, index)) => {
                let args = self.new_tuple(&[sequence]);
                let index = self.new_int(index);
                Ok(self.new_tuple(&[function, args.into(), index]).into())
            }
            None => {
                let empty = self.new_list(&[])?;
                let args = self.new_tuple(&[empty.into()]);
                Ok(self.new_tuple(&[function, args.into()]).into())
            }
        }
    }
}
