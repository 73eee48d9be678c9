//! Audit hooks (PEP 578): `sys.audit` and `sys.addaudithook`.

use bredli_runtime::prelude::*;

#[pymodule(name = "sys", part)]
pub mod audit {
    use super::*;

    /// Passes the event to any hooks that are attached.
    #[pyfunction]
    #[signature(event, /, *args)]
    fn audit(py: &mut Py, event: Gc<Str>, args: &[Value]) -> Result<()> {
        py.audit_named(event.into(), args)
    }

    /// Adds a new audit hook callback.
    #[pyfunction]
    #[signature(hook)]
    fn addaudithook(py: &mut Py, hook: Value) -> Result<()> {
        let outcome = py.audit("sys.addaudithook", &[]);
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
