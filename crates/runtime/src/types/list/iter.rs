//! `list_iterator` and `list_reverseiterator`.
//!
//! The interpreter's loops read `ListIterator` directly. Both iterators tolerate any change of the list: they look at the
//! current items at every step. Counterpart: `Objects/listobject.c`.

use super::List;
use crate::{Py, Result};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Goes forward through a list.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "list_iterator", core)]
pub struct ListIterator {
    pub(crate) header: Header,
    /// Empty once the end was reached.
    pub(crate) list: Option<Gc<List>>,
    pub(crate) index: usize,
}

#[pymethods]
impl ListIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let (list, index) = (this.get(py).list?, this.get(py).index);
        let item = list.get(py).items.get(index).copied();
        let this = this.get_mut(py);
        match item {
            Some(_) => this.index = index + 1,
            None => this.list = None,
        }
        item
    }

    /// Private method returning an estimate of len(list(it)).
    #[signature(self, /)]
    fn __length_hint__(this: Gc<Self>, py: &Py) -> usize {
        let this = this.get(py);
        this.list.map_or(0, |list| list.get(py).len().saturating_sub(this.index))
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let (list, index) = (this.get(py).list, this.get(py).index);
        let list = list.map(|list| (list.into(), index as i64));
        py.reduce_iterator("iter", list)
    }

    /// Set state information for unpickling.
    #[signature(self, object, /)]
    fn __setstate__(this: Gc<Self>, py: &mut Py, object: isize) {
        let Some(list) = this.get(py).list else { return };
        let len = list.get(py).len();
        this.get_mut(py).index = object.clamp(0, len as isize) as usize;
    }
}

/// Goes backward through a list.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "list_reverseiterator", core)]
pub struct ListReverseIterator {
    pub(crate) header: Header,
    pub(crate) list: Option<Gc<List>>,
    /// One more than the index of the next item.
    pub(crate) left: usize,
}

#[pymethods]
impl ListReverseIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let (list, left) = (this.get(py).list?, this.get(py).left);
        let item = left.checked_sub(1).and_then(|index| list.get(py).items.get(index).copied());
        let this = this.get_mut(py);
        match item {
            Some(_) => this.left = left - 1,
            None => this.list = None,
        }
        item
    }

    /// Private method returning an estimate of len(list(it)).
    #[signature(self, /)]
    fn __length_hint__(this: Gc<Self>, py: &Py) -> usize {
        let this = this.get(py);
        this.list.map_or(0, |list| if list.get(py).len() < this.left { 0 } else { this.left })
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let (list, left) = (this.get(py).list, this.get(py).left);
        match list {
            Some(list) => py.reduce_iterator("reversed", Some((list.into(), left as i64 - 1))),
            None => py.reduce_iterator("iter", None),
        }
    }

    /// Set state information for unpickling.
    #[signature(self, object, /)]
    fn __setstate__(this: Gc<Self>, py: &mut Py, object: isize) {
        let Some(list) = this.get(py).list else { return };
        let len = list.get(py).len();
        this.get_mut(py).left = object.saturating_add(1).clamp(0, len as isize) as usize;
    }
}
