//! Frames on the VM stack: header words, and the view of a frame that slow paths work with.
//!
//! A frame is addressed by `fp`, its first local. Below it lie the header words:
//!
//! | word | content |
//! |---|---|
//! | -6 | the function; the result of the call lands here |
//! | -5 | in entry frames, the instruction of the frame that native code ran for |
//! | -4 | exec address to return to |
//! | -3 | `fp` of the caller |
//! | -2 | depth in the low half, frame size in the high half |
//! | -1 | the namespace of module and class bodies, the instance in constructors, the generator in generator frames |

use crate::Py;
use crate::types::{Code, Function};
use bredli_heap::{Gc, Value};

/// Words of a frame header.
pub(crate) const HEADER: usize = 6;
pub(crate) const FUNCTION: isize = -6;
/// Entry frames: the instruction of the frame that native code ran for.
pub(crate) const OUTER_PC: isize = -5;
pub(crate) const RETURN: isize = -4;
pub(crate) const CALLER: isize = -3;
pub(crate) const INFO: isize = -2;
pub(crate) const OWNER: isize = -1;

/// A position in running code: an instruction and a frame.
#[derive(Clone, Copy)]
pub(crate) struct At {
    /// The current instruction.
    pub pc: *const u64,
    /// The frame.
    pub fp: *mut u64,
}

impl At {
    /// Stands for the position of a run that has ended with an exception.
    pub const ENDED: At = At { pc: std::ptr::null(), fp: std::ptr::null_mut() };

    /// The instruction word.
    #[inline(always)]
    pub fn word(self) -> u64 {
        // SAFETY: pc points at an instruction of live exec code.
        unsafe { *self.pc }
    }

    #[inline(always)]
    pub fn x(self) -> u8 {
        (self.word() >> 8) as u8
    }

    #[inline(always)]
    pub fn a(self) -> usize {
        (self.word() >> 16) as u16 as usize
    }

    #[inline(always)]
    pub fn b(self) -> usize {
        (self.word() >> 32) as u16 as usize
    }

    #[inline(always)]
    pub fn c(self) -> usize {
        (self.word() >> 48) as usize
    }

    /// A further word of the instruction.
    #[inline(always)]
    pub fn extra(self, index: usize) -> u64 {
        // SAFETY: the instruction has that many words.
        unsafe { *self.pc.add(index) }
    }

    /// Rewrite a cache word.
    #[inline(always)]
    pub fn set_extra(self, index: usize, word: u64) {
        // SAFETY: exec code is only rewritten by the thread that runs it, and nobody holds references into it.
        unsafe { *self.pc.cast_mut().add(index) = word }
    }

    /// Quicken: change the opcode byte.
    #[inline(always)]
    pub fn set_op(self, op: super::op::Op) {
        // SAFETY: as for `set_extra`; both forms have the same length.
        unsafe { *self.pc.cast_mut().cast::<u8>() = op as u8 }
    }

    /// Change the count that a caching instruction keeps.
    #[inline(always)]
    pub fn set_x(self, x: u8) {
        // SAFETY: as for `set_extra`.
        unsafe { *self.pc.cast_mut().cast::<u8>().add(1) = x }
    }

    /// The position `words` further.
    #[inline(always)]
    pub fn next(self, words: usize) -> At {
        // SAFETY: the code continues there.
        At { pc: unsafe { self.pc.add(words) }, fp: self.fp }
    }

    /// The position a jump away.
    #[inline(always)]
    pub fn jump(self, distance: i32) -> At {
        // SAFETY: jump distances are made by the translator.
        At { pc: unsafe { self.pc.offset(distance as isize) }, fp: self.fp }
    }

    /// A slot's raw word.
    #[inline(always)]
    pub fn raw(self, slot: usize) -> u64 {
        // SAFETY: slots of the translator lie in the frame.
        unsafe { *self.fp.add(slot) }
    }

    #[inline(always)]
    pub fn set_raw(self, slot: usize, word: u64) {
        // SAFETY: as for `raw`.
        unsafe { *self.fp.add(slot) = word }
    }

    /// A slot's value, if it has one.
    #[inline(always)]
    pub fn slot(self, slot: usize) -> Option<Value> {
        // SAFETY: value slots hold value words.
        unsafe { Value::from_bits(self.raw(slot)) }
    }

    /// A slot's value.
    #[inline(always)]
    pub fn get(self, slot: usize) -> Value {
        self.slot(slot).unwrap_or(Value::NONE)
    }

    #[inline(always)]
    pub fn set(self, slot: usize, value: Value) {
        self.set_raw(slot, value.bits());
    }

    #[inline(always)]
    pub fn clear(self, slot: usize) {
        self.set_raw(slot, 0);
    }

    /// Consecutive slots as values; none of them is empty.
    #[inline(always)]
    pub fn slots<'a>(self, first: usize, count: usize) -> &'a [Value] {
        // SAFETY: the translator fills the operands of sequences; the words stay while the caller uses them.
        unsafe { std::slice::from_raw_parts(self.fp.add(first).cast::<Value>(), count) }
    }

    /// Move `count` slots from `first` up by one.
    #[inline(always)]
    pub fn shift_right(self, first: usize, count: usize) {
        for slot in (first..first + count).rev() {
            self.set_raw(slot + 1, self.raw(slot));
        }
    }

    /// Move `count` slots from `first` down by one.
    #[inline(always)]
    pub fn shift_left(self, first: usize, count: usize) {
        for slot in first..first + count {
            self.set_raw(slot - 1, self.raw(slot));
        }
    }

    /// A header word.
    #[inline(always)]
    pub fn header(self, word: isize) -> u64 {
        // SAFETY: every frame has its header below `fp`.
        unsafe { *self.fp.offset(word) }
    }

    #[inline(always)]
    pub fn set_header(self, word: isize, value: u64) {
        // SAFETY: as for `header`.
        unsafe { *self.fp.offset(word) = value }
    }

    /// The function whose frame this is.
    #[inline(always)]
    pub fn function(self) -> Gc<Function> {
        // SAFETY: the word of a frame's function holds a function.
        unsafe { Gc::from_ptr(self.header(FUNCTION) as *mut Function) }
    }

    /// The code that runs.
    #[inline(always)]
    pub fn code(self, py: &Py) -> Gc<Code> {
        self.function().get(py).code
    }

    /// A name of the code as an interned string.
    #[inline]
    pub fn name(self, py: &Py, index: usize) -> Gc<crate::object::Str> {
        let names = self.code(py).get(py).values().names;
        Gc::known(py, names.get(py).items()[index])
    }

    /// The word above the frame.
    #[inline(always)]
    pub fn top(self) -> *mut u64 {
        // SAFETY: the frame size is in its header.
        unsafe { self.fp.add((self.header(INFO) >> 32) as usize) }
    }

    /// The result that a returning frame has left.
    #[inline(always)]
    pub fn result(self) -> Value {
        // SAFETY: a frame that has returned holds its result in the function's place.
        unsafe { Value::from_bits(self.header(FUNCTION)) }.unwrap_or(Value::NONE)
    }

    /// The frame that called, with the instruction it returns to.
    #[inline(always)]
    pub fn caller(self) -> At {
        At { pc: self.header(RETURN) as *const u64, fp: self.header(CALLER) as *mut u64 }
    }

    /// The namespace of a module or class body, the instance of a constructor, or the generator.
    #[inline(always)]
    pub fn owner(self) -> Option<Value> {
        // SAFETY: the word holds a value or nothing.
        unsafe { Value::from_bits(self.header(OWNER)) }
    }
}
