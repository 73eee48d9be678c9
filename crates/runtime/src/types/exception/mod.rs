//! Exceptions: the payload, the built-in classes, raising and matching from Rust.
//!
//! Counterpart: `Objects/exceptions.c`.

mod fields;
mod group;
mod methods;
mod named;
mod os_error;
mod raising;
mod simple;
mod syntax;
mod table;
mod unicode;

pub use table::Exceptions;

use crate::object::{Dict, Tuple};
use bredli_heap::{Gc, Header, HeapVec, Value};
use bredli_macros::{Trace, pyclass};

/// Common base class for all exceptions
#[repr(C)]
#[derive(Trace)]
#[pyclass(name = "BaseException", flags(BASETYPE, EXCEPTION), dict = dict)]
pub struct BaseException {
    pub(crate) header: Header,
    pub(crate) dict: Option<Gc<Dict>>,
    pub(crate) args: Gc<Tuple>,
    pub(crate) traceback: Option<Value>,
    pub(crate) context: Option<Value>,
    pub(crate) cause: Option<Value>,
    /// What some classes keep beside `args`, in the order of their declared fields.
    pub(crate) fields: HeapVec<Option<Value>>,
    pub(crate) suppress_context: bool,
    #[trace(skip)]
    pub(crate) origin: Origin,
}

/// What is known of an exception that native code has made and raised at once. Until Python code can get hold of it, it needs no traceback.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Python code may have it, or has made it.
    Open,
    /// It has not passed any frame.
    Fresh,
    /// Caught in the frame that raised it, by a handler that does not keep it.
    Caught {
        /// The address of the frame.
        frame: usize,
        /// The address of the instruction.
        pc: usize,
    },
}

impl BaseException {
    /// The exception that this one was raised from.
    pub fn cause(&self) -> Option<Value> {
        self.cause
    }

    /// The exception that was being handled, unless it is not to be shown.
    pub fn shown_context(&self) -> Option<Value> {
        self.context.filter(|_| !self.suppress_context)
    }

    /// Where it was raised.
    pub fn traceback(&self) -> Option<Value> {
        self.traceback
    }

    /// Say where it was raised.
    pub fn set_traceback(&mut self, traceback: Option<Value>) {
        self.traceback = traceback;
    }

    /// Make another exception the one that this one was raised from.
    pub fn set_cause(&mut self, cause: Value) {
        (self.cause, self.context, self.suppress_context) = (Some(cause), Some(cause), true);
    }
}
