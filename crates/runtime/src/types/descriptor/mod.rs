//! Attribute descriptors: native attributes, slot members, property, classmethod, staticmethod.
//!
//! Counterparts: `Objects/descrobject.c`, `Objects/funcobject.c`.

use crate::native::{Args, GetSetDef};
use crate::object::{Class, Dict, Str, read_word, write_word};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// A computed attribute of a native class.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "getset_descriptor", core)]
pub struct GetSetDescriptor {
    pub(crate) header: Header,
    pub(crate) class: Gc<Class>,
    #[trace(skip)]
    pub(crate) def: &'static GetSetDef,
}

impl GetSetDescriptor {
    /// The descriptor of an attribute of a class.
    pub fn new(class: Gc<Class>, def: &'static GetSetDef) -> Self {
        Self { header: Header::EMPTY, class, def }
    }
}

#[pymethods]
impl GetSetDescriptor {
    fn __get__(this: Gc<Self>, py: &mut Py, object: Option<Value>, _class: Option<Value>) -> Result {
        let Some(object) = object else { return Ok(this.into()) };
        let (def, class) = (this.get(py).def, this.get(py).class);
        check_receiver(py, class, def.name, object)?;
        match def.get {
            Some(get) => get(py, object),
            None => {
                let class = class.get(py).name.get(py).lossy();
                raise!(py, AttributeError, "attribute '{}' of '{class}' objects is not readable", def.name)
            }
        }
    }

    fn __set__(this: Gc<Self>, py: &mut Py, object: Value, value: Option<Value>) -> Result<()> {
        let (def, class) = (this.get(py).def, this.get(py).class);
        check_receiver(py, class, def.name, object)?;
        match def.set {
            Some(set) => set(py, object, value),
            None => {
                let class = class.get(py).name.get(py).lossy();
                raise!(py, AttributeError, "attribute '{}' of '{class}' objects is not writable", def.name)
            }
        }
    }
}

fn check_receiver(py: &mut Py, class: Gc<Class>, name: &str, object: Value) -> Result<()> {
    if py.is_instance_of(object, class) {
        return Ok(());
    }
    let (owner, given) = (class.get(py).name.get(py).lossy(), py.class_name(object));
    raise!(py, TypeError, "descriptor '{name}' for '{owner}' objects doesn't apply to a '{given}' object")
}

/// A member made by `__slots__`.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "member_descriptor", core)]
pub struct MemberDescriptor {
    pub(crate) header: Header,
    pub(crate) class: Gc<Class>,
    pub(crate) name: Gc<Str>,
    pub(crate) offset: u32,
}

#[pymethods]
impl MemberDescriptor {
    fn __get__(this: Gc<Self>, py: &mut Py, object: Option<Value>, _class: Option<Value>) -> Result {
        let Some(object) = object else { return Ok(this.into()) };
        let (class, name, offset) = (this.get(py).class, this.get(py).name, this.get(py).offset);
        let text = name.get(py).lossy();
        check_receiver(py, class, &text, object)?;
        match read_word(object, offset as usize) {
            Some(value) => Ok(value),
            None => Err(py.no_attribute(object, name)),
        }
    }

    fn __set__(this: Gc<Self>, py: &mut Py, object: Value, value: Option<Value>) -> Result<()> {
        let (class, name, offset) = (this.get(py).class, this.get(py).name, this.get(py).offset);
        let text = name.get(py).lossy();
        check_receiver(py, class, &text, object)?;
        if value.is_none() && read_word(object, offset as usize).is_none() {
            return Err(py.no_attribute(object, name));
        }
        write_word(py, object, offset as usize, value);
        Ok(())
    }
}

/// `classmethod`
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "classmethod", core, flags(BASETYPE, HAS_WEAKREF), dict = dict)]
pub struct ClassMethod {
    pub(crate) header: Header,
    pub(crate) callable: Option<Value>,
    pub(crate) dict: Option<Gc<Dict>>,
}

