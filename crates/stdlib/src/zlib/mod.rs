//! `zlib`: compression by deflate in its zlib, gzip and raw containers, checksums.
//!
//! Compressor and decompressor objects have no `copy`, which CPython makes optional. Counterpart: `Modules/zlibmodule.c`.

mod compressor;
mod decompressor;
mod incremental;
mod stream;

use crate::exceptions;
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;
use bredli_runtime::types::{Bytes, Module};
pub use compressor::Compress;
pub use decompressor::Decompress;
pub use incremental::ZlibDecompressor;
use stream::{Deflater, Failure, Inflater, Options};

/// The first size of output buffers.
const BUFFER: usize = 16 * 1024;
const MAX_WBITS: i32 = 15;
const DEFLATED: i32 = 8;

/// Raise what a stream came to.
#[cold]
fn raise_failure(py: &mut Py, failure: Failure, doing: &str) -> Raised {
    match failure {
        Failure::Memory => py.no_memory(),
        Failure::Dictionary => error(py, "Error -3 while setting zdict: invalid input data"),
        Failure::Stream { code, message: Some(message) } => error(py, &format!("Error {code} {doing}: {message}")),
        Failure::Stream { code, message: None } => error(py, &format!("Error {code} {doing}")),
    }
}

#[cold]
fn error(py: &mut Py, text: &str) -> Raised {
    exceptions::raise_from(py, "zlib", "error", text)
}

/// How many bytes of output there may be.
fn room(py: &Py) -> usize {
    py.heap.limit().saturating_sub(py.heap.used())
}

/// Let the collector know of a stream's memory, which it does not see.
fn account(py: &mut Py, bytes: isize) {
    py.heap.external(bytes);
    py.heap.external(-bytes);
}

/// The bytes of a dictionary.
fn dictionary(py: &mut Py, zdict: Option<Value>) -> Result<Vec<u8>> {
    let Some(zdict) = zdict else { return Ok(Vec::new()) };
    match BytesLike::try_new(py, zdict)? {
        Some(bytes) => Ok(bytes.get(py).to_vec()),
        None => raise!(py, TypeError, "zdict argument must support the buffer protocol"),
    }
}

/// The start of a checksum, of which the low 32 bits count.
fn checksum_start(py: &mut Py, value: Value) -> Result<u32> {
    let index = py.index(value)?;
    Ok(py.with_int(index, |int| int.to_u64_wrapping()).unwrap_or(0) as u32)
}

/// The functions in this module allow compression and decompression using the
/// zlib library, which is based on GNU zip.
///
/// adler32(string[, start]) -- Compute an Adler-32 checksum.
/// compress(data[, level]) -- Compress data, with compression level 0-9 or -1.
/// compressobj([level[, ...]]) -- Return a compressor object.
/// crc32(string[, start]) -- Compute a CRC-32 checksum.
/// decompress(string,[wbits],[bufsize]) -- Decompresses a compressed string.
/// decompressobj([wbits[, zdict]]) -- Return a decompressor object.
///
/// 'wbits' is window buffer size and container format.
/// Compressor objects support compress() and flush() methods; decompressor
/// objects support decompress() and flush().
#[pymodule(name = "zlib", classes(ZlibDecompressor))]
pub mod zlib {
    use super::*;

    pub const MAX_WBITS: i64 = 15;
    pub const DEFLATED: i64 = 8;
    pub const DEF_MEM_LEVEL: i64 = 8;
    pub const DEF_BUF_SIZE: i64 = 16384;
    pub const Z_NO_COMPRESSION: i64 = 0;
    pub const Z_BEST_SPEED: i64 = 1;
    pub const Z_BEST_COMPRESSION: i64 = 9;
    pub const Z_DEFAULT_COMPRESSION: i64 = -1;
    pub const Z_FILTERED: i64 = 1;
    pub const Z_HUFFMAN_ONLY: i64 = 2;
    pub const Z_RLE: i64 = 3;
    pub const Z_FIXED: i64 = 4;
    pub const Z_DEFAULT_STRATEGY: i64 = 0;
    pub const Z_NO_FLUSH: i64 = 0;
    pub const Z_PARTIAL_FLUSH: i64 = 1;
    pub const Z_SYNC_FLUSH: i64 = 2;
    pub const Z_FULL_FLUSH: i64 = 3;
    pub const Z_FINISH: i64 = 4;
    pub const Z_BLOCK: i64 = 5;
    pub const Z_TREES: i64 = 6;

    /// Compute an Adler-32 checksum of data.
    ///
    ///   value
    ///     Starting value of the checksum.
    ///
    /// The returned checksum is an integer.
    #[pyfunction]
    #[signature(data, value=1, /)]
    fn adler32(py: &mut Py, data: BytesLike, value: Value) -> Result<u32> {
        let start = checksum_start(py, value)?;
        Ok(zlib_rs::adler32::adler32(start, data.get(py)))
    }

    /// Compute a CRC-32 checksum of data.
    ///
    ///   value
    ///     Starting value of the checksum.
    ///
    /// The returned checksum is an integer.
    #[pyfunction]
    #[signature(data, value=0, /)]
    fn crc32(py: &mut Py, data: BytesLike, value: Value) -> Result<u32> {
        let start = checksum_start(py, value)?;
        Ok(zlib_rs::crc32::crc32(start, data.get(py)))
    }

