//! The heap itself: its configuration, allocation, the write barrier.

use crate::finalize::Finalizers;
use crate::root::Ring;
use crate::weak::Weaks;
use crate::{Gc, Header, Kind, Layout, MemoryError, Object, Tracer, Value, flags};

/// How a heap behaves; given by the embedder.
#[derive(Clone, Debug)]
pub struct Config {
    /// Bytes the heap may use.
    pub limit: usize,
    /// Collect at every Nth allocation and poison freed cells; 0: never.
    pub stress: usize,
    /// Bytes allocated between minor collections, at least.
    pub nursery: usize,
    /// A nanosecond clock for the pause statistics.
    pub clock: Option<fn() -> u64>,
}

impl Default for Config {
    fn default() -> Config {
        Config { limit: usize::MAX, stress: 0, nursery: 8 << 20, clock: None }
    }
}

/// What the embedding runtime refers to.
///
/// The methods run inside a collection: they must not touch the heap that calls them.
pub trait Roots {
    /// Report every reference from outside the heap.
    fn trace(&mut self, tracer: &mut Tracer);

    /// Forget entries of weak tables whose objects are about to be freed.
    fn sweep(&mut self, live: &Liveness);
}

/// Tells during [`Roots::sweep`] which objects survive.
pub struct Liveness {
    _private: (),
}

impl Liveness {
    /// Whether a value is immediate or refers to a surviving object.
    #[inline]
    pub fn is_alive_value(&self, value: Value) -> bool {
        let _ = value;
        true
    }

    /// Whether an object survives.
    #[inline]
    pub fn is_alive<T: Object>(&self, object: Gc<T>) -> bool {
        self.is_alive_value(object.into())
    }
}

/// The heap of one interpreter.
pub struct Heap {
    pub(crate) limit: usize,
    pub(crate) external_bytes: usize,
    pub(crate) memory_pending: bool,
    pub(crate) collect_allowed: bool,
    pub(crate) layouts: Vec<&'static Layout>,
    pub(crate) remembered: Vec<*const Header>,
    pub(crate) ring: Box<Ring>,
    pub(crate) weaks: Weaks,
    pub(crate) finalizers: Finalizers,
    pub(crate) roots: Option<*mut dyn Roots>,
}

static NO_LAYOUT: Layout = Layout::leaf("unknown", std::mem::size_of::<Header>());

impl Heap {
    /// An empty heap without a limit.
    pub fn new() -> Heap {
        Self::with_config(Config::default())
    }

    /// An empty heap.
    pub fn with_config(config: Config) -> Heap {
        Heap {
            limit: config.limit,
            external_bytes: 0,
            memory_pending: false,
            collect_allowed: true,
            layouts: Vec::new(),
            remembered: Vec::new(),
            ring: Ring::new(),
            weaks: Weaks::default(),
            finalizers: Finalizers::default(),
            roots: None,
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
                object.header().add_flags(flags::DESTRUCTIBLE);
            }
            object
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

    /// Like [`alloc_raw`](Self::alloc_raw), for sizes that a program controls.
    #[inline(always)]
    pub fn try_alloc_raw(&mut self, shape: u32, kind: Kind, aux: u8, bytes: usize) -> Result<*mut Header, MemoryError> {
        if bytes > isize::MAX as usize / 2 {
            return Err(MemoryError);
        }
        Ok(self.alloc_raw(shape, kind, aux, bytes))
    }

    fn cell(&mut self, bytes: usize) -> *mut Header {
        let layout = std::alloc::Layout::from_size_align(bytes.max(16), 16).expect("sizes are below isize::MAX");
        // SAFETY: the size is not zero.
        unsafe { std::alloc::alloc_zeroed(layout) }.cast()
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

    /// Collect now, unless collections are switched off: the young objects, or everything.
    /// Returns the number of objects found dead.
    pub fn collect(&mut self, major: bool) -> usize {
        let _ = major;
        0
    }
}

impl Default for Heap {
    fn default() -> Heap {
        Heap::new()
    }
}
