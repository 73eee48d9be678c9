//! The native modules of the standard library, one file or folder each, and the table of all of them.

#![allow(
    non_snake_case,
    clippy::module_inception,
    clippy::self_named_constructors,
    clippy::wrong_self_convention,
    reason = "native modules and functions carry their Python names"
)]

pub mod abc;
pub mod bisect;
pub mod builtins;
pub mod codecs;
pub mod collections;
pub mod functools;
pub mod heapq;
pub mod imp;
pub mod itertools;
mod modules;
pub mod operator;
pub mod sre;
pub mod stream;
pub mod sys;
pub mod types;
pub mod typing;
pub mod weakref;

pub use modules::{MODULES, find};
