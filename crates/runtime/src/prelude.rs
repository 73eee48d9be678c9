//! What native modules and built-in types use.

pub use crate::native::{Args, FromValue, IntoResult, NativeClass};
pub use crate::object::{BigInt, Class, ClassFlags, CompareOp, Dict, Instance, IntObject, Str, StrExt, Tuple};
pub use crate::types::List;
pub use crate::{BinaryOp, Py, Raised, Result, UnaryOp, error, raise};
pub use bredli_heap::{Gc, Header, HeapVec, RootVec, Value, Weak};
pub use bredli_macros::{Trace, pyclass, pymethods, pymodule};
