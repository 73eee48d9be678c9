//! The buffer protocol: how objects share their memory without copying it.
//!
//! An object that has memory implements [`Exporter`] and answers `__buffer__` with [`Py::export`]. Whoever wants the memory takes a
//! [`BytesLike`] or a [`BufferMut`], natively, or a `memoryview`. All of them refer to the exporter and to a range of what it calls its
//! memory, never to an address, and look again at every access. Counterpart: `Objects/abstract.c`.

mod argument;
pub(crate) mod geometry;
pub mod item;
mod managed;
mod wrapper;

pub use argument::{BufferMut, BytesLike};
pub use geometry::{Dimension, Geometry};
pub use managed::{BufferExports, Exported, Exporter, Items, ManagedBuffer, Memory};
pub use wrapper::BufferWrapper;

/// What a consumer asks an exporter for (the `PyBUF_` constants of CPython).
pub mod flags {
    /// Only contiguous bytes.
    pub const SIMPLE: u32 = 0;
    /// Memory that can be written.
    pub const WRITABLE: u32 = 0x1;
    /// The format of the items.
    pub const FORMAT: u32 = 0x4;
    /// The shape.
    pub const ND: u32 = 0x8;
    /// Any distance between items.
    pub const STRIDES: u32 = 0x10 | ND;
    /// Contiguous in C order.
    pub const C_CONTIGUOUS: u32 = 0x20 | STRIDES;
    /// Contiguous in Fortran order.
    pub const F_CONTIGUOUS: u32 = 0x40 | STRIDES;
    /// Contiguous in either order.
    pub const ANY_CONTIGUOUS: u32 = 0x80 | STRIDES;
    /// Everything there is to know, of memory that may be read-only.
    pub const FULL_RO: u32 = 0x100 | STRIDES | FORMAT;
}
