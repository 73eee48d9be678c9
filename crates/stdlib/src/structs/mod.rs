//! `_struct`: bytes as packed binary data.
//!
//! Counterpart: `Modules/_struct.c`.

mod format;
mod items;

use crate::exceptions;
use bredli_runtime::buffer::{BufferMut, BytesLike};
use bredli_runtime::prelude::*;
use bredli_runtime::types::{Bytes, Module};
use format::{Format, parsed};
use std::sync::Arc;

/// `struct.error`
#[cold]
fn struct_error(py: &mut Py, text: &str) -> Raised {
    exceptions::raise_from(py, "_struct", "error", text)
}

/// Struct(fmt) --> compiled struct object
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Struct", module = "_struct", flags(BASETYPE, HAS_WEAKREF))]
pub struct Struct {
    header: Header,
    text: Gc<Str>,
    #[trace(skip)]
    format: Option<Arc<Format>>,
}

/// A format argument as text and taken apart.
fn compiled(py: &mut Py, format: Value) -> Result<(Gc<Str>, Arc<Format>)> {
    let text = match Gc::<Str>::cast(py, format) {
        Some(text) => text,
        None => match Gc::<Bytes>::cast(py, format) {
            Some(bytes) => {
                let text: String = bytes.get(py).data().iter().map(|byte| char::from(*byte)).collect();
                py.new_str(&text)
            }
            None => {
                let class = py.class_name(format);
                raise!(py, TypeError, "Struct() argument 1 must be a str or bytes object, not {class}")
            }
        },
    };
    if let Some(format) = format::known(text.get(py).bytes()) {
        return Ok((text, format));
    }
    if !text.get(py).is_ascii() {
        let codec = py.new_str("ascii");
        py.call_method_named(text.into(), "encode", &[codec.into()])?;
    }
    let found = match text.get(py).bytes() {
        bytes if bytes.contains(&0) => Err("embedded null character"),
        bytes => parsed(bytes),
    };
    match found {
        Ok(format) => Ok((text, format)),
        Err(problem) => Err(struct_error(py, problem)),
    }
}

/// Formats up to this size, and with so many values, are packed and unpacked without further memory.
const FEW_BYTES: usize = 64;
const FEW_VALUES: usize = 8;

/// Zero bytes in `few` or `many`.
fn room<'r>(py: &mut Py, few: &'r mut [u8; FEW_BYTES], many: &'r mut Vec<u8>, size: usize) -> Result<&'r mut [u8]> {
    if size <= FEW_BYTES {
        return Ok(&mut few[..size]);
    }
    if many.try_reserve_exact(size).is_err() {
        return Err(py.no_memory());
    }
    many.resize(size, 0);
    Ok(many)
}

/// Pack all values and hand their bytes to `finish`.
fn pack_values<R>(py: &mut Py, format: &Format, values: &[Value], function: &str, finish: impl FnOnce(&mut Py, &[u8]) -> R) -> Result<R> {
    if values.len() != format.values {
        let text = format!("{function} expected {} items for packing (got {})", format.values, values.len());
        return Err(struct_error(py, &text));
    }
    let (mut few, mut many) = ([0; FEW_BYTES], Vec::new());
    let packed = room(py, &mut few, &mut many, format.size)?;
    let mut rest = values;
    for run in &format.runs {
        let (values, others) = rest.split_at(run.count);
        rest = others;
        for (index, value) in values.iter().enumerate() {
            let start = run.offset + index * run.size;
            items::pack(py, run, format.big_endian, *value, &mut packed[start..start + run.size])?;
        }
    }
    Ok(finish(py, packed))
}

