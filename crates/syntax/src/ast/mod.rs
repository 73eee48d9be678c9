//! The abstract syntax tree: CPython 3.14's `Parser/Python.asdl` as Rust types.
//!
//! One table (`nodes.rs`) declares every node; the Rust types and their reflective description (`reflect.rs`) derive from it.

#[macro_use]
mod declare;
mod build;
mod constant;
mod dump;
mod identifier;
mod location;
mod nodes;
mod read;
mod reflect;

pub use build::{Build, Builder};
pub use constant::Constant;
pub use dump::dump;
pub use identifier::Identifier;
pub use location::Location;
pub use nodes::*;
pub use read::{Read, Reader, Slot, read_tree};
pub use reflect::{Attribute, Constructor, Definition, Field, FieldKind, FieldType};
pub use thin_vec::{ThinVec, thin_vec};
