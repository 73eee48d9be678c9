//! Class objects: the instances of `type`.
//!
//! A class knows its method resolution order, its namespace, its slots and where its instances keep attributes. Lookups
//! through the MRO are cached by class version; any change to a class gives it and its subclasses new versions. Counterpart: `Objects/typeobject.c`.

use super::shape::Storage;
use super::slots::{SLOTS, Slots};
use super::specials::Specials;
use super::{Dict, Str, Tuple};
use crate::native::{ClassDef, NativeClass};
use crate::types::{Function, Weakref, shapes};
use crate::{Py, Result};
use bredli_heap::{Gc, Header, Heap, HeapVec, Kind, Layout, Liveness, Object, RootVec, Value};
use bredli_macros::{Trace, pyclass};

/// Most attributes an instance keeps inline.
pub const MAX_INLINE: usize = 30;
/// `Class::dict_offset` of classes whose instances have their dict word after variable items.
pub const DICT_AFTER_ITEMS: u32 = u32::MAX;

bitflags::bitflags! {
    /// Properties of a class, inherited where CPython inherits them.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct ClassFlags: u32 {
        /// May be subclassed from Python.
        const BASETYPE = 1;
        /// Matches sequence patterns.
        const SEQUENCE = 1 << 1;
        /// Matches mapping patterns.
        const MAPPING = 1 << 2;
        /// Cannot be changed from Python.
        const IMMUTABLE = 1 << 3;
        /// Cannot be called to make instances.
        const DISALLOW_INSTANTIATION = 1 << 4;
        /// Has abstract methods left.
        const ABSTRACT = 1 << 5;
        /// Functions and method descriptors: bound without a bound method object in calls.
        const METHOD_DESCRIPTOR = 1 << 6;
        /// Made by a class statement or `type()`.
        const HEAP = 1 << 7;
        /// A subclass of int.
        const INT = 1 << 8;
        /// A subclass of list.
        const LIST = 1 << 9;
        /// A subclass of tuple.
        const TUPLE = 1 << 10;
        /// A subclass of bytes.
        const BYTES = 1 << 11;
        /// A subclass of str.
        const STR = 1 << 12;
        /// A subclass of dict.
        const DICT = 1 << 13;
        /// A subclass of BaseException.
        const EXCEPTION = 1 << 14;
        /// A subclass of type.
        const TYPE = 1 << 15;
        /// Instances have `__dict__`, in a word behind the payload.
        const HAS_DICT = 1 << 16;
        /// Instances can be weakly referenced.
        const HAS_WEAKREF = 1 << 17;
        /// The sequence protocol by index is native (iteration falls back to it).
        const INDEXABLE = 1 << 18;
        /// Single positional class pattern captures the subject itself (`int(x)`).
        const MATCH_SELF = 1 << 19;
    }
}

/// What native subclasses and Python subclasses take over from their base.
const INHERITED: ClassFlags = ClassFlags::SEQUENCE
    .union(ClassFlags::MAPPING)
    .union(ClassFlags::INT)
    .union(ClassFlags::LIST)
    .union(ClassFlags::TUPLE)
    .union(ClassFlags::BYTES)
    .union(ClassFlags::STR)
    .union(ClassFlags::DICT)
    .union(ClassFlags::EXCEPTION)
    .union(ClassFlags::TYPE)
    .union(ClassFlags::HAS_DICT)
    .union(ClassFlags::HAS_WEAKREF)
    .union(ClassFlags::MATCH_SELF);

