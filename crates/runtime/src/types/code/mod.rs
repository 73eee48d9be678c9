//! Code objects: compiled code on the heap.
//!
//! The portable half is `bredli_code::CodeObject`; this object adds, once the code has run, the constants and names as values and its
//! exec form. Counterpart: `Objects/codeobject.c`.

mod attributes;
mod build;

use crate::exec::{ExecCode, Watch};
use crate::object::{Str, Tuple};
use crate::{Py, Result};
use bredli_code::{CodeObject, CodeRef, Const, LineCursor, Texts, flag};
use bredli_heap::{Gc, Header, RootVec, Value};
use bredli_macros::{Trace, pyclass};
use bredli_text::Wtf8Buf;
use std::cell::Cell;

/// Create a code object.  Not for the faint of heart.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "code", core, flags(HAS_WEAKREF), parts(attributes))]
pub struct Code {
    pub(crate) header: Header,
    /// Constants and names as values, made when the code is first run or asked for them.
    pub(crate) values: Option<CodeValues>,
    /// Names of locals, cells and free variables, once somebody asked for them: running does not.
    local_names: Option<Gc<Tuple>>,
    /// `co_name`
    pub name: Gc<Str>,
    /// `co_qualname`
    pub qualname: Gc<Str>,
    /// `co_filename`, once it was asked for.
    filename: Option<Gc<Str>>,
    /// What was compiled.
    #[trace(skip)]
    pub(crate) code: CodeRef,
    /// The register form, made on the first call.
    #[trace(skip)]
    pub(crate) exec: Option<Box<ExecCode>>,
    /// The register form that reports what it does, made when that is first asked for.
    #[trace(skip)]
    pub(crate) instrumented: Option<Box<ExecCode>>,
    /// Whether sites expect an attribute at a place that rests on the shape alone; see [`Py::flush_inline_caches`].
    #[trace(skip)]
    pub(crate) caches_places: Cell<bool>,
    /// What tools watch in this code alone.
    #[trace(skip)]
    pub(crate) watch: Option<Box<Watch>>,
    #[trace(skip)]
    line_cursor: Cell<LineCursor>,
}

/// What code refers to, as values.
#[derive(Clone, Copy, Trace)]
pub struct CodeValues {
    /// Constants.
    pub consts: Gc<Tuple>,
    /// Names of globals and attributes as interned strings.
    pub names: Gc<Tuple>,
}

impl Code {
    /// What was compiled.
    pub fn code(&self) -> &CodeRef {
        &self.code
    }

    /// Whether all of it is in what was compiled: Python has not given it other constants.
    pub fn is_as_compiled(&self, py: &Py) -> bool {
        self.values.is_none_or(|values| values.consts.get(py).len() == self.code.consts.count())
    }

    /// The line of the instruction at a byte offset. Asking for one at a later offset than the last time goes on from there.
    pub(crate) fn line_at(&self, offset: usize) -> Option<i32> {
        let mut cursor = self.line_cursor.get();
        let line = self.code.line_from(&mut cursor, offset);
        self.line_cursor.set(cursor);
        line
    }

    /// The values of code that runs or has run.
    #[inline]
    pub(crate) fn values(&self) -> CodeValues {
        self.values.expect("code that runs has its values")
    }
}

impl Py {
    /// A code object for compiled code.
    pub fn new_code(&mut self, code: CodeRef) -> Gc<Code> {
        let (name, qualname) = code.names();
        let nested = qualname != name;
        let name = self.intern_wtf8(name);
        let qualname = if nested { self.intern_wtf8(qualname) } else { name };
        self.alloc(Code {
            header: Header::EMPTY,
            values: None,
            local_names: None,
            name,
            qualname,
            filename: None,
            code,
            exec: None,
            instrumented: None,
            caches_places: Cell::new(false),
            watch: None,
            line_cursor: Cell::default(),
        })
    }

    /// A code object with constants of any kind instead of those of the compiled code.
    pub fn new_code_with_consts(&mut self, code: CodeObject, consts: Gc<Tuple>) -> Result<Gc<Code>> {
        let made = self.new_code(CodeObject { consts: Vec::new().into(), ..code }.into());
        let values = CodeValues { consts, ..self.code_values(made)? };
        made.get_mut(self).values = Some(values);
        Ok(made)
    }

