//! The attributes of class objects.

use super::construct::check_name;
use crate::object::{Class, ClassFlags, Dict, Str, Tuple};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

#[pymethods(part = "attributes")]
impl Class {
    #[getter("__name__")]
    fn name(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        this.get(py).name
    }

    #[setter("__name__")]
    fn set_name(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let value = py.check_class_change(this, "__name__", value)?;
        let Some(name) = Gc::<Str>::cast(py, value) else {
            let (owner, given) = (this.get(py).name.get(py).lossy(), py.class_name(value));
            raise!(py, TypeError, "can only assign string to {owner}.__name__, not '{given}'");
        };
        check_name(py, name)?;
        this.get_mut(py).name = name;
        Ok(())
    }

    #[getter("__qualname__")]
    fn qualname(this: Gc<Self>, py: &mut Py) -> Gc<Str> {
        this.get(py).qualname
    }

    #[setter("__qualname__")]
    fn set_qualname(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let value = py.check_class_change(this, "__qualname__", value)?;
        let Some(name) = Gc::<Str>::cast(py, value) else {
            let (owner, given) = (this.get(py).name.get(py).lossy(), py.class_name(value));
            raise!(py, TypeError, "can only assign string to {owner}.__qualname__, not '{given}'");
        };
        this.get_mut(py).qualname = name;
        Ok(())
    }

    #[getter("__module__")]
    fn module(this: Gc<Self>, py: &mut Py) -> Result {
        if let Some(def) = this.get(py).def {
            return Ok(py.intern(def.module).into());
        }
        let name = py.names.__module__;
        match own(py, this, name) {
            Some(module) => Ok(module),
            None => raise!(py, AttributeError, "__module__"),
        }
    }

    #[setter("__module__")]
    fn set_module(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let value = py.check_class_change(this, "__module__", value)?;
        let (name, line) = (py.names.__module__, py.names.__firstlineno__);
        py.class_set_attr(this, line, None)?;
        py.class_set_attr(this, name, Some(value))?;
        Ok(())
    }

    #[getter("__doc__")]
    fn doc(this: Gc<Self>, py: &mut Py) -> Result {
        if let Some(def) = this.get(py).def {
            return Ok(if def.doc.is_empty() { Value::NONE } else { py.new_str(def.doc).into() });
        }
        let name = py.names.__doc__;
        let Some(doc) = own(py, this, name) else { return Ok(Value::NONE) };
        bound(py, this, doc)
    }

    #[setter("__doc__")]
    fn set_doc(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let value = py.check_class_change(this, "__doc__", value)?;
        let name = py.names.__doc__;
        py.class_set_attr(this, name, Some(value))?;
        Ok(())
    }

    #[getter("__dict__")]
    fn dict(this: Gc<Self>, py: &mut Py) -> Value {
        let dict = py.class_dict(this);
        py.new_mapping_proxy(dict.into())
    }

    #[getter("__mro__")]
    fn mro_tuple(this: Gc<Self>, py: &mut Py) -> Gc<Tuple> {
        this.get(py).mro
    }

    #[getter("__base__")]
    fn base(this: Gc<Self>, py: &mut Py) -> Option<Gc<Class>> {
        this.get(py).base
    }

    #[getter("__bases__")]
    fn bases(this: Gc<Self>, py: &mut Py) -> Gc<Tuple> {
        this.get(py).bases
    }

    #[setter("__bases__")]
    fn set_bases(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let value = py.check_class_change(this, "__bases__", value)?;
        py.assign_bases(this, value)
    }

    #[getter("__flags__")]
    fn flags(this: Gc<Self>, py: &mut Py) -> u64 {
        cpython_flags(this.get(py))
    }

    #[getter("__basicsize__")]
    fn basicsize(this: Gc<Self>, py: &mut Py) -> usize {
        this.get(py).basic_size()
    }

    #[getter("__itemsize__")]
    fn itemsize(this: Gc<Self>, py: &mut Py) -> usize {
        this.get(py).item_size()
    }

    #[getter("__dictoffset__")]
    fn dictoffset(this: Gc<Self>, py: &mut Py) -> i64 {
        match this.get(py).dict_offset {
            0 => 0,
            u32::MAX => -1,
            offset => i64::from(offset),
        }
    }

    #[getter("__weakrefoffset__")]
    fn weakrefoffset(this: Gc<Self>, py: &mut Py) -> i64 {
        if this.get(py).flags.contains(ClassFlags::HAS_WEAKREF) { -32 } else { 0 }
    }

