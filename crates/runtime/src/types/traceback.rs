//! Tracebacks.
//!
//! Counterpart: `Python/traceback.c`.

use crate::types::{Code, Function};
use crate::{Py, Result};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// One frame that an exception has passed.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "traceback", core)]
pub struct Traceback {
    pub(crate) header: Header,
    pub(crate) next: Option<Value>,
    pub(crate) function: Gc<Function>,
    pub(crate) code: Gc<Code>,
    /// Bytecode offset of the instruction, in bytes.
    pub(crate) offset: u32,
    /// A line number that was set from Python; 0: from the offset.
    pub(crate) line: i32,
    /// The frame object.
    pub(crate) frame: Option<Value>,
}

#[pymethods]
impl Traceback {
    #[getter]
    fn tb_next(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).next
    }

    #[setter]
    fn set_tb_next(this: Gc<Self>, py: &mut Py, value: Value) -> Result<()> {
        if !value.is_none() && Gc::<Traceback>::cast(py, value).is_none() {
            let class = py.class_name(value);
            crate::raise!(py, TypeError, "expected traceback object or None, got '{class}'");
        }
        this.get_mut(py).next = if value.is_none() { None } else { Some(value) };
        Ok(())
    }

    #[getter]
    fn tb_frame(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).frame
    }

    #[getter]
    fn tb_lasti(this: Gc<Self>, py: &mut Py) -> u32 {
        this.get(py).offset
    }

    #[getter]
    fn tb_lineno(this: Gc<Self>, py: &mut Py) -> Option<i32> {
        let this = this.get(py);
        if this.line != 0 {
            return Some(this.line);
        }
        this.code.get(py).code.position_at(this.offset as usize).and_then(|position| position.line)
    }
}

impl Py {
    /// File, line and function of each frame an exception has passed, outermost first.
    pub fn traceback_lines(&self, exception: Value) -> Vec<(String, i32, String)> {
        let mut lines = Vec::new();
        let mut next = Gc::<crate::types::BaseException>::cast(self, exception).and_then(|exception| exception.get(self).traceback);
        while let Some(entry) = next.and_then(|entry| Gc::<Traceback>::cast(self, entry)) {
            let entry = entry.get(self);
            let code = entry.code.get(self);
            let line = code.code.position_at(entry.offset as usize).and_then(|position| position.line).unwrap_or(code.code.firstlineno);
            let file = code.code.filename.as_str().unwrap_or("<unknown>").to_string();
            lines.push((file, line, code.name.get(self).lossy()));
            next = entry.next;
        }
        lines
    }

    /// A traceback entry in front of `next`.
    pub(crate) fn new_traceback(&mut self, next: Option<Value>, function: Gc<Function>, offset: u32, frame: Option<Value>) -> Value {
        let code = function.get(self).code;
        self.alloc(Traceback { header: Header::EMPTY, next, function, code, offset, line: 0, frame }).into()
    }
}
