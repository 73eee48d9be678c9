//! Cells: variables shared between a function and the functions inside it.

use crate::Py;
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass};

/// A variable's place.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "cell", core)]
pub struct Cell {
    pub(crate) header: Header,
    pub(crate) value: Option<Value>,
}

impl Py {
    /// A new cell.
    pub fn new_cell(&mut self, value: Option<Value>) -> Gc<Cell> {
        self.alloc(Cell { header: Header::EMPTY, value })
    }

    /// Whether a value is a cell.
    pub fn is_cell(&self, value: Value) -> bool {
        Gc::<Cell>::cast(self, value).is_some()
    }

    /// Fill a cell.
    pub fn set_cell(&mut self, cell: Value, value: Value) {
        if let Some(cell) = Gc::<Cell>::cast(self, cell) {
            cell.get_mut(self).value = Some(value);
        }
    }
}
