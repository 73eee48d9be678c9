//! Calls, class instantiation, isinstance and issubclass.

use crate::native::Args;
use crate::object::{Class, Dict, Str, Tuple, is_exact};
use crate::types::shapes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, RootVec, Value};

impl Py {
    /// `callable(*args)`.
    #[inline]
    pub fn call(&mut self, callable: Value, args: &[Value]) -> Result {
        self.call_args(callable, Args::new(args))
    }

    /// Call with the last `names.len()` values of `values` as keyword arguments.
    pub fn call_kw(&mut self, callable: Value, values: &[Value], names: Gc<Tuple>) -> Result {
        let args = Args::with_keywords(self, values, Some(names));
        self.call_args(callable, args)
    }

    /// Call with keyword arguments that a program has put into a dictionary, behind the positional ones, which are in `values`.
    pub fn call_with_dict(&mut self, callable: Value, values: &mut RootVec, keywords: Gc<Dict>) -> Result {
        let names = self.keyword_names(keywords)?;
        let mut position = 0;
        while let Some((found, _, value)) = keywords.get(self).entry_from(position) {
            values.push(value);
            position = found + 1;
        }
        self.call_kw(callable, values, names)
    }

    /// The keys of a dictionary of keyword arguments, which must be strings.
    pub(crate) fn keyword_names(&mut self, keywords: Gc<Dict>) -> Result<Gc<Tuple>> {
        let mut names = RootVec::new(&mut self.heap);
        let mut position = 0;
        while let Some((found, name, _)) = keywords.get(self).entry_from(position) {
            if !self.is_str(name) {
                raise!(self, TypeError, "keywords must be strings");
            }
            names.push(name);
            position = found + 1;
        }
        Ok(self.new_tuple(&names))
    }

    /// Call with arguments as they were received.
    #[inline]
    pub fn call_args(&mut self, callable: Value, args: Args) -> Result {
        match self.class_of(callable).get(self).slots.call {
            Some(call) => {
                self.enter_native("")?;
                call(self, callable, args.values(), args.kwnames())
            }
            None => {
                let class = self.class_name(callable);
                raise!(self, TypeError, "'{class}' object is not callable")
            }
        }
    }

    /// Call with one more argument in front.
    pub fn call_prepended(&mut self, callable: Value, first: Value, args: Args) -> Result {
        if args.len() < 8 {
            let mut values = [Value::NONE; 9];
            values[0] = first;
            values[1..=args.len()].copy_from_slice(args.values());
            let args = Args::with_keywords(self, &values[..=args.len()], args.kwnames());
            return self.call_args(callable, args);
        }
        let mut values = RootVec::new(&mut self.heap);
        values.push(first);
        values.extend_from_slice(args.values());
        let args = Args::with_keywords(self, &values, args.kwnames());
        self.call_args(callable, args)
    }

    /// `object.name(*args)`.
    pub fn call_method(&mut self, object: Value, name: Gc<Str>, args: &[Value]) -> Result {
        let (method, unbound) = self.get_method(object, name)?;
        if unbound { self.call_prepended(method, object, Args::new(args)) } else { self.call(method, args) }
    }

    /// `object.name(*args)` for a name written in Rust.
    pub fn call_method_named(&mut self, object: Value, name: &str, args: &[Value]) -> Result {
        let name = self.intern(name);
        self.call_method(object, name, args)
    }

    /// Call the special method `name` of the class of `object`, or None when there is none.
    pub fn call_special(&mut self, object: Value, name: Gc<Str>, args: &[Value]) -> Result<Option<Value>> {
        match self.lookup_special_unbound(object, name)? {
            Some((method, true)) => self.call_prepended(method, object, Args::new(args)).map(Some),
            Some((method, false)) => self.call(method, args).map(Some),
            None => Ok(None),
        }
    }

    /// `class(*args)`: `__new__`, then `__init__` if the result is an instance. Counterpart: `type_call`.
    pub fn instantiate(&mut self, class: Gc<Class>, args: Args) -> Result {
        let Some(new) = class.get(self).slots.new else {
            let name = self.class_full_name(class);
            raise!(self, TypeError, "cannot create '{name}' instances");
        };
        let object = new(self, class, args.values(), args.kwnames())?;
        let actual = self.class_of(object);
        let init = actual.get(self).slots.init;
        if actual == class {
            let (init, new) = (init.map(|init| init as usize), Some(new as usize));
            let made_by = |class: Gc<Class>| class.get(self).slots.new.map(|new| new as usize) == new;
            let initialised_by = |class: Gc<Class>| class.get(self).slots.init.map(|init| init as usize) == init;
            // `object.__init__` takes anything where `__new__` is not that of `object`, and that of exceptions what their `__new__` has taken.
            let (object_class, exception) = (self.types.object, self.exceptions.BaseException);
            if initialised_by(object_class) && !made_by(object_class)
                || initialised_by(exception) && made_by(exception) && !args.has_keywords()
            {
                return Ok(object);
            }
        } else if !self.is_subtype(actual, class) {
            return Ok(object);
        }
        if let Some(init) = init {
            init(self, object, args.values(), args.kwnames())?;
        }
        Ok(object)
    }

