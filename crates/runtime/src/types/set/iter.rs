//! `set_iterator`.

use super::Set;
use crate::{Py, Result};
use bredli_heap::{Gc, Header, RootVec, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Goes through a set or frozenset.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "set_iterator", core)]
pub struct SetIterator {
    pub(crate) header: Header,
    /// Empty once the end was reached.
    pub(crate) set: Option<Gc<Set>>,
    /// Number of keys at the start; `usize::MAX` after a change was noticed.
    pub(crate) used: usize,
    pub(crate) place: usize,
    pub(crate) left: usize,
}

#[pymethods]
impl SetIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let (set, used, place) = match *this.get(py) {
            SetIterator { set: Some(set), used, place, .. } => (set, used, place),
            _ => return Ok(None),
        };
        if set.get(py).len() != used {
            this.get_mut(py).used = usize::MAX;
            return Err(py.set_changed());
        }
        let next = set.get(py).key_from(place);
        let this = this.get_mut(py);
        match next {
            Some((place, _, key)) => {
                this.place = place + 1;
                this.left -= 1;
                Ok(Some(key))
            }
            None => {
                this.set = None;
                Ok(None)
            }
        }
    }

    /// Private method returning an estimate of len(list(it)).
    #[signature(self, /)]
    fn __length_hint__(this: Gc<Self>, py: &Py) -> usize {
        let this = this.get(py);
        this.set.map_or(0, |set| if set.get(py).len() == this.used { this.left } else { 0 })
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let copy = {
            let SetIterator { set, used, place, left, .. } = *this.get(py);
            py.alloc(SetIterator { header: Header::EMPTY, set, used, place, left })
        };
        let mut left = RootVec::new(&mut py.heap);
        py.drain_iterator(&mut left, copy.into())?;
        let (iter, list) = (py.builtin("iter")?, py.new_list(&left)?);
        let args = py.new_tuple(&[list.into()]);
        Ok(py.new_tuple(&[iter, args.into()]).into())
    }
}

impl Py {
    /// An iterator over a set.
    #[inline]
    pub fn set_iter(&mut self, set: Gc<Set>) -> Gc<SetIterator> {
        let used = set.get(self).len();
        self.alloc(SetIterator { header: Header::EMPTY, set: Some(set), used, place: 0, left: used })
    }
}
