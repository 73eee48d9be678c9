//! Watching code run: `sys.monitoring`, `sys.settrace`, `sys.setprofile`.
//!
//! Code that is watched runs in a second, instrumented form with a `Trace` in front of every instruction; the plain form pays nothing. Plain
//! code leads over where its opcodes are hidden by `Redirect`: at its entry, and everywhere if it is running when watching begins. At
//! every instruction that both forms have, the frame looks the same. Counterpart: `Python/instrumentation.c`, `Python/legacy_tracing.c`.

mod jump;
mod legacy;
mod lines;
mod state;
mod tools;
mod trace;

pub(super) use lines::complete_starts;
pub(crate) use state::Tracing;
pub use state::{Event, Monitoring, TOOLS, Watch};
pub(super) use trace::trace;

use super::ExecCode;
use super::call::FrameView;
use super::frame::{At, INFO};
use super::op::Op;
use crate::types::Code;
use crate::{Py, Result};
use bredli_heap::{Gc, Value};

/// How an exception comes to a frame.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Raise {
    /// Raised there, or passed on by a call.
    First,
    /// Raised again by the end of a handler or a bare `raise`; the bytecode offset is that of the instruction which the frame shows.
    Again(Option<u32>),
}

impl ExecCode {
    fn hide(&mut self, word: u32) {
        let op = self.words[word as usize] as u8;
        if op != Op::Redirect as u8 {
            self.hidden.push((word, op));
            self.words[word as usize] = self.words[word as usize] & !0xFF | Op::Redirect as u64;
        }
    }

    /// Opcodes come back, except where the machine has put another one meanwhile.
    fn show(&mut self) -> Vec<(u32, u8)> {
        let hidden = std::mem::take(&mut self.hidden);
        for (word, op) in &hidden {
            let word = &mut self.words[*word as usize];
            if *word as u8 == Op::Redirect as u8 {
                *word = *word & !0xFF | *op as u64;
            }
        }
        hidden
    }
}

/// `Redirect` is executed: go on in the instrumented form, or behind the hidden opcode if nobody watches any more.
pub(super) fn redirect(py: &mut Py, at: At) -> Result<At> {
    let code = at.code(py);
    let word = code.get(py).exec.as_ref().map_or(0, |exec| exec.word_of(at.pc));
    if word == 0 {
        // The entry of a function, whose frame is not complete.
        py.machine.fp = at.caller().fp;
        py.machine.pc = super::slow::caller_pc(at);
        // SAFETY: the parameters lie above the header, inside what the caller has reserved.
        py.machine.top = unsafe { at.fp.add(at.c()) };
        if !py.watches(code) {
            if !py.monitoring.active {
                py.uncover(code);
            }
            return super::slow::resume(py, at);
        }
        py.ensure_instrumented(code)?;
        let pc = code.get(py).instrumented.as_ref().map_or(at.pc, |exec| exec.words.as_ptr());
        return Ok(At { pc, fp: at.fp });
    }
    py.machine.enter(at);
    if !py.monitoring.active && code.get(py).watch.is_none() {
        py.uncover(code);
        return Ok(at);
    }
    let pc = py.instrumented_place(code, at.pc)?;
    if pc == at.pc {
        py.uncover(code);
    }
    Ok(at.moved(py, pc))
}

impl At {
    /// The same frame in the other form of its code.
    fn moved(self, py: &Py, pc: *const u64) -> At {
        let size = py.stream_of(self.code(py), pc).map_or(0, |exec| exec.frame_size as u64);
        let info = self.header(INFO);
        self.set_header(INFO, info & 0xFFFF_FFFF | size.max(info >> 32) << 32);
        At { pc, fp: self.fp }
    }
}

impl Py {
    /// Whether a frame runs instrumented code.
    pub(super) fn is_instrumented(&self, at: At) -> bool {
        at.code(self).get(self).instrumented.as_ref().is_some_and(|exec| exec.holds(at.pc))
    }