    #[getter("__text_signature__")]
    fn text_signature(this: Gc<Self>, py: &mut Py) -> Option<Gc<Str>> {
        if let Some(def) = this.get(py).def {
            return def.text_signature.map(|text| py.new_str(text));
        }
        let name = py.names.__doc__;
        let doc = own(py, this, name).and_then(|doc| Gc::<Str>::cast(py, doc))?;
        let name = this.get(py).name;
        let signature = documented_signature(name.get(py).bytes(), doc.get(py).bytes())?.to_vec();
        Some(py.new_str_wtf8(&signature))
    }

    #[getter("__abstractmethods__")]
    fn abstractmethods(this: Gc<Self>, py: &mut Py) -> Result {
        let name = py.names.__abstractmethods__;
        match own(py, this, name) {
            Some(value) if this != py.types.r#type => Ok(value),
            _ => raise!(py, AttributeError, "__abstractmethods__"),
        }
    }

    #[setter("__abstractmethods__")]
    fn set_abstractmethods(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let name = py.names.__abstractmethods__;
        let abstract_now = match value {
            Some(value) => py.truth(value)?,
            None => false,
        };
        if !py.class_set_attr(this, name, value)? {
            raise!(py, AttributeError, "__abstractmethods__");
        }
        this.get_mut(py).flags.set(ClassFlags::ABSTRACT, abstract_now);
        Ok(())
    }

    #[getter("__annotations__")]
    fn annotations(this: Gc<Self>, py: &mut Py) -> Result {
        if !this.get(py).is_heap_class() {
            let owner = this.get(py).name.get(py).lossy();
            raise!(py, AttributeError, "type object '{owner}' has no attribute '__annotations__'");
        }
        let (name, cache) = (py.names.__annotations__, py.names.__annotations_cache__);
        if let Some(annotations) = own(py, this, name).or_else(|| own(py, this, cache)) {
            return bound(py, this, annotations);
        }
        let annotate = annotate_function(py, this)?;
        let annotations = if py.is_callable(annotate) { py.call_annotate(annotate)?.into() } else { Value::from(py.new_dict()) };
        py.class_set_attr(this, cache, Some(annotations))?;
        Ok(annotations)
    }

    #[setter("__annotations__")]
    fn set_annotations(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        if this.get(py).flags.contains(ClassFlags::IMMUTABLE) {
            let owner = py.class_full_name(this);
            raise!(py, TypeError, "cannot set '__annotations__' attribute of immutable type '{owner}'");
        }
        let (name, cache) = (py.names.__annotations__, py.names.__annotations_cache__);
        let key = if own(py, this, name).is_some() { name } else { cache };
        if !py.class_set_attr(this, key, value)? {
            raise!(py, AttributeError, "__annotations__");
        }
        for stale in [py.names.__annotate_func__, py.names.__annotate__] {
            py.class_set_attr(this, stale, None)?;
        }
        Ok(())
    }

    #[getter("__annotate__")]
    fn annotate(this: Gc<Self>, py: &mut Py) -> Result {
        if !this.get(py).is_heap_class() {
            let owner = this.get(py).name.get(py).lossy();
            raise!(py, AttributeError, "type object '{owner}' has no attribute '__annotate__'");
        }
        annotate_function(py, this)
    }

    #[setter("__annotate__")]
    fn set_annotate(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { raise!(py, TypeError, "cannot delete __annotate__ attribute") };
        if this.get(py).flags.contains(ClassFlags::IMMUTABLE) {
            let owner = py.class_full_name(this);
            raise!(py, TypeError, "cannot set '__annotate__' attribute of immutable type '{owner}'");
        }
        if !value.is_none() && !py.is_callable(value) {
            raise!(py, TypeError, "__annotate__ must be callable or None");
        }
        let function = py.names.__annotate_func__;
        py.class_set_attr(this, function, Some(value))?;
        if !value.is_none() {
            for stale in [py.names.__annotations_cache__, py.names.__annotations__] {
                py.class_set_attr(this, stale, None)?;
            }
        }
        Ok(())
    }

    #[getter("__type_params__")]
    fn type_params(this: Gc<Self>, py: &mut Py) -> Result {
        let name = py.names.__type_params__;
        match own(py, this, name) {
            Some(params) if this != py.types.r#type => Ok(params),
            _ => Ok(py.constants.empty_tuple.into()),
        }
    }

