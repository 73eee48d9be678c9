//! Cells: variables shared between a function and the functions inside it.
//!
//! Counterpart: `Objects/cellobject.c`.

use crate::native::Args;
use crate::object::{Class, CompareOp};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Create a new cell object.
///
///   contents
///     the contents of the cell. If not specified, the cell will be empty,
///     and further attempts to access its cell_contents attribute will
///     raise a ValueError.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "cell", core)]
pub struct Cell {
    pub(crate) header: Header,
    pub(crate) value: Option<Value>,
}

#[pymethods]
impl Cell {
    #[no_text_signature]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        if args.has_keywords() {
            raise!(py, TypeError, "cell() takes no keyword arguments");
        }
        if args.len() > 1 {
            raise!(py, TypeError, "cell expected at most 1 argument, got {}", args.len());
        }
        Ok(py.alloc_as(cls, Cell { header: Header::EMPTY, value: args.get(0) }).into())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        let address = Value::from(this).bits();
        match this.get(py).value {
            Some(value) => format!("<cell at {address:#x}: {} object at {:#x}>", py.class_name(value), value.bits()),
            None => format!("<cell at {address:#x}: empty>"),
        }
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Self>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        match (this.get(py).value, other.get(py).value) {
            (Some(a), Some(b)) => py.compare(op, a, b),
            (a, b) => Ok(Value::bool(op.holds(a.is_some().cmp(&b.is_some())))),
        }
    }

    #[getter]
    fn cell_contents(this: Gc<Self>, py: &mut Py) -> Result {
        match this.get(py).value {
            Some(value) => Ok(value),
            None => raise!(py, ValueError, "Cell is empty"),
        }
    }

    #[setter]
    fn set_cell_contents(this: Gc<Self>, py: &mut Py, value: Option<Value>) {
        this.get_mut(py).value = value;
    }
}

impl Cell {
    /// The variable's value, if it has one.
    pub fn content(&self) -> Option<Value> {
        self.value
    }
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
