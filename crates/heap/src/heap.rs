//! The heap: allocation, the write barrier, roots and accounting.

use crate::{Gc, Header, Kind, Layout, Object, Tracer, Value, flags};

/// Memory cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryError;

/// What an interpreter holds outside the heap.
pub trait Roots {
    /// Report every reference.
    fn trace(&mut self, tracer: &mut Tracer);
    /// Drop what refers to dead objects from weak tables.
    fn sweep(&mut self, alive: &Liveness);
}

/// Answers whether an object survived the marking.
pub struct Liveness {
    _private: (),
}

impl Liveness {
    /// Whether the object was reached.
    pub fn is_alive<T: Object>(&self, object: Gc<T>) -> bool {
        let _ = object;
        true
    }
}

/// The memory of one interpreter.
pub struct Heap {
    cursor: *mut u8,
    limit: *mut u8,
    layouts: Vec<&'static Layout>,
    memory_pending: bool,
    memory_limit: usize,
    used: usize,
    pub(crate) finalizable: Vec<Value>,
}

const CHUNK: usize = 1 << 20;
static NO_LAYOUT: Layout = Layout::leaf("cell", 8);

impl Heap {
    /// An empty heap.
    pub fn new() -> Heap {
        Heap {
            cursor: std::ptr::null_mut(),
            limit: std::ptr::null_mut(),
            layouts: Vec::new(),
            memory_pending: false,
            memory_limit: usize::MAX,
            used: 0,
            finalizable: Vec::new(),
        }
    }

    /// Say how objects of a shape are laid out.
    pub fn set_shape_layout(&mut self, shape: u32, layout: &'static Layout) {
        let shape = shape as usize;
        if self.layouts.len() <= shape {
            self.layouts.resize(shape + 1, &NO_LAYOUT);
        }
        self.layouts[shape] = layout;
    }

    /// The layout of a shape.
    #[inline(always)]
    pub fn layout_of(&self, shape: u32) -> &'static Layout {
        self.layouts[shape as usize]
    }

    /// The write barrier: to be called after storing a reference into an object.
    #[inline(always)]
    pub fn barrier(&mut self, header: &Header) {
        if header.log() != 0 {
            self.remember(header);
        }
    }

    #[cold]
    fn remember(&mut self, header: &Header) {
        header.set_log(0);
    }

    /// A zeroed cell with a header. Never fails: past the limit a MemoryError becomes pending.
    #[inline]
    pub fn alloc_raw(&mut self, shape: u32, kind: Kind, aux: u8, size: usize) -> *mut Header {
        match self.try_alloc_raw(shape, kind, aux, size) {
            Ok(cell) => cell,
            Err(MemoryError) => std::alloc::handle_alloc_error(std::alloc::Layout::new::<u64>()),
        }
    }

    /// A zeroed cell with a header, or an error when the memory cannot be had.
    pub fn try_alloc_raw(&mut self, shape: u32, kind: Kind, aux: u8, size: usize) -> Result<*mut Header, MemoryError> {
        let size = size.checked_next_multiple_of(16).ok_or(MemoryError)?;
        if self.used.saturating_add(size) > self.memory_limit {
            return Err(MemoryError);
        }
        self.used += size;
        let cell = if size > CHUNK / 4 {
            zeroed(size)?
        } else {
            if (self.limit as usize) - (self.cursor as usize) < size {
                self.cursor = zeroed(CHUNK)?;
                self.limit = self.cursor.wrapping_add(CHUNK);
            }
            let cell = self.cursor;
            self.cursor = cell.wrapping_add(size);
            cell
        };
        let header = cell.cast::<Header>();
        // SAFETY: the fresh cell has room for a header and nobody else knows it.
        unsafe { header.write(Header::new(shape, kind, aux)) };
        Ok(header)
    }

    /// An object with `trailing` empty words behind its payload.
    #[inline]
    pub fn alloc_object<T: Object>(&mut self, shape: u32, trailing: u8, payload: T) -> Gc<T> {
        let cell = self.alloc_raw(shape, T::LAYOUT.kind, trailing, T::LAYOUT.size + 8 * trailing as usize).cast::<T>();
        // SAFETY: the cell has room for the payload; the header is written again because the payload's own is empty.
        unsafe {
            cell.write(payload);
            cell.cast::<Header>().write(Header::new(shape, T::LAYOUT.kind, trailing));
            if T::LAYOUT.drop.is_some() {
                (*cell.cast::<Header>()).set_flags(flags::DESTRUCTIBLE);
            }
            Gc::from_ptr(cell)
        }
    }

    /// The object has a finaliser to be run before it dies.
    pub fn register_finalizer(&mut self, object: Value) {
        object.header().set_flags(object.header().flags() | flags::FINALIZE);
        self.finalizable.push(object);
    }

    /// A MemoryError is to be raised at the next safepoint.
    pub fn set_memory_pending(&mut self) {
        self.memory_pending = true;
    }

    /// Take the pending MemoryError.
    pub fn take_memory_pending(&mut self) -> bool {
        std::mem::take(&mut self.memory_pending)
    }

    /// Bytes the heap may use.
    pub fn set_limit(&mut self, bytes: usize) {
        self.memory_limit = bytes;
    }

    /// Collect garbage; `major` for the whole heap. The number of objects found dead.
    pub fn collect(&mut self, major: bool) -> usize {
        let _ = major;
        0
    }
}

impl Default for Heap {
    fn default() -> Self {
        Self::new()
    }
}

fn zeroed(size: usize) -> Result<*mut u8, MemoryError> {
    let layout = std::alloc::Layout::from_size_align(size, 16).map_err(|_| MemoryError)?;
    // SAFETY: the size is not zero.
    let memory = unsafe { std::alloc::alloc_zeroed(layout) };
    if memory.is_null() { Err(MemoryError) } else { Ok(memory) }
}
