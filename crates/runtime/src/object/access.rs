//! How attributes are found on instances of a shape: what sites share that see too many shapes to cache one themselves.
//!
//! The table is keyed by shape and name. Whatever rests on the class holds its version; the places of instance attributes
//! rest on the shape alone, and changes of classes that matter to them empty the table ([`Py::flush_inline_caches`]). Collections remove
//! what refers to the dead: a dictionary of a class that was changed behind its back keeps the version. Interned names live for ever.

use super::shape::Storage;
use super::{Class, ClassFlags, Dict, Str, Tuple, is_exact, read_word, shape_of};
use crate::types::{ClassMethod, Function, GetSetDescriptor, MemberDescriptor, Property, TupleGetter, shapes};
use crate::{Py, Result};
use bredli_heap::{Gc, Liveness, Value};

/// How an attribute is found on the instances of a shape.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Access {
    /// In the word at this offset.
    Slot(u32),
    /// On the class; the value is bound by no descriptor.
    Class(Value),
    /// On the class: a function or method descriptor, which a call passes the instance to.
    Method(Value),
    /// On the class: a function that a call passes the class to.
    ClassMethod(Value),
    /// In the dictionary that the word at this offset refers to, else on the class; the value is bound by no descriptor.
    Dict(u32, Option<Value>),
    /// In the dictionary that the word at this offset refers to, else on the class, as for `Method`.
    DictMethod(u32, Value),
    /// This item of the instance, which is a tuple.
    Item(u32),
    /// What this native descriptor gives.
    Native(Gc<GetSetDescriptor>),
    /// A property with a Python function that takes the instance.
    Property(Gc<Function>),
    /// Only the general protocol can tell.
    Other,
    /// How it is set: in the word at this offset, after which the instance has this shape.
    Store(u32, u32),
}

impl Access {
    /// Whether what it refers to survives a collection.
    fn survives(self, alive: &Liveness) -> bool {
        match self {
            Access::Class(value) | Access::Method(value) | Access::ClassMethod(value) | Access::DictMethod(_, value) => {
                alive.is_alive_value(value)
            }
            Access::Dict(_, fallback) => fallback.is_none_or(|value| alive.is_alive_value(value)),
            Access::Native(descriptor) => alive.is_alive(descriptor),
            Access::Property(getter) => alive.is_alive(getter),
            Access::Slot(_) | Access::Item(_) | Access::Other | Access::Store(..) => true,
        }
    }
}

/// An attribute found with the help of the table.
pub(crate) enum Found {
    Value(Value),
    /// This is called with that receiver in front.
    Method(Value, Value),
    /// This has to be called with the object.
    Getter(Getter),
}

type Getter = fn(&mut Py, Value) -> Result<Value>;

#[derive(Clone, Copy)]
struct Entry {
    shape: u32,
    /// Of the class.
    version: u32,
    /// The address of the name; odd where the attribute is set.
    name: usize,
    access: Access,
}

impl Entry {
    const EMPTY: Entry = Entry { shape: u32::MAX, version: 0, name: 0, access: Access::Other };
}

#[derive(Clone, Copy)]
struct SuperEntry {
    /// Of the class of the object.
    version: u32,
    start: usize,
    name: usize,
    value: Option<Value>,
}

impl SuperEntry {
    const EMPTY: SuperEntry = SuperEntry { version: 0, start: 0, name: 0, value: None };
}

const ENTRIES: usize = 2048;
const SUPER_ENTRIES: usize = 64;

/// What is known about attributes.
pub(crate) struct AccessTable {
    entries: Vec<Entry>,
    supers: Vec<SuperEntry>,
    /// Whether something was entered since the last collection.
    unswept: bool,
}

impl AccessTable {
    pub(crate) const EMPTY: AccessTable = AccessTable { entries: Vec::new(), supers: Vec::new(), unswept: false };

