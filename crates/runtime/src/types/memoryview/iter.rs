//! `memory_iterator`.

use super::MemoryView;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Goes through the items of a view of one dimension.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "memory_iterator")]
pub struct MemoryIterator {
    header: Header,
    /// Empty once the end was reached.
    view: Option<Gc<MemoryView>>,
    index: usize,
    len: usize,
}

impl MemoryIterator {
    /// An iterator; TypeError or NotImplementedError where the items cannot be had one by one.
    pub(super) fn start(py: &mut Py, view: Gc<MemoryView>) -> Result<Gc<MemoryIterator>> {
        MemoryView::managed(py, view)?;
        let len = match *view.get(py).dimensions {
            [] => raise!(py, TypeError, "invalid indexing of 0-dim memory"),
            [dimension] => dimension.len,
            _ => raise!(py, NotImplementedError, "multi-dimensional sub-views are not implemented"),
        };
        MemoryView::code(py, view)?;
        Ok(py.alloc(MemoryIterator { header: Header::EMPTY, view: Some(view), index: 0, len }))
    }
}

#[pymethods]
impl MemoryIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let Some(view) = this.get(py).view else { return Ok(None) };
        let (index, len) = (this.get(py).index, this.get(py).len);
        if index >= len {
            this.get_mut(py).view = None;
            return Ok(None);
        }
        MemoryView::managed(py, view)?;
        this.get_mut(py).index = index + 1;
        let code = MemoryView::code(py, view)?;
        let stride = view.get(py).dimensions.first().map_or(0, |dimension| dimension.stride);
        let at = (view.get(py).start as isize + index as isize * stride) as usize;
        MemoryView::item(py, view, code, at).map(Some)
    }
}
