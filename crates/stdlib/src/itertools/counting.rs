//! `count`, `cycle`, `repeat`: iterators without an end of their own.

use super::push;
use bredli_runtime::prelude::*;

/// Return a count object whose .__next__() method returns consecutive values.
///
/// Equivalent to:
///     def count(firstval=0, step=1):
///         x = firstval
///         while 1:
///             yield x
///             x += step
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "count", module = "itertools", flags(BASETYPE))]
pub struct Count {
    header: Header,
    current: Value,
    step: Value,
}

#[pymethods]
impl Count {
    #[signature(start = 0, step = 1)]
    fn __new__(cls: Gc<Class>, py: &mut Py, start: Value, step: Value) -> Result {
        if !py.is_number(start) || !py.is_number(step) {
            raise!(py, TypeError, "a number is required");
        }
        Ok(py.alloc_as(cls, Count { header: Header::EMPTY, current: start, step }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let (current, step) = (this.get(py).current, this.get(py).step);
        let next = match (current.as_int(), step.as_int()) {
            (Some(current), Some(step)) => py.new_int(current + step),
            _ => py.binary(BinaryOp::Add, current, step)?,
        };
        this.get_mut(py).current = next;
        Ok(Some(current))
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let (current, step) = (this.get(py).current, this.get(py).step);
        let (name, current_text) = (py.class_name(this.into()), py.repr_text(current)?);
        if step == Value::small(1) {
            return Ok(format!("{name}({current_text})"));
        }
        Ok(format!("{name}({current_text}, {})", py.repr_text(step)?))
    }
}

/// Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "cycle", module = "itertools", flags(BASETYPE))]
pub struct Cycle {
    header: Header,
    iterator: Option<Value>,
    saved: HeapVec<Value>,
    index: usize,
}

#[pymethods]
impl Cycle {
    #[signature(iterable, /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, iterable: Value) -> Result {
        let iterator = Some(py.iter(iterable)?);
        Ok(py.alloc_as(cls, Cycle { header: Header::EMPTY, iterator, saved: HeapVec::EMPTY, index: 0 }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        if let Some(iterator) = this.get(py).iterator {
            if let Some(value) = py.next(iterator)? {
                push(py, this, |this| &mut this.saved, value)?;
                return Ok(Some(value));
            }
            this.get_mut(py).iterator = None;
        }
        let this = this.get_mut(py);
        let Some(value) = this.saved.get(this.index).copied() else { return Ok(None) };
        this.index = if this.index + 1 == this.saved.len() { 0 } else { this.index + 1 };
        Ok(Some(value))
    }
}

/// repeat(object [,times]) -> create an iterator which returns the object
/// for the specified number of times.  If not specified, returns the object
/// endlessly.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "repeat", module = "itertools", flags(BASETYPE))]
pub struct Repeat {
    header: Header,
    object: Value,
    left: Option<usize>,
}

#[pymethods]
impl Repeat {
    #[signature(object, times=<unrepresentable>)]
    #[no_text_signature]
    fn __new__(cls: Gc<Class>, py: &mut Py, object: Value, times: Option<isize>) -> Gc<Repeat> {
        let left = times.map(|times| times.max(0) as usize);
        py.alloc_as(cls, Repeat { header: Header::EMPTY, object, left })
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let this = this.get_mut(py);
        if let Some(left) = &mut this.left {
            *left = left.checked_sub(1)?;
        }
        Some(this.object)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let (object, left) = (this.get(py).object, this.get(py).left);
        let (name, object) = (py.class_name(this.into()), py.repr_text(object)?);
        Ok(match left {
            Some(left) => format!("{name}({object}, {left})"),
            None => format!("{name}({object})"),
        })
    }

    /// Private method returning an estimate of len(list(it)).
    #[signature(self, /)]
    fn __length_hint__(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        match this.get(py).left {
            Some(left) => Ok(left),
            None => raise!(py, TypeError, "len() of unsized object"),
        }
    }
}
