//! Generators in the machine: making, resuming, yielding, finishing.
//!
//! A suspended generator owns a copy of its frame's words. Resuming lays them out above the running frame; the frame's return address is the
//! instruction that resumed it (FOR_ITER, SEND) or the halt instruction when native code did. Counterpart: `Objects/genobject.c`.

use super::call::FrameView;
use super::delegation::{self, Outer};
use super::frame::{At, CALLER, FUNCTION, HEADER, INFO, OWNER, RETURN};
use super::machine::{FRAME_EXIT, HALT};
use super::op::Op;
use crate::types::{Generator, GeneratorState, Left, shapes};
use crate::{Py, Result, raise};
use bredli_code::flag;
use bredli_heap::{Gc, Header, RootVec, Trace, Tracer, Value};

/// The words of a suspended frame, which follow this last field of a generator: values among words that only the machine understands.
#[repr(C)]
pub struct SavedFrame {
    len: u32,
    room: u32,
}

const _: () = assert!(std::mem::offset_of!(Generator, frame) + size_of::<SavedFrame>() == size_of::<Generator>());

impl Trace for SavedFrame {
    fn trace(&self, tracer: &mut Tracer) {
        let range = self.words().as_ptr_range();
        // SAFETY: the words belong to the generator.
        unsafe { tracer.range(range.start, range.end) };
    }
}

impl SavedFrame {
    /// The value of a local variable by number.
    pub fn local(&self, index: usize) -> Option<Value> {
        let word = *self.words().get(index)?;
        // SAFETY: the words of locals are values.
        unsafe { Value::from_bits(word) }
    }

    /// The words.
    #[inline(always)]
    pub(super) fn words(&self) -> &[u64] {
        // SAFETY: a generator is allocated with room for `room` words, of which `len` are set.
        unsafe { std::slice::from_raw_parts((&raw const *self).add(1).cast(), self.len as usize) }
    }

    /// Give a frame its words.
    #[inline(always)]
    pub(super) fn lay_out(&self, at: At) {
        for (slot, word) in self.words().iter().enumerate() {
            // Word by word, as there are few.
            // SAFETY: the frame has room for the words that it had.
            unsafe { at.fp.add(slot).write_volatile(*word) }
        }
    }

    /// Take over the first `count` words of a frame. All places where a generator yields are known when it is made, so they fit.
    #[inline(always)]
    pub(super) fn store(&mut self, at: At, count: usize) {
        assert!(count <= self.room as usize, "a generator has room for its frame");
        self.len = count as u32;
        let words = (&raw mut *self).wrapping_add(1).cast::<u64>();
        for slot in 0..count {
            // Word by word, in this order: a wider read would wait for the single words just written.
            // SAFETY: the first `count` words of the frame are locals and temporaries in use; there is room for them.
            unsafe { words.add(slot).write_volatile(at.fp.add(slot).read_volatile()) }
        }
    }

    /// Keep nothing.
    pub(crate) fn clear(&mut self) {
        self.len = 0;
    }

    /// Set a local variable by number.
    pub fn set_local(&mut self, index: usize, value: Option<Value>) {
        if index < self.len as usize {
            // SAFETY: as for `words`.
            unsafe { *(&raw mut *self).add(1).cast::<u64>().add(index) = value.map_or(0, Value::bits) }
        }
    }
}

impl Generator {
    /// How the generator came back with a value.
    fn outcome(&self, value: Value) -> Outcome {
        if self.state == GeneratorState::Finished { Outcome::Returned(value) } else { Outcome::Yielded(value) }
    }
}

/// How a resumed generator came back.
pub enum Outcome {
    /// With a value.
    Yielded(Value),
    /// With its return value.
    Returned(Value),
}

