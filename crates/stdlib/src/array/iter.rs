//! `arrayiterator`.

use super::Array;
use bredli_runtime::prelude::*;

/// Goes through an array, which may change meanwhile.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "arrayiterator", module = "array")]
pub struct ArrayIterator {
    header: Header,
    /// Empty once the end was reached.
    array: Option<Gc<Array>>,
    index: usize,
}

impl ArrayIterator {
    /// Starts at the first item.
    pub(super) fn start(py: &mut Py, array: Gc<Array>) -> Gc<ArrayIterator> {
        py.alloc(ArrayIterator { header: Header::EMPTY, array: Some(array), index: 0 })
    }
}

#[pymethods]
impl ArrayIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let Some(array) = this.get(py).array else { return Ok(None) };
        let index = this.get(py).index;
        if index >= array.get(py).len() {
            this.get_mut(py).array = None;
            return Ok(None);
        }
        this.get_mut(py).index = index + 1;
        Array::item(py, array, index).map(Some)
    }

    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let state = this.get(py).array.map(|array| (array.into(), this.get(py).index as i64));
        py.reduce_iterator("iter", state)
    }

    /// Set state information for unpickling.
    #[signature(self, state, /)]
    fn __setstate__(this: Gc<Self>, py: &mut Py, state: isize) {
        let Some(array) = this.get(py).array else { return };
        let len = array.get(py).len();
        this.get_mut(py).index = state.clamp(0, len as isize) as usize;
    }
}
