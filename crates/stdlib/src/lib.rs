//! The native modules of the standard library, one file or folder each, and the table of all of them.

pub mod abc;
pub mod bisect;
pub mod builtins;
pub mod collections;
pub mod functools;
pub mod heapq;
pub mod imp;
pub mod itertools;
pub mod math;
mod modules;
pub mod operator;
pub mod stream;
pub mod sys;
pub mod types;
pub mod typing;
pub mod weakref;

pub use modules::{MODULES, find};
