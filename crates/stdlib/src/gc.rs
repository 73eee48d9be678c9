//! `gc`: asking for collections.
//!
//! Memory is managed by tracing alone, so switching the collector off could only exhaust it: `disable` is remembered and
//! shown by `isenabled`, and collections go on. Counterpart: `Modules/gcmodule.c`.

use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

const ENABLED: &str = "_enabled";

fn set_enabled(py: &mut Py, enabled: bool) -> Result<()> {
    let module = py.import_module("gc")?;
    let name = py.intern(ENABLED);
    py.set_attr(module, name, Some(Value::bool(enabled)))
}

/// This module provides access to the garbage collector for reference cycles.
///
/// enable() -- Enable automatic garbage collection.
/// disable() -- Disable automatic garbage collection.
/// isenabled() -- Returns true if automatic collection is enabled.
/// collect() -- Do a full collection right now.
#[pymodule(name = "gc")]
pub mod gc {
    use super::*;

    /// Enable automatic garbage collection.
    #[pyfunction]
    #[signature()]
    fn enable(py: &mut Py) -> Result<()> {
        set_enabled(py, true)
    }

    /// Disable automatic garbage collection.
    #[pyfunction]
    #[signature()]
    fn disable(py: &mut Py) -> Result<()> {
        set_enabled(py, false)
    }

    /// Returns true if automatic garbage collection is enabled.
    #[pyfunction]
    #[signature()]
    fn isenabled(py: &mut Py) -> Result<bool> {
        let module = py.import_module("gc")?;
        let enabled = py.get_attr_named(module, ENABLED)?;
        py.truth(enabled)
    }

    /// Run the garbage collector.
    ///
    /// With no arguments, run a full collection.  The optional argument
    /// may be an integer specifying which generation to collect.  A ValueError
    /// is raised if the generation number is invalid.
    ///
    /// The number of unreachable objects is returned.
    #[pyfunction]
    #[signature(generation = 2)]
    fn collect(py: &mut Py, generation: i32) -> Result<usize> {
        if !(0..=2).contains(&generation) {
            raise!(py, ValueError, "invalid generation");
        }
        let found = py.heap.collect(generation == 2);
        py.poll()?;
        Ok(found)
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        py.module_set(module, ENABLED, Value::TRUE)?;
        for name in ["garbage", "callbacks"] {
            let list = py.new_list(&[])?;
            py.module_set(module, name, list.into())?;
        }
        Ok(())
    }
}
