//! `_abc`: the machinery of abstract base classes.
//!
//! What a class knows about its registered and checked subclasses is in an `_abc._abc_data` object; classes are held by weak references under
//! their identity. Counterpart: `Modules/_abc.c`.

use bredli_runtime::prelude::*;
use bredli_runtime::types::Weakref;

/// Internal state held by ABC machinery.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "_abc_data", module = "_abc")]
pub struct AbcData {
    header: Header,
    registry: Option<Gc<Dict>>,
    cache: Option<Gc<Dict>>,
    negative: Option<Gc<Dict>>,
    negative_version: u64,
}

#[pymethods]
impl AbcData {
    fn __new__(cls: Gc<Class>, py: &mut Py) -> Result<Value> {
        let version = py.abstract_registrations;
        let data = AbcData { header: Header::EMPTY, registry: None, cache: None, negative: None, negative_version: version };
        Ok(py.alloc_as(cls, data).into())
    }
}

/// The sets of classes that an abstract class keeps.
#[derive(Clone, Copy)]
enum Known {
    Registry,
    Cache,
    Negative,
}

fn set_of(py: &Py, data: Gc<AbcData>, which: Known) -> Option<Gc<Dict>> {
    let data = data.get(py);
    match which {
        Known::Registry => data.registry,
        Known::Cache => data.cache,
        Known::Negative => data.negative,
    }
}

fn replace_set(py: &mut Py, data: Gc<AbcData>, which: Known, set: Option<Gc<Dict>>) {
    let data = data.get_mut(py);
    match which {
        Known::Registry => data.registry = set,
        Known::Cache => data.cache = set,
        Known::Negative => data.negative = set,
    }
}

/// Classes are found by their address; the weak reference stored with it tells whether it is still the same class.
fn identity(py: &mut Py, class: Value) -> Value {
    py.new_int((class.bits() >> 3) as i64)
}

fn knows(py: &mut Py, data: Gc<AbcData>, which: Known, class: Value) -> Result<bool> {
    let Some(set) = set_of(py, data, which) else { return Ok(false) };
    let key = identity(py, class);
    let found = py.dict_get(set, key)?.and_then(|found| Gc::<Weakref>::cast(py, found));
    Ok(found.is_some_and(|reference| reference.get(py).target() == Some(class)))
}

fn remember(py: &mut Py, data: Gc<AbcData>, which: Known, class: Value) -> Result<()> {
    let set = match set_of(py, data, which) {
        Some(set) => set,
        None => {
            let set = py.new_dict();
            replace_set(py, data, which, Some(set));
            set
        }
    };
    let (key, reference) = (identity(py, class), py.weak_reference(class));
    py.dict_set(set, key, reference.into())
}

/// The living classes of a set.
fn living(py: &mut Py, data: Gc<AbcData>, which: Known) -> RootVec {
    let mut found = RootVec::new(&mut py.heap);
    let Some(set) = set_of(py, data, which) else { return found };
    let entries = set.get(py).entries().iter().filter_map(|entry| Gc::<Weakref>::cast(py, entry.value?));
    found.extend(entries.filter_map(|reference| reference.get(py).target()));
    found
}

fn data_of(py: &mut Py, class: Value) -> Result<Gc<AbcData>> {
    let name = py.names._abc_impl;
    let data = py.get_attr(class, name)?;
    match Gc::<AbcData>::cast(py, data) {
        Some(data) => Ok(data),
        None => raise!(py, TypeError, "_abc_impl is set to a wrong type"),
    }
}

fn is_abstract(py: &mut Py, value: Value) -> Result<bool> {
    let name = py.names.__isabstractmethod__;
    match py.lookup_attr(value, name)? {
        Some(flag) => py.truth(flag),
        None => Ok(false),
    }
}

/// Set `__abstractmethods__` from the class's namespace and from what its bases left abstract.
fn compute_abstract_methods(py: &mut Py, class: Value) -> Result<()> {
    let names = py.names;
    let mut found = RootVec::new(&mut py.heap);
    let namespace = py.get_attr(class, names.__dict__)?;
    let items = py.call_method_named(namespace, "items", &[])?;
    let items = py.collect_iterable(items)?;
    for item in &items {
        let Some(pair) = Gc::<Tuple>::cast(py, *item) else { continue };
        let &[key, value] = pair.get(py).items() else { continue };
        if is_abstract(py, value)? {
            found.push(key);
        }
    }
    let bases = py.get_attr(class, names.__bases__)?;
    let bases = py.collect_iterable(bases)?;
    for base in &bases {
        let Some(inherited) = py.lookup_attr(*base, names.__abstractmethods__)? else { continue };
        let inherited = py.collect_iterable(inherited)?;
        for key in &inherited {
            let Some(name) = Gc::<Str>::cast(py, *key) else { continue };
            let name = py.intern_str(name);
            if let Some(value) = py.lookup_attr(class, name)?
                && is_abstract(py, value)?
            {
                found.push(*key);
            }
        }
    }
    let list = py.new_list(&found)?;
    let frozenset = py.builtin("frozenset")?;
    let methods = py.call(frozenset, &[list.into()])?;
    py.set_attr(class, names.__abstractmethods__, Some(methods))
}

