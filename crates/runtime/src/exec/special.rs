//! Special methods written in Python, entered from the instruction that needs them, without a native call in between.
//!
//! Their frames lie above the frame of the instruction and return to `SPECIAL_EXIT`; the word `OUTER_PC` of their header has the
//! instruction, which goes on with the result. Counterpart: the `_PY_FRAME` forms of BINARY_OP and others in `Python/bytecodes.c`.

use super::frame::{At, CALLER, FUNCTION, HEADER, OUTER_PC, OWNER, RETURN};
use super::op::{Op, encode};
use super::unwind::unwind;
use super::watch::Raise;
use crate::object::{Class, CompareOp, KnownMethod, Str};
use crate::types::{Function, SequenceIterator, shapes};
use crate::{BinaryOp, Py, Result};
use bredli_heap::{Gc, Value};

/// Where the frames of special methods return to.
static SPECIAL_EXIT: u64 = encode(Op::SpecialExit, 0, 0, 0, 0);

/// Whether a return address is that of a special method's frame.
#[inline(always)]
pub(super) fn is_exit(back: *const u64) -> bool {
    std::ptr::eq(back, &SPECIAL_EXIT)
}

/// A frame for a special method of `arguments[0]`, if its class has a Python function of that name which takes exactly these arguments.
#[inline]
pub(super) fn enter<const N: usize>(py: &mut Py, at: At, name: Gc<Str>, arguments: [Value; N]) -> Option<At> {
    let class = py.class_of(arguments[0]);
    let function = find(py, class, name, N)?;
    Some(lay_out(py, at, function, arguments))
}

/// The Python function of that name which takes exactly `count` arguments, of a class that a program has made.
#[inline]
fn find(py: &mut Py, class: Gc<Class>, name: Gc<Str>, count: usize) -> Option<Gc<Function>> {
    if !class.get(py).is_heap_class() {
        return None;
    }
    let method = py.type_lookup(class, name)?;
    py.as_function(method).filter(|function| function.get(py).plain_args as usize == count)
}

/// [`enter`] for `container[key]`; the class remembers its method.
#[inline]
pub(super) fn enter_subscript(py: &mut Py, at: At, class: Gc<Class>, container: Value, key: Value) -> Option<At> {
    let this = class.get(py);
    let function = match this.getitem.of_version(this.version) {
        Some(known) => known?,
        None => find_subscript(py, class)?,
    };
    // Its code may have been replaced.
    (function.get(py).plain_args == 2).then(|| lay_out(py, at, function, [container, key]))
}

/// A frame for the item that an iterator by index is to give next.
pub(super) fn enter_item(py: &mut Py, at: At, iterator: Value) -> Option<At> {
    let iterator = by_index(iterator)?;
    let &SequenceIterator { sequence: Some(sequence), index, .. } = iterator.get(py) else { return None };
    let class = py.class_of(sequence);
    enter_subscript(py, at, class, sequence, Value::int(index)?)
}

/// The iterator by index that a loop goes over.
fn by_index(iterator: Value) -> Option<Gc<SequenceIterator>> {
    let is_one = iterator.is_heap() && iterator.header().shape() == shapes::SEQUENCE_ITERATOR;
    // SAFETY: its shape says so.
    is_one.then(|| unsafe { Gc::from_value(iterator) })
}

#[cold]
fn find_subscript(py: &mut Py, class: Gc<Class>) -> Option<Gc<Function>> {
    let version = py.class_version(class);
    let name = py.names.__getitem__;
    let function = find(py, class, name, 2);
    class.get_mut(py).getitem = KnownMethod { version, function };
    function
}

fn lay_out<const N: usize>(py: &Py, at: At, function: Gc<Function>, arguments: [Value; N]) -> At {
    // SAFETY: the reserve above every frame has room for a header and so few arguments.
    let frame = At { pc: function.get(py).entry, fp: unsafe { at.top().add(HEADER) } };
    frame.set_header(FUNCTION, Value::from(function).bits());
    frame.set_header(OUTER_PC, at.pc as u64);
    frame.set_header(RETURN, &raw const SPECIAL_EXIT as u64);
    frame.set_header(CALLER, at.fp as u64);
    frame.set_header(OWNER, 0);
    for (slot, argument) in arguments.into_iter().enumerate() {
        frame.set(slot, argument);
    }
    frame
}

/// Whether the special methods of `left` alone decide at first: `right` is of the same class or of a builtin one.
#[inline]
fn left_is_first(py: &Py, left: Value, right: Value) -> bool {
    let (l, r) = (py.class_of(left), py.class_of(right));
    l == r || !r.get(py).is_heap_class()
}

/// A frame for `left.__add__(right)` and the like.
pub(super) fn enter_binary(py: &mut Py, at: At, left: Value, right: Value) -> Option<At> {
    let (op, inplace) = BinaryOp::from_index(at.x() as usize);
    if !left_is_first(py, left, right) || (inplace && op.inplace_slot(&py.class_of(left).get(py).slots).is_some()) {
        return None;
    }
    let name = op.method(&py.names)?;
    enter(py, at, name, [left, right])
}

/// A frame for `left.__lt__(right)` and the like.
pub(super) fn enter_compare(py: &mut Py, at: At, op: CompareOp, left: Value, right: Value) -> Option<At> {
    if !left_is_first(py, left, right) {
        return None;
    }
    let name = op.method(&py.names);
    enter(py, at, name, [left, right])
}