    /// Returns a bytes object containing compressed data.
    ///
    ///   data
    ///     Binary data to be compressed.
    ///   level
    ///     Compression level, in 0-9 or -1.
    ///   wbits
    ///     The window buffer size and container format.
    #[pyfunction]
    #[signature(data, /, level=-1, wbits=15)]
    fn compress(py: &mut Py, data: BytesLike, level: i32, wbits: i32) -> Result<Gc<Bytes>> {
        let Some(mut stream) = Deflater::new(Options { level, wbits, ..Options::default() }) else {
            return Err(error(py, "Bad compression level"));
        };
        account(py, Deflater::MEMORY);
        match stream.compress(data.get(py), zlib_rs::DeflateFlush::Finish, room(py)) {
            Ok(compressed) => Ok(py.new_bytes(&compressed)),
            Err(failure) => Err(raise_failure(py, failure, "while compressing data")),
        }
    }

    /// Returns a bytes object containing the uncompressed data.
    ///
    ///   data
    ///     Compressed data.
    ///   wbits
    ///     The window buffer size and container format.
    ///   bufsize
    ///     The initial output buffer size.
    #[pyfunction]
    #[signature(data, /, wbits=15, bufsize=16384)]
    fn decompress(py: &mut Py, data: BytesLike, wbits: i32, bufsize: isize) -> Result<Gc<Bytes>> {
        if bufsize < 0 {
            raise!(py, ValueError, "bufsize must be non-negative");
        }
        let Some(mut stream) = Inflater::new(wbits, Vec::new()) else {
            return Err(error(py, "Error -2 while preparing to decompress data: inconsistent stream state"));
        };
        account(py, Inflater::MEMORY);
        match stream.decompress(data.get(py), None, room(py)) {
            Ok(piece) if piece.ended => Ok(py.new_bytes(&piece.output)),
            Ok(_) => Err(error(py, "Error -5 while decompressing data: incomplete or truncated stream")),
            Err(failure) => Err(raise_failure(py, failure, "while decompressing data")),
        }
    }

    /// Return a compressor object.
    ///
    ///   level
    ///     The compression level (an integer in the range 0-9 or -1; default is
    ///     currently equivalent to 6).  Higher compression levels are slower,
    ///     but produce smaller results.
    ///   method
    ///     The compression algorithm.  If given, this must be DEFLATED.
    ///   wbits
    ///     +9 to +15: The base-two logarithm of the window size.  Include a zlib
    ///         container.
    ///     -9 to -15: Generate a raw stream.
    ///     +25 to +31: Include a gzip container.
    ///   memLevel
    ///     Controls the amount of memory used for internal compression state.
    ///     Valid values range from 1 to 9.  Higher values result in higher memory
    ///     usage, faster compression, and smaller output.
    ///   strategy
    ///     Used to tune the compression algorithm.  Possible values are
    ///     Z_DEFAULT_STRATEGY, Z_FILTERED, and Z_HUFFMAN_ONLY.
    ///   zdict
    ///     The predefined compression dictionary - a sequence of bytes
    ///     containing subsequences that are likely to occur in the input data.
    #[pyfunction]
    #[signature(level=-1, method=8, wbits=15, memLevel=8, strategy=0, zdict=<unrepresentable>)]
    fn compressobj(
        py: &mut Py,
        level: i32,
        method: i32,
        wbits: i32,
        memLevel: i32,
        strategy: i32,
        zdict: Option<BytesLike>,
    ) -> Result<Gc<Compress>> {
        let options = Options { level, wbits, mem_level: memLevel, strategy };
        let stream = if method == super::DEFLATED { Deflater::new(options) } else { None };
        let Some(mut stream) = stream else { raise!(py, ValueError, "Invalid initialization option") };
        if let Some(zdict) = zdict
            && !stream.set_dictionary(zdict.get(py))
        {
            raise!(py, ValueError, "Invalid dictionary");
        }
        account(py, Deflater::MEMORY);
        Ok(Compress::create(py, stream))
    }

    /// Return a decompressor object.
    ///
    ///   wbits
    ///     The window buffer size and container format.
    ///   zdict
    ///     The predefined compression dictionary.  This must be the same
    ///     dictionary as used by the compressor that produced the input data.
    #[pyfunction]
    #[signature(wbits=15, zdict=<unrepresentable>)]
    fn decompressobj(py: &mut Py, wbits: i32, zdict: Option<Value>) -> Result<Gc<Decompress>> {
        let stream = inflater(py, wbits, zdict)?;
        Ok(Decompress::create(py, stream))
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let base = py.exceptions.Exception;
        let class = exceptions::new_class(py, "zlib", "error", base)?;
        py.module_set(module, "error", class)?;
        for (name, text) in [("ZLIB_VERSION", VERSION), ("ZLIB_RUNTIME_VERSION", VERSION), ("__version__", "1.0")] {
            let text = py.new_str(text);
            py.module_set(module, name, text.into())?;
        }
        Ok(())
    }
}

/// The version of zlib whose behaviour the streams have.
const VERSION: &str = "1.3.1";

/// A stream for a decompressor object.
fn inflater(py: &mut Py, wbits: i32, zdict: Option<Value>) -> Result<Inflater> {
    let zdict = dictionary(py, zdict)?;
    let Some(mut stream) = Inflater::new(wbits, zdict) else { raise!(py, ValueError, "Invalid initialization option") };
    account(py, Inflater::MEMORY);
    match stream.begin(wbits) {
        Ok(()) => Ok(stream),
        Err(failure) => Err(raise_failure(py, failure, "while setting zdict")),
    }
}
