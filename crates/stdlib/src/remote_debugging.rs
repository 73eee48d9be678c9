//! `_remote_debugging`: the records that describe the stacks of another process.
//!
//! Bredli's processes cannot be looked into from outside, so `RemoteUnwinder` refuses. Counterpart: `Modules/_remote_debugging_module.c`.

use crate::structseq;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

/// The classes of records: name, documentation, fields.
const RECORDS: [(&str, &str, &[&str]); 5] = [
    ("TaskInfo", "Information about an asyncio task", &["task_id", "task_name", "coroutine_stack", "awaited_by"]),
    ("FrameInfo", "Information about a frame", &["filename", "lineno", "funcname"]),
    ("CoroInfo", "Information about a coroutine", &["call_stack", "task_name"]),
    ("ThreadInfo", "Information about a thread", &["thread_id", "frame_info"]),
    ("AwaitedInfo", "Information about what a thread is awaiting", &["thread_id", "awaited_by"]),
];

/// RemoteUnwinder(pid): Inspect stack of a remote Python process.
#[derive(Trace)]
#[repr(C)]
#[pyclass(name = "RemoteUnwinder", module = "_remote_debugging")]
pub struct RemoteUnwinder {
    header: Header,
}

#[pymethods]
impl RemoteUnwinder {
    #[signature(pid, *, all_threads=False, only_active_thread=False, debug=False)]
    fn __new__(_cls: Gc<Class>, py: &mut Py, pid: i32, _all_threads: bool, _only_active_thread: bool, _debug: bool) -> Result {
        raise!(py, RuntimeError, "process {pid} cannot be inspected: remote debugging is not supported")
    }
}

/// Looking into other Python processes.
#[pymodule(name = "_remote_debugging", classes(RemoteUnwinder))]
pub mod remote_debugging {
    use super::*;

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        for (name, doc, fields) in RECORDS {
            let class = structseq::new_class(py, "_remote_debugging", name, doc, fields, fields.len())?;
            py.module_set(module, name, class.into())?;
        }
        py.module_set(module, "PROCESS_VM_READV_SUPPORTED", Value::small(0))
    }
}
