//! Comparison, equality, identity, hashing and truth.

use crate::object::slots::RichCompare;
use crate::object::{CompareOp, Str};
use crate::types::shapes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};

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
        if let (Some(reflected), false) = (second, reflected_tried) {
            let result = reflected(self, right, left, op.swapped())?;
            if result != Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
        }
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
            return Some(a.bytes() == b.bytes());
        }
        None
    }

    /// Whether the value is a `str`, not of a subclass.
    #[inline(always)]
    pub fn is_exact_str(&self, value: Value) -> bool {
        crate::object::is_exact(value, shapes::STR)
    }

    /// The hash of a value where it can be told without calling anything: small ints and exact strings.
    #[inline(always)]
    pub fn quick_hash(&self, value: Value) -> Option<i64> {
        if let Some(int) = value.as_int() {
            return Some(if int == -1 { -2 } else { int });
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
