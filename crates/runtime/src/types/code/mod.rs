//! Code objects: compiled code on the heap.
//!
//! The portable half is `bredli_code::CodeObject`; this object adds the constants and names as values and, once the code has run, its
//! exec form. Counterpart: `Objects/codeobject.c`.

mod attributes;
mod build;

use crate::exec::{ExecCode, Watch};
use crate::object::{Str, Tuple};
use crate::{Py, Result};
use bredli_code::{CodeObject, Const};
use bredli_heap::{Gc, Header, RootVec, Value};
use bredli_macros::{Trace, pyclass};
use bredli_text::Wtf8Buf;
use std::sync::Arc;

/// Create a code object.  Not for the faint of heart.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "code", core, flags(HAS_WEAKREF), parts(attributes))]
pub struct Code {
    pub(crate) header: Header,
    /// Constants as values.
    pub(crate) consts: Gc<Tuple>,
    /// Names as interned strings.
    pub(crate) names: Gc<Tuple>,
    /// Names of locals, cells and free variables.
    pub(crate) local_names: Gc<Tuple>,
    /// `co_name`
    pub(crate) name: Gc<Str>,
    /// `co_qualname`
    pub(crate) qualname: Gc<Str>,
    /// The docstring, when there is one.
    pub(crate) doc: Option<Value>,
    /// What was compiled.
    #[trace(skip)]
    pub(crate) code: Arc<CodeObject>,
    /// The register form, made on the first call.
    #[trace(skip)]
    pub(crate) exec: Option<Box<ExecCode>>,
    /// The register form that reports what it does, made when that is first asked for.
    #[trace(skip)]
    pub(crate) instrumented: Option<Box<ExecCode>>,
    /// What tools watch in this code alone.
    #[trace(skip)]
    pub(crate) watch: Option<Box<Watch>>,
}

impl Code {
    /// What was compiled.
    pub fn code(&self) -> &Arc<CodeObject> {
        &self.code
    }
}

impl Py {
    /// A code object for compiled code.
    pub fn new_code(&mut self, code: &Arc<CodeObject>) -> Result<Gc<Code>> {
        let mut consts = RootVec::new(&mut self.heap);
        for constant in &code.consts {
            let value = self.constant(constant)?;
            consts.push(value);
        }
        let consts = self.new_tuple(&consts);
        let names = self.interned_tuple(&code.names);
        let local_names = self.interned_tuple(&code.localsplusnames);
        let name = self.intern_wtf8(&code.name);
        let qualname = self.intern_wtf8(&code.qualname);
        let doc = code.docstring().map(|doc| self.new_str_wtf8(doc.as_bytes()).into());
        let code = code.clone();
        Ok(self.alloc(Code {
            header: Header::EMPTY,
            consts,
            names,
            local_names,
            name,
            qualname,
            doc,
            code,
            exec: None,
            instrumented: None,
            watch: None,
        }))
    }

    /// Give a code object and those inside it another `co_filename`, where it is still that of the outermost.
    pub fn rename_code(&mut self, code: Gc<Code>, filename: &Wtf8Buf) {
        let old = code.get(self).code.filename.clone();
        if old == *filename {
            return;
        }
        let mut pending = RootVec::new(&mut self.heap);
        pending.push(code.into());
        while let Some(next) = pending.pop() {
            let Some(code) = Gc::<Code>::cast(self, next) else { continue };
            if code.get(self).code.filename == old {
                Arc::make_mut(&mut code.get_mut(self).code).filename = filename.clone();
            }
            pending.extend(code.get(self).consts.get(self).items().iter().copied());
        }
    }

    fn intern_wtf8(&mut self, text: &Wtf8Buf) -> Gc<Str> {
        match text.as_str() {
            Some(text) => self.intern(text),
            None => {
                let string = self.new_str_wtf8(text.as_bytes());
                self.intern_str(string)
            }
        }
    }

    fn interned_tuple(&mut self, names: &[Wtf8Buf]) -> Gc<Tuple> {
        let mut values = RootVec::new(&mut self.heap);
        for name in names {
            let name = self.intern_wtf8(name);
            values.push(name.into());
        }
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
                match text.as_str() {
                    Some(plain) if plain.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') => self.intern(plain).into(),
                    _ => self.new_str_wtf8(text.as_bytes()).into(),
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
            Const::Code(code) => self.new_code(code)?.into(),
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
