//! `range`, `range_iterator` and `longrange_iterator`.
//!
//! The fields of a range are exact ints of any size; iteration over ranges whose numbers fit machine words uses
//! `RangeIterator`, which the interpreter's loops read directly. Counterpart: `Objects/rangeobject.c`.

use crate::Py;
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Goes through a range whose numbers fit machine words.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "range_iterator", core)]
pub struct RangeIterator {
    pub(crate) header: Header,
    /// The next number.
    pub(crate) current: i64,
    pub(crate) step: i64,
    /// How many numbers are left.
    pub(crate) remaining: usize,
}

#[pymethods]
impl RangeIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let this = this.get_mut(py);
        this.remaining = this.remaining.checked_sub(1)?;
        let current = this.current;
        this.current = current.wrapping_add(this.step);
        Some(py.new_int(current))
    }
}
