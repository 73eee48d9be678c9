//! Resuming generators in `for` loops and yielding from them, where no frame object watches.

use crate::Py;
use crate::exec::frame::{At, CALLER, FUNCTION, HEADER, INFO, OWNER, RETURN};
use crate::exec::machine::HALT;
use crate::types::{Generator, GeneratorState, shapes};
use bredli_heap::{Gc, Value};

/// Enter the frame of a generator that a FOR_ITER goes through. [`At::ENDED`]: the slow exit has to.
#[inline(never)]
pub(in crate::exec) fn resume(py: &mut Py, at: At, iterator: Value) -> At {
    debug_assert!(crate::object::is_exact(iterator, shapes::GENERATOR));
    let generator = Gc::<Generator>::known(py, iterator);
    let this = generator.get(py);
    let (Some(function), None) = (this.function, this.frame_object) else { return At::ENDED };
    if !matches!(this.state, GeneratorState::Created | GeneratorState::Suspended) {
        return At::ENDED;
    }
    let code = function.get(py).code.get(py);
    // Code that is or was watched may go on in its other form.
    let watched = py.monitoring.active || code.watch.is_some() || code.instrumented.is_some();
    let (Some(exec), false) = (&code.exec, watched) else { return At::ENDED };
    let size = exec.frame_size as usize;
    // SAFETY: the words above the frame are unused up to the stack limit and the reserve behind it.
    let fp = unsafe { at.top().add(HEADER) };
    let depth = (at.header(INFO) as u32) + 1;
    // SAFETY: only compared.
    if unsafe { fp.add(size) } as usize > py.machine.stack_limit || depth > py.machine.recursion_limit {
        return At::ENDED;
    }
    let frame = At { pc: this.pc, fp };
    for (slot, word) in this.frame.words().iter().enumerate() {
        frame.set_raw(slot, *word);
    }
    frame.set(this.resume_slot as usize, Value::NONE);
    frame.set_header(FUNCTION, Value::from(function).bits());
    frame.set_header(RETURN, at.pc as u64);
    frame.set_header(CALLER, at.fp as u64);
    frame.set_header(INFO, depth as u64 | (size as u64) << 32);
    frame.set_header(OWNER, iterator.bits());
    let this = generator.get_mut(py);
    this.state = GeneratorState::Running;
    let handled = this.handled.take();
    let below = std::mem::replace(&mut py.machine.handled, handled);
    py.machine.handled_below.push(below);
    frame
}

/// Put the frame of a generator away and give its value to who has resumed it. [`At::ENDED`]: the slow exit has to.
#[inline(never)]
pub(in crate::exec) fn yields(py: &mut Py, at: At) -> At {
    // SAFETY: a frame that yields has its generator as owner.
    let generator: Gc<Generator> = unsafe { Gc::from_ptr(at.header(OWNER) as *mut Generator) };
    let (value, count) = (at.get(at.a()), at.c());
    let this = generator.get(py);
    if this.frame_object.is_some() || !this.frame.has_room(count) {
        return At::ENDED;
    }
    let below = py.machine.handled_below.pop().flatten();
    let handled = std::mem::replace(&mut py.machine.handled, below);
    let this = generator.get_mut(py);
    this.frame.store(at, count);
    this.pc = at.next(1).pc;
    this.resume_slot = count as u16;
    this.handled = handled;
    this.state = GeneratorState::Suspended;
    let caller = at.caller();
    if std::ptr::eq(caller.pc, &HALT) {
        at.set_header(FUNCTION, value.bits());
        return caller;
    }
    caller.set(caller.b(), value);
    caller.next(2)
}
