//! The built-in exception classes, one line each.
//!
//! Classes that need methods or attributes of their own name the part that has them. Exceptions with the same payload differ only in class.

use super::group::Group;
use super::named::{AttributeError, ImportError, NameError};
use super::os_error::OsError;
use super::simple::{KeyError, StopIteration, SystemExit};
use super::syntax::SyntaxError;
use super::unicode::{self, UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError};
use super::{BaseException as Payload, fields};
use crate::Py;
use crate::native::{ClassDef, ClassId, ClassPart};
use crate::object::{Class, ClassFlags, Slots};
use bredli_heap::{Gc, Object, Tracer};

macro_rules! exceptions {
    ($( $name:ident : $base:ident [$($part:expr),*] $doc:literal; )*) => {
        /// The built-in exception classes: `py.exceptions.ValueError`.
        #[allow(missing_docs, non_snake_case)]
        #[derive(Clone, Copy)]
        pub struct Exceptions { pub BaseException: Gc<Class>, $( pub $name: Gc<Class>, )* }

        /// The definitions: one module each.
        #[allow(non_snake_case)]
        pub(super) mod defs {
            pub mod BaseException {
                use crate::native::{ClassDef, NativeClass};
                pub const DEF: &ClassDef = crate::types::BaseException::DEF;
            }
            $( pub mod $name {
                use super::super::*;
                static PARTS: &[&ClassPart] = &[$($part),*];
                static ID: ClassId = ClassId::new();
                static CLASS: ClassDef = ClassDef {
                    name: stringify!($name),
                    module: "builtins",
                    doc: $doc,
                    text_signature: None,
                    layout: Payload::LAYOUT,
                    base: Some(defs::$base::DEF),
                    dict_offset: std::mem::offset_of!(Payload, dict),
                    flags: ClassFlags::BASETYPE,
                    slots: Slots::merged(PARTS),
                    parts: PARTS,
                    id: &ID,
                    opaque: [],
                };
                pub const DEF: &ClassDef = &CLASS;
            } )*
        }

        impl Exceptions {
            /// The same class in every field, until the real ones exist.
            pub(crate) fn placeholder(class: Gc<Class>) -> Self {
                Self { BaseException: class, $( $name: class, )* }
            }

            /// Make the classes.
            pub(crate) fn new(py: &mut Py) -> Self {
                let made = Self { BaseException: py.class_for(defs::BaseException::DEF), $( $name: py.class_for(defs::$name::DEF), )* };
                py.connect_exception_group(&made);
                made
            }

            pub(crate) fn trace(&self, tracer: &mut Tracer) {
                tracer.gc(self.BaseException);
                $( tracer.gc(self.$name); )*
            }

            /// Names and classes, bases first.
            pub fn all(&self) -> Vec<(&'static str, Gc<Class>)> {
                vec![("BaseException", self.BaseException), $( (stringify!($name), self.$name) ),*]
            }
        }
    };
}

