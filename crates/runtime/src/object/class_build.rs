//! Making classes from Python: `type(name, bases, namespace)` and the class statement.
//!
//! Chooses the base that decides the layout, the MRO (C3), the slots, members and storage. Counterpart: `type_new` in
//! `Objects/typeobject.c`.

use super::class::{ClassFlags, KnownMethod};
use super::{Class, Dict, Slots, Str, Tuple};
use crate::types::MemberDescriptor;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, HeapVec, RootVec, Value};

/// What a class statement gives to `type.__new__`.
pub struct ClassSpec {
    /// The metaclass, already the most derived one.
    pub metaclass: Gc<Class>,
    /// `__name__`
    pub name: Gc<Str>,
    /// The bases, `__mro_entries__` already resolved; empty means `object`.
    pub bases: Gc<Tuple>,
    /// The namespace, which is copied.
    pub namespace: Gc<Dict>,
}

impl Py {
    /// Make a class. `__set_name__` and `__init_subclass__` are the caller's next steps.
    pub fn build_class(&mut self, spec: ClassSpec) -> Result<Gc<Class>> {
        let bases = if spec.bases.get(self).is_empty() {
            let object = self.types.object.into();
            self.new_tuple(&[object])
        } else {
            spec.bases
        };
        let base = self.best_base(bases)?;
        let dict = self.own_namespace(spec.name, spec.namespace)?;
        let slots_name = self.names.__slots__;
        let declared = self.dict_get_str(dict, slots_name);
        let (members, mut add_dict, add_weakref) = self.declared_slots(spec.name, base, bases, dict, declared)?;
        if declared.is_none() {
            add_dict = base.get(self).dict_offset == 0 && !base.get(self).flags.contains(ClassFlags::TYPE);
        }
        let attributes = self.static_attribute_count(dict, base);
        let mut flags = self.inherited_flags(base) | ClassFlags::BASETYPE | ClassFlags::HEAP;
        if declared.is_none() || add_weakref {
            flags |= ClassFlags::HAS_WEAKREF;
        }
        // The first base that is a sequence or a mapping decides.
        let collection = ClassFlags::SEQUENCE | ClassFlags::MAPPING;
        flags -= collection;
        for index in 0..bases.get(self).len() {
            let other = Gc::<Class>::known(self, bases.get(self).items()[index]);
            let inherited = if flags.intersects(collection) { ClassFlags::HAS_WEAKREF } else { ClassFlags::HAS_WEAKREF | collection };
            flags |= other.get(self).flags & inherited;
            if other.get(self).dict_offset != 0 && base.get(self).dict_offset == 0 && !base.get(self).flags.contains(ClassFlags::TYPE) {
                add_dict = true;
            }
        }
        let layout = base.get(self).layout;
        let empty = self.constants.empty_tuple;
        let payload = Class {
            header: Header::EMPTY,
            version: 0,
            flags,
            root_shape: 0,
            dict_shape: 0,
            dict_offset: 0,
            fixed_words: 0,
            inline_capacity: 0,
            constructor: KnownMethod::UNKNOWN,
            getitem: KnownMethod::UNKNOWN,
            keeps_class: 0,
            slots: Slots::EMPTY,
            layout,
            def: None,
            name: spec.name,
            qualname: spec.name,
            bases,
            mro: empty,
            base: Some(base),
            namespace: Some(dict),
            specials: Default::default(),
            subclasses: HeapVec::EMPTY,
            extra: None,
        };
        let class = self.alloc_as(spec.metaclass, payload);
        self.lay_out_class(class, Some(base), members.len(), add_dict, attributes);
        self.prepare_namespace(class, base, dict, &members)?;
        let mro = self.compute_mro(class)?;
        class.get_mut(self).mro = mro;
        self.compute_slots(class);
        for index in 0..bases.get(self).len() {
            let other = Gc::<Class>::known(self, bases.get(self).items()[index]);
            self.add_subclass(other, class)?;
        }
        Ok(class)
    }

