//! Numbers as Python has them: big integers, floats and complex numbers as text, format specifications, numeric and
//! string hashing, random numbers. Pure arithmetic on Rust data: nothing here knows Python objects.
#![forbid(unsafe_code)]

mod ascii;
mod bigint;
mod complex;
mod float;
mod format;
mod hash;
mod int;
pub mod math;
mod random;
mod wtf8;

pub use bigint::BigInt;
pub use complex::{Complex, ComplexError};
pub use float::*;
pub use format::*;
pub use hash::*;
pub use int::*;
pub use random::MersenneTwister;
