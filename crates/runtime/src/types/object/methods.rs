//! Methods and attributes of every object: `__class__`, `__dir__`, `__format__`, `__sizeof__`, the hooks for subclasses.
//!
//! Counterpart: `object_methods` and `object_getsets` in `Objects/typeobject.c`.

use super::reduce;
use crate::native::Args;
use crate::object::{Class, ClassFlags, Dict, Instance, Str, Tuple};
use crate::types::{List, MemberDescriptor, Module};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

#[pymethods(part = "methods")]
impl Instance {
    /// the object's class
    #[getter("__class__")]
    fn class(this: Value, py: &mut Py) -> Gc<Class> {
        py.class_of(this)
    }

    #[setter("__class__")]
    fn set_class(this: Value, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { raise!(py, TypeError, "can't delete __class__ attribute") };
        let Some(class) = Gc::<Class>::cast(py, value) else {
            let given = py.class_name(value);
            raise!(py, TypeError, "__class__ must be set to a class, not '{given}' object");
        };
        let old = py.class_of(this);
        let module = py.types.module;
        let modules = py.is_subtype(class, module) && py.is_subtype(old, module);
        if !modules && [class, old].iter().any(|class| class.get(py).flags.contains(ClassFlags::IMMUTABLE)) {
            raise!(py, TypeError, "__class__ assignment only supported for mutable types or ModuleType subclasses");
        }
        py.check_same_layout(old, class, "__class__")?;
        let name = py.names.__class__.into();
        py.audit("object.__setattr__", &[this, name, class.into()])?;
        if old != class {
            py.set_object_class(this, class);
        }
        Ok(())
    }

    /// Helper for pickle.
    fn __reduce__(this: Value, py: &mut Py) -> Result {
        reduce::reduce(py, this, 0)
    }

    /// Helper for pickle.
    #[signature(self, protocol, /)]
    fn __reduce_ex__(this: Value, py: &mut Py, protocol: i32) -> Result {
        let name = py.names.__reduce__;
        if let Some(method) = py.lookup_attr(this, name)? {
            let class = py.class_of(this);
            let defined = py.type_lookup(class, name);
            let object = py.types.object;
            let namespace = py.class_dict(object);
            let own = py.dict_get_str(namespace, name);
            if defined != own {
                return py.call(method, &[]);
            }
        }
        reduce::reduce(py, this, protocol)
    }

    /// Helper for pickle.
    fn __getstate__(this: Value, py: &mut Py) -> Result {
        reduce::default_state(py, this, false)
    }

    /// This method is called when a class is subclassed.
    ///
    /// The default implementation does nothing. It may be
    /// overridden to extend subclasses.
    #[raw]
    #[signature(type, /)]
    fn __init_subclass__(cls: Gc<Class>, py: &mut Py, args: Args) -> Result<()> {
        let name = cls.get(py).name.get(py).lossy();
        if args.has_keywords() {
            raise!(py, TypeError, "{name}.__init_subclass__() takes no keyword arguments");
        }
        match args.len() {
            0 => Ok(()),
            count => raise!(py, TypeError, "{name}.__init_subclass__() takes no arguments ({count} given)"),
        }
    }

    /// Abstract classes can override this to customize issubclass().
    ///
    /// This is invoked early on by abc.ABCMeta.__subclasscheck__().
    /// It should return True, False or NotImplemented.  If it returns
    /// NotImplemented, the normal algorithm is used.  Otherwise, it
    /// overrides the normal algorithm (and the outcome is cached).
    #[signature(type, object, /)]
    fn __subclasshook__(_cls: Gc<Class>, _py: &mut Py, _object: Value) -> Value {
        Value::NOT_IMPLEMENTED
    }

    /// Default object formatter.
    ///
    /// Return str(self) if format_spec is empty. Raise TypeError otherwise.
    #[signature(self, format_spec, /)]
    fn __format__(this: Value, py: &mut Py, format_spec: Value) -> Result {
        let Some(spec) = Gc::<Str>::cast(py, format_spec) else {
            let given = py.class_name(format_spec);
            raise!(py, TypeError, "__format__() argument must be str, not {given}");
        };
        if spec.get(py).byte_len() > 0 {
            let class = py.class_name(this);
            raise!(py, TypeError, "unsupported format string passed to {class}.__format__");
        }
        Ok(py.str(this)?.into())
    }

