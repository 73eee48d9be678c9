//! Complex arithmetic on constants. A real operand is not widened first, so that signs of zeros survive.

use bredli_code::{BinaryOperator, Const};
use bredli_num::Complex;

use super::Number;

/// The result of an operation of which at least one operand is complex.
pub(super) fn binary(operator: BinaryOperator, left: &Number, right: &Number) -> Option<Const> {
    let result = match (operator, left, right) {
        (BinaryOperator::Power, ..) => widen(left)?.pow(widen(right)?).ok()?,
        (_, &Number::Complex(a, b), &Number::Complex(c, d)) => {
            let (left, right) = (Complex::new(a, b), Complex::new(c, d));
            match operator {
                BinaryOperator::Add => left + right,
                BinaryOperator::Subtract => left - right,
                BinaryOperator::Multiply => left * right,
                BinaryOperator::TrueDivide => left.checked_div(right).ok()?,
                _ => return None,
            }
        }
        (_, &Number::Complex(a, b), right) => {
            let (left, right) = (Complex::new(a, b), right.to_float()?);
            match operator {
                BinaryOperator::Add => left.add_real(right),
                BinaryOperator::Subtract => left.sub_real(right),
                BinaryOperator::Multiply => left.mul_real(right),
                BinaryOperator::TrueDivide => left.div_real(right).ok()?,
                _ => return None,
            }
        }
        (_, left, &Number::Complex(a, b)) => {
            let (left, right) = (left.to_float()?, Complex::new(a, b));
            match operator {
                BinaryOperator::Add => right.add_real(left),
                BinaryOperator::Subtract => Complex::real_sub(left, right),
                BinaryOperator::Multiply => right.mul_real(left),
                BinaryOperator::TrueDivide => Complex::real_div(left, right).ok()?,
                _ => return None,
            }
        }
        _ => return None,
    };
    Some(constant(result))
}

/// A real power whose result is complex.
pub(super) fn power(base: f64, exponent: f64) -> Option<Const> {
    Complex::new(base, 0.0).pow(Complex::new(exponent, 0.0)).ok().map(constant)
}

fn constant(value: Complex) -> Const {
    Const::Complex(value.real, value.imag)
}

fn widen(number: &Number) -> Option<Complex> {
    match number {
        Number::Complex(real, imaginary) => Some(Complex::new(*real, *imaginary)),
        real => Some(Complex::new(real.to_float()?, 0.0)),
    }
}
