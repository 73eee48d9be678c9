//! Exporters, their exports, and what keeps an exporter from moving its memory meanwhile.
//!
//! Nothing counts references here: an export that is dropped without `release()` is garbage that nobody has noticed yet, and must not keep
//! its exporter from resizing. So a resize looks whether a running function or module still has a variable with a view. Views that are
//! only kept in other objects do not prevent it; they stay safe, because every access checks its bounds.

use super::{BufferWrapper, Geometry, flags, geometry};
use crate::types::MemoryView;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Heap, Object, Trace, Tracer, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// An object that may have to know of its exports.
pub trait Exported: Object {
    /// The exports; none where the memory always stays the same.
    fn exports(&mut self) -> Option<&mut BufferExports>;
}

/// An object with memory that others may read and write.
pub trait Exporter: Exported {
    /// The memory.
    fn memory(&self) -> &[u8];

    /// The memory for writing; empty where it cannot be written.
    fn memory_mut(&mut self) -> &mut [u8];
}

/// The memory of some exporter.
#[derive(Clone, Copy)]
pub struct Memory {
    exporter: Value,
    read: for<'h> fn(&'h Heap, Value) -> &'h [u8],
    write: for<'h> fn(&'h mut Heap, Value) -> &'h mut [u8],
}

impl Trace for Memory {
    fn trace(&self, tracer: &mut Tracer) {
        self.exporter.trace(tracer);
    }
}

fn read<T: Exporter>(heap: &Heap, exporter: Value) -> &[u8] {
    Gc::<T>::cast(heap, exporter).map_or(&[], |exporter| exporter.get(heap).memory())
}

fn write<T: Exporter>(heap: &mut Heap, exporter: Value) -> &mut [u8] {
    match Gc::<T>::cast(heap, exporter) {
        Some(exporter) => exporter.get_mut(heap).memory_mut(),
        None => &mut [],
    }
}

impl Memory {
    /// The memory of an object.
    pub fn of<T: Exporter>(exporter: Gc<T>) -> Memory {
        Memory { exporter: exporter.into(), read: read::<T>, write: write::<T> }
    }

    /// The object.
    pub fn exporter(&self) -> Value {
        self.exporter
    }

    /// The bytes.
    #[inline]
    pub fn get<'p>(&self, py: &'p Py) -> &'p [u8] {
        (self.read)(&py.heap, self.exporter)
    }

    /// The bytes for writing; empty where they cannot be written.
    #[inline]
    pub fn get_mut<'p>(&self, py: &'p mut Py) -> &'p mut [u8] {
        (self.write)(&mut py.heap, self.exporter)
    }
}

/// The exports of an object: a field of exporters whose memory can move.
#[derive(Clone, Copy, Default)]
pub struct BufferExports {
    /// Those that have not been released, or not been forgotten.
    views: u32,
    /// Those that are certain to be released: of running methods and `with` statements.
    held: u32,
}

impl BufferExports {
    /// No exports.
    pub const NONE: BufferExports = BufferExports { views: 0, held: 0 };
}

impl Trace for BufferExports {
    const REFERENCES: bool = false;

    fn trace(&self, _: &mut Tracer) {}
}

/// An object that counts an export.
#[derive(Clone, Copy)]
pub(crate) struct Counted {
    exporter: Value,
    exports: for<'h> fn(&'h mut Heap, Value) -> Option<&'h mut BufferExports>,
}

impl Trace for Counted {
    fn trace(&self, tracer: &mut Tracer) {
        self.exporter.trace(tracer);
    }
}

fn exports<T: Exported>(heap: &mut Heap, exporter: Value) -> Option<&mut BufferExports> {
    Gc::<T>::cast(heap, exporter)?.get_mut(heap).exports()
}

/// One export: what several views of the same memory have in common.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "managedbuffer")]
pub struct ManagedBuffer {
    header: Header,
    /// The object that was asked.
    owner: Value,
    memory: Memory,
    /// Views that have not been released.
    views: u32,
    /// Whether `__release_buffer__` of the owner's class, written in Python, is to be told.
    tells: bool,
    /// Ends the counting, if the exports are counted.
    counted: Option<Counted>,
}

#[pymethods]
impl ManagedBuffer {}

