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

const LINEAR_PROBES: usize = 9;

/// Visit the places of a hash in order, until `found` gives something, which it does for a vacant place at the latest. The table is not empty.
#[inline(always)]
pub(crate) fn probe<T>(table: &[Place], hash: i64, mut found: impl FnMut(usize, &Place) -> Option<T>) -> T {
    let mask = table.len() - 1;
    let mut at = hash as usize & mask;
    let mut perturb = hash as u64 as usize;
    // SAFETY: the places are at most the mask, which is below the table's length.
    let mut found = |at: usize| found(at, unsafe { table.get_unchecked(at) });
    loop {
        // Mostly that is all.
        if let Some(result) = found(at) {
            return result;
        }
        let last = if at + LINEAR_PROBES <= mask { at + LINEAR_PROBES } else { at };
        for at in at + 1..last + 1 {
            if let Some(result) = found(at) {
                return result;
            }
        }
        perturb >>= 5;
        at = at.wrapping_mul(5).wrapping_add(1).wrapping_add(perturb) & mask;
    }
}

impl Trace for Place {
    fn trace(&self, tracer: &mut Tracer) {
        self.key.trace(tracer);
    }
}

// SAFETY: an int and an optional value (whose empty word is 0) may be all zero bits.
unsafe impl Vacant for Place {}