/// RETURN_GENERATOR: the frame becomes a generator object, which is the result of the call.
pub(super) fn make(py: &mut Py, at: At) -> At {
    let function = at.function();
    let this = function.get(py);
    let (name, qualname) = (this.name, this.qualname);
    let code = this.code.get(py);
    let exec = code.exec.as_ref().expect("running code is translated");
    let (flags, locals, room, handles) = (exec.flags, exec.locals, exec.kept as usize, exec.handles);
    let (shape, notices_end) = if flags & flag::COROUTINE != 0 {
        (shapes::COROUTINE, true)
    } else if flags & flag::ASYNC_GENERATOR != 0 {
        (shapes::ASYNC_GENERATOR, true)
    } else {
        // A generator without handlers of its own notices nothing when it is closed.
        (shapes::GENERATOR, handles)
    };
    let payload = Generator {
        header: Header::EMPTY,
        function: Some(function),
        pc: at.next(1).pc,
        frame_size: exec.frame_size,
        resume_slot: locals,
        state: GeneratorState::Created,
        outer: std::cell::Cell::new(Outer::Complete),
        hooks_called: false,
        running_async: false,
        closed: false,
        handled: None,
        name,
        qualname,
        frame_object: None,
        delegate: None,
        origin_or_finalizer: None,
        frame: SavedFrame { len: 0, room: room as u32 },
    };
    let generator = py.heap.alloc_with_room(shape, 8 * room, payload);
    generator.get_mut(py).frame.store(at, locals as usize);
    let value = Value::from(generator);
    if notices_end {
        py.heap.register_finalizer(value);
    }
    if flags & flag::COROUTINE != 0 && py.machine.async_hooks.origin_depth > 0 {
        let origin = py.coroutine_origin(at);
        generator.get_mut(py).origin_or_finalizer = Some(origin);
    }
    if std::ptr::eq(at.caller().pc, &FRAME_EXIT) {
        at.set_header(RETURN, py.return_address(at) as u64);
        py.move_frame_object(at, value);
    }
    let caller = at.caller();
    at.set_header(FUNCTION, value.bits());
    caller
}

impl Py {
    /// `cr_origin`: file, line and function of the frames that called a coroutine function, as many as are to be tracked.
    fn coroutine_origin(&mut self, at: At) -> Value {
        let mut entries = RootVec::new(&mut self.heap);
        let mut caller = FrameView::at(at).caller(self);
        for _ in 0..self.machine.async_hooks.origin_depth {
            let Some(frame) = caller else { break };
            let code = frame.function().get(self).code;
            let line = code.get(self).line_at(frame.offset(self) as usize);
            let (file, name) = (code.get(self).code.filename.clone(), code.get(self).name);
            let file = self.new_str_wtf8(file.as_bytes());
            let line = line.map_or(Value::NONE, Value::small);
            let entry = self.new_tuple(&[file.into(), line, name.into()]);
            entries.push(entry.into());
            caller = frame.caller(self);
        }
        self.new_tuple(&entries).into()
    }
}

impl Py {
    /// The state of a generator, coroutine or asynchronous generator.
    pub(super) fn generator_payload(&self, value: Value) -> Option<Gc<Generator>> {
        Gc::cast(self, value).or_else(|| {
            let class = self.class_of(value);
            let known = class == self.types.coroutine || class == self.types.async_generator;
            known.then(|| Gc::known(self, value))
        })
    }
}

fn payload_of(py: &Py, generator: Value) -> Gc<Generator> {
    Gc::known(py, generator)
}

/// Leave for native code, with a result.
fn halt(at: At, value: Value) -> At {
    at.set_header(FUNCTION, value.bits());
    At { pc: &HALT, fp: at.caller().fp }
}

