//! `product`, `permutations`, `combinations`, `combinations_with_replacement`.
//!
//! Each keeps the pool of values and the indices of the current selection, and steps to the next in lexicographic order.

use bredli_runtime::prelude::*;

/// The values an iterator chooses from.
fn pool(py: &mut Py, iterable: Value) -> Result<Gc<Tuple>> {
    py.tuple_from_iterable(iterable)
}

/// A vector of indices for an object that is about to be made.
fn indices(py: &mut Py, count: usize, index: impl Fn(usize) -> usize) -> Result<HeapVec<usize>> {
    let Ok(mut indices) = HeapVec::filled(&mut py.heap, count, 0) else { return Err(py.no_memory()) };
    indices.iter_mut().enumerate().for_each(|(at, place)| *place = index(at));
    Ok(indices)
}

/// The values of the pool at the given indices.
fn select(py: &mut Py, pool: Gc<Tuple>, count: usize, index: impl Fn(&Py, usize) -> usize) -> Value {
    tuple_of(py, count, |py, at| pool.get(py).items()[index(py, at)])
}

/// Values up to so many are gathered on the stack.
const FEW: usize = 8;

/// A tuple of `count` values.
fn tuple_of(py: &mut Py, count: usize, value: impl Fn(&Py, usize) -> Value) -> Value {
    if count <= FEW {
        let mut values = [Value::NONE; FEW];
        for (at, place) in values[..count].iter_mut().enumerate() {
            *place = value(py, at);
        }
        return py.new_tuple(&values[..count]).into();
    }
    let mut values = RootVec::new(&mut py.heap);
    values.extend((0..count).map(|at| value(py, at)));
    py.new_tuple(&values).into()
}

fn not_negative(py: &mut Py, r: isize) -> Result<usize> {
    match usize::try_from(r) {
        Ok(r) => Ok(r),
        Err(_) => raise!(py, ValueError, "r must be non-negative"),
    }
}

/// Cartesian product of input iterables.  Equivalent to nested for-loops.
///
/// For example, product(A, B) returns the same as:  ((x,y) for x in A for y in B).
/// The leftmost iterators are in the outermost for-loop, so the output tuples
/// cycle in a manner similar to an odometer (with the rightmost element changing
/// on every iteration).
///
/// To compute the product of an iterable with itself, specify the number
/// of repetitions with the optional repeat keyword argument. For example,
/// product(A, repeat=4) means the same as product(A, A, A, A).
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "product", module = "itertools", flags(BASETYPE))]
pub struct Product {
    header: Header,
    pools: Gc<Tuple>,
    indices: HeapVec<usize>,
    started: bool,
    stopped: bool,
}

