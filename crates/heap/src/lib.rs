//! The heap of one interpreter: values, objects, allocation and collection.
//!
//! A tracing, non-moving collector with precise object layouts and conservative scanning of native stacks. Objects are
//! reached through `Gc<T>` handles and the heap as a token: shared to read, exclusive to write, allocate or collect, so that the borrow
//! checker keeps views of objects apart from everything that could free or change them.

mod alloc;
mod block;
mod chunk;
mod collect;
mod finalize;
mod gc;
mod header;
mod heap;
mod layout;
mod limit;
mod mark;
mod permanent;
mod root;
mod size;
mod stack;
mod stats;
mod value;
mod vec;
mod verify;
mod walk;
mod weak;

pub use collect::{Liveness, Roots};
pub use finalize::Pending;
pub use gc::Gc;
pub use header::{Header, Kind, flags};
pub use heap::{Config, Heap};
pub use layout::{Layout, Object, Trace};
pub use limit::MemoryError;
pub use mark::Tracer;
pub use root::{Root, RootVec};
pub use stack::{StackBase, clear_unused_stack, with_stack_base};
pub use stats::{Clock, Collection, Stats};
pub use value::Value;
pub use vec::{HeapVec, Vacant};
pub use weak::Weak;

#[cfg(test)]
mod tests;
