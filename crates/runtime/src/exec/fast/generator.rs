//! Resuming generators and coroutines in loops, `await` and `yield from`, and leaving their frames, where no frame object watches.

use crate::Py;
use crate::exec::delegation::{self, Outer};
use crate::exec::frame::{At, CALLER, FUNCTION, HEADER, INFO, OWNER, RETURN};
use crate::exec::machine::HALT;
use crate::exec::op::Op;
use crate::exec::taking;
use crate::types::{Generator, GeneratorState};
use bredli_heap::{Gc, Value};

/// Enter the frame of a generator or coroutine that a FOR_ITER or SEND goes through. [`At::ENDED`]: the slow exit has to.
#[inline(never)]
pub(in crate::exec) fn resume(py: &mut Py, at: At, generator: Gc<Generator>, sent: Value) -> At {
    // Without calls in between, which would cost more than they do.
    let levels = &py.machine.handled_below;
    if generator.header().log() != 0 || levels.len() == levels.capacity() || delegation::delegates(generator.get(py)) {
        return resume_with_calls(py, at, generator, sent);
    }
    lay_out(py, generator, sent, (at.top(), at.fp, at.pc))
}

#[inline(never)]
fn resume_with_calls(py: &mut Py, at: At, generator: Gc<Generator>, sent: Value) -> At {
    lay_out(py, generator, sent, (at.top(), at.fp, at.pc))
}

/// Lay out the frame of a generator above `top`, to return to the instruction `back` of the frame `caller`. [`At::ENDED`]: something watches
/// the generator, or it cannot be resumed.
#[inline(always)]
pub(in crate::exec) fn lay_out(
    py: &mut Py,
    generator: Gc<Generator>,
    sent: Value,
    (top, caller, back): (*mut u64, *mut u64, *const u64),
) -> At {
    let this = generator.get(py);
    // Code that is or was watched may go on in its other form.
    let (Some(function), None, false) = (this.function, this.frame_object, py.monitoring.used) else { return At::ENDED };
    if this.state != GeneratorState::Suspended && (this.state != GeneratorState::Created || !sent.is_none()) {
        return At::ENDED;
    }
    let (size, delegates) = (this.frame_size as usize, delegation::delegates(this));
    // SAFETY: the words above the frame are unused up to the stack limit and the reserve behind it.
    let fp = unsafe { top.add(HEADER) };
    let depth = (At { pc: back, fp: caller }.header(INFO) as u32) + 1;
    // SAFETY: only compared.
    if unsafe { fp.add(size) } as usize > py.machine.stack_limit || depth > py.machine.recursion_limit {
        return At::ENDED;
    }
    if delegates {
        return delegation::lay_out(py, generator, sent, (top, caller, back));
    }
    let this = generator.get_mut(py);
    this.state = GeneratorState::Running;
    let handled = this.handled.take();
    let below = std::mem::replace(&mut py.machine.handled, handled);
    py.machine.handled_below.push(below);
    let this = generator.get(py);
    let frame = At { pc: this.pc, fp };
    this.frame.lay_out(frame);
    frame.set(this.resume_slot as usize, sent);
    frame.set_header(FUNCTION, Value::from(function).bits());
    frame.set_header(RETURN, back as u64);
    frame.set_header(CALLER, caller as u64);
    frame.set_header(INFO, depth as u64 | (size as u64) << 32);
    frame.set_header(OWNER, Value::from(generator).bits());
    frame
}

/// Put the frame of a generator away and give its value to who has resumed it. [`At::ENDED`]: the slow exit has to.
#[inline(never)]
pub(in crate::exec) fn yields(py: &mut Py, at: At) -> At {
    let (generator, caller) = (generator_of(at), at.caller());
    let this = generator.get(py);
    // Without calls in between, as above.
    if generator.header().log() != 0 || this.outer.get() != Outer::Complete || this.frame_object.is_some() {
        return yields_with_calls(py, at);
    }
    suspend(py, at, generator);
    caller.set(caller.b(), at.get(at.a()));
    caller.next(2)
}

/// [`yields`] where the instruction that the frame returns to perhaps takes values in place.
#[inline(never)]
pub(in crate::exec) fn yields_to_taker(py: &mut Py, at: At) -> At {
    if !taking::take(py, at) {
        return yields_with_calls(py, at);
    }
    at.set(at.c(), Value::NONE);
    at.next(1)
}

#[inline(never)]
fn yields_with_calls(py: &mut Py, at: At) -> At {
    let generator = generator_of(at);
    let (value, this) = (at.get(at.a()), generator.get(py));
    let outer = this.outer.get();
    if this.frame_object.is_some() || outer == Outer::Shown || (outer == Outer::Bare && py.monitoring.used) {
        return At::ENDED;
    }
    suspend(py, at, generator);
    let at = delegation::pass(py, at, generator);
    let caller = at.caller();
    if std::ptr::eq(caller.pc, &HALT) {
        at.set_header(FUNCTION, value.bits());
        return caller;
    }
    caller.set(caller.b(), value);
    caller.next(2)
}

/// The generator that yields in a frame.
#[inline(always)]
fn generator_of(at: At) -> Gc<Generator> {
    // SAFETY: a frame that yields has its generator as owner.
    unsafe { Gc::from_ptr(at.header(OWNER) as *mut Generator) }
}

/// Keep the frame of a generator that yields.
#[inline(always)]
fn suspend(py: &mut Py, at: At, generator: Gc<Generator>) {
    let handled = py.machine.handled;
    let this = generator.get_mut(py);
    this.frame.store(at, at.c());
    this.pc = at.next(1).pc;
    this.resume_slot = at.c() as u16;
    this.delegate = None;
    this.handled = handled;
    this.state = GeneratorState::Suspended;
    py.machine.handled = py.machine.handled_below.pop().flatten();
}

/// Leave the frame of a generator for good. [`At::ENDED`]: the slow exit has to.
#[inline(never)]
pub(in crate::exec) fn finish(py: &mut Py, at: At) -> At {
    let Some(owner) = at.owner().filter(|owner| py.is_generator_like(*owner)) else { return At::ENDED };
    let generator = Gc::<Generator>::known(py, owner);
    let outer = generator.get(py).outer.get();
    if py.monitoring.used || generator.get(py).frame_object.is_some() || outer == Outer::Shown {
        return At::ENDED;
    }
    if outer == Outer::Bare {
        delegation::go_on(py, at);
    } else {
        py.machine.handled = py.machine.handled_below.pop().flatten();
    }
    py.finish_generator(owner);
    let (value, caller) = (at.get(at.a()), at.caller());
    if std::ptr::eq(caller.pc, &HALT) {
        at.set_header(FUNCTION, value.bits());
        return caller;
    }
    if caller.op() == Op::Send as u8 {
        caller.set(caller.b(), value);
    }
    caller.jump(caller.extra(1) as i32)
}
