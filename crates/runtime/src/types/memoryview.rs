//! `memoryview` of bytes and bytearrays: one dimension of unsigned bytes.
//!
//! Other formats and shapes are refused. Counterpart: `Objects/memoryobject.c`.

use crate::native::Args;
use crate::object::{Class, CompareOp, Str};
use crate::types::bytes::hex_text;
use crate::types::{ByteArray, Bytes, BytesLike, List, Slice};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, RootVec, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Create a new memoryview object which references the given object.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "memoryview", core, flags(INDEXABLE, SEQUENCE, IMMUTABLE))]
pub struct MemoryView {
    pub(crate) header: Header,
    /// The bytes or bytearray; empty once released.
    source: Option<Value>,
    start: usize,
    step: isize,
    count: usize,
    readonly: bool,
}

impl MemoryView {
    /// The bytes selected, and the error for a released view.
    fn bytes(this: Gc<MemoryView>, py: &mut Py) -> Result<Vec<u8>> {
        let view = this.get(py);
        let Some(source) = view.source else {
            raise!(py, ValueError, "operation forbidden on released memoryview object");
        };
        let data = source_bytes(py, source);
        let index = |number: usize| (view.start as isize + number as isize * view.step) as usize;
        Ok((0..view.count).map(|number| data.get(index(number)).copied().unwrap_or(0)).collect())
    }

    fn check(this: Gc<MemoryView>, py: &mut Py) -> Result {
        match this.get(py).source {
            Some(source) => Ok(source),
            None => raise!(py, ValueError, "operation forbidden on released memoryview object"),
        }
    }

    fn index(this: Gc<MemoryView>, py: &mut Py, key: Value) -> Result<usize> {
        let index = py.to_subscript(key)?;
        let view = this.get(py);
        let at = if index < 0 { index.wrapping_add(view.count as isize) } else { index };
        if at < 0 || at as usize >= view.count {
            raise!(py, IndexError, "index out of bounds on dimension 1");
        }
        Ok((view.start as isize + at * view.step) as usize)
    }

    fn part(this: Gc<MemoryView>, py: &mut Py, slice: Gc<Slice>) -> Result<Gc<MemoryView>> {
        let bounds = py.slice_bounds(slice, |py| this.get(py).count)?;
        let view = this.get(py);
        let start = (view.start as isize + bounds.start as isize * view.step) as usize;
        let (source, step, readonly) = (view.source, view.step * bounds.step, view.readonly);
        Ok(py.alloc(MemoryView { header: Header::EMPTY, source, start, step, count: bounds.count, readonly }))
    }
}

fn source_bytes(py: &Py, source: Value) -> &[u8] {
    if let Some(bytes) = Gc::<Bytes>::cast(py, source) {
        return bytes.get(py).data();
    }
    Gc::<ByteArray>::cast(py, source).map_or(&[], |array| array.get(py).data())
}

