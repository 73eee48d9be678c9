//! `_tuplegetter`: the descriptor that named tuples use for their fields.

use crate::object::{Class, Tuple};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Reads one item of a tuple.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_tuplegetter", module = "collections", core)]
pub struct TupleGetter {
    header: Header,
    pub(crate) index: isize,
    doc: Value,
}

impl TupleGetter {
    /// The descriptor of the item at an index, without a docstring.
    pub fn new(index: usize) -> TupleGetter {
        TupleGetter { header: Header::EMPTY, index: index as isize, doc: Value::NONE }
    }
}

#[pymethods]
impl TupleGetter {
    #[signature(index, doc, /)]
    #[no_text_signature]
    fn __new__(cls: Gc<Class>, py: &mut Py, index: isize, doc: Value) -> Gc<TupleGetter> {
        py.alloc_as(cls, TupleGetter { header: Header::EMPTY, index, doc })
    }

    fn __get__(this: Gc<Self>, py: &mut Py, object: Option<Value>, class: Option<Value>) -> Result {
        let _ = class;
        let index = this.get(py).index;
        let Some(object) = object.filter(|object| !object.is_none()) else { return Ok(this.into()) };
        let Some(tuple) = Gc::<Tuple>::cast(py, object) else {
            let given = py.class_name(object);
            raise!(py, TypeError, "descriptor for index '{index}' for tuple subclasses doesn't apply to '{given}' object");
        };
        match tuple.get(py).items().get(index as usize) {
            Some(item) => Ok(*item),
            None => raise!(py, IndexError, "tuple index out of range"),
        }
    }

    fn __set__(this: Gc<Self>, py: &mut Py, object: Value, value: Option<Value>) -> Result<()> {
        let _ = (this, object);
        match value {
            Some(_) => raise!(py, AttributeError, "can't set attribute"),
            None => raise!(py, AttributeError, "can't delete attribute"),
        }
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let (index, doc) = (this.get(py).index, this.get(py).doc);
        Ok(format!("_tuplegetter({index}, {})", py.repr_text(doc)?))
    }

    #[signature(self, /)]
    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Value {
        let (index, doc) = (this.get(py).index, this.get(py).doc);
        let index = py.new_int(index as i64);
        let (class, args) = (py.class_of(this.into()), py.new_tuple(&[index, doc]));
        py.new_tuple(&[class.into(), args.into()]).into()
    }

    #[getter("__doc__")]
    fn doc(this: Gc<Self>, py: &Py) -> Value {
        this.get(py).doc
    }

    #[setter("__doc__")]
    fn set_doc(this: Gc<Self>, py: &mut Py, value: Option<Value>) {
        this.get_mut(py).doc = value.unwrap_or(Value::NONE);
    }
}
