//! Attribute access: the generic protocol of `object`, of classes, and of special method lookup.
//!
//! Counterpart: `PyObject_GenericGetAttr` in `Objects/object.c`, `type_getattro` in `Objects/typeobject.c`.

use super::{Class, ClassFlags, Str};
use crate::types::BaseException;
use crate::{Py, Raised, Result, raise};
use bredli_heap::{Gc, Value};

impl Py {
    /// `getattr(object, name)`.
    #[inline]
    pub fn get_attr(&mut self, object: Value, name: Gc<Str>) -> Result {
        self.enter_native("")?;
        let class = self.class_of(object);
        match class.get(self).slots.getattr {
            Some(getattr) => getattr(self, object, name).inspect_err(|_| self.name_missing(object, name)),
            None => match self.generic_lookup_attr(object, name)? {
                Some(value) => Ok(value),
                None => Err(self.no_attribute(object, name)),
            },
        }
    }

    /// Give an AttributeError that a hook or descriptor has raised its `name` and `obj`, unless it has one of them.
    #[cold]
    fn name_missing(&mut self, object: Value, name: Gc<Str>) {
        if self.exception_matches(self.exceptions.AttributeError) {
            let given = self.machine.exception.and_then(|exception| Gc::<BaseException>::cast(self, exception));
            if given.is_some_and(|exception| exception.get(self).fields.iter().all(|field| field.is_none())) {
                self.annotate_attribute_error(object, name);
            }
        }
    }

    /// `getattr(object, name)` for a name written in Rust.
    pub fn get_attr_named(&mut self, object: Value, name: &str) -> Result {
        let name = self.intern(name);
        self.get_attr(object, name)
    }

