//! `dict_keys`, `dict_values`, `dict_items`.

use super::DictIterator;
use crate::object::{CompareOp, Dict, Tuple};
use crate::types::{Set, shapes};
use crate::{Py, Result};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// The keys of a dictionary.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "dict_keys", core, parts(operators))]
pub struct DictKeys {
    pub(crate) header: Header,
    pub(crate) dict: Gc<Dict>,
}

/// The values of a dictionary.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "dict_values", core)]
pub struct DictValues {
    pub(crate) header: Header,
    pub(crate) dict: Gc<Dict>,
}

/// The items of a dictionary.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "dict_items", core, parts(operators))]
pub struct DictItems {
    pub(crate) header: Header,
    pub(crate) dict: Gc<Dict>,
}

macro_rules! view {
    ($class:ident, $iterator:ident, $reversed:ident, { $($more:tt)* }) => {
        impl $class {
            /// The payload of a view of a dictionary.
            pub fn of(dict: Gc<Dict>) -> Self {
                $class { header: Header::EMPTY, dict }
            }

            /// The dictionary.
            pub fn dict(&self) -> Gc<Dict> {
                self.dict
            }
        }

        #[pymethods]
        impl $class {
            fn __repr__(this: Gc<Self>, py: &mut Py) -> Result {
                py.repr_of_container(this.into(), "...", |py, text| {
                    let name = py.class_name(this.into());
                    let list = py.list_from_iterable(this.into())?;
                    text.extend_from_slice(name.as_bytes());
                    text.push(b'(');
                    py.repr_into(text, list.into())?;
                    text.push(b')');
                    Ok(())
                })
            }

            fn __len__(this: Gc<Self>, py: &mut Py) -> usize {
                this.get(py).dict.get(py).len()
            }

            fn __iter__(this: Gc<Self>, py: &mut Py) -> Gc<DictIterator> {
                let dict = this.get(py).dict;
                py.dict_iterator(shapes::$iterator, dict)
            }

            /// Return a reverse iterator over the dict view.
            #[signature(self, /)]
            fn __reversed__(this: Gc<Self>, py: &mut Py) -> Gc<DictIterator> {
                let dict = this.get(py).dict;
                py.dict_iterator(shapes::$reversed, dict)
            }

            /// dictionary that this view refers to
            #[getter]
            fn mapping(this: Gc<Self>, py: &mut Py) -> Value {
                let dict = this.get(py).dict;
                py.new_mapping_proxy(dict.into())
            }

            $($more)*
        }
    };
}

view!(DictKeys, DICT_KEYITERATOR, DICT_REVERSEKEYITERATOR, {
    fn __contains__(this: Gc<Self>, py: &mut Py, key: Value) -> Result<bool> {
        let dict = this.get(py).dict;
        Ok(py.dict_get(dict, key)?.is_some())
    }
});

view!(DictValues, DICT_VALUEITERATOR, DICT_REVERSEVALUEITERATOR, {});

view!(DictItems, DICT_ITEMITERATOR, DICT_REVERSEITEMITERATOR, {
    fn __contains__(this: Gc<Self>, py: &mut Py, item: Value) -> Result<bool> {
        let dict = this.get(py).dict;
        let pair = match Gc::<Tuple>::cast(py, item).map(|pair| pair.get(py).items()) {
            Some([key, value]) => (*key, *value),
            _ => return Ok(false),
        };
        match py.dict_get(dict, pair.0)? {
            Some(value) => py.eq(value, pair.1),
            None => Ok(false),
        }
    }
});

macro_rules! operators {
    ($class:ident) => {
        #[pymethods(part = "operators")]
        impl $class {
            fn __richcompare__(this: Value, py: &mut Py, other: Value, op: CompareOp) -> Result {
                py.compare_views(this, other, op)
            }

            fn __and__(py: &mut Py, left: Value, right: Value) -> Result {
                py.intersect_views(left, right)
            }

            fn __or__(py: &mut Py, left: Value, right: Value) -> Result {
                let result = py.set_from_iterable(shapes::SET, left)?;
                py.set_update(result, right)?;
                Ok(result.into())
            }

            fn __sub__(py: &mut Py, left: Value, right: Value) -> Result {
                let result = py.set_from_iterable(shapes::SET, left)?;
                py.set_subtract(result, right)?;
                Ok(result.into())
            }

            fn __xor__(py: &mut Py, left: Value, right: Value) -> Result {
                let result = py.set_from_iterable(shapes::SET, left)?;
                py.set_toggle(result, right)?;
                Ok(result.into())
            }

            /// Return True if the view and the given iterable have a null intersection.
            #[signature(self, other, /)]
            fn isdisjoint(this: Value, py: &mut Py, other: Value) -> Result<bool> {
                if this == other {
                    return Ok(py.len(this)? == 0);
                }
                let (mut view, mut other) = (this, other);
                if py.is_set_like(other) && py.len(other)? > py.len(view)? {
                    (view, other) = (other, view);
                }
                let iterator = py.iter(other)?;
                while let Some(item) = py.next(iterator)? {
                    if py.contains(view, item)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    };
}

operators!(DictKeys);
operators!(DictItems);

impl Py {
    fn is_view(&self, value: Value) -> bool {
        Gc::<DictKeys>::cast(self, value).is_some() || Gc::<DictItems>::cast(self, value).is_some()
    }

    fn is_set_like(&self, value: Value) -> bool {
        Gc::<Set>::cast(self, value).is_some() || self.is_view(value)
    }

    fn intersect_views(&mut self, left: Value, right: Value) -> Result {
        let (mut view, mut other) = if self.is_view(left) { (left, right) } else { (right, left) };
        if crate::object::is_exact(other, shapes::SET) && self.len(view)? <= self.len(other)? {
            let other = Gc::<Set>::known(self, other);
            return Ok(self.set_intersection(other, view)?.into());
        }
        if self.is_view(other) && self.len(other)? > self.len(view)? {
            (view, other) = (other, view);
        }
        let result = self.new_set();
        let iterator = self.iter(other)?;
        while let Some(item) = self.next(iterator)? {
            if self.contains(view, item)? {
                self.set_add(result, item)?;
            }
        }
        Ok(result.into())
    }

    fn compare_views(&mut self, view: Value, other: Value, op: CompareOp) -> Result {
        if !self.is_set_like(other) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let (l, r) = (self.len(view)?, self.len(other)?);
        let holds = match op {
            CompareOp::Eq | CompareOp::Ne => {
                let equal = l == r && self.all_contained(view, other)?;
                equal == (op == CompareOp::Eq)
            }
            CompareOp::Lt => l < r && self.all_contained(view, other)?,
            CompareOp::Le => l <= r && self.all_contained(view, other)?,
            CompareOp::Gt => l > r && self.all_contained(other, view)?,
            CompareOp::Ge => l >= r && self.all_contained(other, view)?,
        };
        Ok(Value::bool(holds))
    }

    fn all_contained(&mut self, items: Value, container: Value) -> Result<bool> {
        let iterator = self.iter(items)?;
        while let Some(item) = self.next(iterator)? {
            if !self.contains(container, item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
