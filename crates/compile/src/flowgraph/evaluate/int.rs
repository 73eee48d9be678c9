//! Integer arithmetic on constants.

use bredli_code::{BinaryOperator, Const};
use bredli_num::{BigInt, Int, IntError, Integer};

use super::float;

/// The most bits that a multiplication, power or shift to the left may make.
const MAX_BITS: u64 = 128;

pub(super) fn to_float(value: &BigInt) -> Option<f64> {
    Int::from(value).to_f64().ok()
}

/// The int that a float equals.
pub(super) fn of_float(value: f64) -> Option<BigInt> {
    let integral = value.trunc() == value;
    Integer::from_f64(value).filter(|_| integral).map(|value| value.as_int().to_bigint())
}

pub(super) fn negate(value: BigInt) -> BigInt {
    let (negative, magnitude) = value.into_parts();
    BigInt::from_parts(!negative, magnitude)
}

pub(super) fn invert(value: &BigInt) -> BigInt {
    (!Int::from(value)).as_int().to_bigint()
}

pub(super) fn binary(operator: BinaryOperator, left: &BigInt, right: &BigInt) -> Option<Const> {
    let (a, b) = (Int::from(left), Int::from(right));
    let count = || b.to_u64().filter(|count| *count <= MAX_BITS);
    let never = &mut || false;
    let result: Result<Integer, IntError> = match operator {
        BinaryOperator::Add => Ok(a + b),
        BinaryOperator::Subtract => Ok(a - b),
        BinaryOperator::And => Ok(a & b),
        BinaryOperator::Or => Ok(a | b),
        BinaryOperator::Xor => Ok(a ^ b),
        BinaryOperator::FloorDivide => a.div_floor(b, never),
        BinaryOperator::Remainder => a.mod_floor(b, never),
        BinaryOperator::TrueDivide => return a.true_div(b, never).ok().map(Const::Float),
        BinaryOperator::RShift => a.shift_right(b),
        BinaryOperator::LShift => {
            if !a.is_zero() && !b.is_zero() && a.bit_length() > MAX_BITS.checked_sub(count()?)? {
                return None;
            }
            a.shift_left(b)
        }
        BinaryOperator::Multiply => {
            if !a.is_zero() && !b.is_zero() && a.bit_length() + b.bit_length() > MAX_BITS {
                return None;
            }
            a.mul(b, never)
        }
        BinaryOperator::Power => {
            if b.is_negative() {
                return float::binary(operator, to_float(left)?, to_float(right)?);
            }
            if !a.is_zero() && !b.is_zero() && a.bit_length() > MAX_BITS / count()? {
                return None;
            }
            a.pow(b, never)
        }
        _ => return None,
    };
    result.ok().map(|value| Const::Int(value.as_int().to_bigint()))
}