impl ManagedBuffer {
    /// The object that was asked.
    pub(crate) fn owner(&self) -> Value {
        self.owner
    }

    /// The object that counts the export.
    pub(crate) fn counted_by(&self) -> Option<Value> {
        self.counted.map(|counted| counted.exporter)
    }

    /// The memory.
    pub(crate) fn memory(&self) -> Memory {
        self.memory
    }

    /// Hold the exports of what counts this one, or let go of them.
    pub(crate) fn hold(py: &mut Py, this: Gc<ManagedBuffer>, change: impl Fn(u32) -> u32) {
        let Some(Counted { exporter, exports }) = this.get(py).counted else { return };
        if let Some(count) = exports(&mut py.heap, exporter) {
            count.held = change(count.held);
        }
    }
}

/// What an exporter says about its memory: items that follow each other.
pub struct Items<'a> {
    /// The format of an item, in the notation of `struct`.
    pub format: &'a str,
    /// Bytes of an item.
    pub itemsize: usize,
    /// The length of each dimension.
    pub shape: &'a [usize],
    /// Whether consumers must not write.
    pub readonly: bool,
}

impl Py {
    /// Answer to `__buffer__`: a view of an exporter's memory, as far as `request` asks for.
    pub fn export<T: Exporter>(&mut self, exporter: Gc<T>, items: Items, request: u32) -> Result<Gc<MemoryView>> {
        if items.readonly && request & flags::WRITABLE != 0 {
            raise!(self, BufferError, "Object is not writable.");
        }
        let format = self.intern(if request & flags::FORMAT != 0 { items.format } else { "B" });
        let count = items.shape.iter().product();
        let shape = if request & flags::ND != 0 { items.shape } else { &[count] };
        let dimensions = geometry::contiguous(shape, items.itemsize);
        let geometry = Geometry { format, itemsize: items.itemsize, start: 0, dimensions, readonly: items.readonly };
        let counted = self.count_export(exporter);
        let buffer = self.manage(exporter.into(), Memory::of(exporter), counted);
        self.view_of(buffer, geometry)
    }

    /// Answer to `__buffer__` of an object whose memory is plain bytes.
    pub fn export_bytes<T: Exporter>(&mut self, exporter: Gc<T>, readonly: bool, request: u32) -> Result<Gc<MemoryView>> {
        let len = exporter.get(self).memory().len();
        self.export(exporter, Items { format: "B", itemsize: 1, shape: &[len], readonly }, request)
    }

    /// Count one more export of an object.
    pub(crate) fn count_export<T: Exported>(&mut self, exporter: Gc<T>) -> Option<Counted> {
        let count = exporter.get_mut(self).exports()?;
        count.views = count.views.saturating_add(1);
        Some(Counted { exporter: exporter.into(), exports: exports::<T> })
    }

    /// An export of memory that belongs to `owner`.
    pub(crate) fn manage(&mut self, owner: Value, memory: Memory, counted: Option<Counted>) -> Gc<ManagedBuffer> {
        let tells = self.releases_in_python(owner) && !self.exports_in_python(owner);
        self.alloc(ManagedBuffer { header: Header::EMPTY, owner, memory, views: 0, tells, counted })
    }

    /// Whether the object's class defines `__release_buffer__` in Python.
    fn releases_in_python(&self, owner: Value) -> bool {
        let release = self.class_of(owner).get(self).slots.release_buffer;
        release.is_some_and(|release| std::ptr::fn_addr_eq(release, crate::object::PYTHON_RELEASE_BUFFER))
    }

    /// Whether the object's class defines `__buffer__` in Python.
    fn exports_in_python(&self, owner: Value) -> bool {
        let buffer = self.class_of(owner).get(self).slots.buffer;
        buffer.is_some_and(|buffer| std::ptr::fn_addr_eq(buffer, crate::object::PYTHON_BUFFER))
    }

    /// One more view of an export.
    pub(crate) fn view_of(&mut self, buffer: Gc<ManagedBuffer>, geometry: Geometry) -> Result<Gc<MemoryView>> {
        let view = MemoryView::create(self, buffer, geometry)?;
        buffer.get_mut(self).views += 1;
        Ok(view)
    }

