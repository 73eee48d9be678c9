//! Checking the receivers of methods, slots and attributes, and the errors about them.

use super::{Args, ClassDef, Form, NativeClass, Owner, Params};
use crate::object::{Class, Slots};
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
pub fn receiver_value<'a, T: NativeClass>(py: &mut Py, params: &'static Params, args: Args<'a>) -> Result<(Value, Args<'a>)> {
    let class = T::class(py);
    match args.get(0) {
        Some(this) if py.is_instance_of(this, class) => Ok((this, args.rest())),
        _ => Err(wrong_first(py, params, args)),
    }
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

/// The arguments for a `__new__` without keyword parameters: keywords are ignored for subclasses whose `__init__` may want them.
#[inline(always)]
pub fn new_args<'a, T: NativeClass>(py: &mut Py, params: &'static Params, class: Gc<Class>, args: Args<'a>) -> Args<'a> {
    if args.has_keywords() { without_foreign_keywords::<T>(py, params, class, args, |slots| slots.init.map(|f| f as usize)) } else { args }
}

/// The arguments for an `__init__` without keyword parameters: keywords are ignored for subclasses whose `__new__` may want them.
#[inline(always)]
pub fn init_args<'a, T: NativeClass>(py: &mut Py, params: &'static Params, object: Value, args: Args<'a>) -> Args<'a> {
    if args.has_keywords() {
        let class = py.class_of(object);
        return without_foreign_keywords::<T>(py, params, class, args, |slots| slots.new.map(|f| f as usize));
    }
    args
}

#[cold]
fn without_foreign_keywords<'a, T: NativeClass>(
    py: &mut Py,
    params: &'static Params,
    class: Gc<Class>,
    args: Args<'a>,
    other_half: fn(&Slots) -> Option<usize>,
) -> Args<'a> {
    let owner = T::class(py);
    let overridden =
        params.form == Form::Constructor && class != owner && other_half(&class.get(py).slots) != other_half(&owner.get(py).slots);
    if overridden { args.without_keywords() } else { args }
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
