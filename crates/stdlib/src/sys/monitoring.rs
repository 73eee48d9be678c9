//! `sys.monitoring`: events of running code for tools.
//!
//! Counterpart: `Python/instrumentation.c`.

use bredli_runtime::exec::Event;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

#[pymodule(name = "sys.monitoring")]
pub mod monitoring {
    use super::*;

    pub const DEBUGGER_ID: i64 = 0;
    pub const COVERAGE_ID: i64 = 1;
    pub const PROFILER_ID: i64 = 2;
    pub const OPTIMIZER_ID: i64 = 5;

    #[pyfunction]
    #[signature(tool_id, name, /)]
    fn use_tool_id(py: &mut Py, tool_id: i32, name: Value) -> Result<()> {
        py.use_tool(tool_id, name)
    }

    #[pyfunction]
    #[signature(tool_id, /)]
    fn clear_tool_id(py: &mut Py, tool_id: i32) -> Result<()> {
        py.clear_tool(tool_id)
    }

    #[pyfunction]
    #[signature(tool_id, /)]
    fn free_tool_id(py: &mut Py, tool_id: i32) -> Result<()> {
        py.free_tool(tool_id)
    }

    #[pyfunction]
    #[signature(tool_id, /)]
    fn get_tool(py: &mut Py, tool_id: i32) -> Result<Option<Value>> {
        py.tool_name(tool_id)
    }

    #[pyfunction]
    #[signature(tool_id, event, func, /)]
    fn register_callback(py: &mut Py, tool_id: i32, event: i32, func: Value) -> Result<Option<Value>> {
        py.audit("sys.monitoring.register_callback", &[func])?;
        py.register_callback(tool_id, event as u32, func)
    }

    #[pyfunction]
    #[signature(tool_id, /)]
    fn get_events(py: &mut Py, tool_id: i32) -> Result<u32> {
        py.tool_events(tool_id)
    }

    #[pyfunction]
    #[signature(tool_id, event_set, /)]
    fn set_events(py: &mut Py, tool_id: i32, event_set: i32) -> Result<()> {
        py.set_tool_events(tool_id, event_set.into())
    }

    #[pyfunction]
    #[signature(tool_id, code, /)]
    fn get_local_events(py: &mut Py, tool_id: i32, code: Value) -> Result<u32> {
        py.local_events(tool_id, code)
    }

    #[pyfunction]
    #[signature(tool_id, code, event_set, /)]
    fn set_local_events(py: &mut Py, tool_id: i32, code: Value, event_set: i32) -> Result<()> {
        py.set_local_events(tool_id, code, event_set.into())
    }

    #[pyfunction]
    #[signature()]
    fn restart_events(py: &mut Py) {
        py.restart_events();
    }

    #[pyfunction]
    #[signature()]
    fn _all_events(py: &mut Py) -> Result {
        let events = py.new_dict();
        for (name, tools) in py.all_tool_events() {
            let name = py.intern(name);
            py.dict_set_str(events, name, Value::small(tools as i32))?;
        }
        Ok(events.into())
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let [disable, missing] = py.monitoring_sentinels()?;
        py.module_set(module, "DISABLE", disable)?;
        py.module_set(module, "MISSING", missing)?;
        let events = py.new_dict();
        for (name, bit) in Event::NAMES {
            let name = py.intern(name);
            py.dict_set_str(events, name, Value::small(bit as i32))?;
        }
        let events = py.new_namespace(events);
        py.module_set(module, "events", events)
    }
}

/// Make the module an attribute of `sys`.
pub fn add(py: &mut Py, sys: Gc<Module>) -> Result<()> {
    let module = py.make_native_module(&monitoring::MODULE)?;
    py.module_set(sys, "monitoring", module.into())?;
    let (modules, name) = (py.sys_modules()?, py.intern("sys.monitoring"));
    py.dict_set_str(modules, name, module.into())
}
