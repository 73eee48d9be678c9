//! `zip`, `map` and `filter`.
//!
//! Counterpart: `Python/bltinmodule.c`.

use crate::native::Args;
use crate::object::{Class, Tuple};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, RootVec, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// The zip object yields n-length tuples, where n is the number of
/// iterables passed as positional arguments to zip().  The i-th element
/// in every tuple comes from the i-th iterable argument to zip().  This
/// continues until the shortest argument is exhausted.
///
/// If strict is true and one of the arguments is exhausted before the
/// others, raise a ValueError.
///
///    >>> list(zip('abcdefg', range(3), range(4)))
///    [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "zip", core, flags(BASETYPE))]
pub struct Zip {
    pub(crate) header: Header,
    pub(crate) iterators: Gc<Tuple>,
    pub(crate) strict: bool,
}

/// Up to so many values are gathered without a temporary.
const FEW: usize = 8;

#[pymethods]
impl Zip {
    #[signature(*iterables, strict=False)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let strict = py.strict_keyword("zip", args)?;
        let iterators = py.iterators_over(args.positional())?;
        Ok(py.alloc_as(cls, Zip { header: Header::EMPTY, iterators, strict }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let (iterators, strict) = (this.get(py).iterators, this.get(py).strict);
        if iterators.get(py).is_empty() {
            return Ok(None);
        }
        py.gather("zip", iterators, strict, |py, values| Ok(py.new_tuple(values).into()))
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let class = py.class_of(this.into()).into();
        let (iterators, strict) = (this.get(py).iterators, this.get(py).strict);
        let parts = [class, iterators.into(), Value::TRUE];
        Ok(py.new_tuple(if strict { &parts } else { &parts[..2] }).into())
    }

    /// Set state information for unpickling.
    #[signature(self, object, /)]
    fn __setstate__(this: Gc<Self>, py: &mut Py, object: bool) {
        this.get_mut(py).strict = object;
    }
}

/// Make an iterator that computes the function using arguments from
/// each of the iterables.  Stops when the shortest iterable is exhausted.
///
/// If strict is true and one of the arguments is exhausted before the
/// others, raise a ValueError.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "map", core, flags(BASETYPE))]
pub struct Map {
    pub(crate) header: Header,
    pub(crate) function: Value,
    pub(crate) iterators: Gc<Tuple>,
    pub(crate) strict: bool,
}

#[pymethods]
impl Map {
    #[signature(function, iterable, /, *iterables, strict=False)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let strict = py.strict_keyword("map", args)?;
        let [function, iterables @ ..] = args.positional() else {
            raise!(py, TypeError, "map() must have at least two arguments.");
        };
        if iterables.is_empty() {
            raise!(py, TypeError, "map() must have at least two arguments.");
        }
        let (function, iterators) = (*function, py.iterators_over(iterables)?);
        Ok(py.alloc_as(cls, Map { header: Header::EMPTY, function, iterators, strict }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let Map { function, iterators, strict, .. } = *this.get(py);
        if let [iterator] = *iterators.get(py).items() {
            return match py.next(iterator)? {
                Some(value) => py.call(function, &[value]).map(Some),
                None => Ok(None),
            };
        }
        py.gather("map", iterators, strict, |py, values| py.call(function, values))
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let class = py.class_of(this.into()).into();
        let Map { function, iterators, strict, .. } = *this.get(py);
        let mut args = py.list_storage(iterators.get(py).len() + 1)?;
        args.push_within_capacity(function);
        args.extend_within_capacity(iterators.get(py).items());
        let args = py.new_tuple(&args);
        let parts = [class, args.into(), Value::TRUE];
        Ok(py.new_tuple(if strict { &parts } else { &parts[..2] }).into())
    }

    /// Set state information for unpickling.
    #[signature(self, object, /)]
    fn __setstate__(this: Gc<Self>, py: &mut Py, object: bool) {
        this.get_mut(py).strict = object;
    }
}

/// Return an iterator yielding those items of iterable for which
/// function(item) is true.  If function is None, return the items that
/// are true.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "filter", core, flags(BASETYPE))]
pub struct Filter {
    pub(crate) header: Header,
    pub(crate) function: Value,
    pub(crate) iterator: Value,
}

#[pymethods]
impl Filter {
    #[signature(function, iterable, /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, function: Value, iterable: Value) -> Result {
        let iterator = py.iter(iterable)?;
        Ok(py.alloc_as(cls, Filter { header: Header::EMPTY, function, iterator }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let (function, iterator) = (this.get(py).function, this.get(py).iterator);
        let plain = function.is_none() || function == Value::from(py.types.bool);
        while let Some(item) = py.next(iterator)? {
            let verdict = if plain { item } else { py.call(function, &[item])? };
            if py.truth(verdict)? {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let class = py.class_of(this.into()).into();
        let (function, iterator) = (this.get(py).function, this.get(py).iterator);
        let args = py.new_tuple(&[function, iterator]);
        Ok(py.new_tuple(&[class, args.into()]).into())
    }
}

impl Py {
    /// The value of `strict`, the only keyword argument there may be.
    fn strict_keyword(&mut self, function: &str, args: Args) -> Result<bool> {
        match args.keyword_count() {
            0 => Ok(false),
            1 => {
                let (name, strict) = args.keyword(self, 0);
                if name.get(self).bytes() != b"strict" {
                    let name = name.get(self).lossy();
                    return Err(self.unexpected_keyword(function, &name, &["strict"]));
                }
                self.truth(strict)
            }
            count => raise!(self, TypeError, "{function}() takes at most 1 keyword argument ({count} given)"),
        }
    }

    fn iterators_over(&mut self, iterables: &[Value]) -> Result<Gc<Tuple>> {
        let mut iterators = RootVec::new(&mut self.heap);
        for iterable in iterables {
            let iterator = self.iter(*iterable)?;
            iterators.push(iterator);
        }
        Ok(self.new_tuple(&iterators))
    }

    /// The next value of each iterator, given to `finish` together; None when an iterator has ended.
    fn gather(
        &mut self,
        function: &str,
        iterators: Gc<Tuple>,
        strict: bool,
        finish: impl FnOnce(&mut Py, &[Value]) -> Result,
    ) -> Result<Option<Value>> {
        let count = iterators.get(self).len();
        if count > FEW {
            let mut values = RootVec::new(&mut self.heap);
            for index in 0..count {
                match self.gather_one(function, iterators, strict, index)? {
                    Some(value) => values.push(value),
                    None => return Ok(None),
                }
            }
            return finish(self, &values).map(Some);
        }
        let mut values = [Value::NONE; FEW];
        for (index, place) in values[..count].iter_mut().enumerate() {
            match self.gather_one(function, iterators, strict, index)? {
                Some(value) => *place = value,
                None => return Ok(None),
            }
        }
        finish(self, &values[..count]).map(Some)
    }

    #[inline]
    fn gather_one(&mut self, function: &str, iterators: Gc<Tuple>, strict: bool, index: usize) -> Result<Option<Value>> {
        let iterator = iterators.get(self).items()[index];
        let value = self.next(iterator)?;
        if value.is_none() && strict {
            self.check_all_ended(function, iterators, index)?;
        }
        Ok(value)
    }

    #[cold]
    fn check_all_ended(&mut self, function: &str, iterators: Gc<Tuple>, ended: usize) -> Result<()> {
        let before = |count: usize| if count == 1 { " 1".to_string() } else { format!("s 1-{count}") };
        if ended > 0 {
            raise!(self, ValueError, "{function}() argument {} is shorter than argument{}", ended + 1, before(ended));
        }
        for index in 1..iterators.get(self).len() {
            let iterator = iterators.get(self).items()[index];
            if self.next(iterator)?.is_some() {
                raise!(self, ValueError, "{function}() argument {} is longer than argument{}", index + 1, before(index));
            }
        }
        Ok(())
    }
}
