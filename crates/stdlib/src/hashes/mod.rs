//! `_md5`, `_sha1`, `_sha2`, `_sha3`, `_blake2`: hash functions for `hashlib`.
//!
//! The functions are RustCrypto's. Counterpart: `Modules/md5module.c` and its neighbours.

mod blake;
mod fixed;
mod shake;

pub use blake::blake2;
pub use fixed::{md5, sha1, sha2, sha3};

use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;

/// Objects smaller than this are hashed while the interpreter lock is held (CPython's value, which tests read).
const GIL_MINSIZE: i64 = 2048;

/// The bytes of what is to be hashed.
fn hashable(py: &mut Py, value: Value) -> Result<BytesLike> {
    if py.is_str(value) {
        raise!(py, TypeError, "Strings must be encoded before hashing");
    }
    match BytesLike::try_new(py, value)? {
        Some(bytes) => Ok(bytes),
        None => raise!(py, TypeError, "object supporting the buffer API required"),
    }
}

/// What a constructor is to hash first: `data`, or `string` under its old name.
fn first_data(py: &mut Py, data: Option<Value>, string: Option<Value>) -> Result<Option<BytesLike>> {
    match (data, string) {
        (Some(_), Some(_)) => raise!(
            py,
            TypeError,
            "'data' and 'string' are mutually exclusive and support for 'string' keyword parameter is slated for removal in a future version."
        ),
        (Some(data), None) | (None, Some(data)) => Ok(Some(hashable(py, data)?)),
        (None, None) => Ok(None),
    }
}

/// Bytes as hexadecimal text.
fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[value as usize]);
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}
