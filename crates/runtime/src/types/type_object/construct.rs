//! `type.__new__`: metaclass, class object, `__set_name__`, `__init_subclass__`.

use crate::native::Args;
use crate::object::{Class, ClassSpec, Dict, Str, Tuple};
use crate::{Py, Result, raise};
use bredli_heap::Gc;

/// Make a class with the most derived metaclass, which may be another one than `metaclass`.
pub(super) fn new_class(py: &mut Py, metaclass: Gc<Class>, (name, bases, namespace): (Gc<Str>, Gc<Tuple>, Gc<Dict>), args: Args) -> Result {
    for index in 0..bases.get(py).len() {
        let base = bases.get(py).items()[index];
        if Gc::<Class>::cast(py, base).is_some() {
            continue;
        }
        let entries = py.names.__mro_entries__;
        if py.lookup_attr(base, entries)?.is_some() {
            raise!(py, TypeError, "type() doesn't support MRO entry resolution; use types.new_class()");
        }
    }
    let items = py.collect_iterable(bases.into())?;
    let winner = py.calculate_metaclass(metaclass, &items)?;
    if winner != metaclass {
        let own = py.types.r#type.get(py).slots.new.map(|new| new as usize);
        if let Some(new) = winner.get(py).slots.new
            && Some(new as usize) != own
        {
            return new(py, winner, args.values(), args.kwnames());
        }
    }
    check_name(py, name)?;
    let doc = py.names.__doc__;
    if let Some(doc) = py.dict_get_str(namespace, doc).and_then(|doc| Gc::<Str>::cast(py, doc))
        && doc.get(py).to_str().is_none()
    {
        return Err(py.surrogates_not_allowed(doc));
    }
    let class = py.build_class(ClassSpec { metaclass: winner, name, bases, namespace })?;
    set_names(py, class)?;
    init_subclass(py, class, args)?;
    Ok(class.into())
}

/// A class name is text without null characters and surrogates.
pub(super) fn check_name(py: &mut Py, name: Gc<Str>) -> Result<()> {
    if name.get(py).bytes().contains(&0) {
        raise!(py, ValueError, "type name must not contain null characters");
    }
    if name.get(py).to_str().is_none() {
        return Err(py.surrogates_not_allowed(name));
    }
    Ok(())
}

/// Tell the values of the namespace what they are called.
fn set_names(py: &mut Py, class: Gc<Class>) -> Result<()> {
    let hook = py.names.__set_name__;
    let (mut names, mut copied, mut at) = (py.class_dict(class), false, 0);
    while let Some((position, key, value)) = names.get(py).entry_from(at) {
        at = position + 1;
        let value_class = py.class_of(value);
        if py.type_lookup(value_class, hook).is_none() {
            continue;
        }
        if !copied {
            // Hooks may change the namespace.
            names = py.dict_copy(names)?;
            (copied, at) = (true, 0);
            continue;
        }
        let Some(method) = py.lookup_special(value, hook)? else { continue };
        if let Err(raised) = py.call(method, &[class.into(), key]) {
            let (kind, name) = (py.class_name(value), class.get(py).name.get(py).lossy());
            let exception = py.take_exception();
            let key = py.repr_text(key)?;
            let note = py.new_str(&format!("Error calling __set_name__ on '{kind}' instance {key} in '{name}'"));
            py.call_method_named(exception, "add_note", &[note.into()])?;
            let _ = py.restore_exception(exception);
            return Err(raised);
        }
    }
    Ok(())
}

/// `super(class, class).__init_subclass__(**keywords)`.
fn init_subclass(py: &mut Py, class: Gc<Class>, args: Args) -> Result<()> {
    let name = py.names.__init_subclass__;
    let Some((hook, _)) = py.type_lookup_in_mro(class, name, 1) else { return Ok(()) };
    let get = py.class_of(hook).get(py).slots.descr_get;
    let hook = match get {
        Some(get) => get(py, hook, None, Some(class.into()))?,
        None => hook,
    };
    let values = &args.values()[args.positional().len()..];
    let keywords = args.over(values);
    py.call_args(hook, keywords)?;
    Ok(())
}