    /// Forget everything.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.supers.clear();
    }

    /// Forget what refers to objects that a collection found dead.
    pub(crate) fn sweep(&mut self, alive: &Liveness) {
        if !std::mem::take(&mut self.unswept) && !alive.is_major() {
            return;
        }
        for entry in self.entries.iter_mut().filter(|entry| !entry.access.survives(alive)) {
            *entry = Entry::EMPTY;
        }
        for entry in self.supers.iter_mut().filter(|entry| !entry.value.is_none_or(|value| alive.is_alive_value(value))) {
            *entry = SuperEntry::EMPTY;
        }
    }

    /// The entry for a shape and the address of a name.
    #[inline(always)]
    fn entry(&self, shape: u32, name: usize) -> Option<&Entry> {
        let place = place(shape as usize, name, ENTRIES);
        let is_wanted = |entry: &&Entry| entry.shape == shape && entry.name == name;
        let first = self.entries.get(place)?;
        if is_wanted(&first) { Some(first) } else { self.entries.get(place ^ 1).filter(is_wanted) }
    }

    /// The offset of the word that holds the attribute on instances of this shape, if it is known.
    #[inline(always)]
    pub(crate) fn slot(&self, shape: u32, name: usize) -> Option<u32> {
        match self.entry(shape, name)?.access {
            Access::Slot(offset) => Some(offset),
            _ => None,
        }
    }

    /// Where setting the attribute writes and the shape after it, if they are known.
    #[inline(always)]
    pub(crate) fn store(&self, shape: u32, name: usize) -> Option<(u32, u32)> {
        match self.entry(shape, name | STORE)?.access {
            Access::Store(offset, after) => Some((offset, after)),
            _ => None,
        }
    }

    fn insert(&mut self, entry: Entry) {
        if self.entries.is_empty() {
            self.entries.resize(ENTRIES, Entry::EMPTY);
        }
        self.unswept = true;
        // Each has two places; the newest is in the first one.
        let place = place(entry.shape as usize, entry.name, ENTRIES);
        self.entries[place ^ 1] = self.entries[place];
        self.entries[place] = entry;
    }

    /// Setting the attribute on instances of the shape `before` writes at this offset, unless [`Py::flush_inline_caches`] says otherwise.
    pub(crate) fn insert_store(&mut self, before: u32, name: Gc<Str>, offset: u32, after: u32) {
        self.insert(Entry { shape: before, version: 0, name: name.address() | STORE, access: Access::Store(offset, after) });
    }
}

/// Marks the name of an entry for setting.
const STORE: usize = 1;

/// The number of an object's shape; that of its class for numbers that are no heap objects.
#[inline(always)]
fn number_of(object: Value) -> Option<u32> {
    if object.is_heap() {
        return Some(shape_of(object));
    }
    if object.is_int() {
        return Some(shapes::INT);
    }
    object.as_float().map(|_| shapes::FLOAT)
}

/// Where the search for a name begins; the mark of a name counts, too.
#[inline(always)]
fn place(number: usize, name: usize, places: usize) -> usize {
    let mixed = (number as u32).wrapping_mul(0x85EB_CA6B) ^ name as u32;
    (mixed.wrapping_mul(0x9E37_79B1) >> (32 - places.ilog2())) as usize
}

impl Py {
    /// How attribute `name` of `object` is found, from the table.
    #[inline]
    fn access(&mut self, object: Value, shape: u32, name: Gc<Str>) -> Access {
        let class = self.shape_classes[shape as usize];
        match self.accesses.entry(shape, name.address()) {
            Some(entry) if entry.version == class.get(self).version => entry.access,
            _ => self.find_access(object, shape, class, name),
        }
    }

    #[cold]
    fn find_access(&mut self, object: Value, shape: u32, class: Gc<Class>, name: Gc<Str>) -> Access {
        let access = self.resolve_access(object, name);
        let version = self.class_version(class);
        self.accesses.insert(Entry { shape, version, name: name.address(), access });
        access
    }

    /// What a call of attribute `name` of a heap object calls, if the table has it, and the word of what goes in front of the arguments.
    #[inline(always)]
    pub(crate) fn called_attribute(&self, object: Value, name: usize) -> Option<(Value, u64)> {
        let shape = shape_of(object);
        let entry = self.accesses.entry(shape, name)?;
        match entry.access {
            Access::Method(value) if entry.version == self.shape_classes[shape as usize].get(self).version => Some((value, object.bits())),
            Access::Slot(offset) => read_word(object, offset as usize).map(|value| (value, 0)),
            Access::DictMethod(offset, value)
                if entry.version == self.shape_classes[shape as usize].get(self).version
                    && read_word(object, offset as usize).is_none() =>
            {
                Some((value, object.bits()))
            }
            _ => None,
        }
    }

    /// How attribute `name` of `object` is found, as far as the shape and the version of the class decide it.
    pub(crate) fn resolve_access(&mut self, object: Value, name: Gc<Str>) -> Access {
        let Some(number) = number_of(object) else { return Access::Other };
        let class = self.class_of(object);
        let module = number == shapes::MODULE;
        if !module && !self.is_generic_getattr(class.get(self).slots.getattr) {
            return Access::Other;
        }
        let attribute = self.type_lookup(class, name);
        let mut binds = false;
        if let Some(attribute) = attribute {
            let kind = self.class_of(attribute);
            let slots = &kind.get(self).slots;
            binds = slots.descr_get.is_some();
            if slots.descr_set.is_some() {
                return self.data_descriptor_access(class, attribute, kind);
            }
        }
        let shape = &self.shapes[number as usize];
        let storage = shape.storage;
        match storage {
            Storage::Inline => {
                if let Some(position) = shape.position(name) {
                    return Access::Slot((class.get(self).inline_offset() + 8 * position) as u32);
                }
            }
            Storage::Dict => {
                let offset = class.get(self).dict_offset;
                let fallback = attribute.filter(|_| !module);
                if offset == super::class::DICT_AFTER_ITEMS || offset == 0 {
                    return Access::Other;
                }
                return match fallback {
                    Some(method) if self.is_method(fallback) => Access::DictMethod(offset, method),
                    Some(_) if binds => Access::Other,
                    _ => Access::Dict(offset, fallback),
                };
            }
            Storage::Fixed => {}
        }
        match attribute {
            Some(attribute) if self.is_method(Some(attribute)) => Access::Method(attribute),
            Some(attribute) if self.class_of(attribute) == self.types.classmethod => {
                let callable = Gc::<ClassMethod>::known(self, attribute).get(self).callable;
                callable.filter(|callable| is_exact(*callable, shapes::FUNCTION)).map_or(Access::Other, Access::ClassMethod)
            }
            Some(attribute) if !binds => Access::Class(attribute),
            _ => Access::Other,
        }
    }

