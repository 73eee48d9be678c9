//! `type`: the class of classes.
//!
//! Counterpart: the `type_*` functions of `Objects/typeobject.c`.

use crate::native::Args;
use crate::object::{Class, Str};
use crate::{Py, Result};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

#[pymethods]
impl Class {
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        py.instantiate(this, args)
    }

    fn __getattribute__(this: Gc<Self>, py: &mut Py, name: Gc<Str>) -> Result {
        py.type_get_attr(this.into(), name)
    }

    fn __setattr__(this: Gc<Self>, py: &mut Py, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        py.type_set_attr(this.into(), name, value)
    }
}
