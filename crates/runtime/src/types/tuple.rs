//! `tuple` and `tuple_iterator`.
//!
//! Counterpart: `Objects/tupleobject.c`.

use crate::object::Tuple;
use crate::{Py, Result};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Goes forward through a tuple.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "tuple_iterator", core)]
pub struct TupleIterator {
    pub(crate) header: Header,
    /// Empty once the end was reached.
    pub(crate) tuple: Option<Gc<Tuple>>,
    pub(crate) index: usize,
}

#[pymethods]
impl TupleIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let (tuple, index) = (this.get(py).tuple?, this.get(py).index);
        let item = tuple.get(py).items().get(index).copied();
        let this = this.get_mut(py);
        match item {
            Some(_) => this.index = index + 1,
            None => this.tuple = None,
        }
        item
    }

    /// Private method returning an estimate of len(list(it)).
    #[signature(self, /)]
    fn __length_hint__(this: Gc<Self>, py: &Py) -> usize {
        let this = this.get(py);
        this.tuple.map_or(0, |tuple| tuple.get(py).len() - this.index)
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let (tuple, index) = (this.get(py).tuple, this.get(py).index);
        match tuple {
            Some(tuple) => py.reduce_iterator("iter", Some((tuple.into(), index as i64))),
            None => {
                let (iter, empty) = (py.builtin("iter")?, py.constants.empty_tuple.into());
                let args = py.new_tuple(&[empty]);
                Ok(py.new_tuple(&[iter, args.into()]).into())
            }
        }
    }

    /// Set state information for unpickling.
    #[signature(self, object, /)]
    fn __setstate__(this: Gc<Self>, py: &mut Py, object: isize) {
        let Some(tuple) = this.get(py).tuple else { return };
        let len = tuple.get(py).len();
        this.get_mut(py).index = object.clamp(0, len as isize) as usize;
    }
}
