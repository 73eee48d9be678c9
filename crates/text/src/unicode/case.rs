//! Case mappings: the full ones behind `str.lower`, `str.upper`, `str.title`, `str.casefold`, and the one-to-one ones of `re`.
//!
//! A mapping word is a signed 24-bit distance, or `length << 24 | offset` into the table of longer mappings.

use super::properties::{is_case_ignorable, is_cased};
use super::tables::{CASES, SPECIAL, record};

/// What a character maps to: one to three characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mapping {
    chars: [u32; 3],
    length: u8,
}

impl Mapping {
    /// The characters of the mapping.
    pub fn as_slice(&self) -> &[u32] {
        &self.chars[..self.length as usize]
    }
}

const LOWER: usize = 0;
const UPPER: usize = 1;
const TITLE: usize = 2;
const FOLD: usize = 3;

#[inline]
fn word(c: u32, which: usize) -> u32 {
    CASES[record(c).case as usize * 4 + which]
}

#[inline]
fn shift(c: u32, word: u32) -> u32 {
    c.wrapping_add_signed(((word << 8) as i32) >> 8)
}

#[inline]
fn simple(c: u32, which: usize) -> u32 {
    let word = word(c, which);
    if word >> 24 == 0 { shift(c, word) } else { SPECIAL[(word & 0xFF_FFFF) as usize] }
}

fn full(c: u32, which: usize) -> Mapping {
    let word = word(c, which);
    let mut mapping = Mapping { chars: [0; 3], length: (word >> 24) as u8 };
    if mapping.length == 0 {
        mapping.chars[0] = shift(c, word);
        mapping.length = 1;
    } else {
        let offset = (word & 0xFF_FFFF) as usize;
        let length = mapping.length as usize;
        mapping.chars[..length].copy_from_slice(&SPECIAL[offset..offset + length]);
    }
    mapping
}

/// The lower-case form, cut to one character.
#[inline]
pub fn to_lower(c: u32) -> u32 {
    simple(c, LOWER)
}

/// The upper-case form, cut to one character.
#[inline]
pub fn to_upper(c: u32) -> u32 {
    simple(c, UPPER)
}

/// The title-case form, cut to one character.
pub fn to_title(c: u32) -> u32 {
    simple(c, TITLE)
}

/// The lower-case form; that of a capital sigma is the medial one, see [`is_final_sigma`].
pub fn lower(c: u32) -> Mapping {
    full(c, LOWER)
}

/// The upper-case form.
pub fn upper(c: u32) -> Mapping {
    full(c, UPPER)
}

/// The title-case form.
pub fn title(c: u32) -> Mapping {
    full(c, TITLE)
}

/// The form for caseless comparison.
pub fn casefold(c: u32) -> Mapping {
    full(c, FOLD)
}

/// Capital sigma, whose lower-case form depends on its neighbours.
pub const CAPITAL_SIGMA: u32 = 0x3A3;
/// The lower-case sigma that ends a word.
pub const FINAL_SIGMA: u32 = 0x3C2;

/// Whether a capital sigma ends its word, given the characters before it (nearest first) and after it.
pub fn is_final_sigma(before: impl Iterator<Item = u32>, after: impl Iterator<Item = u32>) -> bool {
    let nearest = |mut chars: &mut dyn Iterator<Item = u32>| (&mut chars).find(|&c| !is_case_ignorable(c)).is_some_and(is_cased);
    let (mut before, mut after) = (before, after);
    nearest(&mut before) && !nearest(&mut after)
}

impl From<u32> for Mapping {
    /// The mapping of a character to itself.
    fn from(c: u32) -> Mapping {
        Mapping { chars: [c, 0, 0], length: 1 }
    }
}
