//! The 64-bit value word: a NaN-box with biased ints.
//!
//! Constants are below 32; heap pointers are raw addresses, below 2^49; floats are their bits plus 3 * 2^48; ints are `0xFFFF << 48` plus the
//! number, for numbers in [-2^48, 2^48). The zero word is no value: `Option<Value>::None`, an empty slot, the error word.
//!
//! There is room between addresses and floats, so that a subtraction and a shift tell addresses from all others, the zero word included.

use crate::Header;
use std::marker::PhantomData;
use std::num::NonZeroU64;

/// A reference to a Python object, or an immediate one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Value(NonZeroU64, PhantomData<*const ()>);

const INT_TAG: u64 = 0xFFFE_0000_0000_0000;
const INT_MIDDLE: u64 = 0xFFFF_0000_0000_0000;
const FLOAT_OFFSET: u64 = 0x0003_0000_0000_0000;
/// Words from here up to 2^`ADDRESS_BITS`, and a few more that no value has, are addresses.
const LEAST_ADDRESS: u64 = 0x20;
const ADDRESS_BITS: u32 = 49;
const _: () = assert!(FLOAT_OFFSET >= (1 << ADDRESS_BITS) + LEAST_ADDRESS && Value::UNSET.bits() < LEAST_ADDRESS);

const fn word(bits: u64) -> Value {
    match NonZeroU64::new(bits) {
        Some(bits) => Value(bits, PhantomData),
        None => panic!("the zero word is no value"),
    }
}

impl Value {
    /// `None`
    pub const NONE: Value = word(0x2);
    /// `False`
    pub const FALSE: Value = word(0x6);
    /// `True`
    pub const TRUE: Value = word(0x7);
    /// `...`
    pub const ELLIPSIS: Value = word(0xA);
    /// `NotImplemented`
    pub const NOT_IMPLEMENTED: Value = word(0xE);
    /// A mark that never reaches Python code.
    pub const UNSET: Value = word(0x12);
    /// Words from here on are ints.
    pub const INT_TAG: u64 = INT_TAG;
    /// The word of the int 0.
    pub const INT_MIDDLE: u64 = INT_MIDDLE;
    /// What is added to a float's bits.
    pub const FLOAT_OFFSET: u64 = FLOAT_OFFSET;
    /// Smallest immediate int.
    pub const INT_MIN: i64 = -(1 << 48);
    /// Largest immediate int.
    pub const INT_MAX: i64 = (1 << 48) - 1;

    /// The raw word.
    #[inline(always)]
    pub const fn bits(self) -> u64 {
        self.0.get()
    }

    /// A value from a raw word that came from [`bits`](Self::bits), or None for the zero word.
    ///
    /// # Safety
    /// A word that looks like a heap pointer must be one.
    #[inline(always)]
    pub const unsafe fn from_bits(bits: u64) -> Option<Value> {
        match NonZeroU64::new(bits) {
            Some(bits) => Some(Value(bits, PhantomData)),
            None => None,
        }
    }

    /// The value of an object.
    #[inline(always)]
    pub fn from_header(header: *const Header) -> Value {
        debug_assert!(!header.is_null());
        // SAFETY: cells are never at address zero.
        Value(unsafe { NonZeroU64::new_unchecked(header as u64) }, PhantomData)
    }

    /// An int that fits a value word.
    #[inline(always)]
    pub const fn int(number: i64) -> Option<Value> {
        // Other numbers give words below the tag.
        let bits = INT_MIDDLE.wrapping_add(number as u64);
        if bits >= INT_TAG { Some(word_unchecked(bits)) } else { None }
    }

    /// A 32-bit int.
    #[inline(always)]
    pub const fn small(number: i32) -> Value {
        word_unchecked(INT_MIDDLE.wrapping_add(number as i64 as u64))
    }

    /// A float; NaNs lose their payload.
    #[inline(always)]
    pub fn float(number: f64) -> Value {
        if number.is_nan() {
            return Self::nan(number.is_sign_negative());
        }
        word_unchecked(number.to_bits().wrapping_add(FLOAT_OFFSET))
    }

