//! What is reported at each instruction, when an exception passes, and when a generator is thrown into.

use super::Raise;
use super::state::Event;
use crate::exec::code::{Operand, Start};
use crate::exec::frame::At;
use crate::types::{Code, Generator, Method};
use crate::{Py, Result};
use bredli_code::Opcode;
use bredli_heap::{Gc, Value};

/// What is needed of a `Start` while the code may change.
#[derive(Clone, Copy)]
struct Place {
    offset: u32,
    plain: Option<u32>,
    opcode: Opcode,
    arg: u32,
    line: Option<i32>,
    begins_line: bool,
}

impl Place {
    fn of(start: &Start) -> Place {
        let Start { offset, plain, opcode, arg, line, begins_line, .. } = *start;
        Place { offset, plain, opcode, arg, line, begins_line }
    }

    /// The offset behind the instruction.
    fn end(self) -> u32 {
        self.offset + 2 + 2 * self.opcode.caches() as u32
    }
}

/// `Trace`: report what has been done and what is about to be done.
pub(in crate::exec) fn trace(py: &mut Py, at: At) -> Result<At> {
    let code = at.code(py);
    let index = (at.word() >> 32) as usize;
    let place = match &code.get(py).instrumented {
        Some(exec) => Place::of(&exec.starts[index]),
        None => return Ok(at.next(1)),
    };
    if !py.monitoring.active && code.get(py).watch.is_none() {
        return Ok(leave(py, at, code, place));
    }
    if py.machine.tracing.depth > 0 || !py.watches(code) {
        return Ok(at.next(1));
    }
    let fp = at.fp as usize;
    if place.opcode == Opcode::RESUME && place.arg & 3 == 0 {
        py.machine.tracing.leave(fp);
    }
    py.machine.tracing.frame = fp;
    let last = py.machine.tracing.watched(fp).last;
    let last = last.and_then(|offset| code.get(py).instrumented.as_ref().and_then(|exec| exec.start_at(offset)).map(Place::of));
    if let Some(last) = last {
        report_last(py, at, code, place, last)?;
        if let Some(at) = py.jump_pending(at) {
            return Ok(at);
        }
    }
    if place.opcode == Opcode::RESUME {
        let event = if place.arg & 3 == 0 { Event::PyStart } else { Event::PyResume };
        py.legacy_profile(at, event, "call", Value::NONE)?;
        py.legacy_trace(at, event, "call", Value::NONE)?;
        py.fire(code, event, place.offset, &[offset_value(place.offset)])?;
    } else {
        if place.begins_line && last.is_none_or(|last| last.line != place.line || last.opcode == Opcode::RESUME) {
            report_line(py, at, code, place)?;
            if let Some(at) = py.jump_pending(at) {
                return Ok(at);
            }
        }
        report_instruction(py, at, code, place)?;
    }
    py.machine.tracing.watched(fp).last = Some(raised_again_at(py, at, code, place, index).unwrap_or(place.offset));
    report_own(py, at, code, place, index)?;
    Ok(py.jump_pending(at).unwrap_or(at.next(1)))
}

/// Where the exception has come from that an instruction raises again, if it goes on from there.
fn raised_again_at(py: &Py, at: At, code: Gc<Code>, place: Place, index: usize) -> Option<u32> {
    if place.opcode != Opcode::RERAISE || place.arg == 0 {
        return None;
    }
    let stack = &code.get(py).instrumented.as_ref()?.starts[index].stack;
    let unit = read(at, stack[stack.len().checked_sub(1 + place.arg as usize)?])?.as_int()?;
    u32::try_from(2 * unit).ok()
}

/// Nobody watches any more: go on in plain code if it is possible here.
fn leave(py: &mut Py, at: At, code: Gc<Code>, place: Place) -> At {
    let this = code.get(py);
    match (&this.exec, place.plain) {
        // SAFETY: starts name words of plain code.
        (Some(exec), Some(word)) => At { pc: unsafe { exec.words.as_ptr().add(word as usize) }, fp: at.fp },
        _ => at.next(1),
    }
}

fn offset_value(offset: u32) -> Value {
    Value::small(offset as i32)
}