    /// Whether a frame of this code is to be watched in the current thread.
    fn watches(&self, code: Gc<Code>) -> bool {
        let tracing = &self.machine.tracing;
        tracing.depth == 0 && (tracing.trace.is_some() || tracing.profile.is_some() || self.watched_events(code) != 0)
    }

    /// The place in the instrumented form where plain code stands, or that place itself if there is none.
    pub(super) fn instrumented_place(&mut self, code: Gc<Code>, pc: *const u64) -> Result<*const u64> {
        if !code.get(self).exec.as_ref().is_some_and(|exec| exec.holds(pc)) {
            return Ok(pc);
        }
        self.ensure_instrumented(code)?;
        let this = code.get(self);
        let (Some(plain), Some(instrumented)) = (&this.exec, &this.instrumented) else { return Ok(pc) };
        let word = plain.word_of(pc) as u32;
        let start = instrumented.starts.iter().find(|start| start.plain == Some(word));
        // SAFETY: starts are words of the code.
        Ok(start.map_or(pc, |start| unsafe { instrumented.words.as_ptr().add(start.word as usize) }))
    }

    /// Have the entry of a code object lead to its instrumented form.
    pub(super) fn redirect_entry(&mut self, code: Gc<Code>) {
        if let Some(exec) = &mut code.get_mut(self).exec {
            exec.hide(0);
        }
    }

    /// Have all of a code object that may be running lead to its instrumented form.
    fn redirect_all(&mut self, code: Gc<Code>) -> Result<()> {
        self.ensure_instrumented(code)?;
        let this = code.get_mut(self);
        if let (Some(plain), Some(instrumented)) = (&mut this.exec, &this.instrumented) {
            plain.hide(0);
            for word in instrumented.starts.iter().filter_map(|start| start.plain) {
                plain.hide(word);
            }
        }
        Ok(())
    }

    /// Put the opcodes of plain code back; what was hidden.
    pub(super) fn uncover(&mut self, code: Gc<Code>) -> Vec<(u32, u8)> {
        code.get_mut(self).exec.as_mut().map_or_else(Vec::new, |exec| exec.show())
    }

    /// Hide opcodes again.
    pub(super) fn cover(&mut self, code: Gc<Code>, hidden: &[(u32, u8)]) {
        if let Some(exec) = &mut code.get_mut(self).exec {
            hidden.iter().for_each(|(word, _)| exec.hide(*word));
        }
    }

    /// After a change of who watches what: entries lead to instrumented code, and so do the running frames.
    fn refresh_watching(&mut self) -> Result<()> {
        let active = self.monitoring.events.iter().any(|events| *events != 0) || self.any_thread_traces();
        let begins = active && !self.monitoring.active;
        self.monitoring.active = active;
        self.monitoring.used |= active;
        if !active {
            self.machine.tracing.frames.clear();
            return Ok(());
        }
        if begins {
            for index in 0..self.translated.len() {
                let code = self.translated[index];
                self.redirect_entry(code);
            }
        }
        self.redirect_running()
    }

    fn redirect_running(&mut self) -> Result<()> {
        let mut at = self.current_frame();
        while let Some(view) = at {
            let code = view.function().get(self).code;
            if code.get(self).exec.is_some() {
                self.redirect_all(code)?;
            }
            at = view.caller(self);
        }
        Ok(())
    }

    /// The frame object of a position.
    fn watched_frame(&mut self, at: At) -> Gc<crate::types::Frame> {
        self.frame_object(FrameView::at(at))
    }

    /// Make a call that nobody watches.
    pub(crate) fn call_untraced(&mut self, callable: Value, args: &[Value]) -> Result {
        self.machine.tracing.depth += 1;
        let result = self.call(callable, args);
        self.machine.tracing.depth -= 1;
        result
    }

    /// Run a callback of whoever watches; nothing is watched meanwhile.
    fn unwatched(&mut self, callback: Value, event: Event, args: &[Value]) -> Result {
        self.machine.tracing.depth += 1;
        let outer = self.machine.tracing.event.replace(event);
        let result = self.call(callback, args);
        self.machine.tracing.event = outer;
        self.machine.tracing.depth -= 1;
        result
    }
}
