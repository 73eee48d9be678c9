//! The attributes of single exception classes, kept in the payload's `fields`.

use super::BaseException;
use crate::native::{ClassPart, GetSetDef};
use crate::object::Slots;
use crate::{Py, Result};
use bredli_heap::{Gc, Value};

fn read(py: &mut Py, exception: Value, field: usize) -> Result {
    let exception = Gc::<BaseException>::known(py, exception);
    Ok(py.exception_field(exception, field).unwrap_or(Value::NONE))
}

fn write(py: &mut Py, exception: Value, field: usize, value: Option<Value>) -> Result<()> {
    let exception = Gc::<BaseException>::known(py, exception);
    py.set_field(exception, field, value);
    Ok(())
}

macro_rules! fields {
    ($($part:ident { $($index:literal $name:literal),* })*) => { $(
        pub(super) static $part: ClassPart = ClassPart {
            text_signature: None,
            slots: Slots::EMPTY,
            methods: &[],
            getsets: &[$( GetSetDef {
                name: $name,
                doc: "",
                get: Some(|py, exception| read(py, exception, $index)),
                set: Some(|py, exception, value| write(py, exception, $index, value)),
            } ),*],
            constants: &[],
        };
    )* };
}

/// What a group says and contains; both cannot be changed.
pub(super) static GROUP: ClassPart = ClassPart {
    text_signature: None,
    slots: Slots::EMPTY,
    methods: &[],
    getsets: &[
        GetSetDef { name: "message", doc: "exception message", get: Some(|py, group| read(py, group, 0)), set: Some(refuse) },
        GetSetDef { name: "exceptions", doc: "nested exceptions", get: Some(|py, group| read(py, group, 1)), set: Some(refuse) },
    ],
    constants: &[],
};

fn refuse(py: &mut Py, _group: Value, _value: Option<Value>) -> Result<()> {
    crate::raise!(py, AttributeError, "readonly attribute")
}

fields! {
    STOP_ITERATION { 0 "value" }
    SYSTEM_EXIT { 0 "code" }
    IMPORT_ERROR { 0 "msg", 1 "name", 2 "path", 3 "name_from" }
    NAME_ERROR { 0 "name" }
    ATTRIBUTE_ERROR { 0 "name", 1 "obj" }
    OS_ERROR { 0 "errno", 1 "strerror", 2 "filename", 4 "filename2" }
    SYNTAX_ERROR {
        0 "msg", 1 "filename", 2 "lineno", 3 "offset", 4 "text", 5 "end_lineno", 6 "end_offset", 7 "print_file_and_line", 8 "_metadata"
    }
    UNICODE_ERROR { 0 "encoding", 1 "object", 4 "reason" }
    TRANSLATE_ERROR { 1 "object", 4 "reason" }
}