    /// The namespace of a class: a copy, in the order in which the original iterates.
    fn own_namespace(&mut self, class: Gc<Str>, namespace: Gc<Dict>) -> Result<Gc<Dict>> {
        let (given, plain, iter) = (self.class_of(namespace.into()), self.types.dict, self.names.__iter__);
        let dict = if given == plain || self.type_lookup(given, iter) == self.type_lookup(plain, iter) {
            self.dict_copy(namespace)?
        } else {
            let dict = self.new_dict();
            self.dict_display_update(dict, namespace.into())?;
            dict
        };
        let mut at = 0;
        while let Some((position, key, _)) = dict.get(self).entry_from(at) {
            at = position + 1;
            if !self.is_str(key) {
                let (category, name) = (self.exceptions.RuntimeWarning, class.get(self).lossy());
                self.warn(category, &format!("non-string key in the __dict__ of class {name}"))?;
                break;
            }
        }
        Ok(dict)
    }

    /// The number of attributes that methods of the class and of what it derives from assign on `self`, as the compiler has found them,
    /// and room for two more.
    fn static_attribute_count(&mut self, dict: Gc<Dict>, base: Gc<Class>) -> usize {
        let name = self.names.__static_attributes__;
        let mut found = Vec::new();
        let mro = base.get(self).mro;
        let inherited = mro.get(self).items().iter().map(|class| Gc::<Class>::known(self, *class).get(self).namespace);
        for dict in std::iter::once(dict).chain(inherited.flatten()) {
            let names = self.dict_get_str(dict, name).and_then(|names| Gc::<Tuple>::cast(self, names));
            found.extend(names.iter().flat_map(|names| names.get(self).items()).map(|name| name.bits()));
        }
        found.sort_unstable();
        found.dedup();
        found.len() + 2
    }

    /// The namespace entries `type` itself adds or changes.
    fn prepare_namespace(&mut self, class: Gc<Class>, base: Gc<Class>, dict: Gc<Dict>, members: &RootVec) -> Result<()> {
        let names = self.names;
        if let Some(qualname) = self.dict_get_str(dict, names.__qualname__) {
            let Some(text) = Gc::<Str>::cast(self, qualname) else {
                let given = self.class_name(qualname);
                raise!(self, TypeError, "type __qualname__ must be a str, not {given}");
            };
            class.get_mut(self).qualname = text;
            self.dict_remove_str(dict, names.__qualname__);
        }
        if self.dict_get_str(dict, names.__module__).is_none()
            && let Some(module) = self.calling_module_name()
        {
            self.dict_set_str(dict, names.__module__, module)?;
        }
        for (name, kind) in [(names.__new__, false), (names.__init_subclass__, true), (names.__class_getitem__, true)] {
            if let Some(function) = self.dict_get_str(dict, name)
                && self.is_python_function(function)
            {
                let wrapped = if kind { self.new_class_method(function) } else { self.new_static_method(function) };
                self.dict_set_str(dict, name, wrapped)?;
            }
        }
        if let Some(cell) = self.dict_remove_str(dict, names.__classcell__) {
            self.set_class_cell(cell, class)?;
        }
        if let Some(cell) = self.dict_remove_str(dict, names.__classdictcell__) {
            self.set_cell(cell, dict.into());
        }
        let start = base.get(self).fixed_words as usize;
        let size = class.get(self).layout.size;
        for index in 0..members.len() {
            let name = Gc::<Str>::known(self, members[index]);
            let offset = size + 8 * (start + index);
            let member = self.alloc(MemberDescriptor { header: Header::EMPTY, class, name, offset: offset as u32 });
            self.dict_set_str(dict, name, member.into())?;
        }
        let added_dict = class.get(self).dict_offset != 0 && base.get(self).dict_offset == 0;
        if added_dict && self.dict_get_str(dict, names.__dict__).is_none() {
            let descriptor = self.dict_descriptor(class);
            self.dict_set_str(dict, names.__dict__, descriptor)?;
        }
        let weak = ClassFlags::HAS_WEAKREF;
        let added_weakref = class.get(self).flags.contains(weak) && !base.get(self).flags.contains(weak);
        if added_weakref && self.dict_get_str(dict, names.__weakref__).is_none() {
            let descriptor = self.weakref_descriptor(class);
            self.dict_set_str(dict, names.__weakref__, descriptor)?;
        }
        if self.dict_get_str(dict, names.__doc__).is_none() {
            self.dict_set_str(dict, names.__doc__, Value::NONE)?;
        }
        if self.dict_get_str(dict, names.__eq__).is_some() && self.dict_get_str(dict, names.__hash__).is_none() {
            self.dict_set_str(dict, names.__hash__, Value::NONE)?;
        }
        Ok(())
    }