    /// The attribute, or None where `getattr` would raise AttributeError.
    pub fn lookup_attr(&mut self, object: Value, name: Gc<Str>) -> Result<Option<Value>> {
        self.enter_native("")?;
        let found = match self.class_of(object).get(self).slots.getattr {
            Some(getattr) if self.is_getattr_of(self.types.r#type, getattr) => self.type_lookup_attr(object, name),
            Some(getattr) if !self.is_generic_getattr(Some(getattr)) => getattr(self, object, name).map(Some),
            _ => self.generic_lookup_attr(object, name),
        };
        match found {
            Err(_) if self.exception_matches(self.exceptions.AttributeError) => {
                self.clear_exception();
                Ok(None)
            }
            found => found,
        }
    }

    /// `setattr(object, name, value)`, or `delattr` without a value.
    pub fn set_attr(&mut self, object: Value, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        self.enter_native("")?;
        let class = self.class_of(object);
        match class.get(self).slots.setattr {
            Some(setattr) => setattr(self, object, name, value),
            None => self.generic_set_attr(object, name, value),
        }
    }

    /// The generic lookup: data descriptors of the class, the instance, other class attributes.
    pub fn generic_lookup_attr(&mut self, object: Value, name: Gc<Str>) -> Result<Option<Value>> {
        let class = self.class_of(object);
        let attribute = self.type_lookup(class, name);
        let mut bind = None;
        if let Some(attribute) = attribute {
            let slots = &self.class_of(attribute).get(self).slots;
            bind = slots.descr_get;
            if let (Some(get), true) = (bind, slots.descr_set.is_some()) {
                return get(self, attribute, Some(object), Some(class.into())).map(Some);
            }
        }
        if let Some(value) = self.instance_get(object, name) {
            return Ok(Some(value));
        }
        match (attribute, bind) {
            (Some(attribute), Some(get)) => get(self, attribute, Some(object), Some(class.into())).map(Some),
            (attribute, _) => Ok(attribute),
        }
    }

    /// The generic assignment: data descriptors of the class, then the instance.
    pub fn generic_set_attr(&mut self, object: Value, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        let class = self.class_of(object);
        let attribute = self.type_lookup(class, name);
        if let Some(attribute) = attribute {
            let set = self.class_of(attribute).get(self).slots.descr_set;
            if let Some(set) = set {
                return set(self, attribute, object, value);
            }
        }
        if self.instance_set(object, name, value)? {
            return Ok(());
        }
        let (text, owner) = (name.get(self).lossy(), self.class_name(object));
        if self.dict_offset(object).is_some() {
            let raised = crate::error!(self, AttributeError, "'{owner}' object has no attribute '{text}'");
            // CPython does not name what is missing from inline values, which objects with items have none of.
            if class.get(self).inline_capacity == 0 || class.get(self).item_size() != 0 {
                self.annotate_attribute_error(object, name);
            }
            return Err(raised);
        }
        let raised = if attribute.is_some() {
            return Err(crate::error!(self, AttributeError, "'{owner}' object attribute '{text}' is read-only"));
        } else {
            let own = self.types.object.get(self).slots.setattr.expect("object has __setattr__");
            let generic = class.get(self).slots.setattr.is_none_or(|f| std::ptr::fn_addr_eq(f, own));
            if generic {
                crate::error!(self, AttributeError, "'{owner}' object has no attribute '{text}' and no __dict__ for setting new attributes")
            } else {
                crate::error!(self, AttributeError, "'{owner}' object has no attribute '{text}'")
            }
        };
        self.annotate_attribute_error(object, name);
        Err(raised)
    }

    /// AttributeError as `object.__getattribute__` raises it, with `name` and `obj` set for suggestions.
    pub fn no_attribute(&mut self, object: Value, name: Gc<Str>) -> Raised {
        let (class, text) = (self.class_name(object), name.get(self).lossy());
        let raised = crate::error!(self, AttributeError, "'{class}' object has no attribute '{text}'");
        self.annotate_attribute_error(object, name);
        raised
    }

    /// `getattr` of a class object.
    pub fn type_get_attr(&mut self, object: Value, name: Gc<Str>) -> Result {
        if let Some(value) = self.type_lookup_attr(object, name)? {
            return Ok(value);
        }
        let class = Gc::<Class>::known(self, object);
        let (owner, text) = (class.get(self).name.get(self).lossy(), name.get(self).lossy());
        let raised = crate::error!(self, AttributeError, "type object '{owner}' has no attribute '{text}'");
        self.annotate_attribute_error(object, name);
        Err(raised)
    }

    /// The attribute of a class object: metaclass data descriptors, the MRO, other metaclass attributes.
    fn type_lookup_attr(&mut self, object: Value, name: Gc<Str>) -> Result<Option<Value>> {
        let class = Gc::<Class>::known(self, object);
        let meta = self.class_of(object);
        let attribute = self.type_lookup(meta, name);
        let mut bind = None;
        if let Some(attribute) = attribute {
            let slots = &self.class_of(attribute).get(self).slots;
            bind = slots.descr_get;
            if let (Some(get), true) = (bind, slots.descr_set.is_some()) {
                return get(self, attribute, Some(object), Some(meta.into())).map(Some);
            }
        }
        if let Some(own) = self.type_lookup(class, name) {
            return match self.class_of(own).get(self).slots.descr_get {
                Some(get) => get(self, own, None, Some(object)).map(Some),
                None => Ok(Some(own)),
            };
        }
        match (attribute, bind) {
            (Some(attribute), Some(get)) => get(self, attribute, Some(object), Some(meta.into())).map(Some),
            (attribute, _) => Ok(attribute),
        }
    }

    /// `setattr` of a class object.
    pub fn type_set_attr(&mut self, object: Value, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        let class = Gc::<Class>::known(self, object);
        if class.get(self).flags.contains(ClassFlags::IMMUTABLE) {
            let (owner, text) = (self.class_full_name(class), name.get(self).lossy());
            raise!(self, TypeError, "cannot set '{text}' attribute of immutable type '{owner}'");
        }
        let meta = self.class_of(object);
        if let Some(attribute) = self.type_lookup(meta, name) {
            let set = self.class_of(attribute).get(self).slots.descr_set;
            if let Some(set) = set {
                return set(self, attribute, object, value);
            }
        }
        if !self.class_set_attr(class, name, value)? {
            let (owner, text) = (class.get(self).name.get(self).lossy(), name.get(self).lossy());
            let raised = crate::error!(self, AttributeError, "type object '{owner}' has no attribute '{text}'");
            self.annotate_attribute_error(object, name);
            return Err(raised);
        }
        Ok(())
    }

    /// A special method of the class of `object`, bound.
    pub fn lookup_special(&mut self, object: Value, name: Gc<Str>) -> Result<Option<Value>> {
        let class = self.class_of(object);
        let Some(method) = self.type_lookup(class, name) else { return Ok(None) };
        match self.class_of(method).get(self).slots.descr_get {
            Some(get) => get(self, method, Some(object), Some(class.into())).map(Some),
            None => Ok(Some(method)),
        }
    }

    /// A special method, and whether the object is still to be passed as first argument.
    pub fn lookup_special_unbound(&mut self, object: Value, name: Gc<Str>) -> Result<Option<(Value, bool)>> {
        let class = self.class_of(object);
        let Some(method) = self.type_lookup(class, name) else { return Ok(None) };
        let method_class = self.class_of(method).get(self);
        if method_class.flags.contains(ClassFlags::METHOD_DESCRIPTOR) {
            return Ok(Some((method, true)));
        }
        match method_class.slots.descr_get {
            Some(get) => Ok(Some((get(self, method, Some(object), Some(class.into()))?, false))),
            None => Ok(Some((method, false))),
        }
    }

    /// The class attribute `name` of the class of `object`, unbound.
    pub fn type_lookup_of(&mut self, object: Value, name: Gc<Str>) -> Option<Value> {
        let class = self.class_of(object);
        self.type_lookup(class, name)
    }

    /// A method for a call: the function and whether the object must be passed first, else the attribute's value.
    pub fn get_method(&mut self, object: Value, name: Gc<Str>) -> Result<(Value, bool)> {
        let class = self.class_of(object);
        let generic = self.is_generic_getattr(class.get(self).slots.getattr);
        if generic
            && let Some(attribute) = self.type_lookup(class, name)
            && self.class_of(attribute).get(self).flags.contains(ClassFlags::METHOD_DESCRIPTOR)
            && self.instance_get(object, name).is_none()
        {
            return Ok((attribute, true));
        }
        Ok((self.get_attr(object, name)?, false))
    }

    /// Whether attribute access is `object.__getattribute__`.
    #[inline]
    pub(crate) fn is_generic_getattr(&self, slot: Option<super::slots::GetAttr>) -> bool {
        slot.is_none_or(|slot| self.is_getattr_of(self.types.object, slot))
    }

    /// Whether attributes are looked up as those of instances of a native class that has `__getattribute__`.
    fn is_getattr_of(&self, class: Gc<Class>, slot: super::slots::GetAttr) -> bool {
        class.get(self).slots.getattr.is_some_and(|own| std::ptr::fn_addr_eq(slot, own))
    }

    /// Whether a class attribute is `object.__getattribute__` itself.
    pub(crate) fn is_object_getattribute(&self, value: Value) -> bool {
        let own = self.types.object.get(self).slots.getattr.expect("object has __getattribute__");
        crate::types::SlotWrapper::wraps(self, value, own as usize)
    }
}

/// `object.__getattribute__`.
pub fn object_getattribute(py: &mut Py, object: Value, name: Gc<Str>) -> Result {
    match py.generic_lookup_attr(object, name)? {
        Some(value) => Ok(value),
        None => Err(py.no_attribute(object, name)),
    }
}

/// `object.__setattr__` and `object.__delattr__`.
pub fn object_setattr(py: &mut Py, object: Value, name: Gc<Str>, value: Option<Value>) -> Result<()> {
    py.generic_set_attr(object, name, value)
}
