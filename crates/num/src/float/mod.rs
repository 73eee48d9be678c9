//! Python's `float`: text in and out, rounding, division, powers. Mirrors `Objects/floatobject.c` and `Python/pystrtod.c`.

mod arithmetic;
mod digits;
mod half;
mod hex;
mod parse;
mod round;
mod sum;

pub use arithmetic::{FloatPower, float_div_floor, float_divmod, float_mod_floor, float_pow};
pub use digits::{FloatCode, FloatStyle, float_repr, float_text};
pub use half::{f16_from_f64, f16_to_f64};
pub use hex::{HexError, float_from_hex, float_hex};
pub use parse::{parse_complex, parse_float, underscores_fit};
pub use round::{float_as_integer_ratio, float_is_integer, float_round};
pub use sum::FloatSum;
