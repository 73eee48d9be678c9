//! `zlib.Decompress`: what `decompressobj` returns.

use super::stream::{Failure, Inflater, Piece};
use super::{raise_failure, room};
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "Decompress", module = "zlib", flags(DISALLOW_INSTANTIATION, IMMUTABLE))]
#[expect(missing_docs, reason = "the class has no docstring")]
pub struct Decompress {
    header: Header,
    #[trace(skip)]
    stream: Inflater,
    unused_data: Gc<Bytes>,
    unconsumed_tail: Gc<Bytes>,
    eof: bool,
}

impl Decompress {
    /// An object with its stream.
    pub fn create(py: &mut Py, stream: Inflater) -> Gc<Decompress> {
        let empty = py.new_bytes(b"");
        let (unused_data, unconsumed_tail) = (empty, empty);
        py.alloc(Decompress { header: Header::EMPTY, stream, unused_data, unconsumed_tail, eof: false })
    }

    /// Decompress and note what is left of the data.
    fn run(this: Gc<Self>, py: &mut Py, data: &[u8], wanted: Option<usize>) -> std::result::Result<Vec<u8>, Failure> {
        let room = room(py);
        let piece = if this.get(py).eof {
            Piece { output: Vec::new(), used: 0, ended: true }
        } else {
            this.get_mut(py).stream.decompress(data, wanted, room)?
        };
        let rest = &data[piece.used..];
        let tail = if piece.ended {
            let unused = [this.get(py).unused_data.get(py).data(), rest].concat();
            let unused = py.new_bytes(&unused);
            let object = this.get_mut(py);
            object.unused_data = unused;
            object.eof = true;
            py.new_bytes(b"")
        } else {
            py.new_bytes(rest)
        };
        this.get_mut(py).unconsumed_tail = tail;
        Ok(piece.output)
    }
}

#[pymethods]
impl Decompress {
    /// Return a bytes object containing the decompressed version of the data.
    ///
    ///   data
    ///     The binary data to decompress.
    ///   max_length
    ///     The maximum allowable length of the decompressed data.
    ///     Unconsumed input data will be stored in
    ///     the unconsumed_tail attribute.
    ///
    /// After calling this function, some of the input data may still be
    /// stored in internal buffers for later processing.
    /// Call the flush() method to clear these buffers.
    #[signature(self, data, /, max_length=0)]
    fn decompress(this: Gc<Self>, py: &mut Py, data: BytesLike, max_length: isize) -> Result<Gc<Bytes>> {
        let wanted = match max_length {
            ..0 => raise!(py, ValueError, "max_length must be non-negative"),
            0 => None,
            length => Some(length as usize),
        };
        let data = data.get(py).to_vec();
        match Decompress::run(this, py, &data, wanted) {
            Ok(output) => Ok(py.new_bytes(&output)),
            Err(failure) => Err(raise_failure(py, failure, "while decompressing data")),
        }
    }

    /// Return a bytes object containing any remaining decompressed data.
    ///
    ///   length
    ///     the initial size of the output buffer.
    #[signature(self, length=16384, /)]
    fn flush(this: Gc<Self>, py: &mut Py, length: isize) -> Result<Gc<Bytes>> {
        if length <= 0 {
            raise!(py, ValueError, "length must be greater than zero");
        }
        let data = this.get(py).unconsumed_tail.get(py).data().to_vec();
        match Decompress::run(this, py, &data, None) {
            Ok(output) => Ok(py.new_bytes(&output)),
            Err(failure) => Err(raise_failure(py, failure, "while flushing")),
        }
    }

    #[getter]
    fn unused_data(this: Gc<Self>, py: &Py) -> Gc<Bytes> {
        this.get(py).unused_data
    }

    #[getter]
    fn unconsumed_tail(this: Gc<Self>, py: &Py) -> Gc<Bytes> {
        this.get(py).unconsumed_tail
    }

    #[getter]
    fn eof(this: Gc<Self>, py: &Py) -> bool {
        this.get(py).eof
    }
}
