//! The abstract syntax tree: CPython 3.14's `Parser/Python.asdl` as Rust types.
//!
//! One table (`nodes.rs`) declares every node; the Rust types and their reflective description (`reflect.rs`) derive from it.
//! The nodes of a tree live in an [`Arena`].

#[macro_use]
mod declare;
mod arena;
mod build;
mod constant;
mod dump;
mod identifier;
mod location;
mod nodes;
mod read;
mod reflect;

pub use arena::{Arena, Tree};
pub use build::{Build, Builder};
pub use constant::Constant;
pub use dump::dump;
pub use identifier::Identifier;
pub use location::Location;
pub use nodes::*;
pub use read::{Read, Reader, Slot, read_tree};
pub use reflect::{Attribute, Constructor, Definition, Field, FieldKind, FieldType};