    #[setter("__type_params__")]
    fn set_type_params(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let value = py.check_class_change(this, "__type_params__", value)?;
        let name = py.names.__type_params__;
        py.class_set_attr(this, name, Some(value))?;
        Ok(())
    }
}

/// An entry of the class's own namespace.
/// The signature that a docstring begins with: `name(...)`, then a line of two dashes and an empty one.
fn documented_signature<'a>(name: &[u8], doc: &'a [u8]) -> Option<&'a [u8]> {
    const END: &[u8] = b")\n--\n\n";
    let signature = doc.strip_prefix(name)?;
    if !signature.starts_with(b"(") {
        return None;
    }
    let end = signature.windows(END.len()).position(|window| window == END)?;
    let paragraph = signature.windows(2).position(|window| window == b"\n\n")?;
    (end < paragraph).then(|| &signature[..=end])
}

fn own(py: &mut Py, class: Gc<Class>, name: Gc<Str>) -> Option<Value> {
    let namespace = py.class_dict(class);
    py.dict_get_str(namespace, name)
}

/// A value from the class's namespace as reading it from the class gives it.
fn bound(py: &mut Py, class: Gc<Class>, value: Value) -> Result {
    match py.class_of(value).get(py).slots.descr_get {
        Some(get) => get(py, value, None, Some(class.into())),
        None => Ok(value),
    }
}

/// The function that computes the annotations of a class, or None.
fn annotate_function(py: &mut Py, class: Gc<Class>) -> Result {
    let (function, name) = (py.names.__annotate_func__, py.names.__annotate__);
    if let Some(annotate) = own(py, class, function).or_else(|| own(py, class, name)) {
        return bound(py, class, annotate);
    }
    py.class_set_attr(class, function, Some(Value::NONE))?;
    Ok(Value::NONE)
}

impl Py {
    /// Whether a value can be called.
    pub fn is_callable(&self, value: Value) -> bool {
        self.class_of(value).get(self).slots.call.is_some()
    }

    /// `annotate(1)`: the annotations as values.
    pub(crate) fn call_annotate(&mut self, annotate: Value) -> Result<Gc<Dict>> {
        let annotations = self.call(annotate, &[Value::small(1)])?;
        match Gc::<Dict>::cast(self, annotations) {
            Some(dict) => Ok(dict),
            None => {
                let given = self.class_name(annotations);
                raise!(self, TypeError, "__annotate__ returned non-dict of type '{given}'")
            }
        }
    }
}

/// The bits of `tp_flags` that have the same meaning here.
fn cpython_flags(class: &Class) -> u64 {
    const HEAP: u64 = 0x5610;
    const STATIC: u64 = 0x1000;
    let own = class.flags;
    let mut flags = if own.contains(ClassFlags::HEAP) { HEAP & !0x410 } else { STATIC };
    if own.contains(ClassFlags::HEAP) && class.dict_offset != 0 {
        // INLINE_VALUES and MANAGED_DICT
        flags |= if class.inline_capacity > 0 { 1 << 2 | 1 << 4 } else { 1 << 4 };
    }
    let bits = [
        (ClassFlags::SEQUENCE, 5),
        (ClassFlags::MAPPING, 6),
        (ClassFlags::DISALLOW_INSTANTIATION, 7),
        (ClassFlags::IMMUTABLE, 8),
        (ClassFlags::BASETYPE, 10),
        (ClassFlags::METHOD_DESCRIPTOR, 17),
        (ClassFlags::ABSTRACT, 20),
        (ClassFlags::MATCH_SELF, 22),
        (ClassFlags::INT, 24),
        (ClassFlags::LIST, 25),
        (ClassFlags::TUPLE, 26),
        (ClassFlags::BYTES, 27),
        (ClassFlags::STR, 28),
        (ClassFlags::DICT, 29),
        (ClassFlags::EXCEPTION, 30),
        (ClassFlags::TYPE, 31),
    ];
    for (flag, bit) in bits {
        if own.contains(flag) {
            flags |= 1 << bit;
        }
    }
    if own.contains(ClassFlags::HEAP | ClassFlags::HAS_DICT) {
        flags |= 1 << 4;
    }
    if own.contains(ClassFlags::HEAP | ClassFlags::HAS_WEAKREF) {
        flags |= 1 << 3;
    }
    flags
}
