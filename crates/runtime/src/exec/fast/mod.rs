//! What the loop's handlers do out of line: frequent work that is too long to stand in the loop but needs no slow exit.
//!
//! An answer of "undecided" sends the instruction through the slow exit, which starts over: nothing has happened then. Special methods
//! written in Python are not run here, the loop enters their frames; only what gives an [`Outcome`] calls native code that may raise.

mod attribute;
mod bind;
mod call;
mod extended;
mod generator;
mod iterate;
mod sequence;

pub(super) use attribute::attribute;
pub(super) use call::{Window, enter, enter_window};
pub(super) use extended::extended;
pub(super) use generator::{finish, lay_out, resume, yields, yields_to_taker};
pub(super) use iterate::pair;
pub(crate) use iterate::{Step, step};
pub(super) use sequence::{enter_iter, iter, slice, store_slice};

use super::frame::At;
use super::special;
use crate::object::{BigInt, Class, ClassFlags, CompareOp, Dict, Str, Tuple};
use crate::types::{ByteArray, Bytes, List, Set, Slice, shapes};
use crate::{BinaryOp, Py, Result};
use bredli_heap::{Gc, Value};

/// A truth value, or not decided.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Answer {
    No,
    Yes,
    Undecided,
}

impl Answer {
    #[inline(always)]
    fn of(truth: bool) -> Self {
        if truth { Answer::Yes } else { Answer::No }
    }
}

/// What became of an operation. Two words, which are returned in registers.
pub(super) enum Outcome {
    Done(Value),
    /// A special method written in Python does it, in this frame; where that begins is in the machine's `pc`.
    Enter(*mut u64),
    Raised,
    Undecided,
}

impl Outcome {
    #[inline]
    fn of(item: Option<Value>) -> Self {
        item.map_or(Outcome::Undecided, Outcome::Done)
    }

    #[inline]
    fn of_native(result: Result<Value>) -> Self {
        result.map_or(Outcome::Raised, Outcome::Done)
    }

    #[inline]
    fn enter(py: &mut Py, frame: At) -> Self {
        py.machine.pc = frame.pc;
        Outcome::Enter(frame.fp)
    }
}

/// The result of an operator.
#[inline(never)]
pub(super) fn binary(py: &mut Py, at: At, left: Value, right: Value) -> Outcome {
    if exact_str(&left).is_some() && exact_str(&right).is_some() && BinaryOp::from_index(at.x() as usize).0 == BinaryOp::Add {
        return concat(py, Gc::known(py, left), Gc::known(py, right));
    }
    if left.is_bool() || right.is_bool() {
        return binary_elsewhere(py, at, left, right);
    }
    binary_numbers(py, at, left, right)
}

#[inline(never)]
fn concat(py: &mut Py, left: Gc<Str>, right: Gc<Str>) -> Outcome {
    py.concat_str(left, right).map_or_else(|_| Outcome::of_native(Err(py.no_memory())), |text| Outcome::Done(text.into()))
}

#[inline(never)]
fn binary_numbers(py: &mut Py, at: At, left: Value, right: Value) -> Outcome {
    let (op, _) = BinaryOp::from_index(at.x() as usize);
    if let (Some(left), Some(right)) = (natural(left), natural(right))
        && let Some(number) = binary_naturals(op, left, right)
    {
        return Outcome::Done(py.new_int_u128(number));
    }
    binary_elsewhere(py, at, left, right)
}

#[inline(never)]
fn binary_elsewhere(py: &mut Py, at: At, left: Value, right: Value) -> Outcome {
    let (op, inplace) = BinaryOp::from_index(at.x() as usize);
    if op == BinaryOp::Add
        && let (Some(left), Some(right)) = (counted(left), counted(right))
        && let Some(sum) = Value::int(left + right)
    {
        return Outcome::Done(sum);
    }
    if let Some(value) = binary_builtin(py, op, inplace, left, right) {
        return Outcome::Done(value);
    }
    if let Some(frame) = special::enter_binary(py, at, left, right) {
        return Outcome::enter(py, frame);
    }
    Outcome::of_native(if inplace { py.inplace(op, left, right) } else { py.binary(op, left, right) })
}

