//! The places of the tables behind `set` and `frozenset`; what is done with them is in `types/set`.

use bredli_heap::{Trace, Tracer, Vacant, Value};

/// One place of a table.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Place {
    /// Hash of the key.
    pub hash: i64,
    /// Empty: never used. `Value::UNSET`: removed.
    pub key: Option<Value>,
}

impl Place {
    /// What a removed key leaves. No key has this hash.
    pub const REMOVED: Place = Place { hash: -1, key: Some(Value::UNSET) };
}

impl Trace for Place {
    fn trace(&self, tracer: &mut Tracer) {
        self.key.trace(tracer);
    }
}

// SAFETY: an int and an optional value (whose empty word is 0) may be all zero bits.
unsafe impl Vacant for Place {}
