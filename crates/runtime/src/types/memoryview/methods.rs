//! Methods of `memoryview`: conversion, search, release.

use super::{MemoryIterator, MemoryView};
use crate::buffer::Dimension;
use crate::buffer::item::Code;
use crate::native::StrictSliceIndex;
use crate::object::{Class, Str};
use crate::types::Bytes;
use crate::types::bytes::hex_text;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, RootVec, Value};
use bredli_macros::pymethods;

/// The items of some dimensions as nested lists.
fn lists(py: &mut Py, this: Gc<MemoryView>, code: Code, start: usize, dimensions: &[Dimension]) -> Result {
    let Some((outer, inner)) = dimensions.split_first() else { return MemoryView::item(py, this, code, start) };
    let mut items = RootVec::new(&mut py.heap);
    for number in 0..outer.len {
        let at = (start as isize + number as isize * outer.stride) as usize;
        let item = lists(py, this, code, at, inner)?;
        items.push(item);
    }
    Ok(py.new_list(&items)?.into())
}

/// The number of items of a view of one dimension.
fn single_dimension(py: &mut Py, this: Gc<MemoryView>) -> Result<usize> {
    MemoryView::managed(py, this)?;
    match *this.get(py).dimensions {
        [] => raise!(py, TypeError, "invalid lookup on 0-dim memory"),
        [dimension] => Ok(dimension.len),
        _ => raise!(py, NotImplementedError, "multi-dimensional lookup is not implemented"),
    }
}

#[pymethods(part = "methods")]
impl MemoryView {
    fn __iter__(this: Gc<Self>, py: &mut Py) -> Result<Gc<MemoryIterator>> {
        MemoryIterator::start(py, this)
    }

    #[signature(self, /)]
    fn __enter__(this: Gc<Self>, py: &mut Py) -> Result<Gc<Self>> {
        MemoryView::enter(py, this)?;
        Ok(this)
    }

    /// Release the underlying buffer exposed by the memoryview object.
    #[signature(self, /, *exc_info)]
    fn __exit__(this: Gc<Self>, py: &mut Py, _exc_info: &[Value]) -> Result<()> {
        MemoryView::release_now(py, this)
    }

    /// Release the underlying buffer exposed by the memoryview object.
    #[signature(self, /)]
    fn release(this: Gc<Self>, py: &mut Py) -> Result<()> {
        MemoryView::release_now(py, this)
    }

    /// Return the data in the buffer as a byte string.
    ///
    /// Order can be {'C', 'F', 'A'}.  When order is 'C' or 'F', the data of
    /// the original array is converted to C or Fortran order.  For
    /// contiguous views, 'A' returns an exact copy of the physical memory.
    /// In particular, in-memory Fortran order is preserved.  For
    /// non-contiguous views, the data is converted to C first.  order=None
    /// is the same as order='C'.
    #[signature(self, /, order="C")]
    fn tobytes(this: Gc<Self>, py: &mut Py, order: Value) -> Result<Gc<Bytes>> {
        MemoryView::managed(py, this)?;
        let order = match Gc::<Str>::cast(py, order) {
            _ if order.is_none() => b'C',
            Some(text) => match *text.get(py).bytes() {
                [order @ (b'C' | b'F' | b'A')] => order,
                _ => raise!(py, ValueError, "order must be 'C', 'F' or 'A'"),
            },
            None => {
                let given = py.class_name(order);
                raise!(py, TypeError, "tobytes() argument 'order' must be str or None, not {given}")
            }
        };
        let view = this.get(py);
        let fortran = order == b'F' || order == b'A' && view.is_f_contiguous() && !view.is_c_contiguous();
        if !fortran {
            let bytes = MemoryView::bytes(py, this)?;
            return Ok(py.new_bytes(&bytes));
        }
        let mut geometry = view.geometry();
        geometry.dimensions.reverse();
        let memory = MemoryView::managed(py, this)?.get(py).memory();
        let bytes = geometry.bytes(memory.get(py));
        Ok(py.new_bytes(&bytes))
    }

    /// Return the data in the buffer as a list of elements.
    #[signature(self, /)]
    fn tolist(this: Gc<Self>, py: &mut Py) -> Result {
        MemoryView::managed(py, this)?;
        let (code, geometry) = (MemoryView::code(py, this)?, this.get(py).geometry());
        lists(py, this, code, geometry.start, &geometry.dimensions)
    }

    /// Return the data in the buffer as a str of hexadecimal numbers.
    ///
    ///   sep
    ///     An optional single character or byte to separate hex bytes.
    ///   bytes_per_sep
    ///     How many bytes between separators.  Positive values count from
    ///     the right, negative values count from the left.
    ///
    /// Example:
    /// >>> value = memoryview(b'\xb9\x01\xef')
    /// >>> value.hex()
    /// 'b901ef'
    /// >>> value.hex(':')
    /// 'b9:01:ef'
    /// >>> value.hex(':', 2)
    /// 'b9:01ef'
    /// >>> value.hex(':', -2)
    /// 'b901:ef'
    #[signature(self, /, sep=<unrepresentable>, bytes_per_sep=1)]
    fn hex(this: Gc<Self>, py: &mut Py, sep: Option<Value>, bytes_per_sep: isize) -> Result<Gc<Str>> {
        let bytes = MemoryView::bytes(py, this)?;
        py.while_exported(this, |py| hex_text(py, &bytes, sep, bytes_per_sep))
    }

    /// Return a readonly version of the memoryview.
    #[signature(self, /)]
    fn toreadonly(this: Gc<Self>, py: &mut Py) -> Result<Gc<Self>> {
        MemoryView::shared(py, this)?;
        let mut geometry = this.get(py).geometry();
        geometry.readonly = true;
        MemoryView::derive(py, this, geometry)
    }

    /// Count the number of occurrences of a value.
    #[signature(self, value, /)]
    fn count(this: Gc<Self>, py: &mut Py, value: Value) -> Result<usize> {
        let iterator: Value = MemoryIterator::start(py, this)?.into();
        let mut count = 0;
        while let Some(item) = py.next(iterator)? {
            count += usize::from(py.eq(item, value)?);
        }
        Ok(count)
    }

    /// Return the index of the first occurrence of a value.
    ///
    /// Raises ValueError if the value is not present.
    #[signature(self, value, start=0, stop=sys.maxsize, /)]
    fn index(this: Gc<Self>, py: &mut Py, value: Value, start: StrictSliceIndex, stop: StrictSliceIndex) -> Result<usize> {
        let len = single_dimension(py, this)?;
        let clamp = |index: isize| if index < 0 { index.saturating_add(len as isize).max(0) as usize } else { (index as usize).min(len) };
        let (start, stop) = (clamp(start.0), clamp(stop.0));
        let code = MemoryView::code(py, this)?;
        for number in start..stop {
            MemoryView::managed(py, this)?;
            let view = this.get(py);
            let at = (view.start as isize + number as isize * view.dimensions[0].stride) as usize;
            let item = MemoryView::item(py, this, code, at)?;
            if py.eq(item, value)? {
                return Ok(number);
            }
        }
        raise!(py, ValueError, "memoryview.index(x): x not found")
    }

    /// memoryviews are generic over the type of their underlying data
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }

    /// Create a new memoryview object which references the given object.
    #[signature(type, /, object, flags)]
    fn _from_flags(cls: Gc<Class>, py: &mut Py, object: Value, flags: i32) -> Result<Gc<Self>> {
        let _ = cls;
        py.memoryview(object, flags as u32)
    }
}
