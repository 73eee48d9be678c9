//! The layouts of `int`: immediates, heap cells with limbs, and the payload of subclasses.
//!
//! An exact int is an immediate value when it fits 49 bits, else a `BigInt` cell. Instances of subclasses (and nothing
//! else) are `IntObject`s that hold an exact int. Counterpart: `Objects/longobject.c`.

use crate::Py;
use crate::types::shapes;
use bredli_heap::{Gc, Header, Kind, Layout, Object, Value};
use bredli_macros::Trace;
use bredli_num::Int;

/// An exact int too large for an immediate value; its limbs follow, least significant first. The header's `aux` holds the sign and the
/// number of limbs, so that 64 bits take 16 bytes; if there are more limbs than it can count, a word before them does.
#[repr(C)]
pub struct BigInt {
    /// The object header.
    pub header: Header,
    words: [u64; 0],
}

/// In `aux`: the int is below zero.
const NEGATIVE: u8 = 0x80;
/// In `aux`: the number of limbs; 0 if there are more.
const COUNT: u8 = 0x7F;

static LAYOUT: Layout = Layout::leaf("big int", std::mem::size_of::<BigInt>()).without_trailing();

// SAFETY: repr(C), starts with a header, holds no references.
unsafe impl Object for BigInt {
    const LAYOUT: &'static Layout = &LAYOUT;
    const SHAPE: Option<u32> = Some(crate::types::shapes::INT);
}

impl BigInt {
    /// The number.
    #[inline(always)]
    pub fn as_int(&self) -> Int<'_> {
        let (aux, words) = (self.header.aux(), self.words.as_ptr());
        // SAFETY: `new_big` wrote as many limbs behind the header as `aux` counts, or their number and the limbs.
        let limbs = unsafe {
            match aux & COUNT {
                0 => std::slice::from_raw_parts(words.add(1), *words as usize),
                count => std::slice::from_raw_parts(words, count as usize),
            }
        };
        Int::new(aux & NEGATIVE != 0, limbs)
    }

    /// The magnitude, if it has at most 128 bits.
    #[inline(always)]
    fn magnitude(&self) -> Option<u128> {
        let words = self.words.as_ptr();
        // SAFETY: `new_big` wrote as many limbs behind the header as `aux` counts.
        unsafe {
            match self.header.aux() & COUNT {
                1 => Some(*words as u128),
                2 => Some(*words as u128 | (*words.add(1) as u128) << 64),
                _ => None,
            }
        }
    }

    /// The number, if it has at most 127 bits.
    #[inline(always)]
    pub(crate) fn to_i128(&self) -> Option<i128> {
        let magnitude = i128::try_from(self.magnitude()?).ok()?;
        Some(if self.header.aux() & NEGATIVE != 0 { -magnitude } else { magnitude })
    }

    /// The number, if it is not negative and has at most 128 bits.
    #[inline(always)]
    pub(crate) fn to_u128(&self) -> Option<u128> {
        if self.header.aux() & NEGATIVE != 0 { None } else { self.magnitude() }
    }
}

/// The payload of instances of `int` subclasses.
#[repr(C)]
#[derive(Trace)]
pub struct IntObject {
    /// The object header.
    pub header: Header,
    /// The exact int.
    pub value: Value,
}

impl Py {
    /// The int with this number.
    #[inline(always)]
    pub fn new_int(&mut self, number: i64) -> Value {
        match Value::int(number) {
            Some(value) => value,
            None => self.new_big(number < 0, &[number.unsigned_abs()]),
        }
    }

    /// The int with this number.
    #[inline]
    pub fn new_int_u64(&mut self, number: u64) -> Value {
        match i64::try_from(number) {
            Ok(number) => self.new_int(number),
            Err(_) => self.new_big(false, &[number]),
        }
    }

    /// The int with this sign and magnitude (no leading zero limbs).
    #[inline]
    pub fn new_int_from(&mut self, int: Int) -> Value {
        match int.to_i64() {
            Some(number) => self.new_int(number),
            None => self.new_big(int.is_negative(), int.limbs()),
        }
    }

