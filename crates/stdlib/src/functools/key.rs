//! `KeyWrapper`: what `cmp_to_key` returns, and the keys that it makes.

use bredli_runtime::object::CompareOp;
use bredli_runtime::prelude::*;

/// A comparison function, with the object to compare where it wraps one.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "KeyWrapper", module = "functools", flags(DISALLOW_INSTANTIATION))]
pub struct KeyWrapper {
    header: Header,
    function: Value,
    object: Option<Value>,
}

#[pymethods]
impl KeyWrapper {
    #[signature(obj)]
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        let object = match (args.positional(), args.keyword_count()) {
            ([object], 0) => *object,
            ([], 1) if args.find_keyword(py, "obj").is_some() => args.values()[0],
            ([], 0) => raise!(py, TypeError, "K() missing required argument 'obj' (pos 1)"),
            _ => raise!(py, TypeError, "K() takes at most 1 argument ({} given)", args.len()),
        };
        let function = this.get(py).function;
        Ok(py.alloc(KeyWrapper { header: Header::EMPTY, function, object: Some(object) }).into())
    }

    fn __richcompare__(this: Gc<Self>, py: &mut Py, other: Value, op: CompareOp) -> Result {
        let Some(other) = Gc::<Self>::cast(py, other) else { raise!(py, TypeError, "other argument must be K instance") };
        let (function, left, right) = (this.get(py).function, this.get(py).object, other.get(py).object);
        let (Some(left), Some(right)) = (left, right) else { raise!(py, AttributeError, "object") };
        let order = py.call(function, &[left, right])?;
        py.compare(op, order, Value::small(0))
    }

    /// Value wrapped by a key function.
    #[getter]
    fn obj(this: Gc<Self>, py: &mut Py) -> Result {
        match this.get(py).object {
            Some(object) => Ok(object),
            None => raise!(py, AttributeError, "obj"),
        }
    }
}

impl KeyWrapper {
    pub(super) fn of(py: &mut Py, function: Value) -> Gc<KeyWrapper> {
        py.alloc(KeyWrapper { header: Header::EMPTY, function, object: None })
    }
}
