//! `marshal`: values and code objects as bytes.
//!
//! Written and read are the types that constants can have; others are refused. Counterpart: `Python/marshal.c`.

use bredli_code::Const;
use bredli_code::marshal::{Error, ErrorKind, read, write};
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Code;
use bredli_text::Wtf8Buf;

const UNMARSHALLABLE: &str = "unmarshallable object";

fn raised(py: &mut Py, problem: Error) -> Raised {
    match problem.kind {
        ErrorKind::Eof => error!(py, EOFError, "{problem}"),
        ErrorKind::Value => error!(py, ValueError, "{problem}"),
        ErrorKind::Type => error!(py, TypeError, "{problem}"),
    }
}

fn constants(py: &mut Py, items: &[Value], allow_code: bool) -> Result<Vec<Const>> {
    if py.enter_native("").is_err() {
        py.clear_exception();
        raise!(py, ValueError, "object too deeply nested to marshal");
    }
    items.iter().map(|item| constant(py, *item, allow_code)).collect()
}

fn constant(py: &mut Py, value: Value, allow_code: bool) -> Result<Const> {
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
    if let Some(code) = Gc::<Code>::cast(py, value) {
        if !allow_code {
            raise!(py, ValueError, "marshalling code objects is disallowed");
        }
        return Ok(Const::Code(code.get(py).code().clone()));
    }
    if class == py.types.tuple || class == py.types.frozenset {
        let items = py.collect_iterable(value)?;
        let items = constants(py, &items, allow_code)?;
        return Ok(if class == py.types.tuple { Const::Tuple(items) } else { Const::FrozenSet(items) });
    }
    raise!(py, ValueError, "{UNMARSHALLABLE}")
}

/// This module contains functions that can read and write Python values in
/// a binary format. The format is specific to Python, but independent of
/// machine architecture issues.
#[pymodule(name = "marshal")]
pub mod marshal {
    use super::*;

    #[pyname("version")]
    pub const FORMAT: i64 = 5;

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
        py.audit("marshal.dumps", &[value, Value::small(version)])?;
        let _ = version;
        let value = constant(py, value, allow_code)?;
        match write(&value) {
            Ok(bytes) => Ok(py.new_bytes(&bytes).into()),
            Err(problem) => Err(raised(py, problem)),
        }
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
        match read(&data) {
            Ok(Const::Code(_)) if !allow_code => raise!(py, ValueError, "unmarshalling code objects is disallowed"),
            Ok(value) => py.constant(&value),
            Err(problem) => Err(raised(py, problem)),
        }
    }
}
