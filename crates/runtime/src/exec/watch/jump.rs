//! Jumps of debuggers: setting `f_lineno`.
//!
//! Counterpart: `frame_lineno_set_impl` in `Objects/frameobject.c`.

use super::state::Event;
use super::trace::read;
use crate::exec::code::Operand;
use crate::exec::frame::At;
use crate::types::{Code, Frame};
use crate::{Py, Result, raise};
use bredli_code::{CodeObject, StackEntry};
use bredli_heap::{Gc, Value};

/// Why no place of a line can be jumped to.
fn why_not(target: Option<&[StackEntry]>) -> &'static str {
    let Some(target) = target else { return "can't jump into an exception handler, or code may be unreachable" };
    match target.last() {
        Some(StackEntry::Exception) => "can't jump into an 'except' block as there's no exception",
        Some(StackEntry::Offset) => "can't jump into a re-raising block as there's no location",
        Some(StackEntry::Iterator) => "can't jump into the body of a for loop",
        _ => "incompatible stacks",
    }
}

/// Whether a stack becomes another one when entries are taken off.
fn leads_to(from: &[StackEntry], to: &[StackEntry]) -> bool {
    from.len() >= to.len() && from.iter().zip(to).all(|(from, to)| from.serves_as(*to))
}

/// The place in a line to go on at, by its byte offset.
fn place_in_line(code: &CodeObject, line: i32, from: usize) -> std::result::Result<usize, String> {
    if line < code.firstlineno {
        return Err(format!("line {line} comes before the current code block"));
    }
    let mut begins: Vec<(usize, i32)> = code.lines().filter_map(|range| range.line.map(|line| (range.start, line))).collect();
    begins.dedup_by_key(|(_, line)| *line);
    let Some(first) = begins.iter().map(|(_, at)| *at).filter(|at| *at >= line).min() else {
        return Err(format!("line {line} comes after the current code block"));
    };
    let stacks = code.stacks();
    let Some(from) = stacks.at(from) else { return Err("can't jump from unreachable code".to_string()) };
    let mut best: Option<(usize, &[StackEntry])> = None;
    let mut reason = None;
    for (start, _) in begins.iter().filter(|(_, at)| *at == first) {
        match stacks.at(*start) {
            Some(stack) if leads_to(from, stack) => {
                if best.is_none_or(|(_, known)| (known.len(), known) < (stack.len(), stack)) {
                    best = Some((*start, stack));
                }
            }
            stack => reason = reason.or(Some(why_not(stack))),
        }
    }
    match best {
        Some((offset, _)) => Ok(offset),
        None => Err(reason.unwrap_or("cannot find bytecode for specified line").to_string()),
    }
}

impl Py {
    /// Set `f_lineno`.
    pub(crate) fn set_frame_line(&mut self, frame: Gc<Frame>, line: Value) -> Result<()> {
        if self.class_of(line) != self.types.int {
            raise!(self, ValueError, "lineno must be an integer");
        }
        let tracing = &self.machine.tracing;
        let here = frame.get(self).address != 0 && frame.get(self).address == tracing.frame;
        match tracing.event {
            None => raise!(self, ValueError, "f_lineno can only be set in a trace function"),
            Some(Event::PyStart) => raise!(self, ValueError, "can't jump from the 'call' trace event of a new frame"),
            Some(Event::Call | Event::CReturn) => raise!(self, ValueError, "can't jump during a call"),
            Some(Event::Line | Event::PyYield | Event::BranchLeft | Event::BranchRight) if here => {}
            Some(_) => raise!(self, ValueError, "can only jump from a 'line' trace event"),
        }
        let Some(line) = self.int_to_i64(line).and_then(|line| i32::try_from(line).ok()) else {
            raise!(self, ValueError, "lineno out of range");
        };
        let code = frame.get(self).function.get(self).code;
        let from = self.frame_offset(frame);
        let target = match place_in_line(&code.get(self).code, line, from as usize) {
            Ok(target) if self.instrumented_word(code, target as u32).is_some() => target as u32,
            Ok(_) => raise!(self, ValueError, "{}", why_not(None)),
            Err(reason) => raise!(self, ValueError, "{reason}"),
        };
        self.bind_unbound(frame)?;
        self.machine.tracing.jump = Some(target);
        Ok(())
    }

    /// The compiler relies on assignments that a jump skips: local variables without a value become None.
    fn bind_unbound(&mut self, frame: Gc<Frame>) -> Result<()> {
        let count = frame.get(self).function.get(self).code.get(self).code.localspluskinds.len();
        let unbound = (0..count).filter(|slot| self.frame_slot(frame, *slot).is_none()).count();
        if unbound > 0 {
            let plural = if unbound == 1 { "" } else { "s" };
            let category = self.exceptions.RuntimeWarning;
            self.warn(category, &format!("assigning None to {unbound} unbound local{plural}"))?;
        }
        for slot in 0..count {
            if self.frame_slot(frame, slot).is_none() {
                self.set_frame_slot(frame, slot, Some(Value::NONE));
            }
        }
        Ok(())
    }

    /// The word of instrumented code that belongs to a byte offset, where an EXTENDED_ARG may stand.
    fn instrumented_word(&self, code: Gc<Code>, offset: u32) -> Option<u32> {
        let exec = code.get(self).instrumented.as_ref()?;
        (offset..offset + 8).step_by(2).find_map(|offset| exec.start_at(offset)).map(|start| start.word)
    }

    /// Where a frame is going to go on.
    pub(crate) fn pending_jump(&self, frame: Gc<Frame>) -> Option<u32> {
        let tracing = &self.machine.tracing;
        tracing.jump.filter(|_| frame.get(self).address == tracing.frame)
    }

    /// Go where a callback wants the frame to go on.
    pub(super) fn jump_pending(&mut self, at: At) -> Option<At> {
        let target = self.machine.tracing.jump.take()?;
        self.jump(at, target)
    }

    /// Take entries off the stack as at `target`, bring the others to where they belong there, and go there.
    fn jump(&mut self, at: At, target: u32) -> Option<At> {
        let code = at.code(self);
        let word = self.instrumented_word(code, target)?;
        let offset = self.offset_at(at);
        let stacks = code.get(self).code.stacks();
        let exec = code.get(self).instrumented.as_ref()?;
        let (from, to) = (exec.start_at(offset)?, exec.starts.iter().find(|start| start.word == word)?);
        let (target, locals) = (to.offset, code.get(self).code.localspluskinds.len());
        // SAFETY: starts are words of the code.
        let pc = unsafe { exec.words.as_ptr().add(word as usize) };
        // All are read before the first is written: the places overlap.
        let values: Vec<u64> = from.stack.iter().map(|operand| read(at, *operand).map_or(0, Value::bits)).collect();
        for (value, operand) in values.iter().zip(&to.stack) {
            if let Operand::Slot(slot) = operand
                && *slot as usize >= locals
            {
                at.set_raw(*slot as usize, *value);
            }
        }
        let kinds = stacks.at(offset as usize).unwrap_or(&[]);
        let handled = (to.stack.len()..kinds.len()).find(|entry| kinds[*entry] == StackEntry::Exception);
        let handled = handled.and_then(|entry| from.stack.get(entry)).and_then(|operand| read(at, *operand));
        if let Some(handled) = handled {
            self.replace_handled(Some(handled).filter(|handled| !handled.is_none()));
        }
        self.machine.tracing.watched(at.fp as usize).last = Some(target);
        Some(At { pc, fp: at.fp })
    }
}
