//! Copies and pickles of arrays.

use super::item::TypeCode;
use super::{Array, methods};
use bredli_runtime::prelude::*;
use bredli_runtime::types::{Bytes, BytesLike};

/// How items are written in a pickle: integers by width, sign and byte order, floats, then text.
struct Format {
    /// Bytes of an item.
    size: usize,
    big_endian: bool,
    content: Content,
}

#[derive(PartialEq, Eq)]
enum Content {
    Unsigned,
    Signed,
    Float,
    Utf16,
    Utf32,
}

impl Format {
    fn parse(code: i32) -> Option<Format> {
        let (size, content) = match code {
            0 => (1, Content::Unsigned),
            1 => (1, Content::Signed),
            2 | 3 => (2, Content::Unsigned),
            4 | 5 => (2, Content::Signed),
            6 | 7 => (4, Content::Unsigned),
            8 | 9 => (4, Content::Signed),
            10 | 11 => (8, Content::Unsigned),
            12 | 13 => (8, Content::Signed),
            14 | 15 => (4, Content::Float),
            16 | 17 => (8, Content::Float),
            18 | 19 => (2, Content::Utf16),
            20 | 21 => (4, Content::Utf32),
            _ => return None,
        };
        Some(Format { size, big_endian: code > 1 && code & 1 == 1, content })
    }
}

impl Format {
    /// The type code for items of this format, when `code` had another format where they were written.
    fn fitting(&self, code: TypeCode) -> TypeCode {
        if Format::parse(format_of(code)).is_some_and(|own| own.size == self.size && own.content == self.content) {
            return code;
        }
        let fitting = match (&self.content, self.size) {
            (Content::Signed, 1) => 'b',
            (Content::Signed, 2) => 'h',
            (Content::Signed, 4) => 'i',
            (Content::Signed, 8) => 'q',
            (Content::Unsigned, 1) => 'B',
            (Content::Unsigned, 2) => 'H',
            (Content::Unsigned, 4) => 'I',
            (Content::Unsigned, 8) => 'Q',
            _ => return code,
        };
        TypeCode::parse(fitting as u32).unwrap_or(code)
    }
}

/// The code of a type's items on this machine.
fn format_of(code: TypeCode) -> i32 {
    match code.char() {
        'B' => 0,
        'b' => 1,
        'H' => 2,
        'h' => 4,
        'I' => 6,
        'i' => 8,
        'L' | 'Q' => 10,
        'l' | 'q' => 12,
        'f' => 14,
        'd' => 16,
        _ => 20,
    }
}

/// The array of a pickle.
pub fn reconstruct(py: &mut Py, class: Value, code: u32, format: i32, items: Value) -> Result {
    let Some(class) = Gc::<Class>::cast(py, class) else {
        let given = py.class_name(class);
        raise!(py, TypeError, "first argument must be a type object, not {given}");
    };
    let own = py.class::<Array>();
    if !py.is_subtype(class, own) {
        let (name, own) = (py.type_name(class), py.type_name(own));
        raise!(py, TypeError, "{name} is not a subtype of {own}");
    }
    let Some(code) = TypeCode::parse(code) else {
        raise!(py, ValueError, "second argument must be a valid type code");
    };
    let Some(format) = Format::parse(format) else {
        raise!(py, ValueError, "third argument must be a valid machine format code.");
    };
    let Some(bytes) = Gc::<Bytes>::cast(py, items) else {
        let given = py.class_name(items);
        raise!(py, TypeError, "fourth argument should be bytes, not {given}");
    };
    let made = Array::create(py, class, format.fitting(code), &[])?;
    if matches!(format.content, Content::Utf16 | Content::Utf32) {
        return text(py, made, bytes, &format);
    }
    let data = bytes.get(py).data().to_vec();
    if data.len() % format.size != 0 {
        let text = if Gc::<Bytes>::cast(py, items).is_some() && native(code, &format) { "bytes" } else { "string" };
        raise!(py, ValueError, "{text} length not a multiple of item size");
    }
    for item in data.chunks_exact(format.size) {
        let value = number(py, item, &format);
        Array::push(py, made, value)?;
    }
    Ok(made.into())
}

fn native(code: TypeCode, format: &Format) -> bool {
    Format::parse(format_of(code)).is_some_and(|own| own.size == format.size && own.big_endian == format.big_endian)
}

fn number(py: &mut Py, item: &[u8], format: &Format) -> Value {
    let mut raw = [0; 8];
    raw[..item.len()].copy_from_slice(item);
    if format.big_endian {
        raw[..item.len()].reverse();
    }
    let bits = u64::from_le_bytes(raw);
    let unused = 64 - 8 * format.size as u32;
    match format.content {
        Content::Signed => py.new_int((bits << unused) as i64 >> unused),
        Content::Float if format.size == 4 => Value::float(f32::from_bits(bits as u32) as f64),
        Content::Float => Value::float(f64::from_bits(bits)),
        _ => py.new_int_u64(bits),
    }
}

/// An array of characters from encoded text.
fn text(py: &mut Py, made: Gc<Array>, bytes: Gc<Bytes>, format: &Format) -> Result {
    let len = bytes.get(py).data().len();
    if !len.is_multiple_of(format.size) {
        raise!(py, ValueError, "string length not a multiple of item size");
    }
    let encoding = match (format.size, format.big_endian) {
        (2, false) => "utf-16-le",
        (2, true) => "utf-16-be",
        (_, false) => "utf-32-le",
        (_, true) => "utf-32-be",
    };
    let text = py.decode_bytes(bytes, encoding, "strict")?;
    methods::fill(py, made, text.into())?;
    Ok(made.into())
}

#[pymethods(part = "pickle")]
impl Array {
    /// Return state information for pickling.
    #[signature(self, value, /)]
    fn __reduce_ex__(this: Gc<Self>, py: &mut Py, value: i64) -> Result {
        let class = py.class_of(this.into());
        let state = py.instance_dict(this.into()).map_or(Value::NONE, Into::into);
        let code = this.get(py).code;
        let letter: Value = py.char_str(code.char() as u32).into();
        if value < 3 {
            let items = methods::list(py, this)?;
            let args = py.new_tuple(&[letter, items.into()]);
            return Ok(py.new_tuple(&[class.into(), args.into(), state]).into());
        }
        let module = py.import_module("array")?;
        let function = py.get_attr_named(module, "_array_reconstructor")?;
        let bytes = BytesLike::new(py, this.into())?;
        let bytes = bytes.object(py);
        let args = py.new_tuple(&[class.into(), letter, Value::small(format_of(code)), bytes.into()]);
        Ok(py.new_tuple(&[function, args.into(), state]).into())
    }

    /// Return a copy of the array.
    #[signature(self, /)]
    fn __copy__(this: Gc<Self>, py: &mut Py) -> Result<Gc<Self>> {
        let bytes = this.get(py).data.to_vec();
        Array::similar(py, this, &bytes)
    }

    /// Return a copy of the array.
    #[signature(self, unused, /)]
    fn __deepcopy__(this: Gc<Self>, py: &mut Py, unused: Value) -> Result<Gc<Self>> {
        let _ = unused;
        Array::__copy__(this, py)
    }

    /// Size of the array in memory, in bytes.
    #[signature(self, /)]
    fn __sizeof__(this: Gc<Self>, py: &Py) -> usize {
        size_of::<Array>() + this.get(py).data.capacity()
    }
}
