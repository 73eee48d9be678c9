//! `Const`: a value in `co_consts`, with the equality by which the compiler merges constants.
//!
//! Unlike Python's `==` it tells apart `1`, `1.0` and `True`, `0.0` and `-0.0`, also inside tuples (CPython: `_PyCode_ConstantKey`).

use std::hash::{Hash, Hasher};

use bredli_num::BigInt;
use bredli_text::Wtf8Buf;

use crate::{Bytes, CodeRef};

/// A constant of a code object.
#[derive(Clone, Debug)]
pub enum Const {
    /// `None`
    None,
    /// `...`
    Ellipsis,
    /// A bool.
    Bool(bool),
    /// An int.
    Int(BigInt),
    /// A float.
    Float(f64),
    /// A complex number: real and imaginary part.
    Complex(f64, f64),
    /// A str.
    Str(Wtf8Buf),
    /// A bytes object.
    Bytes(Bytes),
    /// A tuple.
    Tuple(Vec<Const>),
    /// A frozenset: its distinct elements, in the order of their first occurrence.
    FrozenSet(Vec<Const>),
    /// A slice: start, stop and step.
    Slice(Box<[Const; 3]>),
    /// A code object.
    Code(CodeRef),
}

impl Const {
    /// An int constant.
    pub fn int(value: i64) -> Const {
        Const::Int(BigInt::from(value))
    }

    /// A str constant.
    pub fn str(text: &str) -> Const {
        Const::Str(Wtf8Buf::from(text))
    }

    /// Whether the value is true in Python's sense.
    pub fn is_true(&self) -> bool {
        match self {
            Const::None => false,
            Const::Bool(value) => *value,
            Const::Int(value) => !value.is_zero(),
            Const::Float(value) => *value != 0.0,
            Const::Complex(real, imaginary) => *real != 0.0 || *imaginary != 0.0,
            Const::Str(text) => !text.as_bytes().is_empty(),
            Const::Bytes(bytes) => !bytes.is_empty(),
            Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
            Const::Ellipsis | Const::Slice(_) | Const::Code(_) => true,
        }
    }
}

impl PartialEq for Const {
    fn eq(&self, other: &Const) -> bool {
        match (self, other) {
            (Const::None, Const::None) | (Const::Ellipsis, Const::Ellipsis) => true,
            (Const::Bool(a), Const::Bool(b)) => a == b,
            (Const::Int(a), Const::Int(b)) => a == b,
            (Const::Float(a), Const::Float(b)) => same_float(*a, *b),
            (Const::Complex(a, b), Const::Complex(c, d)) => same_float(*a, *c) && same_float(*b, *d),
            (Const::Str(a), Const::Str(b)) => a == b,
            (Const::Bytes(a), Const::Bytes(b)) => a == b,
            (Const::Tuple(a), Const::Tuple(b)) => a == b,
            (Const::FrozenSet(a), Const::FrozenSet(b)) => a.len() == b.len() && a.iter().all(|item| b.contains(item)),
            (Const::Slice(a), Const::Slice(b)) => a == b,
            (Const::Code(a), Const::Code(b)) => **a == **b,
            _ => false,
        }
    }
}

impl Eq for Const {}

/// Equal, and zeros of the same sign. A NaN is never merged with another.
fn same_float(a: f64, b: f64) -> bool {
    a == b && a.is_sign_negative() == b.is_sign_negative()
}

impl Hash for Const {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Const::None | Const::Ellipsis => {}
            Const::Bool(value) => value.hash(state),
            Const::Int(value) => value.hash(state),
            Const::Float(value) => value.to_bits().hash(state),
            Const::Complex(real, imaginary) => (real.to_bits(), imaginary.to_bits()).hash(state),
            Const::Str(text) => text.hash(state),
            Const::Bytes(bytes) => bytes.hash(state),
            Const::Tuple(items) => items.hash(state),
            Const::FrozenSet(items) => items.len().hash(state),
            Const::Slice(parts) => parts.hash(state),
            Const::Code(code) => (&code.name, code.firstlineno, &code.code).hash(state),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Const;

    #[test]
    fn types_and_signs_keep_constants_apart() {
        let all = [Const::int(1), Const::Float(1.0), Const::Bool(true), Const::Float(0.0), Const::Float(-0.0), Const::Complex(0.0, -0.0)];
        for (i, a) in all.iter().enumerate() {
            for (j, b) in all.iter().enumerate() {
                assert_eq!(a == b, i == j);
                assert_eq!(Const::Tuple(vec![a.clone()]) == Const::Tuple(vec![b.clone()]), i == j);
            }
        }
    }

    #[test]
    fn the_order_of_a_set_does_not_matter() {
        let set = |items: &[i64]| Const::FrozenSet(items.iter().map(|&item| Const::int(item)).collect());
        assert_eq!(set(&[1, 2]), set(&[2, 1]));
        assert_ne!(set(&[1, 2]), set(&[1, 3]));
    }
}