/// What the instruction before has done: where it has gone to, what a native callable has returned.
fn report_last(py: &mut Py, at: At, code: Gc<Code>, place: Place, last: Place) -> Result<()> {
    if let Some((callable, first)) = py.machine.tracing.watched(at.fp as usize).native.take() {
        if let Some(shown) = py.profiled_callable(callable, first)? {
            py.legacy_profile(at, Event::CReturn, "c_return", shown)?;
        }
        py.fire(code, Event::CReturn, last.offset, &[offset_value(last.offset), callable, first])?;
    }
    let (event, target) = match last.opcode {
        Opcode::JUMP_FORWARD | Opcode::JUMP_BACKWARD | Opcode::JUMP_BACKWARD_NO_INTERRUPT => (Event::Jump, place.offset),
        Opcode::FOR_ITER if place.offset == last.end() => (Event::BranchLeft, not_taken_end(place)),
        Opcode::FOR_ITER => {
            if place.opcode == Opcode::END_FOR {
                report_exhausted(py, at, code, place, last)?;
            }
            (Event::BranchRight, place.offset + 4)
        }
        Opcode::POP_JUMP_IF_FALSE | Opcode::POP_JUMP_IF_TRUE | Opcode::POP_JUMP_IF_NONE | Opcode::POP_JUMP_IF_NOT_NONE => {
            if place.offset == last.end() { (Event::BranchLeft, not_taken_end(place)) } else { (Event::BranchRight, place.offset) }
        }
        Opcode::SEND if place.opcode == Opcode::END_SEND => return report_exhausted(py, at, code, place, last),
        _ => return Ok(()),
    };
    if last.opcode == Opcode::JUMP_BACKWARD_NO_INTERRUPT {
        return Ok(());
    }
    py.fire(code, event, last.offset, &[offset_value(last.offset), offset_value(target)])
}

/// A branch that is not taken goes on behind the NOT_TAKEN.
fn not_taken_end(place: Place) -> u32 {
    if place.opcode == Opcode::NOT_TAKEN { place.end() } else { place.offset }
}

/// A generator has ended a loop or a `yield from`.
fn report_exhausted(py: &mut Py, at: At, code: Gc<Code>, place: Place, last: Place) -> Result<()> {
    if py.watched_events(code) & (Event::StopIteration.bit() | Event::Raise.bit()) == 0 && py.machine.tracing.trace.is_none() {
        return Ok(());
    }
    let stack = stack_of(py, at, code, place.offset);
    let &[.., Some(iterator), value] = stack.as_slice() else { return Ok(()) };
    if Gc::<Generator>::cast(py, iterator).is_none() {
        return Ok(());
    }
    let value = value.filter(|value| !value.is_none());
    // A loop sees StopIteration only where it carries something.
    let (event, offset) = match place.opcode {
        Opcode::END_FOR if value.is_none() => return Ok(()),
        Opcode::END_FOR => (Event::Raise, last.offset),
        _ => (Event::StopIteration, place.offset),
    };
    let _ = py.stop_iteration(value);
    let exception = py.take_exception();
    let triple = py.exception_triple(exception);
    py.legacy_trace(at, event, "exception", triple)?;
    py.fire(code, event, offset, &[offset_value(offset), exception])
}

fn report_line(py: &mut Py, at: At, code: Gc<Code>, place: Place) -> Result<()> {
    report_traced_line(py, at)?;
    let Some(line) = place.line else { return Ok(()) };
    py.fire(code, Event::Line, place.offset, &[Value::small(line)])
}

fn report_traced_line(py: &mut Py, at: At) -> Result<()> {
    if py.machine.tracing.trace.is_none() || !py.watched_frame(at).get(py).trace_lines {
        return Ok(());
    }
    py.legacy_trace(at, Event::Line, "line", Value::NONE)
}

fn report_instruction(py: &mut Py, at: At, code: Gc<Code>, place: Place) -> Result<()> {
    if py.machine.tracing.trace.is_some() && py.watched_frame(at).get(py).trace_opcodes {
        py.legacy_trace(at, Event::Instruction, "opcode", Value::NONE)?;
    }
    py.fire(code, Event::Instruction, place.offset, &[offset_value(place.offset)])
}

