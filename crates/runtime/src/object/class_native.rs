//! Making class objects for native types from their `ClassDef`.
//!
//! The core classes are made together at start-up, with shape numbers known at compile time; classes of native modules are made on
//! first use.

use super::class::{ClassFlags, KnownMethod};
use super::shape::Storage;
use super::slots::SLOTS;
use super::wrappers::call_slot;
use super::{Class, Dict, Shape, Slots, Str, Tuple};
use crate::native::{Args, ClassDef, FunctionDef, FunctionKind, NativeClass};
use crate::types::{BuiltinFunction, ClassMethodDescriptor, GetSetDescriptor, MethodDescriptor, SlotWrapper, StaticMethod};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, HeapVec, Value};

impl Py {
    /// An empty class object of the right shape, for the first phase of start-up.
    pub(crate) fn bare_class(&mut self, def: &'static ClassDef, metaclass_shape: u32, name: Gc<Str>) -> Gc<Class> {
        let empty = self.constants.empty_tuple;
        let class = Class {
            header: Header::EMPTY,
            version: 0,
            flags: def.flags | ClassFlags::IMMUTABLE,
            root_shape: 0,
            dict_shape: 0,
            dict_offset: def.dict_offset as u32,
            fixed_words: 0,
            inline_capacity: 0,
            constructor: KnownMethod::UNKNOWN,
            getitem: KnownMethod::UNKNOWN,
            keeps_class: 0,
            slots: def.slots,
            layout: def.layout,
            def: Some(def),
            name,
            qualname: name,
            bases: empty,
            mro: empty,
            base: None,
            namespace: None,
            specials: Default::default(),
            subclasses: HeapVec::EMPTY,
            extra: None,
        };
        self.heap.alloc_object(metaclass_shape, 0, class)
    }

    /// Connect a native class to its base.
    pub(crate) fn finish_native_class(&mut self, class: Gc<Class>, base: Option<Gc<Class>>, shape: Option<u32>) -> Result<()> {
        if let Some(base) = base {
            let bases = self.new_tuple(&[base.into()]);
            let inherited = self.inherited_flags(base);
            let from = base.get(self);
            let (dict_offset, words) = (from.dict_offset, from.fixed_words);
            let this = class.get_mut(self);
            this.bases = bases;
            this.base = Some(base);
            this.flags |= inherited;
            if this.dict_offset == 0 {
                this.dict_offset = dict_offset;
                this.fixed_words = words;
            }
        }
        let mro = self.native_mro(class, base);
        class.get_mut(self).mro = mro;
        let storage = if class.get(self).dict_offset == 0 { Storage::Fixed } else { Storage::Dict };
        let number = match shape {
            Some(number) => {
                self.shapes[number as usize].storage = storage;
                number
            }
            None => self.new_shape(class, storage),
        };
        let this = class.get_mut(self);
        this.root_shape = number;
        this.dict_shape = number;
        this.flags.set(ClassFlags::HAS_DICT, this.dict_offset != 0);
        if let Some(base) = base {
            self.inherit_slots(class, base);
            self.add_subclass(base, class)?;
        }
        Ok(())
    }

    fn native_mro(&mut self, class: Gc<Class>, base: Option<Gc<Class>>) -> Gc<super::Tuple> {
        let mut linear = arrayvec::ArrayVec::<Value, 16>::new();
        linear.push(class.into());
        if let Some(base) = base {
            let mro = base.get(self).mro;
            linear.extend(mro.get(self).items().iter().copied());
        }
        self.new_tuple(&linear)
    }

    /// The namespace of a class. Most native classes are never looked into; those that are get theirs then.
    #[inline]
    pub fn class_dict(&mut self, class: Gc<Class>) -> Gc<Dict> {
        match class.get(self).namespace {
            Some(namespace) => namespace,
            None => self.make_namespace(class),
        }
    }

    #[cold]
    fn make_namespace(&mut self, class: Gc<Class>) -> Gc<Dict> {
        let namespace = self.new_dict();
        class.get_mut(self).namespace = Some(namespace);
        if self.fill_namespace(class, namespace).is_err() {
            self.clear_exception();
            self.heap.set_memory_pending();
            class.get_mut(self).namespace = None;
        }
        namespace
    }