/// Lay a suspended generator's frame out above `top`, to return to `back` in the frame `caller`.
fn restore(py: &mut Py, generator: Value, top: *mut u64, caller: *mut u64, back: *const u64) -> Result<At> {
    // SAFETY: the words above `top` are unused up to the stack limit and the reserve behind it.
    let fp = unsafe { top.add(HEADER) };
    if fp as usize > py.machine.stack_limit {
        raise!(py, RecursionError, "maximum recursion depth exceeded");
    }
    let depth = (At { pc: back, fp: caller }.header(INFO) as u32) + 1;
    if depth > py.machine.recursion_limit {
        raise!(py, RecursionError, "maximum recursion depth exceeded");
    }
    let payload = payload_of(py, generator).get_mut(py);
    payload.state = GeneratorState::Running;
    payload.delegate = None;
    let function = payload.function.expect("a suspended generator has a function");
    let handled = payload.handled.take();
    let pc = payload.pc;
    let payload = payload_of(py, generator).get(py);
    for (index, word) in payload.frame.words().iter().enumerate() {
        // SAFETY: as above.
        unsafe { *fp.add(index) = *word };
    }
    let code = function.get(py).code;
    let pc = if py.monitoring.active || code.get(py).watch.is_some() { py.instrumented_place(code, pc)? } else { pc };
    let size = match &code.get(py).exec {
        Some(exec) if code.get(py).instrumented.is_none() => exec.frame_size as u64,
        _ => py.stream_of(code, pc).map_or(0, |exec| exec.frame_size as u64),
    };
    let at = At { pc, fp };
    at.set_header(FUNCTION, Value::from(function).bits());
    at.set_header(RETURN, back as u64);
    at.set_header(CALLER, caller as u64);
    at.set_header(INFO, depth as u64 | size << 32);
    at.set_header(OWNER, generator.bits());
    if let Some(frame) = payload_of(py, generator).get(py).frame_object
        && let Some(frame) = Gc::<crate::types::Frame>::cast(py, frame)
    {
        frame.get_mut(py).address = fp as usize;
        py.frame_objects.push(frame);
    }
    let below = py.machine.handled;
    py.machine.handled_below.push(below);
    py.machine.handled = handled;
    Ok(at)
}

/// The level of handled exceptions that was current when the generator was resumed comes back.
fn leave_level(py: &mut Py) -> Option<Value> {
    let own = py.machine.handled;
    py.machine.handled = py.machine.handled_below.pop().flatten();
    own
}

fn generator_of(py: &Py, at: At) -> Value {
    at.owner().filter(|owner| py.is_generator_like(*owner)).expect("a generator's frame has its generator")
}

/// YIELD_VALUE: the frame is put away and its value goes to whoever resumed it.
pub(super) fn yield_value(py: &mut Py, at: At) -> Result<At> {
    let generator = generator_of(py, at);
    let value = at.get(at.a());
    delegation::settle(py, at);
    let handled = leave_level(py);
    let payload = payload_of(py, generator).get_mut(py);
    payload.frame.store(at, at.c());
    payload.pc = at.next(1).pc;
    payload.resume_slot = at.c() as u16;
    payload.delegate = None;
    payload.handled = handled;
    payload.state = GeneratorState::Suspended;
    py.move_frame_object(at, generator);
    let caller = at.caller();
    if std::ptr::eq(caller.pc, &HALT) {
        return Ok(halt(at, value));
    }
    // A FOR_ITER or SEND of the caller.
    caller.set(caller.b(), value);
    Ok(caller.next(2))
}

/// The return of a generator.
pub(super) fn finish(py: &mut Py, at: At) -> Result<At> {
    let value = at.get(at.a());
    if at.owner().is_none_or(|owner| !py.is_generator_like(owner)) {
        raise!(py, SystemError, "a generator's code ran as a function");
    }
    let generator = generator_of(py, at);
    delegation::settle(py, at);
    leave_level(py);
    py.leave_frame_objects(at, Left::Returned);
    py.finish_generator(generator);
    let caller = at.caller();
    if std::ptr::eq(caller.pc, &HALT) {
        return Ok(halt(at, value));
    }
    if caller.op() == Op::Send as u8 || (py.monitoring.active && py.is_instrumented(caller)) {
        caller.set(caller.b(), value);
    }
    Ok(caller.jump(caller.extra(1) as i32))
}

