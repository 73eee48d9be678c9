//! The methods of `set`, and those it shares with `frozenset`.

use super::{FrozenSet, Set, SetIterator};
use crate::native::Args;
use crate::object::{Class, CompareOp};
use crate::types::shapes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

#[pymethods]
impl Set {
    fn __new__(cls: Gc<Class>, py: &mut Py, args: Args) -> Gc<Set> {
        let _ = args;
        py.set_instance(cls)
    }

    #[signature(iterable=(), /)]
    fn __init__(this: Gc<Self>, py: &mut Py, args: Args) -> Result<()> {
        if args.has_keywords() {
            py.refuse_set_keywords("set")?;
        }
        let iterable = match *args.positional() {
            [] => None,
            [iterable] => Some(iterable),
            _ => raise!(py, TypeError, "set expected at most 1 argument, got {}", args.positional().len()),
        };
        if !this.get(py).is_empty() {
            py.set_clear(this);
        }
        match iterable {
            Some(iterable) => py.set_update(this, iterable),
            None => Ok(()),
        }
    }

    fn __iand__(py: &mut Py, left: Value, right: Value) -> Result {
        let (Some(this), Some(_)) = (py.as_set(left), py.as_set(right)) else { return Ok(Value::NOT_IMPLEMENTED) };
        let result = py.set_intersection(this, right)?;
        py.set_replace(this, result);
        Ok(left)
    }

    fn __ior__(py: &mut Py, left: Value, right: Value) -> Result {
        let (Some(this), Some(_)) = (py.as_set(left), py.as_set(right)) else { return Ok(Value::NOT_IMPLEMENTED) };
        py.set_update(this, right)?;
        Ok(left)
    }

    fn __isub__(py: &mut Py, left: Value, right: Value) -> Result {
        let (Some(this), Some(_)) = (py.as_set(left), py.as_set(right)) else { return Ok(Value::NOT_IMPLEMENTED) };
        py.set_subtract(this, right)?;
        Ok(left)
    }

    fn __ixor__(py: &mut Py, left: Value, right: Value) -> Result {
        let (Some(this), Some(_)) = (py.as_set(left), py.as_set(right)) else { return Ok(Value::NOT_IMPLEMENTED) };
        py.set_toggle(this, right)?;
        Ok(left)
    }

    /// Add an element to a set.
    ///
    /// This has no effect if the element is already present.
    #[signature(self, object, /)]
    fn add(this: Gc<Self>, py: &mut Py, object: Value) -> Result<()> {
        py.set_add(this, object).map(|_| ())
    }

    /// Remove all elements from this set.
    #[signature(self, /)]
    fn clear(this: Gc<Self>, py: &mut Py) {
        py.set_clear(this);
    }

    /// Return a shallow copy of a set.
    #[signature(self, /)]
    fn copy(this: Gc<Self>, py: &mut Py) -> Result {
        Ok(py.set_copy(this)?.into())
    }

    /// Remove an element from a set if it is a member.
    ///
    /// Unlike set.remove(), the discard() method does not raise
    /// an exception when an element is missing from the set.
    #[signature(self, object, /)]
    fn discard(this: Gc<Self>, py: &mut Py, object: Value) -> Result<()> {
        Set::take(this, py, object).map(|_| ())
    }

    /// Remove an element from a set; it must be a member.
    ///
    /// If the element is not a member, raise a KeyError.
    #[signature(self, object, /)]
    fn remove(this: Gc<Self>, py: &mut Py, object: Value) -> Result<()> {
        if Set::take(this, py, object)? { Ok(()) } else { Err(py.key_error(object)) }
    }

    /// Remove and return an arbitrary set element.
    ///
    /// Raises KeyError if the set is empty.
    #[signature(self, /)]
    fn pop(this: Gc<Self>, py: &mut Py) -> Result {
        py.set_pop(this)
    }

    /// Update the set, adding elements from all others.
    #[signature(self, /, *others)]
    fn update(this: Gc<Self>, py: &mut Py, others: &[Value]) -> Result<()> {
        others.iter().try_for_each(|other| py.set_update(this, *other))
    }

    /// Update the set, keeping only elements found in it and all others.
    #[signature(self, /, *others)]
    fn intersection_update(this: Gc<Self>, py: &mut Py, others: &[Value]) -> Result<()> {
        let result = Set::intersect_all(this, py, others)?;
        py.set_replace(this, result);
        Ok(())
    }

    /// Update the set, removing elements found in others.
    #[signature(self, /, *others)]
    fn difference_update(this: Gc<Self>, py: &mut Py, others: &[Value]) -> Result<()> {
        others.iter().try_for_each(|other| py.set_subtract(this, *other))
    }

    /// Update the set, keeping only elements found in either set, but not in both.
    #[signature(self, other, /)]
    fn symmetric_difference_update(this: Gc<Self>, py: &mut Py, other: Value) -> Result<()> {
        py.set_toggle(this, other)
    }
}

