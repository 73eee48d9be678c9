//! The Unicode database, version 16.0.0, as CPython 3.14 sees it.
//!
//! Characters are `u32` code points, so that lone surrogates and out-of-range numbers have an answer too.
//! The tables under `data/` are written by `tools/unicode/generate.py` from CPython's own database.

mod case;
mod names;
mod normal;
mod numbers;
pub mod old;
mod properties;
mod tables;

pub use case::*;
pub use names::{Named, lookup, name};
pub use normal::{Form, decomposition, is_normalized, is_surely_normalized, is_unstable, normalize};
pub use numbers::{decimal, digit, numeric};
pub use properties::*;

/// The version of the Unicode database (`unicodedata.unidata_version`).
pub const VERSION: &str = "16.0.0";
