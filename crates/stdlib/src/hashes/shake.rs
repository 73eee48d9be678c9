//! SHAKE: hash functions whose digest is as long as the caller wants.

use super::{first_data, hashable, hexadecimal};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;
use digest::{ExtendableOutput, Update, XofReader};

/// The longest digest, as in CPython.
const LONGEST: i64 = 1 << 29;

/// Declares the class of one function.
macro_rules! shake_class {
    ($class:ident, $hasher:ty, $block:literal, $name:literal) => {
        #[doc = concat!("The state of a ", $name, " hash.")]
        #[repr(C)]
        #[derive(Trace)]
        #[pyclass(name = $name, module = "_sha3", flags(DISALLOW_INSTANTIATION, IMMUTABLE))]
        pub struct $class {
            header: Header,
            #[trace(skip)]
            hasher: $hasher,
        }

        impl $class {
            fn create(py: &mut Py, data: Option<Value>, string: Option<Value>) -> Result<Gc<$class>> {
                let mut hasher = <$hasher>::default();
                if let Some(data) = first_data(py, data, string)? {
                    hasher.update(data.get(py));
                }
                Ok(py.alloc($class { header: Header::EMPTY, hasher }))
            }

            fn output(this: Gc<Self>, py: &mut Py, length: i64) -> Result<Vec<u8>> {
                match length {
                    ..0 => raise!(py, ValueError, "value must be positive"),
                    LONGEST.. => raise!(py, ValueError, "length is too large"),
                    _ => {}
                }
                let mut output = Vec::new();
                if output.try_reserve_exact(length as usize).is_err() {
                    return Err(py.no_memory());
                }
                output.resize(length as usize, 0);
                this.get(py).hasher.clone().finalize_xof().read(&mut output);
                Ok(output)
            }
        }

        #[pymethods]
        impl $class {
            #[getter]
            fn name(this: Gc<Self>) -> &'static str {
                let _ = this;
                $name
            }

            #[getter]
            fn block_size(this: Gc<Self>) -> i64 {
                let _ = this;
                $block
            }

            #[getter]
            fn digest_size(this: Gc<Self>) -> i64 {
                let _ = this;
                0
            }

            /// Update this hash object's state with the provided bytes-like object.
            #[signature(self, data, /)]
            fn update(this: Gc<Self>, py: &mut Py, data: Value) -> Result<()> {
                let data = hashable(py, data)?.object(py);
                let mut hasher = this.get(py).hasher.clone();
                hasher.update(data.get(py).data());
                this.get_mut(py).hasher = hasher;
                Ok(())
            }

            /// Return the digest value as a bytes object.
            #[signature(self, /, length)]
            fn digest(this: Gc<Self>, py: &mut Py, length: i64) -> Result<Gc<Bytes>> {
                let output = $class::output(this, py, length)?;
                Ok(py.new_bytes(&output))
            }

            /// Return the digest value as a string of hexadecimal digits.
            #[signature(self, /, length)]
            fn hexdigest(this: Gc<Self>, py: &mut Py, length: i64) -> Result<String> {
                Ok(hexadecimal(&$class::output(this, py, length)?))
            }

            /// Return a copy of the hash object.
            #[signature(self, /)]
            fn copy(this: Gc<Self>, py: &mut Py) -> Gc<$class> {
                let hasher = this.get(py).hasher.clone();
                py.alloc($class { header: Header::EMPTY, hasher })
            }
        }
    };
}

shake_class!(Shake128, ::sha3::Shake128, 168, "shake_128");
shake_class!(Shake256, ::sha3::Shake256, 136, "shake_256");

#[pymodule(name = "_sha3", part)]
pub mod functions {
    use super::*;

    /// shake_128([data], *, usedforsecurity=True) -> SHAKE object
    ///
    /// Return a new SHAKE hash object.
    #[pyfunction]
    #[signature(data=<unrepresentable>, *, usedforsecurity=True, string=<unrepresentable>)]
    fn shake_128(py: &mut Py, data: Option<Value>, usedforsecurity: bool, string: Option<Value>) -> Result<Gc<Shake128>> {
        let _ = usedforsecurity;
        Shake128::create(py, data, string)
    }

    /// shake_256([data], *, usedforsecurity=True) -> SHAKE object
    ///
    /// Return a new SHAKE hash object.
    #[pyfunction]
    #[signature(data=<unrepresentable>, *, usedforsecurity=True, string=<unrepresentable>)]
    fn shake_256(py: &mut Py, data: Option<Value>, usedforsecurity: bool, string: Option<Value>) -> Result<Gc<Shake256>> {
        let _ = usedforsecurity;
        Shake256::create(py, data, string)
    }
}
