//! `marshal`: values and code objects as bytes.
//!
//! Code objects on their own, as `.pyc` files hold them, do not pass through values. Counterpart: `Python/marshal.c`.

mod load;
mod save;

use bredli_code::Const;
use bredli_code::marshal::{Error, ErrorKind, VERSION, read, tag, write_code};
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Code;
use bredli_text::Wtf8Buf;
use load::{Input, load as load_value};
use save::save;

fn raised(py: &mut Py, problem: Error) -> Raised {
    match problem.kind {
        ErrorKind::Eof => error!(py, EOFError, "{problem}"),
        ErrorKind::Value => error!(py, ValueError, "{problem}"),
        ErrorKind::Type => error!(py, TypeError, "{problem}"),
    }
}

fn constants(py: &mut Py, items: &[Value]) -> Result<Vec<Const>> {
    if py.enter_native("").is_err() {
        py.clear_exception();
        raise!(py, ValueError, "recursion limit exceeded");
    }
    items.iter().map(|item| constant(py, *item)).collect()
}

/// A value in a code object.
fn constant(py: &mut Py, value: Value) -> Result<Const> {
    if value.is_none() {
        return Ok(Const::None);
    }
    if value == Value::ELLIPSIS {
        return Ok(Const::Ellipsis);
    }
    if value == Value::TRUE || value == Value::FALSE {
        return Ok(Const::Bool(value == Value::TRUE));
    }
    if let Some(float) = value.as_float() {
        return Ok(Const::Float(float));
    }
    let class = py.class_of(value);
    if class == py.types.int
        && let Some(int) = py.with_int(value, |int| int.to_bigint())
    {
        return Ok(Const::Int(int));
    }
    if class == py.types.str
        && let Some(text) = Gc::<Str>::cast(py, value)
        && let Some(text) = Wtf8Buf::from_bytes(text.get(py).bytes().to_vec())
    {
        return Ok(Const::Str(text));
    }
    if class == py.types.bytes
        && let Some(bytes) = py.bytes_like(value)
    {
        return Ok(Const::Bytes(bytes.into()));
    }
    if class == py.types.complex {
        let parts = [py.get_attr_named(value, "real")?, py.get_attr_named(value, "imag")?];
        let [real, imag] = parts.map(|part| part.as_float().unwrap_or(0.0));
        return Ok(Const::Complex(real, imag));
    }
    if class == py.types.slice {
        let mut part = |name| {
            let part = py.get_attr_named(value, name)?;
            constant(py, part)
        };
        return Ok(Const::Slice(Box::new([part("start")?, part("stop")?, part("step")?])));
    }
    if let Some(code) = Gc::<Code>::cast(py, value) {
        return Ok(Const::Code(code.get(py).code().clone()));
    }
    if class == py.types.tuple || class == py.types.frozenset {
        let items = py.collect_iterable(value)?;
        let items = constants(py, &items)?;
        return Ok(if class == py.types.tuple { Const::Tuple(items) } else { Const::FrozenSet(items) });
    }
    raise!(py, ValueError, "unmarshallable object")
}

fn dumped(py: &mut Py, value: Value, version: i32, allow_code: bool) -> Result {
    py.audit("marshal.dumps", &[value, Value::small(version)])?;
    if let (true, true, Some(code)) = (allow_code, version == VERSION as i32, Gc::<Code>::cast(py, value)) {
        let code = code.get(py).code().clone();
        return match write_code(&code) {
            Ok(bytes) => Ok(py.new_bytes(&bytes).into()),
            Err(problem) => Err(raised(py, problem)),
        };
    }
    let bytes = save(py, value, version, allow_code)?;
    Ok(py.new_bytes(&bytes).into())
}

/// This module contains functions that can read and write Python values in
/// a binary format. The format is specific to Python, but independent of
/// machine architecture issues.
#[pymodule(name = "marshal")]
pub mod marshal {
    use super::*;

    #[pyname("version")]
    pub const FORMAT: i64 = 5;

    /// Write the value on the open file.
    ///
    ///   value
    ///     Must be a supported type.
    ///   file
    ///     Must be a writeable binary file.
    ///   version
    ///     Indicates the data format that dump should use.
    ///   allow_code
    ///     Allow to write code objects.
    ///
    /// If the value has (or contains an object that has) an unsupported type, a
    /// ValueError exception is raised - but garbage data will also be written to the
    /// file. The object will not be properly read back by load().
    #[pyfunction]
    #[signature(value, file, version=5, /, *, allow_code=True)]
    fn dump(py: &mut Py, value: Value, file: Value, version: i32, allow_code: bool) -> Result {
        let bytes = dumped(py, value, version, allow_code)?;
        py.call_method_named(file, "write", &[bytes])
    }

    /// Read one value from the open file and return it.
    ///
    ///   file
    ///     Must be readable binary file.
    ///   allow_code
    ///     Allow to load code objects.
    ///
    /// If no valid value is read (e.g. because the data has a different Python
    /// version's incompatible marshal format), raise EOFError, ValueError or
    /// TypeError.
    ///
    /// Note: If an object containing an unsupported type was marshalled with
    /// dump(), load() will substitute None for the unmarshallable type.
    #[pyfunction]
    #[signature(file, /, *, allow_code=True)]
    fn load(py: &mut Py, file: Value, allow_code: bool) -> Result {
        let nothing = py.call_method_named(file, "read", &[Value::small(0)])?;
        if BytesLike::try_new(py, nothing)?.is_none() {
            let class = py.class_name(nothing);
            raise!(py, TypeError, "file.read() returned not bytes but {class}");
        }
        py.audit("marshal.load", &[])?;
        load_value(py, Input::File(file), allow_code)
    }

    /// Return the bytes object that would be written to a file by dump(value, file).
    ///
    ///   value
    ///     Must be a supported type.
    ///   version
    ///     Indicates the data format that dumps should use.
    ///   allow_code
    ///     Allow to write code objects.
    ///
    /// Raise a ValueError exception if value has (or contains an object that has) an
    /// unsupported type.
    #[pyfunction]
    #[signature(value, version=5, /, *, allow_code=True)]
    fn dumps(py: &mut Py, value: Value, version: i32, allow_code: bool) -> Result {
        dumped(py, value, version, allow_code)
    }

    /// Convert the bytes-like object to a value.
    ///
    ///   allow_code
    ///     Allow to load code objects.
    ///
    /// If no valid value is found, raise EOFError, ValueError or TypeError.  Extra
    /// bytes in the input are ignored.
    #[pyfunction]
    #[signature(bytes, /, *, allow_code=True)]
    fn loads(py: &mut Py, bytes: Value, allow_code: bool) -> Result {
        py.audit("marshal.loads", &[bytes])?;
        let data = BytesLike::new(py, bytes)?.get(py).to_vec();
        if !allow_code || data.first().is_none_or(|first| first & !tag::FLAG_REF != tag::CODE) {
            return load_value(py, Input::Bytes { bytes: data, position: 0 }, allow_code);
        }
        match read(&data) {
            Ok(value) => py.constant(&value),
            Err(problem) => Err(raised(py, problem)),
        }
    }
}
