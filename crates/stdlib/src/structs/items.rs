//! One item of a format: from a value to bytes and back.

use super::format::{Kind, Run};
use super::struct_error;
use bredli_runtime::buffer::BytesLike;
use bredli_runtime::prelude::*;

/// Write the low bytes of an integer, as many as there are, in the order wanted.
#[inline]
fn put(target: &mut [u8], bits: u64, big_endian: bool) {
    let bits = if big_endian { bits.swap_bytes() >> (64 - 8 * target.len()) } else { bits };
    let bytes = bits.to_le_bytes();
    // Sizes known to the compiler are copied without a call.
    match target.len() {
        1 => target[0] = bytes[0],
        2 => target.copy_from_slice(&bytes[..2]),
        4 => target.copy_from_slice(&bytes[..4]),
        _ => target.copy_from_slice(&bytes),
    }
}

#[inline]
fn get(source: &[u8], big_endian: bool) -> u64 {
    let mut bytes = [0; 8];
    match source.len() {
        1 => bytes[0] = source[0],
        2 => bytes[..2].copy_from_slice(source),
        4 => bytes[..4].copy_from_slice(source),
        _ => bytes.copy_from_slice(source),
    }
    let bits = u64::from_le_bytes(bytes);
    if big_endian { bits.swap_bytes() >> (64 - 8 * source.len()) } else { bits }
}

/// Bits of a float of 2, 4 or 8 bytes. None: it is too large.
fn float_bits(number: f64, size: usize) -> Option<u64> {
    match size {
        2 => bredli_num::f16_from_f64(number).map(u64::from),
        4 => {
            let short = number as f32;
            (short.is_finite() || !number.is_finite()).then(|| u64::from(short.to_bits()))
        }
        _ => Some(number.to_bits()),
    }
}

fn bits_float(bits: u64, size: usize) -> f64 {
    match size {
        2 => bredli_num::f16_to_f64(bits as u16),
        4 => f64::from(f32::from_bits(bits as u32)),
        _ => f64::from_bits(bits),
    }
}

/// The integer of an argument, through `__index__`.
fn integer(py: &mut Py, value: Value) -> Result {
    if py.is_int(value) {
        return Ok(value);
    }
    let (class, name) = (py.class_of(value), py.names.__index__);
    if py.type_lookup(class, name).is_none() {
        return Err(struct_error(py, "required argument is not an integer"));
    }
    py.index(value)
}

/// The bits of an integer argument that fits its item.
fn integer_bits(py: &mut Py, run: &Run, value: Value) -> Result<u64> {
    let value = integer(py, value)?;
    let bits = run.size as u32 * 8;
    let (found, least, most) = match run.kind {
        Kind::Signed => {
            let most = i64::MAX >> (64 - bits);
            let fitting = py.int_to_i64(value).filter(|number| (-most - 1..=most).contains(number));
            (fitting.map(|number| number as u64), i128::from(-most - 1), i128::from(most))
        }
        _ => {
            let most = u64::MAX >> (64 - bits);
            (py.int_to_u64(value).filter(|number| *number <= most), 0, i128::from(most))
        }
    };
    match found {
        Some(bits) => Ok(bits),
        None => Err(struct_error(py, &format!("'{}' format requires {least} <= number <= {most}", run.letter as char))),
    }
}

fn float(py: &mut Py, value: Value, kind: &str) -> Result<f64> {
    if let Some(float) = value.as_float() {
        return Ok(float);
    }
    match py.to_f64(value) {
        Ok(float) => Ok(float),
        Err(_) if py.exception_matches(py.exceptions.TypeError) => {
            py.clear_exception();
            Err(struct_error(py, &format!("required argument is not a {kind}")))
        }
        Err(raised) => Err(raised),
    }
}

fn too_large(py: &mut Py, run: &Run) -> Raised {
    error!(py, OverflowError, "float too large to pack with {} format", run.letter as char)
}

/// The bits of a small integer that fits its item.
#[inline]
fn small_bits(run: &Run, value: Value) -> Option<u64> {
    let int = value.as_int()?;
    let spare = || 64 - run.size as u32 * 8;
    let fits = match run.kind {
        Kind::Signed => int << spare() >> spare() == int,
        Kind::Unsigned => int >= 0 && int as u64 <= u64::MAX >> spare(),
        _ => false,
    };
    fits.then_some(int as u64)
}

