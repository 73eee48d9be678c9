//! Chains of generators and coroutines that delegate to one another with `yield from` and `await`, resumed at the innermost one.
//!
//! Resuming the outermost lays out all frames of the chain, but fills only the innermost; the others are *bare*: their headers are complete,
//! so that frames can be walked, while their words stay in their generators, where they lie since the last yield. What the innermost yields goes
//! past them. A bare frame gets its words when control comes back to it or when somebody looks at it.

use super::frame::{At, CALLER, FUNCTION, HEADER, INFO, OWNER, RETURN};
use super::op::Op;
use crate::Py;
use crate::types::{Generator, GeneratorState, shapes};
use bredli_heap::{Gc, Value};

/// How the frame looks that a running generator was resumed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outer {
    /// As any other frame.
    Complete,
    /// Bare, and without a level of handled exceptions.
    Bare,
    /// It has its words because somebody has looked, but still no level of handled exceptions.
    Shown,
}

/// The instruction that a suspended generator goes on with, looking through a jump.
#[inline(always)]
fn resumed_at(this: &Generator) -> At {
    let resumed = At { pc: this.pc, fp: std::ptr::null_mut() };
    resumed.jump((resumed.word() >> 32) as i32)
}

/// The generator that a suspended one, which goes on with a jump, sends to.
#[inline(never)]
fn find_delegate(py: &mut Py, generator: Gc<Generator>) -> Option<Gc<Generator>> {
    let this = generator.get(py);
    let send = resumed_at(this);
    if this.handled.is_some() || send.op() != Op::Send as u8 || send.b() != this.resume_slot as usize {
        return None;
    }
    // SAFETY: the receiver lies in a slot below the sent value, which is kept.
    let receiver = unsafe { Value::from_bits(*this.frame.words().get(send.a())?) }?;
    if !receiver.is_heap() || !matches!(receiver.header().shape(), shapes::GENERATOR | shapes::COROUTINE) {
        return None;
    }
    let delegate = Gc::<Generator>::known(py, receiver);
    generator.get_mut(py).delegate = Some(delegate);
    Some(delegate)
}

/// Whether a suspended generator may be the outermost of a chain.
#[inline(always)]
pub(super) fn delegates(this: &Generator) -> bool {
    delegates_at(this.pc)
}

/// Whether the instruction behind a yield tells that it is part of `yield from` or `await`.
#[inline(always)]
pub(super) fn delegates_at(pc: *const u64) -> bool {
    At { pc, fp: std::ptr::null_mut() }.op() == Op::Jump as u8
}

/// Lay out the frames of a chain above `top`, the outermost to return to the instruction `back` of the frame `caller`. There is room for the
/// outermost, which nothing watches.
#[inline(never)]
pub(super) fn lay_out(
    py: &mut Py,
    mut generator: Gc<Generator>,
    sent: Value,
    (mut top, mut caller, mut back): (*mut u64, *mut u64, *const u64),
) -> At {
    let (limit, recursion_limit) = (py.machine.stack_limit, py.machine.recursion_limit);
    let mut depth = At { pc: back, fp: caller }.header(INFO) as u32;
    loop {
        let inner = match generator.get(py).delegate {
            None if delegates(generator.get(py)) => find_delegate(py, generator),
            known => known,
        };
        generator.get_mut(py).state = GeneratorState::Running;
        let this = generator.get(py);
        let size = this.frame_size as usize;
        // SAFETY: the words above the frame are unused up to the stack limit and the reserve behind it.
        let frame = At { pc: this.pc, fp: unsafe { top.add(HEADER) } };
        depth += 1;
        frame.set_header(FUNCTION, this.function.map_or(0, |function| Value::from(function).bits()));
        frame.set_header(RETURN, back as u64);
        frame.set_header(CALLER, caller as u64);
        frame.set_header(INFO, depth as u64 | (size as u64) << 32);
        frame.set_header(OWNER, Value::from(generator).bits());
        top = frame.top();
        if let Some(inner) = inner
            && inner.get(py).state == GeneratorState::Suspended
            && inner.get(py).frame_object.is_none()
            && (top as usize) + (HEADER + inner.get(py).frame_size as usize) * size_of::<u64>() <= limit
            && depth < recursion_limit
        {
            inner.get(py).outer.set(Outer::Bare);
            (generator, caller, back) = (inner, frame.fp, resumed_at(this).pc);
            continue;
        }
        for (slot, word) in this.frame.words().iter().enumerate() {
            frame.set_raw(slot, *word);
        }
        frame.set(this.resume_slot as usize, sent);
        let handled = generator.get_mut(py).handled.take();
        let below = std::mem::replace(&mut py.machine.handled, handled);
        py.machine.handled_below.push(below);
        return frame;
    }
}

/// The frame of the outermost generator of a chain, past which goes what the innermost, in the frame `at`, yields. All between are suspended as
/// they were.
#[inline(always)]
pub(super) fn pass(py: &mut Py, mut at: At, mut generator: Gc<Generator>) -> At {
    while generator.get(py).outer.get() == Outer::Bare {
        generator.get(py).outer.set(Outer::Complete);
        at = at.caller();
        generator = generator_of(at);
        generator.get_mut(py).state = GeneratorState::Suspended;
    }
    at
}

/// Give the bare frame that resumed the generator of `at` its words.
#[inline(always)]
fn fill(py: &Py, at: At) {
    let frame = at.caller();
    for (slot, word) in generator_of(frame).get(py).frame.words().iter().enumerate() {
        frame.set_raw(slot, *word);
    }
}

/// The generator of a frame that delegates, or that it delegates to.
#[inline(always)]
fn generator_of(at: At) -> Gc<Generator> {
    // SAFETY: such frames have their generator as owner.
    unsafe { Gc::from_ptr(at.header(OWNER) as *mut Generator) }
}

/// Somebody looks at the frame below the one at `at`, which belongs to a generator.
pub(super) fn show(py: &Py, at: At) {
    if generator_of(at).get(py).outer.get() == Outer::Bare {
        fill(py, at);
        generator_of(at).get(py).outer.set(Outer::Shown);
    }
}

/// The innermost generator of a chain, whose frame is at `at`, ends: the one that delegates to it goes on, at its level of handled exceptions.
#[inline(always)]
pub(super) fn go_on(py: &mut Py, at: At) {
    fill(py, at);
    generator_of(at).get(py).outer.set(Outer::Complete);
    generator_of(at.caller()).get_mut(py).delegate = None;
    py.machine.handled = None;
}

/// Make the frame below the innermost one, which is at `at` and belongs to a generator, a frame as any other.
pub(super) fn settle(py: &mut Py, at: At) {
    let outer = generator_of(at).get(py).outer.replace(Outer::Complete);
    if outer == Outer::Complete {
        return;
    }
    if outer == Outer::Bare {
        fill(py, at);
    }
    generator_of(at.caller()).get_mut(py).delegate = None;
    py.machine.handled_below.push(None);
}
