//! `tee`: several iterators over one, sharing the values that not all of them have seen.
//!
//! The values are in a chain of blocks; the last block knows the iterator and grows.

use super::push;
use bredli_runtime::prelude::*;

/// Values of one block.
const BLOCK: usize = 57;

/// Data container common to multiple tee objects.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_tee_dataobject", module = "itertools")]
pub struct TeeData {
    header: Header,
    iterator: Value,
    values: HeapVec<Value>,
    next: Option<Gc<TeeData>>,
    running: bool,
}

/// Iterator wrapped to make it copyable.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_tee", module = "itertools", flags(HAS_WEAKREF))]
pub struct Tee {
    header: Header,
    data: Gc<TeeData>,
    index: usize,
}

#[pymethods]
impl Tee {
    #[signature(iterable, /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, iterable: Value) -> Result {
        let _ = cls;
        Ok(Tee::over(py, iterable)?.into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let (mut data, mut index) = (this.get(py).data, this.get(py).index);
        if index == BLOCK {
            data = match data.get(py).next {
                Some(next) => next,
                None => {
                    let iterator = data.get(py).iterator;
                    let next = TeeData::over(py, iterator);
                    data.get_mut(py).next = Some(next);
                    next
                }
            };
            index = 0;
            let this = this.get_mut(py);
            (this.data, this.index) = (data, index);
        }
        let value = match data.get(py).values.get(index).copied() {
            Some(value) => value,
            None => match TeeData::fetch(data, py)? {
                Some(value) => value,
                None => return Ok(None),
            },
        };
        this.get_mut(py).index = index + 1;
        Ok(Some(value))
    }

    /// Returns an independent iterator.
    #[signature(self, /)]
    fn __copy__(this: Gc<Self>, py: &mut Py) -> Gc<Tee> {
        let (data, index) = (this.get(py).data, this.get(py).index);
        py.alloc(Tee { header: Header::EMPTY, data, index })
    }
}

impl Tee {
    fn over(py: &mut Py, iterable: Value) -> Result<Gc<Tee>> {
        let iterator = py.iter(iterable)?;
        if let Some(tee) = Gc::<Tee>::cast(py, iterator) {
            return Ok(Tee::__copy__(tee, py));
        }
        let data = TeeData::over(py, iterator);
        Ok(py.alloc(Tee { header: Header::EMPTY, data, index: 0 }))
    }
}

impl TeeData {
    fn over(py: &mut Py, iterator: Value) -> Gc<TeeData> {
        py.alloc(TeeData { header: Header::EMPTY, iterator, values: HeapVec::EMPTY, next: None, running: false })
    }

    fn fetch(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        if this.get(py).running {
            raise!(py, RuntimeError, "cannot re-enter the tee iterator");
        }
        let iterator = this.get(py).iterator;
        this.get_mut(py).running = true;
        let value = py.next(iterator);
        this.get_mut(py).running = false;
        let value = value?;
        if let Some(value) = value {
            push(py, this, |this| &mut this.values, value)?;
        }
        Ok(value)
    }
}

/// `itertools.tee`.
pub(super) fn split(py: &mut Py, iterable: Value, count: isize) -> Result {
    if count < 0 {
        raise!(py, ValueError, "n must be >= 0");
    }
    if count == 0 {
        return Ok(py.new_tuple(&[]).into());
    }
    let first = Tee::over(py, iterable)?;
    let mut tees = RootVec::new(&mut py.heap);
    tees.push(first.into());
    for _ in 1..count {
        let copy = Tee::__copy__(first, py);
        if tees.try_push(copy.into()).is_err() {
            return Err(py.no_memory());
        }
    }
    Ok(py.new_tuple(&tees).into())
}
