//! `bytes`: the layout, operators, subscripts and comparison.
//!
//! What `bytes` and `bytearray` have in common is in `methods`. Counterpart: `Objects/bytesobject.c`.

use crate::object::Str;
use crate::{Py, Raised, Result};
use bredli_heap::{Gc, Header, HeapVec};
use bredli_macros::{Trace, pyclass};
use std::cell::Cell;

/// A bytes object.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "bytes", core, flags(BASETYPE, BYTES, INDEXABLE, MATCH_SELF))]
pub struct Bytes {
    pub(crate) header: Header,
    pub(crate) data: HeapVec<u8>,
    #[trace(skip)]
    pub(crate) hash: Cell<i64>,
}

impl Bytes {
    /// The bytes.
    #[inline(always)]
    pub fn data(&self) -> &[u8] {
        &self.data
    }
}

impl Py {
    /// A new bytes object with a copy of the bytes, which must not be borrowed from the heap.
    pub fn new_bytes(&mut self, bytes: &[u8]) -> Gc<Bytes> {
        let data = match HeapVec::from_slice(&mut self.heap, bytes) {
            Ok(data) => data,
            Err(_) => {
                self.heap.set_memory_pending();
                HeapVec::EMPTY
            }
        };
        self.alloc(Bytes { header: Header::EMPTY, data, hash: Cell::new(0) })
    }

    /// A bytes object of `len` bytes which `fill` writes.
    pub fn fill_bytes(&mut self, len: usize, fill: impl FnOnce(&Py, &mut [u8])) -> Result<Gc<Bytes>> {
        let Ok(mut data) = HeapVec::filled(&mut self.heap, len, 0u8) else { return Err(self.no_memory()) };
        fill(self, &mut data);
        Ok(self.alloc(Bytes { header: Header::EMPTY, data, hash: Cell::new(0) }))
    }

    /// The UnicodeEncodeError for text with a surrogate that is to become UTF-8.
    pub fn surrogates_not_allowed(&mut self, text: Gc<Str>) -> Raised {
        crate::native::surrogates_not_allowed(self, text)
    }
}
