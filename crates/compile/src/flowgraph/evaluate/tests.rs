//! Unit tests of constant folding.

use bredli_code::{BinaryOperator, Const, Opcode};

use super::{binary, canonical, unary};

fn slice(start: Const, stop: Const, step: Const) -> Const {
    Const::Slice(Box::new([start, stop, step]))
}

#[test]
fn sizes_are_limited() {
    let shift = |count| binary(BinaryOperator::LShift, &Const::int(1), &Const::int(count));
    assert!(shift(127).is_some() && shift(128).is_none());
    let repeat = |count| binary(BinaryOperator::Multiply, &Const::str("a"), &Const::int(count));
    assert!(repeat(4096).is_some() && repeat(4097).is_none() && repeat(-1).is_none());
    let power = |count| binary(BinaryOperator::Power, &Const::int(2), &Const::int(count));
    assert!(power(64).is_some() && power(65).is_none());
}

#[test]
fn bools_are_numbers() {
    let yes = Const::Bool(true);
    assert_eq!(binary(BinaryOperator::Add, &yes, &yes), Some(Const::int(2)));
    assert_eq!(binary(BinaryOperator::And, &yes, &yes), Some(yes.clone()));
    assert_eq!(unary(Opcode::UNARY_INVERT, &yes), None);
    assert_eq!(unary(Opcode::UNARY_NEGATIVE, &yes), Some(Const::int(-1)));
    assert!(canonical(&yes) == canonical(&Const::Float(1.0)) && canonical(&yes) != canonical(&Const::str("1")));
    assert!(canonical(&Const::Float(-0.0)) == canonical(&Const::Complex(0.0, 0.0)));
    assert!(canonical(&Const::Float(f64::INFINITY)) == canonical(&Const::Complex(f64::INFINITY, -0.0)));
}

#[test]
fn sequences_are_sliced() {
    let text = Const::str("aé😀d");
    assert_eq!(binary(BinaryOperator::Subscript, &text, &Const::int(-2)), Some(Const::str("😀")));
    assert_eq!(binary(BinaryOperator::Subscript, &text, &Const::int(4)), None);
    assert_eq!(binary(BinaryOperator::Subscript, &text, &slice(Const::None, Const::None, Const::int(-2))), Some(Const::str("dé")));
    assert_eq!(binary(BinaryOperator::Subscript, &text, &slice(Const::int(1), Const::int(99), Const::None)), Some(Const::str("é😀d")));
}

#[test]
fn exceptions_are_left_to_run_time() {
    assert_eq!(binary(BinaryOperator::TrueDivide, &Const::int(1), &Const::int(0)), None);
    assert_eq!(binary(BinaryOperator::Power, &Const::Float(1e300), &Const::int(2)), None);
    assert_eq!(binary(BinaryOperator::Add, &Const::int(1), &Const::str("")), None);
    assert_eq!(binary(BinaryOperator::Remainder, &Const::int(-5), &Const::int(3)), Some(Const::int(1)));
}
