//! The heap itself: its configuration, allocation, the write barrier.

use crate::alloc::{Cache, Space};
use crate::finalize::Finalizers;
use crate::mark::Tracer;
use crate::permanent::Kept;
use crate::root::Ring;
use crate::size::{CELL, CLASSES, STEPPED, size_class};
use crate::stack::{Range, StackBase};
use crate::stats::{Recorder, Stats};
use crate::vec::Appended;
use crate::weak::Weaks;
use crate::{Gc, Header, Kind, Layout, MemoryError, Object, Roots};
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

/// How a heap behaves; given by the embedder.
#[derive(Clone, Debug)]
pub struct Config {
    /// Bytes the heap may use.
    pub limit: usize,
    /// Collect at every Nth allocation and poison freed cells; 0: never.
    pub stress: usize,
    /// Check at each collection that no write barrier was forgotten, and panic if one was. Slow.
    pub verify: bool,
    /// Bytes allocated between minor collections, at least.
    pub nursery: usize,
}

impl Default for Config {
    fn default() -> Config {
        Config { limit: usize::MAX, stress: 0, verify: false, nursery: 768 << 10 }
    }
}

/// Requests from here on fail at the memory limit, smaller ones overdraw it.
const FALLIBLE: usize = 32 << 10;

/// The heap of one interpreter.
#[repr(C)]
pub struct Heap {
    pub(crate) caches: [Cache; CLASSES],
    pub(crate) layouts: Vec<&'static Layout>,
    pub(crate) remembered: Vec<*const Header>,
    pub(crate) appended: Vec<Appended>,
    pub(crate) memory_pending: bool,
    pub(crate) collect_allowed: bool,
    pub(crate) collecting: bool,
    pub(crate) short_of_room: bool,
    pub(crate) config: Config,
    /// Bytes to allocate before the next collection.
    pub(crate) nursery: usize,
    /// Bytes and cells that survived the last collection, and bytes that survived the last major one.
    pub(crate) live_bytes: usize,
    pub(crate) live_cells: usize,
    pub(crate) live_after_major: usize,
    /// Bytes allocated between the last major collection and the last one.
    pub(crate) since_major: usize,
    pub(crate) external_bytes: usize,
    /// Bytes beyond the limit that a pending MemoryError was raised for.
    pub(crate) overdraft: usize,
    /// Allocations under stress.
    pub(crate) stressed: usize,
    pub(crate) frozen: usize,
    pub(crate) stack_base: StackBase,
    pub(crate) parked: Vec<Range>,
    pub(crate) space: Space,
    pub(crate) tracer: Tracer,
    pub(crate) kept: Kept,
    pub(crate) ring: Box<Ring>,
    pub(crate) weaks: Weaks,
    pub(crate) finalizers: Finalizers,
    pub(crate) roots: Option<*mut dyn Roots>,
    pub(crate) breaker: Option<(Arc<AtomicU32>, u32)>,
    pub(crate) stats: Stats,
    pub(crate) recorder: Option<Recorder>,
}

static NO_LAYOUT: Layout = Layout::leaf("unknown", std::mem::size_of::<Header>());

impl Heap {
    /// Byte offset of the allocation caches, one for each size class.
    pub const CACHES: usize = std::mem::offset_of!(Heap, caches);
    /// Distance between two caches.
    pub const CACHE_SIZE: usize = size_of::<Cache>();
    /// Byte offset in a cache of the address of the next cell. A cell may be cut off while that does not pass the limit.
    /// Its memory is zero in caches that [`cache_for`](Self::cache_for) names.
    pub const CACHE_CURSOR: usize = std::mem::offset_of!(Cache, cursor);
    /// Byte offset in a cache of the limit.
    pub const CACHE_LIMIT: usize = std::mem::offset_of!(Cache, limit);

    /// The number of the allocation cache for zeroed cells of `bytes` bytes, and the exact size of its cells. `None` for larger cells.
    pub const fn cache_for(bytes: usize) -> Option<(usize, usize)> {
        if bytes == 0 || bytes > STEPPED {
            return None;
        }
        let class = size_class(bytes);
        Some((class, CELL[class]))
    }

    /// An empty heap without a limit.
    pub fn new() -> Heap {
        Self::with_config(Config::default())
    }

    /// An empty heap.
    pub fn with_config(config: Config) -> Heap {
        Heap {
            caches: [Cache::EMPTY; CLASSES],
            layouts: Vec::new(),
            remembered: Vec::new(),
            appended: Vec::new(),
            memory_pending: false,
            collect_allowed: true,
            collecting: false,
            short_of_room: false,
            // Until `start_is_over`.
            nursery: config.nursery.saturating_mul(4),
            config,
            live_bytes: 0,
            live_cells: 0,
            live_after_major: 0,
            since_major: 0,
            external_bytes: 0,
            overdraft: 0,
            stressed: 0,
            frozen: 0,
            stack_base: StackBase::NONE,
            parked: Vec::new(),
            space: Space::new(),
            tracer: Tracer::new(),
            kept: Kept::default(),
            ring: Ring::new(),
            weaks: Weaks::default(),
            finalizers: Finalizers::default(),
            roots: None,
            breaker: None,
            stats: Stats::default(),
            recorder: None,
        }
    }

    /// Register what else refers to objects of this heap.
    ///
    /// # Safety
    /// The pointer stays valid for as long as the heap is used, and its methods do not touch this heap.
    pub unsafe fn set_roots(&mut self, roots: *mut dyn Roots) {
        self.roots = Some(roots);
    }

    /// Whether collections may happen; switched off while the first classes are made.
    pub fn set_collect_allowed(&mut self, allowed: bool) {
        self.collect_allowed = allowed;
    }

