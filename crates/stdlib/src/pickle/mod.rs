//! `_pickle`: objects as streams of bytes, and back.
//!
//! Counterpart: `Modules/_pickle.c`. Picklers and unpicklers are objects which keep settings and memo; one pickle being written is a
//! [`Save`](save::Save), one being read a [`Load`](load::Load).

mod buffer;
mod build;
mod global;
mod input;
mod load;
mod memo;
mod opcode;
mod output;
mod pickler;
mod proxies;
mod reduce;
mod save;
mod stack;
mod state;
mod unpickler;

use bredli_runtime::prelude::*;
use bredli_runtime::types::{Bytes, Module};
pub use buffer::PickleBuffer;
pub use pickler::Pickler;
use state::State;
pub use unpickler::Unpickler;
use unpickler::bytes_of;

const PERSISTENT_LOAD_MISSING: &str = "A load persistent id instruction was encountered, but no persistent_load function was specified.";

/// The buffers of a call, whose default is shown as an empty tuple but means that there are none to be had.
fn given(py: &Py, buffers: Value) -> Value {
    if buffers == py.constants.empty_tuple.into() { Value::NONE } else { buffers }
}

/// Optimized C implementation for the Python pickle module.
#[pymodule(name = "_pickle", classes(PickleBuffer, Pickler, Unpickler))]
pub mod pickle {
    use super::*;

    /// Write a pickled representation of obj to the open file object file.
    ///
    /// This is equivalent to ``Pickler(file, protocol).dump(obj)``, but may
    /// be more efficient.
    ///
    /// The optional *protocol* argument tells the pickler to use the given
    /// protocol; supported protocols are 0, 1, 2, 3, 4 and 5.  The default
    /// protocol is 5. It was introduced in Python 3.8, and is incompatible
    /// with previous versions.
    ///
    /// Specifying a negative protocol version selects the highest protocol
    /// version supported.  The higher the protocol used, the more recent the
    /// version of Python needed to read the pickle produced.
    ///
    /// The *file* argument must have a write() method that accepts a single
    /// bytes argument.  It can thus be a file object opened for binary
    /// writing, an io.BytesIO instance, or any other custom object that meets
    /// this interface.
    ///
    /// If *fix_imports* is True and protocol is less than 3, pickle will try
    /// to map the new Python 3 names to the old module names used in Python
    /// 2, so that the pickle data stream is readable with Python 2.
    ///
    /// If *buffer_callback* is None (the default), buffer views are serialized
    /// into *file* as part of the pickle stream.  It is an error if
    /// *buffer_callback* is not None and *protocol* is None or smaller than 5.
    #[pyfunction]
    #[signature(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)]
    fn dump(py: &mut Py, obj: Value, file: Value, protocol: Value, fix_imports: bool, buffer_callback: Value) -> Result<()> {
        let pickler = Pickler::create(py, Some(file), protocol, fix_imports, buffer_callback)?;
        let rest = Pickler::run(py, pickler, obj)?;
        if let Some(write) = pickler.get(py).write {
            let rest = py.new_bytes(&rest);
            py.call(write, &[rest.into()])?;
        }
        Ok(())
    }

    /// Return the pickled representation of the object as a bytes object.
    ///
    /// The optional *protocol* argument tells the pickler to use the given
    /// protocol; supported protocols are 0, 1, 2, 3, 4 and 5.  The default
    /// protocol is 5. It was introduced in Python 3.8, and is incompatible
    /// with previous versions.
    ///
    /// Specifying a negative protocol version selects the highest protocol
    /// version supported.  The higher the protocol used, the more recent the
    /// version of Python needed to read the pickle produced.
    ///
    /// If *fix_imports* is True and *protocol* is less than 3, pickle will
    /// try to map the new Python 3 names to the old module names used in
    /// Python 2, so that the pickle data stream is readable with Python 2.
    ///
    /// If *buffer_callback* is None (the default), buffer views are serialized
    /// into *file* as part of the pickle stream.  It is an error if
    /// *buffer_callback* is not None and *protocol* is None or smaller than 5.
    #[pyfunction]
    #[signature(obj, protocol=None, *, fix_imports=True, buffer_callback=None)]
    fn dumps(py: &mut Py, obj: Value, protocol: Value, fix_imports: bool, buffer_callback: Value) -> Result<Gc<Bytes>> {
        let pickler = Pickler::create(py, None, protocol, fix_imports, buffer_callback)?;
        let pickle = Pickler::run(py, pickler, obj)?;
        py.fill_bytes(pickle.len(), |_, out| out.copy_from_slice(&pickle))
    }

    /// Read and return an object from the pickle data stored in a file.
    ///
    /// This is equivalent to ``Unpickler(file).load()``, but may be more
    /// efficient.
    ///
    /// The protocol version of the pickle is detected automatically, so no
    /// protocol argument is needed.  Bytes past the pickled object's
    /// representation are ignored.
    ///
    /// The argument *file* must have two methods, a read() method that takes
    /// an integer argument, and a readline() method that requires no
    /// arguments.  Both methods should return bytes.  Thus *file* can be a
    /// binary file object opened for reading, an io.BytesIO object, or any
    /// other custom object that meets this interface.
    ///
    /// Optional keyword arguments are *fix_imports*, *encoding* and *errors*,
    /// which are used to control compatibility support for pickle stream
    /// generated by Python 2.  If *fix_imports* is True, pickle will try to
    /// map the old Python 2 names to the new names used in Python 3.  The
    /// *encoding* and *errors* tell pickle how to decode 8-bit string
    /// instances pickled by Python 2; these default to 'ASCII' and 'strict',
    /// respectively.  The *encoding* can be 'bytes' to read these 8-bit
    /// string instances as bytes objects.
    #[pyfunction]
    #[signature(file, *, fix_imports=True, encoding="ASCII", errors="strict", buffers=())]
    fn load(py: &mut Py, file: Value, fix_imports: bool, encoding: String, errors: String, buffers: Value) -> Result {
        let buffers = given(py, buffers);
        let unpickler = Unpickler::create(py, Some(file), fix_imports, (encoding, errors), buffers)?;
        Unpickler::run(py, unpickler, Vec::new())
    }

    /// Read and return an object from the given pickle data.
    ///
    /// The protocol version of the pickle is detected automatically, so no
    /// protocol argument is needed.  Bytes past the pickled object's
    /// representation are ignored.
    ///
    /// Optional keyword arguments are *fix_imports*, *encoding* and *errors*,
    /// which are used to control compatibility support for pickle stream
    /// generated by Python 2.  If *fix_imports* is True, pickle will try to
    /// map the old Python 2 names to the new names used in Python 3.  The
    /// *encoding* and *errors* tell pickle how to decode 8-bit string
    /// instances pickled by Python 2; these default to 'ASCII' and 'strict',
    /// respectively.  The *encoding* can be 'bytes' to read these 8-bit
    /// string instances as bytes objects.
    #[pyfunction]
    #[signature(data, /, *, fix_imports=True, encoding="ASCII", errors="strict", buffers=())]
    fn loads(py: &mut Py, data: Value, fix_imports: bool, encoding: String, errors: String, buffers: Value) -> Result {
        let buffers = given(py, buffers);
        let unpickler = Unpickler::create(py, None, fix_imports, (encoding, errors), buffers)?;
        let data = bytes_of(py, data)?;
        Unpickler::run(py, unpickler, data)
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        State::start(py, module)
    }
}