/// Unpack the bytes of a format that start in a buffer at some place.
fn unpack_values(py: &mut Py, format: &Format, buffer: BytesLike, start: usize) -> Result<Gc<Tuple>> {
    let (mut few, mut many) = ([0; FEW_BYTES], Vec::new());
    let bytes = room(py, &mut few, &mut many, format.size)?;
    if let Some(source) = buffer.get(py).get(start..start + format.size) {
        bytes.copy_from_slice(source);
    }
    if format.values <= FEW_VALUES {
        let mut values = [Value::NONE; FEW_VALUES];
        for ((run, start), value) in format.items().zip(&mut values) {
            *value = items::unpack(py, run, format.big_endian, &bytes[start..start + run.size]);
        }
        return Ok(py.new_tuple(&values[..format.values]));
    }
    let mut values = RootVec::new(&mut py.heap);
    for (run, start) in format.items() {
        values.push(items::unpack(py, run, format.big_endian, &bytes[start..start + run.size]));
    }
    Ok(py.new_tuple(&values))
}

fn unpack_all(py: &mut Py, format: &Format, buffer: BytesLike) -> Result<Gc<Tuple>> {
    if buffer.get(py).len() != format.size {
        return Err(struct_error(py, &format!("unpack requires a buffer of {} bytes", format.size)));
    }
    unpack_values(py, format, buffer, 0)
}

/// Where in a buffer of some length an offset is; negative ones count from the end.
fn position(py: &mut Py, len: usize, offset: isize, size: usize, verbs: [&str; 3]) -> Result<usize> {
    let [function, needs, doing] = verbs;
    let start = match offset {
        ..0 => {
            if (offset + size as isize) > 0 {
                return Err(struct_error(py, &format!("{needs} {size} bytes at offset {offset}")));
            }
            match usize::try_from(offset + len as isize) {
                Ok(start) => start,
                Err(_) => return Err(struct_error(py, &format!("offset {offset} out of range for {len}-byte buffer"))),
            }
        }
        _ => offset as usize,
    };
    if len.checked_sub(start).is_none_or(|rest| rest < size) {
        let text = format!(
            "{function} requires a buffer of at least {} bytes for {doing} {size} bytes at offset {start} (actual buffer size is {len})",
            start + size
        );
        return Err(struct_error(py, &text));
    }
    Ok(start)
}

fn unpack_at(py: &mut Py, format: &Format, buffer: BytesLike, offset: isize) -> Result<Gc<Tuple>> {
    let len = buffer.get(py).len();
    let start = position(py, len, offset, format.size, ["unpack_from", "not enough data to unpack", "unpacking"])?;
    unpack_values(py, format, buffer, start)
}

fn pack_at(py: &mut Py, format: &Format, values: &[Value]) -> Result<()> {
    let (buffer, offset, values) = match values {
        [] => return Err(struct_error(py, "pack_into expected buffer argument")),
        [_] => return Err(struct_error(py, "pack_into expected offset argument")),
        [buffer, offset, values @ ..] => (*buffer, *offset, values),
    };
    if values.len() != format.values {
        let text = format!("pack_into expected {} items for packing (got {})", format.values, values.len());
        return Err(struct_error(py, &text));
    }
    let Some(target) = BufferMut::try_new(py, buffer)? else {
        let class = py.class_name(buffer);
        raise!(py, TypeError, "argument must be read-write bytes-like object, not {class}");
    };
    let index = py.index(offset)?;
    let offset = py.to_isize(index)?;
    let len = target.get(py).len();
    let start = position(py, len, offset, format.size, ["pack_into", "no space to pack", "packing"])?;
    pack_values(py, format, values, "pack_into", |py, packed| {
        if let Some(place) = target.get_mut(py).get_mut(start..start + packed.len()) {
            place.copy_from_slice(packed);
        }
    })
}

fn iterate(py: &mut Py, format: Arc<Format>, buffer: Value) -> Result<Gc<UnpackIterator>> {
    if format.size == 0 {
        return Err(struct_error(py, "cannot iteratively unpack with a struct of length 0"));
    }
    let bytes = BytesLike::new(py, buffer)?;
    if bytes.get(py).len() % format.size != 0 {
        let text = format!("iterative unpacking requires a buffer of a multiple of {} bytes", format.size);
        return Err(struct_error(py, &text));
    }
    Ok(py.alloc(UnpackIterator { header: Header::EMPTY, buffer: Some(buffer), index: 0, format: Some(format) }))
}