const COLLECTIONS: ClassFlags = ClassFlags::SEQUENCE.union(ClassFlags::MAPPING);

/// `__abc_tpflags__` of a class body makes its instances match sequence or mapping patterns.
fn take_collection_flags(py: &mut Py, class: Value) -> Result<()> {
    let Some(class) = Gc::<Class>::cast(py, class) else { return Ok(()) };
    let name = py.intern("__abc_tpflags__");
    let namespace = py.class_dict(class);
    let Some(flags) = py.dict_get_str(namespace, name).and_then(|flags| flags.as_int()) else { return Ok(()) };
    let (sequence, mapping) = (flags & 1 << 5 != 0, flags & 1 << 6 != 0);
    if sequence && mapping {
        raise!(py, TypeError, "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
    }
    if sequence || mapping {
        let flags = if sequence { ClassFlags::SEQUENCE } else { ClassFlags::MAPPING };
        class.get_mut(py).flags |= flags;
    }
    py.class_set_attr(class, name, None)?;
    Ok(())
}

fn set_collection_flags(py: &mut Py, class: Gc<Class>, flags: ClassFlags) {
    let own = class.get(py).flags;
    if own.contains(ClassFlags::IMMUTABLE) || own & COLLECTIONS == flags {
        return;
    }
    let this = class.get_mut(py);
    this.flags.remove(COLLECTIONS);
    this.flags |= flags;
    for subclass in &py.subclasses_of(class) {
        if let Some(subclass) = Gc::<Class>::cast(py, *subclass) {
            set_collection_flags(py, subclass, flags);
        }
    }
}

fn check_subclass(py: &mut Py, class: Value, subclass: Value) -> Result<bool> {
    let Some(candidate) = Gc::<Class>::cast(py, subclass) else { raise!(py, TypeError, "issubclass() arg 1 must be a class") };
    let data = data_of(py, class)?;
    if knows(py, data, Known::Cache, subclass)? {
        return Ok(true);
    }
    let version = py.abstract_registrations;
    if data.get(py).negative_version < version {
        replace_set(py, data, Known::Negative, None);
        data.get_mut(py).negative_version = version;
    } else if knows(py, data, Known::Negative, subclass)? {
        return Ok(false);
    }
    let answer = py.call_method_named(class, "__subclasshook__", &[subclass])?;
    if answer == Value::TRUE {
        remember(py, data, Known::Cache, subclass)?;
        return Ok(true);
    }
    if answer == Value::FALSE {
        remember(py, data, Known::Negative, subclass)?;
        return Ok(false);
    }
    if answer != Value::NOT_IMPLEMENTED {
        raise!(py, AssertionError, "__subclasshook__ must return either False, True, or NotImplemented");
    }
    let mut found = candidate.get(py).mro.get(py).items().contains(&class);
    if !found {
        for registered in &living(py, data, Known::Registry) {
            if py.is_subclass(subclass, *registered)? {
                found = true;
                break;
            }
        }
    }
    if !found {
        let subclasses = py.call_method_named(class, "__subclasses__", &[])?;
        for other in &py.collect_iterable(subclasses)? {
            if py.is_subclass(subclass, *other)? {
                found = true;
                break;
            }
        }
    }
    remember(py, data, if found { Known::Cache } else { Known::Negative }, subclass)?;
    Ok(found)
}

/// Module contains faster C implementation of abc.ABCMeta
#[pymodule(name = "_abc", classes(AbcData))]
pub mod abc {
    use super::*;

    /// Returns the current ABC cache token.
    ///
    /// The token is an opaque object (supporting equality testing) identifying the
    /// current version of the ABC cache for virtual subclasses. The token changes
    /// with every call to register() on any ABC.
    #[pyfunction]
    #[signature()]
    fn get_cache_token(py: &mut Py) -> u64 {
        py.abstract_registrations
    }

    /// Internal ABC helper for class set-up. Should be never used outside abc module.
    #[pyfunction]
    #[signature(owner, /)]
    fn _abc_init(py: &mut Py, owner: Value) -> Result<()> {
        compute_abstract_methods(py, owner)?;
        let version = py.abstract_registrations;
        let data = AbcData { header: Header::EMPTY, registry: None, cache: None, negative: None, negative_version: version };
        let data = py.alloc(data);
        let name = py.intern("_abc_impl");
        py.set_attr(owner, name, Some(data.into()))?;
        take_collection_flags(py, owner)
    }

    /// Internal ABC helper for subclass registration. Should be never used outside abc module.
    #[pyfunction]
    #[signature(owner, subclass, /)]
    fn _abc_register(py: &mut Py, owner: Value, subclass: Value) -> Result<Value> {
        let Some(registered) = Gc::<Class>::cast(py, subclass) else { raise!(py, TypeError, "Can only register classes") };
        if py.is_subclass(subclass, owner)? {
            return Ok(subclass);
        }
        if py.is_subclass(owner, subclass)? {
            raise!(py, RuntimeError, "Refusing to create an inheritance cycle");
        }
        let data = data_of(py, owner)?;
        remember(py, data, Known::Registry, subclass)?;
        py.abstract_registrations += 1;
        if let Some(class) = Gc::<Class>::cast(py, owner) {
            let flags = class.get(py).flags & COLLECTIONS;
            if !flags.is_empty() {
                set_collection_flags(py, registered, flags);
            }
        }
        Ok(subclass)
    }

    /// Internal ABC helper for instance checks. Should be never used outside abc module.
    #[pyfunction]
    #[signature(owner, instance, /)]
    fn _abc_instancecheck(py: &mut Py, owner: Value, instance: Value) -> Result<Value> {
        let data = data_of(py, owner)?;
        let name = py.names.__class__;
        let actual: Value = py.class_of(instance).into();
        let subclass = py.lookup_attr(instance, name)?.unwrap_or(actual);
        if knows(py, data, Known::Cache, subclass)? {
            return Ok(Value::TRUE);
        }
        if actual == subclass {
            if data.get(py).negative_version == py.abstract_registrations && knows(py, data, Known::Negative, subclass)? {
                return Ok(Value::FALSE);
            }
            return py.call_method_named(owner, "__subclasscheck__", &[subclass]);
        }
        let answer = py.call_method_named(owner, "__subclasscheck__", &[subclass])?;
        if py.truth(answer)? {
            return Ok(answer);
        }
        py.call_method_named(owner, "__subclasscheck__", &[actual])
    }

    /// Internal ABC helper for subclasss checks. Should be never used outside abc module.
    #[pyfunction]
    #[signature(owner, subclass, /)]
    fn _abc_subclasscheck(py: &mut Py, owner: Value, subclass: Value) -> Result<bool> {
        check_subclass(py, owner, subclass)
    }

    /// Internal ABC helper to reset registry of a given class.
    ///
    /// Should be only used by refleak.py
    #[pyfunction]
    #[signature(owner, /)]
    fn _reset_registry(py: &mut Py, owner: Value) -> Result<()> {
        let data = data_of(py, owner)?;
        replace_set(py, data, Known::Registry, None);
        Ok(())
    }

    /// Internal ABC helper to reset both caches of a given class.
    ///
    /// Should be only used by refleak.py
    #[pyfunction]
    #[signature(owner, /)]
    fn _reset_caches(py: &mut Py, owner: Value) -> Result<()> {
        let data = data_of(py, owner)?;
        replace_set(py, data, Known::Cache, None);
        replace_set(py, data, Known::Negative, None);
        Ok(())
    }

    /// Internal ABC helper for cache and registry debugging.
    ///
    /// Return shallow copies of registry, of both caches, and
    /// negative cache version. Don't call this function directly,
    /// instead use ABC._dump_registry() for a nice repr.
    #[pyfunction]
    #[signature(owner, /)]
    fn _get_dump(py: &mut Py, owner: Value) -> Result<Value> {
        let data = data_of(py, owner)?;
        let mut parts = RootVec::new(&mut py.heap);
        for which in [Known::Registry, Known::Cache, Known::Negative] {
            let mut references = RootVec::new(&mut py.heap);
            for class in &living(py, data, which) {
                references.push(py.weak_reference(*class).into());
            }
            let list = py.new_list(&references)?;
            let set = py.builtin("set")?;
            let set = py.call(set, &[list.into()])?;
            parts.push(set);
        }
        let version = py.new_int(data.get(py).negative_version as i64);
        parts.push(version);
        Ok(py.new_tuple(&parts).into())
    }
}