exceptions! {
    BaseExceptionGroup: BaseException [&Group::__METHODS, &fields::GROUP] "A combination of multiple unrelated exceptions.";
    GeneratorExit: BaseException [] "Request that a generator exit.";
    KeyboardInterrupt: BaseException [] "Program interrupted by user.";
    SystemExit: BaseException [&SystemExit::__METHODS, &fields::SYSTEM_EXIT] "Request to exit from the interpreter.";
    Exception: BaseException [] "Common base class for all non-exit exceptions.";
    ExceptionGroup: BaseExceptionGroup [] "";
    ArithmeticError: Exception [] "Base class for arithmetic errors.";
    FloatingPointError: ArithmeticError [] "Floating-point operation failed.";
    OverflowError: ArithmeticError [] "Result too large to be represented.";
    ZeroDivisionError: ArithmeticError [] "Second argument to a division or modulo operation was zero.";
    AssertionError: Exception [] "Assertion failed.";
    AttributeError: Exception [&AttributeError::__METHODS, &fields::ATTRIBUTE_ERROR] "Attribute not found.";
    BufferError: Exception [] "Buffer error.";
    EOFError: Exception [] "Read beyond end of file.";
    ImportError: Exception [&ImportError::__METHODS, &fields::IMPORT_ERROR] "Import can't find module, or can't find name in module.";
    ModuleNotFoundError: ImportError [] "Module not found.";
    LookupError: Exception [] "Base class for lookup errors.";
    IndexError: LookupError [] "Sequence index out of range.";
    KeyError: LookupError [&KeyError::__METHODS] "Mapping key not found.";
    MemoryError: Exception [] "Out of memory.";
    NameError: Exception [&NameError::__METHODS, &fields::NAME_ERROR] "Name not found globally.";
    UnboundLocalError: NameError [] "Local name referenced but not bound to a value.";
    OSError: Exception [&OsError::__METHODS, &fields::OS_ERROR] "Base class for I/O related errors.";
    BlockingIOError: OSError [] "I/O operation would block.";
    ChildProcessError: OSError [] "Child process error.";
    ConnectionError: OSError [] "Connection error.";
    BrokenPipeError: ConnectionError [] "Broken pipe.";
    ConnectionAbortedError: ConnectionError [] "Connection aborted.";
    ConnectionRefusedError: ConnectionError [] "Connection refused.";
    ConnectionResetError: ConnectionError [] "Connection reset.";
    FileExistsError: OSError [] "File already exists.";
    FileNotFoundError: OSError [] "File not found.";
    InterruptedError: OSError [] "Interrupted by signal.";
    IsADirectoryError: OSError [] "Operation doesn't work on directories.";
    NotADirectoryError: OSError [] "Operation only works on directories.";
    PermissionError: OSError [] "Not enough permissions.";
    ProcessLookupError: OSError [] "Process not found.";
    TimeoutError: OSError [] "Timeout expired.";
    ReferenceError: Exception [] "Weak ref proxy used after referent went away.";
    RuntimeError: Exception [] "Unspecified run-time error.";
    NotImplementedError: RuntimeError [] "Method or function hasn't been implemented yet.";
    PythonFinalizationError: RuntimeError [] "Operation blocked during Python finalization.";
    RecursionError: RuntimeError [] "Recursion limit exceeded.";
    StopAsyncIteration: Exception [] "Signal the end from iterator.__anext__().";
    StopIteration: Exception [&StopIteration::__METHODS, &fields::STOP_ITERATION] "Signal the end from iterator.__next__().";
    SyntaxError: Exception [&SyntaxError::__METHODS, &fields::SYNTAX_ERROR] "Invalid syntax.";
    _IncompleteInputError: SyntaxError [] "incomplete input.";
    IndentationError: SyntaxError [] "Improper indentation.";
    TabError: IndentationError [] "Improper mixture of spaces and tabs.";
    SystemError: Exception [] "Internal error in the Python interpreter.";
    TypeError: Exception [] "Inappropriate argument type.";
    ValueError: Exception [] "Inappropriate argument value (of correct type).";
    UnicodeError: ValueError [] "Unicode related error.";
    UnicodeDecodeError: UnicodeError [&UnicodeDecodeError::__METHODS, &fields::UNICODE_ERROR, &unicode::RANGE] "Unicode decoding error.";
    UnicodeEncodeError: UnicodeError [&UnicodeEncodeError::__METHODS, &fields::UNICODE_ERROR, &unicode::RANGE] "Unicode encoding error.";
    UnicodeTranslateError: UnicodeError [&UnicodeTranslateError::__METHODS, &fields::TRANSLATE_ERROR, &unicode::RANGE] "Unicode translation error.";
    Warning: Exception [] "Base class for warning categories.";
    BytesWarning: Warning [] "Base class for warnings about bytes and buffer related problems, mostly related to conversion from str or comparing to str.";
    DeprecationWarning: Warning [] "Base class for warnings about deprecated features.";
    EncodingWarning: Warning [] "Base class for warnings about encodings.";
    FutureWarning: Warning [] "Base class for warnings about constructs that will change semantically in the future.";
    ImportWarning: Warning [] "Base class for warnings about probable mistakes in module imports.";
    PendingDeprecationWarning: Warning [] "Base class for warnings about features which will be deprecated in the future.";
    ResourceWarning: Warning [] "Base class for warnings about resource usage.";
    RuntimeWarning: Warning [] "Base class for warnings about dubious runtime behavior.";
    SyntaxWarning: Warning [] "Base class for warnings about dubious syntax.";
    UnicodeWarning: Warning [] "Base class for warnings about Unicode related problems, mostly related to conversion problems.";
    UserWarning: Warning [] "Base class for warnings generated by user code.";
}