    fn is_method(&self, attribute: Option<Value>) -> bool {
        attribute.is_none_or(|attribute| self.class_of(attribute).get(self).flags.contains(ClassFlags::METHOD_DESCRIPTOR))
    }

    fn data_descriptor_access(&mut self, class: Gc<Class>, attribute: Value, kind: Gc<Class>) -> Access {
        if let Some(member) = Gc::<MemberDescriptor>::cast(self, attribute) {
            return Access::Slot(member.get(self).offset);
        }
        if let Some(native) = Gc::<GetSetDescriptor>::cast(self, attribute)
            && self.is_subtype(class, native.get(self).class)
        {
            return Access::Native(native);
        }
        if kind == self.types.tuplegetter && class.get(self).flags.contains(ClassFlags::TUPLE) {
            return Access::Item(Gc::<TupleGetter>::known(self, attribute).get(self).index as u32);
        }
        if kind == self.types.property
            && let Some(getter) = Gc::<Property>::known(self, attribute).get(self).getter
            && let Some(getter) = self.plain_getter(getter)
        {
            return Access::Property(getter);
        }
        Access::Other
    }

    /// The attribute, where the table tells without running Python code.
    #[inline]
    pub(crate) fn find_attribute(&mut self, object: Value, name: Gc<Str>) -> Option<Found> {
        match self.access(object, number_of(object)?, name) {
            Access::Slot(offset) => read_word(object, offset as usize).map(Found::Value),
            Access::Class(value) => Some(Found::Value(value)),
            Access::Method(value) => Some(Found::Method(value, object)),
            Access::ClassMethod(value) => Some(Found::Method(value, self.class_of(object).into())),
            Access::Dict(offset, fallback) => self.dict_word_get(object, offset, name).or(fallback).map(Found::Value),
            Access::DictMethod(offset, method) => match self.dict_word_get(object, offset, name) {
                Some(value) => Some(Found::Value(value)),
                None => Some(Found::Method(method, object)),
            },
            Access::Item(index) => Gc::<Tuple>::known(self, object).get(self).items().get(index as usize).copied().map(Found::Value),
            Access::Native(descriptor) => descriptor.get(self).def.get.map(Found::Getter),
            Access::Property(_) | Access::Store(..) | Access::Other => None,
        }
    }

    /// The attribute in the dictionary that the word at an offset refers to, if there is one.
    #[inline]
    fn dict_word_get(&self, object: Value, offset: u32, name: Gc<Str>) -> Option<Value> {
        let dict = read_word(object, offset as usize)?;
        self.dict_get_str(Gc::<Dict>::known(self, dict), name)
    }

    /// The attribute behind `start` in the MRO of `class`.
    pub(crate) fn type_lookup_after(&mut self, start: Gc<Class>, class: Gc<Class>, name: Gc<Str>) -> Option<Value> {
        let version = class.get(self).version;
        let place = place(version as usize, name.address(), SUPER_ENTRIES);
        if let Some(entry) = self.accesses.supers.get(place)
            && entry.version == version
            && version != 0
            && entry.start == start.address()
            && entry.name == name.address()
        {
            return entry.value;
        }
        let mro = class.get(self).mro;
        let position = mro.get(self).items().iter().position(|base| *base == start.into())?;
        let value = self.type_lookup_in_mro(class, name, position + 1).map(|(value, _)| value);
        if name.get(self).is_interned() {
            let version = self.class_version(class);
            let place = self::place(version as usize, name.address(), SUPER_ENTRIES);
            if self.accesses.supers.is_empty() {
                self.accesses.supers.resize(SUPER_ENTRIES, SuperEntry::EMPTY);
            }
            self.accesses.unswept = true;
            self.accesses.supers[place] = SuperEntry { version, start: start.address(), name: name.address(), value };
        }
        value
    }
}
