//! The hot words of the interpreter: VM stack, exception state, recursion bounds.

use crate::native::Args;
use crate::types::Function;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Tracer, Value};

/// The state of the thread that holds the interpreter.
pub struct Machine {
    /// The exception that is propagating.
    pub(crate) exception: Option<Value>,
    /// The lowest native stack address that calls may reach.
    pub(crate) native_limit: usize,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self { exception: None, native_limit: 0 }
    }

    pub(crate) fn trace(&self, tracer: &mut Tracer) {
        if let Some(exception) = self.exception {
            tracer.value(exception);
        }
    }
}

impl Py {
    /// Bound native recursion: RecursionError when the native stack is nearly used up.
    #[inline(always)]
    pub fn enter_native(&mut self, what: &str) -> Result<()> {
        let marker = 0u8;
        if (&raw const marker as usize) < self.machine.native_limit {
            return self.native_overflow(what);
        }
        Ok(())
    }

    #[cold]
    fn native_overflow(&mut self, what: &str) -> Result<()> {
        raise!(self, RecursionError, "maximum recursion depth exceeded{what}")
    }

    /// Forget what inline caches assume about instances, after a change of a class that such caches do not check.
    pub(crate) fn flush_inline_caches(&mut self) {}

    /// `__name__` of the module whose code is running.
    pub fn calling_module_name(&mut self) -> Option<Value> {
        None
    }

    /// A name of the `builtins` module.
    pub fn builtin(&mut self, name: &str) -> Result {
        let builtins = self.import_module("builtins")?;
        self.get_attr_named(builtins, name)
    }

    /// `importlib.import_module(name)` for modules that native code relies on.
    pub fn import_module(&mut self, name: &str) -> Result {
        raise!(self, ImportError, "the import system is not connected (needed: {name})")
    }

    /// The exception being handled (`sys.exception()`).
    pub fn handled_exception(&self) -> Option<Value> {
        None
    }

    /// Call a Python function with arguments that may need binding.
    pub fn call_function(&mut self, function: Gc<Function>, args: Args) -> Result {
        let _ = (function, args);
        raise!(self, SystemError, "the machine is not connected")
    }
}
