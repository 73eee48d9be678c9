//! `tuple` and `tuple_iterator`.
//!
//! Counterpart: `Objects/tupleobject.c`.

use super::sequence::Subscript;
use crate::native::StrictSliceIndex;
use crate::object::{Class, CompareOp, Tuple};
use crate::types::shapes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};
use bredli_num::TupleHash;

#[pymethods]
impl Tuple {
    #[signature(iterable=(), /)]
    fn __new__(cls: Gc<Class>, py: &mut Py, iterable: Value) -> Result {
        if cls == py.types.tuple {
            return Ok(py.tuple_from_iterable(iterable)?.into());
        }
        let values = py.collect_iterable(iterable)?;
        Ok(py.tuple_instance(cls, &values)?.into())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result {
        if this.get(py).is_empty() {
            return Ok(py.new_str("()").into());
        }
        py.repr_of_container(this.into(), "(...)", |py, text| {
            text.push(b'(');
            py.repr_items(text, |py, index| this.get(py).items().get(index).copied())?;
            text.extend_from_slice(if this.get(py).len() == 1 { b",)" } else { b")" });
            Ok(())
        })
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        if let Some(hash) = this.get(py).known_hash() {
            return Ok(hash);
        }
        py.enter_native(" while hashing a tuple")?;
        let mut hash = TupleHash::new();
        for index in 0..this.get(py).len() {
            let item = this.get(py).items()[index];
            hash.push(match crate::object::is_exact(item, shapes::TUPLE) {
                true => Self::__hash__(Gc::known(py, item), py)?,
                false => py.hash(item)?,
            });
        }
        let hash = hash.finish();
        this.get(py).set_hash(hash);
        Ok(hash)
    }

    fn __len__(this: Gc<Self>, py: &mut Py) -> usize {
        this.get(py).len()
    }

    fn __contains__(this: Gc<Self>, py: &mut Py, item: Value) -> Result<bool> {
        Ok(Tuple::find(this, py, item, 0, usize::MAX)?.is_some())
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Gc<TupleIterator> {
        py.alloc(TupleIterator { header: Header::EMPTY, tuple: Some(this), index: 0 })
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        match py.subscript("tuple", key)? {
            Subscript::Index(index) => {
                let items = this.get(py).items();
                let index = if index < 0 { index.wrapping_add(items.len() as isize) } else { index };
                match items.get(index as usize) {
                    Some(item) => Ok(*item),
                    None => raise!(py, IndexError, "tuple index out of range"),
                }
            }
            Subscript::Slice(slice) => {
                let len = this.get(py).len();
                let bounds = py.slice_bounds(slice, |_| len)?;
                if bounds.count == len && bounds.step == 1 && Tuple::is_exact(this) {
                    return Ok(this.into());
                }
                if bounds.step == 1 {
                    let nothing = py.constants.empty_tuple;
                    return Ok(py.tuple_of_parts(this, bounds.start..bounds.start + bounds.count, nothing).into());
                }
                let mut items = py.list_storage(bounds.count)?;
                let source = this.get(py).items();
                (0..bounds.count).for_each(|number| items.push_within_capacity(source[bounds.index(number)]));
                Ok(py.new_tuple(&items).into())
            }
        }
    }

    fn __add__(this: Gc<Self>, py: &mut Py, other: Value) -> Result {
        let Some(other) = Gc::<Tuple>::cast(py, other) else {
            let class = py.class_name(other);
            raise!(py, TypeError, "can only concatenate tuple (not \"{class}\") to tuple");
        };
        let (left, right) = (this.get(py).len(), other.get(py).len());
        if left == 0 && Tuple::is_exact(other) {
            return Ok(other.into());
        }
        if right == 0 && Tuple::is_exact(this) {
            return Ok(this.into());
        }
        Ok(py.tuple_of_parts(this, 0..left, other).into())
    }

    fn __mul__(this: Gc<Self>, py: &mut Py, count: isize) -> Result {
        let (len, count) = (this.get(py).len(), count.max(0) as usize);
        if Tuple::is_exact(this) && (len == 0 || count == 1) {
            return Ok(this.into());
        }
        let Some(total) = len.checked_mul(count) else { return Err(py.no_memory()) };
        let mut items = py.list_storage(total)?;
        if len > 0 {
            (0..count).for_each(|_| items.extend_within_capacity(this.get(py).items()));
        }
        Ok(py.new_tuple(&items).into())
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Tuple>::cast(py, other) else { return Ok(Value::NOT_IMPLEMENTED) };
        py.compare_items(op, |py, i| this.get(py).items().get(i).copied(), |py, i| other.get(py).items().get(i).copied())
    }

    /// Return number of occurrences of value.
    #[signature(self, value, /)]
    fn count(this: Gc<Self>, py: &mut Py, value: Value) -> Result<usize> {
        let mut count = 0;
        for index in 0..this.get(py).len() {
            let item = this.get(py).items()[index];
            count += py.eq(item, value)? as usize;
        }
        Ok(count)
    }

    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[signature(self, value, start=0, stop=sys.maxsize, /)]
    fn index(this: Gc<Self>, py: &mut Py, value: Value, start: StrictSliceIndex, stop: StrictSliceIndex) -> Result<usize> {
        let len = this.get(py).len();
        let (start, stop) = (Py::clamp_position(start.0, len), Py::clamp_position(stop.0, len));
        match Tuple::find(this, py, value, start, stop)? {
            Some(index) => Ok(index),
            None => raise!(py, ValueError, "tuple.index(x): x not in tuple"),
        }
    }

    #[signature(self, /)]
    fn __getnewargs__(this: Gc<Self>, py: &mut Py) -> Result {
        let copy = match Tuple::is_exact(this) {
            true => this,
            false => {
                let mut items = py.list_storage(this.get(py).len())?;
                items.extend_within_capacity(this.get(py).items());
                py.new_tuple(&items)
            }
        };
        Ok(py.new_tuple(&[copy.into()]).into())
    }

    /// See PEP 585
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }
}

impl Tuple {
    fn is_exact(this: Gc<Self>) -> bool {
        this.header().shape() == shapes::TUPLE
    }

