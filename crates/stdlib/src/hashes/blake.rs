//! BLAKE2b and BLAKE2s with all their parameters.
//!
//! Counterpart: `Modules/blake2module.c`.

use super::{first_data, hashable, hexadecimal};
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Bytes;

/// Declares the class of one function.
macro_rules! blake_class {
    ($class:ident, $library:ident, $name:literal, $title:literal, $digest:literal, $salt:literal, $block:literal, $offset:expr) => {
        #[doc = concat!("Return a new ", $title, " hash object.")]
        #[repr(C)]
        #[derive(Trace)]
        #[pyclass(name = $name, module = "_blake2", flags(IMMUTABLE))]
        pub struct $class {
            header: Header,
            digest_size: usize,
            #[trace(skip)]
            state: $library::State,
        }

        #[pymethods]
        impl $class {
            #[signature(data=<unrepresentable>, *, digest_size=<unrepresentable>, key=<unrepresentable>, salt=<unrepresentable>,
                person=<unrepresentable>, fanout=1, depth=1, leaf_size=<unrepresentable>, node_offset=<unrepresentable>, node_depth=0,
                inner_size=0, last_node=False, usedforsecurity=True, string=<unrepresentable>)]
            fn __new__(
                cls: Gc<Class>,
                py: &mut Py,
                data: Option<Value>,
                digest_size: Option<i64>,
                key: Option<BytesLike>,
                salt: Option<BytesLike>,
                person: Option<BytesLike>,
                fanout: i64,
                depth: i64,
                leaf_size: Option<Value>,
                node_offset: Option<Value>,
                node_depth: i64,
                inner_size: i64,
                last_node: bool,
                usedforsecurity: bool,
                string: Option<Value>,
            ) -> Result<Gc<$class>> {
                let _ = usedforsecurity;
                let digest_size = digest_size.unwrap_or($digest);
                if !(1..=$digest).contains(&digest_size) {
                    raise!(py, ValueError, "digest_size for {} must be between 1 and {} bytes, here it is {digest_size}", $title, $digest);
                }
                let text = |bytes: Option<BytesLike>, py: &Py| bytes.map(|bytes| bytes.get(py).to_vec()).unwrap_or_default();
                let (key, salt, person) = (text(key, py), text(salt, py), text(person, py));
                if salt.len() > $salt {
                    raise!(py, ValueError, "maximum salt length is {} bytes", $salt);
                }
                if person.len() > $salt {
                    raise!(py, ValueError, "maximum person length is {} bytes", $salt);
                }
                if !(0..=255).contains(&fanout) {
                    raise!(py, ValueError, "fanout must be between 0 and 255");
                }
                if !(1..=255).contains(&depth) {
                    raise!(py, ValueError, "depth must be between 1 and 255");
                }
                let leaf_size = match leaf_size {
                    None => 0,
                    Some(size) => match py.int_to_u64(size).map(u32::try_from) {
                        Some(Ok(size)) => size,
                        Some(Err(_)) => raise!(py, OverflowError, "leaf_size is too large"),
                        None if py.is_int(size) => raise!(py, ValueError, "value must be positive"),
                        None => raise!(py, TypeError, "an integer is required"),
                    },
                };
                let node_offset = match node_offset {
                    None => 0,
                    Some(offset) => match py.int_to_u64(offset) {
                        Some(offset) if offset <= $offset => offset,
                        Some(_) => raise!(py, OverflowError, "node_offset is too large"),
                        None if py.is_int(offset) && !py.int_is_negative(offset) => raise!(py, OverflowError, "node_offset is too large"),
                        None if py.is_int(offset) => raise!(py, ValueError, "value must be positive"),
                        None => raise!(py, TypeError, "an integer is required"),
                    },
                };
                if !(0..=255).contains(&node_depth) {
                    raise!(py, ValueError, "node_depth must be between 0 and 255");
                }
                if !(0..=$digest).contains(&inner_size) {
                    raise!(py, ValueError, "inner_size must be between 0 and {}", $digest);
                }
                if key.len() > $digest {
                    raise!(py, ValueError, "maximum key length is {} bytes", $digest);
                }
                let mut params = $library::Params::new();
                params
                    .hash_length(digest_size as usize)
                    .key(&key)
                    .salt(&salt)
                    .personal(&person)
                    .fanout(fanout as u8)
                    .max_depth(depth as u8)
                    .max_leaf_length(leaf_size)
                    .node_offset(node_offset)
                    .node_depth(node_depth as u8)
                    .inner_hash_length(inner_size as usize)
                    .last_node(last_node);
                let mut state = params.to_state();
                if let Some(data) = first_data(py, data, string)? {
                    state.update(data.get(py));
                }
                Ok(py.alloc_as(cls, $class { header: Header::EMPTY, digest_size: digest_size as usize, state }))
            }

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
            fn digest_size(this: Gc<Self>, py: &Py) -> usize {
                this.get(py).digest_size
            }

            /// Update this hash object's state with the provided bytes-like object.
            #[signature(self, data, /)]
            fn update(this: Gc<Self>, py: &mut Py, data: Value) -> Result<()> {
                let data = hashable(py, data)?.object(py);
                let mut state = this.get(py).state.clone();
                state.update(data.get(py).data());
                this.get_mut(py).state = state;
                Ok(())
            }

            /// Return the digest value as a bytes object.
            #[signature(self, /)]
            fn digest(this: Gc<Self>, py: &mut Py) -> Gc<Bytes> {
                let digest = this.get(py).state.finalize();
                py.new_bytes(digest.as_bytes())
            }

            /// Return the digest value as a string of hexadecimal digits.
            #[signature(self, /)]
            fn hexdigest(this: Gc<Self>, py: &Py) -> String {
                hexadecimal(this.get(py).state.finalize().as_bytes())
            }

            /// Return a copy of the hash object.
            #[signature(self, /)]
            fn copy(this: Gc<Self>, py: &mut Py) -> Gc<$class> {
                let (digest_size, state) = (this.get(py).digest_size, this.get(py).state.clone());
                py.alloc($class { header: Header::EMPTY, digest_size, state })
            }
        }
    };
}

