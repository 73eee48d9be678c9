//! The heap of one interpreter: values, objects, allocation and collection.
//!
//! A tracing, non-moving collector with precise object layouts and conservative scanning of native stacks. Objects are
//! reached through `Gc<T>` handles and the heap as a token: shared to read, exclusive to write, allocate or collect, so that the borrow
//! checker keeps views of objects apart from everything that could free or change them.

mod gc;
mod header;
mod heap;
mod layout;
mod root;
mod value;
mod vec;
mod weak;

pub use gc::Gc;
pub use header::{Header, Kind, flags};
pub use heap::{Heap, Liveness, MemoryError, Roots};
pub use layout::{Layout, Object, Trace, Tracer};
pub use root::{Root, RootVec};
pub use value::Value;
pub use vec::HeapVec;
pub use weak::Weak;