    /// Declare the layout of the objects of a shape.
    pub fn set_shape_layout(&mut self, shape: u32, layout: &'static Layout) {
        let index = shape as usize;
        if index >= self.layouts.len() {
            self.layouts.resize(index + 1, &NO_LAYOUT);
        }
        self.layouts[index] = layout;
    }

    /// The layout of the objects of a shape.
    #[inline]
    pub fn layout_of(&self, shape: u32) -> &'static Layout {
        self.layouts.get(shape as usize).copied().unwrap_or(&NO_LAYOUT)
    }

    /// Allocate an object whose header was made with [`Header::of`].
    #[inline(always)]
    pub fn alloc<T: Object>(&mut self, init: T) -> Gc<T> {
        // SAFETY: every object starts with its header.
        let shape = unsafe { (*(&raw const init).cast::<Header>()).shape() };
        self.alloc_object(shape, 0, init)
    }

    /// Allocate an object of a shape, with `trailing` empty value slots behind its payload. The header of `init` is replaced.
    #[inline(always)]
    pub fn alloc_object<T: Object>(&mut self, shape: u32, trailing: u8, init: T) -> Gc<T> {
        let layout = T::LAYOUT;
        let kind = if trailing != 0 && layout.kind == Kind::Leaf { Kind::Custom } else { layout.kind };
        let cell = self.cell(size_of::<T>() + 8 * trailing as usize).cast::<T>();
        // SAFETY: the fresh cell has room for the payload and its header.
        unsafe {
            cell.write(init);
            cell.cast::<Header>().write(Header::new(shape, kind, trailing));
            let object = Gc::from_ptr(cell);
            if layout.drop.is_some() {
                self.register_destructible(object.header());
            }
            object
        }
    }

    /// Allocate an object of a shape, with `bytes` zero bytes behind its payload which its trace function knows of. The header of `init`
    /// is replaced.
    #[inline(always)]
    pub fn alloc_with_room<T: Object>(&mut self, shape: u32, bytes: usize, init: T) -> Gc<T> {
        const { assert!(matches!(T::LAYOUT.kind, Kind::Custom) && T::LAYOUT.drop.is_none()) };
        let cell = self.cell(size_of::<T>() + bytes).cast::<T>();
        // SAFETY: the fresh cell has room for the payload and its header.
        unsafe {
            cell.write(init);
            cell.cast::<Header>().write(Header::new(shape, Kind::Custom, 0));
            Gc::from_ptr(cell)
        }
    }

    /// Allocate an object of kind `Slots` with `count` empty values behind the header.
    #[inline(always)]
    pub fn alloc_slots(&mut self, shape: u32, count: u8) -> *mut Header {
        self.alloc_raw(shape, Kind::Slots, count, size_of::<Header>() + 8 * count as usize)
    }

    /// Allocate a cell of `bytes` bytes, the header included; everything behind the header is zero. The memory limit does not stop it:
    /// going past it makes a MemoryError pending.
    #[inline(always)]
    pub fn alloc_raw(&mut self, shape: u32, kind: Kind, aux: u8, bytes: usize) -> *mut Header {
        let cell = self.cell(bytes);
        // SAFETY: the fresh cell has room for a header.
        unsafe { cell.write(Header::new(shape, kind, aux)) };
        cell
    }

    /// A zeroed cell for storage of a size that a program controls.
    pub(crate) fn try_zeroed(&mut self, bytes: usize) -> Result<*mut Header, MemoryError> {
        if bytes < FALLIBLE {
            return Ok(self.cell(bytes));
        }
        let (cell, used) = self.large(bytes, bytes)?;
        // SAFETY: these bytes are part of the cell.
        unsafe { cell.write_bytes(0, used.min(bytes)) };
        Ok(cell.cast())
    }

    /// Allocate a cell of `bytes` bytes, a size that a program controls, whose memory behind the header may hold anything: the caller writes
    /// all that the kind traces before the next allocation.
    #[inline(always)]
    pub fn try_alloc_unclean(&mut self, shape: u32, kind: Kind, aux: u8, bytes: usize) -> Result<*mut Header, MemoryError> {
        let cell = if bytes < FALLIBLE {
            self.unclean_cell(bytes)
        } else if bytes > isize::MAX as usize / 4 {
            return Err(MemoryError);
        } else {
            self.large(bytes, bytes)?.0.cast::<Header>()
        };
        // SAFETY: the fresh cell has room for a header.
        unsafe { cell.write(Header::new(shape, kind, aux)) };
        Ok(cell)
    }

    /// [`try_alloc_unclean`](Self::try_alloc_unclean) of a small cell, if that takes no call; not under stress, where each allocation is looked at.
    #[inline(always)]
    pub fn alloc_unclean_at_hand(&mut self, shape: u32, kind: Kind, aux: u8, bytes: usize) -> Option<*mut Header> {
        let cell = self.cell_at_hand(bytes)?;
        // SAFETY: the fresh cell has room for a header.
        unsafe { cell.write(Header::new(shape, kind, aux)) };
        Some(cell)
    }

    /// The write barrier: call it for an object before or after storing into it by other means than [`Gc::get_mut`].
    #[inline(always)]
    pub fn barrier(&mut self, object: &Header) {
        if object.log() != 0 {
            self.remember(object);
        }
    }

    /// The slow half of the write barrier.
    #[cold]
    #[inline(never)]
    pub fn remember(&mut self, object: &Header) {
        if object.log() != 0 {
            object.set_log(0);
            self.remembered.push(object);
        }
    }
}

impl Default for Heap {
    fn default() -> Heap {
        Heap::new()
    }
}
