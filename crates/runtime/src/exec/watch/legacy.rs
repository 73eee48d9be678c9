//! The trace and profile functions of `sys.settrace` and `sys.setprofile`.
//!
//! Counterpart: `Python/legacy_tracing.c` and the trampolines in `Python/sysmodule.c`.

use super::state::Event;
use crate::exec::frame::At;
use crate::types::{BaseException, BuiltinFunction, Method, MethodDescriptor};
use crate::{Py, Raised, Result};
use bredli_heap::{Gc, Value};

impl Py {
    /// `sys.gettrace()`
    pub fn trace_function(&self) -> Option<Value> {
        self.machine.tracing.trace
    }

    /// `sys.settrace(function)`
    pub fn set_trace_function(&mut self, function: Option<Value>) -> Result<()> {
        self.machine.tracing.trace = function;
        self.refresh_watching()
    }

    /// `sys.getprofile()`
    pub fn profile_function(&self) -> Option<Value> {
        self.machine.tracing.profile
    }

    /// `sys.setprofile(function)`
    pub fn set_profile_function(&mut self, function: Option<Value>) -> Result<()> {
        self.machine.tracing.profile = function;
        self.refresh_watching()
    }

    /// `sys.call_tracing(function, args)`: what a trace function calls is traced, too.
    pub fn call_traced(&mut self, function: Value, args: &[Value]) -> Result {
        let tracing = &mut self.machine.tracing;
        let (depth, event, frame) = (std::mem::take(&mut tracing.depth), tracing.event.take(), tracing.frame);
        let result = self.refresh_watching().and_then(|()| self.call(function, args));
        let tracing = &mut self.machine.tracing;
        (tracing.depth, tracing.event, tracing.frame) = (depth, event, frame);
        result
    }

    /// Call the trace function of a frame, which decides who is called next.
    pub(super) fn legacy_trace(&mut self, at: At, event: Event, what: &str, argument: Value) -> Result<()> {
        let Some(global) = self.machine.tracing.trace else { return Ok(()) };
        let frame = self.watched_frame(at);
        let callback = if what == "call" { Some(global) } else { frame.get(self).trace };
        let Some(callback) = callback else { return Ok(()) };
        let what = self.intern(what);
        let result = self.unwatched(callback, event, &[frame.into(), what.into(), argument]);
        match result {
            Ok(answer) => {
                if !answer.is_none() {
                    frame.get_mut(self).trace = Some(answer);
                }
                Ok(())
            }
            Err(raised) => {
                self.machine.tracing.trace = None;
                self.machine.tracing.jump = None;
                frame.get_mut(self).trace = None;
                self.keep_exception(raised, Py::refresh_watching)
            }
        }
    }

    /// Call the profile function.
    pub(super) fn legacy_profile(&mut self, at: At, event: Event, what: &str, argument: Value) -> Result<()> {
        let Some(callback) = self.machine.tracing.profile else { return Ok(()) };
        let frame = self.watched_frame(at);
        let what = self.intern(what);
        match self.unwatched(callback, event, &[frame.into(), what.into(), argument]) {
            Ok(_) => Ok(()),
            Err(raised) => {
                self.machine.tracing.profile = None;
                self.keep_exception(raised, Py::refresh_watching)
            }
        }
    }

    fn keep_exception(&mut self, raised: Raised, after: fn(&mut Py) -> Result<()>) -> Result<()> {
        let exception = self.take_exception();
        after(self)?;
        let _ = self.restore_exception(exception);
        Err(raised)
    }

    /// The argument of a trace function's `exception` event.
    pub(super) fn exception_triple(&mut self, exception: Value) -> Value {
        let class = self.class_of(exception).into();
        let traceback = Gc::<BaseException>::cast(self, exception).and_then(|exception| exception.get(self).traceback);
        self.new_tuple(&[class, exception, traceback.unwrap_or(Value::NONE)]).into()
    }

    /// What the profile function is told of a native callable: a function, or a method bound to its receiver; nothing for others.
    pub(super) fn profiled_callable(&mut self, callable: Value, first: Value) -> Result<Option<Value>> {
        let callable = Gc::<Method>::cast(self, callable).map_or(callable, |method| method.get(self).function);
        if Gc::<BuiltinFunction>::cast(self, callable).is_some() {
            return Ok(Some(callable));
        }
        if Gc::<MethodDescriptor>::cast(self, callable).is_none() {
            return Ok(None);
        }
        let class = self.class_of(first);
        match self.class_of(callable).get(self).slots.descr_get {
            Some(get) => get(self, callable, Some(first), Some(class.into())).map(Some),
            None => Ok(None),
        }
    }
}
