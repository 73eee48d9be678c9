//! The iterator over objects with `__getitem__` but no `__iter__`.
//!
//! Counterpart: `Objects/iterobject.c`.

use crate::{Py, Result};
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
}

impl Py {
    /// Iterate over an object by index.
    pub fn sequence_iter(&mut self, sequence: Value) -> Result {
        Ok(self.alloc(SequenceIterator { header: Header::EMPTY, sequence: Some(sequence), index: 0 }).into())
    }
}
