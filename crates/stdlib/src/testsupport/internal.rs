//! `_testinternalcapi`: the depth of calls and the layout of instances.

use bredli_runtime::prelude::*;

#[pymodule(name = "_testinternalcapi", part)]
pub mod internal {
    use super::*;

    /// What `sys.getsizeof` adds for an object that CPython's collector tracks.
    pub const SIZEOF_PYGC_HEAD: i64 = crate::sys::COLLECTOR_HEADER as i64;
    /// An instruction is specialised for the types of its operands the first time it is executed.
    pub const SPECIALIZATION_THRESHOLD: i64 = 1;
    /// And again the first time they are others.
    pub const SPECIALIZATION_COOLDOWN: i64 = 1;

    /// The number of Python frames that are running.
    #[pyfunction]
    fn get_recursion_depth(py: &Py) -> u32 {
        py.recursion_depth()
    }

    /// Whether the attributes of an instance lie in the instance itself.
    #[pyfunction]
    fn has_inline_values(py: &Py, object: Value) -> bool {
        py.has_inline_attributes(object)
    }
}
