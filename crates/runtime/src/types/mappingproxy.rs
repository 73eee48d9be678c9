//! `mappingproxy`: a read-only view of a mapping, as `cls.__dict__` gives it.
//!
//! Counterpart: `mappingproxy` in `Objects/descrobject.c`.

use crate::object::{Class, ClassFlags, CompareOp, Str, Tuple};
use crate::types::List;
use crate::{BinaryOp, Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Read-only proxy of a mapping.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "mappingproxy", core, flags(MAPPING))]
pub struct MappingProxy {
    pub(crate) header: Header,
    pub(crate) mapping: Value,
}

#[pymethods]
impl MappingProxy {
    #[signature(mapping)]
    fn __new__(cls: Gc<Class>, py: &mut Py, mapping: Value) -> Result {
        let class = py.class_of(mapping);
        let sequence = Gc::<List>::cast(py, mapping).is_some() || Gc::<Tuple>::cast(py, mapping).is_some();
        if class.get(py).slots.getitem.is_none() || sequence || class.get(py).flags.contains(ClassFlags::STR | ClassFlags::BYTES) {
            let given = py.class_name(mapping);
            raise!(py, TypeError, "mappingproxy() argument must be a mapping, not {given}");
        }
        Ok(py.alloc_as(cls, MappingProxy { header: Header::EMPTY, mapping }).into())
    }

    fn __len__(this: Gc<Self>, py: &mut Py) -> Result<usize> {
        let mapping = this.get(py).mapping;
        py.len(mapping)
    }

    fn __getitem__(this: Gc<Self>, py: &mut Py, key: Value) -> Result {
        let mapping = this.get(py).mapping;
        py.get_item(mapping, key)
    }

    fn __contains__(this: Gc<Self>, py: &mut Py, key: Value) -> Result<bool> {
        let mapping = this.get(py).mapping;
        py.contains(mapping, key)
    }

    fn __iter__(this: Gc<Self>, py: &mut Py) -> Result {
        let mapping = this.get(py).mapping;
        py.iter(mapping)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result {
        let mapping = this.get(py).mapping;
        let text = py.repr(mapping)?.get(py).bytes().to_vec();
        let text = [b"mappingproxy(", text.as_slice(), b")"].concat();
        Ok(py.new_str_wtf8(&text).into())
    }

    fn __str__(this: Gc<Self>, py: &mut Py) -> Result<Gc<Str>> {
        let mapping = this.get(py).mapping;
        py.str(mapping)
    }

    fn __hash__(this: Gc<Self>, py: &mut Py) -> Result<i64> {
        let mapping = this.get(py).mapping;
        py.hash(mapping)
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let mapping = this.get(py).mapping;
        py.compare(op, mapping, other)
    }

    fn __or__(py: &mut Py, left: Value, right: Value) -> Result {
        let (left, right) = (unwrapped(py, left), unwrapped(py, right));
        py.binary(BinaryOp::Or, left, right)
    }

    fn __ior__(this: Value, py: &mut Py, _other: Value) -> Result {
        let class = py.class_name(this);
        raise!(py, TypeError, "'|=' is not supported by {class}; use '|' instead")
    }

    /// Return the value for key if key is in the mapping, else default.
    #[signature(self, key, default=None, /)]
    fn get(this: Gc<Self>, py: &mut Py, key: Value, default: Value) -> Result {
        let mapping = this.get(py).mapping;
        py.call_method_named(mapping, "get", &[key, default])
    }

    /// D.keys() -> a set-like object providing a view on D's keys
    fn keys(this: Gc<Self>, py: &mut Py) -> Result {
        let mapping = this.get(py).mapping;
        py.call_method_named(mapping, "keys", &[])
    }

    /// D.values() -> an object providing a view on D's values
    fn values(this: Gc<Self>, py: &mut Py) -> Result {
        let mapping = this.get(py).mapping;
        py.call_method_named(mapping, "values", &[])
    }

    /// D.items() -> a set-like object providing a view on D's items
    fn items(this: Gc<Self>, py: &mut Py) -> Result {
        let mapping = this.get(py).mapping;
        py.call_method_named(mapping, "items", &[])
    }

    /// D.copy() -> a shallow copy of D
    fn copy(this: Gc<Self>, py: &mut Py) -> Result {
        let mapping = this.get(py).mapping;
        py.call_method_named(mapping, "copy", &[])
    }

    /// D.__reversed__() -> reverse iterator
    fn __reversed__(this: Gc<Self>, py: &mut Py) -> Result {
        let mapping = this.get(py).mapping;
        py.call_method_named(mapping, "__reversed__", &[])
    }

    /// mappingproxy objects are generic over two types, signifying (respectively) the types of their keys and values
    #[signature(type, object, /)]
    fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
        py.new_generic_alias(cls.into(), object)
    }
}

/// The mapping behind a proxy; other values as they are.
fn unwrapped(py: &Py, value: Value) -> Value {
    Gc::<MappingProxy>::cast(py, value).map_or(value, |proxy| proxy.get(py).mapping)
}

impl Py {
    /// A read-only view of a mapping.
    pub fn new_mapping_proxy(&mut self, mapping: Value) -> Value {
        self.alloc(MappingProxy { header: Header::EMPTY, mapping }).into()
    }
}
