//! `super`: attribute lookup that starts after a class in the MRO of an object's class.
//!
//! Counterpart: `superobject` in `Objects/typeobject.c`.

use crate::native::Args;
use crate::object::{Class, Str, object_getattribute};
use crate::types::Cell;
use crate::{Py, Result, raise};
use bredli_code::local_kind;
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// super() -> same as super(__class__, <first argument>)
/// super(type) -> unbound super object
/// super(type, obj) -> bound super object; requires isinstance(obj, type)
/// super(type, type2) -> bound super object; requires
///     issubclass(type2, type)
/// Typical use to call a cooperative superclass method:
/// class C(B):
///     def meth(self, arg):
///         super().meth(arg)
/// This works for class methods too:
/// class C(B):
///     @classmethod
///     def cmeth(cls, arg):
///         super().cmeth(arg)
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "super", core, flags(BASETYPE))]
pub struct Super {
    pub(crate) header: Header,
    pub(crate) class: Option<Gc<Class>>,
    pub(crate) object: Option<Value>,
    pub(crate) object_class: Option<Gc<Class>>,
}

#[pymethods]
impl Super {
    #[no_text_signature]
    fn __new__(cls: Gc<Class>, py: &mut Py, _args: Args) -> Result {
        Ok(py.alloc_as(cls, Super { header: Header::EMPTY, class: None, object: None, object_class: None }).into())
    }

    #[no_text_signature]
    fn __init__(this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
        if args.has_keywords() {
            raise!(py, TypeError, "super() takes no keyword arguments");
        }
        let (class, object) = match *args.positional() {
            [] => {
                let (class, object) = py.super_arguments()?;
                (class, Some(object))
            }
            [class] => (expect_class(py, class)?, None),
            [class, object] => (expect_class(py, class)?, Some(object).filter(|object| !object.is_none())),
            _ => raise!(py, TypeError, "super() expected at most 2 arguments, got {}", args.len()),
        };
        let object_class = match object {
            Some(object) => Some(py.super_class(class, object)?),
            None => None,
        };
        let this = this.get_mut(py);
        this.class = Some(class);
        this.object = object;
        this.object_class = object_class;
        Ok(())
    }

    fn __repr__(this: Gc<Self>, py: &mut Py) -> String {
        let this = this.get(py);
        let class = this.class.map_or("NULL".to_string(), |class| py.type_name(class));
        match this.object_class {
            Some(object) => format!("<super: <class '{class}'>, <{} object>>", py.type_name(object)),
            None => format!("<super: <class '{class}'>, NULL>"),
        }
    }

    fn __getattribute__(this: Gc<Self>, py: &mut Py, name: Gc<Str>) -> Result {
        let (class, object, object_class) = (this.get(py).class, this.get(py).object, this.get(py).object_class);
        if let (Some(class), Some(object), Some(object_class)) = (class, object, object_class)
            && name != py.names.__class__
            && let Some(value) = py.lookup_after(class, object, object_class, name)?
        {
            return Ok(value);
        }
        object_getattribute(py, this.into(), name)
    }

    fn __get__(this: Gc<Self>, py: &mut Py, object: Option<Value>, _class: Option<Value>) -> Result {
        let (class, bound) = (this.get(py).class, this.get(py).object);
        let (Some(object), Some(class), None) = (object, class, bound) else { return Ok(this.into()) };
        let own = py.class_of(this.into());
        if own != py.types.super_type {
            return py.call(own.into(), &[class.into(), object]);
        }
        let object_class = Some(py.super_class(class, object)?);
        Ok(py.alloc(Super { header: Header::EMPTY, class: Some(class), object: Some(object), object_class }).into())
    }

    /// the class invoking super()
    #[getter("__thisclass__")]
    fn class(this: Gc<Self>, py: &mut Py) -> Option<Gc<Class>> {
        this.get(py).class
    }

    /// the instance invoking super(); may be None
    #[getter("__self__")]
    fn object(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).object
    }

    /// the type of the instance invoking super(); may be None
    #[getter("__self_class__")]
    fn object_class(this: Gc<Self>, py: &mut Py) -> Option<Gc<Class>> {
        this.get(py).object_class
    }
}

fn expect_class(py: &mut Py, value: Value) -> Result<Gc<Class>> {
    match Gc::<Class>::cast(py, value) {
        Some(class) => Ok(class),
        None => {
            let given = py.class_name(value);
            raise!(py, TypeError, "super() argument 1 must be a type, not {given}")
        }
    }
}

