//! `PickleBuffer`: memory that may travel beside the pickle instead of in it (PEP 574).
//!
//! Counterpart: `Objects/picklebufobject.c`.

use bredli_runtime::buffer::flags;
use bredli_runtime::prelude::*;
use bredli_runtime::types::MemoryView;

/// Wrapper for potentially out-of-band buffers
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "PickleBuffer", module = "pickle", flags(HAS_WEAKREF))]
pub struct PickleBuffer {
    header: Header,
    /// Empty once released.
    view: Option<Gc<MemoryView>>,
}

impl PickleBuffer {
    /// The view of the memory.
    pub fn view(py: &mut Py, this: Gc<PickleBuffer>) -> Result<Gc<MemoryView>> {
        match this.get(py).view {
            Some(view) => Ok(view),
            None => raise!(py, ValueError, "operation forbidden on released PickleBuffer object"),
        }
    }
}

#[pymethods]
impl PickleBuffer {
    #[signature(object, /)]
    #[no_text_signature]
    fn __new__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result<Gc<PickleBuffer>> {
        let view = py.memoryview(object, flags::FULL_RO)?;
        Ok(py.alloc_as(cls, PickleBuffer { header: Header::EMPTY, view: Some(view) }))
    }

    /// Return a memoryview of the raw memory underlying this buffer.
    ///
    /// Will raise BufferError is the buffer isn't contiguous.
    #[signature(self, /)]
    fn raw(this: Gc<Self>, py: &mut Py) -> Result<Gc<MemoryView>> {
        let view = PickleBuffer::view(py, this)?;
        match MemoryView::flat(py, view)? {
            Some(flat) => Ok(flat),
            None => raise!(py, BufferError, "cannot extract raw buffer from non-contiguous buffer"),
        }
    }

    /// Release the underlying buffer held by the PickleBuffer object.
    #[signature(self, /)]
    fn release(this: Gc<Self>, py: &mut Py) -> Result<()> {
        if let Some(view) = this.get_mut(py).view.take() {
            MemoryView::release_now(py, view)?;
        }
        Ok(())
    }

    fn __buffer__(this: Gc<Self>, py: &mut Py, flags: u32) -> Result<Gc<MemoryView>> {
        let view = PickleBuffer::view(py, this)?;
        MemoryView::again(py, view, flags)
    }

    fn __release_buffer__(this: Gc<Self>, py: &mut Py, buffer: Gc<MemoryView>) -> Result<()> {
        let _ = this;
        MemoryView::release_now(py, buffer)
    }
}
