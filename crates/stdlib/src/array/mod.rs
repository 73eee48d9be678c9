//! `array`: compact arrays of numbers and characters.
//!
//! Counterpart: `Modules/arraymodule.c`.

mod files;
mod item;
mod iter;
mod methods;
mod pickle;
mod sequence;

use bredli_runtime::buffer::{BufferExports, Exported, Exporter, Items};
use bredli_runtime::prelude::*;
use bredli_runtime::types::{MemoryView, Module};
use item::TypeCode;
pub use iter::ArrayIterator;

/// This module defines an object type which can efficiently represent
/// an array of basic values: characters, integers, floating-point
/// numbers.  Arrays are sequence types and behave very much like lists,
/// except that the type of objects stored in them is constrained.
#[pymodule(name = "array", classes(Array))]
pub mod array {
    use super::*;

    pub const typecodes: &str = "bBuwhHiIlLqQfd";

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let class = py.class::<Array>();
        let name = py.intern("ArrayType");
        py.set_attr(module.into(), name, Some(class.into()))?;
        let abc = py.import_module("collections.abc")?;
        let sequence = py.get_attr_named(abc, "MutableSequence")?;
        py.call_method_named(sequence, "register", &[class.into()])?;
        Ok(())
    }

    /// Internal. Used for pickling support.
    #[pyfunction]
    #[signature(arraytype, typecode, mformat_code, items, /)]
    fn _array_reconstructor(py: &mut Py, arraytype: Value, typecode: CodePoint, mformat_code: i32, items: Value) -> Result {
        pickle::reconstruct(py, arraytype, typecode.0, mformat_code, items)
    }
}

use bredli_runtime::native::CodePoint;

/// array(typecode [, initializer]) -> array
///
/// Return a new array whose items are restricted by typecode, and
/// initialized from the optional initializer value, which must be a list,
/// string or iterable over elements of the appropriate type.
///
/// Arrays represent basic values and behave very much like lists, except
/// the type of objects stored in them is constrained. The type is specified
/// at object creation time by using a type code, which is a single character.
/// The following type codes are defined:
///
///     Type code   C Type             Minimum size in bytes
///     'b'         signed integer     1
///     'B'         unsigned integer   1
///     'u'         Unicode character  2 (see note)
///     'w'         Py_UCS4            4
///     'h'         signed integer     2
///     'H'         unsigned integer   2
///     'i'         signed integer     2
///     'I'         unsigned integer   2
///     'l'         signed integer     4
///     'L'         unsigned integer   4
///     'q'         signed integer     8 (see note)
///     'Q'         unsigned integer   8 (see note)
///     'f'         floating-point     4
///     'd'         floating-point     8
///
/// NOTE: The 'u' typecode corresponds to Python's unicode character. On
/// narrow builds this is 2-bytes on wide builds this is 4-bytes.
///
/// NOTE: The 'q' and 'Q' type codes are only available if the platform
/// C compiler used to build Python supports 'long long', or, on Windows,
/// '__int64'.
///
/// Methods:
///
/// append() -- append a new item to the end of the array
/// buffer_info() -- return information giving the current memory info
/// byteswap() -- byteswap all the items of the array
/// count() -- return number of occurrences of an object
/// extend() -- extend array by appending multiple elements from an iterable
/// fromfile() -- read items from a file object
/// fromlist() -- append items from the list
/// frombytes() -- append items from the string
/// index() -- return index of first occurrence of an object
/// insert() -- insert a new item into the array at a provided position
/// pop() -- remove and return item (default last)
/// remove() -- remove first occurrence of an object
/// reverse() -- reverse the order of the items in the array
/// tofile() -- write all items to a file object
/// tolist() -- return the array converted to an ordinary list
/// tobytes() -- return the array converted to a string
///
/// Attributes:
///
/// typecode -- the typecode character used to create the array
/// itemsize -- the length in bytes of one array item
///
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "array", module = "array", flags(BASETYPE, SEQUENCE, INDEXABLE, HAS_WEAKREF), parts(files, methods, pickle, sequence))]
pub struct Array {
    header: Header,
    data: HeapVec<u8>,
    #[trace(skip)]
    code: TypeCode,
    exports: BufferExports,
}

impl Exported for Array {
    fn exports(&mut self) -> Option<&mut BufferExports> {
        Some(&mut self.exports)
    }
}

impl Exporter for Array {
    fn memory(&self) -> &[u8] {
        &self.data
    }

    fn memory_mut(&mut self) -> &mut [u8] {
        &mut self.data
    }
}

impl Array {
    /// A new array with these bytes as its items.
    fn create(py: &mut Py, class: Gc<Class>, code: TypeCode, bytes: &[u8]) -> Result<Gc<Array>> {
        let Ok(data) = HeapVec::from_slice(&mut py.heap, bytes) else { return Err(py.no_memory()) };
        Ok(py.alloc_as(class, Array { header: Header::EMPTY, data, code, exports: BufferExports::NONE }))
    }

    /// An array of the same kind, never of a subclass.
    fn similar(py: &mut Py, this: Gc<Array>, bytes: &[u8]) -> Result<Gc<Array>> {
        let class = py.class::<Array>();
        let code = this.get(py).code;
        Array::create(py, class, code, bytes)
    }