/// The result of an operator on ints of at most 127 bits, of `+` on tuples, lists and bytes, and of `**` on floats.
#[inline(always)]
fn binary_builtin(py: &mut Py, op: BinaryOp, inplace: bool, left: Value, right: Value) -> Option<Value> {
    if op == BinaryOp::Add
        && left.is_heap()
        && right.is_heap()
        && left.header().shape() == right.header().shape()
        && matches!((left.header().shape(), inplace), (shapes::TUPLE | shapes::BYTES, _) | (shapes::LIST, false))
    {
        if left.header().shape() == shapes::BYTES {
            let (left, right) = (Gc::<Bytes>::known(py, left), Gc::<Bytes>::known(py, right));
            return py.concat_bytes(left, right).ok().map(Into::into);
        }
        let concat = py.class_of(left).get(py).slots.concat?;
        return concat(py, left, right).ok();
    }
    let number = |value: Value| value.as_float().or_else(|| value.as_int().map(|int| int as f64));
    if let (BinaryOp::Power, Some(base), Some(exponent)) = (op, left.as_float(), number(right)) {
        // Others raise, or give a complex number.
        let plain = base > 0.0 && base.is_finite() && exponent.is_finite();
        let power = base.powf(exponent);
        return (plain && power.is_finite()).then(|| Value::float(power));
    }
    if left.is_bool() && right.is_bool() {
        let (left, right) = (left == Value::TRUE, right == Value::TRUE);
        match op {
            BinaryOp::And => return Some(Value::bool(left & right)),
            BinaryOp::Or => return Some(Value::bool(left | right)),
            BinaryOp::Xor => return Some(Value::bool(left ^ right)),
            _ => {}
        }
    }
    let (left, right) = (wide(py, left)?, wide(py, right)?);
    let number = match op {
        BinaryOp::Add => left.checked_add(right)?,
        BinaryOp::Subtract => left.checked_sub(right)?,
        BinaryOp::Multiply => match (i64::try_from(left), i64::try_from(right)) {
            (Ok(left), Ok(right)) => left as i128 * right as i128,
            _ => left.checked_mul(right)?,
        },
        BinaryOp::And => left & right,
        BinaryOp::Or => left | right,
        BinaryOp::Xor => left ^ right,
        BinaryOp::Lshift => {
            let count = u32::try_from(right).ok().filter(|count| *count < 127)?;
            let shifted = left << count;
            if shifted >> count != left {
                return None;
            }
            shifted
        }
        BinaryOp::Rshift => left >> u32::try_from(right).ok()?.min(127),
        BinaryOp::FloorDivide => divide(left, right)?.0,
        BinaryOp::Remainder => divide(left, right)?.1,
        _ => return None,
    };
    Some(py.new_int_i128(number))
}

/// The number of an exact int from 0 on that has at most 128 bits.
#[inline(always)]
fn natural(value: Value) -> Option<u128> {
    if let Some(int) = value.as_int() {
        return u64::try_from(int).ok().map(u128::from);
    }
    // SAFETY: the shape tells that the object is an int without attributes; it lives as long as the value is in use.
    crate::object::is_exact(value, shapes::INT).then(|| unsafe { &*value.as_header().cast::<BigInt>() })?.to_u128()
}

/// The result of an operator where it has no sign either, in the cases that take a few instructions.
#[inline(always)]
fn binary_naturals(op: BinaryOp, left: u128, right: u128) -> Option<u128> {
    match op {
        BinaryOp::And => Some(left & right),
        BinaryOp::Or => Some(left | right),
        BinaryOp::Xor => Some(left ^ right),
        BinaryOp::Add => left.checked_add(right),
        BinaryOp::Subtract => left.checked_sub(right),
        BinaryOp::Multiply if (left | right) >> 64 == 0 => Some(left as u64 as u128 * right as u64 as u128),
        BinaryOp::Lshift if right < 64 && left >> 64 == 0 => Some(left << right),
        BinaryOp::Rshift => Some(if right < 128 { left >> right } else { 0 }),
        BinaryOp::FloorDivide if (left | right) >> 64 == 0 && right != 0 => Some((left as u64 / right as u64) as u128),
        BinaryOp::Remainder if (left | right) >> 64 == 0 && right != 0 => Some((left as u64 % right as u64) as u128),
        _ => None,
    }
}

/// The number of a small int or of a bool.
#[inline(always)]
fn counted(value: Value) -> Option<i64> {
    value.as_int().or_else(|| value.is_bool().then_some((value == Value::TRUE) as i64))
}

/// Quotient and remainder, rounded down.
fn divide(left: i128, right: i128) -> Option<(i128, i128)> {
    if right <= 0 {
        return None;
    }
    match (u64::try_from(left), u64::try_from(right)) {
        (Ok(left), Ok(right)) => Some(((left / right) as i128, (left % right) as i128)),
        _ => Some((left.div_euclid(right), left.rem_euclid(right))),
    }
}

