//! `bytearray`: the layout, construction and the operators; methods that change it are in `mutation`.
//!
//! Methods that do not change it are those of `bytes`, applied to a copy. Counterpart: `Objects/bytearrayobject.c`.

mod iter;
mod mutation;
mod shared;

pub use iter::ByteArrayIterator;

use crate::buffer::{BufferExports, BytesLike, Exported, Exporter};
use crate::native::Args;
use crate::object::{Class, CompareOp, Str};
use crate::types::bytes::{Escape, Source, format_bytes, literal};
use crate::types::{Bytes, MemoryView, Slice};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, HeapVec, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// bytearray(iterable_of_ints) -> bytearray
/// bytearray(string, encoding[, errors]) -> bytearray
/// bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer
/// bytearray(int) -> bytes array of size given by the parameter initialized with null bytes
/// bytearray() -> empty bytes array
///
/// Construct a mutable bytearray object from:
///   - an iterable yielding integers in range(256)
///   - a text string encoded using the specified encoding
///   - a bytes or a buffer object
///   - any object implementing the buffer API.
///   - an integer
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "bytearray", core, flags(BASETYPE, INDEXABLE, MATCH_SELF), parts(mutation, shared))]
pub struct ByteArray {
    pub(crate) header: Header,
    pub(crate) data: HeapVec<u8>,
    exports: BufferExports,
}

impl ByteArray {
    /// The bytes.
    #[inline(always)]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The bytes, for replacing them.
    #[inline(always)]
    pub(crate) fn data_mut(&mut self) -> &mut [u8] {
        &mut self.data
    }
}

impl Exported for ByteArray {
    fn exports(&mut self) -> Option<&mut BufferExports> {
        Some(&mut self.exports)
    }
}

impl Exporter for ByteArray {
    fn memory(&self) -> &[u8] {
        &self.data
    }

    fn memory_mut(&mut self) -> &mut [u8] {
        &mut self.data
    }
}

#[pymethods]
impl ByteArray {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Self> {
        let _ = args;
        py.alloc_as(cls, ByteArray { header: Header::EMPTY, data: HeapVec::EMPTY, exports: BufferExports::NONE })
    }

    fn __init__(this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
        let source = Source::new(py, "bytearray", args)?;
        if !this.get(py).data().is_empty() {
            py.check_unexported(this)?;
            this.get_mut(py).data.clear();
        }
        let bytes = source.bytes(py)?.get(py).data().to_vec();
        py.extend_bytearray(this, &bytes)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        let name = py.class_name(this.into());
        let text = [name.as_bytes(), b"(", &literal(this.get(py).data(), Escape::Apostrophe), b")"].concat();
        py.new_str_wtf8(&text)
    }

    fn __str__(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        ByteArray::__repr__(this, py)
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = BytesLike::try_any_layout(py, other)? else { return Ok(Value::NOT_IMPLEMENTED) };
        Ok(Value::bool(op.holds(this.get(py).data().cmp(other.get(py)))))
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Gc<ByteArrayIterator> {
        py.alloc(ByteArrayIterator { header: Header::EMPTY, bytes: Some(this), index: 0 })
    }

    fn __len__(this: Gc<Self>, py: &Py) -> usize {
        this.get(py).data().len()
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        if !py.has_index(key)
            && let Some(slice) = Gc::<Slice>::cast(py, key)
        {
            let bounds = py.slice_bounds(slice, |py| this.get(py).data().len())?;
            let data = this.get(py).data();
            let part: Vec<u8> = (0..bounds.count).map(|number| data[bounds.index(number)]).collect();
            return py.new_bytearray(&part).map(Into::into);
        }
        let index = mutation::position(py, this, key, "bytearray index out of range")?;
        Ok(Value::small(this.get(py).data()[index] as i32))
    }

    fn __add__(this: Gc<Self>, py: &mut Py, other: Value) -> Result<Gc<Self>> {
        let Some(right) = BytesLike::try_new(py, other)? else {
            let (own, given) = (py.class_name(this.into()), py.class_name(other));
            raise!(py, TypeError, "can't concat {given} to {own}");
        };
        let joined = [this.get(py).data(), right.get(py)].concat();
        py.new_bytearray(&joined)
    }

    fn __mul__(this: Gc<Self>, py: &mut Py, count: isize) -> Result<Gc<Self>> {
        let bytes = mutation::repeated(py, this, count)?;
        py.new_bytearray(&bytes)
    }

    fn __contains__(this: Gc<Self>, py: &mut Py, item: Value) -> Result<bool> {
        let bytes = py.bytes_of_bytearray(this);
        py.while_exported(this, |py| py.contains(bytes.into(), item))
    }

    fn __mod__(py: &mut Py, left: Value, right: Value) -> Result {
        let Some(format) = Gc::<ByteArray>::cast(py, left) else { return Ok(Value::NOT_IMPLEMENTED) };
        let text = format.get(py).data().to_vec();
        let bytes = py.while_exported(format, |py| format_bytes(py, &text, right))?;
        py.new_bytearray(&bytes).map(Into::into)
    }

    fn __buffer__(this: Gc<Self>, py: &mut Py, flags: u32) -> Result<Gc<MemoryView>> {
        py.export_bytes(this, false, flags)
    }

    fn __release_buffer__(this: Value, py: &mut Py, buffer: Value) -> Result<()> {
        py.release_buffer(this, buffer)
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        reduce(py, this, 2)
    }

    /// Return state information for pickling.
    #[signature(self, proto=0, /)]
    fn __reduce_ex__(this: Gc<Self>, py: &mut Py, proto: i32) -> Result {
        reduce(py, this, proto)
    }
}

/// How a bytearray is made again: before protocol 3, which knows bytes, from text.
fn reduce(py: &mut Py, this: Gc<ByteArray>, protocol: i32) -> Result {
    let class = py.class_of(this.into());
    let args = if this.get(py).data().is_empty() {
        py.constants.empty_tuple
    } else if protocol < 3 {
        let text: String = this.get(py).data().iter().map(|byte| *byte as char).collect();
        let (text, encoding) = (py.new_str(&text), py.intern("latin-1"));
        py.new_tuple(&[text.into(), encoding.into()])
    } else {
        let bytes = py.bytes_of_bytearray(this);
        py.new_tuple(&[bytes.into()])
    };
    let state = py.call_method_named(this.into(), "__getstate__", &[])?;
    Ok(py.new_tuple(&[class.into(), args.into(), state]).into())
}

impl Py {
    /// A new bytearray with a copy of bytes that are not borrowed from the heap.
    pub fn new_bytearray(&mut self, bytes: &[u8]) -> Result<Gc<ByteArray>> {
        let Ok(data) = HeapVec::from_slice(&mut self.heap, bytes) else { return Err(self.no_memory()) };
        Ok(self.alloc(ByteArray { header: Header::EMPTY, data, exports: BufferExports::NONE }))
    }

    /// The contents as bytes.
    pub fn bytes_of_bytearray(&mut self, array: Gc<ByteArray>) -> Gc<Bytes> {
        let bytes = array.get(self).data().to_vec();
        self.new_bytes(&bytes)
    }

    /// `array.extend(bytes)`.
    pub fn extend_bytearray(&mut self, array: Gc<ByteArray>, bytes: &[u8]) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.check_unexported(array)?;
        match self.heap.vec_extend(array, |array: &mut ByteArray| &mut array.data, bytes) {
            Ok(()) => Ok(()),
            Err(_) => Err(self.no_memory()),
        }
    }
}
