//! The native modules of the standard library, one file or folder each, and the table of all of them.

pub mod abc;
pub mod builtins;
pub mod imp;
mod modules;
pub mod sys;
pub mod collections;
pub mod itertools;
pub mod types;
pub mod typing;
pub mod weakref;

pub use modules::{MODULES, find};
