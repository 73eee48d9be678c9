//! The heap of one interpreter: values, objects, allocation and collection.
//!
//! A tracing, non-moving collector with precise object layouts and conservative scanning of native stacks. Objects are
//! reached through `Gc<T>` handles and the heap as a token: shared to read, exclusive to write, allocate or collect, so that the borrow
//! checker keeps views of objects apart from everything that could free or change them.

mod finalize;
mod gc;
mod header;
mod heap;
mod layout;
mod limit;
mod root;
mod trace;
mod value;
mod vec;
mod weak;

pub use finalize::Pending;
pub use gc::Gc;
pub use header::{Header, Kind, flags};
pub use heap::{Config, Heap, Liveness, Roots};
pub use layout::{Layout, Object, Trace};
pub use limit::MemoryError;
pub use root::{Root, RootVec};
pub use trace::Tracer;
pub use value::Value;
pub use vec::HeapVec;
pub use weak::Weak;