/// The frame of a special method has returned to the frame `fp`.
#[inline(never)]
pub(super) fn leave(py: &mut Py, fp: *mut u64) -> At {
    let below = At { pc: std::ptr::null(), fp };
    // SAFETY: the words above the frame still are as the method has left them.
    let frame = At { pc: std::ptr::null(), fp: unsafe { below.top().add(HEADER) } };
    let at = At { pc: frame.header(OUTER_PC) as *const u64, fp };
    py.machine.enter(at);
    match go_on(py, at, frame.result()) {
        Ok(at) => at,
        Err(_) => unwind(py, at, Raise::First).unwrap_or(At::ENDED),
    }
}

/// The instruction that a special method was entered from. If watching has begun meanwhile, its opcode is hidden.
fn entered_from(py: &Py, at: At) -> Op {
    let op = Op::ALL[at.op() as usize];
    if op != Op::Redirect {
        return op;
    }
    let exec = at.code(py).get(py).exec.as_ref().expect("running code is translated");
    let word = exec.word_of(at.pc);
    let hidden = exec.hidden.iter().find(|(hidden, _)| *hidden as usize == word);
    hidden.map_or(op, |(_, op)| Op::ALL[*op as usize])
}

/// Complete an instruction with what the special method has given.
fn go_on(py: &mut Py, at: At, result: Value) -> Result<At> {
    let op = entered_from(py, at);
    match op {
        Op::Subscript | Op::SubscriptInt | Op::BinarySlice => {
            at.set(at.a(), result);
            Ok(at.next(1))
        }
        Op::StoreSubscript => Ok(at.next(1)),
        Op::GetIter | Op::GetYieldFromIter => {
            let iterator = py.checked_iterator(result)?;
            at.set(at.a(), iterator);
            Ok(at.next(1))
        }
        Op::ForIter => {
            if let Some(iterator) = by_index(at.get(at.a())) {
                let this = iterator.get_mut(py);
                // `__getitem__` may have set it to the largest number.
                this.index = this.index.saturating_add(1);
            }
            at.set(at.b(), result);
            Ok(at.next(2))
        }
        Op::Contains => {
            let found = py.truth(result)?;
            at.set(at.a(), Value::bool(found != (at.x() != 0)));
            Ok(at.next(1))
        }
        Op::Compare | Op::CompareBool | Op::CompareJump | Op::CompareIntJump => compared(py, at, op, result),
        _ => {
            let result = if result == Value::NOT_IMPLEMENTED {
                let (left, right) = operands(at, op);
                let (op, inplace) = BinaryOp::from_index(at.x() as usize);
                py.binary_without_left(op, left, right, inplace)?
            } else {
                result
            };
            at.set(at.a(), result);
            Ok(at.next(1))
        }
    }
}

fn compared(py: &mut Py, at: At, op: Op, result: Value) -> Result<At> {
    let jumps = matches!(op, Op::CompareJump | Op::CompareIntJump);
    let result = if result == Value::NOT_IMPLEMENTED {
        let (left, right) = if jumps { compared_operands(at, op) } else { operands(at, op) };
        py.compare_without_left(CompareOp::from_index((at.x() & 7) as usize), left, right)?
    } else {
        result
    };
    if op == Op::Compare {
        at.set(at.a(), result);
        return Ok(at.next(1));
    }
    let truth = py.truth(result)?;
    if !jumps {
        at.set(at.a(), Value::bool(truth));
        return Ok(at.next(1));
    }
    Ok(if truth == (at.x() & 8 != 0) { at.jump(at.extra(1) as i32) } else { at.next(2) })
}

/// The operands of an arithmetic instruction, or one that subscribes.
pub(super) fn operands(at: At, op: Op) -> (Value, Value) {
    let right = if matches!(op, Op::AddInt | Op::SubtractInt | Op::SubscriptInt) { small(at) } else { at.get(at.c()) };
    (at.get(at.b()), right)
}

/// The operands of a comparing jump.
pub(super) fn compared_operands(at: At, op: Op) -> (Value, Value) {
    let right = if op == Op::CompareIntJump { small(at) } else { at.get(at.b()) };
    (at.get(at.a()), right)
}

fn small(at: At) -> Value {
    Value::small(at.c() as u16 as i16 as i32)
}

impl Py {
    /// What iterates over `object` has given: an iterator, or else TypeError.
    fn checked_iterator(&mut self, iterator: Value) -> Result {
        if self.is_iterator(iterator) { Ok(iterator) } else { Err(self.not_an_iterator(iterator)) }
    }

    /// Whether the exception that leaves a special method's frame is the end of the loop at `at`.
    pub(super) fn ends_loop(&mut self, at: At) -> bool {
        if entered_from(self, at) != Op::ForIter {
            return false;
        }
        let stops = self.exception_matches(self.exceptions.StopIteration);
        let Some(iterator) = by_index(at.get(at.a())) else {
            if stops {
                self.watch_end_of_loop(at);
            }
            return stops;
        };
        let ends = stops || self.exception_matches(self.exceptions.IndexError);
        if ends {
            iterator.get_mut(self).sequence = None;
        }
        ends
    }
}