    /// `isinstance(object, class_or_tuple)`.
    pub fn is_instance(&mut self, object: Value, classes: Value) -> Result<bool> {
        if let Some(found) = self.quick_is_instance(object, classes) {
            return Ok(found);
        }
        if let Some(tuple) = Gc::<Tuple>::cast(self, classes) {
            self.enter_native(" in __instancecheck__")?;
            for index in 0..tuple.get(self).len() {
                let class = tuple.get(self).items()[index];
                if self.is_instance(object, class)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if let Some(union) = self.union_members(classes) {
            return self.is_instance(object, union);
        }
        let name = self.names.__instancecheck__;
        if let Some(method) = self.lookup_special(classes, name)? {
            self.enter_native(" in __instancecheck__")?;
            let result = self.call(method, &[object])?;
            return self.truth(result);
        }
        self.is_instance_plain(object, classes)
    }

    /// `isinstance(object, class_or_tuple)` where that can be told without running Python code.
    pub(crate) fn quick_is_instance(&mut self, object: Value, classes: Value) -> Option<bool> {
        let class = self.class_of(object);
        if Value::from(class) == classes {
            return Some(true);
        }
        if is_exact(classes, shapes::TYPE) {
            return self.is_plain_instance(object, Gc::known(self, classes));
        }
        if !is_exact(classes, shapes::TUPLE) {
            return None;
        }
        let tuple = Gc::<Tuple>::known(self, classes);
        for index in 0..tuple.get(self).len() {
            let other = tuple.get(self).items()[index];
            if Value::from(class) == other {
                return Some(true);
            }
            if !is_exact(other, shapes::TYPE) {
                return None;
            }
            if self.is_plain_instance(object, Gc::known(self, other))? {
                return Some(true);
            }
        }
        Some(false)
    }

    /// `isinstance` by the class of the object alone; None if its `__class__` may be another one.
    #[inline]
    fn is_plain_instance(&mut self, object: Value, class: Gc<Class>) -> Option<bool> {
        if self.is_instance_of(object, class) {
            return Some(true);
        }
        self.keeps_class(object).then_some(false)
    }

    /// `type.__instancecheck__`: the class of the object, then its `__class__`.
    pub fn is_instance_plain(&mut self, object: Value, class: Value) -> Result<bool> {
        if let Some(class) = Gc::<Class>::cast(self, class) {
            if let Some(found) = self.is_plain_instance(object, class) {
                return Ok(found);
            }
            let name = self.names.__class__;
            let claimed = self.lookup_attr(object, name)?;
            return Ok(claimed.and_then(|claimed| Gc::<Class>::cast(self, claimed)).is_some_and(|claimed| self.is_subtype(claimed, class)));
        }
        let text = "isinstance() arg 2 must be a type, a tuple of types, or a union";
        self.check_class_like(class, text)?;
        let name = self.names.__class__;
        match self.lookup_attr(object, name)? {
            Some(claimed) => self.abstract_subclass(claimed, class),
            None => Ok(false),
        }
    }

    /// Whether `object.__class__` is what `object` makes of it: the class of the object.
    fn keeps_class(&mut self, object: Value) -> bool {
        let class = self.class_of(object);
        let this = class.get(self);
        this.keeps_class == this.version && this.version != 0 || self.find_keeps_class(class)
    }

    #[cold]
    fn find_keeps_class(&mut self, class: Gc<Class>) -> bool {
        let (base, name) = (self.types.object, self.names.__class__);
        let getattr = |class: Gc<Class>| class.get(self).slots.getattr.map(|getattr| getattr as usize);
        let keeps = getattr(class) == getattr(base)
            && (!class.get(self).is_heap_class() || self.type_lookup(class, name) == self.type_lookup(base, name));
        if keeps {
            let version = self.class_version(class);
            class.get_mut(self).keeps_class = version;
        }
        keeps
    }

    /// `issubclass(class, class_or_tuple)`.
    pub fn is_subclass(&mut self, class: Value, classes: Value) -> Result<bool> {
        if Gc::<Class>::cast(self, classes).is_some() && self.class_of(classes) == self.types.r#type {
            if class == classes {
                return Ok(true);
            }
            return self.is_subclass_plain(class, classes);
        }
        if let Some(union) = self.union_members(classes) {
            return self.is_subclass(class, union);
        }
        if let Some(tuple) = Gc::<Tuple>::cast(self, classes) {
            self.enter_native(" in __subclasscheck__")?;
            for index in 0..tuple.get(self).len() {
                let candidate = tuple.get(self).items()[index];
                if self.is_subclass(class, candidate)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let name = self.names.__subclasscheck__;
        if let Some(method) = self.lookup_special(classes, name)? {
            self.enter_native(" in __subclasscheck__")?;
            let result = self.call(method, &[class])?;
            return self.truth(result);
        }
        self.is_subclass_plain(class, classes)
    }

    /// `type.__subclasscheck__`.
    pub fn is_subclass_plain(&mut self, class: Value, other: Value) -> Result<bool> {
        if let (Some(class), Some(other)) = (Gc::<Class>::cast(self, class), Gc::<Class>::cast(self, other)) {
            return Ok(self.is_subtype(class, other));
        }
        self.check_class_like(class, "issubclass() arg 1 must be a class")?;
        self.check_class_like(other, "issubclass() arg 2 must be a class, a tuple of classes, or a union")?;
        self.abstract_subclass(class, other)
    }

    fn bases_of(&mut self, class: Value) -> Result<Option<Gc<Tuple>>> {
        let name = self.names.__bases__;
        let bases = self.lookup_attr(class, name)?;
        Ok(bases.and_then(|bases| Gc::<Tuple>::cast(self, bases)))
    }

    fn check_class_like(&mut self, class: Value, text: &str) -> Result<()> {
        if self.bases_of(class)?.is_none() {
            raise!(self, TypeError, "{text}");
        }
        Ok(())
    }

    fn abstract_subclass(&mut self, class: Value, other: Value) -> Result<bool> {
        if class == other {
            return Ok(true);
        }
        self.enter_native(" in __issubclass__")?;
        let Some(bases) = self.bases_of(class)? else { return Ok(false) };
        for index in 0..bases.get(self).len() {
            let base = bases.get(self).items()[index];
            if self.abstract_subclass(base, other)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
