//! The visitor that collects references during marking.

use crate::{Gc, Header, Object, Value};

/// Receives the references of an object or of the roots.
pub struct Tracer {
    pub(crate) found: Vec<*const Header>,
    pub(crate) ranges: Vec<(usize, usize)>,
}

impl Tracer {
    /// Report a value.
    #[inline(always)]
    pub fn value(&mut self, value: Value) {
        if value.is_heap() {
            self.found.push(value.as_header());
        }
    }

    /// Report an object.
    #[inline(always)]
    pub fn gc<T: Object>(&mut self, object: Gc<T>) {
        self.found.push(object.header());
    }

    /// Report an address inside a live cell.
    #[inline]
    pub fn interior(&mut self, address: *const u8) {
        self.ranges.push((address as usize, 0));
    }

    /// Report every word from `from` up to `to` that looks like a reference. Only for roots.
    ///
    /// # Safety
    /// The range must stay readable until the collection ends.
    pub unsafe fn range(&mut self, from: *const u64, to: *const u64) {
        self.ranges.push((from as usize, to as usize));
    }
}
