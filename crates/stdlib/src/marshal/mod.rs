//! `marshal`: values and code objects as bytes.
//!
//! Code objects on their own, as `.pyc` files hold them, do not pass through values. Counterpart: `Python/marshal.c`.

mod load;
mod save;

use bredli_code::marshal::{Error, ErrorKind, VERSION, read, tag, write_code};
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Code;
use load::{Input, load as load_value};
use save::save;

fn raised(py: &mut Py, problem: Error) -> Raised {
    match problem.kind {
        ErrorKind::Eof => error!(py, EOFError, "{problem}"),
        ErrorKind::Value => error!(py, ValueError, "{problem}"),
        ErrorKind::Type => error!(py, TypeError, "{problem}"),
    }
}

fn dumped(py: &mut Py, value: Value, version: i32, allow_code: bool) -> Result {
    py.audit("marshal.dumps", &[value, Value::small(version)])?;
    if let (true, true, Some(code)) = (allow_code, version == VERSION as i32, Gc::<Code>::cast(py, value))
        && code.get(py).is_as_compiled(py)
    {
        return written(py, code);
    }
    let bytes = save(py, value, version, allow_code)?;
    Ok(py.new_bytes(&bytes).into())
}

/// The bytes of a code object that is as it was compiled.
pub(crate) fn written(py: &mut Py, code: Gc<Code>) -> Result {
    match write_code(code.get(py).code()) {
        Ok(bytes) => Ok(py.new_bytes(&bytes).into()),
        Err(problem) => Err(raised(py, problem)),
    }
}

/// The value at the start of the bytes.
pub(crate) fn read_bytes(py: &mut Py, data: Vec<u8>, allow_code: bool) -> Result {
    if allow_code
        && data.first().is_some_and(|first| first & !tag::FLAG_REF == tag::CODE)
        && let Ok(value) = read(&data)
    {
        return py.constant(&value);
    }
    // Others than code, what is malformed, and code with constants that no source has.
    load_value(py, Input::Bytes { bytes: data, position: 0 }, allow_code)
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
        read_bytes(py, data, allow_code)
    }
}
