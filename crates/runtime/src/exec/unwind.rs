//! From a raised exception to its handler: through the exception tables of the frames up to the entry of the run.

use super::call::FrameView;
use super::frame::{At, CALLER, OUTER_PC, RETURN};
use super::machine::HALT;
use super::op::Op;
use super::special;
use super::watch::Raise;
use crate::Py;
use crate::types::exception::Origin;
use crate::types::{BaseException, Function, Left};
use bredli_heap::{Gc, Value};

/// Where to continue after the instruction at a position has raised.
#[cold]
pub(super) fn raised(py: &mut Py, at: At) -> At {
    unwind(py, at, Raise::First).unwrap_or(At::ENDED)
}

/// Find the handler of the current exception, from the instruction at `at` outwards. None: the run ends with the exception.
#[cold]
pub(super) fn unwind(py: &mut Py, mut at: At, mut raise: Raise) -> Option<At> {
    loop {
        let code = at.code(py);
        let exec = py.stream_of(code, at.pc).expect("running code is translated");
        // SAFETY: handler targets are words of the code.
        let handler =
            exec.handler_for(exec.word_of(at.pc)).map(|handler| (*handler, unsafe { exec.words.as_ptr().add(handler.target as usize) }));
        let shown = match raise {
            Raise::Again(Some(offset)) => py.instruction_at(at, offset),
            _ => at,
        };
        py.machine.enter(shown);
        let mut exception = py.machine.exception.expect("an exception is set when Raised is returned");
        if handler.is_none()
            && raise == Raise::First
            && let Some(at) = py.end_of_loop(at, exception)
        {
            return Some(at);
        }
        py.complete_traceback(exception);
        if raise == Raise::First && !handler.is_some_and(|(handler, _)| handler.drops && py.catch_fresh(exception, at)) {
            let (frame, offset) = (py.current_frame(), py.offset_at(at));
            py.add_traceback(exception, frame, at.function(), offset);
        }
        let watched = |py: &Py| code.get(py).instrumented.is_some();
        if watched(py) {
            exception = py.watch_raise(at, py.offset_at(at), exception, raise);
        }
        raise = Raise::First;
        if let Some((handler, pc)) = handler {
            let mut slot = handler.slot as usize;
            if handler.lasti {
                at.set(slot, Value::small((py.offset_at(shown) / 2) as i32));
                slot += 1;
            }
            at.set(slot, exception);
            py.machine.exception = None;
            if watched(py) && py.watch_handled(at, py.offset_at(at), exception).is_err() {
                continue;
            }
            return Some(At { pc, fp: at.fp });
        }
        if watched(py) {
            py.watch_unwind(at, py.offset_at(at), exception);
        }
        py.leave_frame_objects(shown, Left::Raised);
        let caller = At { pc: py.return_address(at), fp: at.header(CALLER) as *mut u64 };
        let generator = py.is_generator_frame(at);
        if generator {
            py.generator_raised(at);
        }
        if std::ptr::eq(caller.pc, &HALT) {
            return None;
        }
        if special::is_exit(caller.pc) {
            at = At { pc: at.header(OUTER_PC) as *const u64, fp: caller.fp };
            if py.ends_loop(at) {
                return Some(py.leave_loop(at));
            }
            continue;
        }
        // SAFETY: the word before a return address belongs to the call; generators return to the instruction that resumed them.
        let pc = if generator { caller.pc } else { unsafe { caller.pc.sub(1) } };
        at = At { pc, fp: caller.fp };
    }
}

impl Py {
    /// Where to go on if what a subscript in a special method has raised only ends a loop: nobody sees the traceback of an exception that has
    /// just been made, nor a frame that no object stands for.
    fn end_of_loop(&mut self, at: At, exception: Value) -> Option<At> {
        // So it is the instruction that has raised.
        let fresh = |exception: Gc<BaseException>| exception.get(self).origin == Origin::Fresh;
        if !Gc::<BaseException>::cast(self, exception).is_some_and(fresh)
            || ![Op::Subscript, Op::SubscriptInt].map(|op| op as u8).contains(&at.op())
            || !special::is_exit(at.header(RETURN) as *const u64)
        {
            return None;
        }
        let outer = At { pc: at.header(OUTER_PC) as *const u64, fp: at.header(CALLER) as *mut u64 };
        let watched = self.is_instrumented(at) || self.is_instrumented(outer);
        (!watched && self.ends_loop(outer)).then(|| self.leave_loop(outer))
    }

    /// The exception that is set has ended the loop at `at`.
    fn leave_loop(&mut self, at: At) -> At {
        self.clear_exception();
        at.jump(at.extra(1) as i32)
    }

    /// The instruction of the code running at `at` that a bytecode offset stands for.
    fn instruction_at(&self, at: At, offset: u32) -> At {
        let exec = self.stream_of(at.code(self), at.pc).expect("running code is translated");
        let word = exec.map.word_of(offset);
        // SAFETY: the words of the map are words of the code.
        At { pc: unsafe { exec.words.as_ptr().add(word) }, fp: at.fp }
    }

    /// Put an entry for a frame in front of an exception's traceback.
    fn add_traceback(&mut self, exception: Value, frame: Option<FrameView>, function: Gc<Function>, offset: u32) {
        let Some(exception) = Gc::<BaseException>::cast(self, exception) else { return };
        let next = exception.get(self).traceback;
        let frame = frame.map(|view| self.frame_object(view).into());
        let entry = self.new_traceback(next, function, offset, frame);
        let this = exception.get_mut(self);
        (this.traceback, this.origin) = (Some(entry), Origin::Open);
    }

    /// The handler of an exception is in the frame that raised it, and drops it. Whether it needs no traceback until somebody asks what is
    /// being handled.
    fn catch_fresh(&mut self, exception: Value, at: At) -> bool {
        let Some(exception) = Gc::<BaseException>::cast(self, exception) else { return false };
        if exception.get(self).origin != Origin::Fresh || at.code(self).get(self).instrumented.is_some() {
            return false;
        }
        exception.get_mut(self).origin = Origin::Caught { frame: at.fp as usize, pc: at.pc as usize };
        true
    }

    /// Make the traceback of an exception that is being handled, if it has been put off.
    pub(super) fn complete_traceback(&mut self, exception: Value) {
        let Some(caught) = Gc::<BaseException>::cast(self, exception) else { return };
        let Origin::Caught { frame, pc } = caught.get(self).origin else { return };
        // The frame is there as long as the exception is handled, and nobody else has the exception.
        if let Some(view) = self.find_frame(|view| view.address() == frame) {
            let offset = self.offset_in(view.code(self), pc as *const u64);
            self.add_traceback(exception, Some(view), view.function(), offset);
        }
    }
}
