//! Arguments of native functions that may be any bytes-like object.

use super::{Geometry, Memory, flags};
use crate::native::{Argument, FromValue};
use crate::types::{ByteArray, Bytes, MemoryView};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

/// The bytes of a bytes-like object.
///
/// They are read where they are, so that Python code that runs meanwhile can change them, and make them fewer. Where that
/// matters, take [`BytesLike::object`].
#[derive(Clone, Copy)]
pub struct BytesLike(Range);

impl BytesLike {
    /// The bytes of a value; none when it is not bytes-like.
    pub fn try_new(py: &mut Py, value: Value) -> Result<Option<BytesLike>> {
        Ok(contiguous(py, value, flags::SIMPLE)?.map(BytesLike))
    }

    /// The bytes of a value; TypeError when it is not bytes-like.
    pub fn new(py: &mut Py, value: Value) -> Result<BytesLike> {
        match BytesLike::try_new(py, value)? {
            Some(bytes) => Ok(bytes),
            None => Err(not_bytes_like(py, value)),
        }
    }

    /// The bytes of a value, in C order where its items do not follow each other; none when it is not bytes-like.
    pub fn try_any_layout(py: &mut Py, value: Value) -> Result<Option<BytesLike>> {
        if let Some(view) = Gc::<MemoryView>::cast(py, value) {
            let geometry = MemoryView::requested(py, view, flags::FULL_RO)?;
            if !geometry.is_c_contiguous() {
                let memory = MemoryView::managed(py, view)?.get(py).memory();
                let bytes = geometry.bytes(memory.get(py));
                let copy = py.new_bytes(&bytes);
                return Ok(Some(BytesLike::from(copy, bytes.len())));
            }
        }
        Ok(contiguous(py, value, flags::FULL_RO)?.map(BytesLike))
    }

    fn from(bytes: Gc<Bytes>, len: usize) -> BytesLike {
        BytesLike(Range { memory: Memory::of(bytes), start: 0, len })
    }

    /// A single byte.
    pub fn byte(py: &mut Py, byte: u8) -> BytesLike {
        BytesLike::from(py.new_bytes(&[byte]), 1)
    }

    /// The bytes.
    #[inline]
    pub fn get<'p>(&self, py: &'p Py) -> &'p [u8] {
        self.0.get(py)
    }

    /// The bytes as they are now, as an object.
    pub fn object(&self, py: &mut Py) -> Gc<Bytes> {
        match Gc::<Bytes>::cast(py, self.0.memory.exporter()) {
            Some(bytes) if self.0.len == bytes.get(py).data().len() => bytes,
            _ => {
                let bytes = self.get(py).to_vec();
                py.new_bytes(&bytes)
            }
        }
    }
}

impl FromValue for BytesLike {
    fn from_value(py: &mut Py, value: Value, _: Argument) -> Result<Self> {
        BytesLike::new(py, value)
    }
}

/// The memory of a bytes-like object that can be written.
#[derive(Clone, Copy)]
pub struct BufferMut(Range);

/// A range of an exporter's memory.
#[derive(Clone, Copy)]
struct Range {
    memory: Memory,
    start: usize,
    len: usize,
}

impl Range {
    fn get<'p>(&self, py: &'p Py) -> &'p [u8] {
        let rest = self.memory.get(py).get(self.start..).unwrap_or_default();
        &rest[..self.len.min(rest.len())]
    }
}

impl BufferMut {
    /// The memory of a value; none when it has none that can be written.
    pub fn try_new(py: &mut Py, value: Value) -> Result<Option<BufferMut>> {
        match contiguous(py, value, flags::WRITABLE) {
            Ok(buffer) => Ok(buffer.map(BufferMut)),
            Err(_) if py.exception_matches(py.exceptions.Exception) => {
                py.clear_exception();
                Ok(None)
            }
            Err(raised) => Err(raised),
        }
    }

    /// The bytes.
    #[inline]
    pub fn get<'p>(&self, py: &'p Py) -> &'p [u8] {
        self.0.get(py)
    }

    /// The bytes, for writing.
    #[inline]
    pub fn get_mut<'p>(&self, py: &'p mut Py) -> &'p mut [u8] {
        let rest = self.0.memory.get_mut(py).get_mut(self.0.start..).unwrap_or_default();
        let len = self.0.len.min(rest.len());
        &mut rest[..len]
    }
}

impl FromValue for BufferMut {
    fn from_value(py: &mut Py, value: Value, argument: Argument) -> Result<Self> {
        match BufferMut::try_new(py, value)? {
            Some(buffer) => Ok(buffer),
            None => Err(argument.wrong_type(py, "read-write bytes-like object", value)),
        }
    }
}

#[cold]
fn not_bytes_like(py: &mut Py, value: Value) -> crate::Raised {
    let given = py.class_name(value);
    crate::error!(py, TypeError, "a bytes-like object is required, not '{given}'")
}

/// The contiguous memory of a value; none when it is not bytes-like.
fn contiguous(py: &mut Py, value: Value, request: u32) -> Result<Option<Range>> {
    let Some(buffer) = py.class_of(value).get(py).slots.buffer else { return Ok(None) };
    let native = !std::ptr::fn_addr_eq(buffer, crate::object::PYTHON_BUFFER);
    if native
        && request & flags::WRITABLE == 0
        && let Some(bytes) = Gc::<Bytes>::cast(py, value)
    {
        return Ok(Some(Range { memory: Memory::of(bytes), start: 0, len: bytes.get(py).data().len() }));
    }
    if native && let Some(array) = Gc::<ByteArray>::cast(py, value) {
        return Ok(Some(Range { memory: Memory::of(array), start: 0, len: array.get(py).data().len() }));
    }
    if native && let Some(view) = Gc::<MemoryView>::cast(py, value) {
        let geometry = MemoryView::requested(py, view, request)?;
        return range(py, view, geometry).map(Some);
    }
    let given = buffer(py, value, request)?;
    let Some(view) = Gc::<MemoryView>::cast(py, given) else { return Ok(None) };
    let geometry = MemoryView::requested(py, view, flags::FULL_RO)?;
    let found = if native || request & flags::WRITABLE != 0 {
        range(py, view, geometry)?
    } else {
        let memory = MemoryView::managed(py, view)?.get(py).memory();
        let bytes = geometry.bytes(memory.get(py));
        let copy = py.new_bytes(&bytes);
        Range { memory: Memory::of(copy), start: 0, len: bytes.len() }
    };
    MemoryView::release_now(py, view)?;
    Ok(Some(found))
}

fn range(py: &mut Py, view: Gc<MemoryView>, geometry: Geometry) -> Result<Range> {
    if !geometry.is_c_contiguous() {
        raise!(py, BufferError, "memoryview: underlying buffer is not C-contiguous");
    }
    let memory = MemoryView::managed(py, view)?.get(py).memory();
    Ok(Range { memory, start: geometry.start, len: geometry.byte_len() })
}