#[pymethods]
impl MemoryView {
    #[signature(object)]
    fn __new__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        let _ = cls;
        if let Some(view) = Gc::<MemoryView>::cast(py, object) {
            MemoryView::check(view, py)?;
            let MemoryView { source, start, step, count, readonly, .. } = *view.get(py);
            return Ok(py.alloc(MemoryView { header: Header::EMPTY, source, start, step, count, readonly }).into());
        }
        if Gc::<Bytes>::cast(py, object).is_some() || Gc::<ByteArray>::cast(py, object).is_some() {
            return Ok(py.new_memoryview(object).into());
        }
        match py.class_of(object).get(py).slots.buffer {
            Some(buffer) => buffer(py, object, 0),
            None => {
                let given = py.class_name(object);
                raise!(py, TypeError, "memoryview: a bytes-like object is required, not '{given}'")
            }
        }
    }

    fn __repr__(this: Gc<Self>, py: &Py) -> String {
        let released = if this.get(py).source.is_none() { "released " } else { "" };
        let kind = if released.is_empty() { "memory at" } else { "released memory at" };
        format!("<{kind} {:#x}>", Value::from(this).bits())
    }

    fn __len__(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        MemoryView::check(this, py)?;
        Ok(this.get(py).count)
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        let source = MemoryView::check(this, py)?;
        if py.has_index(key) {
            let at = MemoryView::index(this, py, key)?;
            return match source_bytes(py, source).get(at) {
                Some(byte) => Ok(Value::small(*byte as i32)),
                None => raise!(py, IndexError, "index out of bounds on dimension 1"),
            };
        }
        match Gc::<Slice>::cast(py, key) {
            Some(slice) => MemoryView::part(this, py, slice).map(Into::into),
            None => raise!(py, TypeError, "memoryview: invalid slice key"),
        }
    }

    fn __setitem__(this: Gc<Self>, py: &mut Py, key: Value, value: Option<Value>) -> Result<()> {
        let source = MemoryView::check(this, py)?;
        let Some(array) = Gc::<ByteArray>::cast(py, source).filter(|_| !this.get(py).readonly) else {
            raise!(py, TypeError, "cannot modify read-only memory");
        };
        let Some(value) = value else { raise!(py, TypeError, "cannot delete memory") };
        if py.has_index(key) {
            let at = MemoryView::index(this, py, key)?;
            if !py.has_index(value) {
                raise!(py, TypeError, "memoryview: invalid type for format 'B'");
            }
            let int = py.index(value)?;
            let Some(byte) = py.int_to_i64(int).and_then(|int| u8::try_from(int).ok()) else {
                raise!(py, ValueError, "memoryview: invalid value for format 'B'");
            };
            if let Some(place) = array.get_mut(py).data.get_mut(at) {
                *place = byte;
            }
            return Ok(());
        }
        let Some(slice) = Gc::<Slice>::cast(py, key) else { raise!(py, TypeError, "memoryview: invalid slice key") };
        let target = MemoryView::part(this, py, slice)?;
        let bytes = BytesLike::new(py, value)?.get(py).to_vec();
        let (start, step, count) = (target.get(py).start, target.get(py).step, target.get(py).count);
        if bytes.len() != count {
            raise!(py, ValueError, "memoryview assignment: lvalue and rvalue have different structures");
        }
        let data = &mut array.get_mut(py).data;
        for (number, byte) in bytes.iter().enumerate() {
            if let Some(place) = data.get_mut((start as isize + number as isize * step) as usize) {
                *place = *byte;
            }
        }
        Ok(())
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        if Value::from(this) == other {
            return Ok(Value::bool(op == CompareOp::Eq));
        }
        let Some(right) = BytesLike::try_new(py, other)? else { return Ok(Value::NOT_IMPLEMENTED) };
        let equal = MemoryView::bytes(this, py)? == right.get(py);
        Ok(Value::bool(equal == (op == CompareOp::Eq)))
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        if !this.get(py).readonly {
            raise!(py, ValueError, "cannot hash writable memoryview object");
        }
        let bytes = MemoryView::bytes(this, py)?;
        Ok(py.hash_keys.hash_bytes(&bytes))
    }

    fn __buffer__(this: Gc<Self>, py: &mut Py, flags: u32) -> Result {
        let _ = flags;
        let class = py.types.memoryview;
        py.call(class.into(), &[this.into()])
    }

    fn __enter__(this: Gc<Self>, py: &mut Py) -> Result<Gc<Self>> {
        MemoryView::check(this, py)?;
        Ok(this)
    }

    /// Release the underlying buffer exposed by the memoryview object.
    #[signature(self, /, *exc_info)]
    fn __exit__(this: Gc<Self>, py: &mut Py, args: Args) {
        let _ = args;
        this.get_mut(py).source = None;
    }

    /// Release the underlying buffer exposed by the memoryview object.
    fn release(this: Gc<Self>, py: &mut Py) {
        this.get_mut(py).source = None;
    }

    /// Return the data in the buffer as a byte string.
    #[signature(self, /, order="C")]
    fn tobytes(this: Gc<Self>, py: &mut Py, order: Value) -> Result<Gc<Bytes>> {
        let _ = order;
        let bytes = MemoryView::bytes(this, py)?;
        Ok(py.new_bytes(&bytes))
    }

    /// Return the data in the buffer as a list of elements.
    fn tolist(this: Gc<Self>, py: &mut Py) -> Result<Gc<List>> {
        let bytes = MemoryView::bytes(this, py)?;
        let mut values = RootVec::new(&mut py.heap);
        values.extend(bytes.iter().map(|byte| Value::small(*byte as i32)));
        py.new_list(&values)
    }

    /// Return the data in the buffer as a str of hexadecimal numbers.
    #[signature(self, /, sep=<unrepresentable>, bytes_per_sep=1)]
    fn hex(this: Gc<Self>, py: &mut Py, sep: Option<Value>, bytes_per_sep: isize) -> Result<Gc<Str>> {
        let bytes = MemoryView::bytes(this, py)?;
        hex_text(py, &bytes, sep, bytes_per_sep)
    }

    /// Return a readonly version of the memoryview.
    fn toreadonly(this: Gc<Self>, py: &mut Py) -> Result<Gc<Self>> {
        MemoryView::check(this, py)?;
        let MemoryView { source, start, step, count, .. } = *this.get(py);
        Ok(py.alloc(MemoryView { header: Header::EMPTY, source, start, step, count, readonly: true }))
    }

    /// Cast a memoryview to a new format or shape.
    #[signature(self, /, format, shape=<unrepresentable>)]
    fn cast(this: Gc<Self>, py: &mut Py, format: Gc<Str>, shape: Option<Value>) -> Result<Gc<Self>> {
        MemoryView::check(this, py)?;
        if !matches!(format.get(py).bytes(), b"B" | b"@B") || shape.is_some() {
            raise!(py, NotImplementedError, "memoryview.cast() to another format than 'B' is not supported");
        }
        let MemoryView { source, start, step, count, readonly, .. } = *this.get(py);
        Ok(py.alloc(MemoryView { header: Header::EMPTY, source, start, step, count, readonly }))
    }

    /// memoryviews are generic over the type of their underlying data
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }

    /// The underlying object of the memoryview.
    #[getter]
    fn obj(this: Gc<Self>, py: &mut Py) -> Result {
        MemoryView::check(this, py)
    }

    /// The amount of space in bytes that the array would use in a contiguous representation.
    #[getter]
    fn nbytes(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        MemoryView::__len__(this, py)
    }

    /// A bool indicating whether the memory is read only.
    #[getter]
    fn readonly(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        MemoryView::check(this, py)?;
        Ok(this.get(py).readonly)
    }

    /// The size in bytes of each element of the memoryview.
    #[getter]
    fn itemsize(this: Gc<Self>, py: &mut Py) -> Result<i32> {
        MemoryView::check(this, py)?;
        Ok(1)
    }

    /// A string containing the format (in struct module style) for each element in the view.
    #[getter]
    fn format(this: Gc<Self>, py: &mut Py) -> Result<&'static str> {
        MemoryView::check(this, py)?;
        Ok("B")
    }

    /// The number of dimensions of the array that the memory represents.
    #[getter]
    fn ndim(this: Gc<Self>, py: &mut Py) -> Result<i32> {
        MemoryView::check(this, py)?;
        Ok(1)
    }

    /// A tuple of ndim integers giving the shape of the memory.
    #[getter]
    fn shape(this: Gc<Self>, py: &mut Py) -> Result<(usize,)> {
        Ok((MemoryView::__len__(this, py)?,))
    }

    /// A tuple of ndim integers giving the size in bytes to access each element.
    #[getter]
    fn strides(this: Gc<Self>, py: &mut Py) -> Result<(isize,)> {
        MemoryView::check(this, py)?;
        Ok((this.get(py).step,))
    }

    /// A tuple of integers used internally for PIL-style arrays.
    #[getter]
    fn suboffsets(this: Gc<Self>, py: &mut Py) -> Result<Value> {
        MemoryView::check(this, py)?;
        Ok(py.constants.empty_tuple.into())
    }

    /// A bool indicating whether the memory is contiguous.
    #[getter("contiguous", "c_contiguous", "f_contiguous")]
    fn contiguous(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        MemoryView::check(this, py)?;
        Ok(this.get(py).step == 1 || this.get(py).count < 2)
    }
}

impl Py {
    /// A view of bytes or a bytearray.
    pub fn new_memoryview(&mut self, source: Value) -> Gc<MemoryView> {
        let count = source_bytes(self, source).len();
        let readonly = Gc::<ByteArray>::cast(self, source).is_none();
        self.alloc(MemoryView { header: Header::EMPTY, source: Some(source), start: 0, step: 1, count, readonly })
    }
}
