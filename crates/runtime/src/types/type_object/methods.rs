//! The methods of class objects.

use crate::native::Args;
use crate::object::{Class, Tuple};
use crate::types::List;
use crate::{Py, Result};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

#[pymethods(part = "methods")]
impl Class {
    /// Return a type's method resolution order.
    fn mro(this: Gc<Self>, py: &mut Py) -> Result<Gc<List>> {
        let mro = py.c3_mro(this)?;
        py.list_from_iterable(mro.into())
    }

    /// Return a list of immediate subclasses.
    fn __subclasses__(this: Gc<Self>, py: &mut Py) -> Result<Gc<List>> {
        let found = py.subclasses_of(this);
        py.new_list(&found)
    }

    /// Create the namespace for the class statement
    #[classmethod]
    #[raw]
    #[signature(cls, name, bases, /, **kwds)]
    fn __prepare__(_cls: Gc<Class>, py: &mut Py, _args: Args) -> Value {
        py.new_dict().into()
    }

    /// Check if an object is an instance.
    #[signature(self, instance, /)]
    fn __instancecheck__(this: Gc<Self>, py: &mut Py, instance: Value) -> Result<bool> {
        py.is_instance_plain(instance, this.into())
    }

    /// Check if a class is a subclass.
    #[signature(self, subclass, /)]
    fn __subclasscheck__(this: Gc<Self>, py: &mut Py, subclass: Value) -> Result<bool> {
        py.is_subclass_plain(subclass, this.into())
    }

    /// Specialized __dir__ implementation for types.
    fn __dir__(this: Gc<Self>, py: &mut Py) -> Result<Gc<List>> {
        let names = py.new_dict();
        py.merge_class_names(names, this.into())?;
        py.dict_key_list(names)
    }

    /// Return memory consumption of the type object.
    fn __sizeof__(this: Gc<Self>, py: &mut Py) -> usize {
        let class = this.get(py);
        std::mem::size_of::<Class>() + 8 * class.mro.get(py).len() + 8 * Tuple::ITEMS
    }

    fn __or__(py: &mut Py, left: Value, right: Value) -> Result {
        py.union_or(left, right)
    }
}