    fn set_class_cell(&mut self, cell: Value, class: Gc<Class>) -> Result<()> {
        if !self.is_cell(cell) {
            let class_of_cell = self.class_of(cell).into();
            let given = self.repr_text(class_of_cell)?;
            raise!(self, TypeError, "__classcell__ must be a nonlocal cell, not {given}");
        }
        self.set_cell(cell, class.into());
        Ok(())
    }

    /// Member names from `__slots__` (mangled, sorted), whether it adds `__dict__`, and whether it adds `__weakref__`.
    fn declared_slots(
        &mut self,
        class_name: Gc<Str>,
        base: Gc<Class>,
        bases: Gc<Tuple>,
        dict: Gc<Dict>,
        declared: Option<Value>,
    ) -> Result<(RootVec, bool, bool)> {
        let mut members = RootVec::new(&mut self.heap);
        let Some(declared) = declared else { return Ok((members, false, false)) };
        let mut given = RootVec::new(&mut self.heap);
        if self.is_str(declared) {
            given.push(declared);
        } else {
            self.extend_from_iterable(&mut given, declared)?;
        }
        let variable = base.get(self).layout.is_variable() || base.get(self).flags.contains(ClassFlags::INT);
        let base_name = base.get(self).name.get(self).lossy();
        if !given.is_empty() && variable {
            raise!(self, TypeError, "nonempty __slots__ not supported for subtype of '{base_name}'");
        }
        let (mut wants_dict, mut wants_weakref) = (false, false);
        let mut may_have_weakref = !base.get(self).flags.contains(ClassFlags::HAS_WEAKREF);
        let may_have_dict = base.get(self).dict_offset == 0;
        if bases.get(self).len() > 1 {
            may_have_weakref = true;
        }
        for index in 0..given.len() {
            let name = given[index];
            let Some(name) = Gc::<Str>::cast(self, name) else {
                let kind = self.class_name(name);
                raise!(self, TypeError, "__slots__ items must be strings, not '{kind}'");
            };
            let text = name.get(self).lossy();
            if !crate::text::is_identifier(&text) {
                raise!(self, TypeError, "__slots__ must be identifiers");
            }
            match text.as_str() {
                "__dict__" if !may_have_dict || wants_dict => raise!(self, TypeError, "__dict__ slot disallowed: we already got one"),
                "__dict__" => wants_dict = true,
                "__weakref__" if !may_have_weakref || wants_weakref => {
                    raise!(self, TypeError, "__weakref__ slot disallowed: we already got one")
                }
                "__weakref__" => wants_weakref = true,
                _ => {
                    let mangled = crate::text::mangle(&class_name.get(self).lossy(), &text);
                    let mangled = self.intern(&mangled);
                    let allowed = matches!(text.as_str(), "__qualname__" | "__classcell__" | "__classdictcell__");
                    if self.dict_get_str(dict, mangled).is_some() && !allowed {
                        raise!(self, ValueError, "'{text}' in __slots__ conflicts with class variable");
                    }
                    members.push(mangled.into());
                }
            }
        }
        members.sort_by(|a, b| {
            let (a, b) = (Gc::<Str>::known(self, *a), Gc::<Str>::known(self, *b));
            a.get(self).bytes().cmp(b.get(self).bytes())
        });
        Ok((members, wants_dict, wants_weakref))
    }

    /// The base whose layout the new class extends; an error where two bases have layouts that cannot be combined.
    pub(crate) fn best_base(&mut self, bases: Gc<Tuple>) -> Result<Gc<Class>> {
        let mut winner: Option<(Gc<Class>, Gc<Class>)> = None;
        for index in 0..bases.get(self).len() {
            let value = bases.get(self).items()[index];
            let Some(candidate) = Gc::<Class>::cast(self, value) else { raise!(self, TypeError, "bases must be types") };
            if !candidate.get(self).flags.contains(ClassFlags::BASETYPE) {
                let name = candidate.get(self).name.get(self).lossy();
                raise!(self, TypeError, "type '{name}' is not an acceptable base type");
            }
            let solid = self.solid_base(candidate);
            winner = match winner {
                None => Some((candidate, solid)),
                Some((best, best_solid)) if self.is_subtype(best_solid, solid) => Some((best, best_solid)),
                Some((_, best_solid)) if self.is_subtype(solid, best_solid) => Some((candidate, solid)),
                Some(_) => raise!(self, TypeError, "multiple bases have instance lay-out conflict"),
            };
        }
        Ok(winner.expect("at least one base").0)
    }

