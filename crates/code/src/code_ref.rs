//! `CodeRef`: a code object that is perhaps not read yet.
//!
//! Most functions of an embedded module are never called. Their code stays in the image until somebody asks for more than the name.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::CodeObject;
use crate::marshal::Unread;

/// A shared code object. Reading a field reads the code, when it has not been read.
#[derive(Clone, Debug)]
pub struct CodeRef {
    code: OnceLock<Arc<CodeObject>>,
    unread: Option<Unread>,
}

impl CodeRef {
    /// Code that is read when it is needed.
    pub(crate) fn unread(unread: Unread) -> CodeRef {
        CodeRef { code: OnceLock::new(), unread: Some(unread) }
    }

    /// The code object.
    pub fn get(&self) -> &Arc<CodeObject> {
        self.code.get_or_init(|| self.unread.as_ref().expect("what is not read is in an image").read())
    }

    /// The code object, for changing it apart from others who share it.
    pub fn make_mut(&mut self) -> &mut CodeObject {
        self.get();
        Arc::make_mut(self.code.get_mut().expect("it was just read"))
    }

    /// `co_name` and `co_qualname`, in WTF-8. Nothing is read for them.
    pub fn names(&self) -> (&[u8], &[u8]) {
        self.peek(|code| (code.name.as_bytes(), code.qualname.as_bytes()), |unread| unread.names())
    }

    /// The number of positional parameters, if there are no others. Nothing is read for it.
    pub fn plain_parameters(&self) -> Option<u32> {
        let (argcount, kwonlyargcount, flags) =
            self.peek(|code| (code.argcount, code.kwonlyargcount, code.flags), |unread| unread.parameters());
        let plain = kwonlyargcount == 0 && flags & (crate::flag::VARARGS | crate::flag::VARKEYWORDS) == 0;
        plain.then_some(argcount)
    }

    fn peek<'a, T>(&'a self, code: impl FnOnce(&'a CodeObject) -> T, unread: impl FnOnce(Unread) -> T) -> T {
        match (self.code.get(), self.unread) {
            (None, Some(source)) => unread(source),
            _ => code(self.get()),
        }
    }
}

impl Deref for CodeRef {
    type Target = CodeObject;

    #[inline]
    fn deref(&self) -> &CodeObject {
        self.get()
    }
}

impl From<Arc<CodeObject>> for CodeRef {
    fn from(code: Arc<CodeObject>) -> CodeRef {
        CodeRef { code: code.into(), unread: None }
    }
}

impl From<CodeObject> for CodeRef {
    fn from(code: CodeObject) -> CodeRef {
        Arc::new(code).into()
    }
}