impl Set {
    /// Remove a key; a set that cannot be hashed stands for the frozenset with the same elements.
    fn take(this: Gc<Self>, py: &mut Py, key: Value) -> Result<bool> {
        let (hash, key) = Set::hash_sought(py, key)?;
        py.set_discard_hashed(this, hash, key)
    }

    /// The hash of a key that is looked for, and the key to look for.
    pub(super) fn hash_sought(py: &mut Py, key: Value) -> Result<(i64, Value)> {
        match py.hash_element(key) {
            Ok(hash) => Ok((hash, key)),
            Err(raised) => {
                if !py.is_instance_of(key, py.types.set) || !py.exception_matches(py.exceptions.TypeError) {
                    return Err(raised);
                }
                py.clear_exception();
                let frozen: Value = py.set_from_iterable(shapes::FROZENSET, key)?.into();
                Ok((py.hash(frozen)?, frozen))
            }
        }
    }

    pub(super) fn intersect_all(this: Gc<Self>, py: &mut Py, others: &[Value]) -> Result<Gc<Set>> {
        let Some((first, rest)) = others.split_first() else { return py.set_copy(this) };
        let mut result = py.set_intersection(this, *first)?;
        for other in rest {
            result = py.set_intersection(result, *other)?;
        }
        Ok(result)
    }

    fn difference_all(this: Gc<Self>, py: &mut Py, others: &[Value]) -> Result<Gc<Set>> {
        let Some((first, rest)) = others.split_first() else { return py.set_copy(this) };
        let result = py.set_difference(this, *first)?;
        for other in rest {
            py.set_subtract(result, *other)?;
        }
        Ok(result)
    }

    fn unite_all(this: Gc<Self>, py: &mut Py, others: &[Value]) -> Result<Gc<Set>> {
        let result = py.set_copy(this)?;
        for other in others {
            if *other != this.into() {
                py.set_update(result, *other)?;
            }
        }
        Ok(result)
    }

    fn toggled(this: Gc<Self>, py: &mut Py, other: Value) -> Result<Gc<Set>> {
        let shape = py.plain_set_shape(this.into());
        let result = py.set_from_iterable(shape, other)?;
        py.set_toggle(result, this.into())?;
        Ok(result)
    }

    fn compare(py: &mut Py, left: Gc<Self>, right: Gc<Self>, op: CompareOp) -> Result<bool> {
        let (l, r) = (left.get(py), right.get(py));
        match op {
            CompareOp::Eq => {
                if l.len() != r.len() || matches!((l.hash.get(), r.hash.get()), (Some(l), Some(r)) if l != r) {
                    return Ok(false);
                }
                py.set_is_subset(left, right)
            }
            CompareOp::Ne => Ok(!Set::compare(py, left, right, CompareOp::Eq)?),
            CompareOp::Le => py.set_is_subset(left, right),
            CompareOp::Ge => py.set_is_subset(right, left),
            CompareOp::Lt if l.len() >= r.len() => Ok(false),
            CompareOp::Lt => py.set_is_subset(left, right),
            CompareOp::Gt if l.len() <= r.len() => Ok(false),
            CompareOp::Gt => py.set_is_subset(right, left),
        }
    }

    fn write_repr(this: Gc<Self>, py: &mut Py, text: &mut Vec<u8>) -> Result<()> {
        let plain = this.header().shape() == shapes::SET;
        let name = py.class_name(this.into());
        if this.get(py).is_empty() {
            text.extend_from_slice(format!("{name}()").as_bytes());
            return Ok(());
        }
        if !plain {
            text.extend_from_slice(name.as_bytes());
            text.push(b'(');
        }
        text.push(b'{');
        let keys = py.collect_iterable(this.into())?;
        py.repr_items(text, |_, index| keys.get(index).copied())?;
        text.extend_from_slice(if plain { b"}" } else { b"})" });
        Ok(())
    }
}