    /// The nearest ancestor that adds to the layout.
    fn solid_base(&self, class: Gc<Class>) -> Gc<Class> {
        let Some(base) = class.get(self).base else { return class };
        let (own, from) = (class.get(self), base.get(self));
        let own_dict = (own.dict_offset != 0 && from.dict_offset == 0 && own.is_heap_class()) as u8;
        let extends = !std::ptr::eq(own.layout, from.layout) || own.fixed_words > from.fixed_words + own_dict;
        if extends { class } else { self.solid_base(base) }
    }

    /// The most derived metaclass of the bases and `metaclass`.
    pub fn calculate_metaclass(&mut self, metaclass: Gc<Class>, bases: &[Value]) -> Result<Gc<Class>> {
        let mut winner = metaclass;
        for base in bases {
            let meta = self.class_of(*base);
            if self.is_subtype(winner, meta) {
                continue;
            }
            if self.is_subtype(meta, winner) {
                winner = meta;
                continue;
            }
            raise!(
                self,
                TypeError,
                "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases"
            );
        }
        Ok(winner)
    }

    /// `cls.mro()`, through an override of the metaclass where there is one, checked.
    pub(crate) fn compute_mro(&mut self, class: Gc<Class>) -> Result<Gc<Tuple>> {
        let meta = self.class_of(class.into());
        if meta == self.types.r#type {
            return self.c3_mro(class);
        }
        let name = self.intern("mro");
        let Some(method) = self.lookup_special(class.into(), name)? else { return self.c3_mro(class) };
        let result = self.call(method, &[])?;
        let tuple = self.tuple_from_iterable(result)?;
        for index in 0..tuple.get(self).len() {
            let entry = tuple.get(self).items()[index];
            if Gc::<Class>::cast(self, entry).is_none() {
                let given = self.class_name(entry);
                raise!(self, TypeError, "mro() returned a non-class ('{given}')");
            }
        }
        Ok(tuple)
    }

    /// The C3 linearisation of a class and its bases.
    pub fn c3_mro(&mut self, class: Gc<Class>) -> Result<Gc<Tuple>> {
        let bases = class.get(self).bases;
        let count = bases.get(self).len();
        let mut merged = RootVec::new(&mut self.heap);
        merged.push(class.into());
        let mut sequences = RootVec::new(&mut self.heap);
        for index in 0..count {
            let base = Gc::<Class>::known(self, bases.get(self).items()[index]);
            if bases.get(self).items()[..index].contains(&base.into()) {
                let name = base.get(self).name.get(self).lossy();
                raise!(self, TypeError, "duplicate base class {name}");
            }
            sequences.push(base.get(self).mro.into());
        }
        sequences.push(bases.into());
        let mut heads = vec![0usize; sequences.len()];
        loop {
            let mut chosen = None;
            let mut remaining = false;
            for (number, head) in heads.iter().enumerate() {
                let sequence = Gc::<Tuple>::known(self, sequences[number]).get(self).items();
                let Some(candidate) = sequence.get(*head).copied() else { continue };
                remaining = true;
                let blocked = heads.iter().enumerate().any(|(other, head)| {
                    let items = Gc::<Tuple>::known(self, sequences[other]).get(self).items();
                    items.get(head + 1..).is_some_and(|tail| tail.contains(&candidate))
                });
                if !blocked {
                    chosen = Some(candidate);
                    break;
                }
            }
            let Some(chosen) = chosen else {
                if remaining {
                    return Err(self.mro_conflict(&sequences, &heads));
                }
                return Ok(self.new_tuple(&merged));
            };
            merged.push(chosen);
            for (number, head) in heads.iter_mut().enumerate() {
                let items = Gc::<Tuple>::known(self, sequences[number]).get(self).items();
                if items.get(*head) == Some(&chosen) {
                    *head += 1;
                }
            }
        }
    }

    fn mro_conflict(&mut self, sequences: &RootVec, heads: &[usize]) -> crate::Raised {
        let mut names: Vec<String> = Vec::new();
        for (number, head) in heads.iter().enumerate() {
            let items = Gc::<Tuple>::known(self, sequences[number]).get(self).items();
            if let Some(class) = items.get(*head) {
                let name = Gc::<Class>::known(self, *class).get(self).name.get(self).lossy();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        let names = names.join(", ");
        crate::error!(self, TypeError, "Cannot create a consistent method resolution order (MRO) for bases {names}")
    }
}