blake_class!(Blake2b, blake2b_simd, "blake2b", "Blake2b", 64, 16, 128, u64::MAX);
blake_class!(Blake2s, blake2s_simd, "blake2s", "Blake2s", 32, 8, 64, 0xFFFF_FFFF_FFFF);

/// _blake2b provides BLAKE2b for hashlib
#[pymodule(name = "_blake2", classes(Blake2b, Blake2s))]
pub mod blake2 {
    use super::*;
    use bredli_runtime::types::Module;

    pub const _GIL_MINSIZE: i64 = crate::hashes::GIL_MINSIZE;
    pub const BLAKE2B_SALT_SIZE: i64 = 16;
    pub const BLAKE2B_PERSON_SIZE: i64 = 16;
    pub const BLAKE2B_MAX_KEY_SIZE: i64 = 64;
    pub const BLAKE2B_MAX_DIGEST_SIZE: i64 = 64;
    pub const BLAKE2S_SALT_SIZE: i64 = 8;
    pub const BLAKE2S_PERSON_SIZE: i64 = 8;
    pub const BLAKE2S_MAX_KEY_SIZE: i64 = 32;
    pub const BLAKE2S_MAX_DIGEST_SIZE: i64 = 32;

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let _ = module;
        for (class, digest, salt) in [(Blake2b::class(py), 64, 16), (Blake2s::class(py), 32, 8)] {
            for (name, number) in [("SALT_SIZE", salt), ("PERSON_SIZE", salt), ("MAX_KEY_SIZE", digest), ("MAX_DIGEST_SIZE", digest)] {
                let name = py.intern(name);
                py.class_set_attr(class, name, Some(Value::small(number)))?;
            }
        }
        Ok(())
    }
}