    fn fill_namespace(&mut self, class: Gc<Class>, dict: Gc<Dict>) -> Result<()> {
        let def = class.get(self).def.expect("a native class has a declaration");
        self.add_slot_wrappers(class, dict, &def.slots)?;
        if def.slots.new.is_some() {
            let function = self.alloc(BuiltinFunction::new(&NEW, Some(class.into()), None));
            let name = self.names.__new__;
            self.dict_set_str(dict, name, function.into())?;
        }
        self.dict_reserve(dict, def.parts.iter().map(|part| part.methods.len() + part.getsets.len() + part.constants.len()).sum())?;
        for method in def.all_methods() {
            let name = self.intern(method.name);
            let value = self.method_object(class, method);
            self.dict_set_str(dict, name, value)?;
        }
        for getset in def.all_getsets() {
            let name = self.intern(getset.name);
            let descriptor = self.alloc(GetSetDescriptor::new(class, getset));
            self.dict_set_str(dict, name, descriptor.into())?;
        }
        for constant in def.all_constants() {
            let name = self.intern(constant.name);
            let value = (constant.value)(self)?;
            self.dict_set_str(dict, name, value)?;
        }
        let dict_name = self.names.__dict__;
        if def.dict_offset != 0 && def.base.is_none_or(|base| base.dict_offset == 0) && self.dict_get_str(dict, dict_name).is_none() {
            let descriptor = self.dict_descriptor(class);
            self.dict_set_str(dict, dict_name, descriptor)?;
        }
        let doc = match def.doc {
            "" => Value::NONE,
            text => self.new_str(text).into(),
        };
        let name = self.names.__doc__;
        if self.dict_get_str(dict, name).is_none() {
            self.dict_set_str(dict, name, doc)?;
        }
        // A getter for instances takes the place of the class's own.
        let name = self.names.__module__;
        if def.module != "builtins" && self.dict_get_str(dict, name).is_none() {
            let module = self.intern(def.module);
            self.dict_set_str(dict, name, module.into())?;
        }
        if def.slots.richcompare.is_some() && def.slots.hash.is_none() {
            let name = self.names.__hash__;
            self.dict_set_str(dict, name, Value::NONE)?;
        }
        Ok(())
    }

    fn add_slot_wrappers(&mut self, class: Gc<Class>, dict: Gc<Dict>, slots: &Slots) -> Result<()> {
        for slot in SLOTS {
            let Some(function) = (slot.get)(slots) else { continue };
            for method in slot.methods {
                if method.name == "__getattr__" {
                    continue;
                }
                let name = self.intern(method.name);
                if self.dict_get_str(dict, name).is_some() {
                    continue;
                }
                let wrapper = self.alloc(SlotWrapper { header: Header::EMPTY, class, method, function });
                self.dict_set_str(dict, name, wrapper.into())?;
            }
        }
        Ok(())
    }

    fn method_object(&mut self, class: Gc<Class>, method: &'static FunctionDef) -> Value {
        match method.kind {
            FunctionKind::ClassMethod => self.alloc(ClassMethodDescriptor { header: Header::EMPTY, class, def: method }).into(),
            FunctionKind::StaticMethod => {
                let function = self.alloc(BuiltinFunction::new(method, Some(class.into()), None));
                self.alloc(StaticMethod::of(function.into())).into()
            }
            FunctionKind::Method | FunctionKind::Function => {
                self.alloc(MethodDescriptor { header: Header::EMPTY, class, def: method }).into()
            }
        }
    }

    /// Record a new direct subclass.
    pub(crate) fn add_subclass(&mut self, base: Gc<Class>, class: Gc<Class>) -> Result<()> {
        // Native classes live as long as the interpreter.
        let entry: Value = if class.get(self).is_heap_class() { self.weak_reference(class.into()).into() } else { class.into() };
        if self.heap.vec_push(base, |c: &mut Class| &mut c.subclasses, entry).is_err() {
            return Err(self.no_memory());
        }
        Ok(())
    }

    /// The class of a native module's type.
    pub fn class_for(&mut self, def: &'static ClassDef) -> Gc<Class> {
        let id = def.id();
        if let Some(Some(class)) = self.native_classes.get(id) {
            return *class;
        }
        self.make_native_class(def)
    }