/// type(object) -> the object's type
/// type(name, bases, dict, **kwds) -> a new type
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "type", core, flags(BASETYPE, TYPE, HAS_WEAKREF), parts(attributes, methods))]
pub struct Class {
    /// The object header.
    pub header: Header,
    /// Changes whenever a lookup through the class might give another answer; 0: not assigned since the last change.
    pub version: u32,
    /// Properties.
    #[trace(skip)]
    pub flags: ClassFlags,
    /// Shape of fresh instances.
    pub root_shape: u32,
    /// Shape of instances that keep attributes in a dictionary.
    pub dict_shape: u32,
    /// Byte offset of the dict word in instances; 0: none.
    pub dict_offset: u32,
    /// Words between the payload and the inline attributes: members and the dict word.
    pub fixed_words: u8,
    /// Inline attribute slots that fresh instances get.
    pub inline_capacity: u8,
    /// The Python function that initialises instances which `object.__new__` makes.
    pub(crate) constructor: KnownMethod,
    /// The Python function that is `__getitem__`.
    pub(crate) getitem: KnownMethod,
    /// The version in which the `__class__` of instances is known to be their class.
    #[trace(skip)]
    pub(crate) keeps_class: u32,
    /// Native functions.
    #[trace(skip)]
    pub slots: Slots,
    /// Layout of the native payload.
    #[trace(skip)]
    pub layout: &'static Layout,
    /// The native declaration, for classes that have one.
    #[trace(skip)]
    pub def: Option<&'static ClassDef>,
    /// `__name__`
    pub name: Gc<Str>,
    /// `__qualname__`
    pub qualname: Gc<Str>,
    /// `__bases__`
    pub bases: Gc<Tuple>,
    /// `__mro__`, the class itself first.
    pub mro: Gc<Tuple>,
    /// `__base__`: the base that decides the layout.
    pub base: Option<Gc<Class>>,
    /// The namespace; none for a native class that nobody has looked into.
    pub(crate) namespace: Option<Gc<Dict>>,
    /// For one version of the namespace: which special methods it defines.
    #[trace(skip)]
    pub(super) specials: (u32, Specials),
    /// The direct subclasses: native ones, and weak references to others.
    pub subclasses: HeapVec<Value>,
    /// The class of the class may define `__dict__`-like state: unused words stay empty.
    pub extra: Option<Value>,
}

impl Class {
    /// A cell that stands for classes which do not exist yet; it is never read.
    pub(crate) fn placeholder(heap: &mut Heap) -> Gc<Class> {
        let cell = heap.alloc_raw(shapes::BUFFER, Kind::Leaf, 0, Class::LAYOUT.size);
        // SAFETY: the cell has the size of a class; start-up replaces the handle before anything reads through it.
        unsafe { Gc::from_ptr(cell.cast()) }
    }

    /// The native declaration, for classes that have one.
    pub fn definition(&self) -> Option<&'static ClassDef> {
        self.def
    }

    /// Byte offset of the first inline attribute.
    #[inline(always)]
    pub fn inline_offset(&self) -> usize {
        self.layout.size + 8 * self.fixed_words as usize
    }

    /// The size of what instances may hold any number of, or zero; CPython's words for it.
    pub fn item_size(&self) -> usize {
        match self.layout.is_variable() {
            true => 8,
            false if self.flags.contains(ClassFlags::INT) => 4,
            false => self.flags.contains(ClassFlags::BYTES) as usize,
        }
    }

    /// How many inline slots an existing instance has.
    #[inline(always)]
    pub fn inline_capacity_of(&self, object: Value) -> usize {
        (object.header().aux() as usize).saturating_sub(self.fixed_words as usize)
    }

    /// Value words behind the payload of fresh instances.
    #[inline(always)]
    pub fn trailing_words(&self) -> u8 {
        self.fixed_words + self.inline_capacity
    }

    /// `__basicsize__`: bytes of a fresh instance without variable items, counted with CPython's two-word header.
    pub fn basic_size(&self) -> usize {
        self.layout.size + 8 + 8 * self.fixed_words as usize
    }

    /// Whether the class was made from Python.
    pub fn is_heap_class(&self) -> bool {
        self.flags.contains(ClassFlags::HEAP)
    }
}

