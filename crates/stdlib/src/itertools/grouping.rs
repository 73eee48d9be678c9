//! `groupby` and `batched`.

use bredli_runtime::prelude::*;

/// Batch data into tuples of length n. The last batch may be shorter than n.
///
/// Loops over the input iterable and accumulates data into tuples
/// up to size n.  The input is consumed lazily, just enough to
/// fill a batch.  The result is yielded as soon as a batch is full
/// or when the input iterable is exhausted.
///
///     >>> for batch in batched('ABCDEFG', 3):
///     ...     print(batch)
///     ...
///     ('A', 'B', 'C')
///     ('D', 'E', 'F')
///     ('G',)
///
/// If "strict" is True, raises a ValueError if the final batch is shorter
/// than n.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "batched", module = "itertools", flags(BASETYPE))]
pub struct Batched {
    header: Header,
    iterator: Option<Value>,
    size: usize,
    strict: bool,
}

#[pymethods]
impl Batched {
    #[signature(iterable, n, *, strict=False)]
    fn __new__(cls: Gc<Class>, py: &mut Py, iterable: Value, n: isize, strict: bool) -> Result {
        if n < 1 {
            raise!(py, ValueError, "n must be at least one");
        }
        let iterator = Some(py.iter(iterable)?);
        Ok(py.alloc_as(cls, Batched { header: Header::EMPTY, iterator, size: n as usize, strict }).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let Batched { iterator: Some(iterator), size, strict, .. } = *this.get(py) else { return Ok(None) };
        let mut values = RootVec::new(&mut py.heap);
        while values.len() < size {
            match py.next(iterator)? {
                Some(value) => values.push(value),
                None => {
                    this.get_mut(py).iterator = None;
                    if values.is_empty() {
                        return Ok(None);
                    }
                    if strict {
                        raise!(py, ValueError, "batched(): incomplete batch");
                    }
                    break;
                }
            }
        }
        Ok(Some(py.new_tuple(&values).into()))
    }
}

/// make an iterator that returns consecutive keys and groups from the iterable
///
///   iterable
///     Elements to divide into groups according to the key function.
///   key
///     A function for computing the group category for each element.
///     If the key function is not specified or is None, the element itself
///     is used for grouping.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "groupby", module = "itertools", flags(BASETYPE))]
pub struct GroupBy {
    header: Header,
    iterator: Value,
    key: Option<Value>,
    target_key: Option<Value>,
    current_key: Option<Value>,
    current_value: Option<Value>,
    current_group: Option<Value>,
}

#[pymethods]
impl GroupBy {
    #[signature(iterable, key=None)]
    fn __new__(cls: Gc<Class>, py: &mut Py, iterable: Value, key: Option<Value>) -> Result {
        let iterator = py.iter(iterable)?;
        let payload =
            GroupBy { header: Header::EMPTY, iterator, key, target_key: None, current_key: None, current_value: None, current_group: None };
        Ok(py.alloc_as(cls, payload).into())
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        this.get_mut(py).current_group = None;
        loop {
            match (this.get(py).current_key, this.get(py).target_key) {
                (None, _) => {}
                (Some(_), None) => break,
                (Some(current), Some(target)) => {
                    if !py.eq(target, current)? {
                        break;
                    }
                }
            }
            if !GroupBy::step(this, py)? {
                return Ok(None);
            }
        }
        let key = this.get(py).current_key.expect("set by a step");
        this.get_mut(py).target_key = Some(key);
        let group = py.alloc(Grouper { header: Header::EMPTY, parent: this, key });
        this.get_mut(py).current_group = Some(group.into());
        Ok(Some(py.new_tuple(&[key, group.into()]).into()))
    }
}

impl GroupBy {
    /// Take the next value and compute its key. False: there is none.
    fn step(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        let (iterator, function) = (this.get(py).iterator, this.get(py).key);
        let Some(value) = py.next(iterator)? else { return Ok(false) };
        let key = match function {
            Some(function) => py.call(function, &[value])?,
            None => value,
        };
        let this = this.get_mut(py);
        (this.current_value, this.current_key) = (Some(value), Some(key));
        Ok(true)
    }
}

/// The values of one group.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_grouper", module = "itertools")]
pub struct Grouper {
    header: Header,
    parent: Gc<GroupBy>,
    key: Value,
}

#[pymethods]
impl Grouper {
    #[signature(parent, tgtkey, /)]
    #[no_text_signature]
    fn __new__(cls: Gc<Class>, py: &mut Py, parent: Gc<GroupBy>, tgtkey: Value) -> Value {
        let group: Value = py.alloc_as(cls, Grouper { header: Header::EMPTY, parent, key: tgtkey }).into();
        parent.get_mut(py).current_group = Some(group);
        group
    }

    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Result<Option<Value>> {
        let (parent, key) = (this.get(py).parent, this.get(py).key);
        if parent.get(py).current_group != Some(this.into()) {
            return Ok(None);
        }
        if parent.get(py).current_value.is_none() && !GroupBy::step(parent, py)? {
            return Ok(None);
        }
        let current = parent.get(py).current_key.expect("set by a step");
        if !py.eq(key, current)? {
            return Ok(None);
        }
        Ok(parent.get_mut(py).current_value.take())
    }
}