    /// `co_filename`
    pub fn code_filename(&mut self, code: Gc<Code>) -> Gc<Str> {
        if let Some(filename) = code.get(self).filename {
            return filename;
        }
        let portable = code.get(self).code.clone();
        let filename = self.intern_wtf8(portable.filename.as_bytes());
        code.get_mut(self).filename = Some(filename);
        filename
    }

    /// What a code object refers to, as values.
    pub fn code_values(&mut self, code: Gc<Code>) -> Result<CodeValues> {
        if let Some(values) = code.get(self).values {
            return Ok(values);
        }
        let portable = code.get(self).code.get().clone();
        let mut consts = RootVec::new(&mut self.heap);
        portable.consts.each(|item| {
            let value = self.constant(item)?;
            consts.push(value);
            Ok(())
        })?;
        let consts = self.new_tuple(&consts);
        let names = self.interned_tuple(&portable.names);
        let values = CodeValues { consts, names };
        code.get_mut(self).values = Some(values);
        Ok(values)
    }

    /// Names of locals, cells and free variables, as interned strings.
    pub fn local_names(&mut self, code: Gc<Code>) -> Gc<Tuple> {
        if let Some(names) = code.get(self).local_names {
            return names;
        }
        let portable = code.get(self).code.clone();
        let names = self.interned_tuple(&portable.localsplusnames);
        code.get_mut(self).local_names = Some(names);
        names
    }

    /// The docstring of a function with this code.
    pub(crate) fn code_doc(&mut self, code: Gc<Code>) -> Result<Option<Value>> {
        if code.get(self).code.flags & flag::HAS_DOCSTRING == 0 {
            return Ok(None);
        }
        let first = self.code_values(code)?.consts.get(self).items().first().copied();
        Ok(first.filter(|first| self.is_str(*first)))
    }

    /// Give a code object and those inside it another `co_filename`, where it is still that of the outermost.
    pub fn rename_code(&mut self, code: Gc<Code>, filename: &Wtf8Buf) -> Result<()> {
        let old = code.get(self).code.filename.clone();
        if old == *filename {
            return Ok(());
        }
        let mut pending = RootVec::new(&mut self.heap);
        pending.push(code.into());
        while let Some(next) = pending.pop() {
            let Some(code) = Gc::<Code>::cast(self, next) else { continue };
            if code.get(self).code.filename == old {
                let code = code.get_mut(self);
                code.filename = None;
                code.code.make_mut().filename = filename.clone();
            }
            let consts = self.code_values(code)?.consts;
            pending.extend(consts.get(self).items().iter().copied());
        }
        Ok(())
    }

    fn interned_tuple(&mut self, names: &Texts) -> Gc<Tuple> {
        let mut values = RootVec::new(&mut self.heap);
        names.each_bytes(|name| {
            let name = self.intern_wtf8(name);
            values.push(name.into());
        });
        self.new_tuple(&values)
    }

    /// A constant of compiled code as a value.
    pub fn constant(&mut self, constant: &Const) -> Result {
        Ok(match constant {
            Const::None => Value::NONE,
            Const::Ellipsis => Value::ELLIPSIS,
            Const::Bool(truth) => Value::bool(*truth),
            Const::Int(int) => self.new_int_from(bredli_num::Int::new(int.is_negative(), int.magnitude())),
            Const::Float(float) => Value::float(*float),
            Const::Complex(real, imag) => self.new_complex(*real, *imag),
            Const::Str(text) => {
                // Constants that look like names are interned, as in CPython.
                let text = text.as_bytes();
                if text.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_') {
                    self.intern_wtf8(text).into()
                } else {
                    self.new_str_wtf8(text).into()
                }
            }
            Const::Bytes(bytes) => self.new_bytes(bytes).into(),
            Const::Tuple(items) => {
                let items = self.constants_of(items)?;
                self.new_tuple(&items).into()
            }
            Const::FrozenSet(items) => {
                let items = self.constants_of(items)?;
                self.new_frozenset(&items)?.into()
            }
            Const::Slice(parts) => {
                let [start, stop, step] = &**parts;
                let (start, stop, step) = (self.constant(start)?, self.constant(stop)?, self.constant(step)?);
                self.new_slice(start, stop, step).into()
            }
            Const::Code(code) => self.new_code(code.clone()).into(),
        })
    }

    fn constants_of(&mut self, items: &[Const]) -> Result<RootVec> {
        let mut values = RootVec::new(&mut self.heap);
        for item in items {
            let value = self.constant(item)?;
            values.push(value);
        }
        Ok(values)
    }
}
