//! The 8-byte header every heap object starts with.

use crate::Object;
use std::cell::Cell;

/// How the collector finds the references of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// No references.
    Leaf,
    /// `aux` values follow the header.
    Slots,
    /// A length word, a word that is no reference, as many values as the length says, then `aux` more.
    Values,
    /// The trace function of the shape's layout, then `aux` values behind the layout's size where the layout says so.
    Custom,
    /// The storage of a [`HeapVec`](crate::HeapVec): its owner traces the items.
    Buffer,
}

/// Bits of `Header::flags`. The two highest bits belong to the object's type.
pub mod flags {
    /// A finaliser is to run before the cell dies.
    pub const FINALIZE: u8 = 1;
    /// Weak references to the object exist.
    pub const WEAKLY_REFERENCED: u8 = 2;
    /// The finaliser has run.
    pub const FINALIZED: u8 = 4;
    /// The payload needs dropping.
    pub const DESTRUCTIBLE: u8 = 8;
}

/// Shape, trace strategy, write barrier byte and flags.
#[repr(C, align(8))]
pub struct Header {
    shape: Cell<u32>,
    kind: Cell<u8>,
    aux: Cell<u8>,
    log: Cell<u8>,
    flags: Cell<u8>,
}

impl Header {
    /// For struct literals: [`Heap::alloc_object`](crate::Heap::alloc_object) fills the header in.
    #[allow(clippy::declare_interior_mutable_const)] // Copied into each new object.
    pub const EMPTY: Header = Header::new(0, Kind::Leaf, 0);
    /// Byte offset of the shape.
    pub const SHAPE: usize = std::mem::offset_of!(Header, shape);
    /// Byte offset of `aux`.
    pub const AUX: usize = std::mem::offset_of!(Header, aux);
    /// Byte offset of the write barrier byte.
    pub const LOG: usize = std::mem::offset_of!(Header, log);

    /// Byte offset of the trace strategy.
    pub const KIND: usize = std::mem::offset_of!(Header, kind);
    /// Byte offset of the flags.
    pub const FLAGS: usize = std::mem::offset_of!(Header, flags);

    /// The header of a plain instance of `T` for [`Heap::alloc`](crate::Heap::alloc).
    #[inline(always)]
    pub const fn of<T: Object>(shape: u32) -> Header {
        Header::new(shape, T::LAYOUT.kind, 0)
    }

    /// A header.
    #[inline(always)]
    pub const fn new(shape: u32, kind: Kind, aux: u8) -> Header {
        Header { shape: Cell::new(shape), kind: Cell::new(kind as u8), aux: Cell::new(aux), log: Cell::new(0), flags: Cell::new(0) }
    }

    /// The hidden class.
    #[inline(always)]
    pub fn shape(&self) -> u32 {
        self.shape.get()
    }

    /// Change the hidden class.
    #[inline(always)]
    pub fn set_shape(&self, shape: u32) {
        self.shape.set(shape);
    }

    /// The trace strategy.
    #[inline(always)]
    pub fn kind(&self) -> Kind {
        debug_assert!(self.kind.get() <= Kind::Buffer as u8, "a cell was used after it was freed");
        match self.kind.get() {
            0 => Kind::Leaf,
            1 => Kind::Slots,
            2 => Kind::Values,
            3 => Kind::Custom,
            _ => Kind::Buffer,
        }
    }

    /// Change the trace strategy.
    pub fn set_kind(&self, kind: Kind) {
        self.kind.set(kind as u8);
    }

    /// The byte whose meaning the kind gives: mostly a number of trailing values.
    #[inline(always)]
    pub fn aux(&self) -> u8 {
        self.aux.get()
    }

    /// Change `aux`.
    pub fn set_aux(&self, aux: u8) {
        self.aux.set(aux);
    }

    /// Whether a store must be remembered.
    #[inline(always)]
    pub fn log(&self) -> u8 {
        self.log.get()
    }

    /// Change the write barrier byte.
    #[inline(always)]
    pub fn set_log(&self, log: u8) {
        self.log.set(log);
    }

    /// The flag bits.
    #[inline(always)]
    pub fn flags(&self) -> u8 {
        self.flags.get()
    }

    /// Change the flag bits.
    #[inline(always)]
    pub fn set_flags(&self, flags: u8) {
        self.flags.set(flags);
    }

    /// Set some flag bits.
    #[inline(always)]
    pub fn add_flags(&self, flags: u8) {
        self.flags.set(self.flags.get() | flags);
    }

    /// Clear some flag bits.
    #[inline(always)]
    pub fn clear_flags(&self, flags: u8) {
        self.flags.set(self.flags.get() & !flags);
    }

    /// Whether any of these flag bits is set.
    #[inline(always)]
    pub fn has_flags(&self, flags: u8) -> bool {
        self.flags.get() & flags != 0
    }
}
