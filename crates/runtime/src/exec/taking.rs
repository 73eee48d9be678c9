//! Native consumers that take what a generator yields while its frame stays where it is.
//!
//! `sum`, `list`, `set` and their like mostly do with a value what needs no Python code. Such a value is taken inside the loop of the
//! interpreter, and the generator goes on at once, without having been suspended, which nobody could have noticed. What the consumer does
//! not take that way suspends the generator as ever.

use super::delegation;
use super::frame::{At, HEADER};
use super::generator::Outcome;
use crate::types::shapes;
use crate::{Py, Result};
use bredli_heap::Value;

/// Does with a value what can be done without running Python code and without raising; whether it is done.
type Take<'a> = dyn FnMut(&mut Py, Value) -> bool + 'a;

/// The consumer of the frame that a native consumer has resumed last.
#[derive(Clone, Copy)]
pub(super) struct Taker {
    /// The frame of its generator.
    pub(super) frame: *mut u64,
    take: Option<*mut Take<'static>>,
}

impl Taker {
    pub(super) const NONE: Taker = Taker { frame: std::ptr::null_mut(), take: None };
}

/// Give what the frame of [`Machine::taker`](super::Machine) yields to its consumer; whether it has been taken.
#[inline(never)]
pub(super) fn take(py: &mut Py, at: At) -> bool {
    // Chains of `yield from` are resumed at the innermost generator, which is cheaper than to go through all of them.
    let Some(take) = py.machine.taker.take.filter(|_| !py.monitoring.used && !delegation::delegates_at(at.next(1).pc)) else { return false };
    py.machine.enter(at);
    // SAFETY: the consumer is borrowed, and not used otherwise, while the frame that it has resumed runs.
    unsafe { (*take)(py, at.get(at.a())) }
}

impl Py {
    /// The next value of an iterator that `take` has not dealt with, or None at the end. `take` is offered the values of generators; it must
    /// neither run Python code nor leave an exception behind.
    pub fn next_untaken(&mut self, iterator: Value, take: &mut Take) -> Result<Option<Value>> {
        if !crate::object::is_exact(iterator, shapes::GENERATOR) {
            return self.next(iterator);
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
}
