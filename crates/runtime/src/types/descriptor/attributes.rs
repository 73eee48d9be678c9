//! The attributes of attribute descriptors.

use super::{GetSetDescriptor, MemberDescriptor};
use crate::object::{Class, Str};
use crate::{Py, Result};
use bredli_heap::Gc;
use bredli_macros::pymethods;

#[pymethods(part = "attributes")]
impl GetSetDescriptor {
    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        let this = this.get(py);
        format!("<attribute '{}' of '{}' objects>", this.def.name, py.type_name(this.class))
    }

    #[getter("__name__")]
    fn name(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        py.intern(this.get(py).def.name)
    }

    #[getter("__qualname__")]
    fn qualname(this: Gc<Self>, py: &mut Py) -> String {
        let this = this.get(py);
        format!("{}.{}", this.class.get(py).qualname.get(py).lossy(), this.def.name)
    }

    #[getter("__objclass__")]
    fn objclass(this: Gc<Self>, py: &mut Py) -> Gc<Class> {
        this.get(py).class
    }

    #[getter("__doc__")]
    fn doc(this: Gc<Self>, py: &mut Py) -> Option<&'static str> {
        Some(this.get(py).def.doc).filter(|doc| !doc.is_empty())
    }
}

#[pymethods(part = "attributes")]
impl MemberDescriptor {
    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        let this = this.get(py);
        format!("<member '{}' of '{}' objects>", this.name.get(py).lossy(), py.type_name(this.class))
    }

    fn __reduce__(this: Gc<Self>, py: &mut Py) -> Result {
        let (class, name) = (this.get(py).class, this.get(py).name);
        py.getattr_reduction(class.into(), name)
    }

    #[getter("__name__")]
    fn name(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        this.get(py).name
    }

    #[getter("__qualname__")]
    fn qualname(this: Gc<Self>, py: &mut Py) -> String {
        let this = this.get(py);
        format!("{}.{}", this.class.get(py).qualname.get(py).lossy(), this.name.get(py).lossy())
    }

    #[getter("__objclass__")]
    fn objclass(this: Gc<Self>, py: &mut Py) -> Gc<Class> {
        this.get(py).class
    }

    #[getter("__doc__")]
    fn doc(_this: Gc<Self>) -> Option<&'static str> {
        None
    }
}