/// The number of an exact int of at most 127 bits, or of a bool.
#[inline(always)]
fn wide(py: &Py, value: Value) -> Option<i128> {
    if let Some(int) = value.as_int() {
        return Some(int as i128);
    }
    if value.is_bool() {
        return Some((value == Value::TRUE) as i128);
    }
    if !crate::object::is_exact(value, shapes::INT) {
        return None;
    }
    Gc::<BigInt>::known(py, value).get(py).to_i128()
}

/// The text of a value that is a `str`, not of a subclass.
#[inline(always)]
fn exact_str(value: &Value) -> Option<&Str> {
    // SAFETY: the shape tells that the object is a string; it lives as long as the value is in use.
    crate::object::is_exact(*value, shapes::STR).then(|| unsafe { &*value.as_header().cast::<Str>() })
}

/// `left op right` of exact strings and ints.
#[inline(never)]
pub(super) fn compare(py: &Py, operator: u8, left: Value, right: Value) -> Answer {
    if let (Some(l), Some(r)) = (exact_str(&left), exact_str(&right)) {
        let wanted = match operator & 7 {
            EQ => true,
            NE => false,
            _ => return compare_elsewhere(py, operator, left, right),
        };
        if left == right {
            return Answer::of(wanted);
        }
        // Strings that differ mostly do so in the length or the first byte.
        if l.byte_len() != r.byte_len() || l.bytes().first() != r.bytes().first() {
            return Answer::of(!wanted);
        }
    }
    compare_elsewhere(py, operator, left, right)
}

const EQ: u8 = CompareOp::Eq as u8;
const NE: u8 = CompareOp::Ne as u8;

#[inline(never)]
fn compare_elsewhere(py: &Py, operator: u8, left: Value, right: Value) -> Answer {
    let op = CompareOp::from_index((operator & 7) as usize);
    if let (Some(l), Some(r)) = (exact_str(&left), exact_str(&right)) {
        return Answer::of(match op {
            CompareOp::Eq => l.bytes() == r.bytes(),
            CompareOp::Ne => l.bytes() != r.bytes(),
            op => op.holds(l.bytes().cmp(r.bytes())),
        });
    }
    if let (Some(left), Some(right)) = (wide(py, left), wide(py, right)) {
        return Answer::of(op.holds(left.cmp(&right)));
    }
    let by_identity = |value: Value| py.class_of(value).get(py).slots.compares_as(&py.types.object.get(py).slots);
    if matches!(op, CompareOp::Eq | CompareOp::Ne) && by_identity(left) && by_identity(right) {
        return Answer::of((left == right) == (op == CompareOp::Eq));
    }
    // None, True, False and Ellipsis are equal to nothing but themselves and numbers.
    if let (CompareOp::Eq | CompareOp::Ne, true) = (op, left.is_none() || right.is_none()) {
        let other = if left.is_none() { right } else { left };
        let plain = [shapes::STR, shapes::TUPLE, shapes::LIST, shapes::DICT, shapes::INT, shapes::BYTES, shapes::FUNCTION];
        if !other.is_heap() || plain.contains(&other.header().shape()) {
            return Answer::of((left == right) == (op == CompareOp::Eq));
        }
    }
    Answer::Undecided
}

/// `bool(value)` of the built-in containers, strings and floats.
#[inline(never)]
pub(super) fn truth(py: &Py, value: Value) -> Answer {
    if !value.is_heap() {
        return match value.as_float() {
            Some(float) => Answer::of(float != 0.0),
            None => Answer::Undecided,
        };
    }
    match value.header().shape() {
        shapes::STR => Answer::of(Gc::<Str>::known(py, value).get(py).byte_len() != 0),
        shapes::LIST => Answer::of(!Gc::<List>::known(py, value).get(py).is_empty()),
        shapes::TUPLE => Answer::of(!Gc::<Tuple>::known(py, value).get(py).is_empty()),
        shapes::DICT => Answer::of(!Gc::<Dict>::known(py, value).get(py).is_empty()),
        shapes::INT => Answer::Yes,
        shapes::BYTES => Answer::of(!Gc::<Bytes>::known(py, value).get(py).data().is_empty()),
        shapes::BYTEARRAY => Answer::of(!Gc::<ByteArray>::known(py, value).get(py).data().is_empty()),
        shapes::SET | shapes::FROZENSET => Answer::of(!Gc::<Set>::known(py, value).get(py).is_empty()),
        _ => {
            let slots = &py.class_of(value).get(py).slots;
            if slots.bool.is_none() && slots.len.is_none() { Answer::Yes } else { Answer::Undecided }
        }
    }
}

