//! What every native module that reaches the host shares: calls that are retried after signals, the `OSError` a failed call
//! becomes, and file names as the operating system's bytes.

use bredli_host::{Host, HostError, Result as HostResult};
use bredli_runtime::prelude::*;

/// Raise the `OSError` of a failed host call, naming the files it was about.
#[cold]
pub fn os_error(py: &mut Py, error: HostError, filename: Option<Value>, second: Option<Value>) -> Raised {
    let class: Value = py.os_error_class(error.errno).into();
    let (errno, text) = (py.new_int(i64::from(error.errno)), py.new_str(&error.message()).into());
    let made = match (filename, second) {
        (None, _) => py.call(class, &[errno, text]),
        (Some(first), None) => py.call(class, &[errno, text, first]),
        (Some(first), Some(second)) => py.call(class, &[errno, text, first, Value::NONE, second]),
    };
    match made {
        Ok(exception) => py.raise(exception),
        Err(raised) => raised,
    }
}

/// Ask the host for what it knows at once: other threads do not get a turn.
pub fn host_query<T>(py: &mut Py, call: impl FnOnce(&dyn Host) -> HostResult<T>) -> Result<T> {
    let host = py.host.clone();
    call(&*host).map_err(|error| os_error(py, error, None, None))
}

/// Call the host while other threads may run; an interrupted call runs Python's signal handlers and is made again.
pub fn host_call<T>(py: &mut Py, filename: Option<Value>, call: impl FnMut(&dyn Host) -> HostResult<T>) -> Result<T> {
    host_call_two(py, filename, None, call)
}

/// Like [`host_call`] for calls about two files.
pub fn host_call_two<T>(
    py: &mut Py,
    filename: Option<Value>,
    second: Option<Value>,
    mut call: impl FnMut(&dyn Host) -> HostResult<T>,
) -> Result<T> {
    let host = py.host.clone();
    loop {
        match py.blocking(|| call(&*host)) {
            Ok(value) => return Ok(value),
            Err(error) if error.is_interrupted() => py.run_signal_handlers()?,
            Err(error) => return Err(os_error(py, error, filename, second)),
        }
    }
}

/// Text as the operating system's bytes: UTF-8, with escaped bytes (U+DC80 to U+DCFF) as themselves.
pub fn fs_encode(py: &mut Py, text: Gc<Str>) -> Result<Vec<u8>> {
    if let Some(text) = text.get(py).to_str() {
        return Ok(text.as_bytes().to_vec());
    }
    let mut bytes = Vec::with_capacity(text.get(py).byte_len());
    let mut valid = true;
    for code in text.get(py).code_points() {
        match char::from_u32(code) {
            Some(char) => bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
            None if (0xDC80..=0xDCFF).contains(&code) => bytes.push((code - 0xDC00) as u8),
            None => valid = false,
        }
    }
    if valid { Ok(bytes) } else { Err(py.surrogates_not_allowed(text)) }
}

/// The operating system's bytes as text, the inverse of [`fs_encode`].
pub fn fs_decode(py: &mut Py, bytes: &[u8]) -> Gc<Str> {
    let mut text = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.extend_from_slice(chunk.valid().as_bytes());
        for byte in chunk.invalid() {
            text.extend_from_slice(&[0xED, 0xB0 | byte >> 6, 0x80 | byte & 0x3F]);
        }
    }
    py.new_str_wtf8(&text)
}

/// `os.fspath`: str and bytes as they are, other objects through `__fspath__`.
pub fn fspath(py: &mut Py, path: Value) -> Result {
    if py.is_str(path) || py.bytes_like(path).is_some() {
        return Ok(path);
    }
    let class = py.class_name(path);
    let name = py.names.__fspath__;
    let Some(found) = py.call_special(path, name, &[])? else {
        raise!(py, TypeError, "expected str, bytes or os.PathLike object, not {class}")
    };
    if py.is_str(found) || py.bytes_like(found).is_some() {
        return Ok(found);
    }
    let given = py.class_name(found);
    raise!(py, TypeError, "expected {class}.__fspath__() to return str or bytes, not {given}")
}

/// A path argument as bytes, for a call that may look at the file: what is still to be written to files is written first.
pub fn path_bytes(py: &mut Py, function: &str, path: Value) -> Result<Vec<u8>> {
    crate::io::flush_files(py);
    let path = fspath(py, path)?;
    let bytes = match Gc::<Str>::cast(py, path) {
        Some(text) => fs_encode(py, text)?,
        None => py.bytes_like(path).unwrap_or_default(),
    };
    if bytes.contains(&0) {
        raise!(py, ValueError, "{function}: embedded null character in path");
    }
    Ok(bytes)
}