/// Byte offset of the first trailing word of an object with variable items.
pub(crate) fn offset_after_items(py: &Py, object: Value) -> usize {
    Tuple::ITEMS + 8 * Gc::<Tuple>::known(py, object).get(py).len()
}

/// A method of a class, as it was in one version of the class.
#[derive(Clone, Copy, Trace)]
pub(crate) struct KnownMethod {
    #[trace(skip)]
    pub(crate) version: u32,
    /// None: it is no Python function.
    pub(crate) function: Option<Gc<Function>>,
}

impl KnownMethod {
    pub(crate) const UNKNOWN: Self = Self { version: 0, function: None };

    /// What is known if this is the version of the class.
    #[inline(always)]
    pub(crate) fn of_version(self, version: u32) -> Option<Option<Gc<Function>>> {
        (self.version == version && version != 0).then_some(self.function)
    }
}

/// One entry of the interpreter's method cache.
#[derive(Clone, Copy)]
pub struct CachedLookup {
    version: u32,
    name: usize,
    pub(crate) value: Option<Value>,
}

impl CachedLookup {
    pub(crate) const EMPTY: Self = Self { version: 0, name: 0, value: None };
}

/// Entries of the method cache at first and at most, powers of two.
const FIRST_ENTRIES: usize = 512;
const MOST_ENTRIES: usize = 4096;

/// The interpreter's method cache. It grows, for small programs need little.
pub(crate) struct LookupCache {
    /// A power of two.
    entries: Box<[CachedLookup]>,
    /// Lookups that were entered since it has grown.
    entered: usize,
    /// Whether something was entered since the last collection.
    unswept: bool,
}

impl LookupCache {
    pub(crate) fn new() -> LookupCache {
        LookupCache { entries: vec![CachedLookup::EMPTY; FIRST_ENTRIES].into(), entered: 0, unswept: false }
    }

    #[inline(always)]
    fn place(&self, version: u32, name: usize) -> usize {
        let hash = (version as usize).wrapping_mul(0x9E37_79B1) ^ (name >> 4);
        hash & (self.entries.len() - 1)
    }

    #[inline(always)]
    fn find(&self, version: u32, name: Gc<Str>) -> CachedLookup {
        // SAFETY: there are entries, and the place is at most the last one's.
        unsafe { *self.entries.get_unchecked(self.place(version, name.address())) }
    }

    fn enter(&mut self, lookup: CachedLookup) {
        self.entered += 1;
        self.unswept = true;
        if self.entered > 2 * self.entries.len() && self.entries.len() < MOST_ENTRIES {
            let grown = vec![CachedLookup::EMPTY; 2 * self.entries.len()].into();
            let old = std::mem::replace(self, LookupCache { entries: grown, entered: 0, unswept: true });
            old.entries.into_iter().filter(|lookup| lookup.version != 0).for_each(|lookup| self.put(lookup));
        }
        self.put(lookup);
    }

    fn put(&mut self, lookup: CachedLookup) {
        let place = self.place(lookup.version, lookup.name);
        self.entries[place] = lookup;
    }

    /// Forget what a collection found dead.
    pub(crate) fn sweep(&mut self, alive: &Liveness) {
        if !std::mem::take(&mut self.unswept) && !alive.is_major() {
            return;
        }
        for entry in self.entries.iter_mut().filter(|entry| !entry.value.is_none_or(|value| alive.is_alive_value(value))) {
            *entry = CachedLookup::EMPTY;
        }
    }
}

impl Py {
    /// The class attribute `name`, through the MRO, without descriptor binding.
    #[inline]
    pub fn type_lookup(&mut self, class: Gc<Class>, name: Gc<Str>) -> Option<Value> {
        let version = class.get(self).version;
        let cached = self.lookup_cache.find(version, name);
        if cached.version == version && version != 0 && cached.name == name.address() {
            return cached.value;
        }
        self.type_lookup_slow(class, name)
    }

