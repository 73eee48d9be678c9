//! `_buffer_wrapper`: the owner of a buffer that a `__buffer__` written in Python returned (PEP 688).

use super::Memory;
use crate::types::MemoryView;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Keeps the view that `__buffer__` returned, to give it back to `__release_buffer__`.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_buffer_wrapper")]
pub struct BufferWrapper {
    header: Header,
    /// Empty once given back.
    view: Option<Gc<MemoryView>>,
    object: Value,
}

#[pymethods]
impl BufferWrapper {
    fn __del__(this: Gc<Self>, py: &mut Py) {
        BufferWrapper::release(py, this);
    }
}

impl BufferWrapper {
    /// Give the view back.
    pub(crate) fn release(py: &mut Py, this: Gc<BufferWrapper>) {
        let Some(view) = this.get_mut(py).view.take() else { return };
        let object = this.get(py).object;
        py.tell_release(object, view);
        if MemoryView::owner(py, view) == Some(object) && MemoryView::release_now(py, view).is_err() {
            py.report_unraisable("Exception ignored while releasing a buffer of", Some(object));
        }
    }
}

impl Py {
    /// The buffer of an object whose class defines `__buffer__` in Python: `returned` is what that gave.
    pub(crate) fn wrap_buffer(&mut self, object: Value, returned: Value, request: u32) -> Result<Gc<MemoryView>> {
        let Some(view) = Gc::<MemoryView>::cast(self, returned) else {
            raise!(self, TypeError, "__buffer__ returned non-memoryview object");
        };
        let geometry = MemoryView::requested(self, view, request)?;
        let memory: Memory = MemoryView::managed(self, view)?.get(self).memory();
        let counted = self.count_export(view);
        let wrapper = self.alloc(BufferWrapper { header: Header::EMPTY, view: Some(view), object });
        self.heap.register_finalizer(wrapper.into());
        let buffer = self.manage(wrapper.into(), memory, counted);
        self.view_of(buffer, geometry)
    }
}
