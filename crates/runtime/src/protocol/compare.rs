//! Comparison, equality, identity, hashing and truth.

use crate::object::slots::RichCompare;
use crate::object::{Class, ClassFlags, CompareOp, Str, Tuple, is_exact};
use crate::types::object::identity_hash;
use crate::types::shapes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_num::TupleHash;

/// How deep tuples among the keys of dictionaries and sets may nest to be hashed and compared at once.
pub(crate) const QUICK_DEPTH: u32 = 3;

#[inline(always)]
fn small_int_hash(value: Value) -> Option<i64> {
    value.as_int().map(|int| if int == -1 { -2 } else { int })
}

impl Py {
    /// `left op right` as an object.
    pub fn compare(&mut self, op: CompareOp, left: Value, right: Value) -> Result {
        self.enter_native(" in comparison")?;
        let (l, r) = (self.class_of(left), self.class_of(right));
        let first: Option<RichCompare> = l.get(self).slots.richcompare;
        let second: Option<RichCompare> = r.get(self).slots.richcompare;
        let mut reflected_tried = false;
        if l != r
            && let Some(reflected) = second
            && self.is_subtype(r, l)
        {
            reflected_tried = true;
            let result = reflected(self, right, left, op.swapped())?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        if let Some(compare) = first {
            let result = compare(self, left, right, op)?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        if reflected_tried { self.compare_identity(op, left, right) } else { self.compare_without_left(op, left, right) }
    }

    /// `left op right` where the method of `left` has given NotImplemented.
    pub(crate) fn compare_without_left(&mut self, op: CompareOp, left: Value, right: Value) -> Result {
        if let Some(reflected) = self.class_of(right).get(self).slots.richcompare {
            let result = reflected(self, right, left, op.swapped())?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
        self.compare_identity(op, left, right)
    }

    /// `left op right` where neither has a method for it.
    fn compare_identity(&mut self, op: CompareOp, left: Value, right: Value) -> Result {
        match op {
            CompareOp::Eq => Ok(Value::bool(left == right)),
            CompareOp::Ne => Ok(Value::bool(left != right)),
            _ => {
                let (l, r) = (self.class_name(left), self.class_name(right));
                raise!(self, TypeError, "'{}' not supported between instances of '{l}' and '{r}'", op.symbol())
            }
        }
    }

    /// The truth of `left op right`; identical objects are equal without being asked.
    pub fn compare_bool(&mut self, op: CompareOp, left: Value, right: Value) -> Result<bool> {
        if left == right {
            match op {
                CompareOp::Eq => return Ok(true),
                CompareOp::Ne => return Ok(false),
                _ => {}
            }
        }
        let result = self.compare(op, left, right)?;
        self.truth(result)
    }

    /// Whether two values are identical or equal, as containers compare their items.
    #[inline]
    pub fn eq(&mut self, left: Value, right: Value) -> Result<bool> {
        match self.quick_eq(left, right) {
            Some(equal) => Ok(equal),
            None => self.compare_bool(CompareOp::Eq, left, right),
        }
    }

    /// Identity or equality where it can be told without running Python code: identical values, immediate ones, exact strings.
    #[inline]
    pub fn quick_eq(&self, left: Value, right: Value) -> Option<bool> {
        if left == right {
            return Some(true);
        }
        if left.is_int() && right.is_int() {
            return Some(false);
        }
        if !left.is_heap() {
            return if right.is_heap() { self.is_exact_str(right).then_some(false) } else { Some(immediates_equal(left, right)) };
        }
        if !self.is_exact_str(left) {
            return None;
        }
        if !right.is_heap() {
            return Some(false);
        }
        if self.is_exact_str(right) {
            let (a, b) = (Gc::<Str>::known(self, left).get(self), Gc::<Str>::known(self, right).get(self));
            return Some(a.same_text(b));
        }
        None
    }

    /// Whether two keys of a dictionary or set are identical or equal, where it can be told without running Python code: as
    /// [`quick_eq`](Self::quick_eq), for exact ints, for objects that are equal to themselves only, and for tuples of such keys.
    #[inline]
    pub(crate) fn quick_key_eq(&self, left: Value, right: Value) -> Option<bool> {
        if self.same_items(left, right) {
            return Some(true);
        }
        self.quick_eq(left, right).or_else(|| self.quick_object_eq(left, right, QUICK_DEPTH))
    }

    /// Whether two values are tuples of the very same items, as keys mostly are which are found.
    #[inline(always)]
    fn same_items(&self, left: Value, right: Value) -> bool {
        if !is_exact(left, shapes::TUPLE) || !is_exact(right, shapes::TUPLE) {
            return false;
        }
        let (left, right) = (Gc::<Tuple>::known(self, left).get(self).items(), Gc::<Tuple>::known(self, right).get(self).items());
        left.len() == right.len() && (0..left.len()).all(|index| left[index] == right[index])
    }

    fn quick_object_eq(&self, left: Value, right: Value, depth: u32) -> Option<bool> {
        let alike = left.is_heap() && right.is_heap() && left.header().shape() == right.header().shape();
        if let Some(left) = self.plain_tuple(left)
            && let Some(right) = if alike { Some(Gc::known(self, right)) } else { self.plain_tuple(right) }
        {
            return self.quick_items_eq(left.get(self).items(), right.get(self).items(), depth);
        }
        if self.is_plain_object(left) && self.is_plain_object(right) {
            return Some(false);
        }
        if self.is_plain_int(left) && self.is_plain_int(right) { self.with_ints(left, right, |left, right| left == right) } else { None }
    }

    #[inline(always)]
    fn quick_items_eq(&self, left: &[Value], right: &[Value], depth: u32) -> Option<bool> {
        if left.len() != right.len() {
            return Some(false);
        }
        for (left, right) in left.iter().zip(right) {
            if left == right {
                continue;
            }
            if left.is_int() && right.is_int() {
                return Some(false);
            }
            let equal = match self.quick_eq(*left, *right) {
                None if depth > 0 => self.quick_object_eq(*left, *right, depth - 1)?,
                equal => equal?,
            };
            if !equal {
                return Some(false);
            }
        }
        Some(true)
    }

    /// The value as a tuple of a class that compares and hashes as `tuple` does: of this one, or say a named tuple.
    #[inline(always)]
    fn plain_tuple(&self, value: Value) -> Option<Gc<Tuple>> {
        let plain = crate::object::is_exact(value, shapes::TUPLE) || self.is_plain_subclass_of_tuple(value);
        plain.then(|| Gc::known(self, value))
    }

    fn is_plain_subclass_of_tuple(&self, value: Value) -> bool {
        let class = self.class_of(value).get(self);
        class.flags.contains(ClassFlags::TUPLE) && class.slots.identifies_as(&self.types.tuple.get(self).slots)
    }

    /// Whether a value is an int of a class that compares and hashes as `int` does.
    fn is_plain_int(&self, value: Value) -> bool {
        let class = self.class_of(value).get(self);
        class.flags.contains(ClassFlags::INT) && class.slots.identifies_as(&self.types.int.get(self).slots)
    }

    /// Whether a value is equal to itself only, as far as its own class is concerned.
    pub(crate) fn is_plain_object(&self, value: Value) -> bool {
        self.class_of(value).get(self).slots.identifies_as(&self.types.object.get(self).slots)
    }

    /// Whether the value is a `str`, not of a subclass.
    #[inline(always)]
    pub fn is_exact_str(&self, value: Value) -> bool {
        crate::object::is_exact(value, shapes::STR)
    }

    /// The hash of a key of a dictionary or set, where it can be told without running Python code: as
    /// [`quick_hash`](Self::quick_hash), for exact numbers, for objects that are hashed by identity, and for tuples of such keys.
    #[inline]
    pub(crate) fn quick_key_hash(&self, key: Value) -> Option<i64> {
        self.quick_hash(key).or_else(|| self.quick_object_hash(key, QUICK_DEPTH))
    }

    #[inline(never)]
    fn quick_object_hash(&self, key: Value, depth: u32) -> Option<i64> {
        if is_exact(key, shapes::TYPE) {
            return Some(identity_hash(key));
        }
        if let Some(tuple) = self.plain_tuple(key) {
            return self.quick_tuple_hash(tuple.get(self), depth);
        }
        if key.is_float() {
            return Some(self.hash_float(key));
        }
        let class = self.class_of(key).get(self);
        let identifies_as = |other: Gc<Class>| class.slots.identifies_as(&other.get(self).slots);
        if class.flags.contains(ClassFlags::INT) && identifies_as(self.types.int) {
            return Some(self.hash_int(key));
        }
        identifies_as(self.types.object).then(|| identity_hash(key))
    }

    #[inline(always)]
    fn quick_tuple_hash(&self, tuple: &Tuple, depth: u32) -> Option<i64> {
        if let Some(hash) = tuple.known_hash() {
            return Some(hash);
        }
        let mut hash = TupleHash::new();
        for item in tuple.items() {
            hash.push(match self.quick_hash(*item) {
                Some(hash) => hash,
                None if depth > 0 => self.quick_object_hash(*item, depth - 1)?,
                None => return None,
            });
        }
        let hash = hash.finish();
        tuple.set_hash(hash);
        Some(hash)
    }

    /// The hash of a small int, or of an exact string that has been asked for it before.
    #[inline(always)]
    pub(crate) fn ready_hash(&self, value: Value) -> Option<i64> {
        if self.is_exact_str(value) {
            return Gc::<Str>::known(self, value).get(self).cached_hash();
        }
        small_int_hash(value)
    }

    /// The hash of a value where it can be told without calling anything: small ints and exact strings.
    #[inline(always)]
    pub fn quick_hash(&self, value: Value) -> Option<i64> {
        if let hash @ Some(_) = small_int_hash(value) {
            return hash;
        }
        self.is_exact_str(value).then(|| Gc::<Str>::known(self, value).get(self).hash(self.hash_keys))
    }

    /// `hash(value)`.
    #[inline]
    pub fn hash(&mut self, value: Value) -> Result<i64> {
        if self.is_exact_str(value) {
            let keys = self.hash_keys;
            return Ok(Gc::<Str>::known(self, value).get(self).hash(keys));
        }
        let class = self.class_of(value);
        match class.get(self).slots.hash {
            Some(hash) => {
                self.enter_native("")?;
                hash(self, value)
            }
            None => crate::object::overrides::unhashable(self, value),
        }
    }

    /// `bool(value)`.
    #[inline]
    pub fn truth(&mut self, value: Value) -> Result<bool> {
        if value == Value::TRUE {
            return Ok(true);
        }
        if value == Value::FALSE || value.is_none() {
            return Ok(false);
        }
        if let Some(int) = value.as_int() {
            return Ok(int != 0);
        }
        self.enter_native("")?;
        let slots = &self.class_of(value).get(self).slots;
        if let Some(bool) = slots.bool {
            return bool(self, value);
        }
        if let Some(len) = slots.len {
            return Ok(len(self, value)? != 0);
        }
        Ok(true)
    }
}

/// Equality of two immediate values that are not the same: numbers of different kinds can be equal.
fn immediates_equal(left: Value, right: Value) -> bool {
    let number = |value: Value| match value.as_int() {
        Some(int) => Some(int as f64),
        None if value.is_bool() => Some((value == Value::TRUE) as u8 as f64),
        None => value.as_float(),
    };
    matches!((number(left), number(right)), (Some(left), Some(right)) if left == right)
}
