//! The native half of the standard library, one module each.

pub mod abc;
pub mod types;
pub mod weakref;
