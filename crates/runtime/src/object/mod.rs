//! The object model: layouts, classes, hidden classes, attribute storage and slots.

mod access;
mod class;
mod class_build;
mod class_native;
mod class_slots;
pub(crate) mod dict;
mod getattr;
mod instance;
mod int;
mod interned;
pub mod overrides;
mod set_place;
mod shape;
pub mod slots;
mod specials;
mod str;
mod tuple;
mod wrappers;

pub(crate) use access::{Access, AccessTable, Found};
pub use class::{Class, ClassFlags};
pub(crate) use class::{KnownMethod, LookupCache};
pub use class_build::ClassSpec;
pub use dict::Dict;
pub use getattr::{object_getattribute, object_setattr};
pub use instance::{Instance, is_exact, shape_of};
pub(crate) use instance::{read_word, write_word};
pub use int::{BigInt, IntObject};
pub(crate) use interned::Interned;
pub(crate) use set_place::{Place, probe};
pub use shape::{Shape, Storage};
pub use slots::{CompareOp, Slots};
pub(crate) use specials::names as special_names;
pub(crate) use str::put_text;
pub use str::{CodePoints, Str, StrExt, char_width, count_chars, encode_code_point};
pub use tuple::Tuple;

/// The `buffer` slot of classes that define `__buffer__` in Python.
pub(crate) const PYTHON_BUFFER: slots::Buffer = overrides::buffer;
/// The `release_buffer` slot of classes that define `__release_buffer__` in Python.
pub(crate) const PYTHON_RELEASE_BUFFER: slots::Binary = overrides::release_buffer;

/// Tell the heap of an interpreter where the interpreter keeps its references.
pub(crate) fn connect_roots(py: &mut Box<crate::Py>) {
    let roots: *mut crate::Py = &mut **py;
    // SAFETY: the heap is a field of the boxed interpreter, which never moves and so outlives it.
    unsafe { py.heap.set_roots(roots) };
}
