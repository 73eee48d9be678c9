//! The attributes of `memoryview`.

use super::MemoryView;
use crate::buffer::{Dimension, geometry};
use crate::object::{Str, Tuple};
use crate::{Py, Result};
use bredli_heap::{Gc, RootVec, Value};
use bredli_macros::pymethods;

impl MemoryView {
    pub(super) fn is_c_contiguous(&self) -> bool {
        geometry::is_c_contiguous(&self.dimensions, self.itemsize)
    }

    pub(super) fn is_f_contiguous(&self) -> bool {
        geometry::is_f_contiguous(&self.dimensions, self.itemsize)
    }

    /// The view, unless it was released.
    fn open(py: &mut Py, this: Gc<MemoryView>) -> Result<&MemoryView> {
        MemoryView::managed(py, this)?;
        Ok(this.get(py))
    }

    /// A number of each dimension.
    fn each(py: &mut Py, this: Gc<MemoryView>, number: impl Fn(&Dimension) -> i64) -> Result<Gc<Tuple>> {
        let numbers: Vec<i64> = MemoryView::open(py, this)?.dimensions.iter().map(number).collect();
        let mut items = RootVec::new(&mut py.heap);
        for number in numbers {
            let number = py.new_int(number);
            items.push(number);
        }
        Ok(py.new_tuple(&items))
    }
}

#[pymethods(part = "attributes")]
impl MemoryView {
    /// The underlying object of the memoryview.
    #[getter]
    fn obj(this: Gc<Self>, py: &mut Py) -> Result {
        Ok(MemoryView::managed(py, this)?.get(py).owner())
    }

    /// The amount of space in bytes that the array would use in
    ///  a contiguous representation.
    #[getter]
    fn nbytes(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        let view = MemoryView::open(py, this)?;
        Ok(geometry::byte_len(&view.dimensions, view.itemsize))
    }

    /// A bool indicating whether the memory is read only.
    #[getter]
    fn readonly(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        Ok(MemoryView::open(py, this)?.readonly)
    }

    /// The size in bytes of each element of the memoryview.
    #[getter]
    fn itemsize(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        Ok(MemoryView::open(py, this)?.itemsize)
    }

    /// A string containing the format (in struct module style)
    ///  for each element in the view.
    #[getter]
    fn format(this: Gc<Self>, py: &mut Py) -> Result<Gc<Str>> {
        Ok(MemoryView::open(py, this)?.format)
    }

    /// An integer indicating how many dimensions of a multi-dimensional
    ///  array the memory represents.
    #[getter]
    fn ndim(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        Ok(MemoryView::open(py, this)?.dimensions.len())
    }

    /// A tuple of ndim integers giving the shape of the memory
    ///  as an N-dimensional array.
    #[getter]
    fn shape(this: Gc<Self>, py: &mut Py) -> Result<Gc<Tuple>> {
        MemoryView::each(py, this, |dimension| dimension.len as i64)
    }

    /// A tuple of ndim integers giving the size in bytes to access
    ///  each element for each dimension of the array.
    #[getter]
    fn strides(this: Gc<Self>, py: &mut Py) -> Result<Gc<Tuple>> {
        MemoryView::each(py, this, |dimension| dimension.stride as i64)
    }

    /// A tuple of integers used internally for PIL-style arrays.
    #[getter]
    fn suboffsets(this: Gc<Self>, py: &mut Py) -> Result<Value> {
        MemoryView::open(py, this)?;
        Ok(py.constants.empty_tuple.into())
    }

    /// A bool indicating whether the memory is C contiguous.
    #[getter]
    fn c_contiguous(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        Ok(MemoryView::open(py, this)?.is_c_contiguous())
    }

    /// A bool indicating whether the memory is Fortran contiguous.
    #[getter]
    fn f_contiguous(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        Ok(MemoryView::open(py, this)?.is_f_contiguous())
    }

    /// A bool indicating whether the memory is contiguous.
    #[getter]
    fn contiguous(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        let view = MemoryView::open(py, this)?;
        Ok(view.is_c_contiguous() || view.is_f_contiguous())
    }
}