    #[cold]
    fn type_lookup_slow(&mut self, class: Gc<Class>, name: Gc<Str>) -> Option<Value> {
        let value = self.type_lookup_in_mro(class, name, 0).map(|(value, _)| value);
        if name.get(self).is_interned() {
            let version = self.class_version(class);
            self.lookup_cache.enter(CachedLookup { version, name: name.address(), value });
        }
        value
    }

    /// The attribute `name` and the class that defines it, from MRO position `start` on.
    pub fn type_lookup_in_mro(&mut self, class: Gc<Class>, name: Gc<Str>, start: usize) -> Option<(Value, Gc<Class>)> {
        let mro = class.get(self).mro;
        for index in start..mro.get(self).len() {
            let owner = Gc::<Class>::known(self, mro.get(self).items()[index]);
            let namespace = self.class_dict(owner);
            if let Some(value) = self.dict_get_str(namespace, name) {
                return Some((value, owner));
            }
        }
        None
    }

    /// The current version of a class, assigned on demand.
    pub fn class_version(&mut self, class: Gc<Class>) -> u32 {
        if class.get(self).version == 0 {
            self.next_version = self.next_version.checked_add(1).expect("fewer than 2^32 class changes");
            class.get_mut(self).version = self.next_version;
            let bases = class.get(self).bases;
            for index in 0..bases.get(self).len() {
                let base = Gc::<Class>::known(self, bases.get(self).items()[index]);
                self.class_version(base);
            }
        }
        class.get(self).version
    }

    /// A class has changed: forget what was cached about it and its subclasses.
    pub fn class_modified(&mut self, class: Gc<Class>) {
        if class.get(self).version == 0 {
            return;
        }
        let this = class.get_mut(self);
        (this.version, this.constructor, this.getitem) = (0, KnownMethod::UNKNOWN, KnownMethod::UNKNOWN);
        if self.is_subtype(class, self.types.r#type) {
            self.instances_modified(class, self.types.object);
        }
        for subclass in self.subclasses_of(class).iter() {
            self.class_modified(Gc::known(self, *subclass));
        }
    }

    /// Forget what was cached about the classes from `base` on that are instances of a metaclass.
    fn instances_modified(&mut self, meta: Gc<Class>, base: Gc<Class>) {
        if self.is_instance_of(base.into(), meta) {
            self.class_modified(base);
        }
        for subclass in self.subclasses_of(base).iter() {
            self.instances_modified(meta, Gc::known(self, *subclass));
        }
    }

    /// The living direct subclasses, oldest first.
    pub fn subclasses_of(&mut self, class: Gc<Class>) -> RootVec {
        let mut found = RootVec::new(&mut self.heap);
        for index in 0..class.get(self).subclasses.len() {
            if let Some(subclass) = self.listed_subclass(class.get(self).subclasses[index]) {
                found.push(subclass);
            }
        }
        found
    }

    /// The class that an entry of `subclasses` stands for, if it lives.
    pub(crate) fn listed_subclass(&self, entry: Value) -> Option<Value> {
        Gc::<Weakref>::cast(self, entry).map_or(Some(entry), |reference| reference.get(self).target())
    }

    /// Whether `class` has `other` in its MRO.
    #[inline]
    pub fn is_subtype(&self, class: Gc<Class>, other: Gc<Class>) -> bool {
        class == other || class.get(self).mro.get(self).items().contains(&other.into())
    }

    /// Whether the class of `value` is `class` or derived from it.
    #[inline]
    pub fn is_instance_of(&self, value: Value, class: Gc<Class>) -> bool {
        self.is_subtype(self.class_of(value), class)
    }

