//! Arithmetic on constants, as far as the optimiser does it: Python's results, or `None` where an operation raises an exception
//! or its result would be too large to keep.

mod complex;
mod float;
mod int;
mod sequence;

use bredli_code::{BinaryOperator, Const, Opcode};
use bredli_num::BigInt;

/// The longest str or bytes that a repetition makes.
const MAX_TEXT: usize = 4096;
/// The longest tuple that a repetition makes.
const MAX_ITEMS: usize = 256;
/// The most items, those of inner tuples included, that a repetition makes.
const MAX_TOTAL_ITEMS: usize = 1024;

/// A constant number in the widest form that it needs.
enum Number {
    Int(BigInt),
    Float(f64),
    Complex(f64, f64),
}

impl Number {
    fn of(value: &Const) -> Option<Number> {
        Some(match value {
            Const::Bool(value) => Number::Int(BigInt::from(i64::from(*value))),
            Const::Int(value) => Number::Int(value.clone()),
            Const::Float(value) => Number::Float(*value),
            Const::Complex(real, imaginary) => Number::Complex(*real, *imaginary),
            _ => return None,
        })
    }

    fn to_float(&self) -> Option<f64> {
        match self {
            Number::Int(value) => int::to_float(value),
            Number::Float(value) => Some(*value),
            Number::Complex(..) => None,
        }
    }
}

/// The result of UNARY_NEGATIVE, UNARY_INVERT, UNARY_NOT, or of `+` for any other opcode.
pub(super) fn unary(opcode: Opcode, value: &Const) -> Option<Const> {
    if opcode == Opcode::UNARY_NOT {
        return Some(Const::Bool(!value.is_true()));
    }
    let number = Number::of(value)?;
    Some(match (opcode, number) {
        (Opcode::UNARY_INVERT, Number::Int(_)) if matches!(value, Const::Bool(_)) => return None,
        (Opcode::UNARY_INVERT, Number::Int(value)) => Const::Int(int::invert(&value)),
        (Opcode::UNARY_INVERT, _) => return None,
        (Opcode::UNARY_NEGATIVE, Number::Int(value)) => Const::Int(int::negate(value)),
        (Opcode::UNARY_NEGATIVE, Number::Float(value)) => Const::Float(-value),
        (Opcode::UNARY_NEGATIVE, Number::Complex(real, imaginary)) => Const::Complex(-real, -imaginary),
        (_, Number::Int(value)) => Const::Int(value),
        (_, Number::Float(value)) => Const::Float(value),
        (_, Number::Complex(real, imaginary)) => Const::Complex(real, imaginary),
    })
}

/// The result of a BINARY_OP.
pub(super) fn binary(operator: BinaryOperator, left: &Const, right: &Const) -> Option<Const> {
    if operator == BinaryOperator::Subscript {
        return sequence::subscript(left, right);
    }
    if let (Const::Bool(left), Const::Bool(right)) = (left, right) {
        match operator {
            BinaryOperator::And => return Some(Const::Bool(left & right)),
            BinaryOperator::Or => return Some(Const::Bool(left | right)),
            BinaryOperator::Xor => return Some(Const::Bool(left ^ right)),
            _ => {}
        }
    }
    match (Number::of(left), Number::of(right)) {
        (Some(Number::Int(left)), Some(Number::Int(right))) => int::binary(operator, &left, &right),
        (Some(left), Some(right)) => match (left.to_float(), right.to_float()) {
            (Some(left), Some(right)) => float::binary(operator, left, right),
            _ => complex::binary(operator, &left, &right),
        },
        (Some(Number::Int(count)), None) if operator == BinaryOperator::Multiply => sequence::repeat(right, &count),
        (None, Some(Number::Int(count))) if operator == BinaryOperator::Multiply => sequence::repeat(left, &count),
        (None, None) if operator == BinaryOperator::Add => sequence::concatenate(left, right),
        _ => None,
    }
}

/// A constant that is the same for all those that are equal in Python's sense: the elements of a set differ in it.
pub(super) fn canonical(value: &Const) -> Const {
    match value {
        Const::Bool(value) => Const::int(i64::from(*value)),
        Const::Float(value) => int::of_float(*value).map_or(Const::Float(*value), Const::Int),
        Const::Complex(real, 0.0) => canonical(&Const::Float(*real)),
        Const::Complex(real, imaginary) => Const::Complex(real + 0.0, *imaginary),
        Const::Tuple(items) => Const::Tuple(items.iter().map(canonical).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests;
