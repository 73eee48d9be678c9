//! Conversion of arguments to Rust types, with the messages of CPython's argument converters.

use super::{Argument, NativeClass};
use crate::object::Str;
use crate::{Py, Raised, Result, raise};
use bredli_heap::{Gc, Object, Value};
use bredli_text::Wtf8Buf;

/// A Rust type that a Python argument can be converted to.
pub trait FromValue: Sized {
    /// Converts an argument; `argument` names it in messages.
    fn from_value(py: &mut Py, value: Value, argument: Argument) -> Result<Self>;
}

impl Argument {
    /// The error that the argument is not what the function expects: `f() argument 1 must be str, not int`.
    #[cold]
    pub fn wrong_type(self, py: &mut Py, expected: &str, value: Value) -> Raised {
        let (function, argument) = (self.function(), self.describe());
        let given = if value.is_none() { "None".to_string() } else { py.class_name(value) };
        crate::error!(py, TypeError, "{function}() {argument} must be {expected}, not {given}")
    }
}

impl FromValue for Value {
    #[inline(always)]
    fn from_value(_: &mut Py, value: Value, _: Argument) -> Result<Self> {
        Ok(value)
    }
}

impl<T: NativeClass + Object> FromValue for Gc<T> {
    #[inline]
    fn from_value(py: &mut Py, value: Value, argument: Argument) -> Result<Self> {
        match Gc::<T>::cast(py, value) {
            Some(object) => Ok(object),
            None => Err(argument.wrong_type(py, T::DEF.name, value)),
        }
    }
}

impl FromValue for bool {
    #[inline]
    fn from_value(py: &mut Py, value: Value, _: Argument) -> Result<Self> {
        py.truth(value)
    }
}

impl FromValue for f64 {
    #[inline]
    fn from_value(py: &mut Py, value: Value, _: Argument) -> Result<Self> {
        match value.as_float() {
            Some(number) => Ok(number),
            None => py.to_f64(value),
        }
    }
}

/// The integer behind an argument, through `__index__`, if it fits.
#[inline]
fn integer(py: &mut Py, value: Value) -> Result<Option<i64>> {
    if let Some(int) = value.as_int() {
        return Ok(Some(int));
    }
    let int = py.index(value)?;
    Ok(py.int_to_i64(int))
}

macro_rules! signed {
    ($($ty:ty, $c:literal;)*) => { $(
        impl FromValue for $ty {
            #[inline]
            fn from_value(py: &mut Py, value: Value, _: Argument) -> Result<Self> {
                match integer(py, value)?.and_then(|int| <$ty>::try_from(int).ok()) {
                    Some(int) => Ok(int),
                    None => raise!(py, OverflowError, concat!("Python int too large to convert to C ", $c)),
                }
            }
        }
    )* };
}

signed! {
    i32, "int";
    i64, "long";
    isize, "ssize_t";
}

macro_rules! unsigned {
    ($($ty:ty, $c:literal;)*) => { $(
        impl FromValue for $ty {
            #[inline]
            fn from_value(py: &mut Py, value: Value, _: Argument) -> Result<Self> {
                if let Some(int) = value.as_int().and_then(|int| <$ty>::try_from(int).ok()) {
                    return Ok(int);
                }
                let value = py.index(value)?;
                if py.int_is_negative(value) {
                    raise!(py, ValueError, "Cannot convert negative int");
                }
                match py.with_int(value, |int| int.to_u64()).flatten().and_then(|int| <$ty>::try_from(int).ok()) {
                    Some(int) => Ok(int),
                    None => raise!(py, OverflowError, concat!("Python int too large for C ", $c)),
                }
            }
        }
    )* };
}

unsigned! {
    u32, "unsigned int";
    u64, "uint64_t";
    usize, "size_t";
}

impl FromValue for u8 {
    fn from_value(py: &mut Py, value: Value, _: Argument) -> Result<Self> {
        let int = match integer(py, value)? {
            Some(int) => int,
            None => raise!(py, OverflowError, "Python int too large to convert to C long"),
        };
        match u8::try_from(int) {
            Ok(byte) => Ok(byte),
            Err(_) if int < 0 => raise!(py, OverflowError, "unsigned byte integer is less than minimum"),
            Err(_) => raise!(py, OverflowError, "unsigned byte integer is greater than maximum"),
        }
    }
}

impl FromValue for String {
    fn from_value(py: &mut Py, value: Value, argument: Argument) -> Result<Self> {
        let text = <Gc<Str> as FromValue>::from_value(py, value, argument)?;
        match text.get(py).to_str() {
            Some(text) => Ok(text.to_string()),
            None => Err(surrogates_not_allowed(py, text)),
        }
    }
}