    /// A view of an export was released: the last one ends the export.
    pub(crate) fn view_released(&mut self, buffer: Gc<ManagedBuffer>, geometry: impl FnOnce(&mut Py) -> Geometry) -> Result<()> {
        let managed = buffer.get_mut(self);
        managed.views = managed.views.saturating_sub(1);
        if managed.views > 0 {
            return Ok(());
        }
        let (owner, counted, tells) = (managed.owner, managed.counted.take(), std::mem::replace(&mut managed.tells, false));
        if let Some(Counted { exporter, exports }) = counted
            && let Some(count) = exports(&mut self.heap, exporter)
        {
            count.views = count.views.saturating_sub(1);
        }
        if let Some(wrapper) = Gc::<BufferWrapper>::cast(self, owner) {
            BufferWrapper::release(self, wrapper);
        } else if tells {
            let geometry = geometry(self);
            let memory = buffer.get(self).memory;
            let again =
                self.alloc(ManagedBuffer { header: Header::EMPTY, owner: Value::NONE, memory, views: 0, tells: false, counted: None });
            let view = self.view_of(again, geometry)?;
            MemoryView::restrict(self, view);
            self.tell_release(owner, view);
            MemoryView::release_now(self, view)?;
        }
        Ok(())
    }

    /// Call `__release_buffer__`; what it raises is only reported.
    pub(crate) fn tell_release(&mut self, owner: Value, view: Gc<MemoryView>) {
        let Some(release) = self.class_of(owner).get(self).slots.release_buffer else { return };
        let current = self.machine.exception.take();
        if release(self, owner, view.into()).is_err() {
            let name = self.intern("__release_buffer__");
            let class = self.class_of(owner);
            let method = self.type_lookup(class, name).unwrap_or(owner);
            self.report_unraisable("Exception ignored in", Some(method));
        }
        self.machine.exception = current;
    }

    /// BufferError if others use the memory of an object that is about to move it.
    #[inline]
    pub fn check_unexported<T: Exported>(&mut self, exporter: Gc<T>) -> Result<()> {
        match exporter.get_mut(self).exports() {
            None | Some(BufferExports { views: 0, held: 0 }) => Ok(()),
            Some(_) => self.check_none_lives(exporter),
        }
    }

    #[cold]
    fn check_none_lives<T: Exported>(&mut self, exporter: Gc<T>) -> Result<()> {
        if self.live_exports(exporter) > 0 {
            raise!(self, BufferError, "Existing exports of data: object cannot be re-sized");
        }
        Ok(())
    }

    /// How many exports of an object are in use, as far as variables show.
    pub fn live_exports<T: Exported>(&mut self, exporter: Gc<T>) -> usize {
        let Some(&mut BufferExports { views, held }) = exporter.get_mut(self).exports() else { return 0 };
        let held = held as usize;
        if views == 0 || held > 0 {
            return held;
        }
        let mut live = 0;
        self.visit_variables(|py, value| {
            if let Some(view) = Gc::<MemoryView>::cast(py, value)
                && MemoryView::uses(py, view, exporter.into())
            {
                live += 1;
            }
        });
        if live == 0
            && let Some(count) = exporter.get_mut(self).exports()
        {
            count.views = 0;
        }
        live
    }

    /// Do something during which the memory of an object must not move.
    pub fn while_exported<T: Exported, R>(&mut self, exporter: Gc<T>, work: impl FnOnce(&mut Py) -> R) -> R {
        let hold = |py: &mut Py, change: fn(u32) -> u32| {
            if let Some(count) = exporter.get_mut(py).exports() {
                count.held = change(count.held);
            }
        };
        hold(self, |held| held.saturating_add(1));
        let done = work(self);
        hold(self, |held| held.saturating_sub(1));
        done
    }

    /// The method `__release_buffer__` of native exporters: releases a view that they gave.
    pub fn release_buffer(&mut self, owner: Value, view: Value) -> Result<()> {
        let Some(view) = Gc::<MemoryView>::cast(self, view) else {
            raise!(self, TypeError, "expected a memoryview object");
        };
        match MemoryView::owner(self, view) {
            None => raise!(self, ValueError, "memoryview's buffer has already been released"),
            Some(given) if given != owner => raise!(self, ValueError, "memoryview's buffer is not this object"),
            Some(_) => MemoryView::release_now(self, view),
        }
    }
}
