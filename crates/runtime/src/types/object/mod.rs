//! `object`: what every class inherits.
//!
//! Counterpart: the `object_*` functions of `Objects/typeobject.c`.

mod methods;
mod reduce;

use crate::native::Args;
use crate::object::{Class, CompareOp, Instance, Str, object_getattribute, object_setattr};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::pymethods;

#[pymethods]
impl Instance {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        py.check_excess_arguments(cls, args)?;
        py.check_not_abstract(cls)?;
        Ok(py.alloc_as(cls, Instance { header: Header::EMPTY }).into())
    }

    #[signature()]
    fn __init__(this: Value, py: &mut Py, args: Args) -> Result<()> {
        if args.is_empty() {
            return Ok(());
        }
        let class = py.class_of(this);
        let slots = &class.get(py).slots;
        let base = &py.types.object.get(py).slots;
        let own_init = slots.init.map(|f| f as usize) != base.init.map(|f| f as usize);
        let own_new = slots.new.map(|f| f as usize) != base.new.map(|f| f as usize);
        if own_init {
            raise!(py, TypeError, "object.__init__() takes exactly one argument (the instance to initialize)");
        }
        if !own_new {
            let name = class.get(py).name.get(py).lossy();
            raise!(py, TypeError, "{name}.__init__() takes exactly one argument (the instance to initialize)");
        }
        Ok(())
    }

    fn __repr__(this: Value, py: &mut Py) -> Result {
        py.default_repr(this)
    }

    fn __str__(this: Value, py: &mut Py) -> Result {
        Ok(py.repr(this)?.into())
    }

    fn __hash__(this: Value, _py: &mut Py) -> Result<i64> {
        Ok(identity_hash(this))
    }

    fn __richcompare__(this: Value, py: &mut Py, other: Value, op: CompareOp) -> Result {
        match op {
            CompareOp::Eq if this == other => Ok(Value::TRUE),
            CompareOp::Ne => {
                let compare = py.class_of(this).get(py).slots.richcompare;
                let Some(compare) = compare else { return Ok(Value::NOT_IMPLEMENTED) };
                let equal = compare(py, this, other, CompareOp::Eq)?;
                if equal == Value::NOT_IMPLEMENTED {
                    return Ok(equal);
                }
                Ok(Value::bool(!py.truth(equal)?))
            }
            _ => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    fn __getattribute__(this: Value, py: &mut Py, name: Gc<Str>) -> Result {
        object_getattribute(py, this, name)
    }

    fn __setattr__(this: Value, py: &mut Py, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        object_setattr(py, this, name, value)
    }
}

/// The hash of an object by identity.
pub fn identity_hash(value: Value) -> i64 {
    let hash = (value.bits() as i64).rotate_right(4);
    if hash == -1 { -2 } else { hash }
}

impl Py {
    /// `object.__new__` takes no arguments unless `__init__` is overridden (and `__new__` is not).
    fn check_excess_arguments(&mut self, class: Gc<Class>, args: Args) -> Result<()> {
        if args.is_empty() {
            return Ok(());
        }
        let (own, base) = (class.get(self).slots, self.types.object.get(self).slots);
        if own.new.map(|f| f as usize) != base.new.map(|f| f as usize) {
            raise!(self, TypeError, "object.__new__() takes exactly one argument (the type to instantiate)");
        }
        if own.init.map(|f| f as usize) == base.init.map(|f| f as usize) {
            let name = class.get(self).name.get(self).lossy();
            raise!(self, TypeError, "{name}() takes no arguments");
        }
        Ok(())
    }

    /// Classes with abstract methods cannot be instantiated.
    fn check_not_abstract(&mut self, class: Gc<Class>) -> Result<()> {
        if !class.get(self).flags.contains(crate::object::ClassFlags::ABSTRACT) {
            return Ok(());
        }
        let name = self.names.__abstractmethods__;
        let methods = self.get_attr(class.into(), name)?;
        let sorted = self.list_from_iterable(methods)?;
        self.call_method_named(sorted.into(), "sort", &[])?;
        let count = sorted.get(self).len();
        let mut names = Vec::new();
        for index in 0..count {
            let item = sorted.get(self).items()[index];
            names.push(format!("'{}'", self.str_text(item)?));
        }
        let (class, plural) = (class.get(self).name.get(self).lossy(), if count == 1 { "" } else { "s" });
        let names = names.join(", ");
        raise!(self, TypeError, "Can't instantiate abstract class {class} without an implementation for abstract method{plural} {names}")
    }
}
