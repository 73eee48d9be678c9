//! Type codes: the conversion of items.

use super::Array;
use bredli_runtime::buffer::item::{Code, Kind};
use bredli_runtime::object::encode_code_point;
use bredli_runtime::prelude::*;

/// The type of an array's items.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TypeCode(u8);

/// The code point of a type code argument.
pub fn argument(py: &mut Py, value: Value) -> Result<u32> {
    let Some(text) = Gc::<Str>::cast(py, value) else {
        let given = if value.is_none() { "None".to_string() } else { py.class_name(value) };
        raise!(py, TypeError, "array() argument 1 must be a unicode character, not {given}");
    };
    let count = text.get(py).char_len();
    if count != 1 {
        raise!(py, TypeError, "array() argument 1 must be a unicode character, not a string of length {count}");
    }
    Ok(text.get(py).code_points().next().unwrap_or_default())
}

/// TypeError when an array of this type cannot begin with text.
pub fn check_initial(py: &mut Py, code: TypeCode, initial: Value) -> Result<()> {
    if code.is_text() {
        return Ok(());
    }
    let code = code.char();
    if py.is_str(initial) {
        raise!(py, TypeError, "cannot use a str to initialize an array with typecode '{code}'");
    }
    if Gc::<Array>::cast(py, initial).is_some_and(|array| array.get(py).code.is_text()) {
        raise!(py, TypeError, "cannot use a unicode array to initialize an array with typecode '{code}'");
    }
    Ok(())
}

impl TypeCode {
    /// The type code of a character.
    pub fn parse(code: u32) -> Option<TypeCode> {
        let code = u8::try_from(code).ok()?;
        b"bBuwhHiIlLqQfd".contains(&code).then_some(TypeCode(code))
    }

    /// As a character.
    pub fn char(self) -> char {
        self.0 as char
    }

    /// Whether items are characters.
    pub fn is_text(self) -> bool {
        matches!(self.0, b'u' | b'w')
    }

    /// Whether items are doubles.
    #[inline]
    pub fn is_double(self) -> bool {
        self.0 == b'd'
    }

    /// How the items are laid out.
    fn code(self) -> Code {
        if self.is_text() { Code(b'I') } else { Code(self.0) }
    }

    /// What kind of values the items are.
    pub fn kind(self) -> Kind {
        self.code().kind()
    }

    /// Bytes of an item.
    pub fn size(self) -> usize {
        self.code().size()
    }

    /// The format in buffers.
    pub fn format(self) -> &'static str {
        match self.0 {
            b'b' => "b",
            b'B' => "B",
            b'h' => "h",
            b'H' => "H",
            b'i' => "i",
            b'I' => "I",
            b'l' => "l",
            b'L' => "L",
            b'q' => "q",
            b'Q' => "Q",
            b'f' => "f",
            b'd' => "d",
            _ => "w",
        }
    }

    /// Whether equal items have equal bytes and the other way round.
    pub fn compares_by_bytes(self) -> bool {
        self.kind() != Kind::Float
    }

    /// The value of an item.
    pub fn unpack(self, py: &mut Py, raw: &[u8; 8]) -> Result {
        if !self.is_text() {
            return Ok(self.code().unpack(py, raw));
        }
        let code = u32::from_le_bytes([raw[0], raw[1], raw[2], raw[3]]);
        if code > 0x10FFFF {
            raise!(py, ValueError, "character U+{code:x} is not in range [U+0000; U+10ffff]");
        }
        Ok(py.char_str(code).into())
    }

    /// The bytes of a value, of which [`TypeCode::size`] count.
    pub fn pack(self, py: &mut Py, value: Value) -> Result<[u8; 8]> {
        if self.is_text() {
            return self.pack_character(py, value);
        }
        if self.kind() == Kind::Float {
            let number = py.to_f64(value)?;
            let bits = if self.size() == 4 { (number as f32).to_bits() as u64 } else { number.to_bits() };
            return Ok(bits.to_le_bytes());
        }
        let int = py.index(value)?;
        match self.code().integer(py, int) {
            Some(bits) => Ok(bits.to_le_bytes()),
            None => Err(self.out_of_range(py, int)),
        }
    }

    fn pack_character(self, py: &mut Py, value: Value) -> Result<[u8; 8]> {
        let Some(text) = Gc::<Str>::cast(py, value) else {
            let given = py.class_name(value);
            raise!(py, TypeError, "array item must be a unicode character, not {given}");
        };
        let count = text.get(py).char_len();
        if count != 1 {
            raise!(py, TypeError, "array item must be a unicode character, not a string of length {count}");
        }
        let code = text.get(py).code_points().next().unwrap_or_default();
        Ok(u64::from(code).to_le_bytes())
    }

    /// The error for an integer that does not fit.
    #[cold]
    fn out_of_range(self, py: &mut Py, int: Value) -> Raised {
        let negative = py.int_is_negative(int);
        let number = py.int_to_i64(int);
        let side = if negative { "less than minimum" } else { "greater than maximum" };
        let text = match (self.0, number) {
            (b'q', _) => "int too big to convert".to_string(),
            (b'Q', _) if negative => "can't convert negative int to unsigned".to_string(),
            (b'Q', _) => "int too big to convert".to_string(),
            (b'I' | b'L', _) if negative => "can't convert negative value to unsigned int".to_string(),
            (b'I', _) if py.int_to_u64(int).is_some() => "unsigned int is greater than maximum".to_string(),
            (b'I' | b'L', _) => "Python int too large to convert to C unsigned long".to_string(),
            (_, None) => "Python int too large to convert to C long".to_string(),
            (b'b', Some(number)) if i16::try_from(number).is_ok() => format!("signed char is {side}"),
            (b'b' | b'h', _) => format!("signed short integer is {side}"),
            (b'B', _) => format!("unsigned byte integer is {side}"),
            (b'H', Some(number)) if i32::try_from(number).is_ok() => format!("unsigned short is {side}"),
            _ => format!("signed integer is {side}"),
        };
        error!(py, OverflowError, "{text}")
    }
}

/// The text of characters, four bytes each; ValueError for what is no code point.
pub fn decode(py: &mut Py, bytes: &[u8]) -> Result<Gc<Str>> {
    let mut text = Vec::with_capacity(bytes.len() / 4);
    for item in bytes.as_chunks::<4>().0 {
        let code = u32::from_le_bytes(*item);
        if code > 0x10FFFF {
            raise!(py, ValueError, "character U+{code:x} is not in range [U+0000; U+10ffff]");
        }
        text.extend_from_slice(encode_code_point(code, &mut [0; 4]));
    }
    Ok(py.new_str_wtf8(&text))
}
