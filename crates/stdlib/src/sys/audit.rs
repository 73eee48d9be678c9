//! Audit hooks (PEP 578): `sys.audit` and `sys.addaudithook`.

use bredli_runtime::prelude::*;

/// Report an event to the hooks.
pub fn audit_event(py: &mut Py, event: Value, args: &[Value]) -> Result<()> {
    let Some(hooks) = py.audit_hooks else { return Ok(()) };
    let args = py.new_tuple(args);
    let mut index = 0;
    // A hook may add hooks.
    while let Some(hook) = hooks.get(py).items().get(index).copied() {
        py.call(hook, &[event, args.into()])?;
        index += 1;
    }
    Ok(())
}

#[pymodule(name = "sys", part)]
pub mod audit {
    use super::*;

    /// Passes the event to any hooks that are attached.
    #[pyfunction]
    #[signature(event, /, *args)]
    fn audit(py: &mut Py, event: Gc<Str>, args: &[Value]) -> Result<()> {
        audit_event(py, event.into(), args)
    }

    /// Adds a new audit hook callback.
    #[pyfunction]
    #[signature(hook)]
    fn addaudithook(py: &mut Py, hook: Value) -> Result<()> {
        let event = py.intern("sys.addaudithook");
        let outcome = audit_event(py, event.into(), &[]);
        let refusal = py.exceptions.Exception;
        if py.ignore(outcome, refusal)?.is_none() {
            // A hook that refuses the new one with an exception is obeyed silently.
            return Ok(());
        }
        match py.audit_hooks {
            Some(hooks) => py.list_push(hooks, hook),
            None => {
                let hooks = py.new_list(&[hook])?;
                py.audit_hooks = Some(hooks);
                Ok(())
            }
        }
    }
}