/// The error of encoding text with surrogates as UTF-8.
#[cold]
pub fn surrogates_not_allowed(py: &mut Py, text: Gc<Str>) -> Raised {
    let is_surrogate = |bytes: &[u8]| bytes[0] == 0xED && bytes.get(1).is_some_and(|second| *second >= 0xA0);
    let bytes = text.get(py).bytes();
    let starts = bytes.iter().enumerate().filter(|(_, byte)| (**byte as i8) >= -0x40).map(|(index, _)| &bytes[index..]);
    let before = starts.clone().take_while(|rest| !is_surrogate(rest)).count();
    let run = starts.skip(before).take_while(|rest| is_surrogate(rest)).count();
    let (encoding, reason) = (py.intern("utf-8"), py.intern("surrogates not allowed"));
    let (start, end) = (py.new_int(before as i64), py.new_int((before + run) as i64));
    let class = py.exceptions.UnicodeEncodeError;
    match py.call(class.into(), &[encoding.into(), text.into(), start, end, reason.into()]) {
        Ok(exception) => py.raise(exception),
        Err(raised) => raised,
    }
}

impl FromValue for Wtf8Buf {
    fn from_value(py: &mut Py, value: Value, argument: Argument) -> Result<Self> {
        let text = <Gc<Str> as FromValue>::from_value(py, value, argument)?;
        Ok(Wtf8Buf::from_bytes(text.get(py).bytes().to_vec()).expect("the text of a str is WTF-8"))
    }
}

/// A `str` of one character, which may be a surrogate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodePoint(pub u32);

impl FromValue for CodePoint {
    fn from_value(py: &mut Py, value: Value, argument: Argument) -> Result<Self> {
        let Some(text) = Gc::<Str>::cast(py, value) else {
            return Err(argument.wrong_type(py, "a unicode character", value));
        };
        let text = text.get(py);
        match text.char_len() {
            1 => Ok(CodePoint(first_code_point(text.bytes()))),
            count => {
                let (function, argument) = (argument.function(), argument.describe());
                raise!(py, TypeError, "{function}(): {argument} must be a unicode character, not a string of length {count}")
            }
        }
    }
}

impl FromValue for char {
    fn from_value(py: &mut Py, value: Value, argument: Argument) -> Result<Self> {
        let CodePoint(code) = CodePoint::from_value(py, value, argument)?;
        match char::from_u32(code) {
            Some(char) => Ok(char),
            None => Err(argument.wrong_type(py, "a unicode character", value)),
        }
    }
}

/// The first code point of WTF-8 bytes that are not empty.
fn first_code_point(bytes: &[u8]) -> u32 {
    let (mask, len) = match bytes[0] {
        0..0x80 => (0x7F, 1),
        0x80..0xE0 => (0x1F, 2),
        0xE0..0xF0 => (0x0F, 3),
        _ => (0x07, 4),
    };
    bytes[1..len].iter().fold((bytes[0] & mask) as u32, |code, byte| code << 6 | (byte & 0x3F) as u32)
}

/// A position in a sequence, `None` excluded by the parameter's type (`Option<SliceIndex>`); out-of-range integers are clamped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceIndex(pub isize);

impl FromValue for SliceIndex {
    fn from_value(py: &mut Py, value: Value, _: Argument) -> Result<Self> {
        match clamped(py, value)? {
            Some(index) => Ok(SliceIndex(index)),
            None => raise!(py, TypeError, "slice indices must be integers or None or have an __index__ method"),
        }
    }
}

/// Like [`SliceIndex`], where `None` is not allowed (`list.index`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrictSliceIndex(pub isize);

impl FromValue for StrictSliceIndex {
    fn from_value(py: &mut Py, value: Value, _: Argument) -> Result<Self> {
        match clamped(py, value)? {
            Some(index) => Ok(StrictSliceIndex(index)),
            None => raise!(py, TypeError, "slice indices must be integers or have an __index__ method"),
        }
    }
}

/// An integer limited to the range of `isize`; nothing if the value has no `__index__`.
fn clamped(py: &mut Py, value: Value) -> Result<Option<isize>> {
    if let Some(int) = value.as_int() {
        return Ok(Some(int as isize));
    }
    if py.class_of(value).get(py).slots.index.is_none() {
        return Ok(None);
    }
    let int = py.index(value)?;
    Ok(Some(match py.int_to_i64(int) {
        Some(int) => int as isize,
        None if py.int_is_negative(int) => isize::MIN,
        None => isize::MAX,
    }))
}
