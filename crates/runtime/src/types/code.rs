//! Code objects: compiled code on the heap.
//!
//! The portable half is `bredli_code::CodeObject`; this object adds the constants and names as values and, once the code has run, its
//! exec form. Counterpart: `Objects/codeobject.c`.

use crate::exec::ExecCode;
use crate::object::Tuple;
use bredli_code::CodeObject;
use bredli_heap::{Gc, Header};
use bredli_macros::{Trace, pyclass};
use std::sync::Arc;

/// Compiled code.
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "code", core)]
pub struct Code {
    pub(crate) header: Header,
    /// Constants as values.
    pub(crate) consts: Gc<Tuple>,
    /// Names as interned strings.
    pub(crate) names: Gc<Tuple>,
    /// Names of locals, cells and free variables.
    pub(crate) local_names: Gc<Tuple>,
    /// What was compiled.
    #[trace(skip)]
    pub(crate) code: Arc<CodeObject>,
    /// The register form, made on the first call.
    #[trace(skip)]
    pub(crate) exec: Option<Box<ExecCode>>,
}
