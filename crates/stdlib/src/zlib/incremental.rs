//! `zlib._ZlibDecompressor`: a decompressor that keeps the input it has not used, for `gzip`.

use super::stream::Inflater;
use super::{inflater, raise_failure, room};
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

/// Create a decompressor object for decompressing data incrementally.
///
///   wbits = 15
///   zdict
///     The predefined compression dictionary. This is a sequence of bytes
///     (such as a bytes object) containing subsequences that are expected
///     to occur frequently in the data that is to be compressed. Those
///     subsequences that are expected to be most common should come at the
///     end of the dictionary. This must be the same dictionary as used by the
///     compressor that produced the input data.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_ZlibDecompressor", module = "zlib", flags(IMMUTABLE))]
pub struct ZlibDecompressor {
    header: Header,
    #[trace(skip)]
    stream: Inflater,
    /// Input that has not been used.
    #[trace(skip)]
    pending: Vec<u8>,
    unused_data: Gc<Bytes>,
    eof: bool,
    needs_input: bool,
}

#[pymethods]
impl ZlibDecompressor {
    #[signature(wbits = 15, zdict = b"")]
    fn __new__(cls: Gc<Class>, py: &mut Py, wbits: i32, zdict: Value) -> Result<Gc<ZlibDecompressor>> {
        let stream = inflater(py, wbits, Some(zdict))?;
        let unused_data = py.new_bytes(b"");
        let (header, pending) = (Header::EMPTY, Vec::new());
        Ok(py.alloc_as(cls, ZlibDecompressor { header, stream, pending, unused_data, eof: false, needs_input: true }))
    }

    /// Decompress *data*, returning uncompressed data as bytes.
    ///
    /// If *max_length* is nonnegative, returns at most *max_length* bytes
    /// of decompressed data.  If this limit is reached and further output
    /// can be produced, *self.needs_input* will be set to ``False``.  In
    /// this case, the next call to *decompress()* may provide *data* as b''
    /// to obtain more of the output.
    ///
    /// If all of the input data was decompressed and returned (either
    /// because this was less than *max_length* bytes, or because
    /// *max_length* was negative), *self.needs_input* will be set to True.
    ///
    /// Attempting to decompress data after the end of stream is reached
    /// raises an EOFError.  Any data found after the end of the stream is
    /// ignored and saved in the unused_data attribute.
    #[signature(self, /, data, max_length=-1)]
    fn decompress(this: Gc<Self>, py: &mut Py, data: BytesLike, max_length: isize) -> Result<Gc<Bytes>> {
        if this.get(py).eof {
            raise!(py, EOFError, "End of stream already reached");
        }
        let (wanted, room) = (usize::try_from(max_length).ok(), room(py));
        let data = data.get(py).to_vec();
        let object = this.get_mut(py);
        let mut input = std::mem::take(&mut object.pending);
        input.extend_from_slice(&data);
        let piece = match object.stream.decompress(&input, wanted, room) {
            Ok(piece) => piece,
            Err(failure) => return Err(raise_failure(py, failure, "while decompressing data")),
        };
        input.drain(..piece.used);
        let full = wanted == Some(piece.output.len());
        object.eof = piece.ended;
        object.needs_input = !piece.ended && input.is_empty() && !full;
        if piece.ended {
            let unused = py.new_bytes(&input);
            this.get_mut(py).unused_data = unused;
        } else {
            object.pending = input;
        }
        Ok(py.new_bytes(&piece.output))
    }

    /// True if the end-of-stream marker has been reached.
    #[getter]
    fn eof(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).eof
    }

    /// Data found after the end of the compressed stream.
    #[getter]
    fn unused_data(this: Gc<Self>, py: &Py) -> Gc<Bytes> {
        this.get(py).unused_data
    }

    /// True if more input is needed before more decompressed data can be produced.
    #[getter]
    fn needs_input(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).needs_input
    }
}