    #[cold]
    const fn nan(negative: bool) -> Value {
        word_unchecked((f64::NAN.to_bits() | (negative as u64) << 63).wrapping_add(FLOAT_OFFSET))
    }

    /// `True` or `False`.
    #[inline(always)]
    pub const fn bool(truth: bool) -> Value {
        if truth { Self::TRUE } else { Self::FALSE }
    }

    /// Whether this is an immediate int.
    #[inline(always)]
    pub const fn is_int(self) -> bool {
        self.bits() >= INT_TAG
    }

    /// The number of an immediate int.
    #[inline(always)]
    pub const fn as_int(self) -> Option<i64> {
        if self.is_int() { Some(self.bits().wrapping_sub(INT_MIDDLE) as i64) } else { None }
    }

    /// Whether this is a float.
    #[inline(always)]
    pub const fn is_float(self) -> bool {
        self.bits().wrapping_sub(FLOAT_OFFSET) < INT_TAG - FLOAT_OFFSET
    }

    /// The number of a float.
    #[inline(always)]
    pub const fn as_float(self) -> Option<f64> {
        if self.is_float() { Some(f64::from_bits(self.bits().wrapping_sub(FLOAT_OFFSET))) } else { None }
    }

    /// Whether this is `None`.
    #[inline(always)]
    pub const fn is_none(self) -> bool {
        self.bits() == 0x2
    }

    /// Whether this is `True` or `False`.
    #[inline(always)]
    pub const fn is_bool(self) -> bool {
        self.bits() | 1 == 0x7
    }

    /// Whether this refers to an object on the heap.
    #[inline(always)]
    pub const fn is_heap(self) -> bool {
        Self::is_address(self.bits())
    }

    /// Whether a value's word, or the zero word, refers to an object on the heap.
    #[inline(always)]
    pub const fn is_address(bits: u64) -> bool {
        bits.wrapping_sub(LEAST_ADDRESS) >> ADDRESS_BITS == 0
    }

    /// The address of the object; only meaningful when [`is_heap`](Self::is_heap).
    #[inline(always)]
    pub const fn as_header(self) -> *const Header {
        self.bits() as *const Header
    }

    /// The header of a heap object.
    #[inline(always)]
    pub fn header(&self) -> &Header {
        debug_assert!(self.is_heap());
        // SAFETY: a heap value refers to a live cell, which starts with a header; headers hold only cells with interior mutability.
        unsafe { &*self.as_header() }
    }
}

#[inline(always)]
const fn word_unchecked(bits: u64) -> Value {
    debug_assert!(bits != 0);
    // SAFETY: the words of floats are at least `FLOAT_OFFSET`, those of ints `INT_TAG`.
    Value(unsafe { NonZeroU64::new_unchecked(bits) }, PhantomData)
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.as_int(), self.as_float()) {
            (Some(int), _) => write!(f, "Value(int {int})"),
            (_, Some(float)) => write!(f, "Value(float {float:?})"),
            _ => write!(f, "Value({:#x})", self.bits()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn ints_round_trip_and_reject_what_does_not_fit() {
        for number in [0, 1, -1, 12345, Value::INT_MIN, Value::INT_MAX] {
            let value = Value::int(number).expect("fits");
            assert_eq!(value.as_int(), Some(number));
            assert!(value.is_int() && !value.is_float() && !value.is_heap());
        }
        assert!(Value::int(Value::INT_MAX + 1).is_none() && Value::int(Value::INT_MIN - 1).is_none());
    }

    #[test]
    fn floats_round_trip() {
        for number in [0.0, -0.0, 1.5, f64::MAX, f64::MIN_POSITIVE, f64::INFINITY, f64::NEG_INFINITY] {
            let value = Value::float(number);
            assert_eq!(value.as_float().map(f64::to_bits), Some(number.to_bits()));
            assert!(!value.is_int() && !value.is_heap());
        }
        assert!(Value::float(f64::from_bits(u64::MAX)).as_float().expect("a float").is_nan());
    }

    #[test]
    fn results_are_one_word() {
        assert_eq!(size_of::<Option<Value>>(), 8);
        assert_eq!(size_of::<Result<Value, ()>>(), 8);
    }
}
