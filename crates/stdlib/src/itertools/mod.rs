//! `itertools`: the functional iterators.
//!
//! Counterpart: `Modules/itertoolsmodule.c`. As in CPython 3.14 they can be neither copied nor pickled.

mod chaining;
mod combinatorics;
mod counting;
mod grouping;
mod selecting;
mod tee;

use bredli_runtime::prelude::*;
pub use chaining::{Accumulate, Chain, Pairwise, ZipLongest};
pub use combinatorics::{Combinations, Permutations, Product, Replacements};
pub use counting::{Count, Cycle, Repeat};
pub use grouping::{Batched, GroupBy, Grouper};
pub use selecting::{Compress, DropWhile, FilterFalse, Islice, StarMap, TakeWhile};
pub use tee::{Tee, TeeData};

/// Functional tools for creating and using iterators.
#[pymodule(
    name = "itertools",
    classes(
        Accumulate,
        Batched,
        Chain,
        Combinations,
        Compress,
        Count,
        Cycle,
        DropWhile,
        FilterFalse,
        GroupBy,
        Grouper,
        Islice,
        Pairwise,
        Permutations,
        Product,
        Repeat,
        Replacements,
        StarMap,
        TakeWhile,
        Tee,
        TeeData,
        ZipLongest
    )
)]
pub mod itertools {
    use super::*;

    /// Returns a tuple of n independent iterators.
    #[pyfunction]
    #[signature(iterable, n=2, /)]
    fn tee(py: &mut Py, iterable: Value, n: isize) -> Result {
        super::tee::split(py, iterable, n)
    }
}

/// Append to the values of a vector in an object.
pub(crate) fn push<T: bredli_heap::Object>(
    py: &mut Py,
    owner: Gc<T>,
    field: impl Fn(&mut T) -> &mut HeapVec<Value>,
    value: Value,
) -> Result<()> {
    match py.heap.vec_push(owner, field, value) {
        Ok(()) => Ok(()),
        Err(_) => Err(py.no_memory()),
    }
}
