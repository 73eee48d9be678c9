//! The exceptions of codecs: `UnicodeDecodeError`, `UnicodeEncodeError`, `UnicodeTranslateError`.

use super::BaseException;
use super::table::defs;
use crate::buffer::BytesLike;
use crate::native::{Args, ClassDef, ClassPart, GetSetDef, NativeClass};
use crate::object::{Slots, Str};
use crate::types::Bytes;
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_macros::pymethods;

const ENCODING: usize = 0;
const OBJECT: usize = 1;
const START: usize = 2;
const END: usize = 3;
const REASON: usize = 4;

/// `start` and `end`, which are numbers.
pub(super) static RANGE: ClassPart = ClassPart {
    text_signature: None,
    slots: Slots::EMPTY,
    methods: &[],
    getsets: &[
        GetSetDef {
            name: "start",
            doc: "exception start",
            get: Some(|py, this| Ok(number(py, this, START))),
            set: Some(|py, this, value| set_number(py, this, START, value)),
        },
        GetSetDef {
            name: "end",
            doc: "exception end",
            get: Some(|py, this| Ok(number(py, this, END))),
            set: Some(|py, this, value| set_number(py, this, END, value)),
        },
    ],
    constants: &[],
};

fn number(py: &mut Py, this: Value, field: usize) -> Value {
    py.exception_field(Gc::known(py, this), field).unwrap_or(Value::small(0))
}

fn set_number(py: &mut Py, this: Value, field: usize, value: Option<Value>) -> Result<()> {
    let Some(value) = value else { raise!(py, TypeError, "can't delete numeric/char attribute") };
    if !py.has_index(value) {
        raise!(py, TypeError, "an integer is required");
    }
    let value = py.to_isize(value)?;
    let value = py.new_int(value as i64);
    py.set_field(Gc::known(py, this), field, Some(value));
    Ok(())
}

/// The methods of `UnicodeDecodeError`.
pub(super) struct UnicodeDecodeError;

impl NativeClass for UnicodeDecodeError {
    const DEF: &'static ClassDef = defs::UnicodeDecodeError::DEF;
}

#[pymethods]
impl UnicodeDecodeError {
    fn __init__(this: Value, py: &mut Py, args: Args) -> Result<()> {
        BaseException::__init__(Gc::known(py, this), py, args)?;
        let [encoding, object, start, end, reason] = exactly(py, args)?;
        expect_text(py, encoding, 1)?;
        let bytes: Value = match Gc::<Bytes>::cast(py, object) {
            Some(bytes) => bytes.into(),
            None => BytesLike::new(py, object)?.object(py).into(),
        };
        let (start, end) = (checked(py, start)?, checked(py, end)?);
        expect_text(py, reason, 5)?;
        fill(py, this, &[encoding, bytes, start, end, reason]);
        Ok(())
    }

    fn __str__(this: Value, py: &mut Py) -> Result {
        let Some(object) = py.exception_field(Gc::known(py, this), OBJECT) else { return Ok(py.constants.empty_str.into()) };
        let (encoding, reason) = (field_text(py, this, ENCODING)?, field_text(py, this, REASON)?);
        let Some(bytes) = Gc::<Bytes>::cast(py, object) else {
            raise!(py, TypeError, "UnicodeError 'object' attribute must be a bytes");
        };
        let (start, end) = range(py, this);
        let single = single(start, end, bytes.get(py).data().len()).map(|at| format!("byte 0x{:02x}", bytes.get(py).data()[at]));
        let place = place(single, "bytes", start, end);
        let quoted = [b"'", encoding.as_slice(), b"' codec can't decode ", place.as_bytes(), b": ", &reason].concat();
        Ok(py.new_str_wtf8(&quoted).into())
    }
}

/// The methods of `UnicodeEncodeError`.
pub(super) struct UnicodeEncodeError;

impl NativeClass for UnicodeEncodeError {
    const DEF: &'static ClassDef = defs::UnicodeEncodeError::DEF;
}

#[pymethods]
impl UnicodeEncodeError {
    fn __init__(this: Value, py: &mut Py, args: Args) -> Result<()> {
        BaseException::__init__(Gc::known(py, this), py, args)?;
        let [encoding, object, start, end, reason] = exactly(py, args)?;
        expect_text(py, encoding, 1)?;
        expect_text(py, object, 2)?;
        let (start, end) = (checked(py, start)?, checked(py, end)?);
        expect_text(py, reason, 5)?;
        fill(py, this, &[encoding, object, start, end, reason]);
        Ok(())
    }

