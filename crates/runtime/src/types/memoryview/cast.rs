//! `memoryview.cast`.

use super::MemoryView;
use crate::buffer::Geometry;
use crate::buffer::geometry::contiguous;
use crate::buffer::item::Code;
use crate::object::{Str, Tuple};
use crate::types::List;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, RootVec, Value};
use bredli_macros::pymethods;

/// The most dimensions of a view.
const MOST_DIMENSIONS: usize = 64;

/// The items of a shape; TypeError when it is no list or tuple.
fn shape_items(py: &mut Py, shape: Value) -> Result<RootVec> {
    let items = match (Gc::<List>::cast(py, shape), Gc::<Tuple>::cast(py, shape)) {
        (Some(_), _) | (_, Some(_)) => py.collect_iterable(shape)?,
        _ => raise!(py, TypeError, "shape must be a list or a tuple"),
    };
    if items.len() > MOST_DIMENSIONS {
        raise!(py, ValueError, "memoryview: number of dimensions must not exceed {MOST_DIMENSIONS}");
    }
    Ok(items)
}

/// The same memory as items of another format, in one dimension.
fn to_format(py: &mut Py, geometry: &mut Geometry, format: Gc<Str>) -> Result<()> {
    let Some(from) = Code::parse(geometry.format.get(py).bytes()) else {
        raise!(py, ValueError, "memoryview: source format must be a native single character format prefixed with an optional '@'");
    };
    let Some(to) = Code::parse(format.get(py).bytes()) else {
        raise!(py, ValueError, "memoryview: destination format must be a native single character format prefixed with an optional '@'");
    };
    if !from.is_byte() && !to.is_byte() {
        raise!(py, TypeError, "memoryview: cannot cast between two non-byte formats");
    }
    let len = geometry.byte_len();
    if !len.is_multiple_of(to.size()) {
        raise!(py, TypeError, "memoryview: length is not a multiple of itemsize");
    }
    geometry.format = format;
    geometry.itemsize = to.size();
    geometry.dimensions = contiguous(&[len / to.size()], to.size());
    Ok(())
}

/// The same items in the dimensions of a shape.
fn to_shape(py: &mut Py, geometry: &mut Geometry, shape: &[Value]) -> Result<()> {
    let (mut lens, mut total) = (Vec::with_capacity(shape.len()), geometry.itemsize);
    for item in shape {
        if !py.is_int(*item) {
            raise!(py, TypeError, "memoryview.cast(): elements of shape must be integers");
        }
        let len = py.to_isize(*item)?;
        if len <= 0 {
            raise!(py, ValueError, "memoryview.cast(): elements of shape must be integers > 0");
        }
        total = match total.checked_mul(len as usize).filter(|total| *total <= isize::MAX as usize) {
            Some(total) => total,
            None => raise!(py, ValueError, "memoryview.cast(): product(shape) > SSIZE_MAX"),
        };
        lens.push(len as usize);
    }
    if total != geometry.byte_len() {
        raise!(py, TypeError, "memoryview: product(shape) * itemsize != buffer size");
    }
    geometry.dimensions = contiguous(&lens, geometry.itemsize);
    Ok(())
}

#[pymethods(part = "cast")]
impl MemoryView {
    /// Cast a memoryview to a new format or shape.
    #[signature(self, /, format, shape=<unrepresentable>)]
    fn cast(this: Gc<Self>, py: &mut Py, format: Gc<Str>, shape: Option<Value>) -> Result<Gc<Self>> {
        MemoryView::shared(py, this)?;
        let mut geometry = this.get(py).geometry();
        if !geometry.is_c_contiguous() {
            raise!(py, TypeError, "memoryview: casts are restricted to C-contiguous views");
        }
        let dimensions = geometry.dimensions.len();
        if (shape.is_some() || dimensions != 1) && geometry.dimensions.iter().any(|dimension| dimension.len == 0) {
            raise!(py, TypeError, "memoryview: cannot cast view with zeros in shape or strides");
        }
        let items = match shape {
            Some(shape) => Some(shape_items(py, shape)?),
            None => None,
        };
        if let Some(items) = &items
            && dimensions != 1
            && items.len() != 1
        {
            raise!(py, TypeError, "memoryview: cast must be 1D -> ND or ND -> 1D");
        }
        if !format.get(py).is_ascii() {
            py.encode_str(format, "ascii", "strict")?;
        }
        to_format(py, &mut geometry, format)?;
        if let Some(items) = items {
            to_shape(py, &mut geometry, &items)?;
        }
        MemoryView::derive(py, this, geometry)
    }
}
