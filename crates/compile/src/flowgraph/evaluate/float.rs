//! Float arithmetic on constants.

use bredli_code::{BinaryOperator, Const};
use bredli_num::{FloatPower, float_div_floor, float_mod_floor, float_pow};

use super::complex;

pub(super) fn binary(operator: BinaryOperator, left: f64, right: f64) -> Option<Const> {
    Some(Const::Float(match operator {
        BinaryOperator::Add => left + right,
        BinaryOperator::Subtract => left - right,
        BinaryOperator::Multiply => left * right,
        BinaryOperator::TrueDivide if right == 0.0 => return None,
        BinaryOperator::TrueDivide => left / right,
        BinaryOperator::FloorDivide => float_div_floor(left, right)?,
        BinaryOperator::Remainder => float_mod_floor(left, right)?,
        BinaryOperator::Power => match float_pow(left, right) {
            FloatPower::Value(result) => result,
            FloatPower::Complex => return complex::power(left, right),
            _ => return None,
        },
        _ => return None,
    }))
}
