//! `property`.
//!
//! Counterpart: `property` in `Objects/descrobject.c`.

use crate::native::Args;
use crate::object::{Class, Str};
use crate::{Py, Raised, Result, raise};
use bredli_heap::{Gc, Header, RootVec, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// Property attribute.
///
///   fget
///     function to be used for getting an attribute value
///   fset
///     function to be used for setting an attribute value
///   fdel
///     function to be used for del'ing an attribute
///   doc
///     docstring
///
/// Typical use is to define a managed attribute x:
///
/// class C(object):
///     def getx(self): return self._x
///     def setx(self, value): self._x = value
///     def delx(self): del self._x
///     x = property(getx, setx, delx, "I'm the 'x' property.")
///
/// Decorators make defining new properties or modifying existing ones easy:
///
/// class C(object):
///     @property
///     def x(self):
///         "I am the 'x' property."
///         return self._x
///     @x.setter
///     def x(self, value):
///         self._x = value
///     @x.deleter
///     def x(self):
///         del self._x
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "property", core, flags(BASETYPE))]
pub struct Property {
    pub(crate) header: Header,
    pub(crate) getter: Option<Value>,
    pub(crate) setter: Option<Value>,
    pub(crate) deleter: Option<Value>,
    pub(crate) doc: Option<Value>,
    pub(crate) name: Option<Value>,
    pub(crate) getter_doc: bool,
}

#[pymethods]
impl Property {
    fn __new__(cls: Gc<Class>, py: &mut Py, _args: Args) -> Result {
        let empty = Property { header: Header::EMPTY, getter: None, setter: None, deleter: None, doc: None, name: None, getter_doc: false };
        Ok(py.alloc_as(cls, empty).into())
    }

    #[signature(fget=None, fset=None, fdel=None, doc=None)]
    fn __init__(
        this: Gc<Self>,
        py: &mut Py,
        fget: Option<Value>,
        fset: Option<Value>,
        fdel: Option<Value>,
        doc: Option<Value>,
    ) -> Result<()> {
        let property = this.get_mut(py);
        property.getter = fget;
        property.setter = fset;
        property.deleter = fdel;
        property.doc = None;
        property.name = None;
        property.getter_doc = false;
        let mut doc = doc;
        let doc_name = py.names.__doc__;
        if let (None, Some(getter)) = (doc, fget)
            && let Some(found) = py.lookup_attr(getter, doc_name)?.filter(|found| !found.is_none())
        {
            doc = Some(found);
            this.get_mut(py).getter_doc = true;
        }
        if py.class_of(this.into()) == py.types.property {
            this.get_mut(py).doc = doc;
            return Ok(());
        }
        let Some(doc) = doc else {
            let (class, own) = (py.class_of(this.into()), py.types.property);
            let inherited = py.type_lookup_in_mro(class, doc_name, 0).is_none_or(|(_, owner)| owner == own);
            if !inherited || py.dict_offset(this.into()).is_some() {
                py.instance_set(this.into(), doc_name, Some(Value::NONE))?;
            }
            return Ok(());
        };
        match py.set_attr(this.into(), doc_name, Some(doc)) {
            // A subclass without room for it has always dropped the text.
            Err(_) if !this.get(py).getter_doc && py.exception_matches(py.exceptions.AttributeError) => {
                py.clear_exception();
                Ok(())
            }
            outcome => outcome,
        }
    }

    fn __get__(this: Gc<Self>, py: &mut Py, object: Option<Value>, _class: Option<Value>) -> Result {
        let Some(object) = object else { return Ok(this.into()) };
        match this.get(py).getter {
            Some(getter) => py.call(getter, &[object]),
            None => Err(no_accessor(py, this, object, "getter")),
        }
    }

    fn __set__(this: Gc<Self>, py: &mut Py, object: Value, value: Option<Value>) -> Result<()> {
        match (value, this.get(py).setter, this.get(py).deleter) {
            (Some(value), Some(setter), _) => py.call(setter, &[object, value]).map(|_| ()),
            (None, _, Some(deleter)) => py.call(deleter, &[object]).map(|_| ()),
            (Some(_), None, _) => Err(no_accessor(py, this, object, "setter")),
            (None, _, None) => Err(no_accessor(py, this, object, "deleter")),
        }
    }

    /// Descriptor to obtain a copy of the property with a different getter.
    #[signature(self, object, /)]
    fn getter(this: Gc<Self>, py: &mut Py, object: Value) -> Result {
        copy_with(py, this, Some(object), None, None)
    }

    /// Descriptor to obtain a copy of the property with a different setter.
    #[signature(self, object, /)]
    fn setter(this: Gc<Self>, py: &mut Py, object: Value) -> Result {
        copy_with(py, this, None, Some(object), None)
    }