    /// The int with this number.
    #[inline]
    pub(crate) fn new_int_i128(&mut self, number: i128) -> Value {
        if let Ok(small) = i64::try_from(number)
            && let Some(value) = Value::int(small)
        {
            return value;
        }
        self.new_magnitude(number < 0, number.unsigned_abs())
    }

    /// The int with this number.
    #[inline(always)]
    pub(crate) fn new_int_u128(&mut self, number: u128) -> Value {
        match i64::try_from(number).ok().and_then(Value::int) {
            Some(value) => value,
            None => self.new_magnitude(false, number),
        }
    }

    /// The int with this sign and magnitude, which is too large for an immediate value.
    #[inline]
    fn new_magnitude(&mut self, negative: bool, magnitude: u128) -> Value {
        let (low, high) = (magnitude as u64, (magnitude >> 64) as u64);
        if high == 0 { self.new_big(negative, &[low]) } else { self.new_big(negative, &[low, high]) }
    }

    #[inline(always)]
    fn new_big(&mut self, negative: bool, limbs: &[u64]) -> Value {
        let count = if limbs.len() <= COUNT as usize { limbs.len() as u8 } else { 0 };
        let aux = count | if negative { NEGATIVE } else { 0 };
        let counter = (count == 0) as usize;
        let size = std::mem::size_of::<BigInt>() + 8 * (counter + limbs.len());
        let Ok(cell) = self.heap.try_alloc_unclean(shapes::INT, Kind::Leaf, aux, size) else {
            self.heap.set_memory_pending();
            return Value::small(0);
        };
        // SAFETY: the fresh cell has room for the limbs and, where it is needed, their number.
        unsafe {
            let words = (&raw mut (*cell.cast::<BigInt>()).words).cast::<u64>();
            if counter != 0 {
                *words = limbs.len() as u64;
            }
            std::ptr::copy_nonoverlapping(limbs.as_ptr(), words.add(counter), limbs.len());
        }
        Value::from_header(cell.cast())
    }

    /// The exact int of an int or an instance of a subclass; other values unchanged. `True` and `False` become 1 and 0.
    #[inline]
    pub fn int_payload(&self, value: Value) -> Value {
        if value.is_int() {
            return value;
        }
        if value.is_bool() {
            return Value::small((value == Value::TRUE) as i32);
        }
        match Gc::<IntObject>::cast(self, value) {
            Some(object) => object.get(self).value,
            None => value,
        }
    }

    /// The number of an int (or subclass), if it fits 64 bits. None for other values too.
    #[inline]
    pub fn int_to_i64(&self, value: Value) -> Option<i64> {
        if let Some(int) = value.as_int() {
            return Some(int);
        }
        let value = self.int_payload(value);
        match value.as_int() {
            Some(int) => Some(int),
            None => Gc::<BigInt>::cast(self, value)?.get(self).as_int().to_i64(),
        }
    }

    /// The number of an int (or subclass), if it is not negative and fits 64 bits.
    pub fn int_to_u64(&self, value: Value) -> Option<u64> {
        self.with_int(value, |int| int.to_u64())?
    }

    /// Run `f` on the number of an int or an instance of a subclass. None for values that are no ints.
    #[inline]
    pub fn with_int<R>(&self, value: Value, f: impl FnOnce(Int<'_>) -> R) -> Option<R> {
        let value = self.int_payload(value);
        if let Some(int) = value.as_int() {
            let limb = [int.unsigned_abs()];
            return Some(f(Int::new(int < 0, if int == 0 { &[] } else { &limb })));
        }
        Gc::<BigInt>::cast(self, value).map(|big| f(big.get(self).as_int()))
    }

    /// Whether an int is below zero.
    pub fn int_is_negative(&self, value: Value) -> bool {
        self.with_int(value, |int| int.is_negative()).unwrap_or(false)
    }
}
