//! Unicode 3.2, which `stringprep` and IDNA are defined on: `unicodedata.ucd_3_2_0`.
//!
//! A character that Unicode 3.2 did not have is unassigned here; of the others only what differs is stored.

use super::normal::{self, Form, normalize_with};
use super::properties::{BIDIRECTIONAL, CATEGORIES, WIDTHS};
use super::tables::{OLD_CORRECTIONS, OLD_NUMBERS, OLD_RUNS, VALUES};
use super::{names, numbers};

/// The version of this database.
pub const VERSION: &str = "3.2.0";

fn packed(c: u32) -> u32 {
    let (runs, _) = OLD_RUNS.as_chunks::<2>();
    runs[runs.partition_point(|&[first, _]| first <= c).saturating_sub(1)][1]
}

fn is_assigned(c: u32) -> bool {
    packed(c) & 0xFF != 0
}

/// The two-letter general category.
pub fn category(c: u32) -> &'static str {
    CATEGORIES[(packed(c) & 0xFF) as usize]
}

/// The bidirectional class; empty for an unassigned character.
pub fn bidirectional(c: u32) -> &'static str {
    BIDIRECTIONAL[(packed(c) >> 8 & 0xFF) as usize]
}

/// The canonical combining class.
pub fn combining(c: u32) -> u8 {
    (packed(c) >> 16) as u8
}

/// The East Asian width.
pub fn east_asian_width(c: u32) -> &'static str {
    WIDTHS[(packed(c) >> 24 & 0x7F) as usize]
}

/// Whether the character is mirrored in right-to-left text.
pub fn is_mirrored(c: u32) -> bool {
    packed(c) >> 31 != 0
}

/// The value, if it differs from today's, and whether it is that of a decimal.
fn changed_number(c: u32) -> Option<(Option<f64>, bool)> {
    let (entries, _) = OLD_NUMBERS.as_chunks::<2>();
    let index = entries.binary_search_by_key(&c, |&[c, _]| c).ok()?;
    let word = entries[index][1];
    let value = if word & 0xFF == 0xFF { None } else { Some(VALUES[(word & 0xFF) as usize]) };
    Some((value, word >> 8 & 1 != 0))
}

/// The numeric value.
pub fn numeric(c: u32) -> Option<f64> {
    match changed_number(c) {
        Some((value, _)) => value,
        None => numbers::numeric(c).filter(|_| is_assigned(c)),
    }
}

/// The value of a decimal digit.
pub fn decimal(c: u32) -> Option<u8> {
    match changed_number(c) {
        Some((value, is_decimal)) => value.filter(|_| is_decimal).map(|value| value as u8),
        None => numbers::decimal(c).filter(|_| is_assigned(c)),
    }
}

/// The value of a digit, decimal or not: CPython asks today's database.
pub use super::numbers::digit;

/// The decomposition as `unicodedata.decomposition` shows it.
pub fn decomposition(c: u32) -> String {
    if is_assigned(c) { normal::decomposition(c) } else { String::new() }
}

/// The name of a character.
pub fn name(c: u32) -> Option<String> {
    if is_assigned(c) { names::name(c) } else { None }
}

/// The text in a normal form.
pub fn normalize(form: Form, text: impl IntoIterator<Item = u32>) -> Vec<u32> {
    normalize_with(form, text, |c, compatible| {
        let (corrections, _) = OLD_CORRECTIONS.as_chunks::<2>();
        if let Some(correction) = corrections.iter().find(|correction| correction[0] == c) {
            return Some(&correction[1..]);
        }
        normal::parts(c, compatible).filter(|_| is_assigned(c))
    })
}
