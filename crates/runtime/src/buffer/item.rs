//! The items of buffers with native formats: one character, as in `struct`, after an optional `@`.

use crate::{Py, Result, raise};
use bredli_heap::{Gc, Value};
use bredli_num::{f16_from_f64, f16_to_f64};

use crate::types::Bytes;

/// A native format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(pub u8);

/// What kind of value an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A byte that is shown as bytes.
    Char,
    /// A truth value.
    Bool,
    /// A signed integer.
    Signed,
    /// An unsigned integer.
    Unsigned,
    /// A float.
    Float,
}

static DESCRIPTIONS: [Option<(Kind, usize)>; 128] = {
    let mut table = [None; 128];
    let mut code = 0;
    while code < 128 {
        table[code as usize] = Code(code).described();
        code += 1;
    }
    table
};

/// The number in the first `N` bytes; those that are missing are zero.
#[inline(always)]
fn first<const N: usize>(bytes: &[u8]) -> u64 {
    let mut raw = [0; 8];
    match bytes.first_chunk::<N>() {
        Some(chunk) => raw[..N].copy_from_slice(chunk),
        None => raw[..bytes.len()].copy_from_slice(bytes),
    }
    u64::from_le_bytes(raw)
}

impl Code {
    /// The native format that a text means.
    pub fn parse(format: &[u8]) -> Option<Code> {
        let ([code] | [b'@', code]) = format else { return None };
        Code(*code).description().map(|_| Code(*code))
    }

    #[inline(always)]
    fn description(self) -> Option<(Kind, usize)> {
        DESCRIPTIONS.get(self.0 as usize).copied().flatten()
    }

    const fn described(self) -> Option<(Kind, usize)> {
        Some(match self.0 {
            b'c' => (Kind::Char, 1),
            b'?' => (Kind::Bool, 1),
            b'b' => (Kind::Signed, 1),
            b'B' => (Kind::Unsigned, 1),
            b'h' => (Kind::Signed, 2),
            b'H' => (Kind::Unsigned, 2),
            b'i' => (Kind::Signed, 4),
            b'I' => (Kind::Unsigned, 4),
            b'l' | b'q' | b'n' => (Kind::Signed, 8),
            b'L' | b'Q' | b'N' | b'P' => (Kind::Unsigned, 8),
            b'e' => (Kind::Float, 2),
            b'f' => (Kind::Float, 4),
            b'd' => (Kind::Float, 8),
            _ => return None,
        })
    }

    /// The kind of value.
    #[inline]
    pub fn kind(self) -> Kind {
        self.description().map_or(Kind::Unsigned, |(kind, _)| kind)
    }

    /// Bytes of an item.
    #[inline]
    pub fn size(self) -> usize {
        self.description().map_or(1, |(_, size)| size)
    }

    /// Whether items are single bytes without interpretation.
    pub fn is_byte(self) -> bool {
        matches!(self.0, b'c' | b'b' | b'B')
    }

    /// Whether equal items have equal bytes and the other way round.
    pub fn compares_by_bytes(self) -> bool {
        !matches!(self.kind(), Kind::Float | Kind::Bool)
    }

    /// The value of an item; bytes that are missing are zero.
    pub fn unpack(self, py: &mut Py, bytes: &[u8]) -> Value {
        let number = match self.size() {
            1 => first::<1>(bytes),
            2 => first::<2>(bytes),
            4 => first::<4>(bytes),
            _ => first::<8>(bytes),
        };
        match (self.kind(), self.size()) {
            (Kind::Char, _) => py.new_bytes(&[number as u8]).into(),
            (Kind::Bool, _) => Value::bool(number != 0),
            (Kind::Unsigned, 1..=4) => py.new_int(number as i64),
            (Kind::Unsigned, _) => py.new_int_u64(number),
            (Kind::Signed, size) => {
                let unused = 64 - 8 * size as u32;
                py.new_int((number << unused) as i64 >> unused)
            }
            (Kind::Float, 2) => Value::float(f16_to_f64(number as u16)),
            (Kind::Float, 4) => Value::float(f32::from_bits(number as u32) as f64),
            (Kind::Float, _) => Value::float(f64::from_bits(number)),
        }
    }

    /// The bytes of a value, of which [`Code::size`] count.
    pub fn pack(self, py: &mut Py, value: Value, format: &str) -> Result<[u8; 8]> {
        let packed = match self.kind() {
            Kind::Char => match Gc::<Bytes>::cast(py, value).map(|bytes| bytes.get(py).data()) {
                Some([byte]) => Some(*byte as u64),
                Some(_) => None,
                None => raise!(py, TypeError, "memoryview: invalid type for format '{format}'"),
            },
            Kind::Bool => Some(py.truth(value)? as u64),
            Kind::Float => {
                let number = match py.to_f64(value) {
                    Ok(number) => number,
                    Err(_) => return Err(self.invalid(py, format)),
                };
                match self.size() {
                    2 => f16_from_f64(number).map(u64::from),
                    4 => Some((number as f32).to_bits() as u64),
                    _ => Some(number.to_bits()),
                }
            }
            Kind::Signed | Kind::Unsigned => match py.index(value) {
                Ok(int) => self.integer(py, int),
                Err(_) => return Err(self.invalid(py, format)),
            },
        };
        match packed {
            Some(packed) => Ok(packed.to_le_bytes()),
            None => raise!(py, ValueError, "memoryview: invalid value for format '{format}'"),
        }
    }

    /// The bits of an integer, if it fits.
    pub fn integer(self, py: &Py, int: Value) -> Option<u64> {
        let bits = 8 * self.size() as u32;
        if self.kind() == Kind::Signed {
            let number = py.int_to_i64(int)?;
            let unused = 64 - bits;
            return ((number << unused) >> unused == number).then_some(number as u64);
        }
        let number = py.int_to_u64(int)?;
        (bits == 64 || number >> bits == 0).then_some(number)
    }

    /// What the current exception, raised when converting a value, becomes.
    fn invalid(self, py: &mut Py, format: &str) -> crate::Raised {
        if py.exception_matches(py.exceptions.TypeError) {
            py.clear_exception();
            return crate::error!(py, TypeError, "memoryview: invalid type for format '{format}'");
        }
        if py.exception_matches(py.exceptions.OverflowError) || py.exception_matches(py.exceptions.ValueError) {
            py.clear_exception();
            return crate::error!(py, ValueError, "memoryview: invalid value for format '{format}'");
        }
        crate::Raised
    }
}
