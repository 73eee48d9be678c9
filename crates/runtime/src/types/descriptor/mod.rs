//! Attribute descriptors: native attributes, slot members, property, classmethod, staticmethod.
//!
//! Counterparts: `Objects/descrobject.c`, `Objects/funcobject.c`.

mod attributes;
mod property;
mod wrapped;

pub use property::Property;
pub use wrapped::{ClassMethod, StaticMethod};

use crate::native::GetSetDef;
use crate::object::{Class, Dict, Str, read_word, write_word};
use crate::{Py, Result, error, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// A computed attribute of a native class.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "getset_descriptor", core, parts(attributes))]
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
#[pyclass(name = "member_descriptor", core, parts(attributes))]
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
            None => {
                let class = py.qualified_class_name(object)?;
                let class = class.strip_prefix("__main__.").unwrap_or(&class);
                let raised = error!(py, AttributeError, "'{class}' object has no attribute '{text}'");
                py.annotate_attribute_error(object, name);
                Err(raised)
            }
        }
    }

    fn __set__(this: Gc<Self>, py: &mut Py, object: Value, value: Option<Value>) -> Result<()> {
        let (class, name, offset) = (this.get(py).class, this.get(py).name, this.get(py).offset);
        let text = name.get(py).lossy();
        check_receiver(py, class, &text, object)?;
        if value.is_none() && read_word(object, offset as usize).is_none() {
            raise!(py, AttributeError, "{text}");
        }
        write_word(py, object, offset as usize, value);
        Ok(())
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

/// The `__dict__` that a native class defines for its instances in its own way, as classes and modules do.
fn own_dict_attribute(py: &mut Py, native: Gc<Class>) -> Option<Value> {
    let name = py.names.__dict__;
    let attribute = py.type_lookup(native, name)?;
    let generic = Gc::<GetSetDescriptor>::cast(py, attribute).is_some_and(|attribute| std::ptr::eq(attribute.get(py).def, &DICT));
    (!generic).then_some(attribute)
}

static DICT: GetSetDef = GetSetDef {
    name: "__dict__",
    doc: "dictionary for instance variables",
    get: Some(|py, object| {
        if let Some(dict) = py.instance_dict(object) {
            return Ok(dict.into());
        }
        let native = py.native_class_of(object);
        let own = own_dict_attribute(py, native).and_then(|own| Some((own, py.class_of(own).get(py).slots.descr_get?)));
        match own {
            Some((own, get)) => get(py, own, Some(object), Some(native.into())),
            None => raise!(py, AttributeError, "This object has no __dict__"),
        }
    }),
    set: Some(|py, object, value| {
        let native = py.native_class_of(object);
        if let Some(own) = own_dict_attribute(py, native) {
            return match py.class_of(own).get(py).slots.descr_set {
                Some(set) => set(py, own, object, value),
                None => raise!(py, AttributeError, "__dict__"),
            };
        }
        let Some(value) = value else {
            if native.get(py).dict_offset != 0 {
                raise!(py, TypeError, "cannot delete __dict__");
            }
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