/// FOR_ITER over a generator: enter its frame. None: not a generator that can be entered.
pub(super) fn enter_for(py: &mut Py, at: At, iterator: Value) -> Result<Option<At>> {
    if !crate::object::is_exact(iterator, shapes::GENERATOR) {
        return Ok(None);
    }
    if !matches!(payload_of(py, iterator).get(py).state, GeneratorState::Created | GeneratorState::Suspended) {
        return Ok(None);
    }
    let slot = payload_of(py, iterator).get(py).resume_slot as usize;
    let frame = restore(py, iterator, at.top(), at.fp, at.pc)?;
    frame.set(slot, Value::NONE);
    Ok(Some(frame))
}

/// SEND: to a generator or coroutine by entering its frame, else through the protocol.
pub(super) fn send(py: &mut Py, at: At) -> Result<At> {
    let (receiver, value) = (at.get(at.a()), at.get(at.b()));
    let enterable = crate::object::is_exact(receiver, shapes::GENERATOR) || crate::object::is_exact(receiver, shapes::COROUTINE);
    if enterable {
        let payload = payload_of(py, receiver).get(py);
        let fresh = payload.state == GeneratorState::Created;
        if payload.state == GeneratorState::Suspended || (fresh && value.is_none()) {
            let slot = payload.resume_slot as usize;
            let frame = restore(py, receiver, at.top(), at.fp, at.pc)?;
            frame.set(slot, value);
            return Ok(frame);
        }
    }
    let outcome = match py.send_to(receiver, value) {
        Err(_) if py.exception_matches(py.exceptions.StopIteration) => {
            py.watch_end_of_loop(at);
            py.stop_value()
        }
        outcome => outcome?,
    };
    match outcome {
        Outcome::Yielded(value) => {
            at.set(at.b(), value);
            Ok(at.next(2))
        }
        Outcome::Returned(value) => {
            at.set(at.b(), value);
            Ok(at.jump(at.extra(1) as i32))
        }
    }
}

impl Py {
    /// Whether a value is a generator, coroutine or async generator.
    #[inline(always)]
    pub(crate) fn is_generator_like(&self, value: Value) -> bool {
        value.is_heap() && matches!(value.header().shape(), shapes::GENERATOR | shapes::COROUTINE | shapes::ASYNC_GENERATOR)
    }

    /// Whether a frame belongs to a generator.
    pub(super) fn is_generator_frame(&self, at: At) -> bool {
        let flags = at.code(self).get(self).code.flags;
        flags & (flag::GENERATOR | flag::COROUTINE | flag::ASYNC_GENERATOR) != 0
            && at.owner().is_some_and(|owner| self.is_generator_like(owner))
    }

    /// An exception leaves a generator's frame.
    pub(super) fn generator_raised(&mut self, at: At) {
        let generator = generator_of(self, at);
        delegation::settle(self, at);
        leave_level(self);
        self.finish_generator(generator);
    }