#[pymethods]
impl ClassMethod {
    fn __new__(cls: Gc<Class>, py: &mut Py, _args: Args) -> Result {
        Ok(py.alloc_as(cls, ClassMethod { header: Header::EMPTY, callable: None, dict: None }).into())
    }

    fn __get__(this: Gc<Self>, py: &mut Py, object: Option<Value>, class: Option<Value>) -> Result {
        let Some(callable) = this.get(py).callable else { raise!(py, RuntimeError, "uninitialized classmethod object") };
        let class = match (class, object) {
            (Some(class), _) => class,
            (None, Some(object)) => py.class_of(object).into(),
            (None, None) => Value::NONE,
        };
        Ok(py.new_method(callable, class))
    }
}

/// `staticmethod`
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "staticmethod", core, flags(BASETYPE, HAS_WEAKREF), dict = dict)]
pub struct StaticMethod {
    pub(crate) header: Header,
    pub(crate) callable: Option<Value>,
    pub(crate) dict: Option<Gc<Dict>>,
}

impl StaticMethod {
    /// A static method around a callable.
    pub fn of(callable: Value) -> Self {
        Self { header: Header::EMPTY, callable: Some(callable), dict: None }
    }
}

#[pymethods]
impl StaticMethod {
    fn __new__(cls: Gc<Class>, py: &mut Py, _args: Args) -> Result {
        Ok(py.alloc_as(cls, StaticMethod { header: Header::EMPTY, callable: None, dict: None }).into())
    }

    fn __get__(this: Gc<Self>, py: &mut Py, _object: Option<Value>, _class: Option<Value>) -> Result {
        match this.get(py).callable {
            Some(callable) => Ok(callable),
            None => raise!(py, RuntimeError, "uninitialized staticmethod object"),
        }
    }

    fn __call__(this: Gc<Self>, py: &mut Py, args: Args) -> Result {
        match this.get(py).callable {
            Some(callable) => py.call_args(callable, args),
            None => raise!(py, RuntimeError, "uninitialized staticmethod object"),
        }
    }
}

/// `property`
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
}

impl Py {
    /// A `classmethod` around a callable.
    pub fn new_class_method(&mut self, callable: Value) -> Value {
        self.alloc(ClassMethod { header: Header::EMPTY, callable: Some(callable), dict: None }).into()
    }

    /// A `staticmethod` around a callable.
    pub fn new_static_method(&mut self, callable: Value) -> Value {
        self.alloc(StaticMethod::of(callable)).into()
    }

    /// The `__dict__` attribute of instances of a class.
    pub(crate) fn dict_descriptor(&mut self, class: Gc<Class>) -> Value {
        self.alloc(GetSetDescriptor::new(class, &DICT)).into()
    }

    /// The `__weakref__` attribute of instances of a class.
    pub(crate) fn weakref_descriptor(&mut self, class: Gc<Class>) -> Value {
        self.alloc(GetSetDescriptor::new(class, &WEAKREF)).into()
    }
}

static DICT: GetSetDef = GetSetDef {
    name: "__dict__",
    doc: "dictionary for instance variables",
    get: Some(|py, object| match py.instance_dict(object) {
        Some(dict) => Ok(dict.into()),
        None => raise!(py, AttributeError, "This object has no __dict__"),
    }),
    set: Some(|py, object, value| {
        let Some(value) = value else {
            py.set_instance_dict(object, None);
            return Ok(());
        };
        match Gc::<Dict>::cast(py, value) {
            Some(dict) => {
                py.set_instance_dict(object, Some(dict));
                Ok(())
            }
            None => {
                let given = py.class_name(value);
                raise!(py, TypeError, "__dict__ must be set to a dictionary, not a '{given}'")
            }
        }
    }),
};

static WEAKREF: GetSetDef = GetSetDef {
    name: "__weakref__",
    doc: "list of weak references to the object",
    get: Some(|py, object| Ok(py.existing_weak_reference(object))),
    set: None,
};
