//! Weak references.
//!
//! Counterpart: `Objects/weakrefobject.c`.

use crate::Py;
use bredli_heap::{Gc, Header, Value, Weak};
use bredli_macros::{Trace, pyclass};

/// A weak reference.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "ReferenceType", module = "weakref", core, flags(BASETYPE))]
pub struct Weakref {
    pub(crate) header: Header,
    pub(crate) referent: Weak,
    pub(crate) callback: Option<Value>,
    pub(crate) hash: i64,
}

impl Weakref {
    /// The object, if it is alive.
    pub fn target(&self) -> Option<Value> {
        self.referent.get()
    }
}

impl Py {
    /// The weak reference without callback that an object already has, or None.
    pub fn existing_weak_reference(&mut self, target: Value) -> Value {
        let _ = target;
        Value::NONE
    }

    /// A new weak reference without callback.
    pub fn weak_reference(&mut self, target: Value) -> Gc<Weakref> {
        let reference = self.alloc(Weakref { header: Header::EMPTY, referent: Weak::EMPTY, callback: None, hash: -1 });
        self.heap.set_weak(reference.into(), |heap| &reference.get(heap).referent, target);
        reference
    }
}