    /// Number of items.
    fn len(&self) -> usize {
        self.data.len() / self.code.size()
    }

    /// The items of an array of doubles.
    #[inline]
    fn doubles(&self) -> Option<&[[u8; 8]]> {
        self.code.is_double().then(|| self.data.as_chunks().0)
    }

    #[inline]
    fn doubles_mut(&mut self) -> Option<&mut [[u8; 8]]> {
        self.code.is_double().then(|| self.data.as_chunks_mut().0)
    }

    /// An item, which must exist.
    #[inline]
    fn item(py: &mut Py, this: Gc<Array>, index: usize) -> Result {
        let (code, data) = (this.get(py).code, &this.get(py).data);
        let rest = data.get(index * code.size()..).unwrap_or_default();
        // What follows a shorter item does not matter.
        let raw = rest.first_chunk().copied().unwrap_or_else(|| {
            let mut raw = [0; 8];
            raw[..rest.len()].copy_from_slice(rest);
            raw
        });
        code.unpack(py, &raw)
    }

    /// BufferError if others use the memory, which is about to move.
    fn check_resizable(py: &mut Py, this: Gc<Array>) -> Result<()> {
        if py.live_exports(this) > 0 {
            raise!(py, BufferError, "cannot resize an array that is exporting buffers");
        }
        Ok(())
    }

    /// Replace a range of bytes.
    fn splice(py: &mut Py, this: Gc<Array>, range: std::ops::Range<usize>, bytes: &[u8]) -> Result<()> {
        if range.len() != bytes.len() {
            Array::check_resizable(py, this)?;
        }
        match py.heap.vec_splice(this, |array: &mut Array| &mut array.data, range, bytes) {
            Ok(()) => Ok(()),
            Err(_) => Err(py.no_memory()),
        }
    }

    /// Append bytes.
    fn extend_bytes(py: &mut Py, this: Gc<Array>, bytes: &[u8]) -> Result<()> {
        let end = this.get(py).data.len();
        Array::splice(py, this, end..end, bytes)
    }

    /// Append the items of an iterable.
    fn extend_from(py: &mut Py, this: Gc<Array>, iterable: Value) -> Result<()> {
        let iterator = py.iter(iterable)?;
        while let Some(value) = py.next(iterator)? {
            Array::push(py, this, value)?;
        }
        Ok(())
    }

    /// Append one item.
    fn push(py: &mut Py, this: Gc<Array>, value: Value) -> Result<()> {
        let code = this.get(py).code;
        let packed = code.pack(py, value)?;
        Array::extend_bytes(py, this, &packed[..code.size()])
    }
}

#[pymethods]
impl Array {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let own = py.class::<Array>();
        if args.has_keywords() && cls == own {
            raise!(py, TypeError, "array.array() takes no keyword arguments");
        }
        let (code, initial) = match *args.positional() {
            [code] => (code, None),
            [code, initial] => (code, Some(initial)),
            [] => raise!(py, TypeError, "array() takes at least 1 argument (0 given)"),
            ref more => raise!(py, TypeError, "array() takes at most 2 arguments ({} given)", more.len()),
        };
        let code = item::argument(py, code)?;
        if code == u32::from(b'u') {
            let text = "The 'u' type code is deprecated and will be removed in Python 3.16";
            let class = py.exceptions.DeprecationWarning;
            py.warn(class, text)?;
        }
        let code = TypeCode::parse(code);
        if let (Some(initial), Some(code)) = (initial, code) {
            item::check_initial(py, code, initial)?;
        }
        let Some(code) = code else {
            raise!(py, ValueError, "bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)");
        };
        let made = Array::create(py, cls, code, &[])?;
        let Some(initial) = initial else { return Ok(made.into()) };
        methods::fill(py, made, initial)?;
        Ok(made.into())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<Gc<Str>> {
        let class = py.class_of(this.into());
        let (name, code) = (class.get(py).name.get(py).lossy(), this.get(py).code.char());
        if this.get(py).len() == 0 {
            return Ok(py.new_str(&format!("{name}('{code}')")));
        }
        let items: Value = if this.get(py).code.is_text() { methods::text(py, this)?.into() } else { methods::list(py, this)?.into() };
        let items = py.repr(items)?;
        let text = [format!("{name}('{code}', ").as_bytes(), items.get(py).bytes(), b")"].concat();
        Ok(py.new_str_wtf8(&text))
    }

    fn __buffer__(this: Gc<Self>, py: &mut Py, flags: u32) -> Result<Gc<MemoryView>> {
        let (code, len) = (this.get(py).code, this.get(py).len());
        py.export(this, Items { format: code.format(), itemsize: code.size(), shape: &[len], readonly: false }, flags)
    }

    fn __release_buffer__(this: Value, py: &mut Py, buffer: Value) -> Result<()> {
        py.release_buffer(this, buffer)
    }

    /// the typecode character used to create the array
    #[getter]
    fn typecode(this: Gc<Self>, py: &Py) -> char {
        this.get(py).code.char()
    }

    /// the size, in bytes, of one array item
    #[getter]
    fn itemsize(this: Gc<Self>, py: &Py) -> usize {
        this.get(py).code.size()
    }
}