impl Py {
    /// `super(class, object).name`, without making the super object where the attribute is found.
    pub fn super_lookup(&mut self, class: Value, object: Value, name: Gc<Str>) -> Result {
        let class = expect_class(self, class)?;
        let object_class = self.super_class(class, object)?;
        if name != self.names.__class__
            && let Some(value) = self.lookup_after(class, object, object_class, name)?
        {
            return Ok(value);
        }
        let payload = Super { header: Header::EMPTY, class: Some(class), object: Some(object), object_class: Some(object_class) };
        let found: Value = self.alloc(payload).into();
        object_getattribute(self, found, name)
    }

    /// The attribute as a method for a call: the function and whether `object` must be passed first.
    pub fn super_method(&mut self, class: Value, object: Value, name: Gc<Str>) -> Result<(Value, bool)> {
        let start = expect_class(self, class)?;
        let object_class = self.super_class(start, object)?;
        let instance = object != object_class.into();
        if instance
            && let Some(attribute) = self.type_lookup_after(start, object_class, name)
            && self.class_of(attribute).get(self).flags.contains(crate::object::ClassFlags::METHOD_DESCRIPTOR)
        {
            return Ok((attribute, true));
        }
        Ok((self.super_lookup(class, object, name)?, false))
    }

    /// The class whose MRO `super(class, object)` goes through.
    fn super_class(&mut self, class: Gc<Class>, object: Value) -> Result<Gc<Class>> {
        let itself = Gc::<Class>::cast(self, object);
        if let Some(itself) = itself
            && self.is_subtype(itself, class)
        {
            return Ok(itself);
        }
        let actual = self.class_of(object);
        if self.is_subtype(actual, class) {
            return Ok(actual);
        }
        let name = self.names.__class__;
        if let Some(claimed) = self.lookup_attr(object, name)?
            && let Some(claimed) = Gc::<Class>::cast(self, claimed)
            && self.is_subtype(claimed, class)
        {
            return Ok(claimed);
        }
        let (kind, given) = match itself {
            Some(itself) => ("type", self.type_name(itself)),
            None => ("instance of", self.class_name(object)),
        };
        let class = self.type_name(class);
        raise!(self, TypeError, "super(type, obj): obj ({kind} {given}) is not an instance or subtype of type ({class}).")
    }

    fn lookup_after(&mut self, class: Gc<Class>, object: Value, object_class: Gc<Class>, name: Gc<Str>) -> Result<Option<Value>> {
        let Some(value) = self.type_lookup_after(class, object_class, name) else { return Ok(None) };
        let Some(get) = self.class_of(value).get(self).slots.descr_get else { return Ok(Some(value)) };
        let instance = Some(object).filter(|object| *object != object_class.into());
        get(self, value, instance, Some(object_class.into())).map(Some)
    }
}

impl Py {
    /// What `super()` without arguments means in the running function: the class of its `__class__` cell and its first argument.
    fn super_arguments(&mut self) -> Result<(Gc<Class>, Value)> {
        let Some(frame) = self.current_frame() else { raise!(self, RuntimeError, "super(): no current frame") };
        let function = frame.function();
        let code = function.get(self).code.get(self).code.clone();
        if code.argcount == 0 {
            raise!(self, RuntimeError, "super(): no arguments");
        }
        let mut first = frame.local(0);
        if code.localspluskinds[0] & local_kind::CELL != 0
            && let Some(cell) = first.and_then(|first| Gc::<Cell>::cast(self, first))
        {
            first = cell.get(self).value;
        }
        let Some(first) = first else { raise!(self, RuntimeError, "super(): arg[0] deleted") };
        let position = code.freevars().position(|name| name.as_bytes() == b"__class__");
        let cell = match (position, function.get(self).closure) {
            (Some(position), Some(closure)) => closure.get(self).items().get(position).and_then(|cell| Gc::<Cell>::cast(self, *cell)),
            _ => None,
        };
        let Some(cell) = cell else { raise!(self, RuntimeError, "super(): __class__ cell not found") };
        let Some(class) = cell.get(self).value else { raise!(self, RuntimeError, "super(): empty __class__ cell") };
        match Gc::<Class>::cast(self, class) {
            Some(class) => Ok((class, first)),
            None => {
                let given = self.class_name(class);
                raise!(self, RuntimeError, "super(): __class__ is not a type ({given})")
            }
        }
    }
}
