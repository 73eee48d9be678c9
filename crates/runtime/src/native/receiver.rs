//! Checking the receivers of methods, slots and attributes, and the errors about them.

use super::{Args, ClassDef, Owner, Params};
use crate::object::Class;
use crate::{Py, Raised, Result};
use bredli_heap::{Gc, Object, Value};

/// The receiver of a method, checked, and the other arguments.
#[inline(always)]
pub fn receiver<'a, T: Object>(py: &mut Py, params: &'static Params, args: Args<'a>) -> Result<(Gc<T>, Args<'a>)> {
    match args.get(0).and_then(|first| Gc::<T>::cast(py, first)) {
        Some(this) => Ok((this, args.rest())),
        None => Err(wrong_first(py, params, args)),
    }
}

/// The receiver of a method whose class has no single layout (`int`, `float`, `None`).
pub fn receiver_value<'a>(py: &mut Py, params: &'static Params, args: Args<'a>) -> Result<(Value, Args<'a>)> {
    let Some(this) = args.get(0) else { return Err(wrong_first(py, params, args)) };
    if let Owner::Class(def) = params.owner {
        let class = py.class_for(def);
        if !py.is_instance_of(this, class) {
            return Err(wrong_first(py, params, args));
        }
    }
    Ok((this, args.rest()))
}

/// The receiver of a class method.
#[inline]
pub fn class_receiver<'a>(py: &mut Py, params: &'static Params, args: Args<'a>) -> Result<(Gc<Class>, Args<'a>)> {
    match args.get(0).and_then(|first| Gc::<Class>::cast(py, first)) {
        Some(class) => Ok((class, args.rest())),
        None => Err(wrong_first(py, params, args)),
    }
}

#[cold]
fn wrong_first(py: &mut Py, params: &'static Params, args: Args<'_>) -> Raised {
    let owner = match params.owner {
        Owner::Class(class) => class.name,
        Owner::Module(module) => module,
    };
    let name = params.name;
    match args.get(0) {
        None => crate::error!(py, TypeError, "unbound method {owner}.{name}() needs an argument"),
        Some(first) => {
            let given = py.class_name(first);
            crate::error!(py, TypeError, "descriptor '{name}' for '{owner}' objects doesn't apply to a '{given}' object")
        }
    }
}

/// The error for a slot or attribute function called on an object of another class.
#[cold]
pub fn wrong_receiver(py: &mut Py, name: &str, class: &'static ClassDef, given: Value) -> Raised {
    let (owner, given) = (class.name, py.class_name(given));
    crate::error!(py, TypeError, "descriptor '{name}' requires a '{owner}' object but received a '{given}'")
}

/// The error for a deletion where a class only supports assignment by special method `name`.
#[cold]
pub fn cannot_delete(py: &mut Py, name: &str, object: Value) -> Raised {
    let class = py.class_name(object);
    match name {
        "__setitem__" => crate::error!(py, TypeError, "'{class}' object doesn't support item deletion"),
        "__set__" => crate::error!(py, AttributeError, "__delete__"),
        _ => crate::error!(py, AttributeError, "cannot delete attributes of '{class}' object"),
    }
}

/// The error for deleting a computed attribute that can only be set, or setting one that can only be deleted.
#[cold]
pub fn cannot_delete_attribute(py: &mut Py, name: &str, object: Value) -> Raised {
    let class = py.class_name(object);
    crate::error!(py, AttributeError, "cannot delete attribute '{name}' of '{class}' object")
}
