//! A function's code is replaced while it may be running: what runs keeps the function as it was.

use super::Machine;
use super::frame::{At, CALLER, FUNCTION};
use crate::Py;
use crate::types::{Code, Frame, Function, Traceback};
use bredli_heap::{Gc, Value};

impl Py {
    /// `function.__code__ = code`
    pub(crate) fn replace_code(&mut self, function: Gc<Function>, code: Gc<Code>) {
        if function.get(self).code.get(self).exec.is_some() {
            self.detach_running(function);
        }
        function.get_mut(self).code = code;
        self.refresh_function(function);
    }

    /// Give the frames, generators and tracebacks of a function one of their own that stays as it is.
    fn detach_running(&mut self, function: Gc<Function>) {
        let (code, globals, builtins) = {
            let this = function.get(self);
            (this.code, this.globals, this.builtins)
        };
        let former = self.new_function(code, globals, builtins);
        let (closure, name, qualname) = {
            let this = function.get(self);
            (this.closure, this.name, this.qualname)
        };
        let this = former.get_mut(self);
        (this.closure, this.name, this.qualname) = (closure, name, qualname);
        let referrers = self.heap.referrers(&[function.into()]);
        for referrer in referrers.iter().copied() {
            if let Some(frame) = Gc::<Frame>::cast(self, referrer) {
                frame.get_mut(self).function = former;
            } else if let Some(traceback) = Gc::<Traceback>::cast(self, referrer) {
                traceback.get_mut(self).function = former;
            } else if let Some(generator) = self.generator_payload(referrer) {
                generator.get_mut(self).function = Some(former);
            }
        }
        self.machine.replace_function(function, former);
        self.threads.replace_function(function, former);
    }
}

impl Machine {
    /// Put one function in the place of another one in all frames.
    pub(super) fn replace_function(&mut self, former: Gc<Function>, new: Gc<Function>) {
        if self.is_vacant() {
            return;
        }
        let mut at = At { pc: self.pc, fp: self.fp };
        while at.header(FUNCTION) != 0 {
            if at.header(FUNCTION) == Value::from(former).bits() {
                at.set_header(FUNCTION, Value::from(new).bits());
            }
            at.fp = at.header(CALLER) as *mut u64;
        }
    }
}
