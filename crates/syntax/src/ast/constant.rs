//! `Constant`: the value of a `Constant` node or of a `MatchSingleton` pattern.

use bredli_num::BigInt;
use bredli_text::Wtf8Buf;

/// A literal value. Tuples, frozensets and non-zero real parts come only from trees made or changed by a program.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// `None`
    None,
    /// `...`
    Ellipsis,
    /// `True` or `False`
    Bool(bool),
    /// An int.
    Int(BigInt),
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
    Str(Wtf8Buf),
    /// A bytes object.
    Bytes(Vec<u8>),
    /// A tuple of constants.
    Tuple(Vec<Constant>),
    /// A frozenset of constants.
    FrozenSet(Vec<Constant>),
}
