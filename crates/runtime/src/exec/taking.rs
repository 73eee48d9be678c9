//! Consumers that take what a generator yields while its frame stays where it is.
//!
//! `sum`, `list`, `set` and their like, and loops that only fill a list or look for a true value, mostly do with a value what needs no Python
//! code. Such a value is taken where it is yielded, and the generator goes on at once, without having been suspended, which nobody could have
//! noticed. What is not taken that way suspends the generator as ever.

use super::delegation;
use super::frame::{At, HEADER};
use super::generator::Outcome;
use super::op::Op;
use super::{Step, step};
use crate::types::{List, shapes};
use crate::{Py, Result};
use bredli_heap::{Gc, Value};

/// Who takes values, in the `x` of the instruction that a generator returns to: the [`Taker`] of the machine, perhaps.
pub(super) const NATIVE: u8 = 1;
/// A FOR_ITER whose loop appends its items to a list and does nothing else.
const APPENDS: u8 = 2;
/// A FOR_ITER whose loop goes on while its items are true.
const WHILE_TRUE: u8 = 3;
/// A FOR_ITER whose loop goes on while its items are false.
const WHILE_FALSE: u8 = 4;

/// What the `x` of a FOR_ITER is to be whose loop is only one instruction and the jump back.
pub(super) fn kind_of_loop(for_iter: u64, body: u64) -> u8 {
    let item = (for_iter >> 32) as u16;
    match Op::ALL[body as u8 as usize] {
        Op::ListAppend if (body >> 32) as u16 == item => APPENDS,
        Op::JumpIfFalse if (body >> 16) as u16 == item => WHILE_TRUE,
        Op::JumpIfTrue if (body >> 16) as u16 == item => WHILE_FALSE,
        _ => 0,
    }
}

/// Does with a value what can be done without running Python code and without raising; whether it is done.
type Take<'a> = dyn FnMut(&mut Py, Value) -> bool + 'a;

/// The consumer of the frame that a native consumer has resumed last.
#[derive(Clone, Copy)]
pub(super) struct Taker {
    /// The frame of its generator.
    frame: *mut u64,
    take: Option<*mut Take<'static>>,
}

impl Taker {
    pub(super) const NONE: Taker = Taker { frame: std::ptr::null_mut(), take: None };
}

/// Give what the frame of a generator yields to its consumer, whose instruction has an `x`; whether it has been taken.
#[inline(never)]
pub(super) fn take(py: &mut Py, at: At) -> bool {
    // Chains of `yield from` are resumed at the innermost generator, which is cheaper than to go through all of them.
    if py.monitoring.used || py.machine.breaker_set() || delegation::delegates_at(at.next(1).pc) {
        return false;
    }
    let (value, caller) = (at.get(at.a()), at.caller());
    match caller.x() {
        NATIVE => {
            let Taker { frame, take: Some(take) } = py.machine.taker else { return false };
            if frame != at.fp {
                return false;
            }
            py.machine.enter(at);
            // SAFETY: the consumer is borrowed, and not used otherwise, while the frame that it has resumed runs.
            unsafe { (*take)(py, value) }
        }
        APPENDS => {
            caller.set(caller.b(), value);
            py.machine.enter(at);
            let list = Gc::<List>::known(py, caller.get(caller.next(2).a()));
            py.heap.vec_push(list, List::storage, value).is_ok()
        }
        kind => {
            // It may be a variable.
            caller.set(caller.b(), value);
            if kind == WHILE_TRUE { value == Value::TRUE } else { value == Value::FALSE || value.is_none() }
        }
    }
}

impl Py {
    /// The next value of an iterator that `take` has not dealt with, or None at the end. `take` is offered the values of generators and of
    /// simple built-in iterators; it must neither run Python code nor leave an exception behind.
    pub fn next_untaken(&mut self, iterator: Value, take: &mut Take) -> Result<Option<Value>> {
        if !crate::object::is_exact(iterator, shapes::GENERATOR) {
            return self.step_untaken(iterator, take);
        }
        loop {
            self.poll()?;
            // SAFETY: only the lifetime changes; the taker is gone when this call returns.
            let erased = unsafe { std::mem::transmute::<*mut Take<'_>, *mut Take<'static>>(&raw mut *take) };
            let taker = Taker { frame: self.machine.top.wrapping_add(HEADER), take: Some(erased) };
            let outer = std::mem::replace(&mut self.machine.taker, taker);
            let outcome = self.generator_send(iterator, Value::NONE);
            self.machine.taker = outer;
            match outcome {
                Ok(Outcome::Yielded(value)) if take(self, value) => {}
                Ok(Outcome::Yielded(value)) => return Ok(Some(value)),
                Ok(Outcome::Returned(_)) => return Ok(None),
                Err(raised) => return self.end_of_iteration(raised),
            }
        }
    }

    /// The same for an iterator that is no generator.
    fn step_untaken(&mut self, iterator: Value, take: &mut Take) -> Result<Option<Value>> {
        while iterator.is_heap() {
            self.poll()?;
            match step(self, iterator) {
                Step::Value(value) if take(self, value) => {}
                Step::Value(value) => return Ok(Some(value)),
                Step::End => return Ok(None),
                Step::Undecided => break,
            }
        }
        self.next(iterator)
    }
}