    fn __str__(this: Value, py: &mut Py) -> Result {
        let Some(object) = py.exception_field(Gc::known(py, this), OBJECT) else { return Ok(py.constants.empty_str.into()) };
        let (encoding, reason) = (field_text(py, this, ENCODING)?, field_text(py, this, REASON)?);
        let place = character_place(py, this, object)?;
        let text = [b"'", encoding.as_slice(), b"' codec can't encode ", place.as_bytes(), b": ", &reason].concat();
        Ok(py.new_str_wtf8(&text).into())
    }
}

/// The methods of `UnicodeTranslateError`.
pub(super) struct UnicodeTranslateError;

impl NativeClass for UnicodeTranslateError {
    const DEF: &'static ClassDef = defs::UnicodeTranslateError::DEF;
}

#[pymethods]
impl UnicodeTranslateError {
    fn __init__(this: Value, py: &mut Py, args: Args) -> Result<()> {
        BaseException::__init__(Gc::known(py, this), py, args)?;
        let [object, start, end, reason] = exactly(py, args)?;
        expect_text(py, object, 1)?;
        let (start, end) = (checked(py, start)?, checked(py, end)?);
        expect_text(py, reason, 4)?;
        fill(py, this, &[Value::NONE, object, start, end, reason]);
        Ok(())
    }

    fn __str__(this: Value, py: &mut Py) -> Result {
        let Some(object) = py.exception_field(Gc::known(py, this), OBJECT) else { return Ok(py.constants.empty_str.into()) };
        let reason = field_text(py, this, REASON)?;
        let place = character_place(py, this, object)?;
        let text = [b"can't translate ", place.as_bytes(), b": ", &reason].concat();
        Ok(py.new_str_wtf8(&text).into())
    }
}

fn exactly<const COUNT: usize>(py: &mut Py, args: Args) -> Result<[Value; COUNT]> {
    let given = args.positional();
    match given.try_into() {
        Ok(values) => Ok(values),
        Err(_) => raise!(py, TypeError, "function takes exactly {COUNT} arguments ({} given)", given.len()),
    }
}

fn expect_text(py: &mut Py, value: Value, number: usize) -> Result<()> {
    if py.is_str(value) {
        return Ok(());
    }
    let class = if value.is_none() { "None".to_string() } else { py.class_name(value) };
    raise!(py, TypeError, "argument {number} must be str, not {class}")
}

fn checked(py: &mut Py, value: Value) -> Result {
    let number = py.to_isize(value)?;
    Ok(py.new_int(number as i64))
}

fn fill(py: &mut Py, this: Value, values: &[Value; 5]) {
    for (field, value) in values.iter().enumerate() {
        py.set_field(Gc::known(py, this), field, Some(*value));
    }
}

fn field_text(py: &mut Py, this: Value, field: usize) -> Result<Vec<u8>> {
    let value = py.exception_field(Gc::known(py, this), field).unwrap_or(Value::NONE);
    Ok(py.str(value)?.get(py).bytes().to_vec())
}

fn range(py: &mut Py, this: Value) -> (i64, i64) {
    let [start, end] = [START, END].map(|field| number(py, this, field));
    (py.int_to_i64(start).unwrap_or(0), py.int_to_i64(end).unwrap_or(0))
}

/// The index, if the range is that of one item.
fn single(start: i64, end: i64, len: usize) -> Option<usize> {
    usize::try_from(start).ok().filter(|at| *at < len && end.checked_sub(start) == Some(1))
}

fn place(single: Option<String>, plural: &str, start: i64, end: i64) -> String {
    match single {
        Some(item) => format!("{item} in position {start}"),
        None => format!("{plural} in position {start}-{}", end.wrapping_sub(1)),
    }
}

fn character_place(py: &mut Py, this: Value, object: Value) -> Result<String> {
    let Some(text) = Gc::<Str>::cast(py, object) else {
        raise!(py, TypeError, "UnicodeError 'object' attribute must be a string");
    };
    let (start, end) = range(py, this);
    let code = single(start, end, text.get(py).char_len()).and_then(|at| text.get(py).code_points().nth(at));
    let single = code.map(|code| match code {
        0..=0xFF => format!("character '\\x{code:02x}'"),
        0x100..=0xFFFF => format!("character '\\u{code:04x}'"),
        _ => format!("character '\\U{code:08x}'"),
    });
    Ok(place(single, "characters", start, end))
}