/// Write one value into the bytes of its item.
#[inline]
pub fn pack(py: &mut Py, run: &Run, big_endian: bool, value: Value, target: &mut [u8]) -> Result<()> {
    match small_bits(run, value) {
        Some(bits) => {
            put(target, bits, big_endian);
            Ok(())
        }
        None => pack_any(py, run, big_endian, value, target),
    }
}

fn pack_any(py: &mut Py, run: &Run, big_endian: bool, value: Value, target: &mut [u8]) -> Result<()> {
    match run.kind {
        Kind::Pad => {}
        Kind::Bool => target[0] = py.truth(value)? as u8,
        Kind::Signed | Kind::Unsigned => {
            let bits = integer_bits(py, run, value)?;
            put(target, bits, big_endian);
        }
        Kind::Pointer => {
            let value = integer(py, value)?;
            let bits = py.int_to_u64(value).or_else(|| py.int_to_i64(value).map(|number| number as u64));
            let Some(bits) = bits else { return Err(struct_error(py, "int too large to convert")) };
            put(target, bits, big_endian);
        }
        Kind::Float => {
            let number = float(py, value, "float")?;
            let Some(bits) = float_bits(number, run.size) else { return Err(too_large(py, run)) };
            put(target, bits, big_endian);
        }
        Kind::Complex => {
            let number = match py.to_complex(value) {
                Ok(number) => number,
                Err(_) if py.exception_matches(py.exceptions.TypeError) => {
                    py.clear_exception();
                    return Err(struct_error(py, "required argument is not a complex"));
                }
                Err(raised) => return Err(raised),
            };
            let half = run.size / 2;
            let (Some(real), Some(imag)) = (float_bits(number.real, half), float_bits(number.imag, half)) else {
                return Err(too_large(py, run));
            };
            put(&mut target[..half], real, big_endian);
            put(&mut target[half..], imag, big_endian);
        }
        Kind::Char => match byte_string(py, value)? {
            Some(bytes) if bytes.len() == 1 => target[0] = bytes[0],
            _ => return Err(struct_error(py, "char format requires a bytes object of length 1")),
        },
        Kind::Bytes => match byte_string(py, value)? {
            Some(bytes) => {
                let len = bytes.len().min(target.len());
                target[..len].copy_from_slice(&bytes[..len]);
            }
            None => return Err(struct_error(py, "argument for 's' must be a bytes object")),
        },
        Kind::Pascal => match byte_string(py, value)? {
            Some(bytes) => {
                let len = bytes.len().min(target.len().saturating_sub(1));
                if let Some(first) = target.first_mut() {
                    *first = len.min(255) as u8;
                }
                target[1.min(run.size)..][..len].copy_from_slice(&bytes[..len]);
            }
            None => return Err(struct_error(py, "argument for 'p' must be a bytes object")),
        },
    }
    Ok(())
}

/// The contents of a bytes object or bytearray.
fn byte_string(py: &mut Py, value: Value) -> Result<Option<Vec<u8>>> {
    let (bytes, bytearray) = (py.types.bytes, py.types.bytearray);
    let class = py.class_of(value);
    if !py.is_subtype(class, bytes) && !py.is_subtype(class, bytearray) {
        return Ok(None);
    }
    Ok(BytesLike::try_new(py, value)?.map(|bytes| bytes.get(py).to_vec()))
}

/// Read one value from the bytes of its item.
pub fn unpack(py: &mut Py, run: &Run, big_endian: bool, source: &[u8]) -> Value {
    match run.kind {
        Kind::Pad => Value::NONE,
        Kind::Bool => Value::bool(source.iter().any(|byte| *byte != 0)),
        Kind::Signed => {
            let shift = 64 - run.size as u32 * 8;
            py.new_int((get(source, big_endian) << shift) as i64 >> shift)
        }
        Kind::Unsigned | Kind::Pointer => py.new_int_u64(get(source, big_endian)),
        Kind::Float => Value::float(bits_float(get(source, big_endian), run.size)),
        Kind::Complex => {
            let half = run.size / 2;
            let [real, imag] = [&source[..half], &source[half..]].map(|part| bits_float(get(part, big_endian), half));
            py.new_complex(real, imag)
        }
        Kind::Char | Kind::Bytes => py.new_bytes(source).into(),
        Kind::Pascal => {
            let len = source.first().map_or(0, |len| usize::from(*len)).min(source.len().saturating_sub(1));
            py.new_bytes(&source[1.min(source.len())..][..len]).into()
        }
    }
}