    #[cold]
    fn make_native_class(&mut self, def: &'static ClassDef) -> Gc<Class> {
        let base = match def.base {
            Some(base) => self.class_for(base),
            None => self.types.object,
        };
        let id = def.id();
        let name = self.intern(def.name);
        let metaclass_shape = self.types.r#type.get(self).root_shape;
        let class = self.bare_class(def, metaclass_shape, name);
        if self.native_classes.len() <= id {
            self.native_classes.resize(id + 1, None);
        }
        self.native_classes[id] = Some(class);
        self.heap.keep(class.into());
        if self.finish_native_class(class, Some(base), None).is_err() {
            self.clear_exception();
            self.heap.set_memory_pending();
        }
        class
    }

    /// The first phase of start-up for all core classes: class objects with their fixed shape numbers.
    pub(crate) fn reserve_core_shapes(&mut self, count: usize, placeholder: Gc<Class>) {
        self.shape_classes.resize(count, placeholder);
        while self.shapes.len() < count {
            self.shapes.push(Shape::placeholder(placeholder));
        }
    }
}

/// `C.__new__` of native classes.
static NEW: FunctionDef = FunctionDef {
    name: "__new__",
    doc: "Create and return a new object.  See help(type) for accurate signature.",
    text_signature: Some("($type, *args, **kwargs)"),
    params: &crate::native::Params::RAW,
    call: call_new,
    kind: FunctionKind::Method,
    collects: false,
};

/// `T.__new__(S, ...)`: S must be a subtype of T with the same native layout.
fn call_new(py: &mut Py, values: &[Value], kwnames: Option<Gc<Tuple>>) -> Result {
    let (owner, rest) = Args::received(py, values, kwnames).split_first(py)?;
    let owner = Gc::<Class>::cast(py, owner).expect("__new__ is bound to its class");
    let Some(first) = rest.positional().first().copied() else {
        let owner_name = owner.get(py).name.get(py).lossy();
        raise!(py, TypeError, "{owner_name}.__new__(): not enough arguments");
    };
    let Some(class) = Gc::<Class>::cast(py, first) else {
        let owner_name = owner.get(py).name.get(py).lossy();
        let given = py.class_name(first);
        raise!(py, TypeError, "{owner_name}.__new__(X): X is not a type object ({given})");
    };
    if !py.is_subtype(class, owner) {
        let (owner_name, class_name) = (owner.get(py).name.get(py).lossy(), class.get(py).name.get(py).lossy());
        raise!(py, TypeError, "{owner_name}.__new__({class_name}): {class_name} is not a subtype of {owner_name}");
    }
    if class.get(py).flags.contains(ClassFlags::DISALLOW_INSTANTIATION) {
        let name = py.class_full_name(class);
        raise!(py, TypeError, "cannot create '{name}' instances");
    }
    let mut base = class;
    while base.get(py).is_heap_class() {
        base = base.get(py).base.expect("heap classes have a base");
    }
    let other_constructor = match (base.get(py).slots.new, owner.get(py).slots.new) {
        (Some(new), Some(own)) => !std::ptr::fn_addr_eq(new, own),
        _ => false,
    };
    if other_constructor || !std::ptr::eq(class.get(py).layout, owner.get(py).layout) {
        let [owner_name, class_name, safe] = [owner, class, base].map(|class| class.get(py).name.get(py).lossy());
        raise!(py, TypeError, "{owner_name}.__new__({class_name}) is not safe, use {safe}.__new__()");
    }
    let new = owner.get(py).slots.new.expect("a class with __new__");
    let rest = rest.rest();
    new(py, class, rest.values(), rest.kwnames())
}

impl SlotWrapper {
    /// Call the wrapped slot on `object`.
    pub fn invoke(this: Gc<Self>, py: &mut Py, object: Value, args: Args) -> Result {
        let (method, function, class) = {
            let this = this.get(py);
            (this.method, this.function, this.class)
        };
        if !py.is_instance_of(object, class) {
            let (owner, given) = (class.get(py).name.get(py).lossy(), py.class_name(object));
            raise!(py, TypeError, "descriptor '{}' requires a '{owner}' object but received a '{given}'", method.name);
        }
        call_slot(py, method, function, object, args)
    }
}

impl Py {
    /// The shape number for objects of a native class.
    #[inline]
    pub fn shape_for<T: NativeClass>(&mut self) -> u32 {
        T::shape(self)
    }
}
