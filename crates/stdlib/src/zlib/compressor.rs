//! `zlib.Compress`: what `compressobj` returns.

use super::stream::{Deflater, Failure};
use super::{raise_failure, room};
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;
use zlib_rs::DeflateFlush;

#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Compress", module = "zlib", flags(DISALLOW_INSTANTIATION, IMMUTABLE))]
#[expect(missing_docs, reason = "the class has no docstring")]
pub struct Compress {
    header: Header,
    /// None once it has been finished.
    #[trace(skip)]
    stream: Option<Deflater>,
}

impl Compress {
    /// An object with its stream.
    pub fn create(py: &mut Py, stream: Deflater) -> Gc<Compress> {
        py.alloc(Compress { header: Header::EMPTY, stream: Some(stream) })
    }

    fn run(this: Gc<Self>, py: &mut Py, data: &[u8], flush: DeflateFlush) -> std::result::Result<Vec<u8>, Failure> {
        let room = room(py);
        let stream = &mut this.get_mut(py).stream;
        let outcome = stream.as_mut().map_or(Err(Failure::STATE), |stream| stream.compress(data, flush, room));
        if flush == DeflateFlush::Finish {
            *stream = None;
        }
        outcome
    }
}

#[pymethods]
impl Compress {
    /// Returns a bytes object containing compressed data.
    ///
    ///   data
    ///     Binary data to be compressed.
    ///
    /// After calling this function, some of the input data may still
    /// be stored in internal buffers for later processing.
    /// Call the flush() method to clear these buffers.
    #[signature(self, data, /)]
    fn compress(this: Gc<Self>, py: &mut Py, data: BytesLike) -> Result<Gc<Bytes>> {
        let data = data.get(py).to_vec();
        match Compress::run(this, py, &data, DeflateFlush::NoFlush) {
            Ok(output) => Ok(py.new_bytes(&output)),
            Err(failure) => Err(raise_failure(py, failure, "while compressing data")),
        }
    }

    /// Return a bytes object containing any remaining compressed data.
    ///
    ///   mode
    ///     One of the constants Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH.
    ///     If mode == Z_FINISH, the compressor object can no longer be
    ///     used after calling the flush() method.  Otherwise, more data
    ///     can still be compressed.
    #[signature(self, mode=4, /)]
    fn flush(this: Gc<Self>, py: &mut Py, mode: i32) -> Result<Gc<Bytes>> {
        let outcome = match DeflateFlush::try_from(mode) {
            Ok(DeflateFlush::NoFlush) => Ok(Vec::new()),
            Ok(flush) => Compress::run(this, py, b"", flush),
            Err(()) => Err(Failure::STATE),
        };
        match outcome {
            Ok(output) => Ok(py.new_bytes(&output)),
            Err(failure) => Err(raise_failure(py, failure, "while flushing")),
        }
    }
}