macro_rules! shared_methods {
    ($class:ident) => {
        #[pymethods(part = "shared")]
        impl $class {
            fn __repr__(this: Value, py: &mut Py) -> Result {
                let set = Gc::<Set>::known(py, this);
                let recursive = format!("{}(...)", py.class_name(this));
                py.repr_of_container(this, &recursive, |py, text| Set::write_repr(set, py, text))
            }

            fn __len__(this: Value, py: &mut Py) -> usize {
                Gc::<Set>::known(py, this).get(py).len()
            }

            fn __contains__(this: Value, py: &mut Py, key: Value) -> Result<bool> {
                let set = Gc::<Set>::known(py, this);
                let (hash, key) = Set::hash_sought(py, key)?;
                py.set_contains_hashed(set, hash, key)
            }

            fn __iter__(this: Value, py: &mut Py) -> Gc<SetIterator> {
                let set = Gc::<Set>::known(py, this);
                py.set_iter(set)
            }

            fn __richcompare__(this: Value, py: &mut Py, other: Value, op: CompareOp) -> Result {
                let (Some(this), Some(other)) = (py.as_set(this), py.as_set(other)) else { return Ok(Value::NOT_IMPLEMENTED) };
                Ok(Value::bool(Set::compare(py, this, other, op)?))
            }

            fn __and__(py: &mut Py, left: Value, right: Value) -> Result {
                let (Some(left), Some(_)) = (py.as_set(left), py.as_set(right)) else { return Ok(Value::NOT_IMPLEMENTED) };
                Ok(py.set_intersection(left, right)?.into())
            }

            fn __or__(py: &mut Py, left: Value, right: Value) -> Result {
                let (Some(left), Some(_)) = (py.as_set(left), py.as_set(right)) else { return Ok(Value::NOT_IMPLEMENTED) };
                let result = py.set_copy(left)?;
                py.set_update(result, right)?;
                Ok(result.into())
            }

            fn __sub__(py: &mut Py, left: Value, right: Value) -> Result {
                let (Some(left), Some(_)) = (py.as_set(left), py.as_set(right)) else { return Ok(Value::NOT_IMPLEMENTED) };
                Ok(py.set_difference(left, right)?.into())
            }

            fn __xor__(py: &mut Py, left: Value, right: Value) -> Result {
                let (Some(left), Some(_)) = (py.as_set(left), py.as_set(right)) else { return Ok(Value::NOT_IMPLEMENTED) };
                Ok(Set::toggled(left, py, right)?.into())
            }

            /// Return a new set with elements from the set and all others.
            #[signature(self, /, *others)]
            fn union(this: Value, py: &mut Py, others: &[Value]) -> Result {
                let set = Gc::<Set>::known(py, this);
                Ok(Set::unite_all(set, py, others)?.into())
            }

            /// Return a new set with elements common to the set and all others.
            #[signature(self, /, *others)]
            fn intersection(this: Value, py: &mut Py, others: &[Value]) -> Result {
                let set = Gc::<Set>::known(py, this);
                Ok(Set::intersect_all(set, py, others)?.into())
            }

            /// Return a new set with elements in the set that are not in the others.
            #[signature(self, /, *others)]
            fn difference(this: Value, py: &mut Py, others: &[Value]) -> Result {
                let set = Gc::<Set>::known(py, this);
                Ok(Set::difference_all(set, py, others)?.into())
            }

            /// Return a new set with elements in either the set or other but not both.
            #[signature(self, other, /)]
            fn symmetric_difference(this: Value, py: &mut Py, other: Value) -> Result {
                let set = Gc::<Set>::known(py, this);
                Ok(Set::toggled(set, py, other)?.into())
            }

            /// Return True if two sets have a null intersection.
            #[signature(self, other, /)]
            fn isdisjoint(this: Value, py: &mut Py, other: Value) -> Result<bool> {
                let set = Gc::<Set>::known(py, this);
                py.set_is_disjoint(set, other)
            }

            /// Report whether another set contains this set.
            #[signature(self, other, /)]
            fn issubset(this: Value, py: &mut Py, other: Value) -> Result<bool> {
                let set = Gc::<Set>::known(py, this);
                if let Some(other) = py.as_set(other) {
                    return py.set_is_subset(set, other);
                }
                let common = py.set_intersection(set, other)?;
                Ok(common.get(py).len() == set.get(py).len())
            }

            /// Report whether this set contains another set.
            #[signature(self, other, /)]
            fn issuperset(this: Value, py: &mut Py, other: Value) -> Result<bool> {
                let set = Gc::<Set>::known(py, this);
                if let Some(other) = py.as_set(other) {
                    return py.set_is_subset(other, set);
                }
                let mut all = true;
                py.each_element(other, Py::hash_element, |py, hash, key| {
                    all = py.set_contains_hashed(set, hash, key)?;
                    Ok(all)
                })?;
                Ok(all)
            }

            /// Return state information for pickling.
            #[signature(self, /)]
            fn __reduce__(this: Value, py: &mut Py) -> Result {
                let keys = py.list_from_iterable(this)?;
                let args = py.new_tuple(&[keys.into()]);
                let state = py.call_method_named(this, "__getstate__", &[])?;
                let class = py.class_of(this);
                Ok(py.new_tuple(&[class.into(), args.into(), state]).into())
            }

            /// S.__sizeof__() -> size of S in memory, in bytes.
            #[signature(self, /)]
            fn __sizeof__(this: Value, py: &Py) -> usize {
                let table = Gc::<Set>::known(py, this).get(py).table.len();
                200 + if table > 8 { 16 * table } else { 0 }
            }

            /// See PEP 585
            #[signature(type, object, /)]
            fn __class_getitem__(cls: Gc<Class>, py: &mut Py, object: Value) -> Result {
                py.new_generic_alias(cls.into(), object)
            }
        }
    };
}

shared_methods!(Set);
shared_methods!(FrozenSet);