impl Struct {
    fn compiled(this: Gc<Self>, py: &mut Py) -> Result<Arc<Format>> {
        match this.get(py).format.clone() {
            Some(format) => Ok(format),
            None => raise!(py, RuntimeError, "Struct object is not initialized"),
        }
    }
}

#[pymethods]
impl Struct {
    #[signature(*args, **kwargs)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Struct> {
        let _ = args;
        let text = py.constants.empty_str;
        py.alloc_as(cls, Struct { header: Header::EMPTY, text, format: None })
    }

    #[signature(self, format)]
    fn __init__(this: Gc<Self>, py: &mut Py, format: Value) -> Result<()> {
        let (text, format) = compiled(py, format)?;
        let this = this.get_mut(py);
        this.text = text;
        this.format = Some(format);
        Ok(())
    }

    /// struct format string
    #[getter]
    fn format(this: Gc<Self>, py: &mut Py) -> Result<Gc<Str>> {
        Struct::compiled(this, py)?;
        Ok(this.get(py).text)
    }

    /// struct size in bytes
    #[getter]
    fn size(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        Ok(Struct::compiled(this, py)?.size)
    }

    /// S.pack(v1, v2, ...) -> bytes
    ///
    /// Return a bytes object containing values v1, v2, ... packed according to the format.
    #[signature(self, /, *values)]
    fn pack(this: Gc<Self>, py: &mut Py, values: &[Value]) -> Result<Gc<Bytes>> {
        let format = Struct::compiled(this, py)?;
        pack_values(py, &format, values, "pack", |py, packed| py.new_bytes(packed))
    }

    /// S.pack_into(buffer, offset, v1, v2, ...)
    ///
    /// Pack the values v1, v2, ... according to the format and write the bytes into the writable buffer starting at offset.
    #[signature(self, /, *values)]
    fn pack_into(this: Gc<Self>, py: &mut Py, values: &[Value]) -> Result<()> {
        let format = Struct::compiled(this, py)?;
        pack_at(py, &format, values)
    }

    /// Return a tuple containing unpacked values.
    #[signature(self, buffer, /)]
    fn unpack(this: Gc<Self>, py: &mut Py, buffer: BytesLike) -> Result<Gc<Tuple>> {
        let format = Struct::compiled(this, py)?;
        unpack_all(py, &format, buffer)
    }

    /// Return a tuple containing unpacked values, read at an offset.
    #[signature(self, /, buffer, offset=0)]
    fn unpack_from(this: Gc<Self>, py: &mut Py, buffer: BytesLike, offset: isize) -> Result<Gc<Tuple>> {
        let format = Struct::compiled(this, py)?;
        unpack_at(py, &format, buffer, offset)
    }

    /// Return an iterator yielding tuples.
    #[signature(self, buffer, /)]
    fn iter_unpack(this: Gc<Self>, py: &mut Py, buffer: Value) -> Result<Gc<UnpackIterator>> {
        let format = Struct::compiled(this, py)?;
        iterate(py, format, buffer)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        Struct::compiled(this, py)?;
        let text = this.get(py).text;
        let class = py.class_name(this.into());
        Ok(format!("{class}({})", py.repr_text(text.into())?))
    }
}

/// What `iter_unpack` returns.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "unpack_iterator", module = "_struct", flags(DISALLOW_INSTANTIATION))]
pub struct UnpackIterator {
    header: Header,
    buffer: Option<Value>,
    index: usize,
    #[trace(skip)]
    format: Option<Arc<Format>>,
}

