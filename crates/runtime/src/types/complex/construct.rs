//! `complex()`: from text, one number, or two parts.

use super::Complex;
use crate::native::Args;
use crate::object::{Class, Str};
use crate::{Py, Result, raise};
use bredli_heap::{Gc, Header, Value};
use bredli_num::{Complex as Number, parse_complex, underscores_fit};

pub(super) fn new_complex(py: &mut Py, cls: Gc<Class>, args: Args) -> Result {
    let count = args.len();
    if count > 2 {
        raise!(py, TypeError, "complex() takes at most 2 arguments ({count} given)");
    }
    let (mut real, mut imag) = (args.get(0), args.get(1));
    for index in 0..args.keyword_count() {
        let (name, value) = args.keyword(py, index);
        let (part, position) = match name.get(py).bytes() {
            b"real" => (&mut real, 1),
            b"imag" => (&mut imag, 2),
            _ => {
                let name = name.get(py).lossy();
                return Err(py.unexpected_keyword("complex", &name, &["real", "imag"]));
            }
        };
        if part.replace(value).is_some() {
            let name = name.get(py).lossy();
            raise!(py, TypeError, "argument for complex() given by name ('{name}') and position ({position})");
        }
    }
    let number = match (real, imag) {
        (Some(value), None) if !args.has_keywords() => {
            if cls == py.types.complex && py.class_of(value) == cls {
                return Ok(value);
            }
            from_one(py, value)?
        }
        (real, imag) => from_parts(py, real, imag)?,
    };
    Ok(py.alloc_as(cls, Complex { header: Header::EMPTY, real: number.real, imag: number.imag }).into())
}

/// Whether a value can be made a float.
fn is_real(py: &Py, value: Value) -> bool {
    let slots = &py.class_of(value).get(py).slots;
    slots.float.is_some() || slots.index.is_some()
}

fn from_one(py: &mut Py, value: Value) -> Result<Number> {
    if let Some(text) = Gc::<Str>::cast(py, value) {
        let ascii = py.ascii_number(text);
        return match parse_complex(&ascii) {
            Some((real, imag)) => Ok(Number::new(real, imag)),
            None if !underscores_fit(&ascii) => {
                let shown = py.repr_text(value)?;
                raise!(py, ValueError, "could not convert string to complex: {shown}")
            }
            None => raise!(py, ValueError, "complex() arg is a malformed string"),
        };
    }
    if let Some(number) = py.complex_special(value)? {
        return Ok(number);
    }
    if let Some(number) = py.complex_payload(value) {
        return Ok(number);
    }
    if !is_real(py, value) {
        let class = py.class_name(value);
        raise!(py, TypeError, "complex() argument must be a string or a number, not {class}");
    }
    Ok(Number::new(py.to_f64(value)?, 0.0))
}

/// `complex(real, imag)`: real + imag * 1j, where each may be complex itself.
fn from_parts(py: &mut Py, real: Option<Value>, imag: Option<Value>) -> Result<Number> {
    let special = match real {
        Some(value) => py.complex_special(value)?,
        None => None,
    };
    for (name, part, special) in [("real", real, special), ("imag", imag, None)] {
        if let Some(value) = part
            && special.is_none()
            && py.complex_payload(value).is_none()
            && !is_real(py, value)
        {
            let class = py.class_name(value);
            raise!(py, TypeError, "complex() argument '{name}' must be a real number, not {class}");
        }
    }
    for (name, part, special) in [("real", real, special), ("imag", imag, None)] {
        if let Some(value) = part
            && (special.is_some() || py.complex_payload(value).is_some())
        {
            let class = py.class_name(value);
            let text = format!("complex() argument '{name}' must be a real number, not {class}");
            py.warn(py.exceptions.DeprecationWarning, &text)?;
        }
    }
    let first = match (special, real) {
        (Some(number), _) => Part { number, complex: true },
        (None, Some(value)) => part(py, value)?,
        (None, None) => Part { number: Number::default(), complex: false },
    };
    let Some(imag) = imag else { return Ok(first.number) };
    let second = part(py, imag)?;
    let mut number = Number::new(first.number.real, second.number.real);
    if second.complex {
        number.real -= second.number.imag;
    }
    if first.complex {
        number.imag += first.number.imag;
    }
    Ok(number)
}

/// A part of a complex number, which may be complex itself.
struct Part {
    number: Number,
    complex: bool,
}

fn part(py: &mut Py, value: Value) -> Result<Part> {
    match py.complex_payload(value) {
        Some(number) => Ok(Part { number, complex: true }),
        None => Ok(Part { number: Number::new(py.to_f64(value)?, 0.0), complex: false }),
    }
}
