//! `Constant`: the value of a `Constant` node or of a `MatchSingleton` pattern.

use bredli_num::Int;
use bredli_text::Wtf8;

/// A literal value. Tuples, frozensets and non-zero real parts come only from trees made or changed by a program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Constant<'t> {
    /// `None`
    None,
    /// `...`
    Ellipsis,
    /// `True` or `False`
    Bool(bool),
    /// An int, in two fields because that is a word less than [`Int`].
    Int {
        /// Whether it is below zero.
        negative: bool,
        /// Its absolute value: little-endian limbs, the last one not zero.
        magnitude: &'t [u64],
    },
    /// A float.
    Float(f64),
    /// A complex number.
    Complex {
        /// The real part, 0.0 in literals.
        real: f64,
        /// The imaginary part.
        imag: f64,
    },
    /// A str.
    Str(Wtf8<'t>),
    /// A bytes object.
    Bytes(&'t [u8]),
    /// A tuple of constants.
    Tuple(&'t [Constant<'t>]),
    /// A frozenset of constants.
    FrozenSet(&'t [Constant<'t>]),
}

impl<'t> Constant<'t> {
    /// The value of an int.
    pub fn as_int(self) -> Option<Int<'t>> {
        match self {
            Constant::Int { negative, magnitude } => Some(Int::new(negative, magnitude)),
            _ => None,
        }
    }
}
