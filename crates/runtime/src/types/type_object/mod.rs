//! `type`: the class of classes.
//!
//! Making classes is in `construct`, attributes in `attributes`, assignment to `__bases__` in `bases`. Counterpart: the `type_*`
//! functions of `Objects/typeobject.c`.

mod attributes;
mod bases;
mod construct;
mod methods;

use crate::native::Args;
use crate::object::{Class, ClassFlags, Str, Tuple};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

#[pymethods]
impl Class {
    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        if this == py.types.r#type {
            match (args.positional().len(), args.has_keywords()) {
                (1, false) => return Ok(py.class_of(args.positional()[0]).into()),
                (3, _) => {}
                _ => raise!(py, TypeError, "type() takes 1 or 3 arguments"),
            }
        }
        py.instantiate(this, args)
    }

    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result {
        let &[name, bases, namespace] = args.positional() else {
            let count = args.positional().len();
            raise!(py, TypeError, "type.__new__() takes exactly 3 arguments ({count} given)");
        };
        let Some(name) = Gc::<Str>::cast(py, name) else {
            let given = py.class_name(name);
            raise!(py, TypeError, "type.__new__() argument 1 must be str, not {given}");
        };
        let Some(bases) = Gc::<Tuple>::cast(py, bases) else {
            let given = py.class_name(bases);
            raise!(py, TypeError, "type.__new__() argument 2 must be tuple, not {given}");
        };
        let Some(namespace) = Gc::cast(py, namespace) else {
            let given = py.class_name(namespace);
            raise!(py, TypeError, "type.__new__() argument 3 must be dict, not {given}");
        };
        construct::new_class(py, cls, (name, bases, namespace), args)
    }

    fn __init__(_this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
        let count = args.positional().len();
        if args.has_keywords() && count == 1 {
            raise!(py, TypeError, "type.__init__() takes no keyword arguments");
        }
        if count != 1 && count != 3 {
            raise!(py, TypeError, "type.__init__() takes 1 or 3 arguments");
        }
        Ok(())
    }

    fn __getattribute__(this: Gc<Self>, py: &mut Py, name: Gc<Str>) -> Result {
        py.type_get_attr(this.into(), name)
    }

    fn __setattr__(this: Gc<Self>, py: &mut Py, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        py.type_set_attr(this.into(), name, value)
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> Result<String> {
        let name = py.class_full_name(this);
        Ok(format!("<class '{name}'>"))
    }
}

impl Py {
    /// `module.qualname` of a class, without `builtins`.
    pub fn class_full_name(&mut self, class: Gc<Class>) -> String {
        let name = self.names.__module__;
        let own = || self.dict_get_str(class.get(self).namespace?, name).and_then(|module| Gc::<Str>::cast(self, module));
        let module = match class.get(self).def {
            Some(def) => Some(def.module.to_string()),
            None => own().map(|module| module.get(self).lossy()),
        };
        let qualname = class.get(self).qualname.get(self).lossy();
        match module {
            Some(module) if module != "builtins" => format!("{module}.{qualname}"),
            _ => qualname,
        }
    }

    /// Whether assignment to a special attribute of a class is possible; deletion never is.
    fn check_class_change(&mut self, class: Gc<Class>, name: &str, value: Option<Value>) -> Result {
        let immutable = class.get(self).flags.contains(ClassFlags::IMMUTABLE);
        let owner = if immutable { self.class_full_name(class) } else { class.get(self).name.get(self).lossy() };
        if immutable {
            raise!(self, TypeError, "cannot set '{name}' attribute of immutable type '{owner}'");
        }
        match value {
            Some(value) => {
                let name = self.intern(name).into();
                self.audit("object.__setattr__", &[class.into(), name, value])?;
                Ok(value)
            }
            None => raise!(self, TypeError, "cannot delete '{name}' attribute of immutable type '{owner}'"),
        }
    }
}