    /// Size of object in memory, in bytes.
    fn __sizeof__(this: Value, py: &mut Py) -> usize {
        let class = py.class_of(this);
        let (size, variable) = (class.get(py).basic_size(), class.get(py).layout.is_variable());
        let items = if variable { Gc::<Tuple>::cast(py, this).map_or(0, |tuple| tuple.get(py).len()) } else { 0 };
        size + 8 * items
    }

    /// Default dir() implementation.
    fn __dir__(this: Value, py: &mut Py) -> Result<Gc<List>> {
        let names = py.new_dict();
        let key = py.names.__dict__;
        if let Some(own) = py.lookup_attr(this, key)?
            && let Some(own) = Gc::<Dict>::cast(py, own)
        {
            py.dict_copy_into(names, own)?;
        }
        let key = py.names.__class__;
        if let Some(class) = py.lookup_attr(this, key)? {
            py.merge_class_names(names, class)?;
        }
        py.dict_key_list(names)
    }
}

impl Py {
    /// Add the names that a class and its bases define, as `dir` shows them.
    pub(crate) fn merge_class_names(&mut self, names: Gc<Dict>, class: Value) -> Result<()> {
        self.enter_native(" while listing attributes")?;
        let (dict_name, bases_name) = (self.names.__dict__, self.names.__bases__);
        if let Some(class) = Gc::<Class>::cast(self, class) {
            let dict = self.class_dict(class);
            self.dict_copy_into(names, dict)?;
        } else if let Some(dict) = self.lookup_attr(class, dict_name)? {
            let iterator = self.iter(dict)?;
            while let Some(key) = self.next(iterator)? {
                self.dict_set(names, key, Value::NONE)?;
            }
        }
        let Some(bases) = self.lookup_attr(class, bases_name)? else { return Ok(()) };
        let Some(bases) = Gc::<Tuple>::cast(self, bases) else { return Ok(()) };
        for index in 0..bases.get(self).len() {
            let base = bases.get(self).items()[index];
            self.merge_class_names(names, base)?;
        }
        Ok(())
    }

    /// The keys of a dictionary as a list.
    pub(crate) fn dict_key_list(&mut self, dict: Gc<Dict>) -> Result<Gc<List>> {
        let list = self.new_list(&[])?;
        let mut at = 0;
        while let Some((position, key, _)) = dict.get(self).entry_from(at) {
            self.list_push(list, key)?;
            at = position + 1;
        }
        Ok(list)
    }

    /// Whether instances of `old` can become instances of `new`; `what` is assigned to.
    pub(crate) fn check_same_layout(&mut self, old: Gc<Class>, new: Gc<Class>, what: &str) -> Result<()> {
        let (from, to) = (old.get(self), new.get(self));
        let native = |class: &Class| if class.is_heap_class() { 0 } else { class.layout as *const _ as usize };
        let modules = from.layout.name == to.layout.name && self.is_subtype(new, self.types.module);
        let deallocator = native(from) == native(to) || modules;
        let weak = ClassFlags::HAS_WEAKREF;
        let same = std::ptr::eq(from.layout, to.layout)
            && from.fixed_words == to.fixed_words
            && from.dict_offset == to.dict_offset
            && from.flags.contains(weak) == to.flags.contains(weak)
            && self.member_names(old) == self.member_names(new);
        if deallocator && same {
            return Ok(());
        }
        let reason = if deallocator { "object layout" } else { "deallocator" };
        let (old, new) = (old.get(self).name.get(self).lossy(), new.get(self).name.get(self).lossy());
        raise!(self, TypeError, "{what} assignment: '{new}' {reason} differs from '{old}'")
    }

    /// The members that `__slots__` of a class and its bases made, with their places.
    fn member_names(&self, class: Gc<Class>) -> Vec<(u32, Gc<Str>)> {
        let mut found = Vec::new();
        let mut at = Some(class);
        while let Some(class) = at {
            let entries = class.get(self).namespace.iter().flat_map(|namespace| namespace.get(self).entries());
            let members = entries.filter_map(|entry| Gc::<MemberDescriptor>::cast(self, entry.value?));
            found.extend(members.map(|member| (member.get(self).offset, member.get(self).name)));
            at = class.get(self).base;
        }
        found.sort_by_key(|(offset, _)| *offset);
        found
    }

    /// Whether a value is a module.
    pub fn is_module(&self, value: Value) -> bool {
        Gc::<Module>::cast(self, value).is_some()
    }
}
