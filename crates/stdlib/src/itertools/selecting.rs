//! `compress`, `dropwhile`, `filterfalse`, `islice`, `starmap`, `takewhile`: iterators that choose among what another yields.

use bredli_runtime::prelude::*;

/// Return data elements corresponding to true selector elements.
///
/// Forms a shorter iterator from selected data elements using the selectors to
/// choose the data elements.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "compress", module = "itertools", flags(BASETYPE))]
pub struct Compress {
    header: Header,
    data: Value,
    selectors: Value,
}

#[pymethods]
impl Compress {
    #[signature(data, selectors)]
    fn __new__(cls: Gc<Class>, py: &mut Py, data: Value, selectors: Value) -> Result {
        let (data, selectors) = (py.iter(data)?, py.iter(selectors)?);
        Ok(py.alloc_as(cls, Compress { header: Header::EMPTY, data, selectors }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let (data, selectors) = (this.get(py).data, this.get(py).selectors);
        while let Some(value) = py.next(data)? {
            let Some(selector) = py.next(selectors)? else { return Ok(None) };
            if py.truth(selector)? {
                return Ok(Some(value));
            }
            py.poll()?;
        }
        Ok(None)
    }
}

/// Drop items from the iterable while predicate(item) is true.
///
/// Afterwards, return every element until the iterable is exhausted.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "dropwhile", module = "itertools", flags(BASETYPE))]
pub struct DropWhile {
    header: Header,
    predicate: Value,
    iterator: Value,
    started: bool,
}

#[pymethods]
impl DropWhile {
    #[signature(predicate, iterable, /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, predicate: Value, iterable: Value) -> Result {
        let iterator = py.iter(iterable)?;
        Ok(py.alloc_as(cls, DropWhile { header: Header::EMPTY, predicate, iterator, started: false }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let DropWhile { predicate, iterator, started, .. } = *this.get(py);
        while let Some(value) = py.next(iterator)? {
            if started {
                return Ok(Some(value));
            }
            let verdict = py.call(predicate, &[value])?;
            if !py.truth(verdict)? {
                this.get_mut(py).started = true;
                return Ok(Some(value));
            }
        }
        Ok(None)
    }
}

/// Return successive entries from an iterable as long as the predicate evaluates to true for each entry.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "takewhile", module = "itertools", flags(BASETYPE))]
pub struct TakeWhile {
    header: Header,
    predicate: Value,
    iterator: Value,
    stopped: bool,
}

#[pymethods]
impl TakeWhile {
    #[signature(predicate, iterable, /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, predicate: Value, iterable: Value) -> Result {
        let iterator = py.iter(iterable)?;
        Ok(py.alloc_as(cls, TakeWhile { header: Header::EMPTY, predicate, iterator, stopped: false }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let TakeWhile { predicate, iterator, stopped, .. } = *this.get(py);
        if stopped {
            return Ok(None);
        }
        let Some(value) = py.next(iterator)? else { return Ok(None) };
        let verdict = py.call(predicate, &[value])?;
        if py.truth(verdict)? {
            return Ok(Some(value));
        }
        this.get_mut(py).stopped = true;
        Ok(None)
    }
}

/// Return those items of iterable for which function(item) is false.
///
/// If function is None, return the items that are false.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "filterfalse", module = "itertools", flags(BASETYPE))]
pub struct FilterFalse {
    header: Header,
    function: Value,
    iterator: Value,
}

#[pymethods]
impl FilterFalse {
    #[signature(function, iterable, /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, function: Value, iterable: Value) -> Result {
        let iterator = py.iter(iterable)?;
        Ok(py.alloc_as(cls, FilterFalse { header: Header::EMPTY, function, iterator }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let (function, iterator) = (this.get(py).function, this.get(py).iterator);
        let plain = function.is_none() || function == Value::from(py.types.bool);
        while let Some(item) = py.next(iterator)? {
            let verdict = if plain { item } else { py.call(function, &[item])? };
            if !py.truth(verdict)? {
                return Ok(Some(item));
            }
            py.poll()?;
        }
        Ok(None)
    }
}

/// Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "starmap", module = "itertools", flags(BASETYPE))]
pub struct StarMap {
    header: Header,
    function: Value,
    iterator: Value,
}

#[pymethods]
impl StarMap {
    #[signature(function, iterable, /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, function: Value, iterable: Value) -> Result {
        let iterator = py.iter(iterable)?;
        Ok(py.alloc_as(cls, StarMap { header: Header::EMPTY, function, iterator }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let (function, iterator) = (this.get(py).function, this.get(py).iterator);
        let Some(args) = py.next(iterator)? else { return Ok(None) };
        let args = py.collect_iterable(args)?;
        py.call(function, &args).map(Some)
    }
}

/// islice(iterable, stop) --> islice object
/// islice(iterable, start, stop[, step]) --> islice object
///
/// Return an iterator whose next() method returns selected values from an
/// iterable.  If start is specified, will skip all preceding elements;
/// otherwise, start defaults to zero.  Step defaults to one.  If
/// specified as another value, step determines how many values are
/// skipped between successive calls.  Works like a slice() on a list
/// but returns an iterator.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "islice", module = "itertools", flags(BASETYPE))]
pub struct Islice {
    header: Header,
    iterator: Option<Value>,
    /// Position of the next value wanted.
    wanted: usize,
    stop: Option<usize>,
    step: usize,
    /// Values taken so far.
    taken: usize,
}

#[pymethods]
impl Islice {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        if args.has_keywords() && cls == py.class::<Islice>() {
            raise!(py, TypeError, "islice() takes no keyword arguments");
        }
        let none = Value::NONE;
        let (iterable, start, stop, step) = match *args.positional() {
            [iterable, stop] => (iterable, none, stop, none),
            [iterable, start, stop] => (iterable, start, stop, none),
            [iterable, start, stop, step] => (iterable, start, stop, step),
            [] | [_] => raise!(py, TypeError, "islice expected at least 2 arguments, got {}", args.positional().len()),
            _ => raise!(py, TypeError, "islice expected at most 4 arguments, got {}", args.positional().len()),
        };
        let stop = match stop.is_none() {
            true => None,
            false => match Islice::position(py, stop) {
                Some(stop) => Some(stop),
                None if args.positional().len() == 2 => {
                    raise!(py, ValueError, "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
                }
                None => raise!(py, ValueError, "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize."),
            },
        };
        let start = match start.is_none() {
            true => Some(0),
            false => Islice::position(py, start),
        };
        let Some(wanted) = start else {
            raise!(py, ValueError, "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
        };
        let step = match step.is_none() {
            true => Some(1),
            false => Islice::position(py, step).filter(|step| *step > 0),
        };
        let Some(step) = step else { raise!(py, ValueError, "Step for islice() must be a positive integer or None.") };
        let iterator = Some(py.iter(iterable)?);
        Ok(py.alloc_as(cls, Islice { header: Header::EMPTY, iterator, wanted, stop, step, taken: 0 }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let Some(iterator) = this.get(py).iterator else { return Ok(None) };
        let value = Islice::advance(this, py, iterator)?;
        if value.is_none() {
            this.get_mut(py).iterator = None;
        }
        Ok(value)
    }
}

impl Islice {
    fn position(py: &mut Py, value: Value) -> Option<usize> {
        match py.to_isize(value) {
            Ok(position) => usize::try_from(position).ok(),
            Err(_) => {
                py.clear_exception();
                None
            }
        }
    }

    fn advance(this: Gc<Self>, py: &mut Py, iterator: Value) -> Result<Option<Value>> {
        let Islice { wanted, stop, step, .. } = *this.get(py);
        let skip_to = stop.map_or(wanted, |stop| wanted.min(stop));
        while this.get(py).taken < skip_to {
            if py.next(iterator)?.is_none() {
                return Ok(None);
            }
            this.get_mut(py).taken += 1;
            py.poll()?;
        }
        if stop.is_some_and(|stop| this.get(py).taken >= stop) {
            return Ok(None);
        }
        let Some(value) = py.next(iterator)? else { return Ok(None) };
        let this = this.get_mut(py);
        this.taken += 1;
        this.wanted = wanted.saturating_add(step);
        if let Some(stop) = stop {
            this.wanted = this.wanted.min(stop);
        }
        Ok(Some(value))
    }
}