/// What the instruction itself is about to do: call, return, yield, go back.
fn report_own(py: &mut Py, at: At, code: Gc<Code>, place: Place, index: usize) -> Result<()> {
    match place.opcode {
        Opcode::CALL | Opcode::CALL_KW | Opcode::CALL_FUNCTION_EX => {
            let wanted = py.watched_events(code) & Event::Call.bit() != 0 || py.machine.tracing.profile.is_some();
            if wanted { report_call(py, at, code, place) } else { Ok(()) }
        }
        // Without the optimisation, `super()` is a call.
        Opcode::LOAD_SUPER_ATTR if py.watched_events(code) & Event::Call.bit() != 0 => {
            let stack = stack_of(py, at, code, place.offset);
            let [.., Some(callable), class, _] = stack[..] else { return Ok(()) };
            let [_, missing] = py.monitoring_sentinels()?;
            let first = class.filter(|_| place.arg & 2 != 0).unwrap_or(missing);
            py.fire(code, Event::Call, place.offset, &[offset_value(place.offset), callable, first])?;
            py.machine.tracing.watched(at.fp as usize).native = Some((callable, first));
            Ok(())
        }
        Opcode::RETURN_VALUE | Opcode::YIELD_VALUE => {
            let value = match &code.get(py).instrumented {
                Some(exec) => exec.starts[index].stack.last().and_then(|operand| read(at, *operand)),
                None => None,
            };
            let value = value.unwrap_or(Value::NONE);
            let event = if place.opcode == Opcode::RETURN_VALUE { Event::PyReturn } else { Event::PyYield };
            py.machine.tracing.leave(at.fp as usize);
            py.legacy_trace(at, event, "return", value)?;
            py.legacy_profile(at, event, "return", value)?;
            py.fire(code, event, place.offset, &[offset_value(place.offset), value])
        }
        // A trace function, but no tool, is told of going back within a line.
        Opcode::JUMP_BACKWARD => {
            let target = place.end().saturating_sub(2 * place.arg);
            let exec = code.get(py).instrumented.as_ref();
            let line = exec.and_then(|exec| exec.start_at(target)).and_then(|start| start.line);
            if line.is_some() && line == place.line { report_traced_line(py, at) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

pub(super) fn read(at: At, operand: Operand) -> Option<Value> {
    match operand {
        Operand::Slot(slot) => at.slot(slot as usize),
        // SAFETY: constants of the translator are words of values.
        Operand::Const(word) => unsafe { Value::from_bits(word) },
        Operand::Null => None,
    }
}

fn stack_of(py: &Py, at: At, code: Gc<Code>, offset: u32) -> arrayvec::ArrayVec<Option<Value>, 4> {
    let exec = code.get(py).instrumented.as_ref();
    let stack = exec.and_then(|exec| exec.start_at(offset)).map_or(&[][..], |start| &start.stack);
    stack[stack.len().saturating_sub(4)..].iter().map(|operand| read(at, *operand)).collect()
}

fn report_call(py: &mut Py, at: At, code: Gc<Code>, place: Place) -> Result<()> {
    let [_, missing] = py.monitoring_sentinels()?;
    let (callable, receiver, argument) = {
        let exec = code.get(py).instrumented.as_ref();
        let stack = exec.and_then(|exec| exec.start_at(place.offset)).map_or(&[][..], |start| &start.stack);
        let count = match place.opcode {
            Opcode::CALL => place.arg as usize,
            Opcode::CALL_KW => place.arg as usize + 1,
            _ => 2,
        };
        let Some(base) = stack.len().checked_sub(count + 2) else { return Ok(()) };
        (read(at, stack[base]), read(at, stack[base + 1]), stack.get(base + 2).and_then(|operand| read(at, *operand)))
    };
    let Some(callable) = callable else { return Ok(()) };
    let first = match place.opcode {
        Opcode::CALL_FUNCTION_EX => {
            let args = argument.and_then(|args| Gc::<crate::object::Tuple>::cast(py, args));
            args.and_then(|args| args.get(py).items().first().copied())
        }
        Opcode::CALL if place.arg == 0 => receiver,
        Opcode::CALL_KW if place.arg == 0 => receiver,
        _ => receiver.or(argument),
    };
    let first = first.unwrap_or(missing);
    let shown = py.profiled_callable(callable, first)?;
    if let Some(shown) = shown {
        py.legacy_profile(at, Event::Call, "c_call", shown)?;
    }
    let heard = shown.is_some() || py.watched_events(code) & Event::Call.bit() != 0;
    py.fire(code, Event::Call, place.offset, &[offset_value(place.offset), callable, first])?;
    let function = Gc::<Method>::cast(py, callable).map_or(callable, |method| method.get(py).function);
    if heard && py.as_function(function).is_none() {
        py.machine.tracing.watched(at.fp as usize).native = Some((callable, first));
    }
    Ok(())
}

impl Py {
    /// An exception has come to a frame of code that may be watched; the exception that goes on.
    pub(in crate::exec) fn watch_raise(&mut self, at: At, offset: u32, exception: Value, raise: Raise) -> Value {
        self.reporting(at, exception, |py, code| {
            if let Some((callable, first)) = py.machine.tracing.watched(at.fp as usize).native.take() {
                if let Some(shown) = py.profiled_callable(callable, first)? {
                    py.legacy_profile(at, Event::CRaise, "c_exception", shown)?;
                }
                py.fire(code, Event::CRaise, offset, &[offset_value(offset), callable, first])?;
            }
            if raise != Raise::First {
                return py.fire(code, Event::Reraise, offset, &[offset_value(offset), exception]);
            }
            let triple = py.exception_triple(exception);
            py.legacy_trace(at, Event::Raise, "exception", triple)?;
            py.fire(code, Event::Raise, offset, &[offset_value(offset), exception])
        })
    }

    /// StopIteration, the current exception, ends a loop.
    pub(in crate::exec) fn watch_end_of_loop(&mut self, at: At) {
        if let Some(exception) = self.current_exception().filter(|_| self.is_instrumented(at)) {
            let offset = self.offset_at(at);
            self.watch_raise(at, offset, exception, Raise::First);
        }
    }

    /// An exception leaves a frame.
    pub(in crate::exec) fn watch_unwind(&mut self, at: At, offset: u32, exception: Value) {
        self.reporting(at, exception, |py, code| {
            py.machine.tracing.leave(at.fp as usize);
            py.legacy_trace(at, Event::PyUnwind, "return", Value::NONE)?;
            py.legacy_profile(at, Event::PyUnwind, "return", Value::NONE)?;
            py.fire(code, Event::PyUnwind, offset, &[offset_value(offset), exception])
        });
    }

    /// A handler is about to run; no exception is set.
    pub(in crate::exec) fn watch_handled(&mut self, at: At, offset: u32, exception: Value) -> Result<()> {
        let code = at.code(self);
        if self.watches(code) { self.fire(code, Event::ExceptionHandled, offset, &[offset_value(offset), exception]) } else { Ok(()) }
    }

    /// An exception is about to be raised in a generator at the place where it stands.
    pub(in crate::exec) fn watch_throw(&mut self, at: At) {
        if at.code(self).get(self).instrumented.is_none() {
            return;
        }
        let Some(exception) = self.current_exception() else { return };
        let offset = self.offset_at(at);
        self.reporting(at, exception, |py, code| {
            py.legacy_profile(at, Event::PyThrow, "call", Value::NONE)?;
            py.legacy_trace(at, Event::PyThrow, "call", Value::NONE)?;
            py.fire(code, Event::PyThrow, offset, &[offset_value(offset), exception])
        });
    }

    /// Report with the current exception put aside. If that raises, the new exception takes its place.
    fn reporting(&mut self, at: At, exception: Value, report: impl FnOnce(&mut Py, Gc<Code>) -> Result<()>) -> Value {
        let code = at.code(self);
        if !self.watches(code) {
            return exception;
        }
        self.machine.exception = None;
        self.machine.tracing.frame = at.fp as usize;
        match report(self, code) {
            Ok(()) => {
                self.machine.exception = Some(exception);
                exception
            }
            Err(_) => self.machine.exception.unwrap_or(exception),
        }
    }
}