#[pymethods]
impl Product {
    #[signature(*iterables, repeat=1)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let mut repeat = 1;
        for index in 0..args.keyword_count() {
            let (name, value) = args.keyword(py, index);
            if name.get(py).bytes() != b"repeat" {
                let name = name.get(py).lossy();
                raise!(py, TypeError, "product() got an unexpected keyword argument '{name}'");
            }
            repeat = py.to_isize(value)?;
        }
        let Ok(repeat) = usize::try_from(repeat) else { raise!(py, ValueError, "repeat argument cannot be negative") };
        let given = if repeat == 0 { 0 } else { args.positional().len() };
        if given.checked_mul(repeat).is_none_or(|total| total > u32::MAX as usize) {
            raise!(py, OverflowError, "repeat argument too large");
        }
        let mut pools = RootVec::new(&mut py.heap);
        for iterable in &args.positional()[..given] {
            let pool = pool(py, *iterable)?;
            pools.push(pool.into());
        }
        for at in 0..given * repeat.saturating_sub(1) {
            let pool = pools[at];
            pools.push(pool);
        }
        let stopped = pools.iter().any(|pool| Gc::<Tuple>::known(py, *pool).get(py).is_empty());
        let (pools, indices) = (py.new_tuple(&pools), indices(py, given * repeat, |_| 0)?);
        Ok(py.alloc_as(cls, Product { header: Header::EMPTY, pools, indices, started: false, stopped }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let Product { pools, started, stopped, .. } = *this.get(py);
        if stopped {
            return None;
        }
        let pool_at = |py: &Py, at: usize| Gc::<Tuple>::known(py, pools.get(py).items()[at]);
        if started {
            let mut at = this.get(py).indices.len();
            loop {
                let Some(previous) = at.checked_sub(1) else {
                    this.get_mut(py).stopped = true;
                    return None;
                };
                at = previous;
                let len = pool_at(py, at).get(py).len();
                let index = &mut this.get_mut(py).indices[at];
                *index += 1;
                if *index < len {
                    break;
                }
                *index = 0;
            }
        }
        this.get_mut(py).started = true;
        let count = this.get(py).indices.len();
        Some(tuple_of(py, count, |py, at| pool_at(py, at).get(py).items()[this.get(py).indices[at]]))
    }

    /// Returns size in memory, in bytes.
    #[signature(self, /)]
    fn __sizeof__(this: Gc<Self>, py: &Py) -> usize {
        56 + 8 * this.get(py).indices.len()
    }
}

/// Return successive r-length combinations of elements in the iterable.
///
/// combinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "combinations", module = "itertools", flags(BASETYPE))]
pub struct Combinations {
    header: Header,
    pool: Gc<Tuple>,
    indices: HeapVec<usize>,
    started: bool,
    stopped: bool,
}

#[pymethods]
impl Combinations {
    #[signature(iterable, r)]
    fn __new__(cls: Gc<Class>, py: &mut Py, iterable: Value, r: isize) -> Result {
        let pool = pool(py, iterable)?;
        let r = not_negative(py, r)?;
        let stopped = r > pool.get(py).len();
        let indices = indices(py, if stopped { 0 } else { r }, |at| at)?;
        Ok(py.alloc_as(cls, Combinations { header: Header::EMPTY, pool, indices, started: false, stopped }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let Combinations { pool, started, stopped, .. } = *this.get(py);
        if stopped {
            return None;
        }
        let len = pool.get(py).len();
        let state = this.get_mut(py);
        let count = state.indices.len();
        if started {
            match (0..count).rev().find(|at| state.indices[*at] != at + len - count) {
                Some(at) => {
                    state.indices[at] += 1;
                    for next in at + 1..count {
                        state.indices[next] = state.indices[next - 1] + 1;
                    }
                }
                None => {
                    state.stopped = true;
                    return None;
                }
            }
        }
        state.started = true;
        Some(select(py, pool, count, |py, at| this.get(py).indices[at]))
    }

    /// Returns size in memory, in bytes.
    #[signature(self, /)]
    fn __sizeof__(this: Gc<Self>, py: &Py) -> usize {
        56 + 8 * this.get(py).indices.len()
    }
}

/// Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.
///
/// combinations_with_replacement('ABC', 2) --> ('A','A'), ('A','B'), ('A','C'), ('B','B'), ('B','C'), ('C','C')
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "combinations_with_replacement", module = "itertools", flags(BASETYPE))]
pub struct Replacements {
    header: Header,
    pool: Gc<Tuple>,
    indices: HeapVec<usize>,
    started: bool,
    stopped: bool,
}

#[pymethods]
impl Replacements {
    #[signature(iterable, r)]
    fn __new__(cls: Gc<Class>, py: &mut Py, iterable: Value, r: isize) -> Result {
        let pool = pool(py, iterable)?;
        let r = not_negative(py, r)?;
        let stopped = pool.get(py).is_empty() && r > 0;
        let indices = indices(py, r, |_| 0)?;
        Ok(py.alloc_as(cls, Replacements { header: Header::EMPTY, pool, indices, started: false, stopped }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let Replacements { pool, started, stopped, .. } = *this.get(py);
        if stopped {
            return None;
        }
        let len = pool.get(py).len();
        let state = this.get_mut(py);
        let count = state.indices.len();
        if started {
            match (0..count).rev().find(|at| state.indices[*at] + 1 != len) {
                Some(at) => {
                    let index = state.indices[at] + 1;
                    state.indices[at..].fill(index);
                }
                None => {
                    state.stopped = true;
                    return None;
                }
            }
        }
        state.started = true;
        Some(select(py, pool, count, |py, at| this.get(py).indices[at]))
    }

    /// Returns size in memory, in bytes.
    #[signature(self, /)]
    fn __sizeof__(this: Gc<Self>, py: &Py) -> usize {
        56 + 8 * this.get(py).indices.len()
    }
}

/// Return successive r-length permutations of elements in the iterable.
///
/// permutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "permutations", module = "itertools", flags(BASETYPE))]
pub struct Permutations {
    header: Header,
    pool: Gc<Tuple>,
    indices: HeapVec<usize>,
    cycles: HeapVec<usize>,
    started: bool,
    stopped: bool,
}

#[pymethods]
impl Permutations {
    #[signature(iterable, r=None)]
    fn __new__(cls: Gc<Class>, py: &mut Py, iterable: Value, r: Option<Value>) -> Result {
        let pool = pool(py, iterable)?;
        let len = pool.get(py).len();
        let r = match r {
            None => len,
            Some(r) if !py.is_int(r) => raise!(py, TypeError, "Expected int as r"),
            Some(r) => {
                let r = py.to_isize(r)?;
                not_negative(py, r)?
            }
        };
        let stopped = r > len;
        let (indices, cycles) = (indices(py, len, |at| at)?, indices(py, if stopped { 0 } else { r }, |at| len - at)?);
        let payload = Permutations { header: Header::EMPTY, pool, indices, cycles, started: false, stopped };
        Ok(py.alloc_as(cls, payload).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let Permutations { pool, started, stopped, .. } = *this.get(py);
        if stopped {
            return None;
        }
        let state = this.get_mut(py);
        let (len, count) = (state.indices.len(), state.cycles.len());
        if started {
            let mut at = count;
            loop {
                let Some(previous) = at.checked_sub(1) else {
                    state.stopped = true;
                    return None;
                };
                at = previous;
                state.cycles[at] -= 1;
                let cycle = state.cycles[at];
                if cycle != 0 {
                    state.indices.swap(at, len - cycle);
                    break;
                }
                state.indices[at..].rotate_left(1);
                state.cycles[at] = len - at;
            }
        }
        state.started = true;
        Some(select(py, pool, count, |py, at| this.get(py).indices[at]))
    }

    /// Returns size in memory, in bytes.
    #[signature(self, /)]
    fn __sizeof__(this: Gc<Self>, py: &Py) -> usize {
        let this = this.get(py);
        64 + 8 * (this.indices.len() + this.cycles.len())
    }
}
