//! Tracebacks.
//!
//! Counterpart: `Python/traceback.c`.

use crate::object::Class;
use crate::types::{BaseException, Code, Frame, Function};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_macros::{Trace, pyclass, pymethods};

/// The files of the import system, whose frames tracebacks of failed imports do not show.
const IMPORT_FILES: [&str; 3] = ["<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>", "<frozen _embeddedimport>"];

/// Create a new traceback object.
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
    /// A line number that was given from Python; -1: from the offset.
    pub(crate) line: i32,
    /// The frame object.
    pub(crate) frame: Option<Value>,
}

#[pymethods]
impl Traceback {
    #[signature(tb_next, tb_frame, tb_lasti, tb_lineno)]
    fn __new__(_cls: Gc<Class>, py: &mut Py, tb_next: Value, tb_frame: Gc<Frame>, tb_lasti: i32, tb_lineno: i32) -> Result {
        if !tb_next.is_none() && Gc::<Traceback>::cast(py, tb_next).is_none() {
            let class = py.class_name(tb_next);
            raise!(py, TypeError, "expected traceback object or None, got '{class}'");
        }
        let function = tb_frame.get(py).function;
        let entry = py.new_traceback(Some(tb_next).filter(|next| !next.is_none()), function, tb_lasti as u32, Some(tb_frame.into()));
        Gc::<Traceback>::known(py, entry).get_mut(py).line = tb_lineno;
        Ok(entry)
    }

    fn __dir__(_this: Gc<Self>, py: &mut Py) -> Result {
        let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"].map(|name| Value::from(py.intern(name)));
        Ok(py.new_list(&names)?.into())
    }

    #[getter]
    fn tb_next(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).next
    }

    #[setter]
    fn set_tb_next(this: Gc<Self>, py: &mut Py, value: Option<Value>) -> Result<()> {
        let Some(value) = value else { raise!(py, TypeError, "can't delete tb_next attribute") };
        if value.is_none() {
            this.get_mut(py).next = None;
            return Ok(());
        }
        let Some(first) = Gc::<Traceback>::cast(py, value) else {
            let class = py.class_name(value);
            raise!(py, TypeError, "expected traceback object, got '{class}'");
        };
        let mut entry = Some(first);
        while let Some(next) = entry {
            if next == this {
                raise!(py, ValueError, "traceback loop detected");
            }
            entry = next.get(py).next.and_then(|next| Gc::<Traceback>::cast(py, next));
        }
        this.get_mut(py).next = Some(value);
        Ok(())
    }

    #[getter]
    fn tb_frame(this: Gc<Self>, py: &mut Py) -> Option<Value> {
        this.get(py).frame
    }

    #[getter]
    fn tb_lasti(this: Gc<Self>, py: &mut Py) -> i32 {
        this.get(py).offset as i32
    }

    #[getter]
    fn tb_lineno(this: Gc<Self>, py: &mut Py) -> Option<i32> {
        let this = this.get(py);
        if this.line != -1 {
            return Some(this.line);
        }
        this.code.get(py).line_at(this.offset as usize)
    }
}

impl Py {
    /// File, line and function of each frame an exception has passed, outermost first.
    pub fn traceback_lines(&self, exception: Value) -> Vec<(String, i32, String)> {
        let mut lines = Vec::new();
        let mut next = self.first_entry(exception);
        while let Some(entry) = next {
            let entry = entry.get(self);
            let code = entry.code.get(self);
            let line = code.line_at(entry.offset as usize).unwrap_or(code.code.firstlineno);
            let file = code.code.filename.as_str().unwrap_or("<unknown>").to_string();
            lines.push((file, line, code.name.get(self).lossy()));
            next = entry.next.and_then(|next| Gc::<Traceback>::cast(self, next));
        }
        lines
    }

    fn first_entry(&self, exception: Value) -> Option<Gc<Traceback>> {
        let exception = Gc::<BaseException>::cast(self, exception)?;
        Gc::<Traceback>::cast(self, exception.get(self).traceback?)
    }

    /// Take the import system's frames out of the current exception's traceback: for ImportError all, else those up to the
    /// function by which it calls a module's code.
    pub(crate) fn trim_import_frames(&mut self) {
        let Some(exception) = self.current_exception() else { return };
        if self.config.verbose > 0 {
            return;
        }
        let every = self.is_instance_of(exception, self.exceptions.ImportError);
        // The entries before the run of the import system's frames, and before the present one; None: the exception itself.
        let (mut outer, mut previous, mut within) = (None, None, false);
        let mut next = self.first_entry(exception);
        while let Some(entry) = next {
            let code = entry.get(self).code.get(self);
            let own = code.code.filename.as_str().is_some_and(|name| IMPORT_FILES.contains(&name));
            let last = code.name.get(self).bytes() == b"_call_with_frames_removed";
            if own && !within {
                outer = previous;
            }
            within = own;
            let rest = entry.get(self).next;
            if own && (every || last) {
                match outer {
                    Some(outer) => Gc::<Traceback>::get_mut(outer, self).next = rest,
                    None => Gc::<BaseException>::known(self, exception).get_mut(self).traceback = rest,
                }
                previous = outer;
            } else {
                previous = Some(entry);
            }
            next = rest.and_then(|rest| Gc::<Traceback>::cast(self, rest));
        }
    }

    /// A traceback entry in front of `next`.
    pub(crate) fn new_traceback(&mut self, next: Option<Value>, function: Gc<Function>, offset: u32, frame: Option<Value>) -> Value {
        let code = function.get(self).code;
        self.alloc(Traceback { header: Header::EMPTY, next, function, code, offset, line: -1, frame }).into()
    }
}
