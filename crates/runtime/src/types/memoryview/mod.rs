//! `memoryview`: the layout, construction, release and subscripts.
//!
//! A view refers to the export that it shares with the views made from it, and to items in its memory. Dimensions with
//! suboffsets do not exist here. Counterpart: `Objects/memoryobject.c`.

mod attributes;
mod cast;
mod compare;
mod iter;
mod methods;
mod subscript;

pub use iter::MemoryIterator;

use crate::buffer::item::Code;
use crate::buffer::{BufferExports, Dimension, Exported, Geometry, ManagedBuffer, flags};
use crate::object::{Class, Str};
use crate::types::Bytes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, HeapVec, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Create a new memoryview object which references the given object.
#[repr(C)]
#[derive(Trace)]
#[pyclass(
    name = "memoryview",
    core,
    flags(INDEXABLE, SEQUENCE, IMMUTABLE, HAS_WEAKREF),
    parts(attributes, cast, compare, methods, subscript)
)]
pub struct MemoryView {
    pub(crate) header: Header,
    /// Empty once released.
    buffer: Option<Gc<ManagedBuffer>>,
    format: Gc<Str>,
    itemsize: usize,
    start: usize,
    dimensions: HeapVec<Dimension>,
    readonly: bool,
    /// Whether no further views may be made of it.
    restricted: bool,
    hash: Option<i64>,
    /// Whether a `with` statement holds the export.
    entered: bool,
    exports: BufferExports,
}

impl Exported for MemoryView {
    fn exports(&mut self) -> Option<&mut BufferExports> {
        Some(&mut self.exports)
    }
}

impl MemoryView {
    /// A view of an export, which counts it.
    pub(crate) fn create(py: &mut Py, buffer: Gc<ManagedBuffer>, geometry: Geometry) -> Result<Gc<MemoryView>> {
        let Geometry { format, itemsize, start, dimensions, readonly } = geometry;
        let Ok(dimensions) = HeapVec::from_slice(&mut py.heap, &dimensions) else { return Err(py.no_memory()) };
        Ok(py.alloc(MemoryView {
            header: Header::EMPTY,
            buffer: Some(buffer),
            format,
            itemsize,
            start,
            dimensions,
            readonly,
            restricted: false,
            hash: None,
            entered: false,
            exports: BufferExports::NONE,
        }))
    }

    /// The export; ValueError once released.
    pub(crate) fn managed(py: &mut Py, this: Gc<MemoryView>) -> Result<Gc<ManagedBuffer>> {
        match this.get(py).buffer {
            Some(buffer) => Ok(buffer),
            None => raise!(py, ValueError, "operation forbidden on released memoryview object"),
        }
    }

    /// The export, for making another view of it.
    fn shared(py: &mut Py, this: Gc<MemoryView>) -> Result<Gc<ManagedBuffer>> {
        let buffer = MemoryView::managed(py, this)?;
        if this.get(py).restricted {
            raise!(py, ValueError, "cannot create new view on restricted memoryview");
        }
        Ok(buffer)
    }

    /// The object that was asked for its memory; none once released.
    pub(crate) fn owner(py: &Py, this: Gc<MemoryView>) -> Option<Value> {
        this.get(py).buffer.map(|buffer| buffer.get(py).owner())
    }

    /// Whether an object counts the export, or that of the view which this is a view of.
    pub(crate) fn uses(py: &Py, this: Gc<MemoryView>, exporter: Value) -> bool {
        let mut view = Some(this);
        while let Some(counted) = view.and_then(|view| view.get(py).buffer).and_then(|buffer| buffer.get(py).counted_by()) {
            if counted == exporter {
                return true;
            }
            view = Gc::<MemoryView>::cast(py, counted);
        }
        false
    }

    /// Forbid further views.
    pub(crate) fn restrict(py: &mut Py, this: Gc<MemoryView>) {
        this.get_mut(py).restricted = true;
    }

    /// The items.
    fn geometry(&self) -> Geometry {
        Geometry {
            format: self.format,
            itemsize: self.itemsize,
            start: self.start,
            dimensions: self.dimensions.to_vec(),
            readonly: self.readonly,
        }
    }

    /// The items, as far as a consumer asks for them; BufferError when they are not what it can handle.
    pub(crate) fn requested(py: &mut Py, this: Gc<MemoryView>, request: u32) -> Result<Geometry> {
        MemoryView::shared(py, this)?;
        let view = this.get(py);
        let asks = |flag: u32| request & flag == flag;
        let (c, f) = (view.is_c_contiguous(), view.is_f_contiguous());
        let (formatted, shaped) = (asks(flags::FORMAT), asks(flags::ND));
        let mut geometry = view.geometry();
        if asks(flags::WRITABLE) && geometry.readonly {
            raise!(py, BufferError, "memoryview: underlying buffer is not writable");
        }
        if (asks(flags::C_CONTIGUOUS) || !asks(flags::STRIDES)) && !c {
            raise!(py, BufferError, "memoryview: underlying buffer is not C-contiguous");
        }
        if asks(flags::F_CONTIGUOUS) && !f {
            raise!(py, BufferError, "memoryview: underlying buffer is not Fortran contiguous");
        }
        if asks(flags::ANY_CONTIGUOUS) && !c && !f {
            raise!(py, BufferError, "memoryview: underlying buffer is not contiguous");
        }
        if !formatted {
            geometry.format = py.intern("B");
        }
        if !shaped {
            if formatted {
                raise!(py, BufferError, "memoryview: cannot cast to unsigned bytes if the format flag is present");
            }
            let len = geometry.byte_len() / geometry.itemsize.max(1);
            geometry.dimensions = vec![Dimension { len, stride: geometry.itemsize as isize }];
        }
        Ok(geometry)
    }

