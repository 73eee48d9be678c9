//! `_testcapi`: the configuration, the ranges of numbers, the report of an exception.

use super::{calls, events};
use crate::report;
use bredli_runtime::prelude::*;
use bredli_runtime::types::Code;

/// An option of the configuration, under the name it has in CPython's `PyConfig`.
fn option(py: &mut Py, name: &str) -> Option<Value> {
    let config = &py.config;
    let truth = Value::bool;
    let number = |number: u32| Value::small(number as i32);
    Some(match name {
        "bytes_warning" => number(config.bytes_warning),
        "code_debug_ranges" => truth(config.code_debug_ranges),
        "cpu_count" => Value::small(config.cpu_count.map_or(-1, |count| count as i32)),
        "dev_mode" => truth(config.dev_mode),
        "faulthandler" => truth(config.faulthandler),
        "import_time" => number(config.import_time),
        "inspect" => truth(config.inspect),
        "int_max_str_digits" => number(config.int_max_str_digits),
        "interactive" => truth(config.interactive),
        "isolated" => truth(config.isolated),
        "optimization_level" => number(config.optimization_level),
        "parser_debug" => number(config.parser_debug),
        "quiet" => number(config.quiet),
        "safe_path" => truth(config.safe_path),
        "site_import" => truth(config.site_import),
        "tracemalloc" => number(config.tracemalloc),
        "use_environment" => truth(config.use_environment),
        "user_site_directory" => truth(config.user_site_directory),
        "utf8_mode" => truth(config.utf8_mode),
        "verbose" => number(config.verbose),
        "warn_default_encoding" => truth(config.warn_default_encoding),
        "write_bytecode" => truth(config.write_bytecode),
        _ => return None,
    })
}

#[pymodule(name = "_testcapi", parts(calls::calls::PART, events::events::PART))]
pub mod capi {
    use super::*;

    pub const CHAR_MAX: i64 = i8::MAX as i64;
    pub const CHAR_MIN: i64 = i8::MIN as i64;
    pub const UCHAR_MAX: i64 = u8::MAX as i64;
    pub const SHRT_MAX: i64 = i16::MAX as i64;
    pub const SHRT_MIN: i64 = i16::MIN as i64;
    pub const USHRT_MAX: i64 = u16::MAX as i64;
    pub const INT_MAX: i64 = i32::MAX as i64;
    pub const INT_MIN: i64 = i32::MIN as i64;
    pub const UINT_MAX: i64 = u32::MAX as i64;
    pub const LONG_MAX: i64 = i64::MAX;
    pub const LONG_MIN: i64 = i64::MIN;
    pub const ULONG_MAX: u64 = u64::MAX;
    pub const LLONG_MAX: i64 = i64::MAX;
    pub const LLONG_MIN: i64 = i64::MIN;
    pub const ULLONG_MAX: u64 = u64::MAX;
    pub const PY_SSIZE_T_MAX: i64 = isize::MAX as i64;
    pub const PY_SSIZE_T_MIN: i64 = isize::MIN as i64;
    pub const SIZE_MAX: u64 = usize::MAX as u64;
    pub const SIZEOF_VOID_P: i64 = size_of::<usize>() as i64;
    pub const SIZEOF_WCHAR_T: i64 = 4;
    pub const WITH_PYMALLOC: bool = false;
    pub const WITH_MIMALLOC: bool = false;

    /// The value of a configuration option.
    #[pyfunction]
    fn config_get(py: &mut Py, name: String) -> Result {
        match option(py, &name) {
            Some(value) => Ok(value),
            None => raise!(py, ValueError, "unknown config option name: {name}"),
        }
    }

    /// The line of the instruction at a byte offset; -1 where there is none.
    #[pyfunction]
    fn code_offset_to_line(py: &mut Py, code: Gc<Code>, offset: i32) -> i32 {
        let Ok(offset) = usize::try_from(offset) else { return code.get(py).code().firstlineno };
        let code = code.get(py).code().get().clone();
        let line = code.lines().find(|range| (range.start..range.end).contains(&offset)).and_then(|range| range.line);
        line.unwrap_or(-1)
    }

    /// Write an exception with its traceback to sys.stderr.
    #[pyfunction]
    #[signature(exception, legacy=0, /)]
    fn exception_print(py: &mut Py, exception: Value, legacy: i32) {
        let _ = legacy;
        if py.is_exception(exception) {
            report::show(py, exception);
        } else {
            report::show_plainly(py, exception);
        }
    }

    /// Hand an exception that cannot be raised to `sys.unraisablehook`, with the object that is to blame.
    #[pyfunction]
    fn err_writeunraisable(py: &mut Py, exception: Value, object: Value) {
        let _ = py.restore_exception(exception);
        py.report_unraisable("Exception ignored in", Some(object));
    }

    /// Hand an exception that cannot be raised to `sys.unraisablehook`, with a text in which `%R` stands for the argument.
    #[pyfunction]
    fn err_formatunraisable(py: &mut Py, exception: Value, text: String, argument: Option<Value>) -> Result<()> {
        let text = match argument {
            Some(argument) => text.replace("%R", &py.repr_text(argument)?),
            None => text,
        };
        let _ = py.restore_exception(exception);
        py.report_unraisable(&text, None);
        Ok(())
    }

    /// Raise MemoryError.
    #[pyfunction]
    fn raise_memoryerror(py: &mut Py) -> Result {
        raise!(py, MemoryError, "")
    }
}
