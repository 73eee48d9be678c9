//! `sys`.
//!
//! Counterpart: `Python/sysmodule.c`.

use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;

/// This module provides access to some objects used or maintained by the
/// interpreter and to functions that interact strongly with the interpreter.
#[pymodule(name = "sys")]
pub mod sys {
    use super::*;

    pub const byteorder: &str = "little";
    pub const maxsize: i64 = i64::MAX;
    pub const maxunicode: i64 = 0x10FFFF;
    pub const platform: &str = "linux";
    pub const hexversion: i64 = 0x030E_00F0;
    pub const api_version: i64 = 1013;
    pub const float_repr_style: &str = "short";
    pub const platlibdir: &str = "lib";

    /// Return the current exception, or None if no exception is being handled.
    #[pyfunction]
    #[signature()]
    fn exception(py: &mut Py) -> Option<Value> {
        py.handled_exception()
    }

    /// ``Intern'' the given string.
    ///
    /// This enters the string in the (global) table of interned strings whose
    /// purpose is to speed up dictionary lookups. Return the string itself or
    /// the previously interned string object with the same value.
    #[pyfunction]
    #[signature(string, /)]
    fn intern(py: &mut Py, string: Gc<Str>) -> Gc<Str> {
        py.intern_str(string)
    }

    /// Return the current value of the recursion limit, the maximum depth of the Python interpreter stack.
    ///
    /// This limit prevents infinite recursion from causing an overflow of the C
    /// stack and crashing Python.
    #[pyfunction]
    #[signature()]
    fn getrecursionlimit(py: &mut Py) -> u32 {
        py.recursion_limit()
    }

    /// Exit the interpreter by raising SystemExit(status).
    ///
    /// If the status is omitted or None, it defaults to zero (i.e., success).
    #[pyfunction]
    #[signature(status=None, /)]
    fn exit(py: &mut Py, status: Value) -> Result {
        let class: Value = py.exceptions.SystemExit.into();
        let exception = if status.is_none() { py.call(class, &[])? } else { py.call(class, &[status])? };
        Err(py.raise(exception))
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        let empty = py.new_list(&[])?;
        py.module_set(module, "meta_path", empty.into())?;
        let empty = py.new_list(&[])?;
        py.module_set(module, "path_hooks", empty.into())?;
        let empty = py.new_list(&[])?;
        py.module_set(module, "path", empty.into())?;
        let empty = py.new_list(&[])?;
        py.module_set(module, "warnoptions", empty.into())?;
        let empty = py.new_dict();
        py.module_set(module, "path_importer_cache", empty.into())?;
        py.module_set(module, "dont_write_bytecode", Value::FALSE)?;
        py.module_set(module, "_stdlib_dir", Value::NONE)?;
        for (name, fd) in [("stdout", 1), ("stderr", 2)] {
            let stream = crate::stream::StandardStream::create(py, fd, fd == 2);
            py.module_set(module, name, stream)?;
            py.module_set(module, &format!("__{name}__"), stream)?;
        }
        py.module_set(module, "stdin", Value::NONE)?;
        let names = py.library()?.native_names();
        let mut values = RootVec::new(&mut py.heap);
        for name in names {
            let name = py.intern(name);
            values.push(name.into());
        }
        let names = py.new_tuple(&values);
        py.module_set(module, "builtin_module_names", names.into())?;
        Ok(())
    }
}