    /// Descriptor to obtain a copy of the property with a different deleter.
    #[signature(self, object, /)]
    fn deleter(this: Gc<Self>, py: &mut Py, object: Value) -> Result {
        copy_with(py, this, None, None, Some(object))
    }

    /// Method to set name of a property.
    #[raw]
    #[signature(self, owner, name, /)]
    fn __set_name__(this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
        let &[_, name] = args.positional() else {
            raise!(py, TypeError, "__set_name__() takes 2 positional arguments but {} were given", args.len());
        };
        this.get_mut(py).name = Some(name);
        Ok(())
    }

    #[getter]
    fn fget(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).getter
    }

    #[setter]
    fn set_fget(_this: Gc<Self>, py: &mut Py, _value: Option<Value>) -> Result<()> {
        raise!(py, AttributeError, "readonly attribute")
    }

    #[getter]
    fn fset(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).setter
    }

    #[setter]
    fn set_fset(_this: Gc<Self>, py: &mut Py, _value: Option<Value>) -> Result<()> {
        raise!(py, AttributeError, "readonly attribute")
    }

    #[getter]
    fn fdel(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).deleter
    }

    #[setter]
    fn set_fdel(_this: Gc<Self>, py: &mut Py, _value: Option<Value>) -> Result<()> {
        raise!(py, AttributeError, "readonly attribute")
    }

    #[getter("__doc__")]
    fn doc(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).doc
    }

    #[setter("__doc__")]
    fn set_doc(this: Gc<Self>, py: &mut Py, value: Option<Value>) {
        this.get_mut(py).doc = value;
    }

    #[getter("__name__")]
    fn name(this: Gc<Self>, py: &mut Py) -> Result {
        match property_name(py, this)? {
            Some(name) => Ok(name),
            None => {
                let name = py.names.__name__;
                Err(py.no_attribute(this.into(), name))
            }
        }
    }

    #[setter("__name__")]
    fn set_name(this: Gc<Self>, py: &mut Py, value: Option<Value>) {
        this.get_mut(py).name = value;
    }

    #[getter("__isabstractmethod__")]
    fn isabstractmethod(this: Gc<Self>, py: &mut Py) -> Result<bool> {
        let (getter, setter, deleter) = (this.get(py).getter, this.get(py).setter, this.get(py).deleter);
        for accessor in [getter, setter, deleter] {
            if py.is_abstract_method(accessor)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The name given by `__set_name__`, else the getter's.
fn property_name(py: &mut Py, this: Gc<Property>) -> Result<Option<Value>> {
    if let Some(name) = this.get(py).name {
        return Ok(Some(name));
    }
    let Some(getter) = this.get(py).getter else { return Ok(None) };
    let name = py.names.__name__;
    py.lookup_attr(getter, name)
}

fn no_accessor(py: &mut Py, this: Gc<Property>, object: Value, what: &str) -> Raised {
    let name = match property_name(py, this) {
        Ok(name) => name,
        Err(raised) => return raised,
    };
    let class = py.class_of(object);
    let qualname = class.get(py).qualname.get(py).lossy();
    match name {
        Some(name) => match py.repr_text(name) {
            Ok(name) => crate::error!(py, AttributeError, "property {name} of '{qualname}' object has no {what}"),
            Err(raised) => raised,
        },
        None => crate::error!(py, AttributeError, "property of '{qualname}' object has no {what}"),
    }
}

/// A property of the same class with one accessor replaced; None leaves an accessor as it is.
fn copy_with(py: &mut Py, this: Gc<Property>, getter: Option<Value>, setter: Option<Value>, deleter: Option<Value>) -> Result {
    let old = this.get(py);
    let (name, getter_doc) = (old.name, old.getter_doc);
    let choose = |new: Option<Value>, old: Option<Value>| new.filter(|new| !new.is_none()).or(old).unwrap_or(Value::NONE);
    let new_getter = choose(getter, old.getter);
    let accessors = [new_getter, choose(setter, old.setter), choose(deleter, old.deleter)];
    let doc_name: Gc<Str> = py.names.__doc__;
    let doc = if getter_doc && !new_getter.is_none() { Value::NONE } else { py.get_attr(this.into(), doc_name)? };
    let class = py.class_of(this.into());
    let mut args = RootVec::from_slice(&mut py.heap, &accessors);
    args.push(doc);
    let copy = py.call(class.into(), &args)?;
    if let Some(copy) = Gc::<Property>::cast(py, copy) {
        copy.get_mut(py).name = name;
    }
    Ok(copy)
}
