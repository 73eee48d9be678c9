//! `enumerate`, `reversed` and the iterator of `iter(callable, sentinel)`.
//!
//! Counterparts: `Objects/enumobject.c`, `Objects/iterobject.c`.

use crate::native::Args;
use crate::object::Class;
use crate::{BinaryOp, Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Return an enumerate object.
///
///   iterable
///     an object supporting iteration
///
/// The enumerate object yields pairs containing a count (from start, which
/// defaults to zero) and a value yielded by the iterable argument.
///
/// enumerate is useful for obtaining an indexed list:
///     (0, seq[0]), (1, seq[1]), (2, seq[2]), ...
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "enumerate", core, flags(BASETYPE))]
pub struct Enumerate {
    pub(crate) header: Header,
    pub(crate) iterator: Value,
    /// The next count, an exact int.
    pub(crate) count: Value,
}

#[pymethods]
impl Enumerate {
    #[signature(iterable, start = 0)]
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let given = args.len();
        if given > 2 {
            raise!(py, TypeError, "enumerate() takes at most 2 arguments ({given} given)");
        }
        let (mut iterable, mut start) = (args.get(0), args.get(1));
        for index in 0..args.keyword_count() {
            let (name, value) = args.keyword(py, index);
            let name = name.get(py).lossy();
            match name.as_str() {
                "iterable" if iterable.is_none() => iterable = Some(value),
                "start" if start.is_none() && (iterable.is_some() || given == 2) => start = Some(value),
                _ => raise!(py, TypeError, "'{name}' is an invalid keyword argument for enumerate()"),
            }
        }
        let Some(iterable) = iterable else {
            raise!(py, TypeError, "enumerate() missing required argument 'iterable'");
        };
        let count = match start {
            Some(start) => {
                let start = py.index(start)?;
                py.int_payload(start)
            }
            None => Value::small(0),
        };
        let iterator = py.iter(iterable)?;
        Ok(py.alloc_as(cls, Enumerate { header: Header::EMPTY, iterator, count }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let iterator = this.get(py).iterator;
        let Some(item) = py.next(iterator)? else { return Ok(None) };
        let count = this.get(py).count;
        let next = py.add_one(count)?;
        this.get_mut(py).count = next;
        Ok(Some(py.new_tuple(&[count, item]).into()))
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let class = py.class_of(this.into());
        let (iterator, count) = (this.get(py).iterator, this.get(py).count);
        let args = py.new_tuple(&[iterator, count]);
        Ok(py.new_tuple(&[class.into(), args.into()]).into())
    }

    /// See PEP 585
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }
}

/// Return a reverse iterator over the values of the given sequence.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "reversed", core, flags(BASETYPE))]
pub struct Reversed {
    pub(crate) header: Header,
    pub(crate) sequence: Option<Value>,
    pub(crate) index: isize,
}

#[pymethods]
impl Reversed {
    #[signature(sequence, /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, sequence: Value) -> Result {
        let name = py.names.__reversed__;
        if let Some(method) = py.lookup_special(sequence, name)? {
            if method.is_none() {
                return Err(Reversed::refuse(py, sequence));
            }
            return py.call(method, &[]);
        }
        if !py.is_sequence(sequence) {
            return Err(Reversed::refuse(py, sequence));
        }
        let index = py.len(sequence)? as isize - 1;
        Ok(py.alloc_as(cls, Reversed { header: Header::EMPTY, sequence: Some(sequence), index }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let (Some(sequence), index) = (this.get(py).sequence, this.get(py).index) else { return Ok(None) };
        if index >= 0 {
            let key = py.new_int(index as i64);
            match py.get_item(sequence, key) {
                Ok(item) => {
                    this.get_mut(py).index = index - 1;
                    return Ok(Some(item));
                }
                Err(raised) => {
                    if !py.exception_matches(py.exceptions.IndexError) && !py.exception_matches(py.exceptions.StopIteration) {
                        return Err(raised);
                    }
                    py.clear_exception();
                }
            }
        }
        let this = this.get_mut(py);
        (this.index, this.sequence) = (-1, None);
        Ok(None)
    }

    /// Private method returning an estimate of len(list(it)).
    #[signature(self, /)]
    fn __length_hint__(this: Gc<Self>, py: &mut Py) -> Result<isize> {
        let (Some(sequence), index) = (this.get(py).sequence, this.get(py).index) else { return Ok(0) };
        let len = py.len(sequence)? as isize;
        Ok(if len < index + 1 { 0 } else { index + 1 })
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let class = py.class_of(this.into()).into();
        let (sequence, index) = (this.get(py).sequence, this.get(py).index);
        match sequence {
            Some(sequence) => {
                let (args, index) = (py.new_tuple(&[sequence]), py.new_int(index as i64));
                Ok(py.new_tuple(&[class, args.into(), index]).into())
            }
            None => {
                let empty = py.constants.empty_tuple.into();
                let args = py.new_tuple(&[empty]);
                Ok(py.new_tuple(&[class, args.into()]).into())
            }
        }
    }

    /// Set state information for unpickling.
    #[signature(self, object, /)]
    fn __setstate__(this: Gc<Self>, py: &mut Py, object: isize) -> Result<()> {
        let Some(sequence) = this.get(py).sequence else { return Ok(()) };
        let len = py.len(sequence)? as isize;
        this.get_mut(py).index = object.clamp(-1, len - 1);
        Ok(())
    }
}

impl Reversed {
    #[cold]
    fn refuse(py: &mut Py, value: Value) -> crate::Raised {
        let class = py.class_name(value);
        crate::error!(py, TypeError, "'{class}' object is not reversible")
    }
}

/// Calls a function until it returns the sentinel.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "callable_iterator", core)]
pub struct CallableIterator {
    pub(crate) header: Header,
    pub(crate) callable: Option<Value>,
    pub(crate) sentinel: Value,
}

#[pymethods]
impl CallableIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let (Some(callable), sentinel) = (this.get(py).callable, this.get(py).sentinel) else { return Ok(None) };
        match py.call(callable, &[]) {
            Ok(value) => {
                if this.get(py).callable.is_none() {
                    return Ok(None);
                }
                if !py.eq(sentinel, value)? {
                    return Ok(Some(value));
                }
            }
            Err(raised) => {
                if !py.exception_matches(py.exceptions.StopIteration) {
                    return Err(raised);
                }
                py.clear_exception();
            }
        }
        this.get_mut(py).callable = None;
        Ok(None)
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let iter = py.builtin("iter")?;
        let (callable, sentinel) = (this.get(py).callable, this.get(py).sentinel);
        let args = match callable {
            Some(callable) => py.new_tuple(&[callable, sentinel]),
            None => {
                let empty = py.constants.empty_tuple.into();
                py.new_tuple(&[empty])
            }
        };
        Ok(py.new_tuple(&[iter, args.into()]).into())
    }
}

impl Py {
    /// `iter(callable, sentinel)`.
    pub fn callable_iterator(&mut self, callable: Value, sentinel: Value) -> Gc<CallableIterator> {
        self.alloc(CallableIterator { header: Header::EMPTY, callable: Some(callable), sentinel })
    }

    /// The int after an exact int.
    #[inline]
    pub fn add_one(&mut self, count: Value) -> Result {
        match count.as_int() {
            Some(int) => Ok(self.new_int(int + 1)),
            None => self.binary(BinaryOp::Add, count, Value::small(1)),
        }
    }
}
