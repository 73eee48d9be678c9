//! Audit events (PEP 578): what the hooks of `sys.addaudithook` are told.
//!
//! Where nobody listens, an event costs the look at one word. Counterpart: `PySys_Audit` in `Python/sysmodule.c`.

use crate::{Py, Result};
use bredli_heap::Value;

impl Py {
    /// Report an event to the audit hooks.
    #[inline]
    pub fn audit(&mut self, event: &str, args: &[Value]) -> Result<()> {
        if self.audit_hooks.is_none() {
            return Ok(());
        }
        let event = self.intern(event);
        self.audit_named(event.into(), args)
    }

    /// Whether there are audit hooks, for events whose arguments have to be made.
    #[inline]
    pub fn is_audited(&self) -> bool {
        self.audit_hooks.is_some()
    }

    /// Report an event whose name is a Python string.
    pub fn audit_named(&mut self, event: Value, args: &[Value]) -> Result<()> {
        let Some(hooks) = self.audit_hooks else { return Ok(()) };
        let args = self.new_tuple(args);
        let traceable = self.intern("__cantrace__");
        let mut index = 0;
        // A hook may add hooks.
        while let Some(hook) = hooks.get(self).items().get(index).copied() {
            let traced = match self.lookup_attr(hook, traceable)? {
                Some(traced) => self.truth(traced)?,
                None => false,
            };
            if traced {
                self.call(hook, &[event, args.into()])?;
            } else {
                self.call_untraced(hook, &[event, args.into()])?;
            }
            index += 1;
        }
        Ok(())
    }

    /// Whether an object is the list of the audit hooks, which Python code never gets to see.
    pub fn is_audit_list(&self, object: Value) -> bool {
        self.audit_hooks.is_some_and(|hooks| Value::from(hooks) == object)
    }
}
