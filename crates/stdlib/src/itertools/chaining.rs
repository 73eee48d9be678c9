//! `chain`, `zip_longest`, `pairwise`, `accumulate`: iterators that combine what others yield.

use bredli_runtime::prelude::*;

/// Return a chain object whose .__next__() method returns elements from the first iterable until it is exhausted, then elements from the next iterable, until all of the iterables are exhausted.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "chain", module = "itertools", flags(BASETYPE))]
pub struct Chain {
    header: Header,
    iterables: Option<Value>,
    active: Option<Value>,
}

#[pymethods]
impl Chain {
    #[signature(*iterables)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        if args.has_keywords() && cls == py.class::<Chain>() {
            raise!(py, TypeError, "chain() takes no keyword arguments");
        }
        let iterables = py.new_tuple(args.positional());
        let iterables = Some(py.iter(iterables.into())?);
        Ok(py.alloc_as(cls, Chain { header: Header::EMPTY, iterables, active: None }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        while let Some(iterables) = this.get(py).iterables {
            if let Some(active) = this.get(py).active {
                if let Some(value) = py.next(active)? {
                    return Ok(Some(value));
                }
                this.get_mut(py).active = None;
            }
            let next = match py.next(iterables) {
                Ok(next) => next,
                Err(raised) => {
                    this.get_mut(py).iterables = None;
                    return Err(raised);
                }
            };
            match next {
                Some(iterable) => match py.iter(iterable) {
                    Ok(iterator) => this.get_mut(py).active = Some(iterator),
                    Err(raised) => {
                        this.get_mut(py).iterables = None;
                        return Err(raised);
                    }
                },
                None => this.get_mut(py).iterables = None,
            }
        }
        Ok(None)
    }

    /// Alternative chain() constructor taking a single iterable argument that evaluates lazily.
    #[signature(type, iterable, /)]
    fn from_iterable(cls: Gc<Class>, py: &mut Py, iterable: Value) -> Result {
        let iterables = Some(py.iter(iterable)?);
        Ok(py.alloc_as(cls, Chain { header: Header::EMPTY, iterables, active: None }).into())
    }

    /// See PEP 585
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }
}

/// Return a zip_longest object whose .__next__() method returns a tuple where
/// the i-th element comes from the i-th iterable argument.  The .__next__()
/// method continues until the longest iterable in the argument sequence
/// is exhausted and then it raises StopIteration.  When the shorter iterables
/// are exhausted, the fillvalue is substituted in their place.  The fillvalue
/// defaults to None or can be specified by a keyword argument.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "zip_longest", module = "itertools", flags(BASETYPE))]
pub struct ZipLongest {
    header: Header,
    /// Ended ones are empty.
    iterators: HeapVec<Option<Value>>,
    active: usize,
    fill: Value,
}

#[pymethods]
impl ZipLongest {
    #[signature(*iterables, fillvalue=None)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let mut fill = Value::NONE;
        for index in 0..args.keyword_count() {
            let (name, value) = args.keyword(py, index);
            if name.get(py).bytes() != b"fillvalue" {
                raise!(py, TypeError, "zip_longest() got an unexpected keyword argument");
            }
            fill = value;
        }
        let active = args.positional().len();
        let this = py.alloc_as(cls, ZipLongest { header: Header::EMPTY, iterators: HeapVec::EMPTY, active, fill });
        for iterable in args.positional() {
            let iterator = py.iter(*iterable)?;
            if py.heap.vec_push(this, |this: &mut ZipLongest| &mut this.iterators, Some(iterator)).is_err() {
                return Err(py.no_memory());
            }
        }
        Ok(this.into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        if this.get(py).active == 0 {
            return Ok(None);
        }
        let fill = this.get(py).fill;
        let mut values = RootVec::new(&mut py.heap);
        for index in 0..this.get(py).iterators.len() {
            let mut value = None;
            if let Some(iterator) = this.get(py).iterators[index] {
                value = match py.next(iterator) {
                    Ok(value) => value,
                    Err(raised) => {
                        this.get_mut(py).active = 0;
                        return Err(raised);
                    }
                };
                if value.is_none() {
                    let this = this.get_mut(py);
                    this.iterators[index] = None;
                    this.active = this.active.saturating_sub(1);
                    if this.active == 0 {
                        return Ok(None);
                    }
                }
            }
            values.push(value.unwrap_or(fill));
        }
        Ok(Some(py.new_tuple(&values).into()))
    }
}

/// Return an iterator of overlapping pairs taken from the input iterator.
///
///     s -> (s0,s1), (s1,s2), (s2, s3), ...
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "pairwise", module = "itertools", flags(BASETYPE))]
pub struct Pairwise {
    header: Header,
    iterator: Option<Value>,
    last: Option<Value>,
}

#[pymethods]
impl Pairwise {
    #[signature(iterable, /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, iterable: Value) -> Result {
        let iterator = Some(py.iter(iterable)?);
        Ok(py.alloc_as(cls, Pairwise { header: Header::EMPTY, iterator, last: None }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let Some(iterator) = this.get(py).iterator else { return Ok(None) };
        let first = match this.get(py).last {
            Some(last) => Some(last),
            None => {
                let first = py.next(iterator)?;
                this.get_mut(py).last = first;
                if first.is_some() && this.get(py).iterator.is_none() {
                    return Ok(None);
                }
                first
            }
        };
        let second = match first {
            Some(_) => py.next(iterator)?,
            None => None,
        };
        let (Some(first), Some(second)) = (first, second) else {
            let this = this.get_mut(py);
            (this.iterator, this.last) = (None, None);
            return Ok(None);
        };
        this.get_mut(py).last = Some(second);
        Ok(Some(py.new_tuple(&[first, second]).into()))
    }
}

/// Return series of accumulated sums (or other binary function results).
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "accumulate", module = "itertools", flags(BASETYPE))]
pub struct Accumulate {
    header: Header,
    iterator: Value,
    function: Option<Value>,
    total: Option<Value>,
    initial: Option<Value>,
}

#[pymethods]
impl Accumulate {
    #[signature(iterable, func=None, *, initial=None)]
    fn __new__(cls: Gc<Class>, py: &mut Py, iterable: Value, func: Option<Value>, initial: Option<Value>) -> Result {
        let iterator = py.iter(iterable)?;
        let payload = Accumulate { header: Header::EMPTY, iterator, function: func, total: None, initial };
        Ok(py.alloc_as(cls, payload).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        if let Some(initial) = this.get_mut(py).initial.take() {
            this.get_mut(py).total = Some(initial);
            return Ok(Some(initial));
        }
        let Accumulate { iterator, function, .. } = *this.get(py);
        let Some(value) = py.next(iterator)? else { return Ok(None) };
        let total = match (this.get(py).total, function) {
            (None, _) => value,
            (Some(total), None) => py.binary(BinaryOp::Add, total, value)?,
            (Some(total), Some(function)) => py.call(function, &[total, value])?,
        };
        this.get_mut(py).total = Some(total);
        Ok(Some(total))
    }
}