    /// Set or delete a class attribute directly in the namespace, then bring slots and caches up to date.
    pub fn class_set_attr(&mut self, class: Gc<Class>, name: Gc<Str>, value: Option<Value>) -> Result<bool> {
        let dict = self.class_dict(class);
        let old = self.dict_get_str(dict, name);
        match value {
            Some(value) => self.dict_set_str(dict, name, value)?,
            None if old.is_none() => return Ok(false),
            None => {
                self.dict_remove_str(dict, name);
            }
        }
        self.class_modified(class);
        if self.affects_instance_access(name, old) || self.affects_instance_access(name, value) {
            self.flush_inline_caches();
        }
        if name.get(self).bytes().starts_with(b"__") {
            self.update_slot(class, name);
        }
        Ok(true)
    }

    /// Whether defining a class attribute can change what reading an instance's own attribute means.
    fn affects_instance_access(&self, name: Gc<Str>, value: Option<Value>) -> bool {
        let names = &self.names;
        let hooks = [
            names.__getattribute__,
            names.__getattr__,
            names.__setattr__,
            names.__delattr__,
            names.__get__,
            names.__set__,
            names.__delete__,
        ];
        if hooks.contains(&name) {
            return true;
        }
        value.is_some_and(|value| self.class_of(value).get(self).slots.descr_set.is_some())
    }

    /// After a change of special method `name`: recompute the slots that depend on it, also in subclasses that inherit them.
    fn update_slot(&mut self, class: Gc<Class>, name: Gc<Str>) {
        let text = name.get(self).lossy();
        if text == "__new__" {
            self.inherit_new(class);
        } else if text == "__abstractmethods__" {
            return;
        }
        for (index, slot) in SLOTS.iter().enumerate() {
            if slot.methods.iter().any(|m| m.name == text) {
                self.compute_slot(class, index);
            }
        }
        for subclass in self.subclasses_of(class).iter() {
            let subclass = Gc::<Class>::known(self, *subclass);
            let dict = self.class_dict(subclass);
            if self.dict_get_str(dict, name).is_none() {
                self.update_slot(subclass, name);
            }
        }
    }

    /// Set a class's storage properties from its base and what it adds, and make its shapes.
    pub(crate) fn lay_out_class(&mut self, class: Gc<Class>, base: Option<Gc<Class>>, members: usize, add_dict: bool, attributes: usize) {
        let (mut words, mut offset, mut capacity) = match base {
            Some(base) => {
                let base = base.get(self);
                (base.fixed_words as usize, base.dict_offset, base.inline_capacity as usize)
            }
            None => (0, 0, 0),
        };
        let (size, variable) = {
            let class = class.get(self);
            (class.layout.size, class.layout.is_variable())
        };
        words += members;
        if add_dict && offset == 0 {
            offset = if variable { DICT_AFTER_ITEMS } else { (size + 8 * words) as u32 };
            words += 1;
        }
        let inline = offset as usize >= size && offset != DICT_AFTER_ITEMS && words > 0 && offset != 0;
        capacity = if inline { capacity.max(attributes).min(MAX_INLINE) } else { 0 };
        {
            let class = class.get_mut(self);
            class.fixed_words = words as u8;
            class.dict_offset = offset;
            class.inline_capacity = capacity as u8;
            class.flags.set(ClassFlags::HAS_DICT, offset != 0);
        }
        let storage = if inline {
            Storage::Inline
        } else if offset != 0 {
            Storage::Dict
        } else {
            Storage::Fixed
        };
        let root = self.new_shape(class, storage);
        let dict_shape = if storage == Storage::Inline { self.new_shape(class, Storage::Dict) } else { root };
        let class = class.get_mut(self);
        class.root_shape = root;
        class.dict_shape = dict_shape;
    }

    /// The flags a class takes over from its base.
    pub(crate) fn inherited_flags(&self, base: Gc<Class>) -> ClassFlags {
        base.get(self).flags & INHERITED
    }

    /// The class object of a native type, made on first use for types of native modules.
    #[inline]
    pub fn class<T: NativeClass>(&mut self) -> Gc<Class> {
        T::class(self)
    }
}