    /// Resume a suspended generator from native code, with a value or by raising the current exception in it.
    pub(crate) fn resume_generator(&mut self, generator: Value, value: Option<Value>) -> Result<Outcome> {
        self.enter_native("")?;
        let (top, caller) = (self.machine.top, self.machine.fp);
        let this = payload_of(self, generator);
        let quick = value.map_or(At::ENDED, |value| super::fast::lay_out(self, this, value, (top, caller, &HALT)));
        if !quick.pc.is_null() {
            let Some(value) = self.run_frame(quick) else { return Err(crate::Raised) };
            return Ok(this.get(self).outcome(value));
        }
        let slot = this.get(self).resume_slot as usize;
        let frame = restore(self, generator, top, caller, &HALT)?;
        let result = match value {
            Some(value) => {
                frame.set(slot, value);
                self.run_frame(frame)
            }
            None => {
                // The exception comes from the instruction that yielded.
                // SAFETY: a generator is suspended behind an instruction.
                let at = At { pc: unsafe { frame.pc.sub(1) }, fp: frame.fp };
                at.set_header(super::frame::OUTER_PC, self.machine.pc as u64);
                let saved = (self.machine.fp, self.machine.pc, self.machine.top);
                // What watches runs above the frame.
                self.machine.enter(at);
                self.watch_throw(at);
                // The exception is raised where the generator handles another one: that one is its context.
                if self.machine.handled.is_some() {
                    let exception = self.take_exception();
                    let _ = self.raise(exception);
                }
                let handler = super::unwind::unwind(self, at, super::watch::Raise::First);
                (self.machine.fp, self.machine.pc, self.machine.top) = saved;
                match handler {
                    Some(at) => self.run_frame(at),
                    None => None,
                }
            }
        };
        match result {
            None => Err(crate::Raised),
            Some(value) => Ok(this.get(self).outcome(value)),
        }
    }

    /// The value that StopIteration, the current exception, carries.
    fn stop_value(&mut self) -> Outcome {
        let exception = self.take_exception();
        let value = Gc::<crate::types::BaseException>::cast(self, exception).and_then(|e| self.exception_field(e, 0));
        Outcome::Returned(value.unwrap_or(Value::NONE))
    }

    /// Resume a coroutine, generator or other iterator with a value.
    pub fn send(&mut self, receiver: Value, value: Value) -> Result<Outcome> {
        let outcome = self.send_to(receiver, value);
        self.stopped(outcome)
    }

    /// Resume a coroutine, generator or the like by raising an exception in it.
    pub fn throw(&mut self, receiver: Value, exception: Value) -> Result<Outcome> {
        let throw = self.names.throw;
        let outcome = self.call_method(receiver, throw, &[exception]).map(Outcome::Yielded);
        self.stopped(outcome)
    }

    fn stopped(&mut self, outcome: Result<Outcome>) -> Result<Outcome> {
        match outcome {
            Err(_) if self.exception_matches(self.exceptions.StopIteration) => Ok(self.stop_value()),
            outcome => outcome,
        }
    }

    /// `receiver.send(value)` for anything that can be awaited or iterated. StopIteration stays raised.
    fn send_to(&mut self, receiver: Value, value: Value) -> Result<Outcome> {
        if self.is_generator_like(receiver) && !crate::object::is_exact(receiver, shapes::ASYNC_GENERATOR) {
            return self.generator_send(receiver, value);
        }
        if value.is_none() && self.is_iterator(receiver) {
            return Ok(self.advance(receiver)?.map_or(Outcome::Returned(Value::NONE), Outcome::Yielded));
        }
        let send = self.names.send;
        self.call_method(receiver, send, &[value]).map(Outcome::Yielded)
    }
}

impl Py {
    /// The bytecode offset of the yield at which a generator is suspended, or of its start.
    pub(crate) fn suspended_offset(&self, generator: Value) -> u32 {
        let payload = payload_of(self, generator).get(self);
        let Some(function) = payload.function else { return 0 };
        // SAFETY: a generator is suspended behind an instruction.
        self.offset_in(function.get(self).code, unsafe { payload.pc.sub(1) })
    }

    /// The iterator that a suspended generator delegates to with `yield from` or `await`.
    pub(crate) fn yield_from_target(&self, generator: Value) -> Option<Value> {
        let payload = payload_of(self, generator).get(self);
        if payload.state != GeneratorState::Suspended {
            return None;
        }
        let code = &payload.function?.get(self).code.get(self).code.code;
        // The RESUME behind the yield tells what it is part of: 2 for `yield from`, 3 for `await`.
        let resume = *code.get(self.suspended_offset(generator) as usize + 3)?;
        if resume & 3 < 2 {
            return None;
        }
        // The delegate lies below the sent value.
        payload.frame.local(payload.resume_slot as usize - 1)
    }
}