    /// Another view of the same export.
    fn derive(py: &mut Py, this: Gc<MemoryView>, geometry: Geometry) -> Result<Gc<MemoryView>> {
        let buffer = MemoryView::shared(py, this)?;
        let derived = py.view_of(buffer, geometry)?;
        derived.get_mut(py).restricted = this.get(py).restricted;
        Ok(derived)
    }

    /// A view of the same memory as plain bytes; none where the items do not follow each other.
    pub fn flat(py: &mut Py, this: Gc<MemoryView>) -> Result<Option<Gc<MemoryView>>> {
        MemoryView::shared(py, this)?;
        let view = this.get(py);
        if !view.is_c_contiguous() && !view.is_f_contiguous() {
            return Ok(None);
        }
        let mut geometry = view.geometry();
        geometry.dimensions = vec![Dimension { len: geometry.byte_len(), stride: 1 }];
        geometry.itemsize = 1;
        geometry.format = py.intern("B");
        MemoryView::derive(py, this, geometry).map(Some)
    }

    /// Another view of the same export, as far as a consumer asks for it.
    pub fn again(py: &mut Py, this: Gc<MemoryView>, request: u32) -> Result<Gc<MemoryView>> {
        let geometry = MemoryView::requested(py, this, request)?;
        MemoryView::derive(py, this, geometry)
    }

    /// Release the view; BufferError while others use its memory.
    pub fn release_now(py: &mut Py, this: Gc<MemoryView>) -> Result<()> {
        let Some(buffer) = this.get(py).buffer else { return Ok(()) };
        let exports = py.live_exports(this);
        if exports > 0 {
            let plural = if exports == 1 { "" } else { "s" };
            raise!(py, BufferError, "memoryview has {exports} exported buffer{plural}");
        }
        if std::mem::take(&mut this.get_mut(py).entered) {
            ManagedBuffer::hold(py, buffer, |held| held.saturating_sub(1));
        }
        this.get_mut(py).buffer = None;
        py.view_released(buffer, |py| this.get(py).geometry())
    }

    /// A `with` statement was entered, whose end releases the view.
    fn enter(py: &mut Py, this: Gc<MemoryView>) -> Result<()> {
        let buffer = MemoryView::managed(py, this)?;
        if !std::mem::replace(&mut this.get_mut(py).entered, true) {
            ManagedBuffer::hold(py, buffer, |held| held.saturating_add(1));
        }
        Ok(())
    }

    /// The native format of the items; NotImplementedError for others.
    fn code(py: &mut Py, this: Gc<MemoryView>) -> Result<Code> {
        match Code::parse(this.get(py).format.get(py).bytes()) {
            Some(code) => Ok(code),
            None => {
                let format = this.get(py).format.get(py).lossy();
                raise!(py, NotImplementedError, "memoryview: format {format} not supported")
            }
        }
    }

    /// The value of the item that starts at a place.
    fn item(py: &mut Py, this: Gc<MemoryView>, code: Code, at: usize) -> Result {
        let memory = MemoryView::managed(py, this)?.get(py).memory();
        let mut raw = [0; 8];
        if let Some(bytes) = memory.get(py).get(at..at + code.size()) {
            raw[..bytes.len()].copy_from_slice(bytes);
        }
        Ok(code.unpack(py, &raw))
    }

    /// The bytes of all items in C order.
    fn bytes(py: &mut Py, this: Gc<MemoryView>) -> Result<Vec<u8>> {
        let memory = MemoryView::managed(py, this)?.get(py).memory();
        Ok(this.get(py).geometry().bytes(memory.get(py)))
    }
}

#[pymethods]
impl MemoryView {
    #[signature(object)]
    fn __new__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        let _ = cls;
        py.memoryview(object, flags::FULL_RO).map(Into::into)
    }

    fn __repr__(this: Gc<Self>, py: &Py) -> String {
        let released = if this.get(py).buffer.is_none() { "released " } else { "" };
        format!("<{released}memory at {:#x}>", Value::from(this).bits())
    }

    fn __buffer__(this: Gc<Self>, py: &mut Py, flags: u32) -> Result<Gc<MemoryView>> {
        let geometry = MemoryView::requested(py, this, flags)?;
        let memory = MemoryView::managed(py, this)?.get(py).memory();
        let counted = py.count_export(this);
        let buffer = py.manage(this.into(), memory, counted);
        py.view_of(buffer, geometry)
    }

    fn __release_buffer__(this: Value, py: &mut Py, buffer: Value) -> Result<()> {
        py.release_buffer(this, buffer)
    }
}

impl Py {
    /// A view of the memory of an object; TypeError when it has none.
    pub fn memoryview(&mut self, object: Value, request: u32) -> Result<Gc<MemoryView>> {
        if let Some(view) = Gc::<MemoryView>::cast(self, object) {
            MemoryView::shared(self, view)?;
            let geometry = view.get(self).geometry();
            return MemoryView::derive(self, view, geometry);
        }
        let Some(buffer) = self.class_of(object).get(self).slots.buffer else {
            let given = self.class_name(object);
            raise!(self, TypeError, "memoryview: a bytes-like object is required, not '{given}'");
        };
        let view = buffer(self, object, request)?;
        match Gc::<MemoryView>::cast(self, view) {
            Some(view) => Ok(view),
            None => raise!(self, TypeError, "__buffer__ returned non-memoryview object"),
        }
    }

    /// A read-only view of bytes.
    pub fn bytes_view(&mut self, bytes: Gc<Bytes>) -> Result<Gc<MemoryView>> {
        self.export_bytes(bytes, true, flags::FULL_RO)
    }
}