/// `container[key]`, except of dictionaries whose keys need Python code and where it fails.
#[inline(never)]
pub(super) fn subscript(py: &mut Py, at: At, container: Value, key: Value) -> Outcome {
    if !container.is_heap() {
        return Outcome::Undecided;
    }
    if container.header().shape() == shapes::DICT {
        let dict = Gc::<Dict>::known(py, container).get(py);
        return match py.dict_find_ready(dict, key) {
            Some(Some(number)) => Outcome::of(dict.entries()[number].value),
            _ => subscript_key(py, container, key),
        };
    }
    subscript_elsewhere(py, at, container, key)
}

#[inline(never)]
fn subscript_key(py: &mut Py, dict: Value, key: Value) -> Outcome {
    let dict = Gc::<Dict>::known(py, dict).get(py);
    match py.dict_find_quick(dict, key) {
        Some(Some(number)) => Outcome::of(dict.entries()[number].value),
        _ => Outcome::Undecided,
    }
}

#[inline(never)]
fn subscript_elsewhere(py: &mut Py, at: At, container: Value, key: Value) -> Outcome {
    match container.header().shape() {
        shapes::LIST if key.is_int() => Outcome::of(from_end(Gc::<List>::known(py, container).get(py).items(), key)),
        shapes::LIST if crate::object::is_exact(key, shapes::SLICE) => {
            let Slice { start, stop, step, .. } = *Gc::<Slice>::known(py, key).get(py);
            Outcome::of(sequence::slice(py, container, [start, stop, step]))
        }
        shapes::TUPLE => Outcome::of(from_end(Gc::<Tuple>::known(py, container).get(py).items(), key)),
        shapes::STR => Outcome::of(character(py, Gc::known(py, container), key)),
        shapes::BYTES => Outcome::of(byte(Gc::<Bytes>::known(py, container).get(py).data(), key)),
        shapes::BYTEARRAY => Outcome::of(byte(Gc::<ByteArray>::known(py, container).get(py).data(), key)),
        _ => {
            let class = py.class_of(container);
            if !class.get(py).is_heap_class() {
                return match class.get(py).slots.getitem {
                    Some(getitem) => Outcome::of_native(getitem(py, container, key)),
                    None => Outcome::Undecided,
                };
            }
            if let Some(frame) = special::enter_subscript(py, at, class, container, key) {
                return Outcome::enter(py, frame);
            }
            Outcome::of(subscript_inherited(py, container, key))
        }
    }
}

fn character(py: &Py, string: Gc<Str>, key: Value) -> Option<Value> {
    let string = string.get(py);
    if !string.is_ascii() {
        return None;
    }
    let index = position(string.byte_len(), key)?;
    let byte = *string.bytes().get(index)?;
    Some(py.constants.chars[byte as usize].into())
}

fn byte(bytes: &[u8], key: Value) -> Option<Value> {
    let index = position(bytes.len(), key)?;
    bytes.get(index).map(|byte| Value::small(*byte as i32))
}

/// `container[key]` where the class has got that from `dict` or `tuple`.
fn subscript_inherited(py: &mut Py, container: Value, key: Value) -> Option<Value> {
    let class = py.class_of(container).get(py);
    let own = |class: Gc<Class>| class.get(py).slots.getitem.map(|getitem| getitem as usize);
    let getitem = class.slots.getitem.map(|getitem| getitem as usize);
    if class.flags.contains(ClassFlags::DICT) && getitem == own(py.types.dict) {
        let dict = Gc::<Dict>::known(py, container).get(py);
        let number = py.dict_find_quick(dict, key)??;
        return dict.entries()[number].value;
    }
    if class.flags.contains(ClassFlags::TUPLE) && getitem == own(py.types.tuple) {
        return from_end(Gc::<Tuple>::known(py, container).get(py).items(), key);
    }
    None
}

/// An index counted from the start.
#[inline(always)]
fn position(len: usize, key: Value) -> Option<usize> {
    let index = key.as_int()?;
    Some((if index < 0 { index + len as i64 } else { index }) as usize)
}

#[inline(always)]
fn from_end(items: &[Value], key: Value) -> Option<Value> {
    items.get(position(items.len(), key)?).copied()
}