    fn find(this: Gc<Self>, py: &mut Py, item: Value, start: usize, stop: usize) -> Result<Option<usize>> {
        for index in start..stop.min(this.get(py).len()) {
            let candidate = this.get(py).items()[index];
            if py.eq(candidate, item)? {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }
}

impl Py {
    /// A tuple of a class derived from `tuple`.
    pub fn tuple_instance(&mut self, class: Gc<Class>, items: &[Value]) -> Result<Gc<Tuple>> {
        let (shape, words) = {
            let class = class.get(self);
            (class.root_shape, class.trailing_words())
        };
        match self.alloc_tuple(shape, words, items) {
            Ok(tuple) => {
                self.note_finalizer(class, tuple.into());
                Ok(tuple)
            }
            Err(_) => Err(self.no_memory()),
        }
    }
}

/// Goes forward through a tuple.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "tuple_iterator", core)]
pub struct TupleIterator {
    pub(crate) header: Header,
    /// Empty once the end was reached.
    pub(crate) tuple: Option<Gc<Tuple>>,
    pub(crate) index: usize,
}

#[pymethods]
impl TupleIterator {
    fn __iter__(this: Gc<Self>) -> Value {
        this.into()
    }

    fn __next__(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        let (tuple, index) = (this.get(py).tuple?, this.get(py).index);
        let item = tuple.get(py).items().get(index).copied();
        let this = this.get_mut(py);
        match item {
            Some(_) => this.index = index + 1,
            None => this.tuple = None,
        }
        item
    }

    /// Private method returning an estimate of len(list(it)).
    #[signature(self, /)]
    fn __length_hint__(this: Gc<Self>, py: &Py) -> usize {
        let this = this.get(py);
        this.tuple.map_or(0, |tuple| tuple.get(py).len() - this.index)
    }

    /// Return state information for pickling.
    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let (tuple, index) = (this.get(py).tuple, this.get(py).index);
        match tuple {
            Some(tuple) => py.reduce_iterator("iter", Some((tuple.into(), index as i64))),
            None => {
                let (iter, empty) = (py.builtin("iter")?, py.constants.empty_tuple.into());
                let args = py.new_tuple(&[empty]);
                Ok(py.new_tuple(&[iter, args.into()]).into())
            }
        }
    }

    /// Set state information for unpickling.
    #[signature(self, object, /)]
    fn __setstate__(this: Gc<Self>, py: &mut Py, object: isize) {
        let Some(tuple) = this.get(py).tuple else { return };
        let len = tuple.get(py).len();
        this.get_mut(py).index = object.clamp(0, len as isize) as usize;
    }
}
