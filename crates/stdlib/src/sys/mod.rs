//! `sys`.
//!
//! Counterpart: `Python/sysmodule.c`.

mod audit;
mod display;
mod hooks;
mod info;
mod internals;
mod jit;
mod life;
mod limits;
mod monitoring;
mod paths;
mod printer;
mod tracing;

pub use life::COLLECTOR_HEADER;

use bredli_runtime::prelude::*;
use bredli_runtime::types::Module;
use printer::StderrPrinter;

/// This module provides access to some objects used or maintained by the
/// interpreter and to functions that interact strongly with the interpreter.
#[pymodule(
    name = "sys",
    parts(
        audit::audit::PART,
        display::display::PART,
        hooks::hooks::PART,
        internals::internals::PART,
        life::life::PART,
        limits::limits::PART,
        tracing::tracing::PART
    )
)]
pub mod sys {
    use super::*;

    pub const byteorder: &str = "little";
    pub const maxsize: i64 = i64::MAX;
    pub const maxunicode: i64 = 0x10FFFF;
    pub const platform: &str = "linux";
    pub const abiflags: &str = "";
    pub const copyright: &str = "Copyright (c) The Bredli developers. MIT OR Apache-2.0.";
    pub const _framework: &str = "";
    pub const api_version: i64 = 1013;
    pub const float_repr_style: &str = "short";

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
    fn intern(py: &mut Py, string: Gc<Str>) -> Result<Gc<Str>> {
        if py.class_of(string.into()) != py.types.str {
            let class = py.class_name(string.into());
            raise!(py, TypeError, "can't intern {class}");
        }
        Ok(py.intern_str(string))
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
        let exception = match Gc::<Tuple>::cast(py, status) {
            Some(args) => {
                let args = py.collect_iterable(args.into())?;
                py.call(class, &args)?
            }
            None if status.is_none() => py.call(class, &[])?,
            None if py.is_instance_of(status, py.exceptions.SystemExit) => status,
            None => py.call(class, &[status])?,
        };
        Err(py.raise(exception))
    }

    /// Return current exception information: (type, value, traceback).
    ///
    /// Return information about the most recent exception caught by an except
    /// clause in the current stack frame or in an older stack frame.
    #[pyfunction]
    #[signature()]
    fn exc_info(py: &mut Py) -> Result {
        let Some(exception) = py.handled_exception() else {
            return Ok(py.new_tuple(&[Value::NONE; 3]).into());
        };
        let class: Value = py.class_of(exception).into();
        let name = py.intern("__traceback__");
        let traceback = py.get_attr(exception, name)?;
        Ok(py.new_tuple(&[class, exception, traceback]).into())
    }

    /// Return a frame object from the call stack.
    ///
    /// If optional integer depth is given, return the frame object that many
    /// calls below the top of the stack.  If that is deeper than the call
    /// stack, ValueError is raised.  The default for depth is zero, returning
    /// the frame at the top of the call stack.
    #[pyfunction]
    #[signature(depth=0, /)]
    fn _getframe(py: &mut Py, depth: i32) -> Result {
        let mut at = py.current_frame();
        for _ in 0..depth.max(0) {
            at = at.and_then(|frame| frame.caller(py));
        }
        match at {
            Some(frame) => {
                let frame = py.frame_object(frame).into();
                py.audit("sys._getframe", &[frame])?;
                Ok(frame)
            }
            None => raise!(py, ValueError, "call stack is not deep enough"),
        }
    }

    /// Return the name of the module for a calling frame.
    ///
    /// The default depth returns the module containing the call to this API.
    #[pyfunction]
    #[signature(depth = 0)]
    fn _getframemodulename(py: &mut Py, depth: i32) -> Result {
        py.audit("sys._getframemodulename", &[Value::small(depth)])?;
        let mut at = py.current_frame();
        for _ in 0..depth.max(0) {
            at = at.and_then(|frame| frame.caller(py));
        }
        let Some(frame) = at else { return Ok(Value::NONE) };
        let (globals, name) = (frame.globals(py), py.names.__name__);
        Ok(py.dict_get_str(globals, name).unwrap_or(Value::NONE))
    }

    /// Return the encoding used to convert Unicode filenames to OS filenames.
    #[pyfunction]
    #[signature()]
    fn getfilesystemencoding(py: &Py) -> String {
        py.config.filesystem_encoding.clone()
    }

    /// Return the error mode used for Unicode to OS filename conversion.
    #[pyfunction]
    #[signature()]
    fn getfilesystemencodeerrors(py: &Py) -> String {
        py.config.filesystem_errors.clone()
    }

    /// Return the current default encoding used by the Unicode implementation.
    #[pyfunction]
    #[signature()]
    fn getdefaultencoding() -> &'static str {
        "utf-8"
    }

    /// Return True if Python is exiting.
    #[pyfunction]
    #[signature()]
    fn is_finalizing(py: &Py) -> bool {
        py.finalizing
    }

    fn exec(py: &mut Py, module: Gc<Module>) -> Result<()> {
        if py.config.verbose > 0 {
            let printer: Value = StderrPrinter::new(py).into();
            py.module_set(module, "stderr", printer)?;
        }
        info::add_all(py, module)?;
        life::add_class(py, module)?;
        let jit = py.make_native_module(&jit::jit::MODULE)?;
        py.module_set(module, "_jit", jit.into())?;
        let empty = py.new_list(&[])?;
        py.module_set(module, "meta_path", empty.into())?;
        let empty = py.new_list(&[])?;
        py.module_set(module, "path_hooks", empty.into())?;
        paths::add_all(py, module)?;
        let empty = py.new_dict();
        py.module_set(module, "path_importer_cache", empty.into())?;
        monitoring::add(py, module)?;
        let names = py.library()?.native_names();
        let mut values = RootVec::new(&mut py.heap);
        for name in names {
            let name = py.intern(name);
            values.push(name.into());
        }
        let natives = py.new_tuple(&values);
        py.module_set(module, "builtin_module_names", natives.into())?;
        // The support of CPython's tests is no part of the library.
        values.retain(|name| !Gc::<Str>::known(py, *name).get(py).bytes().starts_with(b"_test"));
        let embedded = py.library()?.names();
        for name in embedded.into_iter().filter(|name| !name.contains('.')) {
            let name = py.new_str(name);
            values.push(name.into());
        }
        let names = py.new_frozenset(&values)?;
        py.module_set(module, "stdlib_module_names", names.into())
    }
}
