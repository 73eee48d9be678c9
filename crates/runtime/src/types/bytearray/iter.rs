//! `bytearray_iterator`.

use super::ByteArray;
use crate::{Py, Result};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Goes through a bytearray, which may change meanwhile.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "bytearray_iterator", core)]
pub struct ByteArrayIterator {
    pub(crate) header: Header,
    /// Empty once the end was reached.
    pub(crate) bytes: Option<Gc<ByteArray>>,
    pub(crate) index: usize,
}

#[pymethods]
impl ByteArrayIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let (bytes, index) = (this.get(py).bytes?, this.get(py).index);
        let byte = bytes.get(py).data().get(index).copied();
        let this = this.get_mut(py);
        match byte {
            Some(_) => this.index = index + 1,
            None => this.bytes = None,
        }
        byte.map(|byte| Value::small(byte as i32))
    }

    /// Private method returning an estimate of len(list(it)).
    #[signature(self, /)]
    fn __length_hint__(this: Gc<Self>, py: &Py) -> usize {
        let this = this.get(py);
        this.bytes.map_or(0, |bytes| bytes.get(py).data().len().saturating_sub(this.index))
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let state = this.get(py).bytes.map(|bytes| (bytes.into(), this.get(py).index as i64));
        py.reduce_iterator("iter", state)
    }

    /// Set state information for unpickling.
    #[signature(self, object, /)]
    fn __setstate__(this: Gc<Self>, py: &mut Py, object: isize) {
        let Some(bytes) = this.get(py).bytes else { return };
        let len = bytes.get(py).data().len();
        this.get_mut(py).index = object.clamp(0, len as isize) as usize;
    }
}
