//! `stderrprinter`: standard error before there are streams, for what `-v` shows of the start.
//!
//! Counterpart: `PyStdPrinter_Type` in `Objects/fileobject.c`.

use crate::os_error::host_call;
use bredli_runtime::prelude::*;

/// The descriptor that is written to.
const STDERR: i32 = 2;

#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "stderrprinter", flags(DISALLOW_INSTANTIATION))]
pub struct StderrPrinter {
    header: Header,
}

impl StderrPrinter {
    /// The stream.
    pub fn new(py: &mut Py) -> Gc<StderrPrinter> {
        py.alloc(StderrPrinter { header: Header::EMPTY })
    }
}

#[pymethods]
impl StderrPrinter {
    fn write(_this: Gc<Self>, py: &mut Py, text: Gc<Str>) -> Result<usize> {
        let bytes = text.get(py).bytes().to_vec();
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let written = host_call(py, None, |host| host.write(STDERR, rest))?;
            rest = &rest[written..];
        }
        Ok(text.get(py).char_len())
    }

    fn fileno(_this: Gc<Self>) -> i32 {
        STDERR
    }

    fn isatty(_this: Gc<Self>, py: &mut Py) -> bool {
        py.host.isatty(STDERR).unwrap_or(false)
    }

    fn flush(_this: Gc<Self>) {}

    fn close(_this: Gc<Self>) {}

    #[getter]
    fn encoding(_this: Gc<Self>) -> Option<Value> {
        None
    }

    #[getter]
    fn closed(_this: Gc<Self>) -> bool {
        false
    }

    #[getter]
    fn mode(_this: Gc<Self>) -> &'static str {
        "w"
    }
}