/// `container[key] = value`, with the exceptions of [`subscript`].
#[inline(never)]
pub(super) fn store_subscript(py: &mut Py, at: At, container: Value, key: Value, value: Value) -> Outcome {
    if !container.is_heap() {
        return Outcome::Undecided;
    }
    if container.header().shape() == shapes::DICT {
        let dict = Gc::known(py, container);
        return if py.dict_replace_ready(dict, key, value) { Outcome::Done(Value::NONE) } else { store_key(py, dict, key, value) };
    }
    store_elsewhere(py, at, container, key, value)
}

#[inline(never)]
fn store_key(py: &mut Py, dict: Gc<Dict>, key: Value, value: Value) -> Outcome {
    if py.dict_put_quick(dict, key, value) { Outcome::Done(Value::NONE) } else { Outcome::Undecided }
}

#[inline(never)]
fn store_elsewhere(py: &mut Py, at: At, container: Value, key: Value, value: Value) -> Outcome {
    let done = match container.header().shape() {
        shapes::LIST if key.is_int() => {
            let list = Gc::<List>::known(py, container).get_mut(py);
            let place = position(list.len(), key).and_then(|index| list.items_mut().get_mut(index));
            place.map(|place| *place = value).is_some()
        }
        shapes::BYTEARRAY => {
            let byte = value.as_int().and_then(|int| u8::try_from(int).ok());
            let bytes = Gc::<ByteArray>::known(py, container).get_mut(py).data_mut();
            let place = position(bytes.len(), key).and_then(|index| bytes.get_mut(index));
            place.zip(byte).map(|(place, byte)| *place = byte).is_some()
        }
        _ => {
            let class = py.class_of(container);
            let setitem = |class: Gc<Class>| class.get(py).slots.setitem;
            if !class.get(py).is_heap_class() {
                return match setitem(class) {
                    Some(setitem) => Outcome::of_native(setitem(py, container, key, Some(value)).map(|()| Value::NONE)),
                    None => Outcome::Undecided,
                };
            }
            let address = |class| setitem(class).map(|setitem| setitem as usize);
            if class.get(py).flags.contains(ClassFlags::DICT) && address(class) == address(py.types.dict) {
                py.dict_put_quick(Gc::known(py, container), key, value)
            } else {
                let name = py.names.__setitem__;
                return match special::enter(py, at, name, [container, key, value]) {
                    Some(frame) => Outcome::enter(py, frame),
                    None => Outcome::Undecided,
                };
            }
        }
    };
    if done { Outcome::Done(Value::NONE) } else { Outcome::Undecided }
}

/// `key in container` of the built-in containers.
#[inline(never)]
pub(super) fn contains(py: &mut Py, key: Value, container: Value) -> Answer {
    if !container.is_heap() {
        return Answer::Undecided;
    }
    // Each in a function of its own, which is jumped to: what one needs does not cost the others.
    match container.header().shape() {
        shapes::DICT => match py.dict_find_ready(Gc::<Dict>::known(py, container).get(py), key) {
            Some(found) => Answer::of(found.is_some()),
            None => contains_key(py, key, container),
        },
        shapes::SET | shapes::FROZENSET => contains_element(py, key, container),
        _ => contains_item(py, key, container),
    }
}

#[inline(never)]
fn contains_key(py: &mut Py, key: Value, dict: Value) -> Answer {
    let dict = Gc::<Dict>::known(py, dict).get(py);
    match py.dict_find_quick(dict, key) {
        Some(found) => Answer::of(found.is_some()),
        None => Answer::Undecided,
    }
}

#[inline(never)]
fn contains_element(py: &mut Py, key: Value, set: Value) -> Answer {
    let set = Gc::<Set>::known(py, set);
    match py.set_contains_quick(set, key) {
        Some(found) => Answer::of(found),
        None => Answer::Undecided,
    }
}

#[inline(never)]
fn contains_item(py: &mut Py, key: Value, container: Value) -> Answer {
    let items = match container.header().shape() {
        shapes::STR if py.is_exact_str(key) => {
            let (text, part) = (Gc::<Str>::known(py, container).get(py).bytes(), Gc::<Str>::known(py, key).get(py).bytes());
            return Answer::of(crate::search::find(text, part).is_some());
        }
        shapes::TUPLE => Gc::<Tuple>::known(py, container).get(py).items(),
        shapes::LIST => Gc::<List>::known(py, container).get(py).items(),
        _ => return Answer::Undecided,
    };
    for item in items {
        match py.quick_eq(*item, key) {
            Some(true) => return Answer::Yes,
            Some(false) => {}
            None => return Answer::Undecided,
        }
    }
    Answer::No
}
