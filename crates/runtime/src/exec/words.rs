//! The words of values as the interpreter loop tests and makes them, without going through [`Value`], and the cache words of attributes.

use super::op::Op;
use crate::Py;
use crate::object::Tuple;
use crate::types::{List, Module, shapes};
use bredli_heap::{Header, Value};

/// The least word of an immediate int.
pub(super) const TAG: u64 = Value::INT_TAG;
/// The word of 0.
pub(super) const MIDDLE: u64 = Value::INT_MIDDLE;
/// The word of True.
pub(super) const TRUE: u64 = Value::TRUE.bits();
/// The word of False.
pub(super) const FALSE: u64 = Value::FALSE.bits();
/// The word of None.
pub(super) const NONE: u64 = Value::NONE.bits();

#[inline(always)]
pub(super) fn is_heap(word: u64) -> bool {
    Value::is_address(word)
}

/// The shape of a heap object.
///
/// # Safety
/// The word is a heap pointer.
#[inline(always)]
pub(super) unsafe fn shape(word: u64) -> u32 {
    // SAFETY: the caller's promise.
    unsafe { (*(word as *const Header)).shape() }
}

#[inline(always)]
pub(super) fn is_float(word: u64) -> bool {
    word.wrapping_sub(Value::FLOAT_OFFSET) < TAG - Value::FLOAT_OFFSET
}

/// The number of a float; NaN for all other words: heap pointers, constants, the empty word and ints have the bits of negative NaNs when the
/// offset of floats is taken off. So what comes of arithmetic or a comparison shows whether both operands were floats.
#[inline(always)]
pub(super) fn as_float(word: u64) -> f64 {
    f64::from_bits(word.wrapping_sub(Value::FLOAT_OFFSET))
}

#[inline(always)]
pub(super) fn float_word(float: f64) -> u64 {
    Value::float(float).bits()
}

/// The word of a float that is not NaN.
#[inline(always)]
pub(super) fn number_word(float: f64) -> u64 {
    debug_assert!(!float.is_nan());
    float.to_bits().wrapping_add(Value::FLOAT_OFFSET)
}

#[inline(always)]
pub(super) fn bool_word(truth: bool) -> u64 {
    FALSE | truth as u64
}

/// The truth of booleans, None and immediate ints.
#[inline(always)]
pub(super) fn quick_truth(word: u64) -> Option<bool> {
    if word == TRUE {
        return Some(true);
    }
    if word == FALSE || word == NONE || word == MIDDLE {
        return Some(false);
    }
    if word >= TAG { Some(true) } else { None }
}

/// The index that a word means; past the end of every sequence if it is no immediate int, or negative.
#[inline(always)]
pub(super) fn index(word: u64) -> usize {
    word.wrapping_sub(MIDDLE) as usize
}

/// An item of a list or a tuple.
///
/// # Safety
/// The container's word is a value or empty, and what it refers to does not change while the item is looked at.
#[inline(always)]
pub(super) unsafe fn item<'a>(container: u64, index: usize) -> Option<&'a Value> {
    if !is_heap(container) {
        return None;
    }
    // SAFETY: the shape tells the type.
    unsafe {
        match shape(container) {
            shapes::LIST => (*(container as *const List)).items().get(index),
            shapes::TUPLE => (*(container as *const Tuple)).items().get(index),
            _ => None,
        }
    }
}

/// Both operands as floats, where at least one is a float and the other a float or an immediate int.
#[inline(always)]
pub(super) fn floats(a: u64, b: u64) -> Option<(f64, f64)> {
    let pair = (as_float(a), as_float(b));
    if !(pair.0.is_nan() | pair.1.is_nan()) {
        return Some(pair);
    }
    if is_float(a) {
        if is_float(b) {
            return Some((as_float(a), as_float(b)));
        }
        if b >= TAG {
            return Some((as_float(a), b.wrapping_sub(MIDDLE) as i64 as f64));
        }
    } else if a >= TAG && is_float(b) {
        return Some((a.wrapping_sub(MIDDLE) as i64 as f64, as_float(b)));
    }
    None
}

/// Whether operand x of a comparing instruction wants this order of two immediate ints: see [`outcomes`].
#[inline(always)]
pub(super) fn int_compare(x: u8, a: u64, b: u64) -> bool {
    holds(x, (a >= b) as u32 + (a > b) as u32)
}

/// Whether operand x of a comparing instruction wants this order of two floats; `None` if one of them is NaN.
#[inline(always)]
pub(super) fn float_compare(x: u8, a: f64, b: f64) -> Option<bool> {
    if a.is_nan() | b.is_nan() { None } else { Some(holds(x, (a >= b) as u32 + (a > b) as u32)) }
}

/// Whether operand x of a comparing instruction wants this order of two values; `None` unless they are floats or immediate ints.
#[inline(always)]
pub(super) fn number_compare(x: u8, a: u64, b: u64) -> Option<bool> {
    if a & b >= TAG {
        return Some(int_compare(x, a, b));
    }
    let (a, b) = floats(a, b)?;
    float_compare(x, a, b).or_else(|| Some(holds(x, 3)))
}

#[inline(always)]
fn holds(x: u8, outcome: u32) -> bool {
    x as u32 >> (4 + outcome) & 1 != 0
}

/// The upper four bits of operand x of a comparing instruction with this operator (`<`, `<=`, `==`, `!=`, `>`, `>=`): one for each outcome that it
/// wants (less, equal, greater, unordered).
pub(super) fn outcomes(operator: u8) -> u8 {
    const OUTCOMES: u32 = 0b0110_0100_1101_0010_0011_0001;
    ((OUTCOMES >> ((operator as u32 & 7) * 4)) << 4) as u8
}

/// The comparing jump for ints that wants the same outcomes (less, equal, greater) as operand x.
pub(super) fn jump_of_ints(x: u8, small: bool) -> Op {
    let forms = match x >> 4 & 7 {
        0b001 => [Op::JumpLess, Op::JumpLessInt],
        0b011 => [Op::JumpLessEqual, Op::JumpLessEqualInt],
        0b010 => [Op::JumpEqual, Op::JumpEqualInt],
        0b101 => [Op::JumpNotEqual, Op::JumpNotEqualInt],
        0b110 => [Op::JumpGreaterEqual, Op::JumpGreaterEqualInt],
        _ => [Op::JumpGreater, Op::JumpGreaterInt],
    };
    forms[usize::from(small)]
}

/// The attribute of a module whose dictionary's version and entry number are in a cache word.
///
/// # Safety
/// The word is a value.
#[inline(always)]
pub(super) unsafe fn module_attribute(py: &Py, word: u64, cache: u64) -> Option<Value> {
    // SAFETY: the shape tells that the object is a module; the version, that the dictionary has this entry.
    unsafe {
        if !is_heap(word) || shape(word) != shapes::MODULE {
            return None;
        }
        let dict = (*(word as *const Module)).dict?.get(&py.heap);
        if dict.version != cache as u32 { None } else { dict.entries().get_unchecked((cache >> 32) as usize).value }
    }
}

/// The attribute of an instance whose shape and the attribute's place are in a cache word.
///
/// # Safety
/// The word is a value.
#[inline(always)]
pub(super) unsafe fn slot_attribute(word: u64, cache: u64) -> Option<Value> {
    // SAFETY: objects of the shape have a value or an empty word at that place.
    unsafe {
        if !is_heap(word) || shape(word) != cache as u32 {
            return None;
        }
        Value::from_bits(*((word + (cache >> 32)) as *const u64))
    }
}
