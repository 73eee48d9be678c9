//! Hash functions whose digest has one length.

use super::{first_data, hashable, hexadecimal};
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;
use digest::Digest;

/// Declares the class of one hash function.
macro_rules! hash_class {
    ($class:ident, $hasher:ty, $block:literal, $name:literal, $python:literal, $module:literal) => {
        #[doc = concat!("The state of a ", $name, " hash.")]
        #[repr(C)]
        #[derive(Trace)]
        #[pyclass(name = $python, module = $module, flags(DISALLOW_INSTANTIATION, IMMUTABLE))]
        pub struct $class {
            header: Header,
            #[trace(skip)]
            hasher: $hasher,
        }

        impl $class {
            fn create(py: &mut Py, data: Option<Value>, string: Option<Value>) -> Result<Gc<$class>> {
                let mut hasher = <$hasher>::new();
                if let Some(data) = first_data(py, data, string)? {
                    hasher.update(data.get(py));
                }
                Ok(py.alloc($class { header: Header::EMPTY, hasher }))
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
            fn digest_size(this: Gc<Self>) -> usize {
                let _ = this;
                <$hasher as Digest>::output_size()
            }

            /// Update this hash object's state with the provided string.
            #[signature(self, obj, /)]
            fn update(this: Gc<Self>, py: &mut Py, obj: Value) -> Result<()> {
                let data = hashable(py, obj)?.object(py);
                let mut hasher = this.get(py).hasher.clone();
                hasher.update(data.get(py).data());
                this.get_mut(py).hasher = hasher;
                Ok(())
            }

            /// Return the digest value as a bytes object.
            #[signature(self, /)]
            fn digest(this: Gc<Self>, py: &mut Py) -> Gc<Bytes> {
                let digest = this.get(py).hasher.clone().finalize();
                py.new_bytes(&digest)
            }

            /// Return the digest value as a string of hexadecimal digits.
            #[signature(self, /)]
            fn hexdigest(this: Gc<Self>, py: &mut Py) -> String {
                hexadecimal(&this.get(py).hasher.clone().finalize())
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

/// Declares a module of hash functions.
macro_rules! hash_module {
    ($module:ident, $text:literal, [$($part:path),*], $($class:ident $function:ident $doc:literal),*) => {
        #[doc = concat!("Hash functions of `", $text, "`.")]
        #[pymodule(name = $text, parts($($part),*))]
        pub mod $module {
            use super::*;

            pub const _GIL_MINSIZE: i64 = crate::hashes::GIL_MINSIZE;

            $(
                #[doc = $doc]
                #[pyfunction]
                #[signature(data=<unrepresentable>, *, usedforsecurity=True, string=<unrepresentable>)]
                fn $function(py: &mut Py, data: Option<Value>, usedforsecurity: bool, string: Option<Value>) -> Result<Gc<$class>> {
                    let _ = usedforsecurity;
                    $class::create(py, data, string)
                }
            )*
        }
    };
}

hash_class!(Md5, ::md5::Md5, 64, "md5", "MD5Type", "_md5");
hash_class!(Sha1, ::sha1::Sha1, 64, "sha1", "SHA1Type", "_sha1");
hash_class!(Sha224, ::sha2::Sha224, 64, "sha224", "SHA224Type", "_sha2");
hash_class!(Sha256, ::sha2::Sha256, 64, "sha256", "SHA256Type", "_sha2");
hash_class!(Sha384, ::sha2::Sha384, 128, "sha384", "SHA384Type", "_sha2");
hash_class!(Sha512, ::sha2::Sha512, 128, "sha512", "SHA512Type", "_sha2");
hash_class!(Sha3x224, ::sha3::Sha3_224, 144, "sha3_224", "sha3_224", "_sha3");
hash_class!(Sha3x256, ::sha3::Sha3_256, 136, "sha3_256", "sha3_256", "_sha3");
hash_class!(Sha3x384, ::sha3::Sha3_384, 104, "sha3_384", "sha3_384", "_sha3");
hash_class!(Sha3x512, ::sha3::Sha3_512, 72, "sha3_512", "sha3_512", "_sha3");

hash_module!(md5, "_md5", [], Md5 md5 "Return a new MD5 hash object; optionally initialized with a string.");
hash_module!(sha1, "_sha1", [], Sha1 sha1 "Return a new SHA1 hash object; optionally initialized with a string.");
hash_module!(
    sha2,
    "_sha2",
    [],
    Sha224 sha224 "Return a new SHA-224 hash object; optionally initialized with a string.",
    Sha256 sha256 "Return a new SHA-256 hash object; optionally initialized with a string.",
    Sha384 sha384 "Return a new SHA-384 hash object; optionally initialized with a string.",
    Sha512 sha512 "Return a new SHA-512 hash object; optionally initialized with a string."
);

hash_module!(
    sha3,
    "_sha3",
    [super::super::shake::functions::PART],
    Sha3x224 sha3_224 "sha3_224([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object with a hashbit length of 28 bytes.",
    Sha3x256 sha3_256 "sha3_256([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object with a hashbit length of 32 bytes.",
    Sha3x384 sha3_384 "sha3_384([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object with a hashbit length of 48 bytes.",
    Sha3x512 sha3_512 "sha3_512([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object with a hashbit length of 64 bytes."
);