#[pymethods]
impl UnpackIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let (Some(buffer), Some(format)) = (this.get(py).buffer, this.get(py).format.clone()) else { return Ok(None) };
        let bytes = BytesLike::new(py, buffer)?;
        let start = this.get(py).index;
        if bytes.get(py).len() < start + format.size {
            this.get_mut(py).buffer = None;
            return Ok(None);
        }
        this.get_mut(py).index = start + format.size;
        Ok(Some(unpack_values(py, &format, bytes, start)?.into()))
    }

    #[signature(self, /)]
    fn __length_hint__(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        let (Some(buffer), Some(format)) = (this.get(py).buffer, this.get(py).format.clone()) else { return Ok(0) };
        let bytes = BytesLike::new(py, buffer)?;
        Ok(bytes.get(py).len().saturating_sub(this.get(py).index) / format.size)
    }
}

/// Functions to convert between Python values and C structs.
/// Python bytes objects are used to hold the data representing the C struct
/// and also as format strings (explained below) to describe the layout of data
/// in the C struct.
#[pymodule(name = "_struct", classes(Struct))]
pub mod structs {
    use super::*;

    /// Return size in bytes of the struct described by the format string.
    #[pyfunction]
    #[signature(format, /)]
    fn calcsize(py: &mut Py, format: Value) -> Result<usize> {
        Ok(compiled(py, format)?.1.size)
    }

    /// pack(format, v1, v2, ...) -> bytes
    ///
    /// Return a bytes object containing the values v1, v2, ... packed according
    /// to the format string.  See help(struct) for more on format strings.
    #[pyfunction]
    #[signature(*values)]
    fn pack(py: &mut Py, values: &[Value]) -> Result<Gc<Bytes>> {
        let [format, values @ ..] = values else { raise!(py, TypeError, "missing format argument") };
        let (_, format) = compiled(py, *format)?;
        pack_values(py, &format, values, "pack", |py, packed| py.new_bytes(packed))
    }

    /// pack_into(format, buffer, offset, v1, v2, ...)
    ///
    /// Pack the values v1, v2, ... according to the format string and write
    /// the packed bytes into the writable buffer buf starting at offset.  Note
    /// that the offset is a required argument.
    #[pyfunction]
    #[signature(*values)]
    fn pack_into(py: &mut Py, values: &[Value]) -> Result<()> {
        let [format, values @ ..] = values else { raise!(py, TypeError, "missing format argument") };
        let (_, format) = compiled(py, *format)?;
        pack_at(py, &format, values)
    }

    /// Return a tuple containing values unpacked according to the format string.
    ///
    /// The buffer's size in bytes must be calcsize(format).
    ///
    /// See help(struct) for more on format strings.
    #[pyfunction]
    #[signature(format, buffer, /)]
    fn unpack(py: &mut Py, format: Value, buffer: BytesLike) -> Result<Gc<Tuple>> {
        let (_, format) = compiled(py, format)?;
        unpack_all(py, &format, buffer)
    }

    /// Return a tuple containing values unpacked according to the format string.
    ///
    /// The buffer's size, minus offset, must be at least calcsize(format).
    /// A negative offset counts from the end of the buffer.
    ///
    /// See help(struct) for more on format strings.
    #[pyfunction]
    #[signature(format, /, buffer, offset=0)]
    fn unpack_from(py: &mut Py, format: Value, buffer: BytesLike, offset: isize) -> Result<Gc<Tuple>> {
        let (_, format) = compiled(py, format)?;
        unpack_at(py, &format, buffer, offset)
    }

    /// Return an iterator yielding tuples unpacked from the given bytes.
    ///
    /// The bytes are unpacked according to the format string, like
    /// a repeated invocation of unpack_from().
    ///
    /// Requires that the bytes length be a multiple of the format struct size.
    #[pyfunction]
    #[signature(format, buffer, /)]
    fn iter_unpack(py: &mut Py, format: Value, buffer: Value) -> Result<Gc<UnpackIterator>> {
        let (_, format) = compiled(py, format)?;
        iterate(py, format, buffer)
    }

    /// Clear the internal cache.
    #[pyfunction]
    #[signature()]
    fn _clearcache() {
        format::forget();
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let base = py.exceptions.Exception;
        let class = exceptions::new_class(py, "struct", "error", base)?;
        py.module_set(module, "error", class)
    }
}
